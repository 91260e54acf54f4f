"""The OCPP central system: listens, admits chargers, and carries commands to them."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from ssl import SSLContext
import sys
from typing import Any, Final

from aiohttp import WSCloseCode, web

from ..model.commands import Command, CommandResult, CommandStatus
from ..model.errors import CallTimedOut, ChargerNotConnected
from ..model.events import ChargerPrepared
from ..model.ids import ChargerId
from ..model.status import Version
from .admission import Admission, Admitted, Refused
from .backend import Backend, Outcome, Reason
from .connection import LARGE_FRAME_LIMIT, Connection, Socket
from .conversation import Conversation
from .dialect import Dialect
from .doorman import Doorman
from .handshake import add_connection_header, is_upgrade, lacks_connection_header, refusal
from .limits import Limits
from .quirks import Deviations, Quirk
from .registry import Link, Registry
from .schemas import load
from .throttle import Throttle
from .v16.dialect import Dialect16

_STOP_TIMEOUT_S: Final = 10.0
_TAGS_AT_ONCE: Final = 20
_TAGS_PER_S: Final = 0.5
"""How many tags one charger may ask about (S18): more than any queue of drivers presents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveConnection:
    """A charger's connection as it is now."""

    number: int
    address: str
    version: Version
    since: datetime
    last_message_at: datetime | None
    round_trip_s: float | None
    """Of the last ping; None: the charger never answered one."""
    verified: bool
    """It proved its identity with a password."""


class CentralSystem:
    """Hosts chargers on its own port and on any path of another aiohttp server."""

    def __init__(
        self, backend: Backend, *, clock: Callable[[], datetime], limits: Limits | None = None
    ) -> None:
        """Prepare; nothing is opened or compiled before `start`."""
        self._backend = backend
        self._clock = clock
        self._limits = limits or Limits()
        self._dialects: dict[Version, Dialect] = {}
        self._admission = Admission(backend, clock, self._dialects)
        self._registry = Registry(backend, self._admission, clock, self._limits)
        self._deviations = Deviations(backend)
        self._doorman = Doorman(
            most=self._limits.strangers_per_address, patience_s=self._limits.handshake_s
        )
        self._authorizations: dict[ChargerId, Throttle] = {}
        self._http: web.Server | None = None
        self._listener: asyncio.Server | None = None

    def number_after(self, number: int) -> None:
        """Number connections from behind the last one that anybody remembers."""
        self._registry.number_after(number)

    async def prepare(self) -> None:
        """Compile the schemas beside the event loop; enough for `handle` where no own port is wanted."""
        if not self._dialects:
            loop = asyncio.get_running_loop()
            schemas = await loop.run_in_executor(None, load, Version.V16)
            self._dialects[Version.V16] = Dialect16(schemas, self._clock)
        self._admission.stopped = False

    async def start(
        self, host: str | None, port: int, ssl_context: SSLContext | None = None
    ) -> None:
        """Listen. Raises OSError if the port is taken."""
        await self.prepare()
        self._http = web.Server(self._handle_own, access_log=None)
        self._listener = await asyncio.get_running_loop().create_server(
            self._doorman.guard(self._http), host, port, ssl=ssl_context, backlog=1024
        )

    async def stop(self) -> None:
        """Stop listening and close every socket; their ChargerDisconnected are submitted on return."""
        self._admission.stopped = True
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        await self._registry.close_all(WSCloseCode.SERVICE_RESTART)
        await self._registry.drain(_STOP_TIMEOUT_S)
        self._doorman.close()
        if self._http is not None:
            await self._http.shutdown(timeout=1)
            self._http = None

    @property
    def port(self) -> int:
        """Return the port listened on."""
        if self._listener is None:
            raise RuntimeError("not started")
        number: int = self._listener.sockets[0].getsockname()[1]
        return number

    @property
    def connections(self) -> Mapping[ChargerId, LiveConnection]:
        """Return the live connections as they are now."""
        return {charger: _view(link) for charger, link in self._registry.live.items()}

    @property
    def waiting(self) -> tuple[ChargerId, ...]:
        """Return the identities that wait for adoption."""
        return self._registry.waiting

    # Handshakes

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Serve a charger on a path of another server: it needs a password, others are not found."""
        return await self._handle(request, own_port=False)

    async def _handle_own(self, request: web.BaseRequest) -> web.StreamResponse:
        return await self._handle(request, own_port=True)

    async def _handle(self, request: web.BaseRequest, *, own_port: bool) -> web.StreamResponse:
        if not is_upgrade(request):
            return refusal(HTTPStatus.UPGRADE_REQUIRED if own_port else HTTPStatus.NOT_FOUND)
        try:
            admitted = await self._admission.admit(request, own_port=own_port)
            return await self._come_in(request, admitted)
        except Refused as refused:
            return refusal(refused.status, refused.retry_after_s)
        except ConnectionError:
            # It hung up during the handshake.
            return refusal(HTTPStatus.BAD_REQUEST)

    async def _come_in(self, request: web.BaseRequest, admitted: Admitted) -> web.StreamResponse:
        report = self._deviations.reporter(admitted.charger)
        if lacks_connection_header(request):
            add_connection_header(request)
            report(Quirk.NO_CONNECTION_HEADER, "")
        if admitted.version is None:
            return await self._speak_nothing(request, admitted)
        if admitted.subprotocol is None:
            report(Quirk.NO_SUBPROTOCOL, "")
        dialect, websocket = self._dialects[admitted.version], self._websocket(request, admitted)

        async def open_conversation() -> Conversation:
            await websocket.prepare(request)
            return self._conversation(request, websocket, admitted, dialect)

        await self._registry.serve(admitted, open_conversation)
        return websocket

    async def _speak_nothing(
        self, request: web.BaseRequest, admitted: Admitted
    ) -> web.StreamResponse:
        """Complete the handshake without a subprotocol and close, as OCPP-J wants it."""
        self._admission.tell(admitted.charger, admitted.address, Outcome.REFUSED, Reason.PROTOCOL)
        websocket = self._websocket(request, admitted)
        await websocket.prepare(request)
        await websocket.close(code=WSCloseCode.PROTOCOL_ERROR)
        return websocket

    def _websocket(self, request: web.BaseRequest, admitted: Admitted) -> Socket:
        """Return a WebSocket ready for the handshake; raises Refused if the request is unfit for one."""
        subprotocol = admitted.subprotocol
        websocket: Socket = web.WebSocketResponse(
            autoping=False,
            protocols=(subprotocol,) if subprotocol else (),
            compress=False,
            max_msg_size=LARGE_FRAME_LIMIT,
            # The connection looks after its own send queue; waiting in `send` would stop its reading.
            writer_limit=sys.maxsize,
            decode_text=False,
        )
        if not websocket.can_prepare(request):
            self._registry.refuse(admitted, HTTPStatus.BAD_REQUEST, Reason.PROTOCOL)
        return websocket

    def _conversation(
        self, request: web.BaseRequest, websocket: Socket, admitted: Admitted, dialect: Dialect
    ) -> Conversation:
        transport = request.transport
        if transport is None:
            raise ConnectionResetError
        self._doorman.release(transport)
        report = self._deviations.reporter(admitted.charger)
        return Conversation(
            charger=admitted.charger,
            connection=Connection(websocket, transport, self._limits.patience, report),
            dialect=dialect,
            desk=self._backend,
            clock=self._clock,
            report=report,
            manners=self._limits.manners,
            authorizations=self._throttle(admitted),
        )

    def _throttle(self, admitted: Admitted) -> Throttle:
        """Return what slows a charger's questions about tags, over its connections; strangers leave none."""
        fresh = Throttle(burst=_TAGS_AT_ONCE, per_s=_TAGS_PER_S)
        if admitted.waiting:
            return fresh
        return self._authorizations.setdefault(admitted.charger, fresh)

    async def adopted(self, charger: ChargerId) -> None:
        """Make the socket of a charger that waited live, now that `backend.chargers` has it."""
        await self._registry.adopted(charger)

    # Commands

    async def execute(
        self, charger: ChargerId, command: Command
    ) -> CommandResult | ChargerPrepared:
        """Carry a command out; whatever goes wrong is a result, not an exception."""
        link = self._registry.live.get(charger)
        if link is None:
            return CommandResult(status=CommandStatus.NOT_CONNECTED)
        conversation = link.conversation
        report = self._deviations.reporter(charger)
        try:
            return await conversation.dialect.execute(command, charger, conversation.call, report)
        except CallTimedOut as error:
            return CommandResult(status=CommandStatus.TIMED_OUT, detail=error.action)
        except ChargerNotConnected:
            return CommandResult(status=CommandStatus.NOT_CONNECTED)

    async def call(
        self, charger: ChargerId, action: str, payload: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Send any request; raises InvalidCall, ChargerNotConnected, CallTimedOut, CallRefused."""
        link = self._registry.live.get(charger)
        if link is None:
            raise ChargerNotConnected(charger)
        request = dict(payload)
        link.conversation.dialect.schemas.check(action, request)
        return await link.conversation.call(action, request)

    # Closing

    async def suspend(self) -> None:
        """Close every socket and refuse handshakes: storage fails, so chargers shall queue as offline."""
        self._admission.suspended = True
        await self._registry.close_all(WSCloseCode.TRY_AGAIN_LATER)

    def resume(self) -> None:
        """Let chargers in again."""
        self._admission.suspended = False

    async def disconnect(self, charger: ChargerId) -> None:
        """Close a charger's socket; it may dial again, and is then judged afresh."""
        link = self._registry.find(charger)
        if link is not None:
            await link.conversation.close(WSCloseCode.SERVICE_RESTART)
        if charger not in self._backend.chargers:
            self._authorizations.pop(charger, None)
            for dialect in self._dialects.values():
                dialect.forget(charger)


def _view(link: Link) -> LiveConnection:
    conversation = link.conversation
    return LiveConnection(
        number=link.number,
        address=link.admitted.address,
        version=conversation.dialect.version,
        since=link.since,
        last_message_at=conversation.last_message_at,
        round_trip_s=conversation.connection.round_trip_s,
        verified=link.admitted.verified,
    )
