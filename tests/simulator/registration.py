"""Registering with the central system and keeping in touch, OCPP 1.6 §4.2 and §4.6."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from .clock import read_stamp
from .rpc import CallError, CallTimeout, Disconnected
from .vocabulary import Payload, Registration

if TYPE_CHECKING:
    from .charge_point import ChargePoint

_OWN_INTERVAL = 10.0
"""Seconds between boot attempts where the central system leaves the choice to us."""


@dataclass(slots=True)
class Registrar:
    """Holds the central system's verdict."""

    cp: ChargePoint
    state: Registration = Registration.UNKNOWN
    interval: float = _OWN_INTERVAL
    last_heartbeat: datetime | None = None
    verdicts: list[Registration] = field(default_factory=list)

    async def join(self) -> None:
        """Boot where this charger does so, until it is accepted or the connection ends."""
        quirks, connection = self.cp.quirks, self.cp.transport.handshakes
        resumed = self.state is Registration.ACCEPTED and quirks.no_boot_on_reconnect
        if quirks.never_boots or resumed:
            self.state = Registration.ACCEPTED
            self.cp.joined()
            return
        self.state = Registration.UNKNOWN
        while self.cp.transport.is_open and self.cp.transport.handshakes == connection:
            if await self.boot():
                return
            await self.cp.clock.sleep(self.interval)

    async def boot(self) -> bool:
        """Send BootNotification once and take in the verdict."""
        try:
            answer = await self.cp.rpc.call("BootNotification", self.cp.boot_payload())
        except CallError, CallTimeout, Disconnected:
            return self.state is Registration.ACCEPTED
        self._heed(answer)
        self.cp.log(f"boot {self.state}")
        self.cp.pulse.beat()
        return self.state is Registration.ACCEPTED

    def _heed(self, answer: Payload) -> None:
        """Take in an answer; one that makes no sense is no verdict."""
        if answer.get("status") not in set(Registration):
            return
        self.state = Registration(answer["status"])
        self.verdicts.append(self.state)
        interval = answer.get("interval", 0)
        self.interval = interval or _OWN_INTERVAL
        if self.state is Registration.ACCEPTED:
            self._set_clock(answer)
            self._take_interval(interval)
            self.last_heartbeat = self.cp.clock.now()
            self.cp.joined()

    def _take_interval(self, interval: int) -> None:
        if interval:
            self.cp.configuration.put([("HeartbeatInterval", str(interval))])

    async def heartbeat(self) -> None:
        """Send Heartbeat and set the clock by its answer."""
        self.last_heartbeat = self.cp.clock.now()
        try:
            answer = await self.cp.messenger.request("Heartbeat", {}, triggered=True)
        except CallError, CallTimeout, Disconnected:
            return
        self._set_clock(answer)

    def _set_clock(self, answer: Payload) -> None:
        with suppress(KeyError, TypeError, ValueError):
            self.cp.own_clock.set(read_stamp(answer["currentTime"]))

    def heartbeat_due(self, now: datetime) -> bool:
        """Tell whether HeartbeatInterval has passed."""
        seconds = self.cp.configuration.number("HeartbeatInterval")
        last = self.last_heartbeat
        return bool(seconds) and (last is None or (now - last).total_seconds() >= seconds)
