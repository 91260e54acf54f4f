"""The config entry and its subentries as the model's settings, and what must change for them to hold."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigSubentry

from . import const as c
from .access.fingerprint import mask
from .const import (
    SUBENTRY_CHARGER,
    SUBENTRY_CIRCUIT,
    SUBENTRY_DRIVER,
    SUBENTRY_SHEET,
    SUBENTRY_TARIFF,
    SUBENTRY_VEHICLE,
    TariffKind,
)
from .model.circuit import CircuitSettings, Priority, Rotation
from .model.energy import BatterySettings, SurplusSettings
from .model.events import (
    ChargerConfigured,
    ChargerRemoved,
    CircuitConfigured,
    CircuitRemoved,
    ConfigurationEvent,
    DriverConfigured,
    DriverRemoved,
    SheetConfigured,
    SheetRemoved,
    SiteConfigured,
    TariffConfigured,
    TariffRemoved,
    VehicleConfigured,
    VehicleRemoved,
)
from .model.grid import DimmingKind, GridSettings
from .model.ids import TariffId, normalize_uid
from .model.phases import PhaseSwitching
from .model.settings import (
    ChargerSettings,
    DriverSettings,
    EvseSettings,
    SheetKind,
    SheetSettings,
    SiteSettings,
    TariffSettings,
    TokenSettings,
    UnknownChargerPolicy,
    UnknownTokenPolicy,
)
from .model.state import (
    SITE,
    Charger,
    Circuit,
    Driver,
    Sheet,
    Site,
    SiteState,
    TariffState,
    Vehicle,
)
from .model.tariff import DayOfWeek, Tariff
from .model.vehicle import Departure, VehicleSettings
from .tariff import build

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """Everything the owner decided, as the model sees it."""

    site: SiteSettings
    tariffs: tuple[TariffSettings, ...] = ()
    drivers: tuple[DriverSettings, ...] = ()
    chargers: tuple[ChargerSettings, ...] = ()
    sheets: tuple[SheetSettings, ...] = ()
    circuits: tuple[CircuitSettings, ...] = ()
    vehicles: tuple[VehicleSettings, ...] = ()


def subentries(entry: EvStationConfigEntry, kind: str) -> list[ConfigSubentry]:
    """Return an entry's subentries of a kind."""
    return [each for each in entry.subentries.values() if each.subentry_type == kind]


def only(entry: EvStationConfigEntry, kind: str) -> str | None:
    """Return the id of the one subentry of a kind, the obvious answer where there is a single one."""
    found = subentries(entry, kind)
    return found[0].subentry_id if len(found) == 1 else None


def accepts_unknown(entry: EvStationConfigEntry) -> bool:
    """Tell whether chargers that dial in are taken in without a question."""
    return bool(entry.options.get(c.CONF_UNKNOWN_CHARGERS) == UnknownChargerPolicy.ACCEPT)


def read(entry: EvStationConfigEntry, time_zone: str) -> Configured:
    """Return what the entry says; a reference to a subentry that is gone reads as none."""
    return Configured(
        site=_site(entry, time_zone),
        tariffs=tuple(_tariff(entry, each) for each in subentries(entry, SUBENTRY_TARIFF)),
        drivers=tuple(_driver(entry, each) for each in subentries(entry, SUBENTRY_DRIVER)),
        chargers=tuple(_charger(entry, each) for each in subentries(entry, SUBENTRY_CHARGER)),
        sheets=tuple(_sheet(entry, each) for each in subentries(entry, SUBENTRY_SHEET)),
        circuits=tuple(_circuit(entry, each) for each in subentries(entry, SUBENTRY_CIRCUIT)),
        vehicles=tuple(_vehicle(entry, each) for each in subentries(entry, SUBENTRY_VEHICLE)),
    )


def difference(state: SiteState, wanted: Configured) -> tuple[ConfigurationEvent, ...]:
    """Return the events that turn what the engine knows into what is configured.

    What others refer to is configured before them and removed after them; a sheet gives up its drivers
    before another takes them.
    """
    site = state.get(Site, SITE)
    valid = {row.key: row.settings for row in state.all(TariffState) if not row.removed}
    tariffs = _Table(valid, wanted.tariffs, _tariff_id)
    drivers = _Table(
        {row.key: row.settings for row in state.all(Driver)}, wanted.drivers, _driver_id
    )
    chargers = _Table(
        {row.key: row.settings for row in state.all(Charger)}, wanted.chargers, _charger_id
    )
    sheets = _Table({row.key: row.settings for row in state.all(Sheet)}, wanted.sheets, _sheet_id)
    circuits = _Table(
        {row.key: row.settings for row in state.all(Circuit)}, wanted.circuits, _circuit_id
    )
    vehicles = _Table(
        {row.key: row.settings for row in state.all(Vehicle)}, wanted.vehicles, _vehicle_id
    )
    return (
        *(() if site and site.settings == wanted.site else (SiteConfigured(settings=wanted.site),)),
        *(TariffConfigured(settings=settings) for settings in tariffs.changed()),
        *(DriverConfigured(settings=settings) for settings in _freed_tags_first(drivers)),
        *(ChargerConfigured(settings=settings) for settings in chargers.changed()),
        *(SheetRemoved(sheet=key) for key in sheets.gone()),
        *(SheetConfigured(settings=settings) for settings in _freed_drivers_first(sheets)),
        *(CircuitRemoved(circuit=key) for key in circuits.gone()),
        *(CircuitConfigured(settings=settings) for settings in circuits.changed()),
        *(VehicleRemoved(vehicle=key) for key in vehicles.gone()),
        *(VehicleConfigured(settings=settings) for settings in vehicles.changed()),
        *(ChargerRemoved(charger=key) for key in chargers.gone()),
        *(DriverRemoved(driver=key) for key in drivers.gone()),
        *(TariffRemoved(tariff=key) for key in tariffs.gone()),
    )


class _Table[S]:
    """Settings of one kind: as the engine knows them and as they are wanted."""

    def __init__(
        self, known: Mapping[str, S], wanted: Iterable[S], key: Callable[[S], str]
    ) -> None:
        self.known = known
        self.wanted = {key(settings): settings for settings in wanted}

    def changed(self) -> list[S]:
        """Return what is new or different."""
        return [row for key, row in self.wanted.items() if self.known.get(key) != row]

    def gone(self) -> list[str]:
        """Return the keys nobody wants any more."""
        return [key for key in self.known if key not in self.wanted]


def _tariff_id(settings: TariffSettings) -> str:
    return settings.tariff.id


def _driver_id(settings: DriverSettings) -> str:
    return settings.driver


def _charger_id(settings: ChargerSettings) -> str:
    return settings.charger


def _sheet_id(settings: SheetSettings) -> str:
    return settings.sheet


def _circuit_id(settings: CircuitSettings) -> str:
    return settings.circuit


def _vehicle_id(settings: VehicleSettings) -> str:
    return settings.vehicle


def _freed_tags_first(drivers: _Table[DriverSettings]) -> list[DriverSettings]:
    """A tag that moves leaves its old driver before the new one gets it."""

    def gives_up(settings: DriverSettings) -> bool:
        before = drivers.known.get(settings.driver)
        kept = {token.uid for token in settings.tokens}
        return before is not None and any(token.uid not in kept for token in before.tokens)

    return sorted(drivers.changed(), key=gives_up, reverse=True)


def _freed_drivers_first(sheets: _Table[SheetSettings]) -> list[SheetSettings]:
    def gives_up(settings: SheetSettings) -> bool:
        before = sheets.known.get(settings.sheet)
        return before is not None and not set(before.drivers) <= set(settings.drivers)

    return sorted(sheets.changed(), key=gives_up, reverse=True)


def _site(entry: EvStationConfigEntry, time_zone: str) -> SiteSettings:
    defaults = SiteSettings(name="", currency="", time_zone="", secret="")
    options = entry.options
    return SiteSettings(
        name=entry.title,
        currency=entry.data[c.CONF_CURRENCY],
        time_zone=time_zone,
        secret=entry.data[c.CONF_SECRET],
        unknown_chargers=_unknown_chargers(entry),
        unknown_tokens=UnknownTokenPolicy(
            options.get(c.CONF_UNKNOWN_TOKENS, defaults.unknown_tokens)
        ),
        default_tariff=_existing(entry, options.get(c.CONF_DEFAULT_TARIFF)),
        import_tariff=_existing(entry, options.get(c.CONF_IMPORT_TARIFF)),
        export_tariff=_existing(entry, options.get(c.CONF_EXPORT_TARIFF)),
        co2_price=Decimal(options.get(c.CONF_CO2_PRICE, defaults.co2_price)),
        heartbeat_s=options.get(c.CONF_HEARTBEAT_S, defaults.heartbeat_s),
        sample_interval_s=options.get(c.CONF_SAMPLE_INTERVAL_S, defaults.sample_interval_s),
        provisional_after_h=options.get(c.CONF_PROVISIONAL_AFTER_H, defaults.provisional_after_h),
        surplus=_surplus(options, defaults.surplus),
        battery=_battery(options),
        grid=_grid(options, defaults.grid),
    )


def _grid(options: Mapping[str, Any], defaults: GridSettings) -> GridSettings:
    kind, price = options.get(c.CONF_DIMMING), options.get(c.CONF_PEAK_PRICE)
    return GridSettings(
        follow_peak=options.get(c.CONF_FOLLOW_PEAK, defaults.follow_peak),
        peak_floor_w=options.get(c.CONF_PEAK_FLOOR_W, defaults.peak_floor_w),
        fast_may_raise_peak=options.get(c.CONF_FAST_MAY_RAISE_PEAK, defaults.fast_may_raise_peak),
        peak_price=None if price is None else Decimal(str(price)),
        dimming=DimmingKind(kind) if kind in set(DimmingKind) else None,
        other_devices=options.get(c.CONF_OTHER_DEVICES, defaults.other_devices),
        large_heating_w=options.get(c.CONF_LARGE_HEATING_W, defaults.large_heating_w),
        ripple=bool(options.get(c.CONF_RIPPLE_ENTITY)),
        delay_s=options.get(c.CONF_DELAY_S, defaults.delay_s),
        spread=options.get(c.CONF_SPREAD, defaults.spread),
    )


def _surplus(options: Mapping[str, Any], defaults: SurplusSettings) -> SurplusSettings:
    return SurplusSettings(
        starts_after_s=options.get(c.CONF_STARTS_AFTER_S, defaults.starts_after_s),
        stops_after_s=options.get(c.CONF_STOPS_AFTER_S, defaults.stops_after_s),
        reserve_w=options.get(c.CONF_RESERVE_W, defaults.reserve_w),
    )


def _named_power(options: Mapping[str, Any]) -> str | None:
    """Return what says how the site's power flows: nothing of the battery is read without it."""
    return options.get(c.CONF_GRID_POWER) or options.get(c.CONF_SOLAR_POWER)


def _battery(options: Mapping[str, Any]) -> BatterySettings | None:
    """Return how the home battery is treated; None where nothing of one is named."""
    if not any(options.get(key) for key in c.CONF_OF_BATTERY):
        return None
    defaults, capacity = BatterySettings(), options.get(c.CONF_BATTERY_CAPACITY_KWH)
    return BatterySettings(
        first_below_percent=options.get(c.CONF_BATTERY_FIRST_BELOW, defaults.first_below_percent),
        lends_above_percent=options.get(c.CONF_BATTERY_LENDS_ABOVE, defaults.lends_above_percent),
        gives_w=options.get(c.CONF_BATTERY_GIVES_W, defaults.gives_w),
        boost_to_percent=options.get(c.CONF_BATTERY_BOOST_TO, defaults.boost_to_percent),
        capacity_wh=None if capacity is None else round(capacity * 1000),
        takes_w=options.get(c.CONF_BATTERY_TAKES_W),
        reserve_percent=options.get(c.CONF_BATTERY_RESERVE, defaults.reserve_percent),
        measured=bool(options.get(c.CONF_BATTERY_SOC) and _named_power(options)),
    )


def _unknown_chargers(entry: EvStationConfigEntry) -> UnknownChargerPolicy:
    """Return what the engine does with strangers: accepted ones too wait for the moment it takes to add them.

    A charger that was not configured yet would be heard without being known.
    """
    policy = UnknownChargerPolicy(
        entry.options.get(c.CONF_UNKNOWN_CHARGERS, UnknownChargerPolicy.ASK)
    )
    return UnknownChargerPolicy.ASK if policy is UnknownChargerPolicy.ACCEPT else policy


def _tariff(entry: EvStationConfigEntry, subentry: ConfigSubentry) -> TariffSettings:
    tariff = tariff_of(subentry.subentry_id, entry.data[c.CONF_CURRENCY], subentry.data)
    return TariffSettings(tariff=tariff, name=subentry.title)


def tariff_of(key: TariffId, currency: str, data: Mapping[str, Any]) -> Tariff:
    """Return a tariff's OCPI form; what comes on top of a source's price is taxed like it."""
    bands, holidays = tuple(map(band, data.get(c.CONF_BANDS, ()))), holidays_of(data)
    match TariffKind(data[c.CONF_KIND]):
        case TariffKind.FIXED:
            return build.fixed(key, currency, Decimal(data[c.CONF_PRICE]))
        case TariffKind.TIME_OF_USE:
            price = Decimal(data[c.CONF_PRICE])
            return build.time_of_use(key, currency, price, bands, holidays)
        case TariffKind.PRICE_ENTITY | TariffKind.PRICE_INTEGRATION:
            taxed = taxes(data)
            bands = tuple(replace(each, price=each.price * taxed) for each in bands)
            surcharge = Decimal(data[c.CONF_SURCHARGE]) * taxed
            return build.dynamic(key, currency, surcharge, bands, holidays)


def taxes(data: Mapping[str, Any]) -> Decimal:
    """Return what the price of a source and what comes on top are multiplied with."""
    return 1 + Decimal(data.get(c.CONF_VAT_PERCENT, 0)) / 100


def holidays_of(data: Mapping[str, Any]) -> tuple[date, ...]:
    """Return the days a stored tariff counts as Sundays."""
    stored = data.get(c.CONF_HOLIDAYS)
    return tuple(map(date.fromisoformat, stored[c.CONF_DATES])) if stored else ()


def band(data: Mapping[str, Any]) -> build.Band:
    """Return a stored band of a time-of-use tariff."""
    return build.Band(
        days=tuple(DayOfWeek(day.upper()) for day in data[c.CONF_DAYS]),
        start=time.fromisoformat(data[c.CONF_START]),
        end=time.fromisoformat(data[c.CONF_END]),
        price=Decimal(data[c.CONF_PRICE]),
    )


def _driver(entry: EvStationConfigEntry, subentry: ConfigSubentry) -> DriverSettings:
    data = subentry.data
    return DriverSettings(
        driver=subentry.subentry_id,
        name=subentry.title,
        tokens=tuple(map(_token, data[c.CONF_TAGS])),
        tariff=_existing(entry, data.get(c.CONF_TARIFF)),
        active=data[c.CONF_ACTIVE],
    )


def _token(data: Mapping[str, Any]) -> TokenSettings:
    expires = data.get(c.CONF_EXPIRES)
    return TokenSettings(
        uid=normalize_uid(data[c.CONF_UID]),
        label=data.get(c.CONF_LABEL),
        blocked=data.get(c.CONF_BLOCKED, False),
        expires_at=datetime.fromisoformat(expires) if expires else None,
    )


def _charger(entry: EvStationConfigEntry, subentry: ConfigSubentry) -> ChargerSettings:
    data = subentry.data
    return ChargerSettings(
        charger=data[c.CONF_CHARGER_ID],
        name=subentry.title,
        password_hash=data.get(c.CONF_PASSWORD_HASH),
        tariff=_existing(entry, data.get(c.CONF_TARIFF)),
        evses=tuple(_evse(entry, int(key), evse) for key, evse in data[c.CONF_EVSES].items()),
    )


def _evse(entry: EvStationConfigEntry, number: int, data: Mapping[str, Any]) -> EvseSettings:
    return EvseSettings(
        evse=number,
        name=data.get("name"),
        default_driver=_existing(entry, data.get(c.CONF_DEFAULT_DRIVER)),
        max_current_a=Decimal(str(data[c.CONF_MAX_CURRENT_A])),
        phases=data[c.CONF_PHASES],
        rotation=Rotation(data.get(c.CONF_ROTATION, Rotation.RST)),
        min_current_a=Decimal(str(data.get(c.CONF_MIN_CURRENT_A, c.DEFAULT_MIN_CURRENT_A))),
        priority=Priority(data.get(c.CONF_PRIORITY, Priority.NORMAL)),
        phase_switching=PhaseSwitching(data.get(c.CONF_PHASE_SWITCHING, PhaseSwitching.NONE)),
        phase_switches_per_hour=data.get(
            c.CONF_PHASE_SWITCHES_PER_HOUR, c.DEFAULT_PHASE_SWITCHES_PER_HOUR
        ),
    )


def _sheet(entry: EvStationConfigEntry, subentry: ConfigSubentry) -> SheetSettings:
    data = subentry.data
    return SheetSettings(
        sheet=subentry.subentry_id,
        name=subentry.title,
        kind=SheetKind(data[c.CONF_KIND]),
        drivers=tuple(driver for driver in data[c.CONF_DRIVERS] if _existing(entry, driver)),
    )


def _circuit(entry: EvStationConfigEntry, subentry: ConfigSubentry) -> CircuitSettings:
    data = subentry.data
    chargers = (entry.subentries.get(each) for each in data[c.CONF_CHARGERS])
    unbalanced = data.get(c.CONF_UNBALANCED_LIMIT_A)
    return CircuitSettings(
        circuit=subentry.subentry_id,
        name=subentry.title,
        parent=_existing(entry, data.get(c.CONF_PARENT)),
        limit_a=Decimal(str(data[c.CONF_LIMIT_A])),
        chargers=tuple(each.data[c.CONF_CHARGER_ID] for each in chargers if each),
        power_limit_w=data.get(c.CONF_POWER_LIMIT_W),
        unbalanced_limit_a=None if unbalanced is None else Decimal(str(unbalanced)),
        metered=any(data.get(meter) for meter in c.CONF_METERS),
        assumed_load_a=Decimal(str(data[c.CONF_ASSUMED_LOAD_A])),
        stale_after_s=data[c.CONF_STALE_AFTER_S],
    )


def tags_of(entry: EvStationConfigEntry) -> dict[str, str]:
    """Return whose each of the drivers' tags is, and how they call it."""
    return {
        tag[c.CONF_UID]: f"{driver.title}: {tag.get(c.CONF_LABEL) or mask(tag[c.CONF_UID])}"
        for driver in subentries(entry, SUBENTRY_DRIVER)
        for tag in driver.data[c.CONF_TAGS]
    }


def _vehicle(entry: EvStationConfigEntry, subentry: ConfigSubentry) -> VehicleSettings:
    data = subentry.data
    least, limit = data.get(c.CONF_MIN_CURRENT_A), data.get(c.CONF_MAX_CURRENT_A)
    leaves = ((day, data.get(key)) for day, key in c.CONF_DEPARTURES.items())
    dearest = data.get(c.CONF_EXTRA_PRICE)
    return VehicleSettings(
        vehicle=subentry.subentry_id,
        name=subentry.title,
        driver=_existing(entry, data.get(c.CONF_DRIVER)),
        tags=tuple(tag for tag in tags_of(entry) if tag in data.get(c.CONF_OWN_TAGS, ())),
        battery_wh=round(data[c.CONF_BATTERY_KWH] * 1000),
        efficiency=Decimal(data[c.CONF_EFFICIENCY_PERCENT]) / 100,
        tapers_from_percent=data.get(c.CONF_TAPERS_FROM_PERCENT, c.DEFAULT_TAPERS_FROM_PERCENT),
        wh_per_km=data[c.CONF_WH_PER_KM],
        tells_range=all(data.get(each) for each in (c.CONF_SOC_ENTITY, c.CONF_RANGE_ENTITY)),
        min_current_a=None if least is None else Decimal(least),
        max_current_a=None if limit is None else Decimal(limit),
        phases=int(phases) if (phases := data.get(c.CONF_PHASES)) else None,
        least_percent=data[c.CONF_LEAST_PERCENT],
        goal_percent=data[c.CONF_GOAL_PERCENT],
        extra_percent=data.get(c.CONF_EXTRA_PERCENT, c.DEFAULT_EXTRA_PERCENT),
        extra_price=None if dearest is None else Decimal(str(dearest)),
        departures=tuple(Departure(day, time.fromisoformat(at)) for day, at in leaves if at),
    )


def _existing(entry: EvStationConfigEntry, subentry_id: str | None) -> str | None:
    return subentry_id if subentry_id in entry.subentries else None
