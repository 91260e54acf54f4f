"""A month's peak that only has a price, kept by plans that are made anew each quarter hour although the house draws more."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from custom_components.ev_station.model import events as e
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.forecast import Forecast, ForecastKind, Interval
from custom_components.ev_station.model.grid import GridSettings
from custom_components.ev_station.model.settings import EvseSettings, TariffSettings
from custom_components.ev_station.model.state import SITE, Grid
from custom_components.ev_station.model.vehicle import Trip, VehicleSettings
from custom_components.ev_station.planning.plan import Plan, plan, replan
from custom_components.ev_station.station import horizon, planned
from custom_components.ev_station.tariff.build import time_of_use
from tests.simulator.premises import HOME, MORNING, Point, Premises, Vehicle
from tests.simulator.strides import QUARTER, stride

HOUR = timedelta(hours=1)
LEAVES = MORNING + 3 * HOUR


def home() -> Premises:
    """Return a house that is foreseen to draw 300 W, with a car that needs 2 kWh in three hours."""
    house = Premises(
        fuses=[],
        points=[Point(name="C0", settings=EvseSettings(evse=1, phases=1))],
        solar_w=lambda _now: 0.0,
        settings=replace(HOME, default_tariff="flat", grid=GridSettings(peak_price=Decimal(4))),
    )
    foreseen = Interval(start=MORNING, end=LEAVES, value=Decimal(300))
    flat = time_of_use("flat", "EUR", Decimal("0.30"), ())
    zoe = VehicleSettings(
        vehicle="zoe", name="Zoe", battery_wh=50_000, phases=1, max_current_a=Decimal(16)
    )
    (point,) = house.points
    for event in (
        e.TariffConfigured(settings=TariffSettings(tariff=flat, name="Flat")),
        e.VehicleConfigured(settings=zoe),
        e.ForecastRead(forecast=Forecast(kind=ForecastKind.LOAD, intervals=(foreseen,))),
        e.VehicleChosen(evse=point.evse, vehicle="zoe", command=1),
        e.VehicleHeard(vehicle="zoe", percent=Decimal(76), at=MORNING),
        e.TripRequested(vehicle="zoe", trip=Trip(at=LEAVES), command=2),
    ):
        house.feed(event)
    house.choose(point, ChargeMode.SMART)
    house.plug(
        point,
        Vehicle(phases=1, capacity_kwh=50, soc=0.76, taper_from=1, target_soc=0.8, efficiency=0.9),
    )
    return house


def played(house: Premises, house_w: Iterable[float]) -> float:
    """Let quarter hours pass in which the house really draws so much, and return what the car got, kWh."""
    last: Plan | None = None
    for watts in house_w:
        house.house_a = watts / 230
        found = horizon(house.state, house.now)
        if found.problem is not None:
            last = replan(found.problem, last) if last else plan(found.problem)
        house.feed(planned(found, last if found.problem else None, house.now))
        stride(house, house.now + QUARTER, house.advance)
    house.look()
    return house.points[0].register_wh / 1000


def peak_w(house: Premises) -> int:
    grid = house.state.get(Grid, SITE)
    assert grid is not None
    return grid.peak_w


@pytest.mark.parametrize(
    "house_w",
    [[300] * 12, [300, 300, 1700] * 4, [2200] * 4 + [300] * 8, [300] * 4 + [1500] * 2 + [300] * 6],
)
def test_a_car_is_ready_below_the_peak_that_is_paid_for(house_w: list[float]) -> None:
    house = home()
    # 2 kWh and a tenth that is lost on the way, at up to 2000 W beside the house.
    assert played(house, house_w) == pytest.approx(2 / 0.9, rel=0.03)
    assert peak_w(house) <= 2500


def test_a_car_that_would_be_late_for_it_is_ready_and_the_peak_is_raised() -> None:
    house = home()
    # Beside 1800 W there are 600 W: never enough for 6 A.
    assert played(house, [1800] * 12) == pytest.approx(2 / 0.9, rel=0.03)
    assert 3180 <= peak_w(house) <= 5600
