"""What a meter says: quantities in one unit each, per phase, at one moment."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Quantity(StrEnum):
    """Measured quantities; the member's comment is the one unit it is kept in."""

    ENERGY_IMPORT_REGISTER = "energy_import_register"  # Wh
    ENERGY_EXPORT_REGISTER = "energy_export_register"  # Wh
    ENERGY_IMPORT_INTERVAL = "energy_import_interval"  # Wh
    POWER_IMPORT = "power_import"  # W
    POWER_EXPORT = "power_export"  # W
    POWER_OFFERED = "power_offered"  # W
    POWER_FACTOR = "power_factor"
    CURRENT_IMPORT = "current_import"  # A
    CURRENT_EXPORT = "current_export"  # A
    CURRENT_OFFERED = "current_offered"  # A
    VOLTAGE = "voltage"  # V
    FREQUENCY = "frequency"  # Hz
    TEMPERATURE = "temperature"  # °C
    SOC = "soc"  # %


class Phase(StrEnum):
    """The conductor a value belongs to; a value of no phase is the whole EVSE's."""

    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    N = "N"


class Context(StrEnum):
    """Why a sample was taken (OCPP 1.6 §7.31 ReadingContext)."""

    BEGIN = "begin"
    END = "end"
    PERIODIC = "periodic"
    CLOCK = "clock"
    TRIGGER = "trigger"
    INTERRUPTION = "interruption"
    OTHER = "other"


class Measurement(NamedTuple):
    """One value in the unit of its quantity."""

    quantity: Quantity
    phase: Phase | None
    value: Decimal


class Sample(NamedTuple):
    """Values taken at one moment."""

    at: datetime | None
    """The charger's own time stamp; None when it sent none that can be read."""
    context: Context
    measurements: tuple[Measurement, ...]
