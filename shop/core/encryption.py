"""Fields that must be unreadable in a stolen database: AES-GCM, the key's id beside the text, keys outside the database."""

from __future__ import annotations

import base64
import json
import os
from typing import Any

from flask import current_app
from sqlalchemy import Dialect, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

NONCE_BYTES = 12


class UnknownKey(RuntimeError):
    """A field was written with a key that SHOP_FIELD_KEYS no longer holds."""


def draw_key(name: str) -> str:
    """A new entry for SHOP_FIELD_KEYS."""
    return f"{name}:{base64.urlsafe_b64encode(os.urandom(32)).decode()}"


def first_key() -> str:
    """The name of the key that seals from now on."""
    return next(iter(_keys()))


def encrypt(text: str) -> str:
    """`keyid.base64(nonce + sealed)`, with the first key of SHOP_FIELD_KEYS."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key_id, key = next(iter(_keys().items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), key_id.encode())
    return f"{key_id}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def decrypt(stored: str) -> str:
    """Raises UnknownKey when the key is gone; cryptography's InvalidTag when the text was altered."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key_id, _, body = stored.partition(".")
    keys = _keys()
    if key_id not in keys:
        raise UnknownKey(f"SHOP_FIELD_KEYS has no key named {key_id!r}.")
    raw = base64.urlsafe_b64decode(body)
    return AESGCM(keys[key_id]).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], key_id.encode()).decode()


def encrypt_bytes(raw: bytes) -> bytes:
    """`keyid.` and then nonce and sealed bytes as they are: a file costs no more than it weighs."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key_id, key = next(iter(_keys().items()))
    nonce = os.urandom(NONCE_BYTES)
    return key_id.encode() + b"." + nonce + AESGCM(key).encrypt(nonce, raw, key_id.encode())


def decrypt_bytes(stored: bytes) -> bytes:
    """Raises as `decrypt` does."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    name, _, body = bytes(stored).partition(b".")
    keys = _keys()
    if name.decode() not in keys:
        raise UnknownKey(f"SHOP_FIELD_KEYS has no key named {name.decode()!r}.")
    return AESGCM(keys[name.decode()]).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], name)


def _keys() -> dict[str, bytes]:
    named: dict[str, bytes] = {}
    for entry in current_app.config["SHOP"].field_keys:
        name, _, secret = entry.partition(":")
        named[name] = base64.urlsafe_b64decode(secret)[:32]
    return named


class EncryptedText(TypeDecorator[str]):
    """A text column that holds only sealed text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else encrypt(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else decrypt(value)


class EncryptedJSON(TypeDecorator[Any]):
    """The same for a JSON value."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else encrypt(json.dumps(value, ensure_ascii=False, sort_keys=True))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(decrypt(value))


class EncryptedBytes(TypeDecorator[bytes]):
    """A column of whole files, each sealed."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else encrypt_bytes(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else decrypt_bytes(value)
