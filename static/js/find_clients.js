// The list of clients follows each keystroke; without scripts, Enter asks for the same page.
import { say } from "./speak.js";

const field = document.querySelector("[data-search]");
const found = document.querySelector("[data-found]");
let asked = new AbortController();
let wait = 0;

async function look() {
  asked.abort();
  asked = new AbortController();
  const address = `${field.form.getAttribute("action")}?${new URLSearchParams({ q: field.value.trim() })}`;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: asked.signal });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    found.replaceChildren(...page.querySelector("[data-found]").childNodes);
    history.replaceState(null, "", address);
    const rows = found.querySelectorAll("[data-row]").length;
    say(rows === 1 ? "One client" : `${rows} clients`);
  } catch (gone) {
    if (gone.name !== "AbortError") field.form.requestSubmit();
  }
}

if (field.value !== field.defaultValue) look(); // typed before this file had come

field.addEventListener("input", () => {
  clearTimeout(wait);
  wait = setTimeout(look, 120);
});
