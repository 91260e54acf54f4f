"""A price list in a real Home Assistant: recognised in the flow, followed ahead, told in the diagnostics."""

from datetime import UTC, datetime, timedelta
from typing import Any

from script.home_assistant import HomeAssistant

from .house import House, until


def rows(begin: datetime, *prices: float) -> list[dict[str, Any]]:
    """Return hours of prices as Nord Pool's sensor lists them."""
    return [
        {
            "start": (begin + timedelta(hours=hour)).isoformat(),
            "end": (begin + timedelta(hours=hour + 1)).isoformat(),
            "value": price,
        }
        for hour, price in enumerate(prices)
    ]


async def test_a_list_is_recognised_and_followed(hass: HomeAssistant, house: House) -> None:
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    attributes = {
        "unit_of_measurement": "ct/kWh",
        "raw_today": rows(hour, 20, 25, 30),
        "raw_tomorrow": None,
    }
    hass.api.post("/api/states/sensor.spot", {"state": "20", "attributes": attributes})
    tariff = house.add(
        "tariff", user="price_entity", name="Spot", entity_id="sensor.spot", vat_percent=10
    )

    def told() -> dict[str, Any]:
        found: dict[str, Any] = hass.api.get(f"/api/diagnostics/config_entry/{house.entry}")["data"]
        return found

    def prices() -> list[float]:
        series = next(
            each["series"]
            for each in told()["tariffs"]
            if each["settings"]["tariff"]["id"] == tariff
        )
        return [float(each["price"]) for each in series["intervals"]] if series else []

    assert await until(prices) == [0.22, 0.275, 0.33]
    source = told()["price_sources"][tariff]
    assert (source["recognised"], source["listed"], source["problem"]) == ("nordpool", 3, None)


async def test_public_holidays_are_looked_up_and_kept(hass: HomeAssistant, house: House) -> None:
    workdays = {"days": ["workdays"], "start": "07:00:00", "end": "23:00:00", "price": 0.3}
    tariff = house.add(
        "tariff",
        user="time_of_use",
        name="Clock",
        price=0.2,
        bands=[workdays],
        holidays=True,
        country="NL",
    )
    found = hass.api.get(f"/api/diagnostics/config_entry/{house.entry}")["data"]["tariffs"]
    told = {each["settings"]["tariff"]["id"]: each["settings"]["tariff"] for each in found}
    year = datetime.now(UTC).year
    assert {f"{year}-12-25", f"{year + 1}-12-25"} <= set(told[tariff]["holidays"])
