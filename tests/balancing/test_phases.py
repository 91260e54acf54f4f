"""One phase or all: when it is wished for, and the way there, never under load."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings as effort, strategies as st
import pytest

from custom_components.ev_station.balancing.claims import FREELY, Allotted, Supply
from custom_components.ev_station.balancing.phases import (
    CONFIRMED_WITHIN,
    EMPTY_WITHIN,
    QUIET_AFTER,
    REST,
    TRIED_AGAIN_AFTER,
    Outlook,
    Sight,
    Wish,
    begun,
    explained,
    failed,
    halted,
    held_back,
    is_able,
    looked,
    may_pick,
    moved,
    told_phases,
    wished,
    with_phasing,
)
from custom_components.ev_station.model.allowance import Allowance, Reason, ReasonKind
from custom_components.ev_station.model.circuit import Rotation
from custom_components.ev_station.model.commands import ProfilePurpose, SchedulePeriod
from custom_components.ev_station.model.energy import SurplusSettings
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.phases import PhaseStep, PhaseSwitching, Phasing
from custom_components.ev_station.model.settings import EvseSettings
from custom_components.ev_station.model.state import Evse, Live

NOW = datetime(2026, 6, 21, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ID = EvseId("CP1", 1)
SETTINGS = EvseSettings(
    evse=1, phase_switching=PhaseSwitching.ENTITY, rotation=Rotation.STR, phase_switches_per_hour=2
)
SURPLUS = SurplusSettings(starts_after_s=60, stops_after_s=180)
ON_ALL = Phasing(by=PhaseSwitching.ENTITY)
ON_ONE = replace(ON_ALL, phases=1)
EVSE = Evse(id=ID, phases_told=3)
CHARGING = Allowance(
    id=ID, since=NOW - timedelta(minutes=10), limit_a=Decimal(10), reason=Reason(ReasonKind.SUN)
)
SHINES = Allotted(of_sun=True)
GUARANTEED = Allotted(of_sun=True, guaranteed=True)
DARK = Allotted(Supply.NONE, ReasonKind.NO_SUN)
CLOUD = Allotted(Supply.LEAST, ReasonKind.CLOUD)
NOTHING = Sight(None, empty=False, seen=())
TO_ONE, TO_ALL = Wish(1), Wish(3)


def under(left_w: int) -> Outlook:
    """Return what the sun leaves, where 6 A are the least."""
    return Outlook(left_w, 1380, 4140)


def wish(
    left_w: int,
    phasing: Phasing = ON_ALL,
    allotted: Allotted = SHINES,
    allowance: Allowance = CHARGING,
    settings: EvseSettings = SETTINGS,
) -> Wish | None:
    """Return what is wished for under so much sun."""
    return wished(allowance, phasing, allotted, under(left_w), settings, SURPLUS)


def test_one_phase_is_wished_for_when_the_sun_is_too_weak_for_all() -> None:
    patiently = timedelta(minutes=3)
    assert wish(4140) is None
    assert wish(4139) == Wish(1, patiently)
    assert wish(1379) == Wish(1, patiently, ripe=False)
    assert wish(1379, allotted=CLOUD) == Wish(1, patiently, ripe=False)
    assert wish(500, allotted=GUARANTEED) == Wish(1, patiently)
    # Nothing is offered: nothing is lost by a switch.
    assert wish(2000, allowance=replace(CHARGING, limit_a=Decimal(0))) == Wish(1)


def test_all_phases_are_wished_for_when_one_is_exhausted() -> None:
    full = replace(CHARGING, reason=Reason(ReasonKind.CAR))
    assert wish(9000, ON_ONE) is None
    assert wish(4369, ON_ONE, allowance=full) is None
    assert wish(4370, ON_ONE, allowance=full) == Wish(3, timedelta(minutes=1))
    on_the_way = replace(ON_ONE, step=PhaseStep.EMPTYING)
    assert wish(4370, on_the_way) == Wish(3, timedelta(minutes=1))


def test_what_is_not_of_the_sun_wants_all_phases_at_once() -> None:
    assert wish(0, ON_ONE, FREELY) == Wish(3, counted=False)
    assert wish(0, ON_ONE, Allotted(reason=ReasonKind.CHEAP)) == Wish(3, counted=False)


def test_a_plan_says_on_how_many_phases() -> None:
    one, every = (Allotted(reason=ReasonKind.PLANNED, phases=count) for count in (1, 3))
    assert wish(9000, ON_ALL, one) == wish(0, ON_ONE, one) == Wish(1, counted=False)
    assert wish(0, ON_ALL, every) == wish(0, ON_ONE, every) == Wish(3, counted=False)
    assert wish(0, replace(ON_ALL, car=(1,)), one) is None


@pytest.mark.parametrize(
    ("phasing", "told", "may"),
    [
        (ON_ALL, 3, True),
        (ON_ONE, 1, True),
        # Two switches were made within the hour: only the way back is open.
        (replace(ON_ALL, switched=(NOW, NOW)), 3, False),
        (replace(ON_ONE, switched=(NOW, NOW)), 1, True),
        (ON_ONE, None, False),
        (replace(ON_ALL, failed_at=NOW), 3, False),
        (replace(ON_ALL, doubted=ProfilePurpose.TX), 3, False),
        (replace(ON_ALL, by=PhaseSwitching.PROFILE), 3, False),
        (replace(ON_ALL, car=(2,)), 3, False),
    ],
)
def test_a_plan_may_choose_what_can_be_had(phasing: Phasing, told: int | None, may: bool) -> None:
    assert may_pick(replace(EVSE, phases_told=told), phasing, SETTINGS, NOW) is may


@pytest.mark.parametrize("phasing", [ON_ALL, ON_ONE])
@pytest.mark.parametrize("left_w", [0, 2000, 9000])
def test_nothing_is_wished_for_without_current(phasing: Phasing, left_w: int) -> None:
    idle = replace(CHARGING, reason=Reason(ReasonKind.IDLE))
    assert wish(left_w, phasing, DARK) is None
    assert wish(left_w, phasing, allowance=idle) is None
    assert wish(left_w, replace(phasing, car=(1,))) is None


def test_a_way_of_switching_that_was_taken_away_is_left_on_all_phases() -> None:
    other = replace(SETTINGS, phase_switching=PhaseSwitching.NONE)
    assert wish(2000, ON_ONE, settings=other) == Wish(3, counted=False)
    assert begun(ON_ONE, other) == ON_ONE
    assert begun(ON_ALL, other) is None
    assert begun(failed(ON_ONE, other, NOW), other) is None
    by_profile = replace(SETTINGS, phase_switching=PhaseSwitching.PROFILE)
    assert begun(ON_ALL, by_profile) == Phasing(by=PhaseSwitching.PROFILE)
    assert begun(ON_ALL, SETTINGS) is ON_ALL


def test_only_an_evse_with_several_phases_can_switch() -> None:
    assert begun(None, replace(SETTINGS, phases=1)) is None
    assert begun(None, replace(SETTINGS, phases=2)) == replace(ON_ALL, phases=2, target=2)


def step(
    phasing: Phasing,
    wanted: Wish | None = None,
    sight: Sight = NOTHING,
    *,
    after: timedelta = timedelta(0),
    evse: Evse = EVSE,
) -> Phasing:
    """Return the phasing after a look some time later."""
    return moved(evse, phasing, wanted, sight, SETTINGS, NOW + after)


def test_a_switch_goes_through_nothing_and_rests() -> None:
    empties = step(ON_ALL, TO_ONE)
    assert (empties.step, empties.target, empties.phases) == (PhaseStep.EMPTYING, 1, 3)
    assert step(empties, TO_ONE) == empties
    switches = step(empties, TO_ONE, Sight(3, empty=True, seen=()))
    assert (switches.step, switches.switched) == (PhaseStep.SWITCHING, (NOW,))
    assert step(switches, None, Sight(3, empty=True, seen=())) == switches
    rests = step(switches, None, Sight(1, empty=True, seen=()))
    assert (rests.step, rests.phases) == (PhaseStep.RESTING, 1)
    assert step(rests, after=REST - SECOND) == rests
    assert step(rests, after=REST).step is PhaseStep.STEADY


def test_a_wish_must_last() -> None:
    patient = Wish(1, after=timedelta(minutes=3))
    waits = step(ON_ALL, patient)
    assert (waits.step, waits.turned_at) == (PhaseStep.STEADY, NOW)
    assert step(waits, patient, after=179 * SECOND) == waits
    unripe = patient._replace(ripe=False)
    assert step(waits, unripe, after=180 * SECOND) == waits
    assert step(waits, patient, after=180 * SECOND).step is PhaseStep.EMPTYING
    assert step(waits, after=SECOND).turned_at is None


def test_a_wish_that_passes_in_time_costs_no_switch() -> None:
    empties = step(ON_ALL, TO_ONE)
    for other in (None, TO_ALL):
        back = step(empties, other)
        assert (back.step, back.phases, back.switched) == (PhaseStep.STEADY, 3, ())


def test_the_switches_of_an_hour_are_counted() -> None:
    tired = replace(ON_ALL, switched=(NOW - 3599 * SECOND, NOW))
    assert not is_able(EVSE, tired, SETTINGS, NOW)
    assert step(tired, TO_ONE).step is PhaseStep.STEADY
    assert step(tired, TO_ONE._replace(counted=False)).step is PhaseStep.EMPTYING
    assert is_able(EVSE, tired, SETTINGS, NOW + SECOND)
    assert step(tired, TO_ONE, after=SECOND).step is PhaseStep.EMPTYING


def test_who_draws_although_nothing_is_offered_is_not_switched() -> None:
    empties = step(ON_ALL, TO_ONE)
    flows = Sight(3, empty=False, seen=())
    assert step(empties, TO_ONE, flows, after=EMPTY_WITHIN - SECOND) == empties
    gave_up = step(empties, TO_ONE, flows, after=EMPTY_WITHIN)
    assert (gave_up.step, gave_up.phases) == (PhaseStep.STEADY, 3)
    assert gave_up.failed_at == NOW + EMPTY_WITHIN


def test_a_switch_nobody_confirms_has_failed_for_a_day() -> None:
    switches = step(step(ON_ONE, TO_ALL), TO_ALL, Sight(1, empty=True, seen=()))
    assert step(switches, after=CONFIRMED_WITHIN - SECOND) == switches
    gave_up = step(switches, after=CONFIRMED_WITHIN)
    assert (gave_up.phases, gave_up.step) == (3, PhaseStep.STEADY)
    later = CONFIRMED_WITHIN + TRIED_AGAIN_AFTER
    assert step(gave_up, TO_ONE, after=later - SECOND) == replace(gave_up, switched=())
    assert step(gave_up, TO_ONE, after=later).failed_at is None


def test_an_entity_that_says_nothing_switches_nothing() -> None:
    silent = replace(EVSE, phases_told=None)
    assert not is_able(silent, ON_ALL, SETTINGS, NOW)
    assert is_able(silent, replace(ON_ALL, by=PhaseSwitching.PROFILE), SETTINGS, NOW)
    assert step(ON_ALL, TO_ONE, evse=silent).step is PhaseStep.STEADY


def test_who_else_switches_is_noticed_and_the_car_is_learnt() -> None:
    by_hand = step(ON_ALL, None, Sight(1, empty=False, seen=()))
    assert (by_hand.phases, by_hand.step_at) == (1, NOW)
    learnt = step(ON_ALL, None, Sight(3, empty=False, seen=(0, 2)))
    assert learnt.car == (0, 2)
    assert step(ON_ONE, None, Sight(1, empty=False, seen=(2,))).car == ()


def test_who_draws_on_more_phases_than_are_in_force_has_not_switched() -> None:
    lies = step(ON_ONE, None, Sight(1, empty=False, seen=(0, 1, 2)))
    assert (lies.phases, lies.failed_at) == (3, NOW)
    assert told_phases(replace(lies, by=PhaseSwitching.PROFILE)) is None


def test_without_a_session_nothing_is_under_way() -> None:
    going = replace(ON_ALL, step=PhaseStep.SWITCHING, target=1, car=(0,), turned_at=NOW)
    assert halted(going, None) == replace(ON_ALL, target=1)
    assert halted(ON_ALL, 1).phases == 1


def test_the_phases_that_count_follow() -> None:
    bare = replace(CHARGING, phases=(0, 1, 2))
    one = with_phasing(bare, ON_ONE, SETTINGS)
    # Rotation STR: its first phase is the second of the site.
    assert one.phases == (1,)
    assert with_phasing(replace(one, phases=()), ON_ONE, SETTINGS).phases == (1,)
    assert with_phasing(one, replace(ON_ALL, car=(0, 1)), SETTINGS).phases == (0, 1)
    assert with_phasing(one, ON_ALL, SETTINGS).phases == ()
    assert with_phasing(replace(bare, phasing=ON_ALL), ON_ALL, SETTINGS).phases == (0, 1, 2)


def test_what_is_allotted_is_held_back_on_the_way() -> None:
    waits = replace(ON_ALL, turned_at=NOW)
    assert held_back(SHINES, ON_ALL) == SHINES
    assert held_back(SHINES, waits) == CLOUD
    assert held_back(GUARANTEED, waits) == GUARANTEED
    assert held_back(SHINES, replace(waits, phases=1)) == SHINES
    assert held_back(FREELY, waits) == FREELY
    going = replace(ON_ALL, step=PhaseStep.RESTING)
    assert held_back(FREELY, going) == Allotted(Supply.NONE, ReasonKind.SWITCHING)


def test_one_phase_in_the_sun_is_told() -> None:
    sun = Reason(ReasonKind.SUN, cars=2)
    allowance = replace(CHARGING, reason=sun)
    for phasing in (None, ON_ALL, replace(ON_ONE, car=(1,))):
        # A car of one phase charges on no fewer than it has.
        assert explained(replace(allowance, phasing=phasing)).reason == sun
    one = replace(allowance, phasing=ON_ONE)
    assert explained(one).reason == Reason(ReasonKind.ONE_PHASE, cars=2)
    paused = replace(one, reason=Reason(ReasonKind.PAUSED))
    assert explained(paused) == paused


def test_profiles_say_the_phases_there_and_on_the_way() -> None:
    phasing = Phasing(by=PhaseSwitching.PROFILE, target=1)
    assert told_phases(None) is None
    assert told_phases(replace(phasing, by=PhaseSwitching.ENTITY)) is None
    assert told_phases(phasing) == 3
    steps = {each: told_phases(replace(phasing, step=each)) for each in PhaseStep}
    assert steps == {
        PhaseStep.STEADY: 3,
        PhaseStep.EMPTYING: 3,
        PhaseStep.SWITCHING: 1,
        PhaseStep.RESTING: 1,
    }
    assert told_phases(replace(phasing, doubted=ProfilePurpose.TX)) is None


FLOOR = SchedulePeriod(start_s=0, limit_a=Decimal(10), phases=3)
PAUSE = SchedulePeriod(start_s=0, limit_a=Decimal(0), phases=1)
PAUSED = replace(CHARGING, limit_a=Decimal(0), since=NOW - 29 * SECOND)
LIVE_0A = Live(at=NOW - SECOND, currents_a=(Decimal(0), None, None))


def sight(
    evse: Evse,
    allowance: Allowance = PAUSED,
    phasing: Phasing = ON_ALL,
    period: SchedulePeriod | None = PAUSE,
) -> Sight:
    """Return what is known of an EVSE."""
    return looked(evse, allowance, phasing, SETTINGS, period, NOW)


def test_it_is_empty_when_nothing_flows_or_nobody_says_for_a_while() -> None:
    measured = replace(EVSE, live=LIVE_0A)
    flowing = replace(EVSE, live=replace(LIVE_0A, currents_a=(None, Decimal(7), None)))
    stale = replace(flowing, live=replace(flowing.live, at=PAUSED.since + 4 * SECOND))
    long_since = replace(PAUSED, since=NOW - QUIET_AFTER)
    assert sight(measured).empty
    assert not sight(flowing).empty
    assert not sight(replace(EVSE, live=replace(LIVE_0A, currents_a=(None,) * 3))).empty
    assert not sight(EVSE).empty
    assert not sight(stale).empty
    assert sight(EVSE, long_since).empty
    assert not sight(flowing, long_since).empty
    # The charger has not taken the pause, or none was decided.
    assert not sight(measured, period=None).empty
    assert not sight(measured, period=FLOOR).empty
    assert not sight(measured, replace(PAUSED, limit_a=Decimal(6))).empty
    # It took it only after an outage: what was measured or passed before says nothing.
    again = NOW - 6 * SECOND
    assert sight(replace(measured, applied_at=again)).empty
    assert not sight(replace(measured, applied_at=again + SECOND * 2)).empty
    assert not sight(replace(EVSE, applied_at=again), long_since).empty


def test_who_says_what_is_in_force() -> None:
    by_profile = replace(ON_ALL, by=PhaseSwitching.PROFILE)
    assert sight(EVSE).in_force == 3
    assert sight(EVSE, phasing=by_profile).in_force == 1
    assert sight(EVSE, phasing=by_profile, period=None).in_force is None


def test_only_what_is_measured_since_the_switch_counts() -> None:
    amps = (Decimal(10), Decimal(10), Decimal(10))
    draws = replace(EVSE, live=Live(at=NOW - SECOND, currents_a=amps))
    assert sight(draws, CHARGING).seen == (0, 1, 2)
    switched = replace(ON_ALL, step_at=NOW - 16 * SECOND)
    assert sight(draws, CHARGING, switched).seen == (0, 1, 2)
    assert sight(draws, CHARGING, replace(switched, step_at=NOW - 15 * SECOND)).seen == ()
    assert sight(replace(EVSE, live=Live()), CHARGING, switched).seen == ()


LOOK = timedelta(seconds=5)


@effort(max_examples=40)
@given(
    suns=st.lists(
        st.tuples(st.integers(0, 12000), st.integers(1, 90), st.sampled_from([SHINES, FREELY])),
        min_size=1,
        max_size=8,
    ),
    obeys_after=st.integers(0, 6),
    switches_after=st.integers(0, 4),
    per_hour=st.integers(0, 4),
)
def test_however_the_sun_shines(
    suns: list[tuple[int, int, Allotted]], obeys_after: int, switches_after: int, per_hour: int
) -> None:
    """Never under load, seldom, and on all phases in the end when there is plenty."""
    settings = replace(SETTINGS, phase_switches_per_hour=per_hour)
    phasing, flowing, in_force = ON_ALL, 0, 3
    moments: list[datetime] = []
    asked_at = NOW
    now = NOW
    allowance = CHARGING
    # Plenty of sun for longer than an hour in the end.
    for left_w, looks, allotted in [*suns, (12000, 760, SHINES)]:
        for _ in range(looks):
            now += LOOK
            if phasing.step is PhaseStep.SWITCHING and now - asked_at > switches_after * LOOK:
                assert flowing == 0
                in_force = phasing.target
            seen = Sight(in_force, empty=flowing == 0 and not allowance.limit_a, seen=())
            wanted = wished(allowance, phasing, allotted, under(left_w), settings, SURPLUS)
            before, phasing = phasing, moved(EVSE, phasing, wanted, seen, settings, now)
            if phasing.step is PhaseStep.SWITCHING and before.step is PhaseStep.EMPTYING:
                assert flowing == 0
                moments.append(now)
                asked_at = now
            offered = phasing.step is PhaseStep.STEADY and left_w >= 1380
            plenty = left_w > 16 * 230 * phasing.phases
            kind = ReasonKind.CAR if plenty else ReasonKind.SUN
            allowance = replace(
                allowance, limit_a=Decimal(16 if offered else 0), reason=Reason(kind)
            )
            flowing = obeys_after if offered else max(flowing - 1, 0)
    assert (phasing.phases, phasing.step) == (3, PhaseStep.STEADY)
    for first in moments:
        within = [each for each in moments if first <= each < first + timedelta(hours=1)]
        # One more, back to all phases, when power is not of the sun.
        assert len(within) <= per_hour + 1
