"""Keeping a charger's profiles what they should be: sending what is missing, falling back when one is refused."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from ..balancing.limits import circuit_profiles, limit_of, profiles, replaces, still_says
from ..model.allowance import Allowance
from ..model.commands import ChargingProfile, ProfilePurpose, RemoteStop, SetProfile
from ..model.ids import CommandId, EvseId
from ..model.state import AskedProfile, Charger, Evse
from .context import Context

_RETRY_AFTER: Final = timedelta(seconds=30)


def apply_limits(context: Context, evse_id: EvseId) -> None:
    """Send the profiles an EVSE's charger lacks."""
    charger = context.charger(evse_id.charger)
    if charger is None or charger.connection is None or evse_id.evse == 0:
        return
    evse = context.evse(evse_id)
    if cannot_limit(charger):
        _pause_by_stopping(context, charger, evse)
        return
    allowance = context.draft.get(Allowance, evse_id)
    if allowance is not None and allowance.retry_at and context.now < allowance.retry_at:
        return
    by_its_clock = _charger_now(context, charger)
    for profile in _wanted(context, charger, evse, by_its_clock):
        if not _stands(profile, evse, by_its_clock):
            sent = context.send(charger, evse_id, SetProfile(evse=evse_id, profile=profile))
            evse = context.evse(evse_id)
            asked = (*evse.asked, AskedProfile(command=sent, profile=profile))
            context.draft.put(replace(evse, asked=asked))


def _wanted(
    context: Context, charger: Charger, evse: Evse, by_its_clock: datetime
) -> tuple[ChargingProfile, ...]:
    """Return the profiles the charger should hold now."""
    settings, session = context.evse_settings(evse.id), context.session_at(evse.id)
    transaction = None if session is None else session.transactions[0]
    allowance, refused = context.draft.get(Allowance, evse.id), charger.refused_purposes
    if allowance is None:
        return profiles(evse, settings, transaction, refused)
    if session is None or allowance.session != session.id:
        transaction = None
    owner = limit_of(evse, settings)
    return circuit_profiles(allowance, owner, transaction, refused, by_its_clock)


def _charger_now(context: Context, charger: Charger) -> datetime:
    """Return what the charger takes the time for."""
    try:
        return context.now + charger.clock.offset
    except OverflowError:
        return context.now


def _stands(profile: ChargingProfile, evse: Evse, by_its_clock: datetime) -> bool:
    """Return whether the last of its kind that the charger was sent says the same; an older one does not count."""
    sent = (*evse.applied, *(asked.profile for asked in evse.asked))
    last = next((each for each in reversed(sent) if replaces(profile, each)), None)
    return last is not None and still_says(last, profile, by_its_clock)


def cannot_limit(charger: Charger) -> bool:
    """Return whether a charger takes no profile at all."""
    silent = charger.prepared is not None and charger.prepared.smart_charging is False
    return silent or {ProfilePurpose.TX, ProfilePurpose.TX_DEFAULT} <= charger.refused_purposes


def _pause_by_stopping(context: Context, charger: Charger, evse: Evse) -> None:
    """End the transaction of a charger that takes no profile: the only pause it knows (F42)."""
    session = context.session_at(evse.id)
    settings = context.evse_settings(evse.id)
    if session is not None and limit_of(evse, settings) == 0:
        context.send(charger, evse.id, RemoteStop(transaction=session.transactions[0]))


def profile_answered(
    context: Context, evse: Evse, command: CommandId, *, accepted: bool, refused: bool
) -> None:
    """Remember what the charger holds now; a purpose it refused is not tried again until it boots anew."""
    asked = next((each for each in evse.asked if each.command == command), None)
    if asked is None:
        return
    rest = tuple(each for each in evse.asked if each is not asked)
    kept = tuple(held for held in evse.applied if not replaces(asked.profile, held))
    applied = (*kept, asked.profile) if accepted else evse.applied
    context.draft.put(replace(evse, asked=rest, applied=applied))
    _remember_failure(context, evse.id, failed=not accepted)
    charger = context.charger(evse.id.charger)
    if refused and charger is not None:
        purposes = charger.refused_purposes | {asked.profile.purpose}
        context.draft.put(replace(charger, refused_purposes=purposes))
        apply_limits(context, evse.id)


def _remember_failure(context: Context, evse: EvseId, *, failed: bool) -> None:
    allowance = context.draft.get(Allowance, evse)
    if allowance is not None:
        retry_at = context.now + _RETRY_AFTER if failed else None
        context.draft.put(replace(allowance, retry_at=retry_at))


def forget_applied(context: Context, charger: Charger) -> None:
    """Assume nothing of what a charger holds: it may have lost its profiles (F43)."""
    for evse_id in charger.evses:
        evse = context.evse(evse_id)
        context.draft.put(replace(evse, asked=(), applied=()))
