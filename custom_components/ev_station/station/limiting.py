"""Keeping a charger's profiles what they should be: sending what is missing, falling back when one is refused."""

from dataclasses import replace

from ..balancing.limits import limit_of, profiles, replaces
from ..model.commands import ChargingProfile, ProfilePurpose, RemoteStop, SetProfile
from ..model.ids import CommandId, EvseId
from ..model.state import AskedProfile, Charger, Evse
from .context import Context


def apply_limits(context: Context, evse_id: EvseId) -> None:
    """Send the profiles an EVSE's charger lacks."""
    charger = context.charger(evse_id.charger)
    if charger is None or charger.connection is None or evse_id.evse == 0:
        return
    evse = context.evse(evse_id)
    session = context.session_at(evse_id)
    transaction = None if session is None else session.transactions[0]
    settings = context.evse_settings(evse_id)
    if _cannot_limit(charger):
        _pause_by_stopping(context, charger, evse)
        return
    for profile in profiles(evse, settings, transaction, charger.refused_purposes):
        if not _stands(profile, evse):
            sent = context.send(charger, evse_id, SetProfile(evse=evse_id, profile=profile))
            evse = context.evse(evse_id)
            asked = (*evse.asked, AskedProfile(command=sent, profile=profile))
            context.draft.put(replace(evse, asked=asked))


def _stands(profile: ChargingProfile, evse: Evse) -> bool:
    """Return whether a profile is the last of its kind that the charger was sent; an older one does not count."""
    sent = (*evse.applied, *(asked.profile for asked in evse.asked))
    return profile == next((each for each in reversed(sent) if replaces(profile, each)), None)


def _cannot_limit(charger: Charger) -> bool:
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
    charger = context.charger(evse.id.charger)
    if refused and charger is not None:
        purposes = charger.refused_purposes | {asked.profile.purpose}
        context.draft.put(replace(charger, refused_purposes=purposes))
        apply_limits(context, evse.id)


def forget_applied(context: Context, charger: Charger) -> None:
    """Assume nothing of what a charger holds: it may have lost its profiles (F43)."""
    for evse_id in charger.evses:
        evse = context.evse(evse_id)
        context.draft.put(replace(evse, asked=(), applied=()))
