"""What a car needs and by when: from its state of charge, its goal and its departures."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from ..model.session import Session
from ..model.state import Live, Vehicle
from ..model.tariff import DayOfWeek
from ..model.vehicle import Departure, Goal, GoalKind, Trip, VehicleSettings

_FULL: Final = Decimal(100)
_NOTHING: Final = Decimal(0)
_DAYS: Final = tuple(DayOfWeek)
_WEEK: Final = 7
_LATE: Final = timedelta(hours=1)
"""So long a car that is not ready at its departure goes on charging; then it will hardly leave any more."""
TAPERS_FROM: Final = Decimal(80)
"""Percent of its charge from which a car draws less and less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What is to be in a car's battery beside what is there now, Wh."""

    departure: datetime | None
    """None: nobody said when it leaves."""
    percent: Decimal | None
    """State of charge now; None: nobody knows."""
    least_wh: Decimal
    """At once."""
    goal_wh: Decimal
    """By the departure, what is needed at once included."""


def demand_of(
    vehicle: Vehicle, session: Session | None, live: Live, now: datetime, zone: ZoneInfo
) -> Demand:
    """Return what a car that stands at an EVSE needs; without a state of charge it is taken for empty.

    `session` is the one that goes on there, `live` what the EVSE measures.
    """
    percent = percent_of(vehicle, session, live)
    charged = _NOTHING if session is None else session.energy_wh * vehicle.settings.efficiency
    departure, goal = next_departure(vehicle, now, zone)
    late = _missed(vehicle, session, now, zone)
    if late is not None and (departure is None or late.at < departure):
        wanted = late.goal or Goal(GoalKind.PERCENT, Decimal(usual_percent(vehicle)))
        if _missing_wh(vehicle.settings, wanted, percent, charged):
            departure, goal = late.at, wanted
    least = Goal(GoalKind.PERCENT, Decimal(vehicle.settings.least_percent))
    least_wh = (
        _NOTHING if percent is None else _missing_wh(vehicle.settings, least, percent, charged)
    )
    goals = (goal, *_needed_later_that_day(vehicle, departure, zone))
    goal_wh = max(_missing_wh(vehicle.settings, each, percent, charged) for each in goals)
    return Demand(
        departure=departure,
        percent=percent,
        least_wh=least_wh,
        goal_wh=max(goal_wh, least_wh),
    )


def _missing_wh(
    settings: VehicleSettings, goal: Goal, percent: Decimal | None, charged_wh: Decimal
) -> Decimal:
    """Return what a goal still lacks; `charged_wh` went into the battery since the car was plugged in."""
    capacity, known = settings.battery_wh / _FULL, percent is not None
    room = (_FULL - (percent or _NOTHING)) * capacity
    wanted = {
        GoalKind.ENERGY: goal.amount,
        GoalKind.DISTANCE: goal.amount * settings.wh_per_km,
        GoalKind.PERCENT: goal.amount * capacity,
    }[goal.kind]
    there = (percent or _NOTHING) * capacity
    missing = wanted - (there if known and goal.kind is GoalKind.PERCENT else charged_wh)
    return min(max(missing, _NOTHING), room)


def next_departure(vehicle: Vehicle, now: datetime, zone: ZoneInfo) -> tuple[datetime | None, Goal]:
    """Return when a car leaves next, in UTC, and with how much."""
    usual = Goal(GoalKind.PERCENT, Decimal(usual_percent(vehicle)))
    trip = next_trip(vehicle, now, zone)
    return (None, usual) if trip is None else (trip.at, trip.goal or usual)


def usual_percent(vehicle: Vehicle) -> int:
    """Return what a car is to have where its departure says nothing else."""
    wanted = vehicle.goal_percent
    return vehicle.settings.goal_percent if wanted is None else wanted


def next_trip(vehicle: Vehicle, now: datetime, zone: ZoneInfo) -> Trip | None:
    """Return a car's next departure, in UTC.

    A trip that somebody told takes the place of all else; beside it the earlier of calendar and week counts.
    """
    if vehicle.trip is not None and vehicle.trip.at > now:
        return vehicle.trip
    weekly = min((_next(each, now, zone) for each in vehicle.settings.departures), default=None)
    booked = next((each for each in vehicle.booked if each.at > now), None)
    if weekly is None or (booked is not None and booked.at <= weekly):
        return booked
    return Trip(at=weekly)


def _missed(
    vehicle: Vehicle, session: Session | None, now: datetime, zone: ZoneInfo
) -> Trip | None:
    """Return until when a car is late that is still here after its departure; None: it is not.

    Who came after it is not late. Calendars say themselves until when one may be.
    """
    trip = next_trip(replace(vehicle, booked=()), now - _LATE, zone)
    if trip is None or trip.at > now or session is None or session.start.at >= trip.at:
        return None
    return replace(trip, at=trip.at + _LATE)


def _needed_later_that_day(
    vehicle: Vehicle, departure: datetime | None, zone: ZoneInfo
) -> Iterator[Goal]:
    """Yield what the calendar wants after a departure on its day: who knows whether the car is here in between."""
    if departure is None or (vehicle.trip is not None and vehicle.trip.at == departure):
        return
    day = departure.astimezone(zone).date()
    for each in vehicle.booked:
        if each.goal and each.at > departure and each.at.astimezone(zone).date() == day:
            yield each.goal


def _next(departure: Departure, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the first such moment after now; a time that is skipped in spring comes an hour later."""
    today = now.astimezone(zone).date()
    ahead = (_DAYS.index(departure.day) - today.weekday()) % _WEEK
    days = (today + timedelta(days=each) for each in (ahead, ahead + _WEEK))
    moments = (datetime.combine(day, departure.at, zone).astimezone(UTC) for day in days)
    return next(moment for moment in moments if moment > now)


def percent_of(vehicle: Vehicle, session: Session | None, live: Live) -> Decimal | None:
    """Return a car's state of charge: as its charger or it told last, and what was charged since."""
    told = [(vehicle.percent_at, vehicle.percent), (live.at, live.soc_percent)]
    known = [(at, percent) for at, percent in told if at is not None and percent is not None]
    if not known:
        return None
    at, percent = max(known)
    since_wh = _NOTHING if session is None else _drawn_since(session, at)
    gained = since_wh * vehicle.settings.efficiency * _FULL / vehicle.settings.battery_wh
    return min(percent + gained, _FULL)


def _drawn_since(session: Session, moment: datetime) -> Decimal:
    """Return what a session's register rose by since a moment."""
    if moment <= session.start.at:
        return session.energy_wh
    later = [reading.register_wh for reading in session.readings if reading.at >= moment]
    return max(later[-1] - later[0], _NOTHING) if later else _NOTHING
