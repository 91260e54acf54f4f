"""What several entities say together."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from custom_components.ev_station.sources.prices import PriceList, Said, Wanted, at, price_list
from custom_components.ev_station.sources.reader import SourceKind
from custom_components.ev_station.sources.units import PriceUnit, UnreadablePrice

from .test_recognise import TODAY, fixture

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
WANTED = Wanted("DKK", COPENHAGEN, "øre/kWh")


def row(day: int, price: float) -> dict[str, object]:
    start, end = f"2026-11-{day}T00:00:00+01:00", f"2026-11-{day}T01:00:00+01:00"
    return {"prices": [{"start": start, "end": end, "price": price}]}


def values(found: PriceList | None) -> list[Decimal]:
    assert found is not None
    return [each.value for each in found.intervals]


def test_tomorrow_on_a_second_entity() -> None:
    found = price_list(
        [Said(row(24, 210), TODAY), Said({}, TODAY), Said(row(23, 190), TODAY)], WANTED
    )
    assert values(found) == [Decimal("1.9"), Decimal("2.1")]
    assert found is not None
    assert found.kind is SourceKind.STROMLIGNING
    assert at(found.intervals, datetime(2026, 11, 22, 23, 59, tzinfo=UTC)) == found.intervals[0]
    assert at(found.intervals, datetime(2026, 11, 23, 0, 0, tzinfo=UTC)) is None


def test_an_unpublished_day_beside_a_published_one() -> None:
    raw = fixture("nordpool_action")["raw"]
    said = [Said({"SE3": [], "SE4": []}, TODAY), Said(raw, TODAY)]
    found = price_list(said, WANTED._replace(label="SE4"))
    assert values(found) == [Decimal("0.301")]
    assert found is not None
    assert found.labels == ("SE3", "SE4")


def test_what_the_numbers_really_count_in() -> None:
    said = [Said(row(23, 190), TODAY)]
    found = price_list(said, WANTED._replace(counts_in=PriceUnit.MWH))
    assert values(found) == [Decimal("0.19")]


def test_nothing_published_is_no_price_but_is_recognised() -> None:
    found = price_list([Said({"raw_today": None}, TODAY, "energidataservice")], WANTED)
    assert found == PriceList(kind=SourceKind.ENERGI_DATA_SERVICE)


def test_nothing_known() -> None:
    assert price_list([Said({"state_class": "total"}, TODAY)], WANTED) is None


def test_a_shape_that_knows_its_unit_does_not_change_the_currency() -> None:
    said = [Said(fixture("octopus_event")["raw"], TODAY)]
    assert values(price_list(said, WANTED._replace(unit=None))) == [
        Decimal("0.2745"),
        Decimal("0.07"),
    ]
    with pytest.raises(UnreadablePrice):
        price_list(said, WANTED._replace(unit="GBP/kWh"))


def test_a_unit_that_is_no_price() -> None:
    with pytest.raises(UnreadablePrice):
        price_list([Said(row(23, 190), TODAY)], WANTED._replace(unit="EUR/m³"))
