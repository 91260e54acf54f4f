"""What is said over one connection: requests in become events, answers and our requests go out."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
import logging
from typing import Any, Final, Protocol

from aiohttp import WSCloseCode

from ..model.answers import Answer, AuthorizeAnswer, BootAnswer
from ..model.errors import NotHandled, StorageUnavailable
from ..model.events import ChargerBooted, ChargerEvent, TokenPresented
from ..model.ids import ChargerId
from ..model.records import Frame
from ..model.status import AuthorizationStatus
from .calls import Calls
from .connection import Connection
from .dialect import Dialect
from .quirks import Quirk, Report
from .rpc import (
    UNREADABLE_ID,
    Call,
    CallError,
    CallResult,
    ErrorCode,
    Malformed,
    MessageId,
    MessageType,
    Unreadable,
    encode_call,
    encode_error,
    encode_result,
    parse,
)
from .throttle import Throttle

_LOGGER: Final = logging.getLogger(__name__)
_LARGE_ANSWERS: Final = frozenset({"GetConfiguration", "GetInstalledCertificateIds"})
_SILENCE_BEYOND_HEARTBEATS_S: Final = 60.0

type Payload = dict[str, Any]


class Desk(Protocol):
    """Where a conversation brings events and frames: the engine's, or that of the waiting room."""

    async def submit(self, event: ChargerEvent, frame: Frame) -> Answer:
        """Return the answer; raises StorageUnavailable, Unreadable."""

    def keep(self, frame: Frame) -> None:
        """Keep a frame that is no event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How patient we are with one charger."""

    call_timeout_s: float = 30.0
    settle_s: float = 10.0
    """A charger silent this long after connecting has booted before and will not say so (F34)."""


class Conversation:
    """One charger's OCPP-J session over one connection."""

    def __init__(
        self,
        *,
        charger: ChargerId,
        connection: Connection,
        dialect: Dialect,
        desk: Desk,
        clock: Callable[[], datetime],
        report: Report,
        manners: Manners,
        authorizations: Throttle,
    ) -> None:
        """Begin; `run` reads."""
        self.charger = charger
        self.connection = connection
        self.dialect = dialect
        self.desk = desk
        self.adopted = True
        """It speaks for a charger of the owner's; False while it waits."""
        self.last_message_at: datetime | None = None
        self._clock = clock
        self._report = report
        self._manners = manners
        self._calls = Calls(charger, self._send_call, manners.call_timeout_s)
        self._authorizations = authorizations
        self._boot_seen = False
        self._retired = False

    async def run(self) -> None:
        """Read until the socket closes; then nothing waits any more."""
        settle = asyncio.get_running_loop().call_later(self._manners.settle_s, self._settled)
        try:
            await self.connection.run(self.receive)
        finally:
            settle.cancel()
            self._calls.close()

    def retire(self) -> None:
        """Take no more from this socket: another one speaks for the charger now."""
        self._retired = True
        self._calls.close()

    async def call(self, action: str, payload: Payload) -> Payload:
        """Send a request and return its answer; raises ChargerNotConnected, CallTimedOut, CallRefused."""
        return await self._calls.call(action, payload)

    @property
    def boot_seen(self) -> bool:
        """Say whether the charger booted on this connection."""
        return self._boot_seen

    def _settled(self) -> None:
        if not self._boot_seen:
            self._calls.allow()

    async def receive(self, data: bytes) -> None:
        """Take one frame and answer it."""
        if self._retired:
            return
        self.last_message_at = self._clock()
        message = parse(data, self._report)
        match message:
            case Call():
                await self._answer(message, self._frame(data, self.last_message_at))
            case CallResult() | CallError():
                self._take_answer(message, data, self.last_message_at)
            case Malformed():
                self.desk.keep(self._frame(data, self.last_message_at))
                await self._answer_malformed(message)
            case _:
                self.desk.keep(self._frame(data, self.last_message_at))

    def _frame(self, data: bytes, at: datetime, *, outgoing: bool = False) -> Frame:
        return Frame(
            at=at, charger=self.charger, outgoing=outgoing, text=data.decode(errors="replace")
        )

    async def _answer(self, call: Call, frame: Frame) -> None:
        """Answer a request; whatever goes wrong, it is answered."""
        is_boot = call.action == "BootNotification"
        if is_boot:
            self._boot_seen = True
            self._calls.hold()
        try:
            payload = await self._considered(call, frame)
        except Unreadable as error:
            self.desk.keep(frame)
            await self._refuse(call.id, error.code, error.description)
        except StorageUnavailable:
            await self._refuse(call.id, ErrorCode.INTERNAL_ERROR, "storage unavailable, try again")
        except NotHandled:
            await self._refuse(call.id, ErrorCode.INTERNAL_ERROR, "")
        except Exception:
            # The loop of this charger must live on, whatever a frame or the engine does.
            _LOGGER.exception("%s: %s could not be handled", self.charger, call.action)
            await self._refuse(call.id, ErrorCode.INTERNAL_ERROR, "")
        else:
            await self._send(encode_result(call.id, payload))
        if is_boot or not self._boot_seen:
            # Whoever says anything else first has booted before (F34).
            self._calls.allow()

    async def _considered(self, call: Call, frame: Frame) -> Payload:
        event = self.dialect.read(call, self.charger, frame.at, self._report)
        if isinstance(event, TokenPresented) and not self._authorizations.allows(
            frame.at.timestamp()
        ):
            # Guessing tags is slow work, and looks like any other refusal (S18).
            self._report(Quirk.AUTHORIZE_FLOOD, "")
            return self.dialect.word(
                call.action, AuthorizeAnswer(status=AuthorizationStatus.INVALID)
            )
        if isinstance(event, ChargerBooted) and self.adopted:
            self.dialect.booted(self.charger, self._report)
        answer = await self.desk.submit(event, frame)
        if isinstance(answer, BootAnswer):
            self.connection.silence_s = 2 * answer.interval_s + _SILENCE_BEYOND_HEARTBEATS_S
        return self.dialect.word(call.action, answer)

    def _take_answer(self, message: CallResult | CallError, data: bytes, at: datetime) -> None:
        action = self._calls.outstanding_action or ""
        if isinstance(message, CallResult):
            redacted = self.dialect.redacted(action, message.payload)
            if redacted is not message.payload:
                data = encode_result(message.id, redacted)
        self.desk.keep(self._frame(data, at))
        if not self._calls.answered(message):
            self._report(Quirk.UNEXPECTED_ANSWER, message.id)

    async def _answer_malformed(self, message: Malformed) -> None:
        """Tell the sender of a broken request; a broken answer ends the wait for it."""
        if message.kind in (MessageType.CALL_RESULT, MessageType.CALL_ERROR):
            self._report(Quirk.TRUNCATED_ANSWER, message.problem)
            self._calls.broken(message.id, message.problem)
            return
        uid = message.id if message.id is not None else UNREADABLE_ID
        await self._refuse(uid, message.code, message.problem)

    async def _refuse(self, uid: MessageId, code: ErrorCode, description: str) -> None:
        await self._send(encode_error(uid, code, description))

    async def _send(self, data: bytes) -> bool:
        self.desk.keep(self._frame(data, self._clock(), outgoing=True))
        return await self.connection.send(data)

    async def _send_call(self, uid: str, action: str, payload: Payload) -> bool:
        self.connection.large_frames_expected = action in _LARGE_ANSWERS
        kept = encode_call(uid, action, self.dialect.redacted(action, payload))
        self.desk.keep(self._frame(kept, self._clock(), outgoing=True))
        return await self.connection.send(encode_call(uid, action, payload))

    async def close(self, code: int = WSCloseCode.SERVICE_RESTART, reason: str = "") -> None:
        """Close the socket politely."""
        await self.connection.close(code, reason)
