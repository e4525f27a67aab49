"""A paid page, as the gateway sees it."""

from tests.payments.wiring import an_attempt, press


def paid(gateway, standin, **changes):
    session = gateway.create_session(attempt=an_attempt(**changes), idempotency_key="checkout:7")
    press(standin, session, "pay")
    return gateway.get_session(session.id)
