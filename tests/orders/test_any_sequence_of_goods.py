"""Whatever is done with the goods of orders, in any order: shelves, lines and money agree, and nothing is promised twice."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from shop.catalog.models import Variant
from shop.checking import all_differences
from shop.core import clock
from shop.core.db import db
from shop.core.errors import ShopError
from shop.inventory.choosing import shelf_for
from shop.inventory.models import Lot, Stock
from shop.inventory.recalling import recall, release, set_aside
from shop.inventory.receiving import adjust, receive
from shop.inventory.transferring import add_location, locations, transfer
from shop.orders.fulfilling import mark_shipped
from shop.orders.missing import Way, not_there
from shop.orders.models import Order, OrderLine, Parcel
from shop.orders.owing import hear_received
from shop.orders.packing import pack, scanned_into
from shop.orders.reallocating import take_from
from shop.orders.recalling import who_got
from shop.orders.replacing import replace
from shop.orders.returning import come_back, waiting_goods
from shop.orders.withdrawing import withdraw
from tests.orders.buying import place_order
from tests.support.factories import make_stock, make_variant

BY = "user:1"
LOTS = ("A", "B", "C")
any_of = st.integers(0, 9)
few = st.integers(1, 3)


class Goods(RuleBasedStateMachine):
    """Two articles in three lots; every act of the desk may be refused, and then must have changed nothing."""

    @initialize()
    def lay_out(self):
        db.session.rollback()
        self.variants = [make_variant(price_minor=1000 + n).id for n in range(2)]
        for variant in self.variants:
            for code in LOTS[:2]:
                make_stock(db.session.get_one(Variant, variant), 9, lot=code)
        add_location("Room 2")
        db.session.commit()
        self.number = 0
        for units in (1, 2, 3):
            place_order(*((db.session.get_one(Variant, variant), units) for variant in self.variants))

    def cause(self):
        self.number += 1
        return f"any:{id(self)}:{self.number}"

    def attempt(self, act, *arguments, **facts):
        try:
            act(*arguments, **facts)
            db.session.commit()
        except ShopError:
            db.session.rollback()

    def one(self, model, index):
        rows = db.session.scalars(select(model).order_by(model.id)).all()
        return rows[index % len(rows)]

    def line(self, index):
        goods = select(OrderLine).where(OrderLine.kind == "variant").order_by(OrderLine.id)
        line = (rows := db.session.scalars(goods).all())[index % len(rows)]
        return db.session.get_one(Order, line.order_id), line

    def has_orders(self):
        return db.session.scalar(select(Order.id).limit(1)) is not None

    def has_parcels(self):
        return db.session.scalar(select(Parcel.id).limit(1)) is not None

    @rule(index=any_of, units=few, code=st.sampled_from(LOTS))
    def goods_come(self, index, units, code):
        variant = self.variants[index % 2]
        receive(variant, units=units, cause=self.cause(), by=BY, lot=code)
        hear_received(variant_ids=[variant], by=BY)
        db.session.commit()

    @rule(index=any_of, units=few, other=st.booleans())
    def somebody_buys(self, index, units, other):
        variants = [db.session.get_one(Variant, self.variants[index % 2])]
        if other:
            variants.append(db.session.get_one(Variant, self.variants[(index + 1) % 2]))
        if all(shelf_for(variant.id, units, country="GB") for variant in variants):
            place_order(*((variant, units) for variant in variants))

    @precondition(has_orders)
    @rule(index=any_of, units=few)
    def a_part_is_sent(self, index, units):
        order, line = self.line(index)
        self.attempt(mark_shipped, order, carrier="DPD", tracking="", cause=self.cause(), by=BY, chosen={line.id: units})

    @precondition(has_orders)
    @rule(index=any_of)
    def all_is_sent(self, index):
        order = self.one(Order, index)
        chosen = scanned_into(order) or None
        self.attempt(mark_shipped, order, carrier="DPD", tracking="", cause=self.cause(), by=BY, chosen=chosen)

    @precondition(has_orders)
    @rule(index=any_of, code=st.sampled_from(LOTS), units=few)
    def another_lot(self, index, code, units):
        order, line = self.line(index)
        self.attempt(take_from, order, line.id, code, units=units, cause=self.cause(), by=BY)

    @precondition(has_orders)
    @rule(index=any_of, code=st.sampled_from(("", *LOTS)))
    def one_is_packed(self, index, code):
        order, line = self.line(index)
        sku = db.session.get_one(Variant, line.variant_id).sku
        self.attempt(pack, order, sku, lot=code, cause=self.cause(), by=BY)

    @precondition(has_orders)
    @rule(index=any_of, units=few, way=st.sampled_from(["wait", "substitute", "refund"]), corrects=st.booleans())
    def the_shelf_is_empty(self, index, units, way, corrects):
        order, line = self.line(index)
        other = next(one for one in self.variants if one != line.variant_id)
        said = Way(way, clock.today().replace(year=clock.today().year + 1), db.session.get_one(Variant, other).sku, "yes")
        self.attempt(not_there, order, line.id, units=units, way=said, cause=self.cause(), by=BY, corrects=corrects)

    @precondition(has_parcels)
    @rule(index=any_of, units=few)
    def a_parcel_is_lost(self, index, units):
        parcel = self.one(Parcel, index)
        chosen = {int(parcel.lines[0][0]): units}
        order = db.session.get_one(Order, parcel.order_id)
        self.attempt(replace, order, parcel.id, chosen=chosen, why="lost", cause=self.cause(), by=BY)

    @precondition(has_orders)
    @rule(index=any_of)
    def an_order_is_called_off(self, index):
        self.attempt(withdraw, self.one(Order, index), by=BY, cause=self.cause())

    @precondition(has_orders)
    @rule(index=any_of, state=st.sampled_from(["unopened", "opened"]), to_shelf=st.booleans())
    def goods_come_back(self, index, state, to_shelf):
        order = self.one(Order, index)
        for goods in waiting_goods(order)[:1]:
            facts = {"code": goods.withdrawal.code, "key": goods.key, "state": state}
            self.attempt(come_back, order, **facts, to_shelf=to_shelf, by=BY)

    @rule(index=any_of, units=st.integers(-3, 3))
    def a_shelf_is_corrected(self, index, units):
        stock = self.one(Stock, index)
        self.attempt(adjust, stock, units=units, cause=self.cause(), by=BY, reason="counted")

    @rule(index=any_of, units=few, to=st.booleans())
    def goods_are_carried(self, index, units, to):
        stock, place = self.one(Stock, index), locations()[int(to)]
        facts = {"variant_id": stock.variant_id, "to": place.id, "units": units}
        self.attempt(transfer, stock.id, **facts, cause=self.cause(), by=BY)

    @rule(index=any_of, turn=st.sampled_from(["aside", "back", "back", "back"]))
    def a_lot_turns(self, index, turn):
        lot = self.one(Lot, index)
        self.attempt(set_aside if turn == "aside" else release, lot, reason="looked at", by=BY)

    @precondition(lambda self: self.number > 12)
    @rule(index=any_of)
    def a_lot_is_recalled(self, index):
        self.attempt(recall, self.one(Lot, index), reason="wrong label", advice="bring it back", by=BY)

    @invariant()
    def everything_agrees(self):
        if not hasattr(self, "variants"):
            return
        db.session.rollback()
        assert all_differences() == []
        for stock in db.session.scalars(select(Stock)):
            assert stock.available >= 0
        waits = {}
        for line in db.session.scalars(select(OrderLine).join(Order, Order.id == OrderLine.order_id)):
            assert line.quantity == len(line.unit_gross)
            assert line.gross_minor == sum(line.unit_gross)
            if line.stock_id:
                left = line.quantity - line.done - line.called_off
                waits[line.stock_id] = waits.get(line.stock_id, 0) + left
        promised = {row.id: row.allocated for row in db.session.scalars(select(Stock)) if row.allocated}
        assert {stock_id: units for stock_id, units in waits.items() if units} == promised
        left = {}
        for parcel in db.session.scalars(select(Parcel).where(Parcel.state == "left")):
            for line_id, units in parcel.lines:
                left[line_id] = left.get(line_id, 0) + units
        gone = db.session.execute(select(OrderLine.id, OrderLine.done).where(OrderLine.done > 0)).all()
        assert left == dict(gone)
        got = sum(one.units for lot in db.session.scalars(select(Lot.id)).all() for one in who_got(lot))
        assert got == sum(left.values())
        db.session.rollback()


@pytest.mark.parametrize("examples", [4, pytest.param(60, marks=pytest.mark.slow)])
def test_any_sequence_of_acts_on_goods_adds_up(app, database, examples):
    class Anew(Goods):
        def teardown(self):
            db.session.rollback()
            db.session.remove()
            database.refresh(app)

    Anew.TestCase.settings = settings(
        max_examples=examples,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    Anew.TestCase("runTest").runTest()
