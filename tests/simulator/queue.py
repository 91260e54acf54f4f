"""The queue of transaction-related messages of OCPP 1.6 §3.7: in order, kept until answered."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from .clock import Clock
from .rpc import CallError, CallTimeout, Disconnected
from .vocabulary import Payload

_BACKLOG: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """TransactionMessageAttempts and TransactionMessageRetryInterval, §3.7.1."""

    attempts: int = 3
    interval: float = 60.0
    never_gives_up: bool = False

    def wait_after(self, failures: int) -> float | None:
        """Return the seconds to wait after that many failures, None to discard the message."""
        if failures >= self.attempts and not self.never_gives_up:
            return None
        return self.interval * failures


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    """A request that waits; its payload is made when it is sent, as ids may come meanwhile."""

    action: str
    payload: Callable[[], Payload]
    answered: Callable[[Payload], None] = lambda _: None
    uid: str | None = None
    failures: int = 0
    sendings: int = 0
    place: int = 0
    """Its place in the order of everything the charger has to say."""


type Send = Callable[[Message], Awaitable[Payload]]


@dataclass(slots=True, kw_only=True)
class TransactionQueue:
    """Holds what is not delivered; `run` delivers it, one at a time, while `ready` is set."""

    clock: Clock
    send: Send
    order: count[int] = field(default_factory=count)
    policy: Callable[[], RetryPolicy] = RetryPolicy
    changed: Callable[[], None] = lambda: None
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: deque[Message] = field(default_factory=deque)
    discarded: list[Message] = field(default_factory=list)
    _filled: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, message: Message) -> None:
        """Add a message behind all the others."""
        message.place = next(self.order)
        self.waiting.append(message)
        self._filled.set()

    async def run(self) -> None:
        """Deliver for ever."""
        while True:
            await self._filled.wait()
            await self.ready.wait()
            await self._deliver(self.waiting[0])
            if not self.waiting:
                self._filled.clear()
            self.changed()

    def waits_before(self, place: int) -> bool:
        """Tell whether a message that came before that place is about to be sent first.

        Nothing waits for the backlog of a time offline.
        """
        if not 0 < len(self.waiting) <= _BACKLOG or not self.ready.is_set():
            return False
        head = self.waiting[0]
        return head.sendings == 0 and head.place < place

    def owes(self, place: int) -> bool:
        """Tell whether a message from before that place is unanswered, failed ones aside."""
        head = self.waiting[0] if self.waiting else None
        return head is not None and head.failures == 0 and head.place < place

    async def _deliver(self, message: Message) -> None:
        """Send once. A broken connection is no attempt: the message stays where it is."""
        try:
            answer = await self.send(message)
        except Disconnected:
            self.ready.clear()
        except CallError, CallTimeout:
            await self._failed(message)
        else:
            self.waiting.popleft()
            message.answered(answer)

    async def _failed(self, message: Message) -> None:
        message.failures += 1
        wait = self.policy().wait_after(message.failures)
        if wait is None:
            self.discarded.append(self.waiting.popleft())
        else:
            await self.clock.sleep(wait)
