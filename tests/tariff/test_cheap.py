"""The cheapest hours of the known prices."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from custom_components.ev_station.model.tariff import DayOfWeek, PriceInterval, PriceSeries, Tariff
from custom_components.ev_station.tariff.build import Band, dynamic, fixed, time_of_use
from custom_components.ev_station.tariff.cheap import is_cheap

BERLIN = ZoneInfo("Europe/Berlin")
MIDNIGHT = datetime(2026, 11, 23, 23, tzinfo=UTC)
NIGHT = time_of_use(
    "t",
    "EUR",
    Decimal("0.30"),
    [Band(days=tuple(DayOfWeek), start=time(0), end=time(6), price=Decimal("0.20"))],
)
SPOT = dynamic("t", "EUR", Decimal("0.1"))


def hours(*prices: int) -> PriceSeries:
    """Return hourly prices from midnight."""
    return PriceSeries(
        tariff="t",
        intervals=tuple(
            PriceInterval(
                start=MIDNIGHT + timedelta(hours=number),
                end=MIDNIGHT + timedelta(hours=number + 1),
                price=Decimal(price),
            )
            for number, price in enumerate(prices)
        ),
    )


@pytest.mark.parametrize(
    ("hour", "cheap"), [(0, True), (5.75, True), (6, False), (12, False), (23, False)]
)
def test_a_tariff_of_bands(hour: float, cheap: bool) -> None:
    # Six hours of 24 cost less, and they are a quarter of the day to come at any time.
    assert is_cheap(NIGHT, None, BERLIN, MIDNIGHT + timedelta(hours=hour)) is cheap


@pytest.mark.parametrize(
    ("hour", "cheap"), [(0, False), (1, True), (2, False), (3, True), (4, False), (5, False)]
)
def test_the_cheapest_third_of_what_is_known(hour: int, cheap: bool) -> None:
    # Tomorrow is taken to be like today.
    assert (
        is_cheap(SPOT, hours(5, 1, 4, 2, 6, 3), BERLIN, MIDNIGHT + timedelta(hours=hour)) is cheap
    )


@pytest.mark.parametrize(
    ("tariff", "series"), [(None, None), (fixed("t", "EUR", Decimal("0.3")), None), (SPOT, None)]
)
def test_where_nothing_tells_hours_apart_any_is_cheap(
    tariff: Tariff | None, series: PriceSeries | None
) -> None:
    assert is_cheap(tariff, series, BERLIN, MIDNIGHT)
