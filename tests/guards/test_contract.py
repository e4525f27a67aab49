"""The names that others rely on: addresses, fields, commands, their output and exit codes, the environment, the demo people."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from importlib import import_module

import pytest
from sqlalchemy import update

from config import Config
from shop.accounts.models import ROLES
from shop.care.tables import read_rows
from shop.catalog import indexing
from shop.catalog.filters import SORTS, Filters
from shop.core.db import db
from shop.inventory.models import Stock
from tests.support.factories import make_product
from tests.support.forms import forms
from tests.support.journeys import checkout_form, fill_bag
from tests.support.world import make_world

ANYONE = [
    "/",
    "/concerns",
    "/concerns/fine-lines",
    "/treatments/meso-lines",
    "/packages/meso-lines-6",
    "/products",
    "/products/calm-serum",
    "/brands/solenne",
    "/search?q=serum",
    "/ask",
    "/guide",
    "/consultation",
    "/team",
    "/team/ada",
    "/contact",
    "/legal/terms",
    "/legal/privacy",
    "/legal/returns",
    "/legal/complaints",
    "/legal/accessibility",
    "/sitemap.xml",
    "/robots.txt",
    "/healthz",
    "/readyz",
    "/register",
    "/login",
    "/login/code",
    "/reset",
    "/bag",
    "/screening/meso-lines",
]
CLIENT = [
    "/account",
    "/account/orders",
    "/account/credits",
    "/account/visits",
    "/account/visits/new",
    "/account/routine",
    "/account/cupboard",
    "/account/privacy",
    "/account/sign-ins",
]
STAFF = [
    "orders",
    "attention",
    "stock",
    "products",
    "packages",
    "clients",
    "visits",
    "plans",
    "rules",
    "reports",
    "codes",
    "staff",
    "settings",
    "imports",
    "cases",
]
WITH_AN_ARGUMENT = [
    "/confirm/<token>",
    "/checkout/return",
    "/orders/<number>",
    "/orders/<number>/withdraw",
    "/orders/<number>/invoice",
    "/calendar/<token>.ics",
    "/plan/<token>",
    "/login/second",
]
POSTED = [
    "/bag/lines",
    "/bag/lines/<int:line_id>",
    "/bag/codes",
    "/checkout",
    "/stripe/webhook",
    "/logout",
    "/login",
    "/register",
    "/reset",
]
# Desks and pages that open with the part of the shop they belong to.
LATER = {"/admin/plans", "/admin/codes", "/admin/cases", "/plan/<token>"}

LIST_FIELDS = {"concern", "brand", "step", "active", "free_from", "price_max", "in_stock", "q", "sort"}
CHECKOUT_FIELDS = [
    "email",
    "name",
    "line1",
    "line2",
    "city",
    "postcode",
    "country",
    "phone",
    "delivery",
    "for_me",
    "terms",
    "adult",
]
COMMANDS = [
    "setup",
    "create-staff",
    "load-rules",
    "seed-demo",
    "import-products",
    "import-ingredients",
    "check",
    "sweep",
    "backup",
    "copy-db",
    "explain",
]
IMPORT_OPTIONS = ["--dry-run", "--format", "--map", "--currency", "--stock", "--key"]
ENGINES = ["inci", "calendar", "series", "refund", "screen", "match", "claims"]
VARIABLES = [
    "SHOP_ENV",
    "DATABASE_URL",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "SHOP_FIELD_KEYS",
    "STRIPE_API_KEY",
    "STRIPE_WEBHOOK_SECRETS",
    "STRIPE_API_BASE",
    "REDIS_URL",
    "MAIL_URL",
    "SMS_URL",
    "MEDIA_URL",
    "SITE_URL",
    "SHOP_TRUSTED_PROXIES",
    "SHOP_CURRENCY",
    "SHOP_TIMEZONE",
    "SHOP_JURISDICTION",
]
CLASSES = [
    "retinoid",
    "aha",
    "bha",
    "pha",
    "ascorbic-acid",
    "vitamin-c-derivative",
    "benzoyl-peroxide",
    "hydroquinone",
    "fragrance",
    "fragrance-allergen",
    "essential-oil",
    "drying-alcohol",
    "scrub",
    "minoxidil",
    "humectant",
    "ceramide",
    "peptide",
    "mineral-filter",
    "organic-filter",
    "soothing",
]
CONCERNS = [
    "skin-rejuvenation",
    "fine-lines",
    "hydration",
    "scars",
    "pigmentation",
    "stretch-marks",
    "cellulite",
    "localised-fat",
    "hair-thinning",
]
TREATMENTS = ["rejuvenation", "lines", "hydration", "scars", "pigmentation", "stretch-marks", "cellulite", "fat", "hair"]


@pytest.fixture
def shell(app):
    """`shell("shop", "check")` → click's result."""
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=[str(word) for word in words])


# --- addresses -------------------------------------------------------------------------------------------------------


def test_every_public_page_answers_everybody(client):
    make_world()
    assert {path: client.get(path).status_code for path in ANYONE} == dict.fromkeys(ANYONE, 200)


def test_every_page_of_a_client_answers_the_client(as_client):
    make_world()
    assert {path: as_client.get(path).status_code for path in CLIENT} == dict.fromkeys(CLIENT, 200)


def test_every_desk_answers_those_who_work_at_it(app, as_role):
    known = {rule.rule for rule in app.url_map.iter_rules()}
    desks = [f"/admin/{name}" for name in STAFF]
    assert set(desks) - known <= LATER
    make_world()
    owner, lead = as_role("owner"), as_role("medical-lead")
    for path in ["/admin", *(desk for desk in desks if desk in known)]:
        assert 200 in (owner.get(path).status_code, lead.get(path).status_code), path


def test_what_needs_an_argument_or_a_post_has_its_address(app):
    shapes = {(method, rule.rule) for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    missing = {path for path in WITH_AN_ARGUMENT if ("GET", path) not in shapes}
    assert missing <= LATER
    assert {path for path in POSTED if ("POST", path) not in shapes} == set()


def test_the_list_reads_its_parameters_and_gives_an_opaque_cursor(client):
    for number in range(30):
        make_product(name=f"Cream {number}", price_minor=1000 + number, stock=1)
    indexing.rebuild()
    assert set(SORTS) == {"relevance", "price", "-price", "newest", "name"}
    assert set(Filters.__slots__) >= LIST_FIELDS
    assert "Cream" not in client.get("/products?brand=nobody").text
    page = client.get("/products?sort=price&in_stock=1&price_max=20&q=cream").text
    after = re.search(r"after=([\w.~-]+)", page)
    assert after is not None
    assert "Cream 29" in client.get(f"/products?sort=price&in_stock=1&price_max=20&q=cream&after={after[1]}").text


def test_signing_in_and_checking_out_use_the_agreed_field_names(client):
    make_world()
    assert {"email", "password"} <= names(client, "/login")
    assert {"email", "password", "name"} <= names(client, "/register")
    assert "email" in names(client, "/reset")
    make_product(slug="cream", stock=3)
    fill_bag(client, package="meso-lines-6", addon=["led:6"])
    fill_bag(client, sku=first_sku("cream"), quantity=2)
    form = checkout_form(client)
    assert set(CHECKOUT_FIELDS) <= form.names
    page = client.get("/checkout").text
    assert 'value="ship"' in page
    assert 'value="collect"' in page


def names(client, path):
    return {name for form in forms(client.get(path).text, here=path) for name in form.names}


def first_sku(slug):
    from sqlalchemy import select

    from shop.catalog.models import Product, Variant

    found = select(Variant.sku).join(Product, Product.id == Variant.product_id).where(Product.slug == slug)
    return db.session.scalars(found).one()


# --- the shell -------------------------------------------------------------------------------------------------------


def test_every_command_is_there_and_says_what_it_does(shell):
    for name in COMMANDS:
        told = shell("shop", name, "--help")
        assert told.exit_code == 0, told.output
    assert all(option in shell("shop", "import-products", "--help").output for option in IMPORT_OPTIONS)
    assert "[shopify|woo|plain]" in shell("shop", "import-products", "--help").output
    assert shell("db", "upgrade", "--help").exit_code == 0
    assert shell("worker", "--help").exit_code == 0
    for engine in ENGINES:
        assert "--json" in shell("shop", "explain", engine, "--help").output


def test_setting_up_again_changes_nothing_and_check_sweep_and_backup_succeed(shell, tmp_path):
    assert shell("shop", "setup").exit_code == 0
    assert shell("shop", "setup").exit_code == 0
    checked = shell("shop", "check")
    assert (checked.exit_code, checked.output) == (0, "Every ledger adds up to its counters.\n")
    assert shell("shop", "sweep").exit_code == 0
    kept = shell("shop", "backup", tmp_path / "copy")
    assert kept.exit_code == 0, kept.output
    assert (tmp_path / "copy").stat().st_size > 1000
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0


def test_check_names_what_does_not_add_up_and_ends_with_one(shell):
    make_product(slug="cream", stock=3)
    db.session.execute(update(Stock).values(on_hand=4))
    db.session.commit()
    found = shell("shop", "check")
    assert found.exit_code == 1
    assert "1 differences." in found.output


def test_create_staff_prints_the_second_factor_and_a_link_once(shell):
    made = shell("shop", "create-staff", "--email", "desk@clinic.example", "--name", "Desk", "--role", "desk")
    assert made.exit_code == 0, made.output
    assert re.search(r"Password: +http\S+/reset/\S+", made.output)
    assert re.search(r"Second factor: +[A-Z2-7]{32}", made.output)
    again = shell("shop", "create-staff", "--email", "desk@clinic.example", "--name", "Desk", "--role", "desk")
    assert again.exit_code == 1
    assert shell("shop", "create-staff", "--email", "x@clinic.example", "--name", "X", "--role", "king").exit_code == 2
    assert set(ROLES) == {"owner", "admin", "consultant", "practitioner", "desk", "stock", "medical-lead"}


def test_load_rules_names_each_book_and_its_edition(shell):
    told = shell("shop", "load-rules")
    assert told.exit_code == 0, told.output
    assert [line.split(":")[0] for line in told.output.splitlines()] == ["windows", "screening", "aftercare", "claims"]
    assert all("is in force" in line for line in told.output.splitlines())


# --- explaining ------------------------------------------------------------------------------------------------------


def answer(shell, *words):
    told = shell("shop", "explain", *words, "--json")
    assert told.exit_code == 0, told.output
    return json.loads(told.output)


def test_inci_answers_in_the_agreed_shape(shell, tmp_path):
    told = answer(shell, "inci", "Aqua, Retinol, Parfum, Zzyzx Oligomer")
    assert set(told) == {"rows", "totals"}
    (row,) = told["rows"]
    assert set(row) == {"row", "status", "tokens", "recognised", "classes", "concerns", "unread"}
    assert (row["status"], row["tokens"], row["recognised"]) == ("unknown", 4, 3)
    assert {"retinoid", "fragrance"} <= set(row["classes"])
    many = ", ".join(
        ["Aqua", "Glycerin", "Retinol", "Parfum", "Panthenol", "Tocopherol", "Betaine", "Squalane", "Allantoin"]
    )
    table = tmp_path / "labels.csv"
    table.write_text(f'Name,List\nfull,"{many}"\npartly,"{many}, Zzyzx Oligomer"\nempty,\n', encoding="utf-8")
    rows = answer(shell, "inci", "--file", table, "--column", "List")["rows"]
    assert [row["status"] for row in rows] == ["assessed", "partly", "unknown"]
    assert shell("shop", "explain", "inci", "--file", table, "--column", "Nowhere").exit_code == 2
    assert set(CLASSES) == {row["class"] for row in read_rows("classes")}


def test_calendar_answers_in_the_agreed_shape(shell):
    asked = ("calendar", "--treatment", "meso-lines", "--session", "2026-06-10", "--inci")
    told = answer(shell, *asked, "Aqua, Glycerin, Retinol", "--on", "2026-06-09")
    assert set(told) == {"verdict", "pause_from", "back_on", "rules"}
    assert (told["verdict"], told["pause_from"], told["back_on"]) == ("pause", "2026-06-05", "2026-06-17")
    assert {"class", "rule", "version", "source"} <= set(told["rules"][0])
    assert answer(shell, *asked, "Aqua, Retinol", "--on", "2026-06-09", "--pregnant")["verdict"] == "no"
    assert answer(shell, *asked, "Aqua, Zzyzx Oligomer", "--on", "2026-06-09")["verdict"] == "not assessed"
    with_more = answer(shell, *asked, "Aqua, Glycerin", "--on", "2026-06-01", "--addon", "peel", "--allergy", "glycerin")
    assert with_more["verdict"] in ("no", "ask")
    assert shell("shop", "explain", *asked, "Aqua", "--addon", "pell").exit_code == 2
    assert shell("shop", "explain", "calendar", "--treatment", "meso-line", *asked[3:], "Aqua").exit_code == 2


def test_series_answers_in_the_agreed_shape(shell):
    make_world()
    ahead = answer(shell, "series", "--gaps", "7,7,7,14,30", "--from", "2026-03-02")
    assert ahead == {
        "dates": ["2026-03-09", "2026-03-16", "2026-03-23", "2026-04-06", "2026-05-06"],
        "needs_days": 65,
        "problems": [],
    }
    back = answer(shell, "series", "--gaps", "14-28,14", "--event", "2026-09-01", "--clear-days", "14")
    assert back["dates"][-1] == "2026-08-18"
    assert set(answer(shell, "series", "--package", "meso-lines-6", "--validity", "30")) == set(ahead)
    assert answer(shell, "series", "--package", "meso-lines-6", "--validity", "30")["problems"]
    assert shell("shop", "explain", "series", "--gaps", "7,x", "--from", "2026-03-02").exit_code == 2
    assert shell("shop", "explain", "series").exit_code == 2


def test_refund_answers_in_the_agreed_shape(shell, tmp_path):
    bought = ("refund", "--price-minor", 54000, "--vat-percent", 20, "--sessions", 6, "--used", 2, "--bought", "2026-06-01")
    told = answer(shell, *bought, "--jurisdiction", "uk", "--cancelled", "2026-06-11", "--express-request")
    assert set(told) == {"refund_minor", "vat_minor", "kept_minor", "lines", "rule", "version"}
    assert (told["refund_minor"], told["vat_minor"], told["kept_minor"]) == (36000, 6000, 18000)
    assert set(told["lines"][0]) == {"what", "minor", "why"}
    basket = [
        {"kind": "sessions", "what": "Hair, 6 sessions", "list_minor": 11000, "count": 6, "used": 2},
        {"kind": "goods", "what": "SPF 50", "list_minor": 3000, "count": 1, "state": "sealed"},
        {"kind": "goods", "what": "Serum", "list_minor": 6000, "count": 1, "state": "sealed"},
        {"kind": "delivery", "what": "Delivery", "list_minor": 0, "count": 1},
    ]
    (tmp_path / "basket.json").write_text(json.dumps(basket[:3]))
    box = ("refund", "--jurisdiction", "uk", "--price-minor", 60000, "--bought", "2026-06-01", "--cancelled", "2026-06-11")
    assert answer(shell, *box, "--express-request", "--basket", tmp_path / "basket.json")["refund_minor"] == 42400
    for jurisdiction in ("eu", "quebec", "clinic"):
        given = ("--jurisdiction", jurisdiction, "--cancelled", "2026-09-11", "--single-minor", 11000, "--notice-missing")
        assert set(answer(shell, *bought, *given, "--country", "DE" if jurisdiction == "eu" else "")) == set(told)


def test_screen_match_and_claims_answer_in_the_agreed_shape(shell, tmp_path):
    make_world()
    (tmp_path / "answers.json").write_text('{"isotretinoin_stopped": "2026-05-01"}')
    screen = ("screen", "--treatment", "meso-lines")
    told = answer(shell, *screen, "--answers", tmp_path / "answers.json", "--on", "2026-06-10")
    assert {"decision", "until", "reasons"} <= set(told)
    assert (told["decision"], told["until"]) == ("wait", "2026-11-01")
    (tmp_path / "nothing.json").write_text("{}")
    nothing = answer(shell, *screen, "--answers", tmp_path / "nothing.json", "--on", "2026-06-10")
    assert nothing["decision"] == "unanswered"
    assert {"key", "text"} <= set(answer(shell, *screen, "--questions")["questions"][0])
    matched = answer(shell, "match", "--concern", "fine-lines", "--skin", "dry", "--avoid", "fragrance")
    (step,) = matched["steps"]
    assert [product["product"] for product in step["products"]] == ["calm-serum"]
    assert step["products"][0]["reason"]
    assert answer(shell, "claims", "It melts fat.")["hits"][0]["phrase"] == "melts fat"
    assert shell("shop", "explain", "screen", "--treatment", "nowhere", "--questions").exit_code == 2


def test_without_json_the_same_answer_is_sentences(shell):
    told = shell("shop", "explain", "series", "--gaps", "7,7", "--from", "2026-03-02")
    assert told.output == "dates:\n  2026-03-09\n  2026-03-16\nneeds days: 14\nproblems: none\n"


# --- keys, environment, people ---------------------------------------------------------------------------------------


def test_the_environment_s_names_are_read_and_nothing_else_is_needed():
    given = {
        "SHOP_ENV": "demo",
        "DATABASE_URL": "postgresql+psycopg://x/y",
        "SECRET_KEY": "s",
        "SECRET_KEY_FALLBACKS": "a,b",
        "SHOP_FIELD_KEYS": "k1:abc",
        "STRIPE_API_KEY": "sk_test_standin_x",
        "STRIPE_WEBHOOK_SECRETS": "whsec_1,whsec_2",
        "STRIPE_API_BASE": "http://127.0.0.1:1",
        "REDIS_URL": "redis://x",
        "MAIL_URL": "smtp://x",
        "SMS_URL": "file:///x",
        "MEDIA_URL": "s3://x",
        "SITE_URL": "http://shop.example/",
        "SHOP_TRUSTED_PROXIES": "2",
        "SHOP_CURRENCY": "eur",
        "SHOP_TIMEZONE": "Europe/Berlin",
        "SHOP_JURISDICTION": "eu",
    }
    assert set(given) == set(VARIABLES)
    config, plain = Config.from_env(given), Config.from_env({})
    for name in VARIABLES:
        field = name.removeprefix("SHOP_").lower()
        assert field in {one.name for one in fields(Config)}
        assert getattr(config, field) != getattr(plain, field), f"{name} is not read"
    assert (config.currency, config.site_url, config.trusted_proxies) == ("EUR", "http://shop.example", 2)


def test_keys_of_concerns_treatments_packages_and_people_are_the_agreed_ones(app, shell):
    from sqlalchemy import select

    from shop.catalog.models import AddOn, Concern, Package, Treatment
    from shop.demo.seeding import seed

    demo = seed(password="three quiet harbours", second_factor="A" * 32)
    db.session.commit()
    people = [email for email, _ in demo.people]
    assert people == ["client@example.com", "consultant@example.com", "admin@example.com"]
    assert set(db.session.scalars(select(Concern.slug))) == set(CONCERNS)
    assert set(db.session.scalars(select(Treatment.slug))) == {f"meso-{name}" for name in TREATMENTS}
    assert set(db.session.scalars(select(AddOn.slug))) == {"led", "numbing", "peel", "aftercare-kit"}
    for treatment in db.session.scalars(select(Treatment)):
        packages = list(db.session.scalars(select(Package).where(Package.treatment_id == treatment.id)))
        slugs = {package.slug for package in packages}
        assert {f"{treatment.slug}-{number}" for number in (1, 3, 6)} <= slugs, treatment.slug
        assert {"single", "series", "upkeep"} <= {package.kind for package in packages}, treatment.slug
    assert shell("shop", "check").exit_code == 0


def test_the_layout_s_packages_are_there():
    later = {"plans", "api"}
    for name in [
        "core",
        "care",
        "accounts",
        "payments",
        "terms",
        "catalog",
        "inventory",
        "wallet",
        "intake",
        "visits",
        "bag",
        "orders",
        "checkout",
        "storefront",
        "account",
        "imports",
        "reports",
        "admin",
        "demo",
        "cli",
    ]:
        assert name in later or import_module(f"shop.{name}")
