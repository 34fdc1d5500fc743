// The C library as the page calls it: a fresh instance for each operation, and nothing left of it.

import { utf8 } from "../bindings/js/src/bytes.js";
import { KayakoSignError } from "../bindings/js/src/error.js";
import { Library } from "../bindings/js/src/library.js";
import { Status } from "../bindings/js/src/status.js";

/** Room for an explanation, in bytes. Most are shorter. */
const EXPLANATION = 65_536;
const SALTS = { random: "kayako_salt_generate", ten_digits: "kayako_salt_generate_ten_digits" };

/** The compiled module. It holds no data of the page. */
let compiled;

/** Compiles the module out of the page, where it is deflated and in base 85. */
export async function load(packed) {
  const module = new Blob([unpacked(packed)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  compiled = await WebAssembly.compile(await new Response(module).arrayBuffer());
}

/** Returns the bytes of a text in base 85: five characters from ! on for four bytes, and ~ for the digit <. */
function unpacked(text) {
  const words = new DataView(new ArrayBuffer((text.length / 5) * 4));
  for (let at = 0, number = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    number = number * 85 + (code === 126 ? 60 : code) - 33;
    if (at % 5 === 4) {
      words.setUint32((at - 4) * 0.8, number);
      number = 0;
    }
  }
  return words.buffer;
}

/**
 * Runs an operation with an instance of its own, and wipes the whole memory of that instance afterwards. It holds the
 * keys, and what is made from them on the way to a signature.
 */
export function withLibrary(operation) {
  const library = new PageLibrary(compiled);
  try {
    return operation(library);
  } finally {
    library.end();
  }
}

class PageLibrary extends Library {
  /** Makes a signer. */
  signer(apiKey, secretKey) {
    return withKeys([apiKey, secretKey], (keys) => this.callOrThrow("kayako_signer_new", keys, 1).first);
  }

  /** Returns the signature of a salt, raw and URL-encoded, and the query with it. */
  signatures(signer, salt) {
    const bytes = utf8("salt", salt);
    const text = (name, room) => this.callOrThrow(name, [signer, bytes], 0, room).text;
    return {
      raw: text("kayako_signer_sign", this.number("kayako_signature_len")),
      encoded: text("kayako_signer_sign_urlencoded", this.number("kayako_signature_urlencoded_max")),
      query: text("kayako_signer_credentials_with_salt", this.#roomFor(signer, bytes)),
    };
  }

  signedUrl(signer, url, salt) {
    const [urlBytes, saltBytes] = [utf8("URL", url), utf8("salt", salt)];
    const room = urlBytes.length + this.#roomFor(signer, saltBytes);
    return this.callOrThrow("kayako_signer_sign_url_with_salt", [signer, urlBytes, saltBytes], 0, room).text;
  }

  /** Returns the most bytes that the three parameters take. */
  #roomFor(signer, salt) {
    return this.number("kayako_signer_insertion_max", signer) + 3 * salt.length;
  }

  /** Returns a fresh salt of a form: a name in `SALTS`. */
  salt(form) {
    return this.callOrThrow(SALTS[form], [], 0, this.number("kayako_salt_len")).text;
  }

  /** Returns what the server makes of a signature of a salt, both as bytes. */
  diagnosis(signer, salt, signature) {
    const code = this.callOrThrow("kayako_signer_diagnose", [signer, salt, signature], 1).first;
    const isAccepted = this.number("kayako_diagnosis_is_accepted", code) === 1;
    return {
      code,
      message: this.message("kayako_diagnosis_message", code),
      verdict: isAccepted ? "accepted" : "refused",
    };
  }

  /** Returns what there is to say about the request in a pasted text, with or without keys, and its marks. */
  explanation(keys, pasted) {
    const groups = withKeys(keys ?? ["", ""], (both) => this.#explained([...both, utf8("request", pasted)]))
      .split("\x01")
      .map((group) => (group === "" ? [] : group.split("\0")));
    const [[verdict, code, message], lines, remarks, [runs = ""]] = groups;
    if (verdict === "unread") {
      throw new KayakoSignError(message);
    }
    return { verdict, code: Number(code), message, lines, remarks, runs: runs.split(" ").map(Number) };
  }

  #explained(inputs, room = EXPLANATION) {
    const { status, text, length } = this.call("kayako_explain", inputs, 0, room);
    if (status === Status.BUFFER_TOO_SMALL) {
      return this.#explained(inputs, length);
    }
    if (status !== Status.OK) {
      throw this.failure(status);
    }
    return text;
  }
}

/** Runs an operation with the bytes of both keys, and wipes those of the secret key afterwards. */
function withKeys([apiKey, secretKey], operation) {
  const secret = utf8("secret key", secretKey);
  try {
    return operation([utf8("API key", apiKey), secret]);
  } finally {
    secret.fill(0);
  }
}
