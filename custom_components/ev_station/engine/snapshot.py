"""The state as the disk knows it, whatever is on its way there."""

from collections.abc import Sequence
from typing import NamedTuple

from ..model.state import Aggregate, Key, SiteState
from .committer import Work


class Snapshot(NamedTuple):
    """All aggregates after the journal's row `sequence`."""

    sequence: int
    aggregates: list[Aggregate]


def take(state: SiteState, sequence: int, pending: Sequence[Work]) -> Snapshot:
    """Return the state without what is not durable; `sequence` is the last one given to any input."""
    found: dict[Key, Aggregate] = {
        (type(aggregate), aggregate.key): aggregate for aggregate in state.everything()
    }
    for work in reversed(pending):
        for key, before in work.undo.items():
            if before is None:
                found.pop(key, None)
            else:
                found[key] = before
    return Snapshot(sequence - sum(work.rows for work in pending), list(found.values()))
