"""A charger that takes limits in W only, with real sockets: what its car is offered is what was decided, in A."""

from pathlib import Path

import pytest

from custom_components.ev_station.model.events import ChargerConfigured
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.settings import ChargerSettings, EvseSettings
from tests.simulator import Charger, Vehicle
from tests.simulator.hardware import Hardware
from tests.simulator.quirks import Quirks
from tests.simulator.stacking import Wiring

from .site import running, url

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.mark.parametrize("phases", [1, 2, 3])
async def test_watts_are_those_of_the_phases_it_has(tmp_path: Path, phases: int) -> None:
    wired = Hardware(wiring=Wiring(phases=phases))
    async with (
        running(tmp_path) as engine,
        Charger(url(engine), "CP1", hardware=wired, quirks=Quirks(watts_only=True)) as charger,
    ):
        settings = EvseSettings(evse=1, phases=phases)
        await engine.configure(
            ChargerConfigured(
                settings=ChargerSettings(charger="CP1", name="Garage", evses=(settings,))
            )
        )
        await charger.plug_in(1, Vehicle(max_amps=32, phases=phases))
        assert await charger.present_tag(1, "TAG-ANNA")
        await engine.set_limit(EvseId("CP1", 1), 10)
        pilot = charger.connectors[1].pilot
        await charger.wait_until(lambda: pilot.limit.amps != 32, 10.0)
        assert pilot.limit.amps == pytest.approx(10)
