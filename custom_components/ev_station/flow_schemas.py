"""The forms of a site."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import CONF_HOST, CONF_NAME, CONF_PORT
from homeassistant.generated.currencies import ACTIVE_CURRENCIES
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from . import const as c
from .flow_forecasts import forecast_fields
from .flow_grid import grid_fields
from .flow_selectors import choice, collapsed, folded, optional, price, subentry_choice, whole
from .flow_sources import battery_fields, battery_sources, sun_fields, sun_sources
from .model.settings import SiteSettings, UnknownChargerPolicy, UnknownTokenPolicy

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

DEFAULTS: Final = SiteSettings(name="", currency="", time_zone="", secret="")
PRICE_ENTITIES: Final = EntitySelector(
    EntitySelectorConfig(domain=["sensor", "number", "input_number"])
)
POLICIES: Final = (
    c.CONF_UNKNOWN_CHARGERS,
    c.CONF_UNKNOWN_TOKENS,
    c.CONF_PRIVATE_DRIVERS,
    c.CONF_DEFAULT_TARIFF,
    c.CONF_ADVERTISED_HOST,
    c.CONF_HTTP_PATH,
    c.CONF_HEARTBEAT_S,
    c.CONF_SAMPLE_INTERVAL_S,
    c.CONF_PROVISIONAL_AFTER_H,
)
"""What is kept in the entry's options."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the house already knows and a fresh site starts from."""

    name: str
    currency: str
    driver: str | None
    price: float | None
    price_entity: str | None
    sources: Mapping[str, Any]
    """Of sun and battery, by option."""


def user_schema(proposal: Proposal) -> vol.Schema:
    """Return the one screen that sets a site up."""
    return vol.Schema(
        {
            vol.Required(CONF_NAME, default=proposal.name): TextSelector(),
            vol.Required(c.CONF_CURRENCY, default=proposal.currency): _currencies(),
            vol.Required(CONF_PORT, default=c.DEFAULT_PORT): whole(1, 65535),
            vol.Required(c.CONF_UNKNOWN_CHARGERS, default=UnknownChargerPolicy.ASK): choice(
                UnknownChargerPolicy, c.CONF_UNKNOWN_CHARGERS
            ),
            optional(c.CONF_DRIVER, proposal.driver): TextSelector(),
            optional(c.CONF_PRICE, proposal.price): price(proposal.currency),
            optional(c.CONF_PRICE_ENTITY, proposal.price_entity): PRICE_ENTITIES,
            **_proposed_sources(proposal.sources),
            vol.Required(c.SECTION_NETWORK): collapsed(_network({})),
            vol.Required(c.SECTION_TAGS): collapsed(_tags({})),
            vol.Required(c.SECTION_ADVANCED): collapsed(_advanced({})),
        }
    )


def reconfigure_schema(entry: EvStationConfigEntry) -> vol.Schema:
    """Return the form of what the listener and the bills need."""
    return vol.Schema(
        {
            vol.Required(CONF_NAME, default=entry.title): TextSelector(),
            vol.Required(c.CONF_CURRENCY, default=entry.data[c.CONF_CURRENCY]): _currencies(),
            vol.Required(CONF_PORT, default=entry.data[CONF_PORT]): whole(1, 65535),
            vol.Required(c.SECTION_NETWORK): collapsed(_network({**entry.options, **entry.data})),
        }
    )


def options_schema(
    entry: EvStationConfigEntry, proposed: Mapping[str, Any], roofs: Mapping[str, str]
) -> vol.Schema:
    """Return the form of the policies; a section with something proposed is open, so that it is seen.

    `roofs` are the titles of the integrations that forecast the sun, by config entry.
    """
    now, shown = entry.options, {**entry.options, **proposed}
    policy = now.get(c.CONF_UNKNOWN_CHARGERS, UnknownChargerPolicy.ASK)
    tariff = now.get(c.CONF_DEFAULT_TARIFF)
    return vol.Schema(
        {
            vol.Required(c.CONF_UNKNOWN_CHARGERS, default=policy): choice(
                UnknownChargerPolicy, c.CONF_UNKNOWN_CHARGERS
            ),
            optional(
                c.CONF_DEFAULT_TARIFF, tariff if tariff in entry.subentries else None
            ): subentry_choice(entry, c.SUBENTRY_TARIFF),
            vol.Required(c.SECTION_SOLAR): folded(sun_fields(shown), proposed),
            vol.Required(c.SECTION_BATTERY): folded(battery_fields(shown), proposed),
            vol.Required(c.SECTION_FORECASTS): folded(
                forecast_fields(entry, shown, roofs), proposed
            ),
            vol.Required(c.SECTION_GRID): collapsed(grid_fields(now, entry.data[c.CONF_CURRENCY])),
            vol.Required(c.SECTION_TAGS): collapsed(_tags(now)),
            vol.Required(c.SECTION_ADVANCED): collapsed(_advanced(now)),
        }
    )


def _proposed_sources(sources: Mapping[str, Any]) -> dict[Any, Any]:
    """Return the section of sun and battery, for houses that are known to have them."""
    if not sources:
        return {}
    fields = {**sun_sources(sources), **battery_sources(sources)}
    return {vol.Required(c.SECTION_SOURCES): folded(fields, sources)}


def _currencies() -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(options=sorted(ACTIVE_CURRENCIES), mode=SelectSelectorMode.DROPDOWN)
    )


def _network(now: Mapping[str, Any]) -> dict[Any, Any]:
    return {
        optional(CONF_HOST, now.get(CONF_HOST)): TextSelector(),
        optional(c.CONF_ADVERTISED_HOST, now.get(c.CONF_ADVERTISED_HOST)): TextSelector(),
        vol.Required(c.CONF_HTTP_PATH, default=now.get(c.CONF_HTTP_PATH, False)): BooleanSelector(),
    }


def _tags(now: Mapping[str, Any]) -> dict[Any, Any]:
    policy = now.get(c.CONF_UNKNOWN_TOKENS, DEFAULTS.unknown_tokens)
    private = now.get(c.CONF_PRIVATE_DRIVERS, False)
    return {
        vol.Required(c.CONF_UNKNOWN_TOKENS, default=policy): choice(
            UnknownTokenPolicy, c.CONF_UNKNOWN_TOKENS
        ),
        vol.Required(c.CONF_PRIVATE_DRIVERS, default=private): BooleanSelector(),
    }


def _advanced(now: Mapping[str, Any]) -> dict[Any, Any]:
    heartbeat = now.get(c.CONF_HEARTBEAT_S, DEFAULTS.heartbeat_s)
    sample = now.get(c.CONF_SAMPLE_INTERVAL_S, DEFAULTS.sample_interval_s)
    silent = now.get(c.CONF_PROVISIONAL_AFTER_H, DEFAULTS.provisional_after_h)
    return {
        vol.Required(c.CONF_HEARTBEAT_S, default=heartbeat): whole(30, 86400, "s"),
        vol.Required(c.CONF_SAMPLE_INTERVAL_S, default=sample): whole(5, 900, "s"),
        vol.Required(c.CONF_PROVISIONAL_AFTER_H, default=silent): whole(1, 720, "h"),
    }
