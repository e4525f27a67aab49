"""The secrets of development: drawn once on this machine, readable by their owner alone, never committed."""

from __future__ import annotations

import base64
import os
import secrets

from dev.places import INSTANCE

STANDIN_PREFIX = "sk_test_standin_"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread when typed off a screen
DEMO_PEOPLE = ("client@example.com", "consultant@example.com", "admin@example.com")


def read_or_draw() -> dict[str, str]:
    """What instance/dev.env holds, completed with what is missing; the caller's environment wins over both."""
    path = INSTANCE / "dev.env"
    known = _read(path.read_text()) if path.exists() else {}
    drawn = _draw() | known
    if drawn != known:
        INSTANCE.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.writelines(f"{name}={value}\n" for name, value in drawn.items())
    return {name: os.environ.get(name) or value for name, value in drawn.items()}


def _draw() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "SHOP_FIELD_KEYS": "dev:" + base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "STRIPE_API_KEY": STANDIN_PREFIX + secrets.token_hex(16),
        "STRIPE_WEBHOOK_SECRETS": "whsec_" + secrets.token_hex(24),
        "SHOP_DEMO_PASSWORD": "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(3)),
        "SHOP_DEMO_SECOND_FACTOR": base64.b32encode(os.urandom(20)).decode(),
    }


def _read(text: str) -> dict[str, str]:
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, value in pairs}


def sign_ins(values: dict[str, str]) -> list[str]:
    """`e-mail  password  [second-factor secret]`, one line for each demo person."""
    password, second = values["SHOP_DEMO_PASSWORD"], values["SHOP_DEMO_SECOND_FACTOR"]
    return [f"{email}  {password}" + ("" if email.startswith("client") else f"  {second}") for email in DEMO_PEOPLE]
