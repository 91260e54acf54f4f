"""How much energy had flowed by when: a session's register readings made one rising line."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

_MILLI: Final = 1000
_TICK: Final = timedelta(microseconds=1)


class CurvePoint(NamedTuple):
    """Energy since the session's start, at a moment."""

    at: datetime
    energy_wh: Decimal


@dataclass(frozen=True, slots=True)
class Curve:
    """A rising, piecewise linear line; at least one point, sorted by time, energies never falling."""

    points: tuple[CurvePoint, ...]

    @property
    def start(self) -> datetime:
        """Return the first point's moment."""
        return self.points[0].at

    @property
    def end(self) -> datetime:
        """Return the last point's moment."""
        return self.points[-1].at

    @property
    def total_wh(self) -> Decimal:
        """Return the energy of the whole session."""
        return self.points[-1].energy_wh

    def energy_at(self, moment: datetime) -> Decimal:
        """Return the energy since the start at a moment, to 0.001 Wh; linear between two points.

        Several points of one moment are a step: the moment itself has the last one's energy.
        """
        after = bisect_right(self.points, moment, key=lambda point: point.at)
        if after == 0:
            return Decimal(0)
        if after == len(self.points) or self.points[after - 1].at == moment:
            return self.points[after - 1].energy_wh
        return _between(self.points[after - 1], self.points[after], moment)

    def is_interpolated(self, moment: datetime) -> bool:
        """Return whether energy flowed between two readings around a moment none was taken at."""
        before = bisect_left(self.points, moment, key=lambda point: point.at)
        if before in {0, len(self.points)} or self.points[before].at == moment:
            return False
        return self.points[before].energy_wh != self.points[before - 1].energy_wh


def _between(low: CurvePoint, high: CurvePoint, moment: datetime) -> Decimal:
    share = Fraction((moment - low.at) // _TICK, (high.at - low.at) // _TICK)
    rise = Fraction(high.energy_wh - low.energy_wh) * share
    # A register with more than three decimals must not be overtaken by the rounding.
    return min(low.energy_wh + Decimal(round(rise * _MILLI)) / _MILLI, high.energy_wh)
