"""What lives as long as a config entry is loaded."""

from asyncio import Lock
from dataclasses import dataclass, field
from typing import Any

from homeassistant.config_entries import ConfigEntry

from .accelerators import Accelerators
from .battery_hold import BatteryHold
from .coordinator import EvStationCoordinator
from .discovery import Discoveries
from .engine import Engine, Listener
from .entity_follower import EntityFollower
from .forecast_inputs import ForecastInputs
from .inputs import PriceInputs
from .issues import Issues
from .load_forecast import LoadForecast

type EvStationConfigEntry = ConfigEntry[EvStationRuntime]


@dataclass(slots=True, kw_only=True)
class EvStationRuntime:
    """One site at work under Home Assistant."""

    engine: Engine
    accelerators: Accelerators
    coordinator: EvStationCoordinator
    discoveries: Discoveries
    prices: PriceInputs
    battery: BatteryHold
    forecasts: ForecastInputs
    load: LoadForecast
    followers: tuple[EntityFollower[Any, Any], ...]
    """All there are, those named above too."""
    issues: Issues
    listener: Listener
    """Where the engine listens now."""
    applying: Lock = field(default_factory=Lock)
    """One difference is computed and applied at a time, each from the state the last one left."""
