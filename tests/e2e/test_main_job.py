"""The main job: a charger's session becomes a line on a driver's billing sheet."""

import asyncio
from collections.abc import Callable, Iterator
import csv
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
import io
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from script.api import HassApi
from script.ev_station import DOMAIN, configure_ev_station
from script.flows import FlowPath, walk_flow
from script.home_assistant import HomeAssistant
from script.ports import free_port
from tests.simulator import Charger, Status, TrueSession, Vehicle

HASTE: Final = 60
DEAR, CHEAP = Decimal("0.60"), Decimal("0.20")


class House:
    """A site that was set up as a newcomer would, and what can be asked of it."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Set EV Station up with its defaults on a free port."""
        self.api: HassApi = hass.api
        self.port = free_port()
        self.entry = configure_ev_station(
            self.api,
            self.port,
            unknown_chargers="ask",
            unknown_tokens="refuse",
            sample_interval_s=5,
        )

    @property
    def url(self) -> str:
        """Where chargers dial."""
        return f"ws://127.0.0.1:{self.port}/"

    def add(self, kind: str, /, **answers: Any) -> str:
        """Add a subentry through its flow; returns its id."""
        before = set(self.subentries(kind))
        walk_flow(self.api, FlowPath.SUBENTRY, [self.entry, kind], answers)
        (added,) = set(self.subentries(kind)) - before
        return added

    def change(self, kind: str, subentry: str, /, **answers: Any) -> None:
        """Change a subentry through its reconfigure flow."""
        step = self.api.post(
            FlowPath.SUBENTRY, {"handler": [self.entry, kind], "subentry_id": subentry}
        )
        for _ in range(5):
            if step["type"] == "abort":
                break
            assert not step.get("errors"), step
            step = self.api.post(f"{FlowPath.SUBENTRY}/{step['flow_id']}", filled(step, answers))
        assert step["type"] == "abort", step
        assert step["reason"] == "reconfigure_successful"

    def remove(self, subentry: str) -> None:
        """Remove a subentry as the integration page does."""
        self.api.call_ws(
            "config_entries/subentries/delete", entry_id=self.entry, subentry_id=subentry
        )

    def subentries(self, kind: str) -> dict[str, str]:
        """Return ids and titles of a kind."""
        listed = self.api.call_ws("config_entries/subentries/list", entry_id=self.entry)
        return {
            each["subentry_id"]: each["title"] for each in listed if each["subentry_type"] == kind
        }

    def entity(self, key: str, subentry: str) -> str:
        """Return the entity of a translation key that belongs to a subentry."""
        listed = self.api.call_ws("config/entity_registry/list")
        (found,) = [
            each["entity_id"]
            for each in listed
            if each["translation_key"] == key and each["config_subentry_id"] == subentry
        ]
        return str(found)

    def discovered(self) -> list[dict[str, Any]]:
        """Return the Discovered cards of ours."""
        flows = self.api.call_ws("config_entries/flow/progress")
        return [flow for flow in flows if flow["handler"] == DOMAIN]

    def billing(self) -> dict[str, Any]:
        """Return what the panel's billing view shows."""
        answer: dict[str, Any] = self.api.call_ws("ev_station/billing")
        return answer


def filled(step: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    """Answer a menu by its step's name, a form's fields by theirs, else with what it shows."""
    if step.get("type") == "menu":
        return {"next_step_id": answers[step["step_id"]]}
    data: dict[str, Any] = {}
    for field in step["data_schema"]:
        if field.get("type") == "expandable":
            data[field["name"]] = filled({"data_schema": field["schema"]}, answers)
            continue
        shown = (field.get("description") or {}).get("suggested_value", field.get("default"))
        value = answers.get(field["name"], shown)
        if value is not None:
            data[field["name"]] = value
    return data


@pytest.fixture(scope="module")
def hass(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HomeAssistant]:
    """Run a fresh Home Assistant."""
    with HomeAssistant(tmp_path_factory.mktemp("config")) as running:
        yield running


@pytest.fixture(scope="module")
def house(hass: HomeAssistant) -> House:
    """Return a site as it is after its one screen."""
    return House(hass)


async def until[T](ask: Callable[[], T], within: float = 20) -> T:
    """Ask, off the loop, until the answer is true; raises TimeoutError."""
    async with asyncio.timeout(within):
        while not (answer := await asyncio.to_thread(ask)):
            await asyncio.sleep(0.2)
        return answer


async def test_from_discovery_to_the_sheet(house: House, hass: HomeAssistant) -> None:
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
    exact = by_hand(charger.truth[0], change_at)
    cents = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    (line,) = posted
    assert line["driver_id"] == bea
    assert Decimal(line["amount"]) == cents
    assert [Decimal(period["price_per_kwh"]) for period in line["periods"]] == [CHEAP, DEAR]
    assert float(house.api.state(house.entity("month_cost", bea))["state"]) == float(cents)
    assert Decimal(house.billing()["total"]["amount"]) == cents
    assert [Decimal(row["amount"]) for row in csv_rows(house)] == [cents]


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
    (sheet,) = house.subentries("sheet")
    house.change("sheet", sheet, drivers=[*house.subentries("driver")])
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
