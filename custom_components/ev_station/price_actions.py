"""Integrations that tell their prices only when asked: which action of theirs, and with what."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_CURRENCY
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .sources.prices import Said

_PATIENCE_S: Final = 30

Data = dict[str, Any]


class Call(NamedTuple):
    """One action to call."""

    action: str
    data: Data


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSource:
    """How to ask one integration."""

    calls: Callable[[ConfigEntry, datetime, str | None], list[Call]]
    """The entry, the local midnight of today and the channel -> what to call, today's first."""
    channels: tuple[str, ...] = ()
    """What it is asked for, where it tells several prices but one at a time; the usual one first."""
    currency: str | None = None
    """What its prices are in; None: its entry may say so."""
    every: timedelta | None = None
    """How often its prices change; None: once a day."""


class SourceSilent(Exception):
    """A source could not be asked."""

    def __init__(self, reason: str) -> None:
        """Keep the reason in its own words."""
        super().__init__(reason)
        self.reason = reason


def _days(midnight: datetime) -> list[str]:
    return [(midnight.date() + timedelta(days=days)).isoformat() for days in (0, 1)]


def _nord_pool(entry: ConfigEntry, midnight: datetime, _channel: str | None) -> list[Call]:
    asked = {"config_entry": entry.entry_id}
    return [Call("get_prices_for_date", {**asked, "date": day}) for day in _days(midnight)]


def _tibber(_entry: ConfigEntry, midnight: datetime, _channel: str | None) -> list[Call]:
    end = dt_util.start_of_local_day(midnight.date() + timedelta(days=2))
    return [Call("get_prices", {"start": midnight.isoformat(), "end": end.isoformat()})]


def _energyzero(entry: ConfigEntry, midnight: datetime, channel: str | None) -> list[Call]:
    asked = {"config_entry": entry.entry_id, "incl_vat": True, "price_type": channel}
    return [
        Call("get_energy_prices", {**asked, "start": day, "end": day}) for day in _days(midnight)
    ]


def _easyenergy(entry: ConfigEntry, midnight: datetime, channel: str | None) -> list[Call]:
    action, asked = "get_energy_return_prices", Data(config_entry=entry.entry_id)
    if channel != _RETURN:
        action = "get_energy_usage_prices"
        asked |= {"incl_vat": True, "price_type": channel}
    return [Call(action, {**asked, "start": day, "end": day}) for day in _days(midnight)]


def _omie(_entry: ConfigEntry, midnight: datetime, channel: str | None) -> list[Call]:
    return [
        Call("get_prices_for_date", {"date": day, "countries": [channel]})
        for day in _days(midnight)
    ]


def _green_planet(entry: ConfigEntry, _midnight: datetime, _channel: str | None) -> list[Call]:
    return [Call("get_prices", {"config_entry_id": entry.entry_id, "hours": 24})]


def _amber(entry: ConfigEntry, _midnight: datetime, channel: str | None) -> list[Call]:
    return [Call("get_forecasts", {"config_entry_id": entry.entry_id, "channel_type": channel})]


_RETURN: Final = "return"
SOURCES: Final[Mapping[str, PriceSource]] = {
    "nordpool": PriceSource(calls=_nord_pool),
    "tibber": PriceSource(calls=_tibber),
    "energyzero": PriceSource(calls=_energyzero, currency="EUR", channels=("all_in", "market")),
    "easyenergy": PriceSource(
        calls=_easyenergy, currency="EUR", channels=("invoice", "market", _RETURN)
    ),
    "omie": PriceSource(calls=_omie, currency="EUR", channels=("es", "pt")),
    # It tells the 24 hours to come, not days.
    "green_planet_energy": PriceSource(
        calls=_green_planet, currency="EUR", every=timedelta(hours=1)
    ),
    "amberelectric": PriceSource(
        calls=_amber,
        currency="AUD",
        channels=("general", "feed_in"),
        every=timedelta(minutes=5),
    ),
}
"""By the integration's domain."""


def price_entries(hass: HomeAssistant) -> list[ConfigEntry]:
    """Return the set up integrations that can be asked for prices."""
    entries = hass.config_entries.async_entries(include_ignore=False, include_disabled=False)
    return [entry for entry in entries if entry.domain in SOURCES]


def currency_of(entry: ConfigEntry) -> str | None:
    """Return what an integration's prices are in; None: it does not say."""
    return SOURCES[entry.domain].currency or entry.data.get(CONF_CURRENCY)


async def async_ask(hass: HomeAssistant, entry_id: str, channel: str | None) -> list[Said]:
    """Return today's answer and, once it is published, tomorrow's; raises SourceSilent without today's."""
    entry = hass.config_entries.async_get_entry(entry_id)
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        raise SourceSilent("not_loaded")
    midnight = dt_util.start_of_local_day(dt_util.as_local(dt_util.utcnow()))
    said: list[Said] = []
    for call in SOURCES[entry.domain].calls(entry, midnight, channel):
        try:
            answer = await _async_call(hass, entry.domain, call)
        except SourceSilent:
            if said:
                break
            raise
        said.append(Said(answer, midnight.date(), entry.domain))
    return said


async def _async_call(hass: HomeAssistant, domain: str, call: Call) -> Data:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            answer = await hass.services.async_call(
                domain, call.action, call.data, blocking=True, return_response=True
            )
    except TimeoutError as error:
        raise SourceSilent("timeout") from error
    except (HomeAssistantError, vol.Invalid) as error:
        raise SourceSilent(str(error) or type(error).__name__) from error
    return dict(answer or {})
