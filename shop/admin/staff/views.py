"""The staff desk: who works here, letting somebody in, another role, and out at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import func, select
from wtforms import SelectField
from wtforms.validators import DataRequired, Length

from shop.accounts.employing import begin_anew, change_role, close_exports, dismiss, employ, take_back
from shop.accounts.models import ROLES, SignIn, User
from shop.accounts.rights import right_needed
from shop.accounts.roles import ROLES_WITH
from shop.accounts.signing_in import latest
from shop.admin.choosing import choices
from shop.admin.clicks import cause_kept, cause_of
from shop.admin.pages import bp
from shop.admin.people import names_of
from shop.admin.staff.leaving import hand_over, left_with
from shop.core.db import db, one_or_404
from shop.core.errors import Refused, ShopError
from shop.core.forms import LineField, ShopForm, email_shaped
from shop.core.history import actor, history_of

LARGEST_ID = 2**53
SHOWN = 20
WORDS = {role: role.replace("-", " ").capitalize() for role in ROLES}
RIGHTS = {"desk": "today", "catalogue": "products and packages", "imports": "files"}


class StaffForm(ShopForm):
    name = LineField("Name", [DataRequired("What is their name?"), Length(max=120)])
    email = LineField("E-mail", [DataRequired("Where do we write to?"), Length(max=254), email_shaped])
    role = SelectField("Role", choices=choices({"": "Choose …"} | WORDS), validate_choice=False)


class HandOverForm(ShopForm):
    to = SelectField("Who goes on with it", validate_choice=False)


class RoleForm(ShopForm):
    role = SelectField("Role", choices=choices(WORDS), validate_choice=False)


@bp.get("/staff")
@right_needed("staff")
def staff() -> Any:
    return _list(StaffForm(formdata=None))


@bp.post("/staff")
@right_needed("staff")
def add_staff() -> Any:
    form = StaffForm()
    if not form.validate_on_submit():
        return _list(form), 422
    facts = {"name": form.name.data or "", "role": str(form.role.data), "person": current_user}
    try:
        user, steps = employ(form.email.data or "", **facts)
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _list(form), error.status
    shown = {"name": user.name, "email": user.email, "id": user.id}
    db.session.commit()
    return render_template("admin/staff/first_steps.html", user=shown, steps=steps)


@bp.get("/staff/<int:id>")
@right_needed("staff")
def member(id: int) -> Any:
    return _page(_get(id))


@bp.post("/staff/<int:id>/role")
@right_needed("staff")
def member_role(id: int) -> Any:
    form = RoleForm()
    return _act(id, lambda user: change_role(user, str(form.role.data), person=current_user), "The role is changed.")


@bp.post("/staff/<int:id>/dismiss")
@right_needed("staff")
def dismiss_member(id: int) -> Any:
    return _act(
        id, lambda user: dismiss(user, person=current_user), "Signed out everywhere; nobody gets in with this account."
    )


@bp.post("/staff/<int:id>/back")
@right_needed("staff")
def take_member_back(id: int) -> Any:
    return _act(id, lambda user: take_back(user, person=current_user), "The account is open again.")


@bp.post("/staff/<int:id>/anew")
@right_needed("staff")
def member_anew(id: int) -> Any:
    user = _get(id)
    try:
        steps = begin_anew(user, person=current_user)
    except ShopError as error:
        db.session.rollback()
        return _page(_get(id), error.sentence), error.status
    shown = {"name": user.name, "email": user.email, "id": user.id}
    db.session.commit()
    return render_template("admin/staff/first_steps.html", user=shown, steps=steps)


@bp.post("/staff/<int:id>/exports")
@right_needed("staff")
def member_exports(id: int) -> Any:
    closed = request.form.get("closed") == "y"
    sentence = "Exports are closed from now on." if closed else "Exports are open again."
    return _act(id, lambda user: close_exports(user, closed=closed, person=current_user), sentence)


@bp.post("/staff/<int:id>/hand-over")
@right_needed("staff")
def hand_over_member(id: int) -> Any:
    form = HandOverForm()
    try:
        to = _get(int(str(form.to.data))) if str(form.to.data).isdecimal() and len(str(form.to.data)) < 16 else None
        if to is None:
            raise Refused("Choose a colleague who works here.", field="to")
        done = hand_over(_get(id), to, cause=cause_of("left"), by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        return _page(_get(id), error.sentence), error.status
    db.session.commit()
    words = f"Handed over: appointments {done.visits}, plans {done.plans}, clients {done.clients}, cases {done.cases}."
    if done.stuck:
        words += " Without a new time, see the attention list: " + ", ".join(done.stuck) + "."
    flash(words, "warning" if done.stuck else "success")
    return redirect(url_for("admin.member", id=id), 303)


def _act(user_id: int, act: Callable[[User], None], sentence: str) -> Any:
    try:
        act(_get(user_id))
    except ShopError as error:
        db.session.rollback()
        return _page(_get(user_id), error.sentence), error.status
    db.session.commit()
    flash(sentence, "success")
    return redirect(url_for("admin.member", id=user_id), 303)


def _get(user_id: int) -> User:
    wanted = select(User).where(User.id == min(user_id, LARGEST_ID), User.role.is_not(None))
    return one_or_404(wanted, "Nobody of that number works here.")


def _list(form: StaffForm) -> str:
    seen = select(SignIn.user_id, func.max(SignIn.seen_at).label("at")).group_by(SignIn.user_id).subquery()
    rows = select(User, seen.c.at).outerjoin(seen, seen.c.user_id == User.id).where(User.role.is_not(None))
    found = db.session.execute(rows.order_by(User.disabled_at.is_not(None), User.name, User.id)).all()
    return render_template("admin/staff/list.html", rows=found, words=WORDS, form=form)


def _page(user: User, problem: str = "") -> str:
    history = history_of(f"user:{user.id}")[::-1]
    mine = sorted(RIGHTS.get(right, right) for right, roles in ROLES_WITH.items() if user.role in roles)
    words: dict[str, Any] = {"words": WORDS, "rights": mine, "names": names_of(row.by for row in history)}
    words |= {
        "left": left_with(user),
        "sign_ins": latest(user.id, most=SHOWN),
        "cause": cause_kept(),
        "handing": _handing(user),
    }
    form = RoleForm(formdata=None, role=user.role)
    return render_template("admin/staff/member.html", user=user, form=form, history=history, problem=problem, **words)


def _handing(user: User) -> HandOverForm:
    there = select(User.id, User.name, User.email).where(
        User.role.is_not(None), User.disabled_at.is_(None), User.id != user.id
    )
    names = {str(row.id): row.name or row.email for row in db.session.execute(there.order_by(User.name, User.id))}
    form = HandOverForm(formdata=None)
    form.to.choices = choices({"": "Choose …"} | names)
    return form
