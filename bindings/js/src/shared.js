/** The one instance of the C library that all signers share. */

import { KayakoSignError } from "./error.js";
import { Library } from "./library.js";
import base64 from "./module.js";

let compiled;
let current;

/** The instance that new signers use. */
export function library() {
  if (!current || current.broken) {
    compiled ??= compile();
    current = new Library(compiled);
  }
  return current;
}

function compile() {
  try {
    return new WebAssembly.Module(decoded());
  } catch (cause) {
    const policy = "a page with a Content-Security-Policy must allow it by script-src 'wasm-unsafe-eval'";
    throw new KayakoSignError(`WebAssembly: the library cannot be compiled here; ${policy}`, null, { cause });
  }
}

function decoded() {
  if (Uint8Array.fromBase64) {
    return Uint8Array.fromBase64(base64);
  }
  const characters = atob(base64);
  const bytes = new Uint8Array(characters.length);
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = characters.charCodeAt(index);
  }
  return bytes;
}
