"""Whatever was acknowledged survives SIGKILL, and batches are there wholly or not at all."""

from pathlib import Path
from random import Random

from .kills import check_remains, kill_once

KILLS = 10


def test_acknowledged_entries_survive_kills(path: Path) -> None:
    random, last = Random(20261123), 0
    for _ in range(KILLS):
        acknowledged = kill_once(path, random)
        assert acknowledged > last
        last = check_remains(path, acknowledged)
