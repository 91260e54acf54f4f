"""Waking a car that slept through a pause of ours: it is offered nothing for a moment, and current again."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from ..model.allowance import Allowance, Reason, ReasonKind
from ..model.state import Evse
from ..model.status import EvseStatus
from ..model.waking import Car, Waking
from .claims import Allotted, Supply
from .draws import SETTLED_AFTER, flow_a, flows

ANSWERS_WITHIN: Final = timedelta(seconds=60)
"""A car that is offered current again takes it by then."""
PULSES: Final = (timedelta(seconds=10), timedelta(seconds=30))
"""For how long it is offered nothing, try by try; OCPP 1.6 knows no stronger means that keeps the session."""
PULSE: Final = Allotted(Supply.NONE, ReasonKind.WAKING)
"""What is allotted meanwhile."""


def watched(evse: Evse, allowance: Allowance, now: datetime) -> Allowance:
    """Return an allowance that knows whether its car is awake, after a look at what it draws."""
    waking = _watched(evse, allowance, now)
    return allowance if waking == allowance.waking else replace(allowance, waking=waking)


def _watched(evse: Evse, allowance: Allowance, now: datetime) -> Waking:
    waking, since = allowance.waking, allowance.on_since
    if allowance.session != evse.session:
        return Waking()
    if waking.pulse_at is not None:
        over = now - waking.pulse_at >= PULSES[waking.tries - 1]
        return replace(waking, pulse_at=None) if over else waking
    if since is None:
        # A pause that is no pulse: what it owed, it owes; it is tried anew. One that had just begun counts too.
        drew = waking.car is not Car.RESTS or evse.status is EvseStatus.CHARGING
        return Waking(car=Car.OWES if drew else Car.RESTS)
    if evse.live.at is not None and evse.live.at > since and flows(evse.live):
        return Waking(car=Car.DRAWS)
    if not _rests(evse, since):
        return waking
    if waking.car is Car.DRAWS:
        return Waking()
    sleeps = waking.car is Car.OWES and now - since >= ANSWERS_WITHIN
    if sleeps and waking.tries < len(PULSES):
        return replace(waking, tries=waking.tries + 1, pulse_at=now)
    return waking


def _rests(evse: Evse, since: datetime) -> bool:
    """Return whether it is known that the car takes nothing of what it is offered since then."""
    if evse.status is EvseStatus.SUSPENDED_EV:
        return True
    live = evse.live
    measured = live.at is not None and live.at - since >= SETTLED_AFTER
    return measured and flow_a(live) is not None and not flows(live)


def asleep(allowance: Allowance) -> Allowance:
    """Return an allowance that says so if its car takes nothing because it does not wake."""
    waking, idle = allowance.waking, allowance.reason.kind is ReasonKind.IDLE
    if not idle or waking.car is not Car.OWES or waking.tries < len(PULSES):
        return allowance
    return replace(allowance, reason=Reason(ReasonKind.UNRESPONSIVE))
