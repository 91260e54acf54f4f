"""Words the domain's errors and the chargers' refusals for people, in one place."""

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Final

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .const import DOMAIN
from .model.commands import CommandResult, CommandStatus
from .model.errors import (
    CallRefused,
    CallTimedOut,
    ChargerNotConnected,
    EvStationError,
    InvalidCall,
    RequestRefused,
    StorageUnavailable,
)

DONE: Final = frozenset(
    {CommandStatus.ACCEPTED, CommandStatus.SCHEDULED, CommandStatus.REBOOT_REQUIRED}
)

_MISUSES: Final = frozenset(
    {"already_charging", "no_home_battery", "no_session", "vehicle_unknown"}
)
"""Why the reducer turns a request down, besides a charger that is away."""

SAID: Final = frozenset({CommandStatus.REJECTED, CommandStatus.FAILED})
"""Outcomes to which the charger's own word adds something."""


def failure(key: str, **placeholders: str) -> HomeAssistantError:
    """Return an error for something that went wrong."""
    return HomeAssistantError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )


def misuse(key: str, **placeholders: str) -> ServiceValidationError:
    """Return an error for something that was asked wrongly."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )


def worded(error: EvStationError) -> HomeAssistantError:
    """Return a domain error in Home Assistant's terms."""
    match error:
        case StorageUnavailable():
            return failure("storage_unavailable")
        case ChargerNotConnected(charger=charger):
            return failure("charger_not_connected", charger=charger)
        case CallTimedOut(charger=charger, action=action):
            return failure("call_timed_out", charger=charger, action=action)
        case CallRefused() as refused:
            return failure(
                "call_refused",
                charger=refused.charger,
                action=refused.action,
                code=refused.code,
                description=refused.description,
            )
        case InvalidCall(action=action, problem=problem):
            return misuse("invalid_call", action=action, problem=problem)
        case RequestRefused(reason="charger_not_connected"):
            return failure("command_not_connected")
        case RequestRefused(reason=reason) if reason in _MISUSES:
            return misuse(reason)
        case _:
            return failure("unexpected", problem=str(error))


def ensure_done(result: CommandResult) -> None:
    """Raise what a charger's refusal means, nothing if it complied."""
    if result.status in DONE:
        return
    if result.detail and result.status in SAID:
        raise failure(f"command_{result.status}_because", detail=result.detail)
    raise failure(f"command_{result.status}")


def explained[**P, R](
    function: Callable[P, Awaitable[R]],
) -> Callable[P, Coroutine[Any, Any, R]]:
    """Decorate a coroutine function so that its domain errors reach people translated."""

    @wraps(function)
    async def with_words(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await function(*args, **kwargs)
        except EvStationError as error:
            raise worded(error) from error

    return with_words


@explained
async def carry_out(request: Awaitable[CommandResult]) -> None:
    """Wait for a request and raise unless it was granted."""
    ensure_done(await request)
