"""The tables as SQLAlchemy Core sees them, neutral to the dialect; schema/*.sql creates them in SQLite.

Times are whole microseconds since 1970 UTC: exact, compact, and compared and indexed as plain integers by every
database. Energy (Wh) and money are Decimal as text, so that no database rounds them; sums are made in Python.
JSON bodies are bytes; a posting's body is exactly what its hash covers.
"""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text

_BIG: Final = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits; SQLite makes only an INTEGER primary key its row id."""

METADATA: Final = MetaData()

JOURNAL: Final = Table(
    "journal",
    METADATA,
    Column("sequence", _BIG, primary_key=True, autoincrement=False),
    Column("at", _BIG, nullable=False),
    Column("kind", Text, nullable=False),
    Column("charger", Text),
    Column("event", LargeBinary, nullable=False),
    Column("fresh_session", Text),
    Column("fresh_transaction", _BIG),
    Column("decision", LargeBinary),
)

CHECKPOINTS: Final = Table(
    "checkpoints",
    METADATA,
    Column("sequence", _BIG, primary_key=True, autoincrement=False),
    Column("at", _BIG, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
)

CDRS: Final = Table(
    "cdrs",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("session", Text, nullable=False, index=True),
    Column("charger", Text, nullable=False),
    Column("evse", Integer, nullable=False),
    Column("driver", Text),
    Column("sheet", Text),
    Column("started_at", _BIG, nullable=False),
    Column("ended_at", _BIG, nullable=False),
    Column("energy_wh", Text, nullable=False),
    Column("amount", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("sealed_at", _BIG, nullable=False),
    Column("input", _BIG, index=True),
    Column("body", LargeBinary, nullable=False),
)
"""`input` is the journal sequence of the event that decided the row."""

POSTINGS: Final = Table(
    "postings",
    METADATA,
    Column("sequence", _BIG, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("cdr", Text, nullable=False),
    Column("session", Text, nullable=False, index=True),
    Column("sheet", Text),
    Column("driver", Text),
    Column("energy_wh", Text, nullable=False),
    Column("amount", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("day", Text, nullable=False, index=True),
    Column("hash", Text, nullable=False),
    Column("input", _BIG, index=True),
    Column("body", LargeBinary, nullable=False),
)
"""`day` is an ISO date in the site's zone: sorts and compares as text."""

TRANSACTIONS: Final = Table(
    "transactions",
    METADATA,
    Column("id", _BIG, primary_key=True, autoincrement=False),
)
"""Every transaction id ever offered to or used by a charger; never pruned, so that ids stay unique for ever."""

FRAMES: Final = Table(
    "frames",
    METADATA,
    Column("id", _BIG, primary_key=True),
    Column("at", _BIG, nullable=False),
    Column("charger", Text, nullable=False),
    Column("outgoing", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_frames_charger_at", "charger", "at"),
)

DAYS: Final = Table(
    "days",
    METADATA,
    Column("day", _BIG, primary_key=True),
    Column("at", _BIG, nullable=False),
    Column("input", _BIG, nullable=False),
    Column("frame", _BIG, nullable=False),
)
"""How far journal and frames had come when a day began: old is what was there so many days ago, whatever its own
time says. Times of single rows jump with our clock."""

PEOPLE: Final = Table(
    "people",
    METADATA,
    Column("driver", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
"""Who a pseudonymous driver id is: the only place with names, tags and plates that is not pruned, and erasable."""
