"""When a car is expected: by hand, by the clock of Berlin."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from custom_components.ev_station.model.vehicle import Stay
from custom_components.ev_station.planning.arrivals import next_arrival

BERLIN = ZoneInfo("Europe/Berlin")


def stay(weeks_ago: int, hour: int, minute: int = 0, *, days: int = 0) -> Stay:
    """Return a night's stay from a Monday evening on, so long before 23 November 2026."""
    day = datetime(2026, 11, 23, hour, minute, tzinfo=BERLIN)
    arrival = (day - timedelta(weeks=weeks_ago, days=days)).astimezone(UTC)
    return Stay(arrival, arrival + timedelta(hours=12), arrival + timedelta(hours=12))


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    """Return a moment in Berlin, in winter an hour ahead."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


MONDAYS = (stay(4, 17), stay(3, 19), stay(2, 18, 30), stay(1, 18))


@pytest.mark.parametrize(
    ("stays", "now", "expected"),
    [
        # 17:00, 18:00, 18:30 and 19:00: the later of the two in the middle.
        (MONDAYS, at(12), at(18, 30)),
        (MONDAYS[1:], at(12), at(18, 30)),
        # It is a little late, and then no more.
        (MONDAYS, at(19, 15), at(19, 15)),
        (MONDAYS, at(19, 30), None),
        # The day before, but not two days before.
        (MONDAYS, at(9, day=22), at(18, 30)),
        (MONDAYS, at(9, day=21), None),
        # Twice is no habit; nor is what was five weeks ago; nor are other weekdays.
        (MONDAYS[2:], at(12), None),
        ((stay(5, 17), *MONDAYS[2:]), at(12), None),
        ((stay(3, 19, days=1), *MONDAYS[2:]), at(12), None),
        # The last arrival of a day counts.
        ((stay(1, 9), *MONDAYS), at(12), at(18, 30)),
        # It was here today already.
        ((*MONDAYS, stay(0, 8)), at(12), None),
        ((), at(12), None),
    ],
)
def test_a_car_comes_when_it_usually_did(
    stays: tuple[Stay, ...], now: datetime, expected: datetime | None
) -> None:
    assert next_arrival(stays, now, BERLIN) == expected
