/** Tests that nothing of a secret is left in a snapshot of JavaScript's heap or in the memory of any instance. */

import assert from "node:assert/strict";
import { it } from "node:test";
import { describeEverywhere, fill, text } from "./browser.mjs";
import { keepInstances, keepModule } from "./module.mjs";

/** Differs from every other text in a browser. It is typed, because the heap keeps text that a test evaluates. */
const SECRET = "Zq7TellNobody4eWvK1";
const SALT = "Zq7salt4eWvK1";
const REQUEST = `GET /api/index.php?/Base/User/1&apikey=${SECRET}&salt=${SALT}&signature=x HTTP/1.1`;

/** Returns the heap snapshot as text, in which strings are not encoded. */
async function heapOf(page) {
  const session = await page.createCDPSession();
  const chunks = [];
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => chunks.push(chunk));
  await session.send("HeapProfiler.enable");
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  await session.detach();
  return chunks.join("");
}

async function type(page, id, typed) {
  await page.focus(`#${id}`);
  await page.keyboard.type(typed);
}

/** Makes the page sign and check with the secret, and shows the secret. Returns whether a signature is shown. */
async function useSecret(page) {
  await type(page, "api-key", "apikey");
  await type(page, "secret-key", SECRET);
  await page.click("#show");
  await page.focus("#salt");
  await page.keyboard.down("Control");
  await page.keyboard.press("a");
  await page.keyboard.up("Control");
  await page.keyboard.type(SALT);
  await type(page, "url", "https://help.example.com/api/index.php?/Base/User/1");
  await type(page, "request", REQUEST);
  return page.$eval("#raw", (raw) => raw.checkVisibility());
}

function isIn(heap, ...secrets) {
  return secrets.some((secret) => heap.includes(secret));
}

describeEverywhere("a secret", { browsers: ["Chromium"] }, (visit) => {
  it("is found in the heap while it is kept there", async () => {
    const page = await visit.open();
    await useSecret(page);
    await page.evaluate(() => {
      globalThis.kept = { secret: document.getElementById("secret-key").value };
    });
    await page.click("#forget");
    assert.ok(isIn(await heapOf(page), SECRET), "a secret that is kept is not found");
  });

  it("is not in the heap once it is forgotten, and neither is the salt or the request", async () => {
    const page = await visit.open();
    assert.ok(await useSecret(page), "it was not used");
    await page.click("#forget");
    const heap = await heapOf(page);
    assert.ok(!isIn(heap, SECRET, SALT), "it is still there");
  });

  it("is not in the heap after the page is loaded again", async () => {
    const page = await visit.open();
    assert.ok(await useSecret(page), "it was not used");
    await page.reload();
    await page.waitForSelector("#main:not([hidden])");
    assert.ok(!isIn(await heapOf(page), SECRET, SALT), "it is still there");
  });
});

describeEverywhere("a secret", {}, (visit) => {
  it("is found in the memory of an instance that is not wiped", async () => {
    const page = await visit.open({ prepare: keepModule });
    const found = await page.evaluate((secret) => {
      const { exports } = new WebAssembly.Instance(compiled, { host: { random: () => 0 } });
      const put = (text) => {
        const start = exports.kayako_take(text.length);
        return [start, new TextEncoder().encodeInto(text, new Uint8Array(exports.memory.buffer, start)).written];
      };
      exports.kayako_signer_new(...put("apikey"), ...put(secret), exports.kayako_take(4));
      // Once where it was put, and once where the signer keeps it.
      return new TextDecoder("latin1").decode(exports.memory.buffer).split(secret).length > 2;
    }, SECRET);
    assert.ok(found, "a secret that is kept is not found");
  });

  it("leaves only zeros in the memory of every instance", async () => {
    const page = await visit.open({ prepare: keepInstances });
    await fill(page, {
      "api-key": "apikey",
      url: "https://help.example.com/api/index.php?/Base/User/1",
      request: REQUEST,
    });
    await type(page, "secret-key", SECRET);
    assert.equal((await text(page, "raw")).length, 44);
    const { made, wiped } = await page.evaluate(() => ({
      made: instances.length,
      wiped: instances.every(({ exports }) => new Uint8Array(exports.memory.buffer).every((byte) => byte === 0)),
    }));
    assert.ok(made > SECRET.length, "an instance served for more than one operation");
    assert.ok(wiped, "there are bytes in the memory that are not zero");
  });

  it("leaves only zeros in memory if an operation is refused", async () => {
    const page = await visit.open({ prepare: keepInstances });
    await fill(page, { "api-key": "apikey", "secret-key": SECRET, salt: "0", url: "nowhere", request: REQUEST });
    assert.notEqual(await text(page, "salt-error"), "");
    assert.ok(
      await page.evaluate(() =>
        instances.every(({ exports }) => new Uint8Array(exports.memory.buffer).every((byte) => byte === 0)),
      ),
      "there are bytes that are not zero",
    );
  });

  it("is gone from every field and text once it is forgotten, and does not come back", async () => {
    const page = await visit.open();
    assert.ok(await useSecret(page), "it was not used");
    await page.click("#pair");
    await fill(page, { "sent-salt": SALT, "sent-signature": SECRET });
    await page.click("#forget");
    const left = () =>
      page.evaluate(
        (words) => {
          const fields = [...document.querySelectorAll("input, textarea")].map((field) => field.value);
          return words.some((word) => fields.concat(document.body.textContent).some((shown) => shown.includes(word)));
        },
        [SECRET, SALT],
      );
    assert.equal(await left(), false, "it is still shown");
    assert.equal(await page.$eval("#secret-key", (field) => field.type), "password");
    assert.equal(await text(page, "announcement"), "Everything is forgotten.");
    for (const id of ["secret-key", "salt", "url"]) {
      await page.focus(`#${id}`);
      await page.keyboard.down("Control");
      await page.keyboard.press("z");
      await page.keyboard.press("z");
      await page.keyboard.up("Control");
    }
    assert.equal(await left(), false, "undoing brings it back");
  });

  it("is not there after the page is loaded again, or after going back to it", async () => {
    const page = await visit.open();
    const fields = () =>
      page.$$eval("input:not([type=radio]):not(#salt), textarea", (all) => all.map((field) => field.value).join(""));
    assert.ok(await useSecret(page), "it was not used");
    await page.reload();
    await page.waitForSelector("#main:not([hidden])");
    assert.equal(await fields(), "");
    assert.ok(await useSecret(page), "it was not used");
    await page.goto(`${visit.url}?elsewhere`);
    await page.evaluate(() => {
      setTimeout(() => history.back());
    });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(await page.evaluate(() => location.href), visit.url);
    await page.waitForSelector("#main:not([hidden])");
    assert.ok((await fields()) === "", "it is in a field");
    assert.match(await page.$eval("#salt", (field) => field.value), /^[0-9a-f]{32}$/);
  });

  it("is kept in no storage and no cookie", async () => {
    const page = await visit.open();
    assert.ok(await useSecret(page), "it was not used");
    const kept = await page.evaluate(async () => {
      const read = async (what) => {
        try {
          return await what();
        } catch {
          return "";
        }
      };
      return [
        await read(() => JSON.stringify({ ...localStorage, ...sessionStorage })),
        await read(() => document.cookie),
        await read(async () => JSON.stringify(await indexedDB.databases())),
        await read(async () => JSON.stringify(await caches.keys())),
        JSON.stringify(history.state),
        location.href,
        window.name,
      ].join("");
    });
    assert.equal(kept.replace(/[{}[\]]|null/g, ""), visit.url);
  });
});
