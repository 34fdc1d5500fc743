// The page: hands what is typed to the core at once, and shows what comes back. It keeps none of it.

/** More than this is a file, and nobody looks for marks in that. */
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

/** Writes a text. One that has not changed is left alone, and so is not read out again. */
function write(id, text = "") {
  if (byId(id).textContent !== text) {
    byId(id).textContent = text;
  }
}

/** Says beneath a field what is wrong with it, or that nothing is. */
function complain(id, sentence = "") {
  write(`${id}-error`, sentence);
  byId(id).toggleAttribute("aria-invalid", sentence !== "");
}

/** Runs what can be refused. The sentence names first what it is about, and goes to the field of that in `fields`. */
function attempt(fields, operation) {
  try {
    return operation();
  } catch (error) {
    if (!(error instanceof Refused)) {
      throw error;
    }
    const about = error.message.split(":")[0];
    complain(fields[about] ?? fields.other, error.message);
    return undefined;
  }
}

function keys() {
  const both = [valueOf("api-key"), valueOf("secret-key")];
  return both.includes("") ? undefined : both;
}

function sign() {
  const fields = { "API key": "api-key", "secret key": "secret-key", salt: "salt", other: "url" };
  Object.values(fields).forEach((id) => complain(id));
  const made = { raw: "", encoded: "", query: "", signed: "", curl: "" };
  attempt(
    fields,
    () =>
      keys() &&
      withCore((core) => {
        const signer = core.signer(...keys());
        const salted = [signer, ...core.put("salt", valueOf("salt"))];
        made.raw = core.text("signer_sign", ...salted);
        made.encoded = core.text("signer_sign_urlencoded", ...salted);
        made.query = core.text("signer_query", ...salted);
        if (valueOf("url")) {
          made.signed = core.text("signer_sign_url", ...salted, ...core.put("URL", valueOf("url")));
          // Brackets would be a range to curl, and an apostrophe the end of the word to the shell.
          made.curl = `curl --globoff '${made.signed.replaceAll("'", "'\\''")}'`;
        }
      }),
  );
  for (const [id, text] of Object.entries(made)) {
    write(id, text);
    byId(id).parentElement.hidden = text === "";
  }
  show("results", made.raw);
  show("unsigned", !made.raw);
}

function draw(form) {
  attempt({ other: "salt" }, () => {
    byId("salt").value = withCore((core) => core.text(`salt_${form}`));
    refresh();
  });
}

function check() {
  const whole = byId("whole").checked;
  show("whole-fields", whole);
  show("pair-fields", !whole);
  ["request", "sent-salt", "sent-signature"].forEach((id) => complain(id));
  const { diagnosis, lines = [], remarks = [], nodes = [] } = (whole ? checkRequest() : checkPair()) ?? {};
  write(
    "unchecked",
    diagnosis ? "" : "What the server makes of it is shown here. The two keys above are needed for that.",
  );
  show("verdict", diagnosis);
  write("outcome", outcomeOf(diagnosis));
  byId("outcome").className = diagnosis?.verdict === "accepted" ? "" : "error";
  write("sentence", diagnosis?.sentence);
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
  return attempt({ other: "request" }, () => {
    if (pasted.length > LONGEST_PASTE) {
      throw new Refused("This is longer than 100,000 characters. Leave out the files that the request carries.");
    }
    return (
      pasted.trim() &&
      withCore((core) => {
        const signer = signerOf(core);
        const { lines, remarks, runs, ...said } = core.explain(signer, signer ? valueOf("secret-key") : "", pasted);
        return { diagnosis: signer && said, lines, remarks, nodes: [...marked(pasted, runs)] };
      })
    );
  });
}

function checkPair() {
  const pair = [valueOf("sent-salt"), valueOf("sent-signature")];
  return attempt(
    { salt: "sent-salt", other: "sent-signature" },
    () =>
      !pair.includes("") &&
      withCore((core) => {
        const signer = signerOf(core);
        return { diagnosis: signer && core.diagnose(signer, ...pair) };
      }),
  );
}

/** The signer, where there is one. What is wrong with a key stands beneath its field already. */
function signerOf(core) {
  try {
    return keys() && core.signer(...keys());
  } catch (error) {
    if (!(error instanceof Refused)) {
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
  // Should the core fail, what stands there is of something else.
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
  // A browser keeps the last text in which a pattern was found.
  /^/.test("");
}

/** Gives a field the place for what is wrong with it, which is read out when that changes. */
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
    compiled = await WebAssembly.compile(await unpack(byId("module").textContent));
    // The youngest of what is used here.
    "".isWellFormed();
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
  // A browser may keep a page that is left, for the way back.
  addEventListener("pagehide", forget);
  addEventListener("pageshow", () => valueOf("salt") || draw("random"));
  show("main", true);
}

start();
