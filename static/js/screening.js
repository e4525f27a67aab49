// The questions before a treatment keep themselves, once the person has said that they may be kept: after each answer it is
// sent, and what the answer opens appears below it. Nothing is kept in the browser. Without this script the buttons do both.
const form = document.querySelector("form[data-draft]");
const said = document.querySelector("[data-draft-state]");
const PAUSE = 900, AGAIN = 5000;
let waiting = 0, sending = false, dirty = false, stopped = false;

if (form) {
  form.addEventListener("input", (event) => touched(event.target.matches("input[type=radio], input[type=checkbox]") ? 0 : PAUSE));
  form.addEventListener("submit", () => { stopped = true; clearTimeout(waiting); });
  addEventListener("online", () => dirty && later(0));
}

function touched(pause) {
  dirty = true;
  if (!form.elements.consent.checked) {
    tell("Tick above that we may keep your answers, and they are kept as you go.");
    return;
  }
  later(pause);
}

function later(pause) {
  clearTimeout(waiting);
  waiting = setTimeout(send, pause);
}

async function send() {
  if (sending || stopped || !dirty || !form.elements.consent.checked) return;
  sending = true;
  dirty = false;
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } });
    const words = await answer.json();
    if (stopped) return;
    if (!answer.ok) tell(words.error || "This could not be kept. The button below tries again.");
    else await kept(words);
  } catch {
    dirty = true;
    tell("No connection. Your answers stay on this page and are sent by themselves.");
    later(AGAIN);
  } finally {
    sending = false;
  }
  if (dirty && !stopped) later(PAUSE);
}

async function kept(words) {
  const there = [...form.querySelectorAll("#questions [id^='q-']")].map((field) => field.id.slice(2));
  if (words.open.join() !== there.join()) await show();
  tell(words.missing ? `Kept. ${words.missing} ${words.missing === 1 ? "question is" : "questions are"} open.` : "Kept. Every question is answered.");
}

// What was kept a moment ago comes back as the page would show it; whoever is typing meanwhile is not disturbed.
async function show() {
  const page = await fetch(location.href, { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("#questions");
  if (!fresh || dirty || stopped) return;
  const at = document.activeElement;
  form.querySelector("#questions").replaceChildren(...fresh.childNodes);
  if (!at?.name) return;
  const same = [...form.querySelectorAll(`#questions [name="${CSS.escape(at.name)}"]`)];
  (same.find((field) => field.value === at.value) ?? same[0])?.focus({ preventScroll: true });
}

function tell(words) {
  said.textContent = words;
}
