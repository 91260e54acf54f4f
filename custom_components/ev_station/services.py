"""Actions: what automations and people may ask of chargers, EVSEs and the ledger."""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import (
    async_get_config_entry,
    async_register_admin_service,
    verify_domain_control,
)
import voluptuous as vol

from .bill import PERIOD_FIELDS
from .const import DOMAIN
from .dimming_export import async_export_dimming
from .documents.csv import Detail
from .errors import carry_out, explained, misuse
from .exporting import async_export
from .lookup import evse_view
from .model.commands import CommandResult, Reset, Trigger, TriggerKind, Unlock
from .model.ids import DriverId, EvseId
from .model.state import Driver, Evse
from .people import driver_of
from .plan_actions import TRIP_FIELDS, preview_plan, set_departure
from .targets import Aim, chargers, driver, evses

if TYPE_CHECKING:
    from .coordinator import EvStationCoordinator
    from .runtime import EvStationConfigEntry


class Action(StrEnum):
    """Names of the actions."""

    START_SESSION = "start_session"
    STOP_SESSION = "stop_session"
    SET_LIMIT = "set_limit"
    RESET = "reset"
    UNLOCK = "unlock"
    TRIGGER = "trigger"
    CALL = "call"
    EXPORT_SESSIONS = "export_sessions"
    EXPORT_DIMMING = "export_dimming"
    ASSIGN_SESSION = "assign_session"
    FORGET_DRIVER = "forget_driver"
    SET_DEPARTURE = "set_departure"
    PREVIEW_PLAN = "preview_plan"


class Argument(StrEnum):
    """Names of their fields."""

    CURRENT = "current"
    DETAIL = "detail"
    DRIVER = "driver"
    MESSAGE = "message"
    OCPP_ACTION = "action"
    PAYLOAD = "payload"
    SESSION = "session"
    SHEET = "sheet"
    TYPE = "type"


type Fields = dict[Any, Any]

MIN_CURRENT_A: Final = 6
EXPORT_FIELDS: Final[Fields] = {
    vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
    **PERIOD_FIELDS,
    vol.Optional(Argument.SHEET): cv.string,
    vol.Optional(Argument.DRIVER): cv.string,
    vol.Optional(Argument.DETAIL, default=Detail.SESSIONS): vol.Coerce(Detail),
}
DIMMING_FIELDS: Final[Fields] = {
    vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
    **PERIOD_FIELDS,
}
ASSIGN_FIELDS: Final[Fields] = {
    vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
    vol.Required(Argument.SESSION): cv.string,
    vol.Optional(Argument.DRIVER): cv.string,
}
FORGET_FIELDS: Final[Fields] = {
    vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
    vol.Required(Argument.DRIVER): cv.string,
}
CALL_FIELDS: Final[Fields] = {
    **cv.TARGET_SERVICE_FIELDS,
    vol.Required(Argument.OCPP_ACTION): cv.string,
    vol.Optional(Argument.PAYLOAD, default=dict): dict,
}
TARGETED: Final[Mapping[Action, Fields]] = {
    Action.START_SESSION: {vol.Optional(Argument.DRIVER): cv.string},
    Action.STOP_SESSION: {},
    Action.SET_LIMIT: {vol.Required(Argument.CURRENT): vol.Coerce(float)},
    Action.RESET: {vol.Optional(Argument.TYPE, default="soft"): vol.In(["soft", "hard"])},
    Action.UNLOCK: {},
    Action.SET_DEPARTURE: TRIP_FIELDS,
    Action.TRIGGER: {vol.Required(Argument.MESSAGE): vol.Coerce(TriggerKind)},
}


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    handlers = {
        Action.START_SESSION: start_session,
        Action.STOP_SESSION: stop_session,
        Action.SET_LIMIT: set_limit,
        Action.RESET: reset,
        Action.SET_DEPARTURE: set_departure,
        Action.UNLOCK: unlock,
        Action.TRIGGER: trigger,
    }
    for action, handler in handlers.items():
        schema = cv.make_entity_service_schema(TARGETED[action])
        guarded = verify_domain_control(DOMAIN)(handler)
        hass.services.async_register(DOMAIN, action, guarded, schema)
    hass.services.async_register(
        DOMAIN,
        Action.EXPORT_SESSIONS,
        export_sessions,
        vol.Schema(EXPORT_FIELDS),
        supports_response=SupportsResponse.ONLY,
    )
    hass.services.async_register(
        DOMAIN,
        Action.EXPORT_DIMMING,
        export_dimming,
        vol.Schema(DIMMING_FIELDS),
        supports_response=SupportsResponse.ONLY,
    )
    hass.services.async_register(
        DOMAIN,
        Action.PREVIEW_PLAN,
        preview_plan,
        cv.make_entity_service_schema(TRIP_FIELDS),
        supports_response=SupportsResponse.ONLY,
    )
    async_register_admin_service(
        hass, DOMAIN, Action.ASSIGN_SESSION, assign_session, vol.Schema(ASSIGN_FIELDS)
    )
    async_register_admin_service(
        hass, DOMAIN, Action.FORGET_DRIVER, forget_driver, vol.Schema(FORGET_FIELDS)
    )
    async_register_admin_service(
        hass,
        DOMAIN,
        Action.CALL,
        call_charger,
        vol.Schema(CALL_FIELDS),
        supports_response=SupportsResponse.ONLY,
    )


@explained
async def start_session(call: ServiceCall) -> None:
    """Start charging for a driver."""
    aims = [(aim, await _payer(call, aim.coordinator)) for aim in evses(call.hass, call.data)]
    await _carry_out_all(aim.engine.start_session(aim.id, payer) for aim, payer in aims)


@explained
async def stop_session(call: ServiceCall) -> None:
    """End the sessions; where one runs, an idle EVSE beside it is no failure."""
    aims = evses(call.hass, call.data)
    running = [aim for aim in aims if _running(aim)] or aims
    await _carry_out_all(aim.engine.stop_session(aim.id) for aim in running)


@explained
async def set_limit(call: ServiceCall) -> None:
    """Set the most an EVSE may offer."""
    current: float = call.data[Argument.CURRENT]
    aims = evses(call.hass, call.data)
    for aim in aims:
        _check_limit(aim, current)
    await _carry_out_all(aim.engine.set_limit(aim.id, current) for aim in aims)


@explained
async def reset(call: ServiceCall) -> None:
    """Restart chargers."""
    request = Reset(hard=call.data[Argument.TYPE] == "hard")
    aims = chargers(call.hass, call.data)
    await _carry_out_all(aim.engine.command(aim.id, request) for aim in aims)


@explained
async def unlock(call: ServiceCall) -> None:
    """Release the cable."""
    aims = evses(call.hass, call.data)
    await _carry_out_all(aim.engine.command(aim.id.charger, Unlock(evse=aim.id)) for aim in aims)


@explained
async def trigger(call: ServiceCall) -> None:
    """Ask chargers for a message now."""
    request = Trigger(kind=call.data[Argument.MESSAGE])
    aims = chargers(call.hass, call.data)
    await _carry_out_all(aim.engine.command(aim.id, request) for aim in aims)


@explained
async def call_charger(call: ServiceCall) -> ServiceResponse:
    """Send any OCPP request and return the charger's answer."""
    aims = chargers(call.hass, call.data)
    if len(aims) != 1:
        raise misuse("one_charger_only")
    action, payload = call.data[Argument.OCPP_ACTION], call.data[Argument.PAYLOAD]
    return await aims[0].engine.call(aims[0].id, action, payload)


@explained
async def export_sessions(call: ServiceCall) -> ServiceResponse:
    """Return rows of the ledger and a path to download them as CSV."""
    return await async_export(call, _entry(call))


@explained
async def export_dimming(call: ServiceCall) -> ServiceResponse:
    """Return the orders to dim and a path to download them as CSV."""
    return async_export_dimming(call.hass, _entry(call), call.data)


@explained
async def assign_session(call: ServiceCall) -> None:
    """Give an ended session to a driver, or to nobody."""
    coordinator = _entry(call).runtime_data.coordinator
    session, name = call.data[Argument.SESSION], call.data.get(Argument.DRIVER)
    payer = driver(coordinator, name) if name else None
    try:
        await coordinator.engine.assign(session, payer)
    except KeyError as error:
        raise misuse("session_unknown", session=session) from error


@explained
async def forget_driver(call: ServiceCall) -> None:
    """Erase the name of a driver who was removed; their lines stay."""
    engine, name = _entry(call).runtime_data.engine, call.data[Argument.DRIVER]
    if any(name in {known.key, known.settings.name} for known in engine.state.all(Driver)):
        raise misuse("driver_present", driver=name)
    former = await engine.archive.former_drivers()
    found = [key for key, known in former.items() if name in {key, known}]
    if not found:
        raise misuse("driver_unknown", driver=name)
    for key in found:
        await engine.archive.forget(key)


async def _carry_out_all(requests: Iterable[Awaitable[CommandResult]]) -> None:
    """Make all requests at once, then raise the first failure: one that cannot keeps no other from it."""
    outcomes = await asyncio.gather(*map(carry_out, requests), return_exceptions=True)
    for outcome in outcomes:
        if outcome is not None:
            raise outcome


def _entry(call: ServiceCall) -> EvStationConfigEntry:
    """Return the named site, or the only one."""
    return async_get_config_entry(call.hass, DOMAIN, call.data.get(ATTR_CONFIG_ENTRY_ID))


async def _payer(call: ServiceCall, coordinator: EvStationCoordinator) -> DriverId | None:
    """Return for whom to start: the named driver; drivers themselves start on nobody else's bill."""
    name = call.data.get(Argument.DRIVER)
    named = driver(coordinator, name) if name else None
    user_id = call.context.user_id
    user = await call.hass.auth.async_get_user(user_id) if user_id else None
    if user is None or user.is_admin:
        return named
    own = driver_of(call.hass, coordinator.entry, user.id)
    if named not in {None, own}:
        raise misuse("not_your_driver")
    return own


def _running(aim: Aim[EvseId]) -> bool:
    evse = aim.engine.state.get(Evse, aim.id)
    return evse is not None and evse.session is not None


def _check_limit(aim: Aim[EvseId], current: float) -> None:
    if not current >= MIN_CURRENT_A:
        raise misuse("limit_too_low", minimum=str(MIN_CURRENT_A))
    view = evse_view(aim.engine, aim.id)
    if view is not None and Decimal(str(current)) > view.max_current_a:
        raise misuse("limit_too_high", maximum=f"{view.max_current_a.normalize():f}")
