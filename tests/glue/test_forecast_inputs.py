"""What the sun and the grid are expected to do."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest

from custom_components.ev_station import forecast_inputs
from custom_components.ev_station.engine import Engine
from custom_components.ev_station.model.errors import StorageUnavailable
from custom_components.ev_station.model.forecast import Forecast, ForecastKind

from .clocks import Clock
from .entries import SiteEntry, async_load, site_entry
from .sources import loaded

NOON = (datetime.now(UTC) + timedelta(days=2)).replace(hour=12, minute=7, second=30, microsecond=0)
"""To come, so that every timer set before is due."""
HOUR = timedelta(hours=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock(NOON)
    monkeypatch.setattr(dt_util, "utcnow", found)
    return found


class Roof:
    """An integration that forecasts solar production."""

    def __init__(self, hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
        self.entry = loaded(hass, "forecast_solar", "South")
        self.fails = False
        self.answers = asyncio.Event()
        self.answers.set()
        self.said: dict[str, Any] | None = {"wh_hours": {at(13): 500, at(14): 800}}
        hass.config.components.add("energy")

        async def forecast(_hass: HomeAssistant, entry_id: str) -> Any:
            assert entry_id == self.entry.entry_id
            await self.answers.wait()
            if self.fails:
                raise RuntimeError("no weather")
            return self.said

        async def platforms(_hass: HomeAssistant) -> Mapping[str, Any]:
            return {"forecast_solar": forecast}

        monkeypatch.setattr(forecast_inputs, "async_get_energy_platforms", platforms)


@pytest.fixture
def roof(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> Roof:
    return Roof(hass, monkeypatch)


def at(hour: int) -> str:
    return NOON.replace(hour=hour, minute=0, second=0).isoformat()


def solcast(*kilowatts: float) -> dict[str, Any]:
    return {
        "detailedForecast": [
            {
                "period_start": NOON.replace(hour=13 + number, minute=0, second=0),
                "pv_estimate": each,
                "pv_estimate10": each / 2,
                "pv_estimate90": each * 2,
            }
            for number, each in enumerate(kilowatts)
        ]
    }


async def expecting(hass: HomeAssistant, port: int, **options: Any) -> SiteEntry:
    await hass.config.async_set_time_zone("UTC")
    entry = site_entry(port, subentries=[], options=options)
    await async_load(hass, entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


def known(entry: SiteEntry, kind: ForecastKind) -> list[tuple[int, int, int]]:
    """Return what is expected, in hours of the day."""
    found = entry.runtime_data.engine.state.get(Forecast, kind)
    midnight = NOON.replace(hour=0, minute=0, second=0)
    return [
        ((each.start - midnight) // HOUR, (each.end - midnight) // HOUR, int(each.value))
        for each in (found.intervals if found else ())
    ]


async def test_the_sun_of_an_energy_platform(
    hass: HomeAssistant, port: int, clock: Clock, roof: Roof
) -> None:
    assert await forecast_inputs.async_solar_entries(hass) == {roof.entry.entry_id: "South"}
    entry = await expecting(hass, port, solar_forecasts=[roof.entry.entry_id])
    assert known(entry, ForecastKind.SOLAR) == [(13, 14, 500), (14, 15, 800)]
    roof.said = {"wh_hours": {at(14): 700, at(15): 100}}
    await clock.pass_until(hass, NOON + timedelta(minutes=15))
    assert known(entry, ForecastKind.SOLAR) == [(14, 15, 700), (15, 16, 100)]
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize("said", [None, {}, {"wh_hours": {}}, "nothing"])
async def test_a_source_that_is_away_leaves_what_it_said(
    hass: HomeAssistant, port: int, clock: Clock, roof: Roof, said: Any
) -> None:
    entry = await expecting(hass, port, solar_forecasts=[roof.entry.entry_id])
    roof.said, roof.fails = said, said == "nothing"
    await clock.pass_until(hass, NOON + timedelta(minutes=15))
    assert known(entry, ForecastKind.SOLAR) == [(13, 14, 500), (14, 15, 800)]
    roof.entry.mock_state(hass, ConfigEntryState.NOT_LOADED)
    await clock.pass_until(hass, NOON + timedelta(minutes=30))
    assert known(entry, ForecastKind.SOLAR) == [(13, 14, 500), (14, 15, 800)]
    assert entry.runtime_data.forecasts.silent() == set()
    clock.move_to(NOON + 28 * HOUR)
    assert entry.runtime_data.forecasts.silent() == {ForecastKind.SOLAR}
    await hass.config_entries.async_unload(entry.entry_id)


async def test_solcast_says_how_sure_it_is(
    hass: HomeAssistant, port: int, clock: Clock, roof: Roof
) -> None:
    entity = er.async_get(hass).async_get_or_create(
        "sensor", "solcast_solar", "today", config_entry=roof.entry
    )
    hass.states.async_set(entity.entity_id, "5", solcast(1, 2))
    hass.states.async_set("sensor.garage", "5", solcast(1))
    entry = await expecting(
        hass,
        port,
        solar_forecasts=[roof.entry.entry_id],
        solar_forecast_entities=["sensor.garage"],
    )
    assert known(entry, ForecastKind.SOLAR) == [(13, 14, 2000), (14, 15, 2000)]
    found = entry.runtime_data.engine.state.get(Forecast, ForecastKind.SOLAR)
    assert found is not None
    assert (found.intervals[0].low, found.intervals[0].high) == (1000, 4000)
    hass.states.async_set("sensor.garage", "5", solcast(3))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert known(entry, ForecastKind.SOLAR)[0] == (13, 14, 4000)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_roof_that_is_away_does_not_take_the_sum_down(
    hass: HomeAssistant, port: int, clock: Clock, roof: Roof
) -> None:
    hass.states.async_set("sensor.garage", "5", solcast(1, 1))
    entry = await expecting(
        hass,
        port,
        solar_forecasts=[roof.entry.entry_id],
        solar_forecast_entities=["sensor.garage"],
    )
    assert known(entry, ForecastKind.SOLAR) == [(13, 14, 1500), (14, 15, 1800)]
    roof.said = None
    hass.states.async_set("sensor.garage", "5", solcast(2, 2))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert known(entry, ForecastKind.SOLAR) == [(13, 14, 2500), (14, 15, 2800)]
    await hass.config_entries.async_unload(entry.entry_id)


async def test_what_is_said_by_who_is_named_no_longer_is_not_believed(
    hass: HomeAssistant, port: int, clock: Clock, roof: Roof
) -> None:
    entry = await expecting(hass, port)
    roof.answers.clear()
    hass.config_entries.async_update_entry(
        entry, options={"solar_forecasts": [roof.entry.entry_id]}
    )
    await hass.async_block_till_done()
    hass.config_entries.async_update_entry(entry, options={})
    await hass.async_block_till_done()
    roof.answers.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert known(entry, ForecastKind.SOLAR) == []
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_list_of_co2(hass: HomeAssistant, port: int, clock: Clock) -> None:
    rows = [{"from": at(12), "to": at(13), "intensity": 146}]
    hass.states.async_set("sensor.co2", "146", {"forecast": rows})
    entry = await expecting(hass, port, co2_entity="sensor.co2")
    assert known(entry, ForecastKind.CO2) == [(12, 13, 146)]
    hass.config_entries.async_update_entry(entry, options={})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert known(entry, ForecastKind.CO2) == []
    await hass.config_entries.async_unload(entry.entry_id)


async def test_co2_as_it_is_now(hass: HomeAssistant, port: int, clock: Clock) -> None:
    hass.states.async_set("sensor.co2", "unavailable")
    entry = await expecting(hass, port, co2_entity="sensor.co2")
    assert known(entry, ForecastKind.CO2) == []
    hass.states.async_set("sensor.co2", "200.5")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert known(entry, ForecastKind.CO2) == [(12, 13, 200)]
    clock.move_to(NOON + 30 * HOUR)
    assert entry.runtime_data.forecasts.silent() == {ForecastKind.CO2}
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_forecast_that_cannot_be_stored_is_read_again(
    hass: HomeAssistant, port: int, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = await expecting(hass, port, co2_entity="sensor.co2")

    async def refuse(engine: Engine, *events: object) -> None:
        raise StorageUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "configure", refuse)
        hass.states.async_set("sensor.co2", "200")
        await hass.async_block_till_done(wait_background_tasks=True)
    assert known(entry, ForecastKind.CO2) == []
    await clock.pass_until(hass, NOON + timedelta(minutes=15))
    assert known(entry, ForecastKind.CO2) == [(12, 13, 200)]
    await hass.config_entries.async_unload(entry.entry_id)


async def test_without_energy_there_is_no_solar_forecast(hass: HomeAssistant) -> None:
    assert await forecast_inputs.async_solar_entries(hass) == {}
