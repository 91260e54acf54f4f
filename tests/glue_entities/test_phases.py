"""Phases switched by charging profile, from the settings to the charger's socket and back to the sensor."""

from collections.abc import AsyncIterator

from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ev_station.const import DOMAIN
from custom_components.ev_station.model.state import Evse
from custom_components.ev_station.model.status import EvseStatus
from tests.simulator import Charger, Vehicle
from tests.simulator.quirks import FAITHFUL, Quirks

from .site import (
    CP1,
    EVSE,
    SHEET,
    TARIFF,
    Site,
    charger_subentry,
    driver_subentry,
    id_of,
    site_entry,
    state_of,
    until,
)


def garage() -> ConfigSubentryDataWithId:
    """Return a charger whose phases are switched by profile."""
    plain = charger_subentry(CP1, "Garage")
    socket = plain["data"]["evses"]["1"] | {"phase_switching": "profile"}
    data = {**plain["data"], "evses": {"1": socket}}
    return ConfigSubentryDataWithId(**{**plain, "data": data})


@pytest.fixture
def entry() -> MockConfigEntry:
    """Return a site that switches at once when the sun is too weak."""
    driver = driver_subentry("Anna", "TAG-ANNA")
    subentries = (TARIFF, driver, driver_subentry("Ben"), SHEET, garage())
    return site_entry(*subentries, grid_power="sensor.grid", stops_after_s=0)


@pytest.fixture(autouse=True)
def _no_sun(hass: HomeAssistant) -> None:
    # More than the car at its most draws by itself.
    hass.states.async_set("sensor.grid", "12000", {"unit_of_measurement": "W"})


@pytest.fixture
async def charger(live_site: Site, request: pytest.FixtureRequest) -> AsyncIterator[Charger]:
    """Dial in with the garage's charger, and begin to charge with the least at any time."""
    quirks: Quirks = getattr(request, "param", FAITHFUL)
    url = f"ws://127.0.0.1:{live_site.engine.central.port}/"
    async with Charger(url, CP1, quirks=quirks) as dialled:
        await dialled.wait_online()
        await until(live_site, lambda: live_site.known_status() is EvseStatus.AVAILABLE)
        mode = {"entity_id": id_of(live_site, (Evse, EVSE), "charge_mode"), "option": "solar_min"}
        await live_site.hass.services.async_call("select", "select_option", mode, blocking=True)
        await dialled.plug_in(1, Vehicle(max_amps=16))
        await dialled.present_tag(1, "TAG-ANNA")
        yield dialled


def installed(charger: Charger) -> set[int | None]:
    """Return the numbers of phases the charger's profiles say."""
    return {period.phases for profile in charger.profiles.installed for period in profile.periods}


async def test_the_charger_is_told_one_phase_and_the_sensor_shows_it(
    live_site: Site, charger: Charger
) -> None:
    site = live_site
    await until(site, lambda: installed(charger) == {3})
    await until(site, lambda: installed(charger) == {1}, within=30)
    await until(site, lambda: state_of(site, "phases").state == "1")
    # The switch was made with nothing offered, and nothing flowing.
    assert {each.periods[0].limit for each in charger.profiles.installed if each.stack_level} == {0}
    assert not any(charger.connectors[1].amps)
    assert state_of(site, "limit_reason").attributes["reason"] == "switching"


@pytest.mark.parametrize("charger", [Quirks(rejects_number_phases=True)], indirect=True)
async def test_a_charger_that_rejects_the_number_of_phases_charges_without(
    live_site: Site, charger: Charger, hass: HomeAssistant
) -> None:
    issue = f"phases_not_switched_{live_site.entry.entry_id}_CP1_1"

    def told() -> bool:
        return ir.async_get(hass).async_get_issue(DOMAIN, issue) is not None

    await until(live_site, told)
    await until(live_site, lambda: len(charger.profiles.installed) == 2)
    assert installed(charger) == {None}
    await live_site.shown("phases")
    assert state_of(live_site, "phases").state == "3"
    await until(live_site, lambda: charger.connectors[1].amps == (6, 6, 6))
