<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use PHPUnit\Framework\TestCase;

/**
 * Tests the peak memory of a process that sends a file of 200 MB, with and without signing.
 */
final class MemoryTest extends TestCase
{
    private const SIZE = 200_000_000;
    private const TABLE = __DIR__ . '/../../target/test/memory-php.txt';

    private const CODE = <<<'CODE'
        use GuzzleHttp\Client;
        use Kayako\Sign\{GuzzleMiddleware, SigningClient, SigningHttpClient};
        use Symfony\Component\HttpClient\CurlHttpClient;
        require 'GuzzleHttp/autoload.php';
        require 'Psr/Http/Client/autoload.php';
        require 'Symfony/Component/HttpClient/autoload.php';
        [, $client, $isSigned, $url, $file] = $argv;
        $signer = new Signer('apikey', 'secretkey');
        $photo = ['name' => 'contents', 'contents' => fopen($file, 'r'), 'filename' => 'a.bin'];
        if ($client === 'guzzle') {
            $guzzle = new Client($isSigned ? ['handler' => GuzzleMiddleware::stack($signer, $url)] : []);
            $status = $guzzle->post($url, ['multipart' => [$photo]])->getStatusCode();
        } elseif ($client === 'curl') {
            $fields = ['contents' => new CURLFile($file)];
            $curl = curl_init();
            curl_setopt_array($curl, $isSigned ? $signer->curlOptions('POST', $url, $fields)
                : [CURLOPT_URL => $url, CURLOPT_POSTFIELDS => $fields]);
            curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
            curl_exec($curl);
            $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
        } else {
            $body = new GuzzleHttp\Psr7\MultipartStream([$photo]);
            $type = "multipart/form-data; boundary={$body->getBoundary()}";
            if ($client === 'psr18') {
                $psr18 = new Client();
                $psr18 = $isSigned ? new SigningClient($psr18, $signer, $url) : $psr18;
                $request = new GuzzleHttp\Psr7\Request('POST', $url, ['Content-Type' => $type], $body);
                $status = $psr18->sendRequest($request)->getStatusCode();
            } else {
                $symfony = new CurlHttpClient();
                $symfony = $isSigned ? new SigningHttpClient($symfony, $signer, $url) : $symfony;
                $headers = ['Content-Type' => $type, 'Content-Length' => (string) $body->getSize()];
                $read = fn (int $length): string => $body->read($length);
                $status = $symfony->request('POST', $url, ['headers' => $headers, 'body' => $read])->getStatusCode();
            }
        }
        echo $status, ' ', getrusage()['ru_maxrss'];
        CODE;

    public function testSigningALargeFileTakesLittleMoreMemoryThanSendingIt(): void
    {
        $folder = new TemporaryFolder();
        $file = fopen("$folder->path/file", 'w');
        ftruncate($file, self::SIZE);
        $origin = new Origin();
        $table = "peak in MB     plain   signed\n";
        foreach (['guzzle', 'psr18', 'symfony', 'curl'] as $client) {
            $origin->answer([]);
            $plain = $this->peak($client, false, $origin->api(), "$folder->path/file");
            $signed = $this->peak($client, true, $origin->api(), "$folder->path/file");
            $table .= sprintf("%-12s %7.1f  %7.1f\n", $client, $plain / 1024, $signed / 1024);
            [$first, $second] = $origin->received();
            $this->assertTrue($first->isWhole && $second->isWhole, "$client does not send all of it");
            $this->assertSame([0, 32], array_map(strlen(...), $origin->salts()), 'only the second is signed');
            $this->assertLessThan(1.1 * $plain + 8192, $signed, "$client, peak in KiB");
        }
        @mkdir(dirname(self::TABLE), recursive: true);
        file_put_contents(self::TABLE, $table);
    }

    private function peak(string $client, bool $isSigned, string $url, string $file): int
    {
        $arguments = sprintf('$argv = %s;', var_export(['', $client, $isSigned, $url, $file], true));
        $process = Process::php($arguments . self::CODE, ['-d', 'memory_limit=-1']);
        $this->assertMatchesRegularExpression('/^200 \d+$/D', $process->output);
        return (int) explode(' ', $process->output)[1];
    }
}
