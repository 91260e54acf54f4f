"""In which ways a car can draw where it stands: on all its phases, and on one where a plan may choose."""

from datetime import datetime

from ..balancing.draws import site_phases
from ..balancing.limits import limit_of
from ..balancing.phases import may_pick
from ..model.state import Vehicle
from ..planning.problem import Mode
from ..session.live import present
from .places import Place


def modes_of(place: Place, vehicle: Vehicle, now: datetime) -> tuple[Mode, ...]:
    """Return how a car can draw here: as its owner says, else as was learnt.

    Where its EVSE can be switched now, on all its phases or on one; else on those in force. One whose phases nobody
    knows yet is to show them, so all are offered.
    """
    known = _phases_known(vehicle)
    phases = site_phases(place.settings)[:known]
    phasing = None if place.allowance is None else place.allowance.phasing
    if phasing is None:
        return (_mode(place, vehicle, phases),)
    picks = len(phases) > 1 and may_pick(place.evse, phasing, place.settings, now)
    if picks and known is None:
        return (_mode(place, vehicle, phases),)
    if picks:
        return _mode(place, vehicle, phases), _mode(place, vehicle, phases[:1])
    return (_mode(place, vehicle, phases[: phasing.phases]),)


def _phases_known(vehicle: Vehicle) -> int | None:
    return vehicle.settings.phases or vehicle.takes_phases


def _mode(place: Place, vehicle: Vehicle, phases: tuple[int, ...]) -> Mode:
    settings = place.settings
    takes = vehicle.settings.max_current_a or vehicle.takes_a
    most = limit_of(place.evse, settings)
    # With less than the least no car charges, however little it was seen to take.
    most = most if takes is None else min(most, max(takes, settings.min_current_a))
    least = min(settings.min_current_a, most)
    surely = vehicle.sure_phases or 1
    unsure = _phases_known(vehicle) is None and surely < len(phases)
    return Mode(
        phases=frozenset(phases),
        min_a=float(least),
        max_a=float(most),
        surely=surely if unsure else None,
    )


def running_in(place: Place, modes: tuple[Mode, ...]) -> int | None:
    """Return the mode in which the car draws now; None: it does not, or is to draw in no such way any more."""
    allowance = place.allowance
    if allowance is None or not (allowance.limit_a and present(place.evse).power_w):
        return None
    if allowance.phasing is None or allowance.phasing.phases > 1:
        return 0
    return next((n for n, mode in enumerate(modes) if len(mode.phases) == 1), None)
