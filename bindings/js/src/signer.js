/** Signer, and generateSalt() for fresh salts. */

import { bodyBytes, bytes, bytesOfView, kindOf, saltBytes, saltOf, textBytes, utf8 } from "./bytes.js";
import { KayakoSignError } from "./error.js";
import { signedFetch } from "./fetch.js";
import { encodedForm } from "./form.js";
import { textOf } from "./library.js";
import { library } from "./shared.js";
import { Status } from "./status.js";

/** Frees the signers that were garbage-collected without close(). */
const unclosed = new FinalizationRegistry(({ library, handle }) => {
  if (!library.broken) {
    library.number("kayako_signer_free", handle);
  }
});

const TARGET_URL = 0;
/** The characters of a fresh salt, and of one with its signature. */
const SALT_LENGTH = 32;
const ENTRY_LENGTH = SALT_LENGTH + 44;
/** The character of each escape in a signature, %2B, %2F and %3D, by the escape's last digit. */
const ESCAPES = Object.assign(new Uint8Array(128), { 66: 43, 70: 47, 68: 61 });
const [NEWLINE, PERCENT] = ["\n", "%"].map((character) => character.charCodeAt());

export class Signer {
  #library;
  /** The library's signer; NULL, which is 0, after close(). */
  #handle = 0;
  #apiKey;
  /** The most bytes that a call with a fresh salt adds. */
  #room;

  constructor(apiKey, secretKey) {
    const [key, secret] = [bytes("apiKey", apiKey), bytes("secretKey", secretKey)];
    this.#library = library();
    try {
      this.#handle = this.#library.callOrThrow("kayako_signer_new", [key, secret], 1).first;
    } finally {
      // The bytes of a string are a copy. Bytes that the caller gave are the caller's to wipe.
      if (typeof secretKey === "string") {
        secret.fill(0);
      }
    }
    this.#apiKey = textOf(key);
    this.#room = this.#library.number("kayako_signer_insertion_max", this.#handle);
    unclosed.register(this, { library: this.#library, handle: this.#handle }, this);
  }

  static fromEnv() {
    return new this(...["KAYAKO_API_KEY", "KAYAKO_SECRET_KEY"].map(variable));
  }

  sign(salt) {
    const given = saltOf(salt);
    if (typeof given === "string") {
      const signature = this.#library.sign(this.#handle, given);
      if (signature !== undefined) {
        return signature;
      }
    }
    return this.#text("kayako_signer_sign", [bytes("salt", given)], this.#library.number("kayako_signature_len"));
  }

  signUrlencoded(salt) {
    const room = this.#library.number("kayako_signature_urlencoded_max");
    return this.#text("kayako_signer_sign_urlencoded", [saltBytes(salt)], room);
  }

  credentials(salt) {
    if (salt === undefined) {
      return this.#parameters(utf8("query", this.query()))[0];
    }
    const given = saltOf(salt);
    return {
      apikey: this.#apiKey,
      salt: typeof given === "string" ? given : textOrBytes(given),
      signature: this.sign(given),
    };
  }

  query(salt) {
    if (salt === undefined) {
      return this.#text("kayako_signer_credentials", [], this.#room);
    }
    const octets = saltBytes(salt);
    return this.#text("kayako_signer_credentials_with_salt", [octets], this.#room + 3 * octets.length);
  }

  credentialsBatch(count) {
    if (!Number.isInteger(count)) {
      throw new TypeError(`count: must be an integer, not ${Number.isNaN(count) ? "NaN" : kindOf(count)}`);
    }
    if (count < 0) {
      throw new KayakoSignError("count: must not be negative", Status.BATCH_TOO_LARGE);
    }
    const most = this.#library.number("kayako_batch_max");
    // A count that is too large is refused before memory is taken for it.
    const room = count > most ? 0 : count * this.#room;
    const given = Math.min(count, most + 1);
    const read = (lines) => this.#parameters(lines);
    return this.#library.callOrThrow("kayako_signer_credentials_batch", [this.#handle, given], 0, room, read).text;
  }

  signUrl(url) {
    const octets = urlBytes(url);
    return this.#text("kayako_signer_sign_url", [octets], octets.length + this.#room);
  }

  signForm(fields) {
    const form = utf8("fields", encodedForm(fields));
    return this.#text("kayako_signer_sign_form", [form], form.length + this.#room);
  }

  signRequest(method, url, contentType, body) {
    const octets = bodyBytes(body);
    const {
      first: target,
      second: offset,
      text,
    } = this.#insertion("kayako_signer_sign_request", method, url, contentType, octets);
    if (target === TARGET_URL) {
      return { url: spliced(String(url), offset, text), body: body ?? undefined };
    }
    const signed = joined(octets, offset, text);
    return { url: String(url), body: bytesOfView(body) ? signed : textOf(signed) };
  }

  verify(salt, signature) {
    const given = [saltOf(salt), typeof signature === "string" ? signature : bytes("signature", signature)];
    // A text without UTF-8 bytes has no signature, like the empty salt.
    if (given.some((text) => typeof text === "string" && /\p{Surrogate}/u.test(text))) {
      this.#requireOpen();
      return false;
    }
    const inputs = [bytes("salt", given[0]), bytes("signature", given[1])];
    const { status } = this.#library.call("kayako_signer_verify", [this.#handle, ...inputs], 0);
    if (![Status.OK, Status.REFUSED, Status.SALT_TOO_LONG].includes(status)) {
      throw this.#library.failure(status);
    }
    return status === Status.OK;
  }

  diagnose(salt, signature) {
    return this.#diagnosis("kayako_signer_diagnose", [saltBytes(salt), bytes("signature", signature)]);
  }

  diagnoseRequest(method, url, contentType, body) {
    return this.#diagnosis("kayako_signer_diagnose_request", request(method, url, contentType, bodyBytes(body)));
  }

  fetch(input, init) {
    return signedFetch((...all) => this.#sign(...all), goesIntoUrl, input, init);
  }

  close() {
    const handle = this.#handle;
    this.#handle = 0;
    if (handle !== 0 && !this.#library.broken) {
      unclosed.unregister(this);
      this.#library.number("kayako_signer_free", handle);
    }
  }

  #requireOpen() {
    if (this.#handle === 0) {
      throw this.#library.failure(Status.NULL_SIGNER);
    }
  }

  #text(name, inputs, room) {
    return this.#library.callOrThrow(name, [this.#handle, ...inputs], 0, room).text;
  }

  #insertion(name, method, url, contentType, body, ...salt) {
    const inputs = [this.#handle, ...request(method, url, contentType, body), ...salt];
    return this.#library.callOrThrow(name, inputs, 2, this.#room);
  }

  /** Returns a signed request for `fetch`, and what was inserted, which the caller must not see. */
  #sign(method, url, contentType, body) {
    const salt = generateSalt();
    const name = "kayako_signer_sign_request_with_salt";
    const {
      first: target,
      second: offset,
      text,
    } = this.#insertion(name, method, url, contentType, body, utf8("salt", salt));
    const inserted = { salt, signature: this.sign(salt), text };
    return target === TARGET_URL
      ? { url: spliced(url, offset, text), body, inserted }
      : { url, body: joined(body, offset, text), inserted };
  }

  #diagnosis(name, inputs) {
    const { first: code } = this.#library.callOrThrow(name, [this.#handle, ...inputs], 1);
    const message = this.#library.message("kayako_diagnosis_message", code);
    return { code, message, accepted: this.#library.number("kayako_diagnosis_is_accepted", code) === 1 };
  }

  /** Returns the parameters in each line of fresh credentials. */
  #parameters(lines) {
    const apikey = this.#apiKey;
    const text = withoutEscapes(lines, `apikey=${encodeURIComponent(apikey)}&salt=`.length);
    const all = [];
    for (let start = 0; start < text.length; start += ENTRY_LENGTH) {
      const salt = start + SALT_LENGTH;
      all.push({ apikey, salt: text.slice(start, salt), signature: text.slice(salt, start + ENTRY_LENGTH) });
    }
    return all;
  }
}

/** Returns the salts and signatures in lines of fresh credentials, one after the other and without escapes. */
function withoutEscapes(lines, prefix) {
  const found = new Uint8Array(lines.length);
  let length = 0;
  for (let at = prefix; at < lines.length; at += 1 + prefix) {
    for (const end = at + SALT_LENGTH; at < end; at += 1) {
      found[length++] = lines[at];
    }
    at += "&signature=".length;
    for (; at < lines.length && lines[at] !== NEWLINE; at += 1) {
      if (lines[at] === PERCENT) {
        at += 2;
        found[length++] = ESCAPES[lines[at]];
      } else {
        found[length++] = lines[at];
      }
    }
  }
  return textOf(found.subarray(0, length));
}

// Older runtimes have no Symbol.dispose.
if (Symbol.dispose) {
  Object.defineProperty(Signer.prototype, Symbol.dispose, {
    value: Signer.prototype.close,
    configurable: true,
    writable: true,
  });
}

export function generateSalt() {
  const used = library();
  return used.callOrThrow("kayako_salt_generate", [], 0, used.number("kayako_salt_len")).text;
}

function variable(name) {
  const value = globalThis.process?.env?.[name];
  if (value === undefined) {
    throw new KayakoSignError(`${name}: is not set in the environment`);
  }
  return value;
}

function request(method, url, contentType, ...body) {
  const type = contentType === undefined || contentType === null ? "" : contentType;
  return [textBytes("method", method), textBytes("contentType", type), urlBytes(url), ...body];
}

/** Returns whether the credentials of a request with a body go into its URL. */
function goesIntoUrl(method, url, contentType) {
  const inputs = [...request(method, url, contentType), 1];
  return library().callOrThrow("kayako_request_target", inputs, 1).first === TARGET_URL;
}

function urlBytes(url) {
  return textBytes("url", url instanceof URL ? url.href : url);
}

function spliced(text, offset, inserted) {
  return text.slice(0, offset) + inserted + text.slice(offset);
}

function joined(octets, offset, text) {
  const inserted = utf8("body", text);
  const signed = new Uint8Array(octets.length + inserted.length);
  signed.set(octets.subarray(0, offset));
  signed.set(inserted, offset);
  signed.set(octets.subarray(offset), offset + inserted.length);
  return signed;
}

/** Returns bytes as text if they are UTF-8, and as bytes if they are not. */
function textOrBytes(octets) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return octets;
  }
}
