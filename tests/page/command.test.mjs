/** Tests that the page and `kayako-sign check` say the same about the same text. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { it } from "node:test";
import { describeEverywhere, fillEach, KEYS } from "./browser.mjs";
import { pastable } from "./shapes.mjs";
import { bytesOf, rows, textOf } from "./tables.mjs";

const COMMAND =
  process.env.KAYAKO_SIGN_COMMAND ?? new URL("../../target/release/kayako-sign", import.meta.url).pathname;
/** The requests of the table that are text, with the line breaks that a field keeps. */
const REQUESTS = rows("diagnoses.tsv")
  .map((row) => {
    const [method, url, contentType, body] = [row.method, row.url, row.content_type, row.body].map((value) =>
      textOf(bytesOf(value)),
    );
    return { name: row.name, request: { method, url, contentType, body } };
  })
  .filter(({ request }) => !Object.values(request).includes(undefined))
  .map(({ name, request }) => ({
    name,
    request: { ...request, body: request.body.replaceAll(/\r\n?/g, "\n") },
  }));
const MORE = {
  "a line of an access log": [
    '1.2.3.4 - - [1] "GET /api/index.php?/Base/Users/1&salt=1 HTTP/1.1" 401 22',
    '1.2.3.4 - - [1] "POST /api/index.php?/Base/User HTTP/1.1" 401 22',
  ],
  "a URL": ["https://help.example.com/api/Base/User/1?salt=1", "https://help.example.com/api/v1/cases"],
  "no request": ["hello", "GET /a b HTTP/1.1", "curl 'https://h"],
};

/** Returns what the command says about a text, as the page shows it: outcome, message, lines, remarks and error. */
function checked(input) {
  const env = { ...process.env, KAYAKO_API_KEY: "apikey", KAYAKO_SECRET_KEY: "secretkey" };
  const { stdout, stderr } = spawnSync(COMMAND, ["check"], { input, env, encoding: "utf8" });
  const remarks = stderr.split("\n").flatMap((line) => (line ? [line.replace("kayako-sign: ", "")] : []));
  if (stdout === "") {
    return ["", "", "", "", remarks.join("")];
  }
  const [verdict, ...lines] = stdout.trimEnd().split("\n");
  const texts = lines.map((line) => [line.slice(2, 16).trimEnd(), line.slice(16)]);
  const change = texts.find(([label]) => label === "change")?.[1];
  const reservation = remarks.find((remark) => remark.includes(": accepted, but "));
  const undecided = verdict === "undecided" ? remarks.at(-1) : undefined;
  const message = change ?? undecided ?? reservation ?? "good: the server accepts this";
  const outcome = reservation ? "Accepted with a reservation." : `${verdict[0].toUpperCase()}${verdict.slice(1)}.`;
  const seen = texts.filter(([label]) => label !== "change").flat();
  return [outcome, message, seen.join(""), remarks.filter((remark) => remark !== message).join(""), ""];
}

describeEverywhere("the page and kayako-sign check", { browsers: ["Chromium"], origins: ["file"] }, (visit) => {
  const texts = Object.entries(pastable).map(([shape, { show, holds }]) => [
    shape,
    REQUESTS.flatMap(({ request }) => (holds(request) ? [show(request)] : [])),
  ]);
  for (const [shape, pasted] of [...texts, ...Object.entries(MORE)]) {
    it(`say the same: ${shape}`, async () => {
      const page = await visit.open();
      const shown = await fillEach(
        page,
        pasted.map((request) => ({ ...KEYS, request })),
        ["outcome", "message", "seen", "remarks", "request-error"],
      );
      assert.ok(pasted.length > 0, "there is no such text");
      const broken = pasted.filter((input, index) => shown[index].join("\n") !== checked(input).join("\n"));
      assert.equal(broken.length, 0, "the page says something else about some of them");
    });
  }
});
