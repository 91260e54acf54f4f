"""Strangers' cars of which somebody says when they leave and how much they are to have."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from custom_components.ev_station.model.allowance import Allowance, ReasonKind
from custom_components.ev_station.model.effects import Refuse, Settle
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.events import (
    Event,
    GuestRequested,
    ModeRequested,
    SiteObserved,
    TariffConfigured,
    VehicleChosen,
    VehicleConfigured,
)
from custom_components.ev_station.model.measurement import (
    Context,
    Measurement,
    Phase,
    Quantity,
    Sample,
)
from custom_components.ev_station.model.plan import EvsePlan, PlanState, Why
from custom_components.ev_station.model.settings import TariffSettings
from custom_components.ev_station.model.state import GUEST, Vehicle
from custom_components.ev_station.model.status import EvseStatus
from custom_components.ev_station.model.vehicle import Goal, GoalKind, Trip, VehicleSettings
from custom_components.ev_station.planning.plan import plan
from custom_components.ev_station.planning.problem import Ev, Mode
from custom_components.ev_station.station import horizon, planned
from custom_components.ev_station.tariff.build import time_of_use

from .site import MINUTE, NOON, Box, Site, home

FLAT = TariffConfigured(
    settings=TariffSettings(tariff=time_of_use("flat", "EUR", Decimal("0.30"), []), name="Flat")
)
ZOE = VehicleConfigured(
    settings=VehicleSettings(vehicle="zoe", name="Zoe", driver="anna", battery_wh=50_000)
)
EVENING = datetime(2026, 11, 23, 22, tzinfo=UTC)
"""Ten hours after noon."""
FULL = Trip(at=EVENING)


def kwh(amount: float, at: datetime = EVENING) -> Trip:
    return Trip(at=at, goal=Goal(GoalKind.ENERGY, Decimal(1000) * Decimal(str(amount))))


def stranger(*more: Event, wants: Trip | None = FULL) -> tuple[Site, Box]:
    """Return a site where somebody's car charges since noon, which is nobody's that is known."""
    site = home(FLAT, *more)
    box = Box(site).ready()
    box.start()
    box.status(EvseStatus.CHARGING)
    site.feed(ModeRequested(evse=box.evse(), mode=ChargeMode.SMART, command=1))
    site.feed(GuestRequested(evse=box.evse(), trip=wants, command=2))
    return site, box


def wanted(site: Site) -> Ev | None:
    """Return what the only car needs."""
    problem = horizon(site.state, site.now).problem
    return problem.evs[0] if problem else None


def goal_wh(site: Site) -> float:
    """Return how much the only car, which needs something, is to get."""
    ev = wanted(site)
    assert ev is not None
    return ev.goal_wh


def think(site: Site) -> EvsePlan | None:
    """Plan and take the plan over."""
    found = horizon(site.state, site.now)
    made = None if found.problem is None else plan(found.problem)
    site.feed(planned(found, made, site.now))
    return next(iter(site.state.all(EvsePlan)), None)


def look(site: Site) -> Allowance:
    site.feed(SiteObserved(circuits=(), surplus_w=0, complete=True))
    return next(iter(site.state.all(Allowance)))


def sample(box: Box, register: int, amps: int, percent: int | None = None) -> None:
    """Tell what the car drew so far, and draws now, on three phases."""
    measured = [Measurement(Quantity.ENERGY_IMPORT_REGISTER, None, Decimal(1000 + register))]
    phases = (Phase.L1, Phase.L2, Phase.L3)
    measured += [Measurement(Quantity.CURRENT_IMPORT, each, Decimal(amps)) for each in phases]
    if percent is not None:
        measured.append(Measurement(Quantity.SOC, None, Decimal(percent)))
    box.samples(Sample(box.at(), Context.PERIODIC, tuple(measured)), transaction=1001)


def go_on(site: Site, box: Box, register: int, percent: int | None = None) -> None:
    """Let a minute pass in which the car draws on, up to so much."""
    site.wait(MINUTE)
    sample(box, register, 16, percent)
    look(site)


def charge(site: Site, box: Box, minutes: int, *, register: int = 0) -> int:
    """Let the car draw 16 A on three phases; return what it drew."""
    for _ in range(minutes):
        register += 184
        go_on(site, box, register)
    return register


def rest(site: Site, box: Box, minutes: int, register: int, percent: int | None = None) -> None:
    """Let the car draw nothing although it may."""
    box.status(EvseStatus.SUSPENDED_EV)
    for _ in range(minutes):
        site.wait(MINUTE)
        sample(box, register, 0, percent)
        look(site)


def guest(site: Site) -> Vehicle:
    found = site.evse().guest
    assert found is not None
    return found


def test_a_strangers_car_gets_its_kwh_by_its_departure() -> None:
    site, box = stranger(wants=kwh(12))
    ev = wanted(site)
    assert ev is not None
    # As the register counts them; on one phase at least, which it shows at once.
    assert (ev.goal_wh, ev.efficiency, ev.departure, ev.minimum_wh) == (12_000, 1, EVENING, 100)
    assert ev.modes == (Mode(phases=frozenset({0, 1, 2}), min_a=6, max_a=32, surely=1),)
    found = think(site)
    assert found is not None
    assert (found.vehicle, found.state, found.unmet_wh) == (GUEST, PlanState.ON_TRACK, 0)
    assert found.energy_wh == pytest.approx(12_000, abs=20)
    assert found.periods[0].why is Why.SHOWS
    # Seen to draw on three phases, for itself alone.
    charge(site, box, 4)
    assert (guest(site).takes_phases, list(site.state.all(Vehicle))) == (3, [])
    ev = wanted(site)
    assert ev is not None
    assert (ev.goal_wh, ev.modes[0].surely) == (12_000 - 4 * 184, None)


def test_what_it_got_is_no_longer_missing() -> None:
    site, box = stranger(wants=kwh(1))
    charge(site, box, 6)
    found = think(site)
    assert found is not None
    assert (found.periods, found.state) == ((), PlanState.ON_TRACK)
    assert look(site).reason.kind is ReasonKind.GOAL_MET


def test_more_than_most_batteries_hold_may_be_wanted() -> None:
    site, _ = stranger(wants=kwh(140))
    assert goal_wh(site) == 140_000
    found = think(site)
    assert found is not None
    # 7.36 kW on one phase for ten hours.
    assert found.state is PlanState.IMPOSSIBLE


def test_a_car_that_is_to_be_full_is_taken_for_empty_and_never_told_to_be_late() -> None:
    site, box = stranger(wants=Trip(at=NOON + 60 * MINUTE))
    assert goal_wh(site) == 60_000
    found = think(site)
    assert found is not None
    assert (found.state, found.unmet_wh, found.ready_at) == (PlanState.ON_TRACK, 0, None)
    # All there is, until it leaves.
    assert {each.limit_a for each in found.periods} == {32}
    charge(site, box, 10)
    assert goal_wh(site) == 60_000 - 1840


def test_a_car_that_takes_more_than_was_thought_is_larger() -> None:
    site, box = stranger()
    for drawn, lacks in ((49_000, 11_000), (51_000, 19_000), (59_000, 11_000), (83_000, 17_000)):
        go_on(site, box, drawn)
        assert goal_wh(site) == lacks


def test_a_car_that_takes_more_than_its_charge_left_room_for_is_larger_too() -> None:
    site, box = stranger()
    # Told once, at the start: the rest of 60 kWh are 48, of 70 kWh 56, of 80 kWh 64.
    sample(box, 0, 16, percent=20)
    for drawn, lacks in ((47_000, 1000), (49_000, 7000), (55_000, 1000), (57_000, 7000)):
        go_on(site, box, drawn)
        assert goal_wh(site) == pytest.approx(lacks)
    # It says so itself.
    go_on(site, box, 58_000, percent=100)
    assert (wanted(site), guest(site).settings.battery_wh) == (None, 80_000)


@pytest.mark.parametrize("wants", [FULL, kwh(40)])
def test_a_car_that_stops_by_itself_has_all_it_takes(wants: Trip) -> None:
    site, box = stranger(wants=wants)
    think(site)
    drawn = charge(site, box, 5)
    rest(site, box, 9, drawn)
    assert wanted(site) is not None
    rest(site, box, 2, drawn)
    assert wanted(site) is None
    found = think(site)
    assert found is not None
    assert (found.periods, found.state) == ((), PlanState.ON_TRACK)
    assert (look(site).limit_a, look(site).reason.kind) == (0, ReasonKind.GOAL_MET)
    # It is paused now, and stays full.
    box.status(EvseStatus.SUSPENDED_EVSE)
    rest(site, box, 5, drawn)
    assert wanted(site) is None
    # Who says anew what it is to have means it.
    site.feed(GuestRequested(evse=box.evse(), trip=kwh(20), command=3))
    assert goal_wh(site) == 20_000 - drawn
    assert guest(site).takes_phases == 3


def test_a_car_that_is_tried_anew_has_as_long_to_begin() -> None:
    site, box = stranger()
    think(site)
    drawn = charge(site, box, 5)
    rest(site, box, 12, drawn)
    think(site)
    look(site)
    box.status(EvseStatus.SUSPENDED_EVSE)
    site.wait(timedelta(hours=1))
    site.feed(GuestRequested(evse=box.evse(), trip=Trip(at=site.now + 60 * MINUTE), command=3))
    think(site)
    assert look(site).reason.kind is ReasonKind.PLANNED
    # It is offered current again, and does not take it yet.
    rest(site, box, 9, drawn)
    assert guest(site).percent is None
    rest(site, box, 1, drawn)
    assert guest(site).percent == 100


def test_what_its_charger_tells_of_it_counts() -> None:
    site, box = stranger(wants=kwh(40))
    sample(box, 0, 16, percent=70)
    # More than such a battery holds, of which nobody knows.
    assert goal_wh(site) == 40_000
    site.feed(GuestRequested(evse=box.evse(), trip=FULL, command=3))
    # 30 % of it.
    assert goal_wh(site) == 18_000
    think(site)
    drawn = charge(site, box, 5)
    # 97 % are all it takes.
    rest(site, box, 12, drawn, percent=97)
    assert wanted(site) is None
    rest(site, box, 3, drawn, percent=97)
    assert (wanted(site), guest(site).goal_percent) == (None, 97)


def test_a_charger_may_fall_silent_when_its_car_stops() -> None:
    site, box = stranger()
    think(site)
    site.wait(20 * MINUTE)
    sample(box, 3000, 16)
    look(site)
    box.status(EvseStatus.SUSPENDED_EV)
    site.wait(5 * MINUTE)
    look(site)
    assert wanted(site) is not None
    site.wait(5 * MINUTE)
    look(site)
    assert wanted(site) is None


def test_a_car_that_drew_nothing_yet_may_be_empty() -> None:
    site, box = stranger()
    think(site)
    rest(site, box, 30, 0)
    assert wanted(site) is not None


def test_a_car_that_does_not_wake_after_a_pause_may_be_empty() -> None:
    site, box = stranger()
    think(site)
    drawn = charge(site, box, 3)
    site.feed(ModeRequested(evse=box.evse(), mode=ChargeMode.OFF, command=5))
    look(site)
    box.status(EvseStatus.SUSPENDED_EVSE)
    site.wait(30 * MINUTE)
    site.feed(ModeRequested(evse=box.evse(), mode=ChargeMode.SMART, command=6))
    rest(site, box, 15, drawn)
    assert look(site).reason.kind is ReasonKind.UNRESPONSIVE
    assert guest(site).percent is None


def test_a_wish_ends_with_its_session_or_when_it_is_taken_back() -> None:
    site, box = stranger()
    site.feed(GuestRequested(evse=box.evse(), trip=None, command=3))
    assert (site.evse().guest, think(site)) == (None, None)
    site.feed(GuestRequested(evse=box.evse(), trip=FULL, command=4))
    assert think(site) is not None
    box.stop(1001, 2000)
    assert site.evse().guest is None
    refused = site.feed(GuestRequested(evse=box.evse(), trip=FULL, command=5))
    assert refused == (Refuse(id=5, reason="no_session"),)
    box.start(meter=2000)
    assert think(site) is None


def test_it_is_over_when_it_should_have_left() -> None:
    site, _ = stranger(wants=kwh(12))
    site.now = EVENING + 30 * MINUTE
    found = think(site)
    assert found is not None
    assert found.departure == EVENING + timedelta(hours=1)
    site.now = EVENING + timedelta(hours=1)
    assert think(site) is None


def test_a_car_that_is_known_has_wishes_of_its_own() -> None:
    site, box = stranger(ZOE)
    # It is Anna's session, and she has one car, of which nobody said when it leaves.
    assert think(site) is None
    assert site.feed(VehicleChosen(evse=box.evse(), vehicle=GUEST, command=3)) == (Settle(id=3),)
    assert think(site) is not None
    site.feed(VehicleChosen(evse=box.evse(), vehicle="zoe", command=4))
    assert site.evse().guest is None
    site.feed(VehicleChosen(evse=box.evse(), vehicle=None, command=5))
    assert think(site) is None
