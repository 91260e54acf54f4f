"""TriggerMessage, OCPP 1.6 §5.17."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from .connector import Connector
from .transactions import sample
from .vocabulary import Context, Payload

if TYPE_CHECKING:
    from .charge_point import ChargePoint


def trigger(cp: ChargePoint, payload: Payload) -> Payload:
    """Promise a message and send it after the answer, even while the boot is Pending."""
    number = payload.get("connectorId")
    if number is not None and number not in {0, *cp.connectors}:
        return {"status": "Rejected"}
    chosen = [c for c in cp.connectors.values() if number in (None, 0, c.number)]
    send = _senders(cp, chosen, whole=number in (None, 0)).get(payload["requestedMessage"])
    if send is None:
        return {"status": "NotImplemented"}
    cp.messenger.then(send)
    return {"status": "Accepted"}


def _senders(
    cp: ChargePoint, chosen: list[Connector], *, whole: bool
) -> dict[str, Callable[[], object]]:
    return {
        "BootNotification": lambda: cp.spawn(cp.boot_once()),
        "Heartbeat": lambda: cp.spawn(cp.heartbeat()),
        "MeterValues": lambda: _samples(cp, chosen),
        "StatusNotification": lambda: cp.announce(chosen, whole=whole, triggered=True),
        "DiagnosticsStatusNotification": lambda: cp.messenger.tell_all(
            "DiagnosticsStatusNotification", "Idle"
        ),
        "FirmwareStatusNotification": lambda: cp.messenger.tell_all(
            "FirmwareStatusNotification", "Idle"
        ),
    }


def _samples(cp: ChargePoint, chosen: list[Connector]) -> None:
    cp.look()
    for connector in chosen:
        sample(cp, connector, Context.TRIGGER)
