"""How the catalogue's keys are said to people: steps of a routine, phases around a session, classes one can leave out."""

from __future__ import annotations

STEPS = {
    "cleanse": "Cleansers",
    "tone": "Toners and essences",
    "treat": "Serums and treatments",
    "eye": "Eye care",
    "moisturise": "Moisturisers",
    "protect": "Sunscreens",
    "mask": "Masks",
    "body": "Body care",
    "scalp": "Scalp care",
}
STEP_WORDS = {
    "cleanse": "Cleanse",
    "tone": "Tone",
    "treat": "Treat",
    "eye": "Eyes",
    "moisturise": "Moisturise",
    "protect": "Protect",
    "mask": "Mask",
    "body": "Body",
    "scalp": "Scalp",
}
PHASES = {
    "prepare": ("Two weeks before", "Prepare", "Calm, even skin heals best. Nothing new goes on it in these days."),
    "day-0-3": ("Day 0 to 3", "The first days", "Bland, cool and little of it. Everything else rests."),
    "recover": ("Day 4 to 14", "Recover", "Comfort comes back, and with it the usual routine, one product at a time."),
    "between": ("Between sessions", "Carry it on", "The weeks in which home care does most of the work."),
    "maintain": ("After the series", "Keep it", "Fewer products, used every day."),
}
FREE_FROM = {
    "fragrance": "Fragrance",
    "fragrance-allergen": "Named fragrance allergens",
    "essential-oil": "Essential oils",
    "drying-alcohol": "Drying alcohol",
    "retinoid": "Retinoids",
    "aha": "Fruit acids (AHA)",
    "bha": "Salicylic acid (BHA)",
    "scrub": "Scrub grains",
    "organic-filter": "Organic sun filters",
}
