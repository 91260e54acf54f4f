"""Home Assistant dies at night, with real sockets: the charger goes on by the plan it holds, and the car is ready."""

from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import override

import pytest

from custom_components.ev_station.engine import Engine
from custom_components.ev_station.model.allowance import Allowance
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.events import VehicleConfigured, VehicleHeard
from custom_components.ev_station.model.plan import EvsePlan
from custom_components.ev_station.model.vehicle import Trip, VehicleSettings
from tests.simulator import Charger, Status, Vehicle
from tests.simulator.clock import RealClock

from .site import evse, running, until, url, utcnow
from .test_planner import ONE, QUICK, dear_until

pytestmark = pytest.mark.usefixtures("socket_enabled")
MINUTE = timedelta(minutes=1)
ZOE = VehicleConfigured(
    settings=VehicleSettings(
        vehicle="zoe",
        name="Zoe",
        driver="anna",
        battery_wh=50_000,
        max_current_a=Decimal(16),
        phases=3,
        efficiency=Decimal("0.9"),
    )
)


class Nightfall(RealClock):
    """The true time, until a night passes in a moment."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = timedelta(0)

    @override
    def now(self) -> datetime:
        return super().now() + self.ahead


async def plug_in(engine: Engine, charger: Charger) -> EvsePlan:
    """Plug a car in at 50 % that is to have 80 % in twelve hours; return its plan once the charger holds it."""
    await engine.configure(dear_until(hours=5), ZOE)
    await engine.configure(VehicleHeard(vehicle="zoe", percent=Decimal(50), at=utcnow()))
    await engine.set_trip("zoe", Trip(at=utcnow() + timedelta(hours=12)))
    await engine.set_mode(ONE, ChargeMode.SMART)
    car = Vehicle(capacity_kwh=50, soc=0.5, max_amps=16, efficiency=0.9)
    await charger.plug_in(1, car)
    assert await charger.present_tag(1, "TAG-ANNA")
    try:
        # A charger that did not take a limit is told again after ten seconds.
        await charger.wait_for(1, Status.SUSPENDED_EVSE, within=30)
    except TimeoutError as error:
        raise AssertionError(story(engine, charger)) from error
    await until(engine, lambda: {0, 1, 2} <= {each.stack_level for each in evse(engine).applied})
    found = engine.state.get(EvsePlan, ONE)
    assert found is not None
    return found


def story(engine: Engine, charger: Charger) -> str:
    """Return what may tell why a car charges that is to wait."""
    plan, allowance = engine.state.get(EvsePlan, ONE), engine.state.get(Allowance, ONE)
    frames = [f"{'>' if each.sent else '<'} {each.text}" for each in charger.rpc.frames]
    known = charger.profiles.installed
    return "\n".join(map(str, (plan, allowance, evse(engine), known, *frames[-40:])))


def pass_night(charger: Charger, clock: Nightfall, minutes: int) -> list[tuple[datetime, float]]:
    """Let a night pass; return what the charger offered in each minute."""
    found = []
    for _ in range(minutes):
        clock.ahead += MINUTE
        charger.look()
        found.append((clock.now(), charger.connectors[1].pilot.limit.amps))
    return found


def assert_ready(charger: Charger, clock: Nightfall, plan: EvsePlan) -> None:
    """Let a night pass without us: the car waits for the cheap hours, draws what was planned, and then has its floor."""
    car, late = charger.connectors[1].vehicle, 2 * MINUTE
    assert car is not None
    offered = pass_night(charger, clock, 12 * 60)
    begins, over = plan.next_start(plan.made_at), plan.until_over[-1].end
    assert begins is not None
    assert begins - plan.made_at > timedelta(hours=3)
    for at, amps in offered:
        settled = [each for each in plan.until_over if each.start + late <= at < each.end]
        assert [(at, float(each.limit_a)) for each in settled] == [(at, amps)] * len(settled)
    assert {amps for at, amps in offered if at < begins} == {0}
    assert {amps for at, amps in offered if at > over + late} == {32}
    assert car.soc >= 0.8
    assert charger.violations == []


async def test_if_we_die_at_night_the_car_is_ready(tmp_path: Path) -> None:
    """The charger goes by the plan it holds, which is told by its clock."""
    clock = Nightfall()
    async with AsyncExitStack() as night:
        async with running(tmp_path, pace=QUICK) as engine:
            charger = await night.enter_async_context(Charger(url(engine), "CP1", clock=clock))
            plan = await plug_in(engine, charger)
        assert_ready(charger, clock, plan)
