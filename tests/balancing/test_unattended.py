"""What is planned, as far as it fits without us."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given, strategies as st

from custom_components.ev_station.balancing.floors import Seat, floors
from custom_components.ev_station.balancing.orders import Orders
from custom_components.ev_station.balancing.unattended import Berth, unattended
from custom_components.ev_station.circuit.bounds import Branch, steps
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.plan import PlanPeriod

MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
ALL = frozenset({0, 1, 2})


def hour(number: float) -> datetime:
    """Return a moment of the night."""
    return MIDNIGHT + timedelta(hours=number)


def main(limit: int, load: int = 0) -> tuple[Branch, ...]:
    """Return one fuse with what else it carries at worst."""
    amps = Decimal(load)
    return (Branch(circuit="main", limit_a=Decimal(limit), load_a=(amps, amps, amps)),)


def periods(*turns: tuple[float, float, int], phases: int = 3) -> tuple[PlanPeriod, ...]:
    """Return periods from hour to hour."""
    return tuple(
        PlanPeriod(hour(start), hour(end), Decimal(limit), phases) for start, end, limit in turns
    )


def berth(name: str, floor: int, *turns: tuple[float, float, int], phases: int = 3) -> Berth:
    """Return an EVSE of 6 to 32 A."""
    seat = Seat(EvseId(name, 1), "main", ALL, 60, 320, 1, 2)
    return Berth(seat, floor * 10, (0, 1, 2), periods(*turns, phases=phases))


def alone(branches: tuple[Branch, ...], *berths: Berth) -> dict[str, tuple[PlanPeriod, ...]]:
    """Return what holds by charger."""
    return {evse.charger: found for evse, found in unattended(branches, berths).items()}


def test_what_fits_is_done_as_planned() -> None:
    found = alone(main(25), berth("A", 25, (0, 3, 0), (3, 5, 16)))
    assert found == {"A": periods((0, 3, 0), (3, 5, 16))}


def test_who_has_no_plan_keeps_the_floor_and_the_plan_makes_room() -> None:
    found = alone(main(25), berth("A", 12, (0, 3, 0), (3, 5, 16)), berth("B", 12))
    assert found == {"A": periods((0, 3, 0), (3, 5, 13))}


def test_a_floor_that_leaves_less_than_a_car_can_take_lets_it_wait() -> None:
    found = alone(main(16), berth("A", 0, (0, 1, 16)), berth("B", 12))
    assert found == {"A": periods((0, 1, 0))}


def test_whose_plan_is_over_waits_while_another_needs_the_room() -> None:
    # A is to be done at two, B charges from two to four: both at 16 of 20 A.
    found = alone(
        main(20), berth("A", 10, (0, 2, 16)), berth("B", 10, (0, 2, 0), (2, 4, 16), (4, 5, 9))
    )
    assert found == {
        "A": periods((0, 2, 16), (2, 4, 0), (4, 5, 10)),
        "B": periods((0, 2, 0), (2, 4, 16), (4, 5, 9)),
    }


def test_a_car_on_one_phase_leaves_the_others_alone() -> None:
    other = Seat(EvseId("B", 1), "main", frozenset({1}), 60, 320, 1, 2)
    found = alone(main(20), berth("A", 0, (0, 1, 20), phases=1), Berth(other, 200, (1,)))
    assert found == {"A": periods((0, 1, 20), phases=1)}


def test_the_worst_load_and_orders_bind() -> None:
    a = berth("A", 0, (0, 1, 16))
    assert alone(main(25, load=15), a) == {"A": periods((0, 1, 10))}
    # 4140 W are 6 A on three phases.
    found = unattended(main(25), (a,), Orders(each_w=4140))
    assert found[a.seat.evse] == periods((0, 1, 6))


def test_without_plans_there_is_nothing_ahead() -> None:
    assert alone(main(25), berth("A", 10)) == {}


@given(
    limit=st.integers(6, 80),
    wanted=st.lists(st.lists(st.integers(0, 32), max_size=4), min_size=1, max_size=5),
)
def test_it_fits_at_every_moment(limit: int, wanted: list[list[int]]) -> None:
    seats = [berth(str(number), 0).seat for number in range(len(wanted))]
    floor_of = floors(main(limit), tuple(seats))
    berths = tuple(
        Berth(
            seat,
            steps(floor_of[seat.evse]),
            (0, 1, 2),
            periods(*((t, t + 1, amps if amps >= 6 else 0) for t, amps in enumerate(row))),
        )
        for seat, row in zip(seats, wanted, strict=True)
    )
    found = unattended(main(limit), berths)
    for quarter in range(24):
        at = hour(quarter / 4)
        drawn = [
            next(
                (each.limit_a for each in found.get(seat.evse, ()) if each.start <= at < each.end),
                floor_of[seat.evse],
            )
            for seat in seats
        ]
        assert sum(drawn) <= limit
        assert all(amps == 0 or amps >= 6 for amps in drawn)
