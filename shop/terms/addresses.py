"""Where a parcel can go, and how each country writes its postcodes."""

import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from shop.core.errors import Refused

_LONGEST_LINE = 100
_NEEDED = (("line1", "Please give the street and the house number."), ("city", "Please give the town or city."))


def country_name(code: str, locale: str = "en_GB") -> str:
    """The country's name for people; an unknown code is shown as it is."""
    return _names(locale).get(code, code)


def named_country(code: str) -> str:
    """The name as a sentence says it: the United Kingdom, Japan."""
    name = country_name(code)
    return f"the {name}" if name.startswith("United ") or code in {"NL", "PH"} else name


def countries(codes: Collection[str], *, first: str = "", locale: str = "en_GB") -> list[tuple[str, str]]:
    """(code, name) for a list to choose from: the clinic's own country first, the others by name."""
    return sorted(((code, country_name(code, locale)) for code in codes), key=lambda pair: (pair[0] != first, pair[1]))


def normal_postcode(text: str, country: str) -> str:
    """The postcode as its country writes it: "sw1a1aa" → "SW1A 1AA". Raises Refused with an example."""
    rule = _postcodes().get(country)
    typed = unicodedata.normalize("NFKC", text).strip()
    if rule is None:
        return _line(typed, "postcode")
    bare = re.sub(r"[\s.–-]+", "", typed).upper()
    if rule.get("digits"):
        bare = re.sub(r"^[A-Z]{1,2}(?=[0-9])", "", bare)
    if country == "GB":
        bare = _zero_for_letter(bare)
    written = _cut(bare, rule)
    if not re.fullmatch(rule["pattern"], written):
        name = named_country(country)
        what = "Please give the postcode" if not bare else f"{typed[:20]} is not a postcode of {name}"
        raise Refused(f"{what}; it looks like {rule['example']}.", field="postcode")
    return written


def normal_address(given: Mapping[str, str], *, delivers_to: Collection[str]) -> dict[str, str]:
    """line1, line2, city, postcode and country, tidied. Raises Refused at the first thing that is wrong."""
    country = given.get("country", "").strip().upper()
    if country not in delivers_to:
        where = named_country(country) if country else "a country that you have not named"
        raise Refused(f"We do not deliver to {where}. You can collect at the clinic.", field="country")
    lines = {field: _line(given.get(field, ""), field) for field in ("line1", "line2", "city")}
    for field, sentence in _NEEDED:
        if not lines[field]:
            raise Refused(sentence, field=field)
    return {**lines, "postcode": normal_postcode(given.get("postcode", ""), country), "country": country}


def _line(text: str, field: str) -> str:
    tidy = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip(" ,")
    if any(unicodedata.category(sign).startswith("C") for sign in tidy):
        raise Refused("This holds a sign that cannot be printed on a label.", field=field)
    if len(tidy) > _LONGEST_LINE:
        raise Refused(f"A line of the address has at most {_LONGEST_LINE} signs.", field=field)
    return tidy


def _zero_for_letter(bare: str) -> str:
    """The third sign from the end is always a figure in Britain, and often typed as the letter O."""
    return f"{bare[:-3]}0{bare[-2:]}" if len(bare) > 4 and bare[-3] == "O" else bare


def _cut(bare: str, rule: Mapping[str, Any]) -> str:
    cut = rule.get("cut")
    if cut is None or not bare[cut:] or not bare[:cut]:
        return bare
    return f"{bare[:cut]}{rule['mark']}{bare[cut:]}"


@lru_cache
def _names(locale: str) -> dict[str, str]:
    from babel import Locale

    return dict(Locale.parse(locale).territories)


@lru_cache
def _postcodes() -> dict[str, dict[str, Any]]:
    path = Path(__file__).with_name("data") / "postcodes.json"
    found: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["countries"]
    return found
