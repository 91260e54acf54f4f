"""A charge point with the buttons a person would press, and the accidents that befall it."""

from enum import StrEnum

from . import remote, transactions
from .charge_point import ChargePoint
from .connector import Connector
from .pulse import PATIENCE_S
from .vehicle import Vehicle
from .vocabulary import ErrorCode, Payload, Reason, Status


class Outage(StrEnum):
    """How a connection can end."""

    ABORT = "abort"
    """Reset, without a close frame."""
    CLOSE = "close"
    """The polite way."""
    HALF_OPEN = "half open"
    """The other side sees an open socket on which nobody answers."""


class Charger(ChargePoint):
    """What tests and demonstrations hold in their hands."""

    # -- what a person does --------------------------------------------------------------------

    async def plug_in(self, number: int, vehicle: Vehicle) -> None:
        """Connect a car; it charges if a tag was presented before, or in free mode."""
        connector = self.connectors[number]
        self.look()
        connector.vehicle, connector.finishing = vehicle, False
        vehicle.plug_in()
        tag = connector.grant.tag if connector.grant else self.quirks.free_charging
        profile = connector.grant.profile if connector.grant else None
        self.look()
        if connector.transaction is not None:
            self.close_contactor(connector)
        elif tag is not None and not connector.busy:
            transactions.start(self, connector, tag, profile)

    async def unplug(self, number: int) -> Vehicle | None:
        """Pull the cable; return the car."""
        connector = self.connectors[number]
        self.look()
        vehicle, connector.vehicle, connector.finishing = connector.vehicle, None, False
        if vehicle is not None:
            vehicle.unplug()
        if self.configuration.on("StopTransactionOnEVSideDisconnect"):
            transactions.end(self, connector, Reason.EV_DISCONNECTED)
        self.look()
        return vehicle

    async def present_tag(self, number: int, tag: str) -> bool:
        """Hold a tag to the reader; tell whether it was accepted."""
        connector = self.connectors[number]
        if connector.transaction is not None:
            return await self._tag_while_charging(connector, tag)
        if connector.busy or not self.may_use_reservation(connector, tag):
            return False
        if not self.quirks.skips_authorize and not await self.access.admits(tag):
            return False
        if not self.may_use_reservation(connector, tag):
            return False
        remote.grant(self, connector, tag)
        return True

    async def _tag_while_charging(self, connector: Connector, tag: str) -> bool:
        """The same tag stops at once, another one if it is of the same group, §4.1."""
        running = connector.transaction
        if running is None:
            return False
        if tag != running.tag:
            admitted = await self.access.admits(tag)
            parent = self.access.parent(tag)
            if not admitted or parent is None or parent != self.access.parent(running.tag):
                return False
        transactions.stop(self, connector, Reason.LOCAL, tag)
        return True

    async def press_stop(self, number: int) -> None:
        """Stop at the button, without a tag."""
        transactions.stop(self, self.connectors[number], Reason.LOCAL)

    async def fault(self, number: int, code: ErrorCode | None) -> None:
        """Break a connector, which ends its transaction; None repairs it."""
        connector = self.connectors[number]
        if code is not None:
            transactions.stop(self, connector, Reason.OTHER)
        connector.fault = code
        self.look()

    # -- the connection ------------------------------------------------------------------------

    async def go_offline(self, how: Outage = Outage.ABORT) -> None:
        """Lose the connection and do not dial again; charging goes on."""
        self.transport.wanted(False)
        await self.drop(how)

    async def drop(self, how: Outage = Outage.ABORT) -> None:
        """Lose the connection once; the charger dials again by itself."""
        match how:
            case Outage.ABORT:
                self.transport.abort()
            case Outage.HALF_OPEN:
                self.transport.half_open()
            case Outage.CLOSE:
                await self.transport.close()

    async def go_online(self) -> None:
        """Dial again and wait for the central system's verdict."""
        self._refusals = 0
        self.transport.wanted(True)
        await self.pulse.until(self._has_verdict, self.rpc.timeout, self.story("a verdict"))

    def lose_answer(self, action: str, times: int = 1) -> None:
        """Break the connection instead of hearing the next answers to that request."""
        self.rpc.lost_answers[action] += times

    # -- waiting -------------------------------------------------------------------------------

    async def wait_for(
        self, number: int, status: Status, within: float | None = PATIENCE_S
    ) -> None:
        """Wait until a connector has that status, be it for a moment only.

        While connected, wait also until everything said up to then is answered, so that the
        central system knows as much.
        """
        begin = len(self.notifier.history)
        await self.wait_until(
            lambda: (
                self.status(number) is status or (number, status) in self.notifier.history[begin:]
            ),
            within,
            f"connector {number} to be {status}",
        )
        await self.heard(within)

    async def heard(self, within: float | None = PATIENCE_S) -> None:
        """Wait until what was said so far is answered; what waits for a retry is not waited for."""
        place = next(self.order)
        await self.wait_until(
            lambda: (
                not self.online or not (self.notifier.waits_before(place) or self.queue.owes(place))
            ),
            within,
            "to be heard",
        )

    async def wait_online(self, within: float | None = PATIENCE_S) -> None:
        """Wait until the charger is connected and accepted."""
        await self.wait_until(lambda: self.online, within, "to be accepted")

    async def wait_request(
        self, action: str, count: int = 1, within: float | None = PATIENCE_S
    ) -> Payload:
        """Wait until the central system has sent `count` of these; return the latest payload."""
        await self.wait_until(
            lambda: len(self.received_requests(action)) >= count, within, f"{count} {action}"
        )
        return self.received_requests(action)[-1]
