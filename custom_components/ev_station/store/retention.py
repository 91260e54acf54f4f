"""What may be forgotten, little by little so that no charger waits: raw frames and inputs no restart needs."""

from datetime import datetime
from itertools import takewhile
from typing import Any, Final

from sqlalchemy import Column, Connection, Table, delete, func, select

from .rows import micros
from .tables import CHECKPOINTS, FRAMES, JOURNAL

_AT_ONCE: Final = 2000


def prune(connection: Connection, before: datetime) -> int:
    """Remove up to 2000 frames and 2000 inputs from before that moment; return how many, 0 when all are gone.

    Inputs after the oldest kept checkpoint stay whatever their age. Records and postings are never touched.
    """
    needed = connection.scalar(select(func.min(CHECKPOINTS.c.sequence))) or 0
    frames = _prune(connection, FRAMES, FRAMES.c.id, before, None)
    return frames + _prune(connection, JOURNAL, JOURNAL.c.sequence, before, needed)


def _prune(
    connection: Connection, table: Table, key: Column[Any], before: datetime, last: int | None
) -> int:
    """Remove the table's oldest rows, at most up to key `last`."""
    oldest = select(key, table.c.at).order_by(key).limit(_AT_ONCE)
    if last is not None:
        oldest = oldest.where(key <= last)
    # Rows stand in order of time: the first one to keep ends the search.
    doomed = list(takewhile(lambda row: row.at < micros(before), connection.execute(oldest).all()))
    if not doomed:
        return 0
    return connection.execute(delete(table).where(key <= doomed[-1][0])).rowcount
