// Says one sentence to people who listen, and, with `speak`, shows it for a moment to people who look.
let timer;

export function say(sentence) {
  const spoken = document.getElementById("spoken");
  if (spoken) spoken.textContent = sentence;
}

export function speak(sentence, link) {
  say(sentence);
  document.querySelector(".toast")?.remove();
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.append(Object.assign(document.createElement("span"), { textContent: sentence }));
  if (link) toast.append(Object.assign(document.createElement("a"), { href: link.href, textContent: link.words }));
  toast.setAttribute("aria-hidden", link ? "false" : "true");
  document.body.append(toast);
  clearTimeout(timer);
  const leave = () => { timer = setTimeout(() => toast.remove(), 6000); };
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", leave);
  leave();
}
