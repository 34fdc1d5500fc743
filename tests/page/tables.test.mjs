/** Tests the page with the shared tables: by its fields, and by its module for bytes that no field can hold. */

import assert from "node:assert/strict";
import { it } from "node:test";
import { describeEverywhere, fillEach, KEYS } from "./browser.mjs";
import { callModule, keepModule } from "./module.mjs";
import { pastable } from "./shapes.mjs";
import { bytesOf, MESSAGES, NUMBERS, rows, textOf } from "./tables.mjs";

const VECTORS = rows("vectors.tsv").map((row) => ({ ...row, output: textOf(bytesOf(row.output)) }));
const SIGNATURES = rows("signatures.tsv");
const DIAGNOSES = rows("diagnoses.tsv");
const REQUESTS = rows("requests.tsv");

const EXPORTS = {
  sign: "kayako_signer_sign",
  sign_urlencoded: "kayako_signer_sign_urlencoded",
  query: "kayako_signer_credentials_with_salt",
};
const SHOWN = { sign: "raw", sign_urlencoded: "encoded", query: "query" };
const OURS = ["apikey", "secretkey"];

/** Fails with only the names of the rows that do not hold, because their values may be secret. */
function assertRowsHold(table, fits) {
  const broken = table
    .filter((row, index) => !fits(row, index))
    .map(({ name, operation = "" }) => `${operation} ${name}`);
  assert.ok(table.length > 0, "there is no such row");
  assert.equal(broken.join("\n"), "", "these rows do not hold");
}

/** Returns whether a field of one line returns this text unchanged. */
function isLine(text) {
  return text !== undefined && !/[\r\n]/.test(text);
}

describeEverywhere("the page with the shared tables", {}, (visit, browser) => {
  it("agrees with each vector, as bytes", async () => {
    const page = await visit.open({ prepare: keepModule });
    const table = VECTORS.filter(({ operation }) => operation !== "credentials");
    const results = await callModule(
      page,
      table.map((row) => {
        const keys = [bytesOf(row.api_key), bytesOf(row.secret_key)];
        const salt = bytesOf(row.salt);
        return (
          {
            signer: { keys },
            verify: {
              keys,
              name: "kayako_signer_diagnose",
              inputs: [salt, bytesOf(row.signature)],
              writes: "number",
            },
          }[row.operation] ?? { keys, name: EXPORTS[row.operation], inputs: [salt], writes: "text" }
        );
      }),
    );
    assertRowsHold(table, ({ operation, status, output }, index) => {
      const { refusal, text, code } = results[index];
      if (operation === "verify" && code !== undefined) {
        return (code === 0) === (status === "KAYAKO_OK");
      }
      return status === "KAYAKO_OK"
        ? text === (operation === "signer" ? undefined : output) && !refusal
        : refusal === MESSAGES[status];
    });
  });

  it("agrees with each vector that fields can hold, as they show it", async () => {
    const page = await visit.open();
    const table = VECTORS.map((row) => ({
      ...row,
      fields: ["api_key", "secret_key", "salt"].map((column) => textOf(bytesOf(row[column]))),
    })).filter(
      ({ operation, fields: [apiKey, secretKey, salt] }) =>
        SHOWN[operation] && [apiKey, secretKey, salt].every(isLine) && apiKey !== "" && secretKey !== "",
    );
    const ids = Object.values(SHOWN);
    const shown = await fillEach(
      page,
      table.map(({ fields: [apiKey, secretKey, salt] }) => ({ "api-key": apiKey, "secret-key": secretKey, salt })),
      [...ids, "api-key-error", "secret-key-error", "salt-error"],
    );
    assertRowsHold(table, ({ operation, status, output }, index) => {
      const made = shown[index][ids.indexOf(SHOWN[operation])];
      const errors = shown[index].slice(ids.length).filter(Boolean);
      return made === output && errors.join() === (status === "KAYAKO_OK" ? "" : MESSAGES[status]);
    });
  });

  it("gives each signature its diagnosis", async () => {
    const page = await visit.open({ prepare: keepModule });
    const results = await callModule(
      page,
      SIGNATURES.map(({ salt, signature }) => ({
        keys: OURS,
        name: "kayako_signer_diagnose",
        inputs: [bytesOf(salt), bytesOf(signature)],
        writes: "number",
      })),
    );
    assertRowsHold(SIGNATURES, ({ diagnosis }, index) => results[index].code === NUMBERS[diagnosis]);
  });

  it("shows each signature's diagnosis with the message of the C library", async () => {
    const page = await visit.open();
    await page.click("#pair");
    const table = SIGNATURES.map((row) => ({
      ...row,
      fields: [textOf(bytesOf(row.salt)), textOf(bytesOf(row.signature))],
    })).filter(
      ({ fields: [salt, signature] }) => isLine(salt) && salt !== "" && signature && !signature.includes("\r"),
    );
    const shown = await fillEach(
      page,
      table.map(({ fields: [salt, signature] }) => ({ ...KEYS, "sent-salt": salt, "sent-signature": signature })),
      ["code", "message"],
    );
    assertRowsHold(
      table,
      ({ diagnosis }, index) => shown[index].join("|") === `Diagnosis ${NUMBERS[diagnosis]}|${MESSAGES[diagnosis]}`,
    );
  });

  // One run is enough, because the reading depends neither on the page's origin nor on the browser.
  const once = visit.origin === "file" && browser === "Chromium";
  for (const [shape, { show, holds }] of once ? Object.entries(pastable) : []) {
    it(`shows each request's diagnosis if it is pasted as ${shape}`, async () => {
      const page = await visit.open();
      const table = DIAGNOSES.map((row) => {
        const [method, url, contentType, body] = [row.method, row.url, row.content_type, row.body].map((v) =>
          textOf(bytesOf(v)),
        );
        return { ...row, request: { method, url, contentType, body } };
      })
        .filter(({ request }) => Object.values(request).every((part) => part !== undefined) && holds(request))
        // A field keeps no carriage return, which matters in a form and not in multipart.
        .filter(({ request: { contentType, body } }) => !body.includes("\r") || contentType.startsWith("multipart"))
        .map((row) => ({ ...row, request: { ...row.request, body: row.request.body.replaceAll("\r\n", "\n") } }));
      const pasted = table.map(({ request }) => ({ ...KEYS, request: show(request) }));
      const shown = await fillEach(page, pasted, ["code", "message"]);
      assertRowsHold(
        table,
        ({ diagnosis }, index) => shown[index].join("|") === `Diagnosis ${NUMBERS[diagnosis]}|${MESSAGES[diagnosis]}`,
      );
    });
  }

  it("signs each URL at the offset in the table, or refuses it with the message of its status", async () => {
    const page = await visit.open({ prepare: keepModule });
    const salt = "1234567890";
    const table = REQUESTS.filter(
      ({ method, content_type, body }) => /^(GET|DELETE)$/.test(method) && content_type + body === "",
    );
    const results = await callModule(page, [
      { keys: OURS, name: "kayako_signer_credentials_with_salt", inputs: [salt], writes: "text" },
      ...table.map(({ url }) => ({
        keys: OURS,
        name: "kayako_signer_sign_url_with_salt",
        inputs: [bytesOf(url), salt],
        writes: "text",
      })),
    ]);
    const query = results.shift().text;
    assertRowsHold(table, ({ url: written, status, offset }, index) => {
      const { text, refusal } = results[index];
      const url = textOf(bytesOf(written));
      if (status !== "KAYAKO_OK") {
        return refusal === MESSAGES[status];
      }
      const [before, after] = [url.slice(0, Number(offset)), url.slice(Number(offset))];
      const inserted = text.slice(before.length, text.length - after.length);
      return (
        text.startsWith(before) && text.endsWith(after) && ["", "?", "&"].some((mark) => inserted === mark + query)
      );
    });
  });
});
