<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use PHPUnit\Framework\TestCase;

/**
 * Tests a page that signs in a real PHP-FPM, with the settings that the README gives.
 */
final class FpmTest extends TestCase
{
    private const SIGN = <<<'PAGE'
        <?php
        require 'vendor/kayako/sign/autoload.php';
        try {
            $right = base64_encode(hash_hmac('sha256', '1234567890', 'secretkey', true));
            $signer = new Kayako\Sign\Signer('apikey', 'secretkey');
            echo $signer->sign('1234567890') === $right ? 'signed' : 'wrong';
        } catch (Kayako\Sign\Exception $e) {
            echo $e->getMessage();
        }
        PAGE;

    private Project $project;

    protected function setUp(): void
    {
        $this->project = new Project();
    }

    public function testAPageSignsWithTheSettingsOfTheReadme(): void
    {
        $fpm = $this->fpm($this->settingsOfTheReadme());
        $this->assertSame('signed', $fpm->get($this->page(self::SIGN)));
        $this->assertSame('signed', $fpm->get($this->page(self::SIGN)), 'the second request');
    }

    public function testWithTheSettingsOfTheReadmeNothingElseMayUseFfi(): void
    {
        $page = $this->page('<?php try { FFI::cdef(); } catch (FFI\Exception $e) { echo "forbidden"; }');
        $this->assertSame('forbidden', $this->fpm($this->settingsOfTheReadme())->get($page));
    }

    public function testWithTheSettingsOfTheReadmeAPageSignsAndDiagnosesRequests(): void
    {
        $page = $this->page(<<<'PAGE'
            <?php
            require 'vendor/kayako/sign/autoload.php';
            $signer = new Kayako\Sign\Signer('apikey', 'secretkey');
            $url = $signer->signUrl('https://help.example.com/api/index.php?/Base/User/1');
            echo $signer->diagnoseRequest('GET', $url)->accepted ? 'accepted' : 'refused';
            PAGE);
        $this->assertSame('accepted', $this->fpm($this->settingsOfTheReadme())->get($page));
    }

    public function testEachRequestGetsAFreshSalt(): void
    {
        $page = $this->page(<<<'PAGE'
            <?php
            require 'vendor/kayako/sign/autoload.php';
            echo (new Kayako\Sign\Signer('apikey', 'secretkey'))->credentials()['salt'];
            PAGE);
        $fpm = $this->fpm($this->settingsOfTheReadme());
        $salts = array_map(fn () => $fpm->get($page), range(1, 20));
        $this->assertCount(20, array_unique($salts));
        $this->assertSame(32, strlen($salts[0]));
    }

    public function testWithTheSettingsOfTheReadmeNoRequestReadsTheLibraryOrItsHeader(): void
    {
        $fpm = $this->fpm($this->settingsOfTheReadme());
        // PHP has read these files at its start, and needs them no more.
        Process::run(['rm', '-r', "{$this->project->package}/lib", "{$this->project->package}/src/kayako_sign.h"]);
        $this->assertSame('signed', $fpm->get($this->page(self::SIGN)));
    }

    public function testALibraryThatIsNamedIsTheOnlyOneTriedInFpm(): void
    {
        $fpm = $this->fpm($this->settingsOfTheReadme());
        $this->assertStringStartsWith(
            'libkayako_sign could not be loaded; tried /nonexistent (',
            $fpm->get($this->page(self::SIGN), ['KAYAKO_SIGN_LIBRARY' => '/nonexistent'])
        );
    }

    public function testAPageSignsIfOnlyThePackageIsPreloaded(): void
    {
        $settings = preg_replace('/^ffi\.preload=.*$/m', '', $this->settingsOfTheReadme());
        $this->assertSame('signed', $this->fpm($settings)->get($this->page(self::SIGN)));
    }

    public function testAPageSignsIfAllCodeMayUseFfi(): void
    {
        $this->assertSame('signed', $this->fpm('ffi.enable=true')->get($this->page(self::SIGN)));
    }

    public function testWithoutPreloadingTheErrorSaysWhatToSet(): void
    {
        $this->assertSame(
            "PHP's setting ffi.enable=preload forbids FFI here. Put ffi.enable=true into {$this->project->ini()},"
            . ' or preload this package with opcache.preload as its README.md shows under PHP-FPM.'
            . ' Without FFI, Kayako\Sign\PlainSigner makes signatures and credentials.',
            $this->fpm('')->get($this->page(self::SIGN)),
            "PHP's default is preload"
        );
    }

    public function testAHeaderOfAnOlderPackageIsAnExceptionOfOurs(): void
    {
        $settings = $this->settingsOfTheReadme();
        $header = "{$this->project->path}/kayako_sign-preload.h";
        $lacking = preg_replace('/^[^\n]*kayako_signer_sign\(.*?;$/ms', '', file_get_contents($header));
        file_put_contents($header, $lacking);
        $this->assertStringStartsWith(
            "the header that ffi.preload names is an older package's: ",
            $this->fpm($settings)->get($this->page(self::SIGN))
        );
    }

    public function testAPreloadedLibraryOfAnotherVersionIsRefused(): void
    {
        $settings = $this->settingsOfTheReadme();
        $source = "{$this->project->package}/src/Library.php";
        file_put_contents($source, str_replace("VERSION = '0.1.0'", "VERSION = '0.2.0'", file_get_contents($source)));
        $this->assertSame(
            "the library of ffi.preload={$this->project->path}/kayako_sign-preload.h is version 0.1.0 of"
            . ' libkayako_sign, and this package is version 0.2.0. Install the two of one version.',
            $this->fpm($settings)->get($this->page(self::SIGN))
        );
    }

    public function testAPageSignsWithoutFfiWithThePlainSigner(): void
    {
        $page = $this->page(str_replace('new Kayako\Sign\Signer(', 'new Kayako\Sign\PlainSigner(', self::SIGN));
        $this->assertSame('signed', $this->fpm('')->get($page));
        $this->assertSame('signed', $this->fpm($this->settingsOfTheReadme())->get($page));
    }

    public function testAPageMakesCurlOptionsWithKeysFromFiles(): void
    {
        $origin = new Origin();
        $page = $this->page(<<<'PAGE'
            <?php
            require 'vendor/kayako/sign/autoload.php';
            file_put_contents($api = tempnam(sys_get_temp_dir(), 'key'), "apikey\n");
            file_put_contents($secret = tempnam(sys_get_temp_dir(), 'key'), "secretkey\n");
            $signer = Kayako\Sign\Signer::fromFiles($api, $secret);
            unlink($api);
            unlink($secret);
            $options = $signer->curlOptions('POST', $_SERVER['ORIGIN'], ['a' => ['b' => '1']], null);
            echo implode(' ', array_keys($options[CURLOPT_POSTFIELDS]));
            PAGE);
        $settings = $this->settingsOfTheReadme() . "extension=curl\n";
        $sent = $this->fpm($settings)->get($page, ['ORIGIN' => $origin->api()]);
        $this->assertSame('apikey salt signature a[b]', $sent);
    }

    public function testThePreloadCommandFailsIfTheLibraryIsMissing(): void
    {
        $environment = ['KAYAKO_SIGN_LIBRARY' => '/nonexistent'];
        $process = Process::run([PHP_BINARY, "{$this->project->package}/bin/kayako-sign-preload"], $environment);
        $this->assertSame(1, $process->exitCode);
        $this->assertStringStartsWith(
            'kayako-sign-preload: libkayako_sign could not be loaded; tried /nonexistent',
            $process->output
        );
    }

    public function testPreloadingSavesTime(): void
    {
        $page = $this->page(self::SIGN);
        $own = $this->page(<<<'PAGE'
            <?php
            echo base64_encode(hash_hmac('sha256', '1234567890', 'secretkey', true)) === '' ? 'wrong' : 'signed';
            PAGE);
        $allowed = $this->fpm('ffi.enable=true');
        [$without, $php] = [$allowed->milliseconds($page), $allowed->milliseconds($own)];
        $settings = $this->settingsOfTheReadme();
        $withoutHeader = $this->fpm(preg_replace('/^ffi\.preload=.*$/m', '', $settings))->milliseconds($page);
        $preloaded = $this->fpm($settings)->milliseconds($page);
        $line = "\nphp-fpm, milliseconds for a page that signs once, the median of 300: %.2f with the package and its\n"
            . "header preloaded, %.2f with the package alone, %.2f with neither; %.2f for one that calls hash_hmac()\n";
        fprintf(STDERR, $line, $preloaded, $withoutHeader, $without, $php);
        $this->assertLessThan($without, $preloaded);
    }

    private function fpm(string $settings): Fpm
    {
        return $this->project->fpm($settings);
    }

    private function page(string $code): string
    {
        return $this->project->page($code);
    }

    private function settingsOfTheReadme(): string
    {
        return $this->project->settingsOfTheReadme();
    }
}
