"""Cars that sleep through a pause, in a house."""

import pytest

from custom_components.ev_station.model.allowance import Allowance, ReasonKind
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.phases import PhaseSwitching
from custom_components.ev_station.model.settings import EvseSettings
from custom_components.ev_station.model.waking import Waking
from tests.simulator.premises import Point, Premises, Vehicle

SUN, DARK = 8000.0, 0.0


class Roof:
    """A house on the grid with a car that follows the sun, and sleeps when it is paused."""

    def __init__(self, vehicle: Vehicle, settings: EvseSettings = EvseSettings(evse=1)) -> None:
        self.sun = SUN
        self.point = Point(name="A", settings=settings)
        self.house = Premises(
            fuses=[], points=[self.point], solar_w=lambda _now: self.sun, house_a=2
        )
        self.house.choose(self.point, ChargeMode.SOLAR)
        self.house.plug(self.point, vehicle)

    def after(self, seconds: int, *, sun: float) -> list[ReasonKind]:
        """Let time pass under a sun; return the reasons it had, each once, in order."""
        self.sun = sun
        found: list[ReasonKind] = []
        for _ in range(seconds):
            self.house.run(1)
            kind = self.allowance.reason.kind
            if kind not in found:
                found.append(kind)
        return found

    @property
    def allowance(self) -> Allowance:
        """What the EVSE may draw."""
        found = self.house.state.get(Allowance, self.point.evse)
        assert found is not None
        return found


def sleeper(pulses: int, target_soc: float = 1.0) -> Vehicle:
    """Return a car that wakes after so many pulses; 0: never."""
    return Vehicle(
        max_amps=16,
        capacity_kwh=200,
        soc=0.5,
        target_soc=target_soc,
        sleeps_when_paused=True,
        pulses_to_wake=pulses,
    )


@pytest.mark.parametrize("pulses", [1, 2])
def test_a_sleeper_is_woken(pulses: int) -> None:
    roof = Roof(sleeper(pulses))
    # Plugged in, it draws for some seconds, is paused for want of sun, and sleeps.
    assert ReasonKind.WAKING in roof.after(360, sun=SUN)
    assert roof.point.amps[0] > 6
    roof.after(300, sun=DARK)
    assert roof.point.vehicle is not None
    assert roof.point.vehicle.asleep
    reasons = roof.after(300, sun=SUN)
    assert ReasonKind.WAKING in reasons
    assert ReasonKind.UNRESPONSIVE not in reasons
    assert roof.point.amps[0] > 6


def test_a_car_that_does_not_wake_is_left_alone_and_told_of() -> None:
    roof = Roof(sleeper(0))
    roof.after(400, sun=SUN)
    assert roof.allowance.reason.kind is ReasonKind.UNRESPONSIVE
    assert roof.after(1800, sun=SUN) == [ReasonKind.UNRESPONSIVE]
    # Somebody wakes it by hand.
    assert roof.point.vehicle is not None
    roof.point.vehicle.asleep = False
    roof.after(60, sun=SUN)
    assert roof.point.amps[0] > 6
    roof.house.unplug(roof.point)
    roof.after(10, sun=SUN)
    assert roof.allowance.waking == Waking()


def test_a_full_car_is_not_woken() -> None:
    roof = Roof(sleeper(1, target_soc=0.504))
    roof.after(1200, sun=SUN)
    assert roof.point.vehicle is not None
    assert roof.point.vehicle.full
    seen = [*roof.after(300, sun=DARK), *roof.after(600, sun=SUN)]
    assert ReasonKind.WAKING not in seen
    assert roof.allowance.reason.kind is ReasonKind.IDLE


def test_a_car_that_slept_through_a_switch_of_phases_is_woken_on_one() -> None:
    settings = EvseSettings(evse=1, phase_switching=PhaseSwitching.PROFILE)
    roof = Roof(sleeper(1), settings)
    roof.after(360, sun=SUN)
    assert roof.point.amps[2] > 6
    reasons = roof.after(400, sun=2600)
    assert [each for each in reasons if each in (ReasonKind.SWITCHING, ReasonKind.WAKING)] == [
        ReasonKind.SWITCHING,
        ReasonKind.WAKING,
    ]
    assert roof.point.amps == (pytest.approx(8.8, abs=0.3), 0, 0)
    assert roof.point.under_load == 0
