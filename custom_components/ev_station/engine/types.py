"""What the engine is given and what it tells."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ssl import SSLContext

from ..csms.backend import Attempt, Deviation
from ..model.chain import ChainBreak
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
class Pace:
    """How often the engine looks around, and for how long it waits and keeps."""

    tick_s: float = 10.0
    control_s: float = 5.0
    """Between two looks at the whole site when nothing asks for one."""
    control_apart_s: float = 0.25
    """Between two looks however much happens."""
    plan_after_s: float = 2.0
    """What changes within this time is planned for together."""
    plan_again_s: float = 10.0
    """Until a plan that could not be stored is made again."""
    probe_s: float = 2.0
    """Between two looks at storage that fails."""
    give_up_after_s: float = 10.0
    """Storage that fails this long: sockets are closed so that chargers queue as offline (F28)."""
    checkpoint_every: int = 5000
    """Journal rows."""
    keep_frames: timedelta = timedelta(days=30)
    hold_s: float = 6 * 3600.0
    """The longest a backup may take to copy the store's files."""


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
    """Inputs and checkpoints on disk that could not be taken over."""
    backup_problem: str | None = None
    """Why the last daily backup could not be written."""
    ledger_break: ChainBreak | None = None
    """Where the ledger is not what was written; daily backups then stay as they are."""
    deviations: tuple[Deviation, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    journal_sequence: int = 0
    connections: int = 0


type Unsubscribe = Callable[[], None]
