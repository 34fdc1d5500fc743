/** Tests that each block of code in the README prints the `text` block below it. */

import { equal } from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { text } from "node:stream/consumers";
import { startHelpdesk } from "./servers.mjs";

const README = readFileSync(new URL("../../bindings/js/README.md", import.meta.url), "utf8");
const PACKAGE = new URL("../../bindings/js/src/node.js", import.meta.url).href;
const KEYS = { KAYAKO_API_KEY: "apikey", KAYAKO_SECRET_KEY: "secretkey" };
const BLOCKS = [...README.matchAll(/^```js\n(.*?)^```\n\n```text\n(.*?)^```$/gms)].map(([, code, output]) => [
  code,
  output,
]);

describe("the README", () => {
  let helpdesk;
  before(async () => (helpdesk = await startHelpdesk()));
  after(() => helpdesk.close());

  for (const [code, output] of BLOCKS) {
    test(`says what this prints: ${code.split("\n").find((line) => line.includes("signer."))}`, async () => {
      const here = (text) => text.replaceAll("https://help.example.com", helpdesk.origin);
      const script = here(code).replace('"kayako-sign"', JSON.stringify(PACKAGE));
      const env = { ...process.env, ...KEYS };
      const node = spawn(process.execPath, ["--input-type=module", "-e", script], {
        env,
        stdio: ["ignore", "pipe", "inherit"],
      });
      const isAsSaid = (await text(node.stdout)) === here(output);
      equal(isAsSaid, true);
    });
  }

  test("has blocks", () => equal(BLOCKS.length, 3));
});
