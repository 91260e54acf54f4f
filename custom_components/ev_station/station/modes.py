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

    Where its EVSE can be switched now, on all its phases or on one; else on those in force.
    """
    every = site_phases(place.settings)
    phases = every[: vehicle.settings.phases or vehicle.takes_phases]
    phasing = None if place.allowance is None else place.allowance.phasing
    if phasing is None:
        return (_mode(place, vehicle, phases),)
    if len(phases) > 1 and may_pick(place.evse, phasing, place.settings, now):
        return _mode(place, vehicle, phases), _mode(place, vehicle, every[:1])
    return (_mode(place, vehicle, phases[: phasing.phases]),)


def _mode(place: Place, vehicle: Vehicle, phases: tuple[int, ...]) -> Mode:
    settings = place.settings
    takes = vehicle.settings.max_current_a or vehicle.takes_a
    most = limit_of(place.evse, settings)
    # With less than the least no car charges, however little it was seen to take.
    most = most if takes is None else min(most, max(takes, settings.min_current_a))
    least = min(settings.min_current_a, most)
    return Mode(phases=frozenset(phases), min_a=float(least), max_a=float(most))


def running_in(place: Place, modes: tuple[Mode, ...]) -> int | None:
    """Return the mode in which the car draws now; None: it does not."""
    allowance = place.allowance
    if allowance is None or not (allowance.limit_a and present(place.evse).power_w):
        return None
    on_one = allowance.phasing is not None and allowance.phasing.phases == 1
    return len(modes) - 1 if on_one else 0
