"""What EVSEs draw on the site's phases: as measured once they follow their limit, else between two bounds."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ..model.allowance import Allowance
from ..model.circuit import NOMINAL_V, Amps
from ..model.settings import EvseSettings
from ..model.state import Evse, Live
from .limits import EPOCH, limit_of
from .loads import NOTHING_DRAWN, Drawn

SETTLED_AFTER: Final = timedelta(seconds=15)
"""A charger has followed its new limit by then, and the car its charger."""
SAMPLE_LASTS: Final = timedelta(minutes=3)
"""An older sample says nothing of the present."""
FLOWS_A: Final = Decimal(1)
"""Less than this is a charger's own electronics."""
_OVERVOLTAGE: Final = Decimal("1.1")
"""The most the grid may have of its nominal voltage (EN 50160)."""
_ODD_W: Final = 500
"""Currents and power of one sample are some seconds apart, and rounded."""
_ZERO: Final = Decimal(0)

type Draws = tuple[Drawn, Drawn, Drawn]
"""On L1, L2 and L3 of the site."""

NO_DRAWS: Final[Draws] = (NOTHING_DRAWN, NOTHING_DRAWN, NOTHING_DRAWN)


def unbound(evse: Evse, settings: EvseSettings) -> Allowance:
    """Return the allowance of an EVSE nobody decided about yet: what its owner lets it have, for ever."""
    return Allowance(id=evse.id, limit_a=limit_of(evse, settings), since=EPOCH)


def site_phases(settings: EvseSettings) -> tuple[int, ...]:
    """Return the site's phase behind each phase of an EVSE."""
    return settings.rotation.phases[: settings.phases]


def settled_amps(
    evse: Evse, allowance: Allowance, settings: EvseSettings, now: datetime
) -> Amps | None:
    """Return what each of the EVSE's own phases draws at its present limit; None while that is not known."""
    live = evse.live
    if live.at is None or now - live.at > SAMPLE_LASTS or live.at - allowance.since < SETTLED_AFTER:
        return None
    return _amps(live, settings)


def _amps(live: Live, settings: EvseSettings) -> Amps | None:
    """Return the measured currents; None where only their sum, one of them or nothing is told."""
    first, second, third = live.currents_a
    if first is second is third is None:
        return (_ZERO, _ZERO, _ZERO) if live.power_w == 0 else None
    found = first or _ZERO, second or _ZERO, third or _ZERO
    # A current of no phase stands with L1, though it may be that of each of three: the power tells, if there is one.
    if first and settings.phases > 1 and not live.phases_told:
        return None
    explained_w = sum(found, _ZERO) * NOMINAL_V * _OVERVOLTAGE
    return None if (live.power_w or _ZERO) > explained_w + _ODD_W else found


def draws(evse: Evse, allowance: Allowance, settings: EvseSettings, now: datetime) -> Draws:
    """Return what an EVSE with a session draws on each phase of the site."""
    known = settled_amps(evse, allowance, settings, now)
    used = phases_used(evse, allowance, settings, now)
    found = [NOTHING_DRAWN] * 3
    for own, phase in enumerate(site_phases(settings)):
        likely = None if known is None else known[own]
        found[phase] = (
            _pared(_between(evse.live, allowance, own, likely, now), allowance, settings)
            if phase in used
            else _stray(evse.live, own)
        )
    first, second, third = found
    return first, second, third


def _pared(drawn: Drawn, allowance: Allowance, settings: EvseSettings) -> Drawn:
    least = min(settings.min_current_a, allowance.limit_a, drawn.expected)
    return drawn._replace(pared=least)


def _stray(live: Live, own: int) -> Drawn:
    """Return what flows on a phase the car does not use: an oven that goes on there is no car."""
    stray = (live.currents_a[own] or _ZERO) if live.phases_told else _ZERO
    return Drawn(_ZERO, stray, stray)


def _between(
    live: Live, allowance: Allowance, own: int, likely: Decimal | None, now: datetime
) -> Drawn:
    """Return the bounds of a phase: a car may go on and off by itself, but not above what it is offered.

    By its fallback, if nobody has told for so long that its charger may have been on its own.
    """
    offered = allowance.limit_a
    if likely is not None:
        return Drawn(min(likely, offered), max(likely, offered), likely, live.at)
    offered = max(offered, allowance.before_a)
    if live.at is None or now - live.at > SAMPLE_LASTS:
        offered = max(offered, allowance.floor_a)
    last = live.currents_a[own]
    if last is None:
        return Drawn(_ZERO, offered)
    return Drawn(min(last, allowance.limit_a), max(last, offered))


def phases_seen(
    evse: Evse, allowance: Allowance, settings: EvseSettings, now: datetime
) -> tuple[int, ...]:
    """Return on which phases of the site a car is measured to draw at its present limit; none: not known."""
    known = settled_amps(evse, allowance, settings, now)
    if known is None:
        return ()
    drawing = enumerate(site_phases(settings))
    return tuple(sorted(phase for own, phase in drawing if known[own] >= FLOWS_A))


def phases_used(
    evse: Evse, allowance: Allowance, settings: EvseSettings, now: datetime
) -> frozenset[int]:
    """Return on which phases of the site a car draws: as last seen, all of its EVSE's before that."""
    phases = site_phases(settings)
    seen = phases_seen(evse, allowance, settings, now)
    return frozenset(seen or set(allowance.phases) & set(phases) or phases)


def flow_a(live: Live) -> Decimal | None:
    """Return the highest current measured, that of the power where no current is told; None: neither is."""
    amps = [each for each in live.currents_a if each is not None]
    if amps:
        return max(amps)
    return None if live.power_w is None else live.power_w / NOMINAL_V


def flows(live: Live) -> bool:
    """Return whether anything was measured to flow."""
    return (flow_a(live) or _ZERO) >= FLOWS_A


def drawn_w(evse: Evse, allowance: Allowance, settings: EvseSettings, now: datetime) -> Drawn:
    """Return what an EVSE with a session draws on all phases together, W."""
    total = NOTHING_DRAWN
    for each in draws(evse, allowance, settings, now):
        total = total.with_another(each)
    power = evse.live.power_w
    known = total.likely is not None and power is not None
    return Drawn(
        total.least * NOMINAL_V,
        total.most * NOMINAL_V,
        power if known else None if total.likely is None else total.likely * NOMINAL_V,
        total.measured_at,
    )


def drawn_a(
    evse: Evse, allowance: Allowance, settings: EvseSettings, now: datetime
) -> Decimal | None:
    """Return the highest current of a car at its present limit; None while that is not known."""
    known = settled_amps(evse, allowance, settings, now)
    if known is not None:
        return max(known[: settings.phases])
    live = evse.live
    fresh = live.at is not None and live.at - allowance.since >= SETTLED_AFTER
    if fresh and live.power_w is not None and now - (live.at or now) <= SAMPLE_LASTS:
        # On fewer phases than the EVSE has it would be more: never less than it may need.
        return live.power_w / NOMINAL_V
    return None
