from datetime import date

from shop.terms.wording import count, day, listed


def test_a_day_names_its_year_unless_it_is_near():
    assert day(date(2027, 6, 15)) == "Tuesday 15 June 2027"
    assert day(date(2027, 6, 15), near=date(2027, 1, 1)) == "Tuesday 15 June"
    assert day(date(2027, 6, 15), near=date(2026, 12, 31)) == "Tuesday 15 June 2027"


def test_counts_and_lists_read_as_people_say_them():
    assert count(1, "session") == "1 session"
    assert count(2, "box", "boxes") == "2 boxes"
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
