"""Several cars under one sun: what one draws without the sun is not there for another."""

from dataclasses import replace

import pytest

from custom_components.ev_station.model import events as e
from custom_components.ev_station.model.allowance import Allowance, ReasonKind
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.phases import PhaseSwitching
from custom_components.ev_station.model.settings import EvseSettings
from custom_components.ev_station.model.state import Charger
from tests.simulator.premises import Point, Premises, Vehicle

HOUSE_A = 2
HOUSE_W = HOUSE_A * 230
THREE = EvseSettings(evse=1)


class Sky:
    """Cars on the grid alone, under a sun that is told."""

    def __init__(self, *cars: tuple[ChargeMode, EvseSettings], sun: float) -> None:
        self.sun = sun
        self.points = [
            Point(name=f"C{number}", settings=settings) for number, (_, settings) in enumerate(cars)
        ]
        self.house = Premises(
            fuses=[],
            points=self.points,
            solar_w=lambda _now: self.sun,
            house_a=HOUSE_A,
            meter_noise_a=0,
        )
        for point, (mode, settings) in zip(self.points, cars, strict=True):
            self.house.choose(point, mode)
            self.plug(point, phases=settings.phases)

    def plug(self, point: Point, phases: int = 3) -> None:
        """Plug in a car that is hungry for days."""
        self.house.plug(point, Vehicle(max_amps=16, phases=phases, capacity_kwh=400))

    def after(self, seconds: int, *, sun: float | None = None) -> Sky:
        """Let time pass, under another sun."""
        self.sun = self.sun if sun is None else sun
        self.house.run(seconds)
        return self

    def why(self, point: Point) -> ReasonKind:
        """Return why a point has its limit."""
        return self.allowance(point).reason.kind

    def allowance(self, point: Point) -> Allowance:
        """Return what a point may draw."""
        found = self.house.state.get(Allowance, point.evse)
        assert found is not None
        return found

    def amps(self) -> list[float]:
        """Return what cars draw on their first phase."""
        return [point.amps[0] for point in self.points]


def test_who_is_held_under_a_cloud_takes_from_the_sun_of_the_other() -> None:
    sky = Sky((ChargeMode.SOLAR, THREE), (ChargeMode.SOLAR, THREE), sun=HOUSE_W + 12_000)
    sky.after(180)
    assert min(sky.amps()) > 8
    # Enough for one and a half: 7900 W for cars, of which one alone could take 11.4 A.
    sky.after(60, sun=HOUSE_W + 8000)
    clouded = [point for point in sky.points if sky.why(point) is ReasonKind.CLOUD]
    assert len(clouded) == 1
    assert sky.amps() == [6, 6]
    sky.after(240)
    assert sorted(sky.amps()) == [0, pytest.approx(11.4, abs=0.4)]


def test_who_waits_to_be_switched_down_takes_from_the_sun_of_the_other() -> None:
    switched = replace(THREE, phase_switching=PhaseSwitching.PROFILE)
    single = EvseSettings(evse=1, phases=1)
    sky = Sky((ChargeMode.SOLAR, switched), (ChargeMode.SOLAR, single), sun=HOUSE_W + 9000)
    sky.after(240)
    assert sky.points[0].phases == 3
    # 4900 W: the one waits with 4140 W, so less than the other's least is left.
    sky.after(60, sun=HOUSE_W + 5000)
    assert sky.why(sky.points[0]) is ReasonKind.CLOUD
    assert sky.amps() == [6, 6]
    sky.after(300)
    assert sky.points[0].phases == 1
    assert sum(sky.amps()) == pytest.approx(21.3, abs=0.6)


def test_a_smart_car_that_charges_from_the_grid_uses_up_the_sun() -> None:
    sky = Sky((ChargeMode.SMART, THREE), (ChargeMode.SOLAR, THREE), sun=HOUSE_W + 9000)
    sky.after(300)
    # No price: every hour is cheap, and 11 kW are more than the sun gives.
    assert sky.amps() == [16, 0]
    assert sky.why(sky.points[1]) is ReasonKind.NO_SUN
    sky.house.unplug(sky.points[0])
    sky.after(180)
    assert sky.amps()[1] == pytest.approx(12.9, abs=0.4)


def test_who_takes_no_limits_uses_up_the_sun() -> None:
    sky = Sky((ChargeMode.SOLAR, THREE), (ChargeMode.SOLAR, THREE), sun=HOUSE_W + 9000)
    first, second = sky.points
    sky.after(180)
    charger = sky.house.state.get(Charger, first.name)
    assert charger is not None
    # From its boot on it knows no profiles, and is told nothing that it would take.
    sky.house.feed(
        e.ChargerPrepared(
            charger=first.name, evse_count=1, smart_charging=False, received_at=sky.house.now
        )
    )
    sky.after(600)
    # Its last limit has ended and it goes by its floor, the maximum: 11 kW.
    assert sky.amps() == [16, 0]
    assert sky.why(second) is ReasonKind.NO_SUN


def test_the_sun_of_yesterday_starts_no_car_tonight() -> None:
    sky = Sky((ChargeMode.SOLAR, THREE), sun=HOUSE_W + 9000)
    (point,) = sky.points
    sky.after(180)
    sky.house.unplug(point)
    sky.after(60, sun=0)
    sky.plug(point)
    # Told so at once; not after three minutes of patience with a cloud.
    sky.after(20)
    assert point.amps[0] == 0
    assert sky.why(point) is ReasonKind.NO_SUN


def test_the_sun_that_shone_before_another_mode_starts_no_car_after_it() -> None:
    sky = Sky((ChargeMode.SOLAR, THREE), sun=HOUSE_W + 9000)
    (point,) = sky.points
    sky.after(180)
    sky.house.choose(point, ChargeMode.OFF)
    sky.after(60, sun=0)
    began = point.switched_on
    sky.house.choose(point, ChargeMode.SOLAR)
    sky.after(300)
    assert point.switched_on == began
