/** Where the library's randomness comes from: Web Crypto. */

let source = globalThis.crypto;

/** Node 18 has Web Crypto in a module, and not yet as a global. */
export function useCrypto(crypto) {
  source = crypto;
}

/** The most that Web Crypto gives at once. */
const MOST = 65536;

/** Fills bytes, and returns whether it did. An exception must not pass through the library. */
export function fill(bytes) {
  try {
    for (let start = 0; start < bytes.length; start += MOST) {
      source.getRandomValues(bytes.subarray(start, start + MOST));
    }
    return true;
  } catch {
    return false;
  }
}
