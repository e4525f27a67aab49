"""Lists of ingredients that hypothesis draws from, and the outside catalogue where its folder is named."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pytest
from hypothesis import strategies as st

from shop.care import ingredients
from shop.care.cosing import read_inventory
from shop.care.ingredients import Dictionary

NAMES = (
    "AQUA",
    "Water/Aqua/Eau",
    "Glycerin",
    "Retinol 0.3%",
    "GLYCOLIC ACID",
    "Salicylic Acid",
    "Gluconolactone",
    "Parfum (Fragrance)",
    "Limonene",
    "Alcohol Denat.",
    "Cetearyl Alcohol",
    "Sodium Hyaluronate",
    "1,2-Hexanediol",
    "Titanium Dioxide (CI 77891)",
    "Helianthus Annuus (Sunflower) Seed Oil",
    "Hydroquinone",
    "Minoxidil",
    "Iron Oxides (CI 77491, CI 77492, CI 77499)",
    "Xyzzium",
    "Phenoxyethanol",
    "Ascorbic Acid",
    "Lecithin",
    "Hydrolyzed Wheat Protein",
    "Zinc Oxide",
    "Benzoyl Peroxide",
)
SIGNS = (
    ", ",
    "; ",
    " | ",
    "\n",
    "\n\n",
    ". ",
    " [+/- ",
    "] ",
    "(",
    ")",
    "*",
    " *Organic. ",
    "May contain: ",
    "Ingredients: ",
    "- ",
    "• ",
    "\ufffd",
    " (and) ",
    "['",
    "', '",
    "']",
    "<br>",
    "&amp;",
    " : ",
    "%",
    "/",
    "\u200b",
    "，",
    " 12 % ",
    "Visit the Dior boutique",
    "-Aloe: Calms. ",
)

lists = st.lists(st.sampled_from(NAMES), min_size=1, max_size=8).map(", ".join)
messy = st.one_of(
    st.text(max_size=300),
    st.lists(st.one_of(st.sampled_from(NAMES), st.sampled_from(SIGNS), st.text(max_size=6)), max_size=25).map("".join),
)


def outside(name: str) -> Path:
    """A file of the outside folder; the test is skipped, saying so, where the folder is not named."""
    folder = os.environ.get("SHOP_TEST_DATA")
    if not folder:
        pytest.skip(f"SHOP_TEST_DATA is not set: {name} was not read")
    return Path(folder) / name


def real_lists() -> list[str]:
    """The lists of a real catalogue, dirt and all."""
    with outside("catalogue/sephora_cosmetic_p.csv").open(encoding="utf-8", newline="") as stream:
        return [row["ingredients"] for row in csv.DictReader(stream)]


def holds_no_list(text: str) -> bool:
    """The cells of that catalogue in which no list was ever given."""
    return bool(re.fullmatch(r"No Info|Visit the .* boutique", text))


def whole_dictionary() -> Dictionary:
    """The shop's own names and the inventory of CosIng."""
    with outside("ingredients/cosing_sohab117.csv").open(encoding="utf-8", newline="") as stream:
        return ingredients.dictionary().with_names(row.name for row in read_inventory(stream))
