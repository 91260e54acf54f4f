"""Money at the edge: exact fractions inside, one rounding per statement line."""

from decimal import Decimal
from fractions import Fraction
from typing import Final

_EXPONENTS: Final = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}
"""ISO 4217 minor units that are not 2."""


def exponent(currency: str) -> int:
    """Return how many decimals an amount of that currency has (ISO 4217)."""
    return _EXPONENTS.get(currency, 2)


def round_amount(amount: Fraction, currency: str) -> Decimal:
    """Return the amount rounded half up (away from zero) to the currency's exponent."""
    scaled = amount * Fraction(10) ** exponent(currency)
    doubled = 2 * abs(scaled.numerator) + scaled.denominator
    units = doubled // (2 * scaled.denominator)
    signed = units if scaled >= 0 else -units
    return Decimal(signed).scaleb(-exponent(currency))


def exact(amount: Fraction) -> str:
    """Return the text form in which an exact amount is kept: `3/8`, or `2`."""
    return str(amount)
