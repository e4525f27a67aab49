// Comfort for every public page; each part leaves the page as it is when something is missing.
import { addWithoutLeaving } from "./bag.js";
import { greyClashes } from "./addons.js";
import { stepAside } from "./foot_bar.js";
import { closeMenus } from "./menu.js";
import { stepQuantities } from "./quantity.js";
import { swapResults } from "./facets.js";

document.documentElement.classList.add("js");
closeMenus();
stepQuantities();
addWithoutLeaving();
stepAside();
greyClashes();
swapResults();
document.querySelector("[data-focus]")?.focus();
