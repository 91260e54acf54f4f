"""What the grid's operator says: other integrations' switches and sensors of dimming, ripple control and peaks."""

import re
from typing import Final, override

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import CALLBACK_TYPE, State, callback

from . import const as c
from .entity_follower import OptionsFollower, async_hear
from .meter_inputs import watts
from .model.grid import GridReading

GRID_POWERS: Final = (
    c.CONF_QUARTER_ENTITY,
    c.CONF_PEAK_ENTITY,
    c.CONF_DIMMING_LIMIT_ENTITY,
    c.CONF_OTHERS_POWER,
)
"""Those that say a power."""
_ENTITIES: Final = (*GRID_POWERS, c.CONF_DIMMING_ENTITY, c.CONF_RIPPLE_ENTITY)
_PERCENT: Final = re.compile(r"\s*(\d+)(?:[.,]\d*)?\s*%?\s*")


class GridInputs(OptionsFollower):
    """Follows the entities that speak for the grid's operator."""

    _options = _ENTITIES

    @override
    def _begin(self) -> list[CALLBACK_TYPE]:
        self._read()
        entities = [entity for entity in self._followed.values() if entity]
        return async_hear(self._hass, entities, self._heard)

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


def _is_on(state: State | None) -> bool | None:
    """Return whether an order is given; None while nobody knows."""
    return {STATE_ON: True, STATE_OFF: False}.get(state.state) if state else None


def percent(state: State | None) -> int | None:
    """Return the share an entity says, as a number or as an option such as `60 %`; None: it says none."""
    found = _PERCENT.fullmatch(state.state) if state else None
    return None if found is None else int(found[1])
