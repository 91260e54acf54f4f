"""Register arithmetic: tables worked by hand, and properties of any readings."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise, permutations

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.model.session import Reading
from custom_components.ev_station.model.status import Flag
from custom_components.ev_station.session.register import Energy, Span, insert, measure

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
KW = Decimal(50_000)
RESET = {Flag.METER_RESET, Flag.ESTIMATED}
BACKWARDS = {Flag.METER_BACKWARDS, Flag.ESTIMATED}
type Number = int | str | None


def readings(*registers: Number, every: timedelta = 10 * MINUTE) -> list[Reading]:
    """Return readings at 10, 20, 30 ... minutes after noon; None leaves one out."""
    return [
        Reading(NOON + every * number, Decimal(register))
        for number, register in enumerate(registers, 1)
        if register is not None
    ]


def measured(
    start: Number,
    samples: Sequence[Number],
    stop: Number = None,
    *,
    ended: bool = True,
    **more: bool,
) -> Energy:
    """Return the energy of a session of an hour."""
    span = Span(
        start=NOON,
        meter_start_wh=None if start is None else Decimal(start),
        end=NOON + 60 * MINUTE if ended else None,
        meter_stop_wh=None if stop is None else Decimal(stop),
        max_power_w=KW,
        **more,
    )
    return measure(span, readings(*samples))


@pytest.mark.parametrize(
    ("start", "samples", "stop", "expected", "flags"),
    [
        # Begin and end decide; samples only shape.
        (1000, [], 6000, 5000, set()),
        (1000, [2000, 3000], 6000, 5000, set()),
        (1000, [6100], 6050, 5050, set()),
        (1000, [], 1000, 0, set()),
        ("1000.125", [], "1000.5", "0.375", set()),
        # No end, or none that can be believed: the samples.
        (1000, [2000, 3000], None, 2000, {Flag.ESTIMATED}),
        (None, [2000, 3000], 3500, 1500, {Flag.ESTIMATED}),
        (1000, [2000, 3000], 10**8, 2000, RESET),
        (1000, [], 10**8, 0, RESET),
        (None, [], 3000, 0, {Flag.ESTIMATED}),
        (None, [], None, 0, {Flag.ESTIMATED}),
        (1000, [2000, 3000], 0, 2000, BACKWARDS),
        (1000, [2000, 3000], 500, 2000, BACKWARDS),
        # Nothing but the ends, and the end below the begin: what a register that began anew shows.
        (10_000, [], 700, 700, BACKWARDS | RESET),
        (10_000, [], 9_999, 0, {Flag.METER_BACKWARDS}),
        # The end only repeats an older value.
        (10_000, [11_000, 12_000], 10_000, 2000, {Flag.ESTIMATED}),
        (10_000, [11_000, 12_000], 11_000, 2000, {Flag.ESTIMATED}),
        (None, [11_000, 12_000], 11_000, 1000, {Flag.ESTIMATED}),
        (0, [900_000_000, 900_001_000], 0, 1000, RESET),
        # Began anew within the session.
        (10_000, [12_000, 0, 1000], 1500, 3500, BACKWARDS | RESET),
        (100, [1100, 0, 500], 900, 1900, RESET),
        (0, [500, 1000, 0, 500, 1000], 1600, 2600, RESET),
        (100, [1100], 900, 1000, {Flag.ESTIMATED}),
        # Counts from the session's start under a lifetime meter.
        (1_000_000, [1000, 2000, 3000], 1_003_500, 3500, set()),
        (1_000_000, [1_000_100, 1000, 2000], 1_002_500, 2500, set()),
        (1_000_000, [1000, 2000], 2400, 2400, BACKWARDS | RESET),
        # Lifetime samples under a meter that counts from the session's start.
        (0, [900_000_000, 900_001_000], 1200, 1200, set()),
        # Reads 0, or far too much, now and then.
        (5000, [5500, 0, 6000, 0, 0, 6500], 7000, 2000, set()),
        (5000, [5500, 0], 7000, 2000, set()),
        (5000, [5500, 10**9, 6000], 7000, 2000, set()),
        (5000, [5500, 10**9], 7000, 2000, set()),
        (5000, [10**9, 5500], 7000, 2000, set()),
        # Runs over its last digit.
        (99_999_000, [99_999_500, 300], 800, 1800, set()),
        (99_999_000, [], 800, 1800, set()),
        (999_999_700, [], 500, 800, set()),
        # Close below a power of ten, but no meter is that small.
        (999_500, [], 200, 200, BACKWARDS | RESET),
        # Far below it: nobody takes 40 MWh.
        (60_000_000, [], 500, 500, BACKWARDS | RESET),
        # More than 32 bits.
        (2**33, [2**33 + 10], 2**33 + 1000, 1000, set()),
    ],
)
def test_the_energy_of_an_ended_session(
    start: Number, samples: list[Number], stop: Number, expected: Number, flags: set[Flag]
) -> None:
    energy = measured(start, samples, stop)
    assert energy.curve.total_wh == Decimal(str(expected))
    assert energy.flags == flags
    assert (energy.curve.start, energy.curve.end) == (NOON, NOON + 60 * MINUTE)


@pytest.mark.parametrize(
    ("start", "samples", "expected", "flags"),
    [
        (1000, [], 0, set()),
        (1000, [1500, 2500], 1500, set()),
        (None, [1500, 2500], 1000, set()),
        (1000, [1500, 1499, 1600], 600, set()),
        (1000, [1500, 1450], 500, set()),
        (1000, [1500, 0, 2000], 1000, set()),
        (1000, [1500, 0], 500, RESET),
        (1000, [1500, 0, 300], 800, RESET),
        # Climbs back over where it fell from: began anew all the same.
        (1000, [1500, 0, 400, 800, 1200, 1600], 2100, RESET),
        (1000, [1500, 10**9], 500, RESET),
        (1000, [1500, 10**9, 1600], 600, set()),
        # Another meter: nothing is known of the jump down.
        (10**9, [10**9 + 100, 500_000, 500_200], 300, RESET),
    ],
)
def test_the_energy_of_a_running_session(
    start: Number, samples: list[Number], expected: int, flags: set[Flag]
) -> None:
    energy = measured(start, samples, ended=False)
    assert energy.curve.total_wh == expected
    assert energy.flags == flags


def test_a_register_that_stands_at_0_for_long_has_begun_anew() -> None:
    """Eight odd readings are believed, be they flat; `insert` keeps two of a flat stretch."""
    energy = measured(1000, [1500, *[0] * 8, 1600], ended=False)
    assert energy.curve.total_wh == 500 + 1600


def test_under_a_wrong_clock_time_proves_nothing() -> None:
    assert measured(0, [], 10**6).curve.total_wh == 0
    assert measured(0, [], 10**6, timed=False).curve.total_wh == 10**6
    assert measured(0, [], 10**8, timed=False).curve.total_wh == 0


def test_what_fits_the_power_of_any_charger_is_believed_and_no_more() -> None:
    # 50 kW for an hour, a tenth more and half a kWh
    assert measured(0, [], 55_500).curve.total_wh == 55_500
    assert measured(0, [], 55_501).curve.total_wh == 0


def test_samples_shape_the_line_and_never_lift_it_over_the_end() -> None:
    curve = measured(0, [1000, 3000, 5040], 5000).curve
    assert [int(curve.energy_at(NOON + n * 10 * MINUTE)) for n in range(7)] == [
        0,
        1000,
        3000,
        5000,
        5000,
        5000,
        5000,
    ]


def test_a_session_without_duration_is_one_step() -> None:
    span = Span(
        start=NOON,
        meter_start_wh=Decimal(0),
        end=NOON,
        meter_stop_wh=Decimal(300),
        max_power_w=KW,
    )
    curve = measure(span, []).curve
    assert (curve.start, curve.end, curve.total_wh) == (NOON, NOON, 300)


anything = st.integers(0, 200_000) | st.sampled_from([0, 99_999_999, 2**33])


@given(st.none() | anything, st.lists(anything, max_size=12), st.none() | anything, st.booleans())
def test_energy_never_falls_is_never_negative_and_ends_with_the_session(
    start: int | None, samples: list[int], stop: int | None, ended: bool
) -> None:
    curve = measured(start, samples, stop, ended=ended).curve
    assert curve.points[0].energy_wh >= 0
    for one, other in pairwise(curve.points):
        assert one.at <= other.at
        assert one.energy_wh <= other.energy_wh
    if ended:
        assert curve.end == NOON + 60 * MINUTE


@given(st.integers(0, 10**7), st.lists(st.integers(0, 4000), min_size=1, max_size=5), st.data())
def test_a_true_register_with_any_zeros_in_it_bills_the_truth(
    start: int, rises: list[int], data: st.DataObject
) -> None:
    register, samples = start, []
    for rise in rises:
        register += rise
        samples.append(0 if data.draw(st.booleans()) else register)
    energy = measured(start, samples, register)
    assert energy.curve.total_wh == sum(rises)


@given(st.integers(10**6, 10**7), st.lists(st.integers(60, 4000), min_size=2, max_size=5))
def test_samples_that_count_from_the_start_bill_the_difference(
    start: int, rises: list[int]
) -> None:
    samples = [sum(rises[:number]) for number in range(1, len(rises))]
    energy = measured(start, samples, start + sum(rises))
    assert energy.curve.total_wh == sum(rises)
    assert energy.flags == set()


@given(
    st.integers(10_000, 10**6),
    st.lists(st.integers(100, 4000), min_size=1, max_size=2),
    st.lists(st.integers(100, 4000), min_size=2, max_size=3),
)
def test_a_reset_to_0_bills_both_segments(start: int, before: list[int], after: list[int]) -> None:
    first = [start + sum(before[: n + 1]) for n in range(len(before))]
    second = [sum(after[:n]) for n in range(len(after))]
    energy = measured(start, [*first, *second], sum(after))
    assert energy.curve.total_wh == sum(before) + sum(after)
    assert energy.flags >= RESET


def inserted(order: Sequence[Reading]) -> tuple[Reading, ...]:
    """Return what is kept of readings that arrive in this order."""
    kept: tuple[Reading, ...] = ()
    for reading in order:
        kept = insert(kept, reading)
    return kept


def test_readings_of_distinct_minutes_are_kept_sorted_whatever_their_order() -> None:
    found = readings(1, 2, 4, 7)
    for order in permutations(found):
        assert inserted(order) == tuple(found)


@given(st.lists(st.integers(1, 100), min_size=1, max_size=20, unique=True))
def test_order_does_not_matter_for_distinct_minutes(minutes: list[int]) -> None:
    order = [Reading(NOON + minute * MINUTE, Decimal(minute)) for minute in minutes]
    assert inserted(order) == tuple(sorted(order))


@pytest.mark.parametrize(
    ("seconds", "registers", "kept"),
    [
        # The first and the last of a minute.
        ([0, 10, 20, 30], [1, 2, 3, 4], [1, 4]),
        ([0, 10, 20, 60, 70, 80], [1, 2, 3, 4, 5, 6], [1, 3, 4, 6]),
        # Every fall.
        ([0, 10, 20, 30], [5, 0, 5, 0], [5, 0, 5, 0]),
        # A stretch without change is its two ends.
        ([0, 60, 120, 180], [5, 5, 5, 5], [5, 5]),
        ([0, 60, 120, 180, 240], [5, 5, 5, 6, 6], [5, 5, 6, 6]),
        # The same again, and one of a minute that was told.
        ([0, 60, 60, 60], [1, 2, 2, 2], [1, 2, 2]),
        ([0, 60, 120, 70], [1, 2, 3, 2], [1, 2, 3]),
        ([0, 60, 120, 119], [1, 2, 3, 3], [1, 2, 3]),
        ([60, 0], [2, 1], [1, 2]),
    ],
)
def test_what_is_kept(seconds: list[int], registers: list[int], kept: list[int]) -> None:
    order = [
        Reading(NOON + second * SECOND, Decimal(register))
        for second, register in zip(seconds, registers, strict=True)
    ]
    assert [reading.register_wh for reading in inserted(order)] == kept


@given(
    st.lists(st.tuples(st.integers(0, 1800), st.integers(0, 50)), max_size=60).map(
        lambda found: [Reading(NOON + s * SECOND, Decimal(r)) for s, r in found]
    )
)
def test_what_is_kept_is_sorted_and_was_told(order: list[Reading]) -> None:
    kept = inserted(order)
    assert [reading.at for reading in kept] == sorted(reading.at for reading in kept)
    assert set(kept) <= set(order)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=400))
def test_what_is_kept_is_bounded_by_the_minutes(steps: list[tuple[int, int]]) -> None:
    """Of a register that never falls: the two ends of each minute."""
    at, register, order = NOON, 0, []
    for seconds, rise in steps:
        at, register = at + seconds * SECOND, register + rise
        order.append(Reading(at, Decimal(register)))
    minutes = (at - NOON) // MINUTE + 1
    assert len(inserted(order)) <= 2 * minutes + 1


def test_there_is_a_most() -> None:
    found = tuple(Reading(NOON + n * 2 * MINUTE, Decimal(n)) for n in range(20_000))
    later = Reading(NOON + 90_000 * MINUTE, Decimal(99_999))
    assert insert(found, later) == (*found[:-1], later)
    assert insert(found, Reading(NOON + 3 * MINUTE, Decimal(1))) is found
