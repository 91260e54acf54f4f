"""A charge point of OCPP 1.6-J over a real socket: its parts, and how they hang together."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
import contextlib
from datetime import datetime, timedelta
from itertools import count
import random
from types import TracebackType
from typing import Self

from . import transactions
from .access import Access
from .beats import Beats
from .clock import ChargerClock, Clock, RealClock, stamp
from .configuration import Configuration, standard_keys
from .connector import Connector
from .hardware import Hardware
from .judge import Violation
from .messenger import Messenger
from .meter import Meter
from .notifier import Notifier
from .pilot import NOTHING
from .profile_store import ProfileStore
from .pulse import PATIENCE_S, Pulse
from .quirks import FAITHFUL, Quirks
from .registration import Registrar
from .samples import meter_value, sampled_values
from .smart_charging import offers
from .stacking import Wiring
from .transport import SUBPROTOCOL, Dialling, Redial, Transport
from .truth import TrueSession
from .vocabulary import Context, Payload, Reason, Registration, Status


class ChargePoint:
    """A charge point; `async with` powers it up and waits for the verdict on its boot.

    `clock` is true time, `haste` lets energy flow that many times faster than power and time
    say, `tick` is the simulated seconds between looks at the electricity. Times named
    `timeout` are real seconds. Run time itself faster only against a central system that has
    the same clock: a charger sets its own by what it is told.
    """

    def __init__(
        self,
        url: str,
        identity: str,
        *,
        connectors: int = 1,
        clock: Clock | None = None,
        quirks: Quirks = FAITHFUL,
        password: str | None = None,
        hardware: Hardware | None = None,
        configuration: Mapping[str, str] | None = None,
        haste: float = 1.0,
        tick: float = 1.0,
        redial: Redial | None = None,
        timeout: float = 10.0,
        seed: int = 0,
        log: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.identity = identity
        self.clock: Clock = clock or RealClock()
        self.quirks = quirks
        self.hardware = hardware or Hardware()
        self.log = log
        self.tick = tick
        self.powered = False
        self.operative = True
        self.order = count()
        self.truth: list[TrueSession] = []
        self.failures: list[BaseException] = []
        self.pulse = Pulse()
        self._tasks: set[asyncio.Task[None]] = set()
        self._refusals = 0
        dialling = _dialling(url, identity, password, quirks)
        self.transport = Transport(
            dialling=dialling,
            listener=self,
            redial=redial or Redial(),
            rng=random.Random(seed),
        )
        self.messenger = Messenger(self, timeout)
        self.rpc, self.queue = self.messenger.rpc, self.messenger.queue
        self._build_mind(configuration or {}, connectors, haste)

    def _build_mind(self, values: Mapping[str, str], connectors: int, haste: float) -> None:
        self.own_clock = ChargerClock(
            self.clock,
            offset=timedelta(seconds=self.quirks.clock_offset),
            unset=self.quirks.clock_unset,
            obeys=not self.quirks.clock_disobeys,
        )
        self.configuration = Configuration(standard_keys(connectors, self.wiring.phases))
        self.configuration.put(values.items())
        self.connectors = {
            number: self._connector(number, haste) for number in range(1, connectors + 1)
        }
        self.profiles = ProfileStore(configuration=self.configuration, quirks=self.quirks)
        self.access = Access(configuration=self.configuration, ask=self.messenger.ask_about)
        self.notifier = Notifier(self)
        self.registrar = Registrar(self)
        self.beats = Beats(self)

    def _connector(self, number: int, haste: float) -> Connector:
        meter = Meter(start_wh=self.hardware.meter_start_wh, rollover_wh=self.hardware.rollover_wh)
        return Connector(
            number=number,
            meter=meter,
            wiring=self.wiring,
            looked=self.clock.now(),
            haste=haste,
        )

    # -- life ----------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        for duty in (self.transport.run(), self.queue.run(), self.notifier.run(), self._live()):
            self.spawn(duty)
        self.power_on()
        with contextlib.suppress(TimeoutError):
            await self.pulse.until(self._has_verdict, self.rpc.timeout, str)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None and self.online:
            with contextlib.suppress(TimeoutError):
                await self.drained(within=2.0)
        await self.transport.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.failures and error is None:
            raise BaseExceptionGroup(f"{self.identity} broke", self.failures)

    def _has_verdict(self) -> bool:
        """Accepted and on duty, told to wait, or not let in at all."""
        waiting = self.registrar.state in (Registration.PENDING, Registration.REJECTED)
        return self.online or waiting or self._refusals > 0

    def spawn(self, duty: Coroutine[object, object, None]) -> None:
        """Run something beside; its errors come out when the charger is left."""
        task = asyncio.create_task(duty)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failures.append(error)
            self.log(f"broke: {error!r}")

    async def _live(self) -> None:
        while True:
            await self.clock.sleep(self.tick)
            if self.powered:
                self.look()
                self.beats.due(self.clock.now())

    def look(self) -> None:
        """Bring the electricity up to this moment, and say what has changed."""
        now = self.clock.now()
        for connector in self.connectors.values():
            if self.powered:
                connector.advance(now)
            connector.looked = now
        self._offer(now)
        self.notifier.follow()
        self.pulse.beat()

    def _offer(self, now: datetime) -> None:
        limits = offers(self) if self.powered else {}
        for connector in self.connectors.values():
            limit = limits.get(connector.number, NOTHING)
            connector.pilot.follow(limit, now, self.hardware.reaction)
            connector.measure()
            if self.quirks.zero_limit_ends_session and _starved(connector):
                transactions.end(self, connector, Reason.OTHER)

    def close_contactor(self, connector: Connector) -> None:
        """Offer current at once, as at the start of a transaction."""
        connector.pilot.switch(offers(self).get(connector.number, NOTHING))
        connector.measure()
        self.look()

    # -- power ---------------------------------------------------------------------------------

    def power_on(self) -> None:
        """Switch the mains on: the charger boots and dials in."""
        self.powered = True
        self.look()
        self.transport.wanted(True)

    def power_off(self, reason: Reason = Reason.POWER_LOSS) -> None:
        """Cut the mains in the middle of whatever goes on; the queue is in flash."""
        for connector in self.connectors.values():
            if not self.quirks.resumes_after_power_loss:
                transactions.stop(self, connector, reason)
                connector.finishing = False
            connector.grant = None
        self.look()
        self.powered = False
        self.transport.wanted(False)
        self.transport.abort()
        self._forget()

    def _forget(self) -> None:
        """Lose what this make does not keep without power."""
        self.registrar.state = Registration.UNKNOWN
        self.notifier.said.clear()
        if self.quirks.clock_unset:
            self.own_clock.lose()
        if self.quirks.forgets_profiles_on_reboot:
            self.profiles.forget()
        if self.quirks.register_resets_on_reboot:
            for connector in self.connectors.values():
                connector.meter.reset()

    async def power_cycle(self, outage: float = 0.0, reason: Reason = Reason.POWER_LOSS) -> None:
        """Cut the mains for that many simulated seconds."""
        self.power_off(reason)
        if outage:
            await self.clock.sleep(outage)
        self.power_on()

    async def reboot(self, reason: Reason, *, gracefully: bool) -> None:
        """Restart on request; gracefully means that transactions are closed and told first."""
        if gracefully:
            for connector in self.connectors.values():
                transactions.stop(self, connector, reason)
            with contextlib.suppress(TimeoutError):
                await self.drained(within=2.0)
            await self.transport.close()
        await self.power_cycle(reason=reason)

    @property
    def online(self) -> bool:
        """Whether the central system is there and has accepted us."""
        return self.transport.is_open and self.registrar.state is Registration.ACCEPTED

    # -- waiting -------------------------------------------------------------------------------

    async def wait_until(
        self,
        condition: Callable[[], bool],
        within: float | None = PATIENCE_S,
        hoped: str = "a condition",
    ) -> None:
        """Wait until something is true of this charger."""
        await self.pulse.until(condition, within, self.story(hoped))

    async def drained(self, within: float | None = PATIENCE_S) -> None:
        """Wait until everything this charger has to say is said and answered."""
        await self.wait_until(self._has_said_all, within, "to have said all")

    def _has_said_all(self) -> bool:
        quiet = not self.notifier.outbox and not self.queue.waiting
        return self.online and quiet and self.rpc.idle

    def story(self, hoped: str) -> Callable[[], str]:
        """Return what tells, when asked, how things stand while something is hoped for."""

        def tell() -> str:
            states = [f"{c.number} {c.status}" for c in self.connectors.values()]
            waiting = [message.action for message in self.queue.waiting]
            return f"{self.identity} hoped for {hoped}: {self.registrar.state}, {states}, {waiting}"

        return tell

    # -- what the parts need -------------------------------------------------------------------

    def status(self, number: int) -> Status:
        """Return what was last said of a connector."""
        return self.notifier.said.get(number, Status.UNAVAILABLE)

    def received_requests(self, action: str) -> list[Payload]:
        """Return the payloads of all requests of that kind, the oldest first."""
        return [request.payload for request in self.messenger.requests if request.action == action]

    @property
    def wiring(self) -> Wiring:
        """The electrical facts of every connector."""
        return self.hardware.wiring

    @property
    def violations(self) -> list[Violation]:
        """What the central system did that OCPP 1.6-J forbids."""
        return self.rpc.judge.violations

    def may_use_reservation(self, connector: Connector, tag: str) -> bool:
        """Tell whether a connector is not reserved, or reserved for this tag or its group."""
        held = connector.reservation
        if held is None or held.tag == tag:
            return True
        return held.parent is not None and held.parent == self.access.parent(tag)

    def stamp(self) -> str:
        """Spell the time as this charger believes it to be."""
        return stamp(self.own_clock.now(), self.quirks.timestamp_style)

    def meter_value(self, connector: Connector, key: str, context: Context) -> list[Payload]:
        """Sample the measurands a configuration key names."""
        wanted = self.configuration.items(key)
        values = sampled_values(connector, wanted, context, self.quirks)
        return meter_value(self.stamp(), values, self.quirks)

    def stop_data(self, connector: Connector, context: Context) -> list[Payload]:
        """Sample what goes into StopTransaction's transactionData, if anything does."""
        if not self.configuration.items("StopTxnSampledData"):
            return []
        return self.meter_value(connector, "StopTxnSampledData", context)

    def boot_payload(self) -> Payload:
        """Return BootNotification's payload."""
        return {**self.hardware.name_plate(self.identity), **self.quirks.boot_fields}

    async def boot_once(self) -> None:
        """Send a BootNotification out of turn."""
        await self.registrar.boot()

    async def heartbeat(self) -> None:
        """Send a Heartbeat."""
        await self.registrar.heartbeat()

    def announce(
        self, chosen: Iterable[Connector], *, whole: bool = True, triggered: bool = False
    ) -> None:
        """Send the status of some connectors."""
        self.notifier.announce(chosen, whole=whole, triggered=triggered)

    # -- the connection's listener -------------------------------------------------------------

    async def connected(self) -> None:
        """Register, or carry on."""
        self.log("connected")
        if self.transport.handshakes > 1 and self.quirks.forgets_profiles_on_reconnect:
            self.profiles.forget()
        self.rpc.opened(self.transport.send)
        if not self.quirks.no_boot_on_reconnect:
            self.registrar.state = Registration.UNKNOWN
        self.spawn(self.registrar.join())

    def joined(self) -> None:
        """Go on duty: say how things stand, then deliver the queue."""
        if self.queue.ready.is_set():
            return
        if self.transport.handshakes == 1 or not self.quirks.silent_reconnect:
            self.announce(self.connectors.values())
        self.notifier.replay()
        self.queue.ready.set()
        self.look()

    async def received(self, text: str) -> None:
        """Take in a frame."""
        await self.rpc.received(text)
        self.pulse.beat()

    def disconnected(self) -> None:
        """Carry on without the central system."""
        self.log("disconnected")
        self.rpc.closed()
        self.queue.ready.clear()
        if self.quirks.never_redials:
            self.transport.wanted(False)
        self.pulse.beat()

    def refused(self, problem: str) -> None:
        """Note that the central system did not let us in."""
        self._refusals += 1
        self.log(problem)
        self.pulse.beat()


def _dialling(url: str, identity: str, password: str | None, quirks: Quirks) -> Dialling:
    return Dialling(
        url=url,
        identity=identity,
        password=password,
        protocols=() if quirks.no_subprotocol else (SUBPROTOCOL,),
        suffix=quirks.address_suffix,
        answers_pings=not quirks.ignores_pings,
    )


def _starved(connector: Connector) -> bool:
    return connector.may_flow and connector.pilot.limit.amps == 0.0
