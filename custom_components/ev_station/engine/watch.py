"""Storage that fails: chargers try again, and after a while are sent away to queue as offline (F28)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
import logging

from ..csms.server import CentralSystem
from ..model.errors import StorageUnavailable
from .types import Pace

_LOGGER = logging.getLogger(__name__)


class StorageWatch:
    """Waits beside failing storage until it works again."""

    def __init__(
        self,
        central: CentralSystem,
        probe: Callable[[], Awaitable[bool]],
        clock: Callable[[], datetime],
        pace: Pace,
    ) -> None:
        """`probe` writes what failed before, or as much, and tells whether that worked."""
        self.failing_since: datetime | None = None
        self._central = central
        self._probe = probe
        self._clock = clock
        self._pace = pace
        self._began = 0.0
        self._task: asyncio.Task[None] | None = None

    def failed(self, error: StorageUnavailable) -> None:
        """A commit failed."""
        if self.failing_since is not None:
            return
        self.failing_since = self._clock()
        # Our own clock may be set while we wait.
        self._began = asyncio.get_running_loop().time()
        _LOGGER.error("Storage does not take any more; chargers are asked to try again: %s", error)
        if self._task is None:
            self._task = asyncio.create_task(self._watch(), name="ev_station storage")

    def worked(self) -> None:
        """A commit succeeded."""
        if self.failing_since is not None:
            self.failing_since = None
            _LOGGER.warning("Storage works again")

    async def stop(self) -> None:
        """Watch no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _watch(self) -> None:
        try:
            while self.failing_since is not None:
                await asyncio.sleep(self._pace.probe_s)
                if self._has_lasted():
                    await self._look()
        finally:
            self._task = None
            self._central.resume()

    def _has_lasted(self) -> bool:
        lasted = asyncio.get_running_loop().time() - self._began
        return self.failing_since is not None and lasted >= self._pace.give_up_after_s

    async def _look(self) -> None:
        if await self._probe():
            self.worked()
        else:
            await self._central.suspend()
