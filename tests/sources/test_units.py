"""Units of prices, and prices nobody pays."""

from decimal import Decimal

import pytest

from custom_components.ev_station.sources.units import (
    PriceUnit,
    UnreadablePrice,
    Verdict,
    dearest,
    judged,
    scale_of,
)


@pytest.mark.parametrize(
    ("unit", "currency", "scale"),
    [
        (None, "EUR", "1"),
        ("EUR/kWh", "EUR", "1"),
        ("€ / MWh", "EUR", "0.001"),
        ("öre/kWh", "SEK", "0.01"),
        ("kr/kWh", "DKK", "1"),
    ],
)
def test_units(unit: str | None, currency: str, scale: str) -> None:
    assert scale_of(unit, currency) == Decimal(scale)


@pytest.mark.parametrize("unit", ["", "EUR", "kWh", "EUR/h", "SEK/kWh", "p/kWh"])
def test_units_that_are_no_price(unit: str) -> None:
    with pytest.raises(UnreadablePrice) as refusal:
        scale_of(unit, "EUR")
    assert refusal.value.unit == unit


@pytest.mark.parametrize(
    ("unit", "price"), [("kwh", "25"), ("mwh", "0.025"), ("hundredths", "0.25")]
)
def test_units_that_are_chosen(unit: str, price: str) -> None:
    assert 25 * PriceUnit(unit).scale == Decimal(price)


@pytest.mark.parametrize(
    ("prices", "currency", "verdict"),
    [
        ([], "EUR", "plausible"),
        (["0.2", "0.3", "250"], "EUR", "plausible"),
        (["-0.2", "-0.3"], "EUR", "plausible"),
        (["0", "0", "0.2"], "EUR", "plausible"),
        (["250", "240", "-3"], "EUR", "per_mwh"),
        (["25", "30"], "EUR", "too_dear"),
        (["90000"], "EUR", "too_dear"),
        (["0.0003"], "EUR", "too_cheap"),
        (["30"], "SEK", "plausible"),
        (["2500"], "SEK", "per_mwh"),
        (["250"], "SEK", "too_dear"),
        (["250"], "HUF", "plausible"),
    ],
)
def test_prices_people_pay(prices: list[str], currency: str, verdict: str) -> None:
    assert judged(map(Decimal, prices), currency) is Verdict(verdict)


def test_what_is_too_dear() -> None:
    assert (dearest("EUR"), dearest("HUF")) == (5, None)
