<?php

declare(strict_types=1);

namespace Kayako\Sign;

use FFI;
use FFI\CData;
use FFI\CType;

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

    private static ?self $loaded = null;

    // Types are kept because PHP would parse their names at each call. Buffers are not: a signal handler that signs
    // too would write into the one in use.
    private readonly CType $buffer;
    private readonly CType $length;
    private readonly CType $number;
    /** Where a length goes that nobody reads. */
    private readonly CData $unread;

    /** @param FFI $c the functions of kayako_sign.h */
    private function __construct(public readonly FFI $c)
    {
        $this->buffer = $c->type('char[' . self::ROOM . ']');
        $this->length = $c->type('size_t[1]');
        $this->number = $c->type('int32_t[1]');
        $this->unread = $c->new($this->length);
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

    /** The base64 signature of a salt. What text() does as well, in three fifths of the time. */
    public function signature(#[\SensitiveParameter] ?CData $signer, #[\SensitiveParameter] string $salt): string
    {
        $c = $this->c;
        $out = $c->new($this->buffer);
        $status = $c->kayako_signer_sign($signer, $salt, strlen($salt), $out, self::ROOM, $this->unread);
        if ($status !== Status::OK) {
            $this->check($status);
        }
        return FFI::string($out);
    }

    /** Calls a function that takes these inputs and writes a text, and returns the text. */
    public function text(string $function, #[\SensitiveParameter] mixed ...$inputs): string
    {
        $c = $this->c;
        $out = $c->new($this->buffer);
        $length = $c->new($this->length);
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
        $code = $this->c->new($this->number);
        $this->check($this->c->$function(...$inputs, ...[$code]));
        return new Diagnosis($code[0]);
    }

    /** Calls the function that signs a request with these inputs. */
    public function insertion(#[\SensitiveParameter] mixed ...$inputs): Insertion
    {
        $target = $this->c->new($this->number);
        $offset = $this->c->new($this->length);
        $text = $this->text('kayako_signer_sign_request', ...$inputs, ...[$target, $offset]);
        return new Insertion($target[0] === $this->c->KAYAKO_TARGET_BODY, $offset[0], $text);
    }

    private static function load(): self
    {
        self::requireFfi();
        $declarations = file_get_contents(__DIR__ . '/kayako_sign.h');
        $tried = [];
        foreach (self::paths() as $path) {
            try {
                return new self(FFI::cdef($declarations, $path));
            } catch (FFI\Exception $e) {
                $tried[] = "$path ({$e->getMessage()})";
            }
        }
        throw new Exception(
            'libkayako_sign could not be loaded; tried ' . implode(', ', $tried) . '. Install the library, or put the'
            . ' path of its file into the environment variable KAYAKO_SIGN_LIBRARY.'
        );
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
            throw new Exception("PHP's setting ffi.enable=$enable forbids FFI here. Put ffi.enable=true into $ini.");
        }
    }

    /**
     * Where the library may be, the first one first.
     *
     * @return list<string>
     */
    private static function paths(): array
    {
        // Whoever names a library wants that one, and no other in its stead.
        $named = (string) getenv('KAYAKO_SIGN_LIBRARY');
        if ($named !== '') {
            return [$named];
        }
        $name = match (PHP_OS_FAMILY) {
            'Windows' => 'kayako_sign.dll',
            'Darwin' => 'libkayako_sign.0.dylib',
            default => 'libkayako_sign.so.0',
        };
        return [dirname(__DIR__) . "/lib/$name", $name];
    }
}
