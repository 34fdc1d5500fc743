<?php

declare(strict_types=1);

namespace Kayako\Sign;

/**
 * Reads the two keys from the environment or from files, by the same rules as the command.
 *
 * @internal
 */
final class Keys
{
    private const API_KEY = ['API key', 'KAYAKO_API_KEY'];
    private const SECRET_KEY = ['secret key', 'KAYAKO_SECRET_KEY'];

    /** Bytes read of a file: more than the longest key and a newline. A longer text is cut, then refused. */
    private const MAX = 65_540;

    /** The bits of a mode that say which kind of file it is, and two of the kinds. */
    private const KIND = 0170000;
    private const FILE = 0100000;
    private const PIPE = 0010000;

    /** Byte order marks, which some editors and shells put before the text of a file. */
    private const MARKS = ["\xef\xbb\xbf" => 'UTF-8', "\xff\xfe" => 'UTF-16', "\xfe\xff" => 'UTF-16'];

    /** @return array{string, string} */
    public static function fromEnv(): array
    {
        return [self::variable(...self::API_KEY), self::variable(...self::SECRET_KEY)];
    }

    /** @return array{string, string} */
    public static function fromFiles(string $apiKeyFile, string $secretKeyFile): array
    {
        return [
            self::file(self::API_KEY[0], $apiKeyFile, false),
            self::file(self::SECRET_KEY[0], $secretKeyFile, true),
        ];
    }

    private static function variable(string $key, string $name): string
    {
        // Some frameworks read a .env file into $_ENV and not into the environment itself.
        $value = getenv($name);
        $value = $value === false ? $_ENV[$name] ?? null : $value;
        if (!is_string($value)) {
            throw new Exception("no $key. Set $name in the environment.");
        }
        return $value;
    }

    private static function file(string $key, string $path, bool $isPrivate): string
    {
        $cannot = "cannot read the $key from $path:";
        $stat = @stat($path) ?: throw new Exception("$cannot there is no such file");
        if (!in_array($stat['mode'] & self::KIND, [self::FILE, self::PIPE], true)) {
            throw new Exception("$cannot it is a directory or a device. Use a file or a pipe.");
        }
        $file = @fopen($path, 'r') ?: throw new Exception("$cannot it may not be opened");
        if ($isPrivate) {
            self::requirePrivate($key, $path, fstat($file));
        }
        $text = (string) stream_get_contents($file, self::MAX);
        fclose($file);
        foreach (self::MARKS as $mark => $encoding) {
            if (str_starts_with($text, $mark)) {
                throw new Exception("$cannot it begins with a byte order mark of $encoding. Save it as plain text.");
            }
        }
        return preg_replace('/\r?\n\z/', '', $text);
    }

    /** Refuses a file that others may read. The group may read a file of root's, which a service then shares. */
    private static function requirePrivate(string $key, string $path, array $stat): void
    {
        $allowed = $stat['uid'] === 0 ? 0640 : 0600;
        // Windows has access lists instead of modes, and PHP makes one up.
        if (PHP_OS_FAMILY !== 'Windows' && ($stat['mode'] & 0077 & ~$allowed) !== 0) {
            throw new Exception(sprintf(
                'the %s in %s is open to others (mode %03o). Run: chmod %o %2$s',
                $key,
                $path,
                $stat['mode'] & 0777,
                $allowed
            ));
        }
    }
}
