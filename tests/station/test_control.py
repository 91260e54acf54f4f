"""The look at the whole site, with cars that draw, chargers that react and meters that lag."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
import math
from typing import override

import pytest

from custom_components.ev_station.balancing.loads import Memory
from custom_components.ev_station.model import events as e
from custom_components.ev_station.model.allowance import Allowance, ReasonKind
from custom_components.ev_station.model.circuit import (
    CircuitLoad,
    CircuitSettings,
    Priority,
    Rotation,
)
from custom_components.ev_station.model.commands import (
    ChargingProfile,
    CommandStatus,
    Prepare,
    ProfilePurpose,
    SetProfile,
)
from custom_components.ev_station.model.effects import Effect, Refuse, Send
from custom_components.ev_station.model.energy import ChargeMode, EnergyReading
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.settings import (
    ChargerSettings,
    EvseSettings,
    TariffSettings,
)
from custom_components.ev_station.model.state import (
    SITE,
    Charger,
    Circuit,
    ClockEstimate,
    Evse,
    Heed,
    Rejection,
    Site,
    SiteState,
)
from custom_components.ev_station.model.tariff import DayOfWeek
from custom_components.ev_station.station import Heard, observe
from custom_components.ev_station.tariff.build import Band, time_of_use
from tests.simulator.premises import MORNING, Fuse, Load, Point, Premises, Vehicle, still


def circuit(
    name: str,
    limit: int,
    *chargers: str,
    parent: str | None = None,
    metered: bool = False,
    assumed: int = 0,
    power: int | None = None,
    unbalanced: int | None = None,
) -> CircuitSettings:
    """Return a fuse."""
    return CircuitSettings(
        circuit=name,
        name=name.title(),
        parent=parent,
        limit_a=Decimal(limit),
        chargers=chargers,
        metered=metered,
        assumed_load_a=Decimal(assumed),
        power_limit_w=power,
        unbalanced_limit_a=None if unbalanced is None else Decimal(unbalanced),
    )


def home(*names: str, limit: int = 25, load: Load = still(3, 2, 1)) -> Premises:
    """Return a house with a metered main fuse and chargers."""
    main = Fuse(settings=circuit("main", limit, *names, metered=True, assumed=10), load=load)
    return Premises(fuses=[main], points=[Point(name=name) for name in names])


def allowance(house: Premises, point: Point) -> Allowance:
    """Return what an EVSE may draw."""
    found = house.state.get(Allowance, point.evse)
    assert found is not None
    return found


def strained(house: Premises) -> float:
    """Return for how many seconds in a row any fuse was over its limit at worst."""
    return max(each.longest_over_s for each in house.strains.values())


def test_a_car_alone_gets_what_it_can_use_and_a_bit() -> None:
    house = home("A")
    (point,) = house.points
    house.run(10)
    house.plug(point, Vehicle(max_amps=16))
    house.run(60)
    assert point.amps == (16, 16, 16)
    found = allowance(house, point)
    assert (found.limit_a, found.reason.kind) == (17, ReasonKind.CAR)


def test_two_cars_share_the_phase_they_share() -> None:
    house = home("A", "B")
    one, other = house.points
    house.run(10)
    house.plug(one, Vehicle(max_amps=32))
    house.plug(other, Vehicle(max_amps=32, phases=1))
    house.run(180)
    # 25 A less 3 A of the house on L1, noise held at its highest.
    assert 10.3 <= one.amps[0] <= 11
    assert 10.3 <= other.amps[0] <= 11
    reason = allowance(house, one).reason
    assert (reason.kind, reason.circuit, reason.phase, reason.cars) == (
        ReasonKind.SHARE,
        "main",
        0,
        2,
    )
    assert strained(house) <= 2


def test_what_one_leaves_goes_to_the_other_within_two_looks() -> None:
    house = home("A", "B")
    one, other = house.points
    house.run(10)
    house.plug(one, Vehicle(max_amps=32))
    house.plug(other, Vehicle(max_amps=7))
    house.run(90)
    assert other.amps[0] == 7
    # One ampere is kept for it to show that it would take more.
    assert one.amps[0] >= 25 - 3 - 8 - 1


@pytest.mark.parametrize("metered", [True, False])
def test_chargers_that_tell_one_current_for_all_phases_share_each(metered: bool) -> None:
    main = Fuse(settings=circuit("main", 20, "A", "B", metered=metered))
    points = [
        Point(name=name, settings=EvseSettings(evse=1, rotation=rotation), tells_phases=False)
        for name, rotation in (("A", Rotation.RST), ("B", Rotation.STR))
    ]
    house = Premises(fuses=[main], points=points)
    house.run(10)
    for point in points:
        house.plug(point, Vehicle(max_amps=16))
    house.run(300)
    assert [point.amps[0] for point in points] == pytest.approx([10, 10], abs=1)
    assert strained(house) <= 20


def test_rotated_chargers_share_less() -> None:
    main = Fuse(settings=circuit("main", 16, "A", "B", "C"))
    points = [
        Point(name=name, settings=EvseSettings(evse=1, phases=1, rotation=rotation))
        for name, rotation in (
            ("A", Rotation.RST),
            ("B", Rotation.STR),
            ("C", Rotation.TRS),
        )
    ]
    house = Premises(fuses=[main], points=points)
    for point in points:
        house.plug(point, Vehicle(phases=1, max_amps=16))
    house.run(60)
    assert [point.amps[0] for point in points] == [16, 16, 16]
    assert house.flow(main) == (16, 16, 16)


def oven(now: datetime) -> tuple[float, float, float]:
    """Draw 13 A more on L1 from the tenth minute on."""
    return (3 + 13 * (now - MORNING >= timedelta(minutes=10)), 2, 1)


def test_an_oven_is_made_room_for_and_its_end_given_back() -> None:
    house = home("A", load=oven)
    (point,) = house.points
    house.run(10)
    house.plug(point, Vehicle(max_amps=16))
    house.run(580)
    assert point.amps[0] == 16
    house.run(60)
    assert point.amps[0] <= 9
    worst = max(each.breaker.warmest for each in house.strains.values())
    assert worst < 1
    # Most of it after five seconds; an ampere that might have been the car's when its charger has told.
    assert strained(house) <= 40


def kettle(now: datetime) -> tuple[float, float, float]:
    """Draw 7 A more on L1 for a quarter of a minute, again and again."""
    return (3 + 7 * ((now - MORNING).seconds % 120 < 15), 2, 1)


def test_a_short_small_overload_is_let_pass() -> None:
    house = home("A", load=kettle)
    (point,) = house.points
    house.plug(point, Vehicle(max_amps=16))
    house.run(60)
    before = house.messages
    house.run(1200)
    # 26 A on 25 A for 15 s: nothing but the rise to what the car takes, and renewals, one every three minutes.
    assert house.messages - before <= 8
    assert point.amps[0] == 16


def hob(now: datetime) -> tuple[float, float, float]:
    """Draw 11 A more on L1 for two of every four minutes, from the fifth minute on."""
    since = now - MORNING
    return (3 + 11 * (since >= timedelta(minutes=5) and since.seconds % 240 < 120), 2, 1)


def test_the_noise_of_a_meter_moves_no_limit() -> None:
    house = home("A", load=still(3.2, 2, 1))
    (point,) = house.points
    house.run(10)
    house.plug(point, Vehicle(max_amps=32, capacity_kwh=200))
    house.run(120)
    before = house.messages
    house.run(1200)
    # 3.2 A and a meter that is off by 0.1 A or so: 3.5 A. Nothing is sent but renewals, one a minute.
    assert allowance(house, point).limit_a == Decimal("21.5")
    assert house.messages - before <= 21


def pump(now: datetime) -> tuple[float, float, float]:
    """Draw 12 A more on L3 after five minutes."""
    return (3, 2, 1 + 12 * (now - MORNING > timedelta(minutes=5)))


def test_a_heat_pump_is_no_car_that_went_on_where_cars_do_not_draw() -> None:
    house = home("A", "B", load=pump)
    house.run(10)
    house.plug(house.points[0], Vehicle(phases=1, max_amps=16, capacity_kwh=200))
    house.plug(house.points[1], Vehicle(max_amps=16, capacity_kwh=200))
    house.run(290)
    assert house.points[1].amps[2] > 10
    house.run(60)
    assert house.flow(house.fuses[0])[2] <= 25


def test_a_hob_makes_cars_draw_less_and_none_begin_again_and_again() -> None:
    house = home("A", "B", load=hob)
    house.run(10)
    for point in house.points:
        house.plug(point, Vehicle(max_amps=16, capacity_kwh=200))
    house.run(2 * 3600)
    # 14 A and twice 6 A are 26 A on 25 A: borne for longer than the hob is on.
    assert [point.switched_on for point in house.points] == [1, 1]
    assert not any(each.breaker.tripped for each in house.strains.values())


def test_who_has_to_stop_is_the_fewest() -> None:
    house = home("A", "B", load=lambda now: (3 + 16 * (now - MORNING > timedelta(minutes=5)), 2, 1))
    house.run(10)
    for point in house.points:
        house.plug(point, Vehicle(max_amps=16, capacity_kwh=200))
    house.run(600)
    # 19 A and twice 6 A are 31 A, a quarter over the limit; with one car it is exactly full.
    assert min(point.amps[0] for point in house.points) == 0
    assert sum(point.amps[0] for point in house.points) == pytest.approx(6, abs=0.2)
    waiting = next(point for point in house.points if not point.amps[0])
    assert allowance(house, waiting).reason.kind is ReasonKind.WAITING


def test_three_cars_on_a_fuse_for_two_take_turns() -> None:
    main = Fuse(settings=circuit("main", 14, "A", "B", "C"))
    points = [Point(name=name) for name in "ABC"]
    house = Premises(fuses=[main], points=points, sample_every_s=30, control_every_s=10)
    for point in points:
        house.plug(point, Vehicle(max_amps=16, capacity_kwh=200))
        house.run(1)
    house.run(4 * 3600)
    assert all(flow <= 14 for flow in house.flow(main))
    shares = [point.register_wh for point in points]
    assert max(shares) / min(shares) < 1.3
    # A turn lasts 20 minutes at least, and so does a wait.
    assert all(point.switched_on <= 6 for point in points)
    assert strained(house) <= 10


def test_who_matters_more_goes_first_and_gets_more() -> None:
    main = Fuse(settings=circuit("main", 26, "A", "B"))
    points = [
        Point(name="A", settings=EvseSettings(evse=1, priority=Priority.LOW)),
        Point(name="B", settings=EvseSettings(evse=1, priority=Priority.HIGH)),
    ]
    house = Premises(fuses=[main], points=points)
    for point in points:
        house.plug(point, Vehicle(max_amps=32))
    house.run(120)
    assert (points[0].amps[0], points[1].amps[0]) == (6, 20)


def test_a_full_car_makes_room_and_may_come_back() -> None:
    house = home("A", "B", limit=22)
    one, other = house.points
    house.run(10)
    full = Vehicle(max_amps=16, soc=0.5, target_soc=0.5)
    house.plug(one, full)
    house.plug(other, Vehicle(max_amps=16))
    house.run(90)
    # 22 - 3 A: the idle car keeps its least, 6 A.
    assert allowance(house, one).reason.kind is ReasonKind.IDLE
    assert 12 <= other.amps[0] <= 13
    full.target_soc = 1.0
    house.run(90)
    assert one.amps[0] > 9
    assert other.amps[0] > 9


def test_in_need_an_idle_car_gets_nothing() -> None:
    house = home("A", "B", limit=14)
    one, other = house.points
    house.run(10)
    house.plug(one, Vehicle(soc=0.5, target_soc=0.5))
    house.plug(other, Vehicle(max_amps=16))
    house.run(120)
    assert allowance(house, one).reason.kind is ReasonKind.WAITING
    assert other.amps[0] >= 10


def test_a_silent_meter_is_taken_for_the_worst() -> None:
    house = home("A")
    (point,) = house.points
    house.run(10)
    house.plug(point, Vehicle(max_amps=32))
    house.run(90)
    assert point.amps[0] > 21
    house.speechless = {"main"}
    house.run(90)
    # 25 A less the 10 A the owner assumes.
    assert point.amps[0] == pytest.approx(15)
    found = house.state.get(Circuit, "main")
    assert found is not None
    assert found.blind
    house.speechless = set()
    house.run(120)
    assert point.amps[0] > 21


def test_while_a_meter_has_not_spoken_nothing_is_raised() -> None:
    house = home("A")
    (point,) = house.points
    house.speechless = {"main"}
    house.plug(point, Vehicle(max_amps=32))
    house.run(280)
    # The floor: 25 A less the 10 A the owner assumes.
    assert point.amps[0] == pytest.approx(15)
    assert allowance(house, point).reason.kind in (ReasonKind.STARTING, ReasonKind.SHARE)


@pytest.mark.parametrize("every_s", [10, 60])
def test_cars_that_charge_when_a_circuit_is_added_are_no_load_of_the_house(every_s: int) -> None:
    point = Point(name="A")
    main = Fuse(settings=circuit("main", 16, "A", metered=True), load=still(3, 2, 1))
    house = Premises(fuses=[main], points=[point], sample_every_s=every_s)
    house.feed(e.CircuitRemoved(circuit="main"))
    house.run(5)
    house.plug(point, Vehicle(max_amps=11))
    house.run(49)
    assert house.state.get(Allowance, point.evse) is None
    house.feed(e.CircuitConfigured(settings=main.settings))
    house.memory = Memory()
    switched_on = point.switched_on
    for _ in range(90):
        house.run(1)
        assert point.amps[0] == 11
        # Nothing is raised before its charger says what it draws.
        assert allowance(house, point).limit_a <= 16
    assert (point.switched_on, allowance(house, point).limit_a) == (switched_on, 12)


@pytest.mark.parametrize("seconds", [120, 1200])
def test_cars_that_charge_when_we_come_back_are_no_load_of_the_house(seconds: int) -> None:
    """One was plugged in while we were away, and draws by the fallback."""
    point = Point(name="A")
    main = Fuse(settings=circuit("main", 16, "A", metered=True, assumed=5), load=still(3, 2, 1))
    house = Premises(fuses=[main], points=[point])
    house.run(20)
    house.go_down()
    house.plug(point, Vehicle(max_amps=11))
    house.run(seconds)
    house.come_back()
    for _ in range(90):
        assert point.amps[0] == 11
        house.run(1)
    assert strained(house) == 0


def test_who_is_away_keeps_what_it_was_told_and_then_its_floor() -> None:
    main = Fuse(settings=circuit("main", 20, "A", "B"))
    points = [Point(name="A"), Point(name="B")]
    house = Premises(fuses=[main], points=points)
    one, other = points
    house.plug(one, Vehicle(max_amps=32))
    house.run(60)
    assert one.amps[0] == 20
    one.connected = False
    house.feed(
        e.ChargerDisconnected(
            charger="A", connection=house_connection(house, "A"), received_at=house.now
        )
    )
    house.plug(other, Vehicle(max_amps=32))
    house.run(60)
    assert (one.amps[0], other.amps[0]) == (20, 0)
    house.run(360)
    assert (one.amps[0], other.amps[0]) == (10, 10)
    assert allowance(house, one).reason.kind is ReasonKind.AWAY
    house.connect(one)
    house.run(60)
    assert one.amps[0] + other.amps[0] == 20
    assert allowance(house, one).reason.kind is ReasonKind.SHARE


def test_the_floor_of_who_is_away_is_nobody_elses() -> None:
    """Its owner turns it off while it is away: it still holds its floor, and draws by it when we are gone."""
    points = [Point(name="A"), Point(name="B")]
    house = Premises(fuses=[Fuse(settings=circuit("main", 20, "A", "B"))], points=points)
    one, other = points
    house.run(30)
    assert (one.floor, other.floor) == (10, 10)
    one.connected = False
    house.feed(
        e.ChargerDisconnected(
            charger="A", connection=house_connection(house, "A"), received_at=house.now
        )
    )
    house.feed(e.LimitRequested(evse=one.evse, limit_a=Decimal(0), command=900))
    house.run(60)
    assert (one.floor, other.floor) == (10, 10)
    house.connect(one)
    house.run(60)
    assert (one.floor, other.floor) == (0, 20)


def house_connection(house: Premises, charger: str) -> int:
    """Return the number of a charger's connection."""
    found = house.state.get(Charger, charger)
    assert found is not None
    assert found.connection is not None
    return found.connection


def test_floors_fit_the_worst_load_whoever_is_there() -> None:
    main = Fuse(settings=circuit("main", 32, "C", assumed=12))
    garage = Fuse(settings=circuit("garage", 14, "A", "B", parent="main"))
    points = [Point(name=name) for name in "ABC"]
    house = Premises(fuses=[main, garage], points=points)
    house.run(10)
    floors = {point.name: allowance(house, point).floor_a for point in points}
    # 20 A are left: 6.7, 6.7 and 6.6 of them, and no more than 14 A in the garage.
    assert sum(floors.values()) == 20
    assert floors["A"] + floors["B"] <= 14
    assert min(floors.values()) >= 6


def test_where_not_all_floors_fit_the_rest_get_nothing() -> None:
    main = Fuse(settings=circuit("main", 13, "A", "B", "C"))
    house = Premises(fuses=[main], points=[Point(name=name) for name in "ABC"])
    house.run(10)
    floors = [allowance(house, point).floor_a for point in house.points]
    assert floors == [Decimal("6.6"), Decimal("6.4"), 0]


def test_a_charger_on_no_circuit_hangs_on_the_only_one_at_the_top() -> None:
    main = Fuse(settings=circuit("main", 20))
    garage = Fuse(settings=circuit("garage", 10, "A", parent="main"))
    house = Premises(fuses=[main, garage], points=[Point(name="A"), Point(name="B")])
    house.run(5)
    assert allowance(house, house.points[1]).floor_a == 10
    house.feed(e.CircuitConfigured(settings=circuit("other", 16)))
    house.run(10)
    assert house.state.get(Allowance, house.points[1].evse) is None


def test_without_circuits_everything_is_as_before() -> None:
    main = Fuse(settings=circuit("main", 10, "A"))
    house = Premises(fuses=[main], points=[Point(name="A")])
    (point,) = house.points
    house.plug(point, Vehicle(max_amps=16))
    house.run(60)
    assert point.amps[0] == 10
    house.feed(e.CircuitRemoved(circuit="main"))
    house.run(30)
    assert house.state.get(Allowance, point.evse) is None
    assert point.amps[0] == 16
    assert point.floor == 32
    house.feed(e.ChargerRemoved(charger="A"))
    house.feed(e.SiteObserved())


def test_a_smaller_fuse_holds_at_once() -> None:
    main = Fuse(settings=circuit("main", 20, "A"))
    house = Premises(fuses=[main], points=[Point(name="A")])
    (point,) = house.points
    house.plug(point, Vehicle(max_amps=32))
    house.run(60)
    house.feed(e.CircuitConfigured(settings=circuit("main", 8, "A")))
    house.run(10)
    assert point.amps[0] == 8


def test_a_charger_that_takes_no_limits_is_made_room_for() -> None:
    main = Fuse(settings=circuit("main", 32, "A", "B"))
    points = [
        Point(name="A", settings=EvseSettings(evse=1, max_current_a=Decimal(16))),
        Point(name="B"),
    ]
    house = Premises(fuses=[main], points=points)
    house.feed(
        e.ChargerPrepared(charger="A", evse_count=1, smart_charging=False, received_at=house.now)
    )
    for point in points:
        house.plug(point, Vehicle(max_amps=32))
    house.run(60)
    assert (points[0].amps[0], points[1].amps[0]) == (16, 16)
    assert allowance(house, points[0]).reason.kind is ReasonKind.UNCONTROLLED


def unpausable(limit: int) -> tuple[Premises, Fuse]:
    """Return a house with a charger that turns every pause down, and another one."""
    main = Fuse(settings=circuit("main", limit, "A", "B", metered=True), load=still(2, 2, 2))
    house = Premises(fuses=[main], points=[Point(name="A", takes_pauses=False), Point(name="B")])
    house.run(10)
    for point in house.points:
        house.plug(point, Vehicle(max_amps=32, capacity_kwh=2000))
    house.run(60)
    return house, main


def test_who_takes_no_pause_has_its_least_reserved() -> None:
    house, _ = unpausable(26)
    one, other = house.points
    assert (one.amps[0], other.amps[0]) == (pytest.approx(12, abs=0.5),) * 2
    house.choose(one, ChargeMode.SOLAR)
    house.run(240)
    # The other began to rise before the first refusal was heard; from then on it leaves what is drawn.
    assert strained(house) < 3
    assert one.amps[0] == 6
    assert other.amps[0] == pytest.approx(18, abs=0.6)
    assert allowance(house, one).reason.kind is ReasonKind.NO_PAUSE
    assert house.evse_of(one).refuses_pause
    assert house.stops == []
    house.choose(one, ChargeMode.FAST)
    house.run(120)
    assert (one.amps[0], other.amps[0]) == (pytest.approx(12, abs=0.6),) * 2


def test_who_takes_no_pause_comes_first_and_is_ended_where_its_least_does_not_fit() -> None:
    house, main = unpausable(26)
    one, other = house.points
    house.choose(one, ChargeMode.SOLAR)
    house.run(120)
    house.feed(e.CircuitConfigured(settings=replace(main.settings, limit_a=Decimal(11))))
    house.run(60)
    assert (one.amps[0], other.amps[0], house.stops) == (6, 0, [])
    house.feed(e.CircuitConfigured(settings=replace(main.settings, limit_a=Decimal(7))))
    house.run(30)
    assert {send.charger for send in house.stops} == {"A"}


@pytest.mark.parametrize("owner", [True, False])
def test_who_takes_no_pause_is_ended_when_it_is_to_be_off(owner: bool) -> None:
    house, _ = unpausable(26)
    one, _ = house.points
    house.choose(one, ChargeMode.SOLAR)
    house.run(120)
    assert house.stops == []
    if owner:
        house.feed(e.ChargingEnabled(evse=one.evse, enabled=False, command=99))
    else:
        house.choose(one, ChargeMode.OFF)
    house.run(10)
    assert {send.charger for send in house.stops} == {"A"}


def test_a_charger_that_boots_is_asked_to_pause_anew() -> None:
    house, _ = unpausable(26)
    one, _ = house.points
    house.choose(one, ChargeMode.SOLAR)
    house.run(120)
    one.takes_pauses = True
    house.feed(e.ChargerBooted(charger="A", vendor="V", model="M", received_at=house.now))
    house.run(90)
    assert not house.evse_of(one).refuses_pause
    assert one.amps[0] == 0


def heed(house: Premises, point: Point, heed: Heed) -> None:
    """Let it be known how a point's charger goes by its limits."""
    house.state.apply({(Evse, point.evse): replace(house.evse_of(point), heed=heed)})


def test_the_others_make_room_for_who_goes_by_more_than_it_should() -> None:
    main = Fuse(settings=circuit("main", 32, "A", "B"))
    house = Premises(fuses=[main], points=[Point(name="A"), Point(name="B")])
    one, other = house.points
    for point in house.points:
        house.plug(point, Vehicle(max_amps=32))
    house.run(60)
    assert (one.amps[0], other.amps[0]) == (16, 16)
    heed(house, one, Heed(ignored_since=house.now, really_a=Decimal(20)))
    house.run(60)
    found = allowance(house, one)
    # It is told its floor, half of the fuse, and may still draw 20 A.
    assert (found.limit_a, found.reason.kind) == (16, ReasonKind.UNCONTROLLED)
    assert other.amps[0] == 12
    assert house.stops == []
    heed(house, one, Heed())
    house.run(60)
    assert (one.amps[0], other.amps[0]) == (16, 16)


class Obstinate(Point):
    """A charger that may come to accept limits and go by none."""

    deaf = False

    @override
    def hold(self, profile: ChargingProfile) -> None:
        """Install a profile, or do not."""
        if not self.deaf:
            super().hold(profile)


def test_who_overloads_a_fuse_against_its_limit_is_stopped() -> None:
    main = Fuse(settings=circuit("main", 20, "A"))
    point = Obstinate(name="A")
    house = Premises(fuses=[main], points=[point])
    house.plug(point, Vehicle(max_amps=32))
    house.run(60)
    # The words of a charger whose car draws what it may end nothing.
    heed(house, point, Heed(ignored_since=house.now, really_a=Decimal(32)))
    house.run(60)
    assert house.stops == []
    house.feed(e.CircuitConfigured(settings=circuit("main", 12, "A")))
    point.deaf = True
    house.run(60)
    assert len(house.stops) == 1


def test_who_rejects_its_first_limits_is_not_reckoned_with_at_them() -> None:
    main = Fuse(settings=circuit("main", 32, "A", "B"))
    points = [
        Point(name="A", settings=EvseSettings(evse=1, max_current_a=Decimal(20))),
        Point(name="B"),
    ]
    house = Premises(fuses=[main], points=points)
    one, other = points
    rejection = Rejection(ProfilePurpose.TX_DEFAULT, 1, house.now)
    charger = house.state.get(Charger, "A")
    assert charger is not None
    house.plug(other, Vehicle(max_amps=32))
    house.run(30)
    house.state.apply(
        {
            (Charger, "A"): replace(charger, rejections=(rejection,)),
            (Evse, one.evse): replace(
                house.evse_of(one), applied=(), retry_at=house.now + timedelta(hours=1)
            ),
        }
    )
    one.floor = None
    house.plug(one, Vehicle(max_amps=32))
    one.live = None
    house.waiting.clear()
    house.run(30)
    assert (one.amps[0], other.amps[0]) == (20, 12)


def test_the_owners_limit_stays_on_top() -> None:
    main = Fuse(settings=circuit("main", 32, "A", "B"))
    house = Premises(fuses=[main], points=[Point(name="A"), Point(name="B")])
    one, other = house.points
    for point in house.points:
        house.plug(point, Vehicle(max_amps=32))
    house.run(30)
    house.feed(e.LimitRequested(evse=one.evse, limit_a=Decimal(8), command=1))
    house.run(60)
    assert (one.amps[0], other.amps[0]) == (8, 24)
    assert allowance(house, one).reason.kind is ReasonKind.LIMITED
    house.feed(e.ChargingEnabled(evse=one.evse, enabled=False, command=2))
    house.run(60)
    assert (one.amps[0], other.amps[0]) == (0, 32)
    assert allowance(house, one).reason.kind is ReasonKind.PAUSED
    assert one.floor == 0


def test_a_refused_limit_is_sent_again_after_a_while_only() -> None:
    main = Fuse(settings=circuit("main", 10, "A"))
    house = Premises(fuses=[main], points=[Point(name="A")])
    house.points[0].connected = False
    house.plug(house.points[0], Vehicle())
    sent: list[Send] = []

    def look(*, after: int) -> int:
        house.now += timedelta(seconds=after)
        load = CircuitLoad("main", (Decimal(0), Decimal(0), Decimal(0)), Decimal(10))
        effects = house.feed(e.SiteObserved(circuits=(load,)))
        found = [each for each in effects if isinstance(each, Send)]
        sent.extend(found)
        return len(found)

    assert look(after=1) == 2
    for send in sent:
        house.feed(
            e.CommandAnswered(
                charger="A",
                evse=send.evse,
                command=send.id or 0,
                status=CommandStatus.TIMED_OUT,
                received_at=house.now,
            )
        )
    assert [look(after=seconds) for seconds in (1, 10, 20)] == [0, 0, 2]


def test_a_charger_that_takes_no_profile_for_a_transaction_gets_the_limit_as_its_floor() -> None:
    main = Fuse(settings=circuit("main", 20, "A", "B"))
    house = Premises(fuses=[main], points=[Point(name="A"), Point(name="B")])
    point = house.points[0]
    house.plug(point, Vehicle(max_amps=32))
    house.run(1)
    refused = [
        send
        for _, send in house.waiting
        if isinstance(send.command, SetProfile)
        and send.command.profile.purpose is ProfilePurpose.TX
    ]
    for send in refused:
        house.waiting.remove(next(each for each in house.waiting if each[1] is send))
        house.feed(
            e.CommandAnswered(
                charger="A",
                evse=send.evse,
                command=send.id or 0,
                status=CommandStatus.NOT_SUPPORTED,
                received_at=house.now,
            )
        )
    house.run(60)
    assert point.live is None
    assert point.floor == 20
    assert point.amps[0] == 20


@pytest.mark.parametrize("ahead", [timedelta(hours=5), timedelta(hours=-5)])
def test_live_limits_end_by_the_chargers_own_clock(ahead: timedelta) -> None:
    main = Fuse(settings=circuit("main", 20, "A"))
    point = Point(name="A", ahead=ahead)
    house = Premises(fuses=[main], points=[point])
    house.plug(point, Vehicle())
    house.run(300)
    assert point.live is not None
    assert point.live.valid_to is not None
    assert point.live.start_at is not None
    left = point.live.valid_to - (house.now + ahead)
    assert timedelta(minutes=1, seconds=50) <= left <= timedelta(minutes=5)
    lasts = timedelta(seconds=point.live.duration_s or 0)
    assert point.live.start_at + lasts == point.live.valid_to


def test_a_removed_charger_leaves_nothing_behind() -> None:
    house = home("A")
    house.run(5)
    house.feed(e.ChargerRemoved(charger="A"))
    house.run(5)
    assert list(house.state.all(Allowance)) == []


def test_a_changed_charger_keeps_its_allowance() -> None:
    house = home("A")
    house.run(5)
    settings = ChargerSettings(
        charger="A", name="A", evses=(EvseSettings(evse=1, max_current_a=Decimal(8)),)
    )
    house.feed(e.ChargerConfigured(settings=settings))
    house.run(5)
    assert allowance(house, house.points[0]).floor_a == 8


def test_a_look_knows_only_what_it_looked_at() -> None:
    house = home("A")
    (point,) = house.points
    house.plug(point, Vehicle(max_amps=32))
    house.feed(e.SiteObserved())
    # Nobody looked at the circuit: what its owner assumes holds.
    assert allowance(house, point).limit_a == 15


def test_chargers_without_an_evse_yet_and_evses_nobody_knows_are_passed_over() -> None:
    house = home("A")
    house.feed(e.ChargerConfigured(settings=ChargerSettings(charger="B", name="B")))
    (point,) = house.points
    house.state.apply({(Evse, point.evse): None})
    house.run(5)
    assert list(house.state.all(Allowance)) == []


def test_a_clock_beyond_all_dates_is_not_reckoned_with() -> None:
    house = home("A")
    (point,) = house.points
    house.run(5)
    charger = house.state.get(Charger, "A")
    assert charger is not None
    skewed = replace(charger, clock=ClockEstimate(offset=timedelta.max))
    house.state.apply({(Charger, "A"): skewed})
    house.feed(e.ChargingEnabled(evse=point.evse, enabled=False, command=1))
    house.run(5)
    assert point.floor == 0


def test_a_circuit_that_is_renamed_keeps_what_its_meters_said() -> None:
    house = home("A")
    house.speechless = {"main"}
    house.run(310)
    found = house.state.get(Circuit, "main")
    assert found is not None
    assert found.blind
    house.feed(e.CircuitConfigured(settings=replace(found.settings, name="Other")))
    again = house.state.get(Circuit, "main")
    assert again is not None
    assert (again.blind, again.settings.name) == (True, "Other")


def test_an_entity_lowers_a_limit_but_never_raises_it() -> None:
    house = home("A", load=still(0, 0, 0))
    (point,) = house.points
    house.run(10)
    house.plug(point, Vehicle(max_amps=32))
    for told, most in (("12", 12), ("40", 25), ("-3", 0)):
        house.told_limit = Decimal(told)
        house.run(180)
        assert most - 1 <= point.amps[0] <= most, told
    house.told_limit = None
    house.told_power = 6900
    house.run(400)
    assert 9 <= point.amps[0] <= 10
    found = house.state.get(Circuit, "main")
    assert found is not None
    assert (found.limit_a, found.power_limit_w) == (25, 6900)


def day(peak_w: float) -> Callable[[datetime], float]:
    """Return a clear day of the sun, from six to twenty."""
    return lambda now: max(
        0.0, peak_w * math.sin(math.pi * ((now - MORNING) / timedelta(hours=14)))
    )


def sunny(*modes: ChargeMode, sun: Callable[[datetime], float], phases: int = 3) -> Premises:
    """Return a house on the grid alone, with cars in these modes."""
    settings = EvseSettings(evse=1, phases=phases)
    points = [Point(name=f"C{number}", settings=settings) for number, _ in enumerate(modes)]
    house = Premises(fuses=[], points=points, solar_w=sun, house_a=2)
    for point, mode in zip(points, modes, strict=True):
        house.choose(point, mode)
        house.plug(point, Vehicle(phases=phases, max_amps=16, capacity_kwh=200))
    house.run(10)
    return house


def test_solar_charging_imports_next_to_nothing() -> None:
    house = sunny(ChargeMode.SOLAR, sun=day(8000))
    (point,) = house.points
    before, imported = point.register_wh, house.imported_wh
    house.run(5 * 3600)
    house_wh = 5 * 2 * 230
    charged = point.register_wh - before
    assert charged > 9000
    # The night's rest of the house is not the car's.
    assert house.imported_wh - imported < 0.02 * charged + 0.1 * house_wh
    assert house.exported_wh < 8000
    assert point.switched_on == 2
    assert allowance(house, point).reason.kind is ReasonKind.SUN


def test_a_cloud_is_waited_for_and_a_long_one_ends_it() -> None:
    weather = {"sun": 6000.0}
    house = sunny(ChargeMode.SOLAR, sun=lambda _now: weather["sun"])
    (point,) = house.points
    house.run(120)
    assert 7 <= point.amps[0] <= 8
    weather["sun"] = 2000
    house.run(60)
    assert point.amps[0] == 6
    assert allowance(house, point).reason.kind is ReasonKind.CLOUD
    weather["sun"] = 6000
    house.run(60)
    assert point.amps[0] > 7
    weather["sun"] = 2000
    house.run(240)
    assert point.amps[0] == 0
    assert allowance(house, point).reason.kind is ReasonKind.NO_SUN
    assert point.switched_on == 2


def test_the_least_at_any_time_and_more_from_the_sun() -> None:
    weather = {"sun": 0.0}
    house = sunny(ChargeMode.SOLAR_MIN, sun=lambda _now: weather["sun"])
    (point,) = house.points
    house.run(120)
    assert point.amps[0] == 6
    weather["sun"] = 7000
    house.run(120)
    assert 8.5 <= point.amps[0] <= 9.5
    weather["sun"] = 0
    house.run(60)
    assert point.amps[0] == 6


def test_one_phase_needs_less_sun_and_two_cars_share_it() -> None:
    house = sunny(ChargeMode.SOLAR, ChargeMode.SOLAR, sun=lambda _now: 4560.0, phases=1)
    house.run(240)
    one, other = house.points
    # 4560 W less the house's 460 W and 100 W for the grid: 17.3 A of one phase.
    assert 16 <= one.amps[0] + other.amps[0] <= 17.4
    assert abs(one.amps[0] - other.amps[0]) <= 1.2
    assert allowance(house, one).reason.cars == 2


def test_a_fast_car_uses_up_the_sun() -> None:
    house = sunny(ChargeMode.FAST, ChargeMode.SOLAR, sun=lambda _now: 9000.0)
    house.run(300)
    fast, solar = house.points
    assert (fast.amps[0], solar.amps[0]) == (16, 0)
    house.unplug(fast)
    house.run(180)
    assert solar.amps[0] > 10


def test_off_is_off_and_fast_again_is_let_go() -> None:
    house = sunny(ChargeMode.OFF, sun=lambda _now: 9000.0)
    (point,) = house.points
    assert point.amps[0] == 0
    assert allowance(house, point).reason.kind is ReasonKind.OFF
    house.choose(point, ChargeMode.FAST)
    house.run(30)
    assert point.amps[0] == 16
    assert list(house.state.all(Allowance)) == []


def test_without_a_meter_nobody_knows_of_any_sun() -> None:
    house = sunny(ChargeMode.SOLAR, sun=lambda _now: 9000.0)
    (point,) = house.points
    house.run(120)
    assert point.amps[0] > 6
    house.solar_w = None
    house.run(400)
    assert point.amps[0] == 0


def test_a_meter_that_says_no_power_tells_of_no_sun() -> None:
    house = sunny(ChargeMode.SOLAR, sun=lambda _now: 9000.0)
    house.feed(e.SiteObserved())
    heard = Heard({}, EnergyReading(at=house.now), house.now)
    assert observe(house.state, Memory(), heard, house.now).event.surplus_w is None
    empty = observe(SiteState(), Memory(), heard, house.now).event
    assert empty == e.SiteObserved()


def test_smart_waits_for_cheap_hours() -> None:
    house = sunny(ChargeMode.SMART, ChargeMode.SMART, sun=lambda _now: 0.0)
    point, other = house.points
    house.run(30)
    # No tariff: no hour is worth waiting for.
    assert (point.amps[0], other.amps[0]) == (16, 16)
    assert allowance(house, point).reason.kind in (ReasonKind.CHEAP, ReasonKind.CAR)
    house.unplug(point)
    band = Band(days=tuple(DayOfWeek), start=time(0), end=time(6), price=Decimal("0.1"))
    tariff = time_of_use("tou", "EUR", Decimal("0.3"), [band])
    house.feed(e.TariffConfigured(settings=TariffSettings(tariff=tariff, name="Night")))
    site = house.state.get(Site, SITE)
    assert site is not None
    house.feed(e.SiteConfigured(settings=replace(site.settings, default_tariff="tou")))
    house.plug(point, Vehicle(max_amps=16))
    house.run(30)
    # Eight in the morning.
    assert point.amps[0] == 0
    assert allowance(house, point).reason.kind is ReasonKind.DEAR


def test_smart_goes_by_what_the_grid_costs_the_site() -> None:
    house = sunny(ChargeMode.SMART, ChargeMode.SMART, sun=lambda _now: 0.0)
    point = house.points[0]
    house.unplug(point)
    morning = Band(days=tuple(DayOfWeek), start=time(6), end=time(12), price=Decimal("0.1"))
    grid = time_of_use("grid", "EUR", Decimal("0.3"), [morning])
    dear = time_of_use("driver", "EUR", Decimal("0.1"), [replace(morning, price=Decimal("0.3"))])
    for tariff in (grid, dear):
        house.feed(e.TariffConfigured(settings=TariffSettings(tariff=tariff, name=tariff.id)))
    site = house.state.get(Site, SITE)
    assert site is not None
    settings = replace(site.settings, default_tariff="driver", import_tariff="grid")
    house.feed(e.SiteConfigured(settings=settings))
    house.plug(point, Vehicle(max_amps=16))
    house.run(30)
    # Eight in the morning.
    assert point.amps[0] == 16
    house.feed(e.SiteConfigured(settings=replace(settings, import_tariff="gone")))
    house.run(30)
    assert allowance(house, point).reason.kind is ReasonKind.DEAR


def test_a_mode_of_a_charger_nobody_knows_is_refused() -> None:
    house = home("A")
    request = e.ModeRequested(evse=EvseId("X", 1), mode=ChargeMode.SOLAR, command=7)
    assert house.feed(request) == (Refuse(id=7, reason="charger_not_connected"),)


def test_the_phases_a_car_was_seen_to_use_are_remembered() -> None:
    house = home("A", "B", limit=20)
    one, other = house.points
    house.plug(one, Vehicle(phases=1, max_amps=16))
    house.run(60)
    assert allowance(house, one).phases == (0,)
    house.feed(e.ChargingEnabled(evse=one.evse, enabled=False, command=1))
    house.run(60)
    assert allowance(house, one).phases == (0,)
    house.unplug(one)
    house.plug(one, Vehicle(phases=3, max_amps=16))
    house.feed(e.ChargingEnabled(evse=one.evse, enabled=True, command=2))
    house.run(60)
    assert allowance(house, one).phases == (0, 1, 2)
    assert other.vehicle is None


def stubborn(house: Premises, point: Point) -> None:
    """Let a charger say that it takes no limits."""
    house.feed(
        e.ChargerPrepared(
            charger=point.name, evse_count=1, smart_charging=False, received_at=house.now
        )
    )


def test_who_takes_no_limits_is_stopped_before_the_fuse_is() -> None:
    main = Fuse(settings=circuit("main", 40, "A", "B", "C"))
    settings = EvseSettings(evse=1, max_current_a=Decimal(16))
    points = [
        Point(name="A", settings=replace(settings, priority=Priority.LOW)),
        Point(name="B", settings=settings),
        Point(name="C", settings=settings),
    ]
    house = Premises(fuses=[main], points=points)
    for point in points:
        stubborn(house, point)
        house.plug(point, Vehicle(max_amps=16))
        house.run(1)
    house.run(3)
    # 48 A on 40 A: the least important is to end.
    assert [send.charger for send in house.stops] == ["A"]
    house.unplug(points[0])
    house.run(60)
    assert house.flow(main) == (32, 32, 32)
    assert [send.charger for send in house.stops] == ["A"]


def test_who_is_away_cannot_be_stopped() -> None:
    main = Fuse(settings=circuit("main", 10, "A"))
    house = Premises(fuses=[main], points=[Point(name="A")])
    (point,) = house.points
    house.plug(point, Vehicle(max_amps=16))
    house.run(30)
    connection = house_connection(house, "A")
    away = e.ChargerDisconnected(charger="A", connection=connection, received_at=house.now)
    house.feed(away)
    stubborn(house, point)
    house.feed(e.CircuitConfigured(settings=circuit("main", 6, "A")))
    house.run(10)
    assert house.stops == []


def prepared_every(effects: tuple[Effect, ...]) -> dict[str, int]:
    """Return how often chargers are told to report."""
    return {
        each.charger: each.command.sample_interval_s
        for each in effects
        if isinstance(each, Send) and isinstance(each.command, Prepare)
    }


def test_where_a_fuse_is_shared_chargers_report_often() -> None:
    house = Premises(fuses=[], points=[Point(name="A"), Point(name="B")])
    for point in house.points:
        connection = house_connection(house, point.name)
        known = house.state.get(Charger, point.name)
        assert known is not None
        assert known.prepared_on == connection
    house.feed(
        e.ChargerDisconnected(
            charger="B", connection=house_connection(house, "B"), received_at=house.now
        )
    )
    first = house.feed(e.CircuitConfigured(settings=circuit("main", 25)))
    assert prepared_every(first) == {"A": 10}
    assert prepared_every(house.feed(e.CircuitConfigured(settings=circuit("sub", 25)))) == {}


class Mute(Point):
    """A charger that answers no more when it is given a limit, and goes on as it is."""

    mute = False

    @override
    def take(self, profile: ChargingProfile) -> CommandStatus:
        """Say nothing to a profile, or install it."""
        return CommandStatus.TIMED_OUT if self.mute else super().take(profile)


def test_the_others_make_room_for_who_answers_no_limit() -> None:
    loads = [0.0]
    main = Fuse(
        settings=circuit("main", 25, "A", "B", metered=True, assumed=0),
        load=lambda _now: (loads[0], 0, 0),
    )
    one, other = Mute(name="A"), Point(name="B")
    house = Premises(fuses=[main], points=[one, other])
    house.run(10)
    for point in house.points:
        house.plug(point, Vehicle(max_amps=32, capacity_kwh=200))
    house.run(120)
    assert one.amps[0] == pytest.approx(12.5, abs=0.5)
    one.mute = True
    loads[0] = 5.0
    house.run(90)
    # 25 A less 5 A and what the one that does not listen draws.
    assert one.amps[0] == pytest.approx(12.5, abs=0.5)
    assert other.amps[0] == pytest.approx(7.5, abs=1.2)
    assert allowance(house, one).reason.kind is ReasonKind.UNCONTROLLED
    assert strained(house) < 60
    one.mute = False
    house.run(120)
    assert (one.amps[0], other.amps[0]) == (pytest.approx(10, abs=0.6),) * 2
