/**
 * Tests that everyone can use the page: by keyboard, by screen reader, in light and dark, on any screen and on paper. A
 * browser that cannot run it says so.
 */

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { it } from "node:test";
import { describeEverywhere, fill, KEYS, text, texts } from "./browser.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PICTURES = new URL("../../target/pictures/", import.meta.url).pathname;
mkdirSync(PICTURES, { recursive: true });

const URL_FIELD = "https://help.example.com/api/index.php?/Tickets/Ticket/Department/5";
const SENT = "apikey=apikey&salt=1234567890&signature=";
const REFUSED = [
  `POST /api/index.php?/Tickets/Ticket&${SENT}VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0%3D HTTP/1.1`,
  "Host: help.example.com",
  "Content-Type: application/x-www-form-urlencoded",
  "",
  "subject=Printer&departmentid=5",
].join("\n");
const WRONG = `GET /api/index.php?/Base/User/1&${SENT}1VH%2BG%2FRR%2FwBc%2BJmWaec0cknULV1k7Ac4cPhTGhIxCSc%3D HTTP/1.1`;

/** The texts of the fields, for each state in which the page looks different. */
const STATES = {
  empty: {},
  signed: { ...KEYS, salt: "1234567890", url: URL_FIELD },
  refused: { ...KEYS, salt: "1234567890", url: URL_FIELD, request: REFUSED },
  "wrong in every field": { ...KEYS, "api-key": "a".repeat(1025), salt: "0", url: "nowhere", request: "nothing" },
};
const SCHEMES = ["light", "dark"];

async function setView(page, scheme, width, scale = 1) {
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.setViewport({ width, height: 900, deviceScaleFactor: scale });
}

function violationsOf(page) {
  return page.evaluate(async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" ")}`);
  });
}

describeEverywhere("the accessibility checker axe", { browsers: ["Chromium"], origins: ["file"] }, (visit) => {
  for (const [state, fields] of Object.entries(STATES)) {
    for (const scheme of SCHEMES) {
      it(`finds no violation when the page is ${state}, ${scheme}`, async () => {
        const page = await visit.open();
        await page.evaluate(AXE);
        await fill(page, fields);
        for (const width of [320, 1280]) {
          await setView(page, scheme, width);
          assert.deepEqual(await violationsOf(page), []);
        }
        await page.click("#pair");
        assert.deepEqual(await violationsOf(page), []);
      });
    }
  }
});

describeEverywhere("the page on a screen", { browsers: ["Chromium"], origins: ["file"] }, (visit) => {
  for (const width of [320, 640, 1280]) {
    for (const scheme of SCHEMES) {
      it(`fits ${width} pixels, ${scheme}`, async () => {
        const page = await visit.open();
        for (const [state, fields] of Object.entries(STATES)) {
          await setView(page, scheme, width);
          await fill(page, { url: "", request: "", ...fields });
          const wide = await page.evaluate(() => document.scrollingElement.scrollWidth);
          assert.ok(wide <= width, `${wide} pixels wide when ${state}`);
          if (state === "refused") {
            await page.screenshot({ path: `${PICTURES}${width}-${scheme}.png`, fullPage: true });
          }
        }
      });
    }
  }

  it("fits a window of 1280 pixels when enlarged to 200 %", async () => {
    const page = await visit.open();
    await setView(page, "light", 640, 2);
    await fill(page, STATES.refused);
    assert.ok((await page.evaluate(() => document.scrollingElement.scrollWidth)) <= 640);
  });

  it("has two columns on a wide screen and one on a narrow one", async () => {
    const page = await visit.open();
    const columns = () =>
      page.$$eval("main section > div", (all) =>
        all.map((grid) => getComputedStyle(grid).gridTemplateColumns.split(" ").length),
      );
    await setView(page, "light", 1280);
    assert.deepEqual(await columns(), [2, 2]);
    await setView(page, "light", 640);
    assert.deepEqual(await columns(), [1, 1]);
  });

  it("prints the results and the verdict, but no secret key and no button", async () => {
    const page = await visit.open();
    await fill(page, STATES.refused);
    await page.click("#show");
    await page.emulateMediaType("print");
    const seen = await page.evaluate(() =>
      Object.fromEntries(
        ["api-key", "secret-key", "raw", "verdict", "marks", "forget", "show"].map((id) => [
          id,
          document.getElementById(id).checkVisibility(),
        ]),
      ),
    );
    assert.deepEqual(seen, {
      "api-key": true,
      "secret-key": false,
      raw: true,
      verdict: true,
      marks: true,
      forget: false,
      show: false,
    });
    const pdf = await page.pdf({ path: `${PICTURES}print.pdf`, format: "A4" });
    assert.ok(pdf.length > 0);
  });
});

describeEverywhere("the keyboard", { origins: ["file"] }, (visit) => {
  it("reaches every control in the order of the page, and outlines it", async () => {
    const page = await visit.open();
    await fill(page, STATES.refused);
    const expected = await page.$$eval("input, textarea, button, pre", (all) =>
      all.filter((one) => one.checkVisibility() && one.id !== "pair").map((one) => one.id || one.dataset.copy),
    );
    await page.evaluate(() => document.activeElement.blur());
    const reached = [];
    for (let at = 0; at < expected.length; at += 1) {
      await page.keyboard.press("Tab");
      const [name, outlined] = await page.evaluate(() => {
        const { id, dataset } = document.activeElement;
        return [id || dataset.copy, getComputedStyle(document.activeElement).outlineStyle];
      });
      assert.equal(outlined, "solid", `${name} is not outlined`);
      reached.push(name);
    }
    assert.deepEqual(reached, expected);
  });

  it("is enough to sign, show the key, get a new salt, check and forget", async () => {
    const page = await visit.open();
    const press = async (...pressed) => {
      for (const key of pressed) {
        await page.keyboard.press(key);
      }
    };
    await press("Tab");
    await page.keyboard.type("apikey");
    await press("Tab");
    await page.keyboard.type("secretkey");
    assert.equal((await text(page, "raw")).length, 44);
    await press("Tab", " ");
    assert.equal(await page.$eval("#secret-key", (field) => field.type), "text");
    const salt = await page.$eval("#salt", (field) => field.value);
    await press("Tab", "Tab", "Enter");
    assert.notEqual(await page.$eval("#salt", (field) => field.value), salt);
    await page.focus("#whole");
    await press("ArrowRight", "Tab");
    await page.keyboard.type("1234567890");
    await press("Tab");
    await page.keyboard.type("x");
    assert.equal(await text(page, "code"), "Diagnosis 21");
    await page.focus("#forget");
    await press("Enter");
    assert.equal(await text(page, "raw"), "");
    // Enter in a field does not leave the page.
    await page.focus("#salt");
    await press("Enter");
    assert.equal(page.url(), visit.url);
  });
});

describeEverywhere("a screen reader", { browsers: ["Chromium"], origins: ["file"] }, (visit) => {
  it("finds a name for every control", async () => {
    const page = await visit.open();
    await fill(page, STATES.refused);
    const tree = await page.accessibility.snapshot();
    const names = (node) => [[node.role, node.name], ...(node.children ?? []).flatMap(names)];
    const controls = names(tree)
      .filter(([role]) => /^(textbox|button|radio)$/.test(role))
      .map(([, name]) => name);
    assert.deepEqual(controls, [
      "API key",
      "Secret key",
      "Show the secret key",
      "Salt",
      "New salt",
      "New salt of ten digits",
      "URL of a GET or DELETE request (optional)",
      "Copy the raw signature",
      "Copy the URL-encoded signature",
      "Copy all three parameters",
      "Copy the signed URL",
      "Copy the line for curl",
      "A request",
      "A salt and its signature",
      "Request, as it was sent",
      "Forget everything",
    ]);
  });

  it("hears a verdict once, and not again while it is the same", async () => {
    const page = await visit.open();
    await fill(page, { ...KEYS, request: WRONG });
    const changes = await page.evaluate(async () => {
      let heard = 0;
      const observer = new MutationObserver((all) => {
        heard += all.length;
      });
      document
        .querySelectorAll("[role=status]")
        .forEach((one) => observer.observe(one, { subtree: true, childList: true, characterData: true }));
      document.getElementById("request").dispatchEvent(new Event("input", { bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve));
      return heard;
    });
    assert.equal(changes, 0);
    assert.equal(await page.$eval("#verdict", (verdict) => Boolean(verdict.closest("[role=status]"))), true);
  });

  it("hears which credential is wrong in the marked text", async () => {
    const page = await visit.open();
    await fill(page, { ...KEYS, request: WRONG });
    assert.match(await page.$eval("#marks", (marked) => marked.textContent), /&wrong: signature=1VH/);
  });
});

describeEverywhere("a browser that cannot run the page", {}, (visit) => {
  it("says that WebAssembly is missing, and shows no field", async () => {
    const page = await visit.open({
      ready: false,
      prepare: (fresh) => fresh.evaluateOnNewDocument(() => delete globalThis.WebAssembly),
    });
    await page.waitForSelector("#missing:not([hidden])");
    assert.match(await text(page, "missing"), /^This browser lacks what the page signs with: WebAssembly/);
    assert.equal(await page.$eval("#main", (main) => main.checkVisibility()), false);
  });

  it("says that it is too old", async () => {
    const page = await visit.open({
      ready: false,
      prepare: (fresh) => fresh.evaluateOnNewDocument(() => delete globalThis.DecompressionStream),
    });
    await page.waitForSelector("#missing:not([hidden])");
    assert.equal(await page.$eval("#main", (main) => main.checkVisibility()), false);
  });
});

describeEverywhere("a browser without scripts", { browsers: ["Chromium"] }, (visit) => {
  it("says so, and shows no field", async () => {
    const page = await visit.open({ ready: false, prepare: (fresh) => fresh.setJavaScriptEnabled(false) });
    assert.match(await page.$eval("body", (body) => body.innerText), /scripts are switched off/);
    assert.equal(await page.$eval("#main", (main) => main.checkVisibility()), false);
  });
});
