"""What is kept on disk for whoever looks it up: the ledger, the names of drivers who left, and the files themselves."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
import contextlib
from datetime import date
from functools import partial
from typing import Any

from ..model.errors import StorageUnavailable
from ..model.ids import DriverId, SessionId
from ..model.records import Cdr, Person, Posting
from ..model.state import Driver, SiteState
from ..store.sqlite import SqliteStore


class Archive:
    """Reads the store beside the writer, and writes in its turn."""

    def __init__(
        self, store: SqliteStore, writer: Executor, state: SiteState, hold_s: float
    ) -> None:
        """`hold_s` is the longest that files are held for a copy."""
        self._store = store
        self._writer = writer
        self._state = state
        self._hold_s = hold_s
        self._held_at: float | None = None

    async def postings(self, first: date, last: date) -> tuple[Posting, ...]:
        """Return the ledger's rows whose local day lies in the inclusive range, in order."""
        return tuple(await self._read(self._store.postings, first, last))

    async def cdrs(self, ids: Iterable[SessionId]) -> Mapping[SessionId, Cdr]:
        """Return sealed charge detail records by id."""
        return await self._read(self._store.cdrs, tuple(ids))

    async def standing_cdr(self, session: SessionId) -> Cdr | None:
        """Return the record that stands for a session in the ledger now."""
        return await self._read(self._store.latest_cdr, session)

    async def former_drivers(self) -> Mapping[DriverId, str]:
        """Return the names of drivers who left and are not forgotten."""
        people = await self._read(self._store.people)
        return {
            driver: person.name
            for driver, person in people.items()
            if self._state.get(Driver, driver) is None
        }

    async def remember(self, driver: DriverId) -> None:
        """Keep the name of a driver who leaves: bills go on showing it until it is to be forgotten."""
        if (known := self._state.get(Driver, driver)) is not None:
            person = Person(driver=driver, name=known.settings.name)
            await self._write(partial(self._store.remember_person, person))

    async def forget(self, driver: DriverId) -> None:
        """Erase the name of a driver who left. Raises StorageUnavailable."""
        await self._write(partial(self._store.erase_person, driver))

    async def hold_files(self) -> None:
        """Have the store's files make a whole however they are copied, for some hours at most.

        Raises StorageUnavailable.
        """
        await self._write(self._store.hold)
        self._held_at = asyncio.get_running_loop().time()

    async def release_files(self) -> None:
        """Nobody copies the store's files any more. Raises StorageUnavailable."""
        self._held_at = None
        await self._write(self._store.release)

    async def end_long_hold(self) -> None:
        """Let go of files whose copying never came to an end: their log would grow for ever."""
        now = asyncio.get_running_loop().time()
        if self._held_at is not None and now - self._held_at > self._hold_s:
            with contextlib.suppress(StorageUnavailable):
                await self.release_files()

    async def _write(self, function: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._writer, function)

    async def _read[T](self, function: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(None, function, *arguments)
