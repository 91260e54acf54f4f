"""Once a day: a rolling backup of the ledger, and forgetting what is kept for a while only."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import date, datetime, timedelta
import logging
from zoneinfo import ZoneInfo

from ..model.errors import StorageUnavailable
from ..store.sqlite import SqliteStore

_LOGGER = logging.getLogger(__name__)


class Housekeeping:
    """Due on the first look of each local day."""

    def __init__(
        self,
        store: SqliteStore,
        writer: Executor,
        clock: Callable[[], datetime],
        keep_frames: timedelta,
    ) -> None:
        """`writer` is the one thread that writes to the store."""
        self.problem: str | None = None
        """Why the last backup could not be written; None: it was."""
        self._store = store
        self._writer = writer
        self._clock = clock
        self._keep_frames = keep_frames
        self._done_on: date | None = None

    async def look(self, zone: ZoneInfo) -> None:
        """Do the day's work if nobody did yet, this run or the one before."""
        today = self._clock().astimezone(zone).date()
        if self._done_on is None:
            backed_up = await asyncio.to_thread(self._store.backed_up_at)
            self._done_on = None if backed_up is None else backed_up.astimezone(zone).date()
        if self._done_on != today:
            # What fails today is tried again tomorrow: chargers come first.
            self._done_on = today
            await self._back_up()
            await self._prune()

    async def _back_up(self) -> None:
        """Copy beside the writer, which goes on committing."""
        try:
            await asyncio.to_thread(self._store.rotate_backups)
        except StorageUnavailable as error:
            self.problem = str(error)
            _LOGGER.error("The ledger's daily backup could not be written: %s", error)
        else:
            self.problem = None

    async def _prune(self) -> None:
        """Forget in small steps: between two of them every commit gets its turn."""
        loop = asyncio.get_running_loop()
        before = self._clock() - self._keep_frames
        try:
            while await loop.run_in_executor(self._writer, self._store.prune, before):
                pass
        except StorageUnavailable as error:
            _LOGGER.warning("Old frames could not be forgotten: %s", error)
