"""The demo clinic's content, read from the files of this folder and checked as a whole."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from shop.demo.content.checking import check, names_in
from shop.demo.content.packing import packages
from shop.demo.content.shapes import (
    AddOn,
    Box,
    Brand,
    Clinic,
    Concern,
    Content,
    Product,
    Question,
    TeamMember,
    Text,
    Treatment,
)  # fmt: skip

FOLDER = Path(__file__).parent
STAGES = ("screening", "consultation", "solution", "injections", "aftercare", "review")


def load(folder: Path = FOLDER) -> Content:
    """Everything the demo clinic is made of. Raises ValueError with all that is wrong at once."""
    brands = [Brand(**row) for row in _toml(folder, "brands")["brand"]]
    content = Content(
        clinic=Clinic(**_toml(folder, "clinic")),
        concerns=[Concern(**row) for row in _toml(folder, "concerns")["concern"]],
        treatments=_treatments(_toml(folder, "treatments")),
        packages=packages(_toml(folder, "packages")),
        addons=_addons(_toml(folder, "addons")),
        boxes=[Box(**row) for row in _toml(folder, "boxes")["box"]],
        brands=brands,
        products=_products(folder, {brand.slug: brand for brand in brands}),
        team=[TeamMember(**row) for row in _toml(folder, "team")["member"]],
        texts=[_text(path) for path in sorted((folder / "texts").glob("*.md"))],
        guide=_text(folder / "guide.md"),
        faq=[Question(**row) for row in _toml(folder, "faq")["question"]],
        synonyms=_toml(folder, "synonyms")["words"],
    )
    if problems := check(content):
        raise ValueError("\n".join(problems))
    return content


def _toml(folder: Path, name: str) -> dict[str, Any]:
    return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))


def _treatments(data: dict[str, Any]) -> list[Treatment]:
    common = data["common"]
    return [_treatment(row, common) for row in data["treatment"]]


def _treatment(row: dict[str, Any], common: dict[str, Any]) -> Treatment:
    """A treatment's own sentences first, then those that all treatments share."""
    texts = common["stages"] | row.pop("stages", {})
    stages = [{"title": title, "text": texts[key]} for key, title in zip(STAGES, common["stage_titles"], strict=True)]
    lists = {key: row.pop(key, []) + shared for key, shared in common["lists"].items()}
    return Treatment.model_validate(row | lists | {"stages": stages})


def _addons(data: dict[str, Any]) -> list[AddOn]:
    return [AddOn(**row, vat_percent=data["vat_percent"]) for row in data["addon"]]


def _products(folder: Path, brands: dict[str, Brand]) -> list[Product]:
    sentences = _toml(folder, "warnings")
    rows = [row for path in sorted(folder.glob("products_*.toml")) for row in _toml(folder, path.stem)["product"]]
    return [_product(row, sentences, brands[row["brand"]]) for row in rows]


def _product(row: dict[str, Any], sentences: dict[str, str], brand: Brand) -> Product:
    names = names_in(row["inci"])
    warnings = " ".join(sentences[w[1:]] if w.startswith("@") else w for w in row.pop("warnings"))
    links = [link | {"line": _line(link["active"], names)} for link in row.pop("links")]
    return Product(**row, warnings=warnings, links=links, responsible_person=brand.responsible_person)


def _line(active: str, names: list[str]) -> int:
    """The place of a name in its list, counted from one; 0 (refused later) when it is not there."""
    return names.index(active) + 1 if active in names else 0


def _text(path: Path) -> Text:
    """A text with two head lines (title, version) between two lines of three dashes."""
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    facts = dict(line.split(": ", 1) for line in head.strip().splitlines())
    return Text.model_validate(facts | {"key": path.stem, "body_md": body})
