// A plan counts as seen when somebody really looks at it: the page is visible for a moment. A robot that fetches it says nothing.
const form = document.querySelector("form[data-seen]");
let said = false;

function say() {
  if (said || document.visibilityState !== "visible") return;
  said = true;
  fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => { said = false; });
}

if (form) {
  setTimeout(say, 1500);
  document.addEventListener("visibilitychange", () => setTimeout(say, 1500));
}
