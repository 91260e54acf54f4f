"""The car: what it takes of what it is offered."""

from hypothesis import given, strategies as st
import pytest

from .vehicle import NO_CURRENT, Amps, CarState, Vehicle


@pytest.mark.parametrize(
    ("phases", "offered", "expected"),
    [
        (3, 32.0, (16.0, 16.0, 16.0)),
        (3, 10.0, (10.0, 10.0, 10.0)),
        (2, 16.0, (16.0, 16.0, 0.0)),
        (1, 6.0, (6.0, 0.0, 0.0)),
        (3, 5.9, NO_CURRENT),
        (3, 0.0, NO_CURRENT),
    ],
)
def test_takes_what_is_offered_up_to_its_maximum(
    phases: int, offered: float, expected: Amps
) -> None:
    assert Vehicle(phases=phases, max_amps=16.0).power(offered, 0.0) == expected


def test_one_that_needs_a_moment_draws_nothing_until_it_was_offered_current_for_so_long() -> None:
    car = Vehicle(max_amps=16.0, begins_after_s=5.0)
    found = [car.power(offered, 2.0)[0] for offered in (16, 16, 0, 16, 16, 16)]
    assert found == [0, 0, 0, 0, 0, 16]


def test_a_charger_on_one_phase_gives_a_three_phase_car_one() -> None:
    assert Vehicle().power(16.0, 0.0, phases=1) == (16.0, 0.0, 0.0)


def test_an_hour_at_16_amps_on_three_phases_stores_it_less_the_losses() -> None:
    car = Vehicle(capacity_kwh=55.2, soc=0.2, efficiency=0.9)
    car.power(16.0, 3600.0)
    assert car.soc == pytest.approx(0.2 + 11.04 * 0.9 / 55.2)


def test_tapers_above_eighty_percent_down_to_its_minimum() -> None:
    assert Vehicle(soc=0.90).power(16.0, 0.0)[0] == pytest.approx(8.0)
    assert Vehicle(soc=0.99).power(16.0, 0.0)[0] == pytest.approx(6.0)


def test_stops_when_full_having_taken_only_what_fitted() -> None:
    car = Vehicle(capacity_kwh=10.0, soc=0.9, efficiency=1.0, taper_from=1.0)
    amps = car.power(16.0, 3600.0)
    assert sum(amps) * 230 == pytest.approx(1000.0)
    assert car.soc == pytest.approx(1.0)
    assert car.power(16.0, 1.0) == NO_CURRENT
    assert car.state is CarState.CONNECTED


def test_states_follow_cable_and_current() -> None:
    car = Vehicle()
    car.plug_in()
    states = [car.state]
    for offered in (16.0, 0.0, 16.0):
        car.power(offered, 1.0)
        states.append(car.state)
    car.unplug()
    states.append(car.state)
    assert "".join(states) == "BCBCA"


def test_a_sleeper_does_not_wake_from_a_pause_until_replugged() -> None:
    car = Vehicle(sleeps_when_paused=True)
    car.plug_in()
    assert car.power(16.0, 1.0) != NO_CURRENT
    car.power(0.0, 1.0)
    assert car.power(16.0, 1.0) == NO_CURRENT
    car.plug_in()
    assert car.power(16.0, 1.0) != NO_CURRENT


@pytest.mark.parametrize("pulses", [1, 2])
def test_a_light_sleeper_wakes_after_so_many_pulses(pulses: int) -> None:
    car = Vehicle(sleeps_when_paused=True, pulses_to_wake=pulses)
    car.plug_in()
    car.power(16.0, 1.0)
    for _ in range(pulses):
        for _ in range(3):
            car.power(0.0, 1.0)
        assert car.power(16.0, 1.0) == NO_CURRENT
    car.power(0.0, 1.0)
    assert car.power(16.0, 1.0) != NO_CURRENT


@given(
    st.lists(st.tuples(st.floats(0, 40), st.floats(0, 7200)), max_size=20),
    st.integers(1, 3),
)
def test_what_flows_is_what_is_stored_and_lost(
    offers: list[tuple[float, float]], phases: int
) -> None:
    car = Vehicle(soc=0.5, phases=phases)
    delivered = sum(sum(car.power(amps, dt)) * 230 * dt / 3600 for amps, dt in offers)
    stored = (car.soc - 0.5) * car.capacity_kwh * 1000
    assert stored == pytest.approx(delivered * car.efficiency, abs=1e-3)
    assert car.soc <= 1.0 + 1e-9
