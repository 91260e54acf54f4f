"""What is written once and never recomputed: charge detail records, postings, journal rows."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from .ids import ChargerId, DriverId, EvseId, SessionId, SheetId, TransactionId
from .status import Flag
from .tariff import Tariff

GENESIS: Final = "0" * 64
"""What the first posting of a chain refers back to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargingPeriod:
    """OCPI ChargingPeriod: a stretch of a session under one price."""

    start: datetime
    end: datetime
    energy_wh: Decimal
    price_per_kwh: Decimal | None
    """None: no price was known; costs nothing and is flagged."""
    amount: str
    """Exact cost as a fraction, `3/8`, or a whole number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cdr:
    """A sealed charge detail record (OCPI `mod_cdrs`): everything the bill of one session rests on."""

    id: SessionId
    """The session's id; `-1`, `-2` ... is appended for replacements, then `-C` for the credit of any of them."""
    session: SessionId
    credits: SessionId | None = None
    """The CDR this one takes back (OCPI `credit_reference_id`): energy and amount are then negative."""
    evse: EvseId
    charger_name: str
    meter_serial: str | None = None
    transactions: tuple[TransactionId, ...]
    token_fingerprint: str | None = None
    driver: DriverId | None
    sheet: SheetId | None
    payer_reason: str
    started_at: datetime
    ended_at: datetime
    raw_started_at: str | None = None
    raw_ended_at: str | None = None
    time_zone: str
    meter_start_wh: Decimal | None
    meter_stop_wh: Decimal | None
    stop_reason: str | None = None
    energy_wh: Decimal
    currency: str
    tariff: Tariff | None
    """As it was; of a dynamic tariff the periods hold the prices used."""
    periods: tuple[ChargingPeriod, ...]
    exact_amount: str
    amount: Decimal
    """Rounded half up, once, to the currency's exponent."""
    flags: tuple[Flag, ...] = ()
    sealed_at: datetime


class PostingKind(StrEnum):
    """Why a row stands in the ledger."""

    SESSION = "session"
    ADJUSTMENT = "adjustment"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A row of the append-only ledger; its hash covers every other field and the row before it."""

    sequence: int
    """1, 2, 3 ... without a gap within a site's chain."""
    kind: PostingKind
    cdr: SessionId
    session: SessionId
    refers_to: SessionId | None = None
    """The CDR a credit takes back or an adjustment replaces."""
    cdr_hash: str
    """SHA-256 of the CDR's canonical JSON: through it the chain covers everything the bill rests on."""
    sheet: SheetId | None
    driver: DriverId | None
    energy_wh: Decimal
    amount: Decimal
    currency: str
    day: date
    """Local date of the session's end: decides the month."""
    booked_at: datetime
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainHead:
    """Where the ledger stands."""

    sequence: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRow:
    """An input of the reducer as it is stored: encoded event, what it was given, what was decided."""

    sequence: int
    at: datetime
    """The `now` the reducer was given."""
    kind: str
    """The event's class name."""
    charger: ChargerId | None
    event: bytes
    """JSON, see codec.py."""
    fresh_session: SessionId | None = None
    fresh_transaction: TransactionId | None = None
    decision: bytes | None = None
    """The answer given, as JSON: evidence, never read back by the reducer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A raw frame, kept for a while as evidence."""

    at: datetime
    charger: ChargerId
    outgoing: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One input with everything decided by it: durable together or not at all."""

    row: JournalRow | None
    cdrs: tuple[Cdr, ...] = ()
    postings: tuple[Posting, ...] = ()
    frame: Frame | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The whole state after a journal sequence."""

    sequence: int
    at: datetime
    schema: int
    state: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What a driver's postings over some days add up to, in one currency."""

    driver: DriverId | None
    """None: billed to nobody."""
    currency: str
    energy_wh: Decimal
    amount: Decimal
    sessions: int
    """Sessions that count after credits: one that was given to another driver counts there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who a pseudonymous driver id is; kept apart from the ledger so that it can be erased."""

    driver: DriverId
    name: str
    tokens: tuple[str, ...] = ()
    plates: tuple[str, ...] = ()
