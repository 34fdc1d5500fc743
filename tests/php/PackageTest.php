<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use PHPUnit\Framework\TestCase;

/**
 * Tests the package with Composer, without a network.
 */
final class PackageTest extends TestCase
{
    private TemporaryFolder $folder;

    protected function setUp(): void
    {
        $this->folder = new TemporaryFolder();
        // Composer asks its registry even for a package whose path is known.
        file_put_contents("{$this->folder->path}/config.json", '{"repositories": {"packagist": false}}');
    }

    public function testComposerFindsNothingWrong(): void
    {
        $this->succeed(['composer', 'validate', '--strict'], $this->folder->copyPackage('package'));
    }

    public function testItCarriesItsLicences(): void
    {
        $package = $this->folder->copyPackage('package');
        foreach (['LICENSE-MIT', 'LICENSE-APACHE', 'LICENSE-THIRD-PARTY'] as $name) {
            $this->assertFileEquals(__DIR__ . "/../../$name", "$package/$name");
        }
    }

    public function testItInstallsWithoutOtherPackagesAndSigns(): void
    {
        $package = $this->folder->copyPackage('package');
        $this->succeed(['composer', 'install', '--no-dev'], $package);
        $code = <<<'CODE'
            require 'vendor/autoload.php';
            $right = base64_encode(hash_hmac('sha256', '1234567890', 'secretkey', true));
            echo (new Kayako\Sign\Signer('apikey', 'secretkey'))->sign('1234567890') === $right ? 'signed' : 'wrong';
            CODE;
        $this->assertSame('signed', $this->succeed([PHP_BINARY, '-r', $code], $package));
    }

    public function testTheCommandsOfTheReadmeInstallItAndItsExamplesPrintTheirOutput(): void
    {
        mkdir("{$this->folder->path}/kayako-sign/bindings", recursive: true);
        $this->folder->copyPackage('kayako-sign/bindings/php');
        $project = "{$this->folder->path}/project";
        mkdir($project);
        file_put_contents("$project/composer.json", '{}');

        $readme = file_get_contents(__DIR__ . '/../../bindings/php/README.md');
        preg_match_all('/^```(\w+)\n(.*?)^```$/ms', $readme, $matches, PREG_SET_ORDER);
        $blocks = ['sh' => '', 'php' => '', 'text' => '', 'ini' => ''];
        foreach ($matches as [, $language, $text]) {
            $blocks[$language] .= $text;
        }
        $this->succeed(['sh', '-e', '-c', $blocks['sh']], $project);
        $standIn = new StandIn();
        $examples = str_replace('https://help.example.com', $standIn->url, $blocks['php']);
        $head = <<<'CODE'
            require 'GuzzleHttp/autoload.php';
            require 'Psr/Http/Client/autoload.php';
            require 'Symfony/Component/HttpClient/autoload.php';
            CODE;
        $frameworks = 'require ' . var_export(__DIR__ . '/frameworks.php', true) . ';';
        $output = $this->succeed([PHP_BINARY, '-r', $head . $frameworks . $examples], $project);
        // Compared line by line, because some hold signatures.
        [$expected, $printed] = [explode("\n", $blocks['text']), explode("\n", $output)];
        $this->assertSame(count($expected), count($printed), preg_replace('/\S{44,}/', '…', $output));
        foreach ($expected as $line => $text) {
            $this->assertTrue($text === $printed[$line], "line $line of the output is not as in README.md: $text");
        }
    }

    /**
     * Runs a command that must succeed, and returns what it printed.
     *
     * @param list<string> $command
     */
    private function succeed(array $command, string $folder): string
    {
        $process = Process::run($command, [
            'COMPOSER_ALLOW_SUPERUSER' => '1',
            'COMPOSER_DISABLE_NETWORK' => '1',
            'COMPOSER_HOME' => $this->folder->path,
            'COMPOSER_NO_INTERACTION' => '1',
        ], $folder);
        $this->assertSame(0, $process->exitCode, $process->output);
        return $process->output;
    }
}
