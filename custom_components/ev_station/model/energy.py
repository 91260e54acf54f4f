"""Where the site's power comes from, and which of it cars are to use."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class ChargeMode(StrEnum):
    """Which power an EVSE charges with."""

    OFF = "off"
    SOLAR = "solar"
    """What would be exported, and nothing else."""
    SOLAR_MIN = "solar_min"
    """The least at any time, more from what would be exported."""
    SMART = "smart"
    """All there is in the cheapest hours, what would be exported in the others."""
    FAST = "fast"
    """All there is."""

    @property
    def follows_sun(self) -> bool:
        """Return whether the surplus bears on it."""
        return self in (ChargeMode.SOLAR, ChargeMode.SOLAR_MIN, ChargeMode.SMART)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurplusSettings:
    """How cars follow the sun."""

    starts_after_s: int = 60
    """Enough surplus for this long lets a car begin."""
    stops_after_s: int = 180
    """Too little for this long lets it stop; until then it goes on with the least."""
    reserve_w: int = 100
    """Left for the grid, so that a small error imports nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatterySettings:
    """How cars and the home battery share the sun; levels are states of charge."""

    first_below_percent: int = 0
    """Below this level, what it takes is no surplus: it comes first."""
    lends_above_percent: int = 100
    """Above this level, what it could give is surplus: the cars come first."""
    gives_w: int = 3000
    """What it can give at most, the house's part included."""
    boost_to_percent: int = 20
    """A boost drains it into a car down to this level."""
    capacity_wh: int | None = None
    """Plans reckon with it if this is known."""
    takes_w: int | None = None
    """What it can take at most; None: as much as it gives."""
    reserve_percent: int = 10
    """By itself it gives nothing below this level."""
    measured: bool = True
    """Its level is known: sensors tell it, and the power of the site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyReading:
    """What the site's meters say, W; None: nothing that can be read."""

    grid_w: Decimal | None = None
    """Imported; negative while the site exports."""
    battery_w: Decimal | None = None
    """Into the home battery; negative while it discharges."""
    battery_percent: Decimal | None = None
    solar_w: Decimal | None = None
    """Only shown: what counts is what is exported."""
    at: datetime
