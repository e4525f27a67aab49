// Menus are <details>; here they also close on Escape, on a click elsewhere and when focus leaves.
const openMenus = () => document.querySelectorAll("details[data-menu][open]");

export function closeMenus() {
  document.querySelector(".account-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center", behavior: "instant" });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  for (const kind of ["click", "focusin"]) {
    addEventListener(kind, (event) => {
      for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
    });
  }
}
