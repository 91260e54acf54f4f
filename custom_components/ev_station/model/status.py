"""Closed vocabularies of what a charger reports about itself."""

from enum import StrEnum


class EvseStatus(StrEnum):
    """OCPP 1.6 §7.7 ChargePointStatus; OCPP 2.x statuses are mapped onto it."""

    AVAILABLE = "available"
    PREPARING = "preparing"
    CHARGING = "charging"
    SUSPENDED_EV = "suspended_ev"
    SUSPENDED_EVSE = "suspended_evse"
    FINISHING = "finishing"
    RESERVED = "reserved"
    UNAVAILABLE = "unavailable"
    FAULTED = "faulted"
    UNKNOWN = "unknown"


PLUGGED: frozenset[EvseStatus] = frozenset(
    {
        EvseStatus.PREPARING,
        EvseStatus.CHARGING,
        EvseStatus.SUSPENDED_EV,
        EvseStatus.SUSPENDED_EVSE,
        EvseStatus.FINISHING,
    }
)
FLOWING: frozenset[EvseStatus] = frozenset({EvseStatus.CHARGING, EvseStatus.UNKNOWN})
"""States in which power may flow."""


class AuthorizationStatus(StrEnum):
    """OCPP 1.6 §7.2 AuthorizationStatus."""

    ACCEPTED = "accepted"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    INVALID = "invalid"
    CONCURRENT_TX = "concurrent_tx"


class RegistrationStatus(StrEnum):
    """OCPP 1.6 §7.40 RegistrationStatus."""

    ACCEPTED = "accepted"
    PENDING = "pending"
    REJECTED = "rejected"


class Version(StrEnum):
    """OCPP versions by their WebSocket subprotocol."""

    V16 = "ocpp1.6"
    V201 = "ocpp2.0.1"
    V21 = "ocpp2.1"


class Flag(StrEnum):
    """What a reader of the bill must know about a session."""

    ESTIMATED = "estimated"
    """Part of the energy or its moment was interpolated."""
    PROVISIONAL = "provisional"
    """The charger never reported the end."""
    LATE = "late"
    """Reported more than a day after it ended."""
    CONFLICT = "conflict"
    """The charger reported two different ends; the first one counts."""
    CLOCK_CORRECTED = "clock_corrected"
    """The charger's clock was wrong."""
    METER_RESET = "meter_reset"
    METER_BACKWARDS = "meter_backwards"
    """The meter's end is below its begin."""
    UNPRICED = "unpriced"
    """No price was known for part of the energy."""
    UNAUTHORIZED = "unauthorized"
    """The charger started it although the tag is not accepted (offline)."""
    QUARANTINED = "quarantined"
    """The message could not be matched to an EVSE or a start."""
