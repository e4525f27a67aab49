"""Payment pages that are open, and the way to one."""

from tests.support.tills import (
    pages,
)


def open_pages(standin):
    return [page["id"] for page in pages(standin) if page["status"] == "open"]


def send(browser, form):
    return browser.post("/checkout", data=form.fields)
