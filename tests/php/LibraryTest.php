<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use Kayako\Sign\Exception;
use PHPUnit\Framework\TestCase;

/**
 * Tests how the C library is found, and the messages if it cannot be used. Each case runs in its own process.
 */
final class LibraryTest extends TestCase
{
    private const FILE = 'libkayako_sign.so.0';
    private const WITHOUT = ' Without FFI, Kayako\Sign\PlainSigner makes signatures and credentials.';

    private TemporaryFolder $folder;
    private string $package;
    private string $built;

    protected function setUp(): void
    {
        $this->folder = new TemporaryFolder();
        $this->package = $this->folder->copyPackage('package');
        $this->built = (string) getenv('KAYAKO_SIGN_LIBRARY');
        $this->assertFileExists($this->built, 'KAYAKO_SIGN_LIBRARY must name the library under test');
    }

    public function testAMissingExtensionHasItsOwnMessage(): void
    {
        $this->assertSame(
            "PHP's extension ffi is not loaded. Install it, and put extension=ffi into php.ini." . self::WITHOUT,
            $this->load(options: ['-n'])
        );
    }

    public function testADisabledExtensionHasItsOwnMessage(): void
    {
        $this->assertSame(
            "PHP's setting ffi.enable=0 forbids FFI here. Put ffi.enable=true into php.ini, or preload this package"
            . ' with opcache.preload as its README.md shows under PHP-FPM.' . self::WITHOUT,
            $this->load(options: ['-n', '-d', 'extension=ffi', '-d', 'ffi.enable=0'])
        );
    }

    public function testAMissingLibraryIsAnErrorWithThePathThatWasNamed(): void
    {
        $this->assertSame($this->notLoaded('/nonexistent'), $this->load(['KAYAKO_SIGN_LIBRARY' => '/nonexistent']));
    }

    public function testAMissingLibraryIsAnErrorWithEveryPathThatWasTried(): void
    {
        $this->assertSame(
            $this->notLoaded(
                "$this->package/lib/" . self::FILE,
                "$this->package/lib/x86_64-unknown-linux-gnu/" . self::FILE,
                self::FILE
            ),
            $this->load($this->system(broken: true), setUp: $this->machine('x86_64'))
        );
    }

    public function testAMessageNamesThePathOfPhpIni(): void
    {
        $settings = "{$this->folder->path}/php.ini";
        file_put_contents($settings, "extension=ffi\nffi.enable=0\n");
        $message = $this->load(options: ['-c', $settings]);
        $this->assertStringContainsString("Put ffi.enable=true into $settings,", $message);
    }

    /** @dataProvider platforms */
    public function testThePackagesLibraryForThisPlatformIsTried(
        string $system,
        string $machine,
        bool $musl,
        string ...$files
    ): void {
        $name = basename($files[0]);
        $this->assertSame(
            $this->notLoaded(...array_map(fn ($file) => "$this->package/lib/$file", [$name, ...$files]), ...[$name]),
            // PHP prefers constants and functions of the package's namespace to its own.
            $this->load(
                $this->system(broken: true),
                setUp: "define('Kayako\Sign\PHP_OS_FAMILY', '$system');" . $this->machine($machine, $musl)
            )
        );
    }

    /** @return array<string, array{string, string, bool, string, 4?: string}> */
    public static function platforms(): array
    {
        $so = self::FILE;
        return [
            'Linux' => ['Linux', 'x86_64', false, "x86_64-unknown-linux-gnu/$so"],
            'Linux on ARM' => ['Linux', 'aarch64', false, "aarch64-unknown-linux-gnu/$so"],
            'musl' => ['Linux', 'x86_64', true, "x86_64-unknown-linux-musl/$so", "x86_64-unknown-linux-gnu/$so"],
            'musl on ARM' =>
                ['Linux', 'aarch64', true, "aarch64-unknown-linux-musl/$so", "aarch64-unknown-linux-gnu/$so"],
            'Windows' => ['Windows', 'AMD64', false, 'x86_64-pc-windows-gnu/kayako_sign.dll'],
            'macOS' => ['Darwin', 'arm64', false, 'aarch64-apple-darwin/libkayako_sign.dylib'],
            'macOS on Intel' => ['Darwin', 'x86_64', false, 'x86_64-apple-darwin/libkayako_sign.dylib'],
        ];
    }

    public function testOnAnUnknownProcessorNoLibraryOfAPlatformIsTried(): void
    {
        $this->assertSame(
            $this->notLoaded("$this->package/lib/" . self::FILE, self::FILE),
            $this->load($this->system(broken: true), setUp: $this->machine('riscv64'))
        );
    }

    public function testThePackagesLibraryForThisPlatformSigns(): void
    {
        mkdir("$this->package/lib/x86_64-unknown-linux-gnu", recursive: true);
        symlink($this->built, "$this->package/lib/x86_64-unknown-linux-gnu/" . self::FILE);
        $this->assertSame('signed', $this->load($this->system(broken: true), setUp: $this->machine('x86_64')));
    }

    public function testAnotherLibraryIsAnErrorThatNamesTheMissingFunction(): void
    {
        $this->assertStringContainsString(
            "tried libc.so.6 (Failed resolving C function 'kayako_signer_new')",
            $this->load(['KAYAKO_SIGN_LIBRARY' => 'libc.so.6'])
        );
    }

    public function testALibraryOfAnotherVersionIsRefusedWithBothVersionsAndItsFile(): void
    {
        $all = file_get_contents("$this->package/src/kayako_sign.h");
        preg_match_all('/\b(kayako_\w+)\(/', $all, $names);
        $functions = implode('', array_map(fn ($name) => "void $name(void) {}\n", $names[1]));
        $version = 'const char *kayako_version(void) { return "0.0.9"; }';
        // A library that has all functions, and one that has only the version.
        foreach ([str_replace('void kayako_version(void) {}', $version, $functions), $version] as $source) {
            $file = "{$this->folder->path}/old.so";
            file_put_contents("$file.c", $source);
            $built = Process::run(['gcc', '-shared', '-fPIC', '-w', '-o', $file, "$file.c"]);
            $this->assertSame(0, $built->exitCode, $built->output);
            $this->assertSame(
                "$file is version 0.0.9 of libkayako_sign, and this package is version 0.1.0. Install the two of one"
                . ' version.',
                $this->load(['KAYAKO_SIGN_LIBRARY' => $file])
            );
        }
    }

    public function testTheVersionOfThePackageIsTheWorkspaces(): void
    {
        preg_match('/^version = "(.+)"$/m', file_get_contents(__DIR__ . '/../../Cargo.toml'), $workspace);
        $this->assertStringContainsString(
            "VERSION = '$workspace[1]'",
            file_get_contents("$this->package/src/Library.php")
        );
    }

    public function testEachKindOfFailureHasItsOwnCodeThatIsNotAStatus(): void
    {
        $code = 'try { new Signer("a", "b"); } catch (Exception $e) { echo $e->getCode(); }';
        $codes = [
            Exception::FFI_MISSING => [['-n'], []],
            Exception::FFI_FORBIDDEN => [['-d', 'ffi.enable=0'], []],
            Exception::LIBRARY_MISSING => [[], ['KAYAKO_SIGN_LIBRARY' => '/nonexistent']],
        ];
        foreach ($codes as $expected => [$options, $environment]) {
            $this->assertSame((string) $expected, Process::php($code, $options, $environment, $this->package)->output);
        }
        $constants = (new \ReflectionClass(Exception::class))->getConstants();
        $this->assertSame($constants, array_unique($constants));
        $this->assertLessThan(0, max($constants));
    }

    public function testTheSystemsLibraryIsFoundByItsSoname(): void
    {
        $this->assertSame('signed', $this->load($this->system()));
    }

    public function testAPackagedLibraryComesBeforeTheSystems(): void
    {
        $this->packageLibrary();
        $this->assertSame('signed', $this->load($this->system(broken: true)));
    }

    public function testANamedLibraryIsTheOnlyOneTried(): void
    {
        $this->packageLibrary();
        $named = ['KAYAKO_SIGN_LIBRARY' => '/nonexistent'];
        $this->assertSame($this->notLoaded('/nonexistent'), $this->load($named + $this->system()));
    }

    public function testAnEmptyVariableNamesNoLibrary(): void
    {
        $this->packageLibrary();
        $this->assertSame('signed', $this->load(['KAYAKO_SIGN_LIBRARY' => ''] + $this->system(broken: true)));
    }

    /**
     * Signs in a new process, and returns "signed" or the message of the exception.
     *
     * @param array<string, ?string> $environment
     * @param list<string> $options
     */
    private function load(array $environment = [], array $options = [], string $setUp = ''): string
    {
        $code = $setUp . <<<'CODE'
            try {
                $right = base64_encode(hash_hmac('sha256', '1234567890', 'secretkey', true));
                echo (new Signer('apikey', 'secretkey'))->sign('1234567890') === $right ? 'signed' : 'wrong';
            } catch (Exception $e) {
                echo $e->getCode() < 0 ? $e->getMessage() : 'a status';
            }
            CODE;
        return Process::php($code, $options, $environment, $this->package)->output;
    }

    /** Returns code that makes PHP see another processor, with or without musl's loader. */
    private function machine(string $name, bool $musl = false): string
    {
        $functions = "function php_uname() { return \"$name\"; } function is_file() { return " . (int) $musl . '; }';
        return "eval('namespace Kayako\\Sign; $functions');";
    }

    private function notLoaded(string ...$paths): string
    {
        $tried = implode(', ', array_map(fn ($path) => "$path (Failed loading '$path')", $paths));
        return "libkayako_sign could not be loaded; tried $tried. Install the library, or put the path of its file into"
            . ' the environment variable KAYAKO_SIGN_LIBRARY.';
    }

    private function packageLibrary(): void
    {
        mkdir("$this->package/lib");
        symlink($this->built, "$this->package/lib/" . self::FILE);
    }

    /**
     * Returns an environment that names no library, and in which the system has one. If it is broken, it hides any that
     * is installed.
     *
     * @return array<string, ?string>
     */
    private function system(bool $broken = false): array
    {
        $folder = $this->folder->path;
        if ($broken) {
            file_put_contents("$folder/" . self::FILE, 'not a library');
        } else {
            symlink($this->built, "$folder/" . self::FILE);
        }
        return ['KAYAKO_SIGN_LIBRARY' => null, 'LD_LIBRARY_PATH' => $folder];
    }
}
