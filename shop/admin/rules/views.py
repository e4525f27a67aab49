"""The desk of the rulebook: the medical lead changes and signs, the owner reads."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.people import names_of
from shop.admin.rules import changing
from shop.admin.rules.books import BOOKS, Book, fields_of, rules_in, said
from shop.admin.rules.comparing import differences
from shop.care.loading import OWN, in_force
from shop.care.models import RuleSignature
from shop.catalog.models import Treatment
from shop.core import clock
from shop.core.db import db, one_or_404
from shop.core.errors import NotFound, ShopError
from shop.core.history import actor
from shop.intake import signing

LONGEST = 6000


@bp.get("/rules")
@right_needed("rules.read")
def rules() -> Any:
    signed = signing.signatures()
    treatments = db.session.execute(select(Treatment.slug, Treatment.name).order_by(Treatment.position, Treatment.id))
    rows = [(slug, name, signed.get(slug), _holds(signed.get(slug))) for slug, name in treatments]
    books = [(key, book.words, in_force(key), *_counts(key)) for key, book in BOOKS.items()]
    return _shown(
        "list.html",
        books=books,
        treatments=rows,
        unsigned=sum(not row[3] for row in rows),
        names=names_of(row.by for row in signed.values()),
    )


@bp.get("/rules/<book>")
@right_needed("rules.read")
def rule_book(book: str) -> Any:
    found, editions = _book(book), changing.editions_of(book)
    names = names_of(edition.by for edition in editions)
    facts = {"version": in_force(book), "rows": list(rules_in(book).items()), "editions": editions, "names": names}
    versions = [f"{OWN}{edition.number}" for edition in editions] + [found.shipped()]
    return _shown("book.html", key=book, words=found.words, versions=versions, today=clock.today(), **facts)


@bp.get("/rules/<book>/compare")
@right_needed("rules.read")
def compare_rules(book: str) -> Any:
    found = _book(book)
    one = request.args.get("one", found.shipped())[:20]
    other = request.args.get("other", in_force(book))[:20]
    for version in (one, other):
        changing.chosen_in(book, version)
    return _shown("compare.html", key=book, words=found.words, one=one, other=other, rows=differences(book, one, other))


@bp.get("/rules/<book>/<rule>")
@right_needed("rules.read")
def rule(book: str, rule: str) -> Any:
    return _rule_page(book, rule)


@bp.post("/rules/<book>/<rule>")
@right_needed("rules")
def change_rule(book: str, rule: str) -> Any:
    given = {name: value[:LONGEST] for name, value in request.form.items()}
    note, who = given.pop("note", ""), {"by": actor(current_user)}
    try:
        if "take_out" in given:
            changing.take_out(book, rule, note=note, **who)
        else:
            changing.change(book, rule, given, note=note, author=current_user.name or current_user.email, **who)
    except NotFound:
        raise
    except ShopError as refused:
        db.session.rollback()
        return _rule_page(book, rule, given=given, note=note, problem=refused.sentence), refused.status
    db.session.commit()
    flash(
        "Kept as a new version. Decisions made before stay as they were; the treatments want your signature again, and are sold once they have it.",
        "success",
    )
    return redirect(url_for("admin.rule_book", book=book), 303)


@bp.post("/rules/<book>/back")
@right_needed("rules")
def go_back_to_rules(book: str) -> Any:
    _book(book)
    try:
        changing.go_back(
            book, request.form.get("version", "")[:20], note=request.form.get("note", ""), by=actor(current_user)
        )
    except NotFound:
        raise
    except ShopError as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
        return redirect(url_for("admin.rule_book", book=book), 303)
    db.session.commit()
    flash("These rules are in force again, as a new edition.", "success")
    return redirect(url_for("admin.rule_book", book=book), 303)


@bp.post("/rules/signatures")
@right_needed("rules")
def sign_all_rules() -> Any:
    """Whatever is not signed as it is today."""
    signed = signing.signatures()
    for slug in db.session.scalars(select(Treatment.slug).order_by(Treatment.position, Treatment.id)):
        if not _holds(signed.get(slug)):
            signing.sign(slug, by=actor(current_user))
    db.session.commit()
    flash("Signed, all of them, as the rules are today.", "success")
    return redirect(url_for("admin.rules"), 303)


@bp.post("/rules/signatures/<treatment>")
@right_needed("rules")
def sign_rules(treatment: str) -> Any:
    one_or_404(select(Treatment.id).where(Treatment.slug == treatment))
    signing.sign(treatment, by=actor(current_user))
    db.session.commit()
    flash("Signed, as the rules are today.", "success")
    return redirect(url_for("admin.rules"), 303)


def _holds(signature: RuleSignature | None) -> bool:
    return signing.is_up_to_date(signature.editions if signature is not None else None)


def _rule_page(book: str, rule: str, *, given: dict[str, str] | None = None, note: str = "", problem: str = "") -> str:
    found, rows = _book(book), rules_in(book)
    if rule not in rows:
        raise NotFound("There is no such rule.")
    row = rows[rule]
    fields = [(field, (given or {}).get(field.name, said(field, row))) for field in fields_of(found, row)]
    return _shown("rule.html", key=book, words=found.words, rule=rule, row=row, fields=fields, note=note, problem=problem)


def _shown(template: str, **facts: Any) -> str:
    return render_template(f"admin/rules/{template}", may_change=current_user.can("rules"), **facts)


def _book(book: str) -> Book:
    if book not in BOOKS:
        raise NotFound("There is no such rulebook.")
    return BOOKS[book]


def _counts(book: str) -> tuple[int, int]:
    """(rules, rules whose day to be looked at again has come)"""
    rows = rules_in(book).values()
    return len(rows), sum(date.fromisoformat(str(row["review_on"])) <= clock.today() for row in rows)
