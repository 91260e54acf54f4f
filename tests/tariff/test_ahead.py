"""What a kWh will cost."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.model.curve import Curve, CurvePoint
from custom_components.ev_station.model.forecast import Series
from custom_components.ev_station.model.tariff import DayOfWeek, PriceInterval, PriceSeries
from custom_components.ev_station.tariff.ahead import ahead
from custom_components.ev_station.tariff.build import Band, dynamic, fixed, time_of_use
from custom_components.ev_station.tariff.rating import rate

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""A Monday, 13:00 in Berlin."""
HOUR = timedelta(hours=1)
NIGHT = Band(days=tuple(DayOfWeek), start=time(22), end=time(6), price=Decimal("0.05"))


def spot(*prices: str, start: datetime = START) -> PriceSeries:
    return PriceSeries(
        tariff="t",
        intervals=tuple(
            PriceInterval(
                start=start + HOUR * hour, end=start + HOUR * (hour + 1), price=Decimal(each)
            )
            for hour, each in enumerate(prices)
        ),
    )


def shown(series: Series) -> list[tuple[int, int, str]]:
    return [
        ((each.start - START) // HOUR, (each.end - START) // HOUR, str(each.value))
        for each in series
    ]


def test_no_tariff_costs_nobody_knows_what() -> None:
    assert ahead(None, None, BERLIN, START, START + HOUR) == ()


def test_one_price() -> None:
    found = ahead(fixed("t", "EUR", Decimal("0.3")), None, BERLIN, START, START + 48 * HOUR)
    assert shown(found) == [(0, 48, "0.3")]


def test_prices_by_the_clock() -> None:
    tariff = time_of_use("t", "EUR", Decimal("0.3"), [NIGHT])
    found = ahead(tariff, None, BERLIN, START, START + 24 * HOUR)
    assert shown(found) == [(0, 9, "0.3"), (9, 17, "0.05"), (17, 24, "0.3")]


def lengths(zone: str, day: date) -> list[tuple[datetime, int]]:
    """Return when a holiday's price begins, and how many hours it lasts, among days of another price."""
    workdays = Band(days=tuple(DayOfWeek)[:6], start=time(0), end=time(0), price=Decimal("0.4"))
    tariff = time_of_use("t", "EUR", Decimal("0.1"), [workdays], [day])
    noon = datetime.combine(day, time(12), UTC)
    series = ahead(tariff, None, ZoneInfo(zone), noon - 48 * HOUR, noon + 24 * HOUR)
    cheap = [each for each in series if each.value == Decimal("0.1")]
    return [(each.start, (each.end - each.start) // HOUR) for each in cheap]


@pytest.mark.parametrize(
    ("zone", "day", "begin", "hours"),
    [
        ("Europe/Amsterdam", date(2026, 4, 27), datetime(2026, 4, 25, 22, tzinfo=UTC), 48),
        ("Europe/Amsterdam", date(2026, 12, 25), datetime(2026, 12, 24, 23, tzinfo=UTC), 24),
        # Easter Monday after the clocks changed on Easter Sunday: 23 and 24 hours.
        ("Europe/Amsterdam", date(2024, 4, 1), datetime(2024, 3, 30, 23, tzinfo=UTC), 47),
        # Cairo's clocks change on Fridays, at midnight, and back on Thursdays, an hour before.
        ("Africa/Cairo", date(2026, 4, 24), datetime(2026, 4, 23, 22, tzinfo=UTC), 23),
        ("Africa/Cairo", date(2026, 10, 29), datetime(2026, 10, 28, 21, tzinfo=UTC), 25),
    ],
)
def test_a_holiday_lasts_from_midnight_to_midnight(
    zone: str, day: date, begin: datetime, hours: int
) -> None:
    assert lengths(zone, day) == [(begin, hours)]


def test_a_source_plus_grid_fees_by_the_clock() -> None:
    tariff = dynamic("t", "EUR", Decimal("0.1"), [NIGHT])
    series = spot("0.20", "0.20", "-0.05", start=START + 7 * HOUR)
    found = ahead(tariff, series, BERLIN, START, START + 24 * HOUR)
    assert shown(found) == [(7, 9, "0.30"), (9, 10, "0.00")]


def test_hours_nobody_has_told_are_estimated_if_asked_for() -> None:
    tariff = dynamic("t", "EUR", Decimal(0))
    series = spot("0.2", "0.3")
    known = ahead(tariff, series, BERLIN, START, START + 25 * HOUR)
    assert shown(known) == [(0, 1, "0.2"), (1, 2, "0.3")]
    likely = ahead(tariff, series, BERLIN, START, START + 26 * HOUR, estimated=True)
    assert shown(likely) == [*shown(known), (24, 25, "0.2"), (25, 26, "0.3")]


@given(
    st.lists(st.integers(-20, 60), min_size=1, max_size=30),
    st.integers(-10, 10),
    st.integers(0, 20),
)
def test_what_is_foreseen_is_what_is_billed(
    cents: list[int], surcharge: int, night_surcharge: int
) -> None:
    """A constant kilowatt over all known hours costs the sum of the series ahead."""
    night = Band(days=NIGHT.days, start=NIGHT.start, end=NIGHT.end, price=Decimal(night_surcharge))
    tariff = dynamic("t", "EUR", Decimal(surcharge), [night])
    series = spot(*map(str, cents))
    end = START + HOUR * len(cents)
    curve = Curve(
        points=(CurvePoint(START, Decimal(0)), CurvePoint(end, Decimal(1000 * len(cents))))
    )
    foreseen = sum(
        each.value * ((each.end - each.start) // HOUR)
        for each in ahead(tariff, series, BERLIN, START, end)
    )
    assert rate(curve, tariff, series, BERLIN).amount == foreseen
