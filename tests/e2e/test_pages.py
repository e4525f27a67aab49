"""Every kind of page in a real browser: axe finds nothing, no complaint, no sideways scrolling, a picture of each for whoever looks."""

from __future__ import annotations

import re
from urllib.request import urlopen

import pytest

from tests.e2e import acting
from tests.e2e.conftest import PATIENCE, WIDTHS

LINK = re.compile(r'href="(/[^"#?]*)"')
KINDS = (
    "/",
    "/concerns",
    "/concerns/",
    "/treatments/",
    "/packages/",
    "/products",
    "/products/",
    "/brands/",
    "/search",
    "/ask",
    "/guide",
)
KINDS += ("/consultation", "/team", "/team/", "/contact", "/legal/", "/bag", "/login", "/register", "/reset")
MORE = ("/search?q=serum", "/search?q=zzzzzz", "/products?concern=hydration&in_stock=1", "/login/code")
ERRORS = {"/no-such-page": 404, "/bag/lines": 405}
ACCOUNT = ("", "/orders", "/credits", "/visits", "/visits/new", "/routine", "/cupboard", "/privacy", "/sign-ins")
ACCOUNT += ("/details", "/addresses")
DESKS = (
    "/visits/month",
    "/visits/new",
    "/visits/away",
    "/visits/team",
    "/stock/deliveries",
    "/stock/counts",
    "/products/new",
)
FIRST_PAGE = 100_000  # bytes of everything but photographs, as they come over the line
LOOKS = [(width, dark) for width in WIDTHS for dark in (False, True)]
LOOK_IDS = [f"{width}-{'dark' if dark else 'light'}" for width, dark in LOOKS]


def kind_of(path: str) -> str:
    """/products/calm-serum is of the kind /products/."""
    head, slash, rest = path.lstrip("/").partition("/")
    return f"/{head}/" if slash and rest else f"/{head}"


@pytest.fixture(scope="session")
def one_of_each(live):
    """One address of each kind that the shop itself links to, found by walking from the home page."""
    found, waiting = {}, ["/"]
    while waiting and len(found) < len(KINDS):
        path = waiting.pop(0)
        with urlopen(live.url + path, timeout=PATIENCE / 1000) as answer:
            text = answer.read().decode()
        for link in ["/", *LINK.findall(text)]:
            if kind_of(link) in KINDS and kind_of(link) not in found:
                found[kind_of(link)] = link
                waiting.append(link)
    return found


@pytest.fixture
def sound(accessible, shot):
    """`sound(page, path)`: opens, fits, pleases axe, and leaves a picture."""

    def look(page, path, *, status=200, dark=False):
        answer = page.goto(path)
        assert answer.status == status, (path, answer.status)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px too wide at {page.viewport_size['width']}"
        accessible(page)
        shot(page, (re.sub(r"\W+", "-", path).strip("-") or "home") + "-dark" * dark)

    return look


@pytest.mark.parametrize(("width", "dark"), LOOKS, ids=LOOK_IDS)
def test_every_kind_of_page_is_sound(one_of_each, visit, sound, width, dark):
    page = visit(width=width, dark=dark)
    for path in (*sorted(one_of_each.values()), *MORE):
        sound(page, path, dark=dark)


@pytest.mark.parametrize(("width", "dark"), LOOKS, ids=LOOK_IDS)
def test_every_page_of_an_account_is_sound(live, visit, sound, width, dark):
    page = visit(width=width, dark=dark)
    acting.sign_in(page, live, "client@example.com")
    for path in ACCOUNT:
        sound(page, f"/account{path}", dark=dark)


@pytest.mark.parametrize(("width", "dark"), [(820, False), (1440, True)], ids=["820-light", "1440-dark"])
def test_every_desk_is_sound(visit, staff, sound, width, dark):
    seen = set()
    for email in ("admin@example.com", "consultant@example.com"):
        page = visit(width=width, dark=dark, signed_in=staff(email))
        page.goto("/admin")
        own = {link.get_attribute("href") for link in page.locator("nav a[href^='/admin']").all()}
        more = {f"/admin{path}" for path in DESKS} if email.startswith("admin") else set()
        for path in sorted((own | more) - seen):
            sound(page, path, dark=dark)
        seen |= own | more
    assert len(seen) > len(DESKS) + 10, seen


@pytest.mark.parametrize("path", ERRORS)
def test_a_page_that_says_no_is_sound_as_well(browser, live, accessible, path):
    context = browser.new_context(base_url=live.url, viewport={"width": 390, "height": 844})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    assert page.goto(path).status == ERRORS[path]
    accessible(page)
    context.close()


def test_the_first_page_is_light(visit):
    page = visit(width=390)
    asked = []
    page.on("requestfinished", lambda request: asked.append(request))
    page.goto("/", wait_until="networkidle")
    sizes = {request.url: request.sizes()["responseBodySize"] for request in asked if request.resource_type != "image"}
    drawn = [request for request in asked if request.resource_type == "image" and "svg" in request.url]
    sizes |= {request.url: request.sizes()["responseBodySize"] for request in drawn}
    assert len(sizes) >= 3, sizes  # the page, its style and its script
    assert sum(sizes.values()) < FIRST_PAGE, sizes


def test_the_walk_from_the_home_page_reaches_every_kind_of_page(one_of_each):
    assert sorted(set(KINDS) - set(one_of_each)) == []


def test_nothing_needs_a_script(one_of_each, visit):
    page = visit(width=390, javascript=False)
    for path in one_of_each.values():
        assert page.goto(path).status == 200
        assert page.locator("h1").count() == 1
