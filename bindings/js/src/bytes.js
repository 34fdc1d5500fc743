/** What the arguments of a call are as bytes. */

import { KayakoSignError } from "./error.js";

const encoder = new TextEncoder();

/** A text as UTF-8. It has none for half of a surrogate pair, and TextEncoder would write something else instead. */
export function utf8(name, text) {
  if (/\p{Surrogate}/u.test(text)) {
    throw new KayakoSignError(`${name}: must not have half of a surrogate pair, which UTF-8 cannot write`);
  }
  return encoder.encode(text);
}

/** What a value is called in an error, without any of it. */
export function kindOf(value) {
  if (value === null) {
    return "null";
  }
  return typeof value === "object" ? (value.constructor?.name ?? "object") : typeof value;
}

/** The bytes of a view or a buffer, where it is one. */
export function viewed(value) {
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]" ? new Uint8Array(value) : undefined;
}

/** A key or a signature. */
export function bytes(name, value) {
  if (typeof value === "string") {
    return utf8(name, value);
  }
  const view = viewed(value);
  if (!view) {
    throw new TypeError(`${name}: must be a string or a Uint8Array, not ${kindOf(value)}`);
  }
  return view;
}

/** A salt as text or bytes. A number stands for its decimal digits. */
export function saltOf(value) {
  if (typeof value === "string" || typeof value === "bigint") {
    return String(value);
  }
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) {
      throw new TypeError("salt: a number must be a safe integer; give others as a string");
    }
    return String(value);
  }
  const view = viewed(value);
  if (!view) {
    throw new TypeError(`salt: must be a string, a Uint8Array, an integer or a bigint, not ${kindOf(value)}`);
  }
  return view;
}

export function saltBytes(value) {
  return bytes("salt", saltOf(value));
}

/** A method, a content type or a URL. */
export function textBytes(name, value) {
  if (typeof value !== "string") {
    throw new TypeError(`${name}: must be a string, not ${kindOf(value)}`);
  }
  return utf8(name, value);
}

/** A body. One that is not there has no bytes. */
export function bodyBytes(body) {
  return body === undefined || body === null ? new Uint8Array() : bytes("body", body);
}
