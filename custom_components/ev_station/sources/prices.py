"""Everything a source said, in one list of prices per kWh."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import NamedTuple

from ..model.forecast import Interval, Series
from .intervals import Point, normalised
from .reader import Raw, Reader, SourceKind
from .recognise import recognise
from .units import PriceUnit, scale_of


class Said(NamedTuple):
    """What an entity or an action said, and when."""

    raw: Raw
    today: date
    """The local day on which it was said."""
    origin: str | None = None
    """The integration it comes from."""


class Wanted(NamedTuple):
    """How a source is to be read."""

    currency: str
    zone: tzinfo
    unit: str | None = None
    """What the entity says its numbers are."""
    counts_in: PriceUnit | None = None
    """What they really are; None: what the unit or the shape says."""
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceList:
    """Prices per kWh in the site's currency."""

    kind: SourceKind
    labels: tuple[str, ...] = ()
    """The areas or homes among which `label` may choose."""
    intervals: Series = ()


def price_list(said: Iterable[Said], wanted: Wanted) -> PriceList | None:
    """Return what several entities or answers say together; None if none of them has a shape that is known.

    Raises UnreadablePrice if the entity's unit is needed and is no price of energy in the site's currency.
    """
    found = [(reader, each) for each in said if (reader := recognise(each.raw, each.origin))]
    if not found:
        return None
    telling = next((pair for pair in found if pair[0].fits(pair[1].raw)), found[0])
    points = (point for reader, each in found for point in _points(reader, each, wanted))
    return PriceList(
        kind=telling[0].kind,
        labels=telling[0].labels(telling[1].raw),
        intervals=normalised(points),
    )


def _points(reader: Reader, said: Said, wanted: Wanted) -> Iterable[Point]:
    scale = _scale(reader, wanted)
    for each in reader.read(said.raw, wanted.zone, said.today, wanted.label):
        yield Point(each.start, each.end, each.value * scale)


def _scale(reader: Reader, wanted: Wanted) -> Decimal:
    """Return what a number is multiplied with; a shape may know better than the unit, but not the currency."""
    if wanted.counts_in is not None:
        return wanted.counts_in.scale
    stated = scale_of(wanted.unit, wanted.currency)
    return reader.scale or stated


def at(series: Series, moment: datetime) -> Interval | None:
    """Return the interval a moment lies in."""
    return next((each for each in series if each.start <= moment < each.end), None)
