"""The main job: a charger's session becomes a line on a driver's billing sheet."""

import asyncio
import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
import io
from typing import Any, Final
from zoneinfo import ZoneInfo

from script.api import HassApi
from script.flows import FlowPath
from tests.simulator import Charger, Status, TrueSession, Vehicle

from .house import House, cents, until

HASTE: Final = 60
DEAR, CHEAP = Decimal("0.60"), Decimal("0.20")


async def test_from_discovery_to_the_sheet(house: House) -> None:
    """A strange charger is adopted, a tag presented, a price changes under way: all figures agree to the cent."""
    change_at = next_minute(at_least=timedelta(seconds=25))
    bea = await asyncio.to_thread(add_bea, house, change_at)
    async with Charger(house.url, "GARAGE-1", haste=HASTE, tick=0.1) as charger:
        garage = await asyncio.to_thread(adopt, house)
        await charger.wait_online()
        await until(lambda: is_on(house, "connected", garage))
        connected_since = await asyncio.to_thread(changed_at, house, garage)
        await charger.plug_in(1, Vehicle(capacity_kwh=200))
        await charger.present_tag(1, "TAG-BEA")
        await charger.wait_for(1, Status.CHARGING)
        await asyncio.to_thread(reshuffle, house)
        await until(lambda: datetime.now(UTC) > change_at + timedelta(seconds=10), within=120)
        await charger.unplug(1)
        await charger.wait_for(1, Status.AVAILABLE)
        posted = await until(lambda: house.billing()["lines"])
        assert await asyncio.to_thread(changed_at, house, garage) == connected_since
    assert charger.violations == []
    amount = cents(by_hand(charger.truth[0], change_at))
    (line,) = posted
    assert line["driver_id"] == bea
    assert Decimal(line["amount"]) == amount
    assert [Decimal(period["price_per_kwh"]) for period in line["periods"]] == [CHEAP, DEAR]
    assert float(house.api.state(house.entity("month_cost", bea))["state"]) == float(amount)
    assert Decimal(house.billing()["total"]["amounts"]["EUR"]) == amount
    assert [Decimal(row["amount"]) for row in csv_rows(house)] == [amount]


def next_minute(at_least: timedelta) -> datetime:
    """Return the first full minute that is at least that far away."""
    earliest = datetime.now(UTC) + at_least
    return earliest.replace(second=0, microsecond=0) + timedelta(minutes=1)


def add_bea(house: House, change_at: datetime) -> str:
    """Add a driver with a tag and a tariff of her own, and put her on the sheet."""
    local = change_at.astimezone(ZoneInfo(house.api.get("/api/config")["time_zone"]))
    band = {
        "days": ["every_day"],
        "start": f"{local:%H:%M}:00",
        "end": f"{local + timedelta(hours=2):%H:%M}:00",
        "price": float(DEAR),
    }
    tariff = house.add(
        "tariff", user="time_of_use", name="By the clock", price=float(CHEAP), bands=[band]
    )
    bea = house.add("driver", name="Bea", tags=["TAG-BEA"], tariff=tariff)
    house.share_sheet()
    return bea


def adopt(house: House) -> str:
    """Confirm the Discovered card of the charger that dialled in; returns its subentry."""
    for _ in range(100):
        if cards := house.discovered():
            break
    (card,) = cards
    assert "GARAGE-1" in str(card["context"]["title_placeholders"])
    result = house.api.post(f"{FlowPath.CONFIG}/{card['flow_id']}", {"name": "Garage"})
    assert result["type"] == "abort"
    (garage,) = house.subentries("charger")
    return garage


def is_on(house: House, key: str, subentry: str) -> bool:
    """Return whether a binary sensor of a subentry is on."""
    listed = house.api.call_ws("config/entity_registry/list")
    found = [
        each["entity_id"]
        for each in listed
        if each["config_subentry_id"] == subentry and each["unique_id"].endswith(key)
    ]
    return bool(found) and house.api.state(found[0])["state"] == "on"


def changed_at(house: House, garage: str) -> str:
    """Return since when the charger is connected: any lost socket would show here."""
    listed = house.api.call_ws("config/entity_registry/list")
    (entity,) = [
        each["entity_id"]
        for each in listed
        if each["config_subentry_id"] == garage and each["unique_id"].endswith("connected")
    ]
    return str(house.api.state(entity)["last_changed"])


def reshuffle(house: House) -> None:
    """Add, change and remove one subentry of each kind."""
    extra: dict[str, dict[str, Any]] = {
        "charger": {"charger_id": "SHED-1", "name": "Shed"},
        "driver": {"name": "Carl", "tags": ["TAG-CARL"]},
        "tariff": {"user": "fixed", "name": "Flat", "price": 0.25},
        "sheet": {"name": "Fleet", "kind": "fleet"},
    }
    for kind, answers in extra.items():
        added = house.add(kind, **answers)
        house.change(kind, added, reconfigure="details", name=f"{answers['name']} again")
        house.remove(added)


def by_hand(truth: TrueSession, change_at: datetime) -> Decimal:
    """Return the cost: what the meter counted before the change at one price, the rest at the other."""
    energy_wh = Decimal((truth.meter_stop or 0) - truth.meter_start)
    before = max(
        ((at, wh) for at, wh in truth.curve if at <= change_at), key=lambda point: point[0]
    )
    after = min(((at, wh) for at, wh in truth.curve if at > change_at), key=lambda point: point[0])
    share = Decimal((change_at - before[0]) / (after[0] - before[0]))
    cheap_wh = before[1] + (after[1] - before[1]) * share
    return (cheap_wh * CHEAP + (energy_wh - cheap_wh) * DEAR) / 1000


def csv_rows(house: House) -> list[dict[str, str]]:
    """Download the sheet's CSV by its signed path and return its rows."""
    path = house.billing()["csv_path"]
    signed = house.api.call_ws("auth/sign_path", path=path)["path"]
    text = HassApi(house.api.url).get(signed)
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
