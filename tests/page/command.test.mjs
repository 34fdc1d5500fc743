/** That the page says what the command says: `kayako-sign check` of the same text. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { it } from "node:test";
import { describeEverywhere, fill, KEYS, texts } from "./browser.mjs";
import { pastable } from "./shapes.mjs";
import { escapedValue, rows, textOf } from "./tables.mjs";

const COMMAND =
  process.env.KAYAKO_SIGN_COMMAND ?? new URL("../../target/release/kayako-sign", import.meta.url).pathname;
const DIAGNOSES = rows("diagnoses.tsv", ["name", "method", "url", "contentType", "body"]);
/** What the command does not take: it reads requests, not commands and lists. */
const PAGE_ALONE = ["a network panel lists it", "a curl command", "a browser copies it as cURL"];

/** Whether the command accepts a text, and its sentence, which is on standard error where the request is forgiven. */
function checked(input) {
  const env = { ...process.env, KAYAKO_API_KEY: "apikey", KAYAKO_SECRET_KEY: "secretkey" };
  const { status, stdout, stderr } = spawnSync(COMMAND, ["check"], { input, env, encoding: "utf8" });
  assert.ok(status === 0 || status === 1, stderr);
  const change = /^ {2}change +(.*)$/m.exec(stdout)?.[1];
  return {
    accepted: status === 0,
    sentence: change ?? /^kayako-sign: (signature: accepted.*)$/m.exec(stderr)?.[1] ?? "good: a server takes this",
  };
}

describeEverywhere(
  "what kayako-sign check says",
  (visit) => {
    for (const [shape, { show, holds }] of Object.entries(pastable).filter(([name]) => !PAGE_ALONE.includes(name))) {
      it(`is what the page says where ${shape}`, async () => {
        const page = await visit.open();
        const broken = [];
        for (const row of DIAGNOSES) {
          const [method, url, contentType, body] = [row.method, row.url, row.contentType, row.body].map((value) =>
            textOf(escapedValue(value)),
          );
          // A field has no other line breaks.
          const request = { method, url, contentType, body: body?.replaceAll(/\r\n?/g, "\n") };
          if (Object.values(request).includes(undefined) || !holds(request)) {
            continue;
          }
          const text = show(request);
          await fill(page, { ...KEYS, request: text });
          const [outcome, sentence] = await texts(page, "outcome", "sentence");
          const command = checked(text);
          if (outcome.startsWith("Accepted") !== command.accepted || sentence !== command.sentence) {
            broken.push(row.name);
          }
        }
        assert.equal(broken.join("\n"), "", "the page says something else of these");
      });
    }
  },
  ["Chromium"],
  ["file"],
);
