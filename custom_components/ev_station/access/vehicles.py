"""Which car stands at an EVSE: as somebody said, else as its tag tells, else the one of whoever charges."""

from collections.abc import Iterable

from ..model.session import Payer
from ..model.state import GUEST, Evse, Vehicle


def vehicle_at(evse: Evse, payer: Payer | None, vehicles: Iterable[Vehicle]) -> Vehicle | None:
    """Return the car at an EVSE; None: a stranger's, or that of a driver with several.

    `payer` is of the session there; None: there is none.
    """
    if evse.vehicle == GUEST:
        return None
    known = list(vehicles)
    if evse.vehicle is not None:
        return next((each for each in known if each.key == evse.vehicle), None)
    if payer is None:
        return None
    found = [each for each in known if payer.token in each.settings.tags]
    if not found and payer.driver is not None:
        found = [each for each in known if each.settings.driver == payer.driver]
    return found[0] if len(found) == 1 else None
