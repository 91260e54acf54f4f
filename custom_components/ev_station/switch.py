"""Switches: whether an EVSE may charge, and whether the home battery is drained into its car."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .engine import Engine
from .entity import Description, EvStationEntity, Table, async_setup_tables
from .errors import carry_out
from .lookup import EVSE, EvseView
from .model.commands import CommandResult

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

PARALLEL_UPDATES = 1


@dataclass(frozen=True, kw_only=True)
class SwitchDescription(Description[EvseView], SwitchEntityDescription):
    """A switch: how it stands and how it is turned."""

    is_on_fn: Callable[[EvseView], bool]
    turn_fn: Callable[[Engine, EvseView, bool], Awaitable[CommandResult]]


class EvStationSwitch(EvStationEntity[EvseView], SwitchEntity):
    """A row of the table below."""

    entity_description: SwitchDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """Return the state."""
        return self.entity_description.is_on_fn(view) if (view := self.view) else None

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Turn on."""
        await self._turn(on=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn off."""
        await self._turn(on=False)

    async def _turn(self, *, on: bool) -> None:
        if view := self.view:
            turn = self.entity_description.turn_fn
            await carry_out(turn(self.coordinator.engine, view, on))


EVSE_SWITCHES: Final = (
    SwitchDescription(
        key="charge_control",
        translation_key="charge_control",
        is_on_fn=lambda view: view.evse.enabled,
        turn_fn=lambda engine, view, on: engine.enable(view.evse.id, enabled=on),
    ),
    SwitchDescription(
        key="battery_boost",
        translation_key="battery_boost",
        exists_fn=lambda view: view.site.battery is not None and view.site.battery.measured,
        is_on_fn=lambda view: view.evse.boosts,
        turn_fn=lambda engine, view, on: engine.boost(view.evse.id, on=on),
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: EvStationConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches."""
    async_setup_tables(entry, async_add_entities, Table(EVSE, EvStationSwitch, EVSE_SWITCHES))
