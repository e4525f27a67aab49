"""E-mails: written down with their cause, rendered and sent later by the worker, each at most once per key."""

from __future__ import annotations

import re
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app, render_template

from shop.core import clock
from shop.core.handlers import fire
from shop.core.outbox import put
from shop.core.settings import setting

SMTP_SECONDS = 15
KIND = "mail"


def send(template: str, *, to: str, subject: str, key: str, **context: Any) -> None:
    """Promise one e-mail (templates/mail/<template>.txt and .html) in the caller's transaction.

    `context` holds plain JSON values; subjects never name a treatment, a concern or an answer. `promotes_to` among it
    is the client whom an e-mail asks to buy or to review: it stays unsent while something is open for that client.
    """
    if not to:
        return  # somebody who bought at the desk and left no address
    put(KIND, mail_payload(template, to=to, subject=subject, **context), key=f"mail:{key}")


def mail_payload(template: str, *, to: str, subject: str, **context: Any) -> dict[str, Any]:
    """What the outbox keeps of an e-mail, for callers that put several effects at once."""
    promotes = {"promotes_to": context.pop("promotes_to")} if "promotes_to" in context else {}
    return {"template": template, "to": to, "subject": one_line(subject), "context": context, **promotes}


def deliver(*, template: str, to: str, subject: str, context: dict[str, Any], promotes_to: int | None = None) -> None:
    """The outbox handler of kind "mail"."""
    if promotes_to is not None and any(fire("mail.promotes", client_id=promotes_to)):
        return
    message = compose(template, to=to, subject=subject, context=context)
    address = urlsplit(current_app.config["SHOP"].mail_url)
    if address.scheme == "file":
        _keep(message, Path(unquote(address.path)))
    else:
        _post(message, address)


def compose(template: str, *, to: str, subject: str, context: dict[str, Any]) -> EmailMessage:
    """The finished message with a text and an HTML part."""
    message = EmailMessage()
    message["Subject"] = one_line(subject)
    message["From"] = formataddr((setting("clinic.name"), setting("clinic.email")))
    message["To"] = one_line(to)
    message["Date"] = format_datetime(clock.now())
    digest = sha256(repr((template, to, subject, sorted(context.items()))).encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{digest}@{urlsplit(current_app.config['SHOP'].site_url).hostname}>"
    words = {"subject": subject, **context}
    message.set_content(render_template(f"mail/{template}.txt", **words))
    message.add_alternative(render_template(f"mail/{template}.html", **words), subtype="html")
    return message


def one_line(text: str) -> str:
    """No header can be smuggled in through a name."""
    return re.sub(r"[\r\n\x00]+", " ", text).strip()


def _keep(message: EmailMessage, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{clock.now():%Y%m%dT%H%M%S}-{message['Message-ID'][1:17]}.eml"
    (folder / name).write_bytes(message.as_bytes())


def _post(message: EmailMessage, address: Any) -> None:
    """smtp:// speaks STARTTLS when the server offers it, smtps:// speaks TLS from the first byte; both check names.

    A name and a password never travel in the clear beyond this machine. Raises smtplib's and ssl's errors.
    """
    context = ssl.create_default_context()
    host, port = address.hostname or "localhost", address.port
    if address.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=SMTP_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port or 587, timeout=SMTP_SECONDS)
    with server:
        if address.scheme == "smtp":
            server.ehlo()  # what the server can do is known only after this
            if server.has_extn("starttls"):
                server.starttls(context=context)
            elif address.username and host not in ("localhost", "127.0.0.1", "::1"):
                raise smtplib.SMTPNotSupportedError(f"{host} offers no STARTTLS; the password stays here")
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(message)
