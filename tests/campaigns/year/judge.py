"""Judges a play by what happened in the house alone: breakers, limits, cars served, contactors, messages."""

from dataclasses import dataclass
from typing import Final

from custom_components.ev_station.model.energy import ChargeMode

from .play import Play
from .world import DRIVERS

HEADING: Final = (
    f"{'':<20}{'kWh':>8}{'served %':>20}{'trips':>7}{'late':>6}{'over %':>8}{'over s':>8}"
    f"{'starts/h':>10}{'writes/h':>10}{'sun imp %':>11}{'steps':>9}{'CPU s':>7}"
)
_STARTS_AN_HOUR: Final = 2.0
"""Of a car that is plugged in and not full."""
_WRITES_AN_HOUR: Final = 120.0
"""Of a car that is plugged in; renewals are sixty."""
_SOLAR_IMPORT: Final = 0.02


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is printed, and what is out of bounds."""

    line: str
    faults: list[str]


def judged(name: str, play: Play) -> Verdict:
    """Return the verdict on a play."""
    house = play.house
    strains = house.strains
    trips = [key for key, strain in strains.items() if strain.breaker.tripped]
    late = {key: strain.violations for key, strain in strains.items() if strain.violations}
    starts = sum(point.switched_on for point in house.points)
    wanting_h = sum(each.charging_s + each.waiting_s for each in play.served) / 3600 or 1.0
    plugged_h = sum(each.plugged_s for each in play.served) / 3600 or 1.0
    imported = play.solar_imported_wh / play.solar_wh if play.solar_wh else 0.0
    sun = f"{100 * imported:.2f}" if play.solar_wh else "-"
    served = [
        100 * (1 - each.missed_wh / each.wanted_wh) if each.wanted_wh else 100.0
        for each in play.served
    ]
    kwh = sum(point.register_wh for point in house.points) / 1000
    over = 100 * max(strain.worst_share for strain in strains.values()) - 100
    longest = max(strain.longest_over_s for strain in strains.values())
    line = (
        f"{name:<20}{kwh:>8.0f}{'/'.join(f'{each:.0f}' for each in served):>20}{len(trips):>7}"
        f"{sum(late.values()):>6}{over:>8.0f}{longest:>8.0f}{starts / wanting_h:>10.2f}"
        f"{house.messages / plugged_h:>10.0f}{sun:>11}{play.steps:>9}"
    )
    faults = [f"{name}: the breaker of {circuit} trips on L{phase + 1}" for circuit, phase in trips]
    faults += [
        f"{name}: {circuit} was over its limit for too long on L{phase + 1}, {times} times"
        for (circuit, phase), times in late.items()
    ]
    if starts / wanting_h > _STARTS_AN_HOUR:
        faults.append(f"{name}: cars were switched on {starts / wanting_h:.1f} times an hour")
    if house.messages / plugged_h > _WRITES_AN_HOUR:
        faults.append(f"{name}: {house.messages / plugged_h:.0f} profiles an hour and charger")
    if name.startswith("clear") and imported > _SOLAR_IMPORT:
        faults.append(f"{name}: {100 * imported:.1f} % of the solar energy was imported")
    if name == "year":
        faults += [
            f"{name}: {driver.name} got only {share:.0f} %"
            for driver, share in zip(DRIVERS, served, strict=True)
            if driver.mode is ChargeMode.FAST and share < 95
        ]
    return Verdict(line, faults)
