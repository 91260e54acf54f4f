"""Group commit: inputs reduced in memory become durable together, or are undone together."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
import logging
from typing import Final, Protocol

from ..model.answers import Answer
from ..model.errors import EvStationError, NotHandled, StorageUnavailable
from ..model.records import Entry, Frame
from ..model.state import Changes
from ..station import Outcome

_LOGGER = logging.getLogger(__name__)
_OWED: Final = 1000
"""Raw frames remembered while storage fails; the sockets are closed soon, so there are rarely more."""


class Durable(Protocol):
    """The part of the store that writes."""

    def commit(self, entries: Sequence[Entry]) -> None:
        """Write all entries in one transaction; raises StorageUnavailable with nothing written."""


@dataclass(frozen=True, slots=True)
class Work:
    """One reduced input on its way to the disk."""

    entry: Entry
    outcome: Outcome
    undo: Changes
    done: asyncio.Future[Answer | None]

    @property
    def rows(self) -> int:
        """Return how many journal rows it brings: none if it only waits for what it was reduced upon."""
        return 0 if self.entry.row is None else 1


class Committer:
    """Writes groups of work one after the other; while one is being written the next one gathers."""

    def __init__(
        self,
        store: Durable,
        executor: Executor,
        committed: Callable[[Sequence[Work]], None],
        undone: Callable[[Sequence[Work], EvStationError], None],
    ) -> None:
        """`committed` and `undone` are called in the event loop with whole groups, in order."""
        self._store = store
        self._executor = executor
        self._committed = committed
        self._undone = undone
        self._group: list[Work] = []
        self._gathering: list[Work] = []
        self._frames: list[Frame] = []
        self._owed: list[Frame] = []
        self._writing: asyncio.Task[None] | None = None

    @property
    def pending(self) -> Sequence[Work]:
        """Return everything reduced that is not known to be durable, in order."""
        return (*self._group, *self._gathering)

    @property
    def owes(self) -> bool:
        """Return whether raw frames of failed commits are still to be written."""
        return bool(self._owed)

    def add(self, work: Work) -> None:
        """Let a piece of work join the next group."""
        self._gathering.append(work)
        self.wake()

    def keep(self, frame: Frame) -> None:
        """Let a raw frame nobody waits for join the next group."""
        self._frames.append(frame)

    def wake(self) -> None:
        """Write what there is, be it frames only."""
        if self._writing is None and (self._gathering or self._frames or self._owed):
            self._writing = asyncio.create_task(self._write(), name="ev_station commit")

    async def flush(self) -> None:
        """Return once everything is written or undone, or was tried if it is owed; nothing waits in that moment."""
        self.wake()
        while self._writing is not None:
            await asyncio.wait({self._writing})
            if self._gathering:
                self.wake()

    async def _write(self) -> None:
        try:
            works = True
            while self._gathering or (works and (self._frames or self._owed)):
                fresh = self._gathering or self._frames
                works = await (self._write_group() if fresh else self._write_owed())
        finally:
            self._writing = None

    async def _write_owed(self) -> bool:
        """Write the frames of failed commits by themselves: no input shall fail for them."""
        owed = self._owed
        try:
            await self._commit([Entry(row=None, frame=frame) for frame in owed])
        except StorageUnavailable as error:
            self._undone((), error)
            return False
        except Exception:
            _LOGGER.exception("%d raw frames could not be written", len(owed))
            self._owed = []
        else:
            self._owed = []
            self._committed(())
        return True

    async def _write_group(self) -> bool:
        """Return whether storage took it, or can be expected to take the next one."""
        self._group, self._gathering = self._gathering, []
        frames, self._frames = self._frames, []
        entries = [work.entry for work in self._group]
        entries += [Entry(row=None, frame=frame) for frame in frames]
        try:
            await self._commit(entries)
        except StorageUnavailable as error:
            self._owe(frames)
            self._fail(error)
            return False
        except Exception:
            # Whatever it is, whoever waits must hear of it and the next group must be written.
            _LOGGER.exception("A group could not be written; its inputs are written one by one")
            await self._write_singly()
        else:
            self._settle(len(self._group))
        return True

    async def _write_singly(self) -> None:
        """Keep the inputs before the one that cannot be written; undo it and what was reduced upon it."""
        while self._group:
            try:
                await self._commit([self._group[0].entry])
            except StorageUnavailable as error:
                self._fail(error)
            except Exception as error:  # noqa: BLE001 - logged with its group
                self._fail(NotHandled(type(error).__name__))
            else:
                self._settle(1)

    async def _commit(self, entries: Sequence[Entry]) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._executor, self._store.commit, entries)

    def _settle(self, count: int) -> None:
        """Tell of the group's first works: they are durable."""
        settled, self._group = self._group[:count], self._group[count:]
        try:
            self._committed(settled)
        except Exception:
            _LOGGER.exception("What was committed could not be carried out")

    def _fail(self, error: EvStationError) -> None:
        """Undo what is left of the group and all that was reduced on top of it."""
        lost = self._group + self._gathering
        self._group, self._gathering = [], []
        if isinstance(error, StorageUnavailable):
            self._owe([work.entry.frame for work in lost if work.entry.frame is not None])
        self._undone(lost, error)

    def _owe(self, frames: Sequence[Frame]) -> None:
        self._owed = [*self._owed, *frames][-_OWED:]
