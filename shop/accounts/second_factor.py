"""The second factor: six digits of an authenticator that work once, or a recovery code for the day it is lost."""

from __future__ import annotations

from secrets import choice

import pyotp
from sqlalchemy import delete, func, or_, select, update

from shop.accounts.hashing import digest
from shop.accounts.models import RecoveryCode, User
from shop.core import clock
from shop.core.db import changed, db

STEP_SECONDS = 30
STEPS_AROUND = 1  # a telephone's clock may be half a minute off
RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread off paper


def draw_secret() -> str:
    return pyotp.random_base32(32)


def address_of(secret: str, *, email: str, clinic: str) -> str:
    """What an authenticator reads from the square code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=clinic)


def accept_code(user_id: int, code: str) -> bool:
    """Whether a code fits; it never fits again, here or in any other browser."""
    given = "".join(code.split()).lower()
    if given.isascii() and given.isdigit() and len(given) == 6:
        return _accept_step(user_id, given)
    used = update(RecoveryCode).where(RecoveryCode.user_id == user_id, RecoveryCode.code_hash == _hashed(user_id, given))
    return bool(changed(used.where(RecoveryCode.used_at.is_(None)).values(used_at=clock.now())))


def draw_recovery_codes(user_id: int) -> list[str]:
    """Ten new codes; the old ones end. Shown once, stored hashed."""
    changed(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = ["-".join("".join(choice(LETTERS) for _ in range(5)) for _ in range(3)) for _ in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(user_id=user_id, code_hash=_hashed(user_id, code)) for code in codes)
    return codes


def count_recovery_codes(user_id: int) -> int:
    """How many are still good."""
    mine = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id)
    return db.session.scalar(mine.where(RecoveryCode.used_at.is_(None))) or 0


def _accept_step(user_id: int, given: str) -> bool:
    user = db.session.get_one(User, user_id)
    step = _fitting_step(user.totp_secret, given)
    if step is None:
        return False
    newer = update(User).where(User.id == user_id, or_(User.totp_step.is_(None), User.totp_step < step))
    return bool(changed(newer.values(totp_step=step)))


def _fitting_step(secret: str | None, given: str) -> int | None:
    if not secret:
        return None
    now = int(clock.now().timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    steps = range(now - STEPS_AROUND, now + STEPS_AROUND + 1)
    return next((step for step in steps if pyotp.utils.strings_equal(totp.generate_otp(step), given)), None)


def _hashed(user_id: int, code: str) -> str:
    return digest(f"{user_id}:{code.replace('-', '')}")
