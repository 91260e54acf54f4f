"""The state of a site: tables of frozen aggregates, and the changes an event makes to them."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, NamedTuple

from .allowance import Allowance
from .circuit import CircuitSettings
from .commands import ChargingProfile, ProfilePurpose, Timing
from .energy import ChargeMode
from .events import ChargerPrepared
from .forecast import Forecast
from .grid import Dimming, Quarter
from .ids import (
    ChargerId,
    CircuitId,
    CommandId,
    DriverId,
    EvseId,
    SessionId,
    SheetId,
    TariffId,
    TokenUid,
    TransactionId,
    VehicleId,
)
from .plan import EvsePlan
from .records import ChainHead
from .session import Session, Stop
from .settings import ChargerSettings, DriverSettings, SheetSettings, SiteSettings, TariffSettings
from .status import EvseStatus, Version
from .tariff import PriceSeries, Tariff
from .vehicle import Stay, Trip, VehicleSettings

GUEST: Final = "guest"
"""Instead of a vehicle's id: a car that is none of ours."""
SITE: Final = "site"
"""The key of the one `Site`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What is true of the whole site."""

    settings: SiteSettings

    @property
    def key(self) -> str:
        """Return the key of the one row."""
        return SITE


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Where the site's ledger stands; it outlives the site's settings."""

    head: ChainHead = field(default_factory=ChainHead)

    @property
    def key(self) -> str:
        """Return the key of the one row."""
        return SITE


@dataclass(frozen=True, slots=True, kw_only=True)
class Boot:
    """The last BootNotification."""

    vendor: str
    model: str
    serial: str | None = None
    firmware: str | None = None
    meter_type: str | None = None
    meter_serial: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockEstimate:
    """How far a charger's clock is ahead of ours (negative: behind)."""

    offset: timedelta = timedelta(0)
    steady: int = 0
    """How many time stamps in a row agreed on a lag that is not yet believed."""
    lag: timedelta | None = None
    lag_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldStop:
    """A StopTransaction nobody knows a session for."""

    transaction: TransactionId
    stop: Stop


class Unplanned(StrEnum):
    """Why a charger holds no plan."""

    NOT_PLANNED = "not_planned"
    NO_LIMITS = "no_limits"
    """It takes no profiles, or none for a transaction."""
    NO_ROOM = "no_room"
    """It says that it holds fewer than three profiles per EVSE."""
    TURNED_DOWN = "turned_down"
    WENT_BY_IT = "went_by_it"
    """It goes by the plan instead of the live limit: it holds one profile of a kind."""
    PASSED_OVER = "passed_over"
    """By its own word the plan would not hold when the live limit has ended."""
    NOT_TAKEN_YET = "not_taken_yet"


class Rejection(NamedTuple):
    """How often in a row a charger rejected a kind of charging profile, and when last."""

    purpose: ProfilePurpose
    times: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Charger:
    """A charger the owner adopted."""

    settings: ChargerSettings
    connection: int | None = None
    """The live connection; None while away."""
    version: Version | None = None
    address: str | None = None
    connected_at: datetime | None = None
    disconnected_at: datetime | None = None
    boot: Boot | None = None
    status_at: datetime | None = None
    """Of EVSE 0."""
    error_info: str | None = None
    clock: ClockEstimate = field(default_factory=ClockEstimate)
    prepared: ChargerPrepared | None = None
    prepared_on: int | None = None
    """The connection on which the charger was last brought to a known configuration."""
    refused_purposes: frozenset[ProfilePurpose] = frozenset()
    """Kinds of charging profile it does not take (F42)."""
    rejections: tuple[Rejection, ...] = ()
    """Of kinds that are not given up yet; at most one each."""
    timing: Timing = Timing.ABSOLUTE
    """How it is told when the limits of a transaction hold; what was found out outlives its boots."""
    tells_schedule: bool = True
    """Until it turns down to say which limit really applies."""
    tells_far: bool = True
    """Until it turns down to say so for hours ahead."""
    cleared_at: datetime | None = None
    """When all profiles on it were removed, since others than ours stood in the way; once a boot is enough."""
    held_stops: tuple[HeldStop, ...] = ()
    """Ends without a start, waiting for it (F10) or for the owner (F9)."""
    commands: int = 0
    """How many commands the reducer itself numbered for it."""
    error_code: str | None = None
    """Of EVSE 0; None while there is nothing wrong."""
    evses: tuple[EvseId, ...] = ()
    sessions: tuple[SessionId, ...] = ()
    """Open ones and the most recently ended, oldest first."""

    @property
    def key(self) -> ChargerId:
        """Return the charger's id."""
        return self.settings.charger


class RegisterTrack(NamedTuple):
    """The charger's own register behind the one shown."""

    at: datetime
    raw_wh: Decimal
    before_fall_wh: Decimal | None = None
    """The value it fell from, until enough samples confirm the fall."""
    since_fall: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The newest trustworthy measurement of each kind; None: never sent."""

    at: datetime | None = None
    power_w: Decimal | None = None
    currents_a: tuple[Decimal | None, Decimal | None, Decimal | None] = (None, None, None)
    phases_told: bool = True
    """False: nothing but one current of no phase is told. It stands with L1, and may flow on each phase."""
    voltages_v: tuple[Decimal | None, Decimal | None, Decimal | None] = (None, None, None)
    offered_a: Decimal | None = None
    soc_percent: Decimal | None = None
    soc_at: datetime | None = None
    """Some chargers tell it once, at the start."""
    register_wh: Decimal | None = None
    """Import register as shown: starts at the charger's, then only rises by what can have flowed."""
    register: RegisterTrack | None = None
    temperature_c: Decimal | None = None
    frequency_hz: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedStart:
    """A remote start we asked for and wait to see (F40)."""

    driver: DriverId | None
    token: str
    asked_at: datetime
    command: CommandId


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedStop:
    """A remote stop we asked for and wait to see (F41)."""

    session: SessionId
    asked_at: datetime
    attempts: int
    command: CommandId


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedProfile:
    """A charging profile on its way to the charger."""

    command: CommandId
    profile: ChargingProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Heed:
    """Whether a charger goes by the limits it accepted, as last found out."""

    session: SessionId | None = None
    """In which it was last asked or judged."""
    command: CommandId | None = None
    """The question for its schedule that is not answered yet."""
    asked_at: datetime | None = None
    tries: int = 0
    """What was done in a row about its going by another limit."""
    ignored_since: datetime | None = None
    """All was in vain: it goes by more than it should."""
    should_a: Decimal | None = None
    really_a: Decimal | None = None
    """The limit it should go by and the one it did when last found out, A per phase."""
    unsafe: bool = False
    """By its own word something else will hold once its live limit has ended; what is to was sent again."""
    off: int = 0
    """How often in its session it was found that something else will hold then."""
    far: bool = False
    """It is asked for hours ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedMeterValues:
    """The last time meter values were asked for."""

    command: CommandId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Evse:
    """One place to charge."""

    id: EvseId
    status: EvseStatus = EvseStatus.UNKNOWN
    status_at: datetime | None = None
    error_code: str | None = None
    info: str | None = None
    live: Live = field(default_factory=Live)
    session: SessionId | None = None
    """The session that goes on here."""
    last_session: SessionId | None = None
    idle_seen: bool = False
    """Available or Finishing was reported since the open session began."""
    limit_a: Decimal | None = None
    """The user's maximum; None: the EVSE's own."""
    enabled: bool = True
    mode: ChargeMode = ChargeMode.FAST
    boosts: bool = False
    """The home battery is to be drained into the car."""
    vehicle: VehicleId | None = None
    """The car somebody said is here, `GUEST` for a stranger's; None: whoever charges tells."""
    guest: Vehicle | None = None
    """A stranger's car of which somebody said what it is to have: in the session that goes on, and with it forgotten."""
    ever_limited: bool = False
    """The owner once paused or limited it, so the charger may hold a profile of ours."""
    started_for: datetime | None = None
    """The Preparing for which the default driver was started: once is enough."""
    expected_start: ExpectedStart | None = None
    expected_stop: ExpectedStop | None = None
    asked: tuple[AskedProfile, ...] = ()
    """Profiles sent and not yet answered."""
    applied: tuple[ChargingProfile, ...] = ()
    """Profiles the charger accepted and should still hold."""
    left: tuple[ChargingProfile, ...] = ()
    """Accepted before it came back or was sent all anew: it may hold them until it takes others instead."""
    applied_at: datetime | None = None
    """When it last accepted a limit that was new to it."""
    heed: Heed = field(default_factory=Heed)
    retry_at: datetime | None = None
    """The charger did not take a profile; not before this it is sent again of our own accord."""
    refuses_pause: bool = False
    """The charger turned a limit of 0 down each time; one that boots is asked anew."""
    unanswered: bool = False
    """The charger did not answer the last profile, so it may go by the one before."""
    asked_meter_values: AskedMeterValues | None = None
    planned_in: SessionId | None = None
    """The session for which its charger was last sent a plan."""
    unplanned_in: SessionId | None = None
    """The session in which its charger turned a plan down, or went by it or by none as it should not."""
    unplanned_why: Unplanned | None = None
    phases_told: int | None = None
    """On how many phases it is, as the entity that switches them says; None: it does not say."""

    @property
    def key(self) -> EvseId:
        """Return the EVSE's id."""
        return self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """Somebody who charges."""

    settings: DriverSettings

    @property
    def key(self) -> DriverId:
        """Return the driver's id."""
        return self.settings.driver


class Money(NamedTuple):
    """An amount in one currency."""

    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a driver's postings of one month add up to; it outlives the driver's settings."""

    driver: DriverId
    month: str
    """`2026-11`, in the site's zone."""
    energy_wh: Decimal = Decimal(0)
    amounts: tuple[Money, ...] = ()
    """One per currency."""

    @property
    def key(self) -> DriverId:
        """Return the driver's id."""
        return self.driver

    def amount(self, currency: str) -> Decimal:
        """Return what was posted in a currency."""
        return dict(self.amounts).get(currency, Decimal(0))

    def with_posted(self, energy_wh: Decimal, amount: Decimal, currency: str) -> Account:
        """Return the account after a posting."""
        amounts = dict(self.amounts) | {currency: self.amount(currency) + amount}
        money = tuple(Money(*each) for each in sorted(amounts.items()))
        return replace(self, energy_wh=self.energy_wh + energy_wh, amounts=money)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """Whose a tag is."""

    uid: TokenUid
    driver: DriverId
    blocked: bool = False
    expires_at: datetime | None = None

    @property
    def key(self) -> TokenUid:
        """Return the normalized uid."""
        return self.uid


class TariffVersion(NamedTuple):
    """A tariff as it is from a moment on."""

    valid_from: datetime
    tariff: Tariff


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffState:
    """A tariff and, if it is dynamic, the prices read so far."""

    settings: TariffSettings
    versions: tuple[TariffVersion, ...] = ()
    """Oldest first; a late session is rated by the version of its own time."""
    series: PriceSeries | None = None
    removed: bool = False
    """Kept for the sessions that began under it."""

    @property
    def key(self) -> TariffId:
        """Return the tariff's id."""
        return self.settings.tariff.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A shared billing sheet."""

    settings: SheetSettings

    @property
    def key(self) -> SheetId:
        """Return the sheet's id."""
        return self.settings.sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """A fuse of the site."""

    settings: CircuitSettings
    limit_a: Decimal
    """In force now; a contract may change it."""
    power_limit_w: int | None = None
    blind: bool = False
    """Its meters are silent, so the worst is assumed."""

    @property
    def key(self) -> CircuitId:
        """Return the circuit's id."""
        return self.settings.circuit


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeBattery:
    """What the home battery is to do now."""

    lends: bool = False
    """It is full enough to support the cars that follow the sun."""
    held: bool = False
    """It is not to be drained: a car charges with more than the sun."""
    held_until: datetime | None = None
    """Nobody needs it held any more; a moment later it is let go. None: somebody does."""

    @property
    def key(self) -> str:
        """Return the key of the one row."""
        return SITE


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A car, and what is known of it now."""

    settings: VehicleSettings
    percent: Decimal | None = None
    """State of charge as the car last told it, in whole percent."""
    percent_at: datetime | None = None
    """When it did so first, of the times it did since it left."""
    charged_percent: Decimal = Decimal(0)
    """Came in since then, in sessions that are over."""
    silent_since: datetime | None = None
    """None: what tells of it speaks, or never was heard of."""
    left_at: datetime | None = None
    """The end of its last session; None: it had none."""
    told_wh_per_km: int | None = None
    """By its own state of charge and range."""
    takes_a: Decimal | None = None
    """The most it was seen to draw where more was offered, A per phase."""
    takes_phases: int | None = None
    """On how many phases it was seen to draw."""
    sure_phases: int | None = None
    """On at least so many it draws by its power; counts while nobody saw them one by one. None: it never drew."""
    goal_percent: int | None = None
    """What somebody wants instead of the usual goal; None: the usual one."""
    trip: Trip | None = None
    booked: tuple[Trip, ...] = ()
    """What its calendar says of the next days, the earliest first."""
    stays: tuple[Stay, ...] = ()
    """Its last ones that were planned for, oldest first."""

    @property
    def key(self) -> VehicleId:
        """Return the vehicle's id."""
        return self.settings.vehicle

    @property
    def wh_per_km(self) -> int:
        """Return what a km takes: as the car reckons where it tells, so that its own range rises by what is wanted."""
        told = self.told_wh_per_km if self.settings.tells_range else None
        return told or self.settings.wh_per_km


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """How the site stands with the grid; it outlives the site's settings."""

    month: str = ""
    """`2026-11`, in the site's zone."""
    peak_w: int = 0
    """The highest mean of a quarter hour of that month."""
    quarter: Quarter | None = None
    dimming: datetime | None = None
    """The key of the order that holds."""
    percent: int = 100
    """What the ripple control receiver leaves."""

    @property
    def key(self) -> str:
        """Return the key of the one row."""
        return SITE


type Aggregate = (
    Site
    | Ledger
    | Charger
    | Evse
    | Session
    | Driver
    | Account
    | Token
    | TariffState
    | Sheet
    | Circuit
    | Allowance
    | Forecast
    | HomeBattery
    | Vehicle
    | Grid
    | Dimming
    | EvsePlan
)
type Key = tuple[type[Any], Hashable]
"""Names an aggregate: its class and its `key`."""
type Changes = Mapping[Key, Aggregate | None]
"""Aggregates as they are after an event; None: gone."""

AGGREGATES: Final[tuple[type[Aggregate], ...]] = (
    Site,
    Ledger,
    Charger,
    Evse,
    Session,
    Driver,
    Account,
    Token,
    TariffState,
    Sheet,
    Circuit,
    Allowance,
    Forecast,
    HomeBattery,
    Vehicle,
    Grid,
    Dimming,
    EvsePlan,
)


class SiteState:
    """All aggregates of one site: a mutable mapping of frozen values.

    The reducer never writes here: it returns `Changes`, and the engine applies them, so that an input whose
    commit fails is undone by applying what `apply` returned.
    """

    def __init__(self) -> None:
        """Start with nothing, as before the first `SiteConfigured`."""
        self._tables: dict[type[Any], dict[Hashable, Aggregate]] = {kind: {} for kind in AGGREGATES}

    def get[A: Aggregate](self, kind: type[A], key: Hashable) -> A | None:
        """Return the aggregate of that kind and key."""
        found = self._tables[kind].get(key)
        return found if isinstance(found, kind) else None

    def all[A: Aggregate](self, kind: type[A]) -> Iterator[A]:
        """Iterate over every aggregate of a kind; for rare, site-wide work only."""
        return (found for found in self._tables[kind].values() if isinstance(found, kind))

    def everything(self) -> list[Aggregate]:
        """Return all aggregates, for a checkpoint."""
        return [each for table in self._tables.values() for each in table.values()]

    def overlaid(self, changes: Changes) -> SiteState:
        """Return how it would be with these changes; this one stays as it is."""
        other = SiteState()
        other._tables = {kind: dict(table) for kind, table in self._tables.items()}
        other.apply(changes)
        return other

    def apply(self, changes: Changes) -> Changes:
        """Write the changes and return those that undo them."""
        undo: dict[Key, Aggregate | None] = {}
        for (kind, key), aggregate in changes.items():
            table = self._tables[kind]
            undo[kind, key] = table.get(key)
            if aggregate is None:
                table.pop(key, None)
            else:
                table[key] = aggregate
        return undo


class Draft:
    """What an event has changed so far, laid over the state it found."""

    def __init__(self, state: SiteState) -> None:
        """Begin with no change."""
        self._state = state
        self.changes: dict[Key, Aggregate | None] = {}

    def get[A: Aggregate](self, kind: type[A], key: Hashable) -> A | None:
        """Return the aggregate as changed so far."""
        if (kind, key) in self.changes:
            changed = self.changes[kind, key]
            return changed if isinstance(changed, kind) else None
        return self._state.get(kind, key)

    def all[A: Aggregate](self, kind: type[A]) -> list[A]:
        """Return every aggregate of a kind as changed so far; for rare, site-wide work only."""
        untouched = [
            found for found in self._state.all(kind) if (kind, found.key) not in self.changes
        ]
        touched = [changed for changed in self.changes.values() if isinstance(changed, kind)]
        return untouched + touched

    def put(self, aggregate: Aggregate) -> None:
        """Record an aggregate's new value; the same value is no change."""
        kind = type(aggregate)
        if self.get(kind, aggregate.key) != aggregate:
            self.changes[kind, aggregate.key] = aggregate

    def remove(self, kind: type[Aggregate], key: Hashable) -> None:
        """Record that an aggregate is gone."""
        self.changes[kind, key] = None
