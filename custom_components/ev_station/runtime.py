"""What lives as long as a config entry is loaded."""

from asyncio import Lock
from dataclasses import dataclass, field

from homeassistant.config_entries import ConfigEntry

from .accelerators import Accelerators
from .battery_hold import BatteryHold
from .calendar_inputs import CalendarInputs
from .coordinator import EvStationCoordinator
from .discovery import Discoveries
from .energy_inputs import EnergyInputs
from .engine import Engine, Listener
from .forecast_inputs import ForecastInputs
from .grid_inputs import GridInputs
from .inputs import PriceInputs
from .issues import Issues
from .load_forecast import LoadForecast
from .meter_inputs import MeterInputs
from .phase_levers import PhaseLevers
from .vehicle_inputs import VehicleInputs

type EvStationConfigEntry = ConfigEntry[EvStationRuntime]


@dataclass(slots=True, kw_only=True)
class EvStationRuntime:
    """One site at work under Home Assistant."""

    engine: Engine
    accelerators: Accelerators
    coordinator: EvStationCoordinator
    discoveries: Discoveries
    prices: PriceInputs
    meters: MeterInputs
    energy: EnergyInputs
    grid: GridInputs
    battery: BatteryHold
    phases: PhaseLevers
    vehicles: VehicleInputs
    calendars: CalendarInputs
    forecasts: ForecastInputs
    load: LoadForecast
    issues: Issues
    listener: Listener
    """Where the engine listens now."""
    applying: Lock = field(default_factory=Lock)
    """One difference is computed and applied at a time, each from the state the last one left."""
