"""How likely a car has left: learnt by hand-made stays."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.ev_station.model.vehicle import Stay
from custom_components.ev_station.planning.risk import Experience

from .sites import NOON, slots

HOUR = timedelta(hours=1)


def stay(stated_h: float, real_h: float, *, begins_h: float = 0) -> Stay:
    """Return a past stay that began so long after noon."""
    arrival = NOON + HOUR * begins_h
    return Stay(arrival, arrival + HOUR * stated_h, arrival + HOUR * real_h)


def test_without_experience_a_car_leaves_as_stated() -> None:
    nothing = Experience([stay(0, 1), stay(-1, 1)])
    assert nothing.gone(NOON, NOON + HOUR, NOON, slots([0.1] * 4)) == (0, 0, 0, 0)
    assert Experience([stay(1, 1)]).gone(NOON, NOON, NOON, slots([0.1])) == (0,)


def test_who_left_at_half_time_may_do_so_again() -> None:
    # 95 stays, 19 of them half as long as stated; beside them stand five that ended as stated.
    known = Experience([stay(2, 1)] * 19 + [stay(2, 2.5)] * 76)
    gone = known.gone(NOON, NOON + HOUR, NOON, slots([0.1] * 4))
    assert gone == pytest.approx((0, 0, 0.19, 0.19))


def test_who_is_still_here_has_not_left() -> None:
    known = Experience([stay(2, 1)] * 19 + [stay(2, 2.5)] * 76)
    later = NOON + timedelta(minutes=40)
    assert known.gone(NOON, NOON + HOUR, later, slots([0.1] * 4)) == (0, 0, 0, 0)


def test_short_stays_tell_nothing_of_long_ones() -> None:
    known = Experience([stay(1, 0.5)] * 150 + [stay(9, 9)] * 150)
    day = slots([0.1] * 9, minutes=60)
    assert known.gone(NOON, NOON + HOUR * 9, NOON, day) == (0,) * 9
    assert known.gone(NOON, NOON + HOUR, NOON, day)[1] > 0.9


def test_mornings_tell_nothing_of_nights() -> None:
    # Both are stated to last four hours; who comes at 23:00, six days ago, leaves after one.
    morning = [stay(4, 4, begins_h=-4)] * 100
    night = [stay(4, 1, begins_h=11 - 6 * 24)] * 100
    known = Experience([*morning, *night])

    def gone_in_the_second_hour(begins_h: float) -> float:
        begin = NOON + HOUR * begins_h
        (slot,) = slots([0.1], minutes=60)
        second = replace(slot, start=begin + HOUR, end=begin + 2 * HOUR)
        return known.gone(begin, begin + HOUR * 4, begin, [second])[0]

    assert gone_in_the_second_hour(-4) == 0
    # Half past midnight is nearer to 23:00 than to 8:00.
    assert gone_in_the_second_hour(12.5) > 0.9
