"""What the grid's operator and the law ask, obeyed by cars that draw and chargers that react."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.balancing.peak import quarter_of
from custom_components.ev_station.model import events as e
from custom_components.ev_station.model.allowance import Allowance, Reason, ReasonKind
from custom_components.ev_station.model.effects import NoticeKind
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.grid import (
    Dimming,
    DimmingKind,
    GridReading,
    GridSettings,
    Tally,
)
from custom_components.ev_station.model.ids import EvseId, Fresh
from custom_components.ev_station.model.plan import EvsePlan, PlanPeriod, Why
from custom_components.ev_station.model.settings import EvseSettings, TariffSettings
from custom_components.ev_station.model.state import SITE, Charger, Grid
from custom_components.ev_station.model.tariff import DayOfWeek
from custom_components.ev_station.station import handle
from custom_components.ev_station.tariff.build import Band, time_of_use
from tests.simulator.premises import HOME, MORNING, Fuse, Point, Premises, Vehicle, still

from .test_control import circuit

ORDERED = GridReading(dimmed=True)
LIFTED = GridReading(dimmed=False)


def house(
    settings: GridSettings,
    *modes: ChargeMode,
    phases: int = 3,
    sun: Callable[[datetime], float] | None = None,
    house_a: float = 2.0,
) -> Premises:
    """Return a house without fuses that obeys its grid, with a car in each of these modes."""
    points = [
        Point(name=f"C{number}", settings=EvseSettings(evse=1, phases=phases))
        for number, _ in enumerate(modes)
    ]
    found = Premises(
        fuses=[],
        points=points,
        solar_w=sun,
        house_a=house_a,
        settings=replace(HOME, grid=settings),
    )
    found.run(10)
    for point, mode in zip(points, modes, strict=True):
        found.choose(point, mode)
        found.plug(point, Vehicle(phases=phases, max_amps=16, capacity_kwh=500))
    return found


def reason(house: Premises, number: int = 0) -> Reason:
    found = house.state.get(Allowance, EvseId(f"C{number}", 1))
    assert found is not None
    return found.reason


def grid(house: Premises) -> Grid:
    found = house.state.get(Grid, SITE)
    assert found is not None
    return found


def dimmings(house: Premises) -> list[Dimming]:
    return sorted(house.state.all(Dimming), key=lambda each: each.ordered_at)


def drawn_w(house: Premises) -> float:
    return sum(sum(point.amps) for point in house.points) * 230


def quarter_means(house: Premises, count: int) -> list[float]:
    """Return what the grid gave in each of the next quarter hours on the mean."""
    house.run(900 - int((house.now - MORNING).total_seconds()) % 900)
    found = []
    for _ in range(count):
        before = house.imported_wh
        house.run(900)
        found.append((house.imported_wh - before) * 4)
    return found


def dark(_now: datetime) -> float:
    return 0.0


# Dimming


def test_each_car_is_dimmed_by_itself_and_the_order_is_evidence() -> None:
    place = house(GridSettings(dimming=DimmingKind.DIRECT), ChargeMode.FAST, ChargeMode.FAST)
    place.run(60)
    assert [point.amps[0] for point in place.points] == [16, 16]
    place.orders = ORDERED
    place.run(1)
    ordered = place.now
    place.run(60)
    # 4.2 kW on three phases are 6.0 A.
    assert [point.amps[0] for point in place.points] == [6, 6]
    assert [point.floor for point in place.points] == [6, 6]
    assert reason(place).kind is ReasonKind.DIMMED
    (standing,) = dimmings(place)
    assert abs(standing.ordered_at - ordered) <= timedelta(seconds=5)
    assert (standing.kind, standing.limit_w) == (DimmingKind.DIRECT, 4200)
    assert 21_900 <= standing.before_w <= 22_200
    assert standing.in_force_at is not None
    assert standing.in_force_at - standing.ordered_at <= timedelta(seconds=40)
    assert standing.power_w is not None
    assert 8200 <= standing.power_w <= 8400
    assert standing.ended_at is None
    place.orders = LIFTED
    place.run(60)
    assert [point.amps[0] for point in place.points] == [16, 16]
    (ended,) = dimmings(place)
    assert ended.ended_at is not None
    assert grid(place).dimming is None


def test_an_order_is_told_when_it_comes_holds_and_ends() -> None:
    place = house(GridSettings(dimming=DimmingKind.DIRECT), ChargeMode.FAST)
    place.orders = ORDERED
    place.run(60)
    place.orders = LIFTED
    place.run(10)
    kinds = [notice.kind for notice in place.notices if notice.charger is None]
    assert kinds == [
        NoticeKind.DIMMING_STARTED,
        NoticeKind.DIMMING_IN_FORCE,
        NoticeKind.DIMMING_ENDED,
    ]


def test_a_pool_shares_what_it_is_left() -> None:
    place = house(GridSettings(dimming=DimmingKind.POOLED), ChargeMode.FAST, ChargeMode.FAST)
    place.orders = ORDERED
    place.run(60)
    # 4.2 kW and 0.8 times 4.2 kW: 7560 W, of which one car alone can take six amperes and more.
    assert dimmings(place)[0].limit_w == 7560
    amps = sorted(point.amps[0] for point in place.points)
    assert amps == [0, pytest.approx(10.9)]
    assert drawn_w(place) <= 7560


def test_one_phase_cars_share_a_pool_evenly() -> None:
    place = house(
        GridSettings(dimming=DimmingKind.POOLED), ChargeMode.FAST, ChargeMode.FAST, phases=1
    )
    place.orders = GridReading(dimmed=True, limit_w=4600)
    place.run(60)
    assert [point.amps[0] for point in place.points] == [10, 10]
    assert reason(place).cars == 2


def test_own_sun_comes_on_top_of_a_pool_but_not_of_a_single_device() -> None:
    bright = house(
        GridSettings(dimming=DimmingKind.POOLED), ChargeMode.FAST, sun=lambda _now: 5060, house_a=2
    )
    bright.orders = ORDERED
    bright.run(120)
    # 4200 W, and 5060 W less the house's 460 W and 100 W for the grid: 8.7 kW.
    assert 12 <= bright.points[0].amps[0] <= 12.7
    (standing,) = dimmings(bright)
    assert standing.in_force_at is not None
    assert standing.power_w is not None
    assert standing.power_w <= 4200
    single = house(GridSettings(dimming=DimmingKind.DIRECT), ChargeMode.FAST, sun=lambda _now: 5060)
    single.orders = ORDERED
    single.run(120)
    assert single.points[0].amps[0] == 6


def test_a_heat_pump_takes_its_part_of_the_pool() -> None:
    pool = GridSettings(dimming=DimmingKind.POOLED, other_devices=1)
    place = house(pool, ChargeMode.FAST, phases=1)
    place.orders = ORDERED
    place.run(60)
    # 7560 W for two, less the heat pump's 4200 W: 14.6 A.
    assert place.points[0].amps[0] == pytest.approx(14.6)
    place.orders = GridReading(dimmed=True, others_w=6000)
    place.run(60)
    assert place.points[0].amps[0] == pytest.approx(6.7)
    assert dimmings(place)[0].limit_w == 7560


def test_an_order_holds_while_nobody_can_be_heard() -> None:
    place = house(GridSettings(dimming=DimmingKind.DIRECT), ChargeMode.FAST)
    place.orders = ORDERED
    place.run(30)
    place.orders = GridReading()
    place.run(120)
    assert place.points[0].amps[0] == 6
    assert len(dimmings(place)) == 1
    assert dimmings(place)[0].ended_at is None


def test_another_limit_is_another_order() -> None:
    place = house(GridSettings(dimming=DimmingKind.POOLED), ChargeMode.FAST)
    for limit in (4600, 6900, -1):
        place.orders = GridReading(dimmed=True, limit_w=limit)
        place.run(60)
    assert [each.limit_w for each in dimmings(place)] == [4600, 6900, 0]
    assert [each.ended_at is None for each in dimmings(place)] == [False, False, True]
    assert place.points[0].amps[0] == 0


def test_an_order_ends_with_the_option() -> None:
    place = house(GridSettings(dimming=DimmingKind.DIRECT), ChargeMode.FAST)
    place.orders = ORDERED
    place.run(30)
    place.feed(e.SiteConfigured(settings=HOME))
    place.run(60)
    assert place.points[0].amps[0] == 16
    assert dimmings(place)[0].ended_at is not None
    assert list(place.state.all(Allowance)) == []


def test_evidence_is_kept_for_three_years() -> None:
    place = house(GridSettings(dimming=DimmingKind.DIRECT), ChargeMode.FAST)
    for years in (0, 2, 4):
        place.now = MORNING + timedelta(days=365 * years)
        for orders in (ORDERED, LIFTED):
            place.orders = orders
            place.look()
            place.now += timedelta(minutes=1)
    assert [each.ordered_at.year for each in dimmings(place)] == [2028, 2030]


def test_who_takes_no_limits_is_stopped() -> None:
    for kind in DimmingKind:
        place = house(GridSettings(dimming=kind), ChargeMode.FAST)
        (point,) = place.points
        place.feed(e.ChargerPrepared(charger="C0", smart_charging=False, received_at=place.now))
        place.run(60)
        assert point.amps[0] == 16
        place.orders = ORDERED
        place.run(10)
        assert [send.charger for send in place.stops] == ["C0"], kind


def test_a_charger_that_is_away_uses_up_the_pool() -> None:
    place = house(
        GridSettings(dimming=DimmingKind.POOLED), ChargeMode.FAST, ChargeMode.FAST, phases=1
    )
    place.orders = GridReading(dimmed=True, limit_w=4600)
    place.run(60)
    away = place.points[1]
    away.connected = False
    place.feed(
        e.ChargerDisconnected(
            charger="C1", connection=connection(place, "C1"), received_at=place.now
        )
    )
    place.run(60)
    assert place.points[0].amps[0] == 10


def connection(place: Premises, charger: str) -> int:
    found = place.state.get(Charger, charger)
    assert found is not None
    assert found.connection is not None
    return found.connection


# Ripple control


def test_a_ripple_control_receiver_leaves_a_share_of_all_chargers() -> None:
    place = house(GridSettings(ripple=True), ChargeMode.FAST, ChargeMode.FAST, phases=1)
    place.orders = GridReading(percent=30)
    place.run(60)
    # 30 % of twice 32 A.
    assert [point.amps[0] for point in place.points] == [pytest.approx(9.6)] * 2
    assert reason(place).kind is ReasonKind.RIPPLE
    # What cannot be read is as it was.
    place.orders = GridReading()
    place.run(60)
    assert place.points[0].amps[0] == pytest.approx(9.6)
    place.orders = GridReading(percent=0)
    place.run(60)
    assert [point.amps[0] for point in place.points] == [0, 0]
    place.orders = GridReading(percent=100)
    # Who had to stop begins again when there has been room for five minutes.
    place.run(360)
    assert [point.amps[0] for point in place.points] == [16, 16]


# The month's peak


def test_no_car_raises_the_months_peak() -> None:
    place = house(
        GridSettings(follow_peak=True, peak_floor_w=6000), ChargeMode.FAST, sun=dark, house_a=4
    )
    means = quarter_means(place, 4)
    assert max(means) <= 6000
    # And what there is, is used.
    assert min(means) >= 5600
    assert reason(place).kind is ReasonKind.PEAK
    assert grid(place).month == "2026-06"
    assert grid(place).peak_w == pytest.approx(max(means), abs=40)
    shown = grid(place).quarter
    assert shown is not None
    assert shown.expected_w == pytest.approx(means[-1], abs=150)
    # Cars go on; they are not stopped and started in every quarter hour.
    assert place.points[0].switched_on == 1


def test_an_oven_is_made_room_for_within_the_quarter_hour() -> None:
    place = house(
        GridSettings(follow_peak=True, peak_floor_w=6000), ChargeMode.FAST, phases=1, sun=dark
    )
    place.run(410)
    place.house_a = 24.0
    place.run(300)
    place.house_a = 2.0
    place.run(170)
    assert grid(place).peak_w == 0
    place.run(20)
    assert 0 < grid(place).peak_w <= 6000


def test_what_the_house_itself_raises_cars_may_use() -> None:
    place = house(GridSettings(follow_peak=True), ChargeMode.FAST, phases=1, sun=dark, house_a=20)
    quarter_means(place, 1)
    place.house_a = 2.0
    (mean,) = quarter_means(place, 1)
    # The house alone drew 4.6 kW: as much is paid for anyway.
    assert 3500 <= mean <= 4600
    assert place.points[0].amps[0] == 16


def test_a_car_that_does_not_fit_waits_and_says_why() -> None:
    place = house(GridSettings(follow_peak=True), ChargeMode.SOLAR_MIN, sun=dark)
    place.run(60)
    assert place.points[0].amps[0] == 0
    assert reason(place).kind is ReasonKind.PEAK


def test_fast_may_raise_the_peak_if_the_owner_says_so() -> None:
    place = house(
        GridSettings(follow_peak=True, fast_may_raise_peak=True),
        ChargeMode.FAST,
        ChargeMode.SOLAR_MIN,
        phases=1,
        sun=dark,
    )
    place.run(60)
    assert [point.amps[0] for point in place.points] == [16, 0]
    assert reason(place, 1).kind is ReasonKind.PEAK


def test_while_the_meter_is_silent_nobody_charges_at_the_peaks_cost() -> None:
    place = house(GridSettings(follow_peak=True), ChargeMode.FAST)
    place.run(60)
    assert place.points[0].amps[0] == 0
    assert reason(place).kind is ReasonKind.STARTING
    place.run(300)
    assert reason(place).kind is ReasonKind.PEAK
    assert place.state.get(Grid, SITE) is None


def test_a_car_that_charges_when_we_come_back_goes_on_until_the_meter_speaks() -> None:
    settings = GridSettings(follow_peak=True, peak_floor_w=9000)
    place = house(settings, ChargeMode.FAST, phases=1, sun=dark, house_a=4)
    (point,) = place.points
    place.run(400)
    place.go_down()
    place.run(400)
    place.come_back()
    place.run(60)
    assert (point.amps[0], point.switched_on) == (16, 1)
    # A meter that does not speak in its time is a silent one.
    place.go_down()
    place.run(400)
    place.solar_w = None
    place.come_back()
    place.run(299)
    assert (point.amps[0], point.switched_on) == (16, 1)
    place.run(20)
    assert point.amps[0] == 0
    assert reason(place).kind is ReasonKind.PEAK


def test_a_peak_that_only_has_a_price_is_counted_and_holds_nobody() -> None:
    place = house(GridSettings(peak_price=Decimal(4)), ChargeMode.FAST, phases=1, sun=dark)
    place.run(1800)
    assert place.points[0].amps[0] == 16
    # 16 A on one phase, in a whole quarter hour, and what the house draws.
    assert grid(place).peak_w >= 3680


PRICED = GridSettings(peak_price=Decimal(4))


def as_planned(place: Premises, number: int = 0, **other: Any) -> None:
    """Let a car follow a plan: 10 A from now on, ready in an hour if it must, and here for eight.

    With the house's 460 W that is foreseen to be 2760 W. 200 W more are left for what meters see late.
    """
    (point, now) = place.points[number], place.now
    given: dict[str, Any] = {
        "departure": now + timedelta(hours=8),
        "soonest": now + timedelta(hours=1),
        "peak_w": 2760,
    }
    why = other.pop("why", Why.CHEAPEST)
    plan = EvsePlan(
        id=point.evse,
        session=place.evse_of(point).session or "",
        vehicle="zoe",
        made_at=now,
        ready_at=None,
        periods=(PlanPeriod(now, now + timedelta(hours=8), Decimal(10), 1, why),),
        **given | other,
    )
    place.feed(e.SitePlanned(plans=(plan,)))


def smart(settings: GridSettings = PRICED, *others: ChargeMode) -> Premises:
    """Return a house with a car on one phase in the mode Smart, which others may stand beside."""
    return house(settings, ChargeMode.SMART, *others, phases=1, sun=dark)


def test_what_comes_as_it_was_foreseen_holds_nobody_back() -> None:
    place = smart()
    as_planned(place)
    means = quarter_means(place, 2)
    assert means == pytest.approx([2760, 2760], abs=30)
    assert (place.points[0].amps[0], place.points[0].switched_on) == (10, 1)
    assert reason(place).kind is ReasonKind.PLANNED


@pytest.mark.parametrize("house_a", [4.0, 5.0, 6.5])
def test_who_goes_by_a_plan_makes_room_for_what_the_house_draws_beyond_its_forecast(
    house_a: float,
) -> None:
    place = smart()
    as_planned(place)
    quarter_means(place, 0)
    place.house_a = house_a
    means = quarter_means(place, 2)
    # Without that it would be 2300 W and 230 W for each ampere of the house.
    assert max(means) <= 2960 < 2300 + 230 * house_a + 260
    assert min(means) >= 2600
    assert place.points[0].amps[0] < 10
    assert reason(place).kind is ReasonKind.PEAK
    assert place.points[0].switched_on == 1
    # It goes on as planned when that is over.
    place.house_a = 2.0
    quarter_means(place, 1)
    assert (place.points[0].amps[0], reason(place).kind) == (10, ReasonKind.PLANNED)


SWINGS = (9.0,) * 5 + (2.0,) * 10
"""A dishwasher heats for five minutes as a quarter hour begins; A in each minute."""
HEATS = (9.0,) * 15


def minutes(place: Premises, house_a: Sequence[float]) -> float:
    """Let the minutes of a quarter hour pass, and return what the grid gave on the mean."""
    before = place.imported_wh
    for amps in house_a:
        place.house_a = amps
        place.run(60)
    return (place.imported_wh - before) * 4


FOLLOWED = GridSettings(follow_peak=True, peak_floor_w=3000)


@pytest.mark.parametrize(
    "settings", [FOLLOWED, replace(FOLLOWED, follow_peak=False, peak_price=Decimal(4))]
)
@pytest.mark.parametrize("reacts_in_s", [1, 15])
def test_a_car_does_not_stop_for_what_may_be_over_in_a_moment(
    settings: GridSettings, reacts_in_s: int
) -> None:
    place = smart(settings)
    as_planned(place)
    (point,) = place.points
    point.reacts_in_s = reacts_in_s
    quarter_means(place, 0)
    means = [minutes(place, SWINGS) for _ in range(4)]
    # Beside 2070 W there is no room for 6 A, but for five minutes that does no harm.
    assert max(means) <= 3000
    assert point.switched_on == 1


@pytest.mark.parametrize(
    "settings", [FOLLOWED, replace(FOLLOWED, follow_peak=False, peak_price=Decimal(4))]
)
@pytest.mark.parametrize("reacts_in_s", [1, 15])
def test_a_car_stops_for_what_goes_on_as_long_as_that_is_in_time(
    settings: GridSettings, reacts_in_s: int
) -> None:
    place = smart(settings)
    as_planned(place)
    (point,) = place.points
    point.reacts_in_s = reacts_in_s
    quarter_means(place, 0)
    mean = minutes(place, HEATS)
    # 2070 W and 6 A are 3450 W: nine minutes of that, less what is kept and a moment to react.
    assert 2800 <= mean <= 3000
    assert (point.amps[0], point.switched_on) == (0, 1)


def test_what_is_paid_for_already_is_there_for_a_plan_too() -> None:
    place = smart()
    place.orders = GridReading(peak_w=4200)
    as_planned(place)
    place.house_a = 7.0
    place.run(120)
    assert place.points[0].amps[0] == 10
    place.house_a = 11.0
    place.run(60)
    # 4200 W less 100 W and the house's 2530 W are 6.8 A.
    assert 6 <= place.points[0].amps[0] <= 7
    assert reason(place).kind is ReasonKind.PEAK


NEEDS: tuple[dict[str, Any], ...] = (
    {"soonest": None},
    {"soonest": MORNING + timedelta(hours=7.9)},
    {"overdue": MORNING},
    {"why": Why.MINIMUM},
    {"peak_w": None},
)


@pytest.mark.parametrize("other", NEEDS)
def test_who_would_be_late_is_not_held_nor_who_is_below_its_minimum(other: dict[str, Any]) -> None:
    place = smart()
    as_planned(place, **other)
    place.house_a = 12.0
    place.run(1200)
    assert (place.points[0].amps[0], reason(place).kind) == (10, ReasonKind.PLANNED)


def test_what_is_charged_beyond_the_goal_never_raises_the_peak() -> None:
    place = smart()
    as_planned(place, why=Why.EXTRA, soonest=place.now, departure=place.now + timedelta(minutes=10))
    place.house_a = 12.0
    place.run(300)
    assert place.points[0].amps[0] < 10
    assert reason(place).kind is ReasonKind.PEAK


@cache
def needy(number: int) -> Premises:
    """Return a house whose car may not wait, for one of the reasons."""
    place = smart()
    as_planned(place, **NEEDS[number])
    place.run(60)
    assert place.points[0].amps[0] == 10
    return place


@given(
    st.integers(0, len(NEEDS) - 1),
    st.integers(-10_000, 30_000),
    st.integers(0, 30_000),
    st.integers(0, 899),
)
def test_no_house_holds_a_car_in_need(number: int, net_w: int, mean_w: int, second: int) -> None:
    place = needy(number)
    quarter = quarter_of(place.now)
    now = max(quarter + timedelta(seconds=second), place.now)
    energy = mean_w * int((now - quarter).total_seconds())
    looked = e.SiteObserved(net_w=net_w, tally=Tally(quarter, energy, net_w, now))
    after = [each for _, each in handle(place.state, looked, now, Fresh("", 0)).changes]
    limits = [each.limit_a for each in after if isinstance(each, Allowance)]
    assert limits in ([], [10])


def test_who_was_held_is_let_go_when_there_is_no_more_time_to_spare() -> None:
    place = smart()
    now = place.now
    as_planned(place, soonest=now + timedelta(minutes=60), departure=now + timedelta(minutes=85))
    place.house_a = 12.0
    place.run(9 * 60)
    assert place.points[0].amps[0] < 10
    # After ten minutes it has a quarter of an hour to spare; it begins again when there was room for five.
    place.run(8 * 60)
    assert (place.points[0].amps[0], reason(place).kind) == (10, ReasonKind.PLANNED)


@pytest.mark.parametrize(("other", "amps"), [(ChargeMode.FAST, 16), (ChargeMode.SOLAR_MIN, 6)])
def test_who_goes_by_no_plan_is_not_held_and_others_go_by_what_it_draws(
    other: ChargeMode, amps: float
) -> None:
    place = smart(PRICED, other)
    as_planned(place)
    place.run(120)
    # 2960 W less 100 W and the house's 460 W are 10.4 A: less than 6 A beside another car.
    assert [point.amps[0] for point in place.points] == [0, amps]
    assert reason(place).kind is ReasonKind.PEAK


def test_a_plan_is_followed_while_the_meter_at_the_grid_is_silent() -> None:
    place = house(PRICED, ChargeMode.SMART, phases=1, house_a=12)
    as_planned(place)
    place.run(600)
    assert (place.points[0].amps[0], reason(place).kind) == (10, ReasonKind.PLANNED)


def test_the_main_fuses_meters_do_as_well() -> None:
    main = Fuse(settings=circuit("main", 32, "C0", metered=True), load=still(4, 0, 0))
    points = [Point(name="C0", settings=EvseSettings(evse=1, phases=1))]
    settings = replace(HOME, grid=GridSettings(follow_peak=True, peak_floor_w=3000))
    place = Premises(fuses=[main], points=points, settings=settings)
    place.plug(points[0], Vehicle(phases=1, max_amps=16))
    place.run(120)
    # 3 kW less 100 W kept and the house's 920 W.
    assert points[0].amps[0] == pytest.approx(8.2, abs=0.5)


def test_several_main_fuses_are_no_meter_of_the_grid() -> None:
    fuses = [
        Fuse(settings=circuit(name, 32, *chargers, metered=True))
        for name, chargers in (("one", ("C0",)), ("two", ()))
    ]
    points = [Point(name="C0")]
    settings = replace(HOME, grid=GridSettings(follow_peak=True))
    place = Premises(fuses=fuses, points=points, settings=settings)
    place.plug(points[0], Vehicle())
    place.run(60)
    assert points[0].amps[0] == 0


def test_a_new_month_begins_with_no_peak() -> None:
    # 23:45 of the last of June in Berlin.
    settings = replace(HOME, grid=GridSettings(follow_peak=True))
    place = Premises(
        fuses=[],
        points=[Point(name="C0")],
        solar_w=dark,
        house_a=20,
        settings=settings,
        now=datetime(2026, 6, 30, 21, 30, tzinfo=UTC),
    )
    place.run(905)
    assert (grid(place).month, grid(place).peak_w > 4000) == ("2026-06", True)
    place.run(900)
    assert (grid(place).month, grid(place).peak_w) == ("2026-07", 0)


def test_the_operators_own_meter_says_what_the_peak_is() -> None:
    place = house(GridSettings(follow_peak=True), ChargeMode.FAST, phases=1, sun=dark)
    place.orders = GridReading(peak_w=5200)
    place.run(120)
    assert grid(place).peak_w == 5200
    assert place.points[0].amps[0] == 16


# Random delay

CHEAP_AT_NIGHT = time_of_use(
    "night",
    "EUR",
    Decimal("0.30"),
    (
        Band(
            days=tuple(DayOfWeek),
            start=time(9),
            end=time(10),
            price=Decimal("0.10"),
        ),
    ),
)


def test_what_begins_by_itself_begins_after_a_random_delay_and_says_until_when() -> None:
    settings = replace(HOME, grid=GridSettings(delay_s=600), default_tariff="night")
    place = Premises(fuses=[], points=[Point(name="C0")], settings=settings, control_every_s=1)
    point = place.points[0]
    place.feed(e.TariffConfigured(settings=TariffSettings(tariff=CHEAP_AT_NIGHT, name="Night")))
    place.choose(point, ChargeMode.SMART)
    # 8:50 in Berlin: cheap in ten minutes.
    place.now = MORNING + timedelta(minutes=50)
    place.plug(point, Vehicle(max_amps=32, capacity_kwh=500))
    place.run(300)
    assert reason(place).kind is ReasonKind.DEAR
    place.run(301)
    until = reason(place).until
    assert reason(place).kind is ReasonKind.DELAYED
    assert until is not None
    cheap_from = MORNING + timedelta(hours=1)
    assert cheap_from <= until <= cheap_from + timedelta(seconds=601)
    place.run(int((until - place.now).total_seconds()) - 1)
    assert point.amps[0] == 0
    place.run(15)
    assert point.amps[0] == 32
    # The end is delayed as well.
    place.run(int((MORNING + timedelta(hours=2) - place.now).total_seconds()) + 1)
    assert (point.amps[0], reason(place).kind) == (32, ReasonKind.DELAYED)
    place.run(620)
    assert (point.amps[0], reason(place).kind) == (0, ReasonKind.DEAR)
    # A driver overrides it.
    place.choose(point, ChargeMode.FAST)
    place.run(15)
    assert point.amps[0] == 32
