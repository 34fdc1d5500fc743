/** Encodes the fields of a form. */

import { kindOf, utf8 } from "./bytes.js";

/** Returns the fields as an encoded form. A string is one already. */
export function encodedForm(fields) {
  if (typeof fields === "string") {
    return fields;
  }
  if (fields instanceof URLSearchParams) {
    return String(fields);
  }
  const form = new URLSearchParams();
  for (const [name, values] of pairs(fields)) {
    for (const value of Array.isArray(values) ? values : [values]) {
      form.append(fieldText("a name", name), fieldText(`the value of ${JSON.stringify(name)}`, value));
    }
  }
  return String(form);
}

function pairs(fields) {
  if (typeof fields !== "object" || fields === null) {
    throw new TypeError(
      `fields: must be an object, pairs, URLSearchParams or an encoded string, not ${kindOf(fields)}`,
    );
  }
  if (!(Symbol.iterator in fields)) {
    return Object.entries(fields);
  }
  return Array.from(fields, (pair) => {
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw new TypeError("fields: each pair must be an array of a name and a value");
    }
    return pair;
  });
}

/** Returns a name or a value as text. Throws for null, booleans and objects, which have no one spelling. */
function fieldText(label, value) {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new TypeError(`fields: ${label} must be a finite number`);
  }
  if (!["string", "number", "bigint"].includes(typeof value)) {
    throw new TypeError(
      `fields: ${label} must be a string, a number, a bigint or an array of them, not ${kindOf(value)}`,
    );
  }
  utf8("fields", String(value));
  return String(value);
}
