"""The steps of a billing sheet, and who is on it; a driver is on one sheet at most."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigSubentry, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import TextSelector
import voluptuous as vol

from . import const as c
from .configuration import subentries
from .flow_selectors import choice, name_problem, optional, plain, subentry_choice
from .model.settings import SheetKind

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry


class SheetFlow(ConfigSubentryFlow):
    """Adds a sheet, or changes one."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for a new sheet."""
        errors, words = self._problems(user_input, None)
        if user_input is not None and not errors:
            return self.async_create_entry(title=_title(user_input), data=_data(user_input))
        return self._form("user", None, user_input, errors, words)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change a sheet; what was posted to it stays there."""
        sheet = self._get_reconfigure_subentry()
        errors, words = self._problems(user_input, sheet)
        if user_input is not None and not errors:
            return self.async_update_and_abort(
                self._get_entry(), sheet, title=_title(user_input), data=_data(user_input)
            )
        return self._form("reconfigure", sheet, user_input, errors, words)

    def _form(
        self,
        step: str,
        sheet: ConfigSubentry | None,
        user_input: dict[str, Any] | None,
        errors: dict[str, str],
        words: dict[str, str],
    ) -> SubentryFlowResult:
        schema = _schema(self._get_entry(), sheet)
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=errors,
            description_placeholders={"driver": "", "sheet": ""} | words,
        )

    def _problems(
        self, user_input: dict[str, Any] | None, sheet: ConfigSubentry | None
    ) -> tuple[dict[str, str], dict[str, str]]:
        if user_input is None:
            return {}, {}
        entry = self._get_entry()
        if problem := name_problem(entry, c.SUBENTRY_SHEET, user_input[CONF_NAME], sheet):
            return {CONF_NAME: problem}, {}
        for driver in user_input.get(c.CONF_DRIVERS, []):
            other = sheet_of(entry, driver)
            if other and other is not sheet:
                names = {
                    "driver": plain(entry.subentries[driver].title),
                    "sheet": plain(other.title),
                }
                return {c.CONF_DRIVERS: "driver_on_other_sheet"}, names
        return {}, {}


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


def _schema(entry: EvStationConfigEntry, sheet: ConfigSubentry | None) -> vol.Schema:
    data = sheet.data if sheet else {c.CONF_KIND: SheetKind.HOUSEHOLD, c.CONF_DRIVERS: []}
    drivers = [driver for driver in data[c.CONF_DRIVERS] if driver in entry.subentries]
    return vol.Schema(
        {
            vol.Required(
                CONF_NAME, default=sheet.title if sheet else vol.UNDEFINED
            ): TextSelector(),
            vol.Required(c.CONF_KIND, default=data[c.CONF_KIND]): choice(SheetKind, "sheet_kind"),
            optional(c.CONF_DRIVERS, drivers): subentry_choice(
                entry, c.SUBENTRY_DRIVER, multiple=True
            ),
        }
    )


def _title(answers: Mapping[str, Any]) -> str:
    return str(answers[CONF_NAME]).strip()


def _data(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        c.CONF_KIND: answers[c.CONF_KIND],
        c.CONF_DRIVERS: list(answers.get(c.CONF_DRIVERS, [])),
    }
