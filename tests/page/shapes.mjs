/** The ways in which people show a request. */

function head({ method, url, contentType, body }, version = " HTTP/1.1") {
  const length = body ? [`Content-Length: ${Buffer.byteLength(body)}`] : [];
  return [
    `${method} ${url}${version}`,
    "Host: help.example.com",
    ...(contentType ? [`Content-Type: ${contentType}`] : []),
    ...length,
  ];
}

function wire(request, version) {
  return [...head(request, version), "", request.body].join("\n");
}

function curlVerbose(request, after = "") {
  return `* Connected\n${head(request)
    .map((line) => `> ${line}\n`)
    .join("")}> \n${request.body}${after}`;
}

function pseudoHeaders({ method, url, contentType, body }, wrap) {
  const headers = [":method: " + method, ":path: " + url, ":scheme: https", ":authority: help.example.com"];
  return [...headers, ...(contentType ? [`content-type: ${contentType}`] : [])].map(wrap).join("\n") + `\n\n${body}`;
}

function quoted(word) {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Quotes a word as browsers do if something in it must be escaped. */
function ansiQuoted(word) {
  const escape = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `$'${word
    .replaceAll("\\", "\\\\")
    .replaceAll("'", "\\'")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replace(/[!\x00-\x1f]/g, escape)}'`;
}

function curl({ method, url, contentType, body }, quote) {
  return [
    `curl ${quote(url)}`,
    `-X ${method}`,
    `-H ${quote(`content-type: ${contentType}`)}`,
    "-H 'accept: */*'",
    ...(body ? [`--data-raw ${quote(body)}`] : []),
    "--compressed",
  ].join(" \\\n  ");
}

const oneLine = ({ method, url, contentType }) =>
  /^[A-Za-z]+$/.test(method) && /^\S+$/.test(url) && !/[\r\n]/.test(contentType);
const capitals = (request) => oneLine(request) && request.method === request.method.toUpperCase();
/** Without a length, a line break at the end is taken for one that copying added. */
const withoutLastBreak = (request) => oneLine(request) && !request.body.endsWith("\n");
const withoutReturns = (request) => !request.body.includes("\r");
const withType = (request) => request.contentType !== "" || request.body === "";

/** For each shape, how a request is shown in it and which requests it can hold. */
export const pastable = {
  "it goes over the wire": { show: wire, holds: oneLine },
  "it goes over the wire, with a line break after": {
    show: (request) => `${wire(request)}\n`.replace("Content-Length", "X-Length"),
    holds: oneLine,
  },
  "it goes over the wire, without a version": { show: (request) => wire(request, ""), holds: oneLine },
  "Wireshark shows it, with its answer": {
    show: (request) => `${wire(request)}${request.body && "\n"}HTTP/1.1 401 Unauthorized\n\nNO SALT PROVIDED!`,
    holds: oneLine,
  },
  "curl -v shows it": { show: curlVerbose, holds: capitals },
  "curl -v shows it, with its answer": {
    show: (request) =>
      curlVerbose(request, "\n* Request completely sent off\n< HTTP/1.1 401 Unauthorized\n< \nNO SALT PROVIDED!"),
    holds: capitals,
  },
  "curl -v shows it through a tunnel": {
    show: (request) => `> CONNECT help:443 HTTP/1.1\n> Host: help:443\n> \n< HTTP/1.1 200\n< \n${curlVerbose(request)}`,
    holds: capitals,
  },
  "curl of HTTP/2 shows it": {
    show: (request) => pseudoHeaders(request, (line) => `* [HTTP/2] [1] [${line}]`),
    holds: withoutLastBreak,
  },
  "pseudo headers": { show: (request) => pseudoHeaders(request, (line) => line), holds: withoutLastBreak },
  "a network panel lists it": {
    show: ({ method, url, contentType, body }) =>
      [
        "Request URL:",
        url,
        "Request Method:",
        method,
        "Status Code:",
        "401 Unauthorized",
        ...(contentType ? ["content-type:", contentType] : []),
        "",
        body,
      ].join("\n"),
    holds: withoutLastBreak,
  },
  "a curl command": {
    show: (request) => curl(request, quoted),
    holds: (request) => oneLine(request) && withoutReturns(request) && withType(request),
  },
  "a browser copies it as cURL": {
    show: (request) => curl(request, ansiQuoted),
    holds: (request) => oneLine(request) && withType(request),
  },
};
