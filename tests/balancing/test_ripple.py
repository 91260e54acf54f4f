"""What a ripple control receiver leaves."""

import pytest

from custom_components.ev_station.balancing.ripple import left_w


@pytest.mark.parametrize(
    ("percent", "left"), [(100, None), (120, None), (60, 13_200), (30, 6600), (0, 0), (-5, 0)]
)
def test_a_share_of_the_nominal_power_is_left(percent: int, left: int | None) -> None:
    assert left_w(22_000, percent) == left
