"""Where the site's power comes from: other integrations' grid, solar and battery sensors."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, State, callback

from . import const as c
from .engine import Engine
from .meter_inputs import async_hear, number, watts
from .model.energy import EnergyReading

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

POWERS: Final = (c.CONF_GRID_POWER, c.CONF_SOLAR_POWER, c.CONF_LOAD_POWER, c.CONF_BATTERY_POWER)
_ENTITIES: Final = (*POWERS, c.CONF_BATTERY_SOC)


class EnergyInputs:
    """Follows the sensors a site's options name."""

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
        keys = (*_ENTITIES, c.CONF_GRID_INVERTED, c.CONF_BATTERY_INVERTED)
        wanted = {key: self._entry.options.get(key) for key in keys}
        if wanted == self._followed:
            return
        self.async_stop()
        self._followed = wanted
        entities = [entity for key in _ENTITIES if (entity := wanted[key])]
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

    def _state(self, key: str) -> State | None:
        entity = self._followed[key]
        return self._hass.states.get(entity) if entity else None
