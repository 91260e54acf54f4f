"""Setting up a site."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.ev_station.const import DOMAIN
from custom_components.ev_station.model.state import Driver, Sheet, TariffState

from .entries import LOCALHOST, site_entry


def answers(port: int, **more: Any) -> dict[str, Any]:
    network = {"host": more.pop("host", LOCALHOST), "http_path": False}
    return {
        "name": "Home",
        "currency": "EUR",
        "port": port,
        "unknown_chargers": "ask",
        "driver": "Anna",
        "price": 0.3,
        "network": network,
        "tags": {"unknown_tokens": "refuse", "private_drivers": False},
        "advanced": {"heartbeat_s": 300, "sample_interval_s": 30, "provisional_after_h": 48},
    } | more


async def start(hass: HomeAssistant) -> Any:
    return await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})


async def submit(hass: HomeAssistant, flow: dict[str, Any], given: dict[str, Any]) -> Any:
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], given)
    await hass.async_block_till_done()
    return result


async def unload(hass: HomeAssistant, entry: ConfigEntry) -> None:
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_site_is_set_up_on_one_screen_and_bills_at_once(
    hass: HomeAssistant, port: int
) -> None:
    flow = await start(hass)
    assert flow["type"] is FlowResultType.FORM
    assert flow["step_id"] == "user"

    result = await submit(hass, flow, answers(port))

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["description_placeholders"] == {"url": f"ws://127.0.0.1:{port}/"}
    entry = result["result"]
    assert entry.title == "Home"
    assert entry.state is ConfigEntryState.LOADED
    secret = entry.data["secret"]
    assert len(secret) == 64
    assert entry.data == {"secret": secret, "host": LOCALHOST, "port": port, "currency": "EUR"}
    kinds = {each.subentry_type: each for each in entry.subentries.values()}
    assert kinds["tariff"].data == {"kind": "fixed", "price": "0.3"}
    assert kinds["driver"].title == "Anna"
    assert kinds["sheet"].data == {
        "kind": "household",
        "drivers": [kinds["driver"].subentry_id],
    }
    assert entry.options["default_tariff"] == kinds["tariff"].subentry_id
    state = entry.runtime_data.engine.state
    assert [driver.settings.name for driver in state.all(Driver)] == ["Anna"]
    assert [sheet.settings.name for sheet in state.all(Sheet)] == ["Household"]
    assert [tariff.settings.name for tariff in state.all(TariffState)] == ["Electricity"]
    await unload(hass, entry)


async def test_nothing_but_the_port_has_to_be_told(hass: HomeAssistant, port: int) -> None:
    """The defaults of the sections hold when a form is submitted unopened."""
    flow = await start(hass)
    defaults = flow["data_schema"](
        {"port": port, "network": {"host": LOCALHOST}, "tags": {}, "advanced": {}}
    )
    result = await submit(hass, flow, defaults)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert not result["result"].subentries
    await unload(hass, result["result"])


async def test_a_busy_port_is_an_error_that_recovers(
    hass: HomeAssistant, busy_port: int, port: int
) -> None:
    flow = await start(hass)
    result = await submit(hass, flow, answers(busy_port))
    assert result["type"] is FlowResultType.FORM
    assert result["errors"]["port"] in {"port_used_by", "port_in_use"}
    result = await submit(hass, flow, answers(port))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await unload(hass, result["result"])


@pytest.mark.parametrize(("price", "error"), [(-0.3, "price_negative"), (30, "price_in_cents")])
async def test_a_price_nobody_means_is_an_error_that_recovers(
    hass: HomeAssistant, port: int, price: float, error: str
) -> None:
    flow = await start(hass)
    result = await submit(hass, flow, answers(port, price=price))
    assert result["errors"] == {"price": error}
    result = await submit(hass, flow, answers(port, price=price, price_entity="sensor.price"))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await unload(hass, result["result"])


async def test_a_kwh_may_cost_many_units_of_a_weak_currency(hass: HomeAssistant, port: int) -> None:
    result = await submit(hass, await start(hass), answers(port, currency="HUF", price=40))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await unload(hass, result["result"])


async def test_a_site_without_a_name_is_called_like_the_home(
    hass: HomeAssistant, port: int
) -> None:
    hass.config.location_name = "Lakeside"
    result = await submit(hass, await start(hass), answers(port, name="  "))
    assert result["result"].title == "Lakeside"
    await unload(hass, result["result"])


async def test_two_sites_cannot_share_a_port(hass: HomeAssistant, port: int) -> None:
    site_entry(port, title="Garage").add_to_hass(hass)
    result = await submit(hass, await start(hass), answers(port))
    assert result["errors"] == {"port": "port_used_by"}
    assert result["description_placeholders"]["owner"] == r"EV Station \(Garage\)"


@pytest.mark.parametrize("host", ["203.0.113.9", "no such host"])
async def test_an_address_of_another_machine_is_an_error_that_recovers(
    hass: HomeAssistant, port: int, host: str
) -> None:
    flow = await start(hass)
    result = await submit(hass, flow, answers(port, host=host))
    assert result["errors"] == {"base": "address_unavailable"}
    result = await submit(hass, flow, answers(port))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await unload(hass, result["result"])
