"""One desk in a process of its own, which redeems the last session of each of many credits at the very moment the other does."""

from __future__ import annotations

from multiprocessing.synchronize import Barrier
from typing import Any

from config import Config


def redeem_all(config: Config, credit_ids: list[int], user_id: int, gate: Barrier, answers: Any) -> None:
    """Puts (user, [what happened to each: "" for won, else the sentence])."""
    from shop import create_app
    from shop.core.db import db
    from shop.core.errors import Conflict
    from shop.wallet import moving

    said = []
    with create_app(config).app_context():
        for credit_id in credit_ids:
            gate.wait(60)
            try:
                moving.redeem(credit_id, cause=f"done:{credit_id}:{user_id}", by=f"user:{user_id}")
                db.session.commit()
                said.append("")
            except Conflict as conflict:
                db.session.rollback()
                said.append(conflict.sentence)
            db.session.remove()
    answers.put((user_id, said))
