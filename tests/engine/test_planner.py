"""Planning under the engine: a car that plugs in is planned for, and its charger waits for the cheap hours."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from custom_components.ev_station.engine import Engine, Pace, planner as planner_module
from custom_components.ev_station.model.allowance import Allowance, ReasonKind
from custom_components.ev_station.model.energy import BatterySettings, ChargeMode, EnergyReading
from custom_components.ev_station.model.errors import StorageUnavailable
from custom_components.ev_station.model.events import (
    ForecastRead,
    SiteConfigured,
    TariffConfigured,
    VehicleConfigured,
    VehicleHeard,
)
from custom_components.ev_station.model.forecast import Forecast, ForecastKind, Interval
from custom_components.ev_station.model.grid import GridSettings
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.plan import EvsePlan
from custom_components.ev_station.model.records import Entry
from custom_components.ev_station.model.settings import TariffSettings
from custom_components.ev_station.model.state import SITE, Evse, Site, Vehicle as VehicleState
from custom_components.ev_station.model.tariff import DayOfWeek
from custom_components.ev_station.model.vehicle import Goal, GoalKind, Trip, VehicleSettings
from custom_components.ev_station.planning.extra import thought
from custom_components.ev_station.planning.plan import Plan
from custom_components.ev_station.planning.problem import Capacity, Problem
from custom_components.ev_station.planning.solver import Effort
from custom_components.ev_station.tariff.build import Band, time_of_use
from tests.simulator import Charger, Vehicle

from .site import comes, running, until, url, utcnow

pytestmark = pytest.mark.usefixtures("socket_enabled")
ONE = EvseId("CP1", 1)
ZONE = ZoneInfo("Europe/Amsterdam")
"""Of the site, whatever the machine's."""
QUICK = Pace(control_s=0.5, control_apart_s=0.05, plan_after_s=0.05, plan_again_s=0.05)
ZOE = VehicleConfigured(
    settings=VehicleSettings(vehicle="zoe", name="Zoe", driver="anna", battery_wh=50_000, phases=3)
)


def dear_until(hours: int) -> TariffConfigured:
    """Return a price that falls after some hours and stays low for six."""
    local = utcnow().astimezone(ZONE).replace(minute=0, second=0, microsecond=0)
    begins = local + timedelta(hours=hours)
    band = Band(
        days=tuple(DayOfWeek),
        start=begins.time(),
        end=(begins + timedelta(hours=6)).time(),
        price=Decimal("0.10"),
    )
    tariff = time_of_use("tariff", "EUR", Decimal("0.30"), [band])
    return TariffConfigured(settings=TariffSettings(tariff=tariff, name="Night"))


def plan_of(engine: Engine) -> EvsePlan | None:
    """Return what the EVSE is to do."""
    return engine.state.get(EvsePlan, ONE)


def reason(engine: Engine) -> ReasonKind | None:
    """Return why the EVSE has its limit."""
    found = engine.state.get(Allowance, ONE)
    return None if found is None else found.reason.kind


async def test_a_car_that_plugs_in_is_planned_for(tmp_path: Path) -> None:
    """It waits for the cheap hours, charges at once when it leaves soon, and is forgotten when it left."""
    async with running(tmp_path, pace=QUICK) as engine, Charger(url(engine), "CP1") as charger:
        await engine.configure(dear_until(hours=5), ZOE)
        await engine.configure(VehicleHeard(vehicle="zoe", percent=Decimal(70), at=utcnow()))
        await engine.set_trip("zoe", Trip(at=utcnow() + timedelta(hours=20)))
        await charger.plug_in(1, Vehicle(max_amps=32))
        assert await charger.present_tag(1, "TAG-ANNA")
        await until(engine, lambda: engine.state.get(EvsePlan, ONE) is None)
        await engine.set_mode(ONE, ChargeMode.SMART)
        # The first plan waits for the solver's library to be read from the disk.
        await until(engine, lambda: reason(engine) is ReasonKind.PLAN_WAITS, within=30)
        plan = plan_of(engine)
        assert plan is not None
        begins = plan.next_start(utcnow())
        assert begins is not None
        assert begins > utcnow() + timedelta(hours=3)
        await engine.set_trip("zoe", Trip(at=utcnow() + timedelta(hours=1)))
        await until(engine, lambda: reason(engine) is ReasonKind.PLANNED)
        await charger.unplug(1)
        await until(engine, lambda: plan_of(engine) is None)


async def test_a_plan_that_cannot_be_stored_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else has to change for that, nor a quarter hour to begin."""
    async with running(tmp_path, pace=QUICK) as engine, Charger(url(engine), "CP1") as charger:
        before = await leaves_in(engine, charger, timedelta(hours=20))
        await until(engine, lambda: departs(engine) == before)
        # The state is ahead of the disk.
        await comes(lambda: not engine._committer.pending)
        commit, fails = engine._store.commit, 0

        def without_plans(entries: Sequence[Entry]) -> None:
            nonlocal fails
            if any(each.row is not None and each.row.kind == "SitePlanned" for each in entries):
                fails += 1
                raise StorageUnavailable("the disk is full")
            commit(entries)

        monkeypatch.setattr(engine._store, "commit", without_plans)
        after = before + timedelta(hours=1)
        await engine.set_trip("zoe", Trip(at=after))
        await comes(lambda: fails > 2)
        # Until the next attempt is undone too.
        await comes(lambda: departs(engine) == before)
        monkeypatch.setattr(engine._store, "commit", commit)
        await until(engine, lambda: departs(engine) == after)


async def test_a_car_is_planned_for_anew_when_it_should_have_left(tmp_path: Path) -> None:
    """It is late from then on, not from the next quarter hour on."""
    async with running(tmp_path, pace=QUICK) as engine, Charger(url(engine), "CP1") as charger:
        at = await leaves_in(engine, charger, timedelta(seconds=3))
        await until(engine, lambda: departs(engine) == at + timedelta(hours=1))
        plan = plan_of(engine)
        assert plan is not None
        assert plan.leaves_at == at


async def test_a_guest_is_planned_for_and_remembered_over_a_restart(tmp_path: Path) -> None:
    """No car is known; what somebody said of this one goes with its session."""
    trip = Trip(at=utcnow() + timedelta(hours=20), goal=Goal(GoalKind.ENERGY, Decimal(7000)))
    async with running(tmp_path, pace=QUICK) as engine, Charger(url(engine), "CP1") as charger:
        await engine.configure(dear_until(hours=5))
        await charger.plug_in(1, Vehicle(max_amps=32))
        assert await charger.present_tag(1, "TAG-ANNA")
        await until(engine, lambda: any(each.session for each in engine.state.all(Evse)))
        await engine.set_mode(ONE, ChargeMode.SMART)
        await engine.set_guest(ONE, trip)
        await until(engine, lambda: departs(engine) == trip.at)
    async with running(tmp_path, pace=QUICK) as again:
        evse = again.state.get(Evse, ONE)
        assert evse is not None
        assert evse.guest is not None
        assert evse.guest.trip == trip


async def leaves_in(engine: Engine, charger: Charger, ahead: timedelta) -> datetime:
    """Plug Anna's car in, have it planned for, and return when it is to leave."""
    await engine.configure(dear_until(hours=5), ZOE)
    await charger.plug_in(1, Vehicle(max_amps=32))
    assert await charger.present_tag(1, "TAG-ANNA")
    await until(engine, lambda: any(each.session for each in engine.state.all(Evse)))
    at = utcnow() + ahead
    await engine.set_trip("zoe", Trip(at=at))
    await engine.set_mode(ONE, ChargeMode.SMART)
    return at


def departs(engine: Engine) -> datetime | None:
    """Return until when the car is planned for."""
    plan = plan_of(engine)
    return None if plan is None else plan.departure


async def test_a_fault_of_ours_costs_one_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The log tells of it once, and planning goes on."""
    broken = 0

    def fails(*_: object) -> None:
        nonlocal broken
        broken += 1
        raise ZeroDivisionError

    monkeypatch.setattr(planner_module, "horizon", fails)
    async with running(tmp_path, pace=QUICK) as engine:
        await engine.configure(ZOE)
        await comes(lambda: broken > 0)
        before = broken
        await engine.set_goal("zoe", 50)
        await comes(lambda: broken > before)
    assert caplog.text.count("The site could not be planned") == 1


async def test_battery_and_peak_are_planned_with_as_they_are_now(tmp_path: Path) -> None:
    """The battery's level is no state: it is what was heard last when a plan is made."""
    sun = Forecast(
        kind=ForecastKind.SOLAR,
        intervals=(
            Interval(start=utcnow(), end=utcnow() + timedelta(hours=48), value=Decimal(4000)),
        ),
    )
    async with running(tmp_path, pace=QUICK) as engine, Charger(url(engine), "CP1") as charger:
        site = engine.state.get(Site, SITE)
        assert site is not None
        settings = replace(
            site.settings,
            battery=BatterySettings(capacity_wh=5000),
            grid=GridSettings(peak_price=Decimal(4), peak_floor_w=3000),
        )
        await engine.configure(SiteConfigured(settings=settings), dear_until(hours=5), ZOE)
        await engine.configure(ForecastRead(forecast=sun))
        await engine.set_trip("zoe", Trip(at=utcnow() + timedelta(hours=20)))
        engine.read_energy(level(20))
        await charger.plug_in(1, Vehicle(max_amps=32))
        assert await charger.present_tag(1, "TAG-ANNA")
        await engine.set_mode(ONE, ChargeMode.SMART)
        await until(engine, lambda: kept_kwh(engine) == pytest.approx(4 / 0.95))
        assert engine.planner.last is not None
        assert engine.planner.last.problem.capacity == Capacity(peak_w=2800, price_per_kw=4)
        engine.read_energy(level(90))
        await engine.set_goal("zoe", 70)
        await until(engine, lambda: kept_kwh(engine) == pytest.approx(0.5 / 0.95))


def level(percent: int) -> EnergyReading:
    """Return what a house says that neither buys nor sells."""
    return EnergyReading(grid_w=Decimal(0), battery_percent=Decimal(percent), at=utcnow())


def kept_kwh(engine: Engine) -> float:
    """Return what the last plan leaves to the battery."""
    made = engine.planner.last
    slots = () if made is None else made.problem.slots
    return sum(slot.kept_w * slot.hours for slot in slots) / 1000


@pytest.mark.parametrize(("few", "is_thorough"), [(1, True), (0, False)])
async def test_a_fleet_is_looked_at_in_a_glance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int, is_thorough: bool
) -> None:
    """Somebody waits: of many cars the greedy plan is told, and nothing of the site changes."""
    efforts: list[Effort | None] = []

    def watched(problem: Problem, previous: Plan | None, effort: Effort | None) -> Plan:
        efforts.append(effort)
        return thought(problem, previous, effort)

    monkeypatch.setattr(planner_module, "_FEW", few)
    async with running(tmp_path, pace=QUICK) as engine, Charger(url(engine), "CP1") as charger:
        await engine.configure(dear_until(hours=5), ZOE)
        await charger.plug_in(1, Vehicle(max_amps=32))
        assert await charger.present_tag(1, "TAG-ANNA")
        await until(engine, lambda: any(each.session for each in engine.state.all(Evse)))
        evse, zoe = engine.state.get(Evse, ONE), engine.state.get(VehicleState, "zoe")
        assert evse is not None
        assert zoe is not None
        monkeypatch.setattr(planner_module, "thought", watched)
        trip = Trip(at=utcnow() + timedelta(hours=20))
        found = await engine.planner.preview(evse, replace(zoe, trip=trip))
        assert found is not None
        assert found.departure == trip.at
        assert [effort is not None for effort in efforts] == [is_thorough]
        assert plan_of(engine) is None
