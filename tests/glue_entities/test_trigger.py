"""Triggers fire for what they are aimed at, and for nothing else."""

from typing import Any

from homeassistant.components import automation
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import area_registry as ar, device_registry as dr
from homeassistant.helpers.trigger import async_get_all_descriptions
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.state import Charger, Evse
from custom_components.ev_station.model.status import EvseStatus
from custom_components.ev_station.trigger import TRIGGERS

from .site import CP1, EVSE, SUBENTRIES, Site, charger_subentry, id_of, site_entry

CP2 = EvseId("CP2", 1)


@pytest.fixture
def entry() -> MockConfigEntry:
    """Return a site with two chargers."""
    return site_entry(*SUBENTRIES, charger_subentry("CP2", "Carport"))


async def automate(hass: HomeAssistant, trigger: str, target: dict[str, Any]) -> list[ServiceCall]:
    """Set up an automation that tells what triggered it."""
    calls: list[ServiceCall] = async_mock_service(hass, "test", "happened")
    config = {
        "triggers": {"trigger": f"ev_station.{trigger}", "target": target},
        "actions": {"action": "test.happened", "data": {"trigger": "{{ trigger }}"}},
    }
    assert await async_setup_component(hass, automation.DOMAIN, {automation.DOMAIN: config})
    await hass.async_block_till_done()
    return calls


def device(site: Site, evse: EvseId = EVSE) -> dict[str, Any]:
    """Return an EVSE's device as target."""
    return {"device_id": site.coordinator.devices.id_of((Evse, evse))}


async def test_a_session_starts_and_ends(hass: HomeAssistant, site: Site) -> None:
    calls = await automate(hass, "session_ended", device(site))
    await site.connect()
    transaction = await site.start()
    assert not calls
    site.later(3600)
    await site.stop(transaction, 11000)
    assert len(calls) == 1
    trigger = calls[0].data["trigger"]
    assert trigger["platform"] == "ev_station.session_ended"
    assert trigger["description"] == "session ended: Garage"
    expected = {
        "device_id": site.coordinator.devices.id_of((Evse, EVSE)),
        "place": "Garage",
        "driver": "anna",
        "driver_name": "Anna",
        "energy_kwh": 10.0,
        "cost": 3.0,
        "currency": "EUR",
        "replaces": False,
    }
    assert {key: trigger[key] for key in expected} == expected


async def test_a_session_started(hass: HomeAssistant, site: Site) -> None:
    calls = await automate(hass, "session_started", device(site))
    await site.connect()
    await site.start("TAG-BEN")
    assert [call.data["trigger"]["driver"] for call in calls] == ["ben"]


async def test_a_tag_is_masked(hass: HomeAssistant, site: Site) -> None:
    target = {"device_id": site.coordinator.devices.id_of((Charger, CP1))}
    calls = await automate(hass, "tag_presented", target)
    await site.connect()
    await site.tag("TAG-ANNA")
    trigger = calls[0].data["trigger"]
    assert trigger["accepted"] is True
    assert trigger["fingerprint"]
    assert "TAG-ANNA" not in str(trigger)


async def test_a_fault_of_an_evse_and_of_the_charger(hass: HomeAssistant, site: Site) -> None:
    calls = await automate(hass, "charger_fault", device(site))
    await site.connect()
    await site.status(EvseStatus.FAULTED, error="GroundFailure")
    await site.status(EvseStatus.FAULTED, EvseId(CP1, 0), error="InternalError")
    assert [call.data["trigger"]["error_code"] for call in calls] == [
        "GroundFailure",
        "InternalError",
    ]


def _area(site: Site) -> dict[str, Any]:
    area = ar.async_get(site.hass).async_create("Yard")
    found = site.coordinator.devices.id_of((Charger, CP1))
    dr.async_get(site.hass).async_update_device(found or "", area_id=area.id)
    return {"area_id": area.id}


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (device, ["CP1"]),
        (lambda site: device(site, CP2), ["CP2"]),
        (lambda site: {"device_id": site.coordinator.devices.id_of((Charger, CP1))}, ["CP1"]),
        (lambda site: {"entity_id": id_of(site, (Evse, CP2), "status")}, ["CP2"]),
        (lambda site: {"entity_id": id_of(site, (Charger, "CP2"), "connected")}, ["CP2"]),
        (_area, ["CP1"]),
        (lambda _site: {"entity_id": "light.lamp"}, []),
    ],
)
async def test_targets(hass: HomeAssistant, site: Site, target: Any, expected: list[str]) -> None:
    calls = await automate(hass, "charger_fault", target(site))
    for charger in ("CP1", "CP2"):
        await site.connect(charger)
        await site.status(EvseStatus.FAULTED, EvseId(charger, 1), error=charger)
    assert [call.data["trigger"]["error_code"] for call in calls] == expected


async def test_triggers_outlive_a_reload(hass: HomeAssistant, live_site: Site) -> None:
    calls = await automate(hass, "charger_fault", device(live_site))
    assert await hass.config_entries.async_reload(live_site.entry.entry_id)
    await hass.async_block_till_done()
    await live_site.connect()
    await live_site.status(EvseStatus.FAULTED, error="GroundFailure")
    assert len(calls) == 1


async def test_a_target_is_demanded(
    hass: HomeAssistant, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    config = {"triggers": {"trigger": "ev_station.session_ended"}, "actions": []}
    assert await async_setup_component(hass, automation.DOMAIN, {automation.DOMAIN: config})
    assert "required key" in caplog.text


async def test_home_assistant_reads_their_description(hass: HomeAssistant, site: Site) -> None:
    assert await async_setup_component(hass, automation.DOMAIN, {})
    descriptions = await async_get_all_descriptions(hass)
    ours = {key for key in descriptions if key.startswith("ev_station.")}
    assert ours == {f"ev_station.{key}" for key in TRIGGERS}
    for key in ours:
        found = descriptions[key]
        assert found is not None
        assert found["target"]


class TestPrivateDrivers:
    @pytest.fixture
    def entry(self) -> MockConfigEntry:
        return site_entry(private_drivers=True)

    async def test_the_driver_is_not_told(self, hass: HomeAssistant, site: Site) -> None:
        calls = await automate(hass, "session_started", device(site))
        await site.connect()
        await site.start()
        assert "anna" not in str(calls[0].data).lower()
