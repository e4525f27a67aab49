import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.care.claim_patterns import claim_rules
from shop.care.claims import lint
from shop.care.rule_files import read_rules

CLAIMS = [
    ("toxins", "removes toxins"),
    ("toxins", "flushes out toxins"),
    ("toxins", "rids the body of toxins"),
    ("toxins", "detox"),
    ("toxins", "de-toxifying"),
    ("toxins", "detoxification"),
    ("toxins", "draws dirt, oil and toxins"),
    ("cell-metabolism", "cellular metabolism"),
    ("cell-metabolism", "stimulates collagen"),
    ("cell-metabolism", "boosts your blood circulation"),
    ("cell-metabolism", "cell renewal"),
    ("inside-out", "from the inside out"),
    ("inside-out", "glow from within"),
    ("melting-fat", "melts fat"),
    ("melting-fat", "melting away stubborn belly fat"),
    ("melting-fat", "dissolves fat cells"),
    ("melting-fat", "fat-burning"),
    ("melting-fat", "burn off that unwanted fat"),
    ("melting-fat", "lose inches"),
    ("melting-fat", "break down localised fat"),
    ("guaranteed", "guaranteed"),
    ("guaranteed", "we guarantee"),
    ("guaranteed", "100 % effective"),
    ("guaranteed", "works for everyone"),
    ("permanent", "permanent"),
    ("permanent", "permanently"),
    ("permanent", "gone for good"),
    ("permanent", "lasts forever"),
    ("safe", "safe"),
    ("safe", "totally safe"),
    ("safe", "safely removes"),
    ("safe", "no side effects"),
    ("safe", "risk-free"),
    ("non-invasive", "non-invasive"),
    ("non-invasive", "noninvasive"),
    ("non-invasive", "NON INVASIVE"),
    ("non-invasive", "painless"),
    ("medicinal", "cures"),
    ("medicinal", "heals scars"),
    ("medicinal", "heals and soothes your skin"),
    ("medicinal", "healing balm"),
    ("medicinal", "treats acne"),
    ("medicinal", "treats stubborn adult acne"),
    ("medicinal", "relieves eczema"),
    ("medicinal", "prevents infection"),
    ("medicinal", "anti-inflammatory"),
    ("medicinal", "speeds up healing"),
    ("condition-treatment", "acne treatment"),
    ("condition-treatment", "treatment of rosacea"),
    ("cellulite", "reduces the appearance of cellulite"),
    ("cellulite", "anti-cellulite"),
    ("cellulite", "goodbye cellulite"),
    ("cellulite", "smooths away cellulite"),
    ("hair-regrowth", "regrows hair"),
    ("hair-regrowth", "hair regrowth"),
    ("hair-regrowth", "stops hair loss"),
    ("hair-regrowth", "stimulates the hair follicles"),
    ("hair-regrowth", "grow thicker hair"),
    ("hair-regrowth", "re-growth"),
    ("prescription", "Botox"),
    ("prescription", "BOTOX®"),
    ("prescription", "Botox™"),
    ("prescription", "botulinum toxin"),
    ("prescription", "Dysport"),
    ("prescription", "anti-wrinkle injections"),
    ("prescription", "semaglutide"),
    ("prescription-substance", "tretinoin"),
    ("countdown", "only 2 hours left"),
    ("countdown", "Just three days to go"),
    ("countdown", "only 4 places left"),
    ("countdown", "offer ends tonight"),
    ("countdown", "hurry"),
    ("countdown", "last chance"),
    ("countdown", "act now"),
    ("toxins", "purifies your body"),
    ("cell-metabolism", "at the cellular level"),
    ("melting-fat", "slims your waist"),
    ("medicinal", "reduces inflammation"),
    ("hair-regrowth", "grow faster and thicker hair"),
    ("countdown", "2 hours left"),
    ("absolute", "miracle"),
    ("absolute", "clinically proven"),
    ("absolute", "erases wrinkles"),
]


@pytest.mark.parametrize(("rule", "claim"), CLAIMS)
@pytest.mark.parametrize("around", ["{}", "Our cream {} for you.", "<p>A gel, <b>{}</b>: try it</p>", "- {}\n- two"])
def test_each_claim_is_found_by_its_rule(rule, claim, around):
    hits = lint(around.format(claim))
    assert rule in {hit.rule for hit in hits}
    assert all(hit.why.endswith(".") and hit.source and hit.better for hit in hits)


def test_the_three_claims_of_one_sentence_are_each_named():
    text = "Melts fat, removes toxins, guaranteed."
    assert [(hit.phrase, hit.rule) for hit in lint(text)] == [
        ("Melts fat", "melting-fat"),
        ("removes toxins", "toxins"),
        ("guaranteed", "guaranteed"),
    ]


INNOCENT = """
# Care after your session

Your parcel is safely packed and travels in a recycled box. Keep it safe from heat and store the tube in a safe place; the
safety data sheet is on request. Payment is safe and secure checkout by card. Is mesotherapy safe? We cannot say that for
everybody; please tell us about your health. It is not safe to use a peel on sunburnt skin.

Healthy habits help: sleep, water, sunscreen. Skin usually heals within a week. Wait until the skin has healed, and let it
heal in peace; as it heals your skin may itch. Treat yourself to a quiet evening. The treatment takes 45 minutes and the
treatment room has a window. A manicure is on another floor. The secure area is behind the desk.

Minimally invasive, with very fine needles. Results differ from person to person, are not guaranteed and not permanent;
nobody can guarantee them. There is no guarantee. Your statutory guarantee stays untouched. Permanent make-up and tattoos
in the area have to be three months old. You can delete your account permanently. Semi-permanent brows are not offered.

This balm melts on the skin into an oil; cetearyl alcohol is a fatty alcohol, and vitamin E is fat-soluble. The concern
"localised fat" is assessed at a consultation. No cream melts fat, and this gel does not remove toxins. We never promise
that it melts fat. Non-toxic inks. Cellulite is a normal part of skin; for cellulite the evidence is modest.

Do you have eczema or psoriasis? If you take medicine for acne, tell us. If you are being treated for an infection, wait.
A dermatologist can treat your rosacea. Have you finished your acne treatment? Sudden hair loss belongs in a doctor's
hands. Fine hair can look fuller. The hair growth cycle is long. Our new hair care arrives in May. This does not regrow hair.
If you use tretinoin, pause five days before. Do not combine with adapalene. Have you taken isotretinoin?

You have only two sessions left in your package. Make-up may return in 6 hours. Your appointment ends at 14:00, and the
cancellation period ends at midnight. Only 3 left in stock. There is no hurry, and nobody will hurry you. This is your last
chance to cancel without a fee. Choose from within the list; refunds arrive from within 3 days. Turn the bag inside out.
Secured by a seal. Securely closed. Health, healthy, healthier. Curated by our consultants. Accurate dates. The cured resin
of the jar, a slim bottle. You have two hours left before make-up returns. Rest, and drink water. Glass bottles burn nobody. Fatima wrote this page. Toxicology is a science.
"""


def test_a_page_of_innocent_copy_is_left_alone():
    assert [(hit.phrase, hit.rule, INNOCENT[hit.start - 30 : hit.end + 20]) for hit in lint(INNOCENT)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Not only removes toxins but glows.",
        "Nothing melts fat like this gel.",
        "No more cellulite",
        "No downtime, guaranteed results",
        "No other gel removes, but ours removes toxins.",
        "Why wait? No other cream melts fat.",
        "Not cheap, but it melts fat.",
        "It is not a cream and it melts fat.",
        "Gua\u00adranteed",
        "guar\u200banteed",
        "ｇuaranteed",
        "guarantéed",
        "<strong>melts</strong> fat",
        "melts&nbsp;fat",
        "**melts** fat",
        "melts\nfat",
        "melts   fat",
        "Safe for everyone",
        "It’s the safest peel",
        "cures acne",
        "Your cream cures acne",
        "removes\u00a0toxins",
    ],
)
def test_a_disguise_or_a_half_negation_does_not_help(text):
    assert lint(text)


@pytest.mark.parametrize(
    "text", ["the lower layer melts.\n\nFat is stored below", "<p>It melts</p><p>Fat below</p>", "melts. Fat"]
)
def test_a_phrase_does_not_reach_across_a_paragraph_or_a_full_stop(text):
    assert lint(text) == []


def test_a_price_list_may_not_name_a_prescription_medicine():
    hits = lint("| Treatment | Price |\n|---|---|\n| Botox, 3 areas | £250 |")
    assert [(hit.phrase, hit.rule) for hit in hits] == [("Botox", "prescription")]


def test_the_better_sentences_hold_no_claim_themselves():
    for rule in claim_rules():
        assert lint(rule.better) == []


def test_a_hit_inside_another_is_told_once():
    assert [hit.phrase for hit in lint("anti-cellulite")] == ["anti-cellulite"]


def test_every_rule_finds_something_here():
    assert {rule for rule, _ in CLAIMS} == {rule["id"] for rule in read_rules("claims")["rule"]}


pieces = st.lists(
    st.sampled_from(
        [
            "melts fat",
            "removes toxins",
            "safe",
            "not",
            "<b>",
            "</b>",
            "&amp;",
            "&",
            "<",
            "\n\n",
            " ",
            "é",
            "ﬁ",
            "\u00ad",
            "no",
            "cure",
            "botox",
            "¶",
            "*",
            "\0",
            "until",
            "only 2 hours left",
        ]
    )
    | st.text(max_size=6),
    max_size=12,
).map(" ".join)


@given(text=pieces)
def test_every_hit_lies_where_it_says(text):
    end = 0
    for hit in lint(text):
        assert text[hit.start : hit.end] == hit.phrase
        assert hit.phrase
        assert hit.end > end
        end = hit.end


@given(text=st.text(max_size=300))
def test_no_text_breaks_the_lint(text):
    assert all(0 <= hit.start < hit.end <= len(text) for hit in lint(text))


def test_a_long_page_is_read_in_a_moment():
    page = "Removes " * 2000 + "the " * 2000 + "not " * 2000
    assert lint(page) == []
