"""The meter: exact inside, whole watt-hours outside."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, strategies as st

from .meter import Meter, energy
from .truth import TrueSession

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_many_uneven_moments_add_up_exactly() -> None:
    meter = Meter()
    for _ in range(10_000):
        meter.add(energy(230.0, 48.0, 0.1) + energy(230.0, 2.0, 0.7))
    assert meter.delivered * 3600 == 10_000 * (1104 + 322)


def test_reads_whole_watt_hours_that_have_passed() -> None:
    meter = Meter(start_wh=Decimal("99.75"))
    meter.add(Decimal("0.24") * 3600)
    assert meter.reading == 99
    meter.add(Decimal("0.01") * 3600)
    assert meter.reading == 100


def test_rolls_over_without_losing_energy() -> None:
    meter = Meter(start_wh=Decimal(99_999_990), rollover_wh=Decimal(100_000_000))
    meter.add(Decimal(25 * 3600))
    assert (meter.reading, meter.delivered) == (15, Decimal(25))


def test_a_reset_shows_zero_and_keeps_the_truth() -> None:
    meter = Meter(start_wh=Decimal(500))
    meter.add(Decimal(100 * 3600))
    meter.reset()
    meter.add(Decimal("7.5") * 3600)
    assert (meter.reading, meter.delivered) == (7, Decimal("107.5"))


@given(st.lists(st.decimals(0, 100, places=9), max_size=50))
def test_never_loses_a_fraction(parts: list[Decimal]) -> None:
    meter = Meter()
    for part in parts:
        meter.add(part)
    assert meter.watt_seconds == sum(parts)
    assert meter.reading == sum(parts) // 3600


def test_the_truth_of_a_stretch_knows_pauses() -> None:
    session = TrueSession(connector=1, tag="T", start=NOON, meter_start=0)
    for minutes, wh in ((0, 0), (60, 1000), (120, 1000), (180, 1000), (240, 3000)):
        session.grew(NOON + timedelta(minutes=minutes), Decimal(wh))
    hours = [NOON + timedelta(hours=hour) for hour in range(5)]
    spans = [session.wh_between(*pair) for pair in pairwise(hours)]
    assert spans == [1000, 0, 0, 2000]
    assert session.wh_between(hours[0], NOON + timedelta(minutes=30)) == 500
