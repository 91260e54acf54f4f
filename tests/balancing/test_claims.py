"""What an EVSE asks for, what its car draws, and what becomes of a grant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.balancing.allocation import Claim, Grant, Rank
from custom_components.ev_station.balancing.claims import (
    TURN,
    Allotted,
    Asking,
    Supply,
    ask,
    insisting,
    unpaused,
)
from custom_components.ev_station.balancing.draws import (
    drawn_a,
    draws,
    phases_used,
    settled_amps,
    unbound,
)
from custom_components.ev_station.balancing.grants import RAISED_AFTER, decided
from custom_components.ev_station.balancing.limits import (
    EPOCH,
    LIVE_FOR,
    RENEWED_BEFORE,
    Span,
    circuit_profiles,
    live_span,
    still_says,
)
from custom_components.ev_station.balancing.loads import NOTHING_DRAWN, Drawn
from custom_components.ev_station.circuit.bounds import Bound, BoundKind
from custom_components.ev_station.model.allowance import Allowance, Reason, ReasonKind
from custom_components.ev_station.model.circuit import Priority, Rotation
from custom_components.ev_station.model.commands import ChargingProfile, ProfilePurpose
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.settings import EvseSettings
from custom_components.ev_station.model.state import Evse, Live
from custom_components.ev_station.model.status import EvseStatus

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ID = EvseId("CP1", 1)
SETTINGS = EvseSettings(evse=1, max_current_a=Decimal(16))
FREE = Allowance(id=ID, since=NOW - MINUTE, limit_a=Decimal(16), before_a=Decimal(10), session="s")
MAIN = Bound(circuit="main", kind=BoundKind.CURRENT, phase=1, room=0, weights={ID: 1})
POWER = Bound(circuit="main", kind=BoundKind.POWER, phase=None, room=0, weights={ID: 69})


def live(*amps: float | None, ago: int = 1, power: int | None = None) -> Live:
    """Return what was measured some seconds ago."""
    first, second, third = (
        None if each is None else Decimal(str(each)) for each in (amps or (None, None, None))
    )
    return Live(
        at=NOW - ago * SECOND,
        currents_a=(first, second, third),
        power_w=None if power is None else Decimal(power),
    )


def evse(measured: Live, status: EvseStatus = EvseStatus.CHARGING) -> Evse:
    """Return an EVSE with something measured."""
    return Evse(id=ID, live=measured, status=status)


def asked(
    at: Evse, allowance: Allowance = FREE, settings: EvseSettings = SETTINGS
) -> tuple[int, ReasonKind]:
    """Return the most that is asked for, in steps, and why not more."""
    asking = ask(at, allowance, settings, NOW)
    return asking.claim.most, asking.reason.kind


def test_who_takes_no_pause_has_its_least_before_all_others() -> None:
    least = Allotted(Supply.LEAST, ReasonKind.NO_PAUSE)
    dark = Allotted(Supply.NONE, ReasonKind.NO_SUN)
    assert unpaused(dark) == least
    assert unpaused(Allotted(of_sun=True)) == Allotted(of_sun=True, guaranteed=True)
    off = Allotted(Supply.NONE, ReasonKind.OFF)
    assert unpaused(off) == off
    at = evse(live(16, 16, 16))
    insists = insisting(ask(at, FREE, SETTINGS, NOW, least)).claim
    assert (insists.least, insists.most, insists.rank.priority) == (60, 60, -1)
    # Nothing is raised after a start, and the least is no raise.
    held = ask(at, FREE, SETTINGS, NOW)
    assert insisting(replace(held, claim=replace(held.claim, most=10))).claim.most == 60
    assert insisting(ask(at, FREE, SETTINGS, NOW, off)).claim.most == 0


def test_what_a_car_draws_that_nobody_measures_may_be_its_fallback() -> None:
    paused = replace(FREE, limit_a=Decimal(0), before_a=Decimal(0), floor_a=Decimal(8))
    unheard = Drawn(Decimal(0), Decimal(8))
    assert draws(evse(Live()), paused, SETTINGS, NOW)[0] == unheard
    assert draws(evse(live(0, 0, 0, ago=181)), paused, SETTINGS, NOW)[0] == unheard
    told = replace(paused, since=NOW - SECOND)
    assert draws(evse(live(0, 0, 0, ago=180)), told, SETTINGS, NOW)[0].most == 0


def test_a_car_that_was_there_before_the_first_look_draws_what_is_measured() -> None:
    at = evse(live(12, 11, 10))
    before = unbound(replace(at, limit_a=Decimal(14)), SETTINGS)
    assert before.limit_a == 14
    assert [each.likely for each in draws(at, before, SETTINGS, NOW)] == [12, 11, 10]


def test_a_plan_holds_a_car_below_what_there_is() -> None:
    at = evse(live(16, 16, 16))
    ten = Allotted(reason=ReasonKind.PLANNED, most_a=Decimal(10), until=NOW + MINUTE)
    asking = ask(at, FREE, SETTINGS, NOW, ten)
    assert (asking.claim.most, asking.reason) == (
        100,
        Reason(ReasonKind.PLANNED, until=NOW + MINUTE),
    )
    limited = replace(at, limit_a=Decimal(8))
    assert ask(limited, FREE, SETTINGS, NOW, ten).reason.kind is ReasonKind.LIMITED


def test_measured_at_the_present_limit() -> None:
    at = evse(live(16, 15.9, 16))
    assert settled_amps(at, FREE, SETTINGS, NOW) == (16, Decimal("15.9"), 16)
    assert settled_amps(at, replace(FREE, since=NOW - 10 * SECOND), SETTINGS, NOW) is None
    assert (
        settled_amps(evse(live(16, 16, 16, ago=181)), replace(FREE, since=EPOCH), SETTINGS, NOW)
        is None
    )
    assert settled_amps(evse(Live()), FREE, SETTINGS, NOW) is None


def test_measured_as_power_only() -> None:
    idle, busy = evse(live(power=0)), evse(live(power=2300))
    assert settled_amps(idle, FREE, SETTINGS, NOW) == (0, 0, 0)
    assert settled_amps(busy, FREE, SETTINGS, NOW) is None
    assert drawn_a(busy, FREE, SETTINGS, NOW) == 10
    assert drawn_a(busy, replace(FREE, since=NOW), SETTINGS, NOW) is None
    assert (
        drawn_a(evse(live(power=2300, ago=200)), replace(FREE, since=EPOCH), SETTINGS, NOW) is None
    )
    assert drawn_a(evse(live()), FREE, SETTINGS, NOW) is None


def test_a_current_of_no_phase_may_be_that_of_three() -> None:
    # 16 A of no phase and 11 kW: three phases at 230 V. Each may carry what is offered.
    measured = live(16, None, None, power=11_040)
    assert settled_amps(evse(measured), FREE, SETTINGS, NOW) is None
    assert phases_used(evse(measured), FREE, SETTINGS, NOW) == {0, 1, 2}
    assert all(each.expected >= 16 for each in draws(evse(measured), FREE, SETTINGS, NOW))
    assert drawn_a(evse(measured), FREE, SETTINGS, NOW) == 48
    # 16 A and 4 kW are one phase at 250 V.
    alone = live(16, None, None, power=4_000)
    assert settled_amps(evse(alone), FREE, SETTINGS, NOW) == (16, 0, 0)
    assert phases_used(evse(alone), FREE, SETTINGS, NOW) == {0}


def test_a_current_of_no_phase_without_power_may_flow_on_each() -> None:
    # Many chargers with three phases tell one current, that of each. Whose fuse it is must not depend on it.
    measured = replace(live(12, None, None, power=2760), phases_told=False)
    at = evse(measured)
    assert settled_amps(at, FREE, SETTINGS, NOW) is None
    assert phases_used(at, FREE, SETTINGS, NOW) == {0, 1, 2}
    assert [each.expected for each in draws(at, FREE, SETTINGS, NOW)] == [16, 16, 16]
    assert drawn_a(at, FREE, SETTINGS, NOW) == 12
    # A car that was seen on one phase draws there, and what is nothing is nothing on each.
    seen = replace(FREE, phases=(1,))
    assert [each.expected for each in draws(at, seen, SETTINGS, NOW)] == [0, 16, 0]
    assert phases_used(at, seen, SETTINGS, NOW) == {1}
    idle = evse(replace(live(0, None, None, power=0), phases_told=False))
    assert settled_amps(idle, FREE, SETTINGS, NOW) == (0, 0, 0)
    single = replace(SETTINGS, phases=1)
    assert settled_amps(at, FREE, single, NOW) == (12, 0, 0)


def test_a_phase_nobody_measures_carries_nothing() -> None:
    assert settled_amps(evse(live(16, None, None)), FREE, SETTINGS, NOW) == (16, 0, 0)


def test_draws_on_the_sites_phases() -> None:
    settings = replace(SETTINGS, phases=2, rotation=Rotation.TRS)
    at = evse(live(12, 7, 0))
    when = NOW - SECOND
    assert draws(at, FREE, settings, NOW) == (
        Drawn(Decimal(7), Decimal(16), Decimal(7), when, Decimal(6)),
        NOTHING_DRAWN,
        Drawn(Decimal(12), Decimal(16), Decimal(12), when, Decimal(6)),
    )


def test_draws_on_the_way_to_a_limit() -> None:
    way = replace(FREE, since=NOW, limit_a=Decimal(8), before_a=Decimal(16))
    least = Decimal(6)
    assert draws(evse(live(14, 9, 17)), way, SETTINGS, NOW) == (
        Drawn(Decimal(8), Decimal(16), pared=least),
        Drawn(Decimal(8), Decimal(16), pared=least),
        Drawn(Decimal(8), Decimal(17), pared=least),
    )
    unknown = Drawn(Decimal(0), Decimal(16), pared=least)
    assert draws(evse(Live()), way, SETTINGS, NOW) == (unknown, unknown, unknown)


def test_a_phase_the_car_does_not_use_hides_no_oven() -> None:
    one = evse(live(10, 0.2, 0))
    assert draws(one, FREE, SETTINGS, NOW)[1:] == (
        Drawn(Decimal(0), Decimal("0.2"), Decimal("0.2")),
        Drawn(Decimal(0), Decimal(0), Decimal(0)),
    )
    # On its way to another limit its charger is not asked again on which phases it draws.
    way = replace(FREE, since=NOW, phases=(0,))
    assert draws(one, way, SETTINGS, NOW)[2] == Drawn(Decimal(0), Decimal(0), Decimal(0))
    assert draws(evse(Live()), way, SETTINGS, NOW)[1] == Drawn(Decimal(0), Decimal(0), Decimal(0))


def test_what_a_car_draws_at_its_least() -> None:
    def pared(at: Evse, allowance: Allowance = FREE) -> Decimal:
        return draws(at, allowance, SETTINGS, NOW)[0].pared

    assert pared(evse(live(3, 0, 0))) == 3
    assert pared(evse(live(0, 0, 0))) == 0
    stopping = replace(FREE, since=NOW, limit_a=Decimal(0), before_a=Decimal(16))
    assert pared(evse(live(14, 14, 14)), stopping) == 0


def test_phases_used() -> None:
    assert phases_used(evse(live(10, 0.5, 0)), FREE, SETTINGS, NOW) == {0}
    assert phases_used(evse(live(0.2, 0, 0)), FREE, SETTINGS, NOW) == {0, 1, 2}
    assert phases_used(evse(Live()), FREE, SETTINGS, NOW) == {0, 1, 2}
    one = replace(SETTINGS, phases=1, rotation=Rotation.STR)
    assert phases_used(evse(live(0, 10, 0)), FREE, one, NOW) == {1}
    assert phases_used(evse(live(10, 0, 0)), FREE, one, NOW) == {1}


@pytest.mark.parametrize(
    ("measured", "most", "kind"),
    [
        (live(16, 16, 16), 160, ReasonKind.MAXIMUM),
        (live(15.6, 16, 16), 160, ReasonKind.MAXIMUM),
        (live(9.7, 9.5, 9.6), 110, ReasonKind.CAR),
        (live(2, 0, 0), 60, ReasonKind.CAR),
        (live(0.9, 0, 0), 60, ReasonKind.IDLE),
        (Live(), 160, ReasonKind.MAXIMUM),
    ],
)
def test_what_a_car_really_takes(measured: Live, most: int, kind: ReasonKind) -> None:
    assert asked(evse(measured)) == (most, kind)


@pytest.mark.parametrize(
    ("drawn", "most", "kind"),
    [
        (None, 110, ReasonKind.CAR),
        (9.9, 110, ReasonKind.CAR),
        (10.5, 110, ReasonKind.CAR),
        (10.6, 160, ReasonKind.MAXIMUM),
        (8.9, 100, ReasonKind.CAR),
    ],
)
def test_a_content_car_does_not_tremble(drawn: float | None, most: int, kind: ReasonKind) -> None:
    content = replace(FREE, limit_a=Decimal(11), reason=Reason(ReasonKind.CAR))
    measured = Live() if drawn is None else live(drawn, 0, 0)
    assert asked(evse(measured), content) == (most, kind)


@pytest.mark.parametrize(
    ("measured", "idle"),
    [
        (Live(), True),
        (live(0.3, 0, 0), True),
        (live(6, 0, 0), False),
        (live(6, 0, 0, ago=61), True),
        (live(power=1300), False),
        (live(power=100), True),
        (live(), True),
    ],
)
def test_an_idle_car_is_idle_until_something_flows(measured: Live, idle: bool) -> None:
    resting = replace(FREE, limit_a=Decimal(6), reason=Reason(ReasonKind.IDLE))
    assert (asked(evse(measured), resting)[1] is ReasonKind.IDLE) is idle


def test_a_car_that_says_so_is_idle() -> None:
    at = evse(live(16, 16, 16), EvseStatus.SUSPENDED_EV)
    assert asked(at) == (60, ReasonKind.IDLE)
    assert ask(at, FREE, SETTINGS, NOW).claim.rank.priority == 3


def test_without_an_offer_nobody_is_idle() -> None:
    paused = replace(FREE, limit_a=Decimal(0))
    assert asked(evse(live(0, 0, 0)), paused) == (160, ReasonKind.MAXIMUM)


def test_the_owners_word() -> None:
    at = evse(live(16, 16, 16))
    assert asked(replace(at, limit_a=Decimal(10))) == (100, ReasonKind.LIMITED)
    assert asked(replace(at, enabled=False)) == (0, ReasonKind.PAUSED)


def rank(allowance: Allowance, settings: EvseSettings = SETTINGS) -> Rank:
    """Return a charging car's rank."""
    return ask(evse(Live()), allowance, settings, NOW).claim.rank


def test_who_goes_first() -> None:
    in_turn = replace(FREE, on_since=NOW - TURN + SECOND)
    long_waiting = replace(FREE, off_since=NOW - 30 * MINUTE)
    new = replace(FREE, since=NOW)
    had_turn = replace(FREE, on_since=NOW - TURN)
    had_long = replace(FREE, on_since=NOW - 2 * TURN)
    just_had = replace(FREE, off_since=NOW - TURN + SECOND)
    ranks = [rank(each) for each in (in_turn, long_waiting, new, had_turn, had_long, just_had)]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == 6
    high = replace(SETTINGS, priority=Priority.HIGH)
    low = replace(SETTINGS, priority=Priority.LOW)
    assert rank(had_long, high) < ranks[0]
    assert rank(in_turn, low) > ranks[-1]


@given(
    st.decimals(0, 20, places=1) | st.none(),
    st.integers(0, 300),
    st.decimals(0, 40, places=1),
    st.sampled_from(ReasonKind),
    st.sampled_from(EvseStatus),
)
def test_nobody_asks_for_more_than_its_owner_lets_it(
    drawn: Decimal | None, ago: int, limit: Decimal, kind: ReasonKind, status: EvseStatus
) -> None:
    measured = Live() if drawn is None else live(float(drawn), 0, 0, ago=ago)
    at = replace(evse(measured, status), limit_a=limit)
    claim = ask(at, replace(FREE, reason=Reason(kind), limit_a=limit), SETTINGS, NOW).claim
    assert 0 <= claim.most <= 160
    assert claim.most == 0 or 60 <= claim.most <= limit * 10


def asking(most: int = 160, kind: ReasonKind = ReasonKind.MAXIMUM) -> Asking:
    """Return a claim."""
    claim = Claim(evse=ID, least=60, most=most, rank=Rank(0, 0, NOW))
    return Asking(claim=claim, reason=Reason(kind))


def decide(
    allowance: Allowance, steps: int, bound: Bound | None = None, *, session: str = "s"
) -> Allowance:
    """Return the allowance after a grant."""
    return decided(allowance, asking(), Grant(steps=steps, bound=bound, sharers=2), session, NOW)


def test_a_smaller_grant_holds_at_once() -> None:
    after = decide(replace(FREE, since=NOW - SECOND), 159, MAIN)
    assert (after.limit_a, after.before_a, after.since) == (Decimal("15.9"), 16, NOW)
    assert after.reason == Reason(ReasonKind.SHARE, "main", 1, 2)


def test_a_larger_one_holds_after_a_while_and_if_it_is_worth_it() -> None:
    small = replace(FREE, limit_a=Decimal(10))
    assert decide(small, 120, POWER).limit_a == 12
    assert decide(small, 120, POWER).reason == Reason(ReasonKind.SHARE, "main", None, 2)
    assert decide(small, 109, MAIN).limit_a == 10
    assert decide(replace(small, limit_a=Decimal("15.5")), 160).limit_a == 16
    soon = replace(small, since=NOW - RAISED_AFTER + SECOND)
    assert decide(soon, 160).limit_a == 10
    assert decide(replace(soon, limit_a=Decimal(0)), 60, MAIN).limit_a == 6


def test_the_same_grant_changes_nothing_but_the_reason() -> None:
    after = decide(FREE, 160)
    assert after == replace(FREE, reason=Reason(ReasonKind.MAXIMUM))


def test_who_charges_may_go_on_with_its_least() -> None:
    charging = replace(FREE, on_since=NOW - MINUTE)
    assert ask(evse(live(10, 10, 10)), charging, SETTINGS, NOW).claim.charges
    assert not ask(evse(live(0, 0, 0)), charging, SETTINGS, NOW).claim.charges
    assert not ask(evse(Live()), FREE, SETTINGS, NOW).claim.charges


def test_on_and_off_are_remembered() -> None:
    charging = decide(replace(FREE, limit_a=Decimal(0)), 60, MAIN)
    assert (charging.on_since, charging.off_since) == (NOW, None)
    waited = replace(FREE, limit_a=Decimal(0), off_since=NOW, room_since=NOW)
    assert decide(waited, 60, MAIN).room_since is None
    assert decide(waited, 0, MAIN).room_since == NOW
    longer = replace(charging, on_since=NOW - MINUTE)
    assert decide(longer, 0, MAIN).off_since == NOW
    assert decide(longer, 0).off_since is None
    assert decide(longer, 60, MAIN).on_since == NOW - MINUTE
    assert decide(replace(FREE, on_since=None), 0, MAIN).off_since is None


def test_another_session_begins_anew() -> None:
    before = replace(FREE, on_since=NOW - MINUTE, off_since=NOW - MINUTE)
    after = decide(before, 160, session="other")
    assert (after.session, after.on_since, after.off_since) == ("other", NOW, None)
    assert (after.since, after.before_a) == (before.since, before.before_a)


def test_the_profiles_of_an_evse_on_a_circuit() -> None:
    allowance = replace(FREE, floor_a=Decimal(7), limit_a=Decimal(13))
    span = Span(NOW - MINUTE, NOW + LIVE_FOR)

    def held(
        owner: int, transaction: int | None, *refused: ProfilePurpose
    ) -> dict[ProfilePurpose, Decimal]:
        found = circuit_profiles(allowance, Decimal(owner), transaction, frozenset(refused), span)
        return {each.purpose: each.periods[0].limit_a for each in found}

    floor, live_limit = ProfilePurpose.TX_DEFAULT, ProfilePurpose.TX
    assert held(16, 5) == {floor: 7, live_limit: 13}
    assert held(6, 5) == {floor: 6, live_limit: 6}
    assert held(16, None) == {floor: 7}
    assert held(16, 5, live_limit) == {floor: 13}
    assert held(16, None, live_limit) == {floor: 7}
    assert held(16, 5, floor) == {live_limit: 13}
    _, ending = circuit_profiles(allowance, Decimal(16), 5, frozenset(), span)
    assert ending.start_at == NOW - MINUTE
    assert ending.valid_to == NOW + LIVE_FOR
    assert ending.duration_s == 360


def test_live_limits_end_together() -> None:
    """Every three minutes, two to five minutes from now, by each charger's own clock."""
    five_to = datetime(2026, 11, 3, 11, 55, tzinfo=UTC)

    def left(seconds: float, ahead: timedelta = timedelta(0)) -> timedelta:
        now = five_to + timedelta(seconds=seconds)
        start, end, _ = live_span(now, now + ahead)
        assert start <= now + ahead - MINUTE
        return end - ahead - five_to

    two, five = timedelta(minutes=2), timedelta(minutes=5)
    assert [left(seconds) for seconds in (-60, -0.3, 0)] == [two, two, two]
    assert [left(seconds) for seconds in (0.3, 90, 180)] == [five, five, five]
    assert left(90, timedelta(hours=-2)) == five


def test_how_long_a_profile_stands() -> None:
    allowance = replace(FREE, floor_a=Decimal(7))

    def held(after: timedelta) -> tuple[ChargingProfile, ...]:
        span = live_span(NOW + after, NOW + after)
        return circuit_profiles(allowance, Decimal(16), 5, frozenset(), span)

    floor, ending = held(timedelta(0))
    assert ending.valid_to is not None
    renewed = ending.valid_to - NOW - RENEWED_BEFORE
    assert still_says(floor, held(timedelta(days=9))[0])
    assert still_says(ending, held(renewed)[1])
    assert still_says(ending, held(renewed - timedelta(milliseconds=300))[1])
    assert not still_says(ending, held(renewed + SECOND)[1])
    assert not still_says(ending, held(-timedelta(hours=1))[1])
    assert not still_says(floor, replace(floor, periods=ending.periods))
    assert not still_says(ending, replace(ending, transaction=6))
    assert not still_says(replace(ending, valid_to=None, duration_s=None), ending)
    assert still_says(replace(ending, valid_to=None), replace(ending, valid_to=None))
