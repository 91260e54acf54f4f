"""A site without engine or store: events in, effects out, everything journalled, every record kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from custom_components.ev_station.model.answers import Answer, AuthorizeAnswer, StartAnswer
from custom_components.ev_station.model.chain import body_hash, posting_body
from custom_components.ev_station.model.commands import Command, CommandStatus, ScheduleResult
from custom_components.ev_station.model.effects import Effect, Notice, NoticeKind, Reply, Seal, Send
from custom_components.ev_station.model.events import (
    ChargerBooted,
    ChargerConfigured,
    ChargerConnected,
    ChargerDisconnected,
    ChargerPrepared,
    CommandAnswered,
    DriverConfigured,
    Event,
    MeterSampled,
    SheetConfigured,
    SiteConfigured,
    StatusReported,
    TariffConfigured,
    TimePassed,
    TokenPresented,
    TransactionStarted,
    TransactionStopped,
)
from custom_components.ev_station.model.ids import EvseId, Fresh
from custom_components.ev_station.model.measurement import (
    Context,
    Measurement,
    Phase,
    Quantity,
    Sample,
)
from custom_components.ev_station.model.records import GENESIS, Cdr, Posting
from custom_components.ev_station.model.session import Session
from custom_components.ev_station.model.settings import (
    ChargerSettings,
    DriverSettings,
    SheetSettings,
    SiteSettings,
    TariffSettings,
    TokenSettings,
)
from custom_components.ev_station.model.state import Account, Aggregate, Charger, Evse, SiteState
from custom_components.ev_station.model.status import EvseStatus, Version
from custom_components.ev_station.station import Outcome, handle
from custom_components.ev_station.tariff.build import fixed

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
SETTINGS = SiteSettings(
    name="Home",
    currency="EUR",
    time_zone="Europe/Berlin",
    secret="5ec4e7",
    default_tariff="flat",
)
FLAT = TariffConfigured(
    settings=TariffSettings(tariff=fixed("flat", "EUR", Decimal("0.30")), name="Flat")
)
ANNA = DriverConfigured(
    settings=DriverSettings(driver="anna", name="Anna", tokens=(TokenSettings(uid="ANNA"),))
)
BEN = DriverConfigured(
    settings=DriverSettings(
        driver="ben",
        name="Ben",
        tokens=(
            TokenSettings(uid="BEN"),
            TokenSettings(uid="LOST", blocked=True),
            TokenSettings(uid="OLD", expires_at=NOON - DAY),
        ),
    )
)
SHEET = SheetConfigured(
    settings=SheetSettings(sheet="house", name="House", drivers=("anna", "ben"))
)
UNSAID = datetime.max.replace(tzinfo=UTC)
"""Stands for "now" where None means that the charger sends no time stamp."""


@dataclass(frozen=True, slots=True)
class Row:
    """A journalled input."""

    event: Event
    now: datetime
    fresh: Fresh


@dataclass
class Site:
    """The reducer's state, its clock and everything it ever decided."""

    now: datetime = NOON
    state: SiteState = field(default_factory=SiteState)
    journal: list[Row] = field(default_factory=list)
    cdrs: list[Cdr] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def feed(self, event: Event) -> tuple[Effect, ...]:
        """Reduce an event, apply it and return its effects; what it changed can always be undone."""
        fresh = Fresh("", 0)
        if isinstance(event, TransactionStarted):
            number = next(self.numbers)
            fresh = Fresh(f"session{number}", 1000 + number)
        return self._apply(Row(event, self.now, fresh)).effects

    def _apply(self, row: Row) -> Outcome:
        before = snapshot(self.state)
        outcome = handle(self.state, row.event, row.now, row.fresh)
        assert snapshot(self.state) == before, "the reducer wrote to the state itself"
        undo = self.state.apply(outcome.changes)
        self.state.apply(undo)
        assert snapshot(self.state) == before, "an undo does not restore"
        self.state.apply(outcome.changes)
        self.journal.append(row)
        self._keep(outcome)
        return outcome

    def _keep(self, outcome: Outcome) -> None:
        seals = [effect for effect in outcome.effects if isinstance(effect, Seal)]
        self.cdrs += [seal.cdr for seal in seals]
        self.postings += [seal.posting for seal in seals]
        self.notices += outcome.notices

    def configure(self, *events: Event) -> None:
        """Apply what the owner configured."""
        for event in events:
            self.feed(event)

    def wait(self, duration: timedelta) -> None:
        """Let time pass with nothing happening."""
        self.now += duration

    def tick(self, after: timedelta = timedelta(0)) -> tuple[Effect, ...]:
        """Let the engine's slow tick come."""
        self.wait(after)
        return self.feed(TimePassed())

    def replayed(self) -> SiteState:
        """Return the state that the journal alone leads to."""
        state = SiteState()
        for row in self.journal:
            state.apply(handle(state, row.event, row.now, row.fresh).changes)
        return state

    def charger(self, charger: str = "CP1") -> Charger:
        """Return an adopted charger."""
        found = self.state.get(Charger, charger)
        assert found is not None
        return found

    def evse(self, evse: int = 1, charger: str = "CP1") -> Evse:
        """Return an EVSE that was heard of."""
        found = self.state.get(Evse, EvseId(charger, evse))
        assert found is not None
        return found

    def session(self, number: int) -> Session:
        """Return the n-th session that was offered an id."""
        found = self.state.get(Session, f"session{number}")
        assert found is not None
        return found

    def open_session(self, evse: int = 1, charger: str = "CP1") -> Session | None:
        """Return what goes on at an EVSE."""
        found = self.state.get(Evse, EvseId(charger, evse))
        return None if found is None else self.state.get(Session, found.session)

    def account(self, driver: str = "anna") -> tuple[str, Decimal, Decimal]:
        """Return a driver's present month: which one, Wh and EUR; nothing posted yet is no month."""
        found = self.state.get(Account, driver)
        return ("", Decimal(0), Decimal(0)) if found is None else _sums(found)

    def told(self, kind: NoticeKind) -> list[Notice]:
        """Return every notice of a kind so far."""
        return [notice for notice in self.notices if notice.kind is kind]

    def billed(self) -> dict[str, tuple[Decimal, Decimal]]:
        """Return per session what its postings add up to: Wh and money."""
        sums: dict[str, tuple[Decimal, Decimal]] = {}
        for posting in self.postings:
            energy, amount = sums.get(posting.session, (Decimal(0), Decimal(0)))
            sums[posting.session] = (energy + posting.energy_wh, amount + posting.amount)
        return sums

    def standing(self) -> dict[str, Cdr]:
        """Return per session the record that stands for it."""
        return {cdr.session: cdr for cdr in self.cdrs if cdr.credits is None}


def _sums(account: Account) -> tuple[str, Decimal, Decimal]:
    return account.month, account.energy_wh, account.amount("EUR")


def snapshot(state: SiteState) -> dict[tuple[type, object], Aggregate]:
    """Return everything in a state by class and key."""
    return {(type(each), each.key): each for each in state.everything()}


def assert_chained(postings: list[Posting]) -> None:
    """Every posting is one more than the one before, refers to it by hash and hashes to its own."""
    previous = GENESIS
    for number, posting in enumerate(postings, 1):
        assert posting.sequence == number
        assert posting.previous_hash == previous
        assert posting.hash == body_hash(posting_body(posting))
        previous = posting.hash


def home(*more: Event) -> Site:
    """Return a site with one tariff, two drivers, their sheet and the charger CP1."""
    site = Site()
    site.configure(SiteConfigured(settings=SETTINGS), FLAT, ANNA, BEN, SHEET, adopted("CP1"), *more)
    return site


def adopted(charger: str) -> ChargerConfigured:
    """Return that the owner took a charger in."""
    return ChargerConfigured(settings=ChargerSettings(charger=charger, name=f"Box {charger}"))


def answer(effects: tuple[Effect, ...]) -> Answer:
    """Return the one reply among effects."""
    (reply,) = [effect.answer for effect in effects if isinstance(effect, Reply)]
    return reply


def sends(effects: tuple[Effect, ...]) -> list[Send]:
    """Return what is asked of chargers."""
    return [effect for effect in effects if isinstance(effect, Send)]


def commands[C: Command](effects: tuple[Effect, ...], kind: type[C]) -> list[C]:
    """Return the commands of a kind."""
    return [send.command for send in sends(effects) if isinstance(send.command, kind)]


@dataclass
class Box:
    """A charger as the dialect words it: time stamps are its own, the receipt time is the site's."""

    site: Site
    name: str = "CP1"
    connection: int = 0
    ahead: timedelta = timedelta(0)
    """How far its clock is ahead."""

    def evse(self, number: int = 1) -> EvseId:
        """Return an EVSE's id."""
        return EvseId(self.name, number)

    def at(self, at: datetime | None = UNSAID) -> datetime | None:
        """Return a time stamp: now by its own clock unless given."""
        return self.site.now + self.ahead if at is UNSAID else at

    def connect(self) -> tuple[Effect, ...]:
        """Dial in anew."""
        self.connection += 1
        return self.site.feed(
            ChargerConnected(
                charger=self.name,
                connection=self.connection,
                version=Version.V16,
                address="192.0.2.7",
                received_at=self.site.now,
            )
        )

    def disconnect(self, connection: int | None = None) -> tuple[Effect, ...]:
        """Go away."""
        return self.site.feed(
            ChargerDisconnected(
                charger=self.name,
                connection=self.connection if connection is None else connection,
                received_at=self.site.now,
            )
        )

    def boot(self, **more: str) -> tuple[Effect, ...]:
        """Send a BootNotification."""
        return self.site.feed(
            ChargerBooted(
                charger=self.name, vendor="Acme", model="One", received_at=self.site.now, **more
            )
        )

    def prepared(
        self,
        evses: int | None = 1,
        *,
        smart: bool | None = True,
        trigger: bool | None = True,
        refused: tuple[str, ...] = (),
    ) -> tuple[Effect, ...]:
        """Have been brought to a known configuration."""
        return self.site.feed(
            ChargerPrepared(
                charger=self.name,
                evse_count=evses,
                smart_charging=smart,
                remote_trigger=trigger,
                refused_keys=refused,
                received_at=self.site.now,
            )
        )

    def ready(self) -> Box:
        """Connect, boot and be prepared."""
        self.connect()
        self.boot()
        self.prepared()
        return self

    def status(
        self,
        status: EvseStatus,
        evse: int = 1,
        at: datetime | None = UNSAID,
        error: str | None = None,
        info: str | None = None,
    ) -> tuple[Effect, ...]:
        """Send a StatusNotification."""
        return self.site.feed(
            StatusReported(
                evse=self.evse(evse),
                status=status,
                error_code=error,
                info=info,
                at=self.at(at),
                received_at=self.site.now,
            )
        )

    def authorize(self, token: str = "ANNA") -> AuthorizeAnswer:
        """Send an Authorize."""
        event = TokenPresented(charger=self.name, token=token, received_at=self.site.now)
        found = answer(self.site.feed(event))
        assert isinstance(found, AuthorizeAnswer)
        return found

    def start_event(
        self,
        token: str = "ANNA",
        meter: int | str | None = 1000,
        evse: int = 1,
        at: datetime | None = UNSAID,
        raw: str | None = None,
    ) -> TransactionStarted:
        """Return a StartTransaction; without `raw` its time stamp is as good as its words."""
        told = self.at(at)
        return TransactionStarted(
            evse=self.evse(evse),
            token=token,
            meter_start_wh=None if meter is None else Decimal(meter),
            at=told,
            raw_at=raw or (None if told is None else told.isoformat()),
            received_at=self.site.now,
        )

    def start(
        self,
        token: str = "ANNA",
        meter: int | str | None = 1000,
        evse: int = 1,
        at: datetime | None = UNSAID,
        raw: str | None = None,
    ) -> StartAnswer:
        """Send a StartTransaction."""
        found = answer(self.site.feed(self.start_event(token, meter, evse, at, raw)))
        assert isinstance(found, StartAnswer)
        return found

    def stop_event(
        self,
        transaction: int,
        meter: int | str | None,
        token: str | None = None,
        at: datetime | None = UNSAID,
        raw: str | None = None,
        samples: tuple[Sample, ...] = (),
    ) -> TransactionStopped:
        """Return a StopTransaction."""
        told = self.at(at)
        return TransactionStopped(
            charger=self.name,
            transaction=transaction,
            token=token,
            meter_stop_wh=None if meter is None else Decimal(meter),
            reason="Local",
            samples=samples,
            at=told,
            raw_at=raw or (None if told is None else told.isoformat()),
            received_at=self.site.now,
        )

    def stop(
        self,
        transaction: int,
        meter: int | str | None,
        token: str | None = None,
        at: datetime | None = UNSAID,
        raw: str | None = None,
        samples: tuple[Sample, ...] = (),
    ) -> tuple[Effect, ...]:
        """Send a StopTransaction."""
        event = self.stop_event(transaction, meter, token, at, raw, samples)
        effects = self.site.feed(event)
        assert isinstance(answer(effects), AuthorizeAnswer)
        return effects

    def sample(
        self,
        register: int | str | None = None,
        power: int | None = None,
        *,
        transaction: int | None = None,
        evse: int = 1,
        at: datetime | None = UNSAID,
    ) -> tuple[Effect, ...]:
        """Send MeterValues of one moment."""
        return self.samples(
            sample(self.at(at), register, power), transaction=transaction, evse=evse
        )

    def draws(
        self, *amps: int, transaction: int | None = None, evse: int = 1
    ) -> tuple[Effect, ...]:
        """Send MeterValues of the current on each phase."""
        phases = (Phase.L1, Phase.L2, Phase.L3)
        told = tuple(
            Measurement(Quantity.CURRENT_IMPORT, phase, Decimal(each))
            for phase, each in zip(phases, amps, strict=False)
        )
        now = Sample(self.at(), Context.PERIODIC, told)
        return self.samples(now, transaction=transaction, evse=evse)

    def samples(
        self, *samples: Sample, transaction: int | None = None, evse: int = 1
    ) -> tuple[Effect, ...]:
        """Send MeterValues."""
        return self.site.feed(self.samples_event(*samples, transaction=transaction, evse=evse))

    def samples_event(
        self, *samples: Sample, transaction: int | None = None, evse: int = 1
    ) -> MeterSampled:
        """Return MeterValues."""
        return MeterSampled(
            evse=self.evse(evse),
            transaction=transaction,
            samples=samples,
            received_at=self.site.now,
        )

    def answered(
        self,
        send: Send,
        status: CommandStatus = CommandStatus.ACCEPTED,
        schedule: ScheduleResult | None = None,
    ) -> tuple[Effect, ...]:
        """Answer a command."""
        assert send.id is not None
        return self.site.feed(
            CommandAnswered(
                charger=send.charger,
                evse=send.evse,
                command=send.id,
                status=status,
                schedule=schedule,
                received_at=self.site.now,
            )
        )


def sample(
    at: datetime | None,
    register: int | str | None = None,
    power: int | None = None,
    context: Context = Context.PERIODIC,
) -> Sample:
    """Return a sample of register and power."""
    measurements = []
    if register is not None:
        measurements.append(Measurement(Quantity.ENERGY_IMPORT_REGISTER, None, Decimal(register)))
    if power is not None:
        measurements.append(Measurement(Quantity.POWER_IMPORT, None, Decimal(power)))
    return Sample(at, context, tuple(measurements))


def at_home() -> tuple[Site, Box]:
    """Return the site and its charger, connected and prepared."""
    site = home()
    return site, Box(site).ready()
