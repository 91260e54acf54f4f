"""Plans: when an EVSE is to charge, with how much, and what comes of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import groupby, takewhile
from typing import Final, NamedTuple

from .circuit import NOMINAL_V
from .ids import EvseId, SessionId, VehicleId

RENEWED_WITHIN: Final = timedelta(minutes=1)
"""So long after a quarter hour began there is a plan that was made for it."""


class PlanState(StrEnum):
    """Whether a car will be ready."""

    ON_TRACK = "on_track"
    LATE = "late"
    """Circuits and other cars leave too little until it leaves."""
    IMPOSSIBLE = "impossible"
    """Even with all there is it cannot take so much until then."""


class Why(StrEnum):
    """What decided about a slot."""

    MINIMUM = "minimum"
    """Draws: the minimum is charged at once."""
    SHOWS = "shows"
    """Draws for a moment: on how many phases nobody knows before it does."""
    SOLAR = "solar"
    """Draws: mostly what would be exported."""
    NEEDED = "needed"
    """Draws: otherwise it would not be ready."""
    CHEAPEST = "cheapest"
    STEADY = "steady"
    """Draws: it draws beside it, and a cheaper slot would not pay for one more start."""
    CLEANER = "cleaner"
    """Draws: hours that cost no more are dirtier."""
    EXTRA = "extra"
    """Draws beyond its goal: it is cheap enough."""
    WAITS = "waits"
    """Pauses for a cheaper slot."""
    WAITS_CLEANER = "waits_cleaner"
    """Pauses for a cleaner slot that is no cheaper."""
    FUSE = "fuse"
    """Pauses: a circuit leaves less than its least."""
    PEAK = "peak"
    """Pauses: it would raise the month's peak."""
    PRICE_LIMIT = "price_limit"
    """Has its goal, and more would be too dear."""
    READY = "ready"


class PlanPeriod(NamedTuple):
    """A stretch of a plan under one limit."""

    start: datetime
    end: datetime
    limit_a: Decimal
    """Per phase; 0: the car waits."""
    phases: int
    """How many of the site's."""
    why: Why | None = None
    """What decided about its begin; None: the car is not there."""
    saves: Decimal | None = None
    """Of a pause: what the next slot's energy would cost more now, in the site's currency."""
    surely: int | None = None
    """On how many of its phases the car draws for sure; None: on all."""

    @property
    def power_w(self) -> Decimal:
        """Return what the car draws for sure if it takes all it may."""
        return self.limit_a * (self.surely or self.phases) * NOMINAL_V

    @property
    def energy_wh(self) -> Decimal:
        """Return what that comes to."""
        hours = Decimal((self.end - self.start) // timedelta(seconds=1)) / 3600
        return self.power_w * hours


@dataclass(frozen=True, slots=True, kw_only=True)
class EvsePlan:
    """What a car is to do until it leaves."""

    id: EvseId
    session: SessionId
    vehicle: VehicleId
    made_at: datetime
    departure: datetime
    """Until when it is charged."""
    overdue: datetime | None = None
    """The departure it missed, if it goes on for that; None: it is not late."""
    stated: datetime | None = None
    """When it was to leave before it stayed for longer; None: as now."""
    began_at: datetime | None = None
    """When it began to draw by the plans before, if it draws as this one begins; None: it begins with this one."""
    periods: tuple[PlanPeriod, ...] = ()
    """Without gaps, from when it was made; none: the car has what is wanted."""
    ready_at: datetime | None
    """When the goal is reached; None: not before it leaves."""
    energy_wh: Decimal = Decimal(0)
    """To be drawn."""
    unmet_wh: Decimal = Decimal(0)
    """Of the goal, in the battery."""
    cost: Decimal = Decimal(0)
    """In the site's currency, by what is known of prices and sun."""
    saved: Decimal = Decimal(0)
    """Against charging at once."""
    soonest: datetime | None = None
    """When the goal would be reached by charging at once; None: not before it leaves."""
    co2_kg: Decimal | None = None
    """Of what comes from the grid; None: nothing is known of its CO2."""
    state: PlanState = PlanState.ON_TRACK
    peak_w: int | None = None
    """What the grid is foreseen to give the whole site in the highest quarter hour of this month; None: it has no price."""
    picks_phases: bool = False
    """Its periods say on how many phases the EVSE is to charge: it can be switched."""

    @property
    def key(self) -> EvseId:
        """Return the EVSE's id."""
        return self.id

    @property
    def leaves_at(self) -> datetime:
        """Return when it is to leave, or should have: as somebody said."""
        return self.overdue or self.departure

    @property
    def late_until(self) -> datetime | None:
        """Return until when a car that should have left goes on; None: it is not late."""
        return self.departure if self.overdue else None

    @property
    def standing(self) -> PlanState:
        """Return whether it will be ready when it is to leave; one that is still here after that is late."""
        late = self.overdue is not None and self.state is PlanState.ON_TRACK
        return PlanState.LATE if late else self.state

    @property
    def until_over(self) -> tuple[PlanPeriod, ...]:
        """Return the periods until the car has drawn for the last time, or leaves."""
        ends = [each.end for each in self.periods if each.limit_a]
        over = min(ends[-1], self.departure) if ends else self.made_at
        left = (each for each in self.periods if each.start < over)
        return tuple(each._replace(end=min(each.end, over)) for each in left)

    def spare(self, now: datetime) -> timedelta | None:
        """Return how much time is left if from now on it charges at once, and drew nothing since this plan was made.

        None: it is late, or will be.
        """
        if self.soonest is None or self.overdue is not None:
            return None
        return self.departure - self.soonest - (now - self.made_at)

    def at(self, now: datetime) -> PlanPeriod | None:
        """Return what is planned for a moment; None: the plan is over."""
        return next((each for each in self.periods if each.start <= now < each.end), None)

    def followed(self, now: datetime) -> PlanPeriod | None:
        """Return what to do now: for a minute what was planned before, until the new quarter hour has a plan of its own.

        Each quarter hour is planned anew when it has begun. Without this a car would stop at the end of what the
        old plan knew, and start again with the new one.
        """
        return self.at(max(self.made_at, now - RENEWED_WITHIN))

    def stops_at(self, now: datetime) -> datetime | None:
        """Return when the car that draws now is to pause; None: it does not draw."""
        rest = (each for each in self.periods if each.end > now)
        ends = [each.end for each in takewhile(lambda each: each.limit_a, rest)]
        return ends[-1] if ends else None

    def next_start(self, now: datetime) -> datetime | None:
        """Return when the car begins to draw next, now if it is to draw; None: it does not again."""
        later = (each for each in self.periods if each.limit_a and each.end > now)
        found = next(later, None)
        return None if found is None else max(found.start, now)

    def stretches(self) -> Iterator[tuple[PlanPeriod, ...]]:
        """Yield what it draws in one go, each with whatever limits."""
        for draws, periods in groupby(self.periods, key=lambda each: bool(each.limit_a)):
            if draws:
                yield tuple(periods)

    def begin_of(self, stretch: tuple[PlanPeriod, ...]) -> datetime:
        """Return when a stretch begins, or began before this plan was made."""
        begin = stretch[0].start
        return self.began_at or begin if begin <= self.made_at else begin

    def draws_since(self, now: datetime) -> datetime | None:
        """Return when the stretch began in which it is to draw now; None: it is to pause."""
        found = (each for each in self.stretches() if each[0].start <= now < each[-1].end)
        return next(map(self.begin_of, found), None)

    def begins_after(self, now: datetime) -> datetime | None:
        """Return when the car begins to draw after now, or after its next pause; None: it does not again."""
        begins = (periods[0].start for periods in self.stretches())
        return next((begin for begin in begins if begin > now), None)
