/** Tests signers, salts and forms: the inputs that they accept and refuse, and that nothing shows a key. */

import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, test } from "node:test";
import { inspect } from "node:util";
import { DiagnosisCode, generateSalt, KayakoSignError, Signer, Status } from "../../bindings/js/src/node.js";

const KNOWN = "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=";
const URL_ASKED = "https://help.example.com/api/index.php?/Base/User/1";
const CREDENTIALS = /^apikey=apikey&salt=([0-9a-f]{32})&signature=([0-9A-Za-z%]+)$/;

let signer;
beforeEach(() => (signer = new Signer("apikey", "secretkey")));
afterEach(() => signer.close());

/** Returns whether these are credentials of the sample keys. */
function areGood({ apikey, salt, signature }) {
  return apikey === "apikey" && signature === createHmac("sha256", "secretkey").update(salt).digest("base64");
}

/** Returns whether a query is credentials with a fresh salt. */
function isGoodQuery(query) {
  return CREDENTIALS.test(query) && areGood(Object.fromEntries(new URLSearchParams(query)));
}

const refusedWith = (status) => (error) => error instanceof KayakoSignError && error.status === status;

describe("signatures", () => {
  test("the known salt has the known signature, as each type of salt", () => {
    for (const salt of ["1234567890", 1234567890, 1234567890n, new TextEncoder().encode("1234567890")]) {
      ok(signer.sign(salt) === KNOWN);
      ok(signer.signUrlencoded(salt) === encodeURIComponent(KNOWN));
      ok(signer.verify(salt, KNOWN));
    }
  });

  test("a salt that is not text, bytes or a whole number is a TypeError", () => {
    for (const salt of [
      NaN,
      1.5,
      2 ** 53,
      -(2 ** 53),
      Infinity,
      null,
      undefined,
      true,
      false,
      {},
      [],
      Symbol("1"),
      () => 1,
    ]) {
      for (const call of [
        () => signer.sign(salt),
        () => signer.signUrlencoded(salt),
        () => signer.verify(salt, KNOWN),
      ]) {
        throws(call, TypeError, inspect(salt));
      }
      if (salt !== undefined) {
        throws(() => signer.credentials(salt), TypeError);
        throws(() => signer.query(salt), TypeError);
      }
    }
  });

  test("an empty salt, the salt 0 and a salt that is too long are refused, and verify returns false for them", () => {
    for (const [salt, status] of [
      ["", Status.EMPTY_SALT],
      ["0", Status.ZERO_SALT],
      [0, Status.ZERO_SALT],
      [-0, Status.ZERO_SALT],
      ["a".repeat(65537), Status.SALT_TOO_LONG],
    ]) {
      throws(() => signer.sign(salt), refusedWith(status));
      throws(() => signer.credentials(salt), refusedWith(status));
      equal(signer.verify(salt, KNOWN), false);
    }
  });

  test("half of a surrogate pair is refused", () => {
    const half = "a\ud800";
    for (const call of [
      () => new Signer(half, "secretkey"),
      () => new Signer("apikey", half),
      () => signer.sign(half),
      () => signer.signForm({ a: half }),
      () => signer.signForm({ [half]: "a" }),
      () => signer.signRequest("POST", URL_ASKED, "application/x-www-form-urlencoded", half),
    ]) {
      throws(call, KayakoSignError);
    }
    equal(signer.verify(half, KNOWN), false);
    equal(signer.verify("1234567890", half), false);
  });

  test("a byte order mark in a salt is kept", () => {
    const { salt, signature } = signer.credentials("\ufeff1");
    equal(salt, "\ufeff1");
    ok(areGood({ apikey: "apikey", salt, signature }));
    equal(signer.credentials(new TextEncoder().encode("\ufeff1")).salt, "\ufeff1");
  });

  test("a salt that is not UTF-8 comes back as bytes", () => {
    deepEqual(signer.credentials(Uint8Array.of(255, 128)).salt, Uint8Array.of(255, 128));
  });

  test("ten thousand random salts have the signatures of node:crypto", () => {
    for (let count = 0; count < 10_000; count += 1) {
      const octets = Buffer.from(generateSalt(), "hex").subarray(count % 16);
      const salt = count % 2 ? octets.toString("base64") : octets;
      ok(signer.sign(salt) === createHmac("sha256", "secretkey").update(salt).digest("base64"));
    }
  });
});

describe("credentials", () => {
  test("each has a fresh salt", () => {
    const all = [...Array.from({ length: 100 }, () => signer.credentials()), ...signer.credentialsBatch(5000)];
    ok(all.every(areGood));
    equal(new Set(all.map(({ salt }) => salt)).size, 5100);
    ok(isGoodQuery(signer.query()));
    match(generateSalt(), /^[0-9a-f]{32}$/);
  });

  test("the API key may hold characters that a query must escape", () => {
    const key = "a&b=c\n é%3D";
    const others = new Signer(key, "secretkey");
    for (const { apikey, salt, signature } of [others.credentials(), ...others.credentialsBatch(3)]) {
      equal(apikey, key);
      ok(areGood({ apikey: "apikey", salt, signature }));
    }
    equal(new URLSearchParams(others.query()).get("apikey"), key);
  });

  test("a batch of no credentials is empty, and a wrong count is refused", () => {
    deepEqual(signer.credentialsBatch(0), []);
    for (const count of [1.5, NaN, "1", null, undefined, true, 1n]) {
      throws(() => signer.credentialsBatch(count), TypeError);
    }
    for (const count of [-1, 1_000_001, 2 ** 32, 2 ** 53]) {
      throws(() => signer.credentialsBatch(count), refusedWith(Status.BATCH_TOO_LARGE));
    }
  });
});

describe("requests", () => {
  test("a URL is signed as a string or as a URL object", () => {
    for (const url of [URL_ASKED, new URL(URL_ASKED)]) {
      const signed = signer.signUrl(url);
      ok(signed.startsWith(`${URL_ASKED}&`) && isGoodQuery(signed.slice(URL_ASKED.length + 1)));
    }
    throws(() => signer.signUrl("https://help.example.com"), KayakoSignError);
    throws(() => signer.signUrl(null), TypeError);
  });

  test("a form may be an object, pairs, URLSearchParams or a string", () => {
    const expected = "a=1&b%5B%5D=x+y&b%5B%5D=%C3%A9&c=2&d=3";
    const values = { a: "1", "b[]": ["x y", "é"], c: 2, d: 3n };
    const pairs = Object.entries(values);
    const params = new URLSearchParams(expected);
    for (const fields of [values, pairs, new Map(pairs), params, expected]) {
      const form = signer.signForm(fields);
      ok(form.endsWith(`&${expected}`) && isGoodQuery(form.slice(0, -expected.length - 1)));
    }
    ok(isGoodQuery(signer.signForm({})));
  });

  test("a field that could be written in more than one way is a TypeError", () => {
    for (const value of [null, undefined, true, NaN, Infinity, {}, [[1]], new Date(0), new Blob(["a"])]) {
      throws(() => signer.signForm({ a: value }), TypeError);
    }
    for (const fields of [null, undefined, 1, [1], ["ab"], [["a", "b", "c"]]]) {
      throws(() => signer.signForm(fields), TypeError);
    }
  });

  test("a signed body has the type of the given one", () => {
    const type = "application/x-www-form-urlencoded";
    ok(signer.signRequest("POST", URL_ASKED, type, "a=1").body.endsWith("&a=1"));
    ok(signer.signRequest("POST", URL_ASKED, type, Buffer.from("a=1")).body instanceof Uint8Array);
    ok(isGoodQuery(signer.signRequest("POST", URL_ASKED, type).body.replace(/&$/, "")));
    for (const body of [undefined, null]) {
      const signed = signer.signRequest("GET", URL_ASKED, null, body);
      ok(isGoodQuery(signed.url.slice(URL_ASKED.length + 1)));
      equal(signed.body, undefined);
    }
  });

  test("a diagnosis has a code, a message and a verdict", () => {
    const good = signer.diagnose("1234567890", KNOWN);
    deepEqual([good.code, good.accepted], [DiagnosisCode.GOOD, true]);
    const bad = signer.diagnose("1234567890", KNOWN.slice(0, -1));
    deepEqual([bad.code, bad.accepted], [DiagnosisCode.PADDING_MISSING, false]);
    match(bad.message, /^signature: /);
    equal(signer.diagnoseRequest("GET", signer.signUrl(URL_ASKED)).code, DiagnosisCode.GOOD);
  });
});

describe("keys", () => {
  test("wrong keys are refused, and wrong types are TypeErrors", () => {
    throws(() => new Signer("", "secretkey"), refusedWith(Status.EMPTY_API_KEY));
    throws(() => new Signer("apikey", ""), refusedWith(Status.EMPTY_SECRET_KEY));
    throws(() => new Signer("apikey", "s".repeat(65537)), refusedWith(Status.SECRET_KEY_TOO_LONG));
    for (const key of [null, undefined, 1, true, {}, ["s"]]) {
      throws(() => new Signer(key, "secretkey"), TypeError);
      throws(() => new Signer("apikey", key), TypeError);
    }
  });

  test("fromEnv reads them from the environment, and names a variable that is missing", () => {
    const { KAYAKO_API_KEY, KAYAKO_SECRET_KEY } = process.env;
    try {
      Object.assign(process.env, { KAYAKO_API_KEY: "apikey", KAYAKO_SECRET_KEY: "secretkey" });
      ok(Signer.fromEnv().sign("1234567890") === KNOWN);
      delete process.env.KAYAKO_SECRET_KEY;
      throws(() => Signer.fromEnv(), /^KayakoSignError: KAYAKO_SECRET_KEY: /);
      delete process.env.KAYAKO_API_KEY;
      throws(() => Signer.fromEnv(), /^KayakoSignError: KAYAKO_API_KEY: /);
    } finally {
      Object.assign(process.env, { KAYAKO_API_KEY, KAYAKO_SECRET_KEY });
    }
  });

  test("printing or copying a signer shows none of them", () => {
    const others = new Signer("very api", "very secret");
    const clone = structuredClone(others);
    const views = [others, clone, Object.assign({}, others)].flatMap((value) => [
      inspect(value, { depth: 9, showHidden: true, getters: true }),
      JSON.stringify(value),
      String(value),
    ]);
    equal(views.join().includes("very"), false);
    throws(() => clone.sign("1"), TypeError);
  });

  test("errors quote no key and no salt", () => {
    for (const call of [
      () => new Signer(Buffer.from("very\xff", "latin1"), "very secret"),
      () => signer.sign("very".repeat(20_000)),
      () => signer.signUrl("very secret"),
      () => signer.signForm({ salt: "very secret" }),
    ]) {
      throws(
        call,
        (error) => error instanceof KayakoSignError && !inspect(error, { showHidden: true }).includes("very"),
      );
    }
  });

  test("an error has its name and its status", () => {
    const error = new KayakoSignError("a", 1);
    deepEqual([error.name, error.status, String(error)], ["KayakoSignError", 1, "KayakoSignError: a"]);
    ok(error instanceof Error);
  });
});

test("after close every call is refused", () => {
  signer.close();
  signer.close();
  for (const call of [
    () => signer.sign("1"),
    () => signer.signUrlencoded("1"),
    () => signer.credentials(),
    () => signer.credentials("1"),
    () => signer.query(),
    () => signer.credentialsBatch(1),
    () => signer.signUrl(URL_ASKED),
    () => signer.signForm({}),
    () => signer.signRequest("GET", URL_ASKED),
    () => signer.verify("1", KNOWN),
    () => signer.verify("\ud800", KNOWN),
    () => signer.diagnose("1", KNOWN),
    () => signer.diagnoseRequest("GET", URL_ASKED),
  ]) {
    throws(call, (error) => error instanceof KayakoSignError && error.message === "signer: is closed");
  }
});

test("Symbol.dispose closes a signer, as the end of a block with using does", () => {
  signer[Symbol.dispose]();
  throws(() => signer.sign("1"), refusedWith(Status.NULL_SIGNER));
});
