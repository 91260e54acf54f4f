"""The engine: one site at work."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
import contextlib
from datetime import datetime
from decimal import Decimal
import logging
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from ..csms.backend import Attempt, Deviation
from ..csms.server import CentralSystem
from ..model.answers import Acknowledged, Answer
from ..model.chain import head_after
from ..model.circuit import MeterReading
from ..model.commands import Command, CommandResult
from ..model.energy import ChargeMode, EnergyReading
from ..model.errors import EvStationError, NotHandled, StorageUnavailable
from ..model.events import (
    BoostRequested,
    ChargerConfigured,
    ChargerConnected,
    ChargerEvent,
    ChargingEnabled,
    ConfigurationEvent,
    DriverRemoved,
    Event,
    GoalRequested,
    GuestRequested,
    LimitRequested,
    ModeRequested,
    PhasesRead,
    SessionAssigned,
    SiteObserved,
    SitePlanned,
    SourceEvent,
    StartRequested,
    StopRequested,
    TimePassed,
    TokenPresented,
    TransactionStarted,
    TripRequested,
    VehicleChosen,
)
from ..model.grid import GridReading
from ..model.ids import ChargerId, CommandId, DriverId, EvseId, Fresh, SessionId, VehicleId
from ..model.records import ChainHead, Entry, Frame
from ..model.settings import ChargerSettings, UnknownChargerPolicy
from ..model.state import SITE, Aggregate, Charger, Key, Site, SiteState
from ..model.vehicle import Trip
from ..station import Outcome, Seen, handle
from ..station.figures import running_cost
from ..store.sqlite import SqliteStore
from .archive import Archive
from .carrier import Carrier
from .committer import Committer, Work
from .control import Control
from .entries import changes_nothing, entry_of, reply_of, row_of
from .fresh import NOTHING_FRESH, FreshIds
from .housekeeping import Housekeeping
from .loading import Loaded, ended_connections, last_connection, load, save_state
from .planner import Planner
from .snapshot import take
from .subscribers import Subscribers
from .types import Health, Listener, Pace, Publication, Unsubscribe
from .watch import StorageWatch

_LOGGER = logging.getLogger(__name__)
_REMEMBERED: Final = 50


class Engine:
    """One site at work. Every method is called in the event loop."""

    def __init__(
        self,
        *,
        folder: Path,
        listener: Listener | None,
        clock: Callable[[], datetime],
        pace: Pace = Pace(),
        open_store: Callable[[Path], SqliteStore] = SqliteStore,
    ) -> None:
        """Prepare; nothing is opened before `start`."""
        self.state = SiteState()
        self._listener = listener
        self._clock = clock
        self._pace = pace
        self._writer = ThreadPoolExecutor(1, "ev_station_store")
        self._store = open_store(folder / "ev_station.db")
        self.archive = Archive(self._store, self._writer, self.state, pace.hold_s)
        self._committer = Committer(self._store, self._writer, self._committed, self._undone)
        self.central = CentralSystem(self, clock=clock)
        self._carrier = Carrier(self.central, self._submit_answer, clock)
        self._watch = StorageWatch(self.central, self._writes, clock, pace)
        self._head = ChainHead()
        self._housekeeping = Housekeeping(
            self._store, self._writer, clock, pace.keep_frames, lambda: self._head, self._checkpoint
        )
        self._control = Control(
            self.state,
            self._submit_look,
            clock,
            every_s=pace.control_s,
            apart_s=pace.control_apart_s,
        )
        self._planner = Planner(
            self.state,
            self._submit_look,
            clock,
            lambda: self._control.energy,
            after_s=pace.plan_after_s,
            again_s=pace.plan_again_s,
        )
        self._fresh = FreshIds()
        self._sequence = 0
        self._since_checkpoint = 0
        self._publications = Subscribers[Publication]()
        self._attempt_listeners = Subscribers[Attempt]()
        self._token_listeners = Subscribers[TokenPresented]()
        self._attempts: list[Attempt] = []
        self._deviations: list[Deviation] = []
        self._faults: set[tuple[type, type]] = set()
        self._loaded = Loaded()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._turn = asyncio.Lock()
        self._takes_inputs = False
        self._stopped = False

    async def start(self) -> None:
        """Open the store, replay, listen. Raises OSError if the port is taken, StorageUnavailable.

        An engine starts once; one that could not has let go of everything.
        """
        async with self._turn:
            if self._stopped:
                raise StorageUnavailable("the engine was stopped")
            try:
                await self._load()
                await self._listen()
            except BaseException:
                await self._rest()
                raise
            self._spawn(self._tick())
            self._spawn(self._control.run())
            self._spawn(self._planner.run())

    async def _load(self) -> None:
        self._loaded = await asyncio.get_running_loop().run_in_executor(
            self._writer, load, self._store, self.state, self._clock()
        )
        self._sequence = self._loaded.sequence
        self._head = self._loaded.head
        self._fresh = FreshIds(self._loaded.used_transactions)
        self.central.number_after(last_connection(self.state))
        self._takes_inputs = True
        await self._end_lost_connections()

    async def listen_on(self, listener: Listener | None) -> None:
        """Listen there from now on; None: only under Home Assistant's own server. Raises OSError."""
        async with self._turn:
            self._listener = listener
            if not self._stopped:
                await self.central.stop()
                await self._listen()

    async def _listen(self) -> None:
        listener = self._listener
        if listener is None:
            await self.central.prepare()
        else:
            await self.central.start(listener.host, listener.port, listener.ssl)

    async def stop(self) -> None:
        """Close the sockets, commit what is open, write a checkpoint, close the store; once is enough."""
        async with self._turn:
            if not self._stopped:
                await self._rest()

    async def _rest(self) -> None:
        self._stopped = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.central.stop()
        await self._carrier.stop()
        await self._committer.flush()
        loaded, self._takes_inputs = self._takes_inputs, False
        await self._watch.stop()
        if loaded and self._watch.failing_since is None:
            await self._checkpoint()
        await asyncio.get_running_loop().run_in_executor(self._writer, self._store.close)
        await asyncio.to_thread(self._writer.shutdown)

    # What the central system needs (csms.backend.Backend)

    @property
    def chargers(self) -> Mapping[ChargerId, ChargerSettings]:
        """The adopted chargers."""
        return {charger.key: charger.settings for charger in self.state.all(Charger)}

    @property
    def unknown_chargers(self) -> UnknownChargerPolicy:
        """What to do with the others on the own port."""
        site = self.state.get(Site, SITE)
        return UnknownChargerPolicy.REFUSE if site is None else site.settings.unknown_chargers

    async def submit(self, event: ChargerEvent, frame: Frame | None) -> Answer:
        """Reduce and commit a charger's event, then return what to answer; raises StorageUnavailable."""
        if isinstance(event, TokenPresented):
            self._token_listeners.tell(event)
        if isinstance(event, ChargerConnected) and event.charger not in self.chargers:
            await self._take_in(event.charger)
        answer = await self._submit(event, frame)
        return Acknowledged() if answer is None else answer

    async def _take_in(self, charger: ChargerId) -> None:
        """Adopt a charger nobody configured: the central system let it in under the policy "accept"."""
        settings = ChargerSettings(charger=charger, name=charger)
        await self._submit(ChargerConfigured(settings=settings), None)

    def keep(self, frame: Frame) -> None:
        """Store a raw frame nobody waits for."""
        self._committer.keep(frame)

    def attempted(self, attempt: Attempt) -> None:
        """Remember and tell of an attempt to connect."""
        self._attempts = [*self._attempts, attempt][-_REMEMBERED:]
        self._attempt_listeners.tell(attempt)

    def deviated(self, deviation: Deviation) -> None:
        """Remember a deviation for the diagnostics."""
        self._deviations = [*self._deviations, deviation][-_REMEMBERED:]

    # Reduce, commit, carry out

    async def _submit(self, event: Event, frame: Frame | None) -> Answer | None:
        """Raises StorageUnavailable and NotHandled, and then nothing has changed."""
        if not self._takes_inputs:
            raise StorageUnavailable("the engine does not run")
        now = self._clock()
        fresh = self._fresh.draw() if isinstance(event, TransactionStarted) else NOTHING_FRESH
        outcome = self._reduce(event, now, fresh, frame)
        if changes_nothing(outcome) and not self._committer.pending:
            if frame is not None:
                self._committer.keep(frame)
            self._carry_out((outcome,))
            return reply_of(outcome)
        done: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        entry = self._entry(event, now, fresh, outcome, frame)
        undo = self.state.apply(outcome.changes)
        self._committer.add(Work(entry, outcome, undo, done))
        return await done

    def _reduce(self, event: Event, now: datetime, fresh: Fresh, frame: Frame | None) -> Outcome:
        """Let a fault of ours cost this input only: its sender is answered, the log tells of it once."""
        try:
            return handle(self.state, event, now, fresh)
        except Exception as error:
            if frame is not None:
                self._committer.keep(frame)
            kind = type(event), type(error)
            if kind not in self._faults:
                self._faults.add(kind)
                _LOGGER.exception("%s could not be handled", type(event).__name__)
            raise NotHandled(type(event).__name__) from error

    def _entry(
        self, event: Event, now: datetime, fresh: Fresh, outcome: Outcome, frame: Frame | None
    ) -> Entry:
        if changes_nothing(outcome):
            # A repeat is answered no sooner than what it repeats is durable.
            return Entry(row=None, frame=frame)
        self._sequence += 1
        return entry_of(row_of(self._sequence, event, now, fresh, outcome), outcome, frame)

    def _committed(self, group: Sequence[Work]) -> None:
        if not self._committer.owes:
            self._watch.worked()
        for work in group:
            if work.entry.postings:
                self._head = head_after(work.entry.postings[-1])
            if not work.done.done():
                work.done.set_result(reply_of(work.outcome))
        self._since_checkpoint += sum(work.rows for work in group)
        if self._since_checkpoint >= self._pace.checkpoint_every:
            self._since_checkpoint = 0
            self._spawn(self._checkpoint())
        self._carry_out([work.outcome for work in group])

    def _undone(self, group: Sequence[Work], error: EvStationError) -> None:
        for work in reversed(group):
            self.state.apply(work.undo)
            self._sequence -= work.rows
            if not work.done.done():
                work.done.set_exception(error)
        if isinstance(error, StorageUnavailable):
            self._watch.failed(error)

    def _carry_out(self, outcomes: Sequence[Outcome]) -> None:
        """Publish first, so that whoever gets an answer sees the state behind it."""
        changes: dict[Key, Aggregate | None] = {}
        for outcome in outcomes:
            changes.update(outcome.changes)
        notices = [notice for outcome in outcomes for notice in outcome.notices]
        self._control.changed(changes)
        self._planner.changed(changes)
        if changes or notices:
            self._publications.tell(Publication(changes=changes, notices=tuple(notices)))
        for outcome in outcomes:
            self._carrier.carry_out(outcome.effects)

    async def _submit_answer(self, event: ChargerEvent) -> None:
        """Feed back what came of a command; if that cannot be stored now, the next connect sets things right."""
        try:
            await self._submit(event, None)
        except EvStationError:
            _LOGGER.warning("The outcome of a command could not be stored")

    async def _submit_look(self, event: SiteObserved | SitePlanned) -> None:
        await self._submit(event, None)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(self._pace.tick_s)
            await self._look_around()
            await self._keep_house()
            await self.archive.end_long_hold()

    async def _look_around(self) -> None:
        """Do what no message asks for; what fails now is tried again by the next tick."""
        self._committer.wake()
        with contextlib.suppress(EvStationError):
            await self._end_lost_connections()
            await self._submit(TimePassed(), None)

    async def _end_lost_connections(self) -> None:
        """Note connections that ended with the last run, or while nothing could be stored."""
        live = {charger: link.number for charger, link in self.central.connections.items()}
        for event in ended_connections(self.state, live, self._clock()):
            await self._submit(event, None)

    async def _keep_house(self) -> None:
        site = self.state.get(Site, SITE)
        if site is not None and self._watch.failing_since is None:
            await self._housekeeping.look(ZoneInfo(site.settings.time_zone))

    async def _writes(self) -> bool:
        """Write what could not be written, else a checkpoint, and tell whether that worked."""
        if not self._committer.owes:
            return await self._checkpoint()
        await self._committer.flush()
        return not self._committer.owes

    async def _checkpoint(self) -> bool:
        """Write a checkpoint of what is durable now; return whether storage took what it was given."""
        snapshot = take(self.state, self._sequence, self._committer.pending)
        try:
            await asyncio.get_running_loop().run_in_executor(
                self._writer, save_state, self._store, *snapshot, self._clock()
            )
        except StorageUnavailable:
            _LOGGER.warning("No checkpoint could be written; a restart replays from an older one")
            return False
        except Exception:
            # The journal has everything: a fault of ours must keep neither the store open nor chargers away.
            _LOGGER.exception("No checkpoint could be made; a restart replays from an older one")
        return True

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # What the owner configures

    async def configure(self, *events: ConfigurationEvent | SourceEvent) -> None:
        """Apply what the owner configured or a source said; durable on return."""
        before = self.chargers.keys()
        for event in events:
            if isinstance(event, DriverRemoved):
                await self.archive.remember(event.driver)
        await asyncio.gather(*(self._submit(event, None) for event in events))
        for charger in self.chargers.keys() - before:
            await self.central.adopted(charger)
        for charger in before - self.chargers.keys():
            await self.central.disconnect(charger)

    # What people and automations ask for

    async def start_session(self, evse: EvseId, driver: DriverId | None) -> CommandResult:
        """Ask the charger to start for a driver; returns the charger's answer."""
        return await self._request(
            lambda command: StartRequested(evse=evse, driver=driver, command=command)
        )

    async def stop_session(self, evse: EvseId) -> CommandResult:
        """Ask the charger to end the session on an EVSE."""
        return await self._request(lambda command: StopRequested(evse=evse, command=command))

    async def set_limit(self, evse: EvseId, limit_a: float) -> CommandResult:
        """Set the most an EVSE may offer, A per phase; kept while nothing is plugged and over restarts."""
        limit = Decimal(str(limit_a))
        return await self._request(
            lambda command: LimitRequested(evse=evse, limit_a=limit, command=command)
        )

    async def enable(self, evse: EvseId, *, enabled: bool) -> CommandResult:
        """Allow charging or pause it; a pause keeps the transaction."""
        return await self._request(
            lambda command: ChargingEnabled(evse=evse, enabled=enabled, command=command)
        )

    async def set_mode(self, evse: EvseId, mode: ChargeMode) -> CommandResult:
        """Choose which power an EVSE charges with."""
        return await self._request(
            lambda command: ModeRequested(evse=evse, mode=mode, command=command)
        )

    async def boost(self, evse: EvseId, *, on: bool) -> CommandResult:
        """Drain the home battery into the car until its level or the session ends that, or no longer."""
        return await self._request(
            lambda command: BoostRequested(evse=evse, on=on, command=command)
        )

    async def choose_vehicle(self, evse: EvseId, vehicle: VehicleId | None) -> CommandResult:
        """Say which car stands at an EVSE: one of ours, `GUEST`, or None for whoever charges tells."""
        return await self._request(
            lambda command: VehicleChosen(evse=evse, vehicle=vehicle, command=command)
        )

    async def set_goal(self, vehicle: VehicleId, percent: int | None) -> CommandResult:
        """Set what a car is to have instead of its usual goal; None: its usual one."""
        return await self._request(
            lambda command: GoalRequested(vehicle=vehicle, percent=percent, command=command)
        )

    async def set_trip(self, vehicle: VehicleId, trip: Trip | None) -> CommandResult:
        """Say when a car leaves next; None: as every week."""
        return await self._request(
            lambda command: TripRequested(vehicle=vehicle, trip=trip, command=command)
        )

    async def set_guest(self, evse: EvseId, trip: Trip | None) -> CommandResult:
        """Say when the stranger's car at an EVSE leaves; without a goal it is to be full. None: nothing any more."""
        return await self._request(
            lambda command: GuestRequested(evse=evse, trip=trip, command=command)
        )

    async def _request(self, make: Callable[[CommandId], Event]) -> CommandResult:
        command, result = self._carrier.expect()
        try:
            await self._submit(make(command), None)
            return await result
        finally:
            self._carrier.forget(command)

    async def command(self, charger: ChargerId, command: Command) -> CommandResult:
        """Send a Reset, Unlock, Trigger or SetAvailability."""
        return await self._carrier.execute(charger, command)

    async def call(
        self, charger: ChargerId, action: str, payload: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Send any OCPP request; raises InvalidCall, ChargerNotConnected, CallTimedOut, CallRefused."""
        return await self.central.call(charger, action, dict(payload))

    async def assign(self, session: SessionId, driver: DriverId | None) -> None:
        """Give an ended session to another driver: a credit and an adjustment. Raises KeyError."""
        standing = await self.archive.standing_cdr(session)
        if standing is None:
            raise KeyError(session)
        await self._submit(SessionAssigned(cdr=standing, driver=driver), None)

    # What entities of others say

    def read_meter(self, reading: MeterReading) -> None:
        """Take what a circuit's meters say now; the site is looked at within a moment."""
        self._control.read(reading)

    def read_energy(self, reading: EnergyReading) -> None:
        """Take where the site's power comes from now."""
        self._control.read_energy(reading)

    def read_grid(self, reading: GridReading) -> None:
        """Take what the grid's operator says now; the site is looked at within a moment."""
        self._control.read_grid(reading)

    async def read_phases(self, evse: EvseId, phases: int | None) -> None:
        """Take on how many phases the entity that switches an EVSE's says it is. Raises EvStationError."""
        await self._submit(PhasesRead(evse=evse, phases=phases), None)

    # What people look at

    def cost(self, session: SessionId) -> Decimal | None:
        """Return what a session costs so far; None: no price known."""
        return running_cost(self.state, session, self._clock())

    @property
    def planner(self) -> Planner:
        """Return who plans the site."""
        return self._planner

    @property
    def seen(self) -> Seen:
        """Return what the last look at the site found."""
        return self._control.seen

    def listen_looks(self, callback: Callable[[Seen], None]) -> Unsubscribe:
        """Hear of every look at the site, after what it decided."""
        return self._control.listen(callback)

    def listen(self, callback: Callable[[Publication], None]) -> Unsubscribe:
        """Hear of every commit, in order."""
        return self._publications.add(callback)

    def listen_attempts(self, callback: Callable[[Attempt], None]) -> Unsubscribe:
        """Hear of every attempt to connect: discovery card, panel."""
        return self._attempt_listeners.add(callback)

    def listen_tokens(self, callback: Callable[[ChargerId, str], None]) -> Unsubscribe:
        """Hear raw tags as they are presented: only for learning a tag in the driver's form."""
        return self._token_listeners.add(lambda event: callback(event.charger, event.token))

    @property
    def health(self) -> Health:
        """How the engine is doing now."""
        return Health(
            storage_failing_since=self._watch.failing_since,
            opening=self._loaded.opening,
            unreadable_rows=self._loaded.unreadable,
            backup_problem=self._housekeeping.problem,
            ledger_break=self._housekeeping.ledger_break,
            deviations=tuple(self._deviations),
            attempts=tuple(self._attempts),
            journal_sequence=self._sequence,
            connections=len(self.central.connections),
        )
