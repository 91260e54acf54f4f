"""Keeping a connector for somebody, OCPP 1.6 §5.13 and §5.1."""

from typing import TYPE_CHECKING

from .clock import read_stamp
from .connector import Connector, Reservation
from .vocabulary import Payload, Status

if TYPE_CHECKING:
    from .charge_point import ChargePoint

_REFUSALS = {Status.FAULTED: "Faulted", Status.UNAVAILABLE: "Unavailable"}


def reserve(cp: ChargePoint, payload: Payload) -> Payload:
    """Reserve a connector, or any free one for connector 0; the same id replaces."""
    connector = _connector(cp, payload["connectorId"])
    if connector is None:
        return {"status": "Rejected"}
    held = connector.reservation
    replaces = held is not None and held.id == payload["reservationId"]
    if connector.status is not Status.AVAILABLE and not replaces:
        return {"status": _REFUSALS.get(connector.status, "Occupied")}
    connector.reservation = _reservation(payload)
    cp.messenger.then(cp.look)
    return {"status": "Accepted"}


def _connector(cp: ChargePoint, number: int) -> Connector | None:
    if number:
        return cp.connectors.get(number)
    return max(cp.connectors.values(), key=lambda c: c.status is Status.AVAILABLE)


def _reservation(payload: Payload) -> Reservation:
    return Reservation(
        id=payload["reservationId"],
        tag=payload["idTag"],
        parent=payload.get("parentIdTag"),
        expires=read_stamp(payload["expiryDate"]),
    )


def cancel(cp: ChargePoint, payload: Payload) -> Payload:
    """Cancel by id."""
    for connector in cp.connectors.values():
        if connector.reservation and connector.reservation.id == payload["reservationId"]:
            connector.reservation = None
            cp.messenger.then(cp.look)
            return {"status": "Accepted"}
    return {"status": "Rejected"}
