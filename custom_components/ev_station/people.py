"""Who looks: what a user of Home Assistant may see of a site."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant

from .configuration import subentries
from .const import CONF_PERSON, SUBENTRY_DRIVER
from .model.ids import DriverId

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks at a site: the owner, or a driver who sees only what is theirs."""

    is_admin: bool
    driver: DriverId | None = None

    def sees(self, driver: DriverId | None) -> bool:
        """Return whether the sessions of a driver may be shown; unassigned ones are the owner's."""
        return self.is_admin or (driver is not None and driver == self.driver)


OWNER = Viewer(is_admin=True)


def viewer(hass: HomeAssistant, entry: EvStationConfigEntry, user: User) -> Viewer:
    """Return what a user is to a site: their driver is the one whose person has their account."""
    return Viewer(is_admin=user.is_admin, driver=driver_of(hass, entry, user.id))


def driver_of(hass: HomeAssistant, entry: EvStationConfigEntry, user_id: str) -> DriverId | None:
    """Return the driver whose person belongs to a user."""
    for subentry in subentries(entry, SUBENTRY_DRIVER):
        person = subentry.data.get(CONF_PERSON)
        state = hass.states.get(person) if person else None
        if state is not None and state.attributes.get("user_id") == user_id:
            return subentry.subentry_id
    return None
