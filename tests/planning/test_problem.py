"""Slots and what is derived of a problem."""

from datetime import UTC, datetime, timedelta, timezone

from custom_components.ev_station.planning.problem import grid

from .sites import NOON, QUARTER

NEW_YORK = timezone(timedelta(hours=-5))


def test_the_first_slot_ends_with_its_quarter_hour() -> None:
    begin = NOON + timedelta(minutes=7)
    assert grid(begin, NOON + QUARTER * 2) == (
        (begin, NOON + QUARTER),
        (NOON + QUARTER, NOON + QUARTER * 2),
    )


def test_a_horizon_is_48_hours_at_most() -> None:
    found = grid(NOON, NOON + timedelta(days=9))
    assert len(found) == 4 * 48
    assert found[-1][1] == NOON + timedelta(hours=48)


def test_a_horizon_runs_over_midnight_in_utc() -> None:
    begin = datetime(2026, 11, 23, 18, 50, tzinfo=NEW_YORK)
    late = datetime(2026, 11, 24, tzinfo=UTC)
    assert [end for _, end in grid(begin, begin + QUARTER)] == [late, late + QUARTER]


def test_nothing_ahead_has_no_slots() -> None:
    assert grid(NOON, NOON) == ()
