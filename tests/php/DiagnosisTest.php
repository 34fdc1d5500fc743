<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use Kayako\Sign\Diagnosis;
use Kayako\Sign\Signer;
use PHPUnit\Framework\TestCase;

final class DiagnosisTest extends TestCase
{
    private Signer $signer;

    protected function setUp(): void
    {
        $this->signer = new Signer('apikey', 'secretkey');
    }

    /** @dataProvider diagnoses */
    public function testARequestHasTheDiagnosisOfTheTable(object $row): void
    {
        $diagnosis = $this->signer->diagnoseRequest($row->method, $row->url, $row->content_type, $row->body);
        $this->assertSame(self::code($row), $diagnosis->code, $diagnosis->message);
    }

    /** @dataProvider signatures */
    public function testASignatureHasTheDiagnosisOfTheTable(object $row): void
    {
        $diagnosis = $this->signer->diagnose($row->salt, $row->signature);
        $this->assertSame(self::code($row), $diagnosis->code, $diagnosis->message);
    }

    /** @return iterable<string, array{object}> */
    public function diagnoses(): iterable
    {
        return Table::rows('diagnoses.tsv');
    }

    /** @return iterable<string, array{object}> */
    public function signatures(): iterable
    {
        return Table::rows('signatures.tsv');
    }

    public function testOnlyGoodAndForgivenRequestsAreAccepted(): void
    {
        $accepted = [
            Diagnosis::GOOD, Diagnosis::PLUS_LOST, Diagnosis::WHITESPACE_AROUND, Diagnosis::PATH_URL,
            Diagnosis::FIELDS_NOT_READ,
        ];
        foreach ($this->codes() as $name => $code) {
            $this->assertSame(in_array($code, $accepted, true), (new Diagnosis($code))->accepted, $name);
        }
    }

    public function testADiagnosisHasTheStatusOfTheAnswer(): void
    {
        $statuses = [200 => Diagnosis::GOOD, 401 => Diagnosis::SALT_MISSING, 404 => Diagnosis::ROUTE_MISSING];
        foreach ($statuses as $status => $code) {
            $this->assertSame($status, (new Diagnosis($code))->answerStatus);
        }
    }

    public function testEachDiagnosisHasAMessageOfItsOwn(): void
    {
        $messages = array_map(fn ($code) => (new Diagnosis($code))->message, $this->codes());
        $this->assertSame($messages, array_unique($messages));
        $this->assertNotContains('', $messages);
        $this->assertNotContains((new Diagnosis(-1))->message, $messages);
    }

    public function testAnIntSaltIsDiagnosedAsItsDigits(): void
    {
        $this->assertSame(Diagnosis::GOOD, $this->signer->diagnose(-5, $this->signer->sign('-5'))->code);
    }

    public function testTheCodesAreThoseOfTheHeader(): void
    {
        $header = file_get_contents(__DIR__ . '/../../include/kayako_sign.h');
        preg_match_all('/^\s*KAYAKO_DIAGNOSIS_(\w+) = (\d+),$/m', $header, $codes);
        $this->assertSame(array_combine($codes[1], array_map(intval(...), $codes[2])), $this->codes());
    }

    /** @return array<string, int> */
    private function codes(): array
    {
        return (new \ReflectionClass(Diagnosis::class))->getConstants();
    }

    private static function code(object $row): int
    {
        return constant(Diagnosis::class . '::' . substr($row->diagnosis, strlen('KAYAKO_DIAGNOSIS_')));
    }
}
