"""What power costs the site, and what is expected: chosen in the rules of the site."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest

from custom_components.ev_station import forecast_inputs
from custom_components.ev_station.model.forecast import Forecast, ForecastKind
from custom_components.ev_station.model.state import SITE, Site

from .entries import POWER, SiteEntry
from .flows import CREATED, suggested
from .sources import loaded
from .test_flow_energy import SOLAR, prefer
from .test_flow_site import OPTIONS


@pytest.fixture
def roof(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the entry of an integration that forecasts solar production."""

    async def forecast(_hass: HomeAssistant, _entry: str) -> Any:
        return {"wh_hours": {dt_util.utcnow().isoformat(): 500}}

    async def platforms(_hass: HomeAssistant) -> Any:
        return {"forecast_solar": forecast}

    monkeypatch.setattr(forecast_inputs, "async_get_energy_platforms", platforms)
    entry_id: str = loaded(hass, "forecast_solar", "South").entry_id
    return entry_id


said: list[dict[str, str]] = []
"""What the flow showed of forecasts before they were believed."""


@pytest.fixture(autouse=True)
def _nothing_said() -> None:
    said.clear()


async def shown(hass: HomeAssistant, site: SiteEntry) -> Any:
    return await hass.config_entries.options.async_init(site.entry_id)


async def submit(hass: HomeAssistant, flow: Any, **forecasts: Any) -> Any:
    given = OPTIONS | {"forecasts": forecasts}
    configure = hass.config_entries.options.async_configure
    result = await configure(flow["flow_id"], given)
    if result.get("step_id") == "forecasts":
        said.append(dict(result["description_placeholders"] or {}))
        result = await configure(flow["flow_id"], {})
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


async def test_what_power_costs_the_site(hass: HomeAssistant, site: SiteEntry) -> None:
    flow = await shown(hass, site)
    assert suggested(flow)["forecasts"] == {}
    result = await submit(hass, flow, import_tariff=POWER, export_tariff=POWER)
    assert result["type"] is CREATED
    known = site.runtime_data.engine.state.get(Site, SITE)
    assert known is not None
    assert (known.settings.import_tariff, known.settings.export_tariff) == (POWER, POWER)
    assert suggested(await shown(hass, site))["forecasts"] == {
        "import_tariff": POWER,
        "export_tariff": POWER,
    }
    hass.config_entries.async_remove_subentry(site, POWER)
    await hass.async_block_till_done()
    assert suggested(await shown(hass, site))["forecasts"] == {}
    found = ir.async_get(hass).async_get_issue(
        "ev_station", f"missing_reference_{site.entry_id}_grid"
    )
    assert found is not None
    assert found.translation_key == "missing_reference_grid"
    known = site.runtime_data.engine.state.get(Site, SITE)
    assert known is not None
    assert known.settings.import_tariff is None


async def test_what_energy_forecasts_is_proposed_until_it_is_refused(
    hass: HomeAssistant, site: SiteEntry, roof: str
) -> None:
    await prefer(hass, SOLAR | {"config_entry_solar_forecast": [roof, "gone"]}, SOLAR)
    flow = await shown(hass, site)
    assert suggested(flow)["forecasts"] == {"solar_forecasts": [roof]}
    assert flow["data_schema"].schema["forecasts"].options == {"collapsed": False}
    assert (await submit(hass, flow, solar_forecasts=[roof]))["type"] is CREATED
    found = site.runtime_data.engine.state.get(Forecast, ForecastKind.SOLAR)
    assert found is not None
    assert [each.value for each in found.intervals] == [500]
    (words,) = said
    assert (words["sun_count"], words["sun_most"], words["co2_until"]) == ("1", "500 W", "–")
    flow = await shown(hass, site)
    assert suggested(flow)["forecasts"] == {"solar_forecasts": [roof]}
    await submit(hass, flow)
    assert site.options["solar_forecasts"] == []
    assert suggested(await shown(hass, site))["forecasts"] == {}


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"solar_forecast_entities": ["sensor.water"]}, "no_solar_forecast"),
        ({"co2_entity": "sensor.word"}, "no_co2"),
    ],
)
async def test_what_forecasts_nothing_can_be_put_right(
    hass: HomeAssistant, site: SiteEntry, given: dict[str, Any], error: str
) -> None:
    row = {"period_start": dt_util.utcnow(), "pv_estimate": 1}
    hass.states.async_set("sensor.sun", "5", {"detailedForecast": [row]})
    hass.states.async_set("sensor.water", "5", {"unit_of_measurement": "m³"})
    hass.states.async_set("sensor.word", "low")
    hass.states.async_set("sensor.away", "unavailable")
    hass.states.async_set("sensor.co2", "200", {"unit_of_measurement": "gCO2eq/kWh"})
    flow = await shown(hass, site)
    flow = await submit(hass, flow, **given)
    assert flow["errors"] == {"base": error}
    right: dict[str, Any] = {
        "solar_forecast_entities": ["sensor.sun", "sensor.away"],
        "co2_entity": "sensor.co2",
    }
    right |= {"co2_price": 120}
    assert (await submit(hass, flow, **right))["type"] is CREATED
    found = {each.key: each for each in site.runtime_data.engine.state.all(Forecast)}
    assert [each.value for each in found[ForecastKind.SOLAR].intervals] == [1000]
    assert [each.value for each in found[ForecastKind.CO2].intervals] == [200]
    known = site.runtime_data.engine.state.get(Site, SITE)
    assert known is not None
    assert known.settings.co2_price == 120
    (words,) = said
    assert (words["sun_most"], words["co2_count"], words["co2_now"]) == ("1000 W", "1", "200 g/kWh")
    # What was believed once is not asked about again.
    await submit(hass, await shown(hass, site), **right)
    assert len(said) == 1
