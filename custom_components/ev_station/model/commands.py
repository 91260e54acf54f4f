"""What the station asks of a charger, before a dialect words it, and what came of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from .ids import EvseId, TransactionId


class CommandStatus(StrEnum):
    """A command's outcome."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NOT_SUPPORTED = "not_supported"
    """Refused for good: the capability is marked off (F38)."""
    REBOOT_REQUIRED = "reboot_required"
    SCHEDULED = "scheduled"
    FAILED = "failed"
    """CALLERROR."""
    TIMED_OUT = "timed_out"
    NOT_CONNECTED = "not_connected"


class ProfilePurpose(StrEnum):
    """OCPP 1.6 §7.13 ChargingProfilePurposeType."""

    CHARGER_MAX = "charger_max"
    TX_DEFAULT = "tx_default"
    TX = "tx"


class Timing(StrEnum):
    """How a charger is told when the limits of a transaction hold (OCPP 1.6 §7.9 ChargingProfileKindType)."""

    ABSOLUTE = "absolute"
    """By its own clock."""
    DOUBTED = "doubted"
    """As before, but that was turned down or in vain: Relative is to be tried."""
    FROM_START = "from_start"
    """Relative, which it counts from the transaction's start."""
    FROM_RECEIPT = "from_receipt"
    """Relative, which it counts from when it got the profile."""
    ABSOLUTE_ONLY = "absolute_only"
    """Relative was tried in vain."""


class TriggerKind(StrEnum):
    """Messages a charger may be asked to send now (OCPP 1.6 §7.36 MessageTrigger)."""

    BOOT = "boot"
    HEARTBEAT = "heartbeat"
    STATUS = "status"
    METER_VALUES = "meter_values"
    DIAGNOSTICS_STATUS = "diagnostics_status"
    FIRMWARE_STATUS = "firmware_status"


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulePeriod:
    """From `start_s` seconds after the schedule's begin, at most `limit_a` A per phase."""

    start_s: int
    limit_a: Decimal
    phases: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargingProfile:
    """OCPP ChargingProfile in A; a dialect converts to W for chargers that accept only that."""

    purpose: ProfilePurpose
    stack_level: int
    periods: tuple[SchedulePeriod, ...]
    transaction: TransactionId | None = None
    duration_s: int | None = None
    start_at: datetime | None = None
    valid_to: datetime | None = None
    relative: bool = False
    """The charger is not told `start_at`: it is where it counts from by itself, as far as we know."""

    @property
    def ends_at(self) -> datetime | None:
        """Return when it ends for a charger that heeds `duration`; None: never, or counted from what we do not know."""
        if self.start_at is None or self.duration_s is None:
            return self.valid_to
        return self.start_at + timedelta(seconds=self.duration_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepare:
    """Bring the charger to a known configuration and learn what it can; answered by `ChargerPrepared`."""

    heartbeat_s: int
    sample_interval_s: int
    refused_keys: tuple[str, ...] = ()
    """Configuration keys it refused before (`ChargerPrepared.refused_keys`): not written again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteStart:
    """Ask for a transaction with this token."""

    evse: EvseId
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteStop:
    """Ask to end a transaction, by the id the charger kept."""

    transaction: TransactionId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetProfile:
    """Install a charging profile."""

    evse: EvseId
    profile: ChargingProfile
    phases: int = 3
    """How many the EVSE has: what it draws in W depends on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearProfiles:
    """Remove profiles; None matches any."""

    evse: EvseId | None = None
    purpose: ProfilePurpose | None = None
    stack_level: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GetSchedule:
    """Ask which limit really applies."""

    evse: EvseId
    duration_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAvailability:
    """Put an EVSE (0: the whole charger) in or out of service."""

    evse: EvseId
    operative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """Restart the charger."""

    hard: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlock:
    """Release the cable."""

    evse: EvseId


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """Ask for a message now."""

    kind: TriggerKind
    evse: int | None = None


type Command = (
    Prepare
    | RemoteStart
    | RemoteStop
    | SetProfile
    | ClearProfiles
    | GetSchedule
    | SetAvailability
    | Reset
    | Unlock
    | Trigger
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandResult:
    """What came of a command."""

    status: CommandStatus
    detail: str | None = None
    """The charger's own word where it said more, clipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleResult(CommandResult):
    """What a charger says really applies (answer to `GetSchedule`)."""

    start_at: datetime | None = None
    """When the first period begins; None: it did not say."""
    duration_s: int | None = None
    """So long it speaks of; None: it did not say."""
    periods: tuple[SchedulePeriod, ...] = ()
    """In A per phase whatever the charger's unit; a negative limit means unlimited."""
    watts: bool = False
    """It spoke in W, so what it says of phases is part of the figure."""
