"""The locks between a demonstration and real money, each broken alone."""

import subprocess
import sys
from dataclasses import dataclass, replace

import pytest

from config import Config
from shop.payments.locks import PaymentLocked, PaymentMode, check_payment_setup
from shop.payments.standin.__main__ import check_start

# Written in two parts, so that nothing here looks like a key that got away.
LIVE = "rk_" + "live_51AbCdEfGhIjKl"
LIVE_SECRET_KEY = "sk_" + "live_51AbCdEfGhIjKl"
SECRET = "whsec_abcdefghijklmnopqrstuvwxyz012345"


@dataclass(frozen=True)
class Settings:
    """What the locks look at."""

    env: str
    stripe_api_key: str
    stripe_api_base: str
    stripe_webhook_secrets: tuple[str, ...]
    site_url: str


PRODUCTION = Settings("production", LIVE, "", (SECRET,), "https://shop.example")
DEMO = Settings("demo", "sk_test_standin_demo", "http://127.0.0.1:8100", (SECRET,), "http://127.0.0.1:8000")
SANDBOX = Settings("development", "sk_test_51AbCdEf", "", (SECRET,), "http://127.0.0.1:8000")


@pytest.mark.parametrize(
    ("settings", "mode"),
    [
        (PRODUCTION, PaymentMode.LIVE),
        (replace(PRODUCTION, stripe_api_key=LIVE_SECRET_KEY), PaymentMode.LIVE),
        (DEMO, PaymentMode.STANDIN),
        (replace(DEMO, env="development"), PaymentMode.STANDIN),
        (replace(DEMO, stripe_api_base="http://localhost:8100"), PaymentMode.STANDIN),
        (SANDBOX, PaymentMode.TEST),
        (replace(SANDBOX, stripe_api_key="rk_test_51AbCdEf"), PaymentMode.TEST),
    ],
)
def test_what_fits_together_starts(settings, mode):
    assert check_payment_setup(settings) is mode
    assert check_payment_setup(settings, stored_mode=mode.value) is mode


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"stripe_api_key": ""}, "STRIPE_API_KEY"),
        ({"stripe_api_key": " "}, "STRIPE_API_KEY"),
        ({"stripe_api_key": LIVE + " "}, "STRIPE_API_KEY"),
        ({"stripe_api_key": LIVE + "\n"}, "STRIPE_API_KEY"),
        ({"stripe_api_key": "sk_test_51AbCdEf"}, "STRIPE_API_KEY"),
        ({"stripe_api_key": "sk_test_standin_demo"}, "STRIPE_API_KEY"),
        ({"stripe_api_key": "pk_" + "live_51AbCdEf"}, "STRIPE_API_KEY"),
        ({"stripe_api_base": "http://127.0.0.1:8100"}, "STRIPE_API_BASE"),
        ({"stripe_api_base": "https://api.stripe.com"}, "STRIPE_API_BASE"),
        ({"site_url": "http://shop.example"}, "SITE_URL"),
        ({"site_url": "https://"}, "SITE_URL"),
        ({"site_url": "https://[shop"}, "SITE_URL"),
        ({"site_url": ""}, "SITE_URL"),
        ({"stripe_webhook_secrets": ()}, "STRIPE_WEBHOOK_SECRETS"),
        ({"stripe_webhook_secrets": (SECRET, "")}, "whsec_"),
        ({"stripe_webhook_secrets": ("whsec_tooshort",)}, "STRIPE_WEBHOOK_SECRETS"),
        ({"env": "prod"}, "SHOP_ENV"),
        ({"env": ""}, "SHOP_ENV"),
        ({"env": "development"}, "production"),
        ({"env": "demo"}, "production"),
    ],
)
def test_production_starts_with_every_lock_holding_and_not_with_one_broken(changes, names):
    with pytest.raises(PaymentLocked, match=names) as locked:
        check_payment_setup(replace(PRODUCTION, **changes))
    assert LIVE not in locked.value.sentence


@pytest.mark.parametrize(
    "changes",
    [
        {"stripe_api_key": ""},
        {"stripe_api_key": LIVE},
        {"stripe_api_key": " " + LIVE},
        {"stripe_api_key": "sk_test_standin_demo "},
        {"stripe_api_key": "sk_test_standin_"},
        {"stripe_api_key": "sk_test_51AbCdEf"},
        {"stripe_api_base": ""},
        {"stripe_api_base": "http://standin.example:8100"},
        {"stripe_api_base": "http://127.0.0.1.evil.example"},
        {"stripe_api_base": "http://[127.0.0.1"},
        {"stripe_api_base": "http://127.0.0.1@evil.example"},
        {"stripe_api_base": "https://api.stripe.com"},
        {"stripe_webhook_secrets": ()},
        {"env": "production"},
    ],
)
def test_a_demonstration_stays_on_its_machine(changes):
    with pytest.raises(PaymentLocked):
        check_payment_setup(replace(DEMO, **changes))


def test_a_sandbox_key_goes_to_stripe_alone():
    with pytest.raises(PaymentLocked, match="STRIPE_API_BASE"):
        check_payment_setup(replace(SANDBOX, stripe_api_base="http://127.0.0.1:8100"))


@pytest.mark.parametrize("settings", [PRODUCTION, DEMO, SANDBOX])
@pytest.mark.parametrize("stored", ["live", "test", "standin", "something"])
def test_a_database_keeps_the_mode_it_began_with(settings, stored):
    mode = check_payment_setup(settings)
    if stored == mode:
        assert check_payment_setup(settings, stored_mode=stored) is mode
        return
    with pytest.raises(PaymentLocked, match="database"):
        check_payment_setup(settings, stored_mode=stored)


def test_every_page_says_when_no_money_moves():
    assert PaymentMode.LIVE.banner is None
    assert PaymentMode.LIVE.moves_money
    for mode in (PaymentMode.TEST, PaymentMode.STANDIN):
        assert "No money moves" in mode.banner
        assert not mode.moves_money


def test_the_shops_own_configuration_can_be_checked():
    config = Config(
        stripe_api_key="sk_test_standin_demo", stripe_api_base="http://127.0.0.1:8100", stripe_webhook_secrets=(SECRET,)
    )
    assert check_payment_setup(config) is PaymentMode.STANDIN


# The stand-in as a program


def standin_config(**changes) -> Config:
    usual = {"stripe_api_key": DEMO.stripe_api_key, "stripe_api_base": DEMO.stripe_api_base}
    return Config(**({"env": "demo", "stripe_webhook_secrets": (SECRET,)} | usual | changes))


def test_the_stand_in_starts_where_no_money_is():
    check_start(standin_config(), {"SHOP_ENV": "demo"})


@pytest.mark.parametrize(
    ("changes", "environ"),
    [
        ({"env": "production"}, {}),
        ({}, {"SHOP_ENV": "production"}),
        ({}, {"STRIPE_API_KEY": LIVE}),
        ({}, {"SOME_OTHER_NAME": f"x:{LIVE_SECRET_KEY}"}),
        ({"stripe_api_key": "sk_test_51AbCdEf", "stripe_api_base": ""}, {}),
        ({"stripe_api_base": ""}, {}),
        ({"stripe_webhook_secrets": ()}, {}),
    ],
)
def test_the_stand_in_does_not_start_beside_real_money(changes, environ):
    with pytest.raises(PaymentLocked):
        check_start(standin_config(**changes), environ)


@pytest.mark.parametrize(
    "changes",
    [
        {"SHOP_ENV": "production"},
        {"STRIPE_API_KEY": LIVE},
        {"STRIPE_API_KEY": "sk_test_51AbCdEf"},
        {"OTHER": LIVE_SECRET_KEY},
    ],
)
def test_the_program_ends_with_one_sentence_when_a_lock_is_open(changes, tmp_path):
    usual = {
        "SHOP_ENV": "demo",
        "SHOP_INSTANCE": str(tmp_path),
        "STRIPE_API_KEY": DEMO.stripe_api_key,
        "STRIPE_API_BASE": DEMO.stripe_api_base,
        "STRIPE_WEBHOOK_SECRETS": SECRET,
    }
    command = [sys.executable, "-m", "shop.payments.standin", "--port", "1"]

    done = subprocess.run(command, env=usual | changes, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 2
    assert done.stderr.startswith("The stand-in does not start: ")
    assert "Traceback" not in done.stderr
    assert "live_51" not in done.stderr
