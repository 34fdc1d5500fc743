/** Runs the shared tables in Node. */

import { deepEqual, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as library from "../../bindings/js/src/node.js";
import { Tables } from "./tables.mjs";

const read = (table) => readFileSync(new URL(`../tables/${table}`, import.meta.url), "utf8");

test("every row of the shared tables holds", () => {
  const { checked, wrong } = new Tables(library, read).checkAll();
  deepEqual(wrong, []);
  ok(checked > 1200, `only ${checked} rows were checked`);
});

test("the constants are those of the header", () => {
  const header = readFileSync(new URL("../../include/kayako_sign.h", import.meta.url), "utf8");
  const numbers = [...header.matchAll(/^ +KAYAKO_(\w+) = (\d+),/gm)].map(([, name, number]) => [name, Number(number)]);
  const constants = [
    ...Object.entries(library.Status),
    ...Object.entries(library.DiagnosisCode).map(([name, number]) => [`DIAGNOSIS_${name}`, number]),
  ];
  deepEqual(
    constants,
    numbers.filter(([name]) => !name.startsWith("TARGET_")),
  );
});
