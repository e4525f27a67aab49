"""Two people edit the same thing: a form carries the fingerprint of what it showed, and an older one is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from flask import request

from shop.core.errors import Conflict

SENTENCE = (
    "Somebody has changed this while your page was open. Your words are still here; look at the other's, then save again."
)


def fingerprint(values: Mapping[str, Any]) -> str:
    """Of what a page shows for editing."""
    said = json.dumps(values, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.blake2b(said.encode(), digest_size=12).hexdigest()


def refuse_older(values: Mapping[str, Any], name: str = "seen") -> None:
    """Raises Conflict when the form that was sent showed something else."""
    if request.form.get(name) != fingerprint(values):
        raise Conflict(SENTENCE)
