"""What cannot be carried out is found, each kind by itself."""

from dataclasses import replace

import pytest

from custom_components.ev_station.planning.feasibility import Fault, spill_wh, violations
from custom_components.ev_station.planning.problem import Battery, Charges, Circuit, Mode, Problem

from .sites import ONE, THREE, car, draws, fuse, slots

SITE = Problem(
    slots=slots([0.1] * 3),
    evs=(
        car("a", 20, begin=1, circuit="below", modes=(THREE, ONE)),
        car("b", 20, circuit="main", modes=(Mode(phases=frozenset({1})),)),
    ),
    circuits=(fuse(20, 3, watts=10_000), fuse(16, 3, name="below", parent="main")),
)


def faults(a: Charges, b: Charges, site: Problem = SITE) -> list[tuple[Fault, str, int | None]]:
    """Return what is wrong with the charges of two cars."""
    return [(each.fault, each.where, each.slot) for each in violations(site, (a, b), ())]


def test_a_plan_that_keeps_to_everything() -> None:
    assert faults(draws(0, 10, 8), draws(16, 10, 12)) == []


def test_nobody_draws_before_he_is_there() -> None:
    assert faults(draws(6, 0, 0), draws(0, 0, 0)) == [(Fault.AWAY, "a", 0)]


@pytest.mark.parametrize("current", [5.9, 16.1])
def test_currents_have_a_least_and_a_most(current: float) -> None:
    site = replace(SITE, circuits=())
    assert faults(draws(0, current, 0), draws(0, 0, 0), site) == [(Fault.CURRENT, "a", 1)]


def test_a_goal_may_be_overshot_by_the_least_current_of_a_slot_only() -> None:
    small = replace(SITE, evs=(car("a", 1), car("b")))
    # 6 A on three phases: 1.035 kWh in a quarter hour.
    assert spill_wh(small.evs[0]) == pytest.approx(1035)
    assert faults(draws(6, 0, 0), draws(0, 0, 0), small) == []
    assert faults(draws(6, 6, 0), draws(0, 0, 0), small) == [(Fault.ENERGY, "a", None)]


def test_a_fuse_holds_on_each_phase_of_each_circuit() -> None:
    assert faults(draws(0, 10, 0), draws(0, 11, 0)) == [(Fault.PHASE, "main", 1)]
    narrow = replace(SITE, circuits=(SITE.circuits[0], fuse(8, 3, name="below", parent="main")))
    assert faults(draws(0, 10, 0), draws(0, 0, 0), narrow) == [(Fault.PHASE, "below", 1)]
    one = tuple(charge and charge._replace(mode=1) for charge in draws(0, 16, 0))
    assert faults(one, draws(0, 16, 0)) == []


def test_a_limit_of_power_holds() -> None:
    assert faults(draws(0, 12, 0), draws(0, 8, 0)) == [(Fault.POWER, "main", 1)]


def test_where_the_house_is_over_its_fuse_nothing_is_left() -> None:
    over = Circuit(circuit="main", room_a=((-5.0, 20.0, 20.0),) * 3)
    site = replace(SITE, circuits=(over,))
    assert faults(draws(0, 0, 0), draws(16, 0, 0), site) == []
    site = replace(site, evs=(replace(SITE.evs[0], circuit="main"), SITE.evs[1]))
    assert faults(draws(0, 6, 0), draws(0, 0, 0), site) == [(Fault.PHASE, "main", 1)]


BATTERY = Battery(
    capacity_wh=1000,
    level_wh=500,
    reserve_wh=200,
    max_charge_w=2000,
    max_discharge_w=2000,
    charge_efficiency=1.0,
    discharge_efficiency=1.0,
)


@pytest.mark.parametrize(
    ("powers", "slot"),
    [
        ((2100.0, 0.0), 0),
        ((-2100.0, 2000.0), 0),
        ((2000.0, 400.0), 1),
        ((-1000.0, -400.0), 1),
    ],
)
def test_a_battery_has_its_bounds(powers: tuple[float, float], slot: int) -> None:
    site = Problem(slots=slots([0.1] * 2, load_w=5000), evs=(), batteries=(BATTERY,))
    found = violations(site, (), (powers,))
    assert (found[0].fault, found[0].slot) == (Fault.BATTERY, slot)
    assert violations(site, (), ((1000.0, -1000.0),)) == ()


def test_a_battery_is_not_sold_to_the_grid() -> None:
    site = Problem(
        slots=slots([0.1], load_w=500), evs=(car("a", 5, modes=(ONE,)),), batteries=(BATTERY,)
    )
    assert [each.where for each in violations(site, (draws(0),), ((-900.0,),))] == ["export"]
    # A car may have it.
    assert violations(site, (draws(6),), ((-1000.0,),)) == ()


def test_a_battery_draws_on_its_fuse() -> None:
    site = Problem(
        slots=slots([0.1], load_w=500),
        evs=(car("a", 5, circuit="main"),),
        circuits=(fuse(16, 1),),
        batteries=(replace(BATTERY, circuit="main"),),
    )
    assert [each.fault for each in violations(site, (draws(14),), ((1500.0,),))] == [Fault.PHASE]
    assert violations(site, (draws(13),), ((1500.0,),)) == ()
