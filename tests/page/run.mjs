/** Runs the tests of every file, two files at a time, and ends with their number. */

import { readdirSync } from "node:fs";
import { run } from "node:test";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".test.mjs") && (wanted.length === 0 || wanted.some((word) => name.includes(word))))
  .map((name) => folder + name);

const broken = new Set();
const counts = new Map(files.map((file) => [file, { passed: 0, failed: 0 }]));
for await (const { type, data } of run({ files, concurrency: 2 })) {
  if (type === "test:diagnostic" && data.message.startsWith("# ")) {
    console.log(data.message.slice(2));
  }
  if (type === "test:stderr") {
    process.stderr.write(data.message);
  }
  if (!["test:pass", "test:fail"].includes(type)) {
    continue;
  }
  if (data.details.type === "suite" || files.includes(data.name)) {
    if (type === "test:fail") {
      broken.add(files.includes(data.name) ? data.name : data.file);
    }
    continue;
  }
  const count = counts.get(data.file) ?? counts.get(files[0]);
  count[type === "test:pass" ? "passed" : "failed"] += 1;
  if (type === "test:fail") {
    const error = data.details.error.cause ?? data.details.error;
    console.log(
      `\nFAILED ${data.file?.slice(folder.length)}: ${data.name}\n${error.stack ?? error.message ?? error}\n`,
    );
  }
}

let [passed, failed] = [0, 0];
for (const [file, count] of counts) {
  // A file that does not load, or a hook that fails, runs no test.
  count.failed ||= Number(broken.has(file) || count.passed === 0);
  const [name, some, none] = [file.slice(folder.length).padEnd(22), count.passed, count.failed];
  console.log(`${name} ${String(some).padStart(4)} passed ${String(none).padStart(3)} failed`);
  passed += count.passed;
  failed += count.failed;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
