"""Dimming under § 14a EnWG: what controllable devices may still draw from the grid."""

from collections.abc import Mapping
from typing import Final

from ..model.grid import GridSettings

GUARANTEED_W: Final = 4200
"""What every controllable device is left at least."""
_LARGE_PERCENT: Final = 40
"""What heating of more than 11 kW is left of its power."""
_SIMULTANEOUS_PERCENT: Final[Mapping[int, int]] = {2: 80, 3: 75, 4: 70, 5: 65, 6: 60, 7: 55, 8: 50}
"""By how many devices there are (Gleichzeitigkeitsfaktor of BNetzA BK6-22-300)."""
_OF_MANY_PERCENT: Final = 45


def pooled_w(devices: int, large_heating_w: int) -> int:
    """Return what a number of controllable devices may draw together (P_min,14a of BNetzA BK6-22-300)."""
    percent = _SIMULTANEOUS_PERCENT.get(devices, _OF_MANY_PERCENT)
    return _first_w(large_heating_w) + max(devices - 1, 0) * percent * GUARANTEED_W // 100


def others_w(settings: GridSettings, measured_w: int | None) -> int:
    """Return what the pool's other devices take of it: as measured, else what each is left by itself."""
    if not settings.other_devices:
        return 0
    if measured_w is not None:
        return max(measured_w, 0)
    return _first_w(settings.large_heating_w) + (settings.other_devices - 1) * GUARANTEED_W


def _first_w(large_heating_w: int) -> int:
    return max(large_heating_w * _LARGE_PERCENT // 100, GUARANTEED_W)
