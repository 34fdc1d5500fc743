/** Tests that hostile texts do no harm in any field. */

import assert from "node:assert/strict";
import { it } from "node:test";
import { describeEverywhere, fill, KEYS, text } from "./browser.mjs";

const FIELDS = ["api-key", "secret-key", "salt", "url", "request", "sent-salt", "sent-signature"];
const MARKUP = [
  `<img src=x onerror="globalThis.harmed=1"><script>globalThis.harmed=1</script>`,
  `</textarea></main><svg onload=harmed=1>`,
].join("");
const REQUEST = "GET /api/index.php?/Base/User/1&salt=";

const TEXTS = {
  tags: MARKUP,
  "a script's URL": "javascript:globalThis.harmed=1",
  NUL: "a\0b\0",
  "all of ASCII": String.fromCharCode(...Array(128).keys()),
  "5 MB": "x".repeat(5_000_000),
  "half a character": "a\ud800b",
  "two halves in the wrong order": "\udc00\ud800",
  "right-to-left marks": "\u202egnirts\u202c \u2067x\u2069 \u200f\u061c",
  "names that every object has": "__proto__ constructor toString",
};

/** Texts that would keep a careless parser or pattern busy for a very long time. */
const LONG = {
  "many names": "salt[".repeat(19_500),
  "many encoded names": "salt%5B".repeat(14_000),
  "names and spaces": "salt ".repeat(19_500),
  "many quotes": `curl ${"$'\\'".repeat(12_000)}`,
  "quotes and names": `curl -d "${'salt=\\"'.repeat(13_500)}" https://h/i.php?/A`,
  lines: `POST /a HTTP/1.1\n${"\n".repeat(95_000)}`,
  headers: `POST /a HTTP/1.1\n${"a:\n".repeat(30_000)}`,
  parts: `POST /a HTTP/1.1\nContent-Type: multipart/form-data; boundary=X\n\n${'--X\nname="salt"\n\n'.repeat(5_000)}`,
  objects: `POST /a HTTP/1.1\nContent-Type: application/json\n\n${'{"salt":'.repeat(12_000)}`,
  arrays: `POST /a HTTP/1.1\nContent-Type: application/json\n\n{"salt":${"[".repeat(95_000)}`,
  parameters: `GET /a?${"salt=1&".repeat(14_000)} HTTP/1.1`,
};

/** Replaces the text of a field, as pasting does. */
async function paste(page, id, pasted) {
  await page.evaluate(
    (field, text) => {
      document.getElementById(field).select();
      document.execCommand("insertText", false, text);
    },
    id,
    pasted,
  );
}

async function assertUnharmed(page, visit) {
  const { harmed, shape } = await page.evaluate(() => ({
    harmed: globalThis.harmed,
    shape: document.querySelectorAll("img, svg, iframe, object, embed, main main, body > script:not([src])").length,
  }));
  assert.equal(harmed, undefined, "a script ran");
  assert.equal(shape, 2, "there are other elements than the page's own two scripts");
  assert.equal(page.url(), visit.url, "the page was left");
  assert.deepEqual(page.seen.errors, [], "the page failed");
  // It still works.
  await fill(page, { ...Object.fromEntries(FIELDS.map((id) => [id, ""])), ...KEYS, salt: "1234567890" });
  assert.ok((await text(page, "raw")) === "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=", "it no longer signs");
}

describeEverywhere("the page with hostile text", {}, (visit) => {
  for (const [title, hostile] of Object.entries(TEXTS)) {
    it(`is not harmed by ${title} in any field`, async () => {
      const page = await visit.open();
      for (const id of FIELDS) {
        await page.evaluate((pair) => document.getElementById(pair ? "pair" : "whole").click(), id.startsWith("sent-"));
        await fill(page, { ...KEYS, "sent-salt": "1", "sent-signature": "1", salt: "1", url: "" });
        await paste(page, id, hostile);
      }
      await page.evaluate(() => document.getElementById("whole").click());
      for (const before of [REQUEST, `${REQUEST}1 HTTP/1.1\n\n`, "curl '", `> ${REQUEST} HTTP/1.1\n`]) {
        await paste(page, "request", before + hostile);
      }
      await assertUnharmed(page, visit);
    });
  }

  // The time does not depend on the page's origin, so one origin is enough.
  for (const [title, request] of visit.origin === "file" ? Object.entries(LONG) : []) {
    it(`answers within seconds to a request of ${title}`, async () => {
      const page = await visit.open();
      const start = performance.now();
      await fill(page, { ...KEYS, request });
      await assertUnharmed(page, visit);
      assert.ok(performance.now() - start < 10_000, `it took ${Math.round(performance.now() - start)} ms`);
    });
  }

  it("shows characters that would be invisible or would move the text next to them", async () => {
    const page = await visit.open();
    await fill(page, {
      ...KEYS,
      request: "POST /index.php?/Base/User HTTP/1.1\n\nsalt=\u202e1\u200b\x1b[31m",
    });
    assert.match(await page.$eval("#marks", (marked) => marked.textContent), /salt=⟨U\+202E⟩1⟨U\+200B⟩␛\[31m/);
  });

  it("refuses half a character, which would be signed as another character", async () => {
    const page = await visit.open();
    for (const [id, name] of [
      ["api-key", "API key"],
      ["secret-key", "secret key"],
      ["salt", "salt"],
      ["url", "URL"],
    ]) {
      await fill(page, { ...KEYS, salt: "1", url: "", [id]: "a\ud800" });
      assert.equal(
        await text(page, `${id}-error`),
        `${name}: must not have half of a surrogate pair, which UTF-8 cannot write`,
      );
    }
  });
});
