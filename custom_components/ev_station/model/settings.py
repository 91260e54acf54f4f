"""What the owner configured: plain frozen values, made from the config entry and its subentries by the glue."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from .circuit import Priority, Rotation
from .energy import BatterySettings, SurplusSettings
from .grid import GridSettings
from .ids import ChargerId, DriverId, SheetId, TariffId, TokenUid
from .phases import PhaseSwitching
from .tariff import Tariff


class UnknownTokenPolicy(StrEnum):
    """What happens when a tag nobody has claimed is presented."""

    REFUSE = "refuse"
    UNASSIGNED = "unassigned"
    """Accept; the session is billed to nobody until the owner assigns it."""


class UnknownChargerPolicy(StrEnum):
    """What happens when a charger nobody has adopted dials in on the own port."""

    ASK = "ask"
    ACCEPT = "accept"
    REFUSE = "refuse"


class SheetKind(StrEnum):
    """Who shares a billing sheet."""

    HOUSEHOLD = "household"
    FLEET = "fleet"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """Everything that holds for the whole site."""

    name: str
    currency: str
    """ISO 4217."""
    time_zone: str
    """IANA name; used by tariffs, statements and display only."""
    secret: str
    """Random hex that salts token fingerprints and mints the tokens used for remote starts."""
    unknown_chargers: UnknownChargerPolicy = UnknownChargerPolicy.ASK
    unknown_tokens: UnknownTokenPolicy = UnknownTokenPolicy.REFUSE
    default_tariff: TariffId | None = None
    import_tariff: TariffId | None = None
    """What a kWh of the grid costs the site itself; None: the default tariff."""
    export_tariff: TariffId | None = None
    """What a kWh fed into the grid earns; None: nothing."""
    co2_price: Decimal = Decimal(0)
    """What a tonne of CO2 is worth to the owner, for the choice of hours alone."""
    heartbeat_s: int = 300
    sample_interval_s: int = 30
    provisional_after_h: int = 48
    """A session whose charger stays silent this long is closed provisionally (F27)."""
    surplus: SurplusSettings = field(default_factory=SurplusSettings)
    battery: BatterySettings | None = None
    """None: the house has none, or nobody told of it."""
    grid: GridSettings = field(default_factory=GridSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvseSettings:
    """What the owner decided for one EVSE of a charger."""

    evse: int
    name: str | None = None
    default_driver: DriverId | None = None
    """Charging without a tag bills to this driver."""
    max_current_a: Decimal = Decimal(32)
    min_current_a: Decimal = Decimal(6)
    """With less no car charges there: 6 A by IEC 61851-1 unless the charger says so."""
    phases: int = 3
    rotation: Rotation = Rotation.RST
    """With one phase only its first counts."""
    priority: Priority = Priority.NORMAL
    phase_switching: PhaseSwitching = PhaseSwitching.NONE
    phase_switches_per_hour: int = 4
    """So often the sun may have the phases switched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerSettings:
    """A charger the owner adopted."""

    charger: ChargerId
    name: str
    password_hash: str | None = None
    """scrypt, see csms/passwords.py; None: this charger needs no password on the own port."""
    tariff: TariffId | None = None
    evses: tuple[EvseSettings, ...] = ()

    def evse(self, number: int) -> EvseSettings:
        """Return the settings of EVSE `number`, the defaults if the owner set none."""
        for evse in self.evses:
            if evse.evse == number:
                return evse
        return EvseSettings(evse=number)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSettings:
    """A tag that belongs to a driver."""

    uid: TokenUid
    label: str | None = None
    blocked: bool = False
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverSettings:
    """A person or purpose that sessions are billed to."""

    driver: DriverId
    name: str
    tokens: tuple[TokenSettings, ...] = ()
    tariff: TariffId | None = None
    """Overrides the charger's and the site's tariff."""
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffSettings:
    """A tariff the owner named; `tariff` is its OCPI form."""

    tariff: Tariff
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSettings:
    """A shared billing sheet and the drivers on it; a driver is on one sheet."""

    sheet: SheetId
    name: str
    kind: SheetKind = SheetKind.HOUSEHOLD
    drivers: tuple[DriverId, ...] = ()
