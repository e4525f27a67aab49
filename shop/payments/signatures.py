"""The webhook door: only what Stripe signed for this shop, a few minutes ago at most, becomes an event."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from shop.payments.answers import Event, read_event_data
from shop.payments.errors import BadEvent

MOST_BYTES = 256 * 1024
TOLERANCE_SECONDS = 300
_LONGEST_HEADER = 4096
_LARGEST_MOMENT = 2**33

_STAMP = re.compile(r"\d{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-f]{64}", re.ASCII)
_EVENT_ID = re.compile(r"evt_\w{1,200}", re.ASCII)
_TYPE = re.compile(r"[a-z0-9_.]{1,100}", re.ASCII)
_SECRET = re.compile(r"whsec_\w{8,}", re.ASCII)


def check_secrets(secrets: Sequence[str]) -> None:
    """Raise ValueError at start-up for a door that would be open, or shut to everybody."""
    if not secrets:
        raise ValueError("The webhook door needs at least one secret: set STRIPE_WEBHOOK_SECRETS.")
    for secret in secrets:
        if not _SECRET.fullmatch(secret):
            raise ValueError("A webhook secret looks like whsec_ and letters and figures, without spaces.")


class WebhookDoor:
    """Knows the secrets, several while one is being changed for another, and which mode this shop is in."""

    def __init__(self, secrets: Sequence[str], *, livemode: bool) -> None:
        check_secrets(secrets)
        self._secrets = tuple(secrets)
        self._livemode = livemode

    def read(self, body: bytes, header: str | None, *, now: datetime) -> Event:
        """See `read_event`."""
        return read_event(body, header, self._secrets, livemode=self._livemode, now=now)


def read_event(body: bytes, header: str | None, secrets: Sequence[str], *, livemode: bool, now: datetime) -> Event:
    """The event in a webhook's raw body. Raises BadEvent for everything that Stripe did not mean for us.

    Any one of `secrets` may have signed it. The version of the event is not judged here: unknown
    types and shapes are kept, and the truth is read from Stripe afterwards.
    """
    check_secrets(secrets)
    if len(body) > MOST_BYTES:
        raise BadEvent("The event is too large.")
    stamp, signatures = _read_header(header)
    if not _is_signed(body, stamp, signatures, secrets):
        raise BadEvent("The signature does not match.")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE_SECONDS:
        raise BadEvent("The signature is too old, or from the future.")
    return _read_body(body, livemode=livemode)


def _read_header(header: str | None) -> tuple[str, list[str]]:
    """The moment and the signatures of `t=1700000000,v1=…,v1=…`."""
    if not header or len(header) > _LONGEST_HEADER:
        raise BadEvent("There is no signature.")
    pairs = [part.partition("=")[::2] for part in header.split(",")]
    stamps = [value for name, value in pairs if name.strip() == "t"]
    signatures = [value for name, value in pairs if name.strip() == "v1" and _SIGNATURE.fullmatch(value)]
    # Two moments would leave open which of them was signed.
    if len(stamps) != 1 or not _STAMP.fullmatch(stamps[0]) or not signatures:
        raise BadEvent("There is no signature.")
    return stamps[0], signatures


def _is_signed(body: bytes, stamp: str, signatures: Sequence[str], secrets: Sequence[str]) -> bool:
    signed = stamp.encode() + b"." + body
    expected = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return any(hmac.compare_digest(ours, theirs) for ours in expected for theirs in signatures)


def _read_body(body: bytes, *, livemode: bool) -> Event:
    try:
        data = json.loads(body.decode("utf-8"))
        is_readable = _is_snapshot(data) and _can_be_kept(data)
    except (ValueError, RecursionError):
        # No UTF-8, no JSON, a number of ten thousand figures, or brackets without end.
        raise BadEvent("The event is not JSON.") from None
    if not is_readable:
        raise BadEvent("This is not an event of the kind that the shop subscribes to.")
    if data["livemode"] is not livemode:
        raise BadEvent("The event belongs to the other mode, test or live.")
    return read_event_data(data)


def _is_snapshot(data: Any) -> bool:
    """Whether it is a whole event; the thin ones of the second API carry no object."""
    if not isinstance(data, dict) or data.get("object") != "event":
        return False
    inner = data.get("data")
    return (
        _matches(_EVENT_ID, data.get("id"))
        and _matches(_TYPE, data.get("type"))
        and isinstance(data.get("livemode"), bool)
        and type(data.get("created")) is int
        and 0 <= data["created"] < _LARGEST_MOMENT
        and isinstance(inner, dict)
        and isinstance(inner.get("object"), dict)
        and isinstance(inner["object"].get("id"), str | None)
        and isinstance(data.get("api_version"), str | None)
    )


def _can_be_kept(data: Any) -> bool:
    """Whether a database can store it: no NUL, no half of a surrogate pair, no number that is none."""
    return all("\0" not in text and _is_encodable(text) for text in _texts(data))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, float):
        # NaN and Infinity are read by Python and refused by databases.
        yield "" if value == value and abs(value) != float("inf") else "\0"
    elif isinstance(value, dict):
        for key, child in value.items():
            yield key
            yield from _texts(child)
    elif isinstance(value, list):
        for child in value:
            yield from _texts(child)


def _is_encodable(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _matches(shape: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and shape.fullmatch(value) is not None
