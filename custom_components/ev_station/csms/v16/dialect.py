"""The OCPP 1.6 dialect as the conversation sees it."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from ...model.answers import Answer
from ...model.commands import (
    Command,
    CommandResult,
    CommandStatus,
    GetSchedule,
    Prepare,
    Reset,
    SetProfile,
)
from ...model.errors import CallRefused
from ...model.events import ChargerEvent, ChargerPrepared
from ...model.ids import ChargerId
from ...model.status import Version
from ..quirks import Report
from ..rpc import Call, ErrorCode, Unreadable
from ..schemas import Schemas
from .answers import word
from .configuration import Ask
from .incoming import READERS, Reading
from .memory import Memory
from .outgoing import (
    profile_request,
    read_result,
    read_schedule,
    refusal,
    schedule_request,
    simple_request,
)
from .provisioning import Provisioning

type Payload = dict[str, Any]

SECRET_KEYS: Final = ("authorizationkey", "password", "passwd", "secret", "_pin", "cardpin")
"""Configuration keys whose values are never written down (Grizzl-E StationPassword, Project EV G_CardPin)."""
_HIDDEN: Final = "***"


class Dialect16:
    """OCPP 1.6 Core, Smart Charging, Remote Trigger, Firmware Management and the security extension."""

    version: Final = Version.V16
    trigger_boot: Final[tuple[str, Payload]] = (
        "TriggerMessage",
        {"requestedMessage": "BootNotification"},
    )

    def __init__(self, schemas: Schemas, clock: Callable[[], datetime]) -> None:
        """Speak with these schemas."""
        self.schemas = schemas
        self._clock = clock
        self._memories: defaultdict[ChargerId, Memory] = defaultdict(Memory)

    def read(self, call: Call, charger: ChargerId, at: datetime, report: Report) -> ChargerEvent:
        """Return the event a request is. Raises Unreadable for what has no meaning at all."""
        reader = READERS.get(call.action)
        if reader is None:
            raise Unreadable(ErrorCode.NOT_IMPLEMENTED, f"unknown action {call.action}")
        self.schemas.report(call.action, call.payload, report)
        return reader(call.payload, Reading(charger=charger, at=at, report=report))

    def word(self, action: str, answer: Answer) -> Payload:
        """Return the payload that answers a request."""
        return word(action, answer)

    def booted(self, charger: ChargerId, report: Report) -> None:
        """Hear that the charger booted."""
        self._memories[charger].booted(self._clock(), report)

    def forget(self, charger: ChargerId) -> None:
        """Forget a charger that was removed."""
        self._memories.pop(charger, None)

    async def execute(
        self, command: Command, charger: ChargerId, ask: Ask, report: Report
    ) -> CommandResult | ChargerPrepared:
        """Carry a command out. Raises ChargerNotConnected, CallTimedOut."""
        memory = self._memories[charger]
        try:
            match command:
                case Prepare():
                    async with memory.preparing:
                        return await Provisioning(charger, ask, memory, report).run(
                            command, self._clock
                        )
                case SetProfile():
                    return await self._set_profile(command, ask, memory)
                case GetSchedule():
                    return read_schedule(await ask(*schedule_request(command, memory.style)))
                case Reset():
                    memory.resetting()
                    return read_result(await ask(*simple_request(command)))
                case _:
                    return read_result(await ask(*simple_request(command)))
        except CallRefused as refused:
            return refusal(refused.code, refused.description)

    async def _set_profile(self, command: SetProfile, ask: Ask, memory: Memory) -> CommandResult:
        """Install a profile, trying once per boot which style the charger accepts."""
        result = CommandResult(status=CommandStatus.REJECTED)
        tried: list[Payload] = []
        for style in memory.styles():
            action, payload = profile_request(command, style, self._clock())
            if payload in tried:
                continue
            tried.append(payload)
            result = await _asked(ask, action, payload)
            if result.status is CommandStatus.ACCEPTED:
                memory.accepted(style)
            if result.status is not CommandStatus.REJECTED:
                return result
        memory.all_rejected()
        return result

    def redacted(self, action: str, payload: Payload) -> Payload:
        """Return a payload without the secrets it holds, for keeping (S22)."""
        match action, payload:
            case "ChangeConfiguration", {"key": str(key)} if _is_secret(key):
                return payload | {"value": _HIDDEN}
            case "GetConfiguration", {"configurationKey": list(entries)}:
                return payload | {"configurationKey": [_redacted_entry(entry) for entry in entries]}
            case _:
                return payload


async def _asked(ask: Ask, action: str, payload: Payload) -> CommandResult:
    """Return the result of a request; a complaint about the payload's content counts as Rejected."""
    try:
        return read_result(await ask(action, payload))
    except CallRefused as refused:
        result = refusal(refused.code, refused.description)
        constraint = (
            refused.code.endswith("ConstraintViolation") or refused.code == "FormationViolation"
        )
        return replace(result, status=CommandStatus.REJECTED) if constraint else result


def _redacted_entry(entry: Any) -> Any:
    match entry:
        case {"key": str(key), "value": _} if _is_secret(key):
            return entry | {"value": _HIDDEN}
        case _:
            return entry


def _is_secret(key: str) -> bool:
    return any(secret in key.lower() for secret in SECRET_KEYS)
