"""Home Assistant goes away in the middle of a session, in order and by a power cut: nothing is lost."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from script.home_assistant import HomeAssistant
from tests.simulator import Charger, Hardware, Status, Vehicle

from .house import House, cents, until

HASTE: Final = 60
PRICE: Final = Decimal("0.31")
METER_START_WH: Final = Decimal("12345.678")
WITHOUT_VALUE: Final = frozenset({"unavailable", "unknown"})


async def test_a_session_outlives_a_restart_and_a_power_cut(
    house: House, hass: HomeAssistant
) -> None:
    """One transaction, one record, a register that only rises, and a bill of what the meter counted."""
    began = datetime.now(UTC)
    garage = await asyncio.to_thread(furnish, house)
    hardware = Hardware(meter_start_wh=METER_START_WH)
    async with Charger(house.url, "GARAGE-1", haste=HASTE, tick=0.1, hardware=hardware) as charger:
        await charger.plug_in(1, Vehicle(capacity_kwh=200))
        await charger.present_tag(1, "TAG-BEA")
        await charger.wait_for(1, Status.CHARGING)
        energy = await until(lambda: energy_entity(house, garage))
        (truth,) = charger.truth
        transaction = truth.transaction_id
        for leave in (hass.stop, hass.kill):
            await go_away(house, hass, charger, energy, leave)
        await charger.unplug(1)
        await charger.wait_for(1, Status.AVAILABLE)
        lines = await until(lambda: house.billing()["lines"])
        register = await asyncio.to_thread(history, house, energy, began)
    assert charger.violations == []
    assert charger.truth == [truth]
    assert truth.transaction_id == transaction
    assert truth.meter_stop is not None
    counted_wh = truth.meter_stop - truth.meter_start
    (line,) = lines
    assert Decimal(line["energy_wh"]) == counted_wh
    assert Decimal(line["amount"]) == cents(counted_wh * PRICE / 1000)
    assert line["flags"] == []
    assert register == sorted(register)
    assert register[0] >= int(METER_START_WH)
    assert register[-1] > register[0]


async def go_away(
    house: House, hass: HomeAssistant, charger: Charger, energy: str, leave: Callable[[], None]
) -> None:
    """End Home Assistant while a car charges, let it charge on, and come back to the same session."""
    (truth,) = charger.truth
    before = await until(lambda: with_value(house))
    register = await asyncio.to_thread(shown_wh, house, energy)
    session = await asyncio.to_thread(session_of, house)
    await asyncio.to_thread(leave)
    unseen = truth.wh + 200
    await charger.wait_until(lambda: truth.wh > unseen)
    await asyncio.to_thread(hass.start)
    assert await asyncio.to_thread(shown_wh, house, energy) >= register
    await charger.wait_online(within=60)
    counted = truth.meter_start + truth.wh
    await until(lambda: shown_wh(house, energy) > counted)
    await until(lambda: before <= with_value(house))
    assert await asyncio.to_thread(session_of, house) == session
    assert not (await asyncio.to_thread(house.billing))["lines"]


def furnish(house: House) -> str:
    """Add a driver and a charger; returns the charger's subentry."""
    tariff = house.add("tariff", user="fixed", name="Flat", price=float(PRICE))
    house.add("driver", name="Bea", tags=["TAG-BEA"], tariff=tariff)
    house.share_sheet()
    return house.add("charger", charger_id="GARAGE-1", name="Garage")


def energy_entity(house: House, garage: str) -> str:
    """Return the register's entity once it has a value."""
    energy = house.entity("energy", garage)
    return energy if energy in with_value(house) else ""


def shown_wh(house: House, energy: str) -> Decimal:
    """Return the register as Home Assistant shows it, which is never without a value."""
    state = house.api.state(energy)
    assert state["attributes"]["unit_of_measurement"] == "kWh"
    return Decimal(state["state"]) * 1000


def with_value(house: House) -> set[str]:
    """Return the entities that show something."""
    return {entity for entity, state in house.states().items() if state not in WITHOUT_VALUE}


def session_of(house: House) -> str:
    """Return the id of the session that the panel shows."""
    return str(house.snapshot()["evses"]["GARAGE-1/1"]["session"]["id"])


def history(house: House, entity: str, since: datetime) -> list[Decimal]:
    """Return every value of a register that the recorder keeps, in Wh and in order."""
    found = house.api.call_ws(
        "history/history_during_period",
        start_time=since.isoformat(),
        entity_ids=[entity],
        minimal_response=True,
        no_attributes=True,
    )
    states = [point["s"] for point in found[entity]]
    return [Decimal(state) * 1000 for state in states if state not in WITHOUT_VALUE]
