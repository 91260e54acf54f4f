"""Taking a charger in: the subentry of one that dialled in and is welcome."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant, callback

from . import const as c
from .model.circuit import Priority, Rotation
from .model.phases import PhaseSwitching

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry


@callback
def async_adopt(
    hass: HomeAssistant, entry: EvStationConfigEntry, identity: str, name: str, driver: str | None
) -> None:
    """Add a charger as it came; `driver` pays for charging without a tag."""
    hass.config_entries.async_add_subentry(
        entry,
        ConfigSubentry(
            data=MappingProxyType(charger_data(identity, driver)),
            subentry_type=c.SUBENTRY_CHARGER,
            title=name,
            unique_id=identity.casefold(),
        ),
    )


def charger_data(identity: str, driver: str | None = None) -> dict[str, Any]:
    """Return what is stored of a charger nothing special is known of."""
    return {
        c.CONF_CHARGER_ID: identity,
        c.CONF_PASSWORD_HASH: None,
        c.CONF_TARIFF: None,
        c.CONF_EVSES: {"1": evse_data({c.CONF_DEFAULT_DRIVER: driver})},
    }


def evse_data(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stored of a socket; what was not answered is as usual."""
    return {
        CONF_NAME: (answers.get(CONF_NAME) or "").strip() or None,
        c.CONF_DEFAULT_DRIVER: answers.get(c.CONF_DEFAULT_DRIVER),
        c.CONF_MAX_CURRENT_A: answers.get(c.CONF_MAX_CURRENT_A, c.DEFAULT_MAX_CURRENT_A),
        c.CONF_PHASES: answers.get(c.CONF_PHASES, c.DEFAULT_PHASES),
        c.CONF_ROTATION: answers.get(c.CONF_ROTATION, Rotation.RST),
        c.CONF_MIN_CURRENT_A: answers.get(c.CONF_MIN_CURRENT_A, c.DEFAULT_MIN_CURRENT_A),
        c.CONF_PRIORITY: answers.get(c.CONF_PRIORITY, Priority.NORMAL),
        c.CONF_PHASE_SWITCHING: answers.get(c.CONF_PHASE_SWITCHING, PhaseSwitching.NONE),
        c.CONF_PHASE_ENTITY: answers.get(c.CONF_PHASE_ENTITY),
        c.CONF_ONE_PHASE_VALUE: (answers.get(c.CONF_ONE_PHASE_VALUE) or "").strip() or None,
        c.CONF_ALL_PHASES_VALUE: (answers.get(c.CONF_ALL_PHASES_VALUE) or "").strip() or None,
        c.CONF_PHASE_SWITCHES_PER_HOUR: answers.get(
            c.CONF_PHASE_SWITCHES_PER_HOUR, c.DEFAULT_PHASE_SWITCHES_PER_HOUR
        ),
    }
