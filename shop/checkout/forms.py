"""What a checkout asks for: nothing twice, nothing pre-ticked, each sentence beside its field."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from wtforms import BooleanField, EmailField, RadioField, SelectField, TelField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from shop.bag.reading import BagView
from shop.checkout.preparing import Buyer
from shop.core import clock
from shop.core.errors import Refused
from shop.core.forms import LineField, ShopForm, WholeField, email_shaped
from shop.core.settings import setting
from shop.inventory.leaving import leaving_words
from shop.terms.addresses import countries, normal_address

LONGEST = 120


class CheckoutForm(ShopForm):
    """Field names are public: browsers' address books and outside tests know them."""

    email = EmailField(
        "E-mail", validators=[InputRequired("Where shall we send the receipt?"), Length(max=254), email_shaped]
    )
    name = LineField("Full name", validators=[InputRequired("Please tell us your name."), Length(max=LONGEST)])
    delivery = RadioField(
        "Delivery",
        choices=[SelectChoice("ship", "To my address"), SelectChoice("collect", "At the clinic, or at my next visit")],
        validate_choice=False,
    )
    line1 = LineField("Address", validators=[Length(max=LONGEST)])
    line2 = LineField("Flat, floor, company", validators=[Length(max=LONGEST)])
    city = LineField("Town or city", validators=[Length(max=LONGEST)])
    postcode = LineField("Postcode", validators=[Length(max=12)])
    country = SelectField("Country", validate_choice=False)
    phone = TelField("Phone", validators=[Length(max=30)])
    for_me = RadioField(
        "The sessions are",
        choices=[SelectChoice("yes", "For me"), SelectChoice("no", "For somebody else")],
        default="yes",
        validate_choice=False,
    )
    other_name = LineField("Their name", validators=[Length(max=LONGEST)])
    other_email = EmailField("Their e-mail", validators=[Optional(), Length(max=254), email_shaped])
    terms = BooleanField("I have read the terms and how cancelling works, and I agree.")
    adult = BooleanField("The person who will be treated is 18 or older.")
    total = WholeField(validators=[Optional()], widget=HiddenInput())

    def __init__(self, *, has_goods: bool, has_sessions: bool, **given: Any) -> None:
        super().__init__(**given)
        self.has_goods, self.has_sessions = has_goods, has_sessions
        offered = countries(setting("delivery.countries"), first=setting("clinic.country"))
        self.country.choices = [SelectChoice(code, name) for code, name in offered]
        if not self.country.data:
            self.country.data = setting("clinic.country")
        if not has_goods:
            self.delivery.data = "none"
        elif self.delivery.data not in ("ship", "collect"):
            self.delivery.data = "ship"
        if self.for_me.data not in ("yes", "no"):
            self.for_me.data = "yes"

    @property
    def ships(self) -> bool:
        return self.delivery.data == "ship"

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        for field, missing in self._missing():
            self[field].errors = [*self[field].errors, missing]
            fine = False
        if self.ships and not self._tidy_address():
            fine = False
        if self.country.data not in setting("delivery.countries"):
            self.country.errors = ["We do not deliver there. You can collect at the clinic."]
            fine = False
        return fine

    def buyer(self, *, client_id: int | None, versions: dict[str, int], screenings: tuple[int, ...] = ()) -> Buyer:
        """What was agreed to, with the wording's version and the moment."""
        agreed = ["consent-terms"] + (["consent-adult"] if self.has_sessions else [])
        now = clock.now().isoformat()
        other = {"name": self.other_name.data, "email": self.other_email.data} if self.for_me.data == "no" else None
        address = {name: self[name].data or "" for name in ("line1", "line2", "city", "postcode")} if self.ships else {}
        return Buyer(
            email=self.email.data or "",
            name=self.name.data or "",
            phone=self.phone.data or "",
            delivery=self.delivery.data,
            address=({"name": self.name.data} | address) if self.ships else {},
            country=self.country.data,
            for_someone=other,
            consents=[{"kind": kind, "version": versions.get(kind, 0), "at": now} for kind in agreed],
            client_id=client_id,
            screenings=screenings,
        )

    def mark(self) -> dict[str, Any]:
        """What makes two clicks the same purchase."""
        names = (
            "email",
            "name",
            "delivery",
            "line1",
            "line2",
            "city",
            "postcode",
            "country",
            "phone",
            "for_me",
            "other_name",
            "other_email",
        )
        return {name: self[name].data or "" for name in names}

    def _missing(self) -> list[tuple[str, str]]:
        missing = []
        if not self.terms.data:
            missing.append(("terms", "Please read and accept the terms to go on."))
        if self.has_sessions and not self.adult.data:
            missing.append(("adult", "Treatments are for adults: please confirm that the person is 18 or older."))
        if self.for_me.data == "no" and not self.other_name.data:
            missing.append(("other_name", "Who is it for?"))
        if self.for_me.data == "no" and not self.other_email.data:
            missing.append(("other_email", "Where can we reach this person? They accept by e-mail."))
        return missing

    def _tidy_address(self) -> bool:
        given = {name: self[name].data or "" for name in ("line1", "line2", "city", "postcode", "country")}
        try:
            tidy = normal_address(given, delivers_to=setting("delivery.countries"))
        except Refused as error:
            self.refuse(error)
            return False
        for name, value in tidy.items():
            self[name].data = value
        return True


def words_of(bag: BagView, form: CheckoutForm) -> dict[str, Any]:
    """Hints and headings that depend on what is bought."""
    links = [("/legal/terms", "Terms"), ("/legal/returns", "cancelling and returns"), ("/legal/privacy", "privacy")]
    where = ", ".join(setting("clinic.address"))
    return {
        "address_heading": "Your address" if bag.has_goods else "Where you live",
        "phone_hint": "Only for the delivery and your appointments.",
        "for_me_notes": {"no": ("They accept by e-mail, answer the questions and book.", "")},
        "delivery_notes": {
            "ship": (f"{leaving_words()} Two to three working days, tracked.", ""),
            "collect": (f"Ready the next day at {where}.", "free"),
        },
        "terms_hint": Markup(", ").join(Markup('<a href="{}">{}</a>').format(*link) for link in links),
        "extra_consents": [],
    }
