// The treatment record saves itself while somebody types. What cannot be sent stays in this tab alone (never in storage that
// outlives it) and is sent when the connection is back. Without this script the buttons of the form save.
const form = document.querySelector("form[data-draft]");
const said = document.querySelector("[data-saved]");
const key = form && `record:${form.dataset.key}`;
const PAUSE = 900, AGAIN = 5000;
let waiting = 0, sending = false, dirty = false, stopped = false;

if (form) {
  restore();
  form.addEventListener("input", () => { dirty = true; keep(); later(PAUSE); });
  form.addEventListener("submit", () => { stopped = true; clearTimeout(waiting); forget(); });
  addEventListener("online", () => dirty && later(0));
  addEventListener("pagehide", () => dirty && !stopped && keep());
}

function later(pause) {
  clearTimeout(waiting);
  waiting = setTimeout(send, pause);
}

async function send() {
  if (sending || stopped || !dirty) return;
  sending = true;
  dirty = false;
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } });
    const words = await answer.json();
    if (stopped) return;
    if (answer.ok) saved(words);
    else refused(words.error);
  } catch {
    lost();
  } finally {
    sending = false;
  }
  if (dirty && !stopped) later(PAUSE);
}

function saved(words) {
  form.elements.revision.value = words.revision;
  if (!dirty) forget();
  warn(words.warnings ?? []);
  tell(`Saved at ${words.saved_at}`, false);
}

// What speaks against a solution is said while it is typed, before it is mixed.
function warn(sentences) {
  const list = document.querySelector("[data-warnings]");
  if (!list || [...list.children].map((line) => line.textContent).join() === sentences.join()) return;
  list.replaceChildren(...sentences.map((sentence) => {
    const line = document.createElement("li"), words = document.createElement("span");
    words.className = "state state-no";
    words.textContent = sentence;
    line.append(words);
    return line;
  }));
}

function refused(sentence) {
  keep();
  stopped = true;
  tell(sentence || "This could not be saved. Press the button to try again.", true);
}

function lost() {
  dirty = true;
  keep();
  tell("No connection. What you typed is kept in this tab and sent by itself.", true);
  later(AGAIN);
}

function tell(words, isLost) {
  said.textContent = words;
  said.toggleAttribute("data-lost", isLost);
}

function keep() {
  try {
    sessionStorage.setItem(key, JSON.stringify([...new FormData(form)].filter(([name]) => name !== "csrf_token")));
  } catch { /* a full or forbidden storage: the form itself still holds everything */ }
}

function forget() {
  try { sessionStorage.removeItem(key); } catch { /* nothing was kept then */ }
}

// What did not arrive before the page was loaded again comes back, unless somebody else has saved meanwhile.
function restore() {
  let kept = null;
  try { kept = JSON.parse(sessionStorage.getItem(key)); } catch { /* nothing to bring back */ }
  if (!Array.isArray(kept)) return;
  const revision = kept.find(([name]) => name === "revision");
  if (!revision || revision[1] !== form.elements.revision.value) return forget();
  const values = Map.groupBy ? Map.groupBy(kept, ([name]) => name) : grouped(kept);
  for (const field of form.querySelectorAll("input[name]:not([type=hidden]), textarea[name]")) fill(field, values.get(field.name) ?? []);
  dirty = true;
  tell("What had not been sent is back.", true);
  later(PAUSE);
}

function grouped(pairs) {
  const found = new Map();
  for (const pair of pairs) found.set(pair[0], [...(found.get(pair[0]) ?? []), pair]);
  return found;
}

function fill(field, pairs) {
  if (field.type === "checkbox" || field.type === "radio") field.checked = pairs.some(([, value]) => value === field.value);
  else field.value = (pairs.shift() ?? [null, ""])[1];
}
