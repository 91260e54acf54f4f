"""The plan in the charger: sent, kept up to date, taken back, done without."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from custom_components.ev_station.model.allowance import Allowance
from custom_components.ev_station.model.circuit import CircuitLoad, CircuitSettings
from custom_components.ev_station.model.commands import (
    ChargingProfile,
    ClearProfiles,
    CommandStatus,
    GetSchedule,
    ProfilePurpose,
    SchedulePeriod,
    ScheduleResult,
    SetProfile,
)
from custom_components.ev_station.model.effects import Send
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.events import (
    ChargerPrepared,
    CircuitConfigured,
    LimitRequested,
    ModeRequested,
    SiteObserved,
    SitePlanned,
)
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.plan import EvsePlan, PlanPeriod
from tests.simulator.premises import Fuse, Point, Premises, Vehicle

from .site import HOUR, MINUTE, NOON, SECOND, Box, Site, adopted, at_home, sends

STATUSES = (CommandStatus.REJECTED, CommandStatus.NOT_SUPPORTED, CommandStatus.FAILED)


def periods(since: datetime, *turns: tuple[int, int, int]) -> tuple[PlanPeriod, ...]:
    """Return periods of so many A from hour to hour."""
    return tuple(
        PlanPeriod(since + start * HOUR, since + end * HOUR, Decimal(limit), 3)
        for start, end, limit in turns
    )


def planned(site: Site, *turns: tuple[int, int, int]) -> None:
    """Put a plan of turns from hour to hour after noon in force."""
    session = site.open_session()
    assert session is not None
    plan = EvsePlan(
        id=site.evse().id, session=session.id, vehicle="zoe", made_at=site.now,
        departure=NOON + 12 * HOUR, periods=periods(NOON, *turns), ready_at=None,
    )  # fmt: skip
    site.feed(SitePlanned(plans=(plan,)))


def look(site: Site) -> list[Send]:
    """Look at the site; return what is sent."""
    return sends(site.feed(SiteObserved(circuits=(), surplus_w=0, complete=True)))


def settle(site: Site, box: Box) -> list[ChargingProfile]:
    """Look at the site and let the charger accept all of it; return the profiles sent."""
    sent = look(site)
    for each in sent:
        box.answered(each)
    return [each.command.profile for each in sent if isinstance(each.command, SetProfile)]


def plans(sent: list[ChargingProfile]) -> list[list[tuple[int, int]]]:
    """Return the plans among profiles, in minutes from when they were sent and A."""
    return [
        [(max(each.start_s // 60 - 1, 0), int(each.limit_a)) for each in profile.periods]
        for profile in sent
        if (profile.purpose, profile.stack_level) == (ProfilePurpose.TX, 1)
    ]


def charging() -> tuple[Site, Box]:
    """Return a site where a car charges when that is cheap."""
    site, box = at_home()
    box.start()
    site.feed(ModeRequested(evse=box.evse(), mode=ChargeMode.SMART, command=1))
    return site, box


NIGHT = ((0, 5, 0), (5, 7, 16), (7, 12, 0))


def test_floor_plan_and_live_limit_lie_on_one_another() -> None:
    site, box = charging()
    planned(site, *NIGHT)
    sent = settle(site, box)
    # The one that counts now comes last: a charger with room for one keeps that.
    assert [(each.purpose, each.stack_level) for each in sent] == [
        (ProfilePurpose.TX_DEFAULT, 0),
        (ProfilePurpose.TX, 1),
        (ProfilePurpose.TX, 2),
    ]
    assert {each.transaction for each in sent[1:]} == {1001}
    # No circuit binds, so the floor is the EVSE's own maximum.
    assert plans(sent) == [[(0, 0), (300, 16), (420, 32)]]


def test_a_plan_is_sent_again_only_when_it_changes() -> None:
    site, box = charging()
    planned(site, *NIGHT)
    settle(site, box)
    site.wait(4 * MINUTE)
    planned(site, *NIGHT)
    assert not plans(settle(site, box))
    planned(site, (0, 6, 0), (6, 7, 16))
    assert not plans(settle(site, box))
    site.wait(11 * MINUTE)
    assert plans(settle(site, box)) == [[(0, 0), (345, 16), (405, 32)]]
    planned(site, (0, 1, 0), (1, 2, 16))
    sent = settle(site, box)
    assert plans(sent) == [[(0, 0), (45, 16), (105, 32)]]
    # What counts now stays the last word.
    assert [each.stack_level for each in sent] == [1, 2]


def test_what_is_under_way_is_not_sent_twice() -> None:
    site, _ = charging()
    planned(site, *NIGHT)
    assert len(look(site)) == 3
    assert not look(site)


def test_a_plan_that_is_gone_gives_way_to_the_floor() -> None:
    site, box = charging()
    planned(site, *NIGHT)
    settle(site, box)
    site.feed(ModeRequested(evse=box.evse(), mode=ChargeMode.SOLAR, command=2))
    assert plans(settle(site, box)) == [[(0, 32)]]
    site.wait(HOUR)
    assert not plans(settle(site, box))


def test_that_is_so_after_a_reconnection_too() -> None:
    site, box = charging()
    planned(site, *NIGHT)
    settle(site, box)
    box.ready()
    site.feed(SitePlanned(plans=()))
    assert plans(settle(site, box)) == [[(0, 32)]]


def test_the_next_session_begins_without_one() -> None:
    site, box = charging()
    planned(site, *NIGHT)
    settle(site, box)
    site.wait(MINUTE)
    box.stop(1001, 1500)
    site.wait(MINUTE)
    box.start("BEN", 1500)
    assert not plans(settle(site, box))


def plan_sent(site: Site) -> Send:
    """Look at the site and return the plan sent, the rest unanswered."""
    (found,) = [
        each
        for each in look(site)
        if isinstance(each.command, SetProfile) and each.command.profile.stack_level == 1
    ]
    return found


@pytest.mark.parametrize("status", STATUSES)
def test_a_plan_turned_down_costs_neither_floor_nor_live_limit(status: CommandStatus) -> None:
    site, box = charging()
    planned(site, *NIGHT)
    assert not sends(box.answered(plan_sent(site), status))
    assert site.charger().refused_purposes == frozenset()
    assert site.charger().rejections == ()
    assert site.evse().retry_at is None
    site.wait(HOUR)
    sent = settle(site, box)
    assert [each.stack_level for each in sent] == [0, 2] or [each.stack_level for each in sent] == [
        2
    ]
    box.stop(1001, 1500)
    site.wait(MINUTE)
    box.start("ANNA", 1500)
    planned(site, *NIGHT)
    assert plans(settle(site, box))


def test_a_new_plan_turned_down_takes_the_old_one_with_it() -> None:
    site, box = charging()
    planned(site, *NIGHT)
    settle(site, box)
    planned(site, (0, 1, 10))
    (clear,) = sends(box.answered(plan_sent(site), CommandStatus.REJECTED))
    assert clear.command == ClearProfiles(evse=box.evse(), purpose=ProfilePurpose.TX, stack_level=1)
    assert all(each.stack_level != 1 for each in site.evse().applied)


def test_a_plan_for_a_transaction_that_ended_is_rightly_turned_down() -> None:
    site, box = charging()
    planned(site, *NIGHT)
    sent = plan_sent(site)
    box.stop(1001, 1500)
    box.answered(sent, CommandStatus.REJECTED)
    assert site.evse().unplanned_in is None


def test_silence_proves_nothing() -> None:
    site, box = charging()
    planned(site, *NIGHT)
    box.answered(plan_sent(site), CommandStatus.TIMED_OUT)
    assert plan_sent(site)


@pytest.mark.parametrize(("profiles", "holds"), [(None, True), (3, True), (2, False)])
def test_a_charger_without_room_for_three_profiles_is_spared(
    profiles: int | None, holds: bool
) -> None:
    site, box = charging()
    site.feed(
        ChargerPrepared(
            charger="CP1", evse_count=1, max_profiles=profiles, max_periods=2, received_at=site.now
        )
    )
    planned(site, *NIGHT)
    # Two periods: 16 A for two hours lose less than 32 A for a day.
    assert plans(settle(site, box)) == ([[(0, 0), (420, 32)]] if holds else [])


def test_who_takes_no_profile_for_a_transaction_gets_no_plan() -> None:
    site, box = charging()
    for each in look(site):
        assert isinstance(each.command, SetProfile)
        floor = each.command.profile.purpose is ProfilePurpose.TX_DEFAULT
        box.answered(each, CommandStatus.ACCEPTED if floor else CommandStatus.NOT_SUPPORTED)
    planned(site, *NIGHT)
    assert not plans(settle(site, box))


def test_a_live_limit_refused_is_counted_although_plans_are_taken() -> None:
    """What a charger says to a plan says nothing of its other profiles."""
    site, box = charging()
    planned(site, *NIGHT)
    for each in look(site):
        assert isinstance(each.command, SetProfile)
        live = each.command.profile.stack_level == 2
        box.answered(each, CommandStatus.REJECTED if live else CommandStatus.ACCEPTED)
    (rejection,) = site.charger().rejections
    assert rejection.times == 1
    planned(site, (0, 1, 10))
    assert site.evse().retry_at == site.now + timedelta(seconds=10)


def told(site: Site, box: Box, amps: int) -> tuple[Send, ...]:
    """Let the charger say which limit it goes by, once it is asked; return what is sent for it."""
    site.wait(30 * SECOND)
    (question,) = [each for each in sends(site.tick()) if isinstance(each.command, GetSchedule)]
    periods = (SchedulePeriod(start_s=0, limit_a=Decimal(amps)),)
    schedule = ScheduleResult(status=CommandStatus.ACCEPTED, periods=periods)
    return tuple(sends(box.answered(question, CommandStatus.ACCEPTED, schedule)))


def waiting() -> tuple[Site, Box]:
    """Return a charger told to wait now, whose plan lets the car draw 16 A now if nobody is there."""
    site, box = charging()
    planned(site, (0, 5, 16))
    settle(site, box)
    allowance = site.state.get(Allowance, box.evse())
    assert allowance is not None
    held = replace(allowance, limit_a=Decimal(0))
    site.state.apply({(Allowance, held.key): held})
    for each in sends(box.prepared()):
        if isinstance(each.command, SetProfile):
            box.answered(each)
    return site, box


def test_one_that_says_so_heeds_its_limit() -> None:
    site, box = waiting()
    assert not told(site, box, 0)
    assert (site.evse().heed.should_a, site.evse().heed.tries) == (0, 0)


def test_one_that_goes_by_the_plan_instead_keeps_one_profile_of_a_kind() -> None:
    site, box = waiting()
    clear, *again = told(site, box, 16)
    assert clear.command == ClearProfiles(evse=box.evse(), purpose=ProfilePurpose.TX, stack_level=1)
    sent = [each.command.profile for each in again if isinstance(each.command, SetProfile)]
    assert [each.stack_level for each in sent] == [0, 2]
    assert site.evse().unplanned_in == "session1"


def test_one_that_goes_by_something_else_is_told_all_of_it_again() -> None:
    site, box = waiting()
    sent = [each.command for each in told(site, box, 32)]
    assert [each.profile.stack_level for each in sent if isinstance(each, SetProfile)] == [0, 1, 2]


def test_two_cars_on_one_fuse_are_ready_in_turn_although_nobody_looks() -> None:
    """Both are planned at 16 of 20 A; whose plan is over waits for the other, then both have their floor."""
    settings = CircuitSettings(
        circuit="main", name="Main", limit_a=Decimal(20), chargers=("A", "B")
    )
    house = Premises(fuses=[Fuse(settings=settings)], points=[Point(name="A"), Point(name="B")])
    turns = {"A": ((0, 2, 16),), "B": ((0, 2, 0), (2, 4, 16))}
    found = []
    for point in house.points:
        house.choose(point, ChargeMode.SMART)
        house.plug(point, Vehicle(capacity_kwh=100, soc=0.1, max_amps=32))
        found.append(
            EvsePlan(
                id=point.evse, session=house.evse_of(point).session or "", vehicle=point.name,
                made_at=house.now, departure=house.now + 12 * HOUR, ready_at=None,
                periods=periods(house.now, *turns[point.name]),
            )
        )  # fmt: skip
    house.feed(SitePlanned(plans=tuple(found)))
    house.run(60)
    house.go_down()
    drawn = []
    for _ in range(60):
        for _ in range(6):
            house.advance(60)
            assert sum(point.amps[0] for point in house.points) <= 20
        drawn.append(tuple(round(point.amps[0]) for point in house.points))
    # Every six minutes, beside the turns at two and four hours.
    assert set(drawn[:19]) == {(16, 0)}
    assert set(drawn[20:39]) == {(0, 16)}
    assert set(drawn[40:]) == {(10, 10)}


FUSE = CircuitLoad(circuit="main", load_a=(Decimal(0),) * 3, limit_a=Decimal(32))


def neighbours() -> tuple[Site, Box, Box]:
    """Return a car that charges, and a charger beside it on the same fuse of 32 A."""
    site, box = charging()
    main = CircuitSettings(circuit="main", name="Main", limit_a=FUSE.limit_a)
    site.configure(CircuitConfigured(settings=main), adopted("CP2"))
    return site, box, Box(site, "CP2").ready()


def on_a_fuse() -> tuple[Site, Box, Box]:
    """Return two cars on a fuse; in two hours the first is to have all of it, and both chargers know."""
    site, box, other = neighbours()
    other.start("BEN")
    site.feed(ModeRequested(evse=other.evse(), mode=ChargeMode.SMART, command=2))
    turns = {box.evse(): ((0, 2, 0), (2, 4, 32)), other.evse(): ((0, 4, 0), (4, 6, 32))}
    site.feed(
        SitePlanned(
            plans=tuple(
                EvsePlan(
                    id=evse, session=session.id, vehicle="zoe", made_at=site.now,
                    departure=NOON + 12 * HOUR, periods=periods(NOON, *turns[evse]), ready_at=None,
                )
                for evse in turns
                if (session := site.open_session(charger=evse.charger))
            )
        )
    )  # fmt: skip
    assert observe(site) == 0
    return site, box, other


def observe(site: Site) -> Decimal:
    """Look at the fuse, with chargers that accept all; return what the second may draw."""
    for each in sends(site.feed(SiteObserved(circuits=(FUSE,), complete=True))):
        Box(site, each.charger, connection=1).answered(each)
    found = site.state.get(Allowance, EvseId("CP2", 1))
    assert found is not None
    return found.limit_a


def goes_away(box: Box, *, comes_back: bool) -> None:
    """Let a charger go away; it may come back for too short a time to be told anything."""
    box.disconnect()
    if comes_back:
        box.connect()
        box.disconnect()


@pytest.mark.parametrize("comes_back", [False, True])
def test_what_a_charger_that_is_away_goes_by_as_planned_is_nobody_elses(
    comes_back: bool,
) -> None:
    """It is told a plan of 32 A at 14:00; a fallback is 16 A."""
    site, box, other = on_a_fuse()
    goes_away(box, comes_back=comes_back)
    site.feed(ModeRequested(evse=other.evse(), mode=ChargeMode.FAST, command=3))
    site.wait(HOUR)
    assert observe(site) == 16
    site.wait(HOUR + MINUTE)
    assert observe(site) == 0
    site.wait(2 * HOUR)
    observe(site)
    site.wait(10 * MINUTE)
    assert observe(site) == 16


@pytest.mark.parametrize("comes_back", [False, True])
def test_the_fallback_of_a_charger_that_is_away_is_nobody_elses(comes_back: bool) -> None:
    """Its owner turns it off then: it still holds 16 A, which is told again when it is back for good."""
    site, box, other = on_a_fuse()
    box.stop(1001, 1500)
    goes_away(box, comes_back=comes_back)
    site.feed(LimitRequested(evse=box.evse(), limit_a=Decimal(0), command=3))
    observe(site)
    assert fallback_a(site, other) == 16
    box.connect()
    box.prepared()
    observe(site)
    observe(site)
    assert fallback_a(site, other) == 32


def fallback_a(site: Site, box: Box) -> Decimal:
    """Return the fallback of a charger."""
    found = site.state.get(Allowance, box.evse())
    assert found is not None
    return found.floor_a
