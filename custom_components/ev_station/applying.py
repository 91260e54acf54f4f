"""Making what is configured hold, at the start and at every change, without a reload and without dropping a socket."""

from homeassistant.const import CONF_HOST, CONF_PORT, EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import Event, HomeAssistant

from . import configuration
from .const import LOGGER
from .engine import Listener
from .listening import async_name_owner
from .model.errors import StorageUnavailable
from .runtime import EvStationConfigEntry, EvStationRuntime


def listener_of(entry: EvStationConfigEntry) -> Listener:
    """Return where the entry wants to listen."""
    return Listener(host=entry.data[CONF_HOST], port=entry.data[CONF_PORT])


async def async_apply(hass: HomeAssistant, entry: EvStationConfigEntry) -> None:
    """Tell the engine what is different from what it knows."""
    runtime = entry.runtime_data
    async with runtime.applying:
        wanted = configuration.read(entry, hass.config.time_zone)
        await runtime.engine.configure(*configuration.difference(runtime.engine.state, wanted))


def async_follow(hass: HomeAssistant, entry: EvStationConfigEntry) -> None:
    """Begin to react: to chargers that knock, to prices, to changes of the configuration and of the time zone."""
    runtime = entry.runtime_data

    async def moved(_event: Event) -> None:
        await _async_updated(hass, entry)

    for attempt in runtime.engine.health.attempts:
        runtime.discoveries.attempted(attempt)
    entry.async_on_unload(runtime.engine.listen_attempts(runtime.discoveries.attempted))
    entry.async_on_unload(runtime.discoveries.async_start())
    entry.async_on_unload(entry.add_update_listener(_async_updated))
    entry.async_on_unload(hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, moved))
    _follow(runtime)
    runtime.issues.async_start()


def _follow(runtime: EvStationRuntime) -> None:
    for each in runtime.followers:
        each.async_follow()
    runtime.battery.async_follow()
    runtime.accelerators.async_follow()


async def _async_updated(hass: HomeAssistant, entry: EvStationConfigEntry) -> None:
    runtime = entry.runtime_data
    try:
        await async_apply(hass, entry)
    except StorageUnavailable:
        LOGGER.error(
            "A change of the configuration could not be stored; it is tried again at the next start"
        )
    await _async_move(hass, entry)
    _follow(runtime)
    runtime.discoveries.drop_adopted()
    runtime.issues.async_check()


async def _async_move(hass: HomeAssistant, entry: EvStationConfigEntry) -> None:
    """Listen elsewhere if the address changed; go back to the old one if the new one turns out taken."""
    runtime = entry.runtime_data
    async with runtime.applying:
        listener = listener_of(entry)
        if listener == runtime.listener:
            return
        try:
            await runtime.engine.listen_on(listener)
        except OSError:
            runtime.issues.async_port_busy(await async_name_owner(hass, listener.port, entry))
            await runtime.engine.listen_on(runtime.listener)
            return
        runtime.listener = listener
        runtime.issues.async_port_free()
