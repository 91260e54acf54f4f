"""What the sun leaves for cars: the surplus, and who may live on it, with patience for clouds."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from ..model.allowance import Allowance
from ..model.energy import BatterySettings, EnergyReading, SurplusSettings
from ..model.ids import EvseId
from .allocation import Rank
from .loads import Drawn, SurplusMemory, guess

_ALIKE_W: Final = Decimal(115)
_STEADY_W: Final = Decimal(230)
"""A smaller change of the surplus is not followed: an ampere of one phase."""
_FOLLOWED_EVERY: Final = timedelta(seconds=10)
_WORTH_IMPORT_WS: Final = Decimal(230 * 60)
_WORTH_EXPORT_WS: Final = Decimal(230 * 120)
"""What a change must have cost to be followed: the larger, the sooner. Some chargers write each limit to flash."""
_PLUNGE_W: Final = Decimal(2000)
"""A larger loss is followed at once."""
STALE_AFTER: Final = timedelta(minutes=2)
_ZERO: Final = Decimal(0)


class Sun(StrEnum):
    """What the surplus means for a car."""

    SHINES = "shines"
    CLOUDED = "clouded"
    """Not enough for the least, but perhaps again soon."""
    GONE = "gone"


def taken_w(reading: EnergyReading, battery: BatterySettings | None) -> Decimal | None:
    """Return what the site takes from elsewhere than its own sun, cars included; negative: what is over.

    What charges the home battery is over too, unless the battery comes first; what it gives is no sun.
    """
    if reading.grid_w is None:
        return None
    charging = reading.battery_w or _ZERO
    if charging > 0 and _comes_first(reading.battery_percent, battery):
        return reading.grid_w
    return reading.grid_w - charging


def _comes_first(percent: Decimal | None, battery: BatterySettings | None) -> bool:
    return percent is not None and battery is not None and percent < battery.first_below_percent


def looked(
    memory: SurplusMemory | None, taken: Decimal, drawn: Drawn, now: datetime
) -> SurplusMemory:
    """Return what is known after a look; `drawn` is what cars that follow the sun draw, W."""
    if memory is None:
        house = taken - (drawn.least if drawn.likely is None else drawn.likely)
        return SurplusMemory(house, None, -house, now)
    house, doubted = guess(
        memory.house_w, memory.doubted_since, taken, drawn, now=now, alike=_ALIKE_W
    )
    change = -house - memory.followed_w
    if change < -_PLUNGE_W or _is_worth_it(change, now - memory.followed_at):
        return SurplusMemory(house, doubted, -house, now)
    return replace(memory, house_w=house, doubted_since=doubted)


def _is_worth_it(change: Decimal, elapsed: timedelta) -> bool:
    if abs(change) < _STEADY_W or elapsed < _FOLLOWED_EVERY:
        return False
    missed = abs(change) * Decimal(elapsed.total_seconds())
    return missed >= (_WORTH_EXPORT_WS if change > 0 else _WORTH_IMPORT_WS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bather:
    """Somebody who lives on the sun alone, or hopes to."""

    evse: EvseId
    least_w: int
    running: bool
    rank: Rank


def reached(bathers: Iterable[Bather], surplus_w: int) -> frozenset[EvseId]:
    """Return for whom the surplus is enough: those who run first, then by rank."""
    found = set()
    for each in sorted(bathers, key=lambda each: (not each.running, each.rank, each.evse)):
        if each.least_w <= surplus_w:
            found.add(each.evse)
            surplus_w -= each.least_w
    return frozenset(found)


def weathered(
    allowance: Allowance, settings: SurplusSettings, now: datetime, *, reached: bool
) -> Allowance:
    """Return an allowance that remembers the weather: it turns when it has been otherwise for long enough."""
    if reached is allowance.sunny:
        return replace(allowance, sun_turned_at=None)
    since = allowance.sun_turned_at or now
    wait = settings.starts_after_s if reached else settings.stops_after_s
    if now - since >= timedelta(seconds=wait):
        return replace(allowance, sunny=reached, sun_turned_at=None)
    return replace(allowance, sun_turned_at=since)


def forgotten(allowance: Allowance) -> Allowance:
    """Return an allowance that knows of no weather."""
    if not allowance.sunny and allowance.sun_turned_at is None:
        return allowance
    return replace(allowance, sunny=False, sun_turned_at=None)


def sun_on(allowance: Allowance) -> Sun:
    """Return what the surplus means for a car whose weather is known."""
    if not allowance.sunny:
        return Sun.GONE
    return Sun.SHINES if allowance.sun_turned_at is None else Sun.CLOUDED
