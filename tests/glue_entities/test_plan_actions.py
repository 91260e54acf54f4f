"""Departures that are set, and plans that are looked at before they are made."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from custom_components.ev_station.model.plan import EvsePlan
from custom_components.ev_station.model.state import Vehicle
from custom_components.ev_station.model.vehicle import Goal, GoalKind, Trip
from tests.simulator import Charger

from .site import EVSE, SUBENTRIES, Site, comes, site_entry
from .test_control_automations import at, plugged
from .test_vehicles import DAYS, car

DAILY = {f"leaves_{day}": "07:30:00" for day in DAYS}


@pytest.fixture
def entry() -> MockConfigEntry:
    """Return a site with a car that leaves every morning and one of which nobody knows."""
    zoe = car("zoe", "Zoe", driver="anna", **DAILY)
    return site_entry(*SUBENTRIES, zoe, car("bulli", "Bulli"))


def vehicle(site: Site, key: str = "zoe") -> dict[str, Any]:
    """Return a car as target."""
    return {"device_id": site.coordinator.devices.id_of((Vehicle, key))}


def trip(site: Site, key: str = "zoe") -> Trip | None:
    """Return the departure that was set."""
    found = site.engine.state.get(Vehicle, key)
    assert found is not None
    return found.trip


async def depart(site: Site, target: dict[str, Any], **data: Any) -> None:
    """Set a departure."""
    await site.hass.services.async_call(
        "ev_station", "set_departure", {**target, **data}, blocking=True
    )


async def preview(site: Site, context: Context | None = None, **data: Any) -> dict[str, Any]:
    """Look at a plan of the garage."""
    found: Any = await site.hass.services.async_call(
        "ev_station",
        "preview_plan",
        {**at(site), **data},
        blocking=True,
        return_response=True,
        context=context,
    )
    return dict(found)


def local(hours: float) -> datetime:
    """Return a moment to come, by the wall clock of the site."""
    moment = dt_util.utcnow() + timedelta(hours=hours)
    return moment.astimezone(dt_util.get_default_time_zone()).replace(microsecond=0)


@pytest.mark.parametrize(
    ("given", "goal"),
    [
        ({}, None),
        ({"percent": 95}, Goal(GoalKind.PERCENT, Decimal(95))),
        ({"energy": 12.5}, Goal(GoalKind.ENERGY, Decimal(12500))),
        ({"distance": 240}, Goal(GoalKind.DISTANCE, Decimal(240))),
    ],
)
async def test_a_departure_is_set_and_taken_back(
    live_site: Site, given: dict[str, Any], goal: Goal | None
) -> None:
    moment = local(5)
    await depart(live_site, vehicle(live_site), at=f"{moment:%Y-%m-%d %H:%M:%S}", **given)
    assert trip(live_site) == Trip(at=dt_util.as_utc(moment), goal=goal)
    await depart(live_site, vehicle(live_site))
    assert trip(live_site) is None


async def test_a_goal_alone_is_for_the_next_departure(live_site: Site) -> None:
    await depart(live_site, vehicle(live_site), percent=100)
    found = trip(live_site)
    assert found is not None
    assert f"{found.at.astimezone(local(0).tzinfo):%H:%M}" == "07:30"
    assert found.goal == Goal(GoalKind.PERCENT, Decimal(100))
    with pytest.raises(ServiceValidationError, match="Nobody said"):
        await depart(live_site, vehicle(live_site, "bulli"), percent=100)


async def test_a_connector_stands_for_the_car_there(live_site: Site) -> None:
    with pytest.raises(ServiceValidationError, match="No car charges there"):
        await depart(live_site, at(live_site))
    await live_site.engine.choose_vehicle(EVSE, "bulli")
    await depart(live_site, at(live_site), at=local(3).isoformat())
    assert trip(live_site, "bulli") is not None
    assert trip(live_site) is None


async def test_what_cannot_be(live_site: Site) -> None:
    with pytest.raises(ServiceValidationError, match="past"):
        await depart(live_site, vehicle(live_site), at=local(-1).isoformat())
    with pytest.raises(vol.Invalid):
        await depart(live_site, vehicle(live_site), percent=80, energy=10)


@pytest.mark.parametrize(
    ("goal", "words"),
    [
        ({"percent": 0}, "between 1 and 100 %"),
        ({"energy": 0}, r"between 0\.1 and 1000 kWh"),
        ({"energy": 1000.1}, r"between 0\.1 and 1000 kWh"),
        ({"distance": -1}, "between 1 and 5000 km"),
    ],
)
async def test_a_goal_that_cannot_be_is_told(
    live_site: Site, goal: dict[str, float], words: str
) -> None:
    with pytest.raises(ServiceValidationError, match=words):
        await depart(live_site, vehicle(live_site), **goal)
    assert trip(live_site) is None


async def test_a_plan_is_looked_at_without_a_change(
    hass: HomeAssistant, live_site: Site, charger: Charger
) -> None:
    await plugged(charger)
    await comes(live_site, lambda: live_site.evse().session is not None)
    before = live_site.engine.health.journal_sequence, live_site.evse().mode
    leaves = local(10)
    found = await preview(live_site, at=leaves.isoformat(), energy=9)
    # 9 kWh in the battery at 90 % are 10 kWh from the grid at 0.30 EUR; the last slot may be begun for less.
    assert found["state"] == "on_track"
    assert found["missing_kwh"] == pytest.approx(0, abs=0.1)
    assert 9.9 <= found["energy_kwh"] <= 12
    assert found["cost"] == pytest.approx(found["energy_kwh"] * 0.30, abs=0.01)
    assert found["currency"] == "EUR"
    assert datetime.fromisoformat(found["departure"]) == leaves
    assert any(each["limit"] >= 6 for each in found["periods"])
    others = [datetime.fromisoformat(each["departure"]) for each in found["alternatives"]]
    assert others == [leaves - timedelta(hours=1), leaves + timedelta(hours=1)]
    # One price the whole night.
    assert [each["costs_more"] for each in found["alternatives"]] == pytest.approx([0, 0], abs=0.01)
    # Some 10 kWh at 11 kW from now on, and not cheaper.
    ready = datetime.fromisoformat(found["at_once"]["ready_at"])
    assert timedelta(minutes=50) < ready - dt_util.utcnow() < timedelta(minutes=60)
    assert found["at_once"]["costs_more"] == pytest.approx(0, abs=0.01)
    soon = await preview(live_site, at=local(0.5).isoformat(), percent=100)
    assert soon["state"] == "impossible"
    assert len(soon["alternatives"]) == 1
    assert soon["at_once"]["ready_at"] is None
    assert trip(live_site) is None
    assert live_site.evse().mode is before[1]
    assert live_site.engine.state.get(EvsePlan, EVSE) is None


async def test_there_must_be_something_to_plan(live_site: Site, charger: Charger) -> None:
    with pytest.raises(ServiceValidationError, match="No session"):
        await preview(live_site)
    await plugged(charger)
    await comes(live_site, lambda: live_site.evse().session is not None)
    await live_site.engine.choose_vehicle(EVSE, "guest")
    with pytest.raises(ServiceValidationError, match="Nobody said"):
        await preview(live_site)
    await live_site.engine.choose_vehicle(EVSE, "bulli")
    with pytest.raises(ServiceValidationError, match="Nobody said"):
        await preview(live_site)


async def test_drivers_see_their_own(
    hass: HomeAssistant, live_site: Site, charger: Charger
) -> None:
    await plugged(charger)
    await comes(live_site, lambda: live_site.evse().session is not None)
    user = MockUser(is_owner=False).add_to_hass(hass)
    context = Context(user_id=user.id)
    with pytest.raises(ServiceValidationError, match="own sessions"):
        await preview(live_site, context)
    hass.states.async_set("person.anna", "home", {"user_id": user.id})
    assert (await preview(live_site, context))["currency"] == "EUR"
