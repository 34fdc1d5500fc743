/** Tests the package in Debian's browsers, as separate files and as one bundle, on a page with a strict policy. */

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import puppeteer from "puppeteer-core";
import { Signer } from "../../bindings/js/src/node.js";
import { record } from "./servers.mjs";

const BROWSERS = {
  Chromium: {
    browser: "chrome",
    executablePath: "/usr/bin/chromium",
    args: process.getuid() === 0 ? ["--no-sandbox"] : [],
  },
  Firefox: { browser: "firefox", executablePath: "/usr/bin/firefox-esr" },
};
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src *";
const WITHOUT = POLICY.replace(" 'wasm-unsafe-eval'", "");
const FILES = {
  "/src/": new URL("../../bindings/js/src/", import.meta.url),
  "/tests/": new URL("./", import.meta.url),
  "/support/": new URL("../support/", import.meta.url),
  "/tables/": new URL("../tables/", import.meta.url),
};
/** The scripts that the tests' page runs. */
const SCRIPTS = {
  "/modules.js": `import * as library from "/src/index.js";
    import { Tables } from "/tests/tables.mjs";
    Object.assign(globalThis, { library, Tables, loaded: true });`,
};

const known = "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=";

/** Serves the page, the package and the tables, and records requests to the API. */
async function serve(bundle) {
  const server = await record(({ target }) => {
    const [path] = target.split("?");
    if (path.startsWith("/page/")) {
      const [, , script, policy] = path.split("/");
      const headers = { "content-type": "text/html", "content-security-policy": policy ? WITHOUT : POLICY };
      return [200, headers, `<!doctype html><script type="module" src="/${script}"></script>`];
    }
    const text = path === "/bundle.js" ? bundle : (SCRIPTS[path] ?? fileAt(path));
    if (text !== undefined) {
      server.received.pop();
      return [200, { "content-type": "text/javascript" }, text];
    }
    if (target.includes("/moved")) {
      return [307, { location: "/api/index.php?/Base/User/1" }];
    }
    return path.startsWith("/api/") ? [200, { "access-control-allow-origin": "*" }, "done"] : [404];
  });
  return server;
}

function fileAt(path) {
  const found = Object.entries(FILES).find(([start]) => path.startsWith(start));
  return found && readFileSync(new URL(path.slice(found[0].length), found[1]), "utf8");
}

for (const [name, launch] of Object.entries(BROWSERS)) {
  describe(name, () => {
    let browser;
    let server;
    before(async () => {
      const stdin = {
        contents: `import * as library from "../../bindings/js/src/index.js"; Object.assign(globalThis, { library, loaded: true });`,
        resolveDir: new URL(".", import.meta.url).pathname,
      };
      const { outputFiles } = await build({ stdin, bundle: true, minify: true, write: false, format: "iife" });
      server = await serve(outputFiles[0].text);
      browser = await puppeteer.launch({ headless: true, ...launch });
    });
    after(async () => {
      await browser?.close();
      server?.close();
    });

    async function open(path) {
      const page = await browser.newPage();
      await page.goto(`${server.origin}/page/${path}`);
      await page.waitForFunction("globalThis.loaded");
      server.received.length = 0;
      return page;
    }

    for (const script of ["modules.js", "bundle.js"]) {
      test(`${script} signs under a strict policy`, async () => {
        const page = await open(script);
        const signature = await page.evaluate(() => new library.Signer("apikey", "secretkey").sign("1234567890"));
        equal(signature === known, true);
      });
    }

    test("a policy that forbids WebAssembly is an error that says what to allow", async () => {
      const page = await open("modules.js/without");
      const message = await page.evaluate(() => {
        try {
          return new library.Signer("apikey", "secretkey").sign("1");
        } catch (error) {
          return String(error);
        }
      });
      match(message, /^KayakoSignError: WebAssembly: .* script-src 'wasm-unsafe-eval'$/);
    });

    test("every row of the shared tables holds", async () => {
      const page = await open("modules.js");
      const { checked, wrong } = await page.evaluate(async () => {
        const names = ["vectors.tsv", "requests.tsv", "diagnoses.tsv", "signatures.tsv"];
        const texts = await Promise.all(names.map(async (name) => (await fetch(`/tables/${name}`)).text()));
        return new Tables(library, (name) => texts[names.indexOf(name)]).checkAll();
      });
      deepEqual(wrong, []);
      ok(checked > 1200);
    });

    test("fetch signs, and shows no credentials", async () => {
      const page = await open("modules.js");
      const seen = await page.evaluate(async (url) => {
        const signer = new library.Signer("apikey", "secretkey");
        const form = new FormData();
        form.set("a", "é");
        const bodies = [
          {},
          { method: "POST" },
          { method: "POST", body: new URLSearchParams({ a: "1" }) },
          { method: "POST", body: form },
        ];
        const all = [];
        for (const init of bodies) {
          const response = await signer.fetch(url, init);
          all.push([response.status, response.url, response.clone().url, response.redirected, await response.text()]);
        }
        return all;
      }, server.url);
      deepEqual(seen, Array(4).fill([200, server.url, server.url, false, "done"]));
      const signer = new Signer("apikey", "secretkey");
      for (const { method, target, headers, body, salts } of server.received) {
        equal(salts.length, 1);
        const diagnosis = signer.diagnoseRequest(method, `http://127.0.0.1${target}`, headers["content-type"], body);
        ok(diagnosis.accepted, diagnosis.message);
      }
      equal(server.received.length, 4);
    });

    test("a redirect, whose target a browser hides, is refused with a message that says so", async () => {
      const page = await open("modules.js");
      const [error, manual] = await page.evaluate(async (url) => {
        const signer = new library.Signer("apikey", "secretkey");
        const error = await signer.fetch(url).catch((error) => `${error.stack} ${error}`);
        const { type, status, url: asked } = await signer.fetch(url, { redirect: "manual" });
        return [error, [type, status, asked]];
      }, `${server.origin}/api/index.php?/Base/moved`);
      match(error, /KayakoSignError: redirect: a browser does not show where it leads/);
      equal(error.includes("salt="), false);
      deepEqual(manual, ["opaqueredirect", 0, `${server.origin}/api/index.php?/Base/moved`]);
    });

    test("a server that cannot be reached is fetch's own TypeError, without credentials", async () => {
      const page = await open("modules.js");
      const shown = await page.evaluate(async () => {
        const signer = new library.Signer("apikey", "secretkey");
        const error = await signer.fetch("http://127.0.0.1:1/api/index.php?/Base/User/1").catch((error) => error);
        return [error instanceof TypeError, `${error.stack} ${error.message} ${error.cause}`.includes("salt=")];
      });
      deepEqual(shown, [true, false]);
    });
  });
}
