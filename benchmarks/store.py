"""What the codec and the store cost: `python -m benchmarks.store [--fsync-ms 20] [--folder FOLDER]`.

`--fsync-ms` adds a wait to each commit, as slow media (SD cards: 5-50 ms) make it. CPU is this process's own time,
without the medium's.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import batched
from pathlib import Path
from statistics import median, quantiles
import sys
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, sleep
from typing import Final

from sqlalchemy import event

from custom_components.ev_station.model.codec import decode_event, encode
from custom_components.ev_station.model.events import MeterSampled
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.measurement import (
    Context,
    Measurement,
    Phase,
    Quantity,
    Sample,
)
from custom_components.ev_station.model.records import Checkpoint, Entry, Frame, JournalRow
from custom_components.ev_station.store import SqliteStore

_AT: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
_COMMITS: Final = 400
_TEXT: Final = (
    '[2,"19223201","MeterValues",{"connectorId":1,"transactionId":170,"meterValue":[' + 700 * "x"
)


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds each commit took."""

    cpu: list[float]
    wall: list[float]


def sampled(at: datetime) -> MeterSampled:
    """Return a sample of 8 measurements, as a three-phase charger sends every half minute."""
    phases = (Phase.L1, Phase.L2, Phase.L3)
    measurements = [
        Measurement(Quantity.CURRENT_IMPORT, phase, Decimal("15.87")) for phase in phases
    ]
    measurements += [Measurement(Quantity.VOLTAGE, phase, Decimal("231.4")) for phase in phases]
    measurements.append(Measurement(Quantity.POWER_IMPORT, None, Decimal("11017.5")))
    measurements.append(Measurement(Quantity.ENERGY_IMPORT_REGISTER, None, Decimal("1934872.0")))
    sample = Sample(at=at, context=Context.PERIODIC, measurements=tuple(measurements))
    return MeterSampled(
        evse=EvseId("CP-0042", 1), transaction=1812773021, samples=(sample,), received_at=at
    )


def entries() -> Iterator[Entry]:
    """Yield inputs with their frames, one second apart, for ever."""
    sequence = 0
    while True:
        sequence += 1
        at = _AT + timedelta(seconds=sequence)
        row = JournalRow(
            sequence=sequence,
            at=at,
            kind="MeterSampled",
            charger="CP-0042",
            event=encode(sampled(at)),
            decision=b'{"Acknowledged":{}}',
        )
        yield Entry(row=row, frame=Frame(at=at, charger="CP-0042", outgoing=False, text=_TEXT))


def commits(store: SqliteStore, source: Iterator[Entry], size: int) -> Times:
    """Commit groups of `size` inputs."""
    times = Times([], [])
    for _ in range(_COMMITS):
        group = [next(source) for _ in range(size)]
        cpu, wall = process_time(), perf_counter()
        store.commit(group)
        times.cpu.append(process_time() - cpu)
        times.wall.append(perf_counter() - wall)
    return times


def wait_in_commits(store: SqliteStore, seconds: float) -> None:
    """Let every commit take longer."""
    event.listen(store._writer._engine, "commit", lambda _: sleep(seconds))


def per_call(function: Callable[[], object], rounds: int = 20_000) -> float:
    """Return the microseconds of one call, best of five rounds."""
    best = float("inf")
    for _ in range(5):
        begun = perf_counter()
        for _ in range(rounds):
            function()
        best = min(best, (perf_counter() - begun) / rounds)
    return best * 1e6


def once(function: Callable[[], object]) -> float:
    """Return the milliseconds of one call."""
    begun = perf_counter()
    function()
    return (perf_counter() - begun) * 1e3


def table(title: str, rows: Iterable[tuple[str, str]]) -> None:
    """Print a table of two columns."""
    print(f"\n{title}")
    for name, value in rows:
        print(f"  {name:<44}{value:>14}")


def commit_rows(store: SqliteStore, source: Iterator[Entry]) -> Iterator[tuple[str, str]]:
    """Yield the cost of a commit by its size."""
    for size in (1, 10, 50):
        times = commits(store, source, size)
        p99 = quantiles(times.wall, n=100)[98]
        yield f"{size} inputs with frames: CPU median", f"{median(times.cpu) * 1e6:8.0f} µs"
        yield f"{size} inputs with frames: wall median", f"{median(times.wall) * 1e6:8.0f} µs"
        yield f"{size} inputs with frames: wall p99", f"{p99 * 1e6:8.0f} µs"


def file_rows(store: SqliteStore, path: Path, source: Iterator[Entry]) -> Iterator[tuple[str, str]]:
    """Yield what whole-file work costs on a grown file."""
    for group in batched((next(source) for _ in range(60_000)), 1000, strict=True):
        store.commit(group)
    inputs = store.last_sequence
    yield "inputs with frames in the file", f"{inputs:8d}"
    yield "bytes an input with its frame", f"{path.stat().st_size / inputs:8.0f}"
    checkpoint = Checkpoint(sequence=inputs - 100, at=_AT, schema=1, state=b"x" * 1_000_000)
    yield "checkpoint of 1 MB", f"{once(lambda: store.save_checkpoint(checkpoint)):8.1f} ms"
    yield "complete backup", f"{once(lambda: store.backup_to(path.with_name('copy'))):8.0f} ms"
    yield "rolling backup", f"{once(store.rotate_backups):8.0f} ms"
    store.begin_day(_AT)
    yield (
        "prune, one call of 4000 rows",
        f"{once(lambda: store.prune(_AT, timedelta(0))):8.0f} ms",
    )
    rows = list(store.journal_after(inputs - 10_000))
    replay = once(lambda: list(store.journal_after(inputs - 10_000)))
    yield "read 10000 inputs", f"{replay:8.0f} ms"
    decoded = once(lambda: [decode_event(row.kind, row.event) for row in rows])
    yield "decode 10000 inputs", f"{decoded:8.0f} ms"
    store.close()
    yield "open with checks", f"{once(SqliteStore(path).open):8.0f} ms"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fsync-ms", type=float, default=0.0)
    parser.add_argument("--folder", type=Path, help="on the medium to measure")
    options = parser.parse_args()
    meter = sampled(_AT)
    body = encode(meter)
    table(
        f"Codec, MeterSampled of 8 measurements, {len(body)} bytes, Python {sys.version.split()[0]}",
        [
            ("encode", f"{per_call(lambda: encode(meter)):8.2f} µs"),
            ("decode", f"{per_call(lambda: decode_event('MeterSampled', body)):8.2f} µs"),
        ],
    )
    with TemporaryDirectory(dir=options.folder) as folder:
        path = Path(folder) / "ev_station.db"
        store = SqliteStore(path)
        store.open()
        source = entries()
        title = f"Commits, fsync and {options.fsync_ms:g} ms"
        if options.fsync_ms:
            wait_in_commits(store, options.fsync_ms / 1e3)
        table(title, commit_rows(store, source))
        table("The whole file", file_rows(store, path, source))


if __name__ == "__main__":
    main()
