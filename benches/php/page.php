<?php

/**
 * Times two pages under PHP-FPM, requested as a web server would. One signs once with the package, which is preloaded;
 * the other has the line that a user would write without the package.
 *
 * Prints a line for each page: its name, and the nanoseconds from the request to the end of the answer in each round. A
 * round requests both in turn, so that a ratio compares times of the same moment.
 */

declare(strict_types=1);

use Kayako\Sign\Tests\Project;

foreach (['FastCgi', 'Fpm', 'Process', 'Project', 'TemporaryFolder'] as $class) {
    require __DIR__ . "/../../tests/php/$class.php";
}

$project = new Project();
$fpm = $project->fpm($project->settingsOfTheReadme());
$line = $project->page("<?php echo base64_encode(hash_hmac('sha256', '1234567890', 'secretkey', true));");
$page = $project->page("<?php echo (new Kayako\Sign\Signer('apikey', 'secretkey'))->sign('1234567890');");
if ($fpm->get($page) !== $fpm->get($line)) {
    exit('bench: the pages differ');
}

$times = [];
for ($round = 0; $round < 1000; $round++) {
    foreach (['php_page' => $page, 'php_page_line' => $line] as $name => $file) {
        $start = hrtime(true);
        $fpm->get($file);
        $times[$name][] = hrtime(true) - $start;
    }
}
echo "peer\tPHP ", PHP_VERSION, "\n";
foreach ($times as $name => $measured) {
    echo $name, "\t", implode(' ', $measured), "\n";
}
