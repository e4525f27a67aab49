"""Classes come from whole names: what only sounds like a class is not in it."""

from __future__ import annotations

import csv

import pytest

from shop.care import ingredients
from shop.care.classes import CLASSES, classes_of, names_in, source_of
from shop.care.parsing import read_label
from tests.care.labels_at_hand import outside


@pytest.mark.parametrize(
    ("name", "of_class"),
    [
        ("RETINOL", "retinoid"),
        ("RETINAL", "retinoid"),
        ("RETINYL PALMITATE", "retinoid"),
        ("HYDROXYPINACOLONE RETINOATE", "retinoid"),
        ("ADAPALENE", "retinoid"),
        ("TRETINOIN", "retinoid"),
        ("Retinaldehyde", "retinoid"),
        ("Vitamin A Palmitate", "retinoid"),
        ("GLYCOLIC ACID", "aha"),
        ("LACTIC ACID", "aha"),
        ("MANDELIC ACID", "aha"),
        ("SALICYLIC ACID", "bha"),
        ("CAPRYLOYL SALICYLIC ACID", "bha"),
        ("GLUCONOLACTONE", "pha"),
        ("LACTOBIONIC ACID", "pha"),
        ("ASCORBIC ACID", "ascorbic-acid"),
        ("Vitamin C", "ascorbic-acid"),
        ("ASCORBYL GLUCOSIDE", "vitamin-c-derivative"),
        ("3-O-ETHYL ASCORBIC ACID", "vitamin-c-derivative"),
        ("BENZOYL PEROXIDE", "benzoyl-peroxide"),
        ("HYDROQUINONE", "hydroquinone"),
        ("MINOXIDIL", "minoxidil"),
        ("PARFUM", "fragrance"),
        ("Fragrance", "fragrance"),
        ("LIMONENE", "fragrance-allergen"),
        ("D-Limonene", "fragrance-allergen"),
        ("Linalool", "fragrance-allergen"),
        ("LAVANDULA ANGUSTIFOLIA OIL", "essential-oil"),
        ("Tea Tree Oil", "essential-oil"),
        ("Lavandula Angustifolia Stem Oil", "essential-oil"),
        ("ALCOHOL DENAT.", "drying-alcohol"),
        ("Alcohol", "drying-alcohol"),
        ("Ethanol", "drying-alcohol"),
        ("JUGLANS REGIA SHELL POWDER", "scrub"),
        ("GLYCERIN", "humectant"),
        ("SODIUM HYALURONATE", "humectant"),
        ("CERAMIDE NP", "ceramide"),
        ("Ceramide 3", "ceramide"),
        ("PALMITOYL TRIPEPTIDE-1", "peptide"),
        ("ACETYL HEXAPEPTIDE-8", "peptide"),
        ("BIOTINOYL TRIPEPTIDE-1", "peptide"),
        ("ZINC OXIDE", "mineral-filter"),
        ("CI 77891", "mineral-filter"),
        ("OCTOCRYLENE", "organic-filter"),
        ("Avobenzone", "organic-filter"),
        ("MADECASSOSIDE", "soothing"),
        ("ALLANTOIN", "soothing"),
    ],
)
def test_an_ingredient_is_in_its_class_by_name_and_by_synonym(name, of_class):
    assert of_class in read_label(f"Aqua, {name}").classes


@pytest.mark.parametrize(
    ("name", "of_class"),
    [
        ("CETYL ALCOHOL", "drying-alcohol"),
        ("CETEARYL ALCOHOL", "drying-alcohol"),
        ("STEARYL ALCOHOL", "drying-alcohol"),
        ("BENZYL ALCOHOL", "drying-alcohol"),
        ("LANOLIN ALCOHOL", "drying-alcohol"),
        ("PHENETHYL ALCOHOL", "drying-alcohol"),
        ("PHENOXYETHANOL", "drying-alcohol"),
        ("BEHENYL ALCOHOL", "drying-alcohol"),
        ("HYALURONIC ACID", "aha"),
        ("CITRIC ACID", "aha"),
        ("STEARIC ACID", "aha"),
        ("AZELAIC ACID", "aha"),
        ("POLYLACTIC ACID", "aha"),
        ("LACTOBACILLUS", "aha"),
        ("LACTOBACILLUS FERMENT", "aha"),
        ("SODIUM LACTATE", "aha"),
        ("THIOGLYCOLIC ACID", "aha"),
        ("ETHYLHEXYL SALICYLATE", "bha"),
        ("BENZYL SALICYLATE", "bha"),
        ("BUTYLOCTYL SALICYLATE", "bha"),
        ("HOMOSALATE", "bha"),
        ("SALIX ALBA BARK EXTRACT", "bha"),
        ("ASCORBYL PALMITATE", "ascorbic-acid"),
        ("SODIUM ASCORBYL PHOSPHATE", "ascorbic-acid"),
        ("MAGNESIUM ASCORBYL PHOSPHATE", "ascorbic-acid"),
        ("Magnesium Ascorbyl Phosphate (Vitamin C)", "ascorbic-acid"),
        ("3-O-ETHYL ASCORBIC ACID", "ascorbic-acid"),
        ("ASCORBIC ACID", "vitamin-c-derivative"),
        ("BAKUCHIOL", "retinoid"),
        ("BETA-CAROTENE", "retinoid"),
        ("SODIUM GLUCONATE", "pha"),
        ("BENZOYL GLYCINE", "benzoyl-peroxide"),
        ("TOCOPHERYLQUINONE", "hydroquinone"),
        ("HELIANTHUS ANNUUS SEED OIL", "essential-oil"),
        ("ROSA CANINA FRUIT OIL", "essential-oil"),
        ("Rosehip Oil", "essential-oil"),
        ("CITRUS LIMON SEED OIL", "essential-oil"),
        ("MINERAL OIL", "essential-oil"),
        ("SIMMONDSIA CHINENSIS SEED OIL", "essential-oil"),
        ("PERFLUORODECALIN", "fragrance"),
        ("LIMNANTHES ALBA SEED OIL", "fragrance-allergen"),
    ],
)
def test_what_only_sounds_like_a_class_is_not_in_it(name, of_class):
    assert of_class not in read_label(f"Aqua, {name}").classes


def test_every_class_has_names_and_every_name_is_read_and_sourced():
    for of_class in CLASSES:
        assert names_in(of_class)
        for name in names_in(of_class):
            read = ingredients.dictionary().find(name)
            assert read is not None
            assert of_class in classes_of(read)
            assert source_of(name, of_class=of_class)


def test_a_name_outside_the_table_has_no_class():
    assert classes_of("XYZZIUM") == frozenset()


def test_every_fragrance_allergen_that_europe_lists_is_known_as_one():
    with outside("ingredients/eu_declarable_fragrance_allergens.csv").open(encoding="utf-8", newline="") as stream:
        listed = {
            name.strip()
            for row in csv.DictReader(stream)
            for name in row["identified_ingredients"].split(",")
            if len(name.strip()) > 4
        }
    plain = {name for name in listed if not any(sign in name for sign in "()") and "/" not in name}
    assert len(plain) > 100
    unknown = {name for name in plain if "fragrance-allergen" not in read_label(f"Aqua, {name}").classes}
    assert unknown == set()
