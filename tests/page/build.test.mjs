/** Tests the built page: its size, its policy, and that its source does nothing that is forbidden. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { describe, it } from "node:test";
import { PAGE } from "./browser.mjs";
import { read } from "./tables.mjs";

const ROOT = new URL("../../", import.meta.url);
const page = readFileSync(PAGE, "utf8");
/** The files of the npm package that are in the page. */
const TAKEN = ["bytes.js", "error.js", "library.js", "random.js", "status.js"];
const SCRIPTS = ["page", "bindings/js/src"]
  .flatMap((folder) => readdirSync(new URL(folder, ROOT)).map((name) => `${folder}/${name}`))
  .filter((path) => path.endsWith(".js") && (path.startsWith("page/") || TAKEN.includes(path.split("/").pop())));
const [style, script] = [/<style>(.*?)<\/style>/s, /<script>(.*?)<\/script>/s].map((pattern) => pattern.exec(page)[1]);

/**
 * Patterns of code that leaves the page, sends something, keeps something or writes markup. The policy forbids most of
 * this, but no policy forbids navigation.
 */
const FORBIDDEN = {
  navigates: [
    /\blocation\b|\bhistory\b|\bnavigation\b|\bopen\s*\(|\b(requestS|s)ubmit\b/,
    /\.(href|action)\b|"(a|area|form|meta|base)"/,
  ],
  sends: [
    /\bfetch\b|XMLHttpRequest|WebSocket|EventSource|sendBeacon|RTC\w+|Worker|postMessage/,
    /\bImage\b|\.src\b|\bimport\s*\(|\bURL\b\./,
  ],
  keeps: [/localStorage|sessionStorage|indexedDB|\bcaches\b|document\.cookie|window\.name/],
  "writes markup": [
    /innerHTML|outerHTML|setHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser/,
    /\beval\b|new Function/,
  ],
};

/** Returns which of these a script does. */
function misdeedsOf(source) {
  const code = source.replace(/^\s*(\/\/|\/?\*).*$/gm, "");
  return Object.keys(FORBIDDEN).filter((misdeed) => FORBIDDEN[misdeed].some((pattern) => pattern.test(code)));
}

describe("the built page", () => {
  it("is smaller than 179 KB", () => {
    assert.ok(Buffer.byteLength(page) < 179_000, `it has ${Buffer.byteLength(page)} bytes`);
  });

  it("allows its own script and style, and nothing from elsewhere", () => {
    const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    assert.equal(
      /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)[1],
      [
        "default-src 'none'",
        `script-src ${hash(script)} 'wasm-unsafe-eval'`,
        `style-src ${hash(style)}`,
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
      ].join("; "),
    );
  });

  it("loads nothing: no element names a URL to load", () => {
    const markup = page.replace(script, "").replace(/id="module">.*?<\/script>/s, "");
    assert.deepEqual(
      Array.from(markup.matchAll(/\b(src|href|action|ping|poster|srcset|data)=("[^"]*"|\S+)/g), ([all]) => all),
      ['href="data:,"'],
    );
    assert.doesNotMatch(markup, /<(a|form|iframe|object|embed|base|img|frame)\b|http-equiv="?refresh/i);
    assert.doesNotMatch(style, /url\(|@import|@font-face/);
  });

  it("names no folder of this machine", () => {
    for (const folder of [new URL(".", ROOT).pathname, homedir(), ".cargo", ".rustup"]) {
      assert.ok(!page.includes(folder) && !moduleBytes().includes(folder), "a folder is named");
    }
  });

  it("is the same to the byte when it is built in another folder", () => {
    const folder = mkdtempSync(`${tmpdir()}/another folder `);
    try {
      const files = execFileSync(
        "git",
        ["ls-files", "-z", "--", "Cargo.*", "core", "transcript", "ffi", "cli", "page", "packaging", "bindings/js/src"],
        {
          cwd: ROOT,
          encoding: "utf8",
        },
      );
      for (const file of files.split("\0").filter(Boolean)) {
        cpSync(new URL(file, ROOT), `${folder}/${file}`);
      }
      const { CARGO_TARGET_DIR: _, ...environment } = process.env;
      execFileSync("python3", ["page/build.py"], { cwd: folder, stdio: "pipe", env: environment });
      assert.ok(readFileSync(`${folder}/dist/kayako-sign.html`, "utf8") === page, "the page differs");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function moduleBytes() {
  return readFileSync(
    new URL(
      "wasm32-unknown-unknown/page/kayako_sign_page.wasm",
      process.env.CARGO_TARGET_DIR ? `file://${process.env.CARGO_TARGET_DIR}/` : new URL("target/", ROOT),
    ),
  );
}

describe("the page's scripts", () => {
  for (const name of SCRIPTS) {
    it(`do not leave the page, send, keep or write markup: ${name}`, () => {
      assert.deepEqual(misdeedsOf(read(name)), []);
    });
  }

  it("do not do so in the built page either, nor does any other code in it", () => {
    assert.deepEqual(misdeedsOf(script), []);
  });

  it("are searched for patterns that find each of these", () => {
    for (const source of [
      "location.href = url",
      "window.open(url)",
      "form.submit()",
      "history.pushState({}, '', url)",
      "link.href = url",
    ]) {
      assert.deepEqual(misdeedsOf(source), ["navigates"]);
    }
    assert.deepEqual(misdeedsOf("new Image().src = url"), ["sends"]);
    assert.deepEqual(misdeedsOf("localStorage.a = 1"), ["keeps"]);
    assert.deepEqual(misdeedsOf("body.innerHTML = text"), ["writes markup"]);
  });
});

describe("the page's module", () => {
  it("imports only the function for random bytes", async () => {
    const module = await WebAssembly.compile(moduleBytes());
    assert.deepEqual(WebAssembly.Module.imports(module), [{ module: "host", name: "random", kind: "function" }]);
  });
});
