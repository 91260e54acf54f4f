"""What is installed when it is first of use."""

from types import MappingProxyType

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.requirements import RequirementsNotFound
import pytest

from custom_components.ev_station import accelerators

from .entries import SiteEntry, async_load, site_entry, subentry, usual

ASKED = ["highspy==1.16.0"]
CAR = {
    "battery_kwh": 50,
    "efficiency_percent": 90,
    "wh_per_km": 180,
    "least_percent": 0,
    "goal_percent": 80,
}


def with_cars(port: int, *names: str) -> SiteEntry:
    """Return a site with these cars."""
    cars = [subentry("vehicle", name, name.title(), CAR) for name in names]
    return site_entry(port, subentries=[*usual(), *cars])


async def unload(hass: HomeAssistant, entry: SiteEntry) -> None:
    """Put the site to rest."""
    await hass.async_block_till_done()
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Collect what Home Assistant is asked to install."""
    found: list[list[str]] = []

    async def install(_hass: HomeAssistant, _name: str, wanted: list[str], **_: bool) -> None:
        found.append(wanted)

    monkeypatch.setattr(accelerators, "async_process_requirements", install)
    return found


async def test_a_site_without_cars_needs_no_solver_until_it_has_one(
    hass: HomeAssistant, port: int, installed: list[list[str]]
) -> None:
    entry = with_cars(port)
    await async_load(hass, entry)
    assert installed == []
    for name in ("zoe", "bulli"):
        car = ConfigSubentry(
            data=MappingProxyType(CAR), subentry_type="vehicle", title=name, unique_id=None
        )
        hass.config_entries.async_add_subentry(entry, car)
        await hass.async_block_till_done()
    assert installed == [ASKED]
    await unload(hass, entry)


async def test_a_site_with_cars_asks_once_per_start(
    hass: HomeAssistant, port: int, installed: list[list[str]]
) -> None:
    entry = with_cars(port, "zoe", "bulli")
    await async_load(hass, entry)
    await unload(hass, entry)
    assert installed == [ASKED]


async def test_without_the_solver_all_goes_on(
    hass: HomeAssistant,
    port: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(_hass: HomeAssistant, name: str, wanted: list[str], **_: bool) -> None:
        raise RequirementsNotFound(name, wanted)

    monkeypatch.setattr(accelerators, "async_process_requirements", fail)
    caplog.set_level("INFO")
    entry = with_cars(port, "zoe")
    await async_load(hass, entry)
    await unload(hass, entry)
    assert caplog.text.count("HiGHS could not be installed") == 1
