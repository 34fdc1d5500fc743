// Shows the marks in the pasted text: what the server reads, the route, and what is wrong.

const CLASSES = ["", "read", "found", "route", "wrong"];

/**
 * Returns the nodes that show a text with its marks. `runs` has the length of each run of characters and its kind, by
 * turns.
 */
export function* marked(text, runs) {
  for (let at = 0, start = 0; at < runs.length; at += 2) {
    const end = start + runs[at];
    const piece = visible(text.slice(start, end));
    const kind = CLASSES[runs[at + 1]];
    start = end;
    if (!kind) {
      yield piece;
      continue;
    }
    const mark = document.createElement("mark");
    mark.className = kind;
    if (kind === "wrong") {
      const said = document.createElement("span");
      said.className = "unseen";
      said.append("wrong: ");
      mark.append(said);
    }
    mark.append(piece);
    yield mark;
  }
}

/** Returns a text in which characters show that are otherwise unseen or move others. */
function visible(text) {
  return text
    .replace(/[\0-\x08\x0b-\x1f]/g, (control) => String.fromCharCode(0x2400 + control.charCodeAt(0)))
    .replace(
      /[\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
      (unseen) => `⟨U+${unseen.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
    );
}
