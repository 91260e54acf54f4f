"""Config entries as the flows store them."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigEntryState, ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ev_station.const import DOMAIN

LOCALHOST: Final = "127.0.0.1"
SECRET: Final = "5ec2e7" * 10
type SiteEntry = MockConfigEntry

ANNA: Final = "01DRIVERANNA"
BEN: Final = "01DRIVERBEN"
POWER: Final = "01TARIFFPOWER"
HOUSE: Final = "01SHEETHOUSE"
WALLBOX: Final = "01CHARGERWALLBOX"
MAIN: Final = "01CIRCUITMAIN"
GARAGE: Final = "01CIRCUITGARAGE"


def subentry(
    kind: str, subentry_id: str, title: str, data: Mapping[str, Any], unique_id: str | None = None
) -> ConfigSubentryDataWithId:
    return ConfigSubentryDataWithId(
        data=data,
        subentry_id=subentry_id,
        subentry_type=kind,
        title=title,
        unique_id=unique_id,
    )


def driver(subentry_id: str, title: str, **data: Any) -> ConfigSubentryDataWithId:
    fields = {"person": None, "tags": [], "tariff": None, "active": True} | data
    return subentry("driver", subentry_id, title, fields)


def tag(uid: str, **data: Any) -> dict[str, Any]:
    return {"uid": uid, "label": None, "blocked": False, "expires": None} | data


def evse(**data: Any) -> dict[str, Any]:
    return {"name": None, "default_driver": None, "max_current_a": 32, "phases": 3} | data


def charger(subentry_id: str, title: str, charger_id: str, **data: Any) -> ConfigSubentryDataWithId:
    fields = {
        "charger_id": charger_id,
        "password_hash": None,
        "tariff": None,
        "evses": {"1": evse()},
    } | data
    return subentry("charger", subentry_id, title, fields, charger_id.casefold())


def fixed(subentry_id: str, title: str, price: str) -> ConfigSubentryDataWithId:
    return subentry("tariff", subentry_id, title, {"kind": "fixed", "price": price})


def vehicle(subentry_id: str, title: str, **data: Any) -> ConfigSubentryDataWithId:
    fields = {"battery_kwh": 50, "goal_percent": 80, "least_percent": 0} | data
    return subentry(
        "vehicle", subentry_id, title, {"efficiency_percent": 90, "wh_per_km": 180} | fields
    )


def sheet(subentry_id: str, title: str, *drivers: str) -> ConfigSubentryDataWithId:
    data = {"kind": "household", "drivers": list(drivers)}
    return subentry("sheet", subentry_id, title, data)


def circuit(subentry_id: str, title: str, limit_a: int, **data: Any) -> ConfigSubentryDataWithId:
    fields = {
        "limit_a": limit_a,
        "chargers": [],
        "assumed_load_a": 10,
        "stale_after_s": 60,
    } | data
    return subentry("circuit", subentry_id, title, fields)


def usual() -> list[ConfigSubentryDataWithId]:
    return [
        fixed(POWER, "Electricity", "0.30"),
        driver(ANNA, "Anna", tags=[tag("04A1B2C3")]),
        driver(BEN, "Ben"),
        sheet(HOUSE, "Household", ANNA),
        charger(WALLBOX, "Wallbox", "CP1", evses={"1": evse(default_driver=ANNA)}),
    ]


def site_entry(
    port: int,
    *,
    title: str = "Home",
    subentries: list[ConfigSubentryDataWithId] | None = None,
    options: Mapping[str, Any] | None = None,
) -> SiteEntry:
    return MockConfigEntry(
        domain=DOMAIN,
        title=title,
        data={"secret": SECRET, "host": LOCALHOST, "port": port, "currency": "EUR"},
        options={"default_tariff": POWER} if options is None else dict(options),
        subentries_data=usual() if subentries is None else subentries,
    )


async def async_load_with(hass: HomeAssistant, port: int, **options: Any) -> SiteEntry:
    """Load a site whose rules say this."""
    entry = site_entry(port, options={"default_tariff": POWER, **options})
    await async_load(hass, entry)
    return entry


async def async_load(hass: HomeAssistant, entry: SiteEntry) -> None:
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
