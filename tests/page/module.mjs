/** The page's module, as it compiles it: its exports called with bytes, which no field can hold. */

/** Keeps the module, as `compiled`. */
export function keepModule(page) {
  return page.evaluateOnNewDocument(() => {
    const { compile } = WebAssembly;
    WebAssembly.compile = async (bytes) => (globalThis.compiled = await compile(bytes));
  });
}

/** Keeps every instance that the page makes, as `instances`, to look into its memory. */
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

/** `calls`: each an export, its inputs behind the signer as bytes, and what it writes: a text or nothing. */
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
        const { exports } = new WebAssembly.Instance(compiled, { page: { random: () => 0 } });
        const put = (base64) => {
          const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
          const start = exports.kayako_alloc(bytes.length);
          new Uint8Array(exports.memory.buffer, start, bytes.length).set(bytes);
          return [start, bytes.length];
        };
        const number = (at) => new DataView(exports.memory.buffer).getUint32(at, true);
        const sentence = (start) => {
          const bytes = new Uint8Array(exports.memory.buffer, start);
          return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
        };
        const out = exports.kayako_alloc(8);
        let refusal = exports.kayako_signer_new(...keys.flatMap(put), out);
        if (refusal || !name) {
          return { refusal: refusal ? sentence(refusal) : "" };
        }
        const given = [number(out), ...inputs.flatMap(put)];
        if (!writes) {
          return { code: exports[name](...given) };
        }
        refusal = exports[name](...given, out);
        if (refusal) {
          return { refusal: sentence(refusal) };
        }
        return { text: new TextDecoder().decode(new Uint8Array(exports.memory.buffer, number(out), number(out + 4))) };
      }),
    encoded,
  );
}
