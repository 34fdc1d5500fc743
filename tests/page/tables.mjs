/** The tables that all languages share, and the names and messages of the C library. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const ROOT = new URL("../../", import.meta.url);

export function read(path) {
  return readFileSync(new URL(path, ROOT), "utf8");
}

/** The rows of a table, each as what `columns` calls its values. */
export function rows(table, columns) {
  const lines = read(`tests/${table}`)
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => {
    const values = line.split("\t");
    return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? ""]));
  });
}

/** A value of vectors.tsv: text, `hex:` and digits, or a text, `*` and a number. */
export function vectorValue(value) {
  if (value.startsWith("hex:")) {
    return Buffer.from(value.slice(4), "hex");
  }
  const repeated = /^(.*)\*(\d+)$/s.exec(value);
  return Buffer.from(repeated ? repeated[1].repeat(Number(repeated[2])) : value);
}

/** A value of the other tables: text with escapes. */
export function escapedValue(value) {
  const letters = { r: "\r", n: "\n", t: "\t", "\\": "\\" };
  const bytes = [];
  for (const [piece, letter, digits] of value.matchAll(/\\(?:([rnt\\])|x([\da-fA-F]{2}))|[^\\]+/g)) {
    bytes.push(digits ? Buffer.from(digits, "hex") : Buffer.from(letter ? letters[letter] : piece));
  }
  return Buffer.concat(bytes);
}

/** The text that bytes are, where they are one. */
export function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The numbers of the header's names. */
export const NUMBERS = Object.fromEntries(
  Array.from(read("include/kayako_sign.h").matchAll(/\b(KAYAKO_\w+) = (\d+),/g), ([, name, number]) => [
    name,
    Number(number),
  ]),
);

/** The messages of the C library, by the names of statuses and diagnoses. */
export const MESSAGES = JSON.parse(
  execFileSync("python3", [
    "-c",
    `
import ctypes, json, sys
library = ctypes.CDLL(sys.argv[1])
numbers = json.loads(sys.argv[2])
def message(name, number):
    of = library.kayako_diagnosis_message if name.startswith("KAYAKO_DIAGNOSIS_") else library.kayako_status_message
    of.restype = ctypes.c_char_p
    return of(ctypes.c_int32(number)).decode()
print(json.dumps({name: message(name, number) for name, number in numbers.items()}))
`,
    process.env.KAYAKO_SIGN_LIBRARY ?? new URL("target/release/libkayako_sign.so", ROOT).pathname,
    JSON.stringify(NUMBERS),
  ]),
);
