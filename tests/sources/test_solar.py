"""What the sun will give."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
import json
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.model.forecast import Interval, Series
from custom_components.ev_station.sources.solar import solcast, total, wh_hours

from .test_recognise import DATA

PARIS = ZoneInfo("Europe/Paris")


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def values(series: Series) -> list[tuple[datetime, datetime, Decimal]]:
    return [(each.start, each.end, each.value) for each in series]


def power(start: datetime, end: datetime, watts: int, low: int | None = None) -> Interval:
    lower = None if low is None else Decimal(low)
    return Interval(start=start, end=end, value=Decimal(watts), low=lower)


def test_forecast_solar_names_the_ends() -> None:
    """60 Wh until 09:00 after a sunrise at 08:20, 500 in the hour after, 20 until a sunset at 10:12."""
    said = {
        "2026-11-23T08:20:00+01:00": 0,
        "2026-11-23T09:00:00+01:00": 60,
        "2026-11-23T10:00:00+01:00": 500,
        "2026-11-23T10:12:00+01:00": 20,
        "2026-11-24T08:21:00+01:00": 0,
        "2026-11-24T09:00:00+01:00": 39,
    }
    assert values(wh_hours(said, PARIS)) == [
        (at(7, 20), at(8), 90),
        (at(8), at(9), 500),
        (at(9), at(9, 12), 100),
        (at(7, 21, 24), at(8, 0, 24), 60),
    ]


def test_a_sunrise_on_the_hour_tells_nothing_but_the_other_days_do() -> None:
    said = {
        "2026-11-23T07:00:00Z": 0,
        "2026-11-23T08:00:00Z": 100,
        "2026-11-24T07:01:00Z": 0,
        "2026-11-24T08:00:00Z": 59,
    }
    assert values(wh_hours(said, PARIS))[0] == (at(7), at(8), 100)


def test_others_name_the_begins() -> None:
    said = {
        "2026-11-23T08:00:00+01:00": 0,
        "2026-11-23T08:30:00+01:00": 100,
        "2026-11-23T09:00:00+01:00": "250.5",
        "soon": 5,
        "2026-11-23T09:30:00+01:00": None,
    }
    assert values(wh_hours(said, PARIS)) == [
        (at(7), at(7, 30), 0),
        (at(7, 30), at(8), 200),
        (at(8), at(8, 30), 501),
    ]


def test_no_forecast() -> None:
    assert wh_hours({}, PARIS) == ()
    assert solcast({"estimate": 5}, PARIS) == ()
    assert solcast({"detailedForecast": None}, PARIS) == ()


@pytest.mark.parametrize("name", ["detailedForecast", "detailedHourly"])
def test_solcast(name: str) -> None:
    row = {"pv_estimate": 0.0131, "pv_estimate10": 0.00585, "pv_estimate90": 0.0171}
    raw: dict[str, Any] = {
        name: [
            {"period_start": datetime(2026, 11, 23, 9, tzinfo=PARIS), **row},
            {"period_start": datetime(2026, 11, 23, 9, 30, tzinfo=PARIS), "pv_estimate": 1},
            {"period_start": datetime(2026, 11, 23, 10, tzinfo=PARIS), "pv_estimate": None},
            {"period_start": None, "pv_estimate": 1},
        ]
    }
    assert solcast(raw, PARIS) == (
        Interval(
            start=at(8),
            end=at(8, 30),
            value=Decimal("13.1"),
            low=Decimal("5.85"),
            high=Decimal("17.1"),
        ),
        Interval(start=at(8, 30), end=at(9), value=Decimal(1000)),
    )


def test_what_solcast_itself_answers() -> None:
    raw = json.loads((DATA / "solcast_service.json").read_text())
    series = solcast(raw, PARIS)
    assert len(series) == 6
    second = datetime(2024, 12, 27, 8, tzinfo=UTC)
    assert series[1] == Interval(
        start=second,
        end=second + timedelta(minutes=30),
        value=Decimal("11.1"),
        low=Decimal("2.8"),
        high=Decimal("90.6"),
    )


def test_a_period_nobody_names_is_half_an_hour() -> None:
    raw = {"forecasts": [{"period_end": "2026-11-23T09:00Z", "pv_estimate": 1}]}
    assert values(solcast(raw, PARIS)) == [(at(8, 30), at(9), 1000)]


def test_roofs_are_added() -> None:
    south = (power(at(8), at(9), 500, 100), power(at(9), at(10), 600))
    east = (power(at(8, 30), at(9, 30), 100),)
    assert total([south, (), east]) == (
        power(at(8), at(8, 30), 500, 100).__replace__(high=Decimal(500)),
        power(at(8, 30), at(9), 600, 200).__replace__(high=Decimal(600)),
        power(at(9), at(9, 30), 700),
        power(at(9, 30), at(10), 600),
    )
    assert total([(), south]) == south
    assert total([]) == ()


ENERGIES = st.lists(st.integers(0, 5000), min_size=1, max_size=96)


@given(ENERGIES, st.sampled_from([15, 30, 60]))
def test_no_energy_is_lost(energies: list[int], step: int) -> None:
    said = {
        (at(0) + timedelta(minutes=step * number)).isoformat(): energy
        for number, energy in enumerate(energies)
    }
    series = wh_hours(said, PARIS)
    if len(energies) > 1:
        hours = Decimal(step) / 60
        assert sum(each.value * hours for each in series) == sum(energies)
