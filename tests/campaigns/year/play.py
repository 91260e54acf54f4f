"""Plays the home: in steps that grow while nothing changes, or second by second, with cars that come and go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from custom_components.ev_station.model.energy import ChargeMode
from tests.simulator.point import Point
from tests.simulator.premises import Premises
from tests.simulator.strides import quarter_ends, stride

from .world import DRIVERS, Visit, drive, vehicle


@dataclass(slots=True)
class Served:
    """What a driver got."""

    wanted_wh: float = 0.0
    missed_wh: float = 0.0
    visits: int = 0
    plugged_s: float = 0.0
    charging_s: float = 0.0
    waiting_s: float = 0.0
    """It would have charged but for want of room, sun or permission."""


@dataclass
class Play:
    """A home and its cars over some time."""

    house: Premises
    visits: Sequence[Visit]
    served: list[Served] = field(default_factory=lambda: [Served() for _ in DRIVERS])
    steps: int = 0
    solar_wh: float = 0.0
    """What was charged from the sun alone, and what of it was imported."""
    solar_imported_wh: float = 0.0

    def __post_init__(self) -> None:
        self._cars = [vehicle(driver) for driver in DRIVERS]
        self._coming = sorted(self.visits)
        self._going: list[Visit] = []

    def run(
        self,
        until: datetime,
        *,
        by_second: bool = False,
        every_second: Callable[[Premises], None] | None = None,
    ) -> None:
        """Play until a moment."""
        while self.house.now < until:
            self._move()
            quarter = min(quarter_ends(self.house.now), until)
            if by_second:
                while self.house.now < quarter:
                    if every_second is not None:
                        every_second(self.house)
                    self._advance(1)
            else:
                stride(self.house, quarter, self._advance)

    def _advance(self, seconds: float) -> None:
        house = self.house
        imported, registers = house.imported_wh, [each.register_wh for each in house.points]
        house.advance(seconds)
        self.steps += 1
        for point, served in zip(house.points, self.served, strict=True):
            _count(point, served, seconds)
        self._watch_the_sun(registers, house.imported_wh - imported)

    def _watch_the_sun(self, registers: Sequence[float], imported_wh: float) -> None:
        """Take what was imported beyond what other cars charged as the solar cars'."""
        solar = others = 0.0
        for point, before, driver in zip(self.house.points, registers, DRIVERS, strict=True):
            charged = point.register_wh - before
            if driver.mode is ChargeMode.SOLAR:
                solar += charged
            else:
                others += charged
        self.solar_wh += solar
        self.solar_imported_wh += min(max(imported_wh - others, 0.0), solar)

    def _move(self) -> None:
        """Let cars leave and arrive; by the quarter hour."""
        now = self.house.now
        for visit in [each for each in self._going if each.ends <= now]:
            self._going.remove(visit)
            self._leave(visit)
        while self._coming and self._coming[0].begins <= now:
            visit = self._coming.pop(0)
            if visit.ends > now:
                self._arrive(visit)

    def _arrive(self, visit: Visit) -> None:
        car, served = self._cars[visit.driver], self.served[visit.driver]
        drive(car, visit.km)
        served.visits += 1
        served.wanted_wh += _missing_wh(visit.driver, car.soc)
        self.house.plug(self.house.points[visit.driver], car)
        self._going.append(visit)

    def _leave(self, visit: Visit) -> None:
        self.served[visit.driver].missed_wh += _missing_wh(
            visit.driver, self._cars[visit.driver].soc
        )
        self.house.unplug(self.house.points[visit.driver])


def _missing_wh(number: int, soc: float) -> float:
    driver = DRIVERS[number]
    return max(driver.target - soc, 0.0) * driver.capacity_kwh * 1000


def _count(point: Point, served: Served, seconds: float) -> None:
    if point.vehicle is None:
        return
    served.plugged_s += seconds
    served.charging_s += seconds * any(point.amps)
    served.waiting_s += seconds * (not any(point.amps) and not point.vehicle.full)
