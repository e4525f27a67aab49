"""From a concern to products for each step: every hit names its ingredient and its place, every refusal its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shop.care.avoiding import Avoided, plain, read_avoided, trouble_with
from shop.care.candidates import Candidate
from shop.care.matching_rules import ConcernRules, Slot, rules_for
from shop.care.saying_names import ordinal, say_name, say_words

FITS, PAUSE, ASK, NOT_ASSESSED = "fits", "pause", "ask", "not assessed"
STATUSES = (FITS, PAUSE, ASK, NOT_ASSESSED)
MOST_ESSENTIALS = 3
SENTENCES = {
    FITS: "Nothing in our rules speaks against it.",
    PAUSE: "It pauses around a session; your calendar names the days.",
    ASK: "Please ask us before you use it.",
    NOT_ASSESSED: "Not assessed: photograph the label and a consultant reads it.",
}


@dataclass(frozen=True)
class Hit:
    """A product that serves the concern, by its best ingredient and all others that speak for it; grade A, B or C."""

    slug: str
    step: str
    status: str
    active: str
    line: int
    grade: str
    reason: str
    actives: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """A product that is left out; kind: no (against this person), class, area, step or no reason."""

    slug: str
    kind: str
    reason: str


@dataclass(frozen=True)
class Matched:
    """Ranked products for each step, at most three essentials, what the person keeps, and what is left out."""

    concern: str
    label: str
    note: str
    steps: tuple[tuple[str, tuple[Hit, ...]], ...]
    essentials: tuple[Hit, ...]
    keep: tuple[Hit, ...]
    refused: tuple[Refusal, ...]
    version: int
    source: str

    @property
    def is_nothing_to_buy(self) -> bool:
        return bool(self.keep) and not self.essentials


def match(
    concern: str,
    products: Iterable[Candidate],
    *,
    skin: str | None = None,
    avoid: Iterable[str] | str = (),
    owned: Iterable[str | Candidate] = (),
    verdicts: Mapping[str, Any] | None = None,
    means: Mapping[str, Collection[str]] | None = None,
) -> Matched:
    """Which products serve a concern, the same order each time. Raises NotFound for an unknown concern.

    `verdicts` maps slugs to the calendar's word (use, pause, ask, no, not assessed) or to what has it as
    `.verdict`; `owned` holds slugs or products; `means` spells out words of `avoid` as ingredient names.
    """
    rules = rules_for(concern, skin)
    owned = list(owned)
    mine = {one if isinstance(one, str) else one.slug for one in owned}
    every = {one.slug: one for one in [*products, *(one for one in owned if not isinstance(one, str))]}
    avoided = read_avoided(avoid, (_all_names(product) for product in every.values()), means=means)
    hits: list[tuple[tuple, Hit]] = []
    refused: list[Refusal] = []
    for slug in sorted(every):
        found = _judge(every[slug], rules, skin, avoided, (verdicts or {}).get(slug))
        if isinstance(found, Refusal):
            refused.append(found)
        else:
            hits.append((_rank(found, every[slug], rules, skin), found))
    ranked = [hit for _, hit in sorted(hits, key=lambda pair: pair[0])]
    return _arranged(rules, ranked, mine, refused)


def _arranged(rules: ConcernRules, ranked: list[Hit], mine: set[str], refused: list[Refusal]) -> Matched:
    keep = [hit for hit in ranked if hit.slug in mine]
    offered = [hit for hit in ranked if hit.slug not in mine]
    present = {hit.step for hit in offered}
    order = [*rules.step_order, *sorted(present - set(rules.step_order))]
    steps = tuple((step, tuple(hit for hit in offered if hit.step == step)) for step in order if step in present)
    return Matched(
        concern=rules.concern,
        label=rules.label,
        note=rules.note,
        steps=steps,
        keep=tuple(keep),
        essentials=_essentials(rules.essentials, offered, keep),
        refused=tuple(refused),
        version=rules.version,
        source=rules.source,
    )


def _essentials(slots: tuple[Slot, ...], offered: list[Hit], keep: list[Hit]) -> tuple[Hit, ...]:
    """The best product for each step that matters and is not served by what the person has."""
    kept, chosen = [hit for hit in keep if hit.status in (FITS, PAUSE)], []
    for slot in slots[:MOST_ESSENTIALS]:
        served = next((hit for hit in kept if _fills(slot, hit)), None)
        if served:
            kept.remove(served)
            continue
        usable = [hit for hit in offered if hit.status in (FITS, PAUSE) and hit not in chosen and hit.step == slot.step]
        usable.sort(key=lambda hit: not _fills(slot, hit))  # the wished-for ingredient first, else the best of the step
        chosen.extend(usable[:1])
    return tuple(chosen)


def _fills(slot: Slot, hit: Hit) -> bool:
    return hit.step == slot.step and (not slot.any_of or not slot.any_of.isdisjoint(hit.actives))


def _judge(product: Candidate, rules: ConcernRules, skin: str | None, avoided: Avoided, verdict: Any) -> Hit | Refusal:
    trouble = _against(product, avoided, verdict)
    if trouble and trouble[0] == "no":
        return Refusal(product.slug, "no", trouble[1])
    refusal = _not_for_this(product, rules)
    if refusal:
        return refusal
    reasons = _reasons(product, rules)
    if not reasons:
        return Refusal(product.slug, "no reason", f"Nothing in its list speaks for {rules.label}.")
    return _hit(product, rules, skin, reasons, trouble)


def _not_for_this(product: Candidate, rules: ConcernRules) -> Refusal | None:
    for name in sorted(set(product.classes) & set(rules.refuse)):
        return Refusal(product.slug, "class", rules.refuse[name])
    if product.area not in rules.areas:
        places = say_words(rules.areas, "or")
        return Refusal(product.slug, "area", f"It is made for the {product.area}; {rules.label} asks for {places}.")
    if not product.step:
        return Refusal(product.slug, "step", "Nobody has said yet at which step it is used.")
    return None


def _against(product: Candidate, avoided: Avoided, verdict: Any) -> tuple[str, str] | None:
    """The strictest of what the person avoids, what the calendar says and how much of the list was read."""
    said = str(getattr(verdict, "verdict", verdict) or "use")
    found = [
        trouble_with(
            avoided,
            classes=product.classes,
            ingredients=getattr(product, "ingredients", None),
            actives=[name for name, _ in product.actives],
            reading=product.reading,
        )
    ]
    if said != "use":
        word = said if said in ("no", *STATUSES) else NOT_ASSESSED
        found.append((word, "Our rules say no for you." if word == "no" else SENTENCES[word]))
    if product.reading not in ("assessed", "partly"):
        found.append((NOT_ASSESSED, SENTENCES[NOT_ASSESSED]))
    order = ("no", NOT_ASSESSED, ASK, PAUSE)
    return min((one for one in found if one), key=lambda one: order.index(one[0]), default=None)


def _reasons(product: Candidate, rules: ConcernRules) -> list[tuple[bool, str, int, str]]:
    """(is common, grade, line, name) of each ingredient that speaks for the product, the best first."""
    return sorted(
        (active.is_common, active.grade, line, active.name)
        for name, line in product.actives
        if (active := rules.actives.get(plain(name))) and active.speaks_for(product.step or "", line)
    )


def _hit(
    product: Candidate,
    rules: ConcernRules,
    skin: str | None,
    reasons: list[tuple[bool, str, int, str]],
    trouble: tuple[str, str] | None,
) -> Hit:
    _, grade, line, active = reasons[0]
    status, said = trouble or (FITS, SENTENCES[FITS])
    notes = [said] if said == SENTENCES[status] else [said, SENTENCES[status]]
    if skin and product.skin_types and skin not in product.skin_types:
        notes.append(f"Made for {say_words(product.skin_types, 'and')} skin.")
    return Hit(
        slug=product.slug,
        step=product.step or "",
        status=status,
        active=active,
        line=line,
        grade=grade,
        reason=f"For {rules.label}: {say_name(active)}, {ordinal(line)} in the full ingredient list.",
        actives=tuple(dict.fromkeys(name for _, _, _, name in reasons)),
        notes=tuple(notes),
    )


def _rank(hit: Hit, product: Candidate, rules: ConcernRules, skin: str | None) -> tuple:
    """What speaks against it, whether it suits skin and area, what is gentler, then the better reason, earlier in the list."""
    suits = not skin or not product.skin_types or skin in product.skin_types
    harsh = len(set(product.classes) & rules.last)
    reasons = _reasons(product, rules)
    special = sum(not is_common for is_common, *_ in reasons)
    return (
        STATUSES.index(hit.status),
        not suits,
        rules.areas.index(product.area),
        harsh,
        not special,
        hit.grade,
        -min(special, 3),
        hit.line,
        hit.slug,
    )


def _all_names(product: Candidate) -> list[str]:
    return [*(getattr(product, "ingredients", None) or ()), *(name for name, _ in product.actives)]
