"""What really happened, in true time and with all its watt-hours, to compare bills with."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

type Point = tuple[datetime, Decimal]


@dataclass(slots=True, kw_only=True)
class TrueSession:
    """One charging session as it was, whatever the charger told anybody about it."""

    connector: int
    tag: str
    start: datetime
    meter_start: int
    transaction_id: int | None = None
    end: datetime | None = None
    meter_stop: int | None = None
    reason: str | None = None
    wh: Decimal = Decimal(0)
    curve: list[Point] = field(default_factory=list)
    """Wh since the start, as the corners of a line: flat stretches have two."""
    _seen: datetime | None = None

    def grew(self, now: datetime, wh: Decimal) -> None:
        """Note how much energy has flowed by now."""
        if wh != self.wh or not self.curve:
            self._mark_end_of_pause()
            self.curve.append((now, wh))
        self.wh, self._seen = wh, now

    def _mark_end_of_pause(self) -> None:
        if self._seen and self.curve[-1][0] < self._seen:
            self.curve.append((self._seen, self.wh))

    def wh_between(self, begin: datetime, end: datetime) -> Decimal:
        """Return the energy of a stretch of time, by straight lines between the points."""
        return self._wh_at(end) - self._wh_at(begin)

    def _wh_at(self, moment: datetime) -> Decimal:
        before = max((p for p in self.curve if p[0] <= moment), default=None)
        after = min((p for p in self.curve if p[0] > moment), default=None)
        if before is None or after is None:
            return before[1] if before else Decimal(0)
        part = Decimal(repr((moment - before[0]) / (after[0] - before[0])))
        return before[1] + (after[1] - before[1]) * part
