"""A central system that says yes to everything, to try the simulator against."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
import contextlib
from dataclasses import dataclass, field
from itertools import count
from typing import Self

from aiohttp import WSCloseCode, WSMsgType, web

from .clock import Clock, RealClock, stamp
from .judge import Judge, Violation
from .pulse import Pulse
from .rpc import Answer, CallError, Rpc
from .transport import SUBPROTOCOL
from .vocabulary import Payload

type Respond = Callable[[Payload], Payload]

_ACCEPTED: Payload = {"status": "Accepted"}


@dataclass(slots=True)
class Call:
    """A request a charger sent."""

    identity: str
    action: str
    payload: Payload


@dataclass(slots=True)
class Permissive:
    """`async with` serves on a free port of 127.0.0.1; `answers` overrules what is said."""

    answers: dict[str, Respond] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    judges: list[Judge] = field(default_factory=list)
    clock: Clock = field(default_factory=RealClock)
    pulse: Pulse = field(default_factory=Pulse)
    lines: dict[str, Rpc] = field(default_factory=dict)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    url: str = ""
    _ids: count[int] = field(default_factory=lambda: count(1001))
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_get("/{identity:.*}", self._serve)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"ws://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner
        for socket in self.sockets:
            await socket.close(code=WSCloseCode.GOING_AWAY)
        await self._runner.cleanup()

    async def call(self, identity: str, action: str, payload: Payload) -> Payload:
        """Send a request to a charger and return its answer."""
        return await self.lines[identity].call(action, payload)

    async def until(self, condition: Callable[[], bool], within: float = 20.0) -> None:
        """Wait until the requests received so far satisfy a condition."""
        await self.pulse.until(condition, within, lambda: str([c.action for c in self.calls]))

    def sent(self, action: str) -> list[Payload]:
        """Return the payloads of all requests of that kind, the oldest first."""
        return [call.payload for call in self.calls if call.action == action]

    @property
    def violations(self) -> list[Violation]:
        """What chargers did wrong."""
        return [violation for judge in self.judges for violation in judge.violations]

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        identity = request.match_info["identity"].strip("/")
        socket = web.WebSocketResponse(protocols=(SUBPROTOCOL,))
        await socket.prepare(request)
        line = self._line(identity, socket)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await line.received(message.data)
        line.closed()
        return socket

    def _line(self, identity: str, socket: web.WebSocketResponse) -> Rpc:
        async def handle(action: str, payload: Payload) -> Answer:
            self.calls.append(Call(identity, action, payload))
            self.pulse.beat()
            return self._answer(action, payload), ()

        async def send(text: str) -> None:
            with contextlib.suppress(ConnectionError):
                await socket.send_str(text)

        line = Rpc(handler=handle, spawn=self._spawn, drop=lambda: None, judge=Judge())
        line.opened(send)
        self.lines[identity] = line
        self.judges.append(line.judge)
        self.sockets.append(socket)
        return line

    def _answer(self, action: str, payload: Payload) -> Payload:
        if action in self.answers:
            return self.answers[action](payload)
        if action == "StartTransaction":
            return {"transactionId": next(self._ids), "idTagInfo": _ACCEPTED}
        if action in _ANSWERS:
            return _ANSWERS[action](stamp(self.clock.now()))
        raise CallError("NotImplemented", action)

    def _spawn(self, duty: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(duty)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


_ANSWERS: Mapping[str, Callable[[str], Payload]] = {
    "Authorize": lambda _: {"idTagInfo": _ACCEPTED},
    "BootNotification": lambda now: {**_ACCEPTED, "currentTime": now, "interval": 300},
    "DataTransfer": lambda _: _ACCEPTED,
    "DiagnosticsStatusNotification": lambda _: {},
    "FirmwareStatusNotification": lambda _: {},
    "Heartbeat": lambda now: {"currentTime": now},
    "MeterValues": lambda _: {},
    "StatusNotification": lambda _: {},
    "StopTransaction": lambda _: {"idTagInfo": _ACCEPTED},
}
