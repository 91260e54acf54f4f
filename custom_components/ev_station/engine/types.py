"""What the engine is given and what it tells."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from ssl import SSLContext

from ..csms.backend import Attempt, Deviation
from ..model.effects import Notice
from ..model.state import Changes
from ..store.recovery import Opening


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Where the engine's own port listens; None as address means every interface."""

    host: str | None
    port: int
    ssl: SSLContext | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What a commit made true."""

    changes: Changes
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the engine itself is doing, for repairs, diagnostics and system health."""

    storage_failing_since: datetime | None = None
    opening: Opening = Opening.OPENED
    """How the ledger's file was found: a restored or lost one needs the owner's eyes (F29)."""
    unreadable_rows: int = 0
    deviations: tuple[Deviation, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    journal_sequence: int = 0
    connections: int = 0


type Unsubscribe = Callable[[], None]
