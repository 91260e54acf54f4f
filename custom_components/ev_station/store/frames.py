"""Raw frames, kept for a while as evidence."""

from datetime import datetime

from sqlalchemy import select

from ..model.ids import ChargerId
from ..model.records import Frame
from . import rows
from .reader import Reader
from .tables import FRAMES


def newest(reader: Reader, charger: ChargerId, limit: int, before: datetime | None) -> list[Frame]:
    """Return a charger's frames, newest first; `before` is the moment of the last one already seen."""
    statement = select(FRAMES).where(FRAMES.c.charger == charger)
    if before is not None:
        statement = statement.where(FRAMES.c.at < rows.micros(before))
    by_time = statement.order_by(FRAMES.c.at.desc(), FRAMES.c.id.desc())
    return [rows.frame(row) for row in reader.all(by_time.limit(limit))]
