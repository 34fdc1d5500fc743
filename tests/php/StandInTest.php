<?php

declare(strict_types=1);

namespace Kayako\Sign\Tests;

use PHPUnit\Framework\TestCase;

/**
 * Tests that the stand-in helpdesk answers as the server is known to answer, stage by stage.
 *
 * In a request, {ok} is replaced by good credentials, {json} by the same as members of a JSON object, and {apikey},
 * {salt} and {signature} by one of them. So no signature is in the output of a test that fails.
 */
final class StandInTest extends TestCase
{
    private const FORM = 'application/x-www-form-urlencoded';
    private const JSON = 'application/json';
    /** The signature for the salt 1234567890. */
    private const SIGNATURE = 'VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=';
    /** The signature for the salt 1000000009. */
    private const OTHER_SIGNATURE = '1VH+G/RR/wBc+JmWaec0cknULV1k7Ac4cPhTGhIxCSc=';
    private const NO_SALT = 'NO SALT PROVIDED!';
    private const FAILED = 'FAILED TO AUTHENTICATE';

    private static StandIn $standIn;

    public static function setUpBeforeClass(): void
    {
        self::$standIn = new StandIn();
    }

    // ---- Stage 1: the web server ----

    /** @dataProvider urlsOfAPlainServer */
    public function testAPlainServerPassesOnOnlyUrlsThatNameAFile(string $request, int $status, string $stage): void
    {
        $this->assertAnswer($status, $stage, $request);
    }

    /** @return iterable<string, array{string, int, string}> */
    public function urlsOfAPlainServer(): iterable
    {
        yield 'index.php and a query' => ['GET /api/index.php?/Base/User&{ok}', 200, 'fields'];
        yield 'the directory and a query' => ['GET /api/?/Base/User&{ok}', 200, 'fields'];
        yield 'index.php at the top' => ['GET /index.php?/Base/User&{ok}', 200, 'fields'];
        yield 'the directory at the top' => ['GET /?/Base/User&{ok}', 200, 'fields'];
        yield 'index.php in nested folders' => ['GET /a/support/api/index.php?/Base/User&{ok}', 200, 'fields'];
        yield 'path-info' => ['GET /api/index.php/Base/User/1?{ok}', 200, 'fields'];
        yield 'path-info with only a route' => ['GET /api/index.php/Base/User/1', 401, 'authentication'];
        yield 'path-info that is only a slash' => ['GET /api/index.php/?{ok}', 404, 'route'];
        yield 'path-info with %2F' => ['GET /api/index.php/Base%2FUser/1?{ok}', 404, 'web'];
        yield 'path-info with %2f after the route' => ['GET /api/index.php/Base/User/1&signature=a%2fb', 404, 'web'];
        yield 'path-info with %2F in a PUT' => ['PUT /api/index.php/Base/User%2F1?{ok}', 404, 'web'];
        yield 'the folder without its slash' => ['GET /api?/Base/User&{ok}', 404, 'web'];
        yield 'a path URL by GET' => ['GET /api/Base/User/1?{ok}', 404, 'web'];
        yield 'a path URL by POST' => ['POST /api/Base/User/1?{ok}', 404, 'web'];
        yield 'a path URL by HEAD' => ['HEAD /api/Base/User/1?{ok}', 404, 'web'];
        yield 'a path URL by PUT' => ['PUT /api/Base/User/1?{ok}', 405, 'web'];
        yield 'a path URL by DELETE' => ['DELETE /api/Base/User/1?{ok}', 405, 'web'];
        yield 'a path URL by PATCH' => ['PATCH /api/Base/User/1?{ok}', 405, 'web'];
        yield 'a path URL by OPTIONS' => ['OPTIONS /api/Base/User/1?{ok}', 200, 'web'];
        yield 'a path URL with everything in the path' => ['GET /api/Base/User/1&{ok}', 404, 'web'];
        yield 'a path URL with %2F by PUT' => ['PUT /api/Base/User%2F1', 404, 'web'];
        yield 'index.php with an ampersand after it' => ['GET /api/index.php&{ok}&e=/Base/User', 404, 'web'];
        yield 'another script' => ['GET /api/index.html?/Base/User&{ok}', 404, 'web'];
        yield 'the Staff API' => ['GET /staffapi/index.php?/Base/User&{ok}', 404, 'web'];
        yield 'hosted Kayako' => ['GET /api/v1/users.json', 404, 'web'];
        yield 'hosted Kayako by PUT' => ['PUT /api/v1/users/1.json', 404, 'web'];
        yield 'the folder of hosted Kayako' => ['OPTIONS /api/v1', 404, 'web'];
    }

    /** @dataProvider urlsOfARewritingServer */
    public function testTheRewriteRuleTurnsThePathIntoTheQueryAndDropsTheOldQuery(
        string $request,
        int $status,
        string $stage
    ): void {
        $this->assertAnswer($status, $stage, $request, web: 'rewrite');
    }

    /** @return iterable<string, array{string, int, string}> */
    public function urlsOfARewritingServer(): iterable
    {
        yield 'index.php and a query' => ['GET /api/index.php?/Base/User&{ok}', 200, 'fields'];
        yield 'path-info' => ['GET /api/index.php/Base/User/1?{ok}', 200, 'fields'];
        yield 'a query, which is lost' => ['GET /api/Base/User/1?{ok}', 401, 'authentication'];
        yield 'everything in the path' => ['GET /api/Base/User/1&{ok/}', 200, 'fields'];
        yield 'everything in the path, and a query' => ['GET /api/Base/User/1&{ok/}?a=1', 200, 'fields'];
        yield 'everything in the path, escaped' => ['GET /api/Base/User/1&{ok}', 200, 'fields'];
        yield 'an escaped plus, which is forgiven' => ['GET /api/Base/User/1&{other+}', 200, 'fields'];
        yield 'an escaped slash' => ['GET /api/Base/User/1&signature=a%2Fb', 404, 'web'];
        yield 'an escaped slash in lower case' => ['GET /api/Base%2fUser/1', 404, 'web'];
        yield 'a space' => ['GET /api/Base/User/a%20b', 403, 'web'];
        yield 'a line break' => ['GET /api/Base/User/1&{ok/}%0A', 403, 'web'];
        yield 'a NUL' => ['GET /api/Base/User/1&a=%00', 403, 'web'];
        yield 'a DEL' => ['GET /api/Base/User/1&a=%7F', 403, 'web'];
        yield 'a space by PUT' => ['PUT /api/Base/User/a%20b', 403, 'web'];
        yield 'a PUT' => ['PUT /api/Base/User/1&{ok/}', 200, 'fields'];
        yield 'an unknown app' => ['GET /api/Nothing/User/1&{ok/}', 404, 'route'];
        yield 'index.php with an ampersand after it' => ['GET /api/index.php&{ok/}&e=/Base/User', 200, 'fields'];
        yield 'index.php with an ampersand after it, and no route' => ['GET /api/index.php&{ok/}', 404, 'route'];
        yield 'only the folder' => ['GET /api', 404, 'route'];
        yield 'an unknown method' => ['PATCH /api/Base/User/1&{ok/}', 200, 'method'];
        yield 'a folder above the API' => ['GET /a/api/b/api/Base/User/1&{ok/}', 200, 'fields'];
        yield 'no folder named api' => ['GET /Base/User/1&{ok/}', 200, 'fields'];
        yield 'the Staff API' => ['GET /staffapi/Base/User&{ok/}', 404, 'web'];
        yield 'hosted Kayako' => ['GET /api/v1/Base/User&{ok/}', 404, 'web'];
    }

    // ---- Stage 2: the route ----

    /**
     * @dataProvider routes
     * @param list<string> $arguments
     */
    public function testTheRouteIsFoundInThePlaceThatTheServerReads(
        string $request,
        string $source,
        string $route,
        array $arguments,
        string $type = '',
        string $body = '',
        string $web = 'plain',
    ): void {
        $answer = $this->assertAnswer(200, 'fields', $request, $type, $body, $web);
        $this->assertSame([$source, $route, $arguments], [$answer->source, $answer->route, $answer->arguments]);
    }

    /** @return iterable<string, array> */
    public function routes(): iterable
    {
        $api = '/api/index.php';
        $in = fn (string $source) => [$source, '/Base/User/1', ['1']];
        yield 'query' => ["GET $api?/Base/User/1&{ok}", ...$in('query')];
        yield 'query without its slash' => ["GET $api?Base/User/1&{ok}", ...$in('query')];
        yield 'query, by POST' => ["POST $api?/Base/User/1", ...$in('query'), self::FORM, '{ok}'];
        yield 'path-info' => ["GET $api/Base/User/1?{ok}", ...$in('path-info')];
        yield 'path-info, decoded once' => ["GET $api/%42ase/User/1?{ok}", ...$in('path-info')];
        yield 'path-info before the query' => ["GET $api/Base/User/1?/Tickets/Ticket/2&{ok}", ...$in('path-info')];
        yield 'path-info with everything after it' => ["GET $api/Base/User/1&{ok/}", ...$in('path-info')];
        yield 'path-info without a query' => ["POST $api/Base/User/1", ...$in('path-info'), self::FORM, '{ok}'];
        yield 'e' => ["GET $api?e=/Base/User/1&{ok}", ...$in('e')];
        yield 'e at the end' => ["GET $api?{ok}&e=/Base/User/1", ...$in('e')];
        yield 'e, encoded' => ["GET $api?{ok}&e=%2FBase%2FUser%2F1", ...$in('e')];
        yield 'e, encoded twice' => ["GET $api?{ok}&e=%252FBase%252FUser%252F1", ...$in('e')];
        yield 'e before the query' => ["GET $api?/Tickets/Ticket/2&{ok}&e=/Base/User/1", ...$in('e')];
        yield 'e before path-info' => ["GET $api/Tickets/Ticket/2?{ok}&e=/Base/User/1", ...$in('e')];
        yield 'the last e' => ["GET $api?e=/Tickets/Ticket/2&e=/Base/User/1&{ok}", ...$in('e')];
        yield 'e that holds everything' => ["GET $api?e=%2FBase%2FUser%2F1%26{ok%}", ...$in('e')];
        yield 'e after the rewrite rule' => [
            'GET /api/index.php&{ok/}&e=/Base/User/1', ...$in('e'), '', '', 'rewrite',
        ];
        yield 'e of a form by POST' => ["POST $api", ...$in('e'), self::FORM, 'e=/Base/User/1&{ok}'];
        yield 'e of multipart by POST' => ["POST $api", ...$in('e'), 'multipart', 'e=/Base/User/1&{ok}'];
        yield 'e of a form by PUT' => ["PUT $api", ...$in('e'), self::FORM, 'e=/Base/User/1&{ok}'];
        yield "the body's e before the query's" => [
            "POST $api?e=/Tickets/Ticket/2", ...$in('e'), self::FORM, 'e=/Base/User/1&{ok}',
        ];
        yield "the body's e before path-info" => [
            "PUT $api/Tickets/Ticket/2", ...$in('e'), self::FORM, 'e=/Base/User/1&{ok}',
        ];
        yield 'a rewritten path' => ['GET /api/Base/User/1&{ok/}', ...$in('query'), '', '', 'rewrite'];
        yield 'not e without its slash' => ["GET $api?/Base/User/1&e=Tickets/Ticket/2&{ok}", ...$in('query')];
        yield 'not an empty e' => ["GET $api?/Base/User/1&e=&{ok}", ...$in('query')];
        yield 'not e as an array' => ["GET $api?/Base/User/1&e[]=/Tickets/Ticket&{ok}", ...$in('query')];
        yield 'not e without its slash, but path-info' => ["GET $api/Base/User/1?e=a/b&{ok}", ...$in('path-info')];
        yield "not the query's e if the body has a bad one" => [
            "POST $api/Base/User/1?e=/Tickets/Ticket/2", ...$in('path-info'), self::FORM, 'e=bad&{ok}',
        ];
        yield "not the query's e if the body has an array" => [
            "PUT $api/Base/User/1?e=/Tickets/Ticket/2", ...$in('path-info'), self::FORM, 'e[]=/a/b&{ok}',
        ];
        yield 'not e in the body of a DELETE' => [
            "DELETE $api?/Base/User/1&{ok}", ...$in('query'), self::FORM, 'e=/Tickets/Ticket/2',
        ];
        yield 'not e in the body of a GET' => [
            "GET $api?/Base/User/1&{ok}", ...$in('query'), self::FORM, 'e=/Tickets/Ticket/2',
        ];
        yield 'not e in JSON' => [
            "POST $api?/Base/User/1", ...$in('query'), self::JSON, '{"e":"/Tickets/Ticket/2",{json}}',
        ];
        yield 'not e in the body of a multipart PUT' => [
            "PUT $api?/Base/User/1&{ok}", ...$in('query'), 'multipart', 'e=/Tickets/Ticket/2',
        ];
        yield 'not e in the text of a POST' => [
            "POST $api?/Base/User/1", ...$in('query'), 'text/plain', 'e=/Tickets/Ticket/2&{ok}',
        ];
        yield 'repeated slashes' => ["GET $api?//Base///User//1/&{ok}", 'query', '//Base///User//1/', ['1']];
        yield 'no arguments' => ["GET $api?/Base/User&{ok}", 'query', '/Base/User', []];
        yield 'two arguments' => ["GET $api?/Base/User/1/b&{ok}", 'query', '/Base/User/1/b', ['1', 'b']];
        yield 'the argument 0' => ["GET $api?/Base/User/0&{ok}", 'query', '/Base/User/0', ['0']];
        yield 'an app in any case' => ["GET $api?/bAsE/User/1&{ok}", 'query', '/bAsE/User/1', ['1']];
        yield 'spaces around a piece' => ["GET $api/%20Base/User%09/1?{ok}", 'path-info', "/ Base/User\t/1", ['1']];
        yield 'a space in an argument' => ["GET $api/Base/User/a%20b?{ok}", 'path-info', '/Base/User/a b', ['a b']];
        yield '%252 as a slash' => ["GET $api?%252Base%252User%2521&{ok}", 'query', '/%252Base%252User%2521', ['1']];
        yield 'an encoded argument' => ["GET $api?/Base/User/%2F&{ok}", 'query', '/Base/User/%2F', ['%2F']];
        yield 'every character that an argument may hold' => [
            "GET $api?/Base/User/aZ09,~%.:=_-&{ok}", 'query', '/Base/User/aZ09,~%.:=_-', ['aZ09,~%.:=_-'],
        ];
    }

    /** @dataProvider controllers */
    public function testTheControllersAreThoseOfTheVendor(string $app, string $controllers): void
    {
        foreach (explode(' ', $controllers) as $controller) {
            $answer = $this->assertAnswer(200, 'fields', "GET /api/index.php?/$app/$controller&{ok}");
            $this->assertSame([$app, $controller], [$answer->app, $answer->controller]);
        }
    }

    /** @return iterable<array{string, string}> */
    public function controllers(): iterable
    {
        yield ['Base', 'Department Staff StaffGroup User UserGroup UserOrganization UserSearch CustomField'
            . ' CustomFieldGroup'];
        yield ['Core', 'Test TestAPI'];
        yield ['Tickets', 'Ticket TicketAttachment TicketCount TicketCustomField TicketNote TicketPost TicketPriority'
            . ' TicketSearch TicketStatus TicketTimeTrack TicketType'];
        yield ['Knowledgebase', 'Article Attachment Category Comment'];
        yield ['News', 'Category Comment NewsItem Subscriber'];
        yield ['Troubleshooter', 'Attachment Category Comment Step'];
    }

    /** @dataProvider noRoutes */
    public function testTheAnswerIsAPageIfThereIsNoRoute(
        string $request,
        int $status = 404,
        string $type = '',
        string $body = '',
    ): void {
        $this->assertAnswer($status, 'route', $request, $type, $body);
    }

    /** @return iterable<string, array> */
    public function noRoutes(): iterable
    {
        $api = '/api/index.php';
        yield 'nothing' => ["GET $api"];
        yield 'nothing after the question mark' => ["GET $api?"];
        yield 'a slash' => ["GET $api?/"];
        yield 'only credentials' => ["GET $api?{ok}"];
        yield 'credentials before the route' => ["GET $api?{ok}&/Base/User/1"];
        yield 'an encoded route' => ["GET $api?%2FBase%2FUser&{ok}"];
        yield 'an encoded route as a dictionary writes it' => ["GET $api?%2FBase%2FUser%2F1=&{ok}"];
        yield 'only an app' => ["GET $api?/Tickets&{ok}"];
        yield 'only an app in path-info' => ["GET $api/Tickets?/Base/User&{ok}"];
        yield 'an unknown app' => ["GET $api?/Nothing/User&{ok}"];
        yield 'an unknown controller' => ["GET $api?/Base/Nothing&{ok}"];
        yield 'a controller of another app' => ["GET $api?/Tickets/User&{ok}"];
        yield 'a controller in lower case' => ["GET $api?/Base/user&{ok}"];
        yield 'a question mark after the controller' => ["GET $api?/Tickets/TicketCustomField?7&{ok}"];
        yield 'a question mark before the credentials' => ["GET $api?/Base/User?{ok}"];
        yield 'a second question mark in front' => ["GET $api??/Base/User&{ok}"];
        yield 'e without its slash' => ["GET $api?e=Base/User/1&{ok}"];
        yield 'e, encoded three times' => ["GET $api?{ok}&e=%25252FBase%25252FUser"];
        yield 'an empty e' => ["GET $api?e=&{ok}"];
        yield 'e as an array' => ["GET $api?e[]=/Base/User&{ok}"];
        yield "the body's bad e before the query's good one" => [
            "POST $api?e=/Base/User", 404, self::FORM, 'e=bad&{ok}',
        ];
        yield "the body's empty e before the query's good one" => ["PUT $api?e=/Base/User", 404, self::FORM, 'e=&{ok}'];
        yield 'e in the body of a DELETE' => ["DELETE $api", 404, self::FORM, 'e=/Base/User&{ok}'];
        yield 'e in JSON' => ["POST $api", 404, self::JSON, '{"e":"/Base/User",{json}}'];
        yield 'e in the body of a multipart PUT' => ["PUT $api", 404, 'multipart', 'e=/Base/User&{ok}'];
        yield 'e in the text of a POST' => ["POST $api", 404, 'text/plain', 'e=/Base/User&{ok}'];
        yield 'a route in the body, without e' => ["POST $api", 404, self::FORM, '/Base/User&{ok}'];
        yield 'an unknown app, with wrong credentials' => ["GET $api?/Nothing/User&apikey=wrong"];
        yield 'an unknown app, with an unknown method' => ["PATCH $api?/Nothing/User"];
        yield 'an at sign in an argument' => ["GET $api?/Base/User/a@b&{ok}", 400];
        yield 'a bracket in an argument' => ["GET $api?/Base/User/1/(a)&{ok}", 400];
        yield 'a plus in an argument' => ["GET $api?/Base/User/a+b&{ok}", 400];
        yield 'a question mark in an argument' => ["GET $api?/Base/User/1?{ok}", 400];
        yield 'a letter outside ASCII' => ["GET $api/Base/User/%C3%A9?{ok}", 400];
        yield 'a bad argument, with an unknown method' => ["PATCH $api?/Base/User/a@b&{ok}", 400];
        yield 'a bad argument, without credentials' => ["GET $api?/Base/User/a@b", 400];
        yield 'a bad argument of an unknown controller' => ["GET $api?/Base/Nothing/a@b&{ok}", 404];
    }

    // ---- Stage 3: the method ----

    /** @dataProvider otherMethods */
    public function testAnotherMethodIsAnExceptionWithStatus200(string $request, string $type = ''): void
    {
        $answer = $this->assertAnswer(200, 'method', $request, $type);
        if (!str_starts_with($request, 'HEAD')) {
            $this->assertStringStartsWith('Uncaught Exception', $answer);
        }
    }

    /** @return iterable<string, array{0: string, 1?: string}> */
    public function otherMethods(): iterable
    {
        yield 'HEAD' => ['HEAD /api/index.php?/Base/User&{ok}'];
        yield 'OPTIONS' => ['OPTIONS /api/index.php?/Base/User&{ok}'];
        yield 'PATCH' => ['PATCH /api/index.php?/Base/User&{ok}'];
        yield 'PATCH of JSON' => ['PATCH /api/index.php?/Base/User&{ok}', self::JSON];
        yield 'without credentials' => ['PATCH /api/index.php?/Base/User'];
    }

    // ---- Stage 4: the container ----

    /**
     * @dataProvider containers
     * @param array<string, mixed> $parameters
     */
    public function testTheParametersAreReadFromOneContainer(
        string $request,
        string $container,
        array $parameters,
        string $type = '',
        string $body = ''
    ): void {
        $answer = $this->assertAnswer(200, 'fields', $request, $type, $body);
        $this->assertSame($container, $answer->container);
        $this->assertEquals((object) $parameters, $answer->parameters);
    }

    /** @return iterable<string, array> */
    public function containers(): iterable
    {
        [$route, $a, $b] = ['/api/index.php?/Base/User/1', ['a' => '1'], ['b' => '2']];
        foreach (['GET', 'DELETE'] as $method) {
            yield "$method" => ["$method $route&{ok}&a=1", 'query', $a];
            yield "$method with a form" => ["$method $route&{ok}&a=1", 'query', $a, self::FORM, 'b=2'];
            yield "$method with multipart" => ["$method $route&{ok}&a=1", 'query', $a, 'multipart', 'b=2'];
            yield "$method with text" => ["$method $route&{ok}&a=1", 'query', $a, 'text/plain', 'b=2'];
        }
        yield 'POST of a form' => ["POST $route&a=1", 'form', $b, self::FORM, '{ok}&b=2'];
        yield 'POST of multipart' => ["POST $route&a=1", 'multipart', $b, 'multipart', '{ok}&b=2'];
        yield 'POST of a form in capitals' => ["POST $route", 'form', $b, strtoupper(self::FORM), '{ok}&b=2'];
        yield 'POST of a form with a charset' => [
            "POST $route", 'form', $b, self::FORM . '; charset=UTF-8', '{ok}&b=2',
        ];
        yield 'POST of a form and a comma' => ["POST $route", 'form', $b, self::FORM . ', a', '{ok}&b=2'];
        yield 'POST of a form that also has e' => ["POST $route", 'form', $b, self::FORM, 'e=x&{ok}&b=2'];
        yield 'POST of text' => ["POST $route", 'raw', $b, 'text/plain', '{ok}&b=2'];
        yield 'POST of multipart without a boundary' => [
            "POST $route", 'raw', $b, 'multipart/form-data', '{ok}&b=2',
        ];
        yield 'POST of a body without a type' => ["POST $route", 'raw', $b, '', '{ok}&b=2'];
        yield 'PUT of a form' => ["PUT $route&a=1", 'form', $b, self::FORM, '{ok}&b=2'];
        yield 'PUT of a form with a charset' => [
            "PUT $route", 'form', $b, self::FORM . '; charset=UTF-8', '{ok}&b=2',
        ];
        yield 'PUT of a form somewhere in the type' => ["PUT $route", 'form', $b, 'a; ' . self::FORM, '{ok}&b=2'];
        yield 'PUT of an empty form' => ["PUT $route&a=1&{ok}", 'query', $a, self::FORM, ''];
        yield 'PUT of ampersands' => ["PUT $route&a=1&{ok}", 'query', $a, self::FORM, '&&'];
        yield 'PUT of a form with only e' => [
            'PUT /api/index.php?a=1&{ok}', 'query', $a, self::FORM, 'e=/Base/User/1',
        ];
        yield 'PUT of a form with only a bad e' => ["PUT $route&a=1&{ok}", 'query', $a, self::FORM, 'e=x'];
        yield 'PUT of a form in capitals' => ["PUT $route&a=1&{ok}", 'query', $a, strtoupper(self::FORM), 'b=2'];
        yield 'PUT of multipart' => ["PUT $route&a=1&{ok}", 'query', $a, 'multipart', 'b=2'];
        yield 'PUT of text' => ["PUT $route&a=1&{ok}", 'query', $a, 'text/plain', 'b=2'];
        yield 'PUT of a body without a type' => ["PUT $route&a=1&{ok}", 'query', $a, '', 'b=2'];
        yield 'PUT without a body' => ["PUT $route&a=1&{ok}", 'query', $a];
        foreach (['GET', 'POST', 'PUT', 'DELETE'] as $method) {
            yield "$method of JSON" => ["$method $route&a=1", 'json', $b, self::JSON, '{"b":"2",{json}}'];
        }
        yield 'JSON with a charset' => ["POST $route", 'json', $b, self::JSON . '; charset=UTF-8', '{"b":"2",{json}}'];
        yield 'JSON somewhere in the type' => ["PUT $route", 'json', $b, 'x/' . self::JSON, '{"b":"2",{json}}'];
        yield 'JSON before a form' => ["PUT $route", 'json', $b, self::FORM . ';' . self::JSON, '{"b":"2",{json}}'];
        yield 'JSON with e' => ["POST $route", 'json', $b, self::JSON, '{"b":"2","e":"/a",{json}}'];
        yield 'not JSON in capitals' => ["GET $route&a=1&{ok}", 'query', $a, 'Application/JSON', '{"b":"2"}'];
        yield 'not a related type' => ["GET $route&a=1&{ok}", 'query', $a, 'application/vnd.a+json', '{"b":"2"}'];
        foreach (['GET', 'PUT', 'DELETE'] as $method) {
            yield "$method, path-info and a raw body" => [
                "$method /api/index.php/Base/User/1", 'raw', $b, 'text/plain', '{ok}&b=2',
            ];
            yield "$method, e and a raw body" => [
                "$method /api/index.php?e=/Base/User/1", 'raw', $b, 'text/plain', '{ok}&b=2&e=/a',
            ];
        }
        yield 'GET, path-info and a raw form' => ['GET /api/index.php/Base/User/1', 'raw', $b, self::FORM, '{ok}&b=2'];
        yield 'e, which is in no container' => ["GET $route&{ok}&a=1&e=x", 'query', $a];
        yield 'a parameter that the route brings along' => ['GET /api/index.php/Base/User/1&{ok/}&a=1', 'query', $a];
        yield 'a parameter that e brings along' => ['GET /api/index.php?{ok}&e=/Base/User/1%26a=1', 'query', $a];
        yield 'a parameter that e brings along, decoded once more' => [
            'GET /api/index.php?{ok}&e=/Base/User/1%26a=%252531', 'query', $a,
        ];
        yield 'a parameter of the query before that of the route' => [
            'GET /api/index.php/Base/User/1&a=2&{ok/}?a=1', 'query', $a,
        ];
        yield 'a parameter that e of a form by PUT brings along' => [
            'PUT /api/index.php', 'query', $a, self::FORM, 'e=/Base/User/1%26a%3D1%26{ok%}',
        ];
    }

    /** @dataProvider otherContainers */
    public function testCredentialsInAnotherContainerAreNotRead(string $request, string $type, string $body): void
    {
        $answer = $this->assertAnswer(401, 'authentication', $request, $type, $body);
        $this->assertSame(self::NO_SALT, $answer);
    }

    /** @return iterable<string, array{string, string, string}> */
    public function otherContainers(): iterable
    {
        $route = '/api/index.php?/Base/User/1';
        yield 'POST of a form, in the query' => ["POST $route&{ok}", self::FORM, 'a=1'];
        yield 'POST without a body, in the query' => ["POST $route&{ok}", '', ''];
        yield 'POST of multipart, in the query' => ["POST $route&{ok}", 'multipart', 'a=1'];
        yield 'POST of text, in the query' => ["POST $route&{ok}", 'text/plain', 'a=1'];
        yield 'PUT of a form, in the query' => ["PUT $route&{ok}", self::FORM, 'a=1'];
        yield 'PUT of multipart, in the body' => ["PUT $route", 'multipart', '{ok}'];
        yield 'PUT of text, in the body' => ["PUT $route", 'text/plain', '{ok}'];
        yield 'PUT of a form in capitals, in the body' => ["PUT $route", strtoupper(self::FORM), '{ok}'];
        yield 'GET, in the body' => ["GET $route", self::FORM, '{ok}'];
        yield 'DELETE, in the body' => ["DELETE $route", self::FORM, '{ok}'];
        yield 'GET with path-info and a parameter, in the body' => [
            'GET /api/index.php/Base/User/1?a=1', self::FORM, '{ok}',
        ];
        yield 'JSON, in the query' => ["GET $route&{ok}", self::JSON, '{"a":1}'];
        yield 'JSON that is empty, in the query' => ["GET $route&{ok}", self::JSON, '{}'];
        yield 'JSON type without a body' => ["GET $route&{ok}", self::JSON, ''];
        yield 'JSON type with a form' => ["POST $route", self::JSON, '{ok}'];
        yield 'JSON that is a list' => ["POST $route", self::JSON, '[{{json}}]'];
        yield 'JSON with a byte order mark' => ["POST $route", self::JSON, "\u{FEFF}{{json}}"];
        yield 'JSON with a trailing comma' => ["POST $route", self::JSON, '{{json},}'];
        yield 'JSON that is cut off' => ["POST $route", self::JSON, '{{json}'];
        yield 'JSON in capitals, with JSON' => ["POST $route", 'Application/JSON', '{{json}}'];
    }

    // ---- Stage 5: authentication ----

    /** @dataProvider credentials */
    public function testTheCredentialsAreComparedAsOnTheServer(
        string $query,
        string $text,
        string $type = '',
        string $body = '',
    ): void {
        $isAccepted = $text === '';
        $answer = $this->assertAnswer(
            $isAccepted ? 200 : 401,
            $isAccepted ? 'fields' : 'authentication',
            "GET /api/index.php?/Base/User/1$query",
            $type,
            $body,
        );
        if (!$isAccepted) {
            $this->assertSame($text, $answer);
        }
    }

    /** @return iterable<string, array> */
    public function credentials(): iterable
    {
        $given = '&apikey={apikey}&salt={salt}&signature=';
        yield 'good' => [$given . '{signature}', ''];
        yield 'a raw signature' => ["$given{raw}", ''];
        $other = '&apikey={apikey}&salt=1000000009&signature=';
        yield 'escaped spaces instead of pluses' => ["$other{other with spaces}", ''];
        yield 'a raw plus' => ["$other{other}", ''];
        yield 'a line break after the signature' => [$given . '{signature}%0A', ''];
        yield 'a line break before the signature' => ["$given%0D%0A{signature}", ''];
        yield 'a space after the signature' => [$given . '{signature}%20', self::FAILED];
        yield 'white space around the API key' => ['&apikey=%20{apikey}%20%0A&salt={salt}&signature={signature}', ''];
        yield 'the API key in capitals' => ['&apikey=APIKEY&salt={salt}&signature={signature}', self::FAILED];
        yield 'a space after the salt' => ['&apikey={apikey}&salt={salt}%20&signature={signature}', self::FAILED];
        yield 'no credentials' => ['', self::NO_SALT];
        yield 'no salt' => ['&apikey={apikey}&signature={signature}', self::NO_SALT];
        yield 'an empty salt' => ['&apikey={apikey}&salt=&signature={signature}', self::NO_SALT];
        yield 'the salt 0' => ['&apikey={apikey}&salt=0&signature={signature}', self::NO_SALT];
        yield 'the salt 00' => ['&apikey={apikey}&salt=00&signature={signature}', self::FAILED];
        yield 'a salt of one space' => ['&apikey={apikey}&salt=%20&signature={signature}', self::FAILED];
        yield 'a wrong API key' => ['&apikey=wrong&salt={salt}&signature={signature}', self::FAILED];
        yield 'no API key' => ['&salt={salt}&signature={signature}', self::FAILED];
        yield 'no signature' => ['&apikey={apikey}&salt={salt}', self::FAILED];
        yield 'an empty signature' => [$given, self::FAILED];
        yield 'a wrong signature' => [$given . 'AAAA', self::FAILED];
        yield 'a signature for another salt' => ['&apikey={apikey}&salt=1&signature={signature}', self::FAILED];
        yield 'a signature encoded twice' => [$given . '{twice}', self::FAILED];
        yield 'a signature without padding' => [$given . '{unpadded}', self::FAILED];
        yield 'a URL-safe signature' => ["$other{other, URL-safe}", self::FAILED];
        yield 'a signature in hexadecimal' => [$given . '{hex}', self::FAILED];
        yield 'base64 of a signature in hexadecimal' => [$given . '{base64 of hex}', self::FAILED];
        yield 'the last salt' => ['&apikey={apikey}&salt=1&signature={signature}&salt={salt}', ''];
        yield 'a last salt that is wrong' => ['&{ok}&salt=1', self::FAILED];
        yield 'names as PHP reads them' => ['&%20apikey={apikey}&salt%00x={salt}&signature={signature}', ''];
        yield 'names with amp;' => ['&apikey={apikey}&amp;salt={salt}&amp;signature={signature}', self::NO_SALT];
        yield 'names in capitals' => ['&APIKEY={apikey}&SALT={salt}&SIGNATURE={signature}', self::NO_SALT];
        $json = fn (string $salt) => "{\"apikey\":\"{apikey}\",\"salt\":$salt,\"signature\":\"{raw}\"}";
        yield 'JSON' => ['', '', self::JSON, $json('"{salt}"')];
        yield 'JSON with a number as the salt' => ['', '', self::JSON, $json('{salt}')];
        yield 'JSON with a number in another notation' => ['', '', self::JSON, $json('1.23456789e9')];
        yield 'JSON with a number that is too precise' => ['', '', self::JSON, $json('1234567890.0000000001')];
        yield 'JSON with a number of another value' => ['', self::FAILED, self::JSON, $json('1234567890.5')];
        yield 'JSON with the salt 0' => ['', self::NO_SALT, self::JSON, $json('0')];
        yield 'JSON with the salt 0.0' => ['', self::NO_SALT, self::JSON, $json('-0.0')];
        yield 'JSON with the salt "0.0"' => ['', self::FAILED, self::JSON, $json('"0.0"')];
        yield 'JSON with the salt null' => ['', self::NO_SALT, self::JSON, $json('null')];
        yield 'JSON with the salt false' => ['', self::NO_SALT, self::JSON, $json('false')];
        yield 'JSON with the salt true' => ['', self::FAILED, self::JSON, $json('true')];
        yield 'JSON with an empty list as the salt' => ['', self::NO_SALT, self::JSON, $json('[]')];
    }

    /** @dataProvider arrays */
    public function testAnArrayIsAnErrorOfPhpWithStatus200(
        string $query,
        string $type = '',
        string $body = '',
    ): void {
        $request = "GET /api/index.php?/Base/User/1$query";
        $answer = $this->assertAnswer(200, 'authentication', $request, $type, $body);
        $this->assertMatchesRegularExpression('/^\w+\(\): Argument #\d .*, (array|stdClass) given$/', $answer);
    }

    /** @return iterable<string, array> */
    public function arrays(): iterable
    {
        yield 'the salt' => ['&apikey={apikey}&salt[]={salt}&signature={signature}'];
        yield 'the salt with a key' => ['&apikey={apikey}&salt[x]={salt}&signature={signature}'];
        yield 'the signature' => ['&apikey={apikey}&salt={salt}&signature[]={signature}'];
        yield 'the API key' => ['&apikey[]={apikey}&salt={salt}&signature={signature}'];
        yield 'one of them, and the others are wrong' => ['&apikey=wrong&salt=1&signature[]=wrong'];
        yield 'one of them, and another is missing' => ['&apikey[]={apikey}&salt=1'];
        yield 'a salt that an array replaces' => ['&{ok}&salt[]=1'];
        $json = '{"apikey":"{apikey}","salt":"{salt}","signature":';
        yield 'a list in JSON' => ['', self::JSON, $json . '["{raw}"]}'];
        yield 'an object in JSON' => ['', self::JSON, $json . '{"a":"{raw}"}}'];
        yield 'an empty object as the salt' => ['', self::JSON, '{"apikey":"{apikey}","salt":{},"signature":"{raw}"}'];
    }

    public function testAnArrayIsAnErrorOnlyIfThereIsASalt(): void
    {
        $request = 'GET /api/index.php?/Base/User/1&apikey[]=1&signature[]=1';
        $this->assertSame(self::NO_SALT, $this->assertAnswer(401, 'authentication', $request));
    }

    /** @dataProvider switchedOff */
    public function testAnApiThatIsSwitchedOffAnswersAnEmpty403(string $request, int $status, string $stage): void
    {
        $answer = $this->assertAnswer($status, $stage, $request, headers: ['Stand-In-Api: off']);
        if ($status === 403) {
            $this->assertSame('', $answer);
        }
    }

    /** @return iterable<string, array{string, int, string}> */
    public function switchedOff(): iterable
    {
        yield 'good credentials' => ['GET /api/index.php?/Base/User/1&{ok}', 403, 'authentication'];
        yield 'no credentials' => ['GET /api/index.php?/Base/User/1', 403, 'authentication'];
        yield 'not before the method' => ['PATCH /api/index.php?/Base/User/1&{ok}', 200, 'method'];
        yield 'not before the route' => ['GET /api/index.php?{ok}', 404, 'route'];
    }

    // ---- Stage 6: the fields ----

    /**
     * @dataProvider fields
     * @param array<string, mixed> $fields
     */
    public function testFieldsAreReadOnlyFromBodiesInWhichTheServerReadsThem(
        string $request,
        array $fields,
        string $type = '',
        string $body = '',
    ): void {
        $answer = $this->assertAnswer(200, 'fields', $request, $type, $body);
        $this->assertEquals((object) $fields, $answer->fields);
    }

    /** @return iterable<string, array> */
    public function fields(): iterable
    {
        [$route, $b] = ['/api/index.php?/Base/User/1', ['b' => '2']];
        yield 'POST of a form' => ["POST $route&a=1", $b, self::FORM, '{ok}&b=2'];
        yield 'POST of multipart' => ["POST $route&a=1", $b, 'multipart', '{ok}&b=2'];
        yield 'POST of a form with e' => ['POST /api/index.php', $b, self::FORM, 'e=/Base/User/1&{ok}&b=2'];
        yield 'PUT of a form' => ["PUT $route&a=1", $b, self::FORM, '{ok}&b=2'];
        yield 'PUT of a form with e' => ['PUT /api/index.php', $b, self::FORM, 'e=/Base/User/1&{ok}&b=2'];
        yield 'PUT of a raw body' => ['PUT /api/index.php/Base/User/1', $b, 'text/plain', '{ok}&b=2'];
        yield 'PUT of a raw body, by e' => ['PUT /api/index.php?e=/Base/User/1', $b, 'text/plain', '{ok}&b=2'];
        yield 'POST of a file, as two fields' => [
            'POST /api/index.php?/Tickets/TicketAttachment',
            ['filename' => 'a.txt', 'contents' => 'YWJj'],
            self::FORM,
            '{ok}&filename=a.txt&contents=YWJj',
        ];
        yield 'not a POST of text' => ["POST $route", [], 'text/plain', '{ok}&b=2'];
        yield 'not a POST of a body without a type' => ["POST $route", [], '', '{ok}&b=2'];
        yield 'not a POST of JSON' => ["POST $route", [], self::JSON, '{"b":"2",{json}}'];
        yield 'not a PUT of JSON' => ["PUT $route", [], self::JSON, '{"b":"2",{json}}'];
        yield 'not the body of a multipart PUT' => ["PUT $route&{ok}", [], 'multipart', 'b=2'];
        yield 'not the query of a PUT' => ["PUT $route&{ok}&a=1", []];
        yield 'not the query of a form PUT' => ["PUT $route&{ok}&a=1", [], self::FORM];
        yield 'not the body of a text PUT' => ["PUT $route&{ok}", [], 'text/plain', 'b=2'];
        yield 'not the query of a GET' => ["GET $route&{ok}&a=1", []];
        yield 'not the body of a GET' => ["GET $route&{ok}", [], self::FORM, 'b=2'];
        yield 'not the raw body of a GET' => ['GET /api/index.php/Base/User/1', [], self::FORM, '{ok}&b=2'];
        yield 'not the body of a DELETE' => ["DELETE $route&{ok}", [], self::FORM, 'b=2'];
    }

    // ---- The parameters, as PHP reads them ----

    /**
     * @dataProvider names
     * @param array<string, mixed> $parameters
     */
    public function testPhpChangesNamesAsItReadsThem(string $text, array $parameters): void
    {
        $inQuery = $this->assertAnswer(200, 'fields', "GET /api/index.php?/Base/User/1&{ok}&$text");
        $inForm = $this->assertAnswer(200, 'fields', 'PUT /api/index.php?/Base/User/1', self::FORM, "{ok}&$text");
        $inPost = $this->assertAnswer(200, 'fields', 'POST /api/index.php?/Base/User/1', self::FORM, "{ok}&$text");
        $expected = json_decode(json_encode((object) $parameters));
        foreach ([$inQuery, $inForm, $inPost] as $answer) {
            $this->assertEquals($expected, $answer->parameters);
        }
    }

    /** @return iterable<string, array{string, array<string, mixed>}> */
    public function names(): iterable
    {
        yield 'leading spaces' => ['%20+a=1', ['a' => '1']];
        yield 'dots and spaces' => ['a.b+c=1', ['a_b_c' => '1']];
        yield 'NUL' => ['a%00b=1', ['a' => '1']];
        yield 'brackets' => ['a[]=1&a[x]=2', ['a' => ['0' => '1', 'x' => '2']]];
        yield 'a repeated name' => ['a=1&a=2', ['a' => '2']];
        yield '65 levels of brackets' => ['b=1&a' . str_repeat('[]', 65) . '=1', ['b' => '1']];
        yield 'no name' => ['=1&b=1', ['b' => '1']];
    }

    public function testAThousandParametersOfAPartAreRead(): void
    {
        $query = fn (int $count) => str_repeat('a[]=1&', $count) . '{ok}';
        // One more is the route, and three are the credentials.
        $this->assertAnswer(200, 'fields', 'GET /api/index.php?e=/Base/User&' . $query(996));
        $this->assertAnswer(401, 'authentication', 'GET /api/index.php?e=/Base/User&' . $query(997));
        $this->assertAnswer(200, 'fields', 'PUT /api/index.php?/Base/User', self::FORM, $query(997));
        $this->assertAnswer(401, 'authentication', 'PUT /api/index.php?/Base/User', self::FORM, $query(998));
        $this->assertAnswer(200, 'fields', 'POST /api/index.php?/Base/User', 'multipart', $query(997));
        $this->assertAnswer(401, 'authentication', 'POST /api/index.php?/Base/User', 'multipart', $query(998));
    }

    public function testTheFormOfAPostMayHaveOneParameterMoreAndEmptyOnesCount(): void
    {
        $route = '/api/index.php?/Base/User';
        $form = fn (int $count) => str_repeat('a[]=1&', $count) . '{ok}';
        $this->assertAnswer(200, 'fields', "POST $route", self::FORM, $form(998));
        $this->assertAnswer(401, 'authentication', "POST $route", self::FORM, $form(999));
        $this->assertAnswer(401, 'authentication', "POST $route", self::FORM, '&' . $form(998));
        // Elsewhere, only parameters with a name or a value are counted.
        $this->assertAnswer(200, 'fields', "PUT $route", self::FORM, '&&' . $form(997));
        $this->assertAnswer(200, 'fields', "GET $route&&&" . $form(996));
    }

    public function testARawNulEndsTheFormOfAPutButNotThatOfAPost(): void
    {
        $put = $this->assertAnswer(200, 'fields', 'PUT /api/index.php?/Base/User', self::FORM, "{ok}&a=1\0&b=2");
        $this->assertEquals((object) ['a' => '1'], $put->fields);
        $post = $this->assertAnswer(200, 'fields', 'POST /api/index.php?/Base/User', self::FORM, "{ok}&a=1\0&b=2");
        $this->assertEquals((object) ['a' => "1\0", 'b' => '2'], $post->fields);
    }

    public function testParametersInTheRouteAreCountedSeparately(): void
    {
        $query = fn (int $count) => str_repeat('a[]=1&', $count) . '{ok}';
        $this->assertAnswer(200, 'fields', 'GET /api/index.php?/Base/User&' . $query(997));
        $this->assertAnswer(401, 'authentication', 'GET /api/index.php?/Base/User&' . $query(998));
    }

    // ---- The stand-in itself ----

    public function testItsEnvironmentMayChooseTheWebServer(): void
    {
        $standIn = new StandIn(['KAYAKO_WEB' => 'rewrite']);
        [$status] = $standIn->exchange('GET', 'http://localhost/api/Base/User/1', '', '');
        $this->assertSame(401, $status);
        [$status] = $standIn->exchange('GET', 'http://localhost/api/Base/User/1', '', '', ['Stand-In-Web: plain']);
        $this->assertSame(404, $status);
    }

    public function testItsEnvironmentMayNameTheKeys(): void
    {
        $standIn = new StandIn(['KAYAKO_SECRET_KEY' => 'secret key']);
        $credentials = 'apikey=apikey&salt=random+salt&signature=2j7Xiz4VMMKYDaSmXG/9ZuEmbxlO9v7vMBw3DVKZL08=';
        [$status] = $standIn->exchange('GET', $standIn->api("/Base/User/1&$credentials"), '', '');
        $this->assertSame(200, $status);
    }

    public function testABoundaryMayHoldTheWordBoundary(): void
    {
        $boundary = '----WebKitFormBoundary7MA4YWxkTrZu0gW';
        $type = "multipart/form-data; boundary=$boundary";
        $body = str_replace('--' . substr(Multipart::CONTENT_TYPE, 30), "--$boundary", self::multipart('{ok}&b=2'));
        $answer = $this->assertAnswer(200, 'fields', 'POST /api/index.php?/Base/User/1', $type, $body);
        $this->assertEquals((object) ['b' => '2'], $answer->fields);
    }

    public function testAFileIsNotAField(): void
    {
        $file = Multipart::file('contents', 'a.txt', 'abc');
        $body = self::multipart('{ok}', $file);
        $request = 'POST /api/index.php?/Base/User/1';
        $answer = $this->assertAnswer(200, 'fields', $request, Multipart::CONTENT_TYPE, $body);
        $this->assertSame(hash('sha256', 'abc'), $answer->files->contents->sha256);
        $this->assertEquals((object) [], $answer->fields);
    }

    /**
     * Sends a request, checks the status and the stage, and returns the answer: decoded JSON, or text.
     *
     * @param list<string> $headers
     */
    private function assertAnswer(
        int $status,
        string $stage,
        string $request,
        string $type = '',
        string $body = '',
        string $web = 'plain',
        array $headers = [],
    ): mixed {
        [$method, $url] = explode(' ', strtr($request, self::placeholders()), 2);
        $body = $type === 'multipart' ? self::multipart($body) : strtr($body, self::placeholders());
        $type = $type === 'multipart' ? Multipart::CONTENT_TYPE : $type;
        $headers[] = "Stand-In-Web: $web";
        $answer = self::$standIn->exchange($method, "http://localhost$url", $type, $body, $headers);
        $this->assertSame([$status, $stage], [$answer[0], $answer[1]]);
        if ($method !== 'HEAD' && in_array($stage, ['web', 'route'], true)) {
            $this->assertSame($status === 200, !str_contains($answer[2], '<html>'));
        }
        return json_decode($answer[2]) ?? $answer[2];
    }

    /** Returns a multipart body with the other parts and then the fields of a form. */
    private static function multipart(string $form, string ...$parts): string
    {
        foreach (explode('&', strtr($form, self::placeholders())) as $field) {
            $parts[] = Multipart::field(...array_map(urldecode(...), explode('=', $field, 2)));
        }
        return Multipart::body($parts);
    }

    /** @return array<string, string> */
    private static function placeholders(): array
    {
        $credentials = ['apikey' => 'apikey', 'salt' => '1234567890', 'signature' => self::SIGNATURE];
        $hex = bin2hex(base64_decode(self::SIGNATURE));

        return [
            '{ok}' => http_build_query($credentials),
            // For a path, in which an escaped slash is refused. This signature has no slash.
            '{ok/}' => urldecode(http_build_query($credentials)),
            // For a value that is decoded twice.
            '{ok%}' => urlencode(http_build_query($credentials)),
            '{json}' => substr(json_encode($credentials), 1, -1),
            '{apikey}' => $credentials['apikey'],
            '{salt}' => $credentials['salt'],
            '{signature}' => urlencode(self::SIGNATURE),
            '{raw}' => self::SIGNATURE,
            '{other+}' => 'apikey=apikey&salt=1000000009&signature=' . str_replace('+', '%2B', self::OTHER_SIGNATURE),
            '{other}' => self::OTHER_SIGNATURE,
            '{other with spaces}' => str_replace('+', '%20', self::OTHER_SIGNATURE),
            '{other, URL-safe}' => strtr(self::OTHER_SIGNATURE, '+/', '-_'),
            '{twice}' => urlencode(urlencode(self::SIGNATURE)),
            '{unpadded}' => rtrim(self::SIGNATURE, '='),
            '{hex}' => $hex,
            '{base64 of hex}' => urlencode(base64_encode($hex)),
        ];
    }
}
