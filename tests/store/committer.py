"""Commits batches until it is killed, and says what was acknowledged: `python -m tests.store.committer FILE`.

Batch N is some inputs, each with a frame `N/SIZE`, and the record `SN`. After each commit its last input's sequence is
printed.
"""

from dataclasses import replace
from itertools import count
from pathlib import Path
import sys

from . import rooms_only  # noqa: F401 - before anything of ours

# isort: split
from .builders import cdr, checkpoint, entry, frame, opened, sealing

_CHECKPOINT_EVERY = 20


def commit_for_ever(path: Path) -> None:
    """Go on where the file ends."""
    with opened(path) as store:
        sequence = store.last_sequence
        for batch in count(store.chain_head().sequence + 1):
            size = 1 + batch % 8
            inputs = [entry(sequence + number) for number in range(1, size)]
            sequence += size
            sealed = sealing(sequence, cdr(f"S{batch}"), store.chain_head())
            mark = frame(text=f"{batch}/{size}")
            store.commit([replace(each, frame=mark) for each in [*inputs, sealed]])
            print(sequence, flush=True)
            if batch % _CHECKPOINT_EVERY == 0:
                store.save_checkpoint(checkpoint(sequence))


if __name__ == "__main__":
    commit_for_ever(Path(sys.argv[1]))
