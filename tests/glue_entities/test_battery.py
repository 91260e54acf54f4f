"""What a site with a home battery shows, from the charger's socket to the battery's switch."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ev_station.model.state import SITE, Evse, Key, Site as SiteState
from tests.simulator import Charger, Vehicle

from .site import EVSE, Site, comes, id_of, site_entry, state_of

WHOLE: Key = (SiteState, SITE)
DISCHARGE = "input_boolean.discharge"


@pytest.fixture(params=[True])
def entry(request: pytest.FixtureRequest) -> MockConfigEntry:
    """Return a site with a home battery, or none."""
    options = {
        "battery_soc": "sensor.level",
        "grid_power": "sensor.grid",
        "battery_hold_entity": DISCHARGE,
        "battery_held_value": "off",
        "battery_free_value": "on",
    }
    return site_entry(**options if request.param else {})


@pytest.fixture(autouse=True)
async def _inverter(hass: HomeAssistant) -> None:
    booleans = {"input_boolean": {"discharge": {"initial": True}}}
    assert await async_setup_component(hass, "input_boolean", booleans)
    hass.states.async_set("sensor.level", "64", {"unit_of_measurement": "%"})
    hass.states.async_set("sensor.grid", "500", {"unit_of_measurement": "W"})


async def turn(site: Site, position: str) -> None:
    """Turn the boost on or off."""
    target = {"entity_id": id_of(site, (Evse, EVSE), "battery_boost")}
    await site.hass.services.async_call("switch", f"turn_{position}", target, blocking=True)


async def test_a_fast_car_has_the_battery_held_until_somebody_boosts(
    live_site: Site, charger: Charger, hass: HomeAssistant
) -> None:
    site = live_site

    def allowed() -> str | None:
        state = hass.states.get(DISCHARGE)
        return state.state if state else None

    assert state_of(site, "hold_battery", WHOLE).state == "off"
    with pytest.raises(ServiceValidationError, match="No session"):
        await turn(site, "on")
    await charger.plug_in(1, Vehicle(max_amps=16))
    await charger.present_tag(1, "TAG-ANNA")
    await comes(site, lambda: state_of(site, "hold_battery", WHOLE).state == "on")
    await comes(site, lambda: allowed() == "off")
    await turn(site, "on")
    await comes(site, lambda: state_of(site, "battery_boost").state == "on")
    await comes(site, lambda: state_of(site, "hold_battery", WHOLE).state == "off")
    await comes(site, lambda: allowed() == "on")
    # Its level sinks to where a boost ends.
    hass.states.async_set("sensor.level", "20", {"unit_of_measurement": "%"})
    await comes(site, lambda: state_of(site, "battery_boost").state == "off")
    await comes(site, lambda: allowed() == "off")


@pytest.mark.parametrize("entry", [False], indirect=True)
@pytest.mark.usefixtures("live_site")
async def test_a_site_without_a_battery_shows_none(hass: HomeAssistant) -> None:
    ids = {each.unique_id for each in er.async_get(hass).entities.values()}
    assert not [each for each in ids if "battery" in each]
    assert [each for each in ids if "charge_mode" in each]
