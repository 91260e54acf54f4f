"""The home battery as a plan knows it."""

from datetime import datetime
from typing import Final

from ..balancing.surplus import STALE_AFTER
from ..model.energy import BatterySettings, EnergyReading
from ..planning.problem import Battery

_FULL: Final = 100


def home_battery(
    settings: BatterySettings | None, reading: EnergyReading | None, now: datetime
) -> Battery | None:
    """Return the battery as it is now; None: there is none, or too little is known of it."""
    if settings is None or settings.capacity_wh is None or reading is None:
        return None
    if reading.battery_percent is None or now - reading.at > STALE_AFTER:
        return None
    takes_w = settings.gives_w if settings.takes_w is None else settings.takes_w
    return Battery(
        capacity_wh=settings.capacity_wh,
        level_wh=_of(settings, float(reading.battery_percent)),
        reserve_wh=_of(settings, settings.reserve_percent),
        max_charge_w=takes_w,
        max_discharge_w=settings.gives_w,
    )


def first_below_wh(settings: BatterySettings | None) -> float:
    """Return below which level the battery comes before the cars."""
    return 0.0 if settings is None else _of(settings, settings.first_below_percent)


def _of(settings: BatterySettings, percent: float) -> float:
    return percent * (settings.capacity_wh or 0) / _FULL
