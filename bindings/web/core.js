// The core, as the page calls it: one fresh instance for each operation, and nothing left of it.

/** The module out of the page: deflated, and in base64. */
async function unpack(packed) {
  const text = atob(packed);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    bytes[at] = text.charCodeAt(at);
  }
  const module = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(module).arrayBuffer();
}

/** The core refused something. The message says what and why. */
class Refused extends Error {}

/** The compiled module, which holds no data of the page's. */
let compiled;

/**
 * Runs `operation` with an instance of the core, and wipes that instance's whole memory behind it. The keys are secret
 * there, and so is what is made from them on the way to a signature.
 */
function withCore(operation) {
  const core = new Core();
  try {
    return operation(core);
  } finally {
    core.bytes().fill(0);
  }
}

class Core {
  constructor() {
    const random = (...place) => {
      try {
        return Boolean(crypto.getRandomValues(this.bytes(...place)));
      } catch {
        return false;
      }
    };
    this.exports = new WebAssembly.Instance(compiled, { page: { random } }).exports;
  }

  signer(apiKey, secretKey) {
    return this.call("signer_new", 4, ...this.put("API key", apiKey), ...this.put("secret key", secretKey)).number(0);
  }

  diagnose(signer, salt, signature) {
    const inputs = [...this.put("salt", salt), ...this.put("signature", signature)];
    return this.diagnosis(this.exports.kayako_signer_diagnose(signer, ...inputs));
  }

  diagnosis(code) {
    return {
      code,
      sentence: this.sentence(this.exports.kayako_diagnosis_message(code)),
      verdict: this.exports.kayako_diagnosis_is_accepted(code) ? "accepted" : "refused",
    };
  }

  /** What is to be said of the request in a pasted text, with or without a signer, and its marks. */
  explain(signer, secretKey, pasted) {
    const inputs = [...this.put("secret key", secretKey), ...this.put("request", pasted)];
    const groups = this.text("explain", signer ?? 0, ...inputs).split("\x01");
    const [head, lines, remarks, [runs]] = groups.map((group) => (group === "" ? [] : group.split("\0")));
    const [verdict, code, sentence] = head;
    return { verdict, code: Number(code), sentence, lines, remarks, runs: runs.split(" ").map(Number) };
  }

  /** Calls an export that writes a text. */
  text(name, ...inputs) {
    const out = this.call(name, 8, ...inputs);
    return new TextDecoder().decode(this.bytes(out.number(0), out.number(4)));
  }

  /** Calls an export that can refuse, and returns what it wrote: a reader of its numbers. */
  call(name, size, ...inputs) {
    const out = this.room(size);
    const refusal = this.exports[`kayako_${name}`](...inputs, out);
    if (refusal) {
      throw new Refused(this.sentence(refusal));
    }
    return { number: (at) => new DataView(this.exports.memory.buffer).getUint32(out + at, true) };
  }

  /** Copies a text into the memory. `name` is what a refusal calls it. */
  put(name, text) {
    // The encoder would put another character in the place of half a one, and so sign something else.
    if (!text.isWellFormed()) {
      throw new Refused(`${name}: must be UTF-8 text, without half a surrogate pair`);
    }
    const room = 3 * text.length;
    const start = this.room(room);
    return [start, new TextEncoder().encodeInto(text, this.bytes(start, room)).written];
  }

  room(length) {
    const start = this.exports.kayako_alloc(length);
    if (!start) {
      throw new Refused("memory: not enough of it is free");
    }
    return start;
  }

  /** The text at `start`, up to the NUL behind it. */
  sentence(start) {
    const bytes = this.bytes(start);
    return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
  }

  bytes(start = 0, length = undefined) {
    return new Uint8Array(this.exports.memory.buffer, start, length);
  }
}
