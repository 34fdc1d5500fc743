<?php

/**
 * Loads this package when PHP starts: name this file in the setting opcache.preload. On a server whose ffi.enable is
 * preload, only preloaded files may use FFI.
 */

declare(strict_types=1);

// Without the plug-ins for HTTP clients: they use no FFI, and those clients may not be installed.
$classes = [
    'SignerInterface', 'Exception', 'Status', 'Library', 'Insertion', 'Upload', 'Diagnosis', 'Form', 'CurlOptions',
    'Keys', 'Signer',
];
foreach ($classes as $class) {
    require_once __DIR__ . "/src/$class.php";
}
