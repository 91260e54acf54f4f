"""What the samples of one message say together."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from custom_components.ev_station.model.measurement import (
    Context,
    Measurement,
    Phase,
    Quantity,
    Sample,
)
from custom_components.ev_station.session.samples import merged, register_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
REGISTER, POWER = Quantity.ENERGY_IMPORT_REGISTER, Quantity.POWER_IMPORT


def bucket(at: datetime | None, *values: int, context: Context = Context.PERIODIC) -> Sample:
    """Return a sample of registers."""
    found = tuple(Measurement(REGISTER, None, Decimal(value)) for value in values)
    return Sample(at, context, found)


def values(samples: tuple[Sample, ...]) -> list[list[int]]:
    """Return the numbers in each sample."""
    return [[int(each.value) for each in sample.measurements] for sample in samples]


@pytest.mark.parametrize(
    ("apart", "expected"),
    [([0, 0, 0], [[1, 2, 3]]), ([0, 2, 3], [[1, 2], [3]]), ([0, 3, 5], [[1], [2, 3]])],
)
def test_buckets_of_one_moment_are_one(apart: list[int], expected: list[list[int]]) -> None:
    samples = tuple(bucket(NOON + apart[n] * SECOND, n + 1) for n in range(3))
    assert values(merged(samples)) == expected


def test_buckets_without_a_time_are_of_one_moment_and_others_of_none_of_theirs() -> None:
    assert values(merged((bucket(None, 1), bucket(None, 2), bucket(NOON, 3)))) == [[1, 2], [3]]


def test_nothing_and_one_stay() -> None:
    one = (bucket(NOON, 1),)
    assert merged(()) == ()
    assert merged(one) is one


def test_the_begins_values_come_first_wherever_they_stand() -> None:
    begin = bucket(NOON, 1, context=Context.BEGIN)
    present = bucket(NOON, 2)
    assert values(merged((begin, present))) == values(merged((present, begin))) == [[1, 2]]


def measured(*found: tuple[Quantity, Phase | None, int]) -> Sample:
    """Return a sample of measurements."""
    return Sample(NOON, Context.PERIODIC, tuple(Measurement(q, p, Decimal(v)) for q, p, v in found))


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (measured(), None),
        (measured((POWER, None, 7)), None),
        (measured((REGISTER, None, 5)), 5),
        (measured((REGISTER, None, 5), (REGISTER, None, 3)), 5),
        (measured((REGISTER, None, 3), (REGISTER, None, 5)), 5),
        (measured((REGISTER, Phase.L1, 5)), 5),
        (measured((REGISTER, Phase.L1, 5), (REGISTER, Phase.L2, 6), (REGISTER, Phase.N, 9)), 11),
        (measured((REGISTER, Phase.L1, 5), (REGISTER, None, 30)), 30),
        (measured((REGISTER, Phase.N, 9)), None),
    ],
)
def test_the_register_of_a_sample(sample: Sample, expected: int | None) -> None:
    assert register_of(sample) == expected
