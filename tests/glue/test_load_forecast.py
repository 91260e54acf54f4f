"""A house of which nothing is recorded."""

from homeassistant.core import HomeAssistant

from custom_components.ev_station.model.forecast import Forecast, ForecastKind

from .entries import async_load, site_entry


async def test_without_a_recorder_there_is_no_forecast(hass: HomeAssistant, port: int) -> None:
    assert "recorder" not in hass.config.components
    entry = site_entry(port, options={"grid_power": "sensor.grid"})
    await async_load(hass, entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.runtime_data.engine.state.get(Forecast, ForecastKind.LOAD) is None
    assert entry.runtime_data.load.report() is None
    await hass.config_entries.async_unload(entry.entry_id)
