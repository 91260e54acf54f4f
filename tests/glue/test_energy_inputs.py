"""Grid, solar and battery sensors become what is over."""

from homeassistant.core import HomeAssistant
import pytest

from custom_components.ev_station.engine import Engine
from custom_components.ev_station.model.energy import EnergyReading

from .entries import async_load_with
from .readings import noted

WATTS = {"unit_of_measurement": "W"}
GRID = {"grid_power": "sensor.grid"}
BATTERY = {"battery_power": "sensor.battery", "battery_soc": "sensor.soc"}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[EnergyReading]:
    """Return what the engine is told, as it is told."""
    return noted(monkeypatch, Engine.read_energy)


def say(hass: HomeAssistant, **values: object) -> None:
    for name, value in values.items():
        unit = {"unit_of_measurement": "%"} if name == "soc" else WATTS
        hass.states.async_set(f"sensor.{name}", str(value), unit)


async def test_the_grid_is_followed(
    hass: HomeAssistant, port: int, read: list[EnergyReading]
) -> None:
    say(hass, grid="unknown")
    await async_load_with(hass, port, **GRID)
    assert read == []
    say(hass, grid=-1200)
    await hass.async_block_till_done()
    assert (read[-1].grid_w, read[-1].battery_w, read[-1].battery_percent) == (-1200, None, None)
    state = hass.states.get("sensor.grid")
    assert state is not None
    assert read[-1].at == state.last_reported
    hass.states.async_set("sensor.grid", "1.5", {"unit_of_measurement": "kW"})
    await hass.async_block_till_done()
    assert read[-1].grid_w == 1500


async def test_some_sensors_count_the_other_way(
    hass: HomeAssistant, port: int, read: list[EnergyReading]
) -> None:
    say(hass, grid=800, battery=500, soc=64)
    await async_load_with(hass, port, **GRID, **BATTERY, grid_inverted=True)
    # A battery gives what is positive, unless its sensor counts otherwise.
    assert (read[-1].grid_w, read[-1].battery_w, read[-1].battery_percent) == (-800, -500, 64)


async def test_a_battery_that_counts_its_charging(
    hass: HomeAssistant, port: int, read: list[EnergyReading]
) -> None:
    say(hass, grid=800, battery=500, soc="unavailable")
    await async_load_with(hass, port, **GRID, **BATTERY, battery_inverted=True)
    assert (read[-1].grid_w, read[-1].battery_w, read[-1].battery_percent) == (800, 500, None)


async def test_a_house_without_a_sensor_at_the_grid(
    hass: HomeAssistant, port: int, read: list[EnergyReading]
) -> None:
    sun = {"solar_power": "sensor.roof", "load_power": "sensor.house"}
    say(hass, roof=5000, house=1200, battery=-2000)
    await async_load_with(hass, port, **sun, battery_power="sensor.battery")
    # 1200 W less 5000 W of sun, and the battery takes 2000 W.
    assert (read[-1].grid_w, read[-1].battery_w) == (-1800, 2000)
    before = len(read)
    say(hass, house="unknown")
    await hass.async_block_till_done()
    assert len(read) == before


async def test_what_is_named_later_is_followed_at_once_and_no_longer_after(
    hass: HomeAssistant, port: int, read: list[EnergyReading]
) -> None:
    say(hass, grid=300)
    entry = await async_load_with(hass, port)
    assert read == []
    hass.config_entries.async_update_entry(entry, options={**entry.options, **GRID})
    await hass.async_block_till_done()
    assert read[-1].grid_w == 300
    await hass.config_entries.async_unload(entry.entry_id)
    before = len(read)
    say(hass, grid=400)
    await hass.async_block_till_done()
    assert len(read) == before
