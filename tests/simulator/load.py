"""A load generator: chargers in transactions that send MeterValues as fast as they are answered.

python -m tests.simulator.load --url ws://127.0.0.1:PORT/ --chargers 50 --seconds 10 [--rate R]
"""

import argparse
from array import array
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
import json
import sys
import time
from typing import Final, override
from urllib.parse import urlsplit

from script.usage import cpu_seconds, resident_mib

from .clock import stamp
from .configuration import Configuration, standard_keys
from .vocabulary import Payload
from .wire import CLOSE, PING, PONG, TEXT, Reader, frame, header, upgrade

_UID_DIGITS: Final = 9
_REGISTER_DIGITS: Final = 10
_STAMP: Final = "2026-01-01T00:00:00.000Z"


@dataclass(slots=True)
class Tally:
    """What was measured, all chargers together; `latencies` in seconds."""

    latencies: array[float] = field(default_factory=lambda: array("d"))
    errors: int = 0
    lost: int = 0

    def forget(self) -> None:
        """Begin anew."""
        self.latencies = array("d")
        self.errors = self.lost = 0


class Template:
    """A MeterValues frame of eight values, encoded once; three places in it are patched."""

    def __init__(self, transaction: int) -> None:
        values = [
            {"value": "0" * _REGISTER_DIGITS, "measurand": "Energy.Active.Import.Register"},
            {"value": "11040.0", "measurand": "Power.Active.Import", "unit": "W"},
            *(_phase("Current.Import", "16.00", "A", f"L{n}") for n in (1, 2, 3)),
            *(_phase("Voltage", "230.0", "V", f"L{n}-N") for n in (1, 2, 3)),
        ]
        payload = {
            "connectorId": 1,
            "transactionId": transaction,
            "meterValue": [{"timestamp": _STAMP, "sampledValue": values}],
        }
        message = [2, "0" * _UID_DIGITS, "MeterValues", payload]
        text = json.dumps(message, separators=(",", ":")).encode()
        self._frame = bytearray(header(len(text)) + text)
        self._uid = self._frame.index(b"0" * _UID_DIGITS)
        self._stamp = self._frame.index(_STAMP.encode())
        self._register = self._frame.index(b'"' + b"0" * _REGISTER_DIGITS) + 1

    def fill(self, number: int, moment: bytes, register: int) -> bytes:
        """Return the frame with its id, its time and its register."""
        buffer = self._frame
        buffer[self._uid : self._uid + _UID_DIGITS] = b"%09d" % number
        buffer[self._stamp : self._stamp + len(moment)] = moment
        buffer[self._register : self._register + _REGISTER_DIGITS] = b"%010d" % register
        return bytes(buffer)


def _phase(measurand: str, value: str, unit: str, phase: str) -> Payload:
    return {"value": value, "measurand": measurand, "unit": unit, "phase": phase}


class Moment:
    """The present time as text, made anew ten times a second at most."""

    def __init__(self) -> None:
        self._until, self._text = 0.0, b""

    def text(self, now: float) -> bytes:
        """Return the timestamp to send."""
        if now >= self._until:
            self._until = now + 0.1
            self._text = stamp(datetime.now(UTC)).encode()
        return self._text


class LoadCharger(asyncio.Protocol):
    """One charger: shakes hands, boots, starts a transaction, then sends samples."""

    def __init__(self, arguments: argparse.Namespace, number: int, tally: Tally) -> None:
        self.identity = f"{arguments.prefix}-{number}"
        self._hello = upgrade(arguments.url, self.identity, arguments.password)
        self._tag = arguments.tag
        self._tally = tally
        self._moment = Moment()
        self._configuration = Configuration(standard_keys(1, 3))
        self._reader = Reader()
        self._head: bytes | None = b""
        self._answer: asyncio.Future[Payload] | None = None
        self._template: Template | None = None
        self._number = 0
        self._sent_at = 0.0
        self._waiting = False
        self._late_since: float | None = None
        self._pause: float | None = None
        self._until = 0.0
        self._due = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    # -- the connection --------------------------------------------------------------------

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._hello)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._tally.lost += 1 if self._waiting else 0
        gone = ConnectionError(f"{self.identity}: connection lost")
        for future in (self.open, self._answer):
            if future is not None and not future.done():
                future.set_exception(gone)
        self._finish()

    @override
    def data_received(self, data: bytes) -> None:
        if self._head is not None:
            data = self._shake_hands(data)
        for opcode, payload in self._reader.feed(data):
            if opcode == TEXT:
                self._message(payload)
            elif opcode == PING:
                self._transport.write(frame(payload, PONG))
            elif opcode == CLOSE:
                self._transport.close()

    def _shake_hands(self, data: bytes) -> bytes:
        """Read the HTTP answer; return what came behind it."""
        self._head = (self._head or b"") + data
        head, end, rest = self._head.partition(b"\r\n\r\n")
        if not end:
            return b""
        self._head = None
        if b" 101 " in head.splitlines()[0]:
            self.open.set_result(None)
        else:
            self.open.set_exception(ConnectionError(head.splitlines()[0].decode()))
        return rest

    def _message(self, payload: bytes) -> None:
        if self._waiting and payload.startswith(b"[3") and b"%09d" % self._number in payload:
            self._answered()
        elif payload.startswith(b"[2"):
            self._asked(payload)
        elif self._answer is not None and not self._answer.done():
            answer = json.loads(payload)
            self._answer.set_result(answer[2] if answer[0] == 3 else {})
        elif self._waiting:
            self._tally.errors += 1
            self._answered()

    def _asked(self, payload: bytes) -> None:
        """Answer the central system so that it is content."""
        _, uid, action, request = json.loads(payload)
        match action:
            case "GetConfiguration":
                answer: Payload = self._configuration.report(request.get("key", []))
            case "ChangeConfiguration":
                answer = {"status": self._configuration.change(request["key"], request["value"])}
            case "GetLocalListVersion":
                answer = {"listVersion": 0}
            case "GetCompositeSchedule" | "TriggerMessage" | "RemoteStartTransaction":
                answer = {"status": "Rejected"}
            case _:
                answer = {"status": "Accepted"}
        self._transport.write(frame(json.dumps([3, uid, answer]).encode()))

    # -- before the measurement ------------------------------------------------------------

    async def begin(self) -> None:
        """Register and start a transaction."""
        await self.open
        while (boot := await self._boot()).get("status") != "Accepted":
            print(f"{self.identity}: boot {boot.get('status')}", file=sys.stderr)
            await asyncio.sleep(0.2)
        await self._call("StatusNotification", _status("Charging"))
        started = await self._call("StartTransaction", self._start())
        self._template = Template(started.get("transactionId", 0))

    async def _boot(self) -> Payload:
        names = {"chargePointVendor": "Simulated", "chargePointModel": "Load"}
        return await self._call("BootNotification", names)

    def _start(self) -> Payload:
        now = stamp(datetime.now(UTC))
        return {"connectorId": 1, "idTag": self._tag, "meterStart": 0, "timestamp": now}

    async def _call(self, action: str, payload: Payload) -> Payload:
        self._number += 1
        message = [2, f"{self._number:09d}", action, payload]
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(frame(json.dumps(message).encode()))
        try:
            return await self._answer
        finally:
            self._answer = None

    # -- the measurement -------------------------------------------------------------------

    def run(self, seconds: float, pause: float | None, delay: float) -> None:
        """Send for that long: at once after each answer, or one message every `pause`."""
        self._until = time.perf_counter() + seconds
        self._pause, self._late_since = pause, None
        self.done = asyncio.get_running_loop().create_future()
        self._due = asyncio.get_running_loop().time() + delay
        self._plan()

    def _plan(self) -> None:
        self._timer = asyncio.get_running_loop().call_at(self._due, self._tick)

    def _tick(self) -> None:
        """Send, or remember since when a message is overdue."""
        now = time.perf_counter()
        if now >= self._until:
            self._finish_unless_waiting()
            return
        if self._pause is not None:
            self._due += self._pause
            self._plan()
        if self._waiting:
            self._late_since = self._late_since or now
        else:
            self._send(now, now)

    def _send(self, now: float, meant_for: float) -> None:
        assert self._template
        self._number += 1
        self._waiting, self._sent_at = True, meant_for
        filled = self._template.fill(self._number, self._moment.text(now), self._number)
        self._transport.write(filled)

    def _answered(self) -> None:
        now = time.perf_counter()
        self._tally.latencies.append(now - self._sent_at)
        self._waiting = False
        if now >= self._until:
            self._finish()
        elif self._pause is None:
            self._send(now, now)
        elif self._late_since is not None:
            meant_for, self._late_since = self._late_since, None
            self._send(now, meant_for)

    def _finish_unless_waiting(self) -> None:
        if not self._waiting:
            self._finish()

    def _finish(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if not self.done.done():
            self.done.set_result(None)

    def hang_up(self) -> None:
        """Close the connection."""
        self._transport.write(frame((1000).to_bytes(2), CLOSE))
        self._transport.close()


def _status(status: str) -> Payload:
    return {"connectorId": 1, "errorCode": "NoError", "status": status}


async def measure(arguments: argparse.Namespace) -> Payload:
    """Connect the chargers, let them send, and return the figures."""
    tally = Tally()
    chargers = [await _connect(arguments, number, tally) for number in range(arguments.chargers)]
    pause = arguments.chargers / arguments.rate if arguments.rate else None
    if arguments.warm_up:
        await _send(chargers, arguments.warm_up, pause)
        tally.forget()
    processor, wall = time.process_time(), time.perf_counter()
    served = cpu_seconds(arguments.pid) if arguments.pid else 0.0
    await _send(chargers, arguments.seconds, pause)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    figures = _figures(tally, arguments, wall, processor)
    if arguments.pid:
        figures["server_cpu_seconds"] = round(cpu_seconds(arguments.pid) - served, 3)
        figures["server_resident_mib"] = round(resident_mib(arguments.pid), 1)
    for charger in chargers:
        charger.hang_up()
    return figures


async def _send(chargers: Sequence[LoadCharger], seconds: float, pause: float | None) -> None:
    """Let all of them send for that long."""
    for place, charger in enumerate(chargers):
        charger.run(seconds, pause, (pause or 0) * place / len(chargers))
    await asyncio.wait([charger.done for charger in chargers], timeout=seconds + 30)


async def _connect(arguments: argparse.Namespace, number: int, tally: Tally) -> LoadCharger:
    parts = urlsplit(arguments.url)
    loop = asyncio.get_running_loop()
    _, charger = await loop.create_connection(
        lambda: LoadCharger(arguments, number + 1, tally), parts.hostname, parts.port or 80
    )
    await charger.begin()
    return charger


def _figures(tally: Tally, arguments: argparse.Namespace, wall: float, processor: float) -> Payload:
    ordered = sorted(tally.latencies)
    return {
        "chargers": arguments.chargers,
        "seconds": round(wall, 3),
        "messages": len(ordered),
        "messages_per_second": round(len(ordered) / wall, 1),
        "p50_ms": _percentile(ordered, 0.50),
        "p95_ms": _percentile(ordered, 0.95),
        "p99_ms": _percentile(ordered, 0.99),
        "max_ms": _percentile(ordered, 1.0),
        "errors": tally.errors,
        "lost": tally.lost,
        "generator_cpu_seconds": round(processor, 3),
    }


def _percentile(ordered: list[float], part: float) -> float | None:
    """Return the value in milliseconds below which that part of them lies (nearest rank)."""
    if not ordered:
        return None
    return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))] * 1000, 3)


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    made = argparse.ArgumentParser(prog="python -m tests.simulator.load", description=__doc__)
    made.add_argument("--url", required=True)
    made.add_argument("--chargers", type=int, default=50)
    made.add_argument("--seconds", type=float, default=10.0)
    made.add_argument("--warm-up", type=float, default=0.0, help="seconds that are not counted")
    made.add_argument("--rate", type=float, help="messages a second, all chargers together")
    made.add_argument("--pid", type=int, help="the central system's process, to be measured too")
    made.add_argument("--password")
    made.add_argument("--prefix", default="LOAD")
    made.add_argument("--tag", default="DEMO-ANNA")
    return made


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(parser().parse_args()))))
