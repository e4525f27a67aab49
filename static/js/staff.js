// Keys for the desk: / search, j and k rows, Enter opens, ? help. Typing in a field is never disturbed.
import { lockWhenIdle } from "./lock.js";
import { offerCamera } from "./scan.js";

const typing = (target) => target.matches("input, textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-row]")];

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (typing(event.target)) return;
  const act = { "/": search, j: () => walk(1), k: () => walk(-1), "?": help }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

function search() {
  document.querySelector("[data-search]")?.focus();
}

function walk(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
  (next.querySelector("a, button, input") ?? next).focus();
  next.scrollIntoView({ block: "nearest" });
}

function help() {
  const dialog = document.getElementById("keys");
  if (!dialog) return;
  if (dialog.open) dialog.close();
  else dialog.showModal();
}

document.documentElement.classList.add("js");
document.querySelector("[data-keys]")?.addEventListener("click", help);
for (const menu of document.querySelectorAll("details[data-menu]")) {
  addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
}
offerCamera();
lockWhenIdle();
