"""What was bought, what happened to it, and what comes back: the words in which a cancellation is asked and answered."""

from dataclasses import dataclass
from datetime import date

from shop.core.errors import Refused
from shop.core.units import Part, Unit, worth
from shop.terms.jurisdictions import Law
from shop.terms.windows import Window
from shop.terms.wording import count

KINDS = ("sessions", "goods", "delivery")
STATES = ("here", "sealed", "opened", "in transit", "returned")
NOT_DELIVERED = ("here", "in transit")
LATE_TERMS = ("pro-rata", "list-price")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of what was paid, as stored shares: a unit per session or piece, in the order of use.

    `used` counts sessions that took place (or were lost by the clinic's terms); `is_requested` says
    whether the client asked to begin early, where lines of one order differ. Goods in several
    states are several items; "here" have not left the clinic, "returned" were paid back before. An
    opened piece that was not sealed for hygiene can come back. What the client keeps (`is_kept`)
    still counts for the window. Delivery is paid back up to `standard_minor`, if given.
    """

    key: str
    kind: str
    what: str
    units: tuple[Unit, ...]
    used: int = 0
    is_requested: bool | None = None
    state: str = "sealed"
    is_hygienic: bool = True
    is_kept: bool = False
    delivered_on: date | None = None
    single_minor: int | None = None
    standard_minor: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise Refused(f"{self.what}: the kind is one of {', '.join(KINDS)}.")
        if self.state not in STATES:
            raise Refused(f"{self.what}: the state is one of {', '.join(STATES)}.")
        if not 0 <= self.used <= len(self.units):
            raise Refused(f"{self.what}: {self.used} of {count(len(self.units), 'session')} cannot be used.")

    @property
    def paid_minor(self) -> int:
        return worth(self.units).gross_minor

    @property
    def left(self) -> tuple[Unit, ...]:
        """The sessions not used, or all pieces of goods."""
        return self.units[self.used :]

    @property
    def left_minor(self) -> int:
        return worth(self.left).gross_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What happened around one contract; `late` names the clinic's terms for after the window."""

    law: Law
    bought_on: date
    cancelled_on: date
    has_express_request: bool = False
    is_notice_missing: bool = False
    notice_given_on: date | None = None
    country: str = ""
    late: str = "pro-rata"
    late_version: str = ""
    currency: str = "GBP"

    def __post_init__(self) -> None:
        if self.cancelled_on < self.bought_on:
            raise Refused("An order cannot be cancelled before it was placed.")
        if self.late not in LATE_TERMS:
            raise Refused(f"Terms for later are one of {', '.join(LATE_TERMS)}.")

    def forgives(self, item: Item) -> bool:
        """Without the express request, or the notice of the right, sessions done in the window are not owed."""
        asked = self.has_express_request if item.is_requested is None else item.is_requested
        return self.law.forgives_without_request and (self.is_notice_missing or not asked)


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the explanation: what, how much, and why."""

    what: str
    minor: int
    why: str


@dataclass(frozen=True, slots=True)
class Repaid:
    """What one item gives back, by charge with the newest first; `sessions` leave the client's credit."""

    key: str
    parts: tuple[Part, ...]
    said: tuple[Said, ...]
    sessions: int = 0

    @property
    def minor(self) -> int:
        return sum(part.gross_minor for part in self.parts)

    @property
    def vat_minor(self) -> int:
        return sum(part.vat_minor for part in self.parts)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A whole cancellation; `rule` and `version` name what decided it."""

    items: tuple[Repaid, ...]
    paid_minor: int
    rule: str
    version: str
    window: Window

    @property
    def refund_minor(self) -> int:
        return sum(item.minor for item in self.items)

    @property
    def vat_minor(self) -> int:
        return sum(item.vat_minor for item in self.items)

    @property
    def kept_minor(self) -> int:
        return self.paid_minor - self.refund_minor

    @property
    def said(self) -> tuple[Said, ...]:
        return tuple(line for item in self.items for line in item.said)
