"""The only door to Stripe: one budget of time and of threads for every call, answers and errors of our own."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from shop.payments.answers import (
    CheckoutSession,
    Dispute,
    Event,
    Refund,
    read_dispute,
    read_event_data,
    read_refund,
    read_session,
)
from shop.payments.asking import AttemptParams, session_params
from shop.payments.budget import Bulkhead, WithinBudget, within
from shop.payments.currencies import check_part
from shop.payments.errors import BadKey, IdempotencyMismatch, StripeDown, StripeRefused
from shop.payments.gateway_payouts import PayoutReads

if TYPE_CHECKING:
    import requests
    import stripe
    from stripe import params as wire

_KEY = re.compile(r"(?:sk|rk)_(?:test|live)_\w+", re.ASCII)
_SESSION = re.compile(r"cs_(?:test|live)_\w{1,200}", re.ASCII)
_REFUND = re.compile(r"(?:re|pyr)_\w{1,200}", re.ASCII)
_DISPUTE = re.compile(r"(?:du|dp)_\w{1,200}", re.ASCII)
_INTENT = re.compile(r"pi_\w{1,200}", re.ASCII)
_MOST_EVENTS = 1000


class Gateway(PayoutReads):
    """Speaks to Stripe, or to the stand-in when `api_base` says so. Keep one per process; it is thread-safe.

    Every call raises StripeDown (ask again under the same key), StripeRefused (do not),
    BadKey (somebody has to set the key right) or IdempotencyMismatch (a bug). `timeout` is the
    seconds for one call in all, retries included. A call must never run inside a transaction.
    """

    def __init__(
        self,
        api_key: str,
        *,
        api_base: str | None = None,
        timeout: float = 8,
        max_network_retries: int = 2,
        session: requests.Session | None = None,
        max_concurrent: int = 4,
    ) -> None:
        # The SDK takes an empty key, and one with white space behind it, without a word.
        if not _KEY.fullmatch(api_key):
            raise BadKey(detail="The Stripe key has to look like sk_test_… or rk_live_…, without spaces.")
        self._api_key = api_key
        self._api_base = api_base.rstrip("/") if api_base else None
        self._timeout = timeout
        self._retries = max_network_retries
        self._session = session
        self._bulkhead = Bulkhead(max_concurrent)
        self._client: stripe.StripeClient | None = None
        self._building = threading.Lock()

    @property
    def is_live(self) -> bool:
        """Whether this key moves real money; every event and session has to agree."""
        return self._api_key[3:].startswith("live_")

    def create_session(self, *, attempt: AttemptParams, idempotency_key: str) -> CheckoutSession:
        """Open a payment page for a stored attempt; asking twice under one key gives the same page."""
        params = cast("wire.checkout.SessionCreateParams", session_params(attempt))
        data = self._ask(lambda client: client.v1.checkout.sessions.create(params, {"idempotency_key": idempotency_key}))
        return read_session(data)

    def get_session(self, id: str) -> CheckoutSession:
        """Read a payment page afresh, with its payment intent and latest charge."""
        _check_id(_SESSION, id)
        params: wire.checkout.SessionRetrieveParams = {"expand": ["payment_intent", "payment_intent.latest_charge"]}
        return read_session(self._ask(lambda client: client.v1.checkout.sessions.retrieve(id, params)))

    def expire_session(self, id: str) -> CheckoutSession:
        """Close a payment page. Raises StripeRefused when it is not open any more: read it again then."""
        _check_id(_SESSION, id)
        return read_session(self._ask(lambda client: client.v1.checkout.sessions.expire(id)))

    def create_refund(
        self,
        *,
        payment_intent: str,
        amount_minor: int,
        refund_id: str,
        idempotency_key: str,
        currency: str | None = None,
    ) -> Refund:
        """Send money back. An answer is not the end: `status` may be pending, and succeeded may turn failed."""
        _check_id(_INTENT, payment_intent)
        if amount_minor <= 0:
            raise StripeRefused("A refund has to be above zero.", code="parameter_invalid_integer")
        if currency:
            check_part(amount_minor, currency)
        params: wire.RefundCreateParams = {
            "payment_intent": payment_intent,
            "amount": amount_minor,
            "metadata": {"refund_id": refund_id},
        }
        return read_refund(self._ask(lambda client: client.v1.refunds.create(params, {"idempotency_key": idempotency_key})))

    def get_refund(self, id: str) -> Refund:
        """Read one refund afresh, by Stripe's number."""
        _check_id(_REFUND, id)
        return read_refund(self._ask(lambda client: client.v1.refunds.retrieve(id)))

    def list_refunds(self, payment_intent: str) -> list[Refund]:
        """All refunds of one payment, oldest first, those made in Stripe's dashboard among them."""
        _check_id(_INTENT, payment_intent)
        params: wire.RefundListParams = {"payment_intent": payment_intent, "limit": 100}
        found = self._ask_all(lambda client: client.v1.refunds.list(params))
        return [read_refund(data) for data in reversed(found)]

    def get_dispute(self, id: str) -> Dispute:
        """Read one dispute afresh."""
        _check_id(_DISPUTE, id)
        return read_dispute(self._ask(lambda client: client.v1.disputes.retrieve(id)))

    def list_events(self, after: datetime, types: Iterable[str], *, until: datetime | None = None) -> list[Event]:
        """Events from that moment on, oldest first: what the webhook door may have missed. At most 20 types.

        After a long silence ask for one stretch after the other: more than 1,000 raise StripeDown.
        """
        created: wire.EventListParamsCreated = {"gte": int(after.timestamp())}
        if until is not None:
            created["lt"] = int(until.timestamp())
        params: wire.EventListParams = {"created": created, "types": list(types), "limit": 100}
        found = self._ask_all(lambda client: client.v1.events.list(params), most=_MOST_EVENTS)
        return [read_event_data(data) for data in reversed(found)]

    def _ask(self, call: Callable[[stripe.StripeClient], Any]) -> Mapping[str, Any]:
        with self._bulkhead, within(self._timeout), _our_errors():
            answer: Mapping[str, Any] = call(self._built()).to_dict(for_json=True)
            return answer

    def _ask_all(self, call: Callable[[stripe.StripeClient], Any], *, most: int = 10_000) -> list[Mapping[str, Any]]:
        """Every page of a list, within one budget; StripeDown when it holds more than `most`."""
        found: list[Mapping[str, Any]] = []
        with self._bulkhead, within(self._timeout), _our_errors():
            for item in call(self._built()).auto_paging_iter():
                found.append(item.to_dict(for_json=True))
                if len(found) > most:
                    raise StripeDown(detail=f"more than {most} entries; ask for a shorter time")
        return found

    def _built(self) -> stripe.StripeClient:
        """The SDK is large and its client takes 10 ms: both come with the first call, once per process."""
        with self._building:
            if self._client is None:
                self._client = self._build()
            return self._client

    def _build(self) -> stripe.StripeClient:
        import requests
        import stripe

        # It would send this machine's platform and an identifier with every call.
        stripe.enable_telemetry = False
        session = self._session or requests.Session()
        if self._api_base:
            # The stand-in is on this machine; a proxy of the surroundings could not find it.
            session.trust_env = False
        http = stripe.RequestsClient(session=WithinBudget(session))  # type: ignore[arg-type]
        return stripe.StripeClient(
            self._api_key,
            base_addresses={"api": self._api_base} if self._api_base else None,
            max_network_retries=self._retries,
            http_client=http,
        )


def _check_id(shape: re.Pattern[str], id: str) -> None:
    """Numbers come from the address bar too: what cannot exist is not asked for."""
    if not shape.fullmatch(id):
        raise StripeRefused(code="resource_missing", detail="not a number of Stripe's", http_status=404)


@contextmanager
def _our_errors() -> Any:
    """Turn the SDK's exceptions into the shop's; anything else passes as it is."""
    import stripe

    try:
        yield
    except stripe.IdempotencyError as error:
        raise IdempotencyMismatch(str(error)) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise BadKey(**_facts(error)) from None
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        raise StripeRefused(**_facts(error)) from None
    except stripe.StripeError as error:
        # Timeouts, dropped connections, 409, 429, 5xx and answers that are no JSON.
        raise StripeDown(**_facts(error)) from None


def _facts(error: stripe.StripeError) -> dict[str, Any]:
    headers = error.headers or {}
    return {
        "detail": error.user_message or type(error).__name__,
        "code": error.code,
        "param": getattr(error, "param", None),
        "http_status": error.http_status,
        "request_id": error.request_id,
        "replayed": headers.get("Idempotent-Replayed") == "true",
    }
