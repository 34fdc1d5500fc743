// Marks in the pasted text what the server reads and what is wrong. What that is, the core has said.

const [READ, FOUND, WRONG] = [1, 2, 3];
const MOST_MARKS = 500;
const CLASSES = ["", "read", "found", "wrong"];

/** The kind of each character of the pasted text. */
function kindsOf(pasted, { url, contentType, body }, { container }, diagnosis) {
  const kinds = new Uint8Array(pasted.length);
  const paint = (part, kind) => part.pieces.forEach(({ start, end }) => kinds.fill(kind, start, end));
  const [path, query, fragment] = partsOf(url);
  const read = container === "query" ? query : body;
  paint(read, READ);
  const subject = diagnosis?.code ? diagnosis.sentence.split(":")[0] : "";
  const blamed = new Map();
  for (const [name, part] of credentialsIn(read)) {
    paint(part, FOUND);
    if (subject === name || (subject.startsWith("API key") && name !== "salt")) {
      blamed.set(name, part);
    }
  }
  // The last one of a repeated name is the one that counts.
  blamed.forEach((part) => paint(part, WRONG));
  if (diagnosis && !diagnosis.accepted) {
    const unread = [path, query, fragment, body].filter((part) => part !== read);
    unread.flatMap((part) => [...credentialsIn(part)]).forEach(([, part]) => paint(part, WRONG));
    if (subject === "content type") {
      paint(contentType, WRONG);
    }
  }
  return kinds;
}

function partsOf(url) {
  const { text } = url;
  const end = text.indexOf("#") < 0 ? text.length : text.indexOf("#");
  const mark = text.slice(0, end).indexOf("?");
  return [url.slice(0, mark < 0 ? end : mark), mark < 0 ? NOTHING : url.slice(mark + 1, end), url.slice(end)];
}

/**
 * The places that look like credentials: the name of each, and its part. A name ends its piece of a form at a `&`, its
 * member of JSON at a comma, and stands above its value in multipart.
 */
function* credentialsIn(part) {
  const looks =
    /(?<![\w-])(apikey|salt|signature)((\[|%5[Bb])[^&=]{0,40})?("?\s*[=:]\s*"?[^&#,"}\r\n]*|"(\r?\n){2}.*)/g;
  for (const { 0: piece, 1: name, index } of Array.from(part.text.matchAll(looks)).slice(-MOST_MARKS)) {
    yield [name, part.slice(index, index + piece.length)];
  }
}

/** The nodes that show a text with its marks. The text is only ever text. */
function* marked(text, kinds) {
  for (let start = 0, end; start < text.length; start = end) {
    const kind = kinds[start];
    for (end = start + 1; kinds[end] === kind;) {
      end += 1;
    }
    const piece = visible(text.slice(start, end));
    if (!kind) {
      yield piece;
      continue;
    }
    const mark = document.createElement("mark");
    mark.className = CLASSES[kind];
    if (kind === WRONG) {
      const said = document.createElement("span");
      said.className = "unseen";
      said.append("wrong: ");
      mark.append(said);
    }
    mark.append(piece);
    yield mark;
  }
}

/** Shows characters that would otherwise be unseen, or move others. */
function visible(text) {
  return text
    .replace(/[\0-\x08\x0b-\x1f]/g, (control) => String.fromCharCode(0x2400 + control.charCodeAt(0)))
    .replace(
      /[\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
      (unseen) => `⟨U+${unseen.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
    );
}
