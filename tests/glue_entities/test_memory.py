"""The sparkline after a restart."""

from datetime import datetime, timedelta

from homeassistant.components.recorder import Recorder
from homeassistant.const import UnitOfPower
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from custom_components.ev_station.history import PowerHistory
from custom_components.ev_station.memory import async_remember

from .site import EVSE

SENSOR = "sensor.garage_power"
POWER = {
    "device_class": "power",
    "state_class": "measurement",
    "unit_of_measurement": UnitOfPower.KILO_WATT,
}


@pytest.fixture(autouse=True)
def _real(recorder_mock: Recorder, enable_custom_integrations: None) -> None:
    """Start the recorder before Home Assistant."""


async def test_the_recorders_means_are_read_in_watts(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "sensor", {})
    hass.states.async_set(SENSOR, "7.2", POWER)
    await async_wait_recording_done(hass)
    do_adhoc_statistics(hass, start=_this_period())
    await async_wait_recording_done(hass)
    history = PowerHistory()
    await async_remember(hass, history, {SENSOR: EVSE})
    assert [power for _, power in history.points(EVSE, dt_util.utcnow())] == [7200]


def _this_period() -> datetime:
    now = dt_util.utcnow().replace(second=0, microsecond=0)
    return now - timedelta(minutes=now.minute % 5)
