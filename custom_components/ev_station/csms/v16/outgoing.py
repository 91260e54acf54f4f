"""Commands to 1.6 requests, and the charger's answers to results."""

from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final, NamedTuple, assert_never

from ...model.commands import (
    ChargingProfile,
    ClearProfiles,
    CommandResult,
    CommandStatus,
    GetSchedule,
    ProfilePurpose,
    RemoteStart,
    RemoteStop,
    Reset,
    SchedulePeriod,
    ScheduleResult,
    SetAvailability,
    SetProfile,
    Trigger,
    TriggerKind,
    Unlock,
)
from ...model.ids import EvseId
from ..quirks import ignore, printable
from .fields import integer, number, text
from .timestamps import format_time, parse_time

type Payload = dict[str, Any]
type Request = tuple[str, Payload]
type SimpleCommand = (
    RemoteStart | RemoteStop | ClearProfiles | SetAvailability | Reset | Unlock | Trigger
)

NOMINAL_VOLTAGE: Final = 230
"""Turns A into W for chargers that accept only W."""
_DEFAULT_PHASES: Final = 3
"""OCPP 1.6 §7.14: numberPhases is 3 if not given."""
_TENTH: Final = Decimal("0.1")
_CLOCK_SLACK: Final = timedelta(seconds=60)
"""A schedule that starts now begins this much earlier: a charger whose clock is behind would not apply it."""

_PURPOSES: Final = {
    ProfilePurpose.CHARGER_MAX: "ChargePointMaxProfile",
    ProfilePurpose.TX_DEFAULT: "TxDefaultProfile",
    ProfilePurpose.TX: "TxProfile",
}
_TRIGGERS: Final = {
    TriggerKind.BOOT: "BootNotification",
    TriggerKind.HEARTBEAT: "Heartbeat",
    TriggerKind.STATUS: "StatusNotification",
    TriggerKind.METER_VALUES: "MeterValues",
    TriggerKind.DIAGNOSTICS_STATUS: "DiagnosticsStatusNotification",
    TriggerKind.FIRMWARE_STATUS: "FirmwareStatusNotification",
}
_STATUSES: Final = {
    "accepted": CommandStatus.ACCEPTED,
    "rejected": CommandStatus.REJECTED,
    "notsupported": CommandStatus.NOT_SUPPORTED,
    "notimplemented": CommandStatus.NOT_SUPPORTED,
    "rebootrequired": CommandStatus.REBOOT_REQUIRED,
    "scheduled": CommandStatus.SCHEDULED,
    "unlocked": CommandStatus.ACCEPTED,
    "unlockfailed": CommandStatus.REJECTED,
    # ClearChargingProfile: there was nothing to clear
    "unknown": CommandStatus.ACCEPTED,
}


class Style(NamedTuple):
    """How a charger wants its limits."""

    watts: bool
    """Huawei: accepts W only."""
    whole: bool
    """ABB: rejects fractions of an ampere."""
    dated: bool = False
    """Easee: takes no relative profile, also where counting from now would mean the same."""


def simple_request(command: SimpleCommand) -> Request:
    """Return the action and payload of a command that is one request."""
    match command:
        case RemoteStart(evse=evse, token=token):
            return "RemoteStartTransaction", _connector(evse) | {"idTag": token[:20]}
        case RemoteStop(transaction=transaction):
            return "RemoteStopTransaction", {"transactionId": transaction}
        case ClearProfiles():
            return "ClearChargingProfile", _clear(command)
        case SetAvailability(evse=evse, operative=operative):
            kind = "Operative" if operative else "Inoperative"
            return "ChangeAvailability", {"connectorId": evse.evse, "type": kind}
        case Reset(hard=hard):
            return "Reset", {"type": "Hard" if hard else "Soft"}
        case Unlock(evse=evse):
            return "UnlockConnector", {"connectorId": evse.evse}
        case Trigger(kind=kind, evse=None):
            return "TriggerMessage", {"requestedMessage": _TRIGGERS[kind]}
        case Trigger(kind=kind, evse=evse):
            return "TriggerMessage", {"requestedMessage": _TRIGGERS[kind], "connectorId": evse}
        case _:
            assert_never(command)


def _connector(evse: EvseId) -> Payload:
    """Return the connectorId; §4.11 wants it above 0 or absent."""
    return {"connectorId": evse.evse} if evse.evse > 0 else {}


def _clear(command: ClearProfiles) -> Payload:
    payload: Payload = {}
    if command.evse is not None:
        payload["connectorId"] = command.evse.evse
    if command.purpose is not None:
        payload["chargingProfilePurpose"] = _PURPOSES[command.purpose]
    if command.stack_level is not None:
        payload["stackLevel"] = command.stack_level
    return payload


def profile_request(command: SetProfile, style: Style, now: datetime) -> Request:
    """Return SetChargingProfile (§5.16) in the charger's style."""
    profile = command.profile
    payload: Payload = {
        "chargingProfileId": profile_id(command),
        "stackLevel": profile.stack_level,
        "chargingProfilePurpose": _PURPOSES[profile.purpose],
    }
    if profile.transaction is not None:
        payload["transactionId"] = profile.transaction
    if profile.valid_to is not None:
        payload["validTo"] = format_time(profile.valid_to)
    kind, schedule = _schedule(command, style, now)
    payload |= {"chargingProfileKind": kind, "chargingSchedule": schedule}
    return "SetChargingProfile", {"connectorId": command.evse.evse, "csChargingProfiles": payload}


def profile_id(command: SetProfile) -> int:
    """Return the same id for the same place in the stack, so that a new profile replaces the old one."""
    purpose = list(ProfilePurpose).index(command.profile.purpose) + 1
    return (purpose * 1000 + command.evse.evse) * 100 + command.profile.stack_level


def _schedule(command: SetProfile, style: Style, now: datetime) -> tuple[str, Payload]:
    profile = command.profile
    schedule: Payload = {
        "chargingRateUnit": "W" if style.watts else "A",
        "chargingSchedulePeriod": [
            _period(period, style, command.phases) for period in profile.periods
        ],
    }
    if profile.duration_s is not None:
        schedule["duration"] = profile.duration_s
    undated = profile.start_at is None and not style.dated and _may_be_relative(profile)
    if profile.relative or undated:
        return "Relative", schedule
    start_at = profile.start_at
    if start_at is None:
        start_at = now - _CLOCK_SLACK
        if profile.duration_s is not None:
            schedule["duration"] = profile.duration_s + int(_CLOCK_SLACK.total_seconds())
        _shift(schedule["chargingSchedulePeriod"], int(_CLOCK_SLACK.total_seconds()))
    schedule["startSchedule"] = format_time(start_at)
    return "Absolute", schedule


def _may_be_relative(profile: ChargingProfile) -> bool:
    """Say whether counting from the transaction's start means the same as counting from now.

    §3.13.1: a ChargePointMaxProfile is never relative. A limit that ends counts from now.
    """
    if profile.purpose is ProfilePurpose.TX:
        return profile.duration_s is None and len(profile.periods) == 1
    return profile.purpose is ProfilePurpose.TX_DEFAULT


def _shift(periods: list[Payload], seconds: int) -> None:
    """Begin every period but the first, which §7.14 wants at 0, later by what the schedule begins earlier."""
    for period in periods[1:]:
        period["startPeriod"] += seconds


def _period(period: SchedulePeriod, style: Style, phases: int) -> Payload:
    payload: Payload = {"startPeriod": period.start_s, "limit": _limit(period, style, phases)}
    if period.phases is not None:
        payload["numberPhases"] = period.phases
    return payload


def _limit(period: SchedulePeriod, style: Style, phases: int) -> int | float:
    """Return the limit rounded down to what the schema allows, 0.1, or what the charger does.

    OCPP 1.6 §7.14 means three phases if none are told; one that has fewer divides W by those it has.
    """
    limit = period.limit_a
    if style.watts:
        limit *= NOMINAL_VOLTAGE * min(period.phases or phases, phases)
    step = Decimal(1) if style.whole or style.watts else _TENTH
    rounded = limit.quantize(step, rounding=ROUND_FLOOR)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def schedule_request(command: GetSchedule, style: Style) -> Request:
    """Return GetCompositeSchedule (§5.7)."""
    return "GetCompositeSchedule", {
        "connectorId": command.evse.evse,
        "duration": command.duration_s,
        "chargingRateUnit": "W" if style.watts else "A",
    }


def read_result(answer: Payload) -> CommandResult:
    """Return what an answer's status says; an answer without one has failed."""
    word = text(answer, "status", 50)
    if word is None:
        return CommandResult(status=CommandStatus.FAILED, detail="no status")
    status = _STATUSES.get(word.lower(), CommandStatus.FAILED)
    plain = status in (CommandStatus.ACCEPTED, CommandStatus.REJECTED) and word in (
        "Accepted",
        "Rejected",
    )
    return CommandResult(status=status, detail=None if plain else word)


def read_schedule(answer: Payload) -> ScheduleResult:
    """Return the composite schedule in A per phase, whatever unit the charger keeps."""
    result = read_result(answer)
    schedule = answer.get("chargingSchedule")
    if not isinstance(schedule, dict):
        return ScheduleResult(status=result.status, detail=result.detail)
    watts = schedule.get("chargingRateUnit") == "W"
    periods = schedule.get("chargingSchedulePeriod")
    found = (_read_period(period, watts) for period in periods) if isinstance(periods, list) else ()
    start = schedule.get("startSchedule") or answer.get("scheduleStart")
    return ScheduleResult(
        status=result.status,
        detail=result.detail,
        start_at=parse_time(start, ignore),
        duration_s=integer(schedule, "duration") or None,
        periods=tuple(period for period in found if period is not None),
        watts=watts,
    )


def _read_period(period: Any, watts: bool) -> SchedulePeriod | None:
    if not isinstance(period, dict):
        return None
    start, limit, phases = (
        integer(period, "startPeriod"),
        number(period.get("limit")),
        integer(period, "numberPhases"),
    )
    if start is None or limit is None:
        return None
    if watts and limit > 0:
        limit /= NOMINAL_VOLTAGE * (phases or _DEFAULT_PHASES)
    return SchedulePeriod(start_s=start, limit_a=limit, phases=phases)


def refusal(code: str, description: str) -> CommandResult:
    """Return what a CALLERROR means for a command: refused for good, or failed this once (F38)."""
    for_good = code in ("NotImplemented", "NotSupported")
    return CommandResult(
        status=CommandStatus.NOT_SUPPORTED if for_good else CommandStatus.FAILED,
        detail=printable(f"{code}: {description}" if description else code, 255),
    )
