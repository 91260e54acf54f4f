"""What a plan says of itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.plan import EvsePlan, PlanPeriod, PlanState

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def hours(number: float) -> datetime:
    """Return so many hours after noon."""
    return NOON + timedelta(hours=number)


def period(start: float, end: float, limit: int, phases: int = 3) -> PlanPeriod:
    """Return a stretch of a plan."""
    return PlanPeriod(hours(start), hours(end), Decimal(limit), phases)


PLAN = EvsePlan(
    id=EvseId("CP1", 1),
    session="s1",
    vehicle="zoe",
    made_at=NOON,
    departure=hours(8),
    periods=(
        period(0, 1, 0),
        period(1, 2, 16),
        period(2, 4, 10),
        period(4, 5, 0),
        period(5, 5.5, 6, phases=1),
    ),
    ready_at=hours(5.5),
)


def test_what_is_drawn_in_one_go() -> None:
    assert list(PLAN.stretches()) == [PLAN.periods[1:3], PLAN.periods[4:]]


def test_since_when_it_draws() -> None:
    since = {0.5: None, 1: hours(1), 3.9: hours(1), 4: None, 5.2: hours(5), 6: None}
    assert {at: PLAN.draws_since(hours(at)) for at in since} == since
    # What went on when it was made began before; what comes later begins when it begins.
    goes_on = replace(PLAN, periods=PLAN.periods[1:], made_at=hours(1), began_at=hours(-2))
    assert {at: goes_on.draws_since(hours(at)) for at in (1, 5)} == {1: hours(-2), 5: hours(5)}


def test_how_much_time_it_has_to_spare() -> None:
    assert PLAN.spare(NOON) is None
    # By charging at once it would be ready after five hours; it leaves after eight.
    known = replace(PLAN, soonest=hours(5))
    assert {at: known.spare(hours(at)) for at in (0, 1, 4)} == {
        0: timedelta(hours=3),
        1: timedelta(hours=2),
        4: timedelta(hours=-1),
    }
    assert replace(known, overdue=hours(7)).spare(NOON) is None
    # Who stayed for longer than it said once is not late for tomorrow.
    assert replace(known, stated=hours(-1)).spare(NOON) == timedelta(hours=3)


def test_who_should_have_left_is_late() -> None:
    """Also one that will have all it is to have within the hour that it is given."""
    assert (PLAN.leaves_at, PLAN.late_until, PLAN.standing) == (
        PLAN.departure,
        None,
        PlanState.ON_TRACK,
    )
    overdue = replace(PLAN, overdue=hours(7))
    assert (overdue.leaves_at, overdue.late_until) == (hours(7), PLAN.departure)
    states = {state: replace(overdue, state=state).standing for state in PlanState}
    assert states == {
        PlanState.ON_TRACK: PlanState.LATE,
        PlanState.LATE: PlanState.LATE,
        PlanState.IMPOSSIBLE: PlanState.IMPOSSIBLE,
    }


def test_what_a_period_brings() -> None:
    # A x phases x 230 V x h.
    expected = (0, 11040, 13800, 0, 690)
    assert tuple(each.energy_wh for each in PLAN.periods) == expected


def test_when_it_begins_again() -> None:
    begins = {0: hours(1), 1: hours(5), 4.5: hours(5), 5: None}
    assert {at: PLAN.begins_after(hours(at)) for at in begins} == begins


def test_it_is_over_when_the_car_has_drawn_for_the_last_time() -> None:
    waits = replace(PLAN, periods=(*PLAN.periods, period(5.5, 8, 0)))
    assert waits.until_over == PLAN.periods


def test_or_when_it_leaves() -> None:
    leaves = replace(PLAN, departure=hours(3))
    assert leaves.until_over == (period(0, 1, 0), period(1, 2, 16), period(2, 3, 10))


def test_one_that_never_draws_is_over_from_the_start() -> None:
    assert replace(PLAN, periods=(period(0, 8, 0),)).until_over == ()
    assert replace(PLAN, periods=()).until_over == ()
