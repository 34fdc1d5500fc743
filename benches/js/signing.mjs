/**
 * Times the JavaScript binding and the lines that a user would write without it.
 *
 * Prints a line for each thing measured: its name, and the nanoseconds that one takes in each round. A round measures
 * everything in turn, so that a ratio compares times of the same moment.
 */

import { createHmac, randomBytes } from "node:crypto";
import { Signer } from "../../bindings/js/src/node.js";

const apikey = "f0e1d2c3-a5b4-4697-8879-6a5b4c3d2e1f";
const key = "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU2Nzg5QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo3ODkwYWJjZGVm";
const salt = "1234567890";
const signer = new Signer(apikey, key);
const signature = (text) => createHmac("sha256", key).update(text).digest("base64");
if (signer.sign(salt) !== signature(salt)) {
  throw new Error("bench: the signatures differ");
}

// Each function takes the number of calls, and loops itself.
const MEASURED = {
  js_sign: [3000, (calls) => repeat(calls, () => signer.sign(salt))],
  js_line: [3000, (calls) => repeat(calls, () => createHmac("sha256", key).update(salt).digest("base64"))],
  js_batch: [1, () => signer.credentialsBatch(1000)],
  js_batch_line: [1, () => Array.from({ length: 1000 }, credentials)],
};

function repeat(calls, call) {
  for (let count = 0; count < calls; count += 1) {
    call();
  }
}

function credentials() {
  const fresh = randomBytes(16).toString("hex");
  return { apikey, salt: fresh, signature: signature(fresh) };
}

const times = Object.fromEntries(Object.keys(MEASURED).map((name) => [name, []]));
for (let round = 0; round < 60; round += 1) {
  for (const [name, [calls, run]] of Object.entries(MEASURED)) {
    const start = process.hrtime.bigint();
    run(calls);
    times[name].push(Number(process.hrtime.bigint() - start) / calls);
  }
}
console.log(`peer\tNode ${process.versions.node}`);
for (const [name, all] of Object.entries(times)) {
  console.log(`${name}\t${all.map((time) => time.toFixed(1)).join(" ")}`);
}
