"""What a plan is worth: worked by hand."""

import pytest

from custom_components.ev_station.planning.cost import Outcome, better, evaluate, gains
from custom_components.ev_station.planning.problem import Battery, Capacity, Problem, Taste

from .sites import PLAIN, car, draws, slots


def outcome(delay: float = 0, unmet: float = 0, money: float = 0) -> Outcome:
    """Return what a plan does."""
    return Outcome(
        evs=(),
        peak_w=0,
        energy_cost=money,
        peak_cost=0,
        stored_value=0,
        taste=0,
        extra_value=0,
        delay_kwhh=delay,
        unmet_kwh=unmet,
    )


def test_the_minimum_comes_before_goals_and_goals_before_money() -> None:
    assert better(outcome(delay=1, unmet=9, money=9), outcome(delay=2))
    assert better(outcome(unmet=1, money=9), outcome(unmet=2))
    assert better(outcome(money=1), outcome(money=2))
    assert not better(outcome(unmet=0.001, money=2), outcome(money=1))


def test_a_step_gives_nothing_up_for_what_comes_later() -> None:
    # 5 Wh are the same for two plans, but twenty such steps are 0.1 kWh.
    assert better(outcome(unmet=0.005, money=1), outcome(money=2))
    assert not gains((0, 0.005, 1), (0, 0, 2))
    assert not gains((0.005, 1, 1), (0, 2, 2))
    assert gains((0, 0, 1), (0, 0.005, 2))
    assert gains((1, 9, 9), (2, 0, 0))
    assert gains((0, 1, 9), (0, 2, 0))
    # Nor is it made for nothing, or it would be made for ever.
    assert not gains((0, 0, 1), (0, 0, 1))
    assert not gains((0, 0.001, 1), (0, 0.002, 1))


def test_sun_is_paid_with_what_its_export_would_have_earned() -> None:
    site = Problem(
        slots=slots([0.3], export=0.1, load_w=500, pv_w=[4500], minutes=60),
        evs=(car("a", 5.52),),
        taste=PLAIN,
    )
    # 8 A are 5.52 kW: 4 kW of them from the sun.
    found = evaluate(site, (draws(8),), ())
    assert found.cost == pytest.approx(4 * 0.1 + 1.52 * 0.3)


def test_starts_breaks_waiting_and_risk() -> None:
    taste = Taste(start_cost=0.03, break_cost=0.05, early_price=0.001, risk_price=0.1)
    site = Problem(
        slots=slots([0.0] * 3, minutes=60),
        evs=(car("a", 13.8, running=0, gone=(0.0, 0.1, 0.2)),),
        taste=taste,
    )
    found = evaluate(site, (draws(0, 10, 10),), ())
    waiting = 0.001 * 6.9 * (1 + 2)
    risk = 0.1 * 6.9 * (0.1 + 0.2)
    assert found.taste == pytest.approx(0.03 + 0.05 + waiting + risk)
    assert found.evs[0].starts == 1


def test_a_change_of_mode_is_a_start() -> None:
    site = Problem(slots=slots([0.0] * 2), evs=(car("a"),))
    row = (*draws(10, mode=0), *draws(10, mode=1))
    both = car("a", modes=(site.evs[0].modes[0], site.evs[0].modes[0]))
    assert evaluate(Problem(slots=site.slots, evs=(both,)), (row,), ()).evs[0].starts == 2


def test_only_what_is_above_the_months_peak_costs() -> None:
    site = Problem(
        slots=slots([0.0, 0.0], load_w=1000),
        evs=(car("a", 5),),
        capacity=Capacity(peak_w=3000, price_per_kw=4),
    )
    # 10 A and the house: 7.9 kW.
    assert evaluate(site, (draws(10, 0),), ()).peak_cost == pytest.approx(4.9 * 4)


def test_what_a_battery_holds_in_the_end_has_a_worth() -> None:
    battery = Battery(
        capacity_wh=5000,
        level_wh=1000,
        max_charge_w=2000,
        max_discharge_w=2000,
        charge_efficiency=0.9,
        discharge_efficiency=0.8,
        end_price=0.2,
        wear_price=0.01,
    )
    site = Problem(slots=slots([0.3] * 2, minutes=60), evs=(), batteries=(battery,))
    found = evaluate(site, (), ((1000, -400),))
    assert found.stored_value == pytest.approx(0.2 * (0.9 - 0.5) - 0.01)
    assert found.energy_cost == pytest.approx(0.3)


def test_a_minimum_that_waits_is_summed_over_time() -> None:
    site = Problem(slots=slots([0.0] * 3, minutes=60), evs=(car("a", 6.9, minimum_kwh=6.9),))
    # Nothing for an hour, then all.
    assert evaluate(site, (draws(0, 10, 0),), ()).delay_kwhh == pytest.approx(6.9)


def test_extra_energy_is_worth_its_price_limit() -> None:
    site = Problem(
        slots=slots([0.1], minutes=60), evs=(car("a", 3.9, extra_kwh=2, extra_price=0.2),)
    )
    # 6.9 kWh: the goal, the extra, and 1 kWh too much.
    found = evaluate(site, (draws(10),), ())
    assert found.evs[0].extra_wh == pytest.approx(2000)
    assert found.extra_value == pytest.approx(0.4)
