"""Price series: what was in force stays, what comes replaces, what nobody said is estimated."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.model.tariff import PriceInterval, PriceSeries
from custom_components.ev_station.tariff.prices import KEPT, Price, merge, price_at, unknown

from .oracle import utc

NOON = utc(2026, 11, 23, 12)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUARTER = timedelta(minutes=15)


def series(*intervals: tuple[float, float, int]) -> PriceSeries:
    """Return a series of (begin and end in hours after noon, price)."""
    return PriceSeries(
        tariff="spot",
        intervals=tuple(
            PriceInterval(start=NOON + HOUR * start, end=NOON + HOUR * end, price=Decimal(price))
            for start, end, price in intervals
        ),
    )


@pytest.mark.parametrize(
    ("hours", "price"),
    [
        (0, Price(Decimal(5))),
        (0.99, Price(Decimal(5))),
        (1, Price(Decimal(-7))),
        (2, None),
        (-0.01, None),
        # The same hour of the last days
        (24, Price(Decimal(5), estimated=True)),
        (25.5, Price(Decimal(-7), estimated=True)),
        (24 * 7 + 0.5, Price(Decimal(5), estimated=True)),
        (24 * 8 + 0.5, None),
        (26, None),
    ],
)
def test_the_price_at_a_moment(hours: float, price: Price | None) -> None:
    assert price_at(series((0, 1, 5), (1, 2, -7)), NOON + HOUR * hours) == price


def test_no_series_no_price() -> None:
    assert price_at(None, NOON) is None
    assert price_at(series(), NOON) is None


def test_the_last_of_the_days_before_counts() -> None:
    found = price_at(series((-48, -47, 1), (-24, -23, 2)), NOON)
    assert found == Price(Decimal(2), estimated=True)


@pytest.mark.parametrize(
    ("known", "news", "merged"),
    [
        ([], [(0, 1, 1)], [(0, 1, 1)]),
        # To come: replaced
        ([(1, 2, 1), (2, 3, 1)], [(2, 3, 9)], [(1, 2, 1), (2, 3, 9)]),
        ([(1, 4, 1)], [(2, 3, 9)], [(1, 2, 1), (2, 3, 9), (3, 4, 1)]),
        ([(1, 2, 1)], [(0, 4, 9)], [(0, 4, 9)]),
        # In force or over: a fact
        ([(-2, -1, 1)], [(-2, -1, 9)], [(-2, -1, 1)]),
        ([(-1, 2, 1)], [(-1, 2, 9)], [(-1, 0, 1), (0, 2, 9)]),
        # Over and unknown: filled in
        ([(-2, -1, 1)], [(-4, 0, 9)], [(-4, -2, 9), (-2, -1, 1), (-1, 0, 9)]),
        ([(-4, -3, 1), (-2, -1, 2)], [(-3, -2, 9)], [(-4, -3, 1), (-3, -2, 9), (-2, -1, 2)]),
        # Neighbours of one price are one
        ([(1, 2, 1)], [(2, 3, 1)], [(1, 3, 1)]),
        # Told in any order, and twice
        ([], [(2, 3, 1), (0, 1, 2), (0, 1, 3)], [(0, 1, 2), (2, 3, 1)]),
        ([], [(0, 2, 1), (1, 3, 2)], [(0, 2, 1), (2, 3, 2)]),
        # Of no length
        ([], [(1, 1, 5), (2, 1, 5)], []),
    ],
)
def test_merging(
    known: list[tuple[float, float, int]],
    news: list[tuple[float, float, int]],
    merged: list[tuple[float, float, int]],
) -> None:
    assert merge(series(*known), series(*news), NOON) == series(*merged)


def test_the_first_word_of_a_source() -> None:
    assert merge(None, series((0, 1, 5)), NOON) == series((0, 1, 5))


def test_what_is_old_is_dropped() -> None:
    days = KEPT / HOUR
    found = merge(series((-days - 5, -days + 1, 1)), series((-days - 9, -days - 8, 2)), NOON)
    assert found == series((-days, -days + 1, 1))


def told(hours: st.SearchStrategy[int]) -> st.SearchStrategy[list[tuple[float, float, int]]]:
    """Return intervals on quarters of an hour, in any order, overlapping or not."""
    return st.lists(
        st.tuples(hours, st.integers(0, 12), st.integers(-3, 3)).map(
            lambda found: (found[0] / 4, found[0] / 4 + found[1] / 4, found[2])
        ),
        max_size=8,
    )


def quarters(found: PriceSeries, first: int, last: int) -> list[Decimal | None]:
    """Return the price in the middle of each quarter of an hour."""
    prices = []
    for number in range(first, last):
        moment = NOON + QUARTER * number + QUARTER / 2
        inside = [each.price for each in found.intervals if each.start <= moment < each.end]
        prices.append(inside[0] if inside else None)
    return prices


def quarters_told(
    news: list[tuple[float, float, int]], first: int, last: int
) -> list[Decimal | None]:
    """Return the price of each quarter as a source told it; where it told two, that which begins first."""
    prices = dict[int, Decimal]()
    for start, end, price in sorted(news, key=lambda told: told[0]):
        for number in range(int(start * 4), int(end * 4)):
            prices.setdefault(number, Decimal(price))
    return [prices.get(number) for number in range(first, last)]


@given(st.lists(told(st.integers(-40, 40)), max_size=4), st.integers(0, 20))
def test_the_past_is_never_rewritten_and_the_future_is_the_last_word(
    readings: list[list[tuple[float, float, int]]], step: int
) -> None:
    known, now = series(), NOON - 20 * QUARTER
    for news in readings:
        passed = (now - NOON) // QUARTER
        before_known, before_fresh = quarters(known, -60, 60), quarters_told(news, -60, 60)
        known = merge(known, series(*news), now)
        for number, price in enumerate(quarters(known, -60, 60), -60):
            old, new = before_known[number + 60], before_fresh[number + 60]
            first, second = (old, new) if number < passed else (new, old)
            assert price == (second if first is None else first)
        assert_orderly(known)
        now += step * QUARTER


def assert_orderly(found: PriceSeries) -> None:
    """Sorted, without overlap, each of some length, neighbours of one price made one."""
    for each in found.intervals:
        assert each.start < each.end
    for one, other in pairwise(found.intervals):
        assert one.end <= other.start
        assert one.end < other.start or one.price != other.price


def test_two_months_of_quarters_are_merged_in_no_time() -> None:
    days = 60
    old = [(n / 4 - 24 * days, n / 4 - 24 * days + 0.25, n % 7) for n in range(96 * days)]
    known = series(*old)
    found = known
    for _ in range(20):
        found = merge(found, series(*old[-192:], *((n, n + 1, 5) for n in range(36))), NOON)
    assert quarters(found, -96, 0) == quarters(known, -96, 0)


@pytest.mark.parametrize(
    ("news", "told"),
    [
        ((0, 1, 2), False),
        ((0, 2, 2), False),
        ((0.5, 1.5, 2), False),
        ((0, 3, 2), True),
        ((1, 3, 2), True),
        ((0, 1, 3), True),
        ((5, 6, 2), True),
        ((3, 4, 4), False),
        # What is past changes nothing where a price was known.
        ((-2, -1, 5), False),
        ((-2, 0, 5), True),
        ((-2, 1, 2), False),
        ((-4, -3, 5), True),
    ],
)
def test_what_is_known_already_is_not_told_anew(news: tuple[float, float, int], told: bool) -> None:
    known = series((-2, -1, 1), (0, 1, 2), (1, 2, 2), (3, 4, 4))
    fresh = series(news).intervals
    assert unknown(known, fresh, NOON) == (fresh if told else ())
    assert unknown(None, fresh, NOON) == fresh
