/** Runs the tests of every file, two files at a time, and prints their number at the end. */

import { readdirSync } from "node:fs";
import { run } from "node:test";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(folder).filter(
  (name) => name.endsWith(".test.mjs") && (wanted.length === 0 || wanted.some((word) => name.includes(word))),
);

/** The longest time that a file may take, in milliseconds, because a page may hang. */
const LONGEST = 300_000;

/** Returns whether a report is of a file or a suite, and not of one test. */
function isGroup({ name, details }) {
  return details.type === "suite" || name.endsWith(".test.mjs");
}

function printFailure(file, { name, details }) {
  const error = details.error.cause ?? details.error;
  console.log(`\nFAILED ${file}: ${name}\n${error.stack ?? error.message ?? error}\n`);
}

async function runFile(file) {
  const count = { file, passed: 0, failed: 0 };
  let broken = false;
  for await (const { type, data } of run({ files: [folder + file], timeout: LONGEST })) {
    if (type === "test:diagnostic" && data.message.startsWith("# ")) {
      console.log(data.message.slice(2));
    } else if (type === "test:stderr") {
      process.stderr.write(data.message);
    } else if (type === "test:pass" && !isGroup(data)) {
      count.passed += 1;
    } else if (type === "test:fail" && isGroup(data)) {
      broken = true;
    } else if (type === "test:fail") {
      count.failed += 1;
      printFailure(file, data);
    }
  }
  // A file that does not load, or a hook that fails, runs no test.
  count.failed ||= Number(broken || count.passed === 0);
  return count;
}

const counts = [];
const waiting = files.values();
async function runNext() {
  for (const file of waiting) {
    counts.push(await runFile(file));
  }
}
await Promise.all([runNext(), runNext()]);

let [passed, failed] = [0, 0];
for (const count of counts.sort((one, other) => one.file.localeCompare(other.file))) {
  const [some, none] = [String(count.passed).padStart(4), String(count.failed).padStart(3)];
  console.log(`${count.file.padEnd(22)} ${some} passed ${none} failed`);
  passed += count.passed;
  failed += count.failed;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
