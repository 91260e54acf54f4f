"""What § 14a EnWG leaves controllable devices, by hand: 4.2 kW each, or the formula for a pool."""

import pytest

from custom_components.ev_station.balancing.dimming import others_w, pooled_w
from custom_components.ev_station.model.grid import GridSettings


@pytest.mark.parametrize(
    ("devices", "kw"),
    [
        (0, 4.2),
        (1, 4.2),
        (2, 4.2 + 0.8 * 4.2),
        (3, 4.2 + 2 * 0.75 * 4.2),
        (4, 4.2 + 3 * 0.7 * 4.2),
        (5, 4.2 + 4 * 0.65 * 4.2),
        (6, 4.2 + 5 * 0.6 * 4.2),
        (7, 4.2 + 6 * 0.55 * 4.2),
        (8, 4.2 + 7 * 0.5 * 4.2),
        (9, 4.2 + 8 * 0.45 * 4.2),
        (30, 4.2 + 29 * 0.45 * 4.2),
    ],
)
def test_devices_of_a_pool_share_less_than_each_is_left_alone(devices: int, kw: float) -> None:
    assert pooled_w(devices, 0) == round(kw * 1000)


def test_large_heating_counts_with_two_fifths_of_its_power() -> None:
    # 20 kW of heat pump leave 8 kW, and a charger 0.8 times 4.2 kW beside it.
    assert pooled_w(2, 20_000) == 8000 + 3360
    # Of 10 kW two fifths would be less than what everybody is left.
    assert pooled_w(2, 10_000) == 4200 + 3360


def test_what_others_take_is_measured_or_what_each_is_left() -> None:
    assert others_w(GridSettings(), 5000) == 0
    pool = GridSettings(other_devices=2, large_heating_w=15_000)
    assert others_w(pool, 1234) == 1234
    assert others_w(pool, -50) == 0
    assert others_w(pool, None) == 6000 + 4200
