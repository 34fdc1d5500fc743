/** That the page says what the command says: `kayako-sign check` of the same text. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { it } from "node:test";
import { describeEverywhere, fillEach, KEYS } from "./browser.mjs";
import { pastable } from "./shapes.mjs";
import { escapedValue, rows, textOf } from "./tables.mjs";

const COMMAND =
  process.env.KAYAKO_SIGN_COMMAND ?? new URL("../../target/release/kayako-sign", import.meta.url).pathname;
/** The requests that are texts, with the line breaks that a field has. */
const REQUESTS = rows("diagnoses.tsv", ["name", "method", "url", "contentType", "body"])
  .map(({ name, ...parts }) => {
    const texts = Object.entries(parts).map(([part, value]) => [part, textOf(escapedValue(value))]);
    return { name, request: Object.fromEntries(texts) };
  })
  .filter(({ request }) => !Object.values(request).includes(undefined))
  .map(({ name, request }) => ({
    name,
    request: { ...request, body: request.body.replaceAll(/\r\n?/g, "\n") },
  }));
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

describeEverywhere("what kayako-sign check says", { browsers: ["Chromium"], origins: ["file"] }, (visit) => {
  for (const [shape, { show, holds }] of Object.entries(pastable).filter(([name]) => !PAGE_ALONE.includes(name))) {
    it(`is what the page says where ${shape}`, async () => {
      const page = await visit.open();
      const table = REQUESTS.filter(({ request }) => holds(request));
      const pasted = table.map(({ request }) => show(request));
      const shown = await fillEach(
        page,
        pasted.map((request) => ({ ...KEYS, request })),
        ["outcome", "sentence"],
      );
      const broken = table.filter((_, index) => {
        const [outcome, sentence] = shown[index];
        const command = checked(pasted[index]);
        return outcome.startsWith("Accepted") !== command.accepted || sentence !== command.sentence;
      });
      assert.ok(table.length > 0, "there is no such row");
      assert.equal(broken.map(({ name }) => name).join("\n"), "", "the page says something else of these");
    });
  }
});
