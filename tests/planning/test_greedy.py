"""The greedy plan where there is not enough for all."""

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.planning.feasibility import violations
from custom_components.ev_station.planning.greedy import greedy, tolled
from custom_components.ev_station.planning.problem import Problem

from .sites import ONE, PLAIN, THREE, amps, car, fuse, problems, slots


def test_who_stands_in_the_way_moves() -> None:
    # The flexible car has the least laxity by the clock, and its cheapest slots are the other's only ones.
    site = Problem(
        slots=slots([0.1, 0.1, 0.3, 0.3, 0.3, 0.3]),
        evs=(car("a", 8.28, end=6, circuit="main"), car("b", 4.14, end=2, circuit="main")),
        circuits=(fuse(16, 6),),
    )
    charges, _ = greedy(site)
    assert sum(amps(charges[0])) == pytest.approx(48)
    assert amps(charges[1])[2:] == [0, 0, 0, 0]
    assert sum(amps(charges[1])) == pytest.approx(24)


def test_extra_energy_that_fits_is_charged_to_its_end() -> None:
    site = Problem(
        slots=slots([0.1, 0.1, 0.1]), evs=(car("a", 2.76, extra_kwh=2.76, extra_price=0.2),)
    )
    (charges,), _ = greedy(site)
    assert amps(charges) == [16, 16, 0]


def test_extra_energy_that_is_too_dear_leaves_the_goal() -> None:
    site = Problem(
        slots=slots([0.3, 0.2, 0.3]), evs=(car("a", 2.76, extra_kwh=2.76, extra_price=0.1),)
    )
    (charges,), _ = greedy(site)
    assert amps(charges) == [0, 16, 0]


def test_all_are_served_at_once_where_that_leaves_less_short() -> None:
    # Each car by itself takes the cheapest; what is left on the fuse is then less than 6 A.
    site = Problem(
        slots=slots([0.3, 0.1, 0.2, 0.1]),
        evs=(
            car("a", 4.14, end=3, circuit="main"),
            car("b", 2.76, begin=1, end=4, circuit="main"),
            car("c", 5.52, end=4, circuit="main"),
        ),
        circuits=(fuse(20, 4),),
    )
    charges, _ = greedy(site)
    needed = [24, 16, 32]
    assert all(sum(amps(row)) >= need for row, need in zip(charges, needed, strict=True))


def test_only_as_many_move_as_must() -> None:
    site = Problem(
        slots=slots([0.3, 0.2, 0.2, 0.3]),
        evs=(
            car("a", 5.52, end=3, circuit="main"),
            car("b", 5.52, begin=1, end=4, circuit="main"),
            car("c", 4.14, end=2, circuit="main"),
        ),
        circuits=(fuse(24, 4),),
    )
    charges, _ = greedy(site)
    assert [sum(amps(row)) for row in charges] == pytest.approx([32, 32, 24])


def test_a_little_sun_is_worth_more_than_a_part_of_a_dear_slot() -> None:
    # 2.5 kW of sun on one phase are 0.625 kWh; 2.76 and 1.2 kWh of the two dear slots are left.
    site = Problem(
        slots=slots([0.3, 0.3, 0.1, 0.1], pv_w=[2500, 0, 0, 0]),
        evs=(car("a", 4.585, modes=(THREE, ONE)),),
    )
    (charges,), _ = greedy(site)
    assert charges[0] == pytest.approx((2500 / 230, 1))
    assert amps(charges)[1:] == pytest.approx([0, 16, 6.96], abs=0.01)


def test_who_pays_for_room_leaves_it_until_it_is_free() -> None:
    site = Problem(
        slots=slots([0.1, 0.2]), evs=(car("a", 2.76, circuit="main"),), circuits=(fuse(16, 2),)
    )
    # 16 A on three phases save 0.276 in the first slot; 0.01 per ampere and phase is 0.48.
    plans = list(tolled(site, {(row, 0): 0.01 for row in range(3)}))
    assert amps(plans[0][0]) == [0, 16]
    assert amps(plans[-1][0]) == [16, 0]


@given(problems(), st.floats(0, 0.1))
def test_whatever_room_costs_plans_can_be_carried_out(site: Problem, toll: float) -> None:
    rows = 4 * len(site.circuits)
    tolls = {(row, t): toll * (t % 3) for row in range(rows) for t in range(len(site.slots))}
    resting = tuple((0.0,) * len(site.slots) for _ in site.batteries)
    for charges in tolled(site, tolls):
        assert violations(site, charges, resting) == ()


def test_a_higher_current_comes_before_a_dear_slot() -> None:
    # 2.76 kWh: 9 kW of sun are 2.25; the rest in the same slot spares a start.
    site = Problem(slots=slots([0.3, 0.3, 0.3], pv_w=[0, 9000, 0]), evs=(car("a", 2.76),))
    (charges,), _ = greedy(site)
    assert amps(charges) == [0, 16, 0]


def test_who_is_paid_for_charging_takes_no_more_than_it_can() -> None:
    # 0.4 kWh in a quarter hour are 7 A on one phase: 16 A would earn more and overfill the car.
    site = Problem(
        slots=slots([-0.125, 0.0, 0.0]), evs=(car("a", 0.4, end=1, modes=(ONE,)),), taste=PLAIN
    )
    (charges,), _ = greedy(site)
    assert amps(charges) == [6.96, 0, 0]
