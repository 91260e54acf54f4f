"""The frame of whatever follows other integrations' entities: begun anew when others are named, told to the engine."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, override

from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    EventStateReportedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers.event import (
    async_track_state_change_event,
    async_track_state_report_event,
)

from .const import LOGGER
from .engine import Engine
from .model.errors import StorageUnavailable
from .model.events import SourceEvent

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

type Heard = Callable[[str], None]
"""Takes the id of an entity that spoke."""


@callback
def async_hear_changes(
    hass: HomeAssistant, entities: Iterable[str], heard: Heard
) -> list[CALLBACK_TYPE]:
    """Call whenever an entity says something else; return how to stop that."""

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        heard(event.data["entity_id"])

    return [async_track_state_change_event(hass, list(entities), changed)]


@callback
def async_hear(hass: HomeAssistant, entities: Iterable[str], heard: Heard) -> list[CALLBACK_TYPE]:
    """Call whenever an entity speaks, also if it says the same; return how to stop that."""

    @callback
    def repeated(event: Event[EventStateReportedData]) -> None:
        heard(event.data["entity_id"])

    names = list(entities)
    return [
        *async_hear_changes(hass, names, heard),
        async_track_state_report_event(hass, names, repeated),
    ]


class EntityFollower[K, N](ABC):
    """Follows what one site's configuration names, by what it is named for."""

    def __init__(self, hass: HomeAssistant, entry: EvStationConfigEntry, engine: Engine) -> None:
        """Prepare; nothing is read before `async_follow`."""
        self._hass = hass
        self._entry = entry
        self._engine = engine
        self._followed: Mapping[K, N] = {}
        self._stops: list[CALLBACK_TYPE] = []

    @callback
    def async_follow(self) -> None:
        """Follow what is named now and read it, unless it is followed already."""
        if (named := self._named()) != self._followed:
            self._turn_to(named)
            self._stops = self._begin() if named else []

    @callback
    def async_stop(self) -> None:
        """Follow nothing any more."""
        self._turn_to({})

    def _turn_to(self, named: Mapping[K, N]) -> None:
        while self._stops:
            self._stops.pop()()
        self._followed = named

    @abstractmethod
    def _named(self) -> Mapping[K, N]:
        """Return what the configuration names now."""

    @abstractmethod
    def _begin(self) -> list[CALLBACK_TYPE]:
        """Read what is followed now, and hear it from now on; return how to stop that."""

    def _tell(self, event: SourceEvent) -> None:
        """Have the engine told."""
        name = f"ev_station {type(event).__name__}"
        self._entry.async_create_task(self._hass, self._async_tell(event), name)

    async def _async_tell(self, event: SourceEvent) -> None:
        """Tell the engine; what cannot be stored is made up for by the next reading."""
        try:
            await self._engine.configure(event)
        except StorageUnavailable:
            LOGGER.debug("%s could not be stored", type(event).__name__)


class OptionsFollower(EntityFollower[str, Any], ABC):
    """Follows what a site's options name."""

    _options: ClassVar[tuple[str, ...]]

    @override
    def _named(self) -> Mapping[str, Any]:
        return {key: self._entry.options.get(key) for key in self._options}

    def _state(self, option: str) -> State | None:
        """Return what the entity an option names says."""
        entity = self._followed.get(option)
        return self._hass.states.get(entity) if entity else None
