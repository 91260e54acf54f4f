"""Other integrations' sensors become what flows on each phase."""

from datetime import timedelta
from decimal import Decimal

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, State
import pytest

from custom_components.ev_station.engine import Engine
from custom_components.ev_station.meter_inputs import amperes, is_meter
from custom_components.ev_station.model.circuit import MeterReading

from .entries import MAIN, SiteEntry, async_load, circuit, site_entry, usual
from .flows import Subentries
from .readings import noted

THREE = {"meter_l1": "sensor.l1", "meter_l2": "sensor.l2", "meter_l3": "sensor.l3"}
AMPS = {"unit_of_measurement": "A"}


@pytest.mark.parametrize(
    ("value", "unit", "current"),
    [
        ("4.5", "A", "4.5"),
        ("4500", "mA", "4.5"),
        ("2300", "W", "10"),
        ("-1.15", "kW", "-5"),
        ("0", "A", "0"),
    ],
)
def test_units(value: str, unit: str, current: str) -> None:
    state = State("sensor.meter", value, {"unit_of_measurement": unit})
    assert is_meter(state)
    found = amperes(state)
    assert found is not None
    assert round(found, 9) == Decimal(current)


@pytest.mark.parametrize(
    ("value", "unit"),
    [("unknown", "A"), ("unavailable", "A"), ("nan", "A"), ("inf", "W"), ("4", "V"), ("4", None)],
)
def test_no_current(value: str, unit: str | None) -> None:
    assert amperes(State("sensor.meter", value, {"unit_of_measurement": unit})) is None


def test_nothing_is_no_meter() -> None:
    assert not is_meter(None)
    assert not is_meter(State("sensor.meter", "4", {"unit_of_measurement": "V"}))
    assert amperes(None) is None


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[MeterReading]:
    """Return what the engine is told, as it is told."""
    return noted(monkeypatch, Engine.read_meter)


async def load(hass: HomeAssistant, port: int, **data: object) -> SiteEntry:
    entry = site_entry(port, subentries=[*usual(), circuit(MAIN, "Main", 25, **data)])
    await async_load(hass, entry)
    return entry


def speak(hass: HomeAssistant, *values: str) -> None:
    for phase, value in enumerate(values, 1):
        hass.states.async_set(f"sensor.l{phase}", value, AMPS)


async def test_a_meter_is_waited_for_and_then_followed(
    hass: HomeAssistant, port: int, read: list[MeterReading], freezer: FrozenDateTimeFactory
) -> None:
    speak(hass, "unavailable", "1", "2")
    await load(hass, port, **THREE)
    assert read == []
    speak(hass, "3.5")
    await hass.async_block_till_done()
    assert read[-1].currents_a == (Decimal("3.5"), 1, 2)
    freezer.tick(timedelta(seconds=10))
    at = read[-1].at
    speak(hass, "3.5", "1", "2")
    await hass.async_block_till_done()
    # The same again is news too: the meter lives.
    assert read[-1].at - at == timedelta(seconds=10)
    speak(hass, "3.5", "unknown")
    await hass.async_block_till_done()
    assert read[-1].currents_a is None


async def test_the_phase_that_spoke_least_recently_counts(
    hass: HomeAssistant, port: int, read: list[MeterReading], freezer: FrozenDateTimeFactory
) -> None:
    speak(hass, "1", "1", "1")
    await load(hass, port, **THREE)
    at = read[-1].at
    freezer.tick(timedelta(seconds=30))
    speak(hass, "2", "2")
    await hass.async_block_till_done()
    assert (read[-1].currents_a, read[-1].at) == ((2, 2, 1), at)


async def test_a_house_with_one_phase(
    hass: HomeAssistant, port: int, read: list[MeterReading]
) -> None:
    speak(hass, "7")
    await load(hass, port, meter_l1="sensor.l1")
    assert read[-1].currents_a == (7, 0, 0)


async def test_limits_of_the_operator(
    hass: HomeAssistant, port: int, read: list[MeterReading]
) -> None:
    hass.states.async_set("sensor.limit", "16", AMPS)
    hass.states.async_set("sensor.power", "4.2", {"unit_of_measurement": "kW"})
    await load(hass, port, limit_entity="sensor.limit", power_limit_entity="sensor.power")
    assert (read[-1].limit_a, read[-1].power_limit_w, read[-1].currents_a) == (16, 4200, None)
    hass.states.async_set("sensor.limit", "unknown", AMPS)
    hass.states.async_set("sensor.power", "4.2", {"unit_of_measurement": "m"})
    await hass.async_block_till_done()
    assert (read[-1].limit_a, read[-1].power_limit_w) == (None, None)
    hass.states.async_set("sensor.power", "4200", {"unit_of_measurement": "W"})
    await hass.async_block_till_done()
    assert read[-1].power_limit_w == 4200


async def test_other_meters_are_followed_at_once(
    hass: HomeAssistant, port: int, read: list[MeterReading]
) -> None:
    entry = await load(hass, port)
    before = len(read)
    speak(hass, "9")
    await hass.async_block_till_done()
    assert len(read) == before
    subentries = Subentries(hass, entry)
    flow = await subentries.change(MAIN)
    meters = {"assumed_load_a": 5, "stale_after_s": 60, "meter_l1": "sensor.l1"}
    given = {"name": "Main", "limit_a": 25, "meters": meters, "limits": {}}
    await subentries.submit(flow, given)
    assert read[-1].currents_a == (9, 0, 0)
    await hass.config_entries.async_unload(entry.entry_id)
    before = len(read)
    speak(hass, "10")
    await hass.async_block_till_done()
    assert len(read) == before


async def test_other_meters_are_waited_for_as_the_first_were(
    hass: HomeAssistant, port: int, read: list[MeterReading]
) -> None:
    speak(hass, "9", "unknown")
    entry = await load(hass, port, meter_l1="sensor.l1")
    assert read[-1].currents_a == (9, 0, 0)
    before = len(read)
    subentries = Subentries(hass, entry)
    meters = {"assumed_load_a": 5, "stale_after_s": 60, "meter_l1": "sensor.l2"}
    given = {"name": "Main", "limit_a": 25, "meters": meters, "limits": {}}
    await subentries.submit(await subentries.change(MAIN), given)
    assert len(read) == before
    speak(hass, "9", "7")
    await hass.async_block_till_done()
    assert read[-1].currents_a == (7, 0, 0)
    speak(hass, "9", "unavailable")
    await hass.async_block_till_done()
    assert read[-1].currents_a is None
