"""What the grid's operator and the law ask of a site: settings, what is heard of it, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple


class DimmingKind(StrEnum):
    """How controllable devices are dimmed (§ 14a EnWG)."""

    DIRECT = "direct"
    """Each device by itself."""
    POOLED = "pooled"
    """All together, by an energy management: this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridSettings:
    """What holds at the connection to the grid, besides its fuse."""

    follow_peak: bool = False
    """Cars never raise the highest quarter-hour mean of the month."""
    peak_floor_w: int = 2500
    """A peak below this costs nothing: what is billed at least."""
    fast_may_raise_peak: bool = False
    """Cars in the mode fast are not held by the peak."""
    peak_price: Decimal | None = None
    """What a kW more of the month's peak costs, in the site's currency; None: nothing, or nobody said."""
    dimming: DimmingKind | None = None
    other_devices: int = 0
    """Controllable devices that are none of our EVSEs: heat pumps, air conditioning, batteries."""
    large_heating_w: int = 0
    """What heat pumps, or air conditioning, of more than 11 kW draw at most together; 0: there are none."""
    ripple: bool = False
    """A ripple control receiver says to which share of their power chargers are limited."""
    delay_s: int = 0
    """The longest random delay of what charges by itself; 0: none."""
    spread: bool = False
    """Plans take other hours than those of other sites, where these cost nearly the same."""

    @property
    def limits(self) -> bool:
        """Return whether any of it may hold an EVSE back whatever its mode."""
        return self.follow_peak or self.ripple or self.dimming is not None

    @property
    def counts_peak(self) -> bool:
        """Return whether anybody goes by the month's peak: who draws now, or who plans."""
        return self.follow_peak or self.peak_price is not None


class GridReading(NamedTuple):
    """What the operator's devices say; None: nothing that can be read."""

    dimmed: bool | None = None
    limit_w: int | None = None
    """To which power, instead of what the rules say."""
    others_w: int | None = None
    """What controllable devices draw that are none of our EVSEs."""
    percent: int | None = None
    """What the ripple control receiver leaves."""
    quarter_w: int | None = None
    """This quarter hour's energy so far, as its mean over the whole quarter hour."""
    peak_w: int | None = None
    """The month's peak, by the operator's own meter."""


NOTHING_HEARD: Final = GridReading()


class QuarterMean(NamedTuple):
    """A quarter hour that is over."""

    start: datetime
    mean_w: int
    house_w: int = 0
    """The most that everything but our EVSEs drew at once."""


class Tally(NamedTuple):
    """What the grid gave in this quarter hour so far; exports do not count against it."""

    start: datetime
    energy_ws: int
    power_w: int
    """What it gave when last looked at."""
    looked_at: datetime
    last: QuarterMean | None = None
    """The quarter hour before."""
    house_w: int = 0
    """The most that everything but our EVSEs drew at once so far."""


class Quarter(NamedTuple):
    """This quarter hour as it is shown, and found again after a restart."""

    start: datetime
    at: datetime
    energy_ws: int
    expected_w: int
    """Its mean if all goes on as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimming:
    """An order to draw less, and how it was obeyed: the evidence the operator may ask for."""

    ordered_at: datetime
    kind: DimmingKind
    limit_w: int
    """Of each EVSE if direct, else of all controllable devices together; from the grid."""
    before_w: int
    """What cars drew when it was ordered."""
    in_force_at: datetime | None = None
    """When cars were first measured to obey."""
    power_w: int | None = None
    """The most cars were measured to draw since then, less what the own sun gave."""
    ended_at: datetime | None = None

    @property
    def key(self) -> datetime:
        """Return when it was ordered."""
        return self.ordered_at
