/** Tests the signer's fetch: what it sends, which redirects it follows, and that it shows no credentials. */

import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { inspect } from "node:util";
import { KayakoSignError, Signer, Status } from "../../bindings/js/src/node.js";
import { record, startHelpdesk } from "./servers.mjs";

const FORM = "application/x-www-form-urlencoded";
const signer = new Signer("apikey", "secretkey");

function multipart() {
  const form = new FormData();
  form.set("a", "é");
  form.set("file", new Blob(["content"]), "name.txt");
  return form;
}

/** Functions that make a body, with its other options of fetch, for one request. */
const BODIES = {
  nothing: () => ({}),
  fields: () => ({ body: new URLSearchParams({ a: "1", b: "é" }) }),
  text: () => ({ body: "a=1", headers: { "Content-Type": FORM } }),
  bytes: () => ({ body: new TextEncoder().encode("a=1"), headers: { "content-type": FORM } }),
  blob: () => ({ body: new Blob(["a=1"], { type: FORM }) }),
  multipart: () => ({ body: multipart() }),
  JSON: () => ({ body: '{"a":"é"}', headers: { "content-type": "application/json" } }),
  stream: () => ({ body: new Blob(["a=1"]).stream(), headers: { "content-type": FORM }, duplex: "half" }),
};

/** Returns whether a value, its properties or its causes hold one of these texts. */
function shows(value, texts, seen = new Set()) {
  if (typeof value === "string") {
    return texts.some((text) => value.includes(text));
  }
  if (value === null || !["object", "function"].includes(typeof value) || seen.has(value)) {
    return false;
  }
  seen.add(value);
  return Reflect.ownKeys(value).some((name) => {
    const { value: held } = Reflect.getOwnPropertyDescriptor(value, name);
    return shows(String(name), texts, seen) || shows(held, texts, seen);
  });
}

/** Returns whether a value shows the credentials of a received request, in any way in which values are printed. */
function leaks(value, received) {
  const texts = received.flatMap(({ salts }) =>
    salts.flatMap((salt) => [salt, signer.sign(salt), signer.signUrlencoded(salt)]),
  );
  ok(texts.length > 0, "nothing was signed");
  const views = [
    inspect(value, { depth: 9, showHidden: true }),
    String(value),
    String(value?.stack),
    JSON.stringify(value),
  ];
  return shows(views.join(), texts) || shows(value, texts);
}

describe("the helpdesk", () => {
  let helpdesk;
  before(async () => (helpdesk = await startHelpdesk()));
  after(() => helpdesk.close());

  for (const method of ["GET", "POST", "PUT", "DELETE"]) {
    for (const [name, make] of Object.entries(BODIES).filter(([name]) => method !== "GET" || name === "nothing")) {
      test(`accepts a ${method} with ${name}`, async () => {
        const response = await signer.fetch(helpdesk.url, { method, ...make() });
        equal(response.status, 200);
        await response.json();
      });
    }
  }

  test("accepts a Request object and a URL object", async () => {
    const request = new Request(helpdesk.url, { method: "POST", body: new URLSearchParams({ a: "1" }) });
    equal((await signer.fetch(request)).status, 200);
    equal((await signer.fetch(new URL(helpdesk.url))).status, 200);
  });
});

describe("two origins", () => {
  let recorder;
  let other;
  beforeEach(async () => ([recorder, other] = [await record(), await record()]));
  afterEach(() => [recorder, other].forEach((server) => server.close()));

  const redirectOnce = (status, location) => (received) =>
    received.target.includes("moved")
      ? [200]
      : [status, { location: typeof location === "function" ? location(received) : location }];

  test("each request and each redirect has its own salt", async () => {
    recorder.answer = redirectOnce(307, "/api/index.php?/Base/User/moved");
    for (let count = 0; count < 3; count += 1) {
      await signer.fetch(recorder.url, { method: "POST", ...BODIES.fields() });
    }
    const salts = recorder.received.flatMap(({ salts }) => salts);
    equal(salts.length, 6);
    equal(new Set(salts).size, 6);
  });

  test("the response has the URL that was asked for, and shows no credentials", async () => {
    const response = await signer.fetch(`${recorder.url}#part`, { headers: { "x-one": "1" } });
    equal(response.url, recorder.url);
    equal(response.redirected, false);
    equal(response.clone().url, recorder.url);
    equal(await response.text(), "done");
    const leaked = leaks(response, recorder.received);
    equal(leaked, false);
    equal(recorder.received[0].headers["x-one"], "1");
    equal(response.type, (await fetch(recorder.url)).type);
  });

  test("credentials are removed from headers that repeat them", async () => {
    recorder.answer = ({ target }) => [
      201,
      { location: target, "content-location": `/login?return=${encodeURIComponent(target)}`, "x-other": "1" },
    ];
    const { headers } = await signer.fetch(recorder.url);
    equal(headers.get("location"), "/api/index.php?/Base/User/1");
    equal(headers.has("content-location"), false);
    equal(headers.get("x-other"), "1");
  });

  test("responses without a body arrive", async () => {
    for (const status of [204, 304]) {
      recorder.answer = () => [status];
      equal((await signer.fetch(recorder.url)).status, status);
    }
  });

  test("a POST without a body sends a form of the credentials", async () => {
    await signer.fetch(recorder.url, { method: "POST" });
    const [{ headers, body, target, salts }] = recorder.received;
    equal(headers["content-type"], FORM);
    equal(headers["content-length"], String(body.length));
    equal(salts.length, 1);
    equal(target, "/api/index.php?/Base/User/1");
  });

  for (const [status, method, sent] of [
    [301, "POST", "GET"],
    [302, "POST", "GET"],
    [303, "PUT", "GET"],
    [307, "POST", "POST"],
    [308, "PUT", "PUT"],
    [301, "DELETE", "DELETE"],
  ]) {
    test(`a ${status} answer to a ${method} is followed by a signed ${sent}`, async () => {
      recorder.answer = redirectOnce(status, "/api/index.php?/Base/User/moved");
      const response = await signer.fetch(recorder.url, { method, ...(method === "DELETE" ? {} : BODIES.fields()) });
      equal(response.status, 200);
      equal(response.redirected, true);
      equal(response.url, `${recorder.origin}/api/index.php?/Base/User/moved`);
      const [first, second] = recorder.received;
      equal(second.method, sent);
      equal(second.salts.length, 1);
      ok(first.salts[0] !== second.salts[0]);
      equal(second.body.includes("b=%C3%A9"), sent !== "GET" && sent !== "DELETE");
      const leaked = leaks(response, recorder.received);
      equal(leaked, false);
    });
  }

  test("a redirect to another origin is refused, and no request reaches that origin", async () => {
    recorder.answer = () => [307, { location: other.url }];
    for (const body of [BODIES.nothing(), { method: "POST", ...BODIES.fields() }]) {
      const error = await signer.fetch(recorder.url, body).catch((error) => error);
      ok(error instanceof KayakoSignError);
      equal(error.message, `redirect: leads to another origin, ${other.origin}, which must not get credentials`);
      equal(error.status, null);
      const leaked = leaks(error, recorder.received);
      equal(leaked, false);
    }
    deepEqual(other.received, []);
  });

  test("a Location that repeats the credentials is followed without the old ones", async () => {
    recorder.answer = redirectOnce(302, ({ target }) => target.replace("User/1", "User/moved"));
    const response = await signer.fetch(`${recorder.url}&a=1`);
    equal(response.url, `${recorder.origin}/api/index.php?/Base/User/moved&a=1`);
    equal(recorder.received[1].salts.length, 1);
  });

  test("a Location that hides the credentials is refused", async () => {
    recorder.answer = ({ target }) => [302, { location: `/login?return=${encodeURIComponent(target)}` }];
    const error = await signer.fetch(recorder.url).catch((error) => error);
    ok(error instanceof KayakoSignError);
    const leaked = leaks(error, recorder.received);
    equal(leaked, false);
    equal(recorder.received.length, 1);
  });

  test("redirects that never end are refused", async () => {
    recorder.answer = () => [302, { location: recorder.url }];
    await rejects(signer.fetch(recorder.url), /^KayakoSignError: redirect: more than 20 in a row$/);
    equal(recorder.received.length, 21);
  });

  test("the caller may forbid redirects, or get them as responses", async () => {
    recorder.answer = ({ target }) => [302, { location: target }];
    await rejects(signer.fetch(recorder.url, { redirect: "error" }), TypeError);
    const response = await signer.fetch(recorder.url, { redirect: "manual" });
    equal(response.status, 302);
    equal(response.headers.get("location"), "/api/index.php?/Base/User/1");
    const leaked = leaks([response, [...response.headers]], recorder.received);
    equal(leaked, false);
  });

  test("a stream is sent piece by piece if the credentials go into the URL", async () => {
    let sent = 0;
    const stream = new ReadableStream({
      async pull(controller) {
        sent += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
        return sent > 3 ? controller.close() : controller.enqueue(new TextEncoder().encode("piece"));
      },
    });
    const init = { method: "PUT", body: stream, duplex: "half", headers: { "content-type": "text/plain" } };
    await signer.fetch(recorder.url, init);
    const [{ headers, body, salts }] = recorder.received;
    equal(body.toString(), "piecepiecepiece");
    equal(headers["transfer-encoding"], "chunked");
    equal(salts.length, 1);
    recorder.answer = redirectOnce(307, "/api/index.php?/Base/User/moved");
    const again = { ...init, body: new Blob(["piece"]).stream() };
    await rejects(signer.fetch(recorder.url, again), /^KayakoSignError: redirect: the body is a stream/);
  });

  test("a request that the server would not read is refused before it is sent", async () => {
    const refused = (init, status, url = recorder.url) =>
      rejects(signer.fetch(url, init), (error) => error instanceof KayakoSignError && error.status === status);
    await refused({ method: "HEAD" }, Status.METHOD_UNSUPPORTED);
    await refused({ method: "POST", body: "a" }, Status.CONTENT_TYPE_UNSUPPORTED);
    await refused({ method: "POST", body: new URLSearchParams({ salt: "1" }) }, Status.SALT_PARAMETER);
    await refused({}, Status.API_KEY_PARAMETER, `${recorder.url}&apikey=1`);
    const closed = new Signer("apikey", "secretkey");
    closed.close();
    await rejects(closed.fetch(recorder.url), /^KayakoSignError: signer: is closed$/);
    deepEqual(recorder.received, []);
  });

  test("a network error is fetch's own TypeError, and shows no credentials", async () => {
    recorder.close();
    const error = await signer.fetch(recorder.url).catch((error) => error);
    ok(error instanceof TypeError);
    match(inspect(error, { depth: 9 }), /refused/i);
    const shown = inspect(error, { depth: 9, showHidden: true }).includes("signature");
    equal(shown, false);
  });

  test("credentials are removed from an error that quotes the URL, and from its causes", async () => {
    const { fetch } = globalThis;
    const sent = [];
    globalThis.fetch = async (url) => {
      sent.push({ salts: [...url.matchAll(/salt=([0-9a-f]{32})/g)].map(([, salt]) => salt) });
      const cause = Object.assign(new Error(`no route to ${url}`), { url, code: "X" });
      cause.errors = [new Error(encodeURIComponent(url))];
      throw new TypeError(`request for ${url} failed`, { cause });
    };
    try {
      const error = await signer.fetch(recorder.url).catch((error) => error);
      equal(error.message, `request for ${recorder.url} failed`);
      equal(error.cause.message, `no route to ${recorder.url}`);
      equal(error.cause.code, "X");
      const leaked = leaks(error, sent);
      equal(leaked, false);
    } finally {
      globalThis.fetch = fetch;
    }
  });

  test("the caller gets the errors of aborts and timeouts", async () => {
    recorder.answer = () => new Promise((resolve) => setTimeout(() => resolve([200]), 500));
    const reason = new Error("mine");
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 50);
    await rejects(signer.fetch(recorder.url, { signal: controller.signal }), (error) => error === reason);
    await rejects(signer.fetch(recorder.url, { signal: AbortSignal.abort() }), { name: "AbortError" });
    await rejects(signer.fetch(recorder.url, { signal: AbortSignal.timeout(50) }), { name: "TimeoutError" });
  });
});
