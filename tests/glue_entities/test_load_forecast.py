"""What the house will draw, learnt from a real recorder."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
import itertools
import json
from typing import Any, Final

from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import async_import_statistics
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from custom_components.ev_station import load_forecast
from custom_components.ev_station.const import DOMAIN
from custom_components.ev_station.diagnostics import async_get_config_entry_diagnostics
from custom_components.ev_station.engine import Engine
from custom_components.ev_station.load_forecast import Balance, balance_of
from custom_components.ev_station.model.errors import StorageUnavailable
from custom_components.ev_station.model.forecast import Forecast, ForecastKind
from custom_components.ev_station.planning.baseload import Load
from custom_components.ev_station.recorded import Mean, async_read

from .conftest import load, unload
from .site import site_entry

GRID: Final = "sensor.grid"
SUN: Final = "sensor.sun"
BATTERY: Final = "sensor.battery"
HOUSE: Final = "sensor.house"
CAR: Final = "sensor.garage_power"
POWER: Final = {
    "device_class": "power",
    "state_class": "measurement",
    "unit_of_measurement": "W",
}
HOUR: Final = timedelta(hours=1)
THIS_HOUR: Final = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


@pytest.fixture(autouse=True)
def _real(recorder_mock: Recorder, enable_custom_integrations: None, socket_enabled: None) -> None:
    """Start the recorder before Home Assistant."""


def remember(hass: HomeAssistant, hours: int = 72, unit: str = "W", **powers: float) -> None:
    """Have the recorder remember that each sensor said the same in the last hours."""
    for name, power in powers.items():
        metadata = StatisticMetaData(
            mean_type=StatisticMeanType.ARITHMETIC,
            has_sum=False,
            name=None,
            source="recorder",
            statistic_id=f"sensor.{name}",
            unit_class="power",
            unit_of_measurement=unit,
        )
        rows = [
            StatisticData(start=THIS_HOUR - HOUR * (number + 1), mean=power)
            for number in range(hours)
        ]
        async_import_statistics(hass, metadata, rows)


async def expecting(hass: HomeAssistant, **options: Any) -> MockConfigEntry:
    await async_wait_recording_done(hass)
    entry = site_entry(**options)
    await load(hass, entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


async def settle(hass: HomeAssistant) -> None:
    await hass.async_block_till_done(wait_background_tasks=True)


async def next_look(hass: HomeAssistant, later: timedelta = timedelta(0)) -> None:
    """Let the next quarter hour's reading happen; each one only once."""
    now = dt_util.utcnow()
    minutes = next(each for each in (1, 16, 31, 46, 61) if each > now.minute)
    due = now.replace(minute=0, second=30, microsecond=600_000) + timedelta(minutes=minutes)
    async_fire_time_changed(hass, due + later)
    await settle(hass)


def this_period() -> datetime:
    """Return when the running five minutes began."""
    now = dt_util.utcnow().replace(second=0, microsecond=0)
    return now - timedelta(minutes=now.minute % 5)


def foreseen(entry: MockConfigEntry) -> list[int]:
    """Return the powers of the coming hours."""
    found = entry.runtime_data.engine.state.get(Forecast, ForecastKind.LOAD)
    return [int(each.value) for each in found.intervals] if found else []


@pytest.fixture
async def entries(hass: HomeAssistant) -> AsyncIterator[None]:
    """Put every site to rest in the end."""
    yield
    for entry in hass.config_entries.async_entries(DOMAIN):
        await unload(hass, entry)


@pytest.mark.usefixtures("entries")
async def test_the_house_is_what_neither_cars_nor_battery_drew(hass: HomeAssistant) -> None:
    registry = er.async_get(hass)
    remember(hass, grid=3.1, unit="kW")
    remember(hass, sun=2000, battery=-1000)
    remember(hass, garage_power=3600)
    own = registry.async_get_or_create(
        "sensor", DOMAIN, "site_evse_CP1/1_power", suggested_object_id="garage_power"
    )
    assert own.entity_id == CAR
    entry = await expecting(hass, grid_power=GRID, solar_power=SUN, battery_power=BATTERY)
    assert set(entry.runtime_data.coordinator.power_sensors()) == {CAR}
    # 3100 W of the grid and 2000 W of sun, less 1000 W into the battery and 3600 W into the car.
    assert set(foreseen(entry)) == {500}
    found = await async_get_config_entry_diagnostics(hass, entry)
    assert found["load_forecast"]["days"] in (3, 4)
    assert found["load_forecast"]["mean_w"] == 500
    json.dumps(found["load_forecast"])


@pytest.mark.usefixtures("entries")
@pytest.mark.parametrize(
    ("now_w", "expected"),
    [
        # 1000 W more than usual, of which three quarters are left at first.
        (1400, [1150, 950]),
        # What makes less than 100 W of difference is not worth a word.
        (520, [400, 400]),
    ],
)
async def test_how_the_house_lives_now_is_seen(
    hass: HomeAssistant, now_w: int, expected: list[int]
) -> None:
    assert await async_setup_component(hass, "sensor", {})
    remember(hass, house=400)
    entry = await expecting(hass, load_power=HOUSE, solar_power=SUN)
    assert foreseen(entry)[:2] == [400, 400]
    hass.states.async_set(HOUSE, str(now_w), POWER)
    await async_wait_recording_done(hass)
    do_adhoc_statistics(hass, start=this_period())
    await async_wait_recording_done(hass)
    await next_look(hass)
    assert foreseen(entry)[:2] == expected
    assert foreseen(entry)[-1] == 400


@pytest.mark.usefixtures("entries")
async def test_a_house_without_statistics(hass: HomeAssistant) -> None:
    entry = await expecting(hass, grid_power=GRID)
    assert foreseen(entry) == []
    assert entry.runtime_data.load.report() is None
    await next_look(hass)
    assert foreseen(entry) == []


@pytest.mark.usefixtures("entries")
async def test_what_is_named_no_longer_is_foreseen_no_longer(hass: HomeAssistant) -> None:
    remember(hass, house=400)
    entry = await expecting(hass, load_power=HOUSE)
    assert foreseen(entry)
    hass.config_entries.async_update_entry(entry, title="Elsewhere")
    await settle(hass)
    assert foreseen(entry)
    hass.config_entries.async_update_entry(entry, options={})
    await settle(hass)
    assert foreseen(entry) == []


@pytest.mark.usefixtures("entries")
async def test_what_is_learnt_late_of_who_is_named_no_longer_is_not_believed(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(hass, house=400, flat=200)
    entry = await expecting(hass)
    learns, others_read = asyncio.Event(), asyncio.Event()
    readings = itertools.count(1)

    async def reads(hass: HomeAssistant, function: Any, *arguments: Any) -> Any:
        found = await async_read(hass, function, *arguments)
        match next(readings):
            case 1:
                learns.set()
                await others_read.wait()
            case 3:
                # What is named now was learnt, and how it lives now is read.
                others_read.set()
        return found

    monkeypatch.setattr(load_forecast, "async_read", reads)
    hass.config_entries.async_update_entry(entry, options={"load_power": HOUSE})
    await learns.wait()
    hass.config_entries.async_update_entry(entry, options={"load_power": "sensor.flat"})
    await settle(hass)
    assert set(foreseen(entry)) == {200}
    assert entry.runtime_data.load.report()["mean_w"] == 200


@pytest.mark.usefixtures("entries")
async def test_a_recorder_in_trouble_leaves_what_is_known(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(hass, house=400)
    entry = await expecting(hass, load_power=HOUSE)

    asked: list[object] = []

    def broken(*arguments: object) -> Mapping[str, list[Mean]]:
        asked.append(arguments)
        raise OSError("disk I/O error")

    monkeypatch.setattr(load_forecast, "means", broken)
    await next_look(hass)
    assert asked
    assert foreseen(entry)[-1] == 400


@pytest.mark.usefixtures("entries")
async def test_habits_change(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    remember(hass, house=400)
    entry = await expecting(hass, load_power=HOUSE)
    remember(hass, house=600)
    await async_wait_recording_done(hass)
    # Not every quarter hour are weeks read.
    await next_look(hass)
    assert foreseen(entry)[-1] == 400
    monkeypatch.setattr(load_forecast, "_LEARNT_EVERY", timedelta(0))
    await next_look(hass, later=HOUR)
    assert foreseen(entry)[-1] == 600


@pytest.mark.usefixtures("entries")
async def test_a_forecast_that_cannot_be_stored_is_made_again(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = await expecting(hass)
    assert foreseen(entry) == []
    remember(hass, house=400)
    await async_wait_recording_done(hass)
    configure = Engine.configure

    async def refuse(engine: Engine, *events: Any) -> None:
        if any(hasattr(event, "forecast") for event in events):
            raise StorageUnavailable
        await configure(engine, *events)

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "configure", refuse)
        hass.config_entries.async_update_entry(entry, options={"load_power": HOUSE})
        await settle(hass)
        assert foreseen(entry) == []
    await next_look(hass)
    assert foreseen(entry)[-1] == 400


def hours(**powers: float | None) -> dict[str, list[Mean]]:
    return {
        f"sensor.{name}": [] if power is None else [Mean(THIS_HOUR, power)]
        for name, power in powers.items()
    }


def reckoned(balance: Balance | None, **powers: float | None) -> list[float]:
    assert balance is not None
    found = list(balance.loads(hours(**powers)))
    assert all(load == Load(THIS_HOUR, load.power_w) for load in found)
    return [load.power_w for load in found]


def test_some_sensors_count_the_other_way() -> None:
    options = {"grid_power": GRID, "grid_inverted": True, "battery_power": BATTERY}
    # 800 W are imported, and the battery gives 500 W.
    assert reckoned(balance_of(options, []), grid=-800, battery=500) == [1300]
    options |= {"battery_inverted": True}
    assert reckoned(balance_of(options, []), grid=-800, battery=500) == [300]


def test_an_inverter_sleeps_at_night_and_may_fail_by_day() -> None:
    sunny = balance_of({"grid_power": GRID, "solar_power": SUN}, [CAR])
    assert reckoned(sunny, grid=400, sun=None) == [400]
    assert reckoned(sunny, grid=-1500, sun=None) == []
    assert reckoned(sunny, grid=-1500, sun=2000) == [500]
    assert reckoned(sunny, grid=-1500, sun=2000, garage_power=None) == [500]


def test_an_hour_without_grid_or_battery_tells_nothing() -> None:
    balance = balance_of({"grid_power": GRID, "battery_power": BATTERY}, [CAR])
    assert reckoned(balance, grid=400, battery=None, garage_power=200) == []
    assert reckoned(balance, grid=None, battery=100) == []


def test_a_sun_nobody_measures() -> None:
    # A balcony's is part of what the house is usually like.
    assert reckoned(balance_of({"grid_power": GRID}, []), grid=-200) == [-200]
    # Where a forecast tells of it, it would count twice.
    assert balance_of({"grid_power": GRID, "solar_forecasts": ["roof"]}, []) is None
    assert balance_of({"solar_power": SUN}, []) is None
