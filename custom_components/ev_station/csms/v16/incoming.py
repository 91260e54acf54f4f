"""A 1.6 charger's requests to events: one small reader per action, each as tolerant as its meaning allows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson

from ...model.events import (
    ChargerBooted,
    ChargerEvent,
    DataTransferred,
    HeartbeatReceived,
    MeterSampled,
    Notified,
    StatusReported,
    TokenPresented,
    TransactionStarted,
    TransactionStopped,
)
from ...model.ids import ChargerId, EvseId, TransactionId
from ...model.status import EvseStatus
from ..quirks import Quirk, Report, printable
from ..rpc import ErrorCode, Unreadable
from .fields import Fields, integer, number, text
from .measurands import read_samples
from .timestamps import parse_time

_ID_TAG: Final = 20
_DATA: Final = 4096
_HIGHEST_EVSE: Final = 100
"""More than any charger or hub has; one may claim any number."""
_NO_TRANSACTION: Final[TransactionId] = -1
"""What a StopTransaction without an id is taken to say; Hager sends it itself."""
_LARGEST_ID: Final = 2**31 - 1
_SQL_INTEGER: Final = 2**63

_STATUSES: Final = {
    "available": EvseStatus.AVAILABLE,
    "preparing": EvseStatus.PREPARING,
    "charging": EvseStatus.CHARGING,
    "suspendedev": EvseStatus.SUSPENDED_EV,
    "suspendedevse": EvseStatus.SUSPENDED_EVSE,
    "finishing": EvseStatus.FINISHING,
    "reserved": EvseStatus.RESERVED,
    "unavailable": EvseStatus.UNAVAILABLE,
    "faulted": EvseStatus.FAULTED,
    # OCPP 1.5 and 2.x
    "occupied": EvseStatus.PREPARING,
    "inoperative": EvseStatus.UNAVAILABLE,
    "fault": EvseStatus.FAULTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Whose request is read, when it came, and whom to tell of its oddities."""

    charger: ChargerId
    at: datetime
    report: Report

    def evse(self, fields: Fields) -> EvseId:
        """Return the EVSE a request is about; 0, the charger, if it names none that makes sense."""
        found = integer(fields, "connectorId")
        if found is None or not 0 <= found <= _HIGHEST_EVSE:
            self.report(Quirk.NO_EVSE, fields.get("connectorId"))
            found = 0
        return EvseId(self.charger, found)


def read_boot(fields: Fields, reading: Reading) -> ChargerBooted:
    """BootNotification, §4.2; the 2.0.1 body is understood too."""
    station = fields.get("chargingStation")
    if isinstance(station, dict):
        return _read_boot_201(station, reading)
    return ChargerBooted(
        charger=reading.charger,
        vendor=text(fields, "chargePointVendor", 20) or "",
        model=text(fields, "chargePointModel", 20) or "",
        serial=text(fields, "chargePointSerialNumber", 25)
        or text(fields, "chargeBoxSerialNumber", 25),
        firmware=text(fields, "firmwareVersion", 50),
        meter_type=text(fields, "meterType", 25),
        meter_serial=text(fields, "meterSerialNumber", 25),
        received_at=reading.at,
    )


def _read_boot_201(station: Fields, reading: Reading) -> ChargerBooted:
    reading.report(Quirk.BOOT_OF_2_0_1, station)
    return ChargerBooted(
        charger=reading.charger,
        vendor=text(station, "vendorName", 50) or "",
        model=text(station, "model", 20) or "",
        serial=text(station, "serialNumber", 25),
        firmware=text(station, "firmwareVersion", 50),
        received_at=reading.at,
    )


def read_heartbeat(_fields: Fields, reading: Reading) -> HeartbeatReceived:
    """Heartbeat, §4.6."""
    return HeartbeatReceived(charger=reading.charger, received_at=reading.at)


def read_authorize(fields: Fields, reading: Reading) -> TokenPresented:
    """Authorize, §4.1: the one request that is about nothing but its tag."""
    if not isinstance(fields.get("idTag"), (str, int)):
        raise Unreadable(ErrorCode.PROTOCOL_ERROR, "idTag is missing")
    return TokenPresented(
        charger=reading.charger, token=_token(fields) or "", received_at=reading.at
    )


def read_status(fields: Fields, reading: Reading) -> StatusReported:
    """StatusNotification, §4.9."""
    if "connectorStatus" in fields:
        fields = _status_of_201(fields, reading)
    error = text(fields, "errorCode", 50)
    return StatusReported(
        evse=reading.evse(fields),
        status=_status(fields.get("status"), reading.report),
        error_code=None if error == "NoError" else error,
        info=text(fields, "info", 50),
        vendor_error_code=text(fields, "vendorErrorCode", 50),
        at=parse_time(fields.get("timestamp"), reading.report),
        received_at=reading.at,
    )


def _status_of_201(fields: Fields, reading: Reading) -> Fields:
    reading.report(Quirk.STATUS_OF_2_0_1, fields)
    return {
        "connectorId": fields.get("evseId"),
        "status": fields["connectorStatus"],
        "timestamp": fields.get("timestamp"),
    }


def _status(word: Any, report: Report) -> EvseStatus:
    letters = "".join(filter(str.isalpha, word)).lower() if isinstance(word, str) else ""
    if letters not in _STATUSES:
        report(Quirk.UNKNOWN_WORD, f"status {word}")
        return EvseStatus.UNKNOWN
    return _STATUSES[letters]


def read_start(fields: Fields, reading: Reading) -> TransactionStarted:
    """StartTransaction, §4.8: whatever is missing, energy may flow, so it is always an event (F6)."""
    return TransactionStarted(
        evse=reading.evse(fields),
        token=_token(fields) or "",
        meter_start_wh=number(fields.get("meterStart")),
        reservation=integer(fields, "reservationId") or None,
        at=parse_time(fields.get("timestamp"), reading.report),
        raw_at=text(fields, "timestamp", 50),
        received_at=reading.at,
    )


def read_stop(fields: Fields, reading: Reading) -> TransactionStopped:
    """StopTransaction, §4.10: always an event; unanswered, a charger repeats it for days."""
    return TransactionStopped(
        charger=reading.charger,
        transaction=_stopped(fields, reading.report),
        token=_token(fields),
        meter_stop_wh=number(fields.get("meterStop")),
        reason=text(fields, "reason", 20),
        samples=read_samples(fields.get("transactionData"), reading.report),
        at=parse_time(fields.get("timestamp"), reading.report),
        raw_at=text(fields, "timestamp", 50),
        received_at=reading.at,
    )


def read_meter_values(fields: Fields, reading: Reading) -> MeterSampled:
    """MeterValues, §4.7."""
    return MeterSampled(
        evse=reading.evse(fields),
        transaction=_transaction(fields, reading.report),
        samples=read_samples(_meter_values(fields, reading.report), reading.report),
        received_at=reading.at,
    )


def _meter_values(fields: Fields, report: Report) -> Any:
    if "meterValue" not in fields and "values" in fields:
        report(Quirk.METER_VALUES_OF_1_5, "values")
        return fields["values"]
    return fields.get("meterValue")


def read_data_transfer(fields: Fields, reading: Reading) -> DataTransferred:
    """DataTransfer, §4.3."""
    return DataTransferred(
        charger=reading.charger,
        vendor=text(fields, "vendorId", 255) or "",
        message=text(fields, "messageId", 50),
        data=_data(fields.get("data")),
        received_at=reading.at,
    )


def _data(value: Any) -> str | None:
    """Return a DataTransfer's data, which has no length in §6.16; what should be a text may be JSON."""
    if value is None:
        return None
    try:
        written = value if isinstance(value, str) else orjson.dumps(value).decode()
    except TypeError:
        # Nested too deeply to be written.
        return None
    return printable(written, _DATA)


def notice_of(kind: str, status: str, detail: str | None = None) -> Reader:
    """Return a reader of a notification that is only kept: its status and detail by their field names."""

    def read(fields: Fields, reading: Reading) -> Notified:
        return Notified(
            charger=reading.charger,
            kind=kind,
            status=text(fields, status, 50),
            detail=text(fields, detail, 255) if detail else None,
            received_at=reading.at,
        )

    return read


def _token(fields: Fields) -> str | None:
    return text(fields, "idTag", _ID_TAG)


def _transaction(fields: Fields, report: Report) -> TransactionId | None:
    """Return the transaction a sample belongs to; 0, -1 and 2^63-1 say none."""
    found = integer(fields, "transactionId")
    if found is None or 0 < found <= _LARGEST_ID:
        return found
    report(Quirk.NO_TRANSACTION_ID, found)
    return None


def _stopped(fields: Fields, report: Report) -> TransactionId:
    """Return the id a charger kept, sound or not: an older one of its own is an alias of a session."""
    found = integer(fields, "transactionId")
    if found is None or not -_SQL_INTEGER <= found < _SQL_INTEGER:
        report(Quirk.NO_TRANSACTION_ID, fields.get("transactionId"))
        return _NO_TRANSACTION
    return found


type Reader = Callable[[Fields, Reading], ChargerEvent]

READERS: Final[dict[str, Reader]] = {
    "Authorize": read_authorize,
    "BootNotification": read_boot,
    "DataTransfer": read_data_transfer,
    "Heartbeat": read_heartbeat,
    "MeterValues": read_meter_values,
    "StartTransaction": read_start,
    "StatusNotification": read_status,
    "StopTransaction": read_stop,
    # Firmware management profile, §4.4 and §4.5
    "DiagnosticsStatusNotification": notice_of("DiagnosticsStatusNotification", "status"),
    "FirmwareStatusNotification": notice_of("FirmwareStatusNotification", "status"),
    # Security extension (white paper "Improved security for OCPP 1.6-J")
    "LogStatusNotification": notice_of("LogStatusNotification", "status", "requestId"),
    "SecurityEventNotification": notice_of("SecurityEventNotification", "type", "techInfo"),
    "SignCertificate": notice_of("SignCertificate", "certificateType"),
    "SignedFirmwareStatusNotification": notice_of(
        "SignedFirmwareStatusNotification", "status", "requestId"
    ),
}
