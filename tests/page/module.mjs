/** Calls the exports of the page's module with bytes that no field can hold. */

/** Keeps the compiled module, as `compiled`. */
export function keepModule(page) {
  return page.evaluateOnNewDocument(() => {
    const { compile } = WebAssembly;
    WebAssembly.compile = async (bytes) => (globalThis.compiled = await compile(bytes));
  });
}

/** Keeps every instance that the page makes, as `instances`, so that a test can look into its memory. */
export function keepInstances(page) {
  return page.evaluateOnNewDocument(() => {
    globalThis.instances = [];
    WebAssembly.Instance = class extends WebAssembly.Instance {
      constructor(...all) {
        super(...all);
        instances.push(this);
      }
    };
  });
}

/**
 * Calls functions of the C ABI. Each call has the keys of a signer, the name of a function, its inputs after the signer
 * as bytes, and the kind of its output in `writes`: a text, a number or nothing. Returns the output of each call, or
 * the message of its status.
 */
export function callModule(page, calls) {
  const encoded = calls.map(({ keys, name, inputs = [], writes }) => ({
    keys: keys.map((key) => Buffer.from(key).toString("base64")),
    name,
    inputs: inputs.map((input) => Buffer.from(input).toString("base64")),
    writes,
  }));
  return page.evaluate(
    (all) =>
      all.map(({ keys, name, inputs, writes }) => {
        const { exports } = new WebAssembly.Instance(compiled, { host: { random: () => 0 } });
        const put = (base64) => {
          const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
          const start = exports.kayako_take(bytes.length);
          new Uint8Array(exports.memory.buffer).set(bytes, start);
          return [start, bytes.length];
        };
        const number = (at) => new DataView(exports.memory.buffer).getUint32(at, true);
        const refusal = (status) => {
          const bytes = new Uint8Array(exports.memory.buffer, exports.kayako_status_message(status));
          return { refusal: new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0))) };
        };
        const result = exports.kayako_take(4);
        let status = exports.kayako_signer_new(...keys.flatMap(put), result);
        if (status !== 0 || !name) {
          return status === 0 ? {} : refusal(status);
        }
        const given = [number(result), ...inputs.flatMap(put)];
        if (writes === "number") {
          status = exports[name](...given, result);
          return status === 0 ? { code: number(result) } : refusal(status);
        }
        const room = 2_000_000;
        const out = exports.kayako_take(room);
        status = exports[name](...given, out, room, result);
        return status === 0
          ? { text: new TextDecoder().decode(new Uint8Array(exports.memory.buffer, out, number(result))) }
          : refusal(status);
      }),
    encoded,
  );
}
