"""A Stripe that costs nothing, for the shop and for the yardstick alike: what it takes is not theirs.

It answers inside the process with the SDK's own objects and remembers pages as small files, because the two web
processes must know each other's. Everything on this side of it, the SDK included, is the real path.
"""

from __future__ import annotations

import json
import os
import time
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qsl

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

HOST = "http://stripe.bench"


class FreeStripe(BaseAdapter):
    """Creates a page, and when asked again says that it was paid."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def send(self, request: Any, **_options: Any) -> requests.Response:
        asked = request.url.removeprefix(f"{HOST}/v1/checkout/sessions").partition("?")[0].strip("/")
        answer = self._made(dict(parse_qsl(request.body or ""))) if request.method == "POST" else self._paid(asked)
        response = requests.Response()
        response.status_code, response.url, response.request = 200, request.url, request
        response.headers.update({"Content-Type": "application/json", "Request-Id": "req_bench"})
        response.raw = HTTPResponse(BytesIO(json.dumps(answer).encode()), status=200, preload_content=False)
        return response

    def close(self) -> None:
        """Nothing is open."""

    def _made(self, form: dict[str, str]) -> dict[str, Any]:
        name = f"cs_test_{token_hex(12)}"
        page = _page(name, form)
        (self.folder / name).write_text(json.dumps(page))
        return page

    def _paid(self, name: str) -> dict[str, Any]:
        page = json.loads((self.folder / name).read_text())
        page |= {"status": "complete", "payment_status": "paid", "payment_intent": f"pi_{name[8:]}"}
        return page


def _page(name: str, form: dict[str, str]) -> dict[str, Any]:
    items = {key: int(value) for key, value in form.items() if key.endswith(("[unit_amount]", "[fixed_amount][amount]"))}
    metadata = {key[9:-1]: value for key, value in form.items() if key.startswith("metadata[")}
    return {
        "id": name,
        "object": "checkout.session",
        "url": f"{HOST}/pay?back={name}",
        "mode": "payment",
        "livemode": False,
        "status": "open",
        "payment_status": "unpaid",
        "amount_total": sum(items.values()),
        "currency": next((value for key, value in form.items() if key.endswith("[currency]")), "gbp"),
        "client_reference_id": form.get("client_reference_id"),
        "metadata": metadata,
        "payment_intent": None,
        "created": int(time.time()),
        "expires_at": int(form.get("expires_at", time.time() + 1800)),
        "success_url": form.get("success_url"),
        "cancel_url": form.get("cancel_url"),
    }


def wire() -> requests.Session:
    """What to give to the SDK in place of a network."""
    session = requests.Session()
    session.mount(HOST, FreeStripe(Path(os.environ["SHOP_INSTANCE"]) / "bench-stripe"))
    return session
