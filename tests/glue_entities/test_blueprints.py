"""Every blueprint imports and does what it says."""

from collections.abc import Mapping
from pathlib import Path
import shutil
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import automation
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.components.blueprint.schemas import BLUEPRINT_SCHEMA
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed, async_mock_service

from custom_components.ev_station.model.state import Charger, Evse
from custom_components.ev_station.model.status import EvseStatus

from .site import CP1, EVSE, Site, id_of

FOLDER = Path("blueprints/automation/ev_station")
ALL = sorted(FOLDER.glob("*.yaml"))
SOURCE = "https://github.com/ev-station/ev_station/blob/main/"


async def use(hass: HomeAssistant, name: str, inputs: Mapping[str, Any]) -> list[ServiceCall]:
    """Install the blueprints as the user would, and make an automation of one."""
    calls: list[ServiceCall] = async_mock_service(hass, "notify", "send_message")
    target = Path(hass.config.path("blueprints", "automation", "ev_station"))
    await hass.async_add_executor_job(shutil.copytree, FOLDER, target)
    config = {
        "use_blueprint": {
            "path": f"ev_station/{name}.yaml",
            "input": {"recipients": ["notify.phone"], **inputs},
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


def test_there_are_three() -> None:
    assert [path.stem for path in ALL] == ["charger_fault", "plug_in_reminder", "session_ended"]


async def test_the_end_of_a_session(hass: HomeAssistant, site: Site) -> None:
    calls = await use(hass, "session_ended", {"chargers": charger(site)})
    await site.connect()
    await site.charge("TAG-ANNA", kwh=10)
    assert [call.data for call in calls] == [
        {"entity_id": ["notify.phone"], "message": "Garage: 10.0 kWh for 3.00 EUR, Anna"}
    ]
    await site.charge("TAG-ANNA", meter=11000, kwh=0)
    assert len(calls) == 1


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
