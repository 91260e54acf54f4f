"""Whether a charger goes by the limit it was given: what it says of it, and what its car draws."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ..model.circuit import NOMINAL_V
from ..model.commands import SchedulePeriod, ScheduleResult
from ..model.settings import EvseSettings
from ..model.state import Live
from .draws import SAMPLE_LASTS, SETTLED_AFTER

TOLERATED_A: Final = Decimal(1)
"""Chargers round, to whole A or by W; and meters err."""
RECHECKED_AFTER: Final = timedelta(minutes=15)
"""A charger is asked no more often what it goes by, unless it went by something else."""
_PHASES: Final = 3
_PLAUSIBLE: Final = Decimal("0.25")
"""So much may a power differ from the currents it comes with."""


def is_above(really_a: Decimal, should_a: Decimal) -> bool:
    """Return whether a limit is higher than the one that should be in force."""
    return really_a - should_a > TOLERATED_A


def is_below(really_a: Decimal, should_a: Decimal) -> bool:
    """Return whether a limit is lower than the one that should be in force."""
    return should_a - really_a > TOLERATED_A


def said_a(
    told: ScheduleResult,
    settings: EvseSettings,
    should_a: Decimal,
    others_a: Decimal,
    charger_now: datetime,
) -> Decimal | None:
    """Return the limit a charger says it goes by, A per phase; None: it does not say.

    Of all it may mean the nearest to what it should: it may mean W of the phases it has though it says
    otherwise, or the whole charger, of which `others_a` are its other EVSEs'.
    """
    period = period_at(told, charger_now)
    if period is None:
        return None
    if period.limit_a < 0:
        return max(settings.max_current_a, should_a)
    readings = list(_readings(period, settings, watts=told.watts))
    readings += [each - others_a for each in readings if others_a]
    return min(readings, key=lambda each: abs(each - should_a))


def period_at(told: ScheduleResult, moment: datetime) -> SchedulePeriod | None:
    """Return what a charger says of a moment by its own clock; without a start its schedule begins then.

    None: nothing, or not so far ahead.
    """
    start = moment if told.start_at is None else told.start_at
    elapsed = max((moment - start).total_seconds(), 0)
    if told.duration_s is not None and elapsed > told.duration_s:
        return None
    rising = sorted(told.periods, key=lambda period: period.start_s)
    begun = [period for period in rising if period.start_s <= elapsed]
    return begun[-1] if begun else next(iter(rising), None)


def _readings(period: SchedulePeriod, settings: EvseSettings, *, watts: bool) -> Iterator[Decimal]:
    yield period.limit_a
    if watts:
        yield period.limit_a * (period.phases or _PHASES) / settings.phases


def drawn_above(
    live: Live, settings: EvseSettings, should_a: Decimal, since: datetime, now: datetime
) -> Decimal | None:
    """Return the current of a car that draws more than it should have been offered since; None: it does not.

    Believed only if every phase of the EVSE is told for itself, and the power fits.
    """
    if live.at is None or live.at - since < SETTLED_AFTER or now - live.at > SAMPLE_LASTS:
        return None
    amps = [each for each in live.currents_a[: settings.phases] if each is not None]
    if len(amps) < settings.phases or not is_above(max(amps), should_a):
        return None
    power = sum(amps) * NOMINAL_V
    if live.power_w is not None and abs(live.power_w - power) > _PLAUSIBLE * power:
        return None
    return max(amps)
