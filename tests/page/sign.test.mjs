/** Tests signing in the page. */

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { it } from "node:test";
import { describeEverywhere, fill, KEYS, text, texts } from "./browser.mjs";

const URL = "https://help.example.com/api/index.php?/Base/User/1";

function signatureOf(secretKey, salt) {
  return createHmac("sha256", secretKey).update(salt).digest("base64");
}

function valueOf(page, id) {
  return page.$eval(`#${id}`, (field) => field.value);
}

describeEverywhere("signing", {}, (visit) => {
  it("shows every result as soon as the keys are typed", async () => {
    const page = await visit.reopen();
    assert.equal(await page.$eval("#results", (results) => results.checkVisibility()), false);
    await page.type("#api-key", "apikey");
    await page.type("#secret-key", "secretkey");
    await fill(page, { salt: "1234567890", url: URL });
    const encoded = encodeURIComponent(signatureOf("secretkey", "1234567890"));
    const query = `apikey=apikey&salt=1234567890&signature=${encoded}`;
    const shown = await texts(page, "raw", "encoded", "query", "signed", "curl");
    assert.ok(shown[0] === signatureOf("secretkey", "1234567890") && shown[1] === encoded, "another signature");
    assert.ok(shown[2] === query && shown[3] === `${URL}&${query}`, "another query or URL");
    assert.ok(shown[4] === `curl --globoff '${URL}&${query}'`, "another line for curl");
  });

  it("signs its own fresh salt of 128 bits", async () => {
    const page = await visit.reopen();
    await fill(page, KEYS);
    const salt = await valueOf(page, "salt");
    assert.match(salt, /^[0-9a-f]{32}$/);
    assert.ok((await text(page, "raw")) === signatureOf("secretkey", salt), "another signature");
  });

  it("makes a different salt each time, in both forms", async () => {
    const page = await visit.reopen();
    await fill(page, KEYS);
    for (const [button, form, digits] of [
      ["random", /^[0-9a-f]{32}$/, 16],
      ["ten_digits", /^\d{10}$/, 10],
    ]) {
      const salts = await page.evaluate(
        (id) =>
          Array.from({ length: 200 }, () => {
            document.getElementById(id).click();
            return document.getElementById("salt").value;
          }),
        button,
      );
      assert.ok(
        salts.every((salt) => form.test(salt)),
        "a salt of another form",
      );
      assert.equal(new Set(salts).size, salts.length, "a salt came twice");
      assert.equal(new Set(salts.join("")).size, digits, "a digit never came");
    }
  });

  it("makes no weaker salt if the browser gives no random bytes", async () => {
    const page = await visit.open({
      ready: false,
      prepare: (fresh) =>
        fresh.evaluateOnNewDocument(() => {
          crypto.getRandomValues = () => {
            throw new Error("on purpose");
          };
        }),
    });
    await page.waitForSelector("#main:not([hidden])");
    assert.equal(await valueOf(page, "salt"), "");
    assert.equal(await text(page, "salt-error"), "salt: the operating system gave no random bytes for a fresh one");
  });

  it("shows below a field what is wrong with it, and nothing once it is corrected", async () => {
    const page = await visit.reopen();
    const cases = {
      salt: { 0: /^salt: must not be 0/, "": /^salt: must not be empty/ },
      url: { "/api/index.php": /^URL: must be absolute/, [`${URL}&salt=1`]: /^parameter salt: / },
      "api-key": { ["a".repeat(1025)]: /^API key: must not be longer/ },
    };
    for (const [id, values] of Object.entries(cases)) {
      for (const [value, message] of Object.entries(values)) {
        await fill(page, { ...KEYS, salt: "1", url: "", [id]: value });
        assert.match(await text(page, `${id}-error`), message);
        assert.equal(await page.$eval(`#${id}`, (field) => field.matches("[aria-invalid]")), true);
      }
    }
    await fill(page, { ...KEYS, salt: "1", url: URL });
    for (const id of Object.keys(cases)) {
      assert.equal(await text(page, `${id}-error`), "");
      assert.equal(await page.$eval(`#${id}`, (field) => field.matches("[aria-invalid]")), false);
    }
  });

  it("keeps the signature if only the URL is wrong", async () => {
    const page = await visit.reopen();
    await fill(page, { ...KEYS, salt: "1", url: "nowhere" });
    const [raw, signed, curl] = await texts(page, "raw", "signed", "curl");
    assert.equal(raw.length, 44);
    assert.equal(signed + curl, "");
  });

  it("hides the old results if the core fails", async () => {
    const page = await visit.open({
      prepare: (fresh) =>
        fresh.evaluateOnNewDocument(() => {
          WebAssembly.Instance = class extends WebAssembly.Instance {
            constructor(...all) {
              if (globalThis.broken) {
                throw new Error("on purpose");
              }
              super(...all);
            }
          };
        }),
    });
    await fill(page, { ...KEYS, request: URL });
    assert.deepEqual(await page.$$eval("#results, #verdict", (all) => all.map((one) => one.checkVisibility())), [
      true,
      true,
    ]);
    await page.evaluate(() => {
      globalThis.broken = true;
    });
    await fill(page, { salt: "2" });
    assert.deepEqual(await page.$$eval("#results, #verdict", (all) => all.map((one) => one.checkVisibility())), [
      false,
      false,
    ]);
  });

  it("writes a line that the shell and curl take as one URL", async () => {
    const page = await visit.reopen();
    await fill(page, { ...KEYS, salt: "1", url: "https://h/index.php?/A/B/1&c=it's&a[]={1}&b=$x`y`" });
    const line = await text(page, "curl");
    assert.ok(
      line.startsWith("curl --globoff 'https://h/index.php?/A/B/1&apikey=apikey&") &&
        line.endsWith("&c=it'\\''s&a[]={1}&b=$x`y`'"),
      "",
    );
  });

  it("shows the secret key when asked to, and hides it when asked again", async () => {
    const page = await visit.reopen();
    for (const [type, pressed] of [
      ["password", "false"],
      ["text", "true"],
      ["password", "false"],
    ]) {
      assert.equal(await page.$eval("#secret-key", (field) => field.type), type);
      assert.equal(await page.$eval("#show", (button) => button.getAttribute("aria-pressed")), pressed);
      await page.click("#show");
    }
  });

  it("copies the text above the button, or selects it if it may not copy", async () => {
    const page = await visit.reopen();
    await fill(page, { ...KEYS, salt: "1", url: URL });
    await page.evaluate(() => {
      globalThis.copied = [];
      Object.defineProperty(navigator, "clipboard", {
        configurable: true,
        value: { writeText: async (text) => copied.push(text) },
      });
    });
    for (const id of ["raw", "encoded", "query", "signed", "curl"]) {
      await page.click(`[data-copy=${id}]`);
    }
    assert.ok(
      await page.evaluate(() =>
        ["raw", "encoded", "query", "signed", "curl"].every(
          (id, index) => copied[index] === document.getElementById(id).textContent,
        ),
      ),
      "another text was copied",
    );
    assert.equal(await text(page, "announcement"), "Copied.");
    await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
    await page.click("[data-copy=query]");
    assert.ok(
      await page.evaluate(() => String(getSelection()) === document.getElementById("query").textContent),
      "not selected",
    );
    assert.match(await text(page, "announcement"), /^Selected\./);
  });

  it("agrees with the browser's own HMAC", async () => {
    const page = await visit.reopen();
    for (const [secretKey, salt] of [
      ["s", "1"],
      ["schlüssel€ 𝒮", "sält"],
      ["k".repeat(200), "m".repeat(300)],
    ]) {
      await fill(page, { ...KEYS, "secret-key": secretKey, salt });
      const agrees = await page.evaluate(
        async (...texts) => {
          const [keyBytes, saltBytes] = texts.map((one) => new TextEncoder().encode(one));
          const key = await crypto.subtle.importKey("raw", keyBytes, { name: "HMAC", hash: "SHA-256" }, false, [
            "sign",
          ]);
          const right = String.fromCharCode(...new Uint8Array(await crypto.subtle.sign("HMAC", key, saltBytes)));
          return atob(document.getElementById("raw").textContent) === right;
        },
        secretKey,
        salt,
      );
      assert.ok(agrees, "another signature");
    }
  });
});
