"""What the panel is told of a plan before it is made, and who is told."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    CLIENT_ID,
    MockConfigEntry,
    MockUser,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket, WebSocketGenerator

from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.plan import EvsePlan
from custom_components.ev_station.model.state import Vehicle
from custom_components.ev_station.model.vehicle import Goal, GoalKind, Trip
from tests.simulator import Charger

from .site import EVSE, SUBENTRIES, Site, comes, id_of, site_entry, state_of
from .test_control_automations import plugged
from .test_plan_actions import depart, local
from .test_vehicles import ZOE, car
from .test_websocket import ask


@pytest.fixture
def entry() -> MockConfigEntry:
    """Return a site with Anna's car and one of which nobody knows."""
    zoe = car("zoe", "Zoe", driver="anna")
    return site_entry(*SUBENTRIES, zoe, car("bulli", "Bulli"))


async def begin(site: Site, charger: Charger) -> None:
    """Plug Anna's car in and plan for it to leave in ten hours."""
    await site.engine.set_trip("zoe", Trip(at=local(10)))
    await plugged(charger)
    await comes(site, lambda: site.evse().session is not None)
    await site.engine.set_mode(EVSE, ChargeMode.SMART)
    await comes(site, lambda: site.engine.state.get(EvsePlan, EVSE) is not None)


async def looked(client: MockHAClientWebSocket, **data: Any) -> dict[str, Any]:
    """Return what a preview tells."""
    answer = await ask(client, "preview_plan", **{"vehicle_id": "zoe", **data})
    assert answer["success"], answer
    found: dict[str, Any] = answer["result"]
    return found


async def refused(client: MockHAClientWebSocket, **data: Any) -> str:
    """Return why there is no preview."""
    answer = await ask(client, "preview_plan", **{"vehicle_id": "zoe", **data})
    assert not answer["success"]
    code: str = answer["error"]["code"]
    return code


async def client_of(
    hass: HomeAssistant, connect: WebSocketGenerator, person: str
) -> MockHAClientWebSocket:
    """Return the connection of somebody who is no administrator."""
    user = MockUser(is_owner=False).add_to_hass(hass)
    hass.states.async_set(f"person.{person}", "home", {"user_id": user.id})
    token = await hass.auth.async_create_refresh_token(user, CLIENT_ID)
    return await connect(hass, hass.auth.async_create_access_token(token))


async def test_a_wish_is_held_against_the_present_one(
    hass: HomeAssistant, live_site: Site, charger: Charger, hass_ws_client: WebSocketGenerator
) -> None:
    await begin(live_site, charger)
    client = await hass_ws_client(hass)
    before = live_site.engine.state.get(Vehicle, "zoe")
    leaves = local(8)
    found = await looked(client, at=f"{leaves:%Y-%m-%dT%H:%M}", percent=40)
    plan, present = found["plan"], found["present"]
    # From 30 to 40 instead of 80 % of 50 kWh at 90 %, all at 0.30 EUR; a slot more or less.
    assert float(plan["cost"]) == pytest.approx(0.30 * 5 / 0.9, abs=0.9)
    assert float(present["cost"]) == pytest.approx(0.30 * 25 / 0.9, abs=0.9)
    assert datetime.fromisoformat(plan["departure"]) == leaves.replace(second=0)
    assert timedelta(hours=9) < datetime.fromisoformat(present["departure"]) - dt_util.utcnow()
    assert plan["soonest"] < plan["departure"]
    assert plan["vehicle"] == "zoe"
    others = [datetime.fromisoformat(each["departure"]) for each in found["others"]]
    hour = timedelta(hours=1)
    assert others == [leaves.replace(second=0) + apart for apart in (-hour, hour)]
    assert live_site.engine.state.get(Vehicle, "zoe") == before


async def test_a_departure_may_be_days_ahead_but_not_over(
    hass: HomeAssistant, live_site: Site, charger: Charger, hass_ws_client: WebSocketGenerator
) -> None:
    await begin(live_site, charger)
    client = await hass_ws_client(hass)
    leaves = local(72).replace(second=0)
    found = await looked(client, at=f"{leaves:%Y-%m-%dT%H:%M}")
    assert datetime.fromisoformat(found["plan"]["departure"]) == leaves
    assert await refused(client, at=f"{local(-1):%Y-%m-%dT%H:%M}") == "departure_past"


async def test_a_goal_alone_leaves_the_departure(
    hass: HomeAssistant, live_site: Site, charger: Charger, hass_ws_client: WebSocketGenerator
) -> None:
    await begin(live_site, charger)
    found = await looked(await hass_ws_client(hass), percent=100)
    assert found["plan"]["departure"] == found["present"]["departure"]
    assert Decimal(found["plan"]["energy_wh"]) > Decimal(found["present"]["energy_wh"])


async def test_a_goal_in_km_is_considered_for_the_next_departure(
    hass: HomeAssistant, live_site: Site, charger: Charger, hass_ws_client: WebSocketGenerator
) -> None:
    await begin(live_site, charger)
    client = await hass_ws_client(hass)
    # 50 km at 180 Wh are 9 kWh, at 90 % of what is drawn; a slot more or less.
    for wish in (
        {"distance": 50},
        {"energy": 9},
        {"energy": 9, "at": f"{local(11):%Y-%m-%dT%H:%M}"},
    ):
        found = await looked(client, **wish)
        assert float(found["plan"]["energy_wh"]) == pytest.approx(10_000, abs=3000)
    moments = [datetime.fromisoformat(found[key]["departure"]) for key in ("present", "plan")]
    assert moments[0] < moments[1]


async def test_a_goal_is_considered_for_the_departure_that_has_its_own(
    hass: HomeAssistant, live_site: Site, charger: Charger, hass_ws_client: WebSocketGenerator
) -> None:
    await begin(live_site, charger)
    own = Trip(at=local(10), goal=Goal(GoalKind.PERCENT, Decimal(95)))
    await live_site.engine.set_trip("zoe", own)
    client = await hass_ws_client(hass)
    found = await looked(client, percent=40)
    assert Decimal(found["plan"]["energy_wh"]) < Decimal(found["present"]["energy_wh"])
    # Leaving at another time it needs as much as before.
    later = await looked(client, at=f"{local(11):%Y-%m-%dT%H:%M}")
    assert Decimal(later["plan"]["energy_wh"]) == Decimal(later["present"]["energy_wh"])


async def test_a_car_that_is_late_shows_the_departure_it_is_made_ready_for(
    hass: HomeAssistant, live_site: Site, charger: Charger, hass_ws_client: WebSocketGenerator
) -> None:
    await begin(live_site, charger)
    at = dt_util.utcnow()
    await live_site.engine.set_trip("zoe", Trip(at=at))
    await hass.async_block_till_done()
    assert state_of(live_site, "next_departure", ZOE).state == at.replace(microsecond=0).isoformat()
    shown = at.astimezone(dt_util.get_default_time_zone()).time().isoformat()
    assert state_of(live_site, "departure", ZOE).state == shown
    found = await looked(await hass_ws_client(hass), percent=40)
    # It is charged for an hour after it should have left; an hour less would be over.
    until = at + timedelta(hours=1)
    assert datetime.fromisoformat(found["plan"]["departure"]) == until
    later = [datetime.fromisoformat(each["departure"]) for each in found["others"]]
    assert later == [until + timedelta(hours=1)]
    # Another goal is for the same departure.
    aim = {"entity_id": id_of(live_site, ZOE, "next_departure")}
    await depart(live_site, aim, distance=20)
    vehicle = live_site.engine.state.get(Vehicle, "zoe")
    assert vehicle is not None
    assert vehicle.trip == Trip(at=at, goal=Goal(GoalKind.DISTANCE, Decimal(20)))


async def test_a_departure_that_is_over_is_shown_no_longer(
    hass: HomeAssistant, live_site: Site
) -> None:
    at = dt_util.utcnow()
    await live_site.engine.set_trip("bulli", Trip(at=at + timedelta(seconds=0.5)))
    await hass.async_block_till_done()
    bulli = (Vehicle, "bulli")
    assert state_of(live_site, "next_departure", bulli).state != "unknown"
    await comes(live_site, lambda: dt_util.utcnow() > at + timedelta(seconds=0.5))
    async_fire_time_changed(hass, at + timedelta(seconds=61))
    await comes(live_site, lambda: state_of(live_site, "next_departure", bulli).state == "unknown")


async def test_without_a_plan_there_is_nothing_to_hold_it_against(
    hass: HomeAssistant, live_site: Site, charger: Charger, hass_ws_client: WebSocketGenerator
) -> None:
    await begin(live_site, charger)
    await live_site.engine.set_mode(EVSE, ChargeMode.FAST)
    client = await hass_ws_client(hass)
    assert (await looked(client, percent=90))["present"] is None


async def test_a_car_whose_departure_nobody_said(
    hass: HomeAssistant, live_site: Site, charger: Charger, hass_ws_client: WebSocketGenerator
) -> None:
    await begin(live_site, charger)
    await live_site.engine.choose_vehicle(EVSE, "bulli")
    client = await hass_ws_client(hass)
    assert await refused(client, vehicle_id="bulli", percent=90) == "no_departure"
    assert await refused(client, vehicle_id="bulli", distance=90) == "no_departure"
    found = await looked(client, vehicle_id="bulli", at=f"{local(5):%Y-%m-%dT%H:%M}")
    assert found["present"] is None


async def test_a_driver_looks_at_their_own_car(
    hass: HomeAssistant, live_site: Site, charger: Charger, hass_ws_client: WebSocketGenerator
) -> None:
    await begin(live_site, charger)
    anna = await client_of(hass, hass_ws_client, "anna")
    assert (await looked(anna, percent=90))["plan"]["cost"] is not None
    assert await refused(anna, vehicle_id="bulli", percent=90) == "vehicle_unknown"


async def test_nobody_else_does(
    hass: HomeAssistant, live_site: Site, charger: Charger, hass_ws_client: WebSocketGenerator
) -> None:
    await begin(live_site, charger)
    stranger = await client_of(hass, hass_ws_client, "stranger")
    # In the same words as of a car there is not.
    assert await refused(stranger, percent=90) == "vehicle_unknown"
    assert await refused(stranger, vehicle_id="none") == "vehicle_unknown"


async def test_a_car_that_is_not_there(
    hass: HomeAssistant, live_site: Site, charger: Charger, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    assert await refused(client, percent=90) == "no_session"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"percent": 0}, "home_assistant_error"),
        ({"percent": 101}, "home_assistant_error"),
        ({"percent": 50, "distance": 50}, "invalid_format"),
        ({"at": "x"}, "invalid_format"),
    ],
)
async def test_what_cannot_be(
    hass: HomeAssistant,
    live_site: Site,
    hass_ws_client: WebSocketGenerator,
    wrong: dict[str, Any],
    code: str,
) -> None:
    assert await refused(await hass_ws_client(hass), **wrong) == code
