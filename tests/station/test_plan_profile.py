"""A plan as a charging profile."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.model.commands import ChargingProfile, ProfilePurpose
from custom_components.ev_station.model.plan import PlanPeriod
from custom_components.ev_station.station.plan_profile import plan_profile, still_plans

NOW = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
AHEAD = timedelta(hours=5)
"""Of the charger's clock."""


def hour(number: float) -> datetime:
    """Return a moment some hours after ten in the evening."""
    return datetime(2026, 11, 23, 22, tzinfo=UTC) + timedelta(hours=number)


def periods(*turns: tuple[float, float, float]) -> tuple[PlanPeriod, ...]:
    """Return periods from hour to hour."""
    return tuple(
        PlanPeriod(hour(start), hour(end), Decimal(str(limit)), 3) for start, end, limit in turns
    )


NIGHT = periods((0, 3, 0), (3, 5, 16), (5, 6, 0), (6, 6.5, 10.5))


def uploaded(
    ahead: tuple[PlanPeriod, ...] = NIGHT,
    *,
    floor: int = 8,
    now: datetime = NOW,
    owner: int = 32,
    transaction: int = 7,
    phases: int | None = None,
    picked: bool = False,
    most: int = 24,
) -> ChargingProfile:
    """Return the profile of a charger whose clock is five hours ahead."""
    return plan_profile(
        ahead,
        Decimal(floor),
        transaction,
        now,
        now + AHEAD,
        owner_a=Decimal(owner),
        phases=phases,
        picked=picked,
        most_periods=most,
    )


def said(profile: ChargingProfile) -> list[tuple[int, Decimal]]:
    """Return seconds and A."""
    return [(each.start_s, each.limit_a) for each in profile.periods]


def test_it_counts_by_the_chargers_clock_and_ends_with_the_floor() -> None:
    found = uploaded()
    assert (found.purpose, found.stack_level, found.transaction) == (ProfilePurpose.TX, 1, 7)
    # It begins a minute ago: half past ten here is half past three there.
    assert found.start_at == datetime(2026, 11, 24, 3, 29, tzinfo=UTC)
    assert (found.duration_s, found.valid_to) == (None, None)
    # One in the morning is 2.5 h off, and the minute.
    assert said(found) == [
        (0, Decimal(0)),
        (9060, Decimal(16)),
        (16260, Decimal(0)),
        (19860, Decimal("10.5")),
        (21660, Decimal(8)),
    ]
    assert {each.phases for each in found.periods} == {None}


def test_what_is_past_is_left_out_and_a_plan_that_is_over_is_the_floor() -> None:
    assert said(uploaded(now=hour(5.5))) == [
        (0, Decimal(0)),
        (1860, Decimal("10.5")),
        (3660, Decimal(8)),
    ]
    assert said(uploaded(now=hour(7))) == [(0, Decimal(8))]
    assert said(uploaded(())) == [(0, Decimal(8))]


def test_the_owner_stays_on_top() -> None:
    assert [limit for _, limit in said(uploaded(owner=10))] == [0, 10, 0, 10, 8]
    assert said(uploaded(owner=0)) == [(0, Decimal(0))]


def test_the_phases_are_said_in_every_period() -> None:
    assert {each.phases for each in uploaded(phases=1).periods} == {1}


def test_phases_that_a_plan_picked_change_only_when_nothing_flows() -> None:
    ahead = (
        PlanPeriod(hour(0), hour(1), Decimal(10), 1),
        PlanPeriod(hour(1), hour(2), Decimal(16), 3),
        PlanPeriod(hour(2), hour(3), Decimal(0), 1),
        PlanPeriod(hour(3), hour(4), Decimal(8), 1),
        PlanPeriod(hour(4), hour(5), Decimal(12), 1),
    )
    found = uploaded(ahead, phases=1, picked=True)
    # From half past ten on; a minute is added, for it begins a minute ago.
    assert [(each.start_s, int(each.limit_a), each.phases) for each in found.periods] == [
        (0, 10, 1),
        (1860, 0, 1),
        (1920, 16, 3),
        (5460, 0, 3),
        (9060, 8, 1),
        (12660, 12, 1),
        (16260, 8, 1),
    ]
    # It draws on all at this moment: a minute's pause, then one.
    now = uploaded(ahead[:1], phases=3, picked=True)
    assert [(each.start_s, int(each.limit_a), each.phases) for each in now.periods] == [
        (0, 0, 3),
        (120, 10, 1),
        (1860, 8, 1),
    ]
    # What ends before the pause is over is left out.
    late = uploaded(ahead[:1], phases=3, picked=True, now=hour(1) - timedelta(seconds=40))
    assert [(each.start_s, int(each.limit_a), each.phases) for each in late.periods] == [
        (0, 0, 3),
        (100, 8, 3),
    ]


@given(
    turns=st.lists(
        st.tuples(st.sampled_from((0, 6, 16)), st.sampled_from((1, 3))), min_size=1, max_size=8
    ),
    phases=st.sampled_from((1, 3)),
    most=st.integers(2, 12),
)
def test_no_period_changes_the_phases_under_load(
    turns: list[tuple[int, int]], phases: int, most: int
) -> None:
    ahead = tuple(
        PlanPeriod(hour(t / 4), hour((t + 1) / 4), Decimal(limit), on)
        for t, (limit, on) in enumerate(turns)
    )
    found = uploaded(ahead, now=hour(0), phases=phases, picked=True, most=most)
    before = (phases, 1)
    for each in found.periods:
        # Phases change after a pause.
        assert each.phases == before[0] or not before[1]
        before = (each.phases or 0, int(each.limit_a))
    for t, (limit, on) in enumerate(turns):
        begun = [each for each in found.periods if each.start_s <= t * 900 + 60 + 90]
        assert begun[-1].limit_a * (begun[-1].phases or 0) <= limit * on


@pytest.mark.parametrize(
    ("most", "limits"),
    [
        (5, [(0, 0), (9060, 16), (16260, 0), (19860, "10.5"), (21660, 8)]),
        # Half an hour at 10.5 A is less than two at 16 A. The floor stays.
        (4, [(0, 0), (9060, 16), (16260, 0), (21660, 8)]),
        (2, [(0, 0), (21660, 8)]),
        (1, [(0, 0), (21660, 8)]),
    ],
)
def test_a_charger_that_takes_fewer_periods_gets_less_never_more(
    most: int, limits: list[tuple[int, str | int]]
) -> None:
    assert said(uploaded(most=most)) == [(start, Decimal(limit)) for start, limit in limits]


@given(
    limits=st.lists(st.integers(0, 32), min_size=1, max_size=12),
    floor=st.integers(0, 16),
    most=st.integers(1, 12),
)
def test_shortened_it_is_never_above_the_plan(limits: list[int], floor: int, most: int) -> None:
    ahead = periods(*((t, t + 1, limit) for t, limit in enumerate(limits)))
    found = plan_profile(
        ahead, Decimal(floor), 7, hour(0), hour(0), owner_a=Decimal(32), most_periods=most
    )
    assert len(found.periods) <= max(2, most)
    for t, limit in enumerate([*limits, floor]):
        elapsed = t * 3600 + 60
        begun = [each.limit_a for each in found.periods if each.start_s <= elapsed]
        assert begun[-1] <= limit


def later(minutes: float) -> datetime:
    """Return a moment after the plan was sent."""
    return NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize("minutes", [0, 1, 100, 151, 300, 500])
def test_the_same_plan_stays_however_often_it_is_made_anew(minutes: float) -> None:
    now = later(minutes)
    assert still_plans(uploaded(), uploaded(now=now), now + AHEAD)


@pytest.mark.parametrize(
    ("changes", "minutes", "stays"),
    [
        ({"transaction": 8}, 0, False),
        ({"phases": 1}, 0, False),
        ({"floor": 10}, 0, True),
        ({"floor": 10}, 14, True),
        ({"floor": 10}, 15, False),
        # Now: at once.
        ({"ahead": periods((0, 3, 6), (3, 5, 16))}, 1, False),
        # The turn at one in the morning is no longer in the hour to come, or is.
        ({"ahead": periods((0, 4, 0), (4, 6, 16))}, 10, True),
        ({"ahead": periods((0, 1, 0), (1, 3, 16))}, 10, False),
    ],
)
def test_a_change_soon_is_written_at_once_a_later_one_can_wait(
    changes: dict[str, Any], minutes: float, stays: bool
) -> None:
    now = later(minutes)
    new = uploaded(now=now, **changes)
    assert still_plans(uploaded(), new, now + AHEAD) is stays


@pytest.mark.parametrize("ahead", [timedelta(hours=4), timedelta(hours=6)])
def test_a_clock_that_was_set_makes_it_anew(ahead: timedelta) -> None:
    """Five hours ahead before: what it holds comes an hour late, or early."""
    new = plan_profile(NIGHT, Decimal(8), 7, NOW, NOW + ahead, owner_a=Decimal(32))
    assert not still_plans(uploaded(), new, NOW + ahead)


def test_a_plan_without_a_beginning_is_none_of_ours() -> None:
    assert not still_plans(replace(uploaded(), start_at=None), uploaded(), NOW + AHEAD)
