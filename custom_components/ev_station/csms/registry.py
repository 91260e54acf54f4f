"""Which connection speaks for which charger: never two at once, and an old one never touches the new."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
import contextlib
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from itertools import count
import logging
from typing import Any, Final, NoReturn
from weakref import WeakValueDictionary

from aiohttp import WSCloseCode

from ..model.errors import EvStationError, NotHandled, StorageUnavailable
from ..model.events import ChargerBooted, ChargerConnected, ChargerDisconnected, ChargerEvent
from ..model.ids import ChargerId
from .admission import Admission, Admitted, Refused
from .backend import Backend, Outcome, Reason
from .conversation import Conversation
from .limits import Limits
from .waiting import WaitingDesk

_LOGGER: Final = logging.getLogger(__name__)

type Opener = Callable[[], Coroutine[Any, Any, Conversation]]
"""Completes a handshake and returns what is then said."""


@dataclass(slots=True, kw_only=True, eq=False)
class Link:
    """A connection with what is known about it."""

    admitted: Admitted
    number: int
    since: datetime
    conversation: Conversation
    connected: bool = False
    """ChargerConnected was submitted, and no ChargerDisconnected yet."""
    introduced: bool = False
    """It said what it is while it waited."""

    @property
    def place(self) -> str:
        """Return its key in the waiting room."""
        return self.conversation.charger.casefold()


class Registry:
    """The live connections and the waiting room."""

    def __init__(
        self, backend: Backend, admission: Admission, clock: Callable[[], datetime], limits: Limits
    ) -> None:
        """Begin with nobody connected."""
        self._backend = backend
        self._admission = admission
        self._clock = clock
        self._limits = limits
        self._live: dict[ChargerId, Link] = {}
        self._waiting: dict[str, Link] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._asides: set[asyncio.Task[Any]] = set()
        self._numbers = count(1)

    def number_after(self, number: int) -> None:
        """Number connections from behind this one, which an earlier run gave."""
        self._numbers = count(number + 1)

    @property
    def live(self) -> Mapping[ChargerId, Link]:
        """Return the connections that speak for adopted chargers."""
        return self._live

    @property
    def waiting(self) -> tuple[ChargerId, ...]:
        """Return the identities that wait for adoption."""
        return tuple(link.conversation.charger for link in self._waiting.values())

    async def serve(self, admitted: Admitted, opener: Opener) -> None:
        """Open a connection when its charger's turn comes and stay until it closes; raises Refused."""
        async with self._turn(admitted.charger):
            await self._make_room(admitted)
            link = Link(
                admitted=admitted,
                number=next(self._numbers),
                since=self._clock(),
                conversation=await opener(),
            )
            await self._settle(link)
        await self._run(link)

    def _turn(self, charger: ChargerId) -> asyncio.Lock:
        """Return what is held while it is settled which socket speaks for a charger."""
        return self._turns.setdefault(charger.casefold(), asyncio.Lock())

    async def _make_room(self, admitted: Admitted) -> None:
        """Retire an older connection of this charger, or refuse the new one (S4, S5)."""
        old = self.find(admitted.charger)
        if old is not None:
            alive = await old.conversation.connection.probe(self._limits.probe_s)
            if alive and not admitted.verified:
                self.refuse(admitted, HTTPStatus.SERVICE_UNAVAILABLE, Reason.DUPLICATE)
            await self._retire(old)
        elif admitted.waiting and len(self._waiting) >= self._limits.places:
            self.refuse(admitted, HTTPStatus.NOT_FOUND, Reason.WAITING_ROOM_FULL)

    def find(self, charger: ChargerId) -> Link | None:
        """Return a charger's connection, live or waiting."""
        return self._live.get(charger) or self._waiting.get(charger.casefold())

    def refuse(self, admitted: Admitted, status: HTTPStatus, reason: Reason) -> NoReturn:
        """Turn away one who would have been admitted; raises Refused."""
        self._admission.tell(admitted.charger, admitted.address, Outcome.REFUSED, reason)
        raise Refused(status, reason)

    async def _retire(self, link: Link) -> None:
        link.conversation.retire()
        link.conversation.connection.abort()
        await self._forget(link)

    async def _settle(self, link: Link) -> None:
        """Give a new connection its place."""
        if link.admitted.waiting:
            self._let_wait(link)
            return
        self._admission.tell(link.admitted.charger, link.admitted.address, Outcome.ACCEPTED)
        try:
            await self._connect(link)
        except BaseException:
            await self._retire(link)
            raise

    async def _connect(self, link: Link) -> None:
        conversation = link.conversation
        self._live[conversation.charger] = link
        link.connected = True
        stored = await self._submit(
            ChargerConnected(
                charger=conversation.charger,
                connection=link.number,
                version=conversation.dialect.version,
                address=link.admitted.address,
                received_at=self._clock(),
            )
        )
        if not stored:
            link.connected = False
            await conversation.close(WSCloseCode.TRY_AGAIN_LATER)

    async def _run(self, link: Link) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._remember(task)
        try:
            await link.conversation.run()
        finally:
            await self._forget(link)

    async def _forget(self, link: Link) -> None:
        """Take a connection off the books, once, without touching a newer one (S6)."""
        charger = link.conversation.charger
        if self._waiting.get(link.place) is link:
            del self._waiting[link.place]
        if self._live.get(charger) is link:
            del self._live[charger]
        if link.connected:
            link.connected = False
            await self._submit(
                ChargerDisconnected(
                    charger=charger, connection=link.number, received_at=self._clock()
                )
            )

    async def _submit(self, event: ChargerEvent) -> bool:
        try:
            await self._backend.submit(event, None)
        except StorageUnavailable, NotHandled:
            _LOGGER.debug("%s was not stored", type(event).__name__)
            return False
        return True

    # The waiting room

    def _let_wait(self, link: Link) -> None:
        def introduced(boot: ChargerBooted) -> None:
            # It boots again and again while it waits; once is enough to know it.
            if not link.introduced:
                link.introduced = True
                self._tell_waiting(link, boot)

        self._waiting[link.place] = link
        link.conversation.adopted = False
        link.conversation.desk = WaitingDesk(self._clock, introduced)
        self._tell_waiting(link)
        self._spawn(self._ask_to_introduce(link))

    def _tell_waiting(self, link: Link, boot: ChargerBooted | None = None) -> None:
        self._admission.tell(
            link.conversation.charger,
            link.admitted.address,
            Outcome.WAITING,
            Reason.UNKNOWN_CHARGER,
            boot.vendor if boot else None,
            boot.model if boot else None,
        )

    async def _ask_to_introduce(self, link: Link) -> None:
        """Ask a charger that booted long ago what it is; show out who cannot say."""
        conversation = link.conversation
        await asyncio.sleep(self._limits.manners.settle_s)
        if not conversation.boot_seen:
            await _trigger_boot(conversation)
            await asyncio.sleep(self._limits.introduction_s)
        if not conversation.boot_seen and self._waiting.get(link.place) is link:
            await conversation.close(WSCloseCode.POLICY_VIOLATION)

    async def adopted(self, charger: ChargerId) -> None:
        """Make the socket of a charger that waited live, now that it is configured."""
        async with self._turn(charger):
            link = self._waiting.pop(charger.casefold(), None)
            if link is None:
                return
            if not await self._may_become(link, charger):
                await link.conversation.close(WSCloseCode.POLICY_VIOLATION)
            elif not link.conversation.connection.closed:
                await self._promote(link, charger)

    async def _promote(self, link: Link, charger: ChargerId) -> None:
        link.conversation.charger = charger
        link.conversation.adopted = True
        link.conversation.desk = self._backend
        await self._connect(link)
        self._spawn(_trigger_boot(link.conversation))

    async def _may_become(self, link: Link, charger: ChargerId) -> bool:
        """Check what it presented when it came against the password it was given since."""
        encoded = self._backend.chargers[charger].password_hash
        if encoded is None:
            return True
        password = link.admitted.password
        return password is not None and await self._admission.passwords.check(password, encoded)

    # Tasks

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    def _remember(self, task: asyncio.Task[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close_all(self, code: int) -> None:
        """Close every socket, and ask nobody anything any more."""
        for task in self._asides:
            task.cancel()
        links = [*self._live.values(), *self._waiting.values()]
        await asyncio.gather(*(link.conversation.close(code) for link in links))

    async def drain(self, timeout_s: float) -> None:
        """Wait until every connection is off the books."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout_s)


async def _trigger_boot(conversation: Conversation) -> None:
    with contextlib.suppress(EvStationError):
        await conversation.call(*conversation.dialect.trigger_boot)
