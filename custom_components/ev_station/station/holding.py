"""What a charger goes by, as far as it accepted it, by its own clock."""

from datetime import datetime
from decimal import Decimal

from ..balancing.composite import Situation, of_car
from ..model.commands import SchedulePeriod
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
