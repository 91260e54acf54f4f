"""Integrations that know prices, as far as ours sees them."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    mock_integration,
)

type Answer = Callable[[Mapping[str, Any]], dict[str, Any]]


def loaded(hass: HomeAssistant, domain: str, title: str) -> MockConfigEntry:
    """Return the entry of an integration that is set up, and can be unloaded with the house."""

    async def unload(_hass: HomeAssistant, _entry: ConfigEntry) -> bool:
        return True

    mock_integration(hass, MockModule(domain, async_unload_entry=unload))
    entry = MockConfigEntry(domain=domain, title=title)
    entry.add_to_hass(hass)
    entry.mock_state(hass, ConfigEntryState.LOADED)
    return entry


class Source:
    """A set up integration with an action that answers with prices."""

    def __init__(self, hass: HomeAssistant, domain: str, action: str, answer: Answer) -> None:
        self.hass = hass
        self.asked: list[dict[str, Any]] = []
        self.answer = answer
        self.entry = loaded(hass, domain, domain.title())
        hass.services.async_register(
            domain, action, self._called, supports_response=SupportsResponse.ONLY
        )

    async def _called(self, call: ServiceCall) -> dict[str, Any]:
        self.asked.append(dict(call.data))
        return self.answer(call.data)


def rows(start: datetime, *prices: float, minutes: int = 60) -> list[dict[str, Any]]:
    """Return prices from a moment on, with begin and end as core's integrations write them."""
    step = timedelta(minutes=minutes)
    return [
        {
            "start": (start + step * number).isoformat(),
            "end": (start + step * (number + 1)).isoformat(),
            "price": price,
        }
        for number, price in enumerate(prices)
    ]
