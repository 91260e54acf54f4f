"""Guests: the car of a session that is none of ours is planned for as somebody says at its connector."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.components.calendar import CalendarEvent
from homeassistant.components.calendar.const import DATA_COMPONENT
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.ev_station.access.vehicles import guest
from custom_components.ev_station.lookup import VehicleView, evse_view
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.errors import RequestRefused
from custom_components.ev_station.model.plan import EvsePlan
from custom_components.ev_station.model.state import Evse, Live
from custom_components.ev_station.model.vehicle import Goal, GoalKind, Trip
from custom_components.ev_station.people import OWNER, Viewer
from custom_components.ev_station.plan_feed import plan_json
from custom_components.ev_station.plan_preview import wish
from tests.simulator import Charger

from .site import EVSE, Site, comes, state_of
from .test_control_automations import at, plugged
from .test_plan_actions import depart, local, preview
from .test_plan_preview import client_of, looked, refused
from .test_plans import rows_of

TWELVE = Goal(GoalKind.ENERGY, Decimal(12_000))
GUEST = "guest CP1/1"


async def begin(site: Site, charger: Charger, mode: ChargeMode = ChargeMode.SMART) -> None:
    """Plug in a car at a site that knows none."""
    await plugged(charger)
    await comes(site, lambda: site.evse().session is not None)
    await site.engine.set_mode(EVSE, mode)


def trip(site: Site) -> Trip | None:
    """Return what was said of the guest's car."""
    stranger = site.evse().guest
    return stranger.trip if stranger else None


def cards(site: Site, viewer: Viewer = OWNER) -> list[dict[str, Any]]:
    """Return the cars that the panel shows."""
    found = plan_json(site.coordinator, viewer)
    assert found is not None
    return list(found["vehicles"])


async def events(site: Site) -> list[CalendarEvent]:
    """Return what the calendar of planned charging shows."""
    await comes(site, lambda: bool(site.hass.states.async_entity_ids("calendar")))
    (calendar,) = site.hass.states.async_entity_ids("calendar")
    entity = site.hass.data[DATA_COMPONENT].get_entity(calendar)
    assert entity is not None
    now = dt_util.utcnow()
    return await entity.async_get_events(site.hass, now, now + timedelta(days=2))


async def test_a_guest_is_planned_for_as_somebody_says(live_site: Site, charger: Charger) -> None:
    await begin(live_site, charger)
    leaves = local(8)
    await depart(live_site, at(live_site), at=leaves.isoformat(), energy=12)
    assert trip(live_site) == Trip(at=dt_util.as_utc(leaves), goal=TWELVE)
    await comes(live_site, lambda: "plan_state" in rows_of(live_site))
    assert state_of(live_site, "plan_state").state == "on_track"
    assert state_of(live_site, "plan_state").attributes["missing_percent"] is None
    assert float(state_of(live_site, "planned_energy").state) == pytest.approx(12, abs=1.5)
    # It is called by where it stands.
    assert [each.summary.split(":")[0] for each in await events(live_site)] == ["Garage"]
    # Another goal is for the same departure; none, or all of it, is full.
    for given, goal in (
        ({"energy": 7}, Goal(GoalKind.ENERGY, Decimal(7000))),
        ({"percent": 100}, None),
        ({"at": leaves.isoformat()}, None),
    ):
        await depart(live_site, at(live_site), **given)
        assert trip(live_site) == Trip(at=dt_util.as_utc(leaves), goal=goal)
    await depart(live_site, at(live_site))
    assert trip(live_site) is None
    await comes(live_site, lambda: live_site.engine.state.get(EvsePlan, EVSE) is None)


@pytest.mark.parametrize("goal", [{"percent": 80}, {"distance": 100}])
async def test_nobody_knows_what_a_guest_lacks(
    live_site: Site, charger: Charger, goal: dict[str, Any]
) -> None:
    await begin(live_site, charger)
    with pytest.raises(ServiceValidationError, match="known to nobody"):
        await depart(live_site, at(live_site), at=local(8).isoformat(), **goal)
    with pytest.raises(ServiceValidationError, match="Nobody said"):
        await depart(live_site, at(live_site), energy=5)
    assert trip(live_site) is None


async def test_a_guests_plan_is_looked_at_without_a_change(
    live_site: Site, charger: Charger
) -> None:
    await begin(live_site, charger, ChargeMode.FAST)
    with pytest.raises(ServiceValidationError, match="Nobody said"):
        await preview(live_site, energy=5)
    found = await preview(live_site, at=local(10).isoformat(), energy=5)
    assert found["energy_kwh"] == pytest.approx(5, abs=1.5)
    assert found["cost"] == pytest.approx(found["energy_kwh"] * 0.30, abs=0.01)
    # More than most batteries hold, and all that it takes.
    assert (await preview(live_site, at=local(40).isoformat(), energy=80))["energy_kwh"] > 79
    full = await preview(live_site, at=local(1).isoformat())
    assert (full["state"], full["missing_kwh"]) == ("on_track", 0)
    assert trip(live_site) is None


def test_a_guest_that_is_full_is_looked_at_as_one_that_is_tried_again() -> None:
    full = replace(guest(Trip(at=local(9))), percent=Decimal(100), percent_at=dt_util.utcnow())
    view = VehicleView(full, ZoneInfo("Europe/Berlin"), None, Live())
    later = dt_util.as_utc(local(10))
    assert wish(view, at=later, goal=None) == guest(Trip(at=later))
    assert wish(view, at=later, goal=TWELVE) == guest(Trip(at=later, goal=TWELVE))


async def test_the_panel_has_a_card_for_a_guest(
    hass: HomeAssistant, live_site: Site, charger: Charger, hass_ws_client: WebSocketGenerator
) -> None:
    await begin(live_site, charger, ChargeMode.FAST)
    # As long as nobody asks for a plan there is none to tell of.
    assert cards(live_site) == []
    await live_site.engine.choose_vehicle(EVSE, "guest")
    assert [each["id"] for each in cards(live_site)] == [GUEST]
    await live_site.engine.choose_vehicle(EVSE, None)
    await live_site.engine.set_mode(EVSE, ChargeMode.SMART)
    (card,) = cards(live_site)
    assert card == {
        "id": GUEST,
        "guest": True,
        "name": "Garage",
        "device_id": live_site.coordinator.devices.id_of((Evse, EVSE)),
        "goal_entity": None,
        "evse": "CP1/1",
        "percent": card["percent"],
        "battery_wh": 60_000,
        "wh_per_km": 180,
        "goal": {"kind": "percent", "amount": 100},
        "usual_percent": 100,
        "departure": None,
        "late_until": None,
        "origin": None,
        "own_goal": False,
        "later": [],
    }
    client = await hass_ws_client(hass)
    assert await refused(client, vehicle_id=GUEST, energy=5) == "no_departure"
    assert await refused(client, vehicle_id="guest CP9/1", energy=5) == "vehicle_unknown"
    leaves = f"{local(8):%Y-%m-%dT%H:%M}"
    found = await looked(client, vehicle_id=GUEST, at=leaves, energy=5)
    assert (found["plan"]["vehicle"], found["present"]) == (GUEST, None)
    await live_site.engine.set_guest(EVSE, Trip(at=local(9), goal=TWELVE))
    (card,) = cards(live_site)
    assert (card["goal"], card["own_goal"]) == ({"kind": "energy", "amount": 12_000}, True)
    # Its goal goes with it to another departure.
    later = await looked(client, vehicle_id=GUEST, at=leaves)
    assert float(later["plan"]["energy_wh"]) == pytest.approx(12_000, abs=1500)
    full = await looked(client, vehicle_id=GUEST, percent=100)
    assert float(full["plan"]["energy_wh"]) > 20_000
    departures = [datetime.fromisoformat(full[key]["departure"]) for key in ("plan", "present")]
    assert departures[0] == departures[1]


async def test_who_charges_a_guests_car_sees_it_and_others_what_flows(
    hass: HomeAssistant, live_site: Site, charger: Charger, hass_ws_client: WebSocketGenerator
) -> None:
    await begin(live_site, charger)
    await live_site.engine.set_guest(EVSE, Trip(at=local(9), goal=TWELVE))
    await comes(live_site, lambda: live_site.engine.state.get(EvsePlan, EVSE) is not None)
    anna, ben = (Viewer(is_admin=False, driver=each) for each in ("anna", "ben"))
    assert [len(cards(live_site, each)) for each in (anna, ben)] == [1, 0]
    plans = [plan_json(live_site.coordinator, each) for each in (anna, ben)]
    told = [found["plans"]["CP1/1"]["departure"] for found in plans if found]
    assert (told[0] is not None, told[1]) == (True, None)
    client = await client_of(hass, hass_ws_client, "ben")
    assert await refused(client, vehicle_id=GUEST, percent=100) == "vehicle_unknown"


async def test_a_wish_is_gone_with_the_car(live_site: Site, charger: Charger) -> None:
    await begin(live_site, charger)
    await live_site.engine.set_guest(EVSE, Trip(at=local(9)))
    await charger.unplug(1)
    await comes(live_site, lambda: live_site.evse().session is None)
    assert (trip(live_site), cards(live_site)) == (None, [])
    view = evse_view(live_site.engine, EVSE)
    assert view is not None
    assert view.vehicle is None
    with pytest.raises(RequestRefused, match="no_session"):
        await live_site.engine.set_guest(EVSE, Trip(at=local(9) + timedelta(hours=1)))
