"""Before a plan shows why, its reader proves to be the client: six digits go to the address the clinic has."""

from __future__ import annotations

from datetime import timedelta

from flask import session

from shop.accounts import mail_tokens
from shop.accounts.models import Client
from shop.core.errors import Refused
from shop.core.limits import hit
from shop.core.mail import send
from shop.core.settings import setting

PURPOSE, ASKED = "plan", "plan_code"
A_FEW, PER = 5, timedelta(hours=1)


def masked(email: str) -> str:
    """ "n…@example.com": enough to know which mailbox to look into."""
    name, _, host = email.partition("@")
    return f"{name[:1]}…@{host}" if host else ""


def limit(client_id: int) -> None:
    """Before the request's first query. Raises TooMany."""
    hit("plan-code", str(client_id), allowed=A_FEW, per=PER)


def send_code(client: Client) -> None:
    """The digits open nothing in any other browser. Raises Refused without an address."""
    if not client.email:
        raise Refused("We have no e-mail address of yours. Call us, and we read the plan with you.")
    token, digits = mail_tokens.draw_digits(PURPOSE, email=client.email)
    session[ASKED] = token
    send(
        "plan_code",
        to=client.email,
        subject=f"Your code for {setting('clinic.name')}",
        key=f"plan-code:{mail_tokens.mark_of(token)}",
        name=client.name,
        code=digits,
    )


def has_asked() -> bool:
    return session.get(ASKED) is not None


def try_digits(client: Client, digits: str) -> bool:
    """Whether they fit; five tries. Raises Refused when the code is spent or was sent to somebody else."""
    row = mail_tokens.try_digits(PURPOSE, str(session.get(ASKED, "")), digits)
    if row is None:
        return False
    if row.email != client.email.lower():
        raise Refused(mail_tokens.SPENT)
    session.pop(ASKED, None)
    return True
