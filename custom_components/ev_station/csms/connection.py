"""One socket's life: frames in and out, their limits, and whether anybody is still there."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
import socket
from typing import Final, Literal

from aiohttp import WSCloseCode, WSMsgType, web

from .quirks import Quirk, Report

FRAME_LIMIT: Final = 64 * 1024
LARGE_FRAME_LIMIT: Final = 1024 * 1024
"""For answers that may be long, and for a StopTransaction that carries a whole session's samples."""
SEND_QUEUE_LIMIT: Final = 1024 * 1024
_CLOSE_TIMEOUT_S: Final = 2.0

type Receive = Callable[[bytes], Awaitable[None]]
type Socket = web.WebSocketResponse[Literal[False]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a socket is believed alive."""

    ping_interval_s: float = 30.0
    silence_s: float = 900.0
    """For chargers that never answer a ping: the longest believable pause between messages."""


class Connection:
    """A WebSocket to a charger. Frames are handed over one at a time, so a flood waits in its own socket."""

    def __init__(
        self, websocket: Socket, transport: asyncio.Transport, patience: Patience, report: Report
    ) -> None:
        """Take over a prepared WebSocket, made with `decode_text=False` and `autoping=False`."""
        self._socket = websocket
        self._transport = transport
        self._patience = patience
        self._report = report
        self._loop = asyncio.get_running_loop()
        self._heard = self._loop.time()
        self._pinged: float | None = None
        self._pong = asyncio.Event()
        self.answers_pings = False
        self.round_trip_s: float | None = None
        self.large_frames_expected = False
        self.silence_s = patience.silence_s
        self._limit_unacknowledged()

    @property
    def closed(self) -> bool:
        """Say whether the socket is closed or closing."""
        return self._socket.closed

    async def run(self, receive: Receive) -> None:
        """Hand every frame to `receive` until the socket closes."""
        watch = self._loop.create_task(self._watch())
        try:
            await self._read(receive)
        finally:
            watch.cancel()

    async def _read(self, receive: Receive) -> None:
        while True:
            message = await self._socket.receive()
            self._heard = self._loop.time()
            match message.type:
                case WSMsgType.TEXT:
                    if not await self._take(message.data, receive):
                        return
                case WSMsgType.PING:
                    await self._socket.pong(message.data)
                case WSMsgType.PONG:
                    self._ponged()
                case WSMsgType.BINARY:
                    await self.close(WSCloseCode.UNSUPPORTED_DATA)
                    return
                case _:
                    return

    async def _take(self, data: bytes, receive: Receive) -> bool:
        """Hand over a frame and give every other charger its turn; False if it was too long (S11)."""
        if len(data) > FRAME_LIMIT and not self._may_be_large(data):
            await self.close(WSCloseCode.MESSAGE_TOO_BIG)
            return False
        await receive(data)
        await asyncio.sleep(0)
        return not self._socket.closed

    def _may_be_large(self, data: bytes) -> bool:
        beginning = data[:128]
        if beginning.lstrip()[:4].replace(b" ", b"").startswith(b"[3"):
            return self.large_frames_expected
        return b'"StopTransaction"' in beginning

    async def send(self, data: bytes) -> bool:
        """Send a text frame; False if the socket is gone or the charger no longer reads."""
        if self._socket.closed:
            return False
        try:
            await self._socket.send_frame(data, WSMsgType.TEXT)
        except ConnectionError:
            return False
        if self._transport.get_write_buffer_size() > SEND_QUEUE_LIMIT:
            self.abort()
            return False
        return True

    async def probe(self, timeout_s: float) -> bool:
        """Ping and say whether anything at all came back in time."""
        if self._socket.closed:
            return False
        self._pong.clear()
        heard = self._heard
        try:
            async with asyncio.timeout(timeout_s):
                await self._ping()
                await self._pong.wait()
        except TimeoutError, ConnectionError:
            return self._heard > heard
        return True

    async def _watch(self) -> None:
        """Ping now and then; give a silent socket up after two intervals (F31)."""
        while True:
            await asyncio.sleep(self._patience.ping_interval_s)
            if self._is_silent():
                self.abort()
                return
            try:
                await self._ping()
            except ConnectionError:
                return

    def _is_silent(self) -> bool:
        if self._pinged is None:
            return False
        if self._heard >= self._pinged:
            if not self.answers_pings:
                self._report(Quirk.NO_PONG, "messages, but no pong")
            return False
        return self.answers_pings or self._loop.time() - self._heard > self.silence_s

    async def _ping(self) -> None:
        self._pinged = self._loop.time()
        await self._socket.ping()

    def _ponged(self) -> None:
        self.answers_pings = True
        self._pong.set()
        if self._pinged is not None:
            self.round_trip_s = self._loop.time() - self._pinged

    def _limit_unacknowledged(self) -> None:
        """Let the kernel notice a peer that acknowledges nothing, for chargers that never answer a ping."""
        option = getattr(socket, "TCP_USER_TIMEOUT", None)
        raw = self._socket.get_extra_info("socket")
        if option is not None and raw is not None:
            raw.setsockopt(socket.IPPROTO_TCP, option, int(2000 * self._patience.ping_interval_s))

    async def close(self, code: int, reason: str = "") -> None:
        """Close politely, but not for ever."""
        try:
            async with asyncio.timeout(_CLOSE_TIMEOUT_S):
                await self._socket.close(code=code, message=reason.encode())
        except TimeoutError, ConnectionError:
            self.abort()

    def abort(self) -> None:
        """Drop the socket at once."""
        self._transport.abort()
