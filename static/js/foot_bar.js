// The bar at the foot steps aside while the button it repeats is in view.
export function stepAside() {
  const bar = document.querySelector(".foot-bar");
  const own = document.querySelector("#buy .button, .summary .button");
  if (!bar || !own || !("IntersectionObserver" in window)) return;
  new IntersectionObserver(([entry]) => bar.toggleAttribute("data-aside", entry.isIntersecting)).observe(own);
}
