"""What cars say of themselves, and what holds while they say nothing."""

from dataclasses import replace
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.ev_station.const import DOMAIN
from custom_components.ev_station.model.state import Vehicle

from .clocks import Clock
from .entries import SiteEntry
from .flows import Subentries, suggested
from .test_flow_vehicle import answers, known

SOC = "sensor.zoe_battery"
RANGE = "sensor.zoe_range"
PERCENT = {"device_class": "battery", "unit_of_measurement": "%"}
KM = {"device_class": "distance", "unit_of_measurement": "km"}
MILES = {"device_class": "distance", "unit_of_measurement": "mi"}


@pytest.fixture
def subentries(hass: HomeAssistant, site: SiteEntry) -> Subentries:
    return Subentries(hass, site)


async def say(hass: HomeAssistant, entity: str, said: str, words: dict[str, str]) -> None:
    """Have a car's sensor say something."""
    hass.states.async_set(entity, said, words)
    await hass.async_block_till_done()


async def test_what_a_car_says_of_itself_is_heard(
    hass: HomeAssistant, subentries: Subentries
) -> None:
    hass.states.async_set(SOC, "54.4", {"device_class": "battery", "unit_of_measurement": "%"})
    await subentries.submit(await subentries.add("vehicle"), answers(soc_entity=SOC))
    assert known(subentries, "Zoe").percent == 54
    for said in ("61", "unavailable", "unknown", "255", "-1", "nan"):
        hass.states.async_set(SOC, said)
        await hass.async_block_till_done()
        assert known(subentries, "Zoe").percent == 61
    zoe = subentries.titled("Zoe").subentry_id
    await subentries.submit(await subentries.change(zoe), answers())
    hass.states.async_set(SOC, "70")
    await hass.async_block_till_done()
    assert known(subentries, "Zoe").percent == 61


async def test_a_car_that_speaks_again_after_it_left_is_written_down_once(
    hass: HomeAssistant, subentries: Subentries
) -> None:
    await say(hass, SOC, "54", PERCENT)
    await subentries.submit(await subentries.add("vehicle"), answers(soc_entity=SOC))
    engine, zoe = subentries.engine, known(subentries, "Zoe")
    left = dt_util.utcnow()
    engine.state.apply({(Vehicle, zoe.key): replace(zoe, left_at=left)})
    written = engine.health.journal_sequence
    for _ in range(3):
        await say(hass, SOC, "54", PERCENT)
        told_at = known(subentries, "Zoe").percent_at
        assert told_at is not None
        assert told_at > left
        assert engine.health.journal_sequence == written + 1


@pytest.mark.parametrize("silence", ["unavailable", "unknown"])
async def test_a_car_that_falls_silent_for_a_while_is_known_to_be(
    hass: HomeAssistant,
    subentries: Subentries,
    freezer: FrozenDateTimeFactory,
    silence: str,
) -> None:
    async def wait(minutes: int) -> None:
        freezer.tick(timedelta(minutes=minutes))
        async_fire_time_changed(hass)
        await hass.async_block_till_done()

    await say(hass, SOC, "54", PERCENT)
    await subentries.submit(await subentries.add("vehicle"), answers(soc_entity=SOC))
    engine = subentries.engine
    await wait(11)
    written = engine.health.journal_sequence
    for _ in range(3):
        await say(hass, SOC, "unavailable", PERCENT)
        await wait(4)
        await say(hass, SOC, "54", PERCENT)
        await wait(4)
    assert engine.health.journal_sequence == written
    await say(hass, SOC, silence, PERCENT)
    began = dt_util.utcnow()
    for _ in range(3):
        await wait(11)
    zoe = known(subentries, "Zoe")
    assert (zoe.percent, zoe.silent_since) == (54, began)
    assert engine.health.journal_sequence == written + 1
    await say(hass, SOC, "54", PERCENT)
    assert known(subentries, "Zoe").silent_since is None


async def test_a_sensor_that_is_not_there_is_silent_from_the_first_look_on(
    hass: HomeAssistant, subentries: Subentries, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(dt_util.utcnow())
    monkeypatch.setattr(dt_util, "utcnow", clock)
    await subentries.submit(await subentries.add("vehicle"), answers(soc_entity=SOC))
    assert known(subentries, "Zoe").silent_since is None
    missed = clock.now + timedelta(minutes=11)
    await clock.pass_until(hass, missed)
    assert known(subentries, "Zoe").silent_since == missed
    await clock.pass_until(hass, missed + timedelta(minutes=11))
    assert known(subentries, "Zoe").silent_since == missed


async def test_a_range_says_how_full_a_car_is(hass: HomeAssistant, subentries: Subentries) -> None:
    # 52 kWh at 180 Wh/km: 100 km are 18 kWh, 34.6 %.
    await say(hass, RANGE, "100", KM)
    await subentries.submit(await subentries.add("vehicle"), answers(range_entity=RANGE))
    assert known(subentries, "Zoe").percent == 35
    # 62.14 mi are 100 km, 100 mi 160.9: 55.7 %.
    await say(hass, RANGE, "100", MILES)
    assert known(subentries, "Zoe").percent == 56
    # It drives farther with a full battery than its form says: it is full.
    await say(hass, RANGE, "400", KM)
    assert known(subentries, "Zoe").percent == 100
    await say(hass, RANGE, "0", KM)
    assert known(subentries, "Zoe").percent == 0


@pytest.mark.parametrize("said", ["unavailable", "unknown", "-3", "nan", "inf", "45000", "far"])
async def test_what_is_no_range_says_nothing(
    hass: HomeAssistant, subentries: Subentries, said: str
) -> None:
    await say(hass, RANGE, "100", KM)
    await subentries.submit(await subentries.add("vehicle"), answers(range_entity=RANGE))
    await say(hass, RANGE, said, KM)
    assert known(subentries, "Zoe").percent == 35
    await say(hass, RANGE, "60", {"unit_of_measurement": "%"})
    assert known(subentries, "Zoe").percent == 35


async def test_another_battery_or_consumption_means_another_charge(
    hass: HomeAssistant, subentries: Subentries
) -> None:
    await say(hass, RANGE, "100", KM)
    await subentries.submit(await subentries.add("vehicle"), answers(range_entity=RANGE))
    flow = await subentries.change(subentries.titled("Zoe").subentry_id)
    assert suggested(flow)["range_entity"] == RANGE
    thirsty = answers(range_entity=RANGE, charging={"wh_per_km": 260})
    await subentries.submit(flow, thirsty)
    # 26 of 52 kWh.
    assert known(subentries, "Zoe").percent == 50


async def test_where_a_car_tells_both_its_state_of_charge_counts(
    hass: HomeAssistant, subentries: Subentries
) -> None:
    await say(hass, RANGE, "100", KM)
    await say(hass, SOC, "40", PERCENT)
    given = answers(soc_entity=SOC, range_entity=RANGE)
    await subentries.submit(await subentries.add("vehicle"), given)
    # 20.8 of 52 kWh for 100 km.
    zoe = known(subentries, "Zoe")
    assert (zoe.percent, zoe.wh_per_km, zoe.settings.wh_per_km) == (40, 208, 180)
    await say(hass, RANGE, "130", KM)
    assert (known(subentries, "Zoe").percent, known(subentries, "Zoe").wh_per_km) == (40, 160)
    await say(hass, SOC, "unavailable", PERCENT)
    await say(hass, RANGE, "100", KM)
    assert (known(subentries, "Zoe").percent, known(subentries, "Zoe").wh_per_km) == (40, 160)
    # Without the range the form says what a km takes.
    flow = await subentries.change(subentries.titled("Zoe").subentry_id)
    await subentries.submit(flow, answers(soc_entity=SOC))
    assert known(subentries, "Zoe").wh_per_km == 180


async def test_a_range_of_another_hour_says_nothing_of_a_km(
    hass: HomeAssistant, subentries: Subentries, freezer: FrozenDateTimeFactory
) -> None:
    await say(hass, RANGE, "100", KM)
    await say(hass, SOC, "40", PERCENT)
    given = answers(soc_entity=SOC, range_entity=RANGE)
    await subentries.submit(await subentries.add("vehicle"), given)
    freezer.tick(timedelta(hours=4))
    # Plugged in elsewhere meanwhile; which of both sensors speaks first is chance.
    await say(hass, SOC, "90", PERCENT)
    assert (known(subentries, "Zoe").percent, known(subentries, "Zoe").wh_per_km) == (90, 208)
    await say(hass, RANGE, "260", KM)
    assert (known(subentries, "Zoe").percent, known(subentries, "Zoe").wh_per_km) == (90, 180)


@pytest.mark.parametrize("field", ["soc_entity", "range_entity"])
async def test_a_sensor_that_is_gone_is_told_of_until_it_is_back(
    hass: HomeAssistant, subentries: Subentries, field: str
) -> None:
    async def told() -> ir.IssueEntry | None:
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=31))
        await hass.async_block_till_done()
        key = (
            f"vehicle_sensor_gone_{subentries.entry.entry_id}"
            f"_{subentries.titled('Zoe').subentry_id}"
        )
        return ir.async_get(hass).async_get_issue(DOMAIN, key)

    await say(hass, RANGE, "unavailable", KM)
    await subentries.submit(await subentries.add("vehicle"), answers(**{field: RANGE}))
    assert await told() is None
    hass.states.async_remove(RANGE)
    found = await told()
    assert found is not None
    assert found.translation_placeholders == {"site": "Home", "name": "Zoe", "entity": RANGE}
    await say(hass, RANGE, "100", KM)
    assert await told() is None
