"""When a source is asked again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from custom_components.ev_station.sources.publication import next_asking

PARIS = ZoneInfo("Europe/Paris")
SPREAD = timedelta(seconds=90)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=PARIS).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "known_until", "failures", "asked"),
    [
        # Today is known: at 13:00.
        (local(23, 9), local(24, 0), 0, local(23, 13) + SPREAD),
        # So is tomorrow: at 13:00 tomorrow.
        (local(23, 14), local(25, 0), 0, local(24, 13) + SPREAD),
        (local(24, 9), local(25, 0), 3, local(24, 13) + SPREAD),
        # Something is missing: soon, then less often, never less than once an hour.
        (local(23, 9), None, 0, local(23, 9, 5)),
        (local(23, 9), local(23, 20), 1, local(23, 9, 5)),
        (local(23, 9), local(23, 20), 2, local(23, 9, 10)),
        (local(23, 13), local(24, 0), 0, local(23, 13, 5)),
        (local(23, 15), local(24, 0), 4, local(23, 15, 40)),
        (local(23, 15), local(24, 0), 5, local(23, 16)),
        (local(23, 15), local(24, 0), 99, local(23, 16)),
    ],
)
def test_next_asking(
    now: datetime, known_until: datetime | None, failures: int, asked: datetime
) -> None:
    assert next_asking(now, known_until, failures, PARIS, SPREAD) == asked


def test_a_day_of_25_hours_ends_with_its_last() -> None:
    now = datetime(2026, 10, 24, 14, tzinfo=PARIS)
    midnight = datetime(2026, 10, 26, tzinfo=PARIS).astimezone(UTC)
    known = midnight - timedelta(hours=2)
    assert next_asking(now, known, 0, PARIS, SPREAD) == now + timedelta(minutes=5)
    tomorrow = datetime(2026, 10, 25, 13, tzinfo=PARIS) + SPREAD
    assert next_asking(now, midnight, 0, PARIS, SPREAD) == tomorrow


def test_in_portugal_the_markets_day_ends_an_hour_before_midnight() -> None:
    lisbon = ZoneInfo("Europe/Lisbon")
    now = datetime(2026, 11, 23, 14, tzinfo=lisbon)
    known = datetime(2026, 11, 24, 23, tzinfo=lisbon)
    tomorrow = datetime(2026, 11, 24, 13, tzinfo=lisbon) + SPREAD
    assert next_asking(now, known, 0, lisbon, SPREAD) == tomorrow
