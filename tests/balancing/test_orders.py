"""Orders of the grid's operator hold whatever cars ask for."""

from decimal import Decimal

from hypothesis import given, strategies as st

from custom_components.ev_station.balancing.allocation import Claim, Rank, allocate
from custom_components.ev_station.balancing.limits import EPOCH
from custom_components.ev_station.balancing.orders import NO_ORDERS, Orders
from custom_components.ev_station.circuit.bounds import BoundKind, Tap
from custom_components.ev_station.model.ids import EvseId

LEFT = st.none() | st.integers(-3000, 60_000)
CARS = st.lists(st.tuples(st.integers(60, 320), st.sampled_from([1, 2, 3])), max_size=8)


def tap(number: int, phases: int) -> Tap:
    return Tap(evse=EvseId("C", number), circuit=None, phases=frozenset(range(phases)))


@given(st.builds(Orders, each_w=LEFT, pool_w=LEFT, ripple_w=LEFT), CARS)
def test_no_order_is_exceeded(orders: Orders, cars: list[tuple[int, int]]) -> None:
    taps = [tap(number, phases) for number, (_, phases) in enumerate(cars)]
    claims = [
        Claim(evse=EvseId("C", number), least=60, most=most, rank=Rank(0, 0, EPOCH))
        for number, (most, _) in enumerate(cars)
    ]
    grants = allocate(claims, tuple(orders.bounds(taps)))
    # A step is 0.1 A at 230 V.
    drawn = [grants[each.evse].steps * 23 * len(each.phases) for each in taps]
    if orders.each_w is not None:
        assert all(each <= max(orders.each_w, 0) for each in drawn)
    for left in (orders.pool_w, orders.ripple_w):
        if left is not None:
            assert sum(drawn) <= max(left, 0)


def test_every_order_names_itself() -> None:
    taps = [tap(0, 3), tap(1, 1)]
    orders = Orders(each_w=4200, ripple_w=9000)
    found = [(each.kind, each.room, dict(each.weights)) for each in orders.bounds(taps)]
    assert found == [
        (BoundKind.DIMMED, 4200, {EvseId("C", 0): 69}),
        (BoundKind.DIMMED, 4200, {EvseId("C", 1): 23}),
        (BoundKind.RIPPLE, 9000, {EvseId("C", 0): 69, EvseId("C", 1): 23}),
    ]
    assert list(NO_ORDERS.bounds(taps)) == []
    assert list(Orders(pool_w=5000).bounds([])) == []


def test_who_goes_by_no_limit_and_draws_too_much_is_named() -> None:
    fixed = {EvseId("C", 0): Decimal(4140), EvseId("C", 1): Decimal(11_040)}
    assert NO_ORDERS.beyond(fixed) == frozenset()
    assert Orders(each_w=4200).beyond(fixed) == {EvseId("C", 1)}
    # What they draw is taken off the pool already.
    assert Orders(pool_w=0).beyond(fixed) == frozenset()
    assert Orders(pool_w=-1).beyond(fixed) == set(fixed)
