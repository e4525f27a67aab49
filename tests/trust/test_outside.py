"""Nothing of the shop comes from or goes to another host, no card is typed here, and who answers for Stripe must prove it."""

from __future__ import annotations

import http.server
import re
import ssl
import threading
from urllib.parse import urlsplit

import pytest

from shop.payments.errors import StripeDown
from shop.payments.gateway import Gateway
from tests.support.certificates import certificate
from tests.support.people import browser_of_staff
from tests.support.world import make_world, rules
from tests.trust.owner import make_owner

LOADED = re.compile(
    r"<(?:script|img|iframe|source|video|audio|embed|object|use)\b[^>]*?\b(?:src|srcset|data|href)=\"([^\"]+)\"|<link\b[^>]*\bhref=\"([^\"]+)\""
)
POSTED = re.compile(r"<form\b[^>]*\baction=\"([^\"]+)\"")
CARD = re.compile(r"autocomplete=\"cc-|name=\"(?:card|cc|cvc|cvv|pan)[^\"]*\"|\b4242[ -]?4242", re.IGNORECASE)


@pytest.mark.sqlite
def test_no_page_loads_or_sends_anything_elsewhere_and_none_asks_for_a_card(app):
    make_world()
    owner, wrong, seen = make_owner(app), [], 0
    for browser in (app.test_client(), owner.browser, browser_of_staff("owner", app)):
        for rule in rules(app, "GET"):
            for address in owner.addresses(rule, links=True):
                answer = browser.get(address, inspect=False)
                if answer.mimetype != "text/html":
                    continue
                text = answer.get_data(as_text=True)
                targets = [one or other for one, other in LOADED.findall(text)] + POSTED.findall(text)
                seen += len(targets)
                wrong += [f"{address}: {target}" for target in targets if not at_home(target)]
                wrong += [f"{address}: {found[0]}" for found in CARD.finditer(text)]
    assert wrong == []
    assert seen > 1000


def at_home(target: str) -> bool:
    parts = urlsplit(target.split()[0])
    return (parts.scheme in ("", "data") and not parts.netloc) or parts.netloc == "localhost"


def test_a_stripe_that_cannot_prove_its_name_is_not_spoken_to(imposter):
    gateway = Gateway("sk_test_of_a_shop", api_base=imposter.url, max_network_retries=0)
    with pytest.raises(StripeDown):
        gateway.get_session("cs_test_" + "a" * 20)
    assert imposter.heard == []


def test_e_mail_goes_only_to_a_server_that_proves_its_name():
    import inspect

    from shop.core import mail

    source = inspect.getsource(mail)
    assert "ssl.create_default_context()" in source
    assert not re.search(r"CERT_NONE|check_hostname|_create_unverified", source)


class Imposter:
    """A server over TLS whose certificate nobody vouches for."""

    def __init__(self, folder):
        self.heard = []
        heard = self.heard

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                heard.append(self.path)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_said):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(folder))
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.server.handle_error = lambda *_where: None
        self.url = f"https://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def imposter(tmp_path):
    made = Imposter(tmp_path)
    yield made
    made.server.shutdown()
    made.server.server_close()
