"""Our requests to one charger: one outstanding at a time, the others wait their turn (OCPP 1.6-J §4.1.1)."""

import asyncio
from collections.abc import Awaitable, Callable
from secrets import token_hex
from typing import Any

from ..model.errors import CallRefused, CallTimedOut, ChargerNotConnected
from ..model.ids import ChargerId
from .rpc import CallError, CallResult, ErrorCode, MessageId

type Payload = dict[str, Any]
type Send = Callable[[str, str, Payload], Awaitable[bool]]
"""Sends a request with this id, action and payload; False if the socket is gone."""


class Calls:
    """The outgoing side of a conversation."""

    def __init__(self, charger: ChargerId, send: Send, timeout_s: float) -> None:
        """Send through `send`; an unanswered request is given up after `timeout_s` seconds."""
        self._charger = charger
        self._send = send
        self._timeout_s = timeout_s
        self._turn = asyncio.Lock()
        self._ready = asyncio.Event()
        self._outstanding: tuple[str, str, asyncio.Future[Payload]] | None = None
        self._closed = False

    def allow(self) -> None:
        """Let requests go: the charger's boot is answered, or it needed none."""
        self._ready.set()

    def hold(self) -> None:
        """Let new requests wait until the boot that just came is answered."""
        self._ready.clear()

    @property
    def outstanding_action(self) -> str | None:
        """Return the action of the request that waits for its answer."""
        return self._outstanding[1] if self._outstanding is not None else None

    async def call(self, action: str, payload: Payload) -> Payload:
        """Send a request when its turn comes and return the answer's payload.

        Raises ChargerNotConnected, CallTimedOut, CallRefused.
        """
        async with self._turn:
            await self._ready.wait()
            if self._closed:
                raise ChargerNotConnected(self._charger)
            return await self._exchange(action, payload)

    async def _exchange(self, action: str, payload: Payload) -> Payload:
        uid = token_hex(8)
        answer: asyncio.Future[Payload] = asyncio.get_running_loop().create_future()
        self._outstanding = uid, action, answer
        try:
            if not await self._send(uid, action, payload):
                raise ChargerNotConnected(self._charger)
            async with asyncio.timeout(self._timeout_s):
                return await answer
        except TimeoutError:
            raise CallTimedOut(self._charger, action) from None
        finally:
            self._outstanding = None

    def answered(self, message: CallResult | CallError) -> bool:
        """Match an answer to the outstanding request; False if it is nobody's (F37)."""
        waiting = self._waiting(message.id)
        if waiting is None:
            return False
        action, answer = waiting
        match message:
            case CallResult(payload=payload):
                answer.set_result(payload)
            case CallError(code=code, description=description):
                answer.set_exception(CallRefused(self._charger, action, code, description))
        return True

    def broken(self, uid: MessageId | None, problem: str) -> bool:
        """Give the outstanding request up whose answer came, but unreadable."""
        waiting = self._waiting(uid)
        if waiting is None:
            return False
        action, answer = waiting
        code = ErrorCode.FORMATION_VIOLATION.value
        answer.set_exception(CallRefused(self._charger, action, code, problem))
        return True

    def _waiting(self, uid: MessageId | None) -> tuple[str, asyncio.Future[Payload]] | None:
        if self._outstanding is None:
            return None
        expected, action, answer = self._outstanding
        return (action, answer) if str(uid) == expected and not answer.done() else None

    def close(self) -> None:
        """Fail what waits: the socket is gone."""
        self._closed = True
        self._ready.set()
        if self._outstanding is not None and not self._outstanding[2].done():
            self._outstanding[2].set_exception(ChargerNotConnected(self._charger))
