/** Reads the tables in tests/tables, in any runtime. The head of each table explains it. */

const encoder = new TextEncoder();
const ESCAPES = { "\\": "\\", r: "\r", n: "\n", t: "\t" };

/** Returns the rows of a table, given its text. Each is an object with the value of each column, as it is written. */
export function rowsOf(table) {
  const lines = table.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const [columns, ...rows] = lines.map((line) => line.split("\t"));
  return rows.map((values) => {
    if (values.length !== columns.length) {
      throw new Error(`${values[0]}: the row has ${values.length} columns instead of ${columns.length}`);
    }
    return Object.fromEntries(columns.map((column, index) => [column, values[index]]));
  });
}

/** Returns the bytes of a value. */
export function bytesOf(value) {
  const bytes = [];
  for (const [piece, escape] of value.matchAll(/[^\\]+|\\(x[0-9A-F]{2}|\{\d+\}|[^])/g)) {
    if (escape?.startsWith("{")) {
      const repeated = bytes.at(-1);
      const times = Number(escape.slice(1, -1));
      for (let time = 1; time < times; time += 1) {
        bytes.push(repeated);
      }
    } else if (/^x./.test(escape)) {
      bytes.push(parseInt(escape.slice(1), 16));
    } else if (escape !== undefined && !(escape in ESCAPES)) {
      throw new Error(`${value.slice(0, 60)}: an unknown escape`);
    } else {
      bytes.push(...encoder.encode(escape === undefined ? piece : ESCAPES[escape]));
    }
  }
  return Uint8Array.from(bytes);
}

/** Returns the text of some bytes, or undefined if they are not UTF-8. */
export function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
