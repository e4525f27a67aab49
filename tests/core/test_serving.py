"""What the server does before its workers part from it."""

from shop import serving
from shop.core.db import db
from tests.support.factories import make_product


def test_workers_share_no_connection(app):
    make_product()
    db.session.commit()
    db.session.remove()
    serving.warm(app)
    with app.app_context():
        for engine in db.engines.values():
            assert (engine.pool.checkedin(), engine.pool.checkedout()) == (0, 0)


def test_the_first_product_page_is_compiled_before_anybody_asks(app):
    app.jinja_env.cache.clear()
    make_product()
    db.session.commit()
    db.session.remove()
    serving.warm(app)
    assert "storefront/product.html" in {name for _, name in app.jinja_env.cache}


def test_a_shop_without_tables_starts_all_the_same(app, monkeypatch):
    asked = []
    browser = app.test_client()
    monkeypatch.setattr(
        type(browser), "get", lambda _self, path, **_more: asked.append(path) or app.response_class(status=503)
    )
    serving.warm(app)
    assert asked == ["/readyz"]
