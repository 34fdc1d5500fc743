/** Tests the npm package as it is released: its contents, and that it signs after it is installed. */

import { deepEqual, equal, ok } from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import base64 from "../../bindings/js/src/module.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TOOLS = fileURLToPath(new URL("node_modules/.bin/", import.meta.url));
const [, VERSION] = /^version = "(.*)"$/m.exec(readFileSync(`${ROOT}Cargo.toml`, "utf8"));
const TARBALL = `${ROOT}dist/kayako-sign-${VERSION}.tgz`;
const KNOWN = "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=";
const KEYS = { KAYAKO_API_KEY: "apikey", KAYAKO_SECRET_KEY: "secretkey" };
const SCRIPT = `console.log(Signer.fromEnv().sign("1234567890"));`;

describe("the package", () => {
  let folder;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "kayako-sign-"));
    writeFileSync(join(folder, "package.json"), "{}");
    run("npm", "install", "--silent", "--offline", "--no-audit", "--no-fund", TARBALL);
  });
  after(() => rmSync(folder, { recursive: true }));

  function run(program, ...options) {
    return execFileSync(program, options, { cwd: folder, env: { ...process.env, ...KEYS }, encoding: "utf8" });
  }

  /** Runs this text as a user's program, and returns whether it prints the known signature. */
  function signs(name, text) {
    writeFileSync(join(folder, name), text);
    return run(process.execPath, name) === `${KNOWN}\n`;
  }

  test("holds its code, its types, a README and licences, in less than 150 KB", () => {
    const files = run("tar", "tf", TARBALL)
      .trim()
      .split("\n")
      .map((name) => name.replace("package/", ""));
    const sources = readdirSync(`${ROOT}bindings/js/src`).map((name) => `src/${name}`);
    const others = ["LICENSE-APACHE", "LICENSE-MIT", "LICENSE-THIRD-PARTY", "README.md", "package.json"];
    deepEqual(files.sort(), [...sources, ...others].sort());
    ok(statSync(TARBALL).size < 150_000);
  });

  test("has the version of the library in it, and no dependencies", () => {
    const installed = JSON.parse(readFileSync(join(folder, "node_modules/kayako-sign/package.json"), "utf8"));
    equal(installed.version, VERSION);
    equal(installed.dependencies, undefined);
    const module = new WebAssembly.Module(Buffer.from(base64, "base64"));
    const { exports } = new WebAssembly.Instance(module, { host: { random: () => 0 } });
    const memory = Buffer.from(exports.memory.buffer);
    const start = exports.kayako_version();
    equal(memory.subarray(start, memory.indexOf(0, start)).toString(), VERSION);
  });

  test("exports the functions of the header, and those that a host needs for memory", () => {
    const header = readFileSync(`${ROOT}include/kayako_sign.h`, "utf8");
    const declared = [...header.matchAll(/^(?!typedef)\w[^\n]*?\b(kayako_\w+)\(/gm)].map(([, name]) => name);
    const module = new WebAssembly.Module(Buffer.from(base64, "base64"));
    const exported = WebAssembly.Module.exports(module).map(({ name }) => name);
    const ours = ["kayako_give_back", "kayako_take", "memory"];
    deepEqual(exported.filter((name) => !name.startsWith("__")).sort(), [...declared, ...ours].sort());
  });

  test("names no folder of the machine where it was made", () => {
    const module = Buffer.from(base64, "base64");
    for (const place of [ROOT, homedir(), ".cargo/registry", "/rustc/"]) {
      equal(module.includes(place), false, place);
    }
  });

  test("signs in Node, by import and by require", () => {
    ok(signs("script.mjs", `import { Signer } from "kayako-sign"; ${SCRIPT}`));
    ok(signs("script.cjs", `import("kayako-sign").then(({ Signer }) => { ${SCRIPT} });`));
    if (process.features.require_module) {
      ok(signs("required.cjs", `const { Signer } = require("kayako-sign"); ${SCRIPT}`));
    }
  });

  for (const [format, ending] of [
    ["esm", "mjs"],
    ["cjs", "cjs"],
    ["iife", "cjs"],
  ]) {
    for (const platform of ["browser", "node"]) {
      test(`signs as a bundle for ${platform}, ${format}`, async () => {
        const stdin = { contents: `import { Signer } from "kayako-sign"; ${SCRIPT}`, resolveDir: folder };
        const { outputFiles } = await build({ stdin, bundle: true, minify: true, write: false, format, platform });
        ok(signs(`bundle-${platform}-${format}.${ending}`, outputFiles[0].text));
      });
    }
  }

  test("passes the checks of publint and attw", () => {
    run(`${TOOLS}publint`, "run", "--strict", "node_modules/kayako-sign");
    run(`${TOOLS}attw`, "--profile", "esm-only", TARBALL);
  });

  const USE = `
    import { type Credentials, type Diagnosis, DiagnosisCode, generateSalt, KayakoSignError, Signer, Status } from "kayako-sign";
    const signer = new Signer("apikey", new Uint8Array(1));
    const text: string = signer.sign(1n) + signer.signUrlencoded(generateSalt()) + signer.query();
    const all: Credentials[] = [signer.credentials(), signer.credentials(1), ...signer.credentialsBatch(2)];
    const octets: string | Uint8Array = signer.credentials(new Uint8Array(1)).salt;
    const url: string = signer.signUrl("a") + signer.signForm({ a: 1, "b[]": ["c"] }) + signer.signForm([["a", 1]]);
    const form: string = signer.signForm(new Map([["a", "b"]]));
    const { body }: { body: string } = signer.signRequest("POST", "a", null, "b");
    const other: Uint8Array = signer.signRequest("POST", "a", null, new Uint8Array(1)).body;
    const none: string | Uint8Array | undefined = signer.signRequest("GET", "a").body;
    const { code, message, accepted }: Diagnosis = signer.diagnoseRequest("GET", "a");
    const isGood: boolean = code === DiagnosisCode.GOOD && accepted && signer.verify(1, "a");
    try { signer.close(); } catch (error) { if (error instanceof KayakoSignError && error.status === Status.EMPTY_SALT) {} }
    export { text, all, octets, url, form, body, other, none, message, isGood };
  `;
  const BROWSER = `${USE}
    const response: Promise<Response> = signer.fetch(new URL("https://a"), { method: "POST", body: new URLSearchParams() });
    signer.signForm(new URLSearchParams());
    export { response };
  `;
  const WRONG = `
    import { Signer } from "kayako-sign";
    const signer = new Signer("apikey", "secretkey");
    // @ts-expect-error
    signer.sign(null);
    // @ts-expect-error
    signer.sign(true);
    // @ts-expect-error
    signer.sign(undefined);
    // @ts-expect-error
    signer.signForm({ a: null });
    // @ts-expect-error
    signer.signForm({ a: true });
    // @ts-expect-error
    new Signer("apikey", 1);
  `;
  for (const [name, text, libraries] of [
    ["code for a browser", BROWSER, "es2022,dom,dom.iterable"],
    ["code without a runtime", USE, "es2022"],
    ["code with mistakes", WRONG, "es2022,dom"],
  ]) {
    test(`has types that fit ${name}`, () => {
      writeFileSync(join(folder, "use.mts"), text);
      const options = [
        "--noEmit",
        "--strict",
        "--module",
        "nodenext",
        "--target",
        "es2022",
        "--lib",
        libraries,
        "--types",
        "",
      ];
      equal(spawnSync(`${TOOLS}tsc`, [...options, "use.mts"], { cwd: folder, encoding: "utf8" }).stdout, "");
    });
  }
});
