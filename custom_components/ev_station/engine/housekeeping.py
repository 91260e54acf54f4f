"""Once a day: the ledger is verified and copied, and what is kept for a while only is forgotten."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from datetime import date, datetime, timedelta
import logging
from time import monotonic
from typing import Final
from zoneinfo import ZoneInfo

from ..model.chain import ChainBreak
from ..model.errors import EvStationError
from ..model.records import ChainHead
from ..store.sqlite import SqliteStore

_LOGGER = logging.getLogger(__name__)
_SHORTEST_DAY_S: Final = 20 * 3600.0
"""Less than this between two dates means that the clock was set."""


class Housekeeping:
    """Due on the first look of each local day; the ledger is verified on the first look of each run too."""

    def __init__(
        self,
        store: SqliteStore,
        writer: Executor,
        clock: Callable[[], datetime],
        keep_frames: timedelta,
        head: Callable[[], ChainHead],
        checkpoint: Callable[[], Awaitable[object]],
        elapsed: Callable[[], float] = monotonic,
    ) -> None:
        """`writer` is the one thread that writes to the store; `head` is where its ledger must stand.

        `checkpoint` writes one: only inputs before the oldest kept one can be forgotten.
        `elapsed` counts seconds, however the clock is set.
        """
        self.problem: str | None = None
        """Why the last backup could not be written; None: it was."""
        self.ledger_break: ChainBreak | None = None
        """Where the ledger is not what was written; None: nowhere, when it was last verified."""
        self._store = store
        self._writer = writer
        self._clock = clock
        self._keep_frames = keep_frames
        self._head = head
        self._checkpoint = checkpoint
        self._elapsed = elapsed
        self._began: float | None = None
        """When the day's work was last begun, in elapsed seconds; None: not in this run."""
        self._verified_on: date | None = None
        self._done_on: date | None = None

    async def look(self, zone: ZoneInfo) -> None:
        """Do the day's work if nobody did yet, this run or the one before."""
        today = self._clock().astimezone(zone).date()
        if self._verified_on != today:
            self._verified_on = today
            await self._verify()
        if self._done_on is None:
            self._done_on = await self._backed_up_on(zone)
        if self._done_on != today and self._day_is_over():
            self._began = self._elapsed()
            # What fails today is tried again tomorrow: chargers come first.
            self._done_on = today
            await self._checkpoint()
            await self._back_up()
            await self._prune()

    def _day_is_over(self) -> bool:
        return self._began is None or self._elapsed() - self._began >= _SHORTEST_DAY_S

    async def _verify(self) -> None:
        """Read the whole ledger beside the writer."""
        try:
            found = await asyncio.to_thread(self._store.verify_chain, self._head())
        except EvStationError as error:
            _LOGGER.error("The ledger could not be verified: %s", error)
            return
        if found is not None and found != self.ledger_break:
            _LOGGER.error("Line %d of the ledger does not hold: %s", found.sequence, found.problem)
        self.ledger_break = found

    async def _backed_up_on(self, zone: ZoneInfo) -> date | None:
        try:
            newest = await asyncio.to_thread(self._store.backed_up_at)
        except EvStationError:
            return None
        return None if newest is None else newest.astimezone(zone).date()

    async def _back_up(self) -> None:
        """Copy beside the writer, which goes on committing."""
        if self.ledger_break is not None:
            # The copies there are may be the last that hold what is missing.
            return
        try:
            await asyncio.to_thread(self._store.rotate_backups)
        except EvStationError as error:
            self.problem = str(error)
            _LOGGER.error("The ledger's daily backup could not be written: %s", error)
        else:
            self.problem = None

    async def _prune(self) -> None:
        """Forget in small steps: between two of them every commit gets its turn."""
        loop = asyncio.get_running_loop()
        now = self._clock()
        try:
            await loop.run_in_executor(self._writer, self._store.begin_day, now)
            while await loop.run_in_executor(
                self._writer, self._store.prune, now, self._keep_frames
            ):
                pass
            await loop.run_in_executor(self._writer, self._store.fold)
        except EvStationError as error:
            _LOGGER.warning("Old frames could not be forgotten: %s", error)
