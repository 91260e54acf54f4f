"""The home battery in a house that runs: it supports cars, is drained into one, and is held from one."""

from dataclasses import replace
from decimal import Decimal

from custom_components.ev_station.model import events as e
from custom_components.ev_station.model.allowance import Allowance, ReasonKind
from custom_components.ev_station.model.effects import Refuse, Settle
from custom_components.ev_station.model.energy import BatterySettings, ChargeMode
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.settings import EvseSettings, SiteSettings
from custom_components.ev_station.model.state import SITE, Charger, HomeBattery
from tests.simulator.premises import HouseBattery, Point, Premises, Vehicle

BATTERY = BatterySettings(first_below_percent=30, lends_above_percent=60, boost_to_percent=40)
SETTINGS = SiteSettings(
    name="Home", currency="EUR", time_zone="Europe/Berlin", secret="5ec4e7", battery=BATTERY
)


def house_with(
    *modes: ChargeMode, level: float, sun: float = 0.0, battery: BatterySettings | None = BATTERY
) -> Premises:
    """Return a house of 460 W with a battery, and one-phase cars in these modes."""
    settings = EvseSettings(evse=1, phases=1, max_current_a=Decimal(16))
    points = [Point(name=f"C{number}", settings=settings) for number, _ in enumerate(modes)]
    house = Premises(
        fuses=[],
        points=points,
        solar_w=lambda _now: sun,
        house_a=2,
        battery=HouseBattery(level=level),
        settings=replace(SETTINGS, battery=battery),
    )
    for point, mode in zip(points, modes, strict=True):
        house.choose(point, mode)
        house.plug(point, Vehicle(phases=1, max_amps=16, capacity_kwh=200))
    house.run(10)
    return house


def battery_of(house: Premises) -> HouseBattery:
    """Return the battery on the wall."""
    assert house.battery is not None
    return house.battery


def told(house: Premises) -> HomeBattery:
    """Return what the battery is to do."""
    found = house.state.get(HomeBattery, SITE)
    assert found is not None
    return found


def reason(house: Premises, point: Point) -> ReasonKind:
    """Return why a point has its limit."""
    found = house.state.get(Allowance, point.evse)
    assert found is not None
    return found.reason.kind


def test_above_its_level_it_supports_a_car_that_follows_the_sun() -> None:
    house = house_with(ChargeMode.SOLAR, level=0.80)
    (point,) = house.points
    house.run(120)
    # 3000 W less the house's 460 W and 100 W for the grid.
    assert 10.0 <= point.amps[0] <= 10.7
    assert told(house).lends
    imported, switched_on = house.imported_wh, point.switched_on
    house.run(3600)
    assert house.imported_wh - imported < 10
    # 20 % of 10 kWh at 2.9 kW lasts 41 minutes; what follows is three minutes of a cloud's patience.
    assert point.amps[0] == 0
    assert 0.55 < battery_of(house).level <= 0.605
    assert not told(house).lends
    assert reason(house, point) is ReasonKind.NO_SUN
    assert point.switched_on == switched_on


def test_below_its_level_it_does_not() -> None:
    house = house_with(ChargeMode.SOLAR, level=0.62)
    (point,) = house.points
    house.run(300)
    assert point.amps[0] == 0
    assert not told(house).lends


def test_below_the_lower_level_the_sun_is_the_batterys() -> None:
    house = house_with(ChargeMode.SOLAR, level=0.20, sun=3500)
    (point,) = house.points
    house.run(300)
    # 3500 W less the house's 460 W: the battery takes 3000 W of it.
    assert point.amps[0] == 0
    house.run(3600)
    # Above 30 % the car gets it.
    assert point.amps[0] > 12


def test_a_boost_drains_it_down_to_its_level_and_no_further() -> None:
    house = house_with(ChargeMode.SOLAR, level=0.55)
    (point,) = house.points
    house.run(60)
    assert point.amps[0] == 0
    imported = house.imported_wh
    house.boost(point)
    house.run(60)
    assert 10.0 <= point.amps[0] <= 10.7
    assert reason(house, point) is ReasonKind.BOOST
    house.run(3600)
    assert not house.evse_of(point).boosts
    assert point.amps[0] == 0
    # The house goes on with what is left.
    assert 0.30 < battery_of(house).level <= 0.405
    assert house.imported_wh - imported < 10
    assert battery_of(house).given_wh > 1500


def test_a_boost_is_one_cars() -> None:
    house = house_with(ChargeMode.SOLAR, ChargeMode.SOLAR, level=0.55)
    one, other = house.points
    house.boost(one)
    house.run(180)
    assert one.amps[0] >= 10
    assert other.amps[0] == 0
    house.boost(one, on=False)
    house.run(30)
    assert one.amps[0] == 0
    assert battery_of(house).level > 0.5


def test_sun_and_boost_add_up_and_leave_the_sun_to_others() -> None:
    house = house_with(ChargeMode.SOLAR, ChargeMode.SOLAR, level=0.55, sun=3000)
    one, other = house.points
    house.run(180)
    assert one.amps[0] + other.amps[0] < 11
    imported = house.imported_wh
    house.boost(one)
    house.run(180)
    # 3000 W of sun and as much of the battery, less 560 W: 23.6 A.
    assert 22 <= one.amps[0] + other.amps[0] <= 23.7
    assert other.amps[0] <= 10.7
    assert house.imported_wh - imported < 5


def test_a_boost_ends_with_the_session() -> None:
    house = house_with(ChargeMode.SOLAR, level=0.55)
    (point,) = house.points
    house.boost(point)
    house.run(30)
    assert house.evse_of(point).boosts
    house.unplug(point)
    house.run(10)
    assert not house.evse_of(point).boosts


def test_a_boost_that_is_too_weak_for_the_least_waits() -> None:
    weak = replace(BATTERY, gives_w=1800)
    house = house_with(ChargeMode.SOLAR, level=0.55, battery=weak)
    (point,) = house.points
    house.boost(point)
    house.run(60)
    # 1800 W less 560 W: 5.4 A.
    assert point.amps[0] == 0
    assert reason(house, point) is ReasonKind.NO_SUN


def test_a_fast_car_does_not_drain_it() -> None:
    house = house_with(ChargeMode.FAST, level=0.80)
    (point,) = house.points
    house.run(60)
    assert point.amps[0] == 16
    assert told(house).held
    given = battery_of(house).given_wh
    house.run(3600)
    assert battery_of(house).given_wh == given
    house.unplug(point)
    house.run(100)
    assert told(house).held
    house.run(60)
    assert told(house) == HomeBattery(lends=True)
    house.run(600)
    assert battery_of(house).given_wh > given


def test_a_boost_lets_a_fast_car_drain_it() -> None:
    house = house_with(ChargeMode.FAST, level=0.45)
    (point,) = house.points
    house.run(60)
    assert told(house).held
    house.boost(point)
    house.run(10)
    assert not told(house).held
    house.run(1200)
    # 5 % of 10 kWh at 3 kW last ten minutes.
    assert not house.evse_of(point).boosts
    assert told(house).held
    # A level counts in whole percent.
    assert 0.40 <= battery_of(house).level < 0.41


def test_while_it_is_held_it_lends_nothing() -> None:
    house = house_with(ChargeMode.FAST, ChargeMode.SOLAR, level=0.80)
    fast, solar = house.points
    house.run(300)
    assert (fast.amps[0], solar.amps[0]) == (16, 0)
    house.unplug(fast)
    house.run(300)
    assert solar.amps[0] >= 10


def test_the_least_at_any_time_comes_from_the_grid() -> None:
    house = house_with(ChargeMode.SOLAR_MIN, level=0.50)
    (point,) = house.points
    house.run(60)
    assert point.amps[0] == 6
    assert told(house).held
    given = battery_of(house).given_wh
    house.run(600)
    assert battery_of(house).given_wh == given


def test_the_least_that_the_sun_gives_holds_nothing() -> None:
    house = house_with(ChargeMode.SOLAR_MIN, level=0.50, sun=4000)
    house.run(600)
    assert not told(house).held


def test_cheap_hours_hold_it() -> None:
    # No tariff: every hour is as cheap as any other.
    house = house_with(ChargeMode.SMART, level=0.80)
    house.run(60)
    assert house.points[0].amps[0] == 16
    assert told(house).held


def test_a_car_that_is_full_or_away_holds_nothing() -> None:
    house = house_with(ChargeMode.FAST, level=0.80)
    (point,) = house.points
    house.run(60)
    assert point.vehicle is not None
    point.vehicle.target_soc = point.vehicle.soc
    house.run(150)
    assert not told(house).held
    point.vehicle.target_soc = 1.0
    house.run(30)
    assert told(house).held
    point.connected = False
    house.feed(
        e.ChargerDisconnected(charger="C0", connection=connection(house), received_at=house.now)
    )
    house.run(150)
    assert not told(house).held


def connection(house: Premises) -> int:
    """Return the connection of the first charger."""
    found = house.state.get(Charger, "C0")
    assert found is not None
    assert found.connection is not None
    return found.connection


def test_a_house_without_a_battery_holds_and_boosts_nothing() -> None:
    house = house_with(ChargeMode.FAST, level=0.80, battery=None)
    (point,) = house.points
    house.run(30)
    assert house.state.get(HomeBattery, SITE) is None
    request = e.BoostRequested(evse=point.evse, on=True, command=7)
    assert house.feed(request) == (Refuse(id=7, reason="no_home_battery"),)


def test_what_was_known_of_a_battery_goes_with_it() -> None:
    house = house_with(ChargeMode.FAST, level=0.80)
    (point,) = house.points
    house.boost(point)
    house.run(10)
    house.feed(e.SiteConfigured(settings=replace(SETTINGS, battery=None)))
    assert house.state.get(HomeBattery, SITE) is None
    house.run(10)
    assert not house.evse_of(point).boosts
    assert house.state.get(HomeBattery, SITE) is None


def test_a_boost_needs_a_session() -> None:
    house = house_with(ChargeMode.SOLAR, level=0.80)
    (point,) = house.points
    house.unplug(point)
    request = e.BoostRequested(evse=point.evse, on=True, command=7)
    assert house.feed(request) == (Refuse(id=7, reason="no_session"),)
    nobody = e.BoostRequested(evse=EvseId("X", 1), on=False, command=8)
    assert house.feed(nobody) == (Settle(id=8),)


def test_a_level_nobody_knows_pauses_a_boost() -> None:
    house = house_with(ChargeMode.SOLAR, level=0.80)
    (point,) = house.points
    house.boost(point)
    house.run(60)
    assert point.amps[0] >= 10
    house.feed(e.SiteObserved(surplus_w=-460))
    assert not told(house).lends
    assert house.evse_of(point).boosts
    assert house.state.get(Allowance, point.evse) is not None
    assert reason(house, point) is ReasonKind.NO_SUN
    unmeasured = replace(BATTERY, measured=False)
    house.feed(e.SiteConfigured(settings=replace(SETTINGS, battery=unmeasured)))
    request = e.BoostRequested(evse=point.evse, on=True, command=7)
    assert house.feed(request) == (Refuse(id=7, reason="no_home_battery"),)


def test_a_fast_car_drains_no_battery_whose_level_is_unknown() -> None:
    house = house_with(ChargeMode.FAST, level=0.80)
    (point,) = house.points
    house.boost(point)
    house.run(60)
    assert not told(house).held
    house.feed(e.SiteObserved(surplus_w=-460))
    assert house.evse_of(point).boosts
    assert told(house).held


def test_a_battery_that_gives_less_than_was_said_is_found_out() -> None:
    house = house_with(ChargeMode.SOLAR, level=0.95)
    (point,) = house.points
    battery_of(house).gives_w = 2200
    house.run(300)
    # 2200 W less the house's 460 W and 100 W for the grid: 7.1 A.
    assert 6 <= point.amps[0] <= 7.2
    imported = house.imported_wh
    house.run(3600)
    # Without that: 740 W all the time.
    assert house.imported_wh - imported < 0.15 * 740
    assert point.amps[0] >= 6
