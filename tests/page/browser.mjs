/** Opens the page in Debian's browsers, and fills in its fields. */

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, afterEach, before, describe } from "node:test";
import puppeteer from "puppeteer-core";

export const PAGE = new URL("../../dist/kayako-sign.html", import.meta.url);

/** Serves the page on loopback, answers as a proxy for every other host, and logs everything that reaches it. */
export async function serve() {
  const log = [];
  const server = createServer((request, response) => {
    log.push(`${request.method} ${request.url}`);
    const found = /^(http:\/\/127\.0\.0\.1:\d+)?\/kayako-sign\.html$/.test(request.url);
    // A leak gets an answer without a body, so that it leads to no further request.
    const status = found ? 200 : request.url.endsWith("/leak") ? 204 : 404;
    response.writeHead(status, { "content-type": "text/html; charset=utf-8" });
    response.end(found ? readFileSync(PAGE) : "");
  });
  for (const event of ["connect", "upgrade"]) {
    server.on(event, (request, socket) => {
      log.push(`${event} ${request.url}`);
      socket.destroy();
    });
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { log, server, port: server.address().port };
}

const LAUNCH = {
  Chromium: (port) => ({
    browser: "chrome",
    executablePath: "/usr/bin/chromium",
    args: [
      `--proxy-server=http://127.0.0.1:${port}`,
      "--proxy-bypass-list=<-loopback>",
      // Chromium would ask its maker about the meaning of fields, which has nothing to do with the page.
      "--disable-features=AutofillServerCommunication",
      ...(process.getuid() === 0 ? ["--no-sandbox"] : []),
    ],
  }),
  Firefox: (port) => ({
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    extraPrefsFirefox: {
      "network.proxy.type": 1,
      "network.proxy.http": "127.0.0.1",
      "network.proxy.http_port": port,
      "network.proxy.ssl": "127.0.0.1",
      "network.proxy.ssl_port": port,
      "network.proxy.allow_hijacking_localhost": true,
      "network.proxy.no_proxies_on": "",
    },
  }),
};

/** The page in a browser, from the file or from the server. */
class Visit {
  constructor(browser, loopback, origin) {
    Object.assign(this, { browser, loopback, origin, pages: [] });
  }

  get url() {
    return this.origin === "file" ? PAGE.href : `http://127.0.0.1:${this.loopback.port}/kayako-sign.html`;
  }

  /** Opens the page in another tab, which is closed after the test. */
  async open({ ready = true, prepare = () => {}, url = this.url } = {}) {
    const page = await this.newTab();
    this.pages.push(page);
    await prepare(page);
    return load(page, url, ready);
  }

  /** Opens the page in one tab again and again, in half of the time. Only for tests that change no setting of a tab. */
  async reopen() {
    this.tab ??= await this.newTab();
    return load(this.tab, this.url, true);
  }

  async newTab() {
    const page = await this.browser.newPage();
    page.on("request", (request) => page.seen.requests.push(request.url()));
    page.on("pageerror", (error) => page.seen.errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") {
        page.seen.errors.push(message.text());
      }
    });
    return page;
  }
}

async function load(page, url, ready) {
  page.seen = { requests: [], errors: [] };
  await page.goto(url);
  if (ready) {
    await page.waitForSelector("#main:not([hidden])");
  }
  return page;
}

/** Declares the tests of `declare` for each of these browsers, with the page from each of these origins. */
export function describeEverywhere(title, { browsers = Object.keys(LAUNCH), origins = ["file", "http"] }, declare) {
  for (const name of browsers) {
    const visits = origins.map((origin) => new Visit(undefined, undefined, origin));
    describe(`${title}, ${name}`, () => {
      let browser;
      let loopback;
      before(async () => {
        loopback = await serve();
        browser = await puppeteer.launch({ headless: true, ...LAUNCH[name](loopback.port) });
        visits.forEach((visit) => Object.assign(visit, { browser, loopback }));
      });
      after(async () => {
        await browser?.close();
        loopback?.server.closeAllConnections();
        loopback?.server.close();
      });
      for (const visit of visits) {
        describe(visit.origin, () => {
          afterEach(() => Promise.all(visit.pages.splice(0).map((page) => page.close())));
          declare(visit, name);
        });
      }
    });
  }
}

export const KEYS = { "api-key": "apikey", "secret-key": "secretkey" };

/**
 * Puts each set of texts into the fields in turn, as pasting does. Returns the texts of the elements `ids` after each
 * set; that of a hidden element is empty.
 */
export function fillEach(page, sets, ids) {
  return page.evaluate(
    (all, shown) =>
      all.map((values) => {
        for (const [id, value] of Object.entries(values)) {
          document.getElementById(id).value = value;
        }
        const [last] = Object.keys(values).slice(-1);
        document.getElementById(last)?.dispatchEvent(new Event("input", { bubbles: true }));
        return shown.map((id) => {
          const element = document.getElementById(id);
          return element.checkVisibility() || element.closest("[role=status]") ? element.textContent : "";
        });
      }),
    sets,
    ids,
  );
}

export async function fill(page, values) {
  await fillEach(page, [values], []);
}

export async function texts(page, ...ids) {
  return (await fillEach(page, [{}], ids))[0];
}

export async function text(page, id) {
  return (await texts(page, id))[0];
}
