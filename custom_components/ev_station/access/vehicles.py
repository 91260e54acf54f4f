"""Which car stands at an EVSE: as somebody said, else the one of whoever charges."""

from collections.abc import Iterable

from ..model.ids import DriverId
from ..model.state import GUEST, Evse, Vehicle


def vehicle_at(evse: Evse, driver: DriverId | None, vehicles: Iterable[Vehicle]) -> Vehicle | None:
    """Return the car at an EVSE; None: a stranger's, or that of a driver with several.

    `driver` is who pays for the session there.
    """
    if evse.vehicle == GUEST:
        return None
    known = list(vehicles)
    if evse.vehicle is not None:
        return next((each for each in known if each.key == evse.vehicle), None)
    own = [each for each in known if driver is not None and each.settings.driver == driver]
    return own[0] if len(own) == 1 else None
