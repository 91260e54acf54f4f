"""The clocks: the world's, and the charger's, which may be wrong."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from .clock import EPOCH, ChargerClock, ManualClock, TimestampStyle, stamp

NOON = datetime(2026, 1, 31, 12, 0, 0, 123_456, tzinfo=UTC)


async def test_sleepers_wake_in_their_order_at_their_moments() -> None:
    clock = ManualClock(NOON)
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, *naps: float) -> None:
        for nap in naps:
            await clock.sleep(nap)
            woken.append((name, (clock.now() - NOON).total_seconds()))

    tasks = [asyncio.create_task(sleeper("a", 10, 25)), asyncio.create_task(sleeper("b", 20, 5))]
    await clock.advance(0)
    await clock.advance(30)
    assert woken == [("a", 10), ("b", 20), ("b", 25)]
    assert clock.now() == NOON + timedelta(seconds=30)
    await clock.advance(5)
    await asyncio.gather(*tasks)
    assert woken[-1] == ("a", 35)


async def test_an_unset_clock_runs_from_1970_until_told() -> None:
    world = ManualClock(NOON)
    own = ChargerClock(world, unset=True)
    await world.advance(90)
    assert own.now() == EPOCH + timedelta(seconds=90)
    own.set(world.now())
    assert own.now() == world.now()
    own.lose()
    assert own.now() == EPOCH


def test_a_stubborn_clock_is_never_set() -> None:
    own = ChargerClock(ManualClock(NOON), offset=timedelta(hours=2), obeys=False)
    own.set(NOON)
    assert own.now() == NOON + timedelta(hours=2)


@pytest.mark.parametrize(
    ("style", "text"),
    [
        (TimestampStyle.MILLISECONDS, "2026-01-31T12:00:00.123Z"),
        (TimestampStyle.SECONDS, "2026-01-31T12:00:00Z"),
        (TimestampStyle.SEVEN_DIGITS, "2026-01-31T12:00:00.1234560Z"),
        (TimestampStyle.OFFSET, "2026-01-31T14:00:00+02:00"),
        (TimestampStyle.SHORT_OFFSET, "2026-01-31T14:00:00+02"),
        (TimestampStyle.NAIVE_UTC, "2026-01-31T12:00:00"),
        (TimestampStyle.NAIVE_LOCAL, "2026-01-31T14:00:00"),
    ],
)
def test_spellings(style: TimestampStyle, text: str) -> None:
    assert stamp(NOON, style) == text
