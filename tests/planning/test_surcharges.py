"""What CO2 is worth beside money: by hand, and for any site."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
import pytest

from custom_components.ev_station.planning.cost import evaluate
from custom_components.ev_station.planning.greedy import greedy
from custom_components.ev_station.planning.plan import plan
from custom_components.ev_station.planning.problem import Battery, Problem, end_price
from custom_components.ev_station.planning.surcharges import emitted_kg, weighed

from .sites import PLAIN, car, draws, problems, slots


def test_what_comes_from_the_grid_emits_and_the_sun_does_not() -> None:
    # An hour each: 3 kW more from the grid at 200 g; 1 of 4 kW more at 500 g, for 3 were exported; less export.
    found = emitted_kg(
        slots([0.0] * 3, co2_g=[200, 500, 900], minutes=60),
        (3500, 1000, -1000),
        (500, -3000, -2000),
    )
    assert found == pytest.approx(3 * 0.2 + 1 * 0.5)


def test_co2_counts_beside_money_and_is_none() -> None:
    site = Problem(
        slots=slots([0.3], load_w=500, co2_g=[400], minutes=60),
        evs=(car("a", 6.9),),
        taste=replace(PLAIN, co2_price=0.25),
    )
    found = evaluate(site, (draws(10),), ())
    assert found.cost == pytest.approx(6.9 * 0.3)
    assert found.objective == pytest.approx(6.9 * (0.3 + 0.4 * 0.25))


def test_what_a_battery_holds_is_worth_its_money() -> None:
    store = Battery(capacity_wh=5000, level_wh=0, max_charge_w=3000, max_discharge_w=3000)
    site = Problem(
        slots=slots([0.3, 0.2], co2_g=[100, 400]),
        evs=(),
        batteries=(store,),
        taste=replace(PLAIN, co2_price=0.5),
    )
    found = weighed(site)
    assert [slot.import_price for slot in found.slots] == pytest.approx([0.35, 0.4])
    # 0.20, a twentieth lost, a hundredth less.
    assert end_price(found, found.batteries[0]) == pytest.approx(0.2 * 0.95 * 0.99)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems())
def test_who_looks_for_plans_and_who_judges_them_count_alike(site: Problem) -> None:
    """What a plan is worth is the same whether CO2 is told apart or in the price."""
    made = plan(site)
    priced = replace(weighed(site), taste=replace(site.taste, co2_price=0.0))
    told = evaluate(priced, made.charges, made.batteries)
    assert told.objective == pytest.approx(made.outcome.objective, abs=1e-6)
    assert greedy(priced) == greedy(weighed(site))
