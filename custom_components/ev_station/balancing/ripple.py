"""Ripple control: the grid's operator leaves chargers a share of their nominal power."""

from typing import Final

WHOLE_PERCENT: Final = 100


def left_w(nominal_w: int, percent: int) -> int | None:
    """Return what all chargers together may draw; None: nothing holds them."""
    if percent >= WHOLE_PERCENT:
        return None
    return nominal_w * max(percent, 0) // WHOLE_PERCENT
