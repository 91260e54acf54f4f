"""A fuse with meters in a real Home Assistant: an overload reaches the cars over their sockets."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Final, Self

import pytest

from script.home_assistant import HomeAssistant
from tests.simulator import Charger, Status, Vehicle

from .house import House, until

METERS: Final = ("meter_l1", "meter_l2", "meter_l3")


def furnish(hass: HomeAssistant, house: House) -> dict[str, str]:
    """Add meters one can turn by hand, a driver, two chargers and the main fuse; returns subentries."""
    for phase in (1, 2, 3):
        hass.api.call_ws(
            "input_number/create",
            name=f"Meter L{phase}",
            min=-200,
            max=200,
            step=0.1,
            initial=4,
            unit_of_measurement="A",
        )
    house.add("driver", name="Bea", tags=["TAG-BEA"])
    chargers = {name: house.add("charger", charger_id=name, name=name) for name in ("ONE", "TWO")}
    main = house.add(
        "circuit",
        name="Main fuse",
        limit_a=36,
        chargers=[*chargers.values()],
        assumed_load_a=20,
        **{meter: f"input_number.meter_l{phase}" for phase, meter in enumerate(METERS, 1)},
    )
    return {**chargers, "main": main}


class Meter:
    """Says every two seconds what flows on each phase, as meters do, also if it is the same.

    A meter that left out the cars would tell of a sun that feeds them.
    """

    def __init__(self, hass: HomeAssistant, *chargers: Charger) -> None:
        """Begin with a quiet house."""
        self._hass = hass
        self._chargers = chargers
        self.amps = [4.0, 4.0, 4.0]
        """What the house draws beside its cars."""

    async def __aenter__(self) -> Self:
        """Begin to speak."""
        self._speaks = asyncio.create_task(self._speak())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Fall silent."""
        self._speaks.cancel()

    async def _speak(self) -> None:
        while True:
            await self.tell()
            await asyncio.sleep(2)

    async def tell(self) -> None:
        """Speak now."""
        for phase, amps in enumerate(self.amps):
            cars = sum(charger.connectors[1].amps[phase] for charger in self._chargers)
            await asyncio.to_thread(
                self._hass.api.call_service,
                "input_number",
                "set_value",
                entity_id=f"input_number.meter_l{phase + 1}",
                value=round(amps + cars, 1),
            )


async def offered(charger: Charger, fits: Callable[[float], bool], within: float) -> None:
    """Wait until the current offered to the car is as wanted."""
    pilot = charger.connectors[1].pilot
    await charger.wait_until(lambda: fits(pilot.limit.amps), within)


@pytest.mark.timeout(600)
async def test_an_overload_of_one_phase(house: House, hass: HomeAssistant) -> None:
    """Cars share what is left, stop on a gross overload at once, and go on when it is over."""
    subentries = await asyncio.to_thread(furnish, hass, house)
    async with (
        Charger(house.url, "ONE") as one,
        Charger(house.url, "TWO") as two,
        Meter(hass, one, two) as meter,
    ):
        chargers = (one, two)
        for charger in chargers:
            await charger.plug_in(1, Vehicle(capacity_kwh=200, max_amps=32))
            await charger.present_tag(1, "TAG-BEA")
            await charger.wait_for(1, Status.CHARGING)
            await offered(charger, lambda amps: amps >= 8, 60)
        reason = await until(lambda: house.entity("limit_reason", subentries["ONE"]))
        began = monotonic()
        meter.amps[0] = 95
        await meter.tell()
        for charger in chargers:
            await offered(charger, lambda amps: amps == 0, 10)
        reacted = monotonic() - began
        await until(
            lambda: house.states()[reason].startswith("Waiting: no room in Main fuse on L1")
        )
        meter.amps[0] = 4
        for charger in chargers:
            # Room has to last for five minutes before a car that had to stop begins again.
            await charger.wait_for(1, Status.CHARGING, within=400)
            await offered(charger, lambda amps: amps >= 6, 10)
    for charger in chargers:
        assert charger.violations == []
    print(f"from the meter to both cars: {reacted:.2f} s")


@pytest.mark.timeout(600)
async def test_without_home_assistant_the_floor_holds(house: House, hass: HomeAssistant) -> None:
    """What a charger may draw without us fits the fuse at the worst load."""
    async with Charger(house.url, "ONE") as one:
        async with Meter(hass, one):
            await one.plug_in(1, Vehicle(capacity_kwh=200, max_amps=32))
            await one.present_tag(1, "TAG-BEA")
            await one.wait_for(1, Status.CHARGING)
            await offered(one, lambda amps: amps > 16, 90)
        await asyncio.to_thread(hass.kill)
        # The live limit ends five minutes after the last word at most.
        await offered(one, lambda amps: amps == 8, 360)
        await asyncio.to_thread(hass.start)
        await one.wait_online(within=60)
