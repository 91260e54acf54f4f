"""Every source is recognised by what it says, and read with its traps."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
import json
from pathlib import Path
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.model.forecast import Interval
from custom_components.ev_station.sources.reader import SourceKind
from custom_components.ev_station.sources.recognise import NAMES, PRICE_READERS, recognise
from custom_components.ev_station.sources.units import scale_of

DATA: Final = Path(__file__).parent / "data"
PARIS: Final = ZoneInfo("Europe/Paris")
TODAY: Final = date(2026, 11, 23)
SPRING: Final = date(2026, 3, 29)
AUTUMN: Final = date(2026, 10, 25)
FIXTURES: Final = sorted(
    path.stem for path in DATA.glob("*.json") if path.stem != "solcast_service"
)


def said(value: Any) -> Any:
    """Return a fixture with its datetimes as objects."""
    match value:
        case dict():
            return {key: said(each) for key, each in value.items()}
        case list():
            return [said(each) for each in value]
        case str() if value.startswith("datetime:"):
            return datetime.fromisoformat(value.removeprefix("datetime:"))
        case _:
            return value


def fixture(name: str) -> dict[str, Any]:
    found: dict[str, Any] = said(json.loads((DATA / f"{name}.json").read_text()))
    return found


def expected(rows: list[list[str]]) -> list[tuple[datetime, datetime, Decimal]]:
    moments = [
        (datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end, _ in rows
    ]
    return [(*both, Decimal(row[2])) for both, row in zip(moments, rows, strict=True)]


@pytest.mark.parametrize("name", FIXTURES)
def test_sources(name: str) -> None:
    found = fixture(name)
    raw, unit = found["raw"], found.get("unit")
    reader = recognise(raw)
    assert reader is not None
    assert reader.kind == found["kind"]
    assert reader.labels(raw) == tuple(found.get("labels", ()))
    scale = reader.scale or scale_of(unit, found.get("currency", "EUR"))
    series = reader.read(raw, PARIS, TODAY)
    assert [(each.start, each.end, each.value * scale) for each in series] == expected(
        found["expected"]
    )
    assert all(each.start.tzinfo is UTC for each in series)


def test_every_source_has_a_fixture() -> None:
    kinds = {fixture(name)["kind"] for name in FIXTURES}
    assert kinds == set(SourceKind) - {SourceKind.DAYS}
    assert NAMES.keys() == set(SourceKind) - {SourceKind.DAYS, SourceKind.LIST}
    assert {reader.kind for reader in PRICE_READERS} == set(SourceKind)


WRITTEN: Final[Mapping[str, Callable[[datetime, datetime, int], dict[str, Any]]]] = {
    "raw_today": lambda start, end, price: {"start": start, "end": end, "value": price},
    "prices_today": lambda start, _end, price: {"time": str(start), "price": price},
    "raw_tomorrow": lambda start, _end, price: {"hour": start, "price": price},
    "prices": lambda start, end, price: {"from": start, "till": end, "price": price},
    "data": lambda start, end, price: {
        "start_time": start.isoformat(),
        "end_time": end.isoformat(),
        "price_per_kwh": price,
    },
}


@given(
    st.sampled_from(sorted(WRITTEN)),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)) | st.sampled_from([SPRING, AUTUMN]),
    st.sampled_from([15, 30, 60]),
    st.randoms(use_true_random=False),
)
def test_any_day_is_covered_exactly_in_whatever_order(
    name: str, day: date, minutes: int, random: Random
) -> None:
    """Local days of 23, 24 and 25 hours, told in local time with an offset."""
    begin, end = (
        datetime(each.year, each.month, each.day, tzinfo=PARIS).astimezone(UTC)
        for each in (day, day + timedelta(days=1))
    )
    step = timedelta(minutes=minutes)
    starts = [begin + step * number for number in range((end - begin) // step)]
    rows = [
        WRITTEN[name](start.astimezone(PARIS), (start + step).astimezone(PARIS), number)
        for number, start in enumerate(starts)
    ]
    random.shuffle(rows)
    raw = {name: rows + rows[:5]}
    reader = recognise(raw)
    assert reader is not None
    series = reader.read(raw, PARIS, TODAY)
    assert [(each.start, each.end, each.value) for each in series] == [
        (start, start + step, number) for number, start in enumerate(starts)
    ]


def test_the_odd_days_have_quarters_of_their_own() -> None:
    """What the property above means by a day."""
    lengths = {
        day: (
            datetime(day.year, day.month, day.day + 1, tzinfo=PARIS).astimezone(UTC)
            - datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(UTC)
        )
        // timedelta(minutes=15)
        for day in (SPRING, AUTUMN)
    }
    assert lengths == {SPRING: 92, AUTUMN: 100}


@pytest.mark.parametrize("label", ["SE4", "SE5"])
def test_one_area_of_several(label: str) -> None:
    raw = fixture("nordpool_action")["raw"]
    reader = recognise(raw)
    assert reader is not None
    series = reader.read(raw, PARIS, TODAY, label)
    assert [each.value for each in series] == ([301] if label == "SE4" else [])


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ({"raw_today": None, "raw_tomorrow": None}, "nordpool"),
        ({"rates": []}, "octopus_energy"),
        ({"forecasts": []}, "amberelectric"),
        ({"prices": [], "hours_requested": 24}, "entsoe"),
        ({"prices": {"Home": []}}, "tibber"),
        ({"es": []}, "omie"),
        ({"NO1": [], "NO2": []}, "nordpool"),
        ({"today": [], "tomorrow": None}, "days"),
    ],
)
def test_what_says_nothing_yet(raw: dict[str, Any], kind: str) -> None:
    reader = recognise(raw)
    assert reader is not None
    assert reader.kind == kind
    assert reader.read(raw, PARIS, TODAY) == ()


@pytest.mark.parametrize(
    ("raw", "origin", "kind"),
    [
        ({"raw_today": None}, "energidataservice", "energidataservice"),
        ({"prices": []}, "frank_energie", "frank_energie"),
        ({"prices": []}, "unheard_of", "entsoe"),
    ],
)
def test_who_says_it_tells_alike_shapes_apart(raw: dict[str, Any], origin: str, kind: str) -> None:
    reader = recognise(raw, origin)
    assert reader is not None
    assert reader.kind == kind


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"unit_of_measurement": "EUR/kWh", "friendly_name": "Price"},
        {"forecast": [{"datetime": "2026-11-23T00:00:00Z", "temperature": 5}]},
        {"options": ["a", "b"]},
        {"prices": {"Home": 5}},
        {"prices": "cheap"},
        {"today": ["cheap"]},
        {"home": [{"start": "2026-11-23T00:00Z", "end": "2026-11-23T01:00Z", "price": "?"}]},
    ],
)
def test_what_is_no_price_list(raw: dict[str, Any]) -> None:
    assert recognise(raw) is None


def test_rows_that_say_nothing_are_left_out() -> None:
    raw = {
        "raw_today": [
            {"start": "2026-11-23T00:00Z", "end": "2026-11-23T01:00Z", "value": 0.2},
            {"start": "2026-11-23T01:00Z", "end": "2026-11-23T02:00Z", "value": None},
            {"start": "soon", "end": "2026-11-23T02:00Z", "value": 0.2},
            "not a row",
        ]
    }
    reader = recognise(raw)
    assert reader is not None
    assert reader.read(raw, PARIS, TODAY) == (
        Interval(
            start=datetime(2026, 11, 23, tzinfo=UTC),
            end=datetime(2026, 11, 23, 1, tzinfo=UTC),
            value=Decimal("0.2"),
        ),
    )
