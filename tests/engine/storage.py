"""A store whose medium can be made to fail."""

from collections.abc import Callable, Sequence
from pathlib import Path
import threading
from typing import override

from custom_components.ev_station.model.errors import StorageUnavailable
from custom_components.ev_station.model.records import Checkpoint, Entry
from custom_components.ev_station.store.sqlite import SqliteStore


class FragileStore(SqliteStore):
    """A real store that fails, stumbles or waits on request."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.full = False
        """Nothing can be written."""
        self.room: int | None = None
        """Commits of more bytes of raw frames fail; checkpoints and smaller ones do not."""
        self.stumble: Callable[[Sequence[Entry]], None] | None = None
        """Called before each commit; may raise."""
        self.gate = threading.Event()
        """Commits wait until it is set."""
        self.gate.set()
        self.waiting = threading.Event()
        """A commit stands at the gate."""

    @override
    def commit(self, entries: Sequence[Entry]) -> None:
        self.waiting.set()
        self.gate.wait(30)
        self._check()
        texts = sum(len(entry.frame.text) for entry in entries if entry.frame is not None)
        if self.room is not None and texts > self.room:
            raise StorageUnavailable("full")
        if self.stumble is not None:
            self.stumble(entries)
        super().commit(entries)

    @override
    def save_checkpoint(self, checkpoint: Checkpoint) -> None:
        self._check()
        super().save_checkpoint(checkpoint)

    def _check(self) -> None:
        if self.full:
            raise StorageUnavailable("full")
