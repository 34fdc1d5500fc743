<?php

// Prints whether PHP reads the same fields in a body as in the query of the same request.

// PHP has decoded both. They are the same only if the fields are equal and in the same order.
if ($_GET === $_POST) {
    echo 'same';
    return;
}
foreach (['expected' => $_GET, 'read' => $_POST] as $title => $fields) {
    echo $title, ' ', addcslashes(var_export($fields, true), "\0..\11\13..\37\177..\377"), "\n";
}
