"""What a price's unit means, and whether a price is one that anybody pays."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from statistics import median
from typing import Final

_PER_KWH: Final = {"kwh": Decimal(1), "mwh": Decimal("0.001"), "wh": Decimal(1000)}
_ANY: Final = "*"
_SYMBOLS: Final = {
    "€": "EUR", "£": "GBP", "zł": "PLN", "kč": "CZK", "ft": "HUF", "fr": "CHF", "fr.": "CHF",
    "$": _ANY, "kr": _ANY, "kr.": _ANY, "¤": _ANY,
}  # fmt: skip
"""Symbols that several currencies share are taken for the site's own."""
_HUNDREDTHS: Final = {
    "ct": _ANY, "cent": _ANY, "cents": _ANY, "c": _ANY, "¢": _ANY, "€c": "EUR", "c€": "EUR", "snt": "EUR",
    "eurocent": "EUR", "p": "GBP", "pence": "GBP", "øre": _ANY, "öre": _ANY, "rp": "CHF",
    "rp.": "CHF", "gr": "PLN", "hal": "CZK", "haléř": "CZK", "st": "BGN",
}  # fmt: skip
"""Names of the hundredth of a currency, as price sensors write them."""
_DEAREST: Final = {
    **dict.fromkeys(("AUD", "CAD", "CHF", "EUR", "GBP", "NZD", "SGD", "USD"), 5),
    **dict.fromkeys(("BGN", "DKK", "NOK", "PLN", "RON", "SEK"), 50),
}
"""More than any public charger asks for a kWh; currencies of which a kWh costs many units are not judged."""
_CHEAPEST_SHARE: Final = 5000


class UnreadablePrice(Exception):
    """What an entity says is not a price per energy."""

    def __init__(self, unit: str | None) -> None:
        """Keep the unit that was not understood; None: it says no number."""
        super().__init__(unit)
        self.unit = unit


class PriceUnit(StrEnum):
    """What the numbers of a source count, where its unit is missing or wrong."""

    KWH = "kwh"
    MWH = "mwh"
    HUNDREDTHS = "hundredths"

    @property
    def scale(self) -> Decimal:
        """Return what a number is multiplied with to be a price per kWh."""
        return {self.KWH: Decimal(1), self.MWH: Decimal("0.001")}.get(self, Decimal("0.01"))


def scale_of(unit: str | None, currency: str) -> Decimal:
    """Return what a number in this unit is multiplied with to be a price per kWh; no unit means the usual one.

    Raises UnreadablePrice for one that is no price of energy in this currency.
    """
    if unit is None:
        return Decimal(1)
    money, slash, energy = unit.strip().partition("/")
    scale = _PER_KWH.get(energy.strip().lower()) if slash else None
    if scale is None:
        raise UnreadablePrice(unit)
    money = money.strip()
    if _HUNDREDTHS.get(money.lower()) in (currency, _ANY):
        return scale / 100
    if money.upper() == currency or _SYMBOLS.get(money.lower()) in (currency, _ANY):
        return scale
    raise UnreadablePrice(unit)


def dearest(currency: str) -> int | None:
    """Return more than any kWh costs in a currency; None: there is no telling."""
    return _DEAREST.get(currency)


class Verdict(StrEnum):
    """What prices per kWh look like."""

    PLAUSIBLE = "plausible"
    PER_MWH = "per_mwh"
    TOO_DEAR = "too_dear"
    """In hundredths, or per MWh on a cheap day."""
    TOO_CHEAP = "too_cheap"


def judged(prices: Iterable[Decimal], currency: str) -> Verdict:
    """Return whether prices per kWh are such as people pay: 250 EUR is one per MWh. Single hours may be anything."""
    sizes = [abs(price) for price in prices]
    limit = dearest(currency)
    usual = median(sizes) if sizes else Decimal(0)
    if limit is None or usual == 0:
        return Verdict.PLAUSIBLE
    if usual > limit:
        in_mwh = usual / 1000 <= limit and usual / 100 > Decimal(limit) / 5
        return Verdict.PER_MWH if in_mwh else Verdict.TOO_DEAR
    return Verdict.TOO_CHEAP if usual < Decimal(limit) / _CHEAPEST_SHARE else Verdict.PLAUSIBLE
