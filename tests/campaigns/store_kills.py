"""Kill a committing store 200 times: `python -m tests.campaigns.store_kills [COUNT] [SEED]`."""

from pathlib import Path
from random import Random
import sys
from tempfile import TemporaryDirectory

from tests.store.kills import check_remains, kill_once

_COUNT = 200
_PER_FILE = 20
"""A fresh file now and then: growth and first commits are moments of their own."""


def main(count: int = _COUNT, seed: int = 1) -> None:
    """Kill and check; an AssertionError names what did not hold."""
    random = Random(seed)
    unacknowledged = 0
    for number in range(0, count, _PER_FILE):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "ev_station.db"
            for _ in range(min(_PER_FILE, count - number)):
                acknowledged = kill_once(path, random)
                unacknowledged += check_remains(path, acknowledged) > acknowledged
    print(
        f"{count} kills, nothing acknowledged was lost; {unacknowledged} had written more than was acknowledged"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
