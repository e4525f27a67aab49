"""Which money this shop moves: real, Stripe's test money or the stand-in's; and what must hold before it starts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit

from shop.core.errors import ShopError
from shop.payments.signatures import check_secrets

_LIVE = re.compile(r"(?:rk|sk)_live_\w+", re.ASCII)
_TEST = re.compile(r"(?:rk|sk)_test_\w+", re.ASCII)
_STANDIN = re.compile(r"sk_test_standin_\w+", re.ASCII)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SHORTEST_SECRET = len("whsec_") + 24
_ENVIRONMENTS = ("development", "demo", "production")


class PaymentMode(StrEnum):
    """Where the money of this shop comes from; written into its database once, never changed."""

    LIVE = "live"
    TEST = "test"
    STANDIN = "standin"

    @property
    def moves_money(self) -> bool:
        return self is PaymentMode.LIVE

    @property
    def banner(self) -> str | None:
        """What every page says as long as no money moves; None when it does."""
        return None if self.moves_money else "This is a demonstration. No money moves."


class PaymentSettings(Protocol):
    """What is looked at; the shop's configuration has all of it."""

    @property
    def env(self) -> str: ...
    @property
    def stripe_api_key(self) -> str: ...
    @property
    def stripe_api_base(self) -> str: ...
    @property
    def stripe_webhook_secrets(self) -> Sequence[str]: ...
    @property
    def site_url(self) -> str: ...


class PaymentLocked(ShopError):
    """The shop must not start like this; the sentence says what to set."""

    status = 500


def check_payment_setup(
    config: PaymentSettings, *, stored_mode: str | None = None, standin_hosts: Sequence[str] = _LOOPBACK
) -> PaymentMode:
    """The mode that this configuration means. Raises PaymentLocked unless every lock holds.

    `stored_mode` is what the database was first used with, None while it is new. `standin_hosts` are
    hosts on which a stand-in may answer; tests add one that does not exist.
    """
    if config.env not in _ENVIRONMENTS:
        raise PaymentLocked(f"SHOP_ENV must be one of {', '.join(_ENVIRONMENTS)}.")
    mode = _production_mode(config) if config.env == "production" else _other_mode(config, standin_hosts)
    _check_secrets(config)
    if stored_mode is not None and stored_mode != mode:
        raise PaymentLocked(
            f"This database holds orders of the payment mode “{stored_mode}”, but the key is for “{mode}”. "
            "Use the key of that mode, or another database."
        )
    return mode


def _production_mode(config: PaymentSettings) -> PaymentMode:
    """Real money or no start: nothing here has a default."""
    if not config.stripe_api_key:
        raise PaymentLocked("Production needs STRIPE_API_KEY; there is no default.")
    if not _LIVE.fullmatch(config.stripe_api_key):
        raise PaymentLocked("Production takes only a live key: STRIPE_API_KEY begins with rk_live_ or sk_live_.")
    if config.stripe_api_base:
        raise PaymentLocked("Production speaks to Stripe itself: remove STRIPE_API_BASE.")
    scheme, host = _origin(config.site_url)
    if scheme != "https" or not host:
        raise PaymentLocked("Production takes payments over https only: SITE_URL must begin with https://.")
    return PaymentMode.LIVE


def _other_mode(config: PaymentSettings, standin_hosts: Sequence[str]) -> PaymentMode:
    key = config.stripe_api_key
    if re.match(r"\s*(?:rk|sk)_live_", key):
        raise PaymentLocked("A live key would move real money here: it belongs to SHOP_ENV=production alone.")
    if _STANDIN.fullmatch(key):
        _check_standin_base(config.stripe_api_base, standin_hosts)
        return PaymentMode.STANDIN
    if _TEST.fullmatch(key):
        if config.stripe_api_base:
            raise PaymentLocked("A test key of Stripe's goes to Stripe only: remove STRIPE_API_BASE.")
        return PaymentMode.TEST
    raise PaymentLocked(
        "STRIPE_API_KEY must be a test key: sk_test_standin_… for the stand-in, or sk_test_… or rk_test_… of a "
        "Stripe sandbox, without spaces."
    )


def _check_standin_base(api_base: str, standin_hosts: Sequence[str]) -> None:
    if not api_base:
        raise PaymentLocked("A key of the stand-in needs STRIPE_API_BASE, the stand-in's address on this machine.")
    scheme, host = _origin(api_base)
    if scheme != "http" or host not in standin_hosts:
        raise PaymentLocked("The stand-in answers on this machine only: STRIPE_API_BASE must be http://127.0.0.1:….")


def _origin(address: str) -> tuple[str, str | None]:
    """Scheme and host; nothing of an address that cannot be read."""
    try:
        url = urlsplit(address)
        return url.scheme, url.hostname
    except ValueError:
        return "", None


def _check_secrets(config: PaymentSettings) -> None:
    try:
        check_secrets(config.stripe_webhook_secrets)
    except ValueError as error:
        raise PaymentLocked(str(error)) from None
    if config.env == "production" and any(len(secret) < _SHORTEST_SECRET for secret in config.stripe_webhook_secrets):
        raise PaymentLocked("STRIPE_WEBHOOK_SECRETS is too short to be one of Stripe's.")
