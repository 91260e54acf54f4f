"""How a charge point answers the central system's requests, OCPP 1.6 §5."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from . import remote, reservations, smart_charging, trigger
from .connector import Connector
from .transactions import stop
from .vocabulary import Payload, Reason

if TYPE_CHECKING:
    from .charge_point import ChargePoint

type Request = Callable[[ChargePoint, Payload], Payload]


def verdict(good: bool, yes: str = "Accepted", no: str = "Rejected") -> Payload:
    """Make the answer that is only a status."""
    return {"status": yes if good else no}


def change_availability(cp: ChargePoint, payload: Payload) -> Payload:
    """§5.2: a connector in transaction becomes inoperative when that is over."""
    number, operative = payload["connectorId"], payload["type"] == "Operative"
    if number != 0 and number not in cp.connectors:
        return verdict(False)
    chosen = list(cp.connectors.values()) if number == 0 else [cp.connectors[number]]
    if number == 0:
        cp.operative = operative
    cp.messenger.then(cp.look)
    scheduled = [_set_operative(connector, operative=operative) for connector in chosen]
    return {"status": "Scheduled" if any(scheduled) else "Accepted"}


def _set_operative(connector: Connector, *, operative: bool) -> bool:
    """Apply an availability; tell whether it has to wait for the end of a transaction."""
    waits = connector.transaction is not None and not operative
    connector.inoperative_soon = waits
    connector.operative = operative or waits
    return waits


def change_configuration(cp: ChargePoint, payload: Payload) -> Payload:
    """§5.3."""
    return {"status": cp.configuration.change(payload["key"], payload["value"])}


def get_configuration(cp: ChargePoint, payload: Payload) -> Payload:
    """§5.8."""
    report = cp.configuration.report(payload.get("key", []))
    if cp.quirks.odd_configuration_values:
        for entry in report["configurationKey"]:
            entry["readonly"] = str(entry["readonly"]).lower()
            entry["value"] = int(entry["value"]) if entry["value"].isdigit() else entry["value"]
    return report


def clear_cache(cp: ChargePoint, _payload: Payload) -> Payload:
    """§5.4."""
    cp.access.cache.clear()
    return verdict(cp.configuration.on("AuthorizationCacheEnabled"))


def data_transfer(cp: ChargePoint, payload: Payload) -> Payload:
    """§5.6: no vendor's extras are known here."""
    cp.log(f"DataTransfer of {payload['vendorId']} ignored")
    return {"status": "UnknownVendorId"}


def reset(cp: ChargePoint, payload: Payload) -> Payload:
    """§5.14: Soft stops transactions properly first, Hard may cut them short."""
    hard = payload["type"] == "Hard"
    reason = Reason.HARD_RESET if hard else Reason.SOFT_RESET
    cp.messenger.then(lambda: cp.spawn(cp.reboot(reason, gracefully=not hard)))
    return verdict(True)


def unlock_connector(cp: ChargePoint, payload: Payload) -> Payload:
    """§5.18: an ongoing transaction is finished first."""
    connector = cp.connectors.get(payload["connectorId"])
    if connector is None:
        return {"status": "NotSupported"}
    cp.messenger.then(lambda: stop(cp, connector, Reason.UNLOCK_COMMAND))
    return {"status": "Unlocked"}


def send_local_list(cp: ChargePoint, payload: Payload) -> Payload:
    """§5.15."""
    return {"status": cp.access.send_list(payload)}


def get_local_list_version(cp: ChargePoint, _payload: Payload) -> Payload:
    """§5.10."""
    return {"listVersion": cp.access.list_version}


def get_diagnostics(cp: ChargePoint, _payload: Payload) -> Payload:
    """§5.9: the upload is only pretended."""
    cp.messenger.then(
        lambda: cp.messenger.tell_all("DiagnosticsStatusNotification", "Uploading", "Uploaded")
    )
    return {"fileName": f"{cp.identity}.log"}


def update_firmware(cp: ChargePoint, _payload: Payload) -> Payload:
    """§5.19: the download and the installation are only pretended."""
    stages = ("Downloading", "Downloaded", "Installing", "Installed")
    cp.messenger.then(lambda: cp.messenger.tell_all("FirmwareStatusNotification", *stages))
    return {}


REQUESTS: Mapping[str, Request] = {
    "CancelReservation": reservations.cancel,
    "ChangeAvailability": change_availability,
    "ChangeConfiguration": change_configuration,
    "ClearCache": clear_cache,
    "ClearChargingProfile": smart_charging.clear_profile,
    "DataTransfer": data_transfer,
    "GetCompositeSchedule": smart_charging.composite_schedule,
    "GetConfiguration": get_configuration,
    "GetDiagnostics": get_diagnostics,
    "GetLocalListVersion": get_local_list_version,
    "RemoteStartTransaction": remote.start,
    "RemoteStopTransaction": remote.stop,
    "ReserveNow": reservations.reserve,
    "Reset": reset,
    "SendLocalList": send_local_list,
    "SetChargingProfile": smart_charging.set_profile,
    "TriggerMessage": trigger.trigger,
    "UnlockConnector": unlock_connector,
    "UpdateFirmware": update_firmware,
}
