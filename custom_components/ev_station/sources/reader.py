"""What every reader of a shape can do."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ..model.forecast import Series

type Raw = Mapping[str, Any]
"""The attributes of an entity, or what an action answered."""


class SourceKind(StrEnum):
    """Whose shape it is: the integration's domain, but for the last two."""

    AMBER = "amberelectric"
    EASYENERGY = "easyenergy"
    ENERGI_DATA_SERVICE = "energidataservice"
    ENERGYZERO = "energyzero"
    ENTSOE = "entsoe"
    EPEX_SPOT = "epex_spot"
    FRANK_ENERGIE = "frank_energie"
    GE_SPOT = "ge_spot"
    GREEN_PLANET_ENERGY = "green_planet_energy"
    NORD_POOL = "nordpool"
    OCTOPUS = "octopus_energy"
    OMIE = "omie"
    PVPC = "pvpc_hourly_pricing"
    STROMLIGNING = "stromligning"
    TIBBER = "tibber"
    ZONNEPLAN = "zonneplan_one"
    DAYS = "days"
    """A plain list of numbers for each day."""
    LIST = "list"
    """A list whose fields are named as usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader(ABC):
    """Reads one shape."""

    kind: SourceKind
    scale: Decimal | None = None
    """What a number is multiplied with to be a price per kWh; None: the entity's unit says so."""

    @abstractmethod
    def fits(self, raw: Raw) -> bool:
        """Return whether it is this shape and says something."""

    def awaits(self, raw: Raw) -> bool:  # noqa: ARG002 - some say something always
        """Return whether it is this shape and says nothing yet, as before tomorrow's prices are published."""
        return False

    def labels(self, raw: Raw) -> tuple[str, ...]:  # noqa: ARG002 - most say one series only
        """Return the areas or homes it says a series of each for; empty: only one."""
        return ()

    @abstractmethod
    def read(self, raw: Raw, zone: tzinfo, today: date, label: str | None = None) -> Series:
        """Return the series in the source's own unit.

        `today` is the local day on which it was said; `label` chooses among `labels`, the first by default.
        """
