/**
 * Tests that nothing leaves the page: nothing reaches a proxy that answers in place of every server, and the policy
 * forbids each attempt.
 */

import assert from "node:assert/strict";
import { it } from "node:test";
import { describeEverywhere, fill, KEYS, text } from "./browser.mjs";

/** Requests that a script or an element can try to send. */
const ATTEMPTS = {
  fetch: (url) => fetch(url),
  XMLHttpRequest: (url) => {
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.send();
  },
  image: (url) => {
    new Image().src = url;
  },
  "image by style": (url) => {
    document.body.style.backgroundImage = `url(${url})`;
  },
  form: (url) => {
    const form = document.createElement("form");
    Object.assign(form, { action: url, method: "post" });
    document.body.append(form);
    form.submit();
  },
  WebSocket: (url) => new WebSocket(url.replace("http", "ws")),
  EventSource: (url) => new EventSource(url),
  beacon: (url) => navigator.sendBeacon(url, "x"),
  frame: (url) => {
    const frame = document.createElement("iframe");
    frame.src = url;
    document.body.append(frame);
  },
  "style sheet": (url) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href: url });
    document.head.append(link);
  },
  prefetch: (url) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "prefetch", href: url });
    document.head.append(link);
  },
  font: (url) => new FontFace("x", `url(${url})`).load(),
  video: (url) => {
    const video = document.createElement("video");
    video.src = url;
    document.body.append(video);
  },
  "base URL": (url) => {
    const base = document.createElement("base");
    base.href = url;
    document.head.append(base);
    if (document.baseURI.startsWith(url)) {
      fetch("x");
    }
  },
};

/** Ways to run a script that is not the page's own. */
const INJECTIONS = {
  markup: (url) => {
    document.body.innerHTML = `<img src="${url}">`;
  },
  "a script of another origin": (url) => {
    const script = document.createElement("script");
    script.src = url;
    document.body.append(script);
  },
  "a script's text": (url) => {
    const script = document.createElement("script");
    script.text = `fetch("${url}")`;
    document.body.append(script);
  },
  "an attribute": (url) => document.body.setAttribute("onclick", `fetch("${url}")`),
  "evaluated text": (url) => globalThis.eval(`fetch("${url}")`),
  "a timer's text": (url) => setTimeout(`fetch("${url}")`),
  "a module": (url) => import(url),
  "a worker": (url) => new Worker(url),
};

async function useEveryControl(page) {
  await fill(page, { ...KEYS, url: "https://help.example.com/api/index.php?/Base/User/1" });
  for (const id of ["random", "ten_digits", "show", "show"]) {
    await page.click(`#${id}`);
  }
  for (const id of ["raw", "encoded", "query", "signed", "curl"]) {
    await page.click(`[data-copy=${id}]`);
  }
  await fill(page, { request: "GET https://help.example.com/api/index.php?/Base/User/1&salt=1 HTTP/1.1" });
  await page.click("#pair");
  await fill(page, { "sent-salt": "1", "sent-signature": "https://help.example.com/x.png" });
  assert.ok(await text(page, "code"), "the page was not used");
  await page.click("#forget");
}

/** Returns the requests that reached the server, without the browser's own requests to its maker. */
function reached({ log }) {
  const makers = String.raw`google\.com|googleapis\.com|gvt1\.com|mozilla\.(com|net|org)|firefox\.com`;
  const own = new RegExp(String.raw`^(connect |\w+ https?://)[\w.-]+\.(${makers})[:/]`);
  return log.filter((line) => !own.test(line));
}

/** Returns a URL that nothing in the page may reach. */
function leak({ loopback }) {
  return `http://127.0.0.1:${loopback.port}/leak`;
}

/** Waits long enough for an attempt to arrive. */
function settle() {
  return new Promise((resolve) => setTimeout(resolve, 150));
}

/** Waits until the condition is true, and fails with the message if that takes more than ten seconds. */
async function until(condition, message) {
  const end = Date.now() + 10_000;
  while (!(await condition())) {
    assert.ok(Date.now() < end, message);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describeEverywhere("the network", {}, (visit, name) => {
  it("sees only the request for the page itself, even if every control is used", async (context) => {
    visit.loopback.log.length = 0;
    const page = await visit.open();
    await useEveryControl(page);
    await settle();
    // The empty icon is in the page itself.
    assert.deepEqual(
      page.seen.requests.filter((url) => ![visit.url, "data:,"].includes(url)),
      [],
    );
    assert.deepEqual(page.seen.errors, []);
    const own = visit.loopback.log.length - reached(visit.loopback).length;
    context.diagnostic(
      `# ${await visit.browser.version()}, ${visit.origin}: from the page ${JSON.stringify(reached(visit.loopback))}, ` +
        `and ${own} to the browser's maker`,
    );
    assert.deepEqual(reached(visit.loopback), visit.origin === "file" ? [] : [`GET ${visit.url}`]);
  });

  it("is not needed: the page works with the network switched off", async () => {
    const page = await visit.open();
    await page.setOfflineMode(true);
    await useEveryControl(page);
    assert.deepEqual(page.seen.errors, []);
  });

  for (const [title, attempt] of Object.entries({ ...ATTEMPTS, ...INJECTIONS })) {
    it(`is not reached by ${title}, which the policy forbids`, async () => {
      const page = await visit.reopen();
      await page.evaluate(() => {
        globalThis.violations = [];
        document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) =>
          violations.push(effectiveDirective),
        );
      });
      visit.loopback.log.length = 0;
      // An attempt may also fail at once.
      await page.evaluate(attempt, leak(visit)).catch(() => {});
      // Firefox drops a prefetch without a report.
      if (name !== "Firefox" || title !== "prefetch") {
        await until(() => page.evaluate(() => globalThis.violations.length > 0), "the policy reported nothing");
      }
      await settle();
      assert.deepEqual(reached(visit.loopback), [], "something arrived");
    });
  }

  it("is reached by navigation, which no policy forbids: build.test.mjs searches for it", async () => {
    const page = await visit.open();
    visit.loopback.log.length = 0;
    await page.evaluate((url) => {
      setTimeout(() => location.assign(url));
    }, leak(visit));
    await until(() => reached(visit.loopback).includes(`GET ${leak(visit)}`), "nothing arrived");
  });
});
