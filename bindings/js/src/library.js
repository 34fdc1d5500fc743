/** Calls the C library, a WebAssembly module: copies inputs into its memory, and outputs back. */

import { KayakoSignError } from "./error.js";
import { fill } from "./random.js";
import { Status } from "./status.js";

/** Bytes of the module's memory that are kept for inputs and outputs. A call that needs more allocates its own. */
const SCRATCH = 4096;
/** The offset of an output text in that memory. Before it are its length and two numbers. */
const TEXT_OFFSET = 12;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Returns UTF-8 bytes as a string. */
export const textOf = (bytes) => decoder.decode(bytes);

/** An instance of the module. */
export class Library {
  /** Whether a call has trapped, or the memory was wiped. No function can be called afterwards. */
  broken = false;
  #exports;
  /** The memory as bytes. It is detached when the memory grows, which any call may cause. */
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

  /** Returns the memory as bytes, valid until the next call. */
  #memory() {
    if (this.#bytes.length === 0) {
      this.#bytes = new Uint8Array(this.#exports.memory.buffer);
      this.#numbers = new DataView(this.#exports.memory.buffer);
    }
    return this.#bytes;
  }

  /** Calls a function and returns its result, a number. */
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

  /** Returns the error of a call that has trapped. */
  #trapped() {
    this.end();
    return this.failure(Status.PANIC);
  }

  /** Wipes the whole memory, and the signers' keys with it. */
  end() {
    this.broken = true;
    this.#memory().fill(0);
  }

  /** Calls a function that returns a C string, and returns its text. */
  message(name, ...values) {
    const start = this.number(name, ...values);
    const bytes = this.#memory();
    return textOf(bytes.subarray(start, bytes.indexOf(0, start)));
  }

  /** Returns the error for a status that is not OK. */
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
   * Calls a function with inputs, each of them bytes or a number. It writes `writes` numbers and, if `room` is given, a
   * text of at most `room` bytes. Returns its status and what it wrote, the text as `read` makes it from its bytes. If
   * the room is too small, it returns the length of the text.
   */
  call(name, inputs, writes, room, read = textOf) {
    if (this.broken) {
      throw this.failure(Status.PANIC);
    }
    const texts = room === undefined ? 0 : room + 1;
    const size = inputs.reduce((sum, input) => sum + (input.length ?? 0), TEXT_OFFSET + texts);
    const start = size <= SCRATCH ? this.#scratch : this.number("kayako_take", size);
    if (start === 0) {
      throw this.failure(Status.OUT_OF_MEMORY);
    }
    try {
      const values = [];
      let at = start + TEXT_OFFSET + texts;
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
        values.push(start + TEXT_OFFSET, texts, start);
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
    const text = read(this.#memory().subarray(start + TEXT_OFFSET, start + TEXT_OFFSET + this.#uint32(start)));
    return { text, first: this.#uint32(start + 4), second: this.#uint32(start + 8) };
  }

  #uint32(at) {
    this.#memory();
    return this.#numbers.getUint32(at, true);
  }

  /** Wipes the keys, bodies and signatures from the memory that a call used. */
  #wipe(start, size) {
    if (this.broken) {
      return;
    }
    this.#memory().fill(0, start, start + size);
    if (start !== this.#scratch) {
      this.number("kayako_give_back", start, size);
    }
  }

  /** {@link call}, which throws for any status except OK. */
  callOrThrow(...all) {
    const result = this.call(...all);
    if (result.status !== Status.OK) {
      throw this.failure(result.status);
    }
    return result;
  }

  /**
   * Signs an ASCII salt of usual length as {@link callOrThrow} would, in less than half the time. Returns undefined for
   * any other salt.
   */
  sign(signer, salt) {
    const [start, length] = [this.#scratch, salt.length];
    if (length > 512 || this.broken) {
      return undefined;
    }
    const input = start + TEXT_OFFSET + this.#signatureLength + 1;
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
      status = this.#exports.kayako_signer_sign(signer, input, length, start + TEXT_OFFSET, room, start);
    } catch {
      throw this.#trapped();
    }
    bytes = this.#memory();
    const text = start + TEXT_OFFSET;
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
