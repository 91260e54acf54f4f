"""A session from its first reading to its end."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.model.measurement import Context, Measurement, Quantity, Sample
from custom_components.ev_station.model.session import Reading, Session, SessionState
from custom_components.ev_station.model.state import ClockEstimate
from custom_components.ev_station.model.status import Flag
from custom_components.ev_station.session.life import (
    closed_provisionally,
    energy_of,
    not_before_start,
    readings_of,
    reopened,
    running_curve,
    stopped,
    with_other_stop,
    with_readings,
)

from .making import DAY, HOUR, MINUTE, NOON, SECOND, session, stamp, stop


def read(*registers: int | None, every: timedelta = 10 * MINUTE) -> list[Reading]:
    """Return readings at 10, 20, 30 ... minutes after noon."""
    return [
        Reading(NOON + every * number, Decimal(register))
        for number, register in enumerate(registers, 1)
        if register is not None
    ]


def sample(at: datetime | None, register: int) -> Sample:
    """Return a sample of the register."""
    measurement = Measurement(Quantity.ENERGY_IMPORT_REGISTER, None, Decimal(register))
    return Sample(at, Context.PERIODIC, (measurement,))


def test_readings_are_on_our_clock_sorted_and_never_in_our_future() -> None:
    samples = (
        sample(NOON + 3 * HOUR, 5),
        sample(NOON + 2 * HOUR, 3),
        sample(NOON + 2 * HOUR - MINUTE, 2),
        sample(None, 4),
        Sample(NOON + HOUR, Context.PERIODIC, ()),
    )
    found = readings_of(samples, ClockEstimate(offset=2 * HOUR), NOON)
    assert [(reading.at - NOON, int(reading.register_wh)) for reading in found] == [
        (-MINUTE, 2),
        (timedelta(0), 3),
        (timedelta(0), 4),
        (timedelta(0), 5),
    ]


def test_what_is_older_than_the_start_is_anothers() -> None:
    early = [Reading(NOON - 5 * MINUTE - SECOND, Decimal(900)), Reading(NOON, Decimal(1000))]
    assert with_readings(session(), early).readings == (early[1],)


def test_what_the_register_rose_by_under_a_clock_set_back_counts_when_received() -> None:
    earlier = NOON - 2 * HOUR
    told = [
        Reading(earlier, Decimal(999)),
        Reading(earlier + MINUTE, Decimal(1000)),
        Reading(earlier + 2 * MINUTE, Decimal(1400)),
        Reading(NOON - 5 * MINUTE, Decimal(1500)),
    ]
    received = NOON + 10 * MINUTE
    assert not_before_start(session(), told, received) == (
        *told[:2],
        Reading(received, Decimal(1400)),
        told[3],
    )


def test_what_a_register_said_before_does_not_count_again_under_a_clock_set_back() -> None:
    running = with_readings(session(), read(1100, 1400))
    told = [Reading(NOON - HOUR, Decimal(1400)), Reading(NOON - HOUR, Decimal(1401))]
    received = NOON + HOUR
    assert not_before_start(running, told, received) == (told[0], Reading(received, Decimal(1401)))


def test_without_any_register_nothing_tells_that_a_stamp_is_wrong() -> None:
    told = (Reading(NOON - HOUR, Decimal(1400)),)
    assert not_before_start(replace(session(), meter_start_wh=None), told, NOON) == told


@pytest.mark.parametrize(
    ("registers", "energies"),
    [
        ([1100, 1200, 1300], [100, 200, 300]),
        ([1100, 0, 1300], [100, 100, 300]),
        ([1100, 0, 50, 100], [100, 100, 150, 200]),
        ([1100, 1050, 1200], [100, 100, 200]),
    ],
)
def test_the_running_energy(registers: list[int], energies: list[int]) -> None:
    found, current = [], session()
    for reading in read(*registers):
        current = with_readings(current, [reading])
        found.append(int(current.energy_wh))
    assert found == energies


def test_the_same_reading_again_changes_nothing() -> None:
    once = with_readings(session(), read(1100, 1200, 1300))
    assert with_readings(once, [once.readings[1]]) is once
    assert with_readings(once, [once.readings[-1]]).energy_wh == once.energy_wh


@given(
    st.none() | st.integers(0, 3000),
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 3000) | st.just(0)), max_size=30),
)
def test_the_running_energy_is_that_of_all_readings(
    meter_start: int | None, steps: list[tuple[int, int]]
) -> None:
    """However odd the registers: the figure kept on the way is the one measured from what is kept."""
    current = session(meter_start_wh=None if meter_start is None else Decimal(meter_start))
    at = NOON
    for seconds, register in steps:
        at += seconds * SECOND
        current = with_readings(current, [Reading(at, Decimal(register))])
        assert current.energy_wh == energy_of(current).curve.total_wh
        assert current.energy_wh >= 0


@given(st.lists(st.tuples(st.integers(-400, 900), st.integers(0, 3000)), max_size=20))
def test_so_it_is_for_readings_out_of_order(steps: list[tuple[int, int]]) -> None:
    current, at = session(), NOON + DAY
    for seconds, register in steps:
        at += seconds * SECOND
        current = with_readings(current, [Reading(at, Decimal(register))])
        assert current.energy_wh == energy_of(current).curve.total_wh


def test_a_stop_settles_the_energy_by_the_registers() -> None:
    ended = stopped(with_readings(session(), read(2000, 3000)), stop(meter=5000), 7)
    assert (ended.state, ended.energy_wh, ended.flags) == (
        SessionState.ENDED,
        Decimal(4000),
        frozenset(),
    )
    assert ended.stop_connection == 7


def test_readings_after_the_end_do_not_count() -> None:
    running = with_readings(session(), read(2000, 3000, 9000))
    assert stopped(running, stop(NOON + 20 * MINUTE, None), 1).energy_wh == 2000


@pytest.mark.parametrize(
    ("received_after", "late"), [(DAY, False), (DAY + SECOND, True), (timedelta(0), False)]
)
def test_a_late_report_is_flagged(received_after: timedelta, late: bool) -> None:
    report = stop(received_at=NOON + HOUR + received_after)
    assert (Flag.LATE in stopped(session(), report, 1).flags) == late


@pytest.mark.parametrize(
    ("before", "received_after", "flags"),
    [(SECOND, MINUTE, set()), (HOUR, MINUTE, {Flag.CLOCK_CORRECTED})],
)
def test_a_stop_before_the_start_is_at_its_receipt(
    before: timedelta, received_after: timedelta, flags: set[Flag]
) -> None:
    report = stop(NOON - before, 3000, received_at=NOON + received_after)
    ended = stopped(session(), report, 1)
    assert ended.stop is not None
    assert ended.stop.stamp.at == NOON + received_after
    assert ended.stop.stamp.raw == report.stamp.raw
    assert (ended.energy_wh, ended.flags) == (Decimal(2000), flags)


def test_even_if_the_receipt_is_before_the_start() -> None:
    report = stop(NOON - HOUR, 1200, received_at=NOON - MINUTE)
    ended = stopped(session(), report, 1)
    assert ended.stop is not None
    assert ended.stop.stamp.at == NOON


@pytest.mark.parametrize(
    ("registers", "at", "meter", "end", "energy"),
    [
        # By the last reading
        ([2000, 3000], NOON + HOUR, None, NOON + 20 * MINUTE, 2000),
        ([2000, 3000], NOON + 15 * MINUTE, None, NOON + 15 * MINUTE, 1000),
        ([], NOON + HOUR, None, NOON + HOUR, 0),
        ([], NOON - HOUR, None, NOON, 0),
        # By the register told
        ([2000, 3000], NOON + HOUR, 3500, NOON + HOUR, 2500),
        ([2000, 3000], NOON + HOUR, 500, NOON + HOUR, 2000),
    ],
)
def test_closed_without_the_chargers_word(
    registers: list[int], at: datetime, meter: int | None, end: datetime, energy: int
) -> None:
    running = with_readings(session(), read(*registers))
    closed = closed_provisionally(running, at, None if meter is None else Decimal(meter))
    assert closed.stop is not None
    assert (closed.stop.stamp.at, closed.energy_wh) == (end, energy)
    assert closed.state is SessionState.PROVISIONAL
    assert Flag.PROVISIONAL in closed.flags


def given_up() -> Session:
    """Return a session closed by its last reading, with the flags of that."""
    running = with_readings(session(flags=frozenset({Flag.UNAUTHORIZED})), read(2000, 0, 500))
    closed = closed_provisionally(running, NOON + HOUR, None)
    assert closed.flags == {
        Flag.UNAUTHORIZED,
        Flag.PROVISIONAL,
        Flag.METER_RESET,
        Flag.ESTIMATED,
    }
    return closed


def test_the_real_end_takes_back_what_was_only_guessed() -> None:
    readings = with_readings(session(flags=frozenset({Flag.UNAUTHORIZED})), read(2000))
    closed = closed_provisionally(readings, NOON + HOUR, None)
    assert stopped(closed, stop(), 1).flags == {Flag.UNAUTHORIZED}
    assert stopped(given_up(), stop(meter=700), 1).flags == {
        Flag.UNAUTHORIZED,
        Flag.METER_RESET,
        Flag.METER_BACKWARDS,
        Flag.ESTIMATED,
    }


def test_given_up_too_early_it_goes_on() -> None:
    again = reopened(given_up())
    assert (again.state, again.stop, again.flags) == (
        SessionState.OPEN,
        None,
        {Flag.UNAUTHORIZED},
    )
    assert len(again.readings) == 3


def test_a_different_end_is_kept_once_beside_the_first() -> None:
    ended = stopped(session(), stop(meter=5000), 1)
    assert with_other_stop(ended, stop(NOON + 2 * HOUR, 5000)) is ended
    other = with_other_stop(ended, stop(meter=6000))
    assert (other.flags, other.energy_wh) == ({Flag.CONFLICT}, ended.energy_wh)
    assert with_other_stop(other, stop(NOON + DAY, 6000)) is other
    assert len(with_other_stop(other, stop(meter=None)).conflicts) == 2


def test_a_charger_that_never_reports_the_same_end_twice_is_not_remembered_for_ever() -> None:
    ended = stopped(session(), stop(meter=5000), 1)
    for meter in range(6000, 6500):
        ended = with_other_stop(ended, stop(meter=meter))
    assert ended.conflicts[0].meter_wh == 6000
    assert len(ended.conflicts) == 20


def test_the_curve_of_a_running_session_is_level_from_its_last_reading() -> None:
    running = with_readings(session(), read(2000, 3000))
    curve = running_curve(running, NOON + HOUR)
    assert (curve.end, curve.total_wh) == (NOON + HOUR, 2000)
    assert curve.energy_at(NOON + 21 * MINUTE) == 2000
    assert running_curve(running, NOON).end == NOON + 20 * MINUTE


def test_under_a_wrong_clock_the_registers_are_believed_whatever_the_time() -> None:
    began = session(flags=frozenset({Flag.CLOCK_CORRECTED}))
    assert stopped(began, stop(NOON, 31_000), 1).energy_wh == 30_000
    assert stopped(replace(began, flags=frozenset()), stop(NOON, 31_000), 1).energy_wh == 0


def test_a_start_without_words_is_a_start() -> None:
    assert session(start=stamp(raw=None)).is_open
