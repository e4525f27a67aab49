// Plus and minus beside a number; a form marked data-auto saves itself a moment after the last press.
export function stepQuantities() {
  addEventListener("click", (event) => {
    const button = event.target.closest("[data-stepper] [data-step]");
    if (!button) return;
    const input = button.parentElement.querySelector("input");
    const form = button.closest("form[data-auto]");
    step(input, Number(button.dataset.step));
    if (form) save(form);
  });
  addEventListener("change", (event) => {
    const form = event.target.closest("form[data-auto]");
    if (form && event.target.closest("[data-stepper]")) save(form);
  });
}

function step(input, by) {
  const least = Number(input.min || 1), most = Number(input.max || 99);
  input.value = Math.min(most, Math.max(least, Number(input.value) + by));
  for (const button of input.parentElement.querySelectorAll("[data-step]")) {
    button.disabled = Number(button.dataset.step) < 0 ? Number(input.value) <= least : Number(input.value) >= most;
  }
}

const timers = new WeakMap();
function save(form) {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => form.submit(), 500));
}
