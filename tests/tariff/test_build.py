"""The tariffs people configure."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.model.tariff import DayOfWeek, PriceInterval, PriceSeries, Tariff
from custom_components.ev_station.tariff.build import Band, dynamic, fixed, time_of_use
from custom_components.ev_station.tariff.prices import Price
from custom_components.ev_station.tariff.rating import energy_price

BERLIN = ZoneInfo("Europe/Berlin")
WORKDAYS = tuple(DayOfWeek)[:5]
MONDAY = date(2026, 11, 23)


def band(start: str, end: str, price: str, days: tuple[DayOfWeek, ...] = WORKDAYS) -> Band:
    """Return a band."""
    return Band(
        days=days,
        start=time.fromisoformat(start),
        end=time.fromisoformat(end),
        price=Decimal(price),
    )


def prices(*bands: Band) -> dict[str, str]:
    """Return the price at every hour at which it changes within a week, by weekday and local time."""
    tariff = time_of_use("tou", "EUR", Decimal("0.40"), bands)
    found, last = {}, ""
    for hour in range(7 * 24):
        local = datetime.combine(MONDAY, time(0), BERLIN) + timedelta(hours=hour)
        price = energy_price(tariff, None, BERLIN, local.astimezone(UTC))
        assert price is not None
        if str(price.per_kwh) != last:
            last = found[local.strftime("%a %H")] = str(price.per_kwh)
    return found


@pytest.mark.parametrize(
    ("bands", "expected"),
    [
        ([], {"Mon 00": "0.40"}),
        (
            [band("22:00", "06:00", "0.20", (DayOfWeek.FRIDAY,))],
            {"Mon 00": "0.40", "Fri 22": "0.20", "Sat 06": "0.40"},
        ),
        (
            [band("22:00", "06:00", "0.20", (DayOfWeek.SUNDAY,))],
            {"Mon 00": "0.20", "Mon 06": "0.40", "Sun 22": "0.20"},
        ),
        (
            [band("12:00", "00:00", "0.20", (DayOfWeek.TUESDAY,))],
            {"Mon 00": "0.40", "Tue 12": "0.20", "Wed 00": "0.40"},
        ),
        (
            [band("00:00", "00:00", "0.20", (DayOfWeek.SATURDAY, DayOfWeek.SUNDAY))],
            {"Mon 00": "0.40", "Sat 00": "0.20"},
        ),
        (
            [band("06:00", "06:00", "0.20", (DayOfWeek.SATURDAY,))],
            {"Mon 00": "0.40", "Sat 06": "0.20", "Sun 06": "0.40"},
        ),
        ([band("08:00", "20:00", "0.20", ())], {"Mon 00": "0.40"}),
        # The first band that fits counts.
        (
            [
                band("10:00", "12:00", "0.10", (DayOfWeek.MONDAY,)),
                band("08:00", "20:00", "0.20", (DayOfWeek.MONDAY,)),
            ],
            {
                "Mon 00": "0.40",
                "Mon 08": "0.20",
                "Mon 10": "0.10",
                "Mon 12": "0.20",
                "Mon 20": "0.40",
            },
        ),
    ],
)
def test_bands_as_people_say_them(bands: list[Band], expected: dict[str, str]) -> None:
    assert prices(*bands) == expected


def test_a_band_of_every_day_needs_no_weekdays() -> None:
    tariff = time_of_use(
        "tou", "EUR", Decimal(1), [band("22:00", "06:00", "0.2", tuple(DayOfWeek))]
    )
    assert [element.restrictions.day_of_week for element in tariff.elements] == [(), (), ()]


QUARTERS = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
BANDS = st.lists(
    st.builds(
        Band,
        days=st.lists(st.sampled_from(DayOfWeek), unique=True).map(tuple),
        start=QUARTERS,
        end=QUARTERS,
        price=st.integers(-5, 5).map(Decimal),
    ),
    max_size=4,
)


@given(BANDS, st.integers(0, 7 * 24 * 4 - 1))
def test_a_band_lasts_from_its_begin_on_its_days_to_its_end(
    bands: list[Band], quarter: int
) -> None:
    moment = datetime.combine(MONDAY, time(0), UTC) + timedelta(minutes=15 * quarter)
    expected = Decimal(40)
    for each in reversed(bands):
        for back in (0, 1):
            day = moment.date() - timedelta(days=back)
            begin = datetime.combine(day, each.start, UTC)
            end = datetime.combine(day, each.end, UTC)
            end += timedelta(days=1) if end <= begin else timedelta(0)
            if tuple(DayOfWeek)[day.weekday()] in each.days and begin <= moment < end:
                expected = each.price
    tariff = time_of_use("tou", "EUR", Decimal(40), bands)
    assert energy_price(tariff, None, ZoneInfo("UTC"), moment) == Price(expected)


SUNDAYS = tuple(DayOfWeek)[6:]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # Christmas 2026 is on a Friday: from the midnight before to the midnight after.
        (date(2026, 12, 25), {"Thu 00": "0.30", "Fri 00": "0.10", "Sat 00": "0.40"}),
        # King's Day 2026, a Monday after a Sunday.
        (date(2026, 4, 27), {"Sun 00": "0.10", "Tue 00": "0.30"}),
        # A Saturday counts as Sunday too.
        (date(2026, 12, 26), {"Fri 00": "0.30", "Sat 00": "0.10"}),
    ],
)
def test_a_holiday_has_the_prices_of_a_sunday(day: date, expected: dict[str, str]) -> None:
    bands = [band("00:00", "00:00", "0.30"), band("00:00", "00:00", "0.10", SUNDAYS)]
    tariff = time_of_use("tou", "EUR", Decimal("0.40"), bands, [day])
    assert around(tariff, day) == expected


def test_what_a_band_past_midnight_gives_to_sundays_it_gives_to_holidays() -> None:
    """A holiday is a Sunday from midnight to midnight, with what Saturday night brings; the day after is its own."""
    saturday, friday = tuple(DayOfWeek)[5:6], tuple(DayOfWeek)[4:5]
    nights = [band("22:00", "06:00", "0.10", saturday), band("20:00", "02:00", "0.30", friday)]
    tariff = time_of_use("tou", "EUR", Decimal("0.40"), nights, [date(2026, 12, 25)])
    assert around(tariff, date(2026, 12, 25)) == {
        "Thu 00": "0.40",
        "Fri 00": "0.10",
        "Fri 06": "0.40",
        "Sat 00": "0.30",
        "Sat 02": "0.40",
        "Sat 22": "0.10",
    }


def dated(tariff: Tariff) -> Tariff:
    """Return a tariff as docs/billing.md has it written for OCPI, which knows no holidays."""
    sundays = [
        (element, element.restrictions)
        for element in tariff.elements
        if element.restrictions.day_of_week == () or SUNDAYS[0] in element.restrictions.day_of_week
    ]
    copies = [
        replace(
            element,
            restrictions=replace(
                rule, start_date=day, end_date=day + timedelta(days=1), day_of_week=()
            ),
        )
        for day in tariff.holidays
        for element, rule in sundays
    ]
    return replace(tariff, elements=(*copies, *tariff.elements), holidays=())


@given(
    BANDS,
    st.sets(st.integers(0, 6), max_size=3),
    st.integers(0, 7 * 24 * 4 - 1),
)
def test_dates_say_the_same_of_holidays_in_ocpis_own_words(
    bands: list[Band], free: set[int], quarter: int
) -> None:
    holidays = [MONDAY + timedelta(days=days) for days in sorted(free)]
    tariff = time_of_use("tou", "EUR", Decimal(40), bands, holidays)
    moment = datetime.combine(MONDAY, time(0), BERLIN) + timedelta(minutes=15 * quarter)
    told = energy_price(dated(tariff), None, BERLIN, moment.astimezone(UTC))
    assert energy_price(tariff, None, BERLIN, moment.astimezone(UTC)) == told


def around(tariff: Tariff, day: date) -> dict[str, str]:
    """Return the price at every hour at which it changes from the day before a day to the day after."""
    found, last = {}, ""
    first = datetime.combine(day - timedelta(days=1), time(0), BERLIN)
    for hour in range(3 * 24):
        local = first + timedelta(hours=hour)
        price = energy_price(tariff, None, BERLIN, local.astimezone(UTC))
        assert price is not None
        if str(price.per_kwh) != last:
            last = found[local.strftime("%a %H")] = str(price.per_kwh)
    return found


def test_a_fee_by_the_clock_knows_holidays_too() -> None:
    start = datetime(2026, 12, 25, 11, tzinfo=UTC)
    interval = PriceInterval(start=start, end=start + timedelta(hours=1), price=Decimal("0.20"))
    series = PriceSeries(tariff="d", intervals=(interval,))
    bands = [band("08:00", "20:00", "0.12")]
    ordinary = dynamic("d", "EUR", Decimal("0.05"), bands)
    festive = dynamic("d", "EUR", Decimal("0.05"), bands, [date(2026, 12, 25)])
    assert energy_price(ordinary, series, BERLIN, start) == Price(Decimal("0.32"))
    assert energy_price(festive, series, BERLIN, start) == Price(Decimal("0.25"))


def test_one_price() -> None:
    tariff = fixed("f", "EUR", Decimal("0.25"))
    assert energy_price(tariff, None, BERLIN, datetime(2026, 1, 1, tzinfo=UTC)) == Price(
        Decimal("0.25")
    )


def test_a_dynamic_price_plus_its_surcharge() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    interval = PriceInterval(start=start, end=start + timedelta(hours=1), price=Decimal("-0.30"))
    series = PriceSeries(tariff="d", intervals=(interval,))
    tariff = dynamic("d", "EUR", Decimal("0.12"))
    assert energy_price(tariff, series, BERLIN, start) == Price(Decimal("-0.18"))
    assert energy_price(tariff, None, BERLIN, start) is None
