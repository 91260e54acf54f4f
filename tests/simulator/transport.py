"""The charge point's end of a websocket: dialling, redialling, and breaking in every way."""

import asyncio
from base64 import b64encode
import contextlib
from dataclasses import dataclass, field
import random
from typing import Final, Protocol
from urllib.parse import quote

import aiohttp

SUBPROTOCOL: Final = "ocpp1.6"
_HANDSHAKE_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialling:
    """Where and how a charger dials in; `user` is the identity unless given."""

    url: str
    identity: str
    password: str | None = None
    user: str | None = None
    protocols: tuple[str, ...] = (SUBPROTOCOL,)
    suffix: str = ""
    answers_pings: bool = True

    @property
    def address(self) -> str:
        """The central system's address with the identity as its last part, OCPP-J 1.6 §3.1."""
        return f"{self.url.rstrip('/')}/{quote(self.identity, safe='')}{self.suffix}"

    @property
    def headers(self) -> dict[str, str]:
        """HTTP Basic authentication, where there is a password."""
        if self.password is None:
            return {}
        pair = f"{self.user or self.identity}:{self.password}".encode()
        return {"Authorization": f"Basic {b64encode(pair).decode()}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Redial:
    """Back-off between attempts, in real seconds, with some jitter."""

    first: float = 0.1
    factor: float = 2.0
    longest: float = 5.0
    jitter: float = 0.2

    def delay(self, failures: int, rng: random.Random) -> float:
        """Return the wait after that many failed attempts in a row."""
        plain = min(self.longest, self.first * self.factor ** min(failures, 30))
        return plain * (1 + rng.uniform(-self.jitter, self.jitter))


class Listener(Protocol):
    """What wants to know of the connection."""

    async def connected(self) -> None:
        """Hear that a connection opened."""

    async def received(self, text: str) -> None:
        """Hear a text frame."""

    def disconnected(self) -> None:
        """Hear that the connection is gone."""

    def refused(self, problem: str) -> None:
        """Hear that a handshake failed."""


type Socket = aiohttp.ClientWebSocketResponse


@dataclass(slots=True, kw_only=True)
class Transport:
    """Keeps one websocket open while it is wanted, and tells the listener about it."""

    dialling: Dialling
    listener: Listener
    redial: Redial = field(default_factory=Redial)
    rng: random.Random = field(default_factory=random.Random)
    handshakes: int = 0
    _session: aiohttp.ClientSession | None = None
    _socket: Socket | None = None
    _frozen: list[Socket] = field(default_factory=list)
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)
    _hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_open(self) -> bool:
        """Whether frames can be sent now."""
        return self._socket is not None

    def wanted(self, wanted: bool) -> None:
        """Say whether the charger should (re)dial."""
        (self._wanted.set if wanted else self._wanted.clear)()

    async def run(self) -> None:
        """Dial for ever; cancel to end."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout()) as self._session:
            failures = 0
            try:
                while True:
                    await self._wanted.wait()
                    failures = 0 if await self._one_connection() else failures + 1
                    await asyncio.sleep(self.redial.delay(failures, self.rng))
            finally:
                self._let_go()

    async def _one_connection(self) -> bool:
        """Dial once and serve the connection to its end; tell whether it came to be."""
        try:
            socket = await self._dial()
        except (aiohttp.ClientError, OSError, TimeoutError) as problem:
            self.listener.refused(_describe(problem))
            return False
        if not self._wanted.is_set():
            _abort(socket)
            return False
        self._socket, self.handshakes = socket, self.handshakes + 1
        self._hung_up.clear()
        await self.listener.connected()
        await self._serve(socket)
        return True

    async def _dial(self) -> Socket:
        assert self._session
        async with asyncio.timeout(_HANDSHAKE_SECONDS):
            return await self._session.ws_connect(
                self.dialling.address,
                protocols=self.dialling.protocols,
                headers=self.dialling.headers,
                autoping=self.dialling.answers_pings,
                max_msg_size=0,
                timeout=aiohttp.ClientWSTimeout(ws_close=1.0),
            )

    async def _serve(self, socket: Socket) -> None:
        """Read until the other side, the network or we ourselves end it."""
        reading = asyncio.create_task(self._read(socket))
        leaving = asyncio.create_task(self._hung_up.wait())
        try:
            await asyncio.wait({reading, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _cancelled(reading, leaving)
            self._forget(socket)
        if not reading.cancelled() and (error := reading.exception()) is not None:
            raise error

    async def _read(self, socket: Socket) -> None:
        async for message in socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                await self.listener.received(message.data)
            elif message.type is aiohttp.WSMsgType.BINARY:
                await self.listener.received(f"binary frame of {len(message.data)} bytes")

    def _forget(self, socket: Socket) -> None:
        if self._socket is socket:
            self._socket = None
            self.listener.disconnected()
        if socket not in self._frozen and not socket.closed:
            _abort(socket)

    async def send(self, text: str) -> None:
        """Send a text frame; on a broken connection it is lost."""
        if self._socket is None:
            return
        with contextlib.suppress(ConnectionError):
            await self._socket.send_str(text)

    def _release(self) -> Socket | None:
        """Have nothing more to do with the present socket."""
        socket, self._socket = self._socket, None
        self._hung_up.set()
        if socket is not None:
            self.listener.disconnected()
        return socket

    async def close(self) -> None:
        """End the connection politely; a redial follows if it is wanted."""
        socket = self._release()
        if socket is not None:
            await socket.close()

    def abort(self) -> None:
        """Break the connection as a pulled cable with a reset does: no close frame."""
        socket = self._release()
        if socket is not None:
            _abort(socket)

    def half_open(self) -> None:
        """Fall silent: the socket stays open for the other side, nobody reads or writes it."""
        if self._socket is not None:
            self._frozen.append(self._socket)
            if (wire := _wire(self._socket)) is not None:
                wire.pause_reading()
            self._release()

    def _let_go(self) -> None:
        for socket in self._frozen:
            _abort(socket)
        self._frozen.clear()
        self.abort()


def _wire(socket: Socket) -> asyncio.Transport | None:
    """Return the TCP transport below a websocket, which aiohttp keeps to itself."""
    connection = socket._response.connection
    transport = connection.transport if connection else None
    return transport if isinstance(transport, asyncio.Transport) else None


def _abort(socket: Socket) -> None:
    if (wire := _wire(socket)) is not None:
        wire.abort()
    socket._response.close()


def _describe(problem: BaseException) -> str:
    if isinstance(problem, aiohttp.WSServerHandshakeError):
        return f"refused with HTTP {problem.status}"
    return f"{type(problem).__name__}: {problem}"


async def _cancelled(*tasks: asyncio.Task[object]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
