"""What may be forgotten, little by little so that no charger waits: raw frames and inputs no restart needs."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Column, Connection, Row, delete, func, select, update

from .journal import last_sequence
from .rows import micros
from .tables import CHECKPOINTS, DAYS, FRAMES, JOURNAL

_AT_ONCE: Final = 2000


def begin_day(connection: Connection, now: datetime) -> None:
    """Note how far journal and frames have come."""
    frame = connection.scalar(select(func.max(FRAMES.c.id))) or 0
    day = {"at": micros(now), "input": last_sequence(connection), "frame": frame}
    connection.execute(DAYS.insert().values(day))


def prune(connection: Connection, now: datetime, keep: timedelta) -> int:
    """Remove up to 2000 frames and 2000 inputs that are older; return how many, 0 when all are gone.

    Older is what was there on a day that lies as far back by the clock and by the number of days begun since:
    our clock may be wrong for a while. The newest checkpoint and inputs after the oldest kept one stay whatever
    their age. Records and postings are never touched.
    """
    day = _newest_old_day(connection, now, keep)
    if day is None:
        return 0
    connection.execute(delete(DAYS).where(DAYS.c.day < day.day))
    _prune_checkpoints(connection, day.input)
    needed = connection.scalar(select(func.min(CHECKPOINTS.c.sequence))) or 0
    frames = _prune(connection, FRAMES.c.id, day.frame)
    if connection.scalar(select(func.max(FRAMES.c.id))) is None:
        # SQLite gives the ids of an emptied table anew; the days would speak of other frames.
        connection.execute(update(DAYS).values(frame=0))
    return frames + _prune(connection, JOURNAL.c.sequence, min(day.input, needed))


def _newest_old_day(connection: Connection, now: datetime, keep: timedelta) -> Row[Any] | None:
    newest_first = select(DAYS).order_by(DAYS.c.day.desc())
    old_enough = newest_first.offset(keep.days).subquery()
    statement = select(old_enough).where(old_enough.c.at <= micros(now - keep))
    return connection.execute(statement.order_by(old_enough.c.day.desc()).limit(1)).first()


def _prune_checkpoints(connection: Connection, last: int) -> None:
    """Remove those that other inputs followed up to input `last`; a site where nothing happens makes no new ones."""
    newest = connection.scalar(select(func.max(CHECKPOINTS.c.sequence))) or 0
    connection.execute(delete(CHECKPOINTS).where(CHECKPOINTS.c.sequence < min(last, newest)))


def _prune(connection: Connection, key: Column[Any], last: int) -> int:
    """Remove the oldest rows up to key `last`."""
    oldest = select(key).where(key <= last).order_by(key).limit(_AT_ONCE)
    doomed = connection.scalars(oldest).all()
    if not doomed:
        return 0
    return connection.execute(delete(key.table).where(key <= doomed[-1])).rowcount
