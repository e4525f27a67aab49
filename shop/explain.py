"""`shop explain …`: each pure engine answers from the shell through the same function that the pages use."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from shop.core.errors import ShopError
from shop.explain_names import known_addons, known_treatment
from shop.wallet.series import Gap

explain = AppGroup("explain", help="Ask an engine and read why; --json for machines.")
as_json = click.option("--json", "as_json", is_flag=True, help="ISO dates and minor units, for machines.")


class Day(click.ParamType):
    """A date as 2026-06-10."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date; write it as 2026-06-10.", param, ctx)


DAY = Day()
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def answer(asked: Callable[[], Any], *, as_json: bool) -> None:
    """Print an answer; a refusal is a sentence and exit code 2."""
    try:
        found = asked()
    except ShopError as refused:
        raise click.UsageError(refused.sentence) from None
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2, default=str))
    else:
        click.echo("\n".join(sentences(found)))


def sentences(found: Any, *, under: str = "") -> list[str]:
    """Any answer as indented lines of words."""
    if isinstance(found, dict):
        lines = []
        for name, value in found.items():
            lines += _named(str(name).replace("_", " "), value, under)
        return lines
    if isinstance(found, (list, tuple)):
        return [line for value in found for line in _listed(value, under)]
    return [f"{under}{found}"]


def _named(name: str, value: Any, under: str) -> list[str]:
    if isinstance(value, dict | list | tuple):
        return [f"{under}{name}:", *sentences(value, under=under + "  ")] if value else [f"{under}{name}: none"]
    return [f"{under}{name}: {'-' if value is None else value}"]


def _listed(value: Any, under: str) -> list[str]:
    if not isinstance(value, dict | list | tuple):
        return [f"{under}{value}"]
    inner = sentences(value, under=under + "  ")
    return [f"{under}- {inner[0].strip()}", *inner[1:]] if inner else []


@explain.command("series")
@click.option("--gaps", default=None, help="Days between sessions: 7,7,7,14,30 or 14-28,14-28.")
@click.option("--from", "start", type=DAY, default=None)
@click.option("--event", type=DAY, default=None)
@click.option("--clear-days", type=int, default=0)
@click.option("--package", default=None)
@click.option("--validity", type=int, default=None)
@as_json
@with_appcontext
def series(
    gaps: str | None,
    start: date | None,
    event: date | None,
    clear_days: int,
    package: str | None,
    validity: int | None,
    as_json: bool,
) -> None:
    """When the sessions of a series can be, or whether they fit into a validity."""
    from shop.wallet.series import explain_series, parse_gaps

    if (gaps is None) == (package is None):
        raise click.UsageError("Give either --gaps or --package.")
    answer(
        lambda: explain_series(
            parse_gaps(gaps) if gaps is not None else gaps_of(package or ""),
            start=start,
            event=event,
            clear_days=clear_days,
            validity_days=validity,
        ),
        as_json=as_json,
    )


@explain.command("refund")
@click.option("--jurisdiction", required=True, type=click.Choice(["uk", "eu", "quebec", "clinic"]))
@click.option("--price-minor", required=True, type=int)
@click.option("--vat-percent", default="0")
@click.option("--sessions", type=int, default=0)
@click.option("--used", type=int, default=0)
@click.option("--bought", required=True, type=DAY)
@click.option("--cancelled", required=True, type=DAY)
@click.option("--express-request", is_flag=True)
@click.option("--notice-missing", is_flag=True)
@click.option("--single-minor", type=int, default=None)
@click.option("--country", default="")
@click.option("--basket", type=FILE, default=None)
@as_json
def refund(basket: Path | None, as_json: bool, **facts: Any) -> None:
    """What comes back, what is kept, and why."""
    from shop.terms.explaining import explain_refund

    if basket is not None:
        facts["basket"] = read_json(basket)
    answer(lambda: explain_refund(**facts), as_json=as_json)


@explain.command("inci")
@click.argument("text", required=False)
@click.option("--file", "file", type=FILE, default=None)
@click.option("--column", default=None)
@as_json
@with_appcontext
def inci(text: str | None, file: Path | None, column: str | None, as_json: bool) -> None:
    """Read a label: every ingredient, what it belongs to, and what could not be read."""
    from shop.care.explaining_labels import explain_inci
    from shop.care.loading import dictionary

    if (text is None) == (file is None):
        raise click.UsageError("Give either a TEXT or --file with --column.")
    texts = [text or ""] if file is None else read_column(file, column)
    answer(lambda: explain_inci(texts, dictionary=dictionary()), as_json=as_json)


@explain.command("calendar")
@click.option("--treatment", required=True)
@click.option("--session", "session", required=True, type=DAY)
@click.option("--addon", "addons", multiple=True)
@click.option("--inci", "text", required=True)
@click.option("--on", "on", type=DAY, default=None)
@click.option("--pregnant", is_flag=True)
@click.option("--allergy", "allergies", multiple=True)
@as_json
@with_appcontext
def calendar(treatment: str, session: date, addons: tuple[str, ...], text: str, as_json: bool, **facts: Any) -> None:
    """Whether a product may be used around a session, from when it pauses and when it is back."""
    from shop.care.explaining_labels import explain_calendar

    def asked() -> Any:
        chosen = known_addons(addons)
        return explain_calendar(text, treatment=known_treatment(treatment), session=session, addons=chosen, **facts)

    answer(asked, as_json=as_json)


@explain.command("screen")
@click.option("--treatment", required=True)
@click.option("--answers", type=FILE, default=None)
@click.option("--on", "on", type=DAY, default=None)
@click.option("--questions", is_flag=True)
@as_json
@with_appcontext
def screen(treatment: str, answers: Path | None, on: date | None, questions: bool, as_json: bool) -> None:
    """What the answers of a person decide, with a date; or the questions themselves."""
    from shop.care.explaining_answers import explain_questions, explain_screen
    from shop.core import clock

    if questions:
        answer(lambda: explain_questions(known_treatment(treatment)), as_json=as_json)
        return
    if answers is None:
        raise click.UsageError("Give --answers FILE, or --questions.")
    given = read_json(answers)
    answer(lambda: explain_screen(known_treatment(treatment), given, on=on or clock.today()), as_json=as_json)


@explain.command("match")
@click.option("--concern", required=True)
@click.option("--skin", default=None)
@click.option("--avoid", multiple=True)
@as_json
@with_appcontext
def match(concern: str, skin: str | None, avoid: tuple[str, ...], as_json: bool) -> None:
    """Which products serve a concern, per step, with reasons and refusals."""
    from shop.care.explaining_answers import explain_match
    from shop.catalog.candidates import candidates

    answer(lambda: explain_match(concern, candidates(concern), skin=skin, avoid=avoid), as_json=as_json)


@explain.command("claims")
@click.argument("text")
@as_json
def claims(text: str, as_json: bool) -> None:
    """Which phrases a clinic must not publish, why, and what to write instead."""
    from shop.care.explaining_answers import explain_claims

    answer(lambda: explain_claims(text), as_json=as_json)


def gaps_of(slug: str) -> Sequence[Gap]:
    """The gaps of a package. Raises NotFound."""
    from shop.catalog.models import Package
    from shop.core.db import one_or_404
    from shop.wallet.series import read_gaps

    return read_gaps(one_or_404(select(Package).where(Package.slug == slug), f"There is no package “{slug}”.").gaps)


def read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise click.UsageError(f"{path.name} is not JSON.") from None


def read_column(path: Path, column: str | None) -> list[str]:
    """One cell of each row."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        rows = csv.DictReader(lines)
        if column not in (rows.fieldnames or []):
            raise click.UsageError(f"--column must be one of: {', '.join(rows.fieldnames or [])}")
        return [row[column] or "" for row in rows]
