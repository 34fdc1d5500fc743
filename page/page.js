// The page: passes what is typed to the C library at once, and shows the results. It keeps nothing.

import { utf8 } from "../bindings/js/src/bytes.js";
import { KayakoSignError } from "../bindings/js/src/error.js";
import { Status } from "../bindings/js/src/status.js";
import { load, withLibrary } from "./library.js";
import { marked } from "./marks.js";

/** Anything longer has files in it, and nobody looks for marks there. */
const LONGEST_PASTE = 100_000;

const OUTCOMES = { accepted: "Accepted.", refused: "Refused.", undecided: "Undecided." };

function byId(id) {
  return document.getElementById(id);
}

function allFields() {
  return document.querySelectorAll("input:not([type=radio]), textarea");
}

function valueOf(id) {
  return byId(id).value;
}

function show(id, shown) {
  byId(id).hidden = !shown;
}

/** Writes a text, unless it is there already: a screen reader would read it out again. */
function write(id, text = "") {
  if (byId(id).textContent !== text) {
    byId(id).textContent = text;
  }
}

/** Says below a field what is wrong with it, or that nothing is. */
function complain(id, message = "") {
  write(`${id}-error`, message);
  byId(id).toggleAttribute("aria-invalid", message !== "");
}

/** Runs an operation, and returns what it returns. If it is refused, says why below the field. */
function attempt(id, operation) {
  try {
    return operation();
  } catch (error) {
    if (!isRefusal(error)) {
      throw error;
    }
    complain(id, error.message);
    return undefined;
  }
}

/** Returns whether an error is about what was typed, and no defect. */
function isRefusal(error) {
  return error instanceof KayakoSignError && error.status !== Status.PANIC;
}

function keys() {
  const both = [valueOf("api-key"), valueOf("secret-key")];
  return both.includes("") ? undefined : both;
}

function sign() {
  ["api-key", "secret-key", "salt", "url"].forEach((id) => complain(id));
  const made = { raw: "", encoded: "", query: "", signed: "", curl: "" };
  if (keys()) {
    withLibrary((library) => Object.assign(made, signed(library, ...keys(), valueOf("salt"), valueOf("url"))));
  }
  for (const [id, text] of Object.entries(made)) {
    write(id, text);
    byId(id).parentElement.hidden = text === "";
  }
  show("results", made.raw);
  show("unsigned", !made.raw);
}

function signed(library, apiKey, secretKey, salt, url) {
  // With a secret key that is good, only the API key can be refused.
  if (!attempt("api-key", () => library.signer(apiKey, "any"))) {
    return {};
  }
  const signer = attempt("secret-key", () => library.signer(apiKey, secretKey));
  const made = signer && attempt("salt", () => library.signatures(signer, salt));
  const signedUrl = made && url && attempt("url", () => library.signedUrl(signer, url, salt));
  // Brackets would be a range to curl, and an apostrophe the end of the word to the shell.
  return signedUrl
    ? { ...made, signed: signedUrl, curl: `curl --globoff '${signedUrl.replaceAll("'", "'\\''")}'` }
    : made;
}

/** Puts a fresh salt into its field. */
function draw(form) {
  attempt("salt", () => {
    byId("salt").value = withLibrary((library) => library.salt(form));
    refresh();
  });
}

function check() {
  const whole = byId("whole").checked;
  show("whole-fields", whole);
  show("pair-fields", !whole);
  ["request", "sent-salt", "sent-signature"].forEach((id) => complain(id));
  const { diagnosis, lines = [], remarks = [], nodes = [] } = (whole ? checkRequest() : checkPair()) ?? {};
  write("unchecked", diagnosis ? "" : "This shows what the server makes of it. It needs the two keys above.");
  show("verdict", diagnosis);
  write("outcome", outcomeOf(diagnosis));
  byId("outcome").className = diagnosis?.verdict === "accepted" ? "" : "error";
  write("message", diagnosis?.message);
  write("code", diagnosis && diagnosis.verdict !== "undecided" ? `Diagnosis ${diagnosis.code}` : "");
  byId("seen").replaceChildren(...lines.map((text, index) => element(index % 2 ? "dd" : "dt", text)));
  show("seen", lines.length);
  byId("remarks").replaceChildren(...remarks.map((remark) => element("li", remark)));
  show("remarks", remarks.length);
  show("marked", nodes.length);
  byId("marks").replaceChildren(...nodes);
}

function element(name, text) {
  const made = document.createElement(name);
  made.append(text);
  return made;
}

function checkRequest() {
  const pasted = valueOf("request");
  if (pasted.length > LONGEST_PASTE) {
    complain("request", "This is longer than 100,000 characters. Leave out the files that the request carries.");
    return undefined;
  }
  if (pasted.trim() === "") {
    return undefined;
  }
  return withLibrary((library) => {
    const given = signerOf(library) && keys();
    const explanation = attempt("request", () => library.explanation(given, pasted));
    if (!explanation) {
      return undefined;
    }
    const { lines, remarks, runs, ...diagnosis } = explanation;
    return { diagnosis: given && diagnosis, lines, remarks, nodes: [...marked(pasted, runs)] };
  });
}

function checkPair() {
  const pair = [valueOf("sent-salt"), valueOf("sent-signature")];
  if (pair.includes("")) {
    return undefined;
  }
  return withLibrary((library) => {
    const signer = signerOf(library);
    const signature = attempt("sent-signature", () => utf8("signature", pair[1]));
    const diagnose = () => library.diagnosis(signer, utf8("salt", pair[0]), signature);
    return { diagnosis: signer && signature && attempt("sent-salt", diagnose) };
  });
}

/** Returns the signer, if there is one. If a key is wrong, its field says so already. */
function signerOf(library) {
  try {
    return keys() && library.signer(...keys());
  } catch (error) {
    if (!isRefusal(error)) {
      throw error;
    }
    return undefined;
  }
}

function outcomeOf(diagnosis) {
  if (diagnosis?.verdict === "accepted" && diagnosis.code) {
    return "Accepted with a reservation.";
  }
  return OUTCOMES[diagnosis?.verdict];
}

function showSecret(shown) {
  byId("secret-key").type = shown ? "text" : "password";
  byId("show").setAttribute("aria-pressed", shown);
}

async function copy(button) {
  const code = byId(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(code.textContent);
    write("announcement", "Copied.");
  } catch {
    getSelection().selectAllChildren(code);
    write("announcement", "Selected. Press Ctrl and C to copy it.");
  }
}

function refresh() {
  // If the library fails, no result of earlier input must stay.
  ["results", "verdict", "seen", "remarks", "marked"].forEach((id) => show(id, false));
  write("announcement");
  sign();
  check();
}

function forget() {
  allFields().forEach((field) => {
    field.value = "";
  });
  showSecret(false);
  getSelection().removeAllRanges();
  refresh();
  // A browser keeps the last text in which it found a pattern.
  /^/.test("");
}

/** Gives a field a place that says what is wrong with it. A screen reader reads it out when it changes. */
function prepare(field) {
  const error = document.createElement("p");
  Object.assign(error, { id: `${field.id}-error`, className: "error", role: "status" });
  (field.closest(".row") ?? field).after(error);
  const hint = field.getAttribute("aria-describedby") ?? "";
  field.setAttribute("aria-describedby", `${error.id} ${hint}`);
  field.autocapitalize = "none";
}

function onClick(id, action) {
  byId(id).addEventListener("click", action);
}

async function start() {
  try {
    await load(byId("module").textContent);
    allFields().forEach(prepare);
    forget();
  } catch {
    show("missing", true);
    return;
  }
  draw("random");
  document.addEventListener("input", refresh);
  onClick("show", () => showSecret(byId("secret-key").type === "password"));
  onClick("random", () => draw("random"));
  onClick("ten_digits", () => draw("ten_digits"));
  document.querySelectorAll("[data-copy]").forEach((button) => button.addEventListener("click", () => copy(button)));
  onClick("forget", () => {
    forget();
    draw("random");
    write("announcement", "Everything is forgotten.");
  });
  // A browser may keep a page that the user leaves, for the way back.
  addEventListener("pagehide", forget);
  addEventListener("pageshow", () => valueOf("salt") || draw("random"));
  show("main", true);
}

start();
