/** The tables that all languages share, and the names and messages of the C library. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { rowsOf } from "../support/tables.mjs";

export { bytesOf, textOf } from "../support/tables.mjs";

const ROOT = new URL("../../", import.meta.url);

export function read(path) {
  return readFileSync(new URL(path, ROOT), "utf8");
}

/** Returns the rows of a table. */
export function rows(table) {
  return rowsOf(read(`tests/tables/${table}`));
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
