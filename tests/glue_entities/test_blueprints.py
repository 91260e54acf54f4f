"""Every blueprint imports and does what it says."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
import shutil
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import automation
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.components.blueprint.schemas import BLUEPRINT_SCHEMA
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_service,
)

from custom_components.ev_station.control_moments import SIGNAL_MOMENT, MomentKind
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.state import Charger, Evse
from custom_components.ev_station.model.status import EvseStatus
from tests.simulator import Charger as SimulatedCharger, Status, Vehicle

from .site import CP1, EVSE, SUBENTRIES, Site, comes, id_of, site_entry
from .test_circuits import main
from .test_control_automations import at, happens, plugged

FOLDER = Path("blueprints/automation/ev_station")
ALL = sorted(FOLDER.glob("*.yaml"))
SOURCE = "https://github.com/ev-station/ev_station/blob/main/"


async def use(
    hass: HomeAssistant, name: str, inputs: Mapping[str, Any], *, recipients: bool = True
) -> list[ServiceCall]:
    """Install the blueprints as the user would, and make an automation of one."""
    calls: list[ServiceCall] = async_mock_service(hass, "notify", "send_message")
    target = Path(hass.config.path("blueprints", "automation", "ev_station"))
    await hass.async_add_executor_job(shutil.copytree, FOLDER, target)
    config = {
        "use_blueprint": {
            "path": f"ev_station/{name}.yaml",
            "input": {**({"recipients": ["notify.phone"]} if recipients else {}), **inputs},
        }
    }
    assert await async_setup_component(hass, automation.DOMAIN, {automation.DOMAIN: config})
    await hass.async_block_till_done()
    assert len(hass.states.async_entity_ids(automation.DOMAIN)) == 1
    return calls


def charger(site: Site) -> dict[str, Any]:
    """Return the garage's charger as target."""
    return {"device_id": [site.coordinator.devices.id_of((Charger, CP1))]}


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_it_is_importable(path: Path) -> None:
    blueprint = Blueprint(load_yaml_dict(str(path)), schema=BLUEPRINT_SCHEMA)
    assert blueprint.validate() is None
    assert blueprint.metadata["source_url"] == SOURCE + str(path)
    assert blueprint.metadata["description"]
    assert all(each["name"] for each in blueprint.inputs.values())


async def test_the_end_of_a_session(hass: HomeAssistant, site: Site) -> None:
    calls = await use(hass, "session_ended", {"chargers": charger(site)})
    await site.connect()
    await site.charge("TAG-ANNA", kwh=10)
    assert [call.data for call in calls] == [
        {"entity_id": ["notify.phone"], "message": "Garage: 10.0 kWh for 3.00 EUR, Anna"}
    ]
    await site.charge("TAG-ANNA", meter=11000, kwh=0)
    assert len(calls) == 1


class TestWithPrivateDrivers:
    """Every user of Home Assistant can read what a trigger brings: it names nobody."""

    @pytest.fixture
    def entry(self) -> MockConfigEntry:
        return site_entry(private_drivers=True)

    async def test_the_end_of_a_session_of_nobody(
        self, hass: HomeAssistant, site: Site, caplog: pytest.LogCaptureFixture
    ) -> None:
        calls = await use(hass, "session_ended", {"chargers": charger(site)})
        await site.connect()
        await site.charge("TAG-ANNA", kwh=10)
        assert [call.data["message"] for call in calls] == ["Garage: 10.0 kWh for 3.00 EUR"]
        assert "Template variable" not in caplog.text


async def test_a_fault(hass: HomeAssistant, site: Site) -> None:
    calls = await use(hass, "charger_fault", {"chargers": charger(site)})
    await site.connect()
    await site.status(EvseStatus.FAULTED, error="GroundFailure")
    assert [call.data["message"] for call in calls] == ["Garage reports a fault: GroundFailure"]


@pytest.mark.parametrize(
    ("status", "people", "expected"),
    [
        (EvseStatus.AVAILABLE, [], 1),
        (EvseStatus.AVAILABLE, ["person.anna"], 1),
        (EvseStatus.AVAILABLE, ["person.ben"], 0),
        (EvseStatus.CHARGING, [], 0),
        (None, [], 0),
    ],
)
async def test_a_reminder(
    hass: HomeAssistant,
    site: Site,
    freezer: FrozenDateTimeFactory,
    status: EvseStatus | None,
    people: list[str],
    expected: int,
) -> None:
    hass.states.async_set("person.anna", "home")
    hass.states.async_set("person.ben", "work")
    plug = id_of(site, (Evse, EVSE), "plugged")
    calls = await use(hass, "plug_in_reminder", {"plug": plug, "people": people})
    if status:
        await site.connect()
        await site.status(status)
    freezer.move_to("2026-11-23T20:00:01+00:00")
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert [call.data["message"] for call in calls] == ["The car is not plugged in."] * expected
    # Its timer would outlive the test.
    await hass.services.async_call(
        automation.DOMAIN, "turn_off", {"entity_id": "all"}, blocking=True
    )


class TestWithACircuit:
    """A fuse that leaves no car its minimum."""

    @pytest.fixture
    def entry(self) -> MockConfigEntry:
        return site_entry(*SUBENTRIES, main(assumed_load_a=8))

    async def test_a_car_that_waits_too_long(
        self, hass: HomeAssistant, live_site: Site, charger: SimulatedCharger
    ) -> None:
        calls = await use(
            hass, "car_waits", {"chargers": at(live_site), "patience": {"milliseconds": 300}}
        )
        await plugged(charger)
        await happens(calls)
        assert [call.data["message"] for call in calls] == [
            "Garage: Waiting: no room in Main on L1; cars: 1"
        ]

    async def test_a_car_that_waits_a_moment(
        self, hass: HomeAssistant, live_site: Site, charger: SimulatedCharger
    ) -> None:
        calls = await use(
            hass, "car_waits", {"chargers": at(live_site), "patience": {"minutes": 10}}
        )
        told: list[MomentKind] = []
        async_dispatcher_connect(
            hass, SIGNAL_MOMENT, callback(lambda _site, moment: told.append(moment.kind))
        )
        await plugged(charger)
        await comes(live_site, lambda: MomentKind.WAITING_STARTED in told)
        await charger.unplug(1)
        await comes(live_site, lambda: MomentKind.WAITING_ENDED in told)
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=11))
        await hass.async_block_till_done()
        assert not calls

    async def test_a_boiler_makes_room(
        self, hass: HomeAssistant, live_site: Site, charger: SimulatedCharger
    ) -> None:
        assert await async_setup_component(hass, "homeassistant", {})
        assert await async_setup_component(
            hass, "input_boolean", {"input_boolean": {"boiler": {"initial": True}}}
        )

        def is_on() -> bool:
            return hass.states.is_state("input_boolean.boiler", "on")

        given = {
            "places": at(live_site),
            "appliances": {"entity_id": "input_boolean.boiler"},
            "patience": {"seconds": 0},
            "rest": {"milliseconds": 100},
        }
        await use(hass, "make_room", given, recipients=False)
        await plugged(charger)
        await comes(live_site, lambda: not is_on())
        await charger.unplug(1)
        await comes(live_site, is_on)


async def test_fast_until_the_session_ends(
    hass: HomeAssistant, live_site: Site, charger: SimulatedCharger
) -> None:
    mode = id_of(live_site, (Evse, EVSE), "charge_mode")

    async def turns(option: str) -> None:
        # The automation waits for the session's end: till then Home Assistant is never done.
        async with asyncio.timeout(20):
            while not hass.states.is_state(mode, option):
                await asyncio.sleep(0.05)

    await live_site.engine.set_mode(EVSE, ChargeMode.SOLAR)
    await turns("solar")
    pressed = [{"trigger": "event", "event_type": "pressed"}]
    await use(hass, "fast_once", {"mode": mode, "pressed": pressed}, recipients=False)
    for _ in range(2):
        hass.bus.async_fire("pressed")
        await turns("fast")
    await charger.plug_in(1, Vehicle(max_amps=16))
    assert await charger.present_tag(1, "TAG-ANNA")
    await charger.wait_for(1, Status.CHARGING)
    await charger.unplug(1)
    await turns("solar")
