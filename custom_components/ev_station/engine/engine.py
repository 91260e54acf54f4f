"""The engine: one site at work."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal
import logging
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from ..csms.backend import Attempt, Deviation
from ..csms.server import CentralSystem
from ..model.answers import Acknowledged, Answer
from ..model.codec import encode, encode_answer
from ..model.commands import Command, CommandResult
from ..model.effects import Reply, Seal
from ..model.errors import StorageUnavailable
from ..model.events import (
    ChargerConfigured,
    ChargerConnected,
    ChargerEvent,
    ChargingEnabled,
    ConfigurationEvent,
    Event,
    LimitRequested,
    PricesRead,
    SessionAssigned,
    StartRequested,
    StopRequested,
    TimePassed,
    TokenPresented,
    TransactionStarted,
)
from ..model.ids import ChargerId, CommandId, DriverId, EvseId, Fresh, SessionId
from ..model.records import Cdr, Entry, Frame, JournalRow, Posting
from ..model.settings import ChargerSettings, UnknownChargerPolicy
from ..model.state import SITE, Aggregate, Charger, Key, Site, SiteState
from ..station import Outcome, handle
from ..station.figures import running_cost
from ..store.sqlite import SqliteStore
from .carrier import Carrier
from .committer import Committer, Work
from .fresh import NOTHING_FRESH, FreshIds
from .loading import Loaded, load, save_state
from .subscribers import Subscribers
from .types import Health, Listener, Publication, Unsubscribe

_LOGGER = logging.getLogger(__name__)
_TICK_S: Final = 10
_GIVE_UP_AFTER: Final = timedelta(seconds=10)
"""Storage that fails this long: sockets are closed so that chargers queue as offline (F28)."""
_CHECKPOINT_EVERY: Final = 5000
_REMEMBERED: Final = 50


class Engine:
    """One site at work. Every method is called in the event loop."""

    def __init__(
        self, *, folder: Path, listener: Listener | None, clock: Callable[[], datetime]
    ) -> None:
        """Prepare; nothing is opened before `start`."""
        self.state = SiteState()
        self._listener = listener
        self._clock = clock
        self._writer = ThreadPoolExecutor(1, "ev_station_store")
        self._store = SqliteStore(folder / "ev_station.db")
        self._committer = Committer(self._store, self._writer, self._committed, self._undone)
        self.central = CentralSystem(self, clock=clock)
        self._carrier = Carrier(self.central, self._submit_answer, clock)
        self._fresh = FreshIds()
        self._sequence = 0
        self._since_checkpoint = 0
        self._publications = Subscribers[Publication]()
        self._attempt_listeners = Subscribers[Attempt]()
        self._token_listeners = Subscribers[TokenPresented]()
        self._attempts: list[Attempt] = []
        self._deviations: list[Deviation] = []
        self._failing_since: datetime | None = None
        self._loaded = Loaded()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Open the store, replay, listen. Raises OSError if the port is taken, StorageUnavailable."""
        loop = asyncio.get_running_loop()
        self._loaded = await loop.run_in_executor(
            self._writer, load, self._store, self.state, self._clock()
        )
        self._sequence = self._loaded.sequence
        self._fresh = FreshIds(self._loaded.used_transactions)
        for event in self._loaded.disconnections(self.state, self._clock()):
            await self._submit(event, None)
        await self.listen_on(self._listener)
        self._spawn(self._tick())

    async def listen_on(self, listener: Listener | None) -> None:
        """Listen there from now on; None: only under Home Assistant's own server. Raises OSError."""
        await self.central.stop()
        self._listener = listener
        if listener is None:
            await self.central.prepare()
        else:
            await self.central.start(listener.host, listener.port, listener.ssl)

    async def stop(self) -> None:
        """Close the sockets, commit what is open, write a checkpoint, close the store."""
        for task in self._tasks:
            task.cancel()
        await self.central.stop()
        await self._carrier.stop()
        await self._committer.flush()
        if self._failing_since is None and self._committer.idle:
            await self._save(self.state.everything(), self._sequence)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._writer, self._store.close)
        await loop.run_in_executor(None, self._writer.shutdown)

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
        now = self._clock()
        fresh = self._fresh.draw() if isinstance(event, TransactionStarted) else NOTHING_FRESH
        outcome = handle(self.state, event, now, fresh)
        if not outcome.changes and not any(isinstance(each, Seal) for each in outcome.effects):
            if frame is not None:
                self._committer.keep(frame)
            self._carry_out((outcome,))
            return _reply(outcome)
        done: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        entry = self._entry(event, now, fresh, outcome, frame)
        undo = self.state.apply(outcome.changes)
        self._committer.add(Work(entry, outcome, undo, done))
        return await done

    def _entry(
        self, event: Event, now: datetime, fresh: Fresh, outcome: Outcome, frame: Frame | None
    ) -> Entry:
        self._sequence += 1
        reply = _reply(outcome)
        is_fresh = fresh is not NOTHING_FRESH
        row = JournalRow(
            sequence=self._sequence,
            at=now,
            kind=type(event).__name__,
            charger=_charger_of(event),
            event=encode(event),
            fresh_session=fresh.session if is_fresh else None,
            fresh_transaction=fresh.transaction if is_fresh else None,
            decision=None
            if reply is None or isinstance(reply, Acknowledged)
            else encode_answer(reply),
        )
        seals = [effect for effect in outcome.effects if isinstance(effect, Seal)]
        return Entry(
            row=row,
            cdrs=tuple(seal.cdr for seal in seals),
            postings=tuple(seal.posting for seal in seals),
            frame=frame,
        )

    def _committed(self, group: Sequence[Work]) -> None:
        self._failing_since = None
        for work in group:
            if not work.done.done():
                work.done.set_result(_reply(work.outcome))
        self._carry_out([work.outcome for work in group])
        self._since_checkpoint += len(group)
        if self._since_checkpoint >= _CHECKPOINT_EVERY and self._committer.gathered_nothing:
            self._since_checkpoint = 0
            self._spawn(self._save(self.state.everything(), self._sequence))

    def _undone(self, group: Sequence[Work]) -> None:
        for work in reversed(group):
            self.state.apply(work.undo)
            self._sequence -= 1
            if not work.done.done():
                work.done.set_exception(StorageUnavailable())
        if self._failing_since is None:
            self._failing_since = self._clock()
            _LOGGER.error("Storage does not take any more; chargers are asked to try again")

    def _carry_out(self, outcomes: Sequence[Outcome]) -> None:
        """Publish first, so that whoever gets an answer sees the state behind it."""
        changes: dict[Key, Aggregate | None] = {}
        for outcome in outcomes:
            changes.update(outcome.changes)
        notices = [notice for outcome in outcomes for notice in outcome.notices]
        if changes or notices:
            self._publications.tell(Publication(changes=changes, notices=tuple(notices)))
        for outcome in outcomes:
            self._carrier.carry_out(outcome.effects)

    async def _submit_answer(self, event: ChargerEvent) -> None:
        """Feed back what came of a command; if that cannot be stored now, the next connect sets things right."""
        try:
            await self._submit(event, None)
        except StorageUnavailable:
            _LOGGER.warning("The outcome of a command could not be stored")

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK_S)
            await self._watch_storage()
            try:
                await self._submit(TimePassed(), None)
            except StorageUnavailable:
                continue

    async def _watch_storage(self) -> None:
        """Close the sockets while storage fails for long, and open them when it works again (F28)."""
        failing = self._failing_since
        if failing is not None and self._clock() - failing >= _GIVE_UP_AFTER:
            await self.central.suspend()
            await self._save(self.state.everything(), self._sequence)
        if self._failing_since is None:
            self.central.resume()

    async def _save(self, aggregates: Sequence[Aggregate], sequence: int) -> None:
        """Write a checkpoint of a state that is durable up to `sequence`."""
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(
                self._writer, save_state, self._store, sequence, aggregates, self._clock()
            )
        except StorageUnavailable:
            _LOGGER.warning(
                "No checkpoint could be written; the journal is replayed from an older one"
            )

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # What the owner configures

    async def configure(self, *events: ConfigurationEvent | PricesRead) -> None:
        """Apply what the owner configured or a source said; durable on return."""
        before = self.chargers.keys()
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
        standing = await self._read(self._store.latest_cdr, session)
        if standing is None:
            raise KeyError(session)
        await self._submit(SessionAssigned(cdr=standing, driver=driver), None)

    # What people look at

    def cost(self, session: SessionId) -> Decimal | None:
        """Return what a session costs so far; None: no price known."""
        return running_cost(self.state, session, self._clock())

    async def postings(self, first: date, last: date) -> tuple[Posting, ...]:
        """Return the ledger's rows whose local day lies in the inclusive range, in order."""
        return tuple(await self._read(self._store.postings, first, last))

    async def cdrs(self, ids: Iterable[SessionId]) -> Mapping[SessionId, Cdr]:
        """Return sealed charge detail records by id."""
        return await self._read(self._store.cdrs, tuple(ids))

    async def backup_to(self, path: Path) -> None:
        """Write a consistent copy of the store."""
        await self._read(self._store.backup_to, path)

    async def _read[T](self, function: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(None, function, *arguments)

    def listen(self, callback: Callable[[Publication], None]) -> Unsubscribe:
        """Hear of every commit, in order."""
        return self._publications.add(callback)

    def listen_attempts(self, callback: Callable[[Attempt], None]) -> Unsubscribe:
        """Hear of every attempt to connect: discovery card, panel."""
        return self._attempt_listeners.add(callback)

    def listen_tokens(self, callback: Callable[[ChargerId, str], None]) -> Unsubscribe:
        """Hear raw tags as they are presented: only for learning a tag in the driver's form."""
        return self._token_listeners.add(lambda event: callback(event.charger, event.token))

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Take a charger that dials in under Home Assistant's own server; a password is demanded."""
        return await self.central.handle(request)

    @property
    def health(self) -> Health:
        """How the engine is doing now."""
        return Health(
            storage_failing_since=self._failing_since,
            opening=self._loaded.opening,
            unreadable_rows=self._loaded.unreadable,
            deviations=tuple(self._deviations),
            attempts=tuple(self._attempts),
            journal_sequence=self._sequence,
            connections=len(self.central.connections),
        )


def _reply(outcome: Outcome) -> Answer | None:
    return next((effect.answer for effect in outcome.effects if isinstance(effect, Reply)), None)


def _charger_of(event: Event) -> ChargerId | None:
    evse = getattr(event, "evse", None)
    if isinstance(evse, EvseId):
        return evse.charger
    charger = getattr(event, "charger", None)
    return charger if isinstance(charger, str) else None
