"""Charging profiles, with limits worked out by hand from OCPP 1.6 §3.13."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, strategies as st
import pytest

from .clock import stamp
from .profiles import Profile, parse_profile
from .stacking import Limit, Situation, Wiring, composite, limit_at, share

MONDAY_8 = datetime(2026, 1, 5, 8, tzinfo=UTC)
DEFAULT, TX, WHOLE = "TxDefaultProfile", "TxProfile", "ChargePointMaxProfile"


def profile(
    purpose: str,
    *limits: tuple[int, float],
    level: int = 0,
    connector: int = 1,
    unit: str = "A",
    kind: str = "Relative",
    phases: int | None = None,
    schedule: dict[str, Any] | None = None,
    **fields: object,
) -> Profile:
    """Make a profile of (start, limit) periods by way of its JSON."""
    extra = {} if phases is None else {"numberPhases": phases}
    periods = [{"startPeriod": start, "limit": limit, **extra} for start, limit in limits]
    payload = {
        "chargingProfileId": level * 100 + connector,
        "stackLevel": level,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": kind,
        "chargingSchedule": {
            "chargingRateUnit": unit,
            "chargingSchedulePeriod": periods,
            **(schedule or {}),
        },
        **fields,
    }
    return parse_profile(connector, payload)


def amps(
    profiles: list[Profile],
    at: float = 0,
    *,
    in_transaction: bool = True,
    anchor: datetime | None = MONDAY_8,
    window_rules: bool = False,
) -> float:
    """Return the limit that many hours after Monday, 8:00, when the transaction began."""
    situation = Situation(
        connector=1, anchor=anchor, in_transaction=in_transaction, window_rules=window_rules
    )
    return limit_at(profiles, situation, MONDAY_8 + timedelta(hours=at)).amps


def test_nothing_installed_means_what_the_hardware_can_do() -> None:
    assert amps([]) == 32.0


@pytest.mark.parametrize(
    ("default", "transaction", "whole", "expected"),
    [
        (16.0, None, None, 16.0),
        (16.0, 10.0, None, 10.0),
        (16.0, 20.0, None, 20.0),  # TxProfile overrules, it is no minimum of the two
        (16.0, 20.0, 12.0, 12.0),
        (16.0, None, 20.0, 16.0),
        (None, None, 9.0, 9.0),
        (16.0, 40.0, None, 32.0),
        (16.0, 0.0, None, 0.0),
    ],
)
def test_purposes_combine(
    default: float | None, transaction: float | None, whole: float | None, expected: float
) -> None:
    wanted = ((DEFAULT, default, 1), (TX, transaction, 1), (WHOLE, whole, 0))
    profiles = [
        profile(purpose, (0, limit), connector=connector)
        for purpose, limit, connector in wanted
        if limit is not None
    ]
    assert amps(profiles) == expected


def test_a_transaction_profile_means_nothing_outside_a_transaction() -> None:
    profiles = [profile(DEFAULT, (0, 16)), profile(TX, (0, 10))]
    assert amps(profiles, in_transaction=False) == 16.0


def test_the_highest_level_prevails_until_its_duration_is_over() -> None:
    live = profile(TX, (0, 20), level=2, schedule={"duration": 600})
    profiles = [profile(DEFAULT, (0, 6)), profile(TX, (0, 11), level=1), live]
    assert [amps(profiles, seconds / 3600) for seconds in (0, 599, 600)] == [20, 20, 11]


def test_read_literally_a_schedule_that_is_over_still_hides_the_levels_below() -> None:
    live = profile(TX, (0, 20), level=2, schedule={"duration": 600})
    profiles = [profile(DEFAULT, (0, 6)), profile(TX, (0, 11), level=1), live]
    assert amps(profiles, 1, window_rules=True) == 32.0
    expiring = profile(
        TX,
        (0, 20),
        level=2,
        schedule={"duration": 600},
        validTo=stamp(MONDAY_8 + timedelta(seconds=600)),
    )
    assert amps([*profiles[:2], expiring], 1, window_rules=True) == 11.0


def test_validity_bounds_a_level() -> None:
    upper = profile(
        DEFAULT,
        (0, 8),
        level=3,
        validFrom=stamp(MONDAY_8 + timedelta(hours=1)),
        validTo=stamp(MONDAY_8 + timedelta(hours=2)),
    )
    profiles = [profile(DEFAULT, (0, 16)), upper]
    assert [amps(profiles, hour) for hour in (0.99, 1, 1.99, 2)] == [16, 8, 8, 16]


def test_relative_periods_count_from_the_start_of_charging() -> None:
    profiles = [profile(TX, (0, 6), (1800, 16), (3600, 0))]
    assert [amps(profiles, hour) for hour in (0, 0.49, 0.5, 1, 9)] == [6, 6, 16, 0, 0]


def test_an_absolute_schedule_counts_from_its_own_start() -> None:
    schedule = {"startSchedule": "2026-01-05T09:00:00Z", "duration": 7200}
    profiles = [profile(DEFAULT, (0, 10), (3600, 20), kind="Absolute", schedule=schedule)]
    assert [amps(profiles, hour) for hour in (0.9, 1, 2, 3)] == [32, 10, 20, 32]


def test_an_absolute_schedule_without_start_is_relative_to_the_start_of_charging() -> None:
    profiles = [profile(DEFAULT, (0, 10), (3600, 20), kind="Absolute")]
    assert [amps(profiles, hour) for hour in (0, 1)] == [10, 20]
    assert amps(profiles, anchor=None) == 32


def test_daily_recurrence_leaves_gaps_to_the_level_below() -> None:
    night = profile(
        DEFAULT,
        (0, 32),
        level=1,
        kind="Recurring",
        recurrencyKind="Daily",
        schedule={"startSchedule": "2026-01-01T22:00:00Z", "duration": 28800},
    )
    profiles = [profile(DEFAULT, (0, 6)), night]
    assert [amps(profiles, hour) for hour in (0, 13.9, 14, 21.9, 22, 38)] == [6, 6, 32, 32, 6, 32]


def test_weekly_recurrence() -> None:
    monday_noon = {"startSchedule": "2025-12-29T12:00:00Z", "duration": 3600}
    weekly = profile(
        DEFAULT, (0, 9), kind="Recurring", recurrencyKind="Weekly", schedule=monday_noon
    )
    assert [amps([weekly], hour) for hour in (3.9, 4, 5, 28, 172)] == [32, 9, 32, 32, 9]


@pytest.mark.parametrize(
    ("watts", "phases", "wiring", "expected"),
    [
        (11040, None, Wiring(), Limit(amps=16.0, phases=3)),
        (3680, 1, Wiring(), Limit(amps=16.0, phases=1)),
        (3680, None, Wiring(phases=1), Limit(amps=16.0, phases=1)),
        (4140, None, Wiring(), Limit(amps=6.0, phases=3)),
    ],
)
def test_watts_become_amps_on_the_phases_meant(
    watts: float, phases: int | None, wiring: Wiring, expected: Limit
) -> None:
    installed = [profile(TX, (0, watts), unit="W", phases=phases)]
    situation = Situation(connector=1, wiring=wiring, anchor=MONDAY_8, in_transaction=True)
    assert limit_at(installed, situation, MONDAY_8) == expected


def test_a_connectors_own_default_wins_a_tie_with_the_one_for_all() -> None:
    own, shared = profile(DEFAULT, (0, 10)), profile(DEFAULT, (0, 20), connector=0)
    assert amps([own, shared]) == amps([shared, own]) == 10
    assert amps([own, profile(DEFAULT, (0, 20), connector=0, level=1)]) == 20
    assert amps([profile(DEFAULT, (0, 10), connector=2), shared]) == 20


def test_a_composite_schedule_is_the_minimum_of_the_purposes() -> None:
    installed = [
        profile(WHOLE, (0, 20), (3600, 10), connector=0, kind="Absolute"),
        profile(DEFAULT, (0, 16), (1800, 32)),
    ]
    situation = Situation(connector=1, anchor=MONDAY_8, in_transaction=True)
    steps = composite(installed, situation, MONDAY_8, 7200)
    assert [(start, limit.amps) for start, limit in steps] == [(0, 16), (1800, 20), (3600, 10)]


def test_a_composite_schedule_over_two_nights() -> None:
    night = profile(
        DEFAULT,
        (0, 8),
        kind="Recurring",
        recurrencyKind="Daily",
        schedule={"startSchedule": "2026-01-04T22:00:00Z", "duration": 3600},
    )
    steps = composite([night], Situation(connector=1), MONDAY_8, 48 * 3600)
    expected = [(0, 32), (14, 8), (15, 32), (38, 8), (39, 32)]
    assert [(start / 3600, limit.amps) for start, limit in steps] == expected


@pytest.mark.parametrize(
    ("total", "wishes", "expected"),
    [
        (32, [16, 16], [16, 16]),
        (20, [16, 16], [10, 10]),
        (20, [16, 6], [14, 6]),
        (9, [16, 6, 16], [3, 3, 3]),
        (0, [16], [0]),
    ],
)
def test_sharing(total: float, wishes: list[float], expected: list[float]) -> None:
    assert share(total, wishes) == expected


@given(st.floats(0, 200), st.lists(st.floats(0, 63), max_size=6))
def test_sharing_never_exceeds_the_total_or_a_wish(total: float, wishes: list[float]) -> None:
    shares = share(total, wishes)
    assert sum(shares) <= total + 1e-9
    assert all(got <= wish for got, wish in zip(shares, wishes, strict=True))
    assert sum(shares) == pytest.approx(min(total, sum(wishes)))
