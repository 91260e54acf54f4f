"""Setting sites apart: of hours that cost nearly the same each takes others, so that not all begin at once."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from .problem import STEP, Slot

MOST: Final = 0.002
"""Of a kWh: hours that differ by less may change places."""
_TOGETHER: Final = 4
"""Slots that stay together, so that nothing starts more often for it."""


def spread(slots: tuple[Slot, ...], secret: str) -> tuple[Slot, ...]:
    """Return slots that count up to `MOST` more, as a site's secret says: the same for a moment at each look."""
    first = _number(secret, "first") % _TOGETHER
    return tuple(replace(slot, whim=_whim(secret, slot.start, first)) for slot in slots)


def _whim(secret: str, start: datetime, first: int) -> float:
    stretch = (int(start.timestamp() // STEP.total_seconds()) + first) // _TOGETHER
    return MOST * (_number(secret, str(stretch)) % 1000) / 1000


def _number(secret: str, what: str) -> int:
    return int.from_bytes(sha256(f"{secret}|spread|{what}".encode()).digest()[:8])
