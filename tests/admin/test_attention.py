"""The attention list: the urgent first, each with its reason and what to do, closed once with a note."""

from shop.core.attention import AttentionEntry, raise_entry
from shop.core.db import db
from tests.admin.orders_at_hand import make_order


def entry(key, **given):
    facts = {"subject": "payment:cs_1", "reason": f"Because {key}.", "what_to_do": "Look at it in Stripe."}
    raise_entry("payment", key=key, **facts | given)
    return db.session.query(AttentionEntry).filter_by(key=key).one()


def test_the_urgent_stand_first_then_what_waited_longest(as_admin):
    for key, urgent in (("first", False), ("second", False), ("third", True)):
        entry(key, urgent=urgent)
    page = as_admin.get("/admin/attention").text
    assert page.index("Because third.") < page.index("Because first.") < page.index("Because second.")
    assert "Look at it in Stripe." in page


def test_an_entry_leads_to_its_order(as_admin):
    order = make_order()
    entry("odd", subject=f"order:{order.number}")
    assert f'href="/admin/orders/{order.number}"' in as_admin.get("/admin/attention").text


def test_an_entry_is_closed_with_a_note_and_a_second_click_is_harmless(as_admin):
    row = entry("odd")
    for _ in range(2):
        assert as_admin.post(f"/admin/attention/{row.id}", data={"note": "Called, paid again."}).status_code == 303
    assert row.resolved_by == f"user:{as_admin.user.id}"
    assert "Nothing waits" in as_admin.get("/admin/attention").text
    assert "Called, paid again." in as_admin.get("/admin/attention?state=resolved").text


def test_closing_needs_a_note(as_admin):
    row = entry("odd")
    answer = as_admin.post(f"/admin/attention/{row.id}", data={"note": "  "})
    assert answer.status_code == 422
    assert row.resolved_at is None


def test_who_comes_second_is_told_and_keeps_what_was_typed(as_admin, as_role):
    row = entry("odd")
    as_admin.post(f"/admin/attention/{row.id}", data={"note": "Mine."})
    answer = as_role("desk").post(f"/admin/attention/{row.id}", data={"note": "Also mine."})
    assert answer.status_code == 409
    assert "Mine." in answer.text


def test_the_list_goes_on_over_the_urgent_into_the_rest(app):
    from shop.admin.attention.listing import open_entries, read_after

    for n in range(5):
        entry(f"k{n}", urgent=n % 2 == 0)
    seen, after = [], None
    while True:
        page = open_entries(after=after, limit=2)
        seen += [row.key for row in page.rows]
        if page.after is None:
            break
        after = read_after(page.after)
    assert seen == ["k0", "k2", "k4", "k1", "k3"]


def test_an_entry_that_does_not_exist_is_a_404(as_admin):
    assert as_admin.get("/admin/attention/99999999999999999999999").status_code == 404
