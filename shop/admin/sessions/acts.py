"""Each act on a client's sessions: who may do it, when it is possible, what it would change in sentences, and the doing of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shop.admin.sessions.forms import ActForm, ExtendForm, GiveUpForm, PauseForm, ResumeForm, ReviveForm
from shop.admin.sessions.showing import expired_sessions
from shop.core import clock
from shop.core.money import money
from shop.core.templating import day
from shop.orders.giving_up import due_minor, give_up
from shop.wallet import periods
from shop.wallet.models import Credit
from shop.wallet.validity import thawed_expiry


@dataclass(frozen=True)
class Done:
    """The sentence that is shown, and where to go on when that is not the same series."""

    words: str
    code: str = ""


@dataclass(frozen=True)
class Act:
    """`look` returns the sentences of the preview and changes nothing; `do` gets the cause and the actor."""

    key: str
    title: str
    button: str
    right: str
    form: type[ActForm]
    is_possible: Callable[[Credit], bool]
    look: Callable[[Credit, Any], list[str]]
    do: Callable[[Credit, Any, str, str], Done]
    lay_out: Callable[[Credit, Any], None] = lambda credit, form: None
    hint: str = ""


def _is_open(credit: Credit) -> bool:
    return bool(credit.free or credit.held)


def _look_pause(credit: Credit, _form: Any) -> list[str]:
    booked = credit.held - credit.reserved
    said = [f"Nothing new can be booked and nothing expires from today, {day(clock.today())}, until the pause ends."]
    if booked:
        said.append(f"{_sessions(booked)} already booked: move or cancel what falls into the pause.")
    return [*said, "The last day moves on by as many days as the pause lasts. The right to cancel stays."]


def _pause(credit: Credit, form: Any, cause: str, by: str) -> Done:
    periods.freeze(credit.id, cause=cause, by=by, reason=form.reason.data)
    return Done("Paused.")


def _look_resume(credit: Credit, _form: Any) -> list[str]:
    assert credit.frozen_on is not None
    ends = thawed_expiry(credit.expires_on, frozen_on=credit.frozen_on, thawed_on=clock.today())
    days = (clock.today() - credit.frozen_on).days
    return [f"Paused since {day(credit.frozen_on)}, {days} days: the last day moves from {_on(credit)} to {_last(ends)}."]


def _resume(credit: Credit, _form: Any, cause: str, by: str) -> Done:
    return Done(f"The pause is over. The last day is now {_last(periods.unfreeze(credit.id, cause=cause, by=by))}.")


def _look_extend(credit: Credit, form: Any) -> list[str]:
    ends = max(credit.expires_on, clock.today()) + timedelta(days=form.days.data)
    counts = "It does not count" if form.is_ours.data else "It counts"
    return [
        f"The last day moves from {_on(credit)} to {_last(ends)}.",
        f"{counts} as one of the client's own extensions; {credit.extensions} so far.",
    ]


def _extend(credit: Credit, form: Any, cause: str, by: str) -> Done:
    facts = {"cause": cause, "by": by, "reason": form.reason.data, "is_ours": form.is_ours.data}
    return Done(f"The last day is now {_last(periods.extend(credit.id, days=form.days.data, **facts))}.")


def _look_revive(credit: Credit, form: Any) -> list[str]:
    ends = max(credit.expires_on, clock.today()) + timedelta(days=form.days.data)
    return [f"{_sessions(form.sessions.data)} that expired can be booked again until {_last(ends)}, and are owed again."]


def _revive(credit: Credit, form: Any, cause: str, by: str) -> Done:
    facts = {"cause": cause, "by": by, "reason": form.reason.data}
    ends = periods.revive(credit.id, sessions=form.sessions.data, days=form.days.data, **facts)
    return Done(f"Back in the wallet, until {_last(ends)}.")


def _look_give_up(credit: Credit, _form: Any) -> list[str]:
    booked = credit.held - credit.reserved
    said = [f"{_sessions(credit.free + booked)} leave the wallet."]
    if booked:
        said.append(f"{_sessions(booked)} booked: cancel the appointments as well.")
    due = due_minor(credit)
    return [
        *said,
        f"{money(due, credit.currency)} go back by hand: they were not paid in this shop." if due else "Nothing goes back.",
    ]


def _give_up(credit: Credit, form: Any, cause: str, by: str) -> Done:
    amount = give_up(credit, cause=cause, by=by, reason=form.reason.data)
    return Done(f"Called off. {money(amount, credit.currency)} wait in the attention list to be paid back by hand.")


def _sessions(count: int) -> str:
    return "1 session" if count == 1 else f"{count} sessions"


def _on(credit: Credit) -> str:
    return str(day(credit.expires_on, year=True))


def _last(ends: Any) -> str:
    return str(day(ends, year=True))


SIMPLE = (
    Act(
        "pause", "Pause", "Pause these sessions", "sessions", PauseForm,
        lambda credit: credit.frozen_on is None and _is_open(credit), _look_pause, _pause,
        hint="Not the illness or the pregnancy itself: everybody at the desk reads this.",
    ),
    Act(
        "resume", "End the pause", "End the pause", "sessions", ResumeForm,
        lambda credit: credit.frozen_on is not None, _look_resume, _resume,
    ),
    Act(
        "extend", "Extend", "Set the later day", "sessions", ExtendForm,
        lambda credit: credit.frozen_on is None and _is_open(credit), _look_extend, _extend,
    ),
    Act(
        "revive", "Bring back what expired", "Bring them back", "refunds", ReviveForm,
        lambda credit: credit.frozen_on is None and expired_sessions(credit) > 0, _look_revive, _revive,
    ),
    Act(
        "call-off", "Call off", "Call them off", "refunds", GiveUpForm,
        lambda credit: credit.order_number is None and _is_open(credit), _look_give_up, _give_up,
    ),
)  # fmt: skip
