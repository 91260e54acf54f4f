"""The home battery beside the cars: what it lends them, when it is drained on purpose, when it is held."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from ..model.allowance import ReasonKind
from ..model.energy import BatterySettings, EnergyReading
from ..model.events import SiteObserved
from ..model.state import HomeBattery
from .claims import Allotted, Supply
from .loads import BatteryMemory

_RISE_PERCENT: Final = 5
"""It lends again only when it has risen this far above the level at which it stopped."""
HELD_ON: Final = timedelta(minutes=2)
"""It is let go this long after the last reason to hold it, so that it is not switched with every pause."""
_TOLERANCE_W: Final = 230
_FULL: Final = 100
_SHORT_FOR: Final = timedelta(seconds=30)
"""A battery takes some seconds to follow what the house takes; after this it is at its end."""
_TRIED_AGAIN: Final = timedelta(minutes=15)
"""What a cold or nearly empty battery gives may be more later."""


def lends(before: HomeBattery, percent: int | None, settings: BatterySettings) -> bool:
    """Return whether it is full enough to support cars that follow the sun; with no known level it is not."""
    level = settings.lends_above_percent
    if percent is None or percent <= level:
        return False
    return before.lends or percent >= min(level + _RISE_PERCENT, _FULL)


def boost_is_over(percent: int | None, settings: BatterySettings) -> bool:
    """Return whether it is drained as far as a boost may; while nobody knows, a boost only pauses."""
    return percent is not None and percent <= settings.boost_to_percent


def learnt(memory: BatteryMemory, reading: EnergyReading, now: datetime) -> BatteryMemory:
    """Return what is known of the battery's end: what it gives while the site imports all the same."""
    if reading.battery_w is None or (reading.grid_w or 0) <= _TOLERANCE_W:
        stale = memory.learnt_at is None or now - memory.learnt_at >= _TRIED_AGAIN
        return BatteryMemory() if stale else replace(memory, short_since=None)
    since = memory.short_since or now
    if now - since < _SHORT_FOR:
        return replace(memory, short_since=since)
    return BatteryMemory(since, max(int(-reading.battery_w), 0), now)


def lent_w(
    battery: HomeBattery, settings: BatterySettings | None, event: SiteObserved, *, boosts: bool
) -> int:
    """Return what it adds to the surplus; what it already gives is not part of that."""
    if settings is None or event.battery_percent is None or battery.held:
        return 0
    most = settings.gives_w if event.battery_most_w is None else event.battery_most_w
    return min(most, settings.gives_w) if boosts or battery.lends else 0


def boosted(allotted: Allotted) -> Allotted:
    """Return what a boost makes of what a mode allots: sun and battery together, without waiting for either."""
    if allotted.reason is ReasonKind.OFF or _is_free(allotted):
        return allotted
    return Allotted(reason=ReasonKind.BOOST, of_sun=True, guaranteed=allotted.guaranteed)


def needs_hold(allotted: Allotted, drawn_w: int | None, over_w: int) -> bool:
    """Return whether a car that draws this would drain it: by a mode that takes whatever there is.

    `over_w` is the surplus with what the battery lends; `drawn_w` is None where nobody measures.
    """
    if _is_free(allotted):
        return True
    return allotted.guaranteed and drawn_w is not None and drawn_w > max(over_w, 0) + _TOLERANCE_W


def held(before: HomeBattery, now: datetime, *, needed: bool) -> HomeBattery:
    """Return it held at once when that is needed, and let go a while after."""
    if needed:
        return replace(before, held=True, held_until=None)
    if not before.held:
        return before
    until = before.held_until or now + HELD_ON
    if now >= until:
        return replace(before, held=False, held_until=None)
    return replace(before, held_until=until)


def _is_free(allotted: Allotted) -> bool:
    return allotted.supply is Supply.ALL and not allotted.of_sun
