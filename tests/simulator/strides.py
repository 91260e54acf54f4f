"""Lets time pass in a house in steps that grow while nothing changes."""

from collections.abc import Callable
from datetime import datetime, timedelta
import math
from typing import Final

from .point import VOLTS
from .premises import Premises

QUARTER: Final = timedelta(minutes=15)
_LONGEST_S: Final = 110.0
"""A live limit is renewed when it lasts for two minutes more."""
_GROWTH: Final = 3.0
_IDLE_GROWTH: Final = 12.0
"""While no car is there."""
_OVER_S: Final = 5.0
"""While a limit is exceeded: the time between two looks."""
_SAME_A: Final = 0.6
"""A change of a limit that is none worth a closer look; meters have more noise than that."""


def quarter_ends(now: datetime) -> datetime:
    """Return when the quarter of an hour is over."""
    since = now.replace(minute=0, second=0, microsecond=0)
    return since + ((now - since) // QUARTER + 1) * QUARTER


def stride(house: Premises, until: datetime, advance: Callable[[float], None]) -> None:
    """Advance to a moment before which loads and sun do not change."""
    step, shape = 1.0, _shape(house)
    while house.now < until:
        left = (until - house.now).total_seconds()
        advance(min(step, left, max(_battery_lasts_s(house), 1.0)))
        before, shape = shape, _shape(house)
        moved = max(abs(one - other) for one, other in zip(before, shape, strict=True))
        # What waits to be delivered may be the renewal of a limit that ends soon.
        if moved > _SAME_A or house.is_under_way or house.waiting:
            step = 1.0
        elif any(strain.over_s for strain in house.strains.values()):
            step = _OVER_S
        elif any(point.transaction for point in house.points):
            step = min(step * _GROWTH, _LONGEST_S)
        else:
            step *= _IDLE_GROWTH


def _battery_lasts_s(house: Premises) -> float:
    """Return when the home battery is empty: what it gave flows through the fuse then."""
    battery, takes = house.battery, float(house.battery_w or 0)
    if battery is None or takes >= 0:
        return math.inf
    return battery.level * battery.capacity_wh * 3600 / -takes


def _shape(house: Premises) -> list[float]:
    """Return what must stand still for a step to grow: limits and currents."""
    shape = [float(house.battery_w or 0) / VOLTS / 3]
    for point in house.points:
        shape += (point.allowed(house.now), point.offered, *point.amps)
    return shape
