"""Every call keeps within one budget of time and of threads."""

import threading
import time
from dataclasses import fields

import pytest
import requests
import stripe
from requests.adapters import BaseAdapter

from shop.core import clock
from shop.payments import asking
from shop.payments.errors import StripeDown
from shop.payments.gateway import Gateway
from tests.payments import wiring
from tests.payments.gateway_paid import paid
from tests.payments.wiring import HOST, KEY, an_attempt

# Time and threads


class Hanging(BaseAdapter):
    """Never answers; remembers how long it was to be waited for, and lets that time pass on a clock of its own."""

    def __init__(self, wait):
        super().__init__()
        self.waited, self._wait = [], wait

    def send(self, request, timeout=None, **_):
        self.waited.append(timeout)
        self._wait(timeout)
        raise requests.exceptions.ReadTimeout("nothing came", request=request)

    def close(self):
        pass


def hanging_gateway(adapter, **options):
    session = requests.Session()
    session.mount(HOST, adapter)
    return Gateway(KEY, api_base=HOST, session=session, **options)


def test_all_tries_together_keep_within_the_budget(monkeypatch):
    passed = [0.0]

    def sleep(seconds):
        passed[0] += seconds

    monkeypatch.setattr("shop.payments.budget.monotonic", lambda: passed[0])
    monkeypatch.setattr(time, "sleep", sleep)
    adapter = Hanging(sleep)
    gateway = hanging_gateway(adapter, timeout=8, max_network_retries=5)

    with pytest.raises(StripeDown):
        gateway.get_session("cs_test_abc")

    assert passed[0] <= 8
    assert len(adapter.waited) == 2


def test_a_list_of_many_slow_pages_keeps_within_the_budget_too(gateway, standin, desk, monkeypatch):
    intent = paid(gateway, standin).payment_intent
    for _ in range(201):
        desk.refund_in_dashboard(intent, amount=1)
    passed, asked = [0.0], []
    session = wiring.stripe_wire(standin)
    adapter = session.get_adapter(HOST)
    answer = adapter.send

    def slowly(request, **options):
        asked.append(request.url)
        passed[0] += 5
        return answer(request, **options)

    monkeypatch.setattr("shop.payments.budget.monotonic", lambda: passed[0])
    monkeypatch.setattr(adapter, "send", slowly)

    with pytest.raises(StripeDown):
        Gateway(KEY, api_base=HOST, session=session, timeout=8).list_refunds(intent)
    assert len(asked) == 2


def test_calls_beyond_the_bulkhead_fail_soon_and_the_others_go_on():
    inside, let_go = threading.Semaphore(0), threading.Event()

    def wait(_):
        inside.release()
        let_go.wait(10)

    gateway = hanging_gateway(Hanging(wait), max_concurrent=2, max_network_retries=0)
    failures = []

    def call():
        with pytest.raises(StripeDown) as down:
            gateway.get_session("cs_test_abc")
        failures.append(down.value)

    threads = [threading.Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
        assert inside.acquire(timeout=10)

    with pytest.raises(StripeDown) as third:
        gateway.get_session("cs_test_abc")
    let_go.set()
    for thread in threads:
        thread.join(10)

    assert "waiting already" in third.value.detail
    assert len(failures) == 2
    with pytest.raises(StripeDown) as free_again:
        gateway.get_session("cs_test_abc")
    assert "waiting already" not in free_again.value.detail


def test_one_gateway_serves_many_threads(gateway):
    made, errors = [], []

    def buy(number):
        try:
            attempt = an_attempt(attempt_id=str(number))
            made.append(gateway.create_session(attempt=attempt, idempotency_key=f"checkout:{number}").id)
        except StripeDown as error:
            errors.append(error)

    threads = [threading.Thread(target=buy, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert not errors
    assert len(set(made)) == 4


def test_a_proxy_of_the_surroundings_does_not_stand_between_two_programs_of_one_machine(standin, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
    used = []
    session = wiring.stripe_wire(standin)
    adapter = session.get_adapter(HOST)
    answer = adapter.send

    def send(request, proxies=None, **options):
        used.append(proxies)
        return answer(request, **options)

    monkeypatch.setattr(adapter, "send", send)
    session.trust_env = True
    Gateway(KEY, api_base=HOST, session=session).list_events(clock.now(), ["refund.created"])
    assert [dict(proxies) for proxies in used] == [{}]


def test_no_object_of_stripes_leaves_the_gateway(gateway, standin):
    session = paid(gateway, standin)
    for answer in (session, session.charge):
        for field in fields(answer):
            assert not isinstance(getattr(answer, field.name), stripe.StripeObject)


def test_return_addresses_are_absolute():
    assert asking.return_urls("https://shop.example/")["cancel_url"] == "https://shop.example/checkout"
