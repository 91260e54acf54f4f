"""What cars tell of themselves, and what people want of them."""

from datetime import timedelta
from decimal import Decimal

from custom_components.ev_station.model.effects import Refuse, Settle
from custom_components.ev_station.model.events import (
    CalendarRead,
    GoalRequested,
    TripRequested,
    VehicleChosen,
    VehicleConfigured,
    VehicleHeard,
    VehicleRemoved,
)
from custom_components.ev_station.model.measurement import Context, Measurement, Quantity, Sample
from custom_components.ev_station.model.state import GUEST, Live, Vehicle
from custom_components.ev_station.model.status import EvseStatus
from custom_components.ev_station.model.vehicle import Trip, VehicleSettings
from custom_components.ev_station.planning.demand import percent_of
from custom_components.ev_station.session.live import present

from .site import DAY, HOUR, MINUTE, NOON, Box, Site, at_home

ZOE = VehicleConfigured(
    settings=VehicleSettings(vehicle="zoe", name="Zoe", driver="anna", battery_wh=50_000)
)


def with_zoe() -> tuple[Site, Box]:
    site, box = at_home()
    site.configure(ZOE)
    return site, box


def zoe(site: Site) -> Vehicle:
    found = site.state.get(Vehicle, "zoe")
    assert found is not None
    return found


def hear(site: Site, percent: str, ago: timedelta = timedelta(0)) -> None:
    site.feed(VehicleHeard(vehicle="zoe", percent=Decimal(percent), at=NOON - ago))


def test_a_state_of_charge_is_known_in_whole_percent_and_as_of_the_newest_word() -> None:
    site, _ = with_zoe()
    hear(site, "54.6")
    assert (zoe(site).percent, zoe(site).percent_at) == (55, NOON)
    hear(site, "20", HOUR)
    assert zoe(site).percent == 55
    hear(site, "55.2")
    assert (zoe(site).percent, zoe(site).percent_at) == (55, NOON)
    hear(site, "56")
    assert zoe(site).percent == 56
    site.feed(VehicleHeard(vehicle="gone", percent=Decimal(5), at=NOON))
    assert site.state.get(Vehicle, "gone") is None


def charged(kwh: int = 0) -> tuple[Site, Box]:
    """Return a site that Zoe left at one: she had 40 %, and was charged with so much since noon."""
    site, box = with_zoe()
    hear(site, "40")
    box.start()
    site.wait(HOUR)
    box.stop(1001, 1000 + kwh * 1000)
    return site, box


def tell(site: Site, percent: str | None) -> Vehicle:
    """Have the car say something now, or fall silent; return what is known of it."""
    said = None if percent is None else Decimal(percent)
    site.feed(VehicleHeard(vehicle="zoe", percent=said, at=site.now))
    return zoe(site)


def test_what_a_session_brought_is_known_until_the_car_tells_itself() -> None:
    site, _ = charged(kwh=10)
    # 9 of its 50 kWh, for a tenth is lost.
    assert (zoe(site).percent, zoe(site).charged_percent, zoe(site).left_at) == (40, 18, site.now)
    assert percent_of(zoe(site), None, Live()) == 58
    site.wait(MINUTE)
    assert (tell(site, "57").percent, zoe(site).charged_percent) == (57, 0)


def test_what_is_told_again_is_written_down_once_after_the_car_left() -> None:
    site, _ = charged()
    left = site.now
    site.wait(MINUTE)
    first = tell(site, "40")
    assert (first.percent_at, first.left_at) == (left + MINUTE, left)
    for _ in range(3):
        site.wait(MINUTE)
        assert tell(site, "40.2") is first


def test_the_same_after_it_was_charged_is_not_the_cars_word() -> None:
    site, box = charged(kwh=10)
    before = zoe(site)
    site.wait(MINUTE)
    assert tell(site, "40") is before
    site.wait(HOUR)
    box.start("ANNA", 11_000)
    assert percent_of(zoe(site), site.open_session(), Live()) is None
    assert tell(site, "30").percent == 30
    assert percent_of(zoe(site), site.open_session(), Live()) == 30


def test_what_was_said_before_the_car_left_is_not_heard_after() -> None:
    site, _ = charged()
    before = zoe(site)
    for said in (Decimal(70), None):
        site.feed(VehicleHeard(vehicle="zoe", percent=said, at=site.now - MINUTE))
        assert zoe(site) is before


def test_silence_is_noted_once_until_the_car_speaks_again() -> None:
    site, box = charged()
    site.wait(HOUR)
    tell(site, "35")
    site.wait(HOUR)
    since, silent = site.now, tell(site, None)
    assert (silent.percent, silent.silent_since) == (35, since)
    site.wait(HOUR)
    assert tell(site, None) is silent
    # It came home meanwhile, with nobody knows what.
    box.start()
    assert percent_of(zoe(site), site.open_session(), Live()) is None
    site.wait(HOUR)
    assert tell(site, "35").silent_since is None
    assert percent_of(zoe(site), site.open_session(), Live()) == 35


def test_what_did_not_hold_for_a_session_is_forgotten_with_it() -> None:
    site, box = charged()
    site.wait(8 * HOUR)
    box.start()
    site.wait(HOUR)
    box.stop(1002, 2000)
    assert (zoe(site).percent, zoe(site).percent_at, zoe(site).charged_percent) == (None, None, 0)
    # Not even when it is plugged in again at once.
    box.start("ANNA", 2000)
    assert percent_of(zoe(site), site.open_session(), Live()) is None


def test_who_is_plugged_in_again_at_once_was_not_away() -> None:
    site, box = charged(kwh=10)
    site.wait(10 * MINUTE)
    box.start("ANNA", 11_000)
    assert percent_of(zoe(site), site.open_session(), Live()) == 58
    site.wait(HOUR)
    box.stop(1002, 16_000)
    assert (zoe(site).charged_percent, zoe(site).left_at) == (27, site.now)


def test_what_goes_on_after_all_counts_once_beside_what_was_charged_before() -> None:
    site, box = charged(kwh=10)
    site.wait(10 * MINUTE)
    box.start("ANNA", 11_000)
    site.wait(HOUR)
    box.sample(13_000, transaction=1002)
    # Its charger is away for so long that the session is thought to be over.
    box.disconnect()
    site.tick(4 * DAY)
    assert (site.open_session(), zoe(site).charged_percent) == (None, Decimal("21.6"))
    box.connect()
    box.status(EvseStatus.CHARGING)
    box.sample(14_000, transaction=1002)
    session = site.open_session()
    assert session is not None
    # 13 kWh since it told 40 %, less a tenth, in 50.
    assert percent_of(zoe(site), session, present(site.evse())) == Decimal("63.4")
    box.stop(1002, 15_000)
    assert zoe(site).charged_percent == Decimal("25.2")


def test_a_charger_whose_clock_is_ahead_deafens_nobody() -> None:
    site, box = with_zoe()
    box.start()
    site.wait(HOUR)
    box.stop(1001, 2000, at=NOON + 9000 * HOUR)
    assert zoe(site).left_at == site.now
    site.wait(MINUTE)
    assert tell(site, "50").percent == 50


def test_what_a_km_takes_moves_when_it_is_more_than_rounding() -> None:
    site, _ = with_zoe()
    # 25 kWh for 100 km; at most a twentieth less; more; no range with it, or too little left to tell.
    for minutes, (percent, km, takes) in enumerate(
        [(50, 100, 250), (50, 105, 250), (50, 106, 236), (60, None, 236), (10, 20, 236)]
    ):
        site.feed(
            VehicleHeard(
                vehicle="zoe",
                percent=Decimal(percent),
                range_km=None if km is None else Decimal(km),
                at=NOON + minutes * MINUTE,
            )
        )
        assert (zoe(site).percent, zoe(site).told_wh_per_km) == (percent, takes)


def level(box: Box, percent: int | None, register: int, transaction: int) -> None:
    """Have the charger tell its register, and what the car tells it."""
    told = [Measurement(Quantity.ENERGY_IMPORT_REGISTER, None, Decimal(register))]
    if percent is not None:
        told.append(Measurement(Quantity.SOC, None, Decimal(percent)))
    now = Sample(box.at(), Context.PERIODIC, tuple(told))
    box.samples(now, transaction=transaction)


def test_what_a_charger_tells_once_grows_and_goes_with_its_car() -> None:
    site, box = with_zoe()
    box.start()
    box.status(EvseStatus.CHARGING)
    level(box, 20, 1000, 1001)
    site.wait(HOUR)
    level(box, None, 11_000, 1001)
    # 9 of 50 kWh came in.
    assert percent_of(zoe(site), site.open_session(), present(site.evse())) == 38
    box.stop(1001, 11_000)
    box.status(EvseStatus.AVAILABLE)
    # The next one is told of by nobody.
    box.status(EvseStatus.PREPARING)
    assert present(site.evse()).soc_percent is None
    site.wait(HOUR)
    box.start("ANNA", 11_000)
    level(box, None, 11_500, 1002)
    assert percent_of(zoe(site), site.open_session(), present(site.evse())) is None


def test_an_end_that_is_reported_late_is_not_when_it_left_last() -> None:
    site, box = with_zoe()
    box.prepared(evses=2)
    box.start()
    site.wait(HOUR)
    box.start("ANNA", 1000, evse=2)
    site.wait(HOUR)
    box.stop(1002, 2000)
    left = site.now
    box.stop(1001, 2000, at=NOON + HOUR)
    assert zoe(site).left_at == left


def test_nobody_knows_whose_car_a_stranger_left_with() -> None:
    site, box = with_zoe()
    hear(site, "40")
    box.start("BEN")
    site.wait(HOUR)
    box.stop(1001, 2000)
    assert zoe(site).left_at is None


def test_settings_change_and_what_is_known_stays() -> None:
    site, _ = with_zoe()
    hear(site, "54")
    other = VehicleSettings(vehicle="zoe", name="Blue Zoe", battery_wh=41_000)
    site.configure(VehicleConfigured(settings=other))
    assert (zoe(site).settings, zoe(site).percent) == (other, 54)


def test_what_its_calendar_says_takes_the_place_of_what_it_said() -> None:
    site, _ = with_zoe()
    for booked in (
        (Trip(at=NOON + HOUR), Trip(at=NOON + HOUR + HOUR)),
        (Trip(at=NOON + HOUR + HOUR),),
        (),
    ):
        site.feed(CalendarRead(vehicle="zoe", trips=booked))
        assert zoe(site).booked == booked
    site.feed(CalendarRead(vehicle="gone", trips=(Trip(at=NOON + HOUR),)))
    assert site.state.get(Vehicle, "gone") is None


def test_wishes_are_noted_until_they_are_taken_back() -> None:
    site, box = with_zoe()
    trip = Trip(at=NOON + HOUR)
    assert site.feed(TripRequested(vehicle="zoe", trip=trip, command=1)) == (Settle(id=1),)
    assert site.feed(GoalRequested(vehicle="zoe", percent=100, command=2)) == (Settle(id=2),)
    assert (zoe(site).trip, zoe(site).goal_percent) == (trip, 100)
    site.feed(TripRequested(vehicle="zoe", trip=None, command=3))
    site.feed(GoalRequested(vehicle="zoe", percent=None, command=4))
    assert (zoe(site).trip, zoe(site).goal_percent) == (None, None)
    for number, chosen in enumerate(("zoe", GUEST, None), 5):
        wish = VehicleChosen(evse=box.evse(), vehicle=chosen, command=number)
        assert site.feed(wish) == (Settle(id=number),)
        assert site.evse().vehicle == chosen


def test_wishes_for_a_car_that_is_none_of_ours_are_turned_down() -> None:
    site, box = with_zoe()
    refused = (Refuse(id=1, reason="vehicle_unknown"),)
    assert site.feed(VehicleChosen(evse=box.evse(), vehicle="ufo", command=1)) == refused
    assert site.feed(GoalRequested(vehicle="ufo", percent=5, command=1)) == refused
    assert site.feed(TripRequested(vehicle="ufo", trip=None, command=1)) == refused


def test_a_car_that_was_sold_stands_nowhere() -> None:
    site, box = with_zoe()
    site.feed(VehicleChosen(evse=box.evse(1), vehicle="zoe", command=1))
    site.feed(VehicleChosen(evse=box.evse(2), vehicle=GUEST, command=2))
    site.configure(VehicleRemoved(vehicle="zoe"))
    assert (site.evse(1).vehicle, site.evse(2).vehicle) == (None, GUEST)
    assert site.state.get(Vehicle, "zoe") is None
