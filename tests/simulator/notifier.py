"""StatusNotifications: one for every change, in order, OCPP 1.6 §4.9."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .connector import Connector
from .rpc import CallError, CallTimeout, Disconnected
from .vocabulary import ErrorCode, Payload, Status

if TYPE_CHECKING:
    from .charge_point import ChargePoint


_AHEAD: Final = -1


@dataclass(frozen=True, slots=True)
class Note:
    """A StatusNotification; `triggered` if a TriggerMessage asked for it."""

    payload: Payload
    place: int
    triggered: bool = False


@dataclass(slots=True)
class Notifier:
    """Knows what was last said of each connector; 0 is the charge point."""

    cp: ChargePoint
    said: dict[int, Status] = field(default_factory=dict)
    history: list[tuple[int, Status]] = field(default_factory=list)
    outbox: deque[Note] = field(default_factory=deque)
    missed: list[Payload] = field(default_factory=list)

    def follow(self) -> None:
        """Say what has changed."""
        if not self.cp.powered:
            return
        for number, status in self._statuses():
            if self.said.get(number) is not status:
                self._change(number, status)

    def announce(
        self, chosen: Iterable[Connector], *, whole: bool, triggered: bool = False
    ) -> None:
        """Say how things stand, changed or not, ahead of all queued transaction messages."""
        numbers = {connector.number for connector in chosen} | ({0} if whole else set())
        for number, status in self._statuses():
            if number in numbers:
                self.said[number] = status
                note = Note(self._payload(number, status), _AHEAD, triggered)
                self.outbox.append(note)
        self.cp.pulse.beat()

    def replay(self) -> None:
        """Say what could not be said while offline, with the timestamps of then."""
        for payload in self.missed:
            self.outbox.append(Note(payload, _AHEAD))
        self.missed.clear()

    async def run(self) -> None:
        """Send for ever; what finds no connection is lost, a reconnect announces anew."""
        while True:
            await self.cp.pulse.until(self._has_turn, None, str)
            note = self.outbox[0]
            try:
                await self.cp.messenger.request(
                    "StatusNotification", note.payload, triggered=note.triggered
                )
            except CallError, CallTimeout, Disconnected:
                self.cp.log("StatusNotification lost")
            self.outbox.popleft()
            self.cp.pulse.beat()

    def waits_before(self, place: int) -> bool:
        """Tell whether a note that came before that place is not yet answered."""
        return bool(self.outbox) and self.outbox[0].place < place

    def _has_turn(self) -> bool:
        return bool(self.outbox) and not self.cp.queue.waits_before(self.outbox[0].place)

    def _change(self, number: int, status: Status) -> None:
        self.said[number] = status
        self.history.append((number, status))
        self.cp.log(f"connector {number} is {status}")
        payload = self._payload(number, status)
        if self.cp.online:
            self.outbox.append(Note(payload, next(self.cp.order)))
            self.cp.pulse.beat()
        elif self.cp.quirks.replays_statuses:
            self.missed.append(payload)

    def _statuses(self) -> list[tuple[int, Status]]:
        whole = Status.AVAILABLE if self.cp.operative else Status.UNAVAILABLE
        if self.cp.quirks.frozen_connector_zero:
            whole = Status.AVAILABLE
        connectors = self.cp.connectors.values()
        return [(0, whole), *((c.number, self._shown(c)) for c in connectors)]

    def _shown(self, connector: Connector) -> Status:
        quirks, status = self.cp.quirks, connector.status
        if quirks.available_while_plugged and status in (Status.PREPARING, Status.FINISHING):
            return Status.AVAILABLE
        if quirks.charging_at_zero and status is Status.SUSPENDED_EVSE:
            return Status.CHARGING
        return status

    def _payload(self, number: int, status: Status) -> Payload:
        quirks = self.cp.quirks
        payload: Payload = {
            "connectorId": number,
            "errorCode": quirks.error_code or self._error(number).value,
            "status": status.value,
        }
        if not quirks.status_without_timestamp:
            payload["timestamp"] = self.cp.stamp()
        return payload if quirks.status_info is None else {**payload, "info": quirks.status_info}

    def _error(self, number: int) -> ErrorCode:
        connector = self.cp.connectors.get(number)
        return (connector.fault if connector else None) or ErrorCode.NO_ERROR
