"""Kill a committing process at random moments and look at what is left."""

from collections import Counter
from pathlib import Path
from random import Random
import subprocess
import sys
from time import sleep

from custom_components.ev_station.store import Opening, SqliteStore

_ROOT = Path(__file__).parents[2]
_LONGEST_LIFE_S = 0.08


def kill_once(path: Path, random: Random) -> int:
    """Let a process commit for a random while, kill it, and return the last sequence it acknowledged."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.store.committer", str(path)],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        # Not a synchronisation: the random moment itself.
        sleep(random.uniform(0, _LONGEST_LIFE_S))
        child.kill()
        lines = (first + child.stdout.read()).splitlines(keepends=True)
    return int([line for line in lines if line.endswith("\n")][-1])


def check_remains(path: Path, acknowledged: int) -> int:
    """Open what a killed process left, check that it is whole, and return its last sequence."""
    store = SqliteStore(path)
    try:
        assert store.open().opening is Opening.OPENED
        last = store.last_sequence
        assert last >= acknowledged
        assert [row.sequence for row in store.journal_after(0)] == list(range(1, last + 1))
        _check_batches(store, last)
        return last
    finally:
        store.close()


def _check_batches(store: SqliteStore, last: int) -> None:
    """Every batch that left a trace is there with all its inputs, frames, its record and its posting."""
    frames = Counter(frame.text for frame in store.frames("CP1", 10**6))
    sizes = {int(batch): int(size) for batch, _, size in (text.partition("/") for text in frames)}
    assert all(frames[f"{batch}/{size}"] == size for batch, size in sizes.items())
    assert sum(sizes.values()) == last
    assert [posting.cdr for posting in store.postings()] == [f"S{batch}" for batch in sorted(sizes)]
    assert len(store.cdrs([f"S{batch}" for batch in sizes])) == len(sizes)
    assert store.verify_chain() is None
