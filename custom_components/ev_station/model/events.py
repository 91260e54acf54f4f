"""Past-tense facts: the only inputs of the reducer, journalled in order.

`at` is the charger's own time stamp (None when absent or unreadable), `received_at` the time of receipt by
our clock; both are aware UTC.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .circuit import CircuitLoad, CircuitSettings
from .commands import CommandStatus, ScheduleResult
from .energy import ChargeMode
from .forecast import Forecast
from .grid import NOTHING_HEARD, GridReading, Tally
from .ids import (
    ChargerId,
    CircuitId,
    CommandId,
    DriverId,
    EvseId,
    SheetId,
    TariffId,
    TransactionId,
    VehicleId,
)
from .measurement import Sample
from .plan import EvsePlan
from .records import Cdr
from .settings import ChargerSettings, DriverSettings, SheetSettings, SiteSettings, TariffSettings
from .status import EvseStatus, Version
from .tariff import PriceSeries
from .vehicle import Trip, VehicleSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerConnected:
    """A known charger's socket opened."""

    charger: ChargerId
    connection: int
    """Grows with every socket of this process; tells an old socket's end from the present one's."""
    version: Version
    address: str
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerDisconnected:
    """A known charger's socket is gone."""

    charger: ChargerId
    connection: int
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerBooted:
    """BootNotification (OCPP 1.6 §4.2)."""

    charger: ChargerId
    vendor: str
    model: str
    serial: str | None = None
    firmware: str | None = None
    meter_type: str | None = None
    meter_serial: str | None = None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartbeatReceived:
    """Heartbeat (OCPP 1.6 §4.6)."""

    charger: ChargerId
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPresented:
    """Authorize (OCPP 1.6 §4.1)."""

    charger: ChargerId
    token: str
    """As received, clipped."""
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReported:
    """StatusNotification (OCPP 1.6 §4.9); EVSE 0 speaks for the charger."""

    evse: EvseId
    status: EvseStatus
    error_code: str | None = None
    """None for NoError."""
    info: str | None = None
    vendor_error_code: str | None = None
    at: datetime | None = None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionStarted:
    """StartTransaction (OCPP 1.6 §4.8)."""

    evse: EvseId
    """EVSE 0 when the charger named none that makes sense (F6)."""
    token: str
    meter_start_wh: Decimal | None
    reservation: int | None = None
    at: datetime | None = None
    raw_at: str | None = None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionStopped:
    """StopTransaction (OCPP 1.6 §4.10)."""

    charger: ChargerId
    transaction: TransactionId
    token: str | None = None
    meter_stop_wh: Decimal | None
    reason: str | None = None
    samples: tuple[Sample, ...] = ()
    at: datetime | None = None
    raw_at: str | None = None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterSampled:
    """MeterValues (OCPP 1.6 §4.7)."""

    evse: EvseId
    transaction: TransactionId | None
    samples: tuple[Sample, ...]
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTransferred:
    """DataTransfer (OCPP 1.6 §4.3)."""

    charger: ChargerId
    vendor: str
    message: str | None = None
    data: str | None = None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """A report that changes nothing here but is kept: firmware, diagnostics, log, security, certificates."""

    charger: ChargerId
    kind: str
    """The OCPP action's name."""
    status: str | None = None
    detail: str | None = None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerPrepared:
    """The charger was brought to a known configuration; what it told about itself on the way."""

    charger: ChargerId
    evse_count: int | None = None
    smart_charging: bool | None = None
    """None: it did not say."""
    remote_trigger: bool | None = None
    power_profiles_only: bool = False
    max_stack_level: int | None = None
    max_profiles: int | None = None
    max_periods: int | None = None
    authorizes_remote_starts: bool | None = None
    phase_switching: bool = False
    refused_keys: tuple[str, ...] = ()
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandAnswered:
    """A command's outcome: the charger's answer, its refusal or its silence."""

    charger: ChargerId
    evse: EvseId | None = None
    command: CommandId
    status: CommandStatus
    detail: str | None = None
    schedule: ScheduleResult | None = None
    """What was asked for with `GetSchedule`."""
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteConfigured:
    """The site's settings are now these."""

    settings: SiteSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerConfigured:
    """A charger was adopted or its settings changed."""

    settings: ChargerSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerRemoved:
    """The owner removed a charger; its sessions stay in the ledger."""

    charger: ChargerId


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverConfigured:
    """A driver was added or changed."""

    settings: DriverSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverRemoved:
    """The owner removed a driver; past postings keep the pseudonymous id."""

    driver: DriverId


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffConfigured:
    """A tariff was added or changed; a session keeps the version it began under."""

    settings: TariffSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffRemoved:
    """The owner removed a tariff."""

    tariff: TariffId


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetConfigured:
    """A sheet was added or changed."""

    settings: SheetSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRemoved:
    """The owner removed a sheet; its postings stay."""

    sheet: SheetId


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitConfigured:
    """A circuit was added or changed."""

    settings: CircuitSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitRemoved:
    """The owner removed a circuit; what hung on it hangs on none."""

    circuit: CircuitId


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleConfigured:
    """The owner added or changed a car."""

    settings: VehicleSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleRemoved:
    """The owner removed a car; where it stands, a stranger's is."""

    vehicle: VehicleId


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleHeard:
    """A car told its state of charge, maybe once more the same."""

    vehicle: VehicleId
    percent: Decimal | None
    """None: what tells of it says nothing any more."""
    range_km: Decimal | None = None
    """What it said of that at the same time."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRead:
    """A car's calendar was read; it takes the place of what was read before."""

    vehicle: VehicleId
    trips: tuple[Trip, ...]
    """The earliest first; none: nothing is booked, or the car has no calendar any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteObserved:
    """What the meters mean for charging now: the input of every look at who may draw how much.

    Journalled only when a decision followed from it.
    """

    circuits: tuple[CircuitLoad, ...] = ()
    surplus_w: int | None = None
    """What cars that follow the sun may draw together; None: nobody measures it."""
    battery_percent: int | None = None
    """The home battery's state of charge; None: nobody measures it."""
    battery_most_w: int | None = None
    """What it gave when it was seen at its end; None: it was not."""
    net_w: int | None = None
    """What the grid gives to everything but our EVSEs, negative: what is over; None: nobody measures it."""
    tally: Tally | None = None
    """This quarter hour at the grid, where its peak is followed."""
    grid: GridReading = NOTHING_HEARD
    complete: bool = True
    """Every meter has spoken since the start; before that nothing is raised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasesRead:
    """The entity that switches an EVSE's phases says on how many it is; None: it does not say."""

    evse: EvseId
    phases: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PricesRead:
    """A price source was read; later readings replace overlapping intervals that have not begun."""

    series: PriceSeries


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastRead:
    """What is expected of the sun or the grid was read; it takes the place of what was expected before."""

    forecast: Forecast


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlanned:
    """The site was planned anew: what each car is to do; one that is not named has no plan."""

    plans: tuple[EvsePlan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRequested:
    """Somebody asked to start charging for a driver."""

    evse: EvseId
    driver: DriverId | None
    command: CommandId


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRequested:
    """Somebody asked to end the session on an EVSE."""

    evse: EvseId
    command: CommandId


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRequested:
    """Somebody set the most an EVSE may offer, in A per phase."""

    evse: EvseId
    limit_a: Decimal
    command: CommandId


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargingEnabled:
    """Somebody allowed or paused charging on an EVSE; a pause keeps the transaction."""

    evse: EvseId
    enabled: bool
    command: CommandId


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeRequested:
    """Somebody chose which power an EVSE charges with."""

    evse: EvseId
    mode: ChargeMode
    command: CommandId


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostRequested:
    """Somebody wants the home battery drained into the car at an EVSE, or no longer."""

    evse: EvseId
    on: bool
    command: CommandId


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleChosen:
    """Somebody said which car stands at an EVSE: one of ours, `GUEST`, or None for whoever charges tells."""

    evse: EvseId
    vehicle: VehicleId | None
    command: CommandId


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalRequested:
    """Somebody wants another goal of a car than its usual one; None: the usual one again."""

    vehicle: VehicleId
    percent: int | None
    command: CommandId


@dataclass(frozen=True, slots=True, kw_only=True)
class TripRequested:
    """Somebody said when a car leaves next; None: as its calendar and its week say."""

    vehicle: VehicleId
    trip: Trip | None
    command: CommandId


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestRequested:
    """Somebody said when the stranger's car at an EVSE leaves; without a goal it is to be full. None: nothing any more."""

    evse: EvseId
    trip: Trip | None
    command: CommandId


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionAssigned:
    """The owner gave an ended session to another driver, or to nobody."""

    cdr: Cdr
    """The record that stands for the session in the ledger now."""
    driver: DriverId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePassed:
    """The engine's slow tick: time-outs are looked at. Journalled only when it changed something."""


type ChargerEvent = (
    ChargerConnected
    | ChargerDisconnected
    | ChargerBooted
    | HeartbeatReceived
    | TokenPresented
    | StatusReported
    | TransactionStarted
    | TransactionStopped
    | MeterSampled
    | DataTransferred
    | Notified
    | ChargerPrepared
    | CommandAnswered
)
type ConfigurationEvent = (
    SiteConfigured
    | ChargerConfigured
    | ChargerRemoved
    | DriverConfigured
    | DriverRemoved
    | TariffConfigured
    | TariffRemoved
    | SheetConfigured
    | SheetRemoved
    | CircuitConfigured
    | CircuitRemoved
    | VehicleConfigured
    | VehicleRemoved
)
type SourceEvent = PricesRead | ForecastRead | VehicleHeard | CalendarRead
"""What entities of other integrations said that is worth a line in the journal."""
type RequestEvent = (
    StartRequested
    | StopRequested
    | LimitRequested
    | ChargingEnabled
    | ModeRequested
    | BoostRequested
    | VehicleChosen
    | GoalRequested
    | TripRequested
    | GuestRequested
    | SessionAssigned
)
type Event = (
    ChargerEvent
    | ConfigurationEvent
    | RequestEvent
    | SiteObserved
    | SourceEvent
    | PhasesRead
    | SitePlanned
    | TimePassed
)
