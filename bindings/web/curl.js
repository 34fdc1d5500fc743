// Reads a curl command: its words as a shell splits them, and those of its options that make the request.

const TOKENS = /\\\r?\n|\s|\$'[^'\\]*(?:\\[^][^'\\]*)*'|'[^']*'|"[^"\\]*(?:\\[^][^"\\]*)*"|\\[^]|[^\s\\'"$]+|[^]/g;
/** What stands for something else: between each kind of quotes, and without any. */
const ESCAPES = {
  "$'": /\\(u[\da-f]{1,4}|x[\da-f]{1,2}|[^])/gi,
  "'": /(?!)/g,
  '"': /\\([\\"$`]|\r?\n)/g,
  "": /\\([^])/g,
};
const LETTERS = { n: "\n", r: "\r", t: "\t" };

function wordsOf(command) {
  const words = [[]];
  for (const { 0: token, index } of command.matchAll(TOKENS)) {
    if (/^\s$/.test(token)) {
      words.push([]);
    } else if (!/^\\\r?\n/.test(token)) {
      words.at(-1).push(unquoted(token, index));
    }
  }
  return words.filter((parts) => parts.length).map(Part.join);
}

function unquoted(token, start) {
  const quote = /^(\$'|'|")[^]*['"]$/.exec(token)?.[1] ?? "";
  const inner = Part.at(start, token).slice(quote.length, token.length - Math.min(quote.length, 1));
  const parts = [];
  let at = 0;
  for (const { 0: escape, 1: escaped, index } of inner.text.matchAll(ESCAPES[quote])) {
    const end = index + escape.length;
    const [piece] = inner.slice(index, end).pieces;
    const text = quote === "$'" ? meaning(escaped) : escaped.replace(/\r?\n/, "");
    parts.push(inner.slice(at, index), Part.at(piece.start, text, piece.end));
    at = end;
  }
  return Part.join([...parts, inner.slice(at)]);
}

function meaning(escaped) {
  return escaped.length > 1
    ? String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
    : (LETTERS[escaped] ?? escaped);
}

/** The long options that count, by the letter of the short ones. Those without a word behind them are G and I. */
const OPTIONS = {
  "--request": "X",
  "--header": "H",
  "--get": "G",
  "--head": "I",
  "--form": "F",
  "--data": "d",
  "--data-ascii": "d",
  "--data-binary": "d",
  "--data-raw": "raw",
  "--data-urlencode": "encode",
  "--json": "json",
  "--url": "url",
  "--referer": "e",
  "--proxy": "x",
  "--user-agent": "A",
  "--cookie": "b",
  "--user": "u",
  "--output": "o",
};
const SHORT = /^-(?!-)([^XHdFTAbeoux]*)([XHdFTAbeoux]?)/;

/** The options of a command, each with the word that belongs to it. An address is one as well. */
function* optionsOf(words) {
  const rest = words.values();
  const following = () => rest.next().value ?? NOTHING;
  for (const word of rest) {
    const { text } = word;
    const [all, letters, letter] = SHORT.exec(text) ?? [];
    if (OPTIONS[text]) {
      yield [OPTIONS[text], /[GI]/.test(OPTIONS[text]) ? word : following()];
    } else if (all) {
      // Letters may stand together, and before the word that belongs to the last: -sSXPOST.
      yield* [...letters].map((alone) => [alone, word]);
      if (letter) {
        yield [letter, all === text ? following() : word.slice(all.length)];
      }
    } else if (!text.startsWith("-")) {
      yield ["url", word];
    }
  }
}

function readCurl(words) {
  const options = [...optionsOf(words.slice(words.findIndex(({ text }) => text === "curl") + 1))];
  const all = (names) => options.filter(([option]) => names.test(option));
  const last = (names) => all(names).at(-1)?.[1];
  if (last(/^[FT]$/) || all(/^(d|json)$/).some(([, { text }]) => text.startsWith("@"))) {
    throw new Unread(
      "This command sends a file, or fields of -F, which are not in it. Paste the request as it was sent.",
    );
  }
  const data = all(/^(d|raw|encode|json)$/).map(([option, word]) => (option === "encode" ? encoded(word) : word));
  const form = Part.join(data.flatMap((part, index) => (index ? [made("&"), part] : part)));
  const [inQuery, json] = [last(/^G$/), last(/^json$/)];
  const url = last(/^url$/) ?? NOTHING;
  const type = json ? "application/json" : data.length && !inQuery ? "application/x-www-form-urlencoded" : "";
  return {
    method: last(/^X$/) ?? made(last(/^I$/) ? "HEAD" : data.length && !inQuery ? "POST" : "GET"),
    url: inQuery ? Part.join([url, made(url.text.includes("?") ? "&" : "?"), form]) : url,
    contentType:
      header(
        all(/^H$/).map(([, word]) => word),
        "content-type",
      ) ?? made(type),
    body: inQuery ? NOTHING : form,
  };
}

/** What curl makes of `name=value`: the value encoded. */
function encoded(word) {
  const from = word.text.indexOf("=") + 1;
  const value = word.slice(from);
  const { start, end } = { start: 0, end: 0, ...value.pieces[0] };
  return Part.join([word.slice(Number(from === 1), from), Part.at(start, encodeURIComponent(value.text), end)]);
}
