"""The shop as it is served, with a Stripe that costs nothing: only what the shop itself does is to be measured."""

from __future__ import annotations

import os

from bench.free_stripe import HOST, wire
from shop import create_app
from shop.payments.gateway import Gateway

app = create_app()
app.extensions["gateway"] = Gateway(
    os.environ["STRIPE_API_KEY"], api_base=HOST, session=wire(), max_network_retries=0, max_concurrent=8
)

if __name__ == "__main__":
    from shop.serving import serve

    serve(app)
