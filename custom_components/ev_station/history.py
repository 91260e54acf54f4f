"""The power of the last 24 hours per EVSE, thinned for the panel's sparkline."""

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from .model.ids import EvseId

STEP: Final = timedelta(minutes=15)
STEPS: Final = 96


class _Step(NamedTuple):
    """A quarter of an hour: the sum and the number of its samples."""

    start: datetime
    last: datetime
    total_w: float
    samples: int

    @property
    def mean_w(self) -> float:
        return round(self.total_w / self.samples)


class PowerHistory:
    """Quarter-hour means, at most 96 per EVSE."""

    def __init__(self) -> None:
        """Start without memory."""
        self._steps: dict[EvseId, deque[_Step]] = {}

    def add(self, evse: EvseId, at: datetime | None, power_w: Decimal | float | None) -> None:
        """Count a sample into its quarter of an hour; one no newer than the last is left out."""
        if at is None or power_w is None:
            return
        steps = self._steps.setdefault(evse, deque(maxlen=STEPS))
        start = at - (at - datetime.min.replace(tzinfo=at.tzinfo)) % STEP
        if not steps or steps[-1].start < start:
            steps.append(_Step(start, at, float(power_w), 1))
        elif steps[-1].start == start and steps[-1].last < at:
            step = steps.pop()
            steps.append(_Step(start, at, step.total_w + float(power_w), step.samples + 1))

    def seed(self, evse: EvseId, samples: Iterable[tuple[datetime, float]]) -> None:
        """Lay older samples, in order, under the ones that were counted already."""
        counted = self._steps.pop(evse, None)
        for at, power_w in samples:
            if not counted or at < counted[0].start:
                self.add(evse, at, power_w)
        self._steps.setdefault(evse, deque(maxlen=STEPS)).extend(counted or ())

    def forget(self, evse: EvseId) -> None:
        """Drop an EVSE that is gone."""
        self._steps.pop(evse, None)

    def points(self, evse: EvseId, now: datetime) -> list[tuple[str, float]]:
        """Return the means of the last 24 hours, oldest first, as ISO time and W."""
        first = now - STEP * STEPS
        steps = self._steps.get(evse, ())
        return [(step.start.isoformat(), step.mean_w) for step in steps if step.start >= first]
