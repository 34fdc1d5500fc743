<?php

// Tells whether PHP reads the same fields in a body as in the query beside it.

// Both hold what PHP makes of names and values: "same" is said only if they are equal, in the same order.
if ($_GET === $_POST) {
    echo 'same';
    return;
}
foreach (['expected' => $_GET, 'read' => $_POST] as $title => $fields) {
    echo $title, ' ', addcslashes(var_export($fields, true), "\0..\11\13..\37\177..\377"), "\n";
}
