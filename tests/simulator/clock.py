"""Time for the simulated world, and the clock a charger wears, which may be wrong."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
import heapq
from itertools import count
from typing import Protocol, override

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOLERANCE = timedelta(seconds=1)


class Clock(Protocol):
    """True time; seconds are seconds of the simulated world."""

    def now(self) -> datetime:
        """Return the true time, aware, in UTC."""

    async def sleep(self, seconds: float) -> None:
        """Let that many simulated seconds pass."""


class RealClock(Clock):
    """Wall time, or wall time run `rate` times as fast from `start` on."""

    def __init__(self, rate: float = 1.0, start: datetime | None = None) -> None:
        self.rate = rate
        self._start = start or datetime.now(UTC)
        self._began = datetime.now(UTC)

    @override
    def now(self) -> datetime:
        return self._start + (datetime.now(UTC) - self._began) * self.rate

    @override
    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.rate)


class ManualClock(Clock):
    """Time that stands still until a test moves it."""

    def __init__(self, start: datetime = datetime(2026, 1, 5, 8, tzinfo=UTC)) -> None:
        self._now = start
        self._order = count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []

    @override
    def now(self) -> datetime:
        return self._now

    @override
    async def sleep(self, seconds: float) -> None:
        waker: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        due = self._now + timedelta(seconds=seconds)
        heapq.heappush(self._sleepers, (due, next(self._order), waker))
        await waker

    async def advance(self, seconds: float) -> None:
        """Pass that many seconds, waking every sleeper at its own moment."""
        await _let_others_run()
        target = self._now + timedelta(seconds=seconds)
        while self._sleepers and self._sleepers[0][0] <= target:
            await self._wake_next()
        self._now = target
        await _let_others_run()

    async def _wake_next(self) -> None:
        due, _, waker = heapq.heappop(self._sleepers)
        self._now = max(self._now, due)
        if not waker.done():
            waker.set_result(None)
            await _let_others_run()


async def _let_others_run() -> None:
    """Give woken tasks the turns they need to act and fall asleep again."""
    for _ in range(5):
        await asyncio.sleep(0)


class ChargerClock:
    """The clock inside a charger: right, offset, or still at 1970 until somebody sets it."""

    def __init__(
        self,
        world: Clock,
        *,
        offset: timedelta = timedelta(0),
        unset: bool = False,
        obeys: bool = True,
    ) -> None:
        self._world = world
        self._offset = offset
        self._obeys = obeys
        if unset:
            self.lose()

    def now(self) -> datetime:
        """Return what the charger believes the time is."""
        return self._world.now() + self._offset

    def set(self, told: datetime) -> None:
        """Take over the central system's time, unless this charger never does.

        A difference of up to a second is left alone: currentTime may come in whole seconds.
        """
        if self._obeys and abs(told - self.now()) > _TOLERANCE:
            self._offset = told - self._world.now()

    def lose(self) -> None:
        """Start again at 1970, as a clock without a battery does at power-up."""
        self._offset = EPOCH - self._world.now()


class TimestampStyle(StrEnum):
    """How a charger spells a moment; every one of these was seen in the field."""

    MILLISECONDS = "2026-01-31T10:00:00.000Z"
    SECONDS = "2026-01-31T10:00:00Z"
    SEVEN_DIGITS = "2026-01-31T10:00:00.0000000Z"
    OFFSET = "2026-01-31T12:00:00+02:00"
    SHORT_OFFSET = "2026-01-31T12:00:00+02"
    NAIVE_UTC = "2026-01-31T10:00:00"
    NAIVE_LOCAL = "2026-01-31T12:00:00"


_TWO_EAST = timezone(timedelta(hours=2))


def stamp(moment: datetime, style: TimestampStyle = TimestampStyle.MILLISECONDS) -> str:
    """Spell an aware moment; local styles are two hours east of UTC."""
    seconds = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    local = moment.astimezone(_TWO_EAST).strftime("%Y-%m-%dT%H:%M:%S")
    spellings = {
        TimestampStyle.MILLISECONDS: f"{seconds}.{moment.microsecond // 1000:03d}Z",
        TimestampStyle.SECONDS: f"{seconds}Z",
        TimestampStyle.SEVEN_DIGITS: f"{seconds}.{moment.microsecond:06d}0Z",
        TimestampStyle.OFFSET: f"{local}+02:00",
        TimestampStyle.SHORT_OFFSET: f"{local}+02",
        TimestampStyle.NAIVE_UTC: seconds,
        TimestampStyle.NAIVE_LOCAL: local,
    }
    return spellings[style]


def read_stamp(text: str) -> datetime:
    """Read a central system's timestamp; one without a zone is UTC, OCPP 1.6 §3.14."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
