<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use Kayako\Sign\Status;
use PHPUnit\Framework\TestCase;

final class StatusTest extends TestCase
{
    public function testTheStatusesAreThoseOfTheHeader(): void
    {
        $header = file_get_contents(__DIR__ . '/../../include/kayako_sign.h');
        preg_match('/typedef int32_t kayako_status;\s+enum(.*?)\};/s', $header, $enum);
        preg_match_all('/^\s*KAYAKO_(\w+) = (\d+),$/m', $enum[1], $statuses);
        $expected = array_combine($statuses[1], array_map(intval(...), $statuses[2]));
        $this->assertSame($expected, (new \ReflectionClass(Status::class))->getConstants());
    }
}
