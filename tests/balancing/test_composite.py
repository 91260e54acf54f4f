"""What profiles add up to: by hand from OCPP 1.6 §3.13, and as the simulated charge point reckons."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.balancing.composite import Limit, Situation, composite, limit_at
from custom_components.ev_station.model.commands import (
    ChargingProfile,
    ProfilePurpose,
    SchedulePeriod,
)
from tests.simulator import profiles as theirs, stacking
from tests.simulator.vocabulary import Kind, Purpose, Unit

EIGHT = datetime(2026, 1, 5, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
MAX, DEFAULT, TX = ProfilePurpose.CHARGER_MAX, ProfilePurpose.TX_DEFAULT, ProfilePurpose.TX
CHARGING = Situation(max_current_a=Decimal(32), transaction=7, began_at=EIGHT)
IDLE = Situation(max_current_a=Decimal(32), began_at=EIGHT)


def profile(
    purpose: ProfilePurpose,
    *limits: tuple[int, int],
    level: int = 0,
    phases: int | None = None,
    **more: Any,
) -> ChargingProfile:
    """Return a profile of (start, limit) periods."""
    periods = tuple(
        SchedulePeriod(start_s=start, limit_a=Decimal(limit), phases=phases)
        for start, limit in limits
    )
    return ChargingProfile(purpose=purpose, stack_level=level, periods=periods, **more)


def amps(
    *profiles: ChargingProfile, after: timedelta = timedelta(0), situation: Situation = CHARGING
) -> int:
    """Return the limit so long after eight, when the transaction began."""
    return int(limit_at(profiles, situation, EIGHT + after).amps)


def test_nothing_installed_means_what_the_evse_can_do() -> None:
    assert limit_at((), CHARGING, EIGHT) == Limit(amps=Decimal(32), phases=3)


@pytest.mark.parametrize(
    ("default", "transaction", "whole", "expected"),
    [
        (16, None, None, 16),
        (16, 10, None, 10),
        # §3.13.1: TxProfile overrules TxDefaultProfile, it is no minimum of the two
        (16, 20, None, 20),
        # §3.13.4: the least of ChargePointMaxProfile and that
        (16, 20, 12, 12),
        (16, None, 20, 16),
        (None, None, 9, 9),
        (16, 40, None, 32),
        (16, 0, None, 0),
    ],
)
def test_purposes_combine(
    default: int | None, transaction: int | None, whole: int | None, expected: int
) -> None:
    told = ((DEFAULT, default), (TX, transaction), (MAX, whole))
    found = [
        profile(purpose, (0, limit), start_at=EIGHT) for purpose, limit in told if limit is not None
    ]
    assert amps(*found) == expected


def test_a_profile_for_a_transaction_holds_for_that_alone() -> None:
    floor = profile(DEFAULT, (0, 16))
    assert amps(floor, profile(TX, (0, 10), transaction=7)) == 10
    assert amps(floor, profile(TX, (0, 10), transaction=6)) == 16
    assert amps(floor, profile(TX, (0, 10))) == 10
    assert amps(floor, profile(TX, (0, 10)), situation=IDLE) == 16


@pytest.mark.parametrize("ends", [{"duration_s": 3600}, {"valid_to": EIGHT + HOUR}])
def test_the_highest_level_prevails_until_it_ends(ends: dict[str, Any]) -> None:
    live = profile(TX, (0, 20), level=2, start_at=EIGHT, **ends)
    stack = (profile(DEFAULT, (0, 6)), profile(TX, (0, 11), level=1), live)
    second = timedelta(seconds=1)
    assert [amps(*stack, after=after) for after in (0 * HOUR, HOUR - second, HOUR)] == [20, 20, 11]
    assert amps(stack[0], live, after=HOUR) == 6


def test_a_schedule_holds_from_its_start_on_else_from_the_transactions() -> None:
    periods = ((0, 10), (3600, 20), (7200, 0))
    at_nine = profile(DEFAULT, *periods, start_at=EIGHT + HOUR)
    assert [amps(at_nine, after=HOUR * each) for each in (0, 1, 2, 3, 9)] == [32, 10, 20, 0, 0]
    relative = profile(TX, *periods)
    assert [amps(relative, after=HOUR * each) for each in (0, 1, 2, 9)] == [10, 20, 0, 0]
    never = Situation(max_current_a=Decimal(32), transaction=7)
    assert amps(relative, after=HOUR, situation=never) == 32
    assert len(composite((relative,), never, EIGHT, 9 * HOUR)) == 1
    late = profile(DEFAULT, (1800, 10), start_at=EIGHT)
    assert [amps(late, after=HOUR * each / 2) for each in (0, 1)] == [32, 10]


def test_phases_are_the_fewest_of_all() -> None:
    one = profile(DEFAULT, (0, 16), phases=1)
    three = profile(TX, (0, 10), phases=3, start_at=EIGHT)
    whole = profile(MAX, (0, 20), phases=2, start_at=EIGHT)
    assert limit_at((one,), CHARGING, EIGHT) == Limit(amps=Decimal(16), phases=1)
    assert limit_at((one, three), CHARGING, EIGHT) == Limit(amps=Decimal(10), phases=3)
    assert limit_at((one, three, whole), CHARGING, EIGHT) == Limit(amps=Decimal(10), phases=2)
    single = Situation(max_current_a=Decimal(32), phases=1, transaction=7, began_at=EIGHT)
    assert limit_at((three,), single, EIGHT).phases == 1


def test_a_schedule_has_a_period_for_each_change() -> None:
    floor = profile(DEFAULT, (0, 6))
    live = profile(
        TX,
        (0, 16),
        level=2,
        start_at=EIGHT,
        duration_s=240,
        valid_to=EIGHT + timedelta(seconds=240),
    )
    plan = profile(TX, (0, 16), (600, 10), level=1, start_at=EIGHT)
    start = EIGHT + timedelta(seconds=60)

    def told(*profiles: ChargingProfile) -> list[tuple[int, int]]:
        found = composite(profiles, CHARGING, start, timedelta(minutes=15))
        return [(period.start_s, int(period.limit_a)) for period in found]

    assert told() == [(0, 32)]
    assert told(floor, live) == [(0, 16), (180, 6)]
    # The plan goes on with what the live limit said.
    assert told(floor, live, plan) == [(0, 16), (540, 10)]


@st.composite
def profile_sets(draw: st.DrawFn) -> list[ChargingProfile]:
    """Return profiles in different places of the stack."""
    places = draw(
        st.lists(
            st.tuples(st.sampled_from(ProfilePurpose), st.integers(0, 3)), unique=True, max_size=6
        )
    )
    found = []
    for purpose, level in places:
        starts = sorted(draw(st.sets(st.integers(1, 7200), max_size=3)))
        limits = [(start, draw(st.integers(0, 40))) for start in (0, *starts)]
        begins = st.integers(-3600, 3600).map(lambda each: EIGHT + timedelta(seconds=each))
        start = draw(begins if purpose is MAX else st.none() | begins)
        found.append(
            profile(
                purpose,
                *limits,
                level=level,
                phases=draw(st.none() | st.integers(1, 3)),
                start_at=start,
                duration_s=draw(st.none() | st.integers(1, 7200)),
                valid_to=draw(st.none() | begins),
            )
        )
    return found


_PURPOSES = {MAX: Purpose.CHARGE_POINT_MAX, DEFAULT: Purpose.TX_DEFAULT, TX: Purpose.TX}


def installed(number: int, ours: ChargingProfile, *, watts: bool) -> theirs.Profile:
    """Return a profile as the simulated charge point keeps it; in W it is told for all its phases together."""
    return theirs.Profile(
        id=number,
        connector=0 if ours.purpose is MAX else 1,
        stack_level=ours.stack_level,
        purpose=_PURPOSES[ours.purpose],
        kind=Kind.RELATIVE if ours.start_at is None else Kind.ABSOLUTE,
        unit=Unit.WATT if watts else Unit.AMPERE,
        periods=tuple(
            theirs.Period(
                start=period.start_s,
                limit=float(period.limit_a) * (230 * (period.phases or 3) if watts else 1),
                phases=period.phases,
            )
            for period in ours.periods
        ),
        valid_to=ours.valid_to,
        start_schedule=ours.start_at,
        duration=None if ours.duration_s is None else timedelta(seconds=ours.duration_s),
    )


@given(profile_sets(), st.booleans(), st.booleans(), st.integers(-1800, 7200))
def test_the_simulated_charge_point_reckons_alike(
    profiles: list[ChargingProfile], in_transaction: bool, watts: bool, second: int
) -> None:
    start = EIGHT + timedelta(seconds=second)
    ours = composite(profiles, CHARGING if in_transaction else IDLE, start, HOUR)
    situation = stacking.Situation(connector=1, anchor=EIGHT, in_transaction=in_transaction)
    kept = [installed(number, each, watts=watts) for number, each in enumerate(profiles)]
    expected = stacking.composite(kept, situation, start, 3600)
    assert [(period.start_s, float(period.limit_a), period.phases) for period in ours] == [
        (begins, pytest.approx(limit.amps), limit.phases) for begins, limit in expected
    ]
