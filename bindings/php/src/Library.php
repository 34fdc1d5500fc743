<?php

declare(strict_types=1);

namespace Kayako\Sign;

use FFI;
use FFI\CData;
use FFI\CType;

use function getenv;
use function strlen;

/**
 * Finds the C library, loads it once and calls its functions.
 *
 * @internal
 */
final class Library
{
    /** Bytes for every text except batches and those with long salts, for which the library says how many they need. */
    private const ROOM = 512;

    /** The version of this package. The library must have the same. */
    private const VERSION = '0.1.0';

    /** The library's FFI_SCOPE in a header for ffi.preload, with which PHP loads it once for all requests. */
    private const SCOPE = 'kayako_sign';

    private static ?self $loaded = null;

    // A web server makes all of this again for each request. So each is made only when it is needed, and has no PHP
    // type, for which PHP would look up the class. C types are kept, because PHP would parse their names at each call.
    // Buffers are not kept: a signal handler that signs too would write into the one in use.
    /** @var CType */
    private $buffer;
    /** @var ?CType */
    private $length;
    /** @var ?CType */
    private $number;
    /** @var CData receives a length that nobody reads */
    private $unread;

    /** @param FFI $c the functions of kayako_sign.h */
    private function __construct(private readonly FFI $c)
    {
        $this->buffer = $c->type('char[' . self::ROOM . ']');
        $this->unread = $c->new('size_t[1]');
    }

    /**
     * Returns the library, which the first call loads.
     *
     * @throws Exception if FFI is missing or forbidden, or no library of the right version is found
     */
    public static function get(): self
    {
        return self::$loaded ??= self::load();
    }

    /** Throws an Exception for any status except OK. */
    public function check(int $status): void
    {
        if ($status !== Status::OK) {
            throw new Exception($this->call('kayako_status_message', $status), $status);
        }
    }

    /** Calls a function of the library and returns its result. */
    public function call(string $function, #[\SensitiveParameter] mixed ...$inputs): mixed
    {
        try {
            return $this->c->$function(...$inputs);
        } catch (FFI\Exception $e) {
            throw self::missingFunction($e);
        }
    }

    /** Returns the error for a function that the preloaded header lacks, which FFI notices only at the call. */
    private static function missingFunction(FFI\Exception $e): Exception
    {
        return new Exception(
            "the header that ffi.preload names is an older package's: {$e->getMessage()}. Write it again with"
            . ' kayako-sign-preload, and restart PHP.',
            Exception::LIBRARY_OTHER
        );
    }

    /**
     * Returns a new C signer.
     *
     * @return CData a pointer, to free with kayako_signer_free()
     */
    public function signer(#[\SensitiveParameter] string $apiKey, #[\SensitiveParameter] string $secretKey): CData
    {
        // Not an array of one pointer: PHP keeps the type of each pointer read from an array until the request ends.
        $signer = $this->c->new('kayako_signer *');
        $out = FFI::addr($signer);
        try {
            $status = $this->c->kayako_signer_new($apiKey, strlen($apiKey), $secretKey, strlen($secretKey), $out);
        } catch (FFI\Exception $e) {
            throw self::missingFunction($e);
        }
        if ($status !== Status::OK) {
            $this->check($status);
        }
        return $signer;
    }

    /**
     * Returns the base64 signature of a salt, faster than text() would.
     *
     * @param ?CData $signer
     */
    public static function signature(#[\SensitiveParameter] $signer, #[\SensitiveParameter] string $salt): string
    {
        $library = self::$loaded ?? self::get();
        $c = $library->c;
        $out = $c->new($library->buffer);
        try {
            $status = $c->kayako_signer_sign($signer, $salt, strlen($salt), $out, self::ROOM, $library->unread);
        } catch (FFI\Exception $e) {
            throw self::missingFunction($e);
        }
        if ($status !== Status::OK) {
            $library->check($status);
        }
        return FFI::string($out);
    }

    /** Calls a function with these inputs and returns the text that it writes. */
    public function text(string $function, #[\SensitiveParameter] mixed ...$inputs): string
    {
        $out = $this->c->new($this->buffer);
        $length = $this->newLength();
        $status = $this->call($function, ...$inputs, ...[$out, self::ROOM, $length]);
        if ($status === Status::BUFFER_TOO_SMALL) {
            $room = $length[0] + 1;
            $out = $this->c->new("char[$room]");
            $status = $this->call($function, ...$inputs, ...[$out, $room, $length]);
        }
        if ($status !== Status::OK) {
            $this->check($status);
        }
        return FFI::string($out, $length[0]);
    }

    /** Calls a function with these inputs and returns the diagnosis that it makes. */
    public function diagnosis(string $function, #[\SensitiveParameter] mixed ...$inputs): Diagnosis
    {
        $code = $this->newNumber();
        $this->check($this->call($function, ...$inputs, ...[$code]));
        return new Diagnosis($code[0]);
    }

    /** Signs the request of these inputs and returns the insertion. */
    public function insertion(#[\SensitiveParameter] mixed ...$inputs): Insertion
    {
        $target = $this->newNumber();
        $offset = $this->newLength();
        $text = $this->text('kayako_signer_sign_request', ...$inputs, ...[$target, $offset]);
        return new Insertion($target[0] === $this->c->KAYAKO_TARGET_BODY, $offset[0], $text);
    }

    /** Returns whether the credentials of such a request go into its body. */
    public function goesIntoBody(#[\SensitiveParameter] mixed ...$inputs): bool
    {
        $target = $this->newNumber();
        $this->check($this->call('kayako_request_target', ...$inputs, ...[$target]));
        return $target[0] === $this->c->KAYAKO_TARGET_BODY;
    }

    /** Begins a body that is signed as it is sent. */
    public function upload(#[\SensitiveParameter] mixed ...$inputs): Upload
    {
        $out = $this->c->new($this->buffer);
        $length = $this->newLength();
        $handle = $this->c->new('kayako_upload *');
        $status = $this->call('kayako_upload_new', ...$inputs, ...[$out, self::ROOM, $length, FFI::addr($handle)]);
        if ($status === Status::BUFFER_TOO_SMALL) {
            $room = $length[0] + 1;
            $out = $this->c->new("char[$room]");
            $status = $this->call('kayako_upload_new', ...$inputs, ...[$out, $room, $length, FFI::addr($handle)]);
        }
        $this->check($status);
        return new Upload($handle, FFI::string($out, $length[0]));
    }

    private function newLength(): CData
    {
        return $this->c->new($this->length ??= $this->c->type('size_t[1]'));
    }

    private function newNumber(): CData
    {
        return $this->c->new($this->number ??= $this->c->type('int32_t[1]'));
    }

    /** Returns a header for ffi.preload: the path of the library that is found here, then the declarations. */
    public static function preloadHeader(): string
    {
        [, $path] = self::find();
        // Absolute, because a server starts in another folder. A link stays one, because an update changes its target.
        $path = str_contains($path, '/') ? realpath(dirname($path)) . '/' . basename($path) : $path;
        // PHP looks for these two lines only at the start.
        $head = sprintf("#define FFI_SCOPE \"%s\"\n#define FFI_LIB \"%s\"\n\n", self::SCOPE, $path);
        return $head . self::declarations();
    }

    private static function load(): self
    {
        try {
            $preloaded = self::named() === '' ? FFI::scope(self::SCOPE) : null;
        } catch (\Error) {
            // The library is not preloaded, or FFI is forbidden or missing: find() says which.
            $preloaded = null;
        }
        if ($preloaded === null) {
            return new self(self::find()[0]);
        }
        $library = new self($preloaded);
        self::requireVersion($library->call('kayako_version'), 'the library of ffi.preload=' . ini_get('ffi.preload'));
        return $library;
    }

    /** @return array{FFI, string} the library and its path */
    private static function find(): array
    {
        self::requireFfi();
        $declarations = self::declarations();
        $tried = [];
        foreach (self::paths() as $path) {
            try {
                $c = FFI::cdef($declarations, $path);
                self::requireVersion($c->kayako_version(), $path);
                return [$c, $path];
            } catch (FFI\Exception $e) {
                self::requireVersion(self::versionOf($path) ?? self::VERSION, $path);
                $tried[] = "$path ({$e->getMessage()})";
            }
        }
        throw new Exception(
            'libkayako_sign could not be loaded; tried ' . implode(', ', $tried) . '. Install the library, or put the'
            . ' path of its file into the environment variable KAYAKO_SIGN_LIBRARY.',
            Exception::LIBRARY_MISSING
        );
    }

    private static function requireVersion(string $version, string $path): void
    {
        if ($version !== self::VERSION) {
            throw new Exception(
                "$path is version $version of libkayako_sign, and this package is version " . self::VERSION
                . '. Install the two of one version.',
                Exception::LIBRARY_OTHER
            );
        }
    }

    /** Returns the version of a library that lacks functions; null if it is not libkayako_sign. */
    private static function versionOf(string $path): ?string
    {
        try {
            return FFI::cdef('const char *kayako_version(void);', $path)->kayako_version();
        } catch (FFI\Exception) {
            return null;
        }
    }

    private static function declarations(): string
    {
        return file_get_contents(__DIR__ . '/kayako_sign.h');
    }

    private static function requireFfi(): void
    {
        $ini = php_ini_loaded_file() ?: 'php.ini';
        $without = ' Without FFI, Kayako\Sign\PlainSigner makes signatures and credentials.';
        if (!extension_loaded('ffi')) {
            throw new Exception(
                "PHP's extension ffi is not loaded. Install it, and put extension=ffi into $ini.$without",
                Exception::FFI_MISSING
            );
        }
        try {
            // Ask PHP itself, because ffi.enable, the SAPI and preloading decide together whether FFI is allowed.
            FFI::cdef();
        } catch (FFI\Exception) {
            $enable = ini_get('ffi.enable');
            throw new Exception(
                "PHP's setting ffi.enable=$enable forbids FFI here. Put ffi.enable=true into $ini, or preload this"
                . " package with opcache.preload as its README.md shows under PHP-FPM.$without",
                Exception::FFI_FORBIDDEN
            );
        }
    }

    /** Returns the path in KAYAKO_SIGN_LIBRARY, which excludes all others; an empty string if it is not set. */
    private static function named(): string
    {
        return (string) getenv('KAYAKO_SIGN_LIBRARY');
    }

    /**
     * Returns the paths where the library may be, in the order to try.
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
     * Returns the folders of lib/ whose library may fit this platform, in the order to try. Their names are Rust's.
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
        // A library for glibc loads in a process with musl too, though it is not made for it. One for musl does not
        // load in a process with glibc, so it is tried first. With open_basedir, PHP cannot see whether musl is there.
        $musl = ini_get('open_basedir') || is_file("/lib/ld-musl-$processor.so.1");
        return match (PHP_OS_FAMILY) {
            'Linux' => [...($musl ? ["$processor-unknown-linux-musl"] : []), "$processor-unknown-linux-gnu"],
            'Darwin' => ["$processor-apple-darwin"],
            'Windows' => ["$processor-pc-windows-gnu"],
            default => [],
        };
    }
}
