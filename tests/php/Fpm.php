<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

/**
 * A PHP-FPM with one worker and its own settings. It ends with the object.
 */
final class Fpm
{
    private const SECONDS = 10;

    private readonly FastCgi $client;

    /** @var resource */
    private $process;

    /**
     * @param string $folder the folder for its files, which its worker must be able to read
     * @param string $settings the lines of a php.ini
     */
    public function __construct(string $folder, string $settings)
    {
        // Without the last setting, files as new as those of a test would be compiled in each request.
        $common = "zend_extension=opcache\nextension=ffi\nopcache.file_update_protection=0\n";
        file_put_contents("$folder/php.ini", $common . $settings);
        // The user is ignored unless root starts it, as on a server.
        file_put_contents("$folder/fpm.conf", <<<CONF
            [global]
            error_log = $folder/fpm.log
            daemonize = no
            [www]
            user = www-data
            listen = $folder/fpm.sock
            pm = static
            pm.max_children = 1
            CONF);
        @unlink("$folder/fpm.sock");
        $null = ['file', '/dev/null', 'r+'];
        $log = ['file', "$folder/fpm.log", 'a'];
        $command = [self::program(), '--fpm-config', "$folder/fpm.conf", '-c', "$folder/php.ini"];
        // Leaves out the additional settings of the machine's own PHP.
        $environment = ['PHP_INI_SCAN_DIR' => ''] + getenv();
        $this->process = proc_open($command, [$null, $log, $log], $pipes, null, $environment);
        $this->client = new FastCgi($this->connect("$folder/fpm.sock", "$folder/fpm.log"));
    }

    public function __destruct()
    {
        proc_terminate($this->process);
        proc_close($this->process);
    }

    /**
     * Returns the output of a page.
     *
     * @param array<string, string> $environment
     */
    public function get(string $file, array $environment = []): string
    {
        return $this->client->get($file, $environment);
    }

    /** Returns the median time of a page in milliseconds, from the request to the end of the answer. */
    public function milliseconds(string $file): float
    {
        $times = [];
        for ($i = 0; $i < 300; $i++) {
            $start = hrtime(true);
            $this->client->get($file);
            $times[] = hrtime(true) - $start;
        }
        sort($times);
        return $times[150] / 1e6;
    }

    /** Returns the path of PHP-FPM. Debian adds the version to its name. */
    private static function program(): string
    {
        $names = ['php-fpm' . PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION, 'php-fpm'];
        foreach ([...explode(PATH_SEPARATOR, (string) getenv('PATH')), '/usr/sbin'] as $folder) {
            foreach ($names as $name) {
                if (is_executable("$folder/$name")) {
                    return "$folder/$name";
                }
            }
        }
        throw new \RuntimeException('php-fpm is not installed');
    }

    /** @return resource */
    private function connect(string $socket, string $log)
    {
        $end = microtime(true) + self::SECONDS;
        while (($connection = @stream_socket_client("unix://$socket")) === false) {
            if (microtime(true) > $end || !proc_get_status($this->process)['running']) {
                throw new \RuntimeException('php-fpm does not start: ' . file_get_contents($log));
            }
            usleep(10_000);
        }
        stream_set_timeout($connection, self::SECONDS);
        return $connection;
    }
}
