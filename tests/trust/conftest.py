"""The shop as its visitors meet it in production: behind TLS and one proxy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from shop import create_app
from tests.support.browsing import SAFE, InspectingClient
from tests.support.databases import close

SITE = "https://localhost"


class SecureClient(InspectingClient):
    """Comes over TLS and says, as browsers do, which page its forms were on."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        options.setdefault("base_url", SITE)
        if options.get("method", "GET").upper() not in SAFE:
            options["headers"] = {"Referer": f"{SITE}/", "Origin": SITE, **dict(options.get("headers") or {})}
        return super().open(*args, **options)


@pytest.fixture
def tls(app: Flask, config) -> Iterator[Flask]:
    """The same database, served over TLS behind one proxy."""
    served = create_app(replace(config, site_url=SITE, trusted_proxies=1))
    served.test_client_class = SecureClient
    with served.app_context():
        yield served
    close(served)


@pytest.fixture
def secure(tls: Flask) -> SecureClient:
    client = tls.test_client()
    assert isinstance(client, SecureClient)
    return client
