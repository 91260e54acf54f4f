"""A charging session: what is known of it while it runs and after it ended."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from .ids import DriverId, EvseId, SessionId, TransactionId
from .records import Cdr
from .status import AuthorizationStatus, Flag
from .tariff import Tariff


class SessionState(StrEnum):
    """Where a session is in its life."""

    OPEN = "open"
    SILENT = "silent"
    """The charger is away; the session may well go on."""
    PROVISIONAL = "provisional"
    ENDED = "ended"


class Reading(NamedTuple):
    """The energy register at a moment, corrected UTC, Wh as received."""

    at: datetime
    register_wh: Decimal


class Stamp(NamedTuple):
    """A moment told by a charger: corrected UTC, its own words, and when we heard of it."""

    at: datetime
    raw: str | None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """The end of a session as the charger reported it."""

    stamp: Stamp
    meter_wh: Decimal | None
    reason: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """Who pays, resolved at the start and frozen: token -> driver."""

    status: AuthorizationStatus
    driver: DriverId | None = None
    token: str | None = None
    """Normalized uid; leaves the state only masked or as a fingerprint. A settled session has it no more."""
    reason: str = "token"
    """`token`, `default_driver`, `unknown_token`, `remote_start`, `assigned`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One billed visit of a car. Immutable; every event makes a new one."""

    id: SessionId
    evse: EvseId
    transactions: tuple[TransactionId, ...]
    """The id we answered first, then every other id the charger uses for it."""
    payer: Payer
    tariff: Tariff | None
    """As it was valid at the start."""
    start: Stamp
    meter_start_wh: Decimal | None
    connection: int
    """The charger's connection the start arrived on."""
    readings: tuple[Reading, ...] = ()
    energy_wh: Decimal = Decimal(0)
    """Running figure; the bill is computed anew from all readings when the session is sealed."""
    state: SessionState = SessionState.OPEN
    stop: Stop | None = None
    stop_connection: int | None = None
    """The connection on which the stop was acknowledged (F52)."""
    conflicts: tuple[Stop, ...] = ()
    flags: frozenset[Flag] = frozenset()
    cdr: Cdr | None = None
    """The record that stands for it in the ledger now."""

    @property
    def key(self) -> SessionId:
        """Return the session's id."""
        return self.id

    @property
    def is_open(self) -> bool:
        """Return whether energy may still be added."""
        return self.state in {SessionState.OPEN, SessionState.SILENT}
