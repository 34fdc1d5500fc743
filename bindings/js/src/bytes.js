/** Turns the arguments of a call into bytes. */

import { KayakoSignError } from "./error.js";

const encoder = new TextEncoder();

/** Returns a text as UTF-8. Throws for half of a surrogate pair, which TextEncoder would replace without a word. */
export function utf8(name, text) {
  if (/\p{Surrogate}/u.test(text)) {
    throw new KayakoSignError(`${name}: must not have half of a surrogate pair, which UTF-8 cannot write`);
  }
  return encoder.encode(text);
}

/** Returns the type of a value for a message, which must not quote the value. */
export function kindOf(value) {
  if (value === null) {
    return "null";
  }
  return typeof value === "object" ? (value.constructor?.name ?? "object") : typeof value;
}

/** Returns the bytes of a view or a buffer; undefined for anything else. */
export function bytesOfView(value) {
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]" ? new Uint8Array(value) : undefined;
}

/** Returns a key or a signature as bytes. */
export function bytes(name, value) {
  if (typeof value === "string") {
    return utf8(name, value);
  }
  const view = bytesOfView(value);
  if (!view) {
    throw new TypeError(`${name}: must be a string or a Uint8Array, not ${kindOf(value)}`);
  }
  return view;
}

/** Returns a salt as a string or bytes. Of a number the decimal digits are used. */
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
  const view = bytesOfView(value);
  if (!view) {
    throw new TypeError(`salt: must be a string, a Uint8Array, an integer or a bigint, not ${kindOf(value)}`);
  }
  return view;
}

export function saltBytes(value) {
  return bytes("salt", saltOf(value));
}

/** Returns a method, a content type or a URL as UTF-8. */
export function textBytes(name, value) {
  if (typeof value !== "string") {
    throw new TypeError(`${name}: must be a string, not ${kindOf(value)}`);
  }
  return utf8(name, value);
}

/** Returns a body as bytes; no bytes if there is none. */
export function bodyBytes(body) {
  return body === undefined || body === null ? new Uint8Array() : bytes("body", body);
}
