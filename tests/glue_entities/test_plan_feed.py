"""What the panel is told of prices, sun, plans and cars, and who is told what."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.ev_station.model.events import CalendarRead, ForecastRead, SitePlanned
from custom_components.ev_station.model.forecast import Forecast, ForecastKind, Interval
from custom_components.ev_station.model.plan import EvsePlan, PlanPeriod, PlanState, Why
from custom_components.ev_station.model.state import Vehicle
from custom_components.ev_station.model.status import EvseStatus
from custom_components.ev_station.model.vehicle import Goal, GoalKind, Trip
from custom_components.ev_station.people import OWNER, Viewer
from custom_components.ev_station.plan_feed import plan_json
from custom_components.ev_station.stream import Stream

from .site import EVSE, NOON, SUBENTRIES, Site, id_of, site_entry, state_of
from .test_vehicles import DAYS, car

ANNA, BEN = Viewer(is_admin=False, driver="anna"), Viewer(is_admin=False, driver="ben")
ONE, SIX = NOON + timedelta(hours=1), NOON + timedelta(hours=6)


@pytest.fixture
def entry() -> MockConfigEntry:
    """Return a site with Anna's car, which leaves every morning, and one that is nobody's."""
    daily = {f"leaves_{day}": "07:30:00" for day in DAYS}
    zoe = car("zoe", "Zoe", driver="anna", soc_entity="sensor.zoe", **daily)
    return site_entry(*SUBENTRIES, zoe, car("bulli", "Bulli"))


@pytest.fixture(autouse=True)
def _soc(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    freezer.move_to(NOON)
    hass.states.async_set("sensor.zoe", "54", {"unit_of_measurement": "%"})


def the_plan(session: str) -> EvsePlan:
    """Return a plan that waits an hour, then charges with 16 A on three phases."""
    return EvsePlan(
        id=EVSE,
        session=session,
        vehicle="zoe",
        made_at=NOON,
        departure=SIX,
        periods=(
            PlanPeriod(NOON, ONE, Decimal(0), 3, Why.WAITS),
            PlanPeriod(ONE, SIX, Decimal(16), 3),
        ),
        ready_at=SIX,
        energy_wh=Decimal(55200),
        cost=Decimal("12.10"),
        saved=Decimal("1.84"),
        state=PlanState.ON_TRACK,
    )


async def plug_in(site: Site) -> None:
    """Have Anna's car charge, as planned."""
    await site.connect()
    await site.start()
    session = site.evse().session
    assert session is not None
    await site.engine._submit(SitePlanned(plans=(the_plan(session),)), None)
    await site.hass.async_block_till_done()


def told(site: Site, viewer: Viewer = OWNER) -> dict[str, Any]:
    """Return what a viewer is told."""
    found = plan_json(site.coordinator, viewer)
    assert found is not None
    return found


async def test_prices_are_those_of_the_tariff_for_two_days(site: Site) -> None:
    ((start, end, price),) = told(site)["prices"]
    assert (start, price) == ("2026-11-23T00:00:00+00:00", "0.30")
    assert datetime.fromisoformat(end) >= NOON + timedelta(hours=48)
    assert told(site)["known_until"] == end


async def test_the_sun_comes_with_its_bounds(site: Site) -> None:
    sun = Interval(start=NOON, end=ONE, value=Decimal(4000), low=Decimal(1500), high=Decimal(5200))
    gone = Interval(start=NOON - timedelta(days=2), end=NOON - timedelta(days=1), value=Decimal(1))
    forecast = Forecast(kind=ForecastKind.SOLAR, intervals=(gone, sun))
    await site.engine.configure(ForecastRead(forecast=forecast))
    assert told(site)["solar"] == [[NOON.isoformat(), ONE.isoformat(), 4000, 1500, 5200]]


async def test_a_plan_says_when_how_much_and_what_for(site: Site) -> None:
    await plug_in(site)
    assert told(site)["plans"] == {
        "CP1/1": {
            "vehicle": "zoe",
            "periods": [
                [NOON.isoformat(), ONE.isoformat(), 0, "waits"],
                [ONE.isoformat(), SIX.isoformat(), 11040, None],
            ],
            "ready_at": SIX.isoformat(),
            "departure": SIX.isoformat(),
            "energy_wh": "55200",
            "unmet_wh": "0",
            "cost": "12.10",
            "saved": "1.84",
            "soonest": None,
            "state": "on_track",
        }
    }


async def test_cars_say_what_they_want_and_where_that_is_set(site: Site) -> None:
    await plug_in(site)
    bulli, zoe = sorted(told(site)["vehicles"], key=lambda each: each["id"])
    assert zoe == {
        "id": "zoe",
        "guest": False,
        "name": "Zoe",
        "device_id": site.coordinator.devices.id_of((Vehicle, "zoe")),
        "evse": "CP1/1",
        "percent": 54,
        "battery_wh": 50_000,
        "wh_per_km": 180,
        "goal": {"kind": "percent", "amount": 80},
        "own_goal": False,
        "usual_percent": 80,
        "departure": zoe["departure"],
        "late_until": None,
        "origin": "week",
        "later": [],
        "goal_entity": id_of(site, (Vehicle, "zoe"), "goal"),
    }
    assert datetime.fromisoformat(zoe["departure"]) > NOON
    assert (bulli["evse"], bulli["percent"]) == (None, None)
    assert (bulli["departure"], bulli["origin"]) == (None, None)


async def test_what_a_car_had_when_it_left_is_not_told_of_it(
    site: Site, freezer: FrozenDateTimeFactory
) -> None:
    def percent() -> object:
        (found,) = (each["percent"] for each in told(site)["vehicles"] if each["id"] == "zoe")
        return found

    def shown() -> str:
        return state_of(site, "battery", (Vehicle, "zoe")).state

    async def soc(said: str) -> None:
        site.hass.states.async_set("sensor.zoe", said, {"unit_of_measurement": "%"})
        await site.hass.async_block_till_done()

    await site.connect()
    transaction = await site.start()
    freezer.move_to(site.later(3600))
    await site.stop(transaction, 11_000)
    await site.status(EvseStatus.FINISHING)
    # 9 of its 50 kWh came in.
    assert (percent(), shown()) == (72, "54.0")
    await site.status(EvseStatus.AVAILABLE)
    # On its way, unheard; plugged in, as somebody said; back, and its service is still down.
    assert (percent(), shown()) == (None, "54.0")
    await site.engine.choose_vehicle(EVSE, "zoe")
    await site.status(EvseStatus.PREPARING)
    assert percent() is None
    await soc("unavailable")
    freezer.move_to(site.later(8 * 3600))
    await site.start(meter=11_000)
    freezer.move_to(site.later(120))
    async_fire_time_changed(site.hass)
    await site.hass.async_block_till_done()
    assert (percent(), shown()) == (None, "unknown")
    await soc("31")
    assert (percent(), shown()) == (31, "31.0")


async def test_a_goal_is_told_in_its_own_unit_with_who_says_so(site: Site) -> None:
    early = Trip(at=ONE, goal=Goal(GoalKind.DISTANCE, Decimal(120)))
    evening = Trip(at=SIX, goal=Goal(GoalKind.ENERGY, Decimal(25_000)))
    await site.engine.configure(CalendarRead(vehicle="bulli", trips=(early, evening)))
    bulli = next(each for each in told(site)["vehicles"] if each["id"] == "bulli")
    assert bulli["goal"] == {"kind": "distance", "amount": 120}
    assert (bulli["departure"], bulli["origin"]) == (ONE.isoformat(), "calendar")
    assert (bulli["own_goal"], bulli["usual_percent"]) == (True, 80)
    assert bulli["later"] == [{"at": SIX.isoformat(), "goal": {"kind": "energy", "amount": 25_000}}]


async def test_a_car_that_is_late_says_until_when(
    site: Site, freezer: FrozenDateTimeFactory
) -> None:
    await plug_in(site)
    await site.engine.set_trip("zoe", Trip(at=NOON + timedelta(minutes=10)))
    freezer.move_to(NOON + timedelta(minutes=20))
    zoe = next(each for each in told(site)["vehicles"] if each["id"] == "zoe")
    assert zoe["departure"] == (NOON + timedelta(minutes=10)).isoformat()
    assert zoe["late_until"] == (NOON + timedelta(minutes=70)).isoformat()
    assert zoe["origin"] == "once"


async def test_a_car_whose_session_was_stopped_stands_there_until_the_cable_is_out(
    site: Site,
) -> None:
    await site.connect()
    await site.stop(await site.start(), 2000)

    def stands() -> object:
        return next(each["evse"] for each in told(site)["vehicles"] if each["id"] == "zoe")

    await site.status(EvseStatus.FINISHING)
    assert stands() == "CP1/1"
    await site.status(EvseStatus.AVAILABLE)
    assert stands() is None
    # Who comes next is nobody that is known.
    await site.status(EvseStatus.PREPARING)
    assert stands() is None


async def test_a_driver_sees_their_own_car(site: Site) -> None:
    await plug_in(site)
    own = told(site, ANNA)
    assert [each["id"] for each in own["vehicles"]] == ["zoe"]
    assert own["plans"]["CP1/1"]["vehicle"] == "zoe"


async def test_of_somebody_elses_car_only_what_flows_is_told(site: Site) -> None:
    await plug_in(site)
    others = told(site, BEN)
    assert others["vehicles"] == []
    plan = others["plans"]["CP1/1"]
    assert plan["periods"][1][2] == 11040
    assert {value for key, value in plan.items() if key != "periods"} == {None}
    assert "Zoe" not in str(others)
    assert "zoe" not in str(others)


async def test_it_is_told_when_it_changes_and_only_then(
    hass: HomeAssistant, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    await site.connect()
    transaction = await site.start()
    said: list[dict[str, Any]] = []
    stream = Stream(hass, site.coordinator, OWNER, [], said.append)
    stream.start()
    assert said[0]["plan"] == told(site)

    async def later() -> list[dict[str, Any]]:
        said.clear()
        freezer.tick(timedelta(seconds=2))
        async_fire_time_changed(hass)
        await hass.async_block_till_done()
        return [each["plan"] for each in said if "plan" in each]

    await site.meter(1100, transaction)
    await later()
    await site.meter(1100, transaction)
    assert await later() == []
    await site.engine.set_goal("zoe", 90)
    told_of = await later()
    stream.stop()
    goals = [{car["id"]: car["goal"]["amount"] for car in plan["vehicles"]} for plan in told_of]
    assert goals == [{"zoe": 90, "bulli": 80}]
