"""The clinic reads a review before it is shown: the words are held against the rules for claims, and a person decides."""

from __future__ import annotations

import re

from sqlalchemy import func, select, update

from shop.care.claims import Hit, lint
from shop.care.loading import claim_rules
from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import Conflict, NotFound, Refused
from shop.core.history import record
from shop.reviews.models import Review

LONGEST_ANSWER = 1000
# Whatever the verb: “my rosacea is gone” says of a cosmetic what only a medicine may.
ILLNESS = re.compile(
    r"\b(acne|eczema|psoriasis|rosacea|dermatitis|melasma|chloasma|alopecia|vitiligo|infections?|herpes|cold sores?"
    r"|keloids?|fung(?:us|al)|warts?|seborrh?o?ea|arthritis|allerg(?:y|ies)|cancer|wounds?|burns)\b",
    re.IGNORECASE,
)
ILLNESS_WHY = "A cosmetic in a review that names an illness is presented as a medicine once the shop shows it."
ILLNESS_SOURCE = "Human Medicines Regulations 2012, regulation 2; CAP Code 12.1 on testimonials"
BETTER = "How it feels, smells, wears and lasts, without the illness."
ACTS = {"show": "shown", "stars": "stars", "decline": "declined"}


def findings(text: str) -> list[Hit]:
    """Every phrase that no cosmetic may promise: published, a buyer's claim becomes the shop's own."""
    hits = lint(text, rules=claim_rules())
    named = [
        Hit(
            found[0],
            *found.span(),
            rule="illness-in-a-review",
            version=1,
            why=ILLNESS_WHY,
            source=ILLNESS_SOURCE,
            better=BETTER,
        )
        for found in ILLNESS.finditer(text)
        if not any(hit.start < found.end() and found.start() < hit.end for hit in hits)
    ]
    return sorted([*hits, *named], key=lambda hit: hit.start)


def get_review(review_id: int) -> Review:
    """Raises NotFound."""
    review = db.session.get(Review, review_id)
    if review is None:
        raise NotFound("This review is not here any more.")
    return review


def decide(review_id: int, act: str, *, turn: int, reason: str, by: str) -> None:
    """Publish it ("show"), its stars alone ("stars"), or nothing of it ("decline"); the last two say why.

    Raises Conflict when the client has changed it since `turn`, Refused for words with a claim or a missing reason.
    """
    review = get_review(review_id)
    was = review.state
    if act not in ACTS:
        raise Refused("Choose what is to become of it.")
    if act == "show" and findings(review.text):
        raise Refused(
            "These words promise what no cosmetic may. Publish the stars alone, or decline and say what to change."
        )
    if act != "show" and not reason.strip():
        raise Refused("Say why: the client reads it.", field="reason")
    as_read = update(Review).where(Review.id == review_id, Review.turn == turn)
    now = {"state": ACTS[act], "reason": "" if act == "show" else reason.strip()[:500]}
    if act == "decline":
        now["answer"] = ""
    if not changed(as_read.values(**now, decided_at=clock.now(), decided_by=by)):
        raise Conflict("The client has changed it in the meantime. Please read it again.")
    record(f"review:{review_id}", axis="state", was=was, now=ACTS[act], by=by)
    db.session.expire(review)


def answer(review_id: int, text: str, *, by: str) -> None:
    """The clinic's word under a review, for everybody; empty takes it away. Raises Refused for a claim in it."""
    review, words = get_review(review_id), text.strip()
    if review.state != "shown":
        raise Refused("Only a review whose words are shown is answered.", field="text")
    if len(words) > LONGEST_ANSWER:
        raise Refused("At most 1,000 characters.", field="text")
    for hit in findings(words):
        why = hit.why if hit.why.endswith(".") else hit.why + "."
        raise Refused(f"“{hit.phrase}”: {why} Better: {hit.better}", field="text")
    was, review.answer = review.answer, words
    record(f"review:{review_id}", axis="answer", was=was or None, now=words or None, by=by)


def count_waiting() -> int:
    return int(db.session.scalar(select(func.count(Review.id)).where(Review.state == "waiting")) or 0)
