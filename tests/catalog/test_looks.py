"""The drawing beside a treatment in the bag, on the order and in the account."""

from shop.catalog.looks import PLAIN, look_of
from shop.core.db import db
from tests.support.factories import make_concern, make_treatment


def test_a_treatment_looks_like_the_concern_that_is_most_its_own(app):
    first = make_concern("skin-rejuvenation", position=0, drawing="skin-rejuvenation")
    own = make_concern("hydration", position=5, drawing="hydration")
    shared = make_treatment("meso-rejuvenation", concerns=[first])
    narrow = make_treatment("meso-hydration", concerns=[own, first])
    db.session.commit()
    assert look_of(shared.id).drawing == "skin-rejuvenation"
    assert look_of(narrow.id).drawing == "hydration"


def test_of_two_concerns_as_much_its_own_the_clinic_s_first_is_shown(app):
    later = make_concern("scars", position=4, drawing="scars")
    first = make_concern("fine-lines", position=1, drawing="fine-lines")
    treatment = make_treatment("meso-lines", concerns=[later, first])
    db.session.commit()
    assert look_of(treatment.id).drawing == "fine-lines"
    assert look_of(None) == PLAIN
