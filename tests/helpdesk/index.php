<?php

/**
 * A stand-in for a Kayako Classic helpdesk: it takes a request through the server's six stages and shows what it read.
 *
 * It is only for tests and demonstrations, and keeps no tickets and no state. Never let it listen on a public network
 * address.
 *
 *     serve.sh 127.0.0.1:8080
 *
 * It also runs without the PHP settings of serve.sh. PHP then drops files above 2 MB and POST bodies above 8 MB. If
 * there is no php.ini, it also prints a warning about such a body before this script can set a status.
 * PHP's web server itself answers 501 to a method that it does not know. It closes the connection if the URL holds
 * a space, a control character or a byte outside ASCII, or if the headers are longer than 80 KB.
 *
 * Settings, from the environment or, for one request, from a header:
 *
 *     KAYAKO_API_KEY, KAYAKO_SECRET_KEY      the keys; by default those of the vendor's sample
 *     KAYAKO_WEB=plain|rewrite               Stand-In-Web: the web server in front: a plain one, or one with the
 *                                            vendor's rewrite rule, which drops the query
 *     KAYAKO_API=on|off                      Stand-In-Api: whether the REST API is switched on
 *
 * Each answer says in X-Stand-In-Stage which stage gave it: web, route, method, authentication or fields. From the
 * fourth stage on, X-Stand-In-Container names the container.
 */

declare(strict_types=1);

namespace Kayako\StandIn;

require __DIR__ . '/answers.php';
require __DIR__ . '/request.php';
require __DIR__ . '/web.php';
require __DIR__ . '/route.php';
require __DIR__ . '/container.php';
require __DIR__ . '/authentication.php';
require __DIR__ . '/fields.php';
require __DIR__ . '/probes.php';

// A warning that PHP prints would corrupt the answer.
ini_set('display_errors', '0');

[$path, $query] = partsOfUrl();
answerProbe($path);

// A stage that refuses the request answers and exits, so the later stages do not run.
$request = passWebServer($path, $query);
$route = findRoute($request);
checkMethod($request);
[$container, $parameters] = readContainer($request, $route['get']);
header("X-Stand-In-Container: $container");
authenticate($parameters);
answerFields($request, $route, $container, $parameters);
