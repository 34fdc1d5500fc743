/** Gives the library randomness from Web Crypto. */

let source = globalThis.crypto;

/** Sets the Web Crypto to use, because Node 18 has it in a module and not as a global. */
export function useCrypto(crypto) {
  source = crypto;
}

/** The most bytes that Web Crypto gives at once. */
const MAX_BYTES = 65536;

/** Fills bytes and returns whether that worked, because no exception must pass through the library. */
export function fill(bytes) {
  try {
    for (let start = 0; start < bytes.length; start += MAX_BYTES) {
      source.getRandomValues(bytes.subarray(start, start + MAX_BYTES));
    }
    return true;
  } catch {
    return false;
  }
}
