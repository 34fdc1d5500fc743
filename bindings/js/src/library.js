/** The C library as a WebAssembly module: where bytes are carried into its memory, and back out. */

import { KayakoSignError } from "./error.js";
import { fill } from "./random.js";
import { Status } from "./status.js";

/** Room that is kept for what goes in and out. A call that needs more asks for its own. */
const SCRATCH = 4096;
/** Where outputs are in that room: the length of a text, two numbers, the text. */
const TEXT = 12;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The text that UTF-8 bytes stand for. */
export const textOf = (bytes) => decoder.decode(bytes);

/** An instance of the module. */
export class Library {
  /** Whether a call ended in the middle, or the memory was wiped. No function can be called afterwards. */
  broken = false;
  #exports;
  /** The memory as bytes. It is detached where memory grows, which any call may do. */
  #bytes = new Uint8Array();
  #numbers;
  #scratch;
  #signatureLength;

  constructor(compiled) {
    const random = (start, length) =>
      Number(fill(this.#memory().subarray(start >>> 0, (start >>> 0) + (length >>> 0))));
    this.#exports = new WebAssembly.Instance(compiled, { host: { random } }).exports;
    this.#scratch = this.number("kayako_take", SCRATCH);
    if (this.#scratch === 0) {
      throw this.failure(Status.OUT_OF_MEMORY);
    }
    this.#signatureLength = this.number("kayako_signature_len");
  }

  /** The bytes of the memory, good until the next call. */
  #memory() {
    if (this.#bytes.length === 0) {
      this.#bytes = new Uint8Array(this.#exports.memory.buffer);
      this.#numbers = new DataView(this.#exports.memory.buffer);
    }
    return this.#bytes;
  }

  /** Calls a function, and returns the number that it returns. */
  number(name, ...values) {
    if (this.broken) {
      throw this.failure(Status.PANIC);
    }
    try {
      return this.#exports[name](...values) >>> 0;
    } catch {
      throw this.#trapped();
    }
  }

  #trapped() {
    this.end();
    return this.failure(Status.PANIC);
  }

  /** Wipes the whole memory, the signers' keys in it. */
  end() {
    this.broken = true;
    this.#memory().fill(0);
  }

  /** A text that ends in NUL. */
  message(name, ...values) {
    const start = this.number(name, ...values);
    const bytes = this.#memory();
    return textOf(bytes.subarray(start, bytes.indexOf(0, start)));
  }

  /** The error for a status that is not OK. */
  failure(status) {
    if (status === Status.NULL_SIGNER) {
      return new KayakoSignError("signer: is closed", status);
    }
    if (this.broken) {
      return new KayakoSignError("signer: a defect of the library ended it; make another", status);
    }
    return new KayakoSignError(this.message("kayako_status_message", status), status);
  }

  /**
   * Calls a function that takes inputs, each of them bytes or a number, and then writes `writes` numbers and, if `room` is
   * given, a text of at most so many bytes. Returns its status, and what it wrote: the text as `read` has it, which sees
   * its bytes. If the room is too small it returns the length that the text needs.
   */
  call(name, inputs, writes, room, read = textOf) {
    if (this.broken) {
      throw this.failure(Status.PANIC);
    }
    const texts = room === undefined ? 0 : room + 1;
    const size = inputs.reduce((sum, input) => sum + (input.length ?? 0), TEXT + texts);
    const start = size <= SCRATCH ? this.#scratch : this.number("kayako_take", size);
    if (start === 0) {
      throw this.failure(Status.OUT_OF_MEMORY);
    }
    try {
      const values = [];
      let at = start + TEXT + texts;
      for (const input of inputs) {
        if (typeof input === "number") {
          values.push(input);
          continue;
        }
        this.#memory().set(input, at);
        values.push(at, input.length);
        at += input.length;
      }
      for (let index = 0; index < writes; index += 1) {
        values.push(start + 4 + 4 * index);
      }
      if (room !== undefined) {
        values.push(start + TEXT, texts, start);
      }
      const status = this.number(name, ...values);
      if (status === Status.BUFFER_TOO_SMALL) {
        return { status, length: this.#uint32(start) };
      }
      return { status, ...(status === Status.OK ? this.#written(start, read) : {}) };
    } finally {
      this.#wipe(start, size);
    }
  }

  #written(start, read) {
    const text = read(this.#memory().subarray(start + TEXT, start + TEXT + this.#uint32(start)));
    return { text, first: this.#uint32(start + 4), second: this.#uint32(start + 8) };
  }

  #uint32(at) {
    this.#memory();
    return this.#numbers.getUint32(at, true);
  }

  /** Takes keys, bodies and signatures out of the memory that a call used. */
  #wipe(start, size) {
    if (this.broken) {
      return;
    }
    this.#memory().fill(0, start, start + size);
    if (start !== this.#scratch) {
      this.number("kayako_give_back", start, size);
    }
  }

  /** {@link call} for a function that must not fail. */
  done(...all) {
    const result = this.call(...all);
    if (result.status !== Status.OK) {
      throw this.failure(result.status);
    }
    return result;
  }

  /**
   * Signs an ASCII salt of usual length as `done` would, in less than half of the time. Returns undefined for any other
   * salt.
   */
  sign(signer, salt) {
    const [start, length] = [this.#scratch, salt.length];
    if (length > 512 || this.broken) {
      return undefined;
    }
    const input = start + TEXT + this.#signatureLength + 1;
    let bytes = this.#memory();
    for (let index = 0; index < length; index += 1) {
      const code = salt.charCodeAt(index);
      if (code > 127) {
        return undefined;
      }
      bytes[input + index] = code;
    }
    let status;
    try {
      const room = this.#signatureLength + 1;
      status = this.#exports.kayako_signer_sign(signer, input, length, start + TEXT, room, start);
    } catch {
      throw this.#trapped();
    }
    bytes = this.#memory();
    const text = start + TEXT;
    let signature = "";
    if (status === Status.OK) {
      signature = String.fromCharCode.apply(null, bytes.subarray(text, text + this.#signatureLength));
    }
    bytes.fill(0, start, input + length);
    if (status !== Status.OK) {
      throw this.failure(status);
    }
    return signature;
  }
}
