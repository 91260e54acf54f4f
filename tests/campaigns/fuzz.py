"""S30: throws mutated frames at the central system's reader and counts what it does not survive.

python -m tests.campaigns.fuzz --seed 1 --count 100000

Every frame goes the whole way of a real one: text, repair, schema, event, answer. An unhandled exception is
printed with the frame that caused it, and the exit code is 1.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
import json
import logging
from pathlib import Path
import random
import sys
import time
from typing import cast, override

from custom_components.ev_station.csms.connection import Connection
from custom_components.ev_station.csms.conversation import Conversation, Manners
from custom_components.ev_station.csms.quirks import Quirk
from custom_components.ev_station.csms.schemas import load
from custom_components.ev_station.csms.throttle import Throttle
from custom_components.ev_station.csms.v16.dialect import Dialect16
from custom_components.ev_station.model.answers import Acknowledged, Answer
from custom_components.ev_station.model.events import ChargerEvent
from custom_components.ev_station.model.records import Frame
from custom_components.ev_station.model.status import Version

DATA = Path(__file__).parents[1] / "csms" / "data"
PIECES = (
    b"", b",", b",,", b"\x00", b"\xff", b"\xc3", b"[", b"]", b"{", b"}", b'"', b"\\", b"\\u", b"\\ud800", b":",
    b"null", b"true", b"NaN", b"-Infinity", b"1e999", b"-1", b"9223372036854775808", b"[[[[", b'{"a":', b'""',
    b"\xe2\x80\xae", b"=1+1", b"{{", b"2022-02-29T00:00:00Z",
)  # fmt: skip

type Mutation = Callable[[random.Random, bytearray], None]


def insert(chance: random.Random, frame: bytearray) -> None:
    """Put a hostile piece somewhere."""
    at = chance.randrange(len(frame) + 1)
    frame[at:at] = chance.choice(PIECES)


def replace(chance: random.Random, frame: bytearray) -> None:
    """Overwrite a few bytes."""
    at = chance.randrange(len(frame) + 1)
    frame[at : at + chance.randrange(8)] = chance.choice(PIECES)


def cut(chance: random.Random, frame: bytearray) -> None:
    """Lose the end."""
    del frame[chance.randrange(len(frame) + 1) :]


def flip(chance: random.Random, frame: bytearray) -> None:
    """Change a byte."""
    if frame:
        frame[chance.randrange(len(frame))] = chance.randrange(256)


def repeat(chance: random.Random, frame: bytearray) -> None:
    """Say a part twice."""
    start = chance.randrange(len(frame) + 1)
    part = frame[start : start + chance.randrange(40)]
    frame[start:start] = part * chance.randrange(1, 4)


def swap(chance: random.Random, frame: bytearray) -> None:
    """Put another JSON value where one was."""
    text = frame.decode(errors="replace")
    try:
        value = json.loads(text)
    except ValueError:
        return
    frame[:] = json.dumps(_swapped(chance, value), ensure_ascii=False).encode(errors="replace")


def _swapped(chance: random.Random, value: object) -> object:
    if chance.random() < 0.01:
        return _nested(chance.randrange(100, 900))
    if chance.random() < 0.15:
        return chance.choice(
            [None, True, 0, -1, 2**63 - 1, 1.5, "", "x" * 300, [], {}, ["a"], {"a": []}]
        )
    match value:
        case list():
            return [_swapped(chance, item) for item in value]
        case dict():
            return {key: _swapped(chance, item) for key, item in value.items()}
        case _:
            return value


def _nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value] if depth % 2 else {"a": value}
    return value


MUTATIONS: tuple[Mutation, ...] = (insert, replace, cut, flip, repeat, swap, swap)


class Nobody:
    """Takes events and frames."""

    def __init__(self) -> None:
        """Count the kinds of events."""
        self.events: Counter[str] = Counter()

    async def submit(self, event: ChargerEvent, frame: Frame) -> Answer:
        """Take an event; whatever it holds can be written down."""
        self.events[type(event).__name__] += 1
        repr(event).encode()
        frame.text.encode()
        return Acknowledged()

    def keep(self, frame: Frame) -> None:
        """Take a frame."""
        frame.text.encode()


class Deaf:
    """A connection that only takes."""

    large_frames_expected = False
    silence_s = 0.0

    async def send(self, data: bytes) -> bool:
        """Read back what would be sent: it is always JSON."""
        json.loads(data)
        return True


class Faults(logging.Handler):
    """Collects the exceptions that had to be caught by the last resort."""

    def __init__(self) -> None:
        """Begin with none."""
        super().__init__()
        self.found: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Take a record with an exception."""
        self.found.append(self.format(record))


def seeds() -> list[bytes]:
    """Return every recorded frame of a charger."""
    quirks = json.loads((DATA / "quirks_ocpp16.json").read_text())
    frames = [text.encode() for quirk in quirks for text in quirk.get("frames", [])]
    for path in sorted(DATA.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            row = json.loads(line)
            if row["dir"] == "rx":
                frames.append(json.dumps(row["frame"]).encode())
    return frames


async def campaign(seed: int, count: int) -> tuple[list[str], Counter[str]]:
    """Send `count` mutated frames; return the faults and the kinds of events."""
    chance = random.Random(seed)
    faults, desk = Faults(), Nobody()
    logger = logging.getLogger("custom_components.ev_station.csms.conversation")
    logger.addHandler(faults)
    logger.propagate = False
    dialect = Dialect16(load(Version.V16), lambda: datetime.now(UTC))

    def report(_quirk: Quirk, example: object) -> None:
        str(example).encode()

    conversation = Conversation(
        charger="CP1",
        connection=cast(Connection, Deaf()),
        dialect=dialect,
        desk=desk,
        clock=lambda: datetime.now(UTC),
        report=report,
        manners=Manners(),
        authorizations=Throttle(burst=10**9, per_s=1),
    )
    originals = seeds()
    for _ in range(count):
        frame = bytearray(chance.choice(originals))
        for _ in range(chance.randrange(1, 4)):
            chance.choice(MUTATIONS)(chance, frame)
        before = len(faults.found)
        try:
            await conversation.receive(bytes(frame))
        except Exception as error:  # noqa: BLE001 (any exception at all is what is looked for)
            faults.found.append(repr(error))
        if len(faults.found) > before:
            faults.found[-1] = f"{bytes(frame)!r}\n{faults.found[-1]}"
    return faults.found, desk.events


def main() -> int:
    """Run the campaign and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100_000)
    options = parser.parse_args()
    began = time.perf_counter()
    faults, events = asyncio.run(campaign(options.seed, options.count))
    took = time.perf_counter() - began
    for fault in faults[:10]:
        print(fault, file=sys.stderr)
    understood = sum(events.values())
    print(f"{options.count} frames in {took:.1f} s: {understood} events, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
