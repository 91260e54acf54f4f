"""Buttons: start, stop and unlock an EVSE; restart a charger or ask it how it is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.button import ButtonDeviceClass, ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .engine import Engine
from .entity import Description, EvStationEntity, Table, async_setup_tables
from .errors import carry_out, ensure_done
from .lookup import CHARGER, EVSE, ChargerView, EvseView, View
from .model.commands import CommandResult, Reset, Trigger, TriggerKind, Unlock

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

PARALLEL_UPDATES = 1


@dataclass(frozen=True, kw_only=True)
class ButtonDescription[V: View](Description[V], ButtonEntityDescription):
    """A button: what it asks for."""

    press_fn: Callable[[Engine, V], Awaitable[CommandResult]]


class EvStationButton[V: View](EvStationEntity[V], ButtonEntity):
    """A row of the tables below."""

    entity_description: ButtonDescription[V]

    @override
    async def async_press(self) -> None:
        """Ask for it."""
        if view := self.view:
            await carry_out(self.entity_description.press_fn(self.coordinator.engine, view))


async def ask_for_news(engine: Engine, view: ChargerView) -> CommandResult:
    """Ask a charger for its status and its meter values."""
    status = await engine.command(view.charger.key, Trigger(kind=TriggerKind.STATUS))
    ensure_done(status)
    return await engine.command(view.charger.key, Trigger(kind=TriggerKind.METER_VALUES))


EVSE_BUTTONS: Final[tuple[ButtonDescription[EvseView], ...]] = (
    ButtonDescription(
        key="start",
        translation_key="start",
        live=True,
        press_fn=lambda engine, view: engine.start_session(
            view.evse.id, view.settings.default_driver
        ),
    ),
    ButtonDescription(
        key="stop",
        translation_key="stop",
        live=True,
        press_fn=lambda engine, view: engine.stop_session(view.evse.id),
    ),
    ButtonDescription(
        key="unlock",
        translation_key="unlock",
        live=True,
        press_fn=lambda engine, view: engine.command(
            view.evse.id.charger, Unlock(evse=view.evse.id)
        ),
    ),
)

CHARGER_BUTTONS: Final[tuple[ButtonDescription[ChargerView], ...]] = (
    ButtonDescription(
        key="reset",
        device_class=ButtonDeviceClass.RESTART,
        entity_category=EntityCategory.CONFIG,
        live=True,
        press_fn=lambda engine, view: engine.command(view.charger.key, Reset()),
    ),
    ButtonDescription(
        key="refresh",
        translation_key="refresh",
        entity_category=EntityCategory.DIAGNOSTIC,
        live=True,
        press_fn=ask_for_news,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: EvStationConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons."""
    async_setup_tables(
        entry,
        async_add_entities,
        Table(CHARGER, EvStationButton[ChargerView], CHARGER_BUTTONS),
        Table(EVSE, EvStationButton[EvseView], EVSE_BUTTONS),
    )
