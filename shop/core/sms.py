"""Text messages: promised in the transaction of their cause, sent by the worker to a gateway over HTTP or kept as files.

`SMS_URL` is `file://<folder>` or `https://<token>@<gateway>/<path>`: the gateway gets one JSON object by POST, {"to",
"text", "from", "reference"}, with the token as bearer. No text names a treatment: a message is read on a locked screen.
"""

from __future__ import annotations

import json
import re
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import Request, urlopen

from flask import current_app

from shop.core import clock
from shop.core.outbox import put
from shop.core.settings import setting

KIND = "sms"
SECONDS = 15
LONGEST = 320
CODES = {"GB": "44", "IE": "353", "FR": "33", "DE": "49", "NL": "31", "ES": "34", "IT": "39", "US": "1", "CA": "1"}


class SmsNotSent(Exception):
    """The gateway did not take it; the worker comes again."""


def send(text: str, *, phone: str, key: str) -> bool:
    """Promise one message. False, and nothing is promised, where the clinic sends none or the number is none."""
    to = dialled(phone, country=setting("clinic.country")) if setting("visits.sms") else None
    if to is None:
        return False
    put(KIND, {"to": to, "text": " ".join(text.split())[:LONGEST], "reference": key}, key=f"sms:{key}")
    return True


def dialled(phone: str, *, country: str) -> str | None:
    """ "07700 900 123" → "+447700900123"; None for what no telephone would ring at."""
    text = re.sub(r"[\s().\-/]", "", phone)
    if text.startswith("00"):
        text = f"+{text[2:]}"
    elif text.startswith("0") and country in CODES:
        text = f"+{CODES[country]}{text[1:]}"
    return text if re.fullmatch(r"\+[1-9][0-9]{7,14}", text, re.ASCII) else None


def deliver(*, to: str, text: str, reference: str) -> None:
    """Outbox handler. Raises SmsNotSent to come again; the reference tells a gateway that it knows the message."""
    address = urlsplit(current_app.config["SHOP"].sms_url)
    if address.scheme == "file":
        _keep(Path(unquote(address.path)), to=to, text=text, reference=reference)
        return
    token, host = address.username or "", address.netloc.rpartition("@")[2]
    body = {"to": to, "text": text, "from": setting("clinic.name")[:11], "reference": reference}
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {unquote(token)}"}
    headers["Idempotency-Key"] = reference
    if address.scheme not in ("https", "http"):
        raise SmsNotSent("SMS_URL is neither file:// nor https://.")
    url, data = address._replace(netloc=host).geturl(), json.dumps(body).encode()
    _post(Request(url, data, headers, method="POST"))  # noqa: S310 (the scheme was looked at just above)


def _post(asked: Request) -> None:
    try:
        answer: Any = urlopen(asked, timeout=SECONDS)  # noqa: S310 (the operator's own address)
    except HTTPError as refused:
        refused.close()
        raise SmsNotSent(f"The gateway answered {refused.code}.") from None
    except (URLError, TimeoutError, OSError):
        raise SmsNotSent("The gateway did not answer.") from None
    assert isinstance(answer, HTTPResponse)
    with answer:
        if not 200 <= answer.status < 300:
            raise SmsNotSent(f"The gateway answered {answer.status}.")


def _keep(folder: Path, *, to: str, text: str, reference: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w-]", "-", reference)[:80]
    kept = json.dumps({"to": to, "text": text, "at": clock.now().isoformat()}, ensure_ascii=False)
    (folder / f"{clock.now():%Y%m%dT%H%M%S}-{name}.json").write_text(kept, encoding="utf-8")
