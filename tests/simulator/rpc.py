"""OCPP-J remote procedure calls as a charge point makes and answers them."""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
import json
from uuid import uuid4

from .judge import Judge
from .vocabulary import Payload

_KEPT_FRAMES = 20_000

type Answer = tuple[Payload | None, Sequence[Callable[[], object]]]
"""The payload of a CALLRESULT (None: stay silent), and what to do once it is sent."""

type Handler = Callable[[str, Payload], Awaitable[Answer]]
type SendText = Callable[[str], Awaitable[None]]
type Spawn = Callable[[Coroutine[object, object, None]], object]


class Disconnected(Exception):
    """The connection was not there, or went away before the answer came."""


class CallTimeout(Exception):
    """The other side did not answer in time."""


class CallError(Exception):
    """A CALLERROR, received or about to be sent."""

    def __init__(self, code: str, description: str = "") -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description


class MessageIds(StrEnum):
    """How a charger numbers its messages; a counter begins at 1 with every connection."""

    RANDOM = "random"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Frame:
    """One text frame: `sent` by the charger, or received."""

    sent: bool
    text: str


@dataclass(slots=True)
class _Pending:
    uid: str
    action: str
    answer: asyncio.Future[Payload]


@dataclass(slots=True, kw_only=True)
class Rpc:
    """One outstanding CALL at a time; `spawn` runs answers, `drop` breaks the connection."""

    handler: Handler
    spawn: Spawn
    drop: Callable[[], None]
    judge: Judge = field(default_factory=Judge)
    ids: MessageIds = MessageIds.RANDOM
    timeout: float = 10.0
    distort: Callable[[str], str] = lambda text: text
    lost_answers: Counter[str] = field(default_factory=Counter)
    frames: deque[Frame] = field(default_factory=lambda: deque(maxlen=_KEPT_FRAMES))
    _line: SendText | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _pending: _Pending | None = None
    _expired: set[str] = field(default_factory=set)
    _answering: bool = False
    _count: int = 0

    @property
    def idle(self) -> bool:
        """Whether no CALL of ours waits for its answer or its turn."""
        return not self._turn.locked()

    def opened(self, line: SendText) -> None:
        """Use a new connection."""
        self._line, self._count, self._answering = line, 0, False
        self._expired.clear()
        self.judge.new_connection()

    def closed(self) -> None:
        """Fail the outstanding CALL."""
        self._line = None
        if self._pending and not self._pending.answer.done():
            self._pending.answer.set_exception(Disconnected())

    def next_id(self) -> str:
        """Return a fresh message id."""
        self._count += 1
        return str(self._count) if self.ids is MessageIds.COUNTER else str(uuid4())

    async def call(self, action: str, payload: Payload, uid: str | None = None) -> Payload:
        """Send a CALL when it is its turn and return the answer's payload.

        Raises Disconnected, CallTimeout or CallError.
        """
        async with self._turn:
            message_id = uid or self.next_id()
            answer: asyncio.Future[Payload] = asyncio.get_running_loop().create_future()
            self._pending = _Pending(message_id, action, answer)
            try:
                await self.send(encode([2, message_id, action, payload]))
                return await self._answer_to(self._pending)
            finally:
                self._pending = None

    async def _answer_to(self, pending: _Pending) -> Payload:
        try:
            return await asyncio.wait_for(pending.answer, self.timeout)
        except TimeoutError:
            self._expired.add(pending.uid)
            raise CallTimeout(pending.action) from None

    async def send(self, text: str) -> None:
        """Send a frame as it is, apart from what this charger's firmware breaks in it."""
        if self._line is None:
            raise Disconnected
        distorted = self.distort(text)
        self.frames.append(Frame(sent=True, text=distorted))
        await self._line(distorted)

    async def received(self, text: str) -> None:
        """Take in one frame of the central system; one that comes while hanging up is lost."""
        if self._line is None:
            return
        self.frames.append(Frame(sent=False, text=text))
        match _parse(text):
            case [2, uid, str(action), dict(payload)]:
                self._asked(uid, action, payload)
            case [3, str(uid), payload]:
                self._resolve(uid, payload)
            case [4, str(uid), *_] as frame:
                self.judge.error(frame)
                self._fail(uid, CallError(*(str(part) for part in frame[2:4])))
            case _:
                self.judge.blame("not an OCPP-J message", text)

    def _take_pending(self, uid: str) -> _Pending | None:
        """Return the call that answer is for; blame an answer to nothing."""
        if self._pending and self._pending.uid == uid and not self._pending.answer.done():
            return self._pending
        if uid not in self._expired:
            self.judge.blame("answer to an unknown message id", uid)
        return None

    def _resolve(self, uid: str, payload: object) -> None:
        pending = self._take_pending(uid)
        if pending is None:
            return
        if self.lost_answers[pending.action] > 0:
            self.lost_answers[pending.action] -= 1
            self.drop()
            return
        self.judge.response(pending.action, payload)
        pending.answer.set_result(payload if isinstance(payload, dict) else {})

    def _fail(self, uid: str, error: CallError) -> None:
        pending = self._take_pending(uid)
        if pending:
            pending.answer.set_exception(error)

    def _asked(self, uid: object, action: str, payload: Payload) -> None:
        if self._answering:
            self.judge.blame("a CALL while the one before is unanswered", action)
        self.judge.call_id(uid)
        self.judge.request(action, payload)
        self._answering = True
        self.spawn(self._answer(uid, action, payload))

    async def _answer(self, uid: object, action: str, payload: Payload) -> None:
        try:
            reply, afterwards = await self._reply(uid, action, payload)
        finally:
            self._answering = False
        if reply is not None:
            with suppress(Disconnected):
                await self.send(encode(reply))
        for act in afterwards:
            act()

    async def _reply(
        self, uid: object, action: str, payload: Payload
    ) -> tuple[list[object] | None, Sequence[Callable[[], object]]]:
        try:
            answer, afterwards = await self.handler(action, payload)
        except CallError as error:
            return [4, uid, error.code, error.description, {}], ()
        except (KeyError, TypeError, ValueError) as error:
            return [4, uid, "FormationViolation", repr(error), {}], ()
        return None if answer is None else [3, uid, answer], afterwards


def encode(message: list[object]) -> str:
    """Spell a message as compactly as chargers do."""
    return json.dumps(message, separators=(",", ":"))


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None
