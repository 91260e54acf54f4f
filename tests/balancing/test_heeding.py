"""What a charger says of its limit, and what its car draws."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from custom_components.ev_station.balancing.heeding import drawn_above, is_above, is_below, said_a
from custom_components.ev_station.model.commands import (
    CommandStatus,
    SchedulePeriod,
    ScheduleResult,
)
from custom_components.ev_station.model.settings import EvseSettings
from custom_components.ev_station.model.state import Live

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
THREE, ONE = EvseSettings(evse=1), EvseSettings(evse=1, phases=1)


def told(
    *periods: tuple[int, str | int, int | None],
    watts: bool = False,
    start_at: datetime | None = None,
) -> ScheduleResult:
    """Return a schedule as the dialect reads it: W by 230 V and the phases told, else three."""
    return ScheduleResult(
        status=CommandStatus.ACCEPTED,
        watts=watts,
        start_at=start_at,
        periods=tuple(
            SchedulePeriod(
                start_s=start,
                limit_a=Decimal(limit) / (230 * (phases or 3) if watts else 1),
                phases=phases,
            )
            for start, limit, phases in periods
        ),
    )


@pytest.mark.parametrize(
    ("limit", "phases", "watts", "settings", "others", "should", "said"),
    [
        (10, None, False, THREE, 0, 10, 10),
        # Rounded down to whole A.
        (10, 3, False, THREE, 0, "10.9", 10),
        (16, None, False, THREE, 0, 10, 16),
        (6900, 3, True, THREE, 0, 10, 10),
        # W of an EVSE with one phase, of which the charger does not speak.
        (2300, None, True, ONE, 0, 10, 10),
        # It says one phase and means three.
        (6900, 1, True, THREE, 0, 10, 10),
        (11040, 3, True, THREE, 0, 10, 16),
        # Unlimited: what the EVSE can.
        (-1, None, False, THREE, 0, 10, 32),
        (-1, None, False, THREE, 0, 40, 40),
        # Of the whole charger, whose other EVSE has 6 A.
        (16, None, False, THREE, 6, 10, 10),
        (10, None, False, THREE, 6, 10, 10),
        (32, None, False, THREE, 6, 10, 26),
    ],
)
def test_of_all_it_may_mean_the_nearest_counts(
    limit: int,
    phases: int | None,
    watts: bool,
    settings: EvseSettings,
    others: int,
    should: str | int,
    said: int,
) -> None:
    answer = told((0, limit, phases), watts=watts)
    found = said_a(answer, settings, Decimal(should), Decimal(others), NOON)
    assert found is not None
    assert round(found, 6) == said


@pytest.mark.parametrize(
    ("began", "said"), [(None, 16), (0, 16), (-59, 16), (-60, 10), (-600, 10), (5, 16)]
)
def test_the_present_period_counts_by_the_chargers_own_clock(began: int | None, said: int) -> None:
    start = None if began is None else NOON + began * SECOND
    answer = told((60, 10, None), (0, 16, None), start_at=start)
    assert said_a(answer, THREE, Decimal(12), Decimal(0), NOON) == said


def test_a_schedule_may_say_nothing_or_begin_later() -> None:
    assert said_a(told(), THREE, Decimal(10), Decimal(0), NOON) is None
    assert said_a(told((5, 10, None)), THREE, Decimal(10), Decimal(0), NOON) == 10


def test_beyond_its_duration_it_says_nothing() -> None:
    answer = replace(told((0, 10, None), start_at=NOON), duration_s=60)
    for after, said in ((60, 10), (61, None)):
        assert said_a(answer, THREE, Decimal(10), Decimal(0), NOON + after * SECOND) == said


def test_an_ampere_is_no_difference() -> None:
    found = [
        (is_above(each, Decimal(10)), is_below(each, Decimal(10)))
        for each in map(Decimal, ("8.9", "9", "11", "11.1"))
    ]
    assert found == [(False, True), (False, False), (False, False), (True, False)]


def live(*amps: str | int | None, power: int | None = None, age: int = 0) -> Live:
    """Return a measurement of a minute after noon."""
    first, second, third = (None if each is None else Decimal(each) for each in amps)
    return Live(
        at=NOON + (60 - age) * SECOND,
        currents_a=(first, second, third),
        power_w=None if power is None else Decimal(power),
    )


@pytest.mark.parametrize(
    ("measured", "settings", "drawn"),
    [
        (live(16, 16, 16), THREE, 16),
        (live(16, 0, 0, power=3680), THREE, 16),
        (live(16, None, None), ONE, 16),
        # One ampere is no matter.
        (live(11, 11, 11), THREE, None),
        # A current of no phase may be the sum of three.
        (live(30, None, None), THREE, None),
        (live(None, None, None), ONE, None),
        # The power tells otherwise.
        (live(16, 16, 16, power=6900), THREE, None),
        (live(16, 16, 16, power=10500), THREE, 16),
        # Too soon after the limit was taken.
        (live(16, 16, 16, age=46), THREE, None),
        (live(16, 16, 16, age=45), THREE, 16),
        (Live(), THREE, None),
    ],
)
def test_a_car_above_its_limit(measured: Live, settings: EvseSettings, drawn: int | None) -> None:
    now = NOON + 60 * SECOND
    assert drawn_above(measured, settings, Decimal(10), NOON, now) == drawn


def test_an_old_measurement_tells_nothing() -> None:
    late = NOON + 60 * SECOND + timedelta(minutes=3)
    assert drawn_above(live(16, 16, 16), THREE, Decimal(10), NOON, late) == 16
    assert drawn_above(live(16, 16, 16), THREE, Decimal(10), NOON, late + SECOND) is None
