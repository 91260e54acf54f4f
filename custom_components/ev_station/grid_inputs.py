"""What the grid's operator says: other integrations' switches and sensors of dimming, ripple control and peaks."""

from collections.abc import Mapping
import re
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, State, callback

from . import const as c
from .engine import Engine
from .meter_inputs import async_hear, watts
from .model.grid import GridReading

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

GRID_POWERS: Final = (
    c.CONF_QUARTER_ENTITY,
    c.CONF_PEAK_ENTITY,
    c.CONF_DIMMING_LIMIT_ENTITY,
    c.CONF_OTHERS_POWER,
)
"""Those that say a power."""
_ENTITIES: Final = (*GRID_POWERS, c.CONF_DIMMING_ENTITY, c.CONF_RIPPLE_ENTITY)
_PERCENT: Final = re.compile(r"\s*(\d+)(?:[.,]\d*)?\s*%?\s*")


class GridInputs:
    """Follows the entities a site's options name."""

    def __init__(self, hass: HomeAssistant, entry: EvStationConfigEntry, engine: Engine) -> None:
        """Prepare; nothing is read before `async_follow`."""
        self._hass = hass
        self._entry = entry
        self._engine = engine
        self._followed: Mapping[str, Any] = {}
        self._stops: list[CALLBACK_TYPE] = []

    @callback
    def async_follow(self) -> None:
        """Follow what the options name now."""
        wanted = {key: self._entry.options.get(key) for key in _ENTITIES}
        if wanted == self._followed:
            return
        self.async_stop()
        self._followed = wanted
        entities = [entity for entity in wanted.values() if entity]
        self._stops = async_hear(self._hass, entities, self._heard)
        self._read()

    @callback
    def async_stop(self) -> None:
        """Follow nothing any more."""
        while self._stops:
            self._stops.pop()()
        self._followed = {}

    @callback
    def _heard(self, _entity: str) -> None:
        self._read()

    def _read(self) -> None:
        self._engine.read_grid(
            GridReading(
                dimmed=_is_on(self._state(c.CONF_DIMMING_ENTITY)),
                limit_w=self._power(c.CONF_DIMMING_LIMIT_ENTITY),
                others_w=self._power(c.CONF_OTHERS_POWER),
                percent=percent(self._state(c.CONF_RIPPLE_ENTITY)),
                quarter_w=self._power(c.CONF_QUARTER_ENTITY),
                peak_w=self._power(c.CONF_PEAK_ENTITY),
            )
        )

    def _power(self, key: str) -> int | None:
        power = watts(self._state(key))
        return None if power is None else int(power)

    def _state(self, key: str) -> State | None:
        entity = self._followed[key]
        return self._hass.states.get(entity) if entity else None


def _is_on(state: State | None) -> bool | None:
    """Return whether an order is given; None while nobody knows."""
    return {STATE_ON: True, STATE_OFF: False}.get(state.state) if state else None


def percent(state: State | None) -> int | None:
    """Return the share an entity says, as a number or as an option such as `60 %`; None: it says none."""
    found = _PERCENT.fullmatch(state.state) if state else None
    return None if found is None else int(found[1])
