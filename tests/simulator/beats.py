"""What a charge point does by the clock: heartbeats, samples, and letting promises expire."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .connector import Connector, Transaction
from .transactions import sample
from .vocabulary import Context

if TYPE_CHECKING:
    from .charge_point import ChargePoint


@dataclass(slots=True)
class Beats:
    """Called at every tick."""

    cp: ChargePoint
    _slot: int | None = None

    def due(self, now: datetime) -> None:
        """Do everything whose time has come."""
        if self.cp.online and self.cp.registrar.heartbeat_due(now):
            self.cp.spawn(self.cp.heartbeat())
        for connector in self.cp.connectors.values():
            self._expire(connector, now)
        if not self.cp.quirks.samples_only_when_triggered:
            self._periodic(now)
            self._aligned()

    def _periodic(self, now: datetime) -> None:
        interval = self.cp.configuration.number("MeterValueSampleInterval")
        for connector in self.cp.connectors.values():
            running = connector.transaction
            if interval and running and _passed(running, now, timedelta(seconds=interval)):
                running.data.extend(self.cp.stop_data(connector, Context.PERIODIC))
                sample(self.cp, connector, Context.PERIODIC)

    def _aligned(self) -> None:
        """Clock-aligned samples come at multiples of the interval since midnight, §3.15."""
        interval = self.cp.configuration.number("ClockAlignedDataInterval")
        if not interval:
            self._slot = None
            return
        slot = int(self.cp.own_clock.now().timestamp()) // interval
        if self._slot is not None and slot != self._slot:
            for connector in self.cp.connectors.values():
                sample(self.cp, connector, Context.CLOCK)
        self._slot = slot

    def _expire(self, connector: Connector, now: datetime) -> None:
        if connector.grant is not None and now >= connector.grant.until:
            connector.grant = None
            self.cp.look()
        reservation = connector.reservation
        if reservation is not None and self.cp.own_clock.now() >= reservation.expires:
            connector.reservation = None
            self.cp.look()


def _passed(running: Transaction, now: datetime, interval: timedelta) -> bool:
    """Tell whether a sample is due, and keep its rhythm free of drift."""
    passed = (now - running.last_sample) // interval
    running.last_sample += passed * interval
    return passed > 0
