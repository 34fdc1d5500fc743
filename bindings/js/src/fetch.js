/** A fetch that signs each request as it leaves, and shows nothing of that to the caller. */

import { KayakoSignError } from "./error.js";

const FORM = "application/x-www-form-urlencoded";
const REDIRECTS = [301, 302, 303, 307, 308];
/** As many as fetch follows. */
const MOST_REDIRECTS = 20;
/** What a Request takes over from another one, beside what is signed. */
const TAKEN_OVER = ["mode", "credentials", "cache", "referrer", "referrerPolicy", "integrity", "keepalive", "signal"];

/**
 * `sign` signs a method, a URL, a content type and a body; `goesIntoUrl` tells of the first three whether the credentials
 * of a request with a body go into its URL.
 */
export async function signedFetch(sign, goesIntoUrl, input, init = {}) {
  const request = new Request(input, init);
  const asked = {
    options: { ...(input instanceof Request ? pick(input, TAKEN_OVER) : {}), ...init },
    redirect: request.redirect,
    origin: new URL(request.url).origin,
  };
  const given = asked.options.body ?? (input instanceof Request ? input.body : null);
  let hop = await firstHop(goesIntoUrl, request, given);
  for (let count = 0; ; count += 1) {
    const signed = signedHop(sign, hop);
    const response = await send(asked.options, hop, signed);
    const onward = count <= MOST_REDIRECTS && (await next(asked, hop, signed.traces, response));
    if (!onward) {
      return shown(response, hop.url, count > 0, signed.traces);
    }
    if (count === MOST_REDIRECTS) {
      throw new KayakoSignError(`redirect: more than ${MOST_REDIRECTS} in a row`);
    }
    hop = onward;
  }
}

/** The request as the caller gave it. Its body is read, but for a stream that goes out as it comes. */
async function firstHop(goesIntoUrl, request, given) {
  const hop = { method: request.method, url: request.url.replace(/#.*/s, ""), headers: new Headers(request.headers) };
  hop.headers.delete("content-length");
  const contentType = hop.headers.get("content-type");
  const isStream = given instanceof ReadableStream || (given?.[Symbol.asyncIterator] && !(given instanceof Blob));
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
    // What the caller's signal was aborted with is the caller's own.
    if (options.signal?.aborted) {
      throw options.signal.reason;
    }
    if (["AbortError", "TimeoutError"].includes(error?.name)) {
      throw error;
    }
    throw cleaned(error, TypeError, (text) => withoutTraces(text, signed, url));
  }
}

/** The request that a redirect asks for. Undefined where it is none, or the caller does not want it followed. */
async function next({ redirect, origin }, hop, traces, response) {
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
  const onward = stripped(location, traces);
  if (onward === undefined) {
    throw new KayakoSignError("redirect: the helpdesk repeats the credentials in its Location, in a form of its own");
  }
  const url = new URL(onward, hop.url);
  if (url.origin !== origin) {
    throw new KayakoSignError(`redirect: leads to another origin, ${url.origin}, which must not get credentials`);
  }
  url.hash = "";
  return redirected(hop, url.href, response.status);
}

/** As fetch has it: a POST becomes a GET but for 307 and 308, and 303 makes every method one. */
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

/** A header's value without the credentials that a server copied into it. Undefined if it hides them. */
function stripped(value, { text, salt }) {
  const left = value.replaceAll(text, "");
  return left.includes(salt) ? undefined : left;
}

/** The response as the caller sees it: of the URL that was asked for. */
function shown(response, url, redirected, traces) {
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  for (const [name, value] of [...headers].filter(([, value]) => value.includes(traces.salt))) {
    const left = stripped(value, traces);
    if (left === undefined) {
      headers.delete(name);
    } else {
      headers.set(name, left);
    }
  }
  const body = [204, 205, 304].includes(status) ? null : response.body;
  // A browser's response that hides everything has no status, which the constructor does not take.
  const made = status === 0 ? Response.error() : new Response(body, { status, statusText, headers });
  return dressed(made, { url, redirected, type: response.type });
}

function dressed(response, properties) {
  const { clone } = Response.prototype;
  const values = { ...properties, clone: () => dressed(clone.call(response), properties) };
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(response, name, { value, configurable: true });
  }
  return response;
}

/** A copy of an error and of what caused it. Some runtimes quote the URL in one of them, with the credentials. */
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

function withoutTraces(text, { url, traces }, asked) {
  const left = text.replaceAll(url, asked).replaceAll(traces.text, "");
  const isClean = ![traces.salt, traces.signature, encodeURIComponent(traces.signature)].some((trace) =>
    left.includes(trace),
  );
  return isClean ? left : "the request failed";
}

function pick(source, names) {
  return Object.fromEntries(names.filter((name) => source[name] !== undefined).map((name) => [name, source[name]]));
}
