"""The steps that set up a site, change it, and adopt the chargers that knock."""

from collections.abc import Callable, Mapping
from secrets import token_hex
from typing import TYPE_CHECKING, Any, override

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult, ConfigSubentryFlow
from homeassistant.const import CONF_HOST, CONF_NAME, CONF_PORT
from homeassistant.core import callback
from homeassistant.helpers.selector import TextSelector
import voluptuous as vol

from . import const as c
from .adopting import async_adopt
from .configuration import only
from .discovery import Discovery, placeholders, unique_id
from .flow_charger import ChargerFlow
from .flow_circuit import CircuitFlow
from .flow_driver import DriverFlow
from .flow_founding import async_found
from .flow_options import EvStationOptionsFlow
from .flow_proposal import async_propose
from .flow_schemas import POLICIES, reconfigure_schema, user_schema
from .flow_selectors import flat, optional, plain, price_problem, subentry_choice, text
from .flow_sheet import SheetFlow
from .flow_sources import SOURCES, sources_problem
from .flow_tariff import TariffFlow
from .flow_vehicle import VehicleFlow
from .listening import Obstacle, async_find_obstacle, async_url

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry


class EvStationConfigFlow(ConfigFlow, domain=c.DOMAIN):
    """Sets up a site, one config entry each."""

    _discovery: Discovery
    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Begin without a charger to listen for."""
        self._stop_listening: Callable[[], None] | None = None

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: EvStationConfigEntry) -> EvStationOptionsFlow:
        return EvStationOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: EvStationConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        return {
            c.SUBENTRY_CHARGER: ChargerFlow,
            c.SUBENTRY_DRIVER: DriverFlow,
            c.SUBENTRY_TARIFF: TariffFlow,
            c.SUBENTRY_SHEET: SheetFlow,
            c.SUBENTRY_CIRCUIT: CircuitFlow,
            c.SUBENTRY_VEHICLE: VehicleFlow,
        }

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask everything a site needs on one screen."""
        obstacle, errors = None, {}
        if user_input is not None:
            answers = _answers(user_input)
            obstacle = await async_find_obstacle(self.hass, answers[CONF_HOST], answers[CONF_PORT])
            errors = _price_errors(answers)
            if problem := sources_problem(self.hass, answers):
                errors = {"base": problem}
            if obstacle is None and not errors:
                return await self._create(answers)
        schema = user_schema(await async_propose(self.hass))
        return self._form("user", schema, user_input, obstacle, errors)

    async def _create(self, answers: Mapping[str, Any]) -> ConfigFlowResult:
        kept = (*POLICIES, *SOURCES)
        options = {key: answers[key] for key in kept if answers.get(key) is not None}
        founded, defaults = await async_found(self.hass, answers)
        url = await async_url(
            self.hass, answers[CONF_HOST], answers[CONF_PORT], answers[c.CONF_ADVERTISED_HOST]
        )
        return self.async_create_entry(
            title=text(answers[CONF_NAME]) or self.hass.config.location_name,
            data={c.CONF_SECRET: token_hex(32), **_listener_data(answers)},
            options=options | defaults,
            subentries=founded,
            description="created",
            description_placeholders={"url": url},
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the name, the currency or the address; only a new address makes chargers redial."""
        entry, obstacle = self._get_reconfigure_entry(), None
        if user_input is not None:
            answers = _answers(user_input)
            obstacle = await self._moved_into(entry, answers)
            if obstacle is None:
                return self._change(entry, answers)
        return self._form("reconfigure", reconfigure_schema(entry), user_input, obstacle, {})

    async def _moved_into(
        self, entry: EvStationConfigEntry, answers: Mapping[str, Any]
    ) -> Obstacle | None:
        """Prove a changed address; our own listener still holds the present port."""
        host, port = answers[CONF_HOST], answers[CONF_PORT]
        if port != entry.data[CONF_PORT]:
            return await async_find_obstacle(self.hass, host, port, entry)
        if host != entry.data[CONF_HOST]:
            return await async_find_obstacle(self.hass, host, 0, entry)
        return None

    def _change(self, entry: EvStationConfigEntry, answers: Mapping[str, Any]) -> ConfigFlowResult:
        network = (c.CONF_ADVERTISED_HOST, c.CONF_HTTP_PATH)
        kept = {key: value for key, value in entry.options.items() if key not in network}
        changed = {key: answers[key] for key in network if answers.get(key) is not None}
        return self.async_update_and_abort(
            entry,
            title=text(answers[CONF_NAME]) or entry.title,
            data={**entry.data, **_listener_data(answers)},
            options=kept | changed,
        )

    def _form(
        self,
        step: str,
        schema: vol.Schema,
        user_input: dict[str, Any] | None,
        obstacle: Obstacle | None,
        errors: Mapping[str, str],
    ) -> ConfigFlowResult:
        field = "base" if obstacle is None or obstacle.about_host else CONF_PORT
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors={**errors, **({field: obstacle.key} if obstacle else {})},
            description_placeholders={"owner": plain(obstacle.owner) if obstacle else ""},
        )

    @override
    async def async_step_integration_discovery(self, discovery_info: Any) -> ConfigFlowResult:
        """Show a charger that dialled in and waits."""
        self._show(discovery_info)
        await self.async_set_unique_id(unique_id(discovery_info))
        self._abort_if_unique_id_configured()
        entry = self.hass.config_entries.async_get_known_entry(discovery_info["entry_id"])
        self._stop_listening = entry.runtime_data.discoveries.listen(
            discovery_info["identity"], self._update
        )
        return await self.async_step_confirm()

    def _show(self, discovery: Discovery) -> None:
        self._discovery = discovery
        self.context["title_placeholders"] = placeholders(discovery)

    @callback
    def _update(self, discovery: Discovery) -> None:
        """The charger told more about itself, or dialled from elsewhere."""
        if discovery != self._discovery:
            self._discovery = discovery
            self.async_update_title_placeholders(placeholders(discovery))

    @callback
    @override
    def async_remove(self) -> None:
        if self._stop_listening:
            self._stop_listening()

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Adopt the charger."""
        entry = self.hass.config_entries.async_get_known_entry(self._discovery["entry_id"])
        if user_input is None:
            return self._confirm_form(entry, placeholders(self._discovery))
        name = text(user_input[CONF_NAME]) or self._discovery["identity"]
        driver = user_input.get(c.CONF_DEFAULT_DRIVER)
        async_adopt(self.hass, entry, self._discovery["identity"], name, driver)
        return self.async_abort(
            reason="charger_adopted", description_placeholders={"name": plain(name)}
        )

    def _confirm_form(
        self, entry: EvStationConfigEntry, words: Mapping[str, str]
    ) -> ConfigFlowResult:
        driver = only(entry, c.SUBENTRY_DRIVER)
        schema = vol.Schema(
            {
                vol.Required(CONF_NAME, default=words["name"]): TextSelector(),
                optional(c.CONF_DEFAULT_DRIVER, driver): subentry_choice(entry, c.SUBENTRY_DRIVER),
            }
        )
        shown = {key: plain(word) for key, word in words.items()} | {"site": plain(entry.title)}
        return self.async_show_form(
            step_id="confirm", data_schema=schema, description_placeholders=shown
        )


def _answers(user_input: Mapping[str, Any]) -> dict[str, Any]:
    sections = (c.SECTION_NETWORK, c.SECTION_SOURCES, c.SECTION_TAGS, c.SECTION_ADVANCED)
    answers = flat(user_input, *sections)
    for key in (CONF_HOST, c.CONF_ADVERTISED_HOST):
        answers[key] = text(answers.get(key))
    return answers


def _price_errors(answers: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with the fixed price, where none from another integration stands in for it."""
    fixed = None if answers.get(c.CONF_PRICE_ENTITY) else answers.get(c.CONF_PRICE)
    problem = None if fixed is None else price_problem(fixed, answers[c.CONF_CURRENCY])
    return {c.CONF_PRICE: problem} if problem else {}


def _listener_data(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {key: answers[key] for key in (CONF_HOST, CONF_PORT, c.CONF_CURRENCY)}
