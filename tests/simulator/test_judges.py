"""The judges of the simulator, held to IEC 60898-1, table 7, and to the sky over Berlin."""

from datetime import UTC, datetime, timedelta
import math

import pytest

from .breaker import Breaker
from .household import Household
from .strain import Strain
from .sunlight import Roof, Sky, clear_sky, sun_at


def seconds_to_trip(share: float, *, most: int = 7200, warm: bool = False) -> int | None:
    """Return after how many seconds a breaker trips, if it does."""
    breaker = Breaker()
    if warm:
        breaker.carry(1.13, 3600)
    for second in range(1, most):
        breaker.carry(share, 1)
        if breaker.tripped:
            return second
    return None


def test_it_bears_little_more_for_good_and_trips_in_an_hour_at_half_as_much_again() -> None:
    assert seconds_to_trip(1.13) is None
    after = seconds_to_trip(1.45, warm=True)
    assert after is not None
    assert after < 3600


def test_two_and_a_half_times_trips_it_in_one_to_sixty_seconds() -> None:
    after = seconds_to_trip(2.55)
    assert after is not None
    assert 1 < after < 60


def test_its_coil_is_that_of_the_quickest_type() -> None:
    assert seconds_to_trip(3.0) != 1
    assert seconds_to_trip(3.01) == 1


@pytest.mark.parametrize(
    ("amps", "cars", "limit", "seconds", "late"),
    [
        (28, 6, 25, 269, 0),
        (28, 6, 25, 271, 1),
        (28, 0, 25, 999, 0),
        (25, 6, 25, 999, 0),
        (45, 6, 25, 31, 1),
        (18, 6, 16, 14, 0),
        (18, 6, 16, 16, 1),
        (1, 1, 0, 16, 1),
    ],
)
def test_a_limit_may_be_exceeded_for_as_long_as_promised(
    amps: float, cars: float, limit: float, seconds: int, late: int
) -> None:
    strain = Strain()
    for _ in range(seconds):
        strain.feel(amps, cars, limit, 25, 1)
    assert strain.violations == late


def test_the_sun_stands_where_it_should() -> None:
    # Berlin, 2026-06-21: culmination at 13:08 summer time, 61 degrees high (90 - 52.5 + 23.4).
    elevation, azimuth = sun_at(datetime(2026, 6, 21, 11, 8, tzinfo=UTC))
    assert math.degrees(elevation) == pytest.approx(60.9, abs=0.5)
    assert math.degrees(azimuth) == pytest.approx(0, abs=1.5)
    # Sunrise at 04:43 summer time; the model knows no refraction.
    assert math.degrees(sun_at(datetime(2026, 6, 21, 2, 48, tzinfo=UTC))[0]) == pytest.approx(
        0, abs=0.7
    )
    assert clear_sky(datetime(2026, 12, 21, 22, tzinfo=UTC)) == 0
    assert 850 < clear_sky(datetime(2026, 6, 21, 11, 8, tzinfo=UTC)) < 1100


def test_clouds_shade_the_roof() -> None:
    noon = datetime(2026, 4, 14, 11, tzinfo=UTC)
    clear = Roof(1, 9000, sky=Sky.CLEAR)(noon)
    assert clear == Roof(2, 9000, sky=Sky.CLEAR)(noon)
    assert Roof(1, 9000, sky=Sky.OVERCAST)(noon) < clear / 2


def test_a_household_uses_what_households_use() -> None:
    home, start = Household(3, heat_pump_a=0), datetime(2026, 6, 1, tzinfo=UTC)
    minutes = [start + timedelta(minutes=number) for number in range(28 * 24 * 60)]
    kwh_a_day = sum(sum(home(each)) for each in minutes) * 230 / 60 / 1000 / 28
    assert 15 < kwh_a_day < 30
    heated = Household(3)
    january = [datetime(2026, 1, 15, tzinfo=UTC) + timedelta(minutes=each) for each in range(1440)]
    assert sum(sum(heated(each)) for each in january) > 1.3 * sum(
        sum(home(each)) for each in january
    )
