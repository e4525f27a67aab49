"""The first page of the desks: figures that open their lists, and only what the reader's role has."""

from shop.core.attention import raise_entry
from tests.admin.orders_at_hand import make_order


def test_each_figure_opens_the_list_behind_it(as_admin):
    make_order(units=2)
    raise_entry("refund", subject="order:AG-1", reason="It came back.", what_to_do="Call.", key="a", urgent=True)
    page = as_admin.get("/admin").text
    assert "£50.00" in page
    for path in ("/admin/orders?fulfilment=to-send", "/admin/attention"):
        assert f'href="{path}"' in page
        assert as_admin.get(path).status_code == 200


def test_a_day_without_anything_shows_no_empty_figures(as_admin):
    page = as_admin.get("/admin").text
    assert "Nothing waits" in page
    assert 'class="figures"' not in page


def test_a_practitioner_sees_neither_orders_nor_takings(as_role):
    make_order()
    page = as_role("practitioner").get("/admin").text
    assert "/admin/orders" not in page
    assert "£25.00" not in page
