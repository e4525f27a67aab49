"""`python -m shop.payments.standin --port 8100`: the stand-in as a program, on this machine and for tests alone."""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from config import Config
from shop.payments.locks import PaymentLocked, PaymentMode, check_payment_setup

HOST = "127.0.0.1"
_ANY_LIVE_KEY = re.compile(r"\b(?:sk|rk)_live_\w+")


def main() -> int:
    """Serve until interrupted. Answers 2, with one sentence, when a lock does not hold."""
    options = _options()
    try:
        config = Config.from_env()
        check_start(config, os.environ)
    except (PaymentLocked, RuntimeError) as error:
        print(f"The stand-in does not start: {error}", file=sys.stderr)
        return 2
    return _serve(options, config)


def check_start(config: Config, environ: Mapping[str, str]) -> None:
    """Raise PaymentLocked unless this is plainly a place without real money."""
    if config.env == "production" or environ.get("SHOP_ENV") == "production":
        raise PaymentLocked("there is no stand-in in production.")
    if any(_ANY_LIVE_KEY.search(value) for value in environ.values()):
        raise PaymentLocked("a live key is in the environment.")
    if check_payment_setup(config) is not PaymentMode.STANDIN:
        raise PaymentLocked("STRIPE_API_KEY must begin with sk_test_standin_.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m shop.payments.standin", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="where to listen, on 127.0.0.1 alone")
    parser.add_argument("--store", type=Path, help="the file that remembers, by default standin.db of the instance")
    parser.add_argument("--webhook-url", help="where events go, by default /stripe/webhook of SITE_URL")
    return parser.parse_args()


def _serve(options: argparse.Namespace, config: Config) -> int:
    from werkzeug.serving import WSGIRequestHandler, make_server

    from shop.payments.standin import create_standin

    class Quiet(WSGIRequestHandler):
        """Says nothing about each request; the addresses hold session numbers."""

        protocol_version = "HTTP/1.1"

        def log(self, type: str, message: str, *args: object) -> None:
            pass

    store = options.store or config.instance / "standin.db"
    store.parent.mkdir(parents=True, exist_ok=True)
    app = create_standin(
        store,
        webhook_url=options.webhook_url or f"{config.site_url}/stripe/webhook",
        webhook_secret=config.stripe_webhook_secrets[0],
        public_url=f"http://{HOST}:{options.port}",
    )
    try:
        server = make_server(HOST, options.port, app, threaded=True, request_handler=Quiet)
    except SystemExit:
        return 1  # the port is taken; the server has said so
    # What was not delivered before the last stop goes out now.
    app.config["POSTMAN"].start()
    signal.signal(signal.SIGTERM, _interrupt)
    print(f"The stand-in answers at http://{HOST}:{options.port}, its control desk at /desk", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
        app.config["POSTMAN"].stop()
    return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
