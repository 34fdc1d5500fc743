<?php

declare(strict_types=1);

namespace Kayako\Sign;

use FFI;
use FFI\CData;
use FFI\CType;

use function getenv;
use function strlen;

/**
 * The C library: found, loaded once, and called.
 *
 * @internal
 */
final class Library
{
    /** Room for all texts but batches and those with long salts, for which the library says what they need. */
    private const ROOM = 512;

    /** What the library is called in a header for ffi.preload, which has PHP load it once for all requests. */
    private const SCOPE = 'kayako_sign';

    private static ?self $loaded = null;

    // On the web all of this is made in each request: so not before it is needed, and without types of PHP, for which
    // it would look up the classes. C's are kept because PHP would parse their names at each call. Buffers are not: a
    // signal handler that signs too would write into the one in use.
    /** @var CType */
    private $buffer;
    /** @var ?CType */
    private $length;
    /** @var ?CType */
    private $number;
    /** @var CData where a length goes that nobody reads */
    private $unread;

    /** @param FFI $c the functions of kayako_sign.h */
    private function __construct(public readonly FFI $c)
    {
        $this->buffer = $c->type('char[' . self::ROOM . ']');
        $this->unread = $c->new('size_t[1]');
    }

    public static function get(): self
    {
        return self::$loaded ??= self::load();
    }

    /** Throws unless the status is OK. */
    public function check(int $status): void
    {
        if ($status !== Status::OK) {
            throw new Exception($this->c->kayako_status_message($status), $status);
        }
    }

    /**
     * The base64 signature of a salt. What text() does as well, in three fifths of the time.
     *
     * @param ?CData $signer
     */
    public static function signature(#[\SensitiveParameter] $signer, #[\SensitiveParameter] string $salt): string
    {
        $library = self::$loaded ?? self::get();
        $c = $library->c;
        $out = $c->new($library->buffer);
        $status = $c->kayako_signer_sign($signer, $salt, strlen($salt), $out, self::ROOM, $library->unread);
        if ($status !== Status::OK) {
            $library->check($status);
        }
        return FFI::string($out);
    }

    /** Calls a function that takes these inputs and writes a text, and returns the text. */
    public function text(string $function, #[\SensitiveParameter] mixed ...$inputs): string
    {
        $c = $this->c;
        $out = $c->new($this->buffer);
        $length = $this->length();
        $status = $c->$function(...$inputs, ...[$out, self::ROOM, $length]);
        if ($status === Status::BUFFER_TOO_SMALL) {
            $room = $length[0] + 1;
            $out = $c->new("char[$room]");
            $status = $c->$function(...$inputs, ...[$out, $room, $length]);
        }
        if ($status !== Status::OK) {
            $this->check($status);
        }
        return FFI::string($out, $length[0]);
    }

    /** Calls a function that takes these inputs and makes a diagnosis. */
    public function diagnosis(string $function, #[\SensitiveParameter] mixed ...$inputs): Diagnosis
    {
        $code = $this->number();
        $this->check($this->c->$function(...$inputs, ...[$code]));
        return new Diagnosis($code[0]);
    }

    /** Calls the function that signs a request with these inputs. */
    public function insertion(#[\SensitiveParameter] mixed ...$inputs): Insertion
    {
        $target = $this->number();
        $offset = $this->length();
        $text = $this->text('kayako_signer_sign_request', ...$inputs, ...[$target, $offset]);
        return new Insertion($target[0] === $this->c->KAYAKO_TARGET_BODY, $offset[0], $text);
    }

    private function length(): CData
    {
        return $this->c->new($this->length ??= $this->c->type('size_t[1]'));
    }

    private function number(): CData
    {
        return $this->c->new($this->number ??= $this->c->type('int32_t[1]'));
    }

    /** The text of a file for ffi.preload: the declarations, and above them the library that is found here. */
    public static function preloadHeader(): string
    {
        [, $path] = self::find();
        // A server starts in another folder. Links stay, because an update points them elsewhere.
        $path = str_contains($path, '/') ? realpath(dirname($path)) . '/' . basename($path) : $path;
        // PHP looks for these two at the very beginning.
        $head = sprintf("#define FFI_SCOPE \"%s\"\n#define FFI_LIB \"%s\"\n\n", self::SCOPE, $path);
        return $head . self::declarations();
    }

    private static function load(): self
    {
        try {
            $c = self::named() === '' ? FFI::scope(self::SCOPE) : self::find()[0];
        } catch (\Error) {
            // It is not preloaded, or FFI is forbidden, or not there, which find() tells apart.
            $c = self::find()[0];
        }
        return new self($c);
    }

    /** @return array{FFI, string} the library and its path */
    private static function find(): array
    {
        self::requireFfi();
        $declarations = self::declarations();
        $tried = [];
        foreach (self::paths() as $path) {
            try {
                return [FFI::cdef($declarations, $path), $path];
            } catch (FFI\Exception $e) {
                $tried[] = "$path ({$e->getMessage()})";
            }
        }
        throw new Exception(
            'libkayako_sign could not be loaded; tried ' . implode(', ', $tried) . '. Install the library, or put the'
            . ' path of its file into the environment variable KAYAKO_SIGN_LIBRARY.'
        );
    }

    private static function declarations(): string
    {
        return file_get_contents(__DIR__ . '/kayako_sign.h');
    }

    private static function requireFfi(): void
    {
        $ini = php_ini_loaded_file() ?: 'php.ini';
        if (!extension_loaded('ffi')) {
            throw new Exception("PHP's extension ffi is not loaded. Install it, and put extension=ffi into $ini.");
        }
        try {
            // Whether FFI is allowed depends on ffi.enable, the SAPI and preloading, so PHP itself is asked.
            FFI::cdef();
        } catch (FFI\Exception) {
            $enable = ini_get('ffi.enable');
            throw new Exception(
                "PHP's setting ffi.enable=$enable forbids FFI here. Put ffi.enable=true into $ini, or preload this"
                . ' package with opcache.preload as its README.md shows under PHP-FPM.'
            );
        }
    }

    /** The library that is to be used and no other in its stead, or an empty string. */
    private static function named(): string
    {
        return (string) getenv('KAYAKO_SIGN_LIBRARY');
    }

    /**
     * Where the library may be, the first one first.
     *
     * @return list<string>
     */
    private static function paths(): array
    {
        $named = self::named();
        if ($named !== '') {
            return [$named];
        }
        $name = match (PHP_OS_FAMILY) {
            'Windows' => 'kayako_sign.dll',
            'Darwin' => 'libkayako_sign.dylib',
            default => 'libkayako_sign.so.0',
        };
        $lib = dirname(__DIR__) . '/lib';
        return ["$lib/$name", ...array_map(fn ($platform) => "$lib/$platform/$name", self::platforms()), $name];
    }

    /**
     * The folders of lib/ whose library may be this platform's, the first one first. They have Rust's names.
     *
     * @return list<string>
     */
    private static function platforms(): array
    {
        $processor = match (strtolower(php_uname('m'))) {
            'x86_64', 'amd64' => 'x86_64',
            'aarch64', 'arm64' => 'aarch64',
            default => '',
        };
        if ($processor === '' || PHP_INT_SIZE !== 8) {
            return [];
        }
        // A library for glibc loads in a process of musl too, though it is not made for it. One for musl does not load
        // in a process of glibc, so it comes first. open_basedir hides whether there is musl.
        $musl = ini_get('open_basedir') || is_file("/lib/ld-musl-$processor.so.1");
        return match (PHP_OS_FAMILY) {
            'Linux' => [...($musl ? ["$processor-unknown-linux-musl"] : []), "$processor-unknown-linux-gnu"],
            'Darwin' => ["$processor-apple-darwin"],
            'Windows' => ["$processor-pc-windows-gnu"],
            default => [],
        };
    }
}
