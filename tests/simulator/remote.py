"""Starting and stopping from afar, OCPP 1.6 §5.11 and §5.12."""

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from . import transactions
from .connector import Connector, Grant
from .vocabulary import Payload, Reason

if TYPE_CHECKING:
    from .charge_point import ChargePoint

_ACCEPTED: Payload = {"status": "Accepted"}
_REJECTED: Payload = {"status": "Rejected"}


def start(cp: ChargePoint, payload: Payload) -> Payload:
    """Accept where a transaction could begin; it begins at once, or when a car is plugged in."""
    connector = _choose(cp, payload.get("connectorId"), payload["idTag"])
    if connector is None:
        return _REJECTED
    if not cp.quirks.remote_start_does_nothing:
        tag, profile = payload["idTag"], payload.get("chargingProfile")
        cp.messenger.then(lambda: cp.spawn(_begin(cp, connector, tag, profile)))
    return _ACCEPTED


def _choose(cp: ChargePoint, number: int | None, tag: str) -> Connector | None:
    chosen = cp.connectors.values() if number is None else [cp.connectors.get(number)]
    free = [c for c in chosen if c and not c.busy and cp.may_use_reservation(c, tag)]
    return max(free, key=lambda connector: connector.vehicle is not None, default=None)


async def _begin(cp: ChargePoint, connector: Connector, tag: str, profile: Payload | None) -> None:
    if cp.configuration.on("AuthorizeRemoteTxRequests") and not await cp.access.admits(tag):
        return
    grant(cp, connector, tag, profile)


def grant(cp: ChargePoint, connector: Connector, tag: str, profile: Payload | None = None) -> None:
    """Let a tag charge: now where a car is plugged in, else within ConnectionTimeOut."""
    if connector.busy:
        return
    if connector.vehicle is not None:
        transactions.start(cp, connector, tag, profile)
        return
    seconds = cp.configuration.number("ConnectionTimeOut")
    until = cp.clock.now() + timedelta(seconds=seconds)
    connector.grant = Grant(tag=tag, until=until, profile=profile)
    cp.look()


def stop(cp: ChargePoint, payload: Payload) -> Payload:
    """Stop the transaction of that id; reject one that does not run here."""
    for connector in cp.connectors.values():
        running = connector.transaction
        if running is not None and running.id == payload["transactionId"]:
            if not cp.quirks.remote_stop_does_nothing:
                cp.messenger.then(partial(transactions.stop, cp, connector, Reason.REMOTE))
            return _ACCEPTED
    return _REJECTED
