"""A series is bought by keyboard alone: every stop is marked by a ring, and no bar hides it."""

from __future__ import annotations

import re

import pytest

from tests.e2e import acting

MOST_STOPS = 160  # of one page
CONCERN = "hydration"
HERE = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const ringed = [at, at.closest(".choice, .pick"), at.closest(".product-card, .package-card, .concern-card, .shelf-item")]
    .find(one => one && [null, "::after"].some(part => {
      const style = getComputedStyle(one === at || part === null ? one : at, part);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    }));
  const box = (ringed || at).getBoundingClientRect();
  const points = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]];
  const isSeen = points.some(([x, y]) => {
    const hit = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return hit && (at.contains(hit) || (ringed && ringed.contains(hit)));
  });
  const form = at.closest("main form");
  return {tag: at.tagName, type: at.type || "", name: at.name || "", value: at.value || "", text: at.textContent.trim(),
    href: at.getAttribute("href") || "", card: at.closest(".package-card")?.textContent || "", form: form?.getAttribute("action") ?? null,
    id: form?.id || "", chosen: at.type === "radio" && !!document.querySelector(`[name="${at.name}"]:checked`),
    ticked: !!at.checked, isRinged: !!ringed, isSeen,
    words: `${at.tagName} ${at.name || at.getAttribute("href") || at.textContent.trim().slice(0, 40)}`};
}"""


class Keys:
    """Tab, arrows, space and Enter; complains of a stop that cannot be seen."""

    def __init__(self, page) -> None:
        self.page = page

    def next(self):
        self.page.keyboard.press("Tab")
        at = self.page.evaluate(HERE)
        if at is None:
            return None
        where = f"{at['words']} on {self.page.url} at {self.page.viewport_size['width']}"
        assert at["isRinged"], f"no ring: {where}"
        assert at["isSeen"], f"hidden: {where}"
        return at

    def to(self, wanted):
        for _ in range(MOST_STOPS):
            at = self.next()
            if at and wanted(at):
                return
        raise AssertionError(f"not reached by Tab on {self.page.url}")

    def enter(self, path):
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(path, wait_until="load")

    def fill(self, typed, ticks, *, is_last):
        """Through a form from its first field to its button."""
        for _ in range(MOST_STOPS):
            at = self.next()
            if at is None or at["form"] is None:
                continue
            if at["type"] == "radio" and not at["chosen"]:
                self._choose("yes" if at["name"] == "adult" else "no")
            elif at["type"] == "checkbox" and at["name"] in ticks and not at["ticked"]:
                self.page.keyboard.press("Space")
            elif at["type"] == "date" and not at["value"]:
                self.page.keyboard.type("05051990")
            elif at["type"] in ("text", "email", "tel", "number", "textarea") and not at["value"]:
                self.page.keyboard.type(typed.get(at["name"], "" if typed else "30"))
            elif at["type"] == "submit" and is_last(at):
                return
        raise AssertionError(f"no button reached on {self.page.url}")

    def _choose(self, value):
        """The answer of a group: the arrows go round it, and what they reach is chosen."""
        self.page.keyboard.press("Space")
        for _ in range(8):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")


@pytest.mark.parametrize("width", [390, 1440])
def test_a_series_is_bought_by_keyboard_alone(visit, width):
    page = visit(width=width)
    page.goto("/")
    keys = Keys(page)
    keys.to(lambda at: at["href"] == f"/concerns/{CONCERN}")
    keys.enter(f"**/concerns/{CONCERN}")
    keys.to(lambda at: "usual" in at["card"])
    keys.enter("**/packages/**")
    keys.to(lambda at: at["name"] == "addon")
    page.keyboard.press("Space")
    keys.to(lambda at: at["type"] == "submit" and at["form"] == "/bag/lines")
    keys.enter("**/bag")
    keys.to(lambda at: at["href"] == "/checkout")
    keys.enter(re.compile("/screening/|/checkout"))
    for _ in range(6):
        if "/screening/" not in page.url:
            break
        if page.locator("main a.button[href='/checkout']").count():
            keys.to(lambda at: at["href"] == "/checkout")
        else:
            keys.fill({}, ("consent",), is_last=lambda at: at["form"] is not None)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    typed = acting.ADDRESS | {"email": f"keys-{width}@example.com", "name": acting.NAME}
    keys.fill(typed, ("terms", "adult"), is_last=lambda at: at["id"] == "checkout")
    keys.enter("**/c/pay/**")
