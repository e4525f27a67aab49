"""Row 16: 60.00 of a plan in an order of 84.00 at 10 % earn 5.00; when 24.00 of it go back, 3.00. Off by default, and said."""

import pytest

from shop.core import clock
from shop.core.db import db
from shop.core.settings import change_setting
from shop.payments.models import Refund
from shop.plans.earning import Sold, commission_minor, report
from shop.plans.sending import send_plan
from tests.plans.making import content, essential, line, make_consultant, make_plan, make_shelf
from tests.plans.test_running_out import buy
from tests.support import factories
from tests.support.people import browser_of


def test_ten_per_cent_of_sixty_without_vat_are_five():
    assert commission_minor([Sold(3600, 0, "20"), Sold(2400, 0, "20")], 10) == 500


def test_what_goes_back_earns_nothing():
    assert commission_minor([Sold(3600, 0, "20"), Sold(2400, 2400, "20")], 10) == 300
    assert commission_minor([Sold(3600, 3600, "20")], 10) == 0


def test_half_a_penny_is_rounded_up_once_for_an_order():
    assert commission_minor([Sold(126, 0, "20"), Sold(126, 0, "20")], 10) == 21


@pytest.fixture
def sold(app):
    """A plan of 36.00 and 24.00; the client bought both, and something of 28.00 beside it."""
    make_shelf()
    consultant, nora = make_consultant(name="Ines Okafor"), factories.make_client()
    plan = make_plan(nora, content(essential("tone-serum"), line("cream")), consultant=consultant)
    send_plan(plan, by="user:1", seen=1)
    orders = [buy(nora, "SKU-TONE-SERUM"), buy(nora, "SKU-CREAM"), buy(nora, "SKU-TINTED-SPF")]
    db.session.commit()
    return nora, orders


def test_the_report_counts_plans_and_what_they_sold_less_refunds(sold, as_admin):
    _, orders = sold
    change_setting("plans.commission_percent", 10, by="the tests")
    db.session.commit()
    [row] = report(clock.today(), clock.today())
    assert (row.name, row.plans, row.bought, row.repeat, row.net_minor, row.commission_minor) == (
        "Ines Okafor",
        1,
        1,
        1,
        5000,
        500,
    )
    part = {"what": "SKU-CREAM", "quantity": 1, "gross_minor": 2400, "vat_minor": 400, "vat_percent": "20"}
    now = clock.now()
    facts = {
        "tender": "stripe",
        "amount_minor": 2400,
        "currency": "GBP",
        "reason": "back",
        "by": "x",
        "requested_at": now,
        "changed_at": now,
    }
    db.session.add(Refund(order_number=orders[1].number, cause="refund:1", parts=[part], state="succeeded", **facts))
    db.session.flush()
    [row] = report(clock.today(), clock.today())
    assert (row.net_minor, row.commission_minor) == (3000, 300)
    page = as_admin.get("/admin/reports/plans").text
    assert "£3.00" in page


def test_it_is_off_by_default_and_said_to_the_client_where_it_is_on(sold, app, as_admin):
    nora, _ = sold
    from shop.accounts.models import User

    own = browser_of(db.session.get_one(User, nora.user_id), app=app, person=nora)
    assert "earns on this" not in own.get("/plan").text
    assert "Share of" not in as_admin.get("/admin/reports/plans").text
    change_setting("plans.commission_percent", 10, by="the tests")
    db.session.commit()
    assert "Ines Okafor earns on this." in own.get("/plan").text
    assert "Share of 10 %" in as_admin.get("/admin/reports/plans").text
