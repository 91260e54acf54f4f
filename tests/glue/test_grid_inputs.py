"""Switches and sensors of the grid's operator become what is asked."""

from homeassistant.core import HomeAssistant, State
import pytest

from custom_components.ev_station.engine import Engine
from custom_components.ev_station.grid_inputs import percent
from custom_components.ev_station.model.grid import GridReading

from .entries import POWER, async_load_with
from .readings import noted

NAMED = {
    "dimming_entity": "binary_sensor.box",
    "dimming_limit_entity": "number.limit",
    "others_power": "sensor.heat_pump",
    "ripple_entity": "input_select.ripple",
    "quarter_entity": "sensor.demand",
    "peak_entity": "sensor.peak",
}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[GridReading]:
    """Return what the engine is told, as it is told."""
    return noted(monkeypatch, Engine.read_grid)


async def test_every_entity_is_followed(
    hass: HomeAssistant, port: int, read: list[GridReading]
) -> None:
    await async_load_with(hass, port, **NAMED)
    assert read == [GridReading()]
    hass.states.async_set("binary_sensor.box", "on")
    hass.states.async_set("number.limit", "6.3", {"unit_of_measurement": "kW"})
    hass.states.async_set("sensor.heat_pump", "1800", {"unit_of_measurement": "W"})
    hass.states.async_set("input_select.ripple", "60 %")
    hass.states.async_set("sensor.demand", "1.234", {"unit_of_measurement": "kW"})
    hass.states.async_set("sensor.peak", "4.5", {"unit_of_measurement": "kW"})
    await hass.async_block_till_done()
    assert read[-1] == GridReading(
        dimmed=True, limit_w=6300, others_w=1800, percent=60, quarter_w=1234, peak_w=4500
    )
    hass.states.async_set("binary_sensor.box", "off")
    await hass.async_block_till_done()
    assert read[-1].dimmed is False
    hass.states.async_set("binary_sensor.box", "unavailable")
    await hass.async_block_till_done()
    assert read[-1].dimmed is None


async def test_what_is_named_no_longer_is_followed_no_longer(
    hass: HomeAssistant, port: int, read: list[GridReading]
) -> None:
    hass.states.async_set("binary_sensor.box", "on")
    entry = await async_load_with(hass, port, **NAMED)
    assert read[-1].dimmed is True
    hass.config_entries.async_update_entry(entry, options={"default_tariff": POWER})
    await hass.async_block_till_done()
    assert read[-1] == GridReading()
    before = len(read)
    hass.states.async_set("binary_sensor.box", "off")
    await hass.async_block_till_done()
    assert len(read) == before


@pytest.mark.parametrize(
    ("said", "share"),
    [
        ("60", 60),
        ("30.0", 30),
        ("0 %", 0),
        ("100%", 100),
        ("unknown", None),
        ("about 60", None),
        ("-30", None),
    ],
)
def test_a_share_is_read_from_numbers_and_options(said: str, share: int | None) -> None:
    assert percent(State("input_select.ripple", said)) == share
    assert percent(None) is None
