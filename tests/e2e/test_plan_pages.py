"""The pages of plans, files and diaries as people need them: by axe, without scripts, on paper, and by finger."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from PIL import Image

from tests.e2e import acting
from tests.e2e.test_plans import CONSULTANT, newest_link

OWN = ("/plan", "/plan/print", "/account/diary", "/account/routine")
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
BIG_ENOUGH = """() => [...document.querySelectorAll("main button, main .button, main summary")]
    .map(one => [one.textContent.trim().slice(0, 40), one.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && box.height < 23.5).map(([words]) => words)"""


def photograph(colour="#c8a27a"):
    out = BytesIO()
    Image.new("RGB", (900, 1200), colour).save(out, "JPEG")
    return {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.fixture
def link(live, visit, staff):
    """A plan that was sent just now, in a browser without scripts: the newest letter opens it."""
    page = visit(width=820, javascript=False, signed_in=staff(CONSULTANT))
    page.goto("/admin/clients?q=Nora+Beck")
    page.locator("tbody th a", has_text="Nora Beck").first.click()
    page.get_by_role("link", name="New plan").click()
    page.get_by_role("link", name=re.compile("Melasma 4")).click()
    page.locator(".plan-line").first.wait_for()
    page.get_by_role("button", name="Send to Nora Beck").click()
    page.wait_for_url(re.compile(r"/admin/plans/\d+$"))
    return newest_link(live)


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1440, True)])
def test_the_clients_pages_please_axe_known_and_unknown(live, visit, accessible, shot, link, width, dark):
    page = visit(width=width, dark=dark)
    page.goto(link)
    page.wait_for_url("**/plan")
    accessible(page)
    acting.sign_in(page, live, "client@example.com")
    for path in OWN:
        assert page.goto(path).status == 200
        accessible(page)
        shot(page, f"own{path.replace('/', '-')}{'-dark' * dark}")
        assert page.evaluate(FITS)


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_the_desks_pages_please_axe_and_a_finger(visit, staff, accessible, shot, link, width):
    page = visit(width=width, signed_in=staff(CONSULTANT))
    page.goto("/admin/clients?q=Nora+Beck")
    file = page.locator("tbody th a", has_text="Nora Beck").first.get_attribute("href")
    page.goto("/admin/plans")
    plan = page.locator("tbody th a").first.get_attribute("href")
    new = f"/admin/plans/new?client={file.rpartition('/')[2]}"
    for path in (file, f"{file}/diary", plan, new, "/admin/plans/protocols", "/admin/plans/waiting", "/admin/gallery"):
        assert page.goto(path).status == 200, path
        accessible(page)
        shot(page, f"desk{re.sub(r'[^a-z]+', '-', path)}")
        assert page.evaluate(FITS), path
        if width < 1000:
            assert page.evaluate(BIG_ENOUGH) == [], path


def test_without_scripts_the_plan_goes_into_the_bag_and_the_search_answers_enter(visit, staff, link):
    page = visit(width=390, javascript=False)
    page.goto(link)
    page.wait_for_url("**/plan")
    page.locator(".plan-ticks input[type=checkbox]").last.check()
    page.get_by_role("button", name="Add what I ticked").click()
    page.wait_for_url("**/bag")
    desk = visit(width=820, javascript=False, signed_in=staff(CONSULTANT))
    desk.goto("/admin/clients")
    desk.locator("[data-search]").fill("Nora Beck")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**q=Nora**")
    assert desk.locator("[data-row]", has_text="Nora Beck").count() >= 1


def test_the_list_of_clients_follows_each_keystroke(visit, staff):
    from playwright.sync_api import expect

    page = visit(width=1440, signed_in=staff(CONSULTANT))
    page.goto("/admin/clients")
    page.locator("[data-search]").press_sequentially("nora b")
    expect(page.locator("[data-row]").first).to_contain_text("Nora B")
    page.wait_for_url("**q=nora+b")


def test_the_sheet_and_the_file_are_for_paper(visit, link):
    page = visit(width=1440)
    page.goto(link)
    page.wait_for_url("**/plan")
    page.goto("/plan/print")
    page.emulate_media(media="print")
    assert page.locator("header nav").first.is_hidden()
    assert page.locator(".no-print").first.is_hidden()
    assert page.locator(".plan-code").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
    body = page.request.get("/plan/pdf")
    assert (body.status, body.headers["content-type"]) == (200, "application/pdf")
    entries = page.request.get("/plan/calendar.ics").text()
    assert entries.startswith("BEGIN:VCALENDAR")


def test_two_pictures_go_into_the_diary_and_one_is_shown_to_the_consultant(live, visit, staff, accessible, shot):
    page = visit(width=390)
    acting.sign_in(page, live, "client@example.com")
    for colour, ticks in (("#c8a27a", ["consultant"]), ("#d8b898", ["consultant", "teaching"])):
        page.goto("/account/diary")
        page.set_input_files("#photo", files=[photograph(colour)])
        for purpose in ticks:
            page.locator(f"form[enctype] input[value={purpose}]").check()
        page.get_by_role("button", name="Put it in").click()
        page.get_by_text("It is in your diary.").wait_for()
    assert page.locator(".diary-pair img").count() == 2
    accessible(page)
    shot(page, "diary-client")
    desk = visit(width=820, signed_in=staff(CONSULTANT))
    desk.goto("/admin/clients?q=client@example.com")
    desk.locator("tbody th a").first.click()
    desk.get_by_role("link", name="Diary").click()
    desk.locator(".diary-pair img").first.wait_for()
    accessible(desk)
    shot(desk, "diary-desk")
    assert desk.evaluate("[...document.querySelectorAll('.diary-pair img')].length") == 2
