"""Energy over time: rising, exact at its ends, and the same however it is cut."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.model.curve import Curve, CurvePoint

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def curve(*points: tuple[float, str | int]) -> Curve:
    """Return a curve of (minutes after noon, Wh)."""
    return Curve(tuple(CurvePoint(NOON + MINUTE * at, Decimal(energy)) for at, energy in points))


@st.composite
def curves(draw: st.DrawFn) -> Curve:
    """Return any curve: steps, flat stretches, many decimals."""
    moments = sorted(draw(st.lists(st.integers(0, 10**9), min_size=1, max_size=8)))
    rises = draw(
        st.lists(st.decimals(0, 10**6, places=6), min_size=len(moments), max_size=len(moments))
    )
    energy, points = Decimal(0), []
    for moment, rise in zip(moments, rises, strict=True):
        energy += rise
        points.append(CurvePoint(NOON + timedelta(microseconds=moment), energy))
    return Curve(tuple(points))


MOMENTS = st.integers(-(10**8), 11 * 10**8).map(lambda tick: NOON + timedelta(microseconds=tick))


@pytest.mark.parametrize(
    ("minutes", "energy"),
    [(-1, 0), (0, 0), (5, 50), (10, 100), (15, 100), (20, 100), (25, 350), (30, 700), (99, 700)],
)
def test_energy_at(minutes: int, energy: int) -> None:
    """100 Wh in 10 min, a pause, 500 Wh in 10 min and a step of 100 Wh at the end."""
    found = curve((0, 0), (10, 100), (20, 100), (30, 600), (30, 700))
    assert found.energy_at(NOON + minutes * MINUTE) == energy
    assert (found.start, found.end, found.total_wh) == (NOON, NOON + 30 * MINUTE, 700)


def test_energy_between_two_points_is_to_a_thousandth() -> None:
    third = curve((0, 0), (3, 1)).energy_at(NOON + MINUTE)
    assert third == Decimal("0.333")


@given(curves(), st.lists(MOMENTS, min_size=2, max_size=20))
def test_energy_never_falls_and_stays_between_its_ends(
    found: Curve, moments: list[datetime]
) -> None:
    energies = [found.energy_at(moment) for moment in sorted(moments)]
    assert energies == sorted(energies)
    assert all(0 <= energy <= found.total_wh for energy in energies)


@given(curves(), st.lists(MOMENTS, max_size=20))
def test_cut_anywhere_the_parts_are_the_whole(found: Curve, cuts: list[datetime]) -> None:
    moments = [found.start - MINUTE, *sorted(cuts), found.end + 100 * MINUTE]
    parts = [found.energy_at(end) - found.energy_at(start) for start, end in pairwise(moments)]
    assert sum(parts) == found.total_wh
    assert all(part >= 0 for part in parts)


@given(curves(), MOMENTS)
def test_energy_is_on_the_straight_line_between_two_points(found: Curve, moment: datetime) -> None:
    for low, high in pairwise(found.points):
        if low.at < moment < high.at:
            share = Fraction(
                (moment - low.at) // timedelta(microseconds=1),
                (high.at - low.at) // timedelta(microseconds=1),
            )
            line = Fraction(low.energy_wh) + share * Fraction(high.energy_wh - low.energy_wh)
            assert abs(Fraction(found.energy_at(moment)) - line) <= Fraction(1, 2000)


@pytest.mark.parametrize(
    ("minutes", "interpolated"),
    [
        (-1, False),
        (0, False),
        (5, True),
        (10, False),
        (15, False),
        (25, True),
        (30, False),
        (31, False),
    ],
)
def test_interpolated_is_what_flowed_where_nobody_looked(minutes: int, interpolated: bool) -> None:
    found = curve((0, 0), (10, 100), (20, 100), (30, 600))
    assert found.is_interpolated(NOON + minutes * MINUTE) == interpolated
