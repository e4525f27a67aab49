"""The shape of the demo clinic's content: one class for each kind of entry, strict about every field."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Sentence = Annotated[str, Field(min_length=3)]
Gap = tuple[int, int | None]
Phase = Literal["prepare", "day-0-3", "recover", "between", "maintain"]
Tone = Literal[
    "clay", "sage", "porcelain", "ink", "amber", "berry", "sea", "dusk",
    "moss", "rose", "sand", "slate", "plum", "sky", "lemon", "bark",
]  # fmt: skip


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Concern(Entry):
    slug: Slug
    name: Sentence
    label: Sentence
    blurb: Sentence
    body_md: Sentence
    hue: Annotated[int, Field(ge=0, le=359)]
    drawing: str


class Stage(Entry):
    title: Sentence
    text: Sentence


class Treatment(Entry):
    slug: Slug
    name: Sentence
    concerns: Annotated[list[Slug], Field(min_length=1)]
    sold_as: Literal["online", "consultation", "unsold"]
    intro: Sentence
    body_md: Sentence
    stages: Annotated[list[Stage], Field(min_length=6, max_length=6)]
    minutes: Annotated[int, Field(gt=0)]
    discomfort: Sentence
    downtime: Sentence
    results_show: Sentence
    results_last: Sentence
    side_effects: Annotated[list[Sentence], Field(min_length=3)]
    sets_apart: Annotated[list[Sentence], Field(min_length=2)]
    doctor_first: Annotated[list[Sentence], Field(min_length=2)]
    not_for: Annotated[list[Sentence], Field(min_length=5)]
    upkeep: Sentence


class Package(Entry):
    slug: Slug
    treatment: Slug
    kind: Literal["single", "series", "upkeep"]
    name: Sentence
    statement_name: Annotated[str, Field(max_length=22, pattern=r"^[A-Za-z0-9 ]+$")]
    area: Sentence
    sessions: Annotated[int, Field(gt=0)]
    gaps: list[Gap]
    validity_days: Annotated[int, Field(gt=0)]
    price_minor: Annotated[int, Field(gt=0)]
    single_minor: Annotated[int, Field(gt=0)]
    vat_percent: Annotated[int, Field(ge=0, le=100)]
    state: Literal["draft", "live", "archived"] = "live"


class AddOn(Entry):
    slug: Slug
    name: Sentence
    blurb: Sentence
    per_session_minor: Annotated[int, Field(gt=0)]
    minutes: Annotated[int, Field(ge=0)]
    treatments: list[Slug]
    not_with: list[Slug]
    vat_percent: int


class BoxItem(Entry):
    kind: Literal["package", "variant"]
    ref: str
    quantity: Annotated[int, Field(gt=0)]


class Box(Entry):
    slug: Slug
    name: Sentence
    blurb: Sentence
    price_minor: Annotated[int, Field(gt=0)]
    items: Annotated[list[BoxItem], Field(min_length=2)]
    state: Literal["draft", "live", "archived"] = "live"


class Brand(Entry):
    slug: Slug
    name: Sentence
    code: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    story_md: Sentence
    responsible_person: Sentence


class Drawing(Entry):
    shape: Literal["dropper", "pump", "tube", "jar", "ampoule", "tin", "bottle", "spray", "stick"]
    colour: Tone
    accent: Tone
    cap: Tone


class Variant(Entry):
    sku: Annotated[str, Field(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)+$")]
    barcode: Annotated[str, Field(pattern=r"^2\d{12}$")]
    name: Sentence
    price_minor: Annotated[int, Field(gt=0)]
    content_amount: Annotated[int, Field(gt=0)]
    content_unit: Literal["ml", "g", "piece"]
    weight_grams: Annotated[int, Field(gt=0)]
    vat_percent: int = 20


class Link(Entry):
    """Why a product serves a concern: the active that stands in its list, and one sentence."""

    concern: Slug
    phase: Phase
    role: Literal["essential", "helpful"]
    active: str
    reason: Sentence
    line: Annotated[int, Field(gt=0)]


class Product(Entry):
    slug: Slug
    name: Sentence
    brand: Slug
    step: Literal["cleanse", "tone", "treat", "eye", "moisturise", "protect", "mask", "body", "scalp"]
    area: Literal["face", "body", "scalp", "eye"] = "face"
    texture: Literal["gel", "cream", "oil", "water", "balm", "foam", "powder"]
    skin_types: list[Literal["dry", "oily", "combination", "normal", "sensitive"]]
    blurb: Sentence
    body_md: Sentence
    how_to_use: Sentence
    inci: Sentence
    key_actives: Annotated[list[str], Field(min_length=1)]
    warnings: Sentence
    responsible_person: Sentence
    pao_months: Annotated[int, Field(gt=0)]
    amount_per_use_ml: Annotated[float, Field(gt=0)]
    uses_per_day: Annotated[float, Field(gt=0)]
    drawing: Drawing
    popularity: int
    gated: bool = False
    state: Literal["draft", "live", "archived"] = "live"
    variants: Annotated[list[Variant], Field(min_length=1)]
    links: list[Link]


class Portrait(Entry):
    """A drawn face, in the words of the portrait macro."""

    skin: Literal["porcelain", "fair", "olive", "tan", "brown", "deep"]
    hair: Literal["bob", "bun", "curls", "long", "scarf", "short"]
    hair_colour: Literal["black", "brown", "chestnut", "blonde", "grey", "red", "white"]
    top: Literal["linen", "sage", "clay", "navy", "plum", "sand"]
    glasses: bool = False
    beard: bool = False


class TeamMember(Entry):
    slug: Slug
    name: Sentence
    role: Sentence
    bio: Sentence
    portrait: Portrait


class Text(Entry):
    key: Slug
    title: Sentence
    version: date
    body_md: Sentence


class Question(Entry):
    slug: Slug
    q: Sentence
    a: Sentence


class Hours(Entry):
    days: str
    open: str
    close: str


class Clinic(Entry):
    name: str
    legal_name: str
    tagline: str
    line1: str
    city: str
    postcode: str
    country: str
    phone: Annotated[str, Field(pattern=r"^020 7946 0\d{3}$")]
    urgent_phone: Annotated[str, Field(pattern=r"^020 7946 0\d{3}$")]
    email: str
    company_number: str
    vat_number: str
    directions: str
    hours: list[Hours]


class Content(Entry):
    clinic: Clinic
    concerns: list[Concern]
    treatments: list[Treatment]
    packages: list[Package]
    addons: list[AddOn]
    boxes: list[Box]
    brands: list[Brand]
    products: list[Product]
    team: list[TeamMember]
    texts: list[Text]
    guide: Text
    faq: list[Question]
    synonyms: dict[str, str]
