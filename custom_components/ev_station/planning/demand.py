"""What a car needs and by when: from its state of charge, its goal and its departures."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from ..model.session import Session
from ..model.state import GUEST, Live, Vehicle
from ..model.tariff import DayOfWeek
from ..model.vehicle import Departure, Goal, GoalKind, Trip

_FULL: Final = Decimal(100)
_NOTHING: Final = Decimal(0)
_DAYS: Final = tuple(DayOfWeek)
_WEEK: Final = 7
_LATE: Final = timedelta(hours=1)
"""So long a car that is not ready at its departure goes on charging; then it will hardly leave any more."""
_DRIVE: Final = timedelta(minutes=30)
"""In less no car drives far: one that was unheard so long before it was plugged in has what it had."""
_BELIEVED: Final = 2 * _FULL
"""Percent of its battery: what says that a car drives farther counts fuel too, or what it was driven."""
_TELLING: Final = Decimal(20)
"""Percent: of less, a percent more or less is too much of it."""
_CONSUMPTIONS: Final = range(50, 2001)
"""Wh per km, from a light quadricycle to a laden lorry."""


class Origin(StrEnum):
    """Who says when a car leaves."""

    ONCE = "once"
    """Somebody did, for this one time."""
    CALENDAR = "calendar"
    WEEK = "week"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A departure that a car is made ready for."""

    at: datetime
    """As it was said, in UTC."""
    by: datetime
    """Until when it is charged for: a car that is late has longer than was said."""
    goal: Goal
    own: bool
    """The goal is that of this departure; else it is the car's usual one."""
    origin: Origin
    later: tuple[Trip, ...] = ()
    """What else the calendar wants on the same day after it: who knows whether the car is here in between."""

    @property
    def late(self) -> bool:
        """Return whether the car should be away by now."""
        return self.by > self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What is to be in a car's battery beside what is there now, Wh."""

    departure: datetime | None
    """Until when it is charged; None: nobody said when it leaves."""
    overdue: datetime | None = None
    """The departure it missed; None: none."""
    percent: Decimal | None
    """State of charge now; None: nobody knows."""
    least_wh: Decimal
    """At once."""
    goal_wh: Decimal
    """By the departure, what is needed at once included."""
    extra_wh: Decimal = _NOTHING
    """Beyond that, where it is cheap enough."""


@dataclass(frozen=True, slots=True)
class _Charge:
    """What a car has."""

    percent: Decimal | None
    charged_wh: Decimal
    """Went into the battery since the car was plugged in."""


def demand_of(
    vehicle: Vehicle, session: Session | None, live: Live, now: datetime, zone: ZoneInfo
) -> Demand:
    """Return what a car that stands at an EVSE needs; without a state of charge it is taken for empty.

    `session` is the one that goes on there, `live` what the EVSE measures.
    """
    charge = _charge_of(vehicle, session, live)
    leaving = departure_of(vehicle, session, live, now, zone)
    goals = [usual_goal(vehicle)] if leaving is None else list(_goals(leaving))
    least = Goal(GoalKind.PERCENT, Decimal(vehicle.settings.least_percent))
    least_wh = _NOTHING if charge.percent is None else _missing_wh(vehicle, least, charge)
    wanted_wh = max(_missing_wh(vehicle, each, charge) for each in goals)
    goal_wh = max(wanted_wh, least_wh)
    return Demand(
        departure=None if leaving is None else leaving.by,
        overdue=leaving.at if leaving is not None and leaving.late else None,
        percent=charge.percent,
        least_wh=least_wh,
        goal_wh=goal_wh,
        extra_wh=max(_most_wh(vehicle, charge) - goal_wh, _NOTHING),
    )


def _most_wh(vehicle: Vehicle, charge: _Charge) -> Decimal:
    """Return what is missing up to where it charges on beyond its goal; nothing if it does not."""
    settings = vehicle.settings
    if settings.extra_price is None:
        return _NOTHING
    return _missing_wh(vehicle, Goal(GoalKind.PERCENT, Decimal(settings.extra_percent)), charge)


def departure_of(
    vehicle: Vehicle, session: Session | None, live: Live, now: datetime, zone: ZoneInfo
) -> Leaving | None:
    """Return the departure that a car is made ready for: the one it is late for, else its next.

    It is late while it is still here, lacks what it was to have, and does not leave again before it may be ready.
    """
    coming = _said(vehicle, now, zone)
    missed = _missed(vehicle, session, now, zone)
    if missed is None or (coming is not None and coming.at <= missed.by):
        return coming
    lacks = _missing_wh(vehicle, missed.goal, _charge_of(vehicle, session, live))
    return missed if lacks else coming


def usual_goal(vehicle: Vehicle) -> Goal:
    """Return what a car is to have where its departure says nothing else."""
    wanted = vehicle.goal_percent
    percent = vehicle.settings.goal_percent if wanted is None else wanted
    return Goal(GoalKind.PERCENT, Decimal(percent))


def _goals(leaving: Leaving) -> Iterator[Goal]:
    yield leaving.goal
    yield from (trip.goal for trip in leaving.later if trip.goal)


def _missing_wh(vehicle: Vehicle, goal: Goal, charge: _Charge) -> Decimal:
    """Return what a goal still lacks."""
    settings = vehicle.settings
    capacity, known = settings.battery_wh / _FULL, charge.percent is not None
    there = (charge.percent or _NOTHING) * capacity
    wanted = {
        GoalKind.ENERGY: goal.amount,
        GoalKind.DISTANCE: goal.amount * vehicle.wh_per_km,
        GoalKind.PERCENT: goal.amount * capacity,
    }[goal.kind]
    missing = wanted - (there if known and goal.kind is GoalKind.PERCENT else charge.charged_wh)
    if settings.vehicle == GUEST and goal.kind is GoalKind.ENERGY:
        # How much a stranger's battery holds is a guess; the car stops by itself.
        return max(missing, _NOTHING)
    return min(max(missing, _NOTHING), settings.battery_wh - there)


def _said(vehicle: Vehicle, now: datetime, zone: ZoneInfo) -> Leaving | None:
    """Return a car's next departure.

    A trip that somebody told takes the place of all else; beside it the earlier of calendar and week counts.
    """
    if vehicle.trip is not None and vehicle.trip.at > now:
        return _leaving(vehicle, vehicle.trip, Origin.ONCE)
    weekly = min((_next(each, now, zone) for each in vehicle.settings.departures), default=None)
    booked = next((each for each in vehicle.booked if each.at > now), None)
    if booked is not None and (weekly is None or booked.at <= weekly):
        found = _leaving(vehicle, booked, Origin.CALENDAR)
    elif weekly is not None:
        found = _leaving(vehicle, Trip(at=weekly), Origin.WEEK)
    else:
        return None
    return replace(found, later=_later_that_day(vehicle, found, zone))


def _leaving(vehicle: Vehicle, trip: Trip, origin: Origin) -> Leaving:
    goal = trip.goal or usual_goal(vehicle)
    return Leaving(at=trip.at, by=trip.at, goal=goal, own=trip.goal is not None, origin=origin)


def _missed(
    vehicle: Vehicle, session: Session | None, now: datetime, zone: ZoneInfo
) -> Leaving | None:
    """Return the departure that a car has missed that is still here; None: none, or too long ago.

    Who came after it is not late. Calendars say themselves until when one may be.
    """
    last = _said(replace(vehicle, booked=()), now - _LATE, zone)
    if last is None or last.at > now or session is None or session.start.at >= last.at:
        return None
    missed = replace(last, by=last.at + _LATE)
    later = () if last.origin is Origin.ONCE else _later_that_day(vehicle, missed, zone)
    return replace(missed, later=later)


def _later_that_day(vehicle: Vehicle, leaving: Leaving, zone: ZoneInfo) -> tuple[Trip, ...]:
    """Return what the calendar wants after a departure on its day, each goal that asks for more once."""
    day, told = leaving.by.astimezone(zone).date(), leaving.goal
    found: dict[Goal, Trip] = {}
    for each in vehicle.booked:
        goal = each.goal
        if goal is None or (goal.kind is told.kind and goal.amount <= told.amount):
            continue
        if each.at > leaving.by and each.at.astimezone(zone).date() == day:
            found.setdefault(goal, each)
    return tuple(found.values())


def _next(departure: Departure, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the first such moment after now; a time that is skipped in spring comes an hour later."""
    today = now.astimezone(zone).date()
    ahead = (_DAYS.index(departure.day) - today.weekday()) % _WEEK
    days = (today + timedelta(days=each) for each in (ahead, ahead + _WEEK))
    moments = (datetime.combine(day, departure.at, zone).astimezone(UTC) for day in days)
    return next(moment for moment in moments if moment > now)


def _charge_of(vehicle: Vehicle, session: Session | None, live: Live) -> _Charge:
    charged = _NOTHING if session is None else session.energy_wh * vehicle.settings.efficiency
    return _Charge(percent_of(vehicle, session, live), charged)


def percent_of(vehicle: Vehicle, session: Session | None, live: Live) -> Decimal | None:
    """Return a car's state of charge: as its charger or it told last, and what was charged since."""
    # A sample that came late may still tell of the car before.
    of_this_car = session is None or (live.soc_at is not None and live.soc_at >= session.start.at)
    told = [(live.soc_at, live.soc_percent)] if of_this_car else []
    if vehicle.percent is not None and is_believed(vehicle, session):
        told.append((vehicle.percent_at, vehicle.percent + _charged_before(vehicle, session)))
    known = [(at, percent) for at, percent in told if at is not None and percent is not None]
    if not known:
        return None
    at, percent = max(known)
    since_wh = _NOTHING if session is None else _drawn_since(session, at)
    return min(percent + _gained(vehicle, since_wh), _FULL)


def _gained(vehicle: Vehicle, drawn_wh: Decimal) -> Decimal:
    """Return the percent that what was drawn brings."""
    settings = vehicle.settings
    return drawn_wh * settings.efficiency * _FULL / settings.battery_wh


def _charged_before(vehicle: Vehicle, session: Session | None) -> Decimal:
    """Return what was charged since it told, in other sessions: one that was thought to be over may go on."""
    left = vehicle.left_at
    if session is None or left is None or session.start.at >= left:
        return vehicle.charged_percent
    if session.cdr is None:
        return _NOTHING
    return max(vehicle.charged_percent - _gained(vehicle, session.cdr.energy_wh), _NOTHING)


def is_believed(vehicle: Vehicle, session: Session | None) -> bool:
    """Return whether what a car told last holds where it stands: not if it may have driven since, unheard.

    Its service may have been down all the way, or while it drove home.
    """
    until = vehicle.silent_since if spoke_since_it_left(vehicle) else vehicle.left_at
    return session is None or until is None or session.start.at - until < _DRIVE


def spoke_since_it_left(vehicle: Vehicle) -> bool:
    """Return whether a car told its state of charge since its last session."""
    told, left = vehicle.percent_at, vehicle.left_at
    return told is not None and (left is None or told > left)


def percent_by_range(km: Decimal, battery_wh: int, wh_per_km: int) -> Decimal | None:
    """Return the state of charge of a car that can still drive so far; None: far more than its battery holds."""
    percent = km * wh_per_km * _FULL / battery_wh
    return min(percent, _FULL) if percent <= _BELIEVED else None


def consumption(percent: Decimal, km: Decimal, battery_wh: int) -> int | None:
    """Return what a km takes, Wh, if so much takes a car so far; None: of no car, or too little is left to tell."""
    if percent < _TELLING or not km:
        return None
    found = round(battery_wh * percent / _FULL / km)
    return found if found in _CONSUMPTIONS else None


def _drawn_since(session: Session, moment: datetime) -> Decimal:
    """Return what a session's register rose by since a moment."""
    if moment <= session.start.at:
        return session.energy_wh
    later = [reading.register_wh for reading in session.readings if reading.at >= moment]
    return max(later[-1] - later[0], _NOTHING) if later else _NOTHING
