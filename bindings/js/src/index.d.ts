/** Signs requests for the REST API of Kayako Classic. */

/// <reference lib="esnext.disposable" />

export { DiagnosisCode } from "./diagnosis-code.js";
export { Status } from "./status.js";

/** An API key or a secret key. A string is used as UTF-8. */
export type Key = string | Uint8Array;

/** A salt. A number must be a safe integer, and its decimal digits are used. */
export type Salt = string | Uint8Array | number | bigint;

/** The three parameters of one request. */
export interface Credentials<S extends string | Uint8Array = string> {
  apikey: string;
  salt: S;
  signature: string;
}

/** An object of a class of the runtime, if the runtime's types declare it. */
type Global<Name extends string> = typeof globalThis extends { [name in Name]: { prototype: infer Instance } }
  ? Instance
  : never;

/** A URL. It must be absolute to be signed. */
export type Url = string | Global<"URL">;

type FieldValue = string | number | bigint;

/** The fields of a form: an object, pairs, or a form that is encoded already. An array repeats its name. */
export type Fields =
  | string
  | Global<"URLSearchParams">
  | Readonly<Record<string, FieldValue | readonly FieldValue[]>>
  | Iterable<readonly [string, FieldValue | readonly FieldValue[]]>;

/** Says whether the server accepts a signature or a request, and what to change if it does not. */
export interface Diagnosis {
  /** The number that the C library gives the diagnosis; 0 is good. `DiagnosisCode` has the names. */
  code: number;
  /** The cause, and what to change. It never quotes a key, a salt or a signature. */
  message: string;
  /** Whether the server accepts it, because it is good or only forgiven. */
  accepted: boolean;
}

/** A signed request: the credentials are in its URL or in its body. */
export interface SignedRequest<Body> {
  url: string;
  body: Body;
}

/** The type of the runtime's own fetch, if it has one. */
type Fetch = typeof globalThis extends { fetch: infer F } ? F : never;

/** Thrown if a key, a salt, a count or a request breaks a rule, or the signer is closed. */
export class KayakoSignError extends Error {
  /** The number that the C library gives the error, named in `Status`; null if the error is not the library's. */
  readonly status: number | null;
  constructor(message: string, status?: number | null, options?: { cause?: unknown });
}

/**
 * Signs requests with an API key and a secret key, which the helpdesk shows under REST API, API Information.
 *
 * Give the secret key exactly as it is shown there: it looks like base64, but must not be decoded.
 */
export class Signer {
  /**
   * Makes a signer of the two keys.
   *
   * Throws a KayakoSignError if a key is empty or too long (API key: 1,024 bytes, secret key: 65,536), or the API key
   * is not UTF-8.
   */
  constructor(apiKey: Key, secretKey: Key);

  /**
   * Makes a signer of the keys in the environment variables KAYAKO_API_KEY and KAYAKO_SECRET_KEY.
   *
   * Throws what the constructor throws, and a KayakoSignError that names a variable that is not set.
   */
  static fromEnv(): Signer;

  /**
   * Returns the signature of a salt as base64, for code that encodes parameters itself: URLSearchParams, FormData,
   * JSON.
   *
   * Throws a KayakoSignError if the salt is empty, 0 or longer than 65,536 bytes.
   */
  sign(salt: Salt): string;

  /** Returns the signature of a salt, escaped for a URL or a form that is sent as it is. Throws as `sign` does. */
  signUrlencoded(salt: Salt): string;

  /** Returns the parameters for one request, with a fresh salt if none is given. Throws as `sign` does. */
  credentials(salt?: string | number | bigint): Credentials;
  /** A salt of bytes comes back as text if it is UTF-8. */
  credentials(salt: Uint8Array): Credentials<string | Uint8Array>;

  /** Returns what `credentials` returns as an encoded query: apikey=…&salt=…&signature=… */
  query(salt?: Salt): string;

  /**
   * Returns credentials for many requests, each with a fresh salt. This is the fastest way to get many.
   *
   * Throws a KayakoSignError if the count is negative or above 1,000,000.
   */
  credentialsBatch(count: number): Credentials[];

  /**
   * Returns the URL of a GET or DELETE request with credentials in it. Everything else stays as it is.
   *
   * Throws a KayakoSignError if the server would find no route, or a parameter would replace a credential or the route.
   */
  signUrl(url: Url): string;

  /**
   * Returns the body of a POST or PUT request of type application/x-www-form-urlencoded with credentials in it.
   *
   * Throws a KayakoSignError if a field would replace a credential or the route, and a TypeError for a value that is
   * not of these types, for example null.
   */
  signForm(fields: Fields): string;

  /**
   * Returns the URL and the body of a request, with credentials in the one where the server reads them.
   *
   * Throws a KayakoSignError if the server would find no route or read no credentials, or a parameter would replace a
   * credential or the route.
   */
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

  /** Returns whether this is the base64 signature of a salt, in constant time. A wrong value gives false, no error. */
  verify(salt: Salt, signature: string | Uint8Array): boolean;

  /** Returns the diagnosis of a signature of a salt. Give both as they arrive at the server, decoded once. */
  diagnose(salt: Salt, signature: string | Uint8Array): Diagnosis;

  /** Returns what the server would answer to a request as it was sent, and why. The URL may begin with its path. */
  diagnoseRequest(method: string, url: Url, contentType?: string | null, body?: string | Uint8Array | null): Diagnosis;

  /**
   * Sends a request as the runtime's own fetch does, with credentials that neither the response nor an error shows.
   *
   * Redirects within the origin are followed and signed; one to another origin is refused. In a browser all are
   * refused, because it hides where they lead. A POST without a body sends the credentials as a form.
   */
  fetch: Fetch;

  /** Wipes the keys. Every later call throws a KayakoSignError. */
  close(): void;
  [Symbol.dispose](): void;
}

/** Returns a fresh salt: 32 hexadecimal digits of Web Crypto's randomness. Throws a KayakoSignError without any. */
export function generateSalt(): string;
