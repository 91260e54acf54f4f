"""What the station answers to a charger's message, before a dialect words it."""

from dataclasses import dataclass
from datetime import datetime

from .ids import TransactionId
from .status import AuthorizationStatus, RegistrationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """Received; there is nothing to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BootAnswer:
    """BootNotification.conf (OCPP 1.6 §4.2)."""

    status: RegistrationStatus
    current_time: datetime
    interval_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartbeatAnswer:
    """Heartbeat.conf (OCPP 1.6 §4.6)."""

    current_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizeAnswer:
    """Authorize.conf and the idTagInfo of StopTransaction.conf (OCPP 1.6 §4.1)."""

    status: AuthorizationStatus
    expires_at: datetime | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAnswer:
    """StartTransaction.conf (OCPP 1.6 §4.8): always carries an id."""

    transaction: TransactionId
    status: AuthorizationStatus
    expires_at: datetime | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTransferAnswer:
    """DataTransfer.conf (OCPP 1.6 §4.3): vendor extensions are unknown until one is built in."""

    accepted: bool = False


type Answer = (
    Acknowledged | BootAnswer | HeartbeatAnswer | AuthorizeAnswer | StartAnswer | DataTransferAnswer
)
