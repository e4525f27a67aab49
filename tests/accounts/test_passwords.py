"""Which passwords are refused, and how those that are taken are kept."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.accounts.hashing import hash_password, is_password
from shop.accounts.password_rules import check_password, is_common
from shop.core.errors import Refused

FIRST_TRIED = """
password 12345678 123456789 1234567890 qwertyui qwertyuiop password1 Password123 P@ssw0rd passw0rd! iloveyou sunshine princess
football baseball superman trustno1 letmein123 welcome1 Welcome2026! monkey123 dragon12 1q2w3e4r 1qaz2wsx zaq12wsx qazwsxedc
abcd1234 abc12345 aaaaaaaa 11111111 00000000 12341234 11223344 87654321 qwerty123 asdfghjk asdfasdf zxcvbnm1 q1w2e3r4 changeme
starwars computer internet whatever michelle jennifer jordan23 liverpool Chelsea1 arsenal1 samsung1 pokemon1 minecraft
passwordpassword lovelove 19841984 01012000 31-12-1999 summer2025 Winter24! Charlie1 nicole12 Ashley12 butterfly chocolate
""".split()  # noqa: SIM905 (read as prose)


@pytest.mark.parametrize("password", FIRST_TRIED)
def test_what_everybody_tries_first_is_refused(password):
    with pytest.raises(Refused):
        check_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "three quiet harbours",
        "correct horse battery staple",
        "kX9#mm2Lq",
        "ünïcødé ✨ lamp",
        "qz7 lamp pigeon",
        "dragonfruit salad",
        "        a tree",
    ],
)
def test_what_nobody_tries_first_is_taken(password):
    check_password(password)


def test_seven_characters_are_too_few_and_eight_are_enough():
    with pytest.raises(Refused, match="at least 8"):
        check_password("kX9#mm2")
    check_password("kX9#mm2L")


def test_a_password_may_be_long_but_not_endless():
    check_password("tree lamp " * 100)
    with pytest.raises(Refused, match="at most 1024"):
        check_password("x9 z" * 300)


def test_ones_own_name_and_address_are_refused():
    for password in ("moorland", "Moorland12", "ada.moorland@example.com"):
        with pytest.raises(Refused, match="own name"):
            check_password(password, about=("Ada Moorland", "ada.moorland@example.com"))


@given(st.text(min_size=8, max_size=80))
def test_any_text_is_judged_without_falling_over(password):
    assert is_common(password) in (True, False)


def test_judging_a_long_password_takes_no_time():
    began = perf_counter()
    is_common("qwertyasdf" * 102)
    assert perf_counter() - began < 0.5


def test_a_hash_is_argon2id_at_the_written_cost():
    hashed = hash_password("three quiet harbours")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=3,p=1$")
    assert is_password("three quiet harbours", hashed)
    assert not is_password("three quiet harbours ", hashed)


def test_something_that_is_no_hash_opens_nothing():
    assert not is_password("anything", "plain text")
