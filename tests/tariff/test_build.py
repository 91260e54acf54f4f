"""The tariffs people configure."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.model.tariff import DayOfWeek, PriceInterval, PriceSeries
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


@given(
    st.lists(
        st.builds(
            Band,
            days=st.lists(st.sampled_from(DayOfWeek), unique=True).map(tuple),
            start=QUARTERS,
            end=QUARTERS,
            price=st.integers(-5, 5).map(Decimal),
        ),
        max_size=4,
    ),
    st.integers(0, 7 * 24 * 4 - 1),
)
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
