// Filters take effect as they are ticked: only the results change, cross-faded where the browser can.
import { say } from "./speak.js";

export function swapResults() {
  if (!document.getElementById("results")) return;
  addEventListener("change", (event) => {
    const form = event.target.closest("[data-facets], [data-sort]");
    if (form) load(addressOf(form));
  });
  addEventListener("click", (event) => {
    const more = event.target.closest("[data-more]");
    if (!more || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    append(more);
  });
  addEventListener("popstate", () => {
    if (shown !== location.pathname + location.search) load(location.href, false);
  });
}

let shown = location.pathname + location.search; // opening the sheet of filters changes the hash alone

function addressOf(form) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) query.append(name, value);
  return `${form.getAttribute("action")}?${query}`;
}

async function fetchPage(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(answer.status);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function load(address, remember = true) {
  const results = document.getElementById("results");
  results.setAttribute("aria-busy", "true");
  try {
    const page = await fetchPage(address);
    const swap = () => {
      for (const id of ["results", "listing-bar", "filters"]) replace(id, page);
    };
    if (document.startViewTransition) document.startViewTransition(swap);
    else swap();
    if (remember) history.pushState(null, "", address + location.hash);
    shown = location.pathname + location.search;
    say(page.querySelector("#listing-bar .count")?.textContent ?? "");
  } catch {
    location.href = address;
  }
}

function replace(id, page) {
  const old = document.getElementById(id), fresh = page.getElementById(id);
  if (!old || !fresh) return;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  for (const detail of fresh.querySelectorAll("details")) {
    const words = detail.querySelector("summary").textContent;
    const was = [...old.querySelectorAll("details")].find((d) => d.querySelector("summary").textContent === words);
    if (was) detail.open = was.open;
  }
  old.replaceChildren(...fresh.childNodes);
  old.removeAttribute("aria-busy");
  if (focused?.name) old.querySelector(`[name="${CSS.escape(focused.name)}"][value="${CSS.escape(focused.value)}"]`)?.focus();
}

async function append(more) {
  const results = document.getElementById("results");
  try {
    const page = await fetchPage(more.href);
    const fresh = page.querySelector("#results .cards");
    const first = fresh.firstElementChild;
    results.querySelector(".cards").append(...fresh.children);
    more.closest(".pager").replaceWith(page.querySelector("#results .pager") ?? "");
    first?.querySelector("a")?.focus();
  } catch {
    location.href = more.href;
  }
}
