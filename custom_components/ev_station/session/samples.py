"""What the samples of one message say together: buckets of one moment made one, and the import register in each."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ..model.measurement import Context, Phase, Quantity, Sample

_ONE_ROUND: Final = timedelta(seconds=2)
"""Buckets this close belong to one round of sampling."""


def merged(samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
    """Return the samples with neighbours of one moment made one: some chargers send a bucket per phase (defect H)."""
    if len(samples) < 2:
        return samples
    rounds = [samples[0]]
    for sample in samples[1:]:
        last = rounds[-1]
        if _together(last.at, sample.at):
            rounds[-1] = _joined(last, sample)
        else:
            rounds.append(sample)
    return tuple(rounds)


def _joined(one: Sample, other: Sample) -> Sample:
    """Return two buckets as one; the values of the transaction's begin first, for of equals the last counts."""
    if other.context is Context.BEGIN:
        one, other = other, one
    return one._replace(measurements=one.measurements + other.measurements)


def _together(one: datetime | None, other: datetime | None) -> bool:
    return one == other or (
        one is not None and other is not None and abs(other - one) <= _ONE_ROUND
    )


def register_of(sample: Sample) -> Decimal | None:
    """Return a sample's import register, the sum of the phases if it is told per phase only; never below zero.

    Of several the highest: some send the transaction's begin value beside the present one (Project EV).
    """
    whole, phases = None, {}
    for measurement in sample.measurements:
        if measurement.quantity is not Quantity.ENERGY_IMPORT_REGISTER or measurement.value < 0:
            continue
        if measurement.phase is None:
            whole = measurement.value if whole is None else max(whole, measurement.value)
        elif measurement.phase is not Phase.N:
            phases[measurement.phase] = measurement.value
    return whole if whole is not None or not phases else sum(phases.values(), Decimal(0))
