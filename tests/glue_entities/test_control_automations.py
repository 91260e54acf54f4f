"""Triggers and conditions of the site's control: who waits, what is overloaded, what is free."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from homeassistant.components import automation
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers.condition import (
    async_from_config,
    async_get_all_descriptions,
    async_validate_condition_config,
)
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service
import voluptuous as vol

from custom_components.ev_station.condition import CONDITIONS
from custom_components.ev_station.control_moments import ControlMoments
from custom_components.ev_station.model.circuit import NO_AMPS
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.state import Circuit, Evse
from custom_components.ev_station.model.status import EvseStatus
from custom_components.ev_station.station import CircuitSeen, Seen
from tests.conformance.test_documentation import code, rows, section
from tests.simulator import Charger, Vehicle

from .site import CP1, EVSE, SUBENTRIES, Site, charger_subentry, comes, site_entry, state_of
from .test_circuits import CIRCUIT_ID, main

FULL = CircuitSeen(
    house_a=(Decimal(14), Decimal(2), Decimal(2)),
    cars_a=NO_AMPS,
    limit_a=Decimal(12),
    power_limit_w=None,
    measured=True,
    overloaded=True,
    evses=(EVSE,),
    queue=(),
)


@pytest.fixture(params=[{"assumed_load_a": 8}])
def entry(request: pytest.FixtureRequest) -> MockConfigEntry:
    """Return a site whose fuse leaves no car its minimum, and a charger beside it."""
    beside = charger_subentry("CP2", "Carport")
    return site_entry(*SUBENTRIES, beside, main(**request.param))


async def listen(
    hass: HomeAssistant, trigger: str, target: Mapping[str, Any], **options: Any
) -> list[ServiceCall]:
    """Set up an automation that tells what triggered it."""
    calls: list[ServiceCall] = async_mock_service(hass, "test", "happened")
    config = {
        "triggers": {"trigger": f"ev_station.{trigger}", "target": target, "options": options},
        "actions": {"action": "test.happened", "data": {"trigger": "{{ trigger }}"}},
    }
    assert await async_setup_component(hass, automation.DOMAIN, {automation.DOMAIN: config})
    await hass.async_block_till_done()
    return calls


def at(site: Site, evse: EvseId = EVSE) -> dict[str, Any]:
    """Return a connector as target."""
    return {"device_id": site.coordinator.devices.id_of((Evse, evse))}


def fuse(site: Site) -> dict[str, Any]:
    """Return the circuit as target."""
    return {"device_id": site.coordinator.devices.id_of((Circuit, CIRCUIT_ID))}


def told(calls: list[ServiceCall]) -> dict[str, Any]:
    """Return the one trigger that fired."""
    assert len(calls) == 1
    found: dict[str, Any] = calls[0].data["trigger"]
    return found


def documented(trigger: str) -> set[str]:
    """Return the fields the documents name."""
    everywhere = section("automations.md", "## Triggers").split("### ", 1)[0]
    own = section("automations.md", f"### `ev_station.{trigger}`")
    return {code(cells[0]) for cells in rows(everywhere + own)}


def fields(trigger: Mapping[str, Any]) -> set[str]:
    """Return the fields of a trigger that are ours."""
    return trigger.keys() - {"id", "idx", "alias", "platform", "description"}


async def plugged(charger: Charger) -> None:
    """Plug Anna's car in."""
    await charger.plug_in(1, Vehicle(max_amps=16))
    await charger.present_tag(1, "TAG-ANNA")


async def happens(calls: list[ServiceCall]) -> None:
    """Wait for a trigger."""
    async with asyncio.timeout(15):
        while not calls:
            await asyncio.sleep(0.05)


async def test_a_car_waits_for_room(hass: HomeAssistant, live_site: Site, charger: Charger) -> None:
    calls = await listen(hass, "waiting_started", at(live_site), waits_for=["room"])
    await plugged(charger)
    await happens(calls)
    found = told(calls)
    assert fields(found) == documented("waiting_started")
    assert found["description"] == "waiting started: Garage"
    expected = {
        "place": "Garage",
        "waits_for": "room",
        "reason": "Waiting: no room in Main on L1; cars: 1",
        "limit": 0.0,
        "circuit": "Main",
        "driver": "anna",
        "driver_name": "Anna",
        **at(live_site),
    }
    assert {key: found[key] for key in expected} == expected


async def test_a_car_waits_no_longer(
    hass: HomeAssistant, live_site: Site, charger: Charger
) -> None:
    calls = await listen(hass, "waiting_ended", at(live_site))
    await plugged(charger)
    await comes(live_site, lambda: state_of(live_site, "limit_reason").state.startswith("Waiting"))
    assert not calls
    await charger.unplug(1)
    await happens(calls)
    found = told(calls)
    assert fields(found) == documented("waiting_ended")
    assert (found["waits_for"], found["driver"]) == ("room", None)


@pytest.mark.parametrize(
    ("target", "options"),
    [
        (at, {"waits_for": ["sun", "price"]}),
        (lambda site: at(site, EvseId("CP2", 1)), {}),
        (fuse, {}),
    ],
)
async def test_others_do_not_hear_of_it(
    hass: HomeAssistant,
    live_site: Site,
    charger: Charger,
    target: Callable[[Site], dict[str, Any]],
    options: dict[str, Any],
) -> None:
    calls = await listen(hass, "waiting_started", target(live_site), **options)
    await plugged(charger)
    await comes(live_site, lambda: state_of(live_site, "limit_reason").state.startswith("Waiting"))
    assert not calls


@pytest.mark.parametrize("trigger", ["circuit_overloaded", "circuit_relieved"])
async def test_an_overload_begins_and_ends(hass: HomeAssistant, site: Site, trigger: str) -> None:
    calls = await listen(hass, trigger, fuse(site))
    begins, relieved = trigger == "circuit_overloaded", FULL._replace(overloaded=False)
    moments = ControlMoments(hass, site.coordinator)
    for seen in (Seen(), Seen({CIRCUIT_ID: FULL}), Seen({CIRCUIT_ID: FULL})):
        moments.saw(seen)
    await hass.async_block_till_done()
    assert len(calls) == begins
    moments.saw(Seen({CIRCUIT_ID: relieved}))
    await hass.async_block_till_done()
    found = told(calls)
    assert fields(found) == documented(trigger)
    assert (found["place"], found["limit"]) == ("Main", 12.0)


async def test_what_was_so_before_the_first_look_is_no_news(
    hass: HomeAssistant, site: Site
) -> None:
    calls = await listen(hass, "circuit_overloaded", fuse(site))
    ControlMoments(hass, site.coordinator).saw(Seen({CIRCUIT_ID: FULL}))
    await hass.async_block_till_done()
    assert not calls


@pytest.mark.parametrize("entry", [{"meter_l1": "sensor.l1"}], indirect=True)
async def test_an_overload_is_shown_and_a_silent_meter_told(
    hass: HomeAssistant, live_site: Site
) -> None:
    key = (Circuit, CIRCUIT_ID)
    calls = await listen(hass, "meter_silent", fuse(live_site))
    # More than twice the limit is not tolerated at all.
    hass.states.async_set("sensor.l1", "30", {"unit_of_measurement": "A"})
    await comes(live_site, lambda: state_of(live_site, "overloaded", key).state == "on")
    await comes(live_site, lambda: state_of(live_site, "headroom", key).state == "-18.0")
    hass.states.async_set("sensor.l1", "unavailable", {"unit_of_measurement": "A"})
    await happens(calls)
    assert fields(told(calls)) == documented("meter_silent")


@pytest.mark.parametrize("entry", [{"meter_l1": "sensor.gone"}], indirect=True)
async def test_a_meter_that_never_spoke_does_not_fall_silent(
    hass: HomeAssistant, site: Site
) -> None:
    calls = await listen(hass, "meter_silent", fuse(site))
    circuit = site.engine.state.get(Circuit, CIRCUIT_ID)
    assert circuit is not None
    moments = ControlMoments(hass, site.coordinator)
    moments.saw(Seen())
    site.engine.state.apply({(Circuit, CIRCUIT_ID): replace(circuit, blind=True)})
    moments.saw(Seen({CIRCUIT_ID: FULL._replace(measured=False)}))
    await hass.async_block_till_done()
    assert not calls


async def met(hass: HomeAssistant, key: str, target: Mapping[str, Any], **options: Any) -> bool:
    """Return whether a condition holds."""
    config = {"condition": f"ev_station.{key}", "target": target, "options": options}
    checker = await async_from_config(hass, await async_validate_condition_config(hass, config))
    try:
        return bool(checker.async_check())
    finally:
        checker.async_unload()


async def test_a_car_charges(hass: HomeAssistant, site: Site) -> None:
    for name in (CP1, "CP2"):
        await site.connect(name)
        await site.status(EvseStatus.AVAILABLE, EvseId(name, 1))
    both = {"device_id": [at(site)["device_id"], at(site, EvseId("CP2", 1))["device_id"]]}
    assert not await met(hass, "is_charging", both)
    await site.status(EvseStatus.CHARGING)
    assert await met(hass, "is_charging", both)
    assert await met(hass, "is_charging", at(site), behavior="all")
    assert not await met(hass, "is_charging", both, behavior="all")
    # Nothing there that could charge.
    assert not await met(hass, "is_charging", fuse(site), behavior="all")


async def test_a_car_is_known_to_wait(
    hass: HomeAssistant, live_site: Site, charger: Charger
) -> None:
    assert not await met(hass, "is_waiting", at(live_site))
    await plugged(charger)
    await comes(live_site, lambda: state_of(live_site, "limit_reason").state.startswith("Waiting"))
    assert await met(hass, "is_waiting", at(live_site))
    assert await met(hass, "is_waiting", at(live_site), waits_for="room")
    assert not await met(hass, "is_waiting", at(live_site), waits_for=["sun", "price"])


async def test_a_circuit_has_room(hass: HomeAssistant, live_site: Site) -> None:
    await comes(
        live_site, lambda: state_of(live_site, "headroom", (Circuit, CIRCUIT_ID)).state == "4.0"
    )
    assert await met(hass, "circuit_has_headroom", fuse(live_site), current=4)
    assert not await met(hass, "circuit_has_headroom", fuse(live_site), current=4.5)
    assert not await met(hass, "circuit_has_headroom", at(live_site), current=1)
    with pytest.raises(vol.Invalid):
        await met(hass, "circuit_has_headroom", fuse(live_site))


async def test_home_assistant_reads_their_description(hass: HomeAssistant, site: Site) -> None:
    assert await async_setup_component(hass, automation.DOMAIN, {})
    found = await async_get_all_descriptions(hass)
    ours = {key.removeprefix("ev_station."): found[key] for key in found if "ev_station." in key}
    assert ours.keys() == CONDITIONS.keys()
    assert all(each and each["target"] for each in ours.values())


class TestPrivateDrivers:
    @pytest.fixture
    def entry(self) -> MockConfigEntry:
        return site_entry(*SUBENTRIES, main(assumed_load_a=8), private_drivers=True)

    async def test_the_driver_is_not_told(
        self, hass: HomeAssistant, live_site: Site, charger: Charger
    ) -> None:
        calls = await listen(hass, "waiting_started", at(live_site))
        await plugged(charger)
        await happens(calls)
        assert "anna" not in str(calls[0].data).lower()
