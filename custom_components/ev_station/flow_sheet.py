"""The steps of a billing sheet, and who is on it; a driver is on one sheet at most."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
import voluptuous as vol

from . import const as c
from .configuration import subentries
from .flow_selectors import choice, optional, plain, subentry_choice
from .flow_subentry import FormFlow, Problem
from .model.settings import SheetKind

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

_KINDS: Final = choice(SheetKind, "sheet_kind")


class SheetFlow(FormFlow):
    """Adds a sheet, or changes one; what was posted to it stays there."""

    kind = c.SUBENTRY_SHEET
    lists = (c.CONF_DRIVERS,)
    words = ("driver", "sheet")

    @override
    def _fields(self) -> dict[Any, Any]:
        entry, present = self._get_entry(), self._present
        drivers = [each for each in present.get(c.CONF_DRIVERS, []) if each in entry.subentries]
        kind = present.get(c.CONF_KIND, SheetKind.HOUSEHOLD)
        return {
            vol.Required(c.CONF_KIND, default=kind): _KINDS,
            optional(c.CONF_DRIVERS, drivers): subentry_choice(
                entry, c.SUBENTRY_DRIVER, multiple=True
            ),
        }

    @override
    def _problems(self, answers: Mapping[str, Any]) -> Iterator[Problem]:
        entry = self._get_entry()
        for driver in answers[c.CONF_DRIVERS]:
            other = sheet_of(entry, driver)
            if other and other is not self._subentry:
                names = {
                    "driver": plain(entry.subentries[driver].title),
                    "sheet": plain(other.title),
                }
                yield c.CONF_DRIVERS, "driver_on_other_sheet", names


def sheet_of(entry: EvStationConfigEntry, driver: str | None) -> ConfigSubentry | None:
    """Return the sheet a driver is on."""
    sheets = subentries(entry, c.SUBENTRY_SHEET)
    return next((sheet for sheet in sheets if driver in sheet.data[c.CONF_DRIVERS]), None)


@callback
def async_move(
    hass: HomeAssistant, entry: EvStationConfigEntry, driver: str, target: str | None
) -> None:
    """Put a driver on a sheet and take them off any other; None: on no sheet."""
    for sheet in subentries(entry, c.SUBENTRY_SHEET):
        others = [each for each in sheet.data[c.CONF_DRIVERS] if each != driver]
        drivers = [*others, driver] if sheet.subentry_id == target else others
        if set(drivers) != set(sheet.data[c.CONF_DRIVERS]):
            hass.config_entries.async_update_subentry(
                entry, sheet, data={**sheet.data, c.CONF_DRIVERS: drivers}
            )
