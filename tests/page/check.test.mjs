/** What the page says of a request, and what it marks in it. */

import assert from "node:assert/strict";
import { it } from "node:test";
import { describeEverywhere, fill, KEYS, text, texts } from "./browser.mjs";
import { keepRequest } from "./module.mjs";

const CREDENTIALS = "apikey=apikey&salt=1234567890&signature=VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0%3D";
const ROUTE = "/api/index.php?/Base/User/1";
const FORM = "Content-Type: application/x-www-form-urlencoded";

/** The marks of each kind, as texts. */
function marks(page, kind) {
  return page.$$eval(`#marks .${kind}`, (all) => all.map((mark) => mark.lastChild.data));
}

describeEverywhere("checking", { origins: ["file"] }, (visit) => {
  it("tells why, with the sentence and the part that the server reads", async () => {
    const page = await visit.open();
    await fill(page, { ...KEYS, request: `POST ${ROUTE}&${CREDENTIALS} HTTP/1.1\n${FORM}\n\na=1` });
    assert.deepEqual(await texts(page, "outcome", "sentence", "code", "seen"), [
      "Refused.",
      "credentials: they are in the query, but the server reads the body of such a request; put them into the body",
      "Diagnosis 31",
      "The server reads the body, as a form. It finds there: a.",
    ]);
  });

  it("marks credentials that the server does not read as wrong, and what it reads", async () => {
    const page = await visit.open();
    await fill(page, { ...KEYS, request: `POST ${ROUTE}&${CREDENTIALS} HTTP/1.1\n${FORM}\n\na=1` });
    assert.deepEqual(await marks(page, "wrong"), CREDENTIALS.split("&"));
    assert.deepEqual(await marks(page, "read"), ["a=1"]);
  });

  it("marks the one credential that is wrong, the last where it is repeated", async () => {
    const page = await visit.open();
    await fill(page, { ...KEYS, request: `GET ${ROUTE}&salt=1&${CREDENTIALS}&salt=0 HTTP/1.1` });
    assert.deepEqual(await marks(page, "wrong"), ["salt=0"]);
    assert.deepEqual(await marks(page, "found"), ["salt=1", ...CREDENTIALS.split("&")]);
  });

  it("marks nothing as wrong in a request that is accepted", async () => {
    const page = await visit.open();
    await fill(page, { ...KEYS, request: `GET ${ROUTE}&${CREDENTIALS} HTTP/1.1` });
    assert.equal(await text(page, "outcome"), "Accepted.");
    assert.deepEqual(await marks(page, "wrong"), []);
    assert.deepEqual(await marks(page, "found"), CREDENTIALS.split("&"));
  });

  it("tells that a request is only forgiven", async () => {
    const page = await visit.open();
    await fill(page, { ...KEYS, request: `https://help.example.com${ROUTE}&${CREDENTIALS}%0A` });
    assert.deepEqual(await texts(page, "outcome", "code"), [
      "Accepted, but only because the server forgives it.",
      "Diagnosis 2",
    ]);
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
      const page = await visit.open();
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

  it("marks in a curl command what stands there, quotes and escapes aside", async () => {
    const page = await visit.open();
    await fill(page, {
      ...KEYS,
      request: `curl -d "salt=0&a=\\"b\\"" -d apikey=apikey -d 'signature=x' 'https://h${ROUTE}'`,
    });
    assert.equal(await text(page, "code"), "Diagnosis 54");
    assert.deepEqual(await marks(page, "wrong"), ["salt=0"]);
    assert.deepEqual(await marks(page, "found"), ["apikey=apikey", "signature=x"]);
  });

  it("shows the whole of the pasted text, marked or not", async () => {
    const page = await visit.open();
    const request = `POST ${ROUTE}&${CREDENTIALS} HTTP/1.1\nHost: h\n${FORM}\n\na=1&b=2\n`;
    await fill(page, { ...KEYS, request });
    const shown = await page.$eval("#marks", (marked) => {
      const copy = marked.cloneNode(true);
      copy.querySelectorAll(".unseen").forEach((said) => said.remove());
      return copy.textContent;
    });
    assert.ok(shown === request, "another text");
  });

  it("tells what the server reads before there are keys, and no verdict", async () => {
    const page = await visit.open();
    await fill(page, { request: `GET ${ROUTE}&${CREDENTIALS} HTTP/1.1` });
    assert.equal(
      await text(page, "seen"),
      "The server reads the query. It finds there: /Base/User/1, apikey, salt, signature.",
    );
    assert.equal(await page.$eval("#verdict", (verdict) => verdict.checkVisibility()), false);
    await fill(page, KEYS);
    assert.equal(await text(page, "outcome"), "Accepted.");
  });

  it("asks for a body that curl -v does not print, where the server would read it", async () => {
    const page = await visit.open();
    const verbose = (method) =>
      `> ${method} ${ROUTE} HTTP/1.1\n> ${FORM}\n> Content-Length: 99\n> \n* upload sent off\n< HTTP/1.1 401\n`;
    await fill(page, { ...KEYS, request: verbose("POST") });
    assert.match(await text(page, "request-error"), /^The headers tell of a body that is not here/);
    await fill(page, { request: verbose("DELETE") });
    assert.deepEqual(await texts(page, "request-error", "code"), ["", "Diagnosis 30"]);
  });

  for (const [title, request, sentence] of [
    ["a text without a request", "my api does not work", /^There is no request here: /],
    ["a command that sends a file", "curl -d @body.json https://h/i.php?/A", /^This command sends a file/],
    ["a command with -F", "curl -F a=b https://h/i.php?/A", /^This command sends a file, or fields of -F/],
    ["a text that is too long", "a".repeat(100_001), /^This is longer than 100,000 characters/],
  ]) {
    it(`says why it cannot read ${title}`, async () => {
      const page = await visit.open();
      await fill(page, { ...KEYS, request });
      assert.match(await text(page, "request-error"), sentence);
      assert.equal(await page.$eval("#verdict", (verdict) => verdict.checkVisibility()), false);
    });
  }

  it("reads a curl command's options", async () => {
    const page = await visit.open({ prepare: keepRequest });
    const url = `'https://h${ROUTE}'`;
    const commands = {
      [`curl -sSXPUT -d a ${url}`]: ["PUT", "application/x-www-form-urlencoded", "a", ""],
      [`$ curl ${url} --data-raw=x`]: ["GET", "", "", ""],
      [`curl -d a=1 -d b=2 ${url}`]: ["POST", "application/x-www-form-urlencoded", "a=1&b=2", ""],
      [`curl -G -d a=1 ${url}`]: ["GET", "", "", "&a=1"],
      [`curl --json '{"a":1}' ${url}`]: ["POST", "application/json", '{"a":1}', ""],
      [`curl -H 'Content-Type: text/plain' --data-binary $'a\\n\\u0041\\'' ${url}`]: [
        "POST",
        "text/plain",
        "a\nA'",
        "",
      ],
      [`curl --data-urlencode 'signature=a+/=' ${url} -o out -u me:it`]: [
        "POST",
        "application/x-www-form-urlencoded",
        "signature=a%2B%2F%3D",
        "",
      ],
      [`curl \\\n  --url ${url} \\\n  --request DELETE`]: ["DELETE", "", "", ""],
      [`curl -I ${url} -e 'https://elsewhere/'`]: ["HEAD", "", "", ""],
    };
    for (const [command, [method, contentType, body, behind]] of Object.entries(commands)) {
      await fill(page, { request: command });
      assert.deepEqual(
        await page.evaluate(() => handed),
        [method, contentType, `https://h${ROUTE}${behind}`, body],
        command,
      );
    }
  });
});
