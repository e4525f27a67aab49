"""Products are linked to concerns by actives that stand in the list by their whole name."""

from __future__ import annotations

import pytest

from shop.care.linking import active_rules, link_concerns
from shop.care.parsing import read_label


@pytest.mark.parametrize("rule", active_rules(), ids=lambda rule: f"{rule.concern}-{rule.active}")
def test_each_active_links_its_concern_with_its_line(rule):
    assert (rule.concern, rule.active, 2) in link_concerns(read_label(f"Aqua, {rule.active}"))


@pytest.mark.parametrize(
    "name",
    [
        "Retinyl Palmitate",
        "Ascorbyl Glucoside",
        "Ethylhexyl Salicylate",
        "Dimethicone Crosspolymer",
        "Hydroxyethyl Urea",
        "Centella Asiatica Callus Extract",
        "Xyzzium",
    ],
)
def test_what_only_sounds_like_an_active_links_nothing(name):
    assert link_concerns(read_label(f"Aqua, {name}")) == []


def test_dimethicone_far_down_the_list_makes_no_scar_gel():
    assert link_concerns(read_label("Aqua, Glycerin, Squalane, Betaine, Dimethicone")) == [("hydration", "GLYCERIN", 2)]


def test_what_a_list_may_contain_links_nothing():
    assert link_concerns(read_label("Aqua, Zinc Oxide. May Contain: Iron Oxides")) == []


def test_the_area_leaves_out_what_is_used_elsewhere():
    label = read_label("Aqua, Niacinamide")
    assert {concern for concern, _, _ in link_concerns(label, area="face")} == {"skin-rejuvenation", "pigmentation"}
    assert {concern for concern, _, _ in link_concerns(label, area="scalp")} == {"hair-thinning"}
