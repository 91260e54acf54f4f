"""Evidence of dimming as CSV: when it was ordered, when it held, to what, and when it ended."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from ..model.grid import Dimming
from .csv import Cell, Decimals, table

COLUMNS: Final = (
    "ordered_at",
    "in_force_at",
    "ended_at",
    "reaction_s",
    "kind",
    "limit_w",
    "power_before_w",
    "power_w",
)


def render(dimmings: Iterable[Dimming], zone: ZoneInfo, decimals: Decimals = Decimals.POINT) -> str:
    """Return the whole file as text, its times in the site's zone with their offsets from UTC."""
    return table(COLUMNS, (_line(each, zone) for each in dimmings), decimals)


def reaction_s(dimming: Dimming) -> Decimal | None:
    """Return how long it took until an order was obeyed; None: it was not measured."""
    if dimming.in_force_at is None:
        return None
    seconds = (dimming.in_force_at - dimming.ordered_at).total_seconds()
    return Decimal(str(round(seconds, 1)))


def _line(dimming: Dimming, zone: ZoneInfo) -> tuple[Cell, ...]:
    return (
        _local(dimming.ordered_at, zone),
        _local(dimming.in_force_at, zone),
        _local(dimming.ended_at, zone),
        reaction_s(dimming),
        dimming.kind.value,
        Decimal(dimming.limit_w),
        Decimal(dimming.before_w),
        None if dimming.power_w is None else Decimal(dimming.power_w),
    )


def _local(at: datetime | None, zone: ZoneInfo) -> str | None:
    return None if at is None else at.astimezone(zone).isoformat(" ", "milliseconds")
