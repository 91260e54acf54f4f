"""Plays the fortnight under a policy: cars come and go, prices and forecasts arrive, the site plans and is looked at."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import count
from typing import Final

from custom_components.ev_station.engine.planner import bears_on_plan
from custom_components.ev_station.model import events as e
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.forecast import Forecast
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.plan import EvsePlan
from custom_components.ev_station.model.state import (
    Charger,
    Circuit,
    Evse,
    SiteState,
    TariffState,
    Vehicle,
)
from custom_components.ev_station.planning.extra import thought
from custom_components.ev_station.planning.plan import Plan
from custom_components.ev_station.planning.solver import Effort
from custom_components.ev_station.station import horizon, planned
from tests.simulator.point import VOLTS
from tests.simulator.strides import QUARTER, quarter_ends, stride

from .foresight import (
    EXPORT_PRICE,
    FORECAST_EVERY,
    PUBLISHED,
    Foresight,
    import_price,
    published,
    tariffs,
)
from .world import DRIVERS, ZONE, Visit, car, home, told, visits

_EVENING: Final = range(17, 21)
"""The hours of the grid's peak, by the site's clock."""


class Policy(StrEnum):
    """How cars are charged."""

    AT_ONCE = "at once"
    CHEAPEST_THIRD = "cheapest third"
    PLANS = "plans"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """How a visit ended."""

    visit: Visit
    wanted_wh: float
    short_wh: float
    starts: int


@dataclass(slots=True)
class Tally:
    """What is counted."""

    kwh: float = 0.0
    cost: float = 0.0
    """Of what the cars drew, on top of the house."""
    evening_kwh: float = 0.0
    """Imported for the cars in the evening."""
    peak_w: float = 0.0
    """The highest quarter hour of import."""
    replans: int = 0
    changed: int = 0
    """Another current or hour than the plan in force had."""
    moved: int = 0
    """Other hours than it had."""
    left: list[Left] = field(default_factory=list)


class Play:
    """A fortnight, or some days of it."""

    def __init__(
        self, seed: int, first: datetime, days: int, policy: Policy, effort: Effort | None = None
    ) -> None:
        """Home Assistant is down from two to three in the night of the second day."""
        self.house, self.tally, self.policy = home(seed, first), Tally(), policy
        self._effort, self._first, self._until = effort, first, first + timedelta(days=days)
        self._foresight = Foresight(seed, first, days)
        self._down = first.replace(hour=2, minute=0) + timedelta(days=1)
        self._coming = sorted(visits(seed, first, days))
        self._going: list[tuple[Visit, int]] = []
        self._numbers = count(10_000)
        self._last: Plan | None = None
        self._seen: object = None
        self._imported_wh = 0.0
        self._set_up()

    def _set_up(self) -> None:
        house, mode = self.house, ChargeMode.SMART
        if self.policy is Policy.AT_ONCE:
            mode = ChargeMode.FAST
        for event in (*tariffs(), published(self._first.astimezone(ZONE).date())):
            house.feed(event)
        if self.policy is Policy.PLANS:
            for point, driver in zip(house.points, DRIVERS, strict=True):
                house.feed(e.VehicleConfigured(settings=told(driver)))
                number = next(self._numbers)
                house.feed(e.VehicleChosen(evse=point.evse, vehicle=driver.name, command=number))
        for point in house.points:
            house.choose(point, mode)

    def run(self) -> None:
        """Play to the end."""
        while self.house.now < self._until:
            self._fail()
            self._move()
            if self.house.controlled:
                self._hear()
            self._plan(anyway=True)
            self._imported_wh = self.house.imported_wh
            stride(self.house, min(quarter_ends(self.house.now), self._until), self._advance)
            watts = (self.house.imported_wh - self._imported_wh) * (timedelta(hours=1) / QUARTER)
            self.tally.peak_w = max(self.tally.peak_w, watts)

    def _fail(self) -> None:
        down = self._down <= self.house.now < self._down + timedelta(hours=1)
        if down and self.house.controlled:
            self.house.go_down()
        elif not down and not self.house.controlled:
            self.house.come_back()
            self._last = None

    def _move(self) -> None:
        now = self.house.now
        for visit, starts in [each for each in self._going if each[0].ends <= now]:
            self._going.remove((visit, starts))
            self._leave(visit, starts)
        while self._coming and self._coming[0].begins <= now:
            visit, point = self._coming[0], self.house.points[self._coming.pop(0).driver]
            self.house.plug(point, car(visit))
            self._going.append((visit, point.switched_on))
            self._tell(visit)

    def _leave(self, visit: Visit, starts: int) -> None:
        point, capacity_wh = (
            self.house.points[visit.driver],
            DRIVERS[visit.driver].capacity_kwh * 1000,
        )
        assert point.vehicle is not None
        goal = DRIVERS[visit.driver].goal / 100
        self.tally.left.append(
            Left(
                visit=visit,
                wanted_wh=(goal - visit.soc) * capacity_wh,
                short_wh=max(0.0, goal - point.vehicle.soc) * capacity_wh,
                starts=point.switched_on - starts,
            )
        )
        self.house.unplug(point)

    def _hear(self) -> None:
        """Let prices and forecasts be read, and cars tell their state of charge."""
        now, local = self.house.now, self.house.now.astimezone(ZONE)
        if (local.hour, local.minute) == (PUBLISHED.hour, 0):
            self.house.feed(published(local.date() + timedelta(days=1)))
        if (now - self._first) % FORECAST_EVERY == timedelta(0):
            self.house.feed(self._foresight.sun(now))
            self.house.feed(self._foresight.load(now))
        for visit, _ in self._going:
            every = DRIVERS[visit.driver].tells_every
            if every is not None and (now - visit.begins) % every == timedelta(0):
                self._tell(visit)

    def _tell(self, visit: Visit) -> None:
        vehicle = self.house.points[visit.driver].vehicle
        if self.policy is Policy.PLANS and vehicle is not None:
            percent = Decimal(round(vehicle.soc * 100))
            name = DRIVERS[visit.driver].name
            self.house.feed(e.VehicleHeard(vehicle=name, percent=percent, at=self.house.now))

    def _plan(self, *, anyway: bool = False) -> None:
        """Plan as the engine does: at each quarter hour, and when anything changed that bears on it."""
        if self.policy is not Policy.PLANS or not self.house.controlled:
            return
        seen = _bearing(self.house.state)
        if not anyway and seen == self._seen:
            return
        now, state = self.house.now, self.house.state
        found = horizon(state, now)
        problem = found.problem
        self._last = None if problem is None else thought(problem, self._last, self._effort)
        before = _in_force(state)
        self.house.feed(planned(found, self._last, now))
        self._seen = _bearing(state)
        self._compare(before, _in_force(state))

    def _compare(self, before: dict[EvseId, EvsePlan], after: dict[EvseId, EvsePlan]) -> None:
        self.tally.replans += bool(after)
        for evse, new in after.items():
            old = before.get(evse)
            if old is None or old.session != new.session or not new.periods:
                continue
            moments = [self.house.now + QUARTER * n for n in range(192)]
            one, other = ([_limit(each, at) for at in moments] for each in (old, new))
            self.tally.changed += one != other
            self.tally.moved += [bool(each) for each in one] != [bool(each) for each in other]

    def _advance(self, seconds: float) -> None:
        self.house.advance(seconds)
        self._account(seconds)
        self._plan()

    def _account(self, seconds: float) -> None:
        """Count what the cars cost on top of a house that would have drawn the rest anyway."""
        house, hours = self.house, seconds / 3600
        cars_w = sum(sum(point.amps) for point in house.points) * VOLTS
        rest_w = sum(sum(fuse.load(house.now)) for fuse in house.fuses) * VOLTS - house.fed_in_w
        imported_w = max(rest_w + cars_w, 0.0) - max(rest_w, 0.0)
        exported_w = max(-rest_w, 0.0) - max(-rest_w - cars_w, 0.0)
        began = house.now - timedelta(seconds=seconds)
        price = import_price(began)
        tally = self.tally
        tally.kwh += cars_w * hours / 1000
        tally.cost += (imported_w * price + exported_w * EXPORT_PRICE) * hours / 1000
        if began.astimezone(ZONE).hour in _EVENING:
            tally.evening_kwh += imported_w * hours / 1000


def _bearing(state: SiteState) -> list[object]:
    return [
        bears_on_plan(each, (kind, ""))
        for kind in (Evse, Charger, Circuit, Vehicle, TariffState, Forecast)
        for each in state.all(kind)
    ]


def _in_force(state: SiteState) -> dict[EvseId, EvsePlan]:
    return {each.id: each for each in state.all(EvsePlan)}


def _limit(made: EvsePlan, at: datetime) -> object:
    period = made.at(at)
    return None if period is None else period.limit_a or None
