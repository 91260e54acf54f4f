"""What a charger's time stamps teach of its clock, and what they are worth."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.model.session import Stamp
from custom_components.ev_station.model.state import ClockEstimate
from custom_components.ev_station.model.status import Flag
from custom_components.ev_station.session.clock import (
    clock_flags,
    learn,
    moment_of,
    restarted,
    stamp,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=s) for s in (1, 60, 3600, 86400))
RIGHT = ClockEstimate()
EVER = st.datetimes(timezones=st.just(UTC))
RECENT = st.datetimes(
    min_value=NOON.replace(month=1, tzinfo=None),
    max_value=NOON.replace(year=2040, tzinfo=None),
    timezones=st.just(UTC),
)


def learnt(*heard: tuple[timedelta, timedelta]) -> ClockEstimate:
    """Return the estimate after messages: when after noon each came, and how far ahead its stamp was."""
    estimate = RIGHT
    for after, ahead in heard:
        estimate = learn(estimate, NOON + after + ahead, NOON + after)
    return estimate


def every(interval: timedelta, ahead: timedelta, count: int) -> list[tuple[timedelta, timedelta]]:
    """Return messages that are all as far ahead."""
    return [(interval * number, ahead) for number in range(count)]


@pytest.mark.parametrize("ahead", [timedelta(0), -5 * MINUTE, 5 * MINUTE, SECOND])
def test_a_clock_close_to_ours_is_right(ahead: timedelta) -> None:
    assert learnt(*every(MINUTE, ahead, 9)) == RIGHT


@pytest.mark.parametrize("ahead", [5 * MINUTE + SECOND, 2 * HOUR, 365 * DAY])
def test_a_stamp_in_our_future_shows_a_wrong_clock_at_once(ahead: timedelta) -> None:
    assert learnt((timedelta(0), ahead)).offset == ahead


def test_so_does_one_from_before_there_were_chargers() -> None:
    epoch = datetime(1970, 1, 1, 0, 3, tzinfo=UTC)
    assert learn(RIGHT, epoch, NOON).offset == epoch - NOON


def test_no_stamp_teaches_nothing() -> None:
    estimate = ClockEstimate(offset=HOUR)
    assert learn(estimate, None, NOON) is estimate


def test_the_least_delayed_message_tells_most_of_a_clock_ahead() -> None:
    assert learnt((timedelta(0), HOUR), (SECOND, 2 * HOUR), (MINUTE, HOUR)).offset == 2 * HOUR


def test_a_little_delay_changes_nothing() -> None:
    assert learnt((timedelta(0), 2 * HOUR), (SECOND, 2 * HOUR - MINUTE)).offset == 2 * HOUR


def test_two_hours_ahead_then_back() -> None:
    assert learnt((timedelta(0), 2 * HOUR), (MINUTE, timedelta(0))) == RIGHT


def test_a_clock_ahead_by_another_error_is_learnt_anew() -> None:
    assert learnt((timedelta(0), 365 * DAY), (MINUTE, 2 * HOUR)).offset == 2 * HOUR


def test_a_lead_that_shrinks_for_good_is_believed_after_a_while() -> None:
    """Local time sent as UTC, when summer ends."""
    summer = [(timedelta(0), 2 * HOUR)]
    assert learnt(*summer, *every(MINUTE, HOUR, 2)).offset == 2 * HOUR
    assert learnt(*summer, *every(MINUTE, HOUR, 3)).offset == HOUR


@pytest.mark.parametrize(
    ("interval", "count", "believed"),
    [
        (MINUTE, 2, False),
        (MINUTE, 3, True),
        (10 * SECOND, 12, False),
        (10 * SECOND, 13, True),
        (10 * MINUTE, 2, False),
    ],
)
def test_a_steady_lag_is_a_slow_clock_after_three_messages_and_two_minutes(
    interval: timedelta, count: int, believed: bool
) -> None:
    estimate = learnt(*every(interval, -30 * MINUTE, count))
    assert estimate.offset == (-30 * MINUTE if believed else timedelta(0))


def test_a_slow_clock_once_believed_goes_on_being_slow() -> None:
    slow = every(MINUTE, -30 * MINUTE, 3)
    assert learnt(*slow, (4 * MINUTE, -31 * MINUTE)).offset == -30 * MINUTE
    assert learnt(*slow, (4 * MINUTE, -20 * HOUR)).offset == -30 * MINUTE
    assert learnt(*slow, (4 * MINUTE, timedelta(0))) == RIGHT


@given(
    st.integers(1, 120).map(lambda seconds: seconds * SECOND),
    st.integers(5, 2000).map(lambda ms: timedelta(milliseconds=ms)),
    st.integers(2, 400),
)
def test_a_queue_that_catches_up_is_no_slow_clock(
    spacing: timedelta, pace: timedelta, count: int
) -> None:
    """Stamps `spacing` apart, sent every `pace`; only a queue sent in real time would look like a slow clock."""
    if spacing - pace < 200 * timedelta(milliseconds=1):
        return
    estimate = RIGHT
    for number in range(count):
        received = NOON + pace * number
        estimate = learn(estimate, NOON - 300 * DAY + spacing * number, received)
    assert estimate.offset == timedelta(0)


def test_one_message_sent_again_and_again_is_no_slow_clock() -> None:
    estimate = RIGHT
    for number in range(100):
        estimate = learn(estimate, NOON - HOUR, NOON + number * 30 * SECOND)
    assert estimate.offset == timedelta(0)


def test_nothing_is_learnt_while_our_own_clock_is_wrong() -> None:
    assert learn(RIGHT, NOON, datetime(1970, 1, 1, tzinfo=UTC)) is RIGHT


@given(EVER, RECENT, st.timedeltas(timedelta(days=-20_000), timedelta(days=20_000)))
def test_a_moment_is_never_in_our_future_and_never_fails(
    at: datetime, received: datetime, offset: timedelta
) -> None:
    moment = moment_of(ClockEstimate(offset=offset), at, received)
    assert datetime(2015, 1, 1, tzinfo=UTC) <= moment <= received


@given(st.lists(st.tuples(st.none() | EVER, RECENT), max_size=20))
def test_learning_never_fails(heard: list[tuple[datetime | None, datetime]]) -> None:
    estimate = RIGHT
    for at, received in heard:
        estimate = learn(estimate, at, received)
        assert moment_of(estimate, at, received) <= received


@pytest.mark.parametrize(
    ("offset", "at", "expected"),
    [
        (timedelta(0), NOON - DAY, NOON - DAY),
        (timedelta(0), NOON + MINUTE, NOON),
        (timedelta(0), None, NOON),
        (2 * HOUR, NOON + HOUR, NOON - HOUR),
        (timedelta(0), datetime(1970, 1, 1, tzinfo=UTC), NOON),
        (20_000 * DAY, datetime.min.replace(tzinfo=UTC), NOON),
    ],
)
def test_moments_on_our_clock(offset: timedelta, at: datetime | None, expected: datetime) -> None:
    found = stamp(ClockEstimate(offset=offset), at, "raw", NOON)
    assert found == Stamp(expected, "raw", NOON)


def test_by_our_own_wrong_clock_nothing_is_judged() -> None:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert moment_of(RIGHT, NOON, epoch) == NOON
    assert moment_of(RIGHT, None, epoch) == epoch


def test_a_boot_forgets_only_a_clock_that_was_never_set() -> None:
    dead = ClockEstimate(offset=datetime(2010, 1, 1, tzinfo=UTC) - NOON)
    assert restarted(dead, NOON) == RIGHT
    slow = ClockEstimate(offset=-30 * MINUTE)
    assert restarted(slow, NOON) is slow


def test_a_clock_at_the_end_of_time_may_boot_later() -> None:
    last = learn(RIGHT, datetime.max.replace(tzinfo=UTC), NOON)
    assert restarted(last, NOON + MINUTE) is last


@pytest.mark.parametrize(
    ("at", "flagged"),
    [(NOON, False), (NOON + 5 * MINUTE, False), (NOON + 6 * MINUTE, True), (None, True)],
)
def test_what_was_corrected_is_flagged(at: datetime | None, flagged: bool) -> None:
    expected = {Flag.CLOCK_CORRECTED} if flagged else set()
    assert clock_flags(Stamp(NOON, None, NOON), at) == expected
