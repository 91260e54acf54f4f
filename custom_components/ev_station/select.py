"""Selects: which power an EVSE charges with, and which car stands there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .engine import Engine
from .entity import Description, EvStationEntity, Table, async_setup_tables
from .errors import carry_out
from .lookup import EVSE, EvseView
from .model.commands import CommandResult
from .model.energy import ChargeMode
from .model.ids import VehicleId
from .model.state import GUEST

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

PARALLEL_UPDATES = 1

AUTOMATIC: Final = "automatic"
"""The car of whoever charges."""


@dataclass(frozen=True, kw_only=True)
class SelectDescription(Description[EvseView], SelectEntityDescription):
    """A select: what is chosen and how another is."""

    current_fn: Callable[[EvseView], str]
    choose_fn: Callable[[Engine, EvseView, str], Awaitable[CommandResult]]
    options_fn: Callable[[EvseView], list[str]] | None = None
    """Where what can be chosen changes."""


class EvStationSelect(EvStationEntity[EvseView], SelectEntity):
    """A row of the table below."""

    entity_description: SelectDescription

    @property
    @override
    def options(self) -> list[str]:
        """Return what can be chosen."""
        view, options_fn = self.view, self.entity_description.options_fn
        return options_fn(view) if view and options_fn else super().options

    @property
    @override
    def current_option(self) -> str | None:
        """Return what is chosen."""
        return self.entity_description.current_fn(view) if (view := self.view) else None

    @override
    async def async_select_option(self, option: str) -> None:
        """Choose."""
        if view := self.view:
            choose = self.entity_description.choose_fn
            await carry_out(choose(self.coordinator.engine, view, option))


def _names(view: EvseView) -> list[str]:
    return sorted(each.settings.name for each in view.vehicles)


def _vehicle(view: EvseView) -> str:
    chosen = view.evse.vehicle
    names = (each.settings.name for each in view.vehicles if each.key == chosen)
    return GUEST if chosen == GUEST else next(names, AUTOMATIC)


def _vehicle_of(view: EvseView, name: str) -> VehicleId | None:
    ids = (each.key for each in view.vehicles if each.settings.name == name)
    return next(ids, GUEST if name == GUEST else None)


EVSE_SELECTS: Final = (
    SelectDescription(
        key="charge_mode",
        translation_key="charge_mode",
        options=[mode.value for mode in ChargeMode],
        current_fn=lambda view: view.evse.mode.value,
        choose_fn=lambda engine, view, mode: engine.set_mode(view.evse.id, ChargeMode(mode)),
    ),
    SelectDescription(
        key="vehicle",
        translation_key="vehicle",
        exists_fn=lambda view: bool(view.vehicles),
        options_fn=lambda view: [AUTOMATIC, *_names(view), GUEST],
        current_fn=_vehicle,
        choose_fn=lambda engine, view, name: engine.choose_vehicle(
            view.evse.id, _vehicle_of(view, name)
        ),
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: EvStationConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects."""
    async_setup_tables(entry, async_add_entities, Table(EVSE, EvStationSelect, EVSE_SELECTS))
