/** Signs requests for the REST API of Kayako Classic. */

/// <reference lib="esnext.disposable" />

export { DiagnosisCode } from "./diagnosis-code.js";
export { Status } from "./status.js";

/** An API key or a secret key. A string is used as UTF-8. */
export type Key = string | Uint8Array;

/** A salt. A number must be a safe integer; it stands for its decimal digits. */
export type Salt = string | Uint8Array | number | bigint;

/** The three parameters of one request. */
export interface Credentials<S extends string | Uint8Array = string> {
  apikey: string;
  salt: S;
  signature: string;
}

/** An object of a class that the runtime has, if its types are there. */
type Global<Name extends string> = typeof globalThis extends { [name in Name]: { prototype: infer Instance } }
  ? Instance
  : never;

/** A URL. It must be absolute. */
export type Url = string | Global<"URL">;

type FieldValue = string | number | bigint;

/** The fields of a form: an object, pairs, or a form that is encoded already. An array repeats its name. */
export type Fields =
  | string
  | Global<"URLSearchParams">
  | Readonly<Record<string, FieldValue | readonly FieldValue[]>>
  | Iterable<readonly [string, FieldValue | readonly FieldValue[]]>;

/** What the server thinks of a signature or a request. */
export interface Diagnosis {
  /** The number that the C library gives it; 0 is good. `DiagnosisCode` has their names. */
  code: number;
  /** The cause, and what to change. It never quotes a key, a salt or a signature. */
  message: string;
  /** Whether a server accepts it: if it is good, or only forgiven. */
  accepted: boolean;
}

/** A request of which the URL or the body has credentials in it. */
export interface SignedRequest<Body> {
  url: string;
  body: Body;
}

/** The type of the runtime's own fetch, where it has one. */
type Fetch = typeof globalThis extends { fetch: infer F } ? F : never;

/** A key, a salt, a count or a request breaks a rule, or the signer is closed. */
export class KayakoSignError extends Error {
  /** The number that the C library gives it, which `Status` has by name; null if it is not the library's. */
  readonly status: number | null;
  constructor(message: string, status?: number | null, options?: { cause?: unknown });
}

/**
 * Signs requests with an API key and a secret key, as the helpdesk shows them under REST API, API Information.
 *
 * Give the secret key exactly as it is shown there: it looks like base64, but must not be decoded.
 */
export class Signer {
  /** Throws a KayakoSignError if a key is empty or too long, or the API key is not UTF-8. */
  constructor(apiKey: Key, secretKey: Key);

  /** Makes a signer from the variables KAYAKO_API_KEY and KAYAKO_SECRET_KEY of the environment. */
  static fromEnv(): Signer;

  /** Returns the signature of a salt as base64, for what encodes parameters itself: URLSearchParams, FormData, JSON. */
  sign(salt: Salt): string;

  /** Returns the signature of a salt, escaped for a URL or an encoded form that is sent as it is. */
  signUrlencoded(salt: Salt): string;

  /** Returns the parameters for one request, with a fresh salt if none is given. */
  credentials(salt?: string | number | bigint): Credentials;
  /** A salt of bytes comes back as text if it is UTF-8. */
  credentials(salt: Uint8Array): Credentials<string | Uint8Array>;

  /** Returns what `credentials` returns as an encoded query: apikey=…&salt=…&signature=… */
  query(salt?: Salt): string;

  /** Returns credentials for many requests, each with a fresh salt. This is the fastest way to get many. */
  credentialsBatch(count: number): Credentials[];

  /** Returns the URL of a GET or DELETE request with credentials in it. */
  signUrl(url: Url): string;

  /** Returns the body of a POST or PUT request of type application/x-www-form-urlencoded with credentials in it. */
  signForm(fields: Fields): string;

  /** Returns the URL and the body of a request, one of which has credentials in it: the one that the server reads. */
  signRequest(method: string, url: Url, contentType: string | null | undefined, body: string): SignedRequest<string>;
  signRequest(
    method: string,
    url: Url,
    contentType: string | null | undefined,
    body: Uint8Array,
  ): SignedRequest<Uint8Array>;
  signRequest(
    method: string,
    url: Url,
    contentType?: string | null,
    body?: string | Uint8Array | null,
  ): SignedRequest<string | Uint8Array | undefined>;

  /** Tells whether a signature is that of a salt, in constant time. A wrong value is false, never an error. */
  verify(salt: Salt, signature: string | Uint8Array): boolean;

  /** Tells what the server thinks of a signature of a salt. Give both as they arrive there, decoded once. */
  diagnose(salt: Salt, signature: string | Uint8Array): Diagnosis;

  /** Tells what the server would answer to a request as it was sent, and why. */
  diagnoseRequest(method: string, url: Url, contentType?: string | null, body?: string | Uint8Array | null): Diagnosis;

  /**
   * Sends a request as the runtime's own fetch does, with credentials that neither the response nor an error shows.
   *
   * Redirects within the origin are followed and signed; one to another origin is refused. A POST without a body sends
   * the credentials as a form.
   */
  fetch: Fetch;

  /** Wipes the keys. Every later call throws a KayakoSignError. */
  close(): void;
  [Symbol.dispose](): void;
}

/** Returns a fresh salt: 32 hexadecimal digits, from the system's own randomness. */
export function generateSalt(): string;
