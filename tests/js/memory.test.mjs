/** Tests the module's memory: no secret is left in it after close, or after a call that traps. */

import { equal, ok, throws } from "node:assert/strict";
import { createHmac, webcrypto } from "node:crypto";
import { test } from "node:test";
import { stateAfter } from "./sha256.mjs";

const { Instance } = WebAssembly;
const instances = [];
/** Whether the next call of sign traps, because its signer is outside the memory. */
let isTrapped = false;
WebAssembly.Instance = class {
  constructor(...all) {
    const { exports } = new Instance(...all);
    const sign = (signer, ...rest) => exports.kayako_signer_sign(isTrapped ? 0xfffffff0 : signer, ...rest);
    this.exports = { ...exports, kayako_signer_sign: sign };
    instances.push(this);
  }
};
const { generateSalt, KayakoSignError, Signer, Status } = await import("../../bindings/js/src/node.js");

const SECRET = "a secret key that is easy to find, 0123456789";

function holds(bytes) {
  return instances.some(({ exports }) => Buffer.from(exports.memory.buffer).includes(bytes));
}

/** Returns the secret, its two HMAC pads, and SHA-256's state after each pad. Either pair is enough to sign. */
function derived() {
  const key = Buffer.from(SECRET.padEnd(64, "\0"));
  const pads = [0x36, 0x5c].map((pad) => Buffer.from(key.map((byte) => byte ^ pad)));
  return { secret: Buffer.from(SECRET), pads, states: pads.map(stateAfter) };
}

test("close leaves nothing of the secret in memory", () => {
  const signer = new Signer("apikey", SECRET);
  const { secret, pads, states } = derived();
  ok([secret, ...states].every(holds), "the search does not find what is there");
  const url = "https://help.example.com/api/index.php?/Base/User/1";
  signer.sign("a salt to find");
  const made = [...signer.credentialsBatch(2000), signer.credentials()];
  signer.signUrl(url);
  signer.signRequest("POST", url, "application/x-www-form-urlencoded", `body to find ${"a".repeat(10_000)}`);
  equal(holds("a salt to find"), false);
  equal(holds("body to find"), false);
  const left = [signer.sign("a salt to find"), ...made.map(({ salt }) => salt)].some(holds);
  equal(left, false, "credentials of a call are left");
  signer.close();
  ok(![secret, ...pads, ...states].some(holds), "the secret or something made from it is left");
});

test("closing one signer leaves the others", () => {
  const [one, other] = [new Signer("apikey", SECRET), new Signer("apikey", SECRET)];
  const before = other.sign("1");
  one.close();
  ok(other.sign("1") === before);
  other.close();
});

test("signers that are never closed are freed", async () => {
  const size = () => instances.at(-1).exports.memory.buffer.byteLength;
  const before = size();
  for (let count = 0; count < 20_000; count += 1) {
    new Signer("apikey", "s".repeat(2000));
    if (count % 1000 === 0) {
      globalThis.gc();
      await new Promise(setImmediate);
    }
  }
  ok(size() - before < 20_000_000);
});

test("a signer still signs after a call has grown the memory", () => {
  const signer = new Signer("apikey", SECRET);
  const size = instances.at(-1).exports.memory.buffer.byteLength;
  equal(signer.credentialsBatch(100_000).length, 100_000);
  ok(instances.at(-1).exports.memory.buffer.byteLength > size);
  ok(signer.sign("1") === createHmac("sha256", SECRET).update("1").digest("base64"));
  signer.close();
});

test("a fresh salt is an error if there are no random bytes", () => {
  const { getRandomValues } = webcrypto;
  const signer = new Signer("apikey", SECRET);
  webcrypto.getRandomValues = () => {
    throw new Error("none");
  };
  try {
    for (const call of [generateSalt, () => signer.query(), () => signer.credentialsBatch(2)]) {
      throws(call, (error) => error instanceof KayakoSignError && error.status === Status.NO_RANDOMNESS);
    }
  } finally {
    webcrypto.getRandomValues = getRandomValues;
    signer.close();
  }
});

test("after a trap, old signers are refused, their secret is gone from memory, and new signers work", () => {
  const [signer, other] = [new Signer("apikey", SECRET), new Signer("apikey", SECRET)];
  const isDefect = (error) => error instanceof KayakoSignError && error.status === Status.PANIC;
  isTrapped = true;
  throws(() => signer.sign("1"), isDefect);
  isTrapped = false;
  equal(holds(SECRET), false);
  for (const call of [() => other.sign("1"), () => other.query(), () => signer.verify("1", "a")]) {
    throws(call, isDefect);
  }
  signer.close();
  const next = new Signer("apikey", SECRET);
  ok(next.sign("1") === createHmac("sha256", SECRET).update("1").digest("base64"));
  equal(instances.length, 2);
});
