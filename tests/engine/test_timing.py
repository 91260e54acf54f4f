"""Chargers that do not go by absolute profiles, with real sockets: how they count is found out, and the car is ready."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from custom_components.ev_station.engine import Engine, Pace
from custom_components.ev_station.model.commands import ChargingProfile, ProfilePurpose, Timing
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.events import VehicleHeard
from custom_components.ev_station.model.plan import EvsePlan
from custom_components.ev_station.model.state import Charger as ChargerState, Unplanned
from custom_components.ev_station.model.vehicle import Trip
from custom_components.ev_station.station import Seen, why_no_plan_held
from tests.simulator import Charger, Quirks, Vehicle
from tests.simulator.vocabulary import Kind, Purpose

from .site import comes, evse, running, until, url
from .test_nightfall import MINUTE, ZOE, Nightfall, assert_ready
from .test_planner import ONE, dear_until

pytestmark = pytest.mark.usefixtures("socket_enabled")
STEP = timedelta(seconds=10)
SWIFT = Pace(control_s=0.05, control_apart_s=0.01, plan_after_s=0.05, plan_again_s=0.05)


async def plug_in(engine: Engine, charger: Charger, clock: Nightfall) -> None:
    """Plug a car in at 50 % that is to have 80 % in twelve hours, and have it planned for."""
    await engine.configure(dear_until(hours=5), ZOE)
    await engine.configure(VehicleHeard(vehicle="zoe", percent=Decimal(50), at=clock.now()))
    await engine.set_trip("zoe", Trip(at=clock.now() + timedelta(hours=12)))
    await engine.set_mode(ONE, ChargeMode.SMART)
    await charger.plug_in(1, Vehicle(capacity_kwh=50, soc=0.5, max_amps=16, efficiency=0.9))
    assert await charger.present_tag(1, "TAG-ANNA")
    await until(engine, lambda: waits(engine), within=30)


def waits(engine: Engine) -> bool:
    """Return whether a car is planned for later."""
    plan = engine.state.get(EvsePlan, ONE)
    return plan is not None and plan.draws_since(plan.made_at) is None


def state(engine: Engine) -> ChargerState:
    """Return the charger as the engine knows it."""
    found = engine.state.get(ChargerState, "CP1")
    assert found is not None
    return found


def plan_held(engine: Engine) -> ChargingProfile | None:
    """Return the plan the charger holds."""
    return next((each for each in evse(engine).applied if each.stack_level == 1), None)


async def looked(engine: Engine) -> None:
    """Wait for two looks at the site: the first may have begun before."""
    looks: list[Seen] = []
    unsubscribe = engine.listen_looks(looks.append)
    try:
        await comes(lambda: len(looks) > 1)
    finally:
        unsubscribe()


def settled(engine: Engine) -> bool:
    """Return whether nothing is being asked of the charger."""
    return not evse(engine).asked and evse(engine).heed.command is None


async def passes(
    engine: Engine, charger: Charger, clock: Nightfall, done: Callable[[], bool], most: timedelta
) -> None:
    """Let time pass in steps, each with a look at the site after it, until something is so."""
    for _ in range(most // STEP):
        if done():
            return
        clock.ahead += STEP
        charger.look()
        await engine._look_around()
        await looked(engine)
        await until(engine, lambda: settled(engine))
    story = [f"{'>' if each.sent else '<'} {each.text}" for each in list(charger.rpc.frames)[-60:]]
    raise AssertionError("\n".join([str(state(engine)), str(evse(engine)), *story]))


COUNTING = {
    "rejects absolute": (Quirks(rejects_absolute=True), Timing.FROM_START),
    "rejects absolute and counts from receipt": (
        Quirks(rejects_absolute=True, relative_from_receipt=True),
        Timing.FROM_RECEIPT,
    ),
    "reads times two hours late": (Quirks(schedules_ahead=-7200), Timing.FROM_START),
    "reads times two hours early": (
        Quirks(schedules_ahead=7200, relative_from_receipt=True),
        Timing.FROM_RECEIPT,
    ),
}


@pytest.mark.parametrize("case", COUNTING)
async def test_how_a_charger_counts_is_found_out_and_the_car_is_ready(
    tmp_path: Path, case: str
) -> None:
    """Within ten minutes it holds the plan; then we die."""
    quirks, timing = COUNTING[case]
    clock = Nightfall()
    async with AsyncExitStack() as night:
        async with running(tmp_path, clock=clock.now, pace=SWIFT) as engine:
            charger = await night.enter_async_context(
                Charger(url(engine), "CP1", clock=clock, quirks=quirks)
            )
            await plug_in(engine, charger, clock)
            await passes(
                engine, charger, clock, lambda: state(engine).timing is timing, 10 * MINUTE
            )
            await passes(engine, charger, clock, lambda: plan_held(engine) is not None, 2 * MINUTE)
            held = plan_held(engine)
            assert held is not None
            assert held.relative
            # Its live limit goes that way too, and is obeyed.
            live = [each for each in evse(engine).applied if each.stack_level == 2]
            assert [(each.relative, each.valid_to) for each in live] == [(True, None)]
            plan = engine.state.get(EvsePlan, ONE)
            assert plan is not None
        assert_ready(charger, clock, plan)


async def test_a_clock_that_is_wrong_and_says_so_needs_no_relative_plan(tmp_path: Path) -> None:
    """Its time stamps tell how wrong it is, and absolute times are told by it."""
    quirks = Quirks(clock_offset=4 * 3600, clock_disobeys=True)
    clock = Nightfall()
    async with AsyncExitStack() as night:
        async with running(tmp_path, clock=clock.now, pace=SWIFT) as engine:
            charger = await night.enter_async_context(
                Charger(url(engine), "CP1", clock=clock, quirks=quirks)
            )
            await plug_in(engine, charger, clock)
            # By then it is known how wrong the clock is, and that the plan holds.
            for _ in range(12):
                clock.ahead += MINUTE
                charger.look()
                await engine._look_around()
                await looked(engine)
                await until(engine, lambda: settled(engine))
            held = plan_held(engine)
            assert held is not None
            assert not held.relative
            assert state(engine).timing is Timing.ABSOLUTE
            plan = engine.state.get(EvsePlan, ONE)
            assert plan is not None
        assert_ready(charger, clock, plan)


async def test_one_that_takes_no_relative_profile_gets_its_floor_all_the_same(
    tmp_path: Path,
) -> None:
    """Easee: what counts from now is told with a start."""
    clock = Nightfall()
    async with AsyncExitStack() as night:
        async with running(tmp_path, clock=clock.now, pace=SWIFT) as engine:
            charger = await night.enter_async_context(
                Charger(url(engine), "CP1", clock=clock, quirks=Quirks(rejects_relative=True))
            )
            await plug_in(engine, charger, clock)
            await until(
                engine, lambda: {each.stack_level for each in evse(engine).applied} == {0, 1, 2}
            )
            kinds = {each.purpose: each.kind for each in charger.profiles.installed}
            assert kinds == {Purpose.TX_DEFAULT: Kind.ABSOLUTE, Purpose.TX: Kind.ABSOLUTE}
            plan = engine.state.get(EvsePlan, ONE)
            assert plan is not None
        assert_ready(charger, clock, plan)


async def test_one_that_takes_neither_holds_no_plan_and_its_limit_all_the_same(
    tmp_path: Path,
) -> None:
    """Nothing is left of the trial, and the diagnostics can say why."""
    clock = Nightfall()
    quirks = Quirks(rejects_absolute=True, not_implemented=frozenset({"GetCompositeSchedule"}))
    async with (
        running(tmp_path, clock=clock.now, pace=SWIFT) as engine,
        Charger(url(engine), "CP1", clock=clock, quirks=quirks) as charger,
    ):
        await plug_in(engine, charger, clock)
        await passes(
            engine,
            charger,
            clock,
            lambda: state(engine).refused_purposes == {ProfilePurpose.TX},
            3 * MINUTE,
        )
        for _ in range(6):
            clock.ahead += MINUTE
            await engine._look_around()
            await looked(engine)
            await until(engine, lambda: settled(engine))
        (held,) = charger.profiles.installed
        assert (held.purpose, held.kind) == (Purpose.TX_DEFAULT, Kind.RELATIVE)
        why = why_no_plan_held(state(engine), evse(engine), None)
        assert why is Unplanned.NO_LIMITS
        assert charger.violations == []


async def test_what_was_found_out_outlives_a_restart(tmp_path: Path) -> None:
    """The next session begins with relative profiles."""
    clock = Nightfall()
    quirks = Quirks(rejects_absolute=True)
    async with (
        running(tmp_path, clock=clock.now, pace=SWIFT) as engine,
        Charger(url(engine), "CP1", clock=clock, quirks=quirks) as charger,
    ):
        await plug_in(engine, charger, clock)
        await passes(
            engine,
            charger,
            clock,
            lambda: state(engine).timing is Timing.FROM_START,
            10 * MINUTE,
        )
    async with (
        running(tmp_path, clock=clock.now, pace=SWIFT) as engine,
        Charger(url(engine), "CP1", clock=clock, quirks=quirks) as charger,
    ):
        assert state(engine).timing is Timing.FROM_START
        await plug_in(engine, charger, clock)
        await until(engine, lambda: plan_held(engine) is not None, within=30)
        kinds = [
            each["csChargingProfiles"]["chargingProfileKind"]
            for each in charger.received_requests("SetChargingProfile")
        ]
        assert set(kinds) == {"Relative"}
        assert charger.violations == []
