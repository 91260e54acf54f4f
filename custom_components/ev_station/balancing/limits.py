"""The owner's own limits as charging profiles: pause wins over the maximum, the maximum over the EVSE's own."""

from decimal import Decimal
from typing import Final

from ..model.commands import ChargingProfile, ProfilePurpose, SchedulePeriod
from ..model.settings import EvseSettings
from ..model.state import Evse

FLOOR_STACK: Final = 0
"""TxDefault: the safe floor that outlives us."""
LIVE_STACK: Final = 2
"""TxProfile: the limit of the running transaction; stack 1 is the plan's."""
_PAUSE: Final = Decimal(0)
_LEAST_A: Final = Decimal(6)
"""IEC 61851: below this a car may not charge, so anything between is a pause."""


def limit_of(evse: Evse, settings: EvseSettings) -> Decimal:
    """Return the most the EVSE may offer, A per phase; 0 is a pause."""
    if not evse.enabled:
        return _PAUSE
    wanted = settings.max_current_a if evse.limit_a is None else evse.limit_a
    limit = min(wanted, settings.max_current_a)
    return limit if limit >= _LEAST_A else _PAUSE


def is_limited(evse: Evse, settings: EvseSettings) -> bool:
    """Return whether anything holds the EVSE below its own maximum."""
    return limit_of(evse, settings) < settings.max_current_a


def profiles(
    evse: Evse,
    settings: EvseSettings,
    transaction: int | None,
    refused: frozenset[ProfilePurpose],
) -> tuple[ChargingProfile, ...]:
    """Return the profiles the charger should hold for an EVSE.

    None as long as nobody ever limited it: some chargers write every profile to flash.
    """
    if not is_limited(evse, settings) and not evse.ever_limited:
        return ()
    limit = limit_of(evse, settings)
    wanted = [_profile(ProfilePurpose.TX_DEFAULT, FLOOR_STACK, limit, None)]
    if transaction is not None:
        wanted.append(_profile(ProfilePurpose.TX, LIVE_STACK, limit, transaction))
    return tuple(profile for profile in wanted if profile.purpose not in refused)


def _profile(
    purpose: ProfilePurpose, stack: int, limit_a: Decimal, transaction: int | None
) -> ChargingProfile:
    return ChargingProfile(
        purpose=purpose,
        stack_level=stack,
        periods=(SchedulePeriod(start_s=0, limit_a=limit_a),),
        transaction=transaction,
    )


def replaces(new: ChargingProfile, old: ChargingProfile) -> bool:
    """Return whether a charger drops the old profile for the new one (OCPP 1.6 §5.16.3: purpose and stack)."""
    return new.purpose is old.purpose and new.stack_level == old.stack_level
