"""Switching EVSEs between one phase and all: what the sun leaves each, and how far each has got."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..balancing.claims import Allotted
from ..balancing.phases import (
    Outlook,
    begun,
    failed,
    halted,
    looked,
    moved,
    phases_in_force,
    wished,
    with_phasing,
)
from ..model.allowance import Allowance
from ..model.commands import ChargingProfile, CommandStatus
from ..model.events import PhasesRead, SiteObserved
from ..model.ids import EvseId
from ..model.phases import PhaseStep, PhaseSwitching
from ..model.state import Charger, Evse
from .asking import ask_power
from .battery import boost_w
from .context import Context
from .holding import in_force
from .places import Place
from .sun import basks, least_w, left_w, watts


def phased(
    context: Context,
    found: Sequence[Place],
    before: Mapping[EvseId, Allowance],
    allotted: Mapping[EvseId, Allotted],
    event: SiteObserved,
) -> Mapping[EvseId, Allowance]:
    """Return the allowances of those whose phases can be switched, each a step further.

    `allotted` names those whose limit is ours to decide now.
    """
    switchable = [place for place in found if _is_switchable(place, before[place.evse.id])]
    if not switchable:
        return {}
    shining = {
        place.evse.id: least_w(context, place, before[place.evse.id])
        for place in found
        if basks(before[place.evse.id], allotted.get(place.evse.id))
    }
    asking = [place for place in found if place.evse.id in allotted]
    left = left_w(context, event, asking, before) - sum(shining.values())
    boost = boost_w(context, event)
    return {
        place.evse.id: _phased(
            context,
            place,
            before[place.evse.id],
            allotted.get(place.evse.id),
            left + shining.get(place.evse.id, 0) + boost * place.evse.boosts,
        )
        for place in switchable
    }


def _is_switchable(place: Place, allowance: Allowance) -> bool:
    return place.settings.phase_switching is not PhaseSwitching.NONE or bool(allowance.phasing)


def _phased(
    context: Context, place: Place, allowance: Allowance, allotted: Allotted | None, left_w: int
) -> Allowance:
    phasing = begun(allowance.phasing, place.settings)
    if phasing is None:
        return replace(allowance, phasing=None)
    now, settings = context.now, place.settings
    period = in_force(context, place.charger, place.evse)
    if allotted is None:
        stays = halted(phasing, phases_in_force(place.evse, phasing, period))
        return with_phasing(allowance, stays, settings)
    sight = looked(place.evse, allowance, phasing, settings, period, now)
    outlook = Outlook(left_w, watts(place, 1), watts(place, len(phasing.car) or settings.phases))
    wish = wished(allowance, phasing, allotted, outlook, settings, context.settings.surplus)
    # One that cannot be paused is never empty.
    wish = None if place.evse.refuses_pause else wish
    after = moved(place.evse, phasing, wish, sight, settings, now)
    if after.step is PhaseStep.EMPTYING:
        ask_power(context, place.evse.id)
    return with_phasing(allowance, after, settings)


def interrupt(context: Context, charger: Charger) -> None:
    """Begin anew with a charger that comes or goes: what was under way may never have arrived.

    Meanwhile its live limit may have ended and its car draw by the fallback, on as many phases as that says.
    """
    for evse_id in charger.evses:
        allowance, evse = context.draft.get(Allowance, evse_id), context.evse(evse_id)
        if allowance is None or allowance.phasing is None:
            continue
        phases = phases_in_force(evse, allowance.phasing, in_force(context, charger, evse))
        after = replace(halted(allowance.phasing, phases), doubted=None)
        context.draft.put(with_phasing(allowance, after, context.evse_settings(evse_id)))


def told(context: Context, event: PhasesRead) -> None:
    """Take over what the entity that switches an EVSE's phases says."""
    evse = context.draft.get(Evse, event.evse)
    if evse is not None:
        context.draft.put(replace(evse, phases_told=event.phases))


def puts_phases_in_doubt(
    context: Context, evse: EvseId, profile: ChargingProfile, status: CommandStatus
) -> bool:
    """Return whether a profile is to be tried again without its number of phases; note what its answer tells.

    Only a charger that takes the same without is one that does not know them.
    """
    allowance = context.draft.get(Allowance, evse)
    phasing = None if allowance is None else allowance.phasing
    if allowance is None or phasing is None:
        return False
    rejected = status in (CommandStatus.REJECTED, CommandStatus.FAILED)
    if profile.periods[0].phases is not None:
        if rejected:
            after = replace(phasing, doubted=profile.purpose)
            context.draft.put(replace(allowance, phasing=after))
        return rejected
    if phasing.doubted is profile.purpose and (rejected or status is CommandStatus.ACCEPTED):
        settings = context.evse_settings(evse)
        cleared = replace(phasing, doubted=None)
        after = cleared if rejected else failed(phasing, settings, context.now)
        context.draft.put(with_phasing(allowance, after, settings))
    return False
