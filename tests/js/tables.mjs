/** Runs the shared tables through the package, in any runtime, and returns the names of the rows that do not hold. */

import { bytesOf, rowsOf, textOf } from "../support/tables.mjs";

const encoder = new TextEncoder();

/** Returns bytes, and their text if they are UTF-8: both must give the same result. */
function forms(bytes) {
  const text = textOf(bytes);
  return text === undefined ? [bytes] : [bytes, text];
}

function isSame(one, other) {
  const [left, right] = [one, other].map((value) => (typeof value === "string" ? encoder.encode(value) : value));
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

export class Tables {
  /** `read` returns the text of a table by its name. */
  constructor({ Signer, KayakoSignError, Status, DiagnosisCode }, read) {
    Object.assign(this, { Signer, KayakoSignError, Status, DiagnosisCode, read, checked: 0, wrong: [] });
    this.ours = new Signer("apikey", "secretkey");
  }

  checkAll() {
    this.vectors();
    this.requests();
    this.diagnoses();
    this.signatures();
    return { checked: this.checked, wrong: this.wrong };
  }

  check(name, holds) {
    this.checked += 1;
    let held = false;
    try {
      held = holds();
    } catch (error) {
      name += `: ${error.message}`;
    }
    if (!held) {
      this.wrong.push(name);
    }
  }

  /** Returns whether a call is refused with the status of that name. */
  isRefused(status, call) {
    try {
      call();
      return false;
    } catch (error) {
      return error instanceof this.KayakoSignError && error.status === this.Status[status.slice("KAYAKO_".length)];
    }
  }

  vectors() {
    for (const { name, operation, status, ...values } of rowsOf(this.read("vectors.tsv"))) {
      const [apiKey, secretKey, salt, signature, output] = [
        values.api_key,
        values.secret_key,
        values.salt,
        values.signature,
        values.output,
      ].map(bytesOf);
      for (const given of forms(salt)) {
        const run = () => this.vector(new this.Signer(apiKey, secretKey), operation, given, signature);
        const expected = () => this.isVector(run(), operation, status, output);
        const isError = status !== "KAYAKO_OK" && operation !== "verify";
        this.check(`${operation}: ${name}`, isError ? () => this.isRefused(status, run) : expected);
      }
    }
  }

  vector(signer, operation, salt, signature) {
    const calls = {
      signer: () => "",
      sign: () => signer.sign(salt),
      sign_urlencoded: () => signer.signUrlencoded(salt),
      query: () => signer.query(salt),
      credentials: () => signer.credentials(salt),
      verify: () => signer.verify(salt, signature),
    };
    return calls[operation]();
  }

  isVector(value, operation, status, output) {
    if (operation === "verify") {
      return value === (status === "KAYAKO_OK");
    }
    if (operation === "credentials") {
      const expected = JSON.parse(textOf(output));
      return ["apikey", "salt", "signature"].every((name) => isSame(value[name], expected[name]));
    }
    return isSame(value, output);
  }

  requests() {
    for (const { name, method, url, content_type, body, status, target, offset } of rowsOf(this.read("requests.tsv"))) {
      const [asked, type] = [url, content_type].map((value) => textOf(bytesOf(value)));
      // The URL and the type are strings, which cannot hold bytes that are not UTF-8.
      if (asked === undefined || type === undefined) {
        continue;
      }
      for (const given of forms(bytesOf(body))) {
        const run = () => this.ours.signRequest(method, asked, type, given);
        const signs = () => this.isSigned([method, asked, type, given], run(), target, Number(offset));
        this.check(`request: ${name}`, status === "KAYAKO_OK" ? signs : () => this.isRefused(status, run));
      }
    }
  }

  isSigned([method, url, contentType, body], signed, target, offset) {
    const [before, after] = (target === "url" ? [url, signed.url] : [body, signed.body]).map((value) =>
      typeof value === "string" ? encoder.encode(value) : value,
    );
    const inserted = after.length - before.length;
    const without = [...after.subarray(0, offset), ...after.subarray(offset + inserted)];
    const isUnchanged = target === "url" ? isSame(signed.body, body) : signed.url === url;
    const isKind = typeof signed.body === typeof body;
    const { accepted } = this.ours.diagnoseRequest(method, signed.url, contentType, signed.body);
    return inserted > 0 && isSame(Uint8Array.from(without), before) && isUnchanged && isKind && accepted;
  }

  diagnoses() {
    for (const { name, method, url, content_type, body, diagnosis } of rowsOf(this.read("diagnoses.tsv"))) {
      const [asked, type] = [url, content_type].map((value) => textOf(bytesOf(value)));
      if (asked === undefined || type === undefined) {
        continue;
      }
      for (const given of forms(bytesOf(body))) {
        this.check(`diagnosis: ${name}`, () =>
          this.isDiagnosis(diagnosis, this.ours.diagnoseRequest(method, asked, type, given)),
        );
      }
    }
  }

  signatures() {
    for (const { name, salt, signature, diagnosis } of rowsOf(this.read("signatures.tsv"))) {
      const [salts, signatures] = [salt, signature].map((value) => forms(bytesOf(value)));
      for (const given of salts) {
        for (const arrived of signatures) {
          this.check(`signature: ${name}`, () => this.isDiagnosis(diagnosis, this.ours.diagnose(given, arrived)));
        }
      }
    }
  }

  isDiagnosis(name, { code, message }) {
    return code === this.DiagnosisCode[name.slice("KAYAKO_DIAGNOSIS_".length)] && message.length > 0;
  }
}
