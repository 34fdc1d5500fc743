/** Sends requests as fetch does, but signs each one, and shows the caller no credentials. */

import { KayakoSignError } from "./error.js";

const FORM = "application/x-www-form-urlencoded";
const REDIRECTS = [301, 302, 303, 307, 308];
/** The same limit as that of fetch. */
const MAX_REDIRECTS = 20;
/** The options of a Request to copy, besides the parts that are signed. */
const OPTIONS = ["mode", "credentials", "cache", "referrer", "referrerPolicy", "integrity", "keepalive", "signal"];

/**
 * Sends a request. `sign` signs a method, a URL, a content type and a body. `goesIntoUrl` takes the first three and
 * returns whether the credentials of a request with a body go into its URL.
 */
export async function signedFetch(sign, goesIntoUrl, input, init = {}) {
  const request = new Request(input, init);
  const original = {
    options: { ...(input instanceof Request ? pick(input, OPTIONS) : {}), ...init },
    redirect: request.redirect,
    origin: new URL(request.url).origin,
  };
  const body = original.options.body ?? (input instanceof Request ? input.body : null);
  let hop = await firstHop(goesIntoUrl, request, body);
  for (let count = 0; ; count += 1) {
    const signed = signedHop(sign, hop);
    const response = await send(original.options, hop, signed);
    const following = count <= MAX_REDIRECTS && (await nextHop(original, hop, signed.inserted, response));
    if (!following) {
      return responseForCaller(response, hop.url, count > 0, signed.inserted);
    }
    if (count === MAX_REDIRECTS) {
      throw new KayakoSignError(`redirect: more than ${MAX_REDIRECTS} in a row`);
    }
    hop = following;
  }
}

/** Returns the caller's request. Reads its body, unless it is a stream that can be sent unchanged. */
async function firstHop(goesIntoUrl, request, body) {
  const hop = { method: request.method, url: request.url.replace(/#.*/s, ""), headers: new Headers(request.headers) };
  hop.headers.delete("content-length");
  const contentType = hop.headers.get("content-type");
  const isStream = body instanceof ReadableStream || (body?.[Symbol.asyncIterator] && !(body instanceof Blob));
  if (isStream && goesIntoUrl(hop.method, hop.url, contentType)) {
    return { ...hop, body: request.body };
  }
  hop.body = new Uint8Array(await request.arrayBuffer());
  if (hop.method === "POST" && hop.body.length === 0 && contentType === null) {
    hop.headers.set("content-type", FORM);
  }
  return hop;
}

function signedHop(sign, { method, url, headers, body }) {
  const isStream = body instanceof ReadableStream;
  const signed = sign(method, url, headers.get("content-type"), isStream ? new Uint8Array() : body);
  if (isStream) {
    return { ...signed, body };
  }
  return { ...signed, body: signed.body.length > 0 ? signed.body : undefined };
}

async function send(options, { method, url, headers }, signed) {
  const duplex = signed.body instanceof ReadableStream ? { duplex: "half" } : {};
  try {
    return await fetch(signed.url, { ...options, method, headers, body: signed.body, redirect: "manual", ...duplex });
  } catch (error) {
    // The caller gets the reason that it aborted with.
    if (options.signal?.aborted) {
      throw options.signal.reason;
    }
    if (["AbortError", "TimeoutError"].includes(error?.name)) {
      throw error;
    }
    throw cleaned(error, TypeError, (text) => withoutInserted(text, signed, url));
  }
}

/** Returns the request that a redirect asks for; undefined if there is no redirect, or the caller follows none. */
async function nextHop({ redirect, origin }, hop, inserted, response) {
  const isHidden = response.type === "opaqueredirect";
  const location = response.headers.get("location");
  if (redirect === "manual" || !(isHidden || (REDIRECTS.includes(response.status) && location !== null))) {
    return undefined;
  }
  await response.body?.cancel().catch(() => {});
  if (redirect === "error") {
    throw new TypeError("redirect: the helpdesk sent one, and the request allows none");
  }
  if (isHidden) {
    throw new KayakoSignError("redirect: a browser does not show where it leads, so it cannot be signed; ask that URL");
  }
  const target = stripped(location, inserted);
  if (target === undefined) {
    throw new KayakoSignError("redirect: the helpdesk repeats the credentials in its Location, in another form");
  }
  const url = new URL(target, hop.url);
  if (url.origin !== origin) {
    throw new KayakoSignError(`redirect: leads to another origin, ${url.origin}, which must not get credentials`);
  }
  url.hash = "";
  return redirected(hop, url.href, response.status);
}

/** Returns the next request as fetch has it: a POST becomes a GET except for 307 and 308, and 303 makes any a GET. */
function redirected(hop, url, status) {
  const headers = new Headers(hop.headers);
  if (status === 303 || (status < 303 && hop.method === "POST")) {
    for (const name of ["content-encoding", "content-language", "content-location", "content-type"]) {
      headers.delete(name);
    }
    return { method: "GET", url, headers, body: new Uint8Array() };
  }
  if (hop.body instanceof ReadableStream) {
    throw new KayakoSignError("redirect: the body is a stream, which cannot be sent a second time");
  }
  return { ...hop, headers, url };
}

/** Returns a header's value without the credentials that a server copied into it; undefined if it changed them. */
function stripped(value, { text, salt }) {
  const left = value.replaceAll(text, "");
  return left.includes(salt) ? undefined : left;
}

/** Returns the response as the caller sees it: with the unsigned URL, and no credentials in its headers. */
function responseForCaller(response, url, redirected, inserted) {
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  for (const [name, value] of [...headers].filter(([, value]) => value.includes(inserted.salt))) {
    const left = stripped(value, inserted);
    if (left === undefined) {
      headers.delete(name);
    } else {
      headers.set(name, left);
    }
  }
  const body = [204, 205, 304].includes(status) ? null : response.body;
  // A browser's opaque response has status 0, which the constructor refuses.
  const made = status === 0 ? Response.error() : new Response(body, { status, statusText, headers });
  return withProperties(made, { url, redirected, type: response.type });
}

/** Defines properties of a response, and of its clones, that its constructor does not take. */
function withProperties(response, properties) {
  const { clone } = Response.prototype;
  const values = { ...properties, clone: () => withProperties(clone.call(response), properties) };
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(response, name, { value, configurable: true });
  }
  return response;
}

/** Returns a copy of an error and its causes, cleaned, because some runtimes quote the signed URL in one of them. */
function cleaned(error, Kind, clean) {
  if (!(error instanceof Error)) {
    return typeof error === "string" ? clean(error) : undefined;
  }
  const copy = new Kind(clean(error.message));
  if (copy.name !== error.name) {
    Object.defineProperty(copy, "name", { value: error.name, configurable: true, writable: true });
  }
  for (const [name, value] of Object.entries(error)) {
    if (["string", "number", "boolean"].includes(typeof value)) {
      copy[name] = typeof value === "string" ? clean(value) : value;
    }
  }
  if (Array.isArray(error.errors)) {
    copy.errors = error.errors.map((one) => cleaned(one, Error, clean));
  }
  if (error.cause !== undefined) {
    Object.defineProperty(copy, "cause", {
      value: cleaned(error.cause, Error, clean),
      configurable: true,
      writable: true,
    });
  }
  return copy;
}

function withoutInserted(text, { url, inserted }, unsignedUrl) {
  const left = text.replaceAll(url, unsignedUrl).replaceAll(inserted.text, "");
  const isClean = ![inserted.salt, inserted.signature, encodeURIComponent(inserted.signature)].some((credential) =>
    left.includes(credential),
  );
  return isClean ? left : "the request failed";
}

function pick(source, names) {
  return Object.fromEntries(names.filter((name) => source[name] !== undefined).map((name) => [name, source[name]]));
}
