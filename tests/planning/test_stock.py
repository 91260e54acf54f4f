"""What a home battery that nobody steers leaves for cars: by hand, and beside an own simulation."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import assume, given, settings, strategies as st
import pytest

from custom_components.ev_station.planning.cost import slot_cost
from custom_components.ev_station.planning.plan import plan
from custom_components.ev_station.planning.problem import Battery, Problem, Slot
from custom_components.ev_station.planning.stock import beside

from .sites import ONE, amps, car, slots

BATTERY = Battery(
    capacity_wh=2000,
    level_wh=1000,
    max_charge_w=4000,
    max_discharge_w=3000,
    charge_efficiency=1.0,
    discharge_efficiency=1.0,
    end_price=0.25,
)


def site(nets: Sequence[float], prices: Sequence[float], export: float = 0.07) -> tuple[Slot, ...]:
    """Return slots that draw so much, or have so much of the sun over."""
    return tuple(
        replace(slot, load_w=max(0.0, net), pv_w=max(0.0, -net))
        for slot, net in zip(slots(prices, export=export), nets, strict=True)
    )


def test_it_covers_the_load_until_it_is_empty() -> None:
    # 1 kWh above nothing: 750 Wh in the first quarter hour, 250 in the second.
    found = beside(site([4000, 4000, 4000], [0.3] * 3), BATTERY)
    assert [slot.load_w for slot in found] == [1000, 3000, 4000]
    assert [slot.given_w for slot in found] == [3000, 1000, 0]
    kept = beside(site([4000, 4000], [0.3] * 2), replace(BATTERY, reserve_wh=500))
    assert [slot.load_w for slot in kept] == [2000, 4000]
    below = beside(site([4000], [0.3]), replace(BATTERY, reserve_wh=1500))
    assert below[0].load_w == 4000


def test_sun_that_only_fills_it_earlier_is_worth_its_export() -> None:
    # 1 kWh has room: full after the first quarter hour, and then all is exported.
    found = beside(site([-4000, -4000, 2000], [0.3] * 3), BATTERY)
    assert [slot.kept_w for slot in found] == [4000, 0, 0]
    assert [slot.pv_w for slot in found] == [4000, 4000, 0]
    assert found[0].kept_price == pytest.approx(0.07)


def test_sun_that_it_would_give_later_is_worth_the_import_it_spares() -> None:
    # 500 Wh come; of 1500 Wh 750 go at 0.40, 750 at 0.35, and the last quarter hour finds it empty.
    lossy = replace(BATTERY, charge_efficiency=0.9, discharge_efficiency=0.8)
    prices = [0.3, 0.4, 0.35, 0.2]
    found = beside(site([-2000, 3000, 3000, 3000], prices), BATTERY)
    assert (found[0].kept_w, found[0].kept_price) == (2000, pytest.approx(0.2))
    assert [slot.load_w for slot in found[1:]] == [0, 0, 3000]
    # 1450 Wh give 1160: 750 at 0.40, 410 at 0.35, where it runs empty.
    found = beside(site([-2000, 3000, 3000, 3000], prices), lossy)
    assert found[0].kept_price == pytest.approx(0.35 * 0.8 * 0.9)
    assert found[2].load_w == pytest.approx(3000 - 4 * 410)


def test_what_is_still_there_in_the_end_has_its_own_price() -> None:
    assert beside(site([-2000], [0.3]), BATTERY)[0].kept_price == 0.25
    usual = beside(site([-2000], [0.3]), replace(BATTERY, end_price=None))
    assert usual[0].kept_price == pytest.approx(0.3 * 0.99)


def test_where_the_battery_comes_first_cars_have_the_rest_of_the_sun() -> None:
    # Below 1.5 kWh, which it has after two quarter hours of 1 kW.
    nets = [-3000, -3000, -3000]
    found = beside(site(nets, [0.3] * 3), replace(BATTERY, max_charge_w=1000), first_below_wh=1500)
    assert [(slot.pv_w, slot.kept_w) for slot in found] == [(2000, 0), (2000, 0), (3000, 1000)]
    assert [(slot.load_w, slot.given_w) for slot in found] == [(0, 0)] * 3


def test_a_car_takes_the_sun_that_a_full_battery_would_leave_anyway() -> None:
    """Six hours of sun; the car leaves after the first, the battery would be full after the second."""
    battery = replace(BATTERY, capacity_wh=4000, level_wh=0, max_charge_w=2000)
    sunny = beside(site([-2000] * 24, [0.15] * 24), battery)
    leaves = car("a", 1.0, end=4, modes=(ONE,))
    made = plan(Problem(slots=sunny[:4], evs=(leaves,)))
    # A kWh, and what would have been exported for it.
    assert made.outcome.cost == pytest.approx(0.07, abs=1e-3)
    # Who stays away from the battery's sun pays the night's price: with 0.05 that is better.
    night = (replace(sunny[4], import_price=0.05, pv_w=0, kept_w=0),)
    made = plan(Problem(slots=(*sunny[:4], *night), evs=(car("a", 0.9, end=5, modes=(ONE,)),)))
    assert amps(made.charges[0])[:4] == [0, 0, 0, 0]


def money(found: Sequence[Slot], battery: Battery, more: dict[int, float]) -> float:
    """Return what a site costs with a battery, whose slots draw so much more, W: an own simulation."""
    level, cost = battery.level_wh, 0.0
    for t, slot in enumerate(found):
        net = slot.load_w - slot.pv_w + more.get(t, 0.0)
        if net < 0:
            room = (battery.capacity_wh - level) / battery.charge_efficiency * 4
            flow = min(-net, battery.max_charge_w, room)
            level += flow * battery.charge_efficiency / 4
        else:
            stored = (level - battery.reserve_wh) * battery.discharge_efficiency * 4
            flow = -min(net, battery.max_discharge_w, stored)
            level += flow / battery.discharge_efficiency / 4
        net += flow
        cost += net / 4000 * (slot.import_price if net > 0 else slot.export_price)
    return cost - level / 1000 * (battery.end_price or 0)


NET = st.floats(-6000, 6000).map(round)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(NET, st.integers(5, 50)), min_size=1, max_size=12),
    st.integers(500, 4000),
    st.data(),
)
def test_a_little_more_costs_what_is_said(
    found: list[tuple[int, int]], level: int, data: st.DataObject
) -> None:
    """Where the sun is over, the price of a watt is what the whole site pays for it, whatever comes later."""
    nets, prices = [net for net, _ in found], [price / 100 for _, price in found]
    battery = replace(
        BATTERY,
        capacity_wh=4000,
        level_wh=level,
        reserve_wh=500,
        charge_efficiency=0.9,
        discharge_efficiency=0.8,
    )
    before = site(nets, prices)
    after = beside(before, battery)
    sunny = [t for t, net in enumerate(nets) if net < -100]
    assume(sunny)
    t = data.draw(st.sampled_from(sunny))
    rest = after[t].load_w - after[t].pv_w
    less, more = (
        money(before, battery, {t: delta}) - money(before, battery, {}) for delta in (-0.01, 0.01)
    )
    told = slot_cost(after[t], rest + 0.01) - slot_cost(after[t], rest)
    # Where it gets full or empty to the watt, one direction is another's price.
    assert (
        any(told == pytest.approx(true, rel=1e-3, abs=1e-12) for true in (more, -less))
        or min(more, -less) - 1e-12 <= told <= max(more, -less) + 1e-12
    )
