"""Whatever happens to a shelf, in any order: its counters are what its movements add up to, and nothing is promised twice."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule
from sqlalchemy import func, select

from shop.catalog.models import Variant
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.inventory import holding
from shop.inventory.checking import differences
from shop.inventory.choosing import shelf_for
from shop.inventory.counting import approve, close_count
from shop.inventory.holding import SoldOut, refresh_in_stock
from shop.inventory.models import Lot, Stock, StockMovement
from shop.inventory.recalling import recall, release, set_aside
from shop.inventory.receiving import adjust, receive
from shop.inventory.scanning import open_sheet, scan
from shop.inventory.transferring import add_location, transfer
from tests.support.factories import make_variant

few = st.integers(1, 4)
BY = "the tests"


class Shelves(RuleBasedStateMachine):
    """Four shelves of two products at two locations, with a plain model beside them: on hand, held and allocated by shelf."""

    held_orders = Bundle("held_orders")
    placed_orders = Bundle("placed_orders")

    @initialize()
    def lay_out(self):
        db.session.rollback()
        first, second = make_variant(), make_variant()
        rows = [receive(first.id, units=3, cause=self.cause(), by=BY)]
        rows.append(receive(first.id, units=2, cause=self.cause(), by=BY, lot="B"))
        rows.append(receive(second.id, units=4, cause=self.cause(), by=BY))
        db.session.commit()
        there = add_location("Room 2")
        rows.append(receive(first.id, units=1, cause=self.cause(), by=BY, lot="B", location_id=there.id))
        db.session.commit()
        self.second = there.id
        self.states = {row.id: "open" for row in rows}
        self.shelves = [row.id for row in rows]
        self.model = {row.id: [row.on_hand, 0, 0] for row in rows}

    def cause(self):
        self.number = getattr(self, "number", 0) + 1
        return f"test:{id(self)}:{self.number}"

    def wanted(self, picked):
        """Demand by shelf, as an order would have it: a shelf may be named twice."""
        return [(self.shelves[index], units) for index, units in picked]

    def try_to(self, act, *arguments, **facts):
        """Commit, or roll everything back and say False."""
        try:
            act(*arguments, **facts)
        except (SoldOut, Refused):
            db.session.rollback()
            return False
        db.session.commit()
        return True

    @rule(index=st.integers(0, 2), units=few)
    def receive(self, index, units):
        stock = db.session.get_one(Stock, self.shelves[index])
        lot = "B" if index == 1 else "unknown"
        receive(stock.variant_id, units=units, cause=self.cause(), by=BY, lot=lot)
        db.session.commit()
        self.model[self.shelves[index]][0] += units

    @rule(index=st.integers(0, 2), units=st.integers(-6, 6))
    def adjust(self, index, units):
        shelf = self.shelves[index]
        on_hand, held, allocated = self.model[shelf]
        stock = db.session.get_one(Stock, shelf)
        done = self.try_to(adjust, stock, units=units, cause=self.cause(), by=BY, reason="counted")
        assert done == (on_hand + units >= held + allocated or units == 0)
        if done:
            self.model[shelf][0] += units

    @rule(target=held_orders, picked=st.lists(st.tuples(st.integers(0, 2), few), min_size=1, max_size=4))
    def hold(self, picked):
        promises = self.wanted(picked)
        demand = dict(holding.summed(promises))
        fits = all(sum(self.model[shelf][1:]) + units <= self.model[shelf][0] for shelf, units in demand.items())
        assert self.try_to(holding.hold, promises) == fits
        if not fits:
            return multiple()
        for shelf, units in demand.items():
            self.model[shelf][1] += units
        return promises

    @rule(promises=consumes(held_orders))
    def lapse(self, promises):
        assert self.try_to(holding.release, promises)
        for shelf, units in promises:
            self.model[shelf][1] -= units

    @rule(target=placed_orders, promises=consumes(held_orders))
    def place(self, promises):
        assert self.try_to(holding.allocate, promises, cause=self.cause(), by=BY)
        for shelf, units in promises:
            self.model[shelf][1] -= units
            self.model[shelf][2] += units
        return promises

    @rule(promises=consumes(placed_orders))
    def cancel(self, promises):
        assert self.try_to(holding.deallocate, promises, cause=self.cause(), by=BY)
        for shelf, units in promises:
            self.model[shelf][2] -= units

    @rule(promises=consumes(placed_orders))
    def ship(self, promises):
        assert self.try_to(holding.dispatch, promises, cause=self.cause(), by=BY)
        for shelf, units in promises:
            self.model[shelf][0] -= units
            self.model[shelf][2] -= units

    @rule(target=placed_orders, promises=consumes(placed_orders), index=st.integers(0, 3))
    def pick_another_lot(self, promises, index):
        """The whole demand comes from one other shelf, if that has enough beside what it is promised itself."""
        units, shelf = sum(units for _, units in promises), self.shelves[index]
        cause = self.cause()
        freed = dict(holding.summed(promises)).get(shelf, 0)
        on_hand, held, allocated = self.model[shelf]
        fits = on_hand - held - allocated + freed >= units

        def swap():
            holding.deallocate(promises, cause=cause, by=BY)
            holding.allocate_unheld([(shelf, units)], cause=cause, by=BY)

        assert self.try_to(swap) == fits
        if not fits:
            return multiple(promises)
        for one, count in promises:
            self.model[one][2] -= count
        self.model[shelf][2] += units
        return multiple([(shelf, units)])

    @rule(promises=consumes(placed_orders), back=st.integers(0, 4))
    def ship_a_part_and_some_come_back(self, promises, back):
        shelf, units = holding.summed(promises)[0]
        rest = [(one, count) for one, count in holding.summed(promises) if one != shelf]
        assert self.try_to(holding.dispatch, [(shelf, units)], cause=self.cause(), by=BY)
        assert self.try_to(holding.deallocate, rest, cause=self.cause(), by=BY)
        self.model[shelf][0] -= units
        self.model[shelf][2] -= units
        for one, count in rest:
            self.model[one][2] -= count
        back = min(back, units)
        if back:
            stock = db.session.get_one(Stock, shelf)
            assert self.try_to(adjust, stock, units=back, cause=self.cause(), by=BY, reason="came back unopened")
            self.model[shelf][0] += back

    @rule(units=st.integers(1, 4), there=st.booleans())
    def carry(self, units, there):
        """Lot B between its two locations."""
        source, target = (self.shelves[1], self.shelves[3]) if there else (self.shelves[3], self.shelves[1])
        stock = db.session.get_one(Stock, source)
        place = db.session.get_one(Stock, target).location_id
        on_hand, held, allocated = self.model[source]
        facts = {"variant_id": stock.variant_id, "to": place, "units": units, "cause": self.cause(), "by": BY}
        done = self.try_to(transfer, source, **facts)
        assert done == (on_hand - held - allocated >= units)
        if done:
            self.model[source][0] -= units
            self.model[target][0] += units

    @rule(index=st.integers(0, 3), counted=st.integers(0, 6))
    def count(self, index, counted):
        shelf = self.shelves[index]
        stock = db.session.get_one(Stock, shelf)
        lot, variant = db.session.get_one(Lot, stock.lot_id), db.session.get_one(Variant, stock.variant_id)
        _, held, allocated = self.model[shelf]
        # the other lots of this article at this place are counted as they are
        same = [other for other in self.shelves if other != shelf and self.is_beside(other, stock)]
        sheet = open_sheet(
            "count", reference="all", cause=self.cause(), by=BY, scope=[variant.id], location_id=stock.location_id
        )
        for other, units in [(shelf, counted)] + [(other, self.model[other][0]) for other in same]:
            code = db.session.get_one(Lot, db.session.get_one(Stock, other).lot_id).code
            if units:
                scan(sheet, variant.sku, units=units, lot=code, cause=self.cause(), by=BY)
        close_count(sheet, by=BY)
        db.session.commit()
        done = self.try_to(approve, sheet, by=BY)
        assert done == (counted >= held + allocated), lot.code
        if done:
            self.model[shelf][0] = counted

    def is_beside(self, other, stock):
        row = db.session.get_one(Stock, other)
        return (row.variant_id, row.location_id) == (stock.variant_id, stock.location_id)

    @rule(index=st.integers(0, 3), to=st.sampled_from(["quarantine", "open", "recalled"]))
    def turn(self, index, to):
        """A lot is set aside, released or recalled: no counter moves, and what is promised stays promised."""
        lot = db.session.get_one(Lot, db.session.get_one(Stock, self.shelves[index]).lot_id)
        act = {"quarantine": set_aside, "open": release}.get(to)
        words = {"reason": "looked at", "by": BY}
        try:
            act(lot, **words) if act else recall(lot, **words, advice="bring it back")
        except Conflict:
            db.session.rollback()
        db.session.commit()

    @invariant()
    def the_mark_in_the_shop_says_whether_something_can_be_bought(self):
        if not hasattr(self, "model"):
            return
        db.session.rollback()
        for variant in db.session.scalars(select(Variant)).all():
            refresh_in_stock([variant.id])
            shelf = shelf_for(variant.id, 1, country="GB")
            assert (shelf is not None) == db.session.scalar(select(Variant.in_stock).where(Variant.id == variant.id))
            assert shelf is None or db.session.get_one(Lot, shelf.lot_id).state == "open"
        db.session.rollback()

    @rule(promises=placed_orders)
    def a_cause_used_twice_changes_nothing(self, promises):
        from sqlalchemy.exc import IntegrityError

        cause = self.cause()
        holding.dispatch(promises, cause=cause, by=BY)
        with pytest.raises((IntegrityError, SoldOut)):
            holding.dispatch(promises, cause=cause, by=BY)
        db.session.rollback()

    @invariant()
    def counters_are_what_the_rows_add_up_to(self):
        if not hasattr(self, "model"):
            return
        rows = db.session.execute(select(Stock.id, Stock.on_hand, Stock.held, Stock.allocated)).all()
        assert {row.id: list(row[1:]) for row in rows if row.id in self.model} == self.model
        assert all(on_hand >= held + allocated and min(held, allocated) >= 0 for _, on_hand, held, allocated in rows)
        assert differences({shelf: held for shelf, (_, held, _) in self.model.items()}) == []
        moved = db.session.scalar(select(func.coalesce(func.sum(StockMovement.on_hand_change), 0)))
        assert moved == sum(on_hand for on_hand, _, _ in self.model.values())
        db.session.rollback()


@pytest.mark.parametrize("examples", [6, pytest.param(60, marks=pytest.mark.slow)])
def test_any_history_of_a_shelf_adds_up(app, database, examples):
    class Anew(Shelves):
        def teardown(self):
            db.session.rollback()
            db.session.remove()
            database.refresh(app)

    Anew.TestCase.settings = settings(
        max_examples=examples,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    Anew.TestCase("runTest").runTest()
