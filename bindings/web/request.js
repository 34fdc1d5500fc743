// Finds the request in what was pasted: its method, address, content type and body. It judges none of them.

/** More than this is a file, and nobody looks for marks in that. */
const LONGEST_PASTE = 100_000;

/** There is no request that can be read, and the message says why. */
class Unread extends Error {}

/** A text made of pieces of the pasted one, each of which knows where it stands there. */
class Part {
  constructor(pieces = []) {
    this.pieces = pieces;
  }

  /** A text that stands at `start`, or one that was meant by the characters from `start` to `end`. */
  static at(start, text, end = start + text.length) {
    return new Part([{ start, end, text }]);
  }

  static join(parts) {
    return new Part(parts.flatMap(({ pieces }) => pieces));
  }

  get text() {
    return this.pieces.map(({ text }) => text).join("");
  }

  slice(from, to = Infinity) {
    const kept = [];
    let at = 0;
    for (const { start, end, text } of this.pieces) {
      const [first, last] = [Math.max(from - at, 0), Math.min(to - at, text.length)];
      if (first < last) {
        const verbatim = end - start === text.length;
        kept.push({
          start: verbatim ? start + first : start,
          end: verbatim ? start + last : end,
          text: text.slice(first, last),
        });
      }
      at += text.length;
    }
    return new Part(kept);
  }

  trim() {
    const { text } = this;
    return this.slice(text.length - text.trimStart().length, text.trimEnd().length);
  }
}

const NOTHING = new Part();

/** A text that stands nowhere. */
function made(text) {
  return Part.at(0, text, 0);
}

function readRequest(pasted) {
  if (pasted.length > LONGEST_PASTE) {
    throw new Unread("This is longer than 100,000 characters. Leave out the files that the request carries.");
  }
  if (!pasted.isWellFormed()) {
    throw new Unread("This holds half a character, a lone surrogate, which nothing sends. Copy it again.");
  }
  const lines = Array.from(pasted.matchAll(/[^\n]*\n|[^\n]+$/g), ({ 0: text, index }) => Part.at(index, text));
  const first = lines.findIndex(({ text }) => text.trim());
  const opening = lines[first]?.text.trim() ?? "";
  // A proxy is asked for a tunnel first.
  const verbose = lines.findIndex(({ text }) => /^> (?!CONNECT )[A-Z]+ \S+ HTTP\//.test(text));
  let request;
  if (verbose >= 0) {
    request = readRaw(verboseLines(lines.slice(verbose)));
  } else if (/^(\$ )?curl\s/.test(opening)) {
    request = readCurl(wordsOf(pasted));
  } else if (/^[A-Z]+ +(\/|https?:)\S*( +HTTP\/\S+)?$/i.test(opening)) {
    request = readRaw(lines.slice(first));
  } else if (/^https?:\/\/\S+$/i.test(pasted.trim())) {
    request = { method: made("GET"), url: Part.at(0, pasted).trim(), contentType: NOTHING, body: NOTHING };
  } else {
    request = readList(lines);
  }
  if (!request.url.text) {
    throw new Unread(
      "There is no request here: it begins with a line such as GET /api/index.php?/Base/User/1 HTTP/1.1",
    );
  }
  return request;
}

/** What `curl -v` shows of a request: lines behind a `>`. It shows no body, but somebody may have added it. */
function verboseLines(lines) {
  const end = lines.findIndex(({ text }) => text.startsWith(">") && text.trim() === ">");
  const head = (end < 0 ? lines : lines.slice(0, end + 1)).filter(({ text }) => text.startsWith(">"));
  const behind = (end < 0 ? [] : lines.slice(end + 1)).filter(
    ({ text }) => !/^(\*\s|[{}] \[\d+ bytes data\])/.test(text),
  );
  const answer = behind.findIndex(({ text }) => /^(<\s|> [A-Z]+ \S+ HTTP\/)/.test(text));
  const body = behind.slice(0, answer < 0 ? undefined : answer);
  // Empty lines before a body are there for the eye.
  const start = body.findIndex(({ text }) => text.trim());
  return [...head.map((line) => line.slice(1).trim()), ...(start < 0 ? [] : body.slice(start))];
}

/** A request line, headers, an empty line, and the body. */
function readRaw([line, ...rest]) {
  const [method, url] = Array.from(line.text.matchAll(/\S+/g), ({ 0: word, index }) =>
    line.slice(index, index + word.length),
  );
  const { headers, behind } = split(rest);
  const contentType = header(headers, "content-type") ?? NOTHING;
  return { method, url, contentType, ...bodyOf(behind, header(headers, "content-length")) };
}

function split(lines) {
  const empty = lines.findIndex(({ text }) => text.trim() === "");
  return empty < 0
    ? { headers: lines, behind: [] }
    : { headers: lines.slice(0, empty), behind: lines.slice(empty + 1) };
}

function header(lines, name) {
  return lines
    .find(({ text }) => text.toLowerCase().startsWith(`${name}:`))
    ?.slice(name.length + 1)
    .trim();
}

/** The body, up to an answer behind it. Its last line break is the copy's, unless the length that was told has it. */
function bodyOf(lines, told) {
  const answer = lines.findIndex(({ text }) => text.startsWith("HTTP/1."));
  const body = Part.join(lines.slice(0, answer < 0 ? undefined : answer));
  const { text } = body;
  const length = /^\d+$/.test(told?.text) ? Number(told.text) : undefined;
  const end =
    length === undefined
      ? text.replace(/\n$/, "").length
      : new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, length)).length;
  return { body: body.slice(0, end), bodyMissing: text === "" && length > 0 };
}

const LISTED = /^(?:\* )?(?:\[HTTP\/2\] |h2h3 )?(?:\[\d+\] )?\[?(:?[\w -]+):[ \t]*([^\r\n]*?)\]?\s*$/d;

/** What a network panel lists, or curl of HTTP/2: each name with its value behind it, or on the next line. */
function readList(lines) {
  const { headers, behind } = split(lines);
  const value = (...names) => {
    for (const [index, line] of headers.entries()) {
      const found = LISTED.exec(line.text);
      const name = (found?.[1] ?? line.text).trim().toLowerCase();
      if (names.includes(name)) {
        return found?.[2] ? line.slice(...found.indices[2]) : (headers[index + 1] ?? NOTHING).trim();
      }
    }
    return undefined;
  };
  return {
    method: value("request method", ":method") ?? made("GET"),
    url: value("request url", ":path") ?? NOTHING,
    contentType: value("content-type") ?? NOTHING,
    ...bodyOf(
      behind.filter(({ text }) => !/^\* /.test(text)),
      value("content-length"),
    ),
  };
}
