"""Every failure in words people can act on."""

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.ev_station.errors import carry_out, ensure_done, explained, worded
from custom_components.ev_station.model.commands import CommandResult, CommandStatus
from custom_components.ev_station.model.errors import (
    CallRefused,
    CallTimedOut,
    ChargerNotConnected,
    EvStationError,
    InvalidCall,
    NotHandled,
    RequestRefused,
    StorageUnavailable,
)

ERRORS = [
    (StorageUnavailable(), HomeAssistantError, "storage_unavailable", {}),
    (ChargerNotConnected("CP1"), HomeAssistantError, "charger_not_connected", {"charger": "CP1"}),
    (
        CallTimedOut("CP1", "Reset"),
        HomeAssistantError,
        "call_timed_out",
        {"charger": "CP1", "action": "Reset"},
    ),
    (
        CallRefused("CP1", "Reset", "InternalError", "no"),
        HomeAssistantError,
        "call_refused",
        {"charger": "CP1", "action": "Reset", "code": "InternalError", "description": "no"},
    ),
    (
        InvalidCall("Reset", "no type"),
        ServiceValidationError,
        "invalid_call",
        {"action": "Reset", "problem": "no type"},
    ),
    (RequestRefused("already_charging"), ServiceValidationError, "already_charging", {}),
    (RequestRefused("no_session"), ServiceValidationError, "no_session", {}),
    (RequestRefused("charger_not_connected"), HomeAssistantError, "command_not_connected", {}),
    (RequestRefused("new"), HomeAssistantError, "unexpected", {"problem": "new"}),
    (NotHandled("StartRequested"), HomeAssistantError, "unexpected", {"problem": "StartRequested"}),
    (EvStationError("odd"), HomeAssistantError, "unexpected", {"problem": "odd"}),
]


@pytest.mark.parametrize(("error", "kind", "key", "placeholders"), ERRORS)
def test_every_domain_error(
    error: EvStationError, kind: type[Exception], key: str, placeholders: dict[str, str]
) -> None:
    said = worded(error)
    assert type(said) is kind
    assert (said.translation_key, said.translation_placeholders) == (key, placeholders)


@pytest.mark.parametrize("status", list(CommandStatus))
def test_every_outcome(status: CommandStatus) -> None:
    done = {CommandStatus.ACCEPTED, CommandStatus.SCHEDULED, CommandStatus.REBOOT_REQUIRED}
    if status in done:
        ensure_done(CommandResult(status=status))
        return
    with pytest.raises(HomeAssistantError) as caught:
        ensure_done(CommandResult(status=status))
    assert caught.value.translation_key == f"command_{status.value}"


@pytest.mark.parametrize("status", [CommandStatus.REJECTED, CommandStatus.FAILED])
def test_the_chargers_own_word_is_told(status: CommandStatus) -> None:
    with pytest.raises(HomeAssistantError) as caught:
        ensure_done(CommandResult(status=status, detail="Occupied"))
    assert caught.value.translation_key == f"command_{status.value}_because"
    assert caught.value.translation_placeholders == {"detail": "Occupied"}


async def test_the_decorator_and_what_it_lets_through() -> None:
    async def granted() -> CommandResult:
        return CommandResult(status=CommandStatus.ACCEPTED)

    async def lost() -> CommandResult:
        raise ChargerNotConnected("CP1")

    @explained
    async def add(one: int, other: int) -> int:
        return one + other

    assert await add(1, other=2) == 3
    await carry_out(granted())
    with pytest.raises(HomeAssistantError) as caught:
        await carry_out(lost())
    assert isinstance(caught.value.__cause__, ChargerNotConnected)
