"""A printed list is read entry by entry; nothing of the text is lost, and what is not read is said."""

from __future__ import annotations

import time

import pytest
from hypothesis import given

from shop.care.parsing import read_label
from tests.care.labels_at_hand import holds_no_list, messy, real_lists, whole_dictionary


def names(text):
    return [token.name for token in read_label(text).tokens]


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Water/Aqua/Eau", "AQUA"),
        ("Aqua (Water)", "AQUA"),
        ("Aqua / Water", "AQUA"),
        ("Parfum (Fragrance)", "PARFUM"),
        ("Fragrance", "PARFUM"),
        ("Helianthus Annuus (Sunflower) Seed Oil", "HELIANTHUS ANNUUS SEED OIL"),
        ("Sunflower Seed Oil", "HELIANTHUS ANNUUS SEED OIL"),
        ("Titanium Dioxide (CI 77891)", "TITANIUM DIOXIDE"),
        ("CI 77891 (Titanium Dioxide)", "TITANIUM DIOXIDE"),
        ("C.I. 77891", "TITANIUM DIOXIDE"),
        ("CI77947", "ZINC OXIDE"),
        ("Yellow 5 (Ci 19140)", "CI 19140"),
        ("FD&C Yellow No. 5", "CI 19140"),
        ("1,2-Hexanediol", "1,2-HEXANEDIOL"),
        ("1, 2-Hexanediol", "1,2-HEXANEDIOL"),
        ("Ethylhexyl Salicylate 5%", "ETHYLHEXYL SALICYLATE"),
        ("Octisalate", "ETHYLHEXYL SALICYLATE"),
        ("Caprylic / Capric Triglyceride", "CAPRYLIC/CAPRIC TRIGLYCERIDE"),
        ("Citrus Aurantium Dulcis (Orange) Peel Oil*", "CITRUS AURANTIUM DULCIS PEEL OIL"),
        ("Organic Argania Spinosa (Argan) Kernel Oil**", "ARGANIA SPINOSA KERNEL OIL"),
        ("Goji Berry Extract (Lycium Barbarum)", "LYCIUM BARBARUM FRUIT EXTRACT"),
        ("Alcohol, Denatured", "ALCOHOL DENAT."),
        ("SD Alcohol 40-B", "SD ALCOHOL 40-B"),
        ("Beeswax/Cera Alba/Cire d'Abeille", "CERA ALBA"),
        ("Zinc Oxide [nano]", "ZINC OXIDE"),
        ("Sodium Hyaluronate™", "SODIUM HYALURONATE"),
        ("Phenoxyethanol¹", "PHENOXYETHANOL"),
        ("Magnesium Sulphate", "MAGNESIUM SULFATE"),
        ("Vitamin E Acetate", "TOCOPHERYL ACETATE"),
        ("L-Ascorbic Acid", "ASCORBIC ACID"),
        ("D-Limonene", "LIMONENE"),
        ("Retinaldehyde", "RETINAL"),
        ("Ceramide 3", "CERAMIDE NP"),
        ("Sodium Hyalu-\nronate", "SODIUM HYALURONATE"),
        ("SodiumHyaluronate", "SODIUM HYALURONATE"),
        ("Sodium Hyaluronte", "SODIUM HYALURONATE"),
    ],
)
def test_a_printed_name_is_read_as_its_inci_name(printed, name):
    assert names(f"Glycerin, {printed}, Panthenol") == ["GLYCERIN", name, "PANTHENOL"]


@pytest.mark.parametrize(
    "printed", ["Xyzzium Foobarate", "Radiance Complex", "Hydrolyzed Moonlight", "Vinergy Complex", "Methylfoobaren"]
)
def test_a_name_that_nobody_knows_stays_unread(printed):
    label = read_label(f"Aqua, Glycerin, {printed}")
    assert label.unread == (printed,)


@pytest.mark.parametrize(("known", "printed"), [("Ethylparaben", "Ethyl Foobarate"), ("Methylparaben", "Propylfoobar")])
def test_a_known_word_is_never_taken_for_its_neighbour(known, printed):
    assert names(f"{known}, {printed}")[1] is None


@pytest.mark.parametrize(
    "text",
    [
        "Aqua, Glycerin, Retinol, Panthenol",
        "Aqua; Glycerin; Retinol; Panthenol",
        "Aqua | Glycerin | Retinol | Panthenol",
        "Aqua • Glycerin • Retinol • Panthenol",
        "Aqua - Glycerin - Retinol - Panthenol",
        "['Aqua', 'Glycerin', 'Retinol', 'Panthenol']",
        '["Aqua", "Glycerin", "Retinol", "Panthenol"]',
        "['Aqua, Glycerin, Retinol, Panthenol']",
        "Aqua\nGlycerin\nRetinol\nPanthenol",
        "- Aqua\n- Glycerin\n- Retinol\n- Panthenol",
        "Aqua,\nGlycerin,\r\nRetinol,\nPanthenol.",
        "Ingredients: Aqua, Glycerin, Retinol, Panthenol.",
        "INGREDIENTS (INCI): AQUA, GLYCERIN, RETINOL, PANTHENOL",
        "Full ingredient list: Aqua, Glycerin, Retinol, Panthenol",
        "<p>Aqua, Glycerin,<br> <b>Retinol</b>, Panthenol</p>",
        "Aqua (and) Glycerin (and) Retinol (and) Panthenol",
        "Aqua,\ufffdGlycerin, Retinol\ufffd, Panthenol",
        "Aqua， Glycerin、 Retinol， Panthenol",
        "Aqua. Glycerin. Retinol. Panthenol.",
        "Aqua Glycerin Retinol Panthenol",
        "1) Aqua\n2) Glycerin\n3) Retinol\n4) Panthenol",
        "Ingredients\nAqua, Glycerin, Retinol, Panthenol",
        "INGREDIENTS - Aqua, Glycerin, Retinol, Panthenol",
        "Ingrédients : AQUA (WATER/EAU), GLYCERIN, RETINOL, PANTHENOL.",
        "AQUA / WATER ● GLYCERIN ● RETINOL ● PANTHENOL (F.I.L. B12345/1)",
        "Key Ingredients: Retinol, Panthenol. Full Ingredients: Aqua, Glycerin, Retinol, Panthenol",
        "Aqua, Glycerin (hydration), Retinol, Panthenol (plant-derived). Dermatologically tested. Not tested on animals.",
        "Aqua, Glycerin*, Retinol*, Panthenol*  * from natural sources",
        "<ul><li>Aqua</li><li>Glycerin</li><li>Retinol</li><li>Panthenol</li></ul>",
        "Step one:\nAqua, Glycerin, Retinol, Panthenol",
        "-Retinol: Helps smooth wrinkles, firmness, and tone.\n\nAqua, Glycerin, Retinol, Panthenol",
        "Aqua, Glycerin, Retinol, Panthenol. *Organic. **Natural.",
        "Aqua, Glycerin, Retinol*, Panthenol * Essential Oil\n\nPlease be aware that ingredient lists may change or vary from time to time.",
        "Aqua, Glycerin, Retinol, Panthenol\n\nFree from parabens, sulfates, mineral oil and fragrance.",
    ],
)
def test_lists_of_every_shape_give_the_same_names(text):
    assert names(text) == ["AQUA", "GLYCERIN", "RETINOL", "PANTHENOL"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "No Info",
        "N/A",
        "None",
        "-",
        "Visit the Dior boutique",
        "Visit the Kiehl's Since 1851 boutique",
        "See packaging",
        "*Certified Organic",
        "* Essential Oil",
        "-Hyaluronic Acid: Moisturizes.",
        "-Ginseng\n\n-Olive Oil",
        "This ingredient list is subject to change. It is the most up-to-date ingredient list and may differ from product packaging.",
    ],
)
def test_text_without_a_list_gives_no_entries_and_is_unknown(text):
    label = read_label(text)
    assert (label.tokens, label.status) == ((), "unknown")


def test_promises_and_legal_text_are_kept_aside_as_they_are_printed():
    label = read_label("-Aloe: Calms the skin.\n\nAqua, Glycerin. *Organic.\n\nPlease refer to the pack.")
    assert [aside.strip() for aside in label.aside] == ["-Aloe: Calms the skin.", "*Organic.", "Please refer to the pack."]


def test_what_a_promise_praises_is_mentioned_but_is_no_entry():
    label = read_label("-Retinol: Helps smooth wrinkles.\n\nAqua, Glycerin")
    assert [token.name for token in label.mentions] == ["RETINOL"]
    assert [token.name for token in label.tokens] == ["AQUA", "GLYCERIN"]
    assert "retinoid" in label.classes


def test_what_a_list_may_contain_is_marked():
    label = read_label("Aqua, Mica, Glycerin. May Contain: Iron Oxides, Tin Oxide.")
    assert [(token.name, token.may_contain) for token in label.tokens] == [
        ("AQUA", False),
        ("MICA", False),
        ("GLYCERIN", False),
        ("IRON OXIDES", True),
        ("TIN OXIDE", True),
    ]


def test_what_stands_behind_the_bracket_of_may_contain_is_contained():
    label = read_label("Aqua [+/- CI 77491, CI 77492], Retinol")
    assert [(token.name, token.may_contain) for token in label.tokens] == [
        ("AQUA", False),
        ("IRON OXIDES", True),
        ("IRON OXIDES", True),
        ("RETINOL", False),
    ]


@pytest.mark.parametrize(
    ("printed", "percent"),
    [
        ("Retinol 0.3%", 0.3),
        ("Salicylic Acid (2 %)", 2.0),
        ("0,5% Retinol", 0.5),
        ("Retinol 1 percent", 1.0),
        ("Retinol", None),
    ],
)
def test_a_percentage_is_read_with_its_name(printed, percent):
    assert read_label(f"Aqua, {printed}").tokens[1].percent == percent


def test_active_ingredients_of_a_drug_label_are_part_of_the_list():
    text = "Active Ingredients: Avobenzone 3.00% , Octocrylene 2.70%Ingredients: Water , Glycerin"
    assert names(text) == ["BUTYL METHOXYDIBENZOYLMETHANE", "OCTOCRYLENE", "AQUA", "GLYCERIN"]


def test_a_bracketed_list_under_a_trade_name_is_read():
    label = read_label("Aqua, Calming Complex (Glycerin, Retinol, Panthenol), Parfum")
    assert [token.name for token in label.tokens] == ["AQUA", "GLYCERIN", "RETINOL", "PANTHENOL", "PARFUM"]
    assert label.aside == ("Calming Complex",)


def test_a_bracket_that_names_an_allergen_is_heard():
    assert "LIMONENE" in read_label("Aqua, Parfum (Limonene)").names


def test_a_name_cut_in_two_by_a_stray_comma_is_put_together():
    assert names("Aqua, Synthetic, Fluorphlogopite, Glycerin") == ["AQUA", "SYNTHETIC FLUORPHLOGOPITE", "GLYCERIN"]


def test_two_names_with_an_unknown_one_between_them_are_not_put_together():
    assert names("Aqua, Xyzzium, Titanium Dioxide (CI 77891)") == ["AQUA", None, "TITANIUM DIOXIDE"]


def test_places_count_from_one():
    assert [token.position for token in read_label("Aqua, Glycerin, Retinol").tokens] == [1, 2, 3]


def test_nine_tenths_read_is_partly_and_less_is_unknown():
    nine = ", ".join(
        ["Aqua", "Glycerin", "Panthenol", "Squalane", "Urea", "Betaine", "Carbomer", "Allantoin", "Niacinamide"]
    )
    assert read_label(nine).status == "assessed"
    assert read_label(f"{nine}, Xyzzium").status == "partly"
    assert read_label(f"{nine}, Xyzzium, Foobarium").status == "unknown"


def test_a_denied_ingredient_is_not_an_ingredient():
    assert "RETINOL" not in read_label("Aqua, Glycerin.\nWithout retinol, parabens or silicones.").names


def test_a_sentence_that_begins_with_an_ingredient_is_never_set_aside():
    assert "RETINOL" in read_label("Aqua, Glycerin. Retinol, made from stars, moons, suns, with your skin, for you").names


@pytest.mark.parametrize(
    "text",
    [
        " " * 20_000,
        "*" * 20_000,
        "(" * 20_000,
        "1," * 10_000,
        "a:" * 10_000,
        "full " * 4_000,
        "Aqua" + " " * 15_000 + "Glycerin",
        "Aqua, a" + "\n " * 8_000 + "Glycerin",
        "1% " * 6_000,
        "ingredients: " * 1_600,
        "free from " * 2_000,
        "(a," * 6_000,
        "<a" * 10_000,
    ],
)
def test_a_hostile_text_is_read_in_the_time_of_a_long_one(text):
    begun = time.process_time()
    assert accounted(read_label(text))
    assert time.process_time() - begun < 3


def accounted(label):
    covered = "".join(label.text[start:end] for _, start, end in label.pieces)
    marks = "".join(label.text[start:end] for kind, start, end in label.pieces if kind == "mark")
    return covered == label.text and not any(sign.isalnum() for sign in marks)


@given(messy)
def test_every_sign_of_any_text_is_accounted_for(text):
    assert accounted(read_label(text))


@given(messy)
def test_every_entry_is_printed_in_the_text_in_its_order(text):
    label = read_label(text)
    places = [start for kind, start, _ in label.pieces if kind == "token"]
    assert places == sorted(places)
    assert all(token.raw in text and token.raw.strip() for token in label.tokens)


def test_a_real_catalogue_is_read_to_95_percent_and_cells_without_a_list_are_unknown():
    dictionary = whole_dictionary()
    labels = [read_label(text, dictionary=dictionary) for text in real_lists()]
    tokens = [token for label in labels for token in label.tokens]
    assert sum(token.recognised for token in tokens) >= 0.95 * len(tokens)
    assert len(tokens) > 40_000
    empty = [label for label in labels if holds_no_list(label.text)]
    assert len(empty) == 143
    assert {label.status for label in empty} == {"unknown"}
    assert all(accounted(label) for label in labels)


def test_the_shops_own_names_alone_read_a_real_catalogue_to_95_percent():
    tokens = [token for text in real_lists() for token in read_label(text).tokens]
    assert sum(token.recognised for token in tokens) >= 0.95 * len(tokens)
