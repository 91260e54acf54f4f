"""The home battery's entity is turned while it is to be held, and turned back whatever happens."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.ev_station.const import DOMAIN
from custom_components.ev_station.engine import Engine, Publication
from custom_components.ev_station.levers import async_put
from custom_components.ev_station.model.state import SITE, Aggregate, HomeBattery, Key

from .entries import POWER, SiteEntry, async_load, async_load_with, site_entry

ALLOWED = "input_boolean.discharge_allowed"
MODE = "input_select.inverter"
SWITCH = {
    "battery_hold_entity": ALLOWED,
    "battery_held_value": "off",
    "battery_free_value": "on",
}
SELECT = {
    "battery_hold_entity": MODE,
    "battery_held_value": "Standby",
    "battery_free_value": "Self",
}


class Inverter:
    """A battery's integration: entities that are turned by actions."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Offer the actions."""
        self.hass = hass
        self.calls: list[tuple[str, str]] = []
        self.obeys = True
        self.error: Exception | None = None
        for domain, action, position in (
            ("input_boolean", "turn_on", lambda _data: "on"),
            ("input_boolean", "turn_off", lambda _data: "off"),
            ("input_select", "select_option", lambda data: data["option"]),
            ("input_number", "set_value", lambda data: str(data["value"])),
        ):
            hass.services.async_register(domain, action, self._turner(position))
        self.set(ALLOWED, "on")
        self.set(MODE, "Self")

    def _turner(self, position: Callable[[Any], str]) -> Callable[[ServiceCall], Any]:
        async def turn(call: ServiceCall) -> None:
            (entity,) = [call.data["entity_id"]]
            self.calls.append((entity, position(call.data)))
            if self.error is not None:
                raise self.error
            if self.obeys:
                self.set(entity, position(call.data))

        return turn

    def set(self, entity: str, position: str) -> None:
        """Let an entity stand somewhere."""
        self.hass.states.async_set(entity, position)

    def at(self, entity: str) -> str:
        """Return where an entity stands."""
        state = self.hass.states.get(entity)
        assert state is not None
        return state.state


@pytest.fixture
def inverter(hass: HomeAssistant) -> Inverter:
    return Inverter(hass)


async def tell(hass: HomeAssistant, entry: SiteEntry, *, held: bool) -> None:
    """Let the reducer want the battery held, or no longer."""
    engine: Engine = entry.runtime_data.engine
    changes: dict[Key, Aggregate | None] = {(HomeBattery, SITE): HomeBattery(held=held)}
    engine.state.apply(changes)
    engine._publications.tell(Publication(changes=changes, notices=()))
    await hass.async_block_till_done()


async def wait(hass: HomeAssistant, minutes: int = 1) -> None:
    """Let minutes pass."""
    for _ in range(minutes):
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=61))
        await hass.async_block_till_done()


def complaint(hass: HomeAssistant, entry: SiteEntry) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue(DOMAIN, f"battery_disobeys_{entry.entry_id}")


async def test_it_is_held_and_let_go(hass: HomeAssistant, port: int, inverter: Inverter) -> None:
    entry = await async_load_with(hass, port, **SWITCH)
    assert inverter.calls == []
    await tell(hass, entry, held=True)
    assert inverter.at(ALLOWED) == "off"
    await tell(hass, entry, held=True)
    await tell(hass, entry, held=False)
    assert inverter.calls == [(ALLOWED, "off"), (ALLOWED, "on")]


async def test_an_option_or_a_number_holds_it(
    hass: HomeAssistant, port: int, inverter: Inverter
) -> None:
    entry = await async_load_with(hass, port, **SELECT)
    await tell(hass, entry, held=True)
    assert inverter.at(MODE) == "Standby"
    await tell(hass, entry, held=False)
    assert inverter.at(MODE) == "Self"
    await async_put(hass, "input_number.power", "0")
    assert inverter.at("input_number.power") == "0.0"


async def test_without_an_entity_nothing_is_turned(
    hass: HomeAssistant, port: int, inverter: Inverter
) -> None:
    entry = await async_load_with(hass, port, battery_power="sensor.battery")
    await tell(hass, entry, held=True)
    await tell(hass, entry, held=False)
    assert inverter.calls == []


async def test_who_else_holds_it_goes_on_doing_so(
    hass: HomeAssistant, port: int, inverter: Inverter
) -> None:
    inverter.set(ALLOWED, "off")
    entry = await async_load_with(hass, port, **SWITCH)
    await tell(hass, entry, held=True)
    await tell(hass, entry, held=False)
    assert inverter.calls == []


async def test_a_third_position_chosen_meanwhile_is_left(
    hass: HomeAssistant, port: int, inverter: Inverter
) -> None:
    entry = await async_load_with(hass, port, **SELECT)
    await tell(hass, entry, held=True)
    inverter.obeys = False
    inverter.set(MODE, "Backup")
    await hass.async_block_till_done()
    await tell(hass, entry, held=False)
    assert inverter.at(MODE) == "Backup"
    assert (MODE, "Self") not in inverter.calls


async def test_what_turns_it_back_meanwhile_is_overruled_once_a_minute(
    hass: HomeAssistant, port: int, inverter: Inverter
) -> None:
    entry = await async_load_with(hass, port, **SWITCH)
    await tell(hass, entry, held=True)
    inverter.set(ALLOWED, "on")
    await hass.async_block_till_done()
    assert inverter.at(ALLOWED) == "on"
    await wait(hass)
    assert inverter.at(ALLOWED) == "off"
    assert len(inverter.calls) == 2


async def test_an_entity_that_shows_it_late_is_waited_for(
    hass: HomeAssistant, port: int, inverter: Inverter
) -> None:
    entry = await async_load_with(hass, port, **SWITCH)
    inverter.obeys = False
    await tell(hass, entry, held=True)
    inverter.set(ALLOWED, "off")
    await wait(hass, 6)
    assert inverter.calls == [(ALLOWED, "off")]
    assert complaint(hass, entry) is None


@pytest.mark.parametrize("error", [None, HomeAssistantError("no"), ValueError("no")])
async def test_an_entity_that_does_not_obey_is_told_of(
    hass: HomeAssistant,
    port: int,
    inverter: Inverter,
    error: Exception | None,
) -> None:
    entry = await async_load_with(hass, port, **SWITCH)
    inverter.obeys, inverter.error = False, error
    await tell(hass, entry, held=True)
    await wait(hass, 2)
    assert complaint(hass, entry) is None
    await wait(hass, 2)
    issue = complaint(hass, entry)
    assert issue is not None
    assert issue.translation_placeholders == {"site": "Home", "entity": ALLOWED}
    inverter.obeys, inverter.error = True, None
    await wait(hass)
    assert inverter.at(ALLOWED) == "off"
    assert complaint(hass, entry) is None


async def test_a_release_is_tried_until_it_succeeds(
    hass: HomeAssistant, port: int, inverter: Inverter
) -> None:
    entry = await async_load_with(hass, port, **SWITCH)
    await tell(hass, entry, held=True)
    inverter.set(ALLOWED, "unavailable")
    await tell(hass, entry, held=False)
    assert inverter.calls == [(ALLOWED, "off")]
    inverter.set(ALLOWED, "off")
    await hass.async_block_till_done()
    assert inverter.at(ALLOWED) == "on"
    await tell(hass, entry, held=True)
    assert inverter.at(ALLOWED) == "off"


async def test_an_entity_that_is_not_there_yet_is_waited_for(
    hass: HomeAssistant, port: int, inverter: Inverter
) -> None:
    inverter.set(ALLOWED, "unknown")
    entry = await async_load_with(hass, port, **SWITCH)
    await tell(hass, entry, held=True)
    assert inverter.calls == []
    inverter.set(ALLOWED, "on")
    await hass.async_block_till_done()
    assert inverter.at(ALLOWED) == "off"


async def test_another_entity_is_turned_instead(
    hass: HomeAssistant, port: int, inverter: Inverter
) -> None:
    entry = await async_load_with(hass, port, **SWITCH)
    await tell(hass, entry, held=True)
    hass.config_entries.async_update_entry(entry, options={**entry.options, **SELECT})
    await hass.async_block_till_done()
    assert (inverter.at(ALLOWED), inverter.at(MODE)) == ("on", "Standby")


async def test_it_is_let_go_when_the_site_rests_and_held_again_after(
    hass: HomeAssistant, port: int, inverter: Inverter
) -> None:
    entry = await async_load_with(hass, port, **SWITCH, battery_soc="sensor.level")
    await tell(hass, entry, held=True)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert inverter.at(ALLOWED) == "on"
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert inverter.at(ALLOWED) == "off"
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await hass.async_block_till_done()
    assert inverter.at(ALLOWED) == "on"


def remembered(entry: SiteEntry, lever: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """Return what a run that crashed left in the store."""
    key = f"{DOMAIN}.{entry.entry_id}.battery"
    return key, {"version": 1, "minor_version": 1, "key": key, "data": lever}


async def test_what_a_crash_left_held_is_let_go(
    hass: HomeAssistant, port: int, inverter: Inverter, hass_storage: dict[str, Any]
) -> None:
    inverter.set(ALLOWED, "off")
    entry = site_entry(port, options={"default_tariff": POWER, **SWITCH})
    key, kept = remembered(entry, {"entity": ALLOWED, "held": "off", "free": "on"})
    hass_storage[key] = kept
    await async_load(hass, entry)
    assert inverter.at(ALLOWED) == "on"
    assert key not in hass_storage


async def test_an_entity_that_is_gone_for_good_is_forgotten(
    hass: HomeAssistant,
    port: int,
    inverter: Inverter,
    hass_storage: dict[str, Any],
) -> None:
    entry = site_entry(port, options={"default_tariff": POWER, **SWITCH})
    key, kept = remembered(entry, {"entity": "input_boolean.gone", "held": "off", "free": "on"})
    hass_storage[key] = kept
    await async_load(hass, entry)
    await wait(hass, 2)
    assert key in hass_storage
    await wait(hass, 2)
    assert key not in hass_storage
    await tell(hass, entry, held=True)
    assert inverter.at(ALLOWED) == "off"
    assert hass_storage[key]["data"] == {"entity": ALLOWED, "held": "off", "free": "on"}


async def test_a_removed_site_leaves_nothing_behind(
    hass: HomeAssistant, port: int, inverter: Inverter, hass_storage: dict[str, Any]
) -> None:
    entry = await async_load_with(hass, port, **SWITCH)
    await tell(hass, entry, held=True)
    inverter.obeys = False
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert not [key for key in hass_storage if "battery" in key]
    assert inverter.calls[-1] == (ALLOWED, "on")


async def test_a_release_that_is_not_obeyed_is_no_flood(
    hass: HomeAssistant, port: int, inverter: Inverter
) -> None:
    entry = await async_load_with(hass, port, **SWITCH)
    await tell(hass, entry, held=True)
    inverter.obeys = False
    await tell(hass, entry, held=False)
    for number in range(5):
        hass.states.async_set(ALLOWED, "off", {"number": number})
        await hass.async_block_till_done()
    assert inverter.calls == [(ALLOWED, "off"), (ALLOWED, "on")]
    await wait(hass)
    assert inverter.calls[2:] == [(ALLOWED, "on")]
    inverter.set(ALLOWED, "on")
    await hass.async_block_till_done()
    await wait(hass, 2)
    assert len(inverter.calls) == 3
    # Put to rest, it tries once more whatever was tried just before.
    inverter.obeys = True
    await tell(hass, entry, held=True)
    inverter.obeys = False
    await tell(hass, entry, held=False)
    inverter.obeys = True
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert inverter.at(ALLOWED) == "on"
