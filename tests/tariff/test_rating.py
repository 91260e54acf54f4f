"""Rating: what energy over time costs, against figures worked by hand and an independent oracle."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.model.curve import Curve, CurvePoint
from custom_components.ev_station.model.tariff import (
    DayOfWeek,
    Dimension,
    PriceComponent,
    PriceInterval,
    PriceSeries,
    Restrictions,
    Tariff,
    TariffElement,
)
from custom_components.ev_station.tariff.build import Band, dynamic, fixed, time_of_use
from custom_components.ev_station.tariff.money import round_amount
from custom_components.ev_station.tariff.rating import Rating, rate

from .oracle import MINUTE, cost, utc

BERLIN, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
NOON = utc(2026, 11, 23, 12)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def curve(*points: tuple[float, str | int], start: datetime = NOON) -> Curve:
    """Return a curve of (hours after its start, Wh)."""
    return Curve(tuple(CurvePoint(start + HOUR * at, Decimal(energy)) for at, energy in points))


def periods(rating: Rating) -> list[tuple[float, float, str, str]]:
    """Return (begin and end in hours after noon, Wh, price) of each period."""
    return [
        (
            (each.start - NOON) / HOUR,
            (each.end - NOON) / HOUR,
            str(each.energy_wh.normalize()),
            str(each.price_per_kwh),
        )
        for each in rating.periods
    ]


def noon_band(price: str) -> Tariff:
    """Return a tariff of 0.40, between 13:00 and 15:00 UTC of `price`."""
    band = Band(days=tuple(DayOfWeek), start=time(13), end=time(15), price=Decimal(price))
    return time_of_use("t", "EUR", Decimal("0.40"), [band])


def test_one_price_is_one_period() -> None:
    rating = rate(
        curve((0, 0), (1, 100), (5, 3000)), fixed("t", "EUR", Decimal("0.30")), None, BERLIN
    )
    assert periods(rating) == [(0, 5, "3E+3", "0.30")]
    assert (rating.amount, rating.unpriced, rating.estimated) == (Fraction(9, 10), False, False)


def test_a_reading_at_each_change_splits_without_an_estimate() -> None:
    line = curve((0, 0), (1, 1000), (3, 4000), (4, 5000))
    rating = rate(line, noon_band("0.20"), None, UTC_ZONE)
    assert [period[2:] for period in periods(rating)] == [
        ("1E+3", "0.40"),
        ("3E+3", "0.20"),
        ("1E+3", "0.40"),
    ]
    assert (rating.amount, rating.estimated) == (Fraction("1.4"), False)


def test_between_two_readings_energy_is_spread_evenly_and_flagged() -> None:
    rating = rate(curve((0, 0), (4, 4000)), noon_band("0.20"), None, UTC_ZONE)
    assert [period[:2] for period in periods(rating)] == [(0, 1), (1, 3), (3, 4)]
    assert (rating.amount, rating.estimated) == (Fraction("1.2"), True)


def test_a_cut_where_the_price_stays_is_no_estimate() -> None:
    """Midnight is looked at but changes nothing; the change at 13:00 has its reading."""
    line = curve((0, 0), (1, 1000), (3, 2000), (14, 9000))
    rating = rate(line, noon_band("0.20"), None, UTC_ZONE)
    assert len(rating.periods) == 3
    assert not rating.estimated


def test_a_pause_over_a_change_is_no_estimate() -> None:
    rating = rate(
        curve((0, 0), (0.5, 500), (1.5, 500), (2, 900)), noon_band("0.20"), None, UTC_ZONE
    )
    assert rating.amount == Fraction("0.5") * Fraction("0.4") + Fraction("0.4") * Fraction("0.2")
    assert not rating.estimated


def test_what_a_reading_shows_at_the_very_begin_is_billed() -> None:
    rating = rate(curve((0, 0), (0, 5), (4, 1005)), fixed("t", "EUR", Decimal(1)), None, BERLIN)
    assert rating.amount == Fraction("1.005")
    assert sum(period.energy_wh for period in rating.periods) == 1005


@pytest.mark.parametrize(
    "line", [curve((0, 0), (0, 700)), curve((0, 700)), curve((0, 0), (0, 300), (0, 700))]
)
def test_a_session_of_no_duration_is_billed_at_its_moment(line: Curve) -> None:
    rating = rate(line, noon_band("0.20"), None, UTC_ZONE)
    assert rating.amount == Fraction("0.28")
    assert [period.energy_wh for period in rating.periods] == [700]


def test_no_energy_no_period_no_cost() -> None:
    rating = rate(curve((0, 0), (9, 0)), noon_band("0.20"), None, UTC_ZONE)
    assert (rating.periods, rating.amount, rating.unpriced) == ((), 0, False)
    assert not rate(curve((0, 0), (9, 0)), None, None, UTC_ZONE).unpriced


def test_without_a_tariff_energy_is_unpriced() -> None:
    rating = rate(curve((0, 0), (1, 1000)), None, None, UTC_ZONE)
    assert (rating.unpriced, rating.amount) == (True, 0)
    assert [period.price_per_kwh for period in rating.periods] == [None]


def test_96_segments_of_a_tenth_of_a_kwh_are_exact() -> None:
    points = [(n / 4, n * 100) for n in range(97)]
    intervals = [
        PriceInterval(
            start=NOON + n * HOUR / 4,
            end=NOON + (n + 1) * HOUR / 4,
            # Alternating in the last digit, so that no two join
            price=Decimal("0.1234") + Decimal("0.0000001") * (n % 2),
        )
        for n in range(96)
    ]
    tariff = dynamic("t", "EUR", Decimal(0))
    series = PriceSeries(tariff="t", intervals=tuple(intervals))
    rating = rate(curve(*points), tariff, series, BERLIN)
    assert len(rating.periods) == 96
    assert rating.amount == Fraction("1.18464048")
    assert round_amount(rating.amount, "EUR") == Decimal("1.18")
    plain = rate(curve(*points), fixed("t", "EUR", Decimal("0.1234")), None, BERLIN)
    assert plain.amount == Fraction("1.18464")


def test_amounts_of_periods_are_kept_exactly() -> None:
    rating = rate(curve((0, 0), (1, "333.333")), fixed("t", "EUR", Decimal("0.3")), None, BERLIN)
    assert [period.amount for period in rating.periods] == ["999999/10000000"]


def component(price: str) -> PriceComponent:
    """Return a price per kWh."""
    return PriceComponent(type=Dimension.ENERGY, price=Decimal(price))


def test_the_first_element_that_fits_and_has_an_energy_price_counts() -> None:
    from_13 = Restrictions(start_time=time(13))
    elements = (
        TariffElement(price_components=()),
        TariffElement(price_components=(component("0.10"), component("9")), restrictions=from_13),
        TariffElement(
            price_components=(component("0.50"),), restrictions=Restrictions(end_time=time(13))
        ),
    )
    tariff = Tariff(id="t", currency="EUR", elements=elements)
    rating = rate(curve((0, 0), (1, 1000), (2, 2000)), tariff, None, UTC_ZONE)
    assert [period[3] for period in periods(rating)] == ["0.50", "0.10"]


def test_where_no_element_fits_energy_costs_nothing() -> None:
    only_13 = Restrictions(start_time=time(13), end_time=time(14))
    element = TariffElement(price_components=(component("1"),), restrictions=only_13)
    tariff = Tariff(id="t", currency="EUR", elements=(element,))
    rating = rate(curve((0, 0), (4, 4000)), tariff, None, UTC_ZONE)
    assert (rating.amount, rating.unpriced) == (1, False)
    assert rate(curve((0, 0), (1, 9)), Tariff(id="t", currency="EUR"), None, BERLIN).amount == 0


SPOT = dynamic("spot", "EUR", Decimal("0.10"))


def spot(*prices: str | None, start: datetime = NOON) -> PriceSeries:
    """Return hourly prices; None leaves one out."""
    return PriceSeries(
        tariff="spot",
        intervals=tuple(
            PriceInterval(start=start + n * HOUR, end=start + (n + 1) * HOUR, price=Decimal(price))
            for n, price in enumerate(prices)
            if price is not None
        ),
    )


def test_negative_prices_are_credited() -> None:
    rating = rate(curve((0, 0), (1, 1000), (2, 3000)), SPOT, spot("-0.30", "0.05"), BERLIN)
    assert rating.amount == Fraction("-0.20") + Fraction("0.30")
    assert not rating.estimated


def test_a_gap_takes_the_same_hour_of_the_day_before() -> None:
    before = spot("0.50", "0.60", "0.70", start=NOON - DAY)
    known = spot("0.01", None, "0.03")
    series = PriceSeries(tariff="spot", intervals=before.intervals + known.intervals)
    rating = rate(curve((0, 0), (1, 1000), (2, 2000), (3, 3000)), SPOT, series, BERLIN)
    assert [period[3] for period in periods(rating)] == ["0.11", "0.70", "0.13"]
    assert (rating.estimated, rating.unpriced) == (True, False)


def test_a_gap_nobody_can_fill_is_unpriced_and_costs_nothing() -> None:
    rating = rate(curve((0, 0), (1, 1000), (2, 2000)), SPOT, spot("0.01"), BERLIN)
    assert [period[3] for period in periods(rating)] == ["0.11", "None"]
    assert (rating.unpriced, rating.amount) == (True, Fraction("0.11"))
    assert rate(curve((0, 0), (1, 1000)), SPOT, None, BERLIN).unpriced


QUARTERS = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
HOLIDAYS = [
    *(date(2026, 3, day) for day in (28, 29, 30)),
    *(date(2026, 10, day) for day in (24, 25, 26)),
    *(date(2026, 11, day) for day in (1, 2)),
    *(date(2026, 4, day) for day in (4, 5, 6)),
    *(date(2018, 11, day) for day in (3, 4, 5)),
    date(2026, 12, 31),
    date(2027, 1, 1),
]
"""Days around the starts below."""
TARIFFS = st.builds(
    lambda price, bands, holidays: time_of_use("t", "EUR", Decimal(price), bands, holidays),
    st.integers(-3, 9),
    st.lists(
        st.builds(
            Band,
            days=st.lists(st.sampled_from(DayOfWeek), unique=True, min_size=1).map(tuple),
            start=QUARTERS,
            end=QUARTERS,
            price=st.integers(-3, 9).map(Decimal),
        ),
        max_size=3,
    ),
    st.lists(st.sampled_from(HOLIDAYS), unique=True).map(sorted),
)
STARTS = st.sampled_from(
    [
        ("Europe/Berlin", utc(2026, 3, 28, 22)),
        ("Europe/Berlin", utc(2026, 10, 24, 22)),
        ("America/New_York", utc(2026, 11, 1, 3)),
        ("Australia/Lord_Howe", utc(2026, 4, 4, 12)),
        ("America/Sao_Paulo", utc(2018, 11, 4, 1)),
        ("UTC", utc(2026, 12, 31, 20)),
    ]
)
STEPS = st.lists(st.tuples(st.integers(1, 200), st.integers(0, 6000)), min_size=1, max_size=6)


def drawn(steps: Sequence[tuple[int, int]], start: datetime) -> Curve:
    """Return a curve of (minutes, Wh a minute): in whole Wh at every minute."""
    at, energy, points = start, Decimal(0), [CurvePoint(start, Decimal(0))]
    for minutes, rate_ in steps:
        at, energy = at + minutes * MINUTE, energy + minutes * rate_
        points.append(CurvePoint(at, energy))
    return Curve(tuple(points))


@given(TARIFFS, STARTS, STEPS)
def test_the_cost_is_that_of_every_minute(
    tariff: Tariff, where: tuple[str, datetime], steps: list[tuple[int, int]]
) -> None:
    zone, start = ZoneInfo(where[0]), where[1]
    line = drawn(steps, start)
    rating = rate(line, tariff, None, zone)
    assert rating.amount == cost(line, tariff, zone)
    assert_sound(rating, line)


@given(
    st.lists(st.none() | st.integers(-5, 9), max_size=14),
    st.integers(-200, 10),
    STEPS,
    st.booleans(),
)
def test_so_it_is_for_prices_with_gaps(
    prices: list[int | None], first: int, steps: list[tuple[int, int]], surcharged: bool
) -> None:
    told = [None if price is None else str(price) for price in prices]
    series = spot(*told, start=NOON + first * HOUR)
    line = drawn(steps, NOON)
    tariff = SPOT if surcharged else dynamic("spot", "EUR", Decimal(0))
    rating = rate(line, tariff, series, BERLIN)
    assert rating.amount == cost(line, tariff, BERLIN, series)
    assert_sound(rating, line)


def assert_sound(rating: Rating, line: Curve) -> None:
    """The periods are in order, within the session, and together the whole of it."""
    assert sum(period.energy_wh for period in rating.periods) == line.total_wh
    assert sum(Fraction(period.amount) for period in rating.periods) == rating.amount
    assert all(line.start <= period.start < period.end <= line.end for period in rating.periods)
    assert all(one.end <= other.start for one, other in pairwise(rating.periods))
    assert all(period.energy_wh > 0 for period in rating.periods)


@given(STEPS, st.decimals(0, 10, places=5), st.integers(1, 59))
def test_any_line_at_one_price_is_the_total_at_that_price(
    steps: list[tuple[int, int]], price: Decimal, second: int
) -> None:
    line = drawn(steps, NOON + timedelta(seconds=second))
    band = Band(days=tuple(DayOfWeek), start=time(13, 7), end=time(14, 1), price=price)
    tariff = time_of_use("t", "EUR", price, [band])
    rating = rate(line, tariff, None, BERLIN)
    assert rating.amount == Fraction(line.total_wh) * Fraction(price) / 1000
    assert len(rating.periods) <= 1


def test_a_session_across_midnight_into_christmas_by_hand() -> None:
    """Thursday 22:00 to Friday 8:00 in Berlin at 3.7 kW: 0.40 on workdays, 0.25 on Sundays.

    Until midnight 7.4 kWh x 0.40 = 2.96; on Christmas 29.6 kWh x 0.25 = 7.40, on any other Friday x 0.40 = 11.84.
    """
    workdays = Band(days=tuple(DayOfWeek)[:6], start=time(0), end=time(0), price=Decimal("0.40"))
    line = curve((0, 0), (2, 7400), (10, 37000), start=utc(2026, 12, 24, 21))
    tariff = time_of_use("t", "EUR", Decimal("0.25"), [workdays], [date(2026, 12, 25)])
    rating = rate(line, tariff, None, BERLIN)
    assert round_amount(rating.amount, "EUR") == Decimal("10.36")
    assert [(each.start, each.energy_wh) for each in rating.periods] == [
        (utc(2026, 12, 24, 21), 7400),
        (utc(2026, 12, 24, 23), 29600),
    ]
    ordinary = rate(line, time_of_use("t", "EUR", Decimal("0.25"), [workdays]), None, BERLIN)
    assert round_amount(ordinary.amount, "EUR") == Decimal("14.80")


def test_a_tariff_by_date_changes_at_local_midnight() -> None:
    new_year = Restrictions(start_date=date(2027, 1, 1))
    elements = (
        TariffElement(price_components=(component("0.50"),), restrictions=new_year),
        TariffElement(price_components=(component("0.40"),)),
    )
    tariff = Tariff(id="t", currency="EUR", elements=elements)
    line = curve((0, 0), (2, 2000), start=utc(2026, 12, 31, 22))
    assert rate(line, tariff, None, BERLIN).amount == Fraction("0.9")
