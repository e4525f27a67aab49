// A desk that nobody touches is covered and locked, here and on the server; the page under the cover keeps what was typed.
// Without this script the server locks by itself, and what is sent from a locked page is kept there.
const SIGNS = ["pointerdown", "keydown", "input", "scroll"];
let touched = Date.now();

export function lockWhenIdle() {
  const form = document.querySelector("form[data-lock]"), cover = document.getElementById("lock");
  if (!form || !cover) return;
  const idle = Number(form.dataset.lock) * 60_000;
  for (const sign of SIGNS) addEventListener(sign, () => { touched = Date.now(); }, { passive: true, capture: true });
  setInterval(() => { if (!cover.open && Date.now() - touched >= idle) lock(form, cover); }, 5_000);
  cover.addEventListener("cancel", (event) => event.preventDefault());
  cover.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); unlock(event.target, cover); });
  cover.querySelector("a").href = `/locked?switch=1&next=${encodeURIComponent(location.pathname + location.search)}`;
}

async function lock(form, cover) {
  document.body.classList.add("is-locked");
  cover.showModal();
  try {
    await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } });
  } catch { /* no connection: the server locks by itself after the same time */ }
}

async function unlock(form, cover) {
  const said = form.querySelector("[data-refused]");
  said.hidden = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } });
    if (answer.ok) return open(form, cover);
    said.textContent = (await answer.json()).error || "This PIN does not fit.";
  } catch {
    said.textContent = "No connection. The page under this one keeps what you typed.";
  }
  said.hidden = false;
}

function open(form, cover) {
  form.reset();
  touched = Date.now();
  document.body.classList.remove("is-locked");
  cover.close();
}
