"""EV Station: an OCPP central system inside Home Assistant. This file composes; nothing else happens here."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.helpers.typing import ConfigType
from homeassistant.util import dt as dt_util

from .accelerators import Accelerators
from .applying import async_apply, async_follow, listener_of
from .battery_hold import BatteryHold, async_forget_hold
from .calendar_inputs import CalendarInputs
from .const import DOMAIN, PLATFORMS
from .coordinator import EvStationCoordinator
from .discovery import Discoveries
from .energy_inputs import EnergyInputs
from .engine import Engine
from .forecast_inputs import ForecastInputs
from .grid_inputs import GridInputs
from .holiday_inputs import HolidayInputs
from .inputs import PriceInputs
from .issues import Issues, async_forget
from .load_forecast import LoadForecast
from .meter_inputs import MeterInputs
from .ocpp_view import async_setup_ocpp_view
from .panel import async_hide_panel, async_setup_panel
from .phase_levers import PhaseLevers
from .runtime import EvStationConfigEntry, EvStationRuntime
from .services import async_setup_services
from .starting import async_start_engine, folder_of
from .vehicle_inputs import VehicleInputs
from .websocket_api import async_setup_websocket_api

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Register what serves every site: actions, websocket commands, chargers' way in, the panel."""
    async_setup_services(hass)
    async_setup_websocket_api(hass)
    async_setup_ocpp_view(hass)
    await async_setup_panel(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: EvStationConfigEntry) -> bool:
    """Put a site to work."""
    listener = listener_of(entry)
    engine = Engine(folder=folder_of(hass, entry), listener=listener, clock=dt_util.utcnow)
    await async_start_engine(hass, entry, engine, listener)
    issues = Issues(hass, entry, engine)
    battery = BatteryHold(hass, entry, engine, issues)
    prices = PriceInputs(hass, entry, engine)
    forecasts, load = ForecastInputs(hass, entry, engine), LoadForecast(hass, entry, engine)
    entry.async_on_unload(_stop_with(hass, engine, battery))
    entry.runtime_data = EvStationRuntime(
        engine=engine,
        accelerators=Accelerators(hass, entry),
        coordinator=EvStationCoordinator(hass, entry, engine),
        discoveries=Discoveries(hass, entry),
        prices=prices,
        battery=battery,
        forecasts=forecasts,
        load=load,
        followers=(
            prices,
            HolidayInputs(hass, entry, engine),
            MeterInputs(hass, entry, engine),
            EnergyInputs(hass, entry, engine),
            GridInputs(hass, entry, engine),
            PhaseLevers(hass, entry, engine),
            VehicleInputs(hass, entry, engine),
            CalendarInputs(hass, entry, engine),
            forecasts,
            load,
        ),
        issues=issues,
        listener=listener,
    )
    try:
        await async_apply(hass, entry)
        entry.runtime_data.coordinator.async_start()
        await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
        async_follow(hass, entry)
        await battery.async_start()
    except BaseException:
        await async_rest(entry)
        raise
    return True


def _stop_with(hass: HomeAssistant, engine: Engine, battery: BatteryHold) -> CALLBACK_TYPE:
    """Let the home battery go and stop the engine when Home Assistant stops, which unloads no entry; returns how to take that back."""

    async def stop(_event: Event) -> None:
        await battery.async_release()
        await engine.stop()

    return hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, stop)


async def async_unload_entry(hass: HomeAssistant, entry: EvStationConfigEntry) -> bool:
    """Put a site to rest: its chargers queue what they have to say."""
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    await async_rest(entry)
    if entry.disabled_by:
        async_hide_panel(hass, entry)
    return True


async def async_rest(entry: EvStationConfigEntry) -> None:
    """Stop everything that works for a site."""
    runtime = entry.runtime_data
    for each in runtime.followers:
        each.async_stop()
    await runtime.battery.async_release()
    runtime.issues.async_stop()
    runtime.discoveries.drop_all()
    runtime.coordinator.async_stop()
    await runtime.engine.stop()


async def async_remove_entry(hass: HomeAssistant, entry: EvStationConfigEntry) -> None:
    """Withdraw what was claimed of a site; its ledger stays in the configuration folder."""
    async_forget(hass, entry)
    await async_forget_hold(hass, entry)
    async_hide_panel(hass, entry)


async def async_migrate_entry(_hass: HomeAssistant, entry: EvStationConfigEntry) -> bool:
    """Bring an older entry up to date; one of a newer major version cannot be read."""
    return entry.version == 1


async def async_remove_config_entry_device(
    _hass: HomeAssistant, entry: EvStationConfigEntry, device: DeviceEntry
) -> bool:
    """Let a device be deleted that nothing stands behind any more; others go with their subentry."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    return entry.runtime_data.coordinator.devices.key_of(device.id) is None
