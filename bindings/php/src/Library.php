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

    /** The version of this package, which must be the library's. */
    private const VERSION = '0.1.0';

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
    private function __construct(private readonly FFI $c)
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
            throw new Exception($this->call('kayako_status_message', $status), $status);
        }
    }

    /** Returns what a function of the library returns. */
    public function call(string $function, #[\SensitiveParameter] mixed ...$inputs): mixed
    {
        try {
            return $this->c->$function(...$inputs);
        } catch (FFI\Exception $e) {
            throw self::lacking($e);
        }
    }

    /** FFI looks for a function at its first call, and has read the header of ffi.preload when PHP started. */
    private static function lacking(FFI\Exception $e): Exception
    {
        return new Exception(
            "the header that ffi.preload names is an older package's: {$e->getMessage()}. Write it again with"
            . ' kayako-sign-preload, and restart PHP.',
            Exception::LIBRARY_OTHER
        );
    }

    /**
     * Makes a C signer.
     *
     * @return CData a pointer
     */
    public function signer(#[\SensitiveParameter] string $apiKey, #[\SensitiveParameter] string $secretKey): CData
    {
        // Not an array of one: PHP keeps the type of each pointer read out of an array until the request ends.
        $signer = $this->c->new('kayako_signer *');
        $out = FFI::addr($signer);
        try {
            $status = $this->c->kayako_signer_new($apiKey, strlen($apiKey), $secretKey, strlen($secretKey), $out);
        } catch (FFI\Exception $e) {
            throw self::lacking($e);
        }
        if ($status !== Status::OK) {
            $this->check($status);
        }
        return $signer;
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
        try {
            $status = $c->kayako_signer_sign($signer, $salt, strlen($salt), $out, self::ROOM, $library->unread);
        } catch (FFI\Exception $e) {
            throw self::lacking($e);
        }
        if ($status !== Status::OK) {
            $library->check($status);
        }
        return FFI::string($out);
    }

    /** Calls a function that takes these inputs and writes a text, and returns the text. */
    public function text(string $function, #[\SensitiveParameter] mixed ...$inputs): string
    {
        $out = $this->c->new($this->buffer);
        $length = $this->length();
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

    /** Calls a function that takes these inputs and makes a diagnosis. */
    public function diagnosis(string $function, #[\SensitiveParameter] mixed ...$inputs): Diagnosis
    {
        $code = $this->number();
        $this->check($this->call($function, ...$inputs, ...[$code]));
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

    /** Calls the function that tells where credentials go. */
    public function goesIntoBody(#[\SensitiveParameter] mixed ...$inputs): bool
    {
        $target = $this->number();
        $this->check($this->call('kayako_request_target', ...$inputs, ...[$target]));
        return $target[0] === $this->c->KAYAKO_TARGET_BODY;
    }

    /** Calls the function that begins to sign a body as it is sent. */
    public function upload(#[\SensitiveParameter] mixed ...$inputs): Upload
    {
        $out = $this->c->new($this->buffer);
        $length = $this->length();
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
            $preloaded = self::named() === '' ? FFI::scope(self::SCOPE) : null;
        } catch (\Error) {
            // It is not preloaded, or FFI is forbidden, or not there, which find() tells apart.
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

    /** The version of a library that lacks functions; null where it is no library of ours. */
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
            // Whether FFI is allowed depends on ffi.enable, the SAPI and preloading, so PHP itself is asked.
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
