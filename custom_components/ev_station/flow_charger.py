"""The steps of a charger: who it is, how it proves that, and each of its sockets."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import ConfigSubentry, SubentryFlowResult
from homeassistant.const import CONF_NAME, CONF_PASSWORD
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    BooleanSelector,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol

from . import const as c
from .adopting import charger_data, evse_data
from .configuration import only, subentries
from .csms.passwords import hash_password
from .flow_bounds import bounds_errors, unbounded
from .flow_phases import phase_fields, phase_problem
from .flow_selectors import (
    choice,
    collapsed,
    flat,
    optional,
    plain,
    still_there,
    subentry_choice,
    text,
    whole,
)
from .flow_subentry import SubentryFlow
from .model.circuit import Priority, Rotation
from .model.state import Charger

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

SECTION_EVSE: Final = "evse"
MAX_ID_LENGTH: Final = 48
"""OCPP 2.1 part 4 §3.1.1; 1.6 allows any length but chargers take far fewer characters."""
MAX_SOCKETS: Final = 16
PASSWORD_LENGTHS: Final = range(16, 41)
"""AuthorizationKey: 16 to 40 characters (OCPP 1.6 security whitepaper A00.FR.205, OCPP 2.0.1)."""


class ChargerFlow(SubentryFlow):
    """Adds a charger by hand, or changes one."""

    kind = c.SUBENTRY_CHARGER

    def __init__(self) -> None:
        """Begin with nothing answered."""
        self._title = ""
        self._data: dict[str, Any] = {}
        self._sockets = 1
        self._socket = 2

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for a new charger's identity, and its first socket."""
        fields = {vol.Required(c.CONF_CHARGER_ID): TextSelector()} | self._fields(None)
        errors, words = bounds_errors(fields, user_input)
        if user_input is not None and not errors:
            charger_id = user_input[c.CONF_CHARGER_ID].strip()
            errors = self._id_errors(charger_id) | self._errors(user_input)
            if not errors:
                self._data = charger_data(charger_id)
                return await self._answered(
                    user_input, text(user_input.get(CONF_NAME)) or charger_id
                )
        return self._form("user", fields, user_input, errors, words)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change everything but the identity, which is what the charger dials in with."""
        charger = self._get_reconfigure_subentry()
        self._data = dict(charger.data)
        fields = self._fields(charger)
        errors, words = bounds_errors(fields, user_input)
        if user_input is not None and not errors:
            errors = self._errors(user_input)
            if not errors:
                identity = self._data[c.CONF_CHARGER_ID]
                return await self._answered(user_input, text(user_input.get(CONF_NAME)) or identity)
        words["charger"] = plain(charger.title)
        return self._form("reconfigure", fields, user_input, errors, words)

    def _form(
        self,
        step: str,
        fields: dict[Any, Any],
        user_input: dict[str, Any] | None,
        errors: dict[str, str],
        words: dict[str, str],
    ) -> SubentryFlowResult:
        identity = plain(self._data.get(c.CONF_CHARGER_ID, ""))
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(
                unbounded(fields, user_input), user_input
            ),
            errors=errors,
            description_placeholders={"charger": "", "identity": identity} | words,
        )

    def _fields(self, charger: ConfigSubentry | None) -> dict[Any, Any]:
        entry = self._get_entry()
        data = self._data or charger_data("", only(entry, c.SUBENTRY_DRIVER))
        fields: dict[Any, Any] = {
            optional(CONF_NAME, charger.title if charger else None): TextSelector(),
            optional(c.CONF_TARIFF, still_there(entry, data.get(c.CONF_TARIFF))): subentry_choice(
                entry, c.SUBENTRY_TARIFF
            ),
            vol.Required(c.CONF_SOCKETS, default=_sockets(entry, data)): whole(1, MAX_SOCKETS),
            vol.Required(SECTION_EVSE): collapsed(_evse_fields(entry, data, 1)),
            vol.Optional(c.SECTION_PHASES): collapsed(phase_fields(_stored(data, 1))),
            vol.Optional(CONF_PASSWORD): TextSelector(
                TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="new-password")
            ),
        }
        if data.get(c.CONF_PASSWORD_HASH):
            fields[vol.Required(c.CONF_REMOVE_PASSWORD, default=False)] = BooleanSelector()
        return fields

    def _errors(self, user_input: Mapping[str, Any]) -> dict[str, str]:
        return _password_errors(user_input) | _socket_problem(self.hass, _first(user_input))

    def _id_errors(self, charger_id: str) -> dict[str, str]:
        if not _is_identity(charger_id):
            return {c.CONF_CHARGER_ID: "invalid_charger_id"}
        chargers = subentries(self._get_entry(), c.SUBENTRY_CHARGER)
        if any(each.unique_id == charger_id.casefold() for each in chargers):
            return {c.CONF_CHARGER_ID: "charger_exists"}
        return {}

    async def _answered(self, user_input: Mapping[str, Any], title: str) -> SubentryFlowResult:
        self._title = title
        self._data[c.CONF_TARIFF] = user_input.get(c.CONF_TARIFF)
        self._data[c.CONF_PASSWORD_HASH] = await self._password_hash(user_input)
        self._sockets = user_input[c.CONF_SOCKETS]
        kept = self._data[c.CONF_EVSES].items()
        self._data[c.CONF_EVSES] = {key: evse for key, evse in kept if int(key) <= self._sockets}
        self._data[c.CONF_EVSES]["1"] = _first(user_input)
        return await self.async_step_evse()

    async def _password_hash(self, user_input: Mapping[str, Any]) -> str | None:
        if password := text(user_input.get(CONF_PASSWORD)):
            return await self.hass.async_add_executor_job(hash_password, password)
        if user_input.get(c.CONF_REMOVE_PASSWORD):
            return None
        kept: str | None = self._data[c.CONF_PASSWORD_HASH]
        return kept

    async def async_step_evse(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for each further socket."""
        fields = self._socket_fields(self._socket)
        errors, words = bounds_errors(fields, user_input)
        if user_input is not None and not errors:
            evse = evse_data(flat(user_input, c.SECTION_PHASES))
            errors = _socket_problem(self.hass, evse)
            if not errors:
                self._data[c.CONF_EVSES][str(self._socket)] = evse
                self._socket += 1
                fields, user_input = self._socket_fields(self._socket), None
        if self._socket > self._sockets:
            return self._finish()
        named = {"evse": str(self._socket), "charger": plain(self._title)}
        return self.async_show_form(
            step_id="evse",
            data_schema=self.add_suggested_values_to_schema(
                unbounded(fields, user_input), user_input
            ),
            errors=errors,
            description_placeholders=named | words,
            last_step=self._socket == self._sockets,
        )

    def _socket_fields(self, number: int) -> dict[Any, Any]:
        phases = collapsed(phase_fields(_stored(self._data, number)))
        fields = _evse_fields(self._get_entry(), self._data, number)
        return fields | {vol.Optional(c.SECTION_PHASES): phases}

    def _finish(self) -> SubentryFlowResult:
        return self._store(self._title, self._data, self._data[c.CONF_CHARGER_ID].casefold())


def _first(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stored of the first socket, which is asked for along with the charger."""
    return evse_data(user_input.get(SECTION_EVSE, {}) | user_input.get(c.SECTION_PHASES, {}))


def _socket_problem(hass: HomeAssistant, evse: Mapping[str, Any]) -> dict[str, str]:
    if evse[c.CONF_MIN_CURRENT_A] > evse[c.CONF_MAX_CURRENT_A]:
        return {"base": "min_above_max"}
    return phase_problem(hass, evse)


def _is_identity(charger_id: str) -> bool:
    return (
        0 < len(charger_id) <= MAX_ID_LENGTH
        and charger_id.isprintable()
        and not any(character in "/?#%" or character.isspace() for character in charger_id)
    )


def _password_errors(user_input: Mapping[str, Any]) -> dict[str, str]:
    password = text(user_input.get(CONF_PASSWORD))
    if password and len(password) not in PASSWORD_LENGTHS:
        return {CONF_PASSWORD: "password_length"}
    return {}


def _sockets(entry: EvStationConfigEntry, data: Mapping[str, Any]) -> int:
    """Return how many sockets there are: what the owner said, or more if the charger shows more."""
    said = max(map(int, data.get(c.CONF_EVSES, {"1": None})), default=1)
    runtime = getattr(entry, "runtime_data", None)
    charger = runtime and runtime.engine.state.get(Charger, data.get(c.CONF_CHARGER_ID))
    seen = max((evse.evse for evse in charger.evses), default=1) if charger else 1
    return min(max(said, seen), MAX_SOCKETS)


def _stored(data: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    """Return what is stored of a socket, of a new one what is usual."""
    found: Mapping[str, Any] | None = data.get(c.CONF_EVSES, {}).get(str(number))
    return found or evse_data({})


def _evse_fields(
    entry: EvStationConfigEntry, data: Mapping[str, Any], number: int
) -> dict[Any, Any]:
    now = _stored(data, number)
    phases = now[c.CONF_PHASES]
    return {
        optional(CONF_NAME, now[CONF_NAME]): TextSelector(),
        optional(
            c.CONF_DEFAULT_DRIVER, still_there(entry, now[c.CONF_DEFAULT_DRIVER])
        ): subentry_choice(entry, c.SUBENTRY_DRIVER),
        vol.Required(c.CONF_MAX_CURRENT_A, default=now[c.CONF_MAX_CURRENT_A]): whole(6, 400, "A"),
        vol.Required(c.CONF_PHASES, default=phases): whole(1, 3),
        vol.Required(c.CONF_ROTATION, default=now.get(c.CONF_ROTATION, Rotation.RST)): choice(
            Rotation, "rotation"
        ),
        vol.Required(
            c.CONF_MIN_CURRENT_A, default=now.get(c.CONF_MIN_CURRENT_A, c.DEFAULT_MIN_CURRENT_A)
        ): whole(1, 32, "A"),
        vol.Required(c.CONF_PRIORITY, default=now.get(c.CONF_PRIORITY, Priority.NORMAL)): choice(
            Priority, "priority"
        ),
    }
