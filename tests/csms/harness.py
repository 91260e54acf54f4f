"""An honest engine in small, and a charger that sends exactly what a test tells it to."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
import json
from pathlib import Path
from typing import Any, Self

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from custom_components.ev_station.csms.backend import Attempt, Deviation, Reason
from custom_components.ev_station.csms.connection import Patience
from custom_components.ev_station.csms.conversation import Manners
from custom_components.ev_station.csms.limits import Limits
from custom_components.ev_station.csms.server import CentralSystem
from custom_components.ev_station.model.answers import (
    Acknowledged,
    Answer,
    AuthorizeAnswer,
    BootAnswer,
    DataTransferAnswer,
    HeartbeatAnswer,
    StartAnswer,
)
from custom_components.ev_station.model.commands import Command, CommandResult
from custom_components.ev_station.model.errors import StorageUnavailable
from custom_components.ev_station.model.events import (
    ChargerBooted,
    ChargerEvent,
    DataTransferred,
    HeartbeatReceived,
    TokenPresented,
    TransactionStarted,
    TransactionStopped,
)
from custom_components.ev_station.model.records import Frame
from custom_components.ev_station.model.settings import ChargerSettings, UnknownChargerPolicy
from custom_components.ev_station.model.status import AuthorizationStatus, RegistrationStatus

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
INTERVAL_S = 300
QUICK = Limits(
    manners=Manners(call_timeout_s=1.0, settle_s=0.05),
    patience=Patience(ping_interval_s=30.0),
    probe_s=0.5,
    introduction_s=0.3,
)
"""Everything a person would wait for, in a tenth of a second."""


def settings(charger: str, password_hash: str | None = None) -> ChargerSettings:
    """Return an adopted charger."""
    return ChargerSettings(charger=charger, name=charger, password_hash=password_hash)


@dataclass
class StandIn:
    """Records what it hears and answers as a station with room for everybody would."""

    chargers: dict[str, ChargerSettings] = field(default_factory=lambda: {"CP1": settings("CP1")})
    unknown_chargers: UnknownChargerPolicy = UnknownChargerPolicy.ASK
    registration: RegistrationStatus = RegistrationStatus.ACCEPTED
    storage_fails: bool = False
    events: list[ChargerEvent] = field(default_factory=list)
    arrived: list[ChargerEvent] = field(default_factory=list)
    """Also those that wait at the gate or could not be stored."""
    frames: list[Frame] = field(default_factory=list)
    kept: list[Frame] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    deviations: list[Deviation] = field(default_factory=list)
    gate: asyncio.Event | None = None
    """While not set, `submit` waits, as for a slow disk."""
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _transactions: int = 1000

    async def submit(self, event: ChargerEvent, frame: Frame | None) -> Answer:
        """Take an event."""
        self.arrived.append(event)
        self._tell()
        if self.gate is not None:
            await self.gate.wait()
        if self.storage_fails:
            raise StorageUnavailable
        self.events.append(event)
        if frame is not None:
            self.frames.append(frame)
        self._tell()
        return self._answer(event)

    def _answer(self, event: ChargerEvent) -> Answer:
        match event:
            case ChargerBooted():
                return BootAnswer(status=self.registration, current_time=NOW, interval_s=INTERVAL_S)
            case HeartbeatReceived():
                return HeartbeatAnswer(current_time=NOW)
            case TokenPresented(token=token):
                return AuthorizeAnswer(status=_status(token))
            case TransactionStopped(token=str(token)):
                return AuthorizeAnswer(status=_status(token))
            case TransactionStarted(token=token):
                self._transactions += 1
                return StartAnswer(transaction=self._transactions, status=_status(token))
            case DataTransferred():
                return DataTransferAnswer()
            case _:
                return Acknowledged()

    def keep(self, frame: Frame) -> None:
        """Keep a frame."""
        self.kept.append(frame)

    def attempted(self, attempt: Attempt) -> None:
        """Hear of an attempt."""
        self.attempts.append(attempt)
        self._tell()

    def deviated(self, deviation: Deviation) -> None:
        """Hear of a deviation."""
        self.deviations.append(deviation)
        self._tell()

    @property
    def quirks(self) -> set[str]:
        """Return the names of the deviations heard of."""
        return {deviation.quirk for deviation in self.deviations}

    @property
    def reasons(self) -> list[Reason | None]:
        """Return why attempts were not accepted at once."""
        return [attempt.reason for attempt in self.attempts]

    def of[E: ChargerEvent](self, kind: type[E]) -> list[E]:
        """Return the events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    async def heard[E: ChargerEvent](self, kind: type[E], count: int = 1) -> list[E]:
        """Wait for so many events of a kind."""
        await self.until(lambda: len(self.of(kind)) >= count)
        return self.of(kind)

    async def until(self, condition: Callable[[], bool], within_s: float = 5) -> None:
        """Wait for news that makes a condition true."""
        async with asyncio.timeout(within_s):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def entered(self, kind: type[ChargerEvent], count: int) -> None:
        """Wait until so many events of a kind have arrived, stored or not."""
        await self.until(lambda: sum(isinstance(found, kind) for found in self.arrived) >= count)

    def _tell(self) -> None:
        self._news.set()


def _status(token: str) -> AuthorizationStatus:
    return AuthorizationStatus.ACCEPTED if token else AuthorizationStatus.INVALID


type Reaction = (
    dict[str, Any] | str | Callable[[dict[str, Any]], dict[str, Any] | str | None] | None
)
"""A payload, raw text with {uid} in it, silence, or what makes one of them of the request."""


class Station:
    """The charger's end of a socket."""

    def __init__(self, websocket: ClientWebSocketResponse) -> None:
        """Read from now on."""
        self.websocket = websocket
        self.reactions: dict[str, Reaction] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.received: list[Any] = []
        self.close_code: int | None = None
        self._news = asyncio.Event()
        self._uids = 0
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self.websocket:
            if message.type is not WSMsgType.TEXT:
                continue
            frame = json.loads(message.data)
            if frame[0] == 2:
                self.asked.append((frame[2], frame[3]))
                await self._react(frame)
            else:
                self.received.append(frame)
            self._news.set()
        self.close_code = self.websocket.close_code
        self._news.set()

    async def _react(self, frame: list[Any]) -> None:
        reaction = self.reactions.get(frame[2], {"status": "Accepted"})
        if callable(reaction):
            reaction = reaction(frame[3])
        match reaction:
            case str():
                await self.send(reaction.replace("{uid}", frame[1]))
            case dict():
                await self.send(json.dumps([3, frame[1], reaction]))

    async def send(self, text: str) -> None:
        """Send a text frame as it is."""
        await self.websocket.send_str(text)

    async def call(self, action: str, payload: Any) -> Any:
        """Send a request and return the frame that answers it."""
        self._uids += 1
        return await self.ask(json.dumps([2, f"m{self._uids}", action, payload]), f"m{self._uids}")

    async def ask(self, text: str, uid: Any) -> Any:
        """Send a text and return the frame that answers this id."""
        await self.send(text)
        await self.until(lambda: any(frame[1] == uid for frame in self.received))
        return next(frame for frame in self.received if frame[1] == uid)

    async def boot(self) -> Any:
        """Boot and return the payload of the answer."""
        frame = await self.call(
            "BootNotification", {"chargePointVendor": "Vendor", "chargePointModel": "Model"}
        )
        return frame[2]

    async def until(self, condition: Callable[[], bool], within_s: float = 5) -> None:
        """Wait for frames until a condition is true; the socket's end fails it."""
        async with asyncio.timeout(within_s):
            while not condition():
                if self._reader.done():
                    raise ConnectionError(f"closed with {self.close_code}")
                self._news.clear()
                await self._news.wait()

    async def was_asked(self, action: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait for requests of an action and return their payloads."""
        await self.until(lambda: len(self.requests(action)) >= count)
        return self.requests(action)

    def requests(self, action: str) -> list[dict[str, Any]]:
        """Return the payloads of requests of an action so far."""
        return [payload for name, payload in self.asked if name == action]

    async def closed(self, within_s: float = 5) -> int | None:
        """Wait for the socket's end and return its code."""
        async with asyncio.timeout(within_s):
            await asyncio.wait({self._reader})
        return self.close_code

    @property
    def is_open(self) -> bool:
        """Say whether the socket is open."""
        return not self._reader.done()

    async def close(self) -> None:
        """Hang up."""
        await self.websocket.close()
        await asyncio.wait({self._reader})


@dataclass
class House:
    """A central system with its stand-in engine and the network."""

    backend: StandIn
    central: CentralSystem
    session: ClientSession
    clock: Clock
    port: int | None = None
    """Another server's port to dial instead of the own one."""

    def url(self, path: str = "/CP1") -> str:
        """Return the address of a path on the own port."""
        return f"ws://127.0.0.1:{self.port or self.central.port}{path}"

    async def dial(
        self,
        path: str = "/CP1",
        *,
        protocols: tuple[str, ...] = ("ocpp1.6",),
        password: str | bytes | None = None,
        user: str = "CP1",
        pongs: bool = True,
    ) -> Station:
        """Connect as a charger."""
        headers = {"Authorization": _basic(user, password)} if password is not None else {}
        websocket = await self.session.ws_connect(
            self.url(path), protocols=protocols, headers=headers, autoping=pongs
        )
        return Station(websocket)

    async def execute(self, command: Command) -> CommandResult:
        """Let CP1 carry out a command that is no preparation."""
        result = await self.central.execute("CP1", command)
        assert isinstance(result, CommandResult)
        return result

    async def booted(self, path: str = "/CP1", **how: Any) -> Station:
        """Connect and boot."""
        station = await self.dial(path, **how)
        await station.boot()
        return station


def _basic(user: str, password: str | bytes) -> str:
    raw = password.encode() if isinstance(password, str) else password
    return "Basic " + b64encode(user.encode() + b":" + raw).decode()


class Clock:
    """Our clock: real, plus what a test adds."""

    def __init__(self) -> None:
        """Begin at the true time."""
        self.ahead_s = 0.0

    def __call__(self) -> datetime:
        """Return the time."""
        return datetime.fromtimestamp(datetime.now(UTC).timestamp() + self.ahead_s, UTC)


@asynccontextmanager
async def house(limits: Limits = QUICK, backend: StandIn | None = None) -> AsyncGenerator[House]:
    """Run a central system on a free port."""
    backend = backend or StandIn()
    clock = Clock()
    central = CentralSystem(backend, clock=clock, limits=limits)
    await central.start("127.0.0.1", 0)
    async with ClientSession() as session:
        try:
            yield House(backend, central, session, clock)
        finally:
            await central.stop()


class Wire:
    """A bare TCP socket, for handshakes no library would send."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take over a connected socket."""
        self.reader = reader
        self.writer = writer

    @classmethod
    async def open(cls, port: int) -> Self:
        """Connect."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def request(self, target: str, headers: Mapping[str, str]) -> int:
        """Send a request and return the status of its response."""
        lines = [f"GET {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 5)
        return int(head.split(b" ", 2)[1])

    async def send(self, opcode: int, data: bytes, *, final: bool = True) -> None:
        """Send one masked WebSocket frame; the mask is zero."""
        first = bytes([(0x80 if final else 0) | opcode])
        if len(data) < 126:
            length = bytes([0x80 | len(data)])
        elif len(data) < 65536:
            length = bytes([0x80 | 126]) + len(data).to_bytes(2)
        else:
            length = bytes([0x80 | 127]) + len(data).to_bytes(8)
        self.writer.write(first + length + b"\0\0\0\0" + data)
        await self.writer.drain()

    async def frame(self) -> tuple[int, bytes]:
        """Read one WebSocket frame of the server: opcode and payload."""
        async with asyncio.timeout(5):
            first, length = await self.reader.readexactly(2)
            size = length
            if length == 126:
                size = int.from_bytes(await self.reader.readexactly(2))
            elif length == 127:
                size = int.from_bytes(await self.reader.readexactly(8))
            return first & 0xF, await self.reader.readexactly(size)

    async def ended(self, within_s: float = 5) -> bool:
        """Wait for the socket's end."""
        async with asyncio.timeout(within_s):
            try:
                while await self.reader.read(65536):
                    pass
            except ConnectionError:
                pass
        return True

    def close(self) -> None:
        """Hang up."""
        self.writer.close()


UPGRADE = {
    "Host": "127.0.0.1",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "ocpp1.6",
}
"""What a charger's handshake holds."""
