"""Sessions that a client brings along open the books at what they were paid for."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from shop.core.db import db
from shop.payments.models import Refund
from shop.reports.owing import report
from shop.reports.spans import this_month
from shop.wallet.models import Credit
from tests.admin.series_at_hand import look, path_of, press
from tests.support.factories import make_client, make_package

IN = {
    "sessions": "6",
    "left": "4",
    "each": "90.00",
    "vat_percent": "20",
    "bought_on": "2025-12-01",
    "expires_on": "2026-12-01",
}


def test_four_of_six_left_at_90_come_in_and_open_the_books_with_300_net(app, clock, as_admin):
    client = make_client(user=None)
    package = make_package(sessions=6)
    db.session.commit()
    path = f"/admin/clients/{client.id}/sessions/new"
    assert "£300.00 net" in look(as_admin, path, package=package.slug, **IN).text
    assert press(as_admin, path, package=package.slug, **IN).status_code == 303
    credit = db.session.scalars(select(Credit)).one()
    assert (credit.free, credit.order_number) == (4, None)
    assert report(this_month()).total.moved_in == 30000
    used = press(as_admin, path_of(credit, "call-off"))
    assert used.status_code == 303
    assert report(this_month()).total.closing == 0
    assert db.session.scalar(select(Refund.id)) is None


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"left": "7"}, "No more can be left"),
        ({"bought_on": "2027-01-01"}, "future"),
        ({"expires_on": "2026-01-01"}, "later day"),
        ({"each": "x"}, ""),
        ({"package": "gone"}, ""),
    ],
)
def test_what_cannot_have_been_brought_is_refused(app, clock, as_admin, typed, says):
    client, package = make_client(user=None), make_package(sessions=6)
    db.session.commit()
    answer = look(as_admin, f"/admin/clients/{client.id}/sessions/new", **({"package": package.slug} | IN | typed))
    assert answer.status_code == 422
    assert says in answer.text
    assert db.session.scalar(select(Credit.id)) is None
