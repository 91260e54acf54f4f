"""Devices stand for what is there."""

from homeassistant.core import HomeAssistant
import pytest

from custom_components.ev_station.model.effects import Notice, NoticeKind
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.state import Charger, Driver, Evse, Key
from custom_components.ev_station.moments import place

from .site import CP1, EVSE, Site


@pytest.mark.parametrize(
    "gone",
    [(Charger, "GONE"), (Evse, EvseId("GONE", 1)), (Driver, "gone")],
    ids=["charger", "evse", "driver"],
)
def test_what_is_gone_has_no_device_and_no_subentry(site: Site, gone: Key) -> None:
    devices = site.coordinator.devices
    devices.async_update(gone)
    assert devices.id_of(gone) is None
    assert devices.entry_of(gone) is None
    assert devices.subentry_of(gone) is None


def test_what_is_there_belongs_to_its_subentry(site: Site) -> None:
    devices = site.coordinator.devices
    keys: list[Key] = [(Charger, CP1), (Evse, EVSE), (Driver, "anna")]
    assert [devices.subentry_of(key) for key in keys] == ["charger_cp1", "charger_cp1", "anna"]


async def test_a_moment_of_a_charger_that_was_removed_names_its_identity(
    hass: HomeAssistant, site: Site
) -> None:
    ended = Notice(kind=NoticeKind.SESSION_ENDED, charger="GONE", evse=EvseId("GONE", 1), data={})
    assert place(site.engine, ended) == "GONE"
    fault = Notice(kind=NoticeKind.CHARGER_FAULT, charger=CP1, evse=None, data={})
    assert place(site.engine, fault) == "Garage"
