"""Names the Home Assistant side shares: the domain, the keys of stored configuration, the defaults."""

from datetime import timedelta
from enum import StrEnum
import logging
from typing import Final

from homeassistant.const import Platform

from .model.tariff import DayOfWeek

DOMAIN: Final = "ev_station"
LOGGER: Final = logging.getLogger(__package__)

PLATFORMS: Final[tuple[Platform, ...]] = (
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.EVENT,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.TIME,
)


class TariffKind(StrEnum):
    """How a tariff subentry says its price; also the steps of its flow."""

    FIXED = "fixed"
    TIME_OF_USE = "time_of_use"
    PRICE_ENTITY = "price_entity"
    PRICE_INTEGRATION = "price_integration"

    @property
    def follows_source(self) -> bool:
        """Return whether another integration says the price."""
        return self in (TariffKind.PRICE_ENTITY, TariffKind.PRICE_INTEGRATION)


# entry.data: what the listener needs and what never changes.
CONF_SECRET: Final = "secret"
CONF_CURRENCY: Final = "currency"

# entry.options: policies.
CONF_UNKNOWN_CHARGERS: Final = "unknown_chargers"
CONF_UNKNOWN_TOKENS: Final = "unknown_tokens"
CONF_DEFAULT_TARIFF: Final = "default_tariff"
CONF_ADVERTISED_HOST: Final = "advertised_host"
CONF_HTTP_PATH: Final = "http_path"
CONF_PRIVATE_DRIVERS: Final = "private_drivers"
CONF_HEARTBEAT_S: Final = "heartbeat_s"
CONF_SAMPLE_INTERVAL_S: Final = "sample_interval_s"
CONF_PROVISIONAL_AFTER_H: Final = "provisional_after_h"

# entry.options: where the site's power comes from.
CONF_BATTERY_BOOST_TO: Final = "battery_boost_to_percent"
CONF_BATTERY_CAPACITY_KWH: Final = "battery_capacity_kwh"
CONF_BATTERY_FIRST_BELOW: Final = "battery_first_below_percent"
CONF_BATTERY_FREE_VALUE: Final = "battery_free_value"
CONF_BATTERY_GIVES_W: Final = "battery_gives_w"
CONF_BATTERY_HELD_VALUE: Final = "battery_held_value"
CONF_BATTERY_HOLD: Final = "battery_hold_entity"
CONF_BATTERY_INVERTED: Final = "battery_inverted"
CONF_BATTERY_LENDS_ABOVE: Final = "battery_lends_above_percent"
CONF_BATTERY_POWER: Final = "battery_power"
CONF_BATTERY_RESERVE: Final = "battery_reserve_percent"
CONF_BATTERY_SOC: Final = "battery_soc"
CONF_BATTERY_TAKES_W: Final = "battery_takes_w"
CONF_OF_BATTERY: Final = (CONF_BATTERY_POWER, CONF_BATTERY_SOC, CONF_BATTERY_HOLD)
"""Any of them tells that the house has a battery."""
CONF_GRID_INVERTED: Final = "grid_inverted"
CONF_GRID_POWER: Final = "grid_power"
CONF_LOAD_POWER: Final = "load_power"
CONF_RESERVE_W: Final = "reserve_w"
CONF_SOLAR_POWER: Final = "solar_power"
CONF_STARTS_AFTER_S: Final = "starts_after_s"
CONF_STOPS_AFTER_S: Final = "stops_after_s"

# entry.options: what power costs the site, and what is expected of the hours to come.
CONF_CO2_ENTITY: Final = "co2_entity"
CONF_CO2_PRICE: Final = "co2_price"
CONF_EXPORT_TARIFF: Final = "export_tariff"
CONF_IMPORT_TARIFF: Final = "import_tariff"
CONF_SOLAR_FORECAST_ENTITIES: Final = "solar_forecast_entities"
CONF_SOLAR_FORECASTS: Final = "solar_forecasts"

# entry.options: what the grid's operator and the law ask.
CONF_DELAY_S: Final = "delay_s"
CONF_DIMMING: Final = "dimming"
CONF_DIMMING_ENTITY: Final = "dimming_entity"
CONF_DIMMING_LIMIT_ENTITY: Final = "dimming_limit_entity"
CONF_FAST_MAY_RAISE_PEAK: Final = "fast_may_raise_peak"
CONF_FOLLOW_PEAK: Final = "follow_peak"
CONF_LARGE_HEATING_W: Final = "large_heating_w"
CONF_OTHER_DEVICES: Final = "other_devices"
CONF_OTHERS_POWER: Final = "others_power"
CONF_PEAK_ENTITY: Final = "peak_entity"
CONF_PEAK_FLOOR_W: Final = "peak_floor_w"
CONF_PEAK_PRICE: Final = "peak_price"
CONF_QUARTER_ENTITY: Final = "quarter_entity"
CONF_RIPPLE_ENTITY: Final = "ripple_entity"
CONF_SPREAD: Final = "spread_plans"

# Form sections.
SECTION_NETWORK: Final = "network"
SECTION_TAGS: Final = "tags"
SECTION_ADVANCED: Final = "advanced"
SECTION_GRID: Final = "grid_operator"
SECTION_LIMITS: Final = "limits"
SECTION_CHARGING: Final = "charging"
SECTION_DEPARTURES: Final = "departures"
SECTION_EXTRA: Final = "extra"
SECTION_FORECASTS: Final = "forecasts"
SECTION_FORMULA: Final = "formula"
SECTION_METERS: Final = "meters"
SECTION_PHASES: Final = "phase_switching"
SECTION_SOLAR: Final = "solar"
SECTION_SOURCES: Final = "sources"
SECTION_BATTERY: Final = "battery"

# Kinds of config subentry.
SUBENTRY_CHARGER: Final = "charger"
SUBENTRY_DRIVER: Final = "driver"
SUBENTRY_TARIFF: Final = "tariff"
SUBENTRY_SHEET: Final = "sheet"
SUBENTRY_CIRCUIT: Final = "circuit"
SUBENTRY_VEHICLE: Final = "vehicle"

# Their data.
CONF_ACTIVE: Final = "active"
CONF_ALL_PHASES_VALUE: Final = "all_phases_value"
CONF_ASSUMED_LOAD_A: Final = "assumed_load_a"
CONF_BANDS: Final = "bands"
CONF_BATTERY_KWH: Final = "battery_kwh"
CONF_BLOCKED: Final = "blocked"
CONF_CALENDAR_ENTITY: Final = "calendar_entity"
CONF_CALENDAR_MARGIN_MIN: Final = "calendar_margin_min"
CONF_CHANNEL: Final = "channel"
CONF_CHARGER_ID: Final = "charger_id"
CONF_CHARGERS: Final = "chargers"
CONF_COUNTS_IN: Final = "counts_in"
CONF_DATES: Final = "dates"
CONF_DAYS: Final = "days"
CONF_DEFAULT_DRIVER: Final = "default_driver"
CONF_DEPARTURES: Final = {
    DayOfWeek.MONDAY: "leaves_monday",
    DayOfWeek.TUESDAY: "leaves_tuesday",
    DayOfWeek.WEDNESDAY: "leaves_wednesday",
    DayOfWeek.THURSDAY: "leaves_thursday",
    DayOfWeek.FRIDAY: "leaves_friday",
    DayOfWeek.SATURDAY: "leaves_saturday",
    DayOfWeek.SUNDAY: "leaves_sunday",
}
CONF_DRIVER: Final = "driver"
CONF_DRIVERS: Final = "drivers"
CONF_EFFICIENCY_PERCENT: Final = "efficiency_percent"
CONF_END: Final = "end"
CONF_EVSES: Final = "evses"
CONF_EXPIRES: Final = "expires"
CONF_EXTRA_PERCENT: Final = "extra_percent"
CONF_EXTRA_PRICE: Final = "extra_price"
CONF_FACTOR: Final = "factor"
CONF_GOAL_PERCENT: Final = "goal_percent"
CONF_FURTHER_ENTITIES: Final = "further_entities"
CONF_HOLIDAYS: Final = "holidays"
CONF_KIND: Final = "kind"
CONF_LABEL: Final = "label"
CONF_LEARN: Final = "learn"
CONF_LEAST_PERCENT: Final = "least_percent"
CONF_LIMIT_A: Final = "limit_a"
CONF_LIMIT_ENTITY: Final = "limit_entity"
CONF_MAX_CURRENT_A: Final = "max_current_a"
CONF_METERS: Final = ("meter_l1", "meter_l2", "meter_l3")
CONF_MIN_CURRENT_A: Final = "min_current_a"
CONF_ONE_PHASE_VALUE: Final = "one_phase_value"
CONF_PARENT: Final = "parent"
CONF_OWN_TAGS: Final = "own_tags"
CONF_PASSWORD_HASH: Final = "password_hash"
CONF_PERSON: Final = "person"
CONF_PHASE_ENTITY: Final = "phase_entity"
CONF_PHASE_SWITCHES_PER_HOUR: Final = "phase_switches_per_hour"
CONF_PHASE_SWITCHING: Final = "phase_switching"
CONF_PHASES: Final = "phases"
CONF_POWER_LIMIT_ENTITY: Final = "power_limit_entity"
CONF_POWER_LIMIT_W: Final = "power_limit_w"
CONF_PRICE: Final = "price"
CONF_PRICE_ENTITY: Final = "price_entity"
CONF_PRIORITY: Final = "priority"
CONF_RANGE_ENTITY: Final = "range_entity"
CONF_REMOVE_PASSWORD: Final = "remove_password"
CONF_ROTATION: Final = "rotation"
CONF_SHEET: Final = "sheet"
CONF_SOC_ENTITY: Final = "soc_entity"
CONF_SOCKETS: Final = "sockets"
CONF_SOURCE: Final = "source"
CONF_STALE_AFTER_S: Final = "stale_after_s"
CONF_START: Final = "start"
CONF_SUBDIVISION: Final = "subdivision"
CONF_SURCHARGE: Final = "surcharge"
CONF_TAG: Final = "tag"
CONF_TAGS: Final = "tags"
CONF_TAPERS_FROM_PERCENT: Final = "tapers_from_percent"
CONF_TARIFF: Final = "tariff"
CONF_TEMPLATE: Final = "template"
CONF_UID: Final = "uid"
CONF_UNBALANCED_LIMIT_A: Final = "unbalanced_limit_a"
CONF_WH_PER_KM: Final = "wh_per_km"
CONF_VAT_PERCENT: Final = "vat_percent"

DEFAULT_PORT: Final = 9000
DEFAULT_PRICE: Final = "0.30"
DEFAULT_MAX_CURRENT_A: Final = 32
DEFAULT_PHASES: Final = 3
DEFAULT_MIN_CURRENT_A: Final = 6
DEFAULT_PHASE_SWITCHES_PER_HOUR: Final = 4
DEFAULT_FUSE_A: Final = 25
DEFAULT_ASSUMED_LOAD_A: Final = 10
DEFAULT_STALE_AFTER_S: Final = 60
DEFAULT_BATTERY_KWH: Final = 60
DEFAULT_CALENDAR_MARGIN_MIN: Final = 30
DEFAULT_EFFICIENCY_PERCENT: Final = 90
DEFAULT_EXTRA_PERCENT: Final = 100
DEFAULT_TAPERS_FROM_PERCENT: Final = 80
DEFAULT_WH_PER_KM: Final = 180

LEARN_TIMEOUT: Final = timedelta(seconds=60)
CLOCK_TOLERANCE: Final = timedelta(minutes=5)
