"""The stand-in as a program of its own: over sockets, stopped and started again, one per port."""

import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from config import Config
from shop.payments.answers import Event
from shop.payments.errors import StripeDown
from shop.payments.gateway import Gateway
from shop.payments.signatures import read_event
from tests.payments.wiring import an_attempt
from tests.support import processes

SECRET = "whsec_of_the_program"


@contextmanager
def a_shop():
    """A bare webhook: `events` holds what came, `came` counts it."""
    came, events = threading.Semaphore(0), []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            signature = self.headers["Stripe-Signature"]
            events.append(read_event(body, signature, [SECRET], livemode=False, now=datetime.now(UTC)))
            self.send_response(200)
            self.end_headers()
            came.release()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", came, events
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def press():
    with requests.Session() as browser:
        browser.trust_env = False
        yield lambda url, **data: browser.post(url, data=data, allow_redirects=False)


def test_a_whole_round_over_sockets_survives_a_restart(tmp_path, press):
    port = processes.free_port()
    with a_shop() as (site_url, came, events):
        config = Config(
            env="demo",
            stripe_api_key="sk_test_standin_program",
            stripe_api_base=f"http://127.0.0.1:{port}",
            stripe_webhook_secrets=(SECRET,),
            site_url=site_url,
            instance=tmp_path,
        )
        gateway = Gateway(config.stripe_api_key, api_base=config.stripe_api_base, max_network_retries=0)
        with processes.standin_server(config, tmp_path, port=port):
            session = gateway.create_session(attempt=an_attempt(), idempotency_key="checkout:7")
            assert press(session.url, action="slow").status_code == 303
            assert came.acquire(timeout=20)
            press(f"{config.stripe_api_base}/desk/fail-next", kind="reset")
            with pytest.raises(StripeDown):
                gateway.get_session(session.id)
            second = _start(config, tmp_path, port)
            assert second.wait(timeout=60) == 1
        with pytest.raises(StripeDown):
            gateway.get_session(session.id)
        with processes.standin_server(config, tmp_path, port=port):
            assert gateway.get_session(session.id).intent_status == "processing"
            press(f"{config.stripe_api_base}/desk/settle-slow-ok", id=session.id)
            assert came.acquire(timeout=20)
            assert gateway.get_session(session.id).is_paid
    assert [_short(event) for event in events] == ["completed", "async_payment_succeeded"]


def _start(config: Config, folder, port: int) -> subprocess.Popen:
    command = [sys.executable, "-m", "shop.payments.standin", "--port", str(port)]
    env = processes.environment(config)
    return subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _short(event: Event) -> str:
    return event.type.removeprefix("checkout.session.")
