"""Days worth watching second by second: when the house needs much, the sun plays, or something fails."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from tests.simulator.premises import Premises
from tests.simulator.sunlight import Sky

type Happening = Callable[[Premises], None]
"""Called every second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Some hours of a day."""

    name: str
    first: datetime
    hours: int
    sky: Sky | None = None
    happens: Happening | None = None


def _clock(house: Premises) -> timedelta:
    return house.now - house.now.replace(hour=0, minute=0, second=0)


def _dead_meter(house: Premises) -> None:
    """Let the main meter be silent from half past five to half past eight."""
    dead = timedelta(hours=17.5) <= _clock(house) < timedelta(hours=20.5)
    house.speechless = {"main"} if dead else set()


def _outage(house: Premises) -> None:
    """Let Home Assistant be down from six to half past seven."""
    down = timedelta(hours=18) <= _clock(house) < timedelta(hours=19.5)
    if down and house.controlled:
        house.go_down()
    elif not down and not house.controlled:
        house.come_back()


_TOLD: Final = (
    (timedelta(hours=17), Decimal(20)),
    (timedelta(hours=18), Decimal(12)),
    (timedelta(hours=18.5), Decimal(16)),
    (timedelta(hours=20), None),
)


def _told(house: Premises) -> None:
    """Let the grid operator lower the limit in the evening."""
    clock = _clock(house)
    known = [limit for since, limit in _TOLD if since <= clock]
    house.told_limit = known[-1] if known else None


DAYS: Final = (
    Day(name="winter evening", first=datetime(2026, 1, 13, 15, tzinfo=UTC), hours=9),
    Day(name="clear June day", first=datetime(2026, 6, 17, 4, tzinfo=UTC), hours=15, sky=Sky.CLEAR),
    Day(
        name="cloudy April day",
        first=datetime(2026, 4, 15, 6, tzinfo=UTC),
        hours=12,
        sky=Sky.MIXED,
    ),
    Day(
        name="dead meter",
        first=datetime(2026, 2, 10, 16, tzinfo=UTC),
        hours=7,
        happens=_dead_meter,
    ),
    Day(
        name="Home Assistant down",
        first=datetime(2026, 3, 11, 16, tzinfo=UTC),
        hours=7,
        happens=_outage,
    ),
    Day(
        name="operator's limit", first=datetime(2026, 2, 4, 16, tzinfo=UTC), hours=7, happens=_told
    ),
)
