"""When a car that is away usually comes home, learnt from when it came."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from ..model.vehicle import Stay

WEEKS: Final = 4
LEAST: Final = 3
"""So often in so many weeks it came on a weekday that it usually comes then."""
LATE: Final = timedelta(hours=1)
"""So long after its usual time it is still waited for."""
_DAYS: Final = 2


def next_arrival(stays: Sequence[Stay], now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return when a car is expected, in UTC: today or tomorrow, at the middle one of its times on such a day.

    None: it does not usually come then.
    """
    last = {each.date(): each for each in (stay.arrival.astimezone(zone) for stay in stays)}
    today = now.astimezone(zone).date()
    for day in (today + timedelta(days=ahead) for ahead in range(_DAYS)):
        before = (day - timedelta(weeks=weeks) for weeks in range(1, WEEKS + 1))
        times = sorted(last[date].time() for date in before if date in last)
        if day in last or len(times) < LEAST:
            continue
        usual = datetime.combine(day, times[len(times) // 2], zone).astimezone(UTC)
        if now < usual + LATE:
            return max(usual, now)
    return None
