"""What Stripe answered, as small frozen values of the shop: no object of Stripe's travels further than the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Charge:
    """Money that was taken, or was tried to be taken, within one payment intent."""

    id: str
    status: str
    amount_minor: int
    amount_refunded_minor: int
    is_disputed: bool
    receipt_url: str | None
    method: str | None


@dataclass(frozen=True, slots=True)
class CheckoutSession:
    """One hosted payment page. Amounts in minor units, `currency` in capitals, `reference` is the order number.

    Only `payment_status` tells whether money came in; `status` complete alone does not.
    `payment_intent` is None until the person first tries to pay; the last three fields come with
    `get_session` alone.
    """

    id: str
    url: str | None
    status: str
    payment_status: str
    amount_total_minor: int
    currency: str
    reference: str | None
    metadata: Mapping[str, str]
    expires_at: datetime
    payment_intent: str | None
    livemode: bool
    created_at: datetime
    intent_status: str | None = None
    amount_received_minor: int | None = None
    charge: Charge | None = None

    @property
    def is_paid(self) -> bool:
        return self.payment_status in ("paid", "no_payment_required")

    @property
    def is_open(self) -> bool:
        return self.status == "open"

    @property
    def has_failed(self) -> bool:
        """Sent off, and the bank said no: a page that is complete takes no second try. Known with `get_session` alone."""
        return self.status == "complete" and self.intent_status in ("requires_payment_method", "canceled")


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back; `refund_id` is the shop's own number, None for one made in Stripe's dashboard."""

    id: str
    status: str
    amount_minor: int
    currency: str
    payment_intent: str | None
    charge: str | None
    refund_id: str | None
    metadata: Mapping[str, str]
    failure_reason: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Dispute:
    """A bank took a payment back; `is_inquiry` means that it only asks so far, and no money has moved."""

    id: str
    status: str
    amount_minor: int
    currency: str
    payment_intent: str | None
    reason: str

    @property
    def is_inquiry(self) -> bool:
        return self.status.startswith("warning_")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that Stripe says happened; a hint to go and look, never a proof."""

    id: str
    type: str
    object: Mapping[str, Any]
    created: datetime
    livemode: bool
    api_version: str | None
    raw: Mapping[str, Any] = field(repr=False)

    @property
    def object_id(self) -> str | None:
        return self.object.get("id")


def read_session(data: Mapping[str, Any]) -> CheckoutSession:
    """Read a Session of Stripe's, with or without its payment intent unfolded."""
    intent = data.get("payment_intent")
    unfolded = intent if isinstance(intent, Mapping) else {}
    return CheckoutSession(
        id=data["id"],
        url=data.get("url"),
        status=data["status"],
        payment_status=data["payment_status"],
        amount_total_minor=data["amount_total"],
        currency=data["currency"].upper(),
        reference=data.get("client_reference_id"),
        metadata=dict(data.get("metadata") or {}),
        expires_at=moment(data["expires_at"]),
        payment_intent=_id(intent),
        livemode=data["livemode"],
        created_at=moment(data["created"]),
        intent_status=unfolded.get("status"),
        amount_received_minor=unfolded.get("amount_received"),
        charge=_charge(unfolded.get("latest_charge")),
    )


def read_refund(data: Mapping[str, Any]) -> Refund:
    """Read a refund of Stripe's."""
    metadata = dict(data.get("metadata") or {})
    return Refund(
        id=data["id"],
        status=data["status"],
        amount_minor=data["amount"],
        currency=data["currency"].upper(),
        payment_intent=_id(data.get("payment_intent")),
        charge=_id(data.get("charge")),
        refund_id=metadata.get("refund_id"),
        metadata=metadata,
        failure_reason=data.get("failure_reason"),
        created_at=moment(data["created"]),
    )


def read_dispute(data: Mapping[str, Any]) -> Dispute:
    """Read a dispute of Stripe's."""
    return Dispute(
        id=data["id"],
        status=data["status"],
        amount_minor=data["amount"],
        currency=data["currency"].upper(),
        payment_intent=_id(data.get("payment_intent")),
        reason=data.get("reason") or "",
    )


def read_event_data(data: Mapping[str, Any]) -> Event:
    """Read a whole event whose shape was checked before, or that came from Stripe by request."""
    return Event(
        id=data["id"],
        type=data["type"],
        object=data["data"]["object"],
        created=moment(data["created"]),
        livemode=data["livemode"],
        api_version=data.get("api_version"),
        raw=data,
    )


def moment(epoch_seconds: int) -> datetime:
    """Stripe counts seconds since 1970; the shop keeps aware moments in UTC."""
    return datetime.fromtimestamp(epoch_seconds, UTC)


def _charge(data: Any) -> Charge | None:
    if not isinstance(data, Mapping):
        return None
    return Charge(
        id=data["id"],
        status=data["status"],
        amount_minor=data["amount"],
        amount_refunded_minor=data["amount_refunded"],
        is_disputed=data["disputed"],
        receipt_url=data.get("receipt_url"),
        method=(data.get("payment_method_details") or {}).get("type"),
    )


def _id(value: Any) -> str | None:
    """An expandable field is an id, the whole object, or nothing."""
    id: str | None = value["id"] if isinstance(value, Mapping) else value
    return id
