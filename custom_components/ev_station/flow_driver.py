"""The steps of a driver: who it is, what they pay, and which tags are theirs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, override

from homeassistant.config_entries import SOURCE_RECONFIGURE, SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    TextSelector,
    TextSelectorConfig,
)
from homeassistant.util.ulid import ulid_now
import voluptuous as vol

from . import const as c
from .configuration import only, subentries
from .flow_selectors import optional, plain, still_there, subentry_choice
from .flow_sheet import async_move, sheet_of
from .flow_tags import TagSteps, owner_of, tags_from

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry


class DriverFlow(TagSteps):
    """Adds a driver, or changes one."""

    kind = c.SUBENTRY_DRIVER

    def __init__(self) -> None:
        """Begin with nothing answered."""
        super().__init__()
        self._title = ""
        self._sheet: str | None = None
        self._created: str | None = None

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for a new driver."""
        return await self._step("user", user_input)

    async def async_step_reconfigure(
        self, _user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask what is to be changed."""
        driver = self._get_reconfigure_subentry()
        self._title, self._data = driver.title, dict(driver.data)
        sheet = sheet_of(self._get_entry(), driver.subentry_id)
        self._sheet = sheet.subentry_id if sheet else None
        options = ["details", "learn", *(["tag"] if self._data[c.CONF_TAGS] else [])]
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=options,
            description_placeholders={"driver": plain(self._title)},
        )

    async def async_step_details(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change everything but single tags."""
        return await self._step("details", user_input)

    async def _step(self, step: str, user_input: dict[str, Any] | None) -> SubentryFlowResult:
        errors, words = self._problems(user_input)
        if user_input is not None and not errors:
            self._answered(user_input)
            if user_input.get(c.CONF_LEARN):
                return await self.async_step_learn()
            return self._finish()
        schema = vol.Schema(self._fields())
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=errors,
            description_placeholders={"driver": "", "tag": ""} | words,
        )

    def _fields(self) -> dict[Any, Any]:
        entry, data, adding = self._get_entry(), self._data, self.source != SOURCE_RECONFIGURE
        sheet = only(entry, c.SUBENTRY_SHEET) if adding else self._sheet
        tags = [tag[c.CONF_UID] for tag in data.get(c.CONF_TAGS, [])]
        fields: dict[Any, Any] = {
            vol.Required(CONF_NAME, default=self._title or vol.UNDEFINED): TextSelector(),
            optional(c.CONF_PERSON, data.get(c.CONF_PERSON)): EntitySelector(
                EntitySelectorConfig(domain="person")
            ),
            optional(c.CONF_TAGS, tags): TextSelector(TextSelectorConfig(multiple=True)),
            optional(c.CONF_TARIFF, still_there(entry, data.get(c.CONF_TARIFF))): subentry_choice(
                entry, c.SUBENTRY_TARIFF
            ),
            optional(c.CONF_SHEET, sheet): subentry_choice(entry, c.SUBENTRY_SHEET),
            vol.Required(c.CONF_ACTIVE, default=data.get(c.CONF_ACTIVE, True)): BooleanSelector(),
        }
        if adding:
            fields[vol.Required(c.CONF_LEARN, default=False)] = BooleanSelector()
        return fields

    def _problems(
        self, user_input: Mapping[str, Any] | None
    ) -> tuple[dict[str, str], dict[str, str]]:
        if user_input is None:
            return {}, {}
        entry, driver = self._get_entry(), self._subentry
        if problem := self._name_problem(user_input[CONF_NAME]):
            return {CONF_NAME: problem}, {}
        for tag in tags_from(user_input.get(c.CONF_TAGS, []), []):
            if other := owner_of(entry, tag[c.CONF_UID], driver):
                words = {"tag": plain(tag[c.CONF_UID]), "driver": plain(other.title)}
                return {c.CONF_TAGS: "tag_taken"}, words
        return {}, {}

    def _answered(self, answers: Mapping[str, Any]) -> None:
        self._title = answers[CONF_NAME].strip()
        self._sheet = answers.get(c.CONF_SHEET)
        self._data = {
            c.CONF_PERSON: answers.get(c.CONF_PERSON),
            c.CONF_TAGS: tags_from(answers.get(c.CONF_TAGS, []), self._data.get(c.CONF_TAGS, [])),
            c.CONF_TARIFF: answers.get(c.CONF_TARIFF),
            c.CONF_ACTIVE: answers[c.CONF_ACTIVE],
        }

    @override
    def _finish(self) -> SubentryFlowResult:
        if driver := self._subentry:
            async_move(self.hass, self._get_entry(), driver.subentry_id, self._sheet)
        else:
            self._created = ulid_now()
        return self._store(self._title, self._data, self._created)

    @callback
    @override
    def async_remove(self) -> None:
        """Put a new driver on the chosen sheet: only now, after the flow, does the subentry have an id."""
        entry = self.hass.config_entries.async_get_entry(self.handler[0])
        if entry and self._created and (driver := _created_in(entry, self._created)):
            async_move(self.hass, entry, driver, self._sheet)


def _created_in(entry: EvStationConfigEntry, unique_id: str) -> str | None:
    drivers = subentries(entry, c.SUBENTRY_DRIVER)
    return next((each.subentry_id for each in drivers if each.unique_id == unique_id), None)
