"""Points in any order become a series."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.sources.intervals import Point, normalised

ZERO = datetime(2026, 11, 23, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return ZERO + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ([], []),
        ([0], [60]),
        ([0, 60, 120], [60, 120, 180]),
        ([0, 15, 30], [15, 30, 45]),
        # An hour is missing.
        ([0, 60, 180, 240], [60, 120, 240, 300]),
        ([0, 120, 180], [60, 180, 240]),
        ([0, 60, 180], [60, 120, 240]),
        # A quarter is missing.
        ([0, 15, 45, 60], [15, 30, 60, 75]),
        # Hours, then quarters, and back.
        ([0, 60, 120, 135, 150], [60, 120, 135, 150, 165]),
        ([0, 15, 30, 90, 150], [15, 30, 90, 150, 210]),
        ([0, 60, 75, 90], [60, 75, 90, 105]),
        # Steps of three hours.
        ([0, 180, 360, 540], [180, 360, 540, 720]),
    ],
)
def test_ends_nobody_says(starts: Sequence[int], ends: Sequence[int]) -> None:
    series = normalised(Point(at(start), None, Decimal(1)) for start in starts)
    assert [(each.start, each.end) for each in series] == [
        (at(start), at(end)) for start, end in zip(starts, ends, strict=True)
    ]


def test_an_end_gives_way_to_the_next_begin() -> None:
    points = [
        Point(at(0), at(60), Decimal(1)),
        Point(at(15), at(30), Decimal(2)),
        Point(at(15), at(45), Decimal(3)),
        Point(at(20), at(20), Decimal(4)),
    ]
    assert [(each.start, each.end, each.value) for each in normalised(points)] == [
        (at(0), at(15), 1),
        (at(15), at(20), 2),
    ]


POINTS = st.lists(
    st.builds(
        lambda start, length, value: Point(at(start), at(start + length), Decimal(value)),
        st.integers(0, 500),
        st.integers(1, 90),
        st.integers(-3, 3),
    )
)


@given(POINTS, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(points: list[Point], random: Random) -> None:
    series = normalised(points)
    shuffled = points * 2
    random.shuffle(shuffled)
    assert normalised(shuffled) == series


@given(POINTS)
def test_in_order_without_overlap_and_never_more_than_was_said(points: list[Point]) -> None:
    series = normalised(points)
    assert all(each.start < each.end for each in series)
    assert all(one.end <= other.start for one, other in pairwise(series))
    covered = {
        minute for each in series for minute in range(minutes(each.start), minutes(each.end))
    }
    said = {
        minute
        for point in points
        if point.end
        for minute in range(minutes(point.start), minutes(point.end))
    }
    assert covered <= said


@given(st.integers(1, 200), st.sampled_from([5, 15, 30, 60]), st.randoms(use_true_random=False))
def test_points_without_holes_cover_their_time_exactly(
    count: int, step: int, random: Random
) -> None:
    points = [Point(at(step * number), None, Decimal(number)) for number in range(count)]
    random.shuffle(points)
    series = normalised(points)
    assert [each.value for each in series] == list(range(count))
    assert all(one.end == other.start for one, other in pairwise(series))
    assert (series[0].start, series[-1].end) == (at(0), at(step * count if count > 1 else 60))


def minutes(moment: datetime) -> int:
    return (moment - ZERO) // timedelta(minutes=1)
