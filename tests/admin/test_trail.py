"""The trail: every change with before and after, found by thing, person and day; nobody but the heads reads it."""

from datetime import UTC, datetime

from shop.core.history import record
from tests.support.factories import make_product


def test_a_change_is_found_with_before_and_after(as_admin):
    product = make_product(name="Old Name")
    record(f"product:{product.id}", axis="words", was=None, now="changed", by=f"user:{as_admin.user.id}",
           details={"name": ["Old Name", "New Name"]})  # fmt: skip
    page = as_admin.get(f"/admin/trail?about=product:{product.id}").text
    assert "<del>Old Name</del> → New Name" in page
    assert f'href="/admin/products/{product.id}"' in page
    assert as_admin.user.name in page


def test_it_is_narrowed_by_thing_person_and_day(clock, as_admin):
    now = datetime.now(UTC)
    for day, by, subject in (
        (1, "system", "order:AG-1"),
        (2, f"user:{as_admin.user.id}", "order:AG-2"),
        (3, "system", "box:7"),
    ):
        clock.move_to(datetime(2026, 2, 20 + day, 9, tzinfo=UTC), tick=False)
        record(subject, axis="state", was="a", now=f"state {subject}", by=by)
    clock.move_to(now, tick=False)

    def shown(query):
        text = as_admin.get(f"/admin/trail?{query}").text
        return [subject for subject in ("order:AG-1", "order:AG-2", "box:7") if f"state {subject}" in text]

    assert shown("about=order:") == ["order:AG-1", "order:AG-2"]
    assert shown(f"by=user:{as_admin.user.id}") == ["order:AG-2"]
    assert shown("since=2026-02-22&until=2026-02-22") == ["order:AG-2"]
    assert shown("since=2026-02-23") == ["box:7"]
    assert shown("about=%27%25") == []


def test_nonsense_in_the_address_shows_everything(as_admin):
    record("box:1", axis="state", was=None, now="here it is", by="system")
    page = as_admin.get("/admin/trail?since=2026-99-99&until=x&by=user:99999999&after=-5")
    assert page.status_code == 200
    assert "here it is" in page.text


def test_it_goes_on_page_by_page_and_costs_the_same(as_admin, statements):
    for number in range(60):
        record(f"box:{number:03}", axis="state", was=None, now="x", by="system")
    as_admin.get("/admin/trail")
    with statements() as many:
        first = as_admin.get("/admin/trail?about=box:").text
    assert first.count("<tr data-row>") == 50
    assert "after=" in first
    with statements() as few:
        as_admin.get("/admin/trail?about=box:000")
    assert len(few) == len(many)


def test_it_cannot_be_read_by_others(as_role):
    for role in ("desk", "consultant", "practitioner", "stock", "medical-lead"):
        assert as_role(role).get("/admin/trail").status_code == 403
