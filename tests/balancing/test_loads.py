"""What flows beside our EVSEs, seen through meters that also see our cars."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.balancing.loads import (
    GUESSED_FOR,
    NOTHING_DRAWN,
    RESTORED_AFTER,
    Drawn,
    PhaseMemory,
    seen,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LIMIT = Decimal(25)


def known(amps: float, *, most: float | None = None, at: float = 0) -> Drawn:
    """Return a draw measured so many seconds after noon, and what it may become."""
    drawn = Decimal(str(amps))
    measured_at = NOON + timedelta(seconds=at)
    return Drawn(drawn, Decimal(str(most or amps)), drawn, measured_at)


def look(
    memory: PhaseMemory | None, measured: float, drawn: Drawn = NOTHING_DRAWN, *, at: float = 0
) -> PhaseMemory:
    """Look at a meter so many seconds after noon."""
    now = NOON + timedelta(seconds=at)
    return seen(memory, Decimal(str(measured)), drawn, LIMIT, now)


def test_what_is_measured_is_reckoned_with_else_the_most() -> None:
    assert known(9, most=16).expected == 9
    assert Drawn(Decimal(4), Decimal(16)).expected == 16


UNKNOWN = Drawn(Decimal(4), Decimal(16))


@pytest.mark.parametrize(("measured", "load"), [(20, 4), (16, 0), (10, 0), (4, 0), (3, -1)])
def test_the_first_look_takes_what_flows_for_the_cars_as_far_as_they_can(
    measured: float, load: float
) -> None:
    memory = look(None, measured, UNKNOWN)
    assert (memory.load_a, memory.held_a, memory.guessed_at) == (load, load, NOON)


def test_a_first_look_at_cars_whose_draw_is_sure_is_no_guess() -> None:
    assert look(None, 20, known(16, most=32)).guessed_at is None
    nothing = look(None, 20, Drawn(Decimal(0), Decimal(0)))
    assert (nothing.load_a, nothing.guessed_at) == (20, None)


def test_a_first_guess_lasts_until_a_charger_tells() -> None:
    memory = look(look(None, 20, UNKNOWN), 20, UNKNOWN, at=4)
    assert (memory.load_a, memory.guessed_at) == (4, NOON)
    told = look(memory, 20, known(9, most=16, at=5), at=5)
    assert (told.load_a, told.held_a, told.guessed_at) == (11, 11, None)


def test_a_first_guess_that_nobody_confirms_gives_way_to_the_worst_case() -> None:
    memory = look(None, 20, UNKNOWN)
    lasts = GUESSED_FOR.total_seconds()
    assert look(memory, 20, UNKNOWN, at=lasts - 1).load_a == 4
    after = look(memory, 20, UNKNOWN, at=lasts)
    assert (after.load_a, after.guessed_at) == (16, None)


def test_a_first_guess_does_not_outlast_what_a_breaker_bears() -> None:
    memory = look(look(None, 40, UNKNOWN), 40, UNKNOWN, at=2)
    assert (memory.load_a, memory.heat) == (24, 1)
    assert look(memory, 40, UNKNOWN, at=3).load_a == 36


def test_what_a_car_is_known_to_draw_is_not_the_houses() -> None:
    memory = look(None, 20, known(16))
    assert memory.held_a == 4


def test_a_car_that_ramps_up_is_no_oven() -> None:
    memory = look(look(None, 4), 14, Drawn(Decimal(0), Decimal(16)), at=2)
    assert memory.load_a == 4


def test_a_jump_that_may_be_a_car_waits_for_its_charger_to_tell() -> None:
    memory = look(look(None, 4, known(0, most=6)), 10, known(0, most=6), at=5)
    assert (memory.load_a, memory.doubted_since) == (4, NOON + timedelta(seconds=5))
    woken = look(memory, 10, Drawn(Decimal(0), Decimal(6), Decimal(6), NOON), at=12)
    assert (woken.load_a, woken.doubted_since) == (4, None)
    still_asleep = look(memory, 10, known(0, most=6, at=9), at=9)
    assert still_asleep.load_a == 4
    cooked = look(memory, 10, known(0, most=6, at=10), at=12)
    assert (cooked.load_a, cooked.doubted_since) == (10, None)


def test_draws_add_up() -> None:
    one, other = known(5, most=6, at=3), known(7, most=8, at=1)._replace(pared=Decimal(6))
    assert one.with_another(other) == (12, 14, 12, NOON + timedelta(seconds=1), 6)
    assert one.with_another(Drawn(Decimal(0), Decimal(9))) == (5, 15, None, one.measured_at, 0)
    assert NOTHING_DRAWN.with_another(NOTHING_DRAWN) == NOTHING_DRAWN


def test_an_oven_beside_a_car_that_ramps_up_is_seen_as_far_as_it_must_be() -> None:
    # 24 A flow, the car has at most 16 A of them: 8 A are the house's at least.
    memory = look(look(None, 4), 24, Drawn(Decimal(0), Decimal(16)), at=2)
    assert memory.load_a == memory.held_a == 8


def test_a_load_that_grows_within_the_limit_counts_at_once() -> None:
    assert look(look(None, 4), 12, at=1).held_a == 12


def test_a_load_that_went_counts_until_it_has_been_gone_for_a_while() -> None:
    memory = look(look(None, 12), 4, at=1)
    assert (memory.load_a, memory.held_a) == (4, 12)
    memory = look(memory, 5, at=RESTORED_AFTER.total_seconds() - 1)
    assert memory.held_a == 12
    memory = look(memory, 5, at=RESTORED_AFTER.total_seconds() + 1)
    assert memory.held_a == 5


@pytest.mark.parametrize(
    ("measured", "seconds"), [(28, 60), (28.25, 60), (28.3, 5), (32.5, 5), (32.6, 2), (40, 2)]
)
def test_an_overload_is_tolerated_the_longer_the_smaller_it_is(
    measured: float, seconds: int
) -> None:
    memory = look(None, 10)
    for second in range(1, seconds):
        memory = look(memory, measured, at=second)
        assert memory.held_a == 10, second
    memory = look(memory, measured, at=seconds)
    assert memory.held_a == memory.load_a == Decimal(str(measured))


def test_a_limit_that_is_no_breakers_holds_at_once() -> None:
    after = seen(
        look(None, 10), Decimal(28), NOTHING_DRAWN, LIMIT, NOON + timedelta(seconds=1), strict=True
    )
    assert after.held_a == 28


def test_a_gross_overload_is_not_tolerated() -> None:
    assert look(look(None, 10), 40.1, at=1).held_a == Decimal("40.1")


@pytest.mark.parametrize(
    ("house", "seconds", "slack"), [(16, 180, 0), (16.3, 10, 3.25), (28, 5, 3.25)]
)
def test_a_car_stops_only_if_their_least_is_too_much_for_long(
    house: float, seconds: int, slack: float
) -> None:
    # Two cars take 10 A and need 6 A each: 12 A.
    cars = known(20)._replace(pared=Decimal(12))
    memory = look(None, house + 20, cars)
    for second in range(1, seconds):
        memory = look(memory, house + 20, cars, at=second)
        assert memory.slack_a is None, second
    # Then so many stop that a breaker bears the rest; and that is borne for as long again.
    memory = look(memory, house + 20, cars, at=seconds)
    assert (memory.last_heat, memory.slack_a) == (1, Decimal(str(slack)))
    memory = look(memory, 28, known(6)._replace(pared=Decimal(6)), at=seconds + 1)
    assert (memory.last_heat, memory.slack_a) == (Fraction(1, 180), None)


def test_their_least_too_much_by_far_is_not_borne() -> None:
    cars = known(12)._replace(pared=Decimal(12))
    assert look(look(None, 50, cars), 50, cars, at=1).slack_a == Decimal("3.25")


def test_an_overload_that_ends_in_time_changes_nothing_and_is_forgotten_in_time() -> None:
    memory = look(None, 10)
    for second in range(1, 31):
        memory = look(memory, 28, at=second)
    assert memory.heat == Fraction(1, 2)
    memory = look(memory, 10, at=60)
    assert (memory.held_a, memory.heat) == (10, 0)


def test_what_happened_between_two_far_looks_is_not_imagined() -> None:
    memory = look(look(None, 10), 28, at=3600)
    assert memory.heat == Fraction(1, 2)


def test_a_limit_of_nothing_is_exceeded_by_anything_large() -> None:
    memory = seen(look(None, 0), Decimal(1), NOTHING_DRAWN, Decimal(0), NOON + timedelta(seconds=1))
    assert (memory.heat, memory.slack_a) == (1, 0)


def test_a_clock_that_was_set_back_heats_nothing() -> None:
    memory = look(look(None, 10), 28, at=-3600)
    assert memory.heat == 0


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.decimals(0, 40, places=1), st.decimals(0, 20, places=1)),
        min_size=1,
        max_size=20,
    )
)
def test_the_guess_is_always_possible_and_what_is_held_no_less_unless_tolerated(
    looks: list[tuple[int, Decimal, Decimal]],
) -> None:
    memory, now = None, NOON
    for seconds, measured, most in looks:
        now += timedelta(seconds=seconds)
        memory = seen(memory, measured, Drawn(Decimal(0), most), LIMIT, now)
        assert measured - most <= memory.load_a <= measured
        assert 0 <= memory.heat <= 1
        tolerated = measured > LIMIT and memory.heat < 1
        assert memory.held_a >= memory.load_a or tolerated
        assert all(
            one[0] <= other[0] and one[1] > other[1]
            for one, other in zip(memory.recent, memory.recent[1:], strict=False)
        )
