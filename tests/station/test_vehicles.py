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
from custom_components.ev_station.model.state import GUEST, Vehicle
from custom_components.ev_station.model.vehicle import Trip, VehicleSettings

from .site import HOUR, NOON, Box, Site, at_home

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
