"""What a charger holds and goes by, as far as it accepted it, by its own clock."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from ..balancing.composite import Situation, of_car
from ..balancing.limits import replaces
from ..model.commands import ChargingProfile, SchedulePeriod
from ..model.state import Charger, Evse
from .context import Context
from .timing import is_trial


def charger_now(context: Context, charger: Charger) -> datetime:
    """Return what the charger takes the time for."""
    try:
        return context.now + charger.clock.offset
    except OverflowError:
        return context.now


def situation(context: Context, charger: Charger, evse: Evse) -> Situation:
    """Return what an EVSE's limit depends on besides the profiles."""
    settings, session = context.evse_settings(evse.id), context.session_at(evse.id)
    return Situation(
        max_current_a=settings.max_current_a,
        phases=settings.phases,
        transaction=None if session is None else session.transactions[0],
        # Ours without a start have one period, or are on trial and hold what counts now: since when does not matter.
        began_at=charger_now(context, charger),
    )


def in_force(context: Context, charger: Charger, evse: Evse) -> SchedulePeriod | None:
    """Return what holds of all that was accepted: a live limit that ended makes way for what is below it."""
    return of_car(evse.applied, situation(context, charger, evse), charger_now(context, charger))


def held_a(context: Context, charger: Charger, evse: Evse) -> Decimal:
    """Return what a charger that is away goes by, as far as that can be told: a plan too, A per phase."""
    told = tuple(each for each in (*evse.applied, *evse.left) if not is_trial(each))
    period = of_car(told, situation(context, charger, evse), charger_now(context, charger))
    return Decimal(0) if period is None else period.limit_a


def holding(evse: Evse, profile: ChargingProfile) -> Evse:
    """Return an EVSE whose charger accepted a profile."""
    applied, left = _instead(evse.applied, profile), _without(evse.left, profile)
    return replace(evse, applied=applied, left=left)


def doubting(evse: Evse, doubted: Iterable[ChargingProfile]) -> Evse:
    """Return an EVSE whose charger may hold these or not: where they are wanted they are sent again."""
    for each in doubted:
        applied, left = _without(evse.applied, each), _instead(evse.left, each)
        evse = replace(evse, applied=applied, left=left)
    return evse


def _instead(
    held: tuple[ChargingProfile, ...], new: ChargingProfile
) -> tuple[ChargingProfile, ...]:
    """Return what is held once a new profile is taken."""
    return (*_without(held, new), new)


def _without(
    held: tuple[ChargingProfile, ...], new: ChargingProfile
) -> tuple[ChargingProfile, ...]:
    """Return what stays of what is held when a new profile comes."""
    return tuple(each for each in held if not replaces(new, each))
