"""Starting and stopping: what happens at the connector and what goes into the queue."""

from functools import partial
from typing import TYPE_CHECKING

from .connector import Connector, Transaction
from .profiles import parse_profile
from .queue import Message
from .truth import TrueSession
from .vocabulary import Context, Payload, Reason

if TYPE_CHECKING:
    from .charge_point import ChargePoint


def start(cp: ChargePoint, connector: Connector, tag: str, profile: Payload | None = None) -> None:
    """Begin a transaction: the contactor closes at once, StartTransaction is queued."""
    cp.look()
    if cp.quirks.register_resets_each_session:
        connector.meter.reset()
    transaction = _new_transaction(cp, connector, tag)
    payload = _start_payload(cp, connector, transaction)
    connector.transaction, connector.grant, connector.finishing = transaction, None, False
    if profile is not None:
        cp.profiles.install(parse_profile(connector.number, profile))
    for _ in range(2 if cp.quirks.duplicate_start else 1):
        cp.queue.put(_start_message(cp, transaction, payload))
    cp.close_contactor(connector)


def _new_transaction(cp: ChargePoint, connector: Connector, tag: str) -> Transaction:
    truth = TrueSession(
        connector=connector.number,
        tag=tag,
        start=cp.clock.now(),
        meter_start=connector.meter.reading,
    )
    cp.truth.append(truth)
    transaction = Transaction(
        connector=connector.number,
        tag=tag,
        truth=truth,
        watt_seconds_before=connector.meter.watt_seconds,
        register_before=connector.meter.register,
        last_sample=cp.clock.now(),
    )
    transaction.data.extend(cp.stop_data(connector, Context.BEGIN))
    return transaction


def _start_payload(cp: ChargePoint, connector: Connector, transaction: Transaction) -> Payload:
    payload: Payload = {
        "connectorId": connector.number,
        "idTag": transaction.tag,
        "meterStart": transaction.truth.meter_start,
        "timestamp": cp.stamp(),
    }
    if connector.reservation is not None:
        payload["reservationId"] = connector.reservation.id
        connector.reservation = None
    return payload


def _start_message(cp: ChargePoint, transaction: Transaction, payload: Payload) -> Message:
    return Message(
        action="StartTransaction",
        payload=lambda: payload,
        answered=partial(_started, cp, transaction),
    )


def _started(cp: ChargePoint, transaction: Transaction, answer: Payload) -> None:
    """Learn the id; a tag that is not accepted ends the transaction, §4.8."""
    if not cp.quirks.forgets_transaction_id and not (
        cp.quirks.keeps_first_id and transaction.id is not None
    ):
        transaction.id = transaction.truth.transaction_id = answer.get("transactionId")
    info = _info(answer)
    cp.access.learn(transaction.tag, info)
    if info.get("status") != "Accepted":
        _deauthorise(cp, transaction)


def _deauthorise(cp: ChargePoint, transaction: Transaction) -> None:
    connector = cp.connectors[transaction.connector]
    if connector.transaction is not transaction:
        return
    if cp.configuration.on("StopTransactionOnInvalidId"):
        stop(cp, connector, Reason.DE_AUTHORIZED)
    else:
        transaction.suspended = True
        cp.look()


def stop(cp: ChargePoint, connector: Connector, reason: Reason, tag: str | None = None) -> None:
    """Bring the electricity up to now and end the transaction, if there is one."""
    cp.look()
    end(cp, connector, reason, tag)
    cp.look()


def end(cp: ChargePoint, connector: Connector, reason: Reason, tag: str | None = None) -> None:
    """End the transaction: energy stops, StopTransaction is queued, TxProfiles are deleted."""
    transaction = connector.transaction
    if transaction is None:
        return
    payload = _stop_payload(cp, connector, transaction, reason, tag)
    _close(cp, connector, transaction, reason)
    for _ in range(1 + cp.quirks.extra_stops):
        cp.queue.put(_message(cp, transaction, "StopTransaction", payload))
    if cp.quirks.closing_sample_after_stop:
        cp.queue.put(_sample_message(cp, connector, transaction, Context.END))


def _close(cp: ChargePoint, connector: Connector, transaction: Transaction, reason: Reason) -> None:
    truth = transaction.truth
    truth.end, truth.reason = cp.clock.now(), reason.value
    truth.meter_stop = connector.meter.reading
    connector.transaction = None
    connector.finishing = connector.vehicle is not None
    cp.profiles.end_of_transaction(connector.number)
    if connector.inoperative_soon:
        connector.operative, connector.inoperative_soon = False, False


def _stop_payload(
    cp: ChargePoint,
    connector: Connector,
    transaction: Transaction,
    reason: Reason,
    tag: str | None,
) -> Payload:
    payload: Payload = {
        "meterStop": connector.meter.reading - cp.quirks.meter_stop_short_by,
        "timestamp": cp.stamp(),
        "reason": reason.value,
    }
    if tag is not None:
        payload["idTag"] = tag + cp.quirks.stop_tag_suffix
    data = [*transaction.data, *cp.stop_data(connector, Context.END)]
    return {**payload, "transactionData": data} if data else payload


def sample(cp: ChargePoint, connector: Connector, context: Context) -> None:
    """Send a connector's MeterValues: through the queue in a transaction, else if connected."""
    transaction = connector.transaction
    if transaction is not None:
        cp.queue.put(_sample_message(cp, connector, transaction, context))
        return
    payload = _sample_payload(cp, connector, context)
    if cp.quirks.ids_in_idle_samples is not None:
        payload["transactionId"] = cp.quirks.ids_in_idle_samples
    cp.messenger.tell("MeterValues", payload, triggered=context is Context.TRIGGER)


def _sample_payload(cp: ChargePoint, connector: Connector, context: Context) -> Payload:
    key = "MeterValuesAlignedData" if context is Context.CLOCK else "MeterValuesSampledData"
    return {
        "connectorId": connector.number,
        "meterValue": cp.meter_value(connector, key, context),
    }


def _sample_message(
    cp: ChargePoint, connector: Connector, transaction: Transaction, context: Context
) -> Message:
    return _message(cp, transaction, "MeterValues", _sample_payload(cp, connector, context))


def _message(cp: ChargePoint, transaction: Transaction, action: str, payload: Payload) -> Message:
    """Make a message whose transactionId is filled in at the moment of sending."""

    def filled() -> Payload:
        known = transaction.id
        if known is None and action == "MeterValues" and not cp.quirks.forgets_transaction_id:
            return payload
        number = cp.quirks.unknown_transaction_id if known is None else known
        return {**payload, "transactionId": number}

    answered = partial(_stopped, cp, transaction) if action == "StopTransaction" else _nothing
    return Message(action=action, payload=filled, answered=answered)


def _stopped(cp: ChargePoint, transaction: Transaction, answer: Payload) -> None:
    cp.access.learn(transaction.tag, _info(answer))


def _info(answer: Payload) -> Payload:
    """Return the idTagInfo of an answer, empty where the central system sent none."""
    info = answer.get("idTagInfo")
    return info if isinstance(info, dict) else {}


def _nothing(_answer: Payload) -> None:
    """MeterValues.conf says nothing."""
