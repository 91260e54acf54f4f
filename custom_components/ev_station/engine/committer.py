"""Group commit: inputs reduced in memory become durable together, or are undone together."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Protocol

from ..model.answers import Answer
from ..model.errors import StorageUnavailable
from ..model.records import Entry, Frame
from ..model.state import Changes
from ..station import Outcome


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


class Committer:
    """Writes groups of work one after the other; while one is being written the next one gathers."""

    def __init__(
        self,
        store: Durable,
        executor: Executor,
        committed: Callable[[Sequence[Work]], None],
        undone: Callable[[Sequence[Work]], None],
    ) -> None:
        """`committed` and `undone` are called in the event loop with whole groups, in order."""
        self._store = store
        self._executor = executor
        self._committed = committed
        self._undone = undone
        self._gathering: list[Work] = []
        self._frames: list[Frame] = []
        self._writing: asyncio.Task[None] | None = None

    @property
    def idle(self) -> bool:
        """Return whether everything reduced is durable."""
        return not self._gathering and self._writing is None

    @property
    def gathered_nothing(self) -> bool:
        """Return whether the state holds nothing but what is durable."""
        return not self._gathering

    def add(self, work: Work) -> None:
        """Let a piece of work join the next group."""
        self._gathering.append(work)
        self._wake()

    def keep(self, frame: Frame) -> None:
        """Let a raw frame nobody waits for join the next group."""
        self._frames.append(frame)

    def _wake(self) -> None:
        if self._writing is None:
            self._writing = asyncio.create_task(self._write(), name="ev_station commit")

    async def _write(self) -> None:
        try:
            while self._gathering or self._frames:
                await self._write_group()
        finally:
            self._writing = None

    async def _write_group(self) -> None:
        group, self._gathering = self._gathering, []
        frames, self._frames = self._frames, []
        entries = [work.entry for work in group]
        entries += [Entry(row=None, frame=frame) for frame in frames]
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._executor, self._store.commit, entries)
        except StorageUnavailable:
            self._fail(group)
        else:
            self._committed(group)

    def _fail(self, group: list[Work]) -> None:
        """Undo the group and all that was reduced on top of it."""
        lost = group + self._gathering
        self._gathering = []
        self._undone(lost)

    async def flush(self) -> None:
        """Wait until everything gathered so far is written or undone."""
        if self._frames and self._writing is None:
            self._wake()
        if self._writing is not None:
            await asyncio.wait({self._writing})
