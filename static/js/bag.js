// Adds to the bag without leaving the page. Anything but a plain yes falls back to the ordinary post.
import { speak } from "./speak.js";

export function addWithoutLeaving() {
  addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-add]") || form.dataset.sent) return;
    event.preventDefault();
    const button = form.querySelector("button");
    button.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/json" },
      });
      const bag = await answer.json();
      if (!answer.ok) return speak(bag.error);
      show(bag.count, button);
      speak(bag.sentence ?? "Added to your bag.", { href: "/bag", words: "Open the bag" });
    } catch {
      form.dataset.sent = "yes";
      form.submit();
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}

function show(count, button) {
  for (const place of document.querySelectorAll("[data-bag-count]")) place.textContent = count || "";
  button.setAttribute("data-done", "");
}
