"""Where the site's power comes from: other integrations' grid, solar and battery sensors."""

from decimal import Decimal
from typing import Final, override

from homeassistant.core import CALLBACK_TYPE, State, callback

from . import const as c
from .entity_follower import OptionsFollower, async_hear
from .meter_inputs import number, watts
from .model.energy import EnergyReading

POWERS: Final = (c.CONF_GRID_POWER, c.CONF_SOLAR_POWER, c.CONF_LOAD_POWER, c.CONF_BATTERY_POWER)
_ENTITIES: Final = (*POWERS, c.CONF_BATTERY_SOC)


class EnergyInputs(OptionsFollower):
    """Follows the sensors that say where power comes from."""

    _options = (*_ENTITIES, c.CONF_GRID_INVERTED, c.CONF_BATTERY_INVERTED)

    @override
    def _begin(self) -> list[CALLBACK_TYPE]:
        self._read()
        entities = [entity for key in _ENTITIES if (entity := self._followed[key])]
        return async_hear(self._hass, entities, self._heard)

    @callback
    def _heard(self, _entity: str) -> None:
        self._read()

    def _read(self) -> None:
        """Tell the engine; a grid that says nothing is not told of, and gets old."""
        battery = self._signed(c.CONF_BATTERY_POWER, c.CONF_BATTERY_INVERTED)
        charging = None if battery is None else -battery
        grid, spoke = self._grid(charging)
        if grid is None or spoke is None:
            return
        self._engine.read_energy(
            EnergyReading(
                grid_w=grid,
                battery_w=charging,
                battery_percent=number(self._state(c.CONF_BATTERY_SOC)),
                solar_w=watts(self._state(c.CONF_SOLAR_POWER)),
                at=spoke.last_reported,
            )
        )

    def _grid(self, charging: Decimal | None) -> tuple[Decimal | None, State | None]:
        """Return what is imported, and the sensor that says so; else what the house draws less its sun."""
        if state := self._state(c.CONF_GRID_POWER):
            return self._signed(c.CONF_GRID_POWER, c.CONF_GRID_INVERTED), state
        state = self._state(c.CONF_SOLAR_POWER)
        solar, load = watts(state), watts(self._state(c.CONF_LOAD_POWER))
        if solar is None or load is None:
            return None, None
        return load - solar + (charging or Decimal(0)), state

    def _signed(self, key: str, inverted: str) -> Decimal | None:
        power = watts(self._state(key))
        return -power if power is not None and self._followed[inverted] else power
