"""Guessing is slowed by who guesses and from where; nobody can shut another person out."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network

from shop.core import limits

WINDOW = timedelta(minutes=10)
PER_ADDRESS = 9
PER_ACCOUNT_AND_ADDRESS = 5
MAILS_PER_ADDRESS = 10
MAILS_PER_ACCOUNT = 5
CODES_PER_ACCOUNT = 20
SECOND_PER_ACCOUNT = 10
PINS_PER_DEVICE, PIN_WINDOW = 5, timedelta(days=1)
PIN_STOP = "That was tried too often. On this tablet please sign in with your password and second factor again."
WAIT = "That was tried too often from here. Please wait ten minutes, or use “Forgotten your password?”."
MAIL_WAIT = "We have sent several e-mails already. Please look in your inbox and your junk folder, or wait ten minutes."
CODES_WAIT = "There were many codes for this address today. Please sign in with your password, or tomorrow with a code."
CODE_WAIT = "That was tried too often. Please wait ten minutes; your next code will work then."


def slow_guessing(email: str, address: str) -> None:
    """Count one try to sign in; call before the request's first query. Raises TooMany."""
    limits.hit("guess-from", _from(address), allowed=PER_ADDRESS, per=WINDOW, sentence=WAIT)
    limits.hit("guess-at", _at(email, address), allowed=PER_ACCOUNT_AND_ADDRESS, per=WINDOW, sentence=WAIT)


def forgive(email: str, address: str) -> None:
    """The right password was given: this try was no guess. Call after the request's own commit."""
    limits.give_back("guess-from", _from(address), per=WINDOW)
    limits.give_back("guess-at", _at(email, address), per=WINDOW)


def slow_mailing(email: str, address: str) -> None:
    """Count one e-mail that a visitor makes us send. Raises TooMany, the same for known and unknown addresses."""
    limits.hit("mail-from", _from(address), allowed=MAILS_PER_ADDRESS, per=WINDOW, sentence=MAIL_WAIT)
    limits.hit("mail-to", _at(email, address), allowed=MAILS_PER_ACCOUNT, per=WINDOW, sentence=MAIL_WAIT)


def slow_code_mails(email: str, address: str) -> None:
    """The same for sign-in codes, of which an account gets few a day: each is one more number to guess."""
    slow_mailing(email, address)
    limits.hit("codes-to", _short(email), allowed=CODES_PER_ACCOUNT, per=timedelta(days=1), sentence=CODES_WAIT)


def slow_second(user_id: int) -> None:
    """Count one try of a second factor; only who knows the password gets this far. Raises TooMany."""
    limits.hit("second", str(user_id), allowed=SECOND_PER_ACCOUNT, per=WINDOW, sentence=CODE_WAIT)


def slow_pin(device_id: int) -> None:
    """Count one PIN on one proved device; past the fifth wrong one in a day the proof is over. Raises TooMany."""
    limits.hit("pin", str(device_id), allowed=PINS_PER_DEVICE, per=PIN_WINDOW, sentence=PIN_STOP)


def forgive_pin(device_id: int) -> None:
    """The PIN was right. Call before the request's own transaction."""
    limits.give_back("pin", str(device_id), per=PIN_WINDOW)


def slow_codes(address: str) -> None:
    """Count one try of an e-mailed code. Raises TooMany."""
    limits.hit("code-from", _from(address), allowed=20, per=WINDOW, sentence=CODE_WAIT)


def _from(address: str) -> str:
    """One household or office: a whole /64 of IPv6 counts as one address."""
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    return _short(str(ip_network((known, 64), strict=False)) if known.version == 6 else address)


def _at(email: str, address: str) -> str:
    return f"{_short(email)}:{_from(address)}"


def _short(text: str) -> str:
    """The table of limits holds no addresses of people."""
    return sha256(text.lower().encode()).hexdigest()[:24]
