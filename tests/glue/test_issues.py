"""Repair issues come with their cause and go with it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.ev_station.const import DOMAIN
from custom_components.ev_station.engine import Engine, Health, Publication
from custom_components.ev_station.model.allowance import Allowance
from custom_components.ev_station.model.chain import ChainBreak
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.phases import PhaseSwitching, Phasing
from custom_components.ev_station.model.state import (
    Aggregate,
    Charger,
    ClockEstimate,
    Evse,
    Heed,
    Key,
)
from custom_components.ev_station.store.recovery import Opening

from .entries import (
    ANNA,
    HOUSE,
    MAIN,
    POWER,
    WALLBOX,
    SiteEntry,
    async_load,
    circuit,
    site_entry,
    subentry,
    usual,
)
from .flows import Subentries, suggested


def issues(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    found = ir.async_get(hass).issues
    return {key: issue for (domain, key), issue in found.items() if domain == DOMAIN}


def clock(entry: SiteEntry, offset: timedelta) -> None:
    """Have the engine learn that the wallbox's clock is wrong."""
    engine = entry.runtime_data.engine
    charger = engine.state.get(Charger, "CP1")
    assert charger is not None
    changes: dict[Key, Aggregate | None] = {
        (Charger, "CP1"): replace(charger, clock=ClockEstimate(offset=offset))
    }
    engine.state.apply(changes)
    engine._publications.tell(Publication(changes=changes, notices=()))


async def test_a_wrong_clock_is_told_and_forgotten(hass: HomeAssistant, site: SiteEntry) -> None:
    key = f"charger_clock_wrong_{site.entry_id}_CP1"
    clock(site, timedelta(minutes=5))
    assert key not in issues(hass)
    clock(site, timedelta(minutes=-47))
    assert issues(hass)[key].translation_placeholders == {
        "site": "Home",
        "charger": "Wallbox",
        "offset": "47 min",
    }
    clock(site, timedelta(0))
    assert key not in issues(hass)


@pytest.mark.parametrize(
    ("offset", "said"),
    [
        (timedelta(minutes=-62), "1 h 2 min"),
        (timedelta(hours=47, minutes=59), "47 h 59 min"),
        (timedelta(days=-20781, hours=-3), "20781 d"),
    ],
)
async def test_a_wrong_clock_is_told_in_units_one_can_imagine(
    hass: HomeAssistant, site: SiteEntry, offset: timedelta, said: str
) -> None:
    clock(site, timedelta(minutes=-6))
    clock(site, offset)
    words = issues(hass)[f"charger_clock_wrong_{site.entry_id}_CP1"].translation_placeholders
    assert words is not None
    assert words["offset"] == said


async def test_a_wrong_clock_goes_with_its_charger(hass: HomeAssistant, site: SiteEntry) -> None:
    clock(site, timedelta(hours=2))
    assert issues(hass)
    await Subentries(hass, site).remove(WALLBOX)
    assert not issues(hass)


async def test_a_wrong_clock_is_not_claimed_while_the_site_rests(
    hass: HomeAssistant, site: SiteEntry
) -> None:
    clock(site, timedelta(hours=2))
    await hass.config_entries.async_unload(site.entry_id)
    assert not issues(hass)


def heed(entry: SiteEntry, heed: Heed) -> None:
    """Have the engine learn how the wallbox goes by its limits."""
    engine = entry.runtime_data.engine
    key = EvseId("CP1", 1)
    evse = engine.state.get(Evse, key) or Evse(id=key)
    changes: dict[Key, Aggregate | None] = {(Evse, key): replace(evse, heed=heed)}
    engine.state.apply(changes)
    engine._publications.tell(Publication(changes=changes, notices=()))


async def test_a_charger_that_does_not_follow_its_limits_is_told_of(
    hass: HomeAssistant, site: SiteEntry
) -> None:
    key, now = f"limits_ignored_{site.entry_id}_CP1_1", dt_util.utcnow()
    heed(site, Heed(tries=2, should_a=Decimal(10), really_a=Decimal(16)))
    assert key not in issues(hass)
    ignored = Heed(ignored_since=now, should_a=Decimal(10), really_a=Decimal("15.7"))
    heed(site, ignored)
    assert issues(hass)[key].translation_placeholders == {
        "site": "Home",
        "charger": "Wallbox",
        "connector": "1",
        "limit": "10",
        "really": "16",
    }
    heed(site, replace(ignored, really_a=Decimal(20)))
    words = issues(hass)[key].translation_placeholders
    assert words is not None
    assert words["really"] == "20"
    heed(site, Heed())
    assert key not in issues(hass)
    heed(site, ignored)
    await Subentries(hass, site).remove(WALLBOX)
    assert key not in issues(hass)


async def test_who_follows_is_not_known_while_the_site_rests(
    hass: HomeAssistant, site: SiteEntry
) -> None:
    heed(site, Heed(ignored_since=dt_util.utcnow()))
    assert issues(hass)
    await hass.config_entries.async_unload(site.entry_id)
    assert not issues(hass)


def phasing(entry: SiteEntry, phasing: Phasing | None) -> None:
    """Have the engine learn how switching the wallbox's phases goes."""
    engine, key = entry.runtime_data.engine, EvseId("CP1", 1)
    allowance = Allowance(id=key, since=dt_util.utcnow(), phasing=phasing)
    changes: dict[Key, Aggregate | None] = {(Allowance, key): allowance}
    engine.state.apply(changes)
    engine._publications.tell(Publication(changes=changes, notices=()))


async def test_phases_that_are_not_switched_are_told_of(
    hass: HomeAssistant, site: SiteEntry
) -> None:
    key = f"phases_not_switched_{site.entry_id}_CP1_1"
    works = Phasing(by=PhaseSwitching.PROFILE)
    for fine in (None, works):
        phasing(site, fine)
        assert key not in issues(hass)
    failed = replace(works, failed_at=dt_util.utcnow())
    for way in (PhaseSwitching.PROFILE, PhaseSwitching.ENTITY, PhaseSwitching.ENTITY):
        phasing(site, replace(failed, by=way))
        assert issues(hass)[key].translation_key == f"phases_not_switched_{way}"
    words = {"site": "Home", "charger": "Wallbox", "connector": "1"}
    assert issues(hass)[key].translation_placeholders == words
    phasing(site, works)
    assert key not in issues(hass)
    phasing(site, failed)
    site.runtime_data.issues.async_check()
    assert key in issues(hass)
    await hass.config_entries.async_unload(site.entry_id)
    assert key not in issues(hass)


async def test_failing_storage_is_told_while_it_fails(
    hass: HomeAssistant, site: SiteEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = f"storage_failing_{site.entry_id}"
    now = dt_util.utcnow()
    with monkeypatch.context() as patch:
        patch.setattr(Engine, "health", Health(storage_failing_since=now))
        async_fire_time_changed(hass, now + timedelta(seconds=31))
        await hass.async_block_till_done()
        assert issues(hass)[key].severity is ir.IssueSeverity.CRITICAL
    async_fire_time_changed(hass, now + timedelta(seconds=62))
    await hass.async_block_till_done()
    assert key not in issues(hass)


@pytest.mark.parametrize(
    ("health", "key", "words"),
    [
        (Health(backup_problem="disk full"), "backup_failing", {"problem": "disk full"}),
        (
            Health(ledger_break=ChainBreak(sequence=7, problem="missing")),
            "ledger_broken",
            {"line": "7"},
        ),
    ],
)
async def test_what_housekeeping_found_is_told_while_it_holds(
    hass: HomeAssistant,
    site: SiteEntry,
    monkeypatch: pytest.MonkeyPatch,
    health: Health,
    key: str,
    words: dict[str, str],
) -> None:
    issue_id, now = f"{key}_{site.entry_id}", dt_util.utcnow()
    with monkeypatch.context() as patch:
        patch.setattr(Engine, "health", health)
        async_fire_time_changed(hass, now + timedelta(seconds=31))
        await hass.async_block_till_done()
        issue = issues(hass)[issue_id]
        assert issue.translation_key == key
        assert issue.translation_placeholders == {"site": "Home", **words}
    async_fire_time_changed(hass, now + timedelta(seconds=62))
    await hass.async_block_till_done()
    assert not issues(hass)


@pytest.mark.parametrize(
    ("opening", "key"), [(Opening.RESTORED, "ledger_restored"), (Opening.LOST, "ledger_lost")]
)
async def test_a_ledger_that_was_not_found_whole_is_told_until_it_is_read(
    hass: HomeAssistant,
    port: int,
    hass_client: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
    opening: Opening,
    key: str,
) -> None:
    entry = site_entry(port)
    with monkeypatch.context() as patch:
        patch.setattr(Engine, "health", Health(opening=opening))
        await async_load(hass, entry)
    issue = issues(hass)[f"{key}_{entry.entry_id}"]
    assert issue.translation_key == key
    assert issue.is_persistent
    client = await repairing(hass, hass_client)
    flow = await fix(client, issue)
    assert flow["step_id"] == "confirm"
    done = await (await client.post(f"/api/repairs/issues/fix/{flow['flow_id']}", json={})).json()
    assert done["type"] == "create_entry"
    assert not issues(hass)
    await hass.config_entries.async_unload(entry.entry_id)


async def repairing(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> Any:
    await async_setup_component(hass, "repairs", {})
    return await hass_client()


async def fix(client: Any, issue: ir.IssueEntry) -> Any:
    body = {"handler": issue.domain, "issue_id": issue.issue_id}
    response = await client.post("/api/repairs/issues/fix", json=body)
    assert response.status == 200
    return await response.json()


async def test_a_busy_port_is_repaired_by_another(
    hass: HomeAssistant, busy_port: int, port: int, hass_client: ClientSessionGenerator
) -> None:
    entry = site_entry(busy_port)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    issue = issues(hass)[f"port_busy_{entry.entry_id}"]
    client = await repairing(hass, hass_client)
    flow = await fix(client, issue)
    assert flow["step_id"] == "port"
    assert issue.translation_placeholders is not None
    assert flow["description_placeholders"]["port"] == str(busy_port)
    assert flow["description_placeholders"]["holder"] == issue.translation_placeholders["owner"]
    url = f"/api/repairs/issues/fix/{flow['flow_id']}"
    flow = await (await client.post(url, json={"port": busy_port})).json()
    assert flow["errors"] == {"port": issue.translation_key}
    done = await (await client.post(url, json={"port": port})).json()
    assert done["type"] == "create_entry"
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert not issues(hass)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_port_lost_while_running_is_repaired_in_place(
    hass: HomeAssistant,
    site: SiteEntry,
    busy_port: int,
    other_port: int,
    hass_client: ClientSessionGenerator,
) -> None:
    engine = site.runtime_data.engine
    hass.config_entries.async_update_entry(site, data={**site.data, "port": busy_port})
    await hass.async_block_till_done()
    client = await repairing(hass, hass_client)
    flow = await fix(client, issues(hass)[f"port_busy_{site.entry_id}"])
    url = f"/api/repairs/issues/fix/{flow['flow_id']}"
    await client.post(url, json={"port": other_port})
    await hass.async_block_till_done()
    assert site.runtime_data.engine is engine
    assert site.runtime_data.listener.port == other_port
    assert not issues(hass)


async def test_what_refers_to_something_removed_is_told_until_it_is_chosen_anew(
    hass: HomeAssistant, site: SiteEntry
) -> None:
    subentries = Subentries(hass, site)
    menu = await subentries.choose(await subentries.change(ANNA), "details")
    await subentries.submit(menu, {"name": "Anna", "active": True, "tariff": POWER, "sheet": HOUSE})
    await subentries.remove(POWER)
    assert issues(hass)[f"missing_reference_{site.entry_id}_{ANNA}"].translation_key == (
        "missing_reference_driver"
    )
    menu = await subentries.choose(await subentries.change(ANNA), "details")
    assert "tariff" not in suggested(menu)
    await subentries.submit(menu, {"name": "Anna", "active": True, "sheet": HOUSE})
    hass.config_entries.async_update_entry(site, options={})
    await hass.async_block_till_done()
    assert not issues(hass)

    await subentries.remove(ANNA)
    assert issues(hass)[f"missing_reference_{site.entry_id}_{WALLBOX}"].translation_key == (
        "missing_reference_charger"
    )
    await subentries.remove(WALLBOX)
    assert not issues(hass)


async def test_a_site_whose_tariff_was_removed_says_that_nothing_is_charged_for(
    hass: HomeAssistant, site: SiteEntry
) -> None:
    hass.config_entries.async_update_entry(site, options={"default_tariff": POWER})
    await hass.async_block_till_done()
    assert not issues(hass)
    await Subentries(hass, site).remove(POWER)
    found = issues(hass)[f"missing_reference_{site.entry_id}"]
    assert found.translation_key == "missing_reference_site"
    await hass.config_entries.async_unload(site.entry_id)
    assert not issues(hass)
    await hass.config_entries.async_setup(site.entry_id)
    await hass.async_block_till_done()
    assert issues(hass)
    hass.config_entries.async_update_entry(site, options={})
    await hass.async_block_till_done()
    assert not issues(hass)


async def test_a_price_that_cannot_be_read_is_told_until_it_can(
    hass: HomeAssistant, port: int
) -> None:
    market = subentry(
        "tariff",
        "01TARIFFMARKET",
        "Market",
        {
            "kind": "price_entity",
            "entity_id": "sensor.spot",
            "factor": "1",
            "surcharge": "0",
        },
    )
    hass.set_state(CoreState.starting)
    entry = site_entry(port, subentries=[market], options={})
    await async_load(hass, entry)
    key = f"price_unreadable_{entry.entry_id}_01TARIFFMARKET"

    looks = count(1)

    async def told() -> bool:
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=31 * next(looks)))
        await hass.async_block_till_done()
        return key in issues(hass)

    assert not await told()
    hass.set_state(CoreState.running)
    assert await told()
    assert issues(hass)[key].translation_placeholders == {
        "site": "Home",
        "name": "Market",
        "entity": "sensor.spot",
        "currency": "EUR",
    }
    hass.states.async_set("sensor.spot", "unavailable")
    assert not await told()
    hass.states.async_set("sensor.spot", "25", {"unit_of_measurement": "W"})
    assert await told()
    hass.states.async_set("sensor.spot", "25", {"unit_of_measurement": "ct/kWh"})
    assert not await told()
    hass.states.async_remove("sensor.spot")
    assert await told()
    await hass.config_entries.async_unload(entry.entry_id)
    assert key not in issues(hass)


async def test_a_silent_meter_is_told_of(hass: HomeAssistant, port: int) -> None:
    hass.states.async_set("sensor.l1", "3", {"unit_of_measurement": "A"})
    main = circuit(MAIN, "Main", 25, meter_l1="sensor.l1")
    entry = site_entry(port, subentries=[*usual(), main])
    await async_load(hass, entry)
    key = f"meter_silent_{entry.entry_id}_{MAIN}"

    async def told(expected: bool) -> None:
        async with asyncio.timeout(10):
            while (key in issues(hass)) is not expected:
                await asyncio.sleep(0.05)
                await hass.async_block_till_done()

    await told(False)
    hass.states.async_set("sensor.l1", "unavailable", {"unit_of_measurement": "A"})
    await told(True)
    assert issues(hass)[key].translation_placeholders == {
        "site": "Home",
        "circuit": "Main",
        "assumed": "10",
    }
    hass.states.async_set("sensor.l1", "4", {"unit_of_measurement": "A"})
    await told(False)
    hass.states.async_set("sensor.l1", "unavailable", {"unit_of_measurement": "A"})
    await told(True)
    await hass.config_entries.async_unload(entry.entry_id)
    assert key not in issues(hass)


async def test_a_source_that_has_been_silent_for_a_day_is_told_until_it_speaks(
    hass: HomeAssistant, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = {
        "kind": "price_integration",
        "source": "gone",
        "channel": None,
        "factor": "1",
        "surcharge": "0",
    }
    options = {"co2_entity": "sensor.co2", "solar_forecast_entities": ["sensor.sun"]}
    entry = site_entry(
        port, subentries=[subentry("tariff", "01TARIFFMARKET", "Market", data)], options=options
    )
    await async_load(hass, entry)
    expected = {
        f"price_silent_{entry.entry_id}_01TARIFFMARKET",
        f"solar_forecast_silent_{entry.entry_id}",
        f"co2_forecast_silent_{entry.entry_id}",
    }
    entry.runtime_data.issues.async_check()
    assert not issues(hass)
    later = dt_util.utcnow() + timedelta(days=1, seconds=1)
    with monkeypatch.context() as patch:
        patch.setattr(dt_util, "utcnow", lambda: later)
        entry.runtime_data.issues.async_check()
        assert issues(hass).keys() == expected
    entry.runtime_data.issues.async_check()
    assert not issues(hass)
    await hass.config_entries.async_unload(entry.entry_id)
