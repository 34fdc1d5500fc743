/** Tests what the page says about a request, and what it marks in it. */

import assert from "node:assert/strict";
import { it } from "node:test";
import { describeEverywhere, fill, KEYS, text, texts } from "./browser.mjs";

const CREDENTIALS = "apikey=apikey&salt=1234567890&signature=VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0%3D";
const ROUTE = "/api/index.php?/Base/User/1";
const FORM = "Content-Type: application/x-www-form-urlencoded";

/** Returns the texts of the marks of a kind. */
function marks(page, kind) {
  return page.$$eval(`#marks .${kind}`, (all) => all.map((mark) => mark.lastChild.data));
}

/** Returns the text next to a label. */
function line(page, label) {
  return page.$$eval(
    "#seen dt",
    (all, wanted) => all.find((one) => one.textContent === wanted)?.nextSibling.textContent,
    label,
  );
}

describeEverywhere("checking", { origins: ["file"] }, (visit) => {
  it("shows the verdict, its message and the part that the server reads", async () => {
    const page = await visit.reopen();
    await fill(page, { ...KEYS, request: `POST ${ROUTE}&${CREDENTIALS} HTTP/1.1\n${FORM}\n\na=1` });
    assert.deepEqual(await texts(page, "outcome", "message", "code"), [
      "Refused.",
      "credentials: they are in the query, but the server reads the body of such a request; put them into the body",
      "Diagnosis 31",
    ]);
    assert.equal(
      await line(page, "server reads"),
      "the body, as an encoded form, because the content type of this POST says so",
    );
    assert.equal(await line(page, "answer"), "401 NO SALT PROVIDED!");
  });

  it("marks credentials as wrong if the server does not read them, and marks the part that it reads", async () => {
    const page = await visit.reopen();
    await fill(page, { ...KEYS, request: `POST ${ROUTE}&${CREDENTIALS} HTTP/1.1\n${FORM}\n\na=1` });
    assert.deepEqual(await marks(page, "wrong"), CREDENTIALS.split("&"));
    assert.deepEqual(await marks(page, "read"), ["a=1"]);
  });

  const routes = {
    [`GET ${ROUTE}&${CREDENTIALS}`]: "/Base/User/1",
    [`GET /api/index.php?e=/Base/User/1&${CREDENTIALS}`]: "e=/Base/User/1",
    [`GET /api/index.php/Base/User/1?${CREDENTIALS}`]: "/Base/User/1",
    [`GET /api/Base/User/1&${CREDENTIALS}`]: "/Base/User/1",
  };
  for (const [request, route] of Object.entries(routes)) {
    it(`shows and marks the route in ${request.split("&")[0]}`, async () => {
      const page = await visit.reopen();
      await fill(page, { ...KEYS, request: `${request} HTTP/1.1` });
      assert.match(await line(page, "route"), /^\/Base\/User\/1, /);
      assert.deepEqual(await marks(page, "route"), [route]);
      assert.deepEqual(await marks(page, "found"), CREDENTIALS.split("&"));
    });
  }

  it("shows and marks the route in a body", async () => {
    const page = await visit.reopen();
    await fill(page, {
      ...KEYS,
      request: `POST /api/index.php HTTP/1.1\n${FORM}\n\ne=/Base/User&${CREDENTIALS}`,
    });
    assert.equal(await line(page, "route"), "/Base/User, the parameter e of the body");
    assert.deepEqual(await marks(page, "route"), ["e=/Base/User"]);
  });

  for (const [request, wrong] of [
    [`GET /api/index.php?%2FBase%2FUser%2F1=&${CREDENTIALS}`, "%2FBase%2FUser%2F1="],
    [`GET /api/index.php?e=Base/User&${CREDENTIALS}`, "e=Base/User"],
    [`GET /api/index.php?/Base/User?1`, "/Base/User?1"],
    [`GET /api/Base/User/1?a=1`, undefined],
    ["GET /api/v1/cases", "/api/v1/cases"],
    [`PATCH ${ROUTE}&${CREDENTIALS}`, "PATCH"],
  ]) {
    it(`marks the part that the server refuses in ${request.split("&")[0]}`, async () => {
      const page = await visit.reopen();
      await fill(page, { ...KEYS, request: `${request} HTTP/1.1` });
      assert.equal(await text(page, "outcome"), "Refused.");
      assert.deepEqual(await marks(page, "wrong"), wrong ? [wrong] : []);
      assert.deepEqual(await marks(page, "found"), []);
    });
  }

  it("remarks on a route that the vendor does not have, and names fields that are not read", async () => {
    const page = await visit.reopen();
    await fill(page, { ...KEYS, request: `PUT /api/index.php?/Base/Users/1&${CREDENTIALS}&a=1 HTTP/1.1` });
    assert.equal(await text(page, "outcome"), "Accepted with a reservation.");
    assert.equal(await line(page, "fields"), "not read: a");
    assert.match(await text(page, "remarks"), /the nearest is \/Base\/User$/);
  });

  it("marks the right place after characters of two UTF-16 units or several bytes", async () => {
    const page = await visit.reopen();
    await fill(page, { ...KEYS, request: `POST ${ROUTE} HTTP/1.1\nX: 𝄞ä€\n${FORM}\n\n𝄞=ä&salt=0&€=1` });
    assert.deepEqual(await marks(page, "wrong"), ["salt=0"]);
    assert.deepEqual(await marks(page, "read"), ["𝄞=ä&", "&€=1"]);
  });

  it("marks only the wrong credential, and only the last one if it is repeated", async () => {
    const page = await visit.reopen();
    await fill(page, { ...KEYS, request: `GET ${ROUTE}&salt=1&${CREDENTIALS}&salt=0 HTTP/1.1` });
    assert.deepEqual(await marks(page, "wrong"), ["salt=0"]);
    assert.deepEqual(await marks(page, "found"), ["salt=1", ...CREDENTIALS.split("&")]);
  });

  it("marks nothing as wrong in a request that is accepted", async () => {
    const page = await visit.reopen();
    await fill(page, { ...KEYS, request: `GET ${ROUTE}&${CREDENTIALS} HTTP/1.1` });
    assert.equal(await text(page, "outcome"), "Accepted.");
    assert.deepEqual(await marks(page, "wrong"), []);
    assert.deepEqual(await marks(page, "found"), CREDENTIALS.split("&"));
  });

  it("shows a reservation for a request that is only forgiven", async () => {
    const page = await visit.reopen();
    await fill(page, { ...KEYS, request: `https://help.example.com${ROUTE}&${CREDENTIALS}%0A` });
    assert.deepEqual(await texts(page, "outcome", "code"), ["Accepted with a reservation.", "Diagnosis 2"]);
  });

  const bodies = {
    JSON: [
      "application/json",
      '{"apikey": "apikey", "salt": "1", "signature": "c2ln"}',
      ['"signature": "c2ln'],
      ["apikey", "salt"],
    ],
    "multipart form data": [
      "multipart/form-data; boundary=X",
      ["apikey", "salt", "signature"]
        .map((name) => `--X\nContent-Disposition: form-data; name="${name}"\n\n${name}\n`)
        .join("") + "--X--",
      ['signature"\n\nsignature'],
      ["salt", "apikey"],
    ],
  };
  for (const [kind, [type, body, wrong, found]] of Object.entries(bodies)) {
    it(`marks credentials in ${kind}`, async () => {
      const page = await visit.reopen();
      await fill(page, { ...KEYS, request: `POST ${ROUTE} HTTP/1.1\nContent-Type: ${type}\n\n${body}` });
      const marked = [...(await marks(page, "wrong")), ...(await marks(page, "found"))];
      assert.equal(marked.length, 3);
      assert.equal((await marks(page, "wrong")).length, wrong.length);
      for (const name of found) {
        assert.ok(
          marked.some((mark) => mark.startsWith(name) || mark.startsWith(`"${name}`)),
          `${name} is not marked`,
        );
      }
    });
  }

  it("marks credentials in a curl command, without its quotes and escapes", async () => {
    const page = await visit.reopen();
    await fill(page, {
      ...KEYS,
      request: `curl -d "salt=0&a=\\"b\\"" -d apikey=apikey -d 'signature=x' 'https://h${ROUTE}'`,
    });
    assert.equal(await text(page, "code"), "Diagnosis 54");
    assert.deepEqual(await marks(page, "wrong"), ["salt=0"]);
    assert.deepEqual(await marks(page, "found"), ["apikey=apikey", "signature=x"]);
  });

  it("shows the whole pasted text, marked or not", async () => {
    const page = await visit.reopen();
    const request = `POST ${ROUTE}&${CREDENTIALS} HTTP/1.1\nHost: h\n${FORM}\n\na=1&b=2\n`;
    await fill(page, { ...KEYS, request });
    const shown = await page.$eval("#marks", (marked) => {
      const copy = marked.cloneNode(true);
      copy.querySelectorAll(".unseen").forEach((said) => said.remove());
      return copy.textContent;
    });
    assert.ok(shown === request, "the text differs");
  });

  it("shows what the server reads, but no verdict, before there are keys", async () => {
    const page = await visit.reopen();
    await fill(page, { request: `GET ${ROUTE}&${CREDENTIALS} HTTP/1.1` });
    assert.equal(await line(page, "server reads"), "the query, because this is a GET without JSON");
    assert.equal(await line(page, "query"), "apikey, salt, signature");
    assert.equal(await line(page, "answer"), undefined);
    assert.equal(await page.$eval("#verdict", (verdict) => verdict.checkVisibility()), false);
    await fill(page, KEYS);
    assert.equal(await text(page, "outcome"), "Accepted.");
  });

  it("asks for a body that curl -v does not print, if the server would read it", async () => {
    const page = await visit.reopen();
    const verbose = (method) =>
      `> ${method} ${ROUTE} HTTP/1.1\n> ${FORM}\n> Content-Length: 99\n> \n* upload sent off\n< HTTP/1.1 401\n`;
    await fill(page, { ...KEYS, request: verbose("POST") });
    assert.equal(await text(page, "outcome"), "Undecided.");
    assert.match(await text(page, "message"), /^the headers announce a body that is not here/);
    await fill(page, { request: verbose("DELETE") });
    assert.deepEqual(await texts(page, "outcome", "code"), ["Refused.", "Diagnosis 30"]);
  });

  for (const [title, request, message] of [
    ["a text without a request", "my api does not work", /^there is no request here: /],
    ["a command that is cut off", "curl -d 'a=1", /^a quote that is opened is not closed/],
    ["a text that is too long", "a".repeat(100_001), /^This is longer than 100,000 characters/],
  ]) {
    it(`says why it cannot read ${title}`, async () => {
      const page = await visit.reopen();
      await fill(page, { ...KEYS, request });
      assert.match(await text(page, "request-error"), message);
      assert.equal(await page.$eval("#verdict", (verdict) => verdict.checkVisibility()), false);
    });
  }
});
