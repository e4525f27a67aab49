"""Which amounts Stripe can charge: how it counts a currency's smallest unit, and what is too little or too much."""

from __future__ import annotations

from shop.core.money import exponent, money
from shop.payments.errors import StripeRefused

# docs.stripe.com/currencies: what can be charged at all.
_CHARGED = frozenset(
    """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CLP CNY
    COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD
    JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD
    NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL
    THB TJS TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW""".split()  # noqa: SIM905 - codes read better as words
)
# Zero-decimal currencies are counted whole.
_ZERO_DECIMAL = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
# Counted in thousandths, but the last figure has to be zero.
_THREE_DECIMAL = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
# The smallest charge by settlement currency; the others have no figure of their own.
_SMALLEST_MINOR = {
    "AED": 200, "AUD": 50, "BRL": 50, "CAD": 50, "CHF": 50, "CZK": 1500, "DKK": 250, "EUR": 50,
    "GBP": 30, "HKD": 400, "HUF": 17500, "INR": 50, "JPY": 50, "MXN": 1000, "MYR": 200, "NOK": 300,
    "NZD": 50, "PLN": 200, "RON": 200, "SEK": 300, "SGD": 50, "THB": 1000, "USD": 50,
}  # fmt: skip
_LARGEST_MINOR = 99_999_999


def smallest_charge_minor(currency: str) -> int:
    """The least that Stripe charges in this currency; less has to be paid by other means."""
    return _SMALLEST_MINOR.get(currency, 1)


def check_currency(currency: str) -> None:
    """Raise StripeRefused when Stripe does not charge this currency, or counts it in other units than the shop.

    Converting would be a silent factor of ten or a hundred; such a currency is refused instead.
    """
    theirs = 0 if currency in _ZERO_DECIMAL else 3 if currency in _THREE_DECIMAL else 2
    if currency not in _CHARGED or exponent(currency) != theirs:
        raise StripeRefused(f"Card payments in {currency} are not possible.", code="invalid_currency")


def check_part(amount_minor: int, currency: str) -> None:
    """Raise StripeRefused for an amount that cannot be one line, one delivery price or one refund."""
    check_currency(currency)
    if type(amount_minor) is not int:
        raise TypeError("amounts are whole numbers of minor units")
    if amount_minor < 0:
        raise StripeRefused("An amount below zero cannot be charged.", code="amount_too_small")
    if currency in _THREE_DECIMAL and amount_minor % 10:
        raise StripeRefused(f"Card payments in {currency} need an amount that ends in zero.", code="amount_not_exact")


def check_charge(amount_minor: int, currency: str) -> None:
    """Raise StripeRefused, with what to do, for a total that Stripe would not charge."""
    check_part(amount_minor, currency)
    smallest = smallest_charge_minor(currency)
    if amount_minor < smallest:
        raise StripeRefused(
            f"The smallest card payment is {money(smallest, currency)}. Please pay the rest another way.",
            code="amount_too_small",
        )
    if amount_minor > _LARGEST_MINOR:
        raise StripeRefused(
            f"The largest card payment is {money(_LARGEST_MINOR, currency)}. Please contact us.",
            code="amount_too_large",
        )
