"""How clean the grid's power will be."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.ev_station.model.forecast import Interval
from custom_components.ev_station.sources.carbon import CO2_READERS
from custom_components.ev_station.sources.recognise import recognise

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    "row",
    [
        {"from": "2026-11-23T20:30Z", "to": "2026-11-23T21:00Z", "intensity": 146, "index": "low"},
        {"from": "2026-11-23T20:30Z", "to": "2026-11-23T21:00Z", "value": 146},
        {"start": "2026-11-23T20:30Z", "end": "2026-11-23T21:00Z", "intensity_forecast": 146},
        {"datetime": "2026-11-23T20:30Z", "until": "2026-11-23T21:00Z", "carbonIntensity": 146},
    ],
)
def test_lists_of_intensities(row: dict[str, Any]) -> None:
    raw = {"unit_of_measurement": "gCO2eq/kWh", "forecast": [row]}
    reader = recognise(raw, readers=CO2_READERS)
    assert reader is not None
    assert reader.read(raw, LONDON, date(2026, 11, 23)) == (
        Interval(
            start=datetime(2026, 11, 23, 20, 30, tzinfo=UTC),
            end=datetime(2026, 11, 23, 21, tzinfo=UTC),
            value=Decimal(146),
        ),
    )


def test_a_sensor_that_says_only_how_it_is_now() -> None:
    raw = {"unit_of_measurement": "gCO2eq/kWh", "country_code": "DE"}
    reader = recognise(raw, readers=CO2_READERS)
    assert reader is None
