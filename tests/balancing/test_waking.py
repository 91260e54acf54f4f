"""When a car that slept through a pause is woken, and when that is given up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.balancing.waking import ANSWERS_WITHIN, PULSES, asleep, watched
from custom_components.ev_station.model.allowance import Allowance, Reason, ReasonKind
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.state import Evse, Live
from custom_components.ev_station.model.status import EvseStatus
from custom_components.ev_station.model.waking import Car, Waking

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ID = EvseId("CP1", 1)
BEGAN = NOW - ANSWERS_WITHIN
OFFERED = Allowance(id=ID, since=BEGAN, limit_a=Decimal(6), session="s", on_since=BEGAN)
PAUSED = replace(OFFERED, limit_a=Decimal(0), on_since=None)
OWES, DRAWS = Waking(car=Car.OWES), Waking(car=Car.DRAWS)


def evse(
    amps: int | None = None,
    at: datetime = NOW - SECOND,
    status: EvseStatus = EvseStatus.CHARGING,
    session: str = "s",
) -> Evse:
    """Return an EVSE with something measured."""
    current = None if amps is None else Decimal(amps)
    live = Live(at=at, currents_a=(current, None, None))
    return Evse(id=ID, live=live, status=status, session=session)


def after(waking: Waking, at: Evse, allowance: Allowance = OFFERED, now: datetime = NOW) -> Waking:
    """Return what is known of a car after a look."""
    return watched(at, replace(allowance, waking=waking), now).waking


@pytest.mark.parametrize("before", [Waking(), OWES, DRAWS, Waking(car=Car.OWES, tries=2)])
def test_who_draws_is_awake(before: Waking) -> None:
    assert after(before, evse(6)) == DRAWS


def test_who_stops_by_itself_owes_nothing() -> None:
    assert after(DRAWS, evse(0)) == Waking()
    assert after(DRAWS, evse(0, BEGAN + 14 * SECOND)) == DRAWS
    assert after(DRAWS, evse(None)) == DRAWS
    assert after(DRAWS, evse(None, status=EvseStatus.SUSPENDED_EV)) == Waking()
    assert after(Waking(), evse(0, status=EvseStatus.SUSPENDED_EVSE), PAUSED) == Waking()


def test_who_is_paused_while_it_draws_owes_it() -> None:
    assert after(DRAWS, evse(6), PAUSED) == OWES
    assert after(Waking(), evse(None), PAUSED) == OWES
    assert after(OWES, evse(0), PAUSED) == OWES
    assert after(Waking(car=Car.OWES, tries=2), evse(0), PAUSED) == OWES


def test_another_car_owes_nothing() -> None:
    assert after(OWES, evse(0, session="other")) == Waking()


def test_who_owes_and_takes_nothing_for_a_while_is_woken_twice() -> None:
    pulse = Waking(car=Car.OWES, tries=1, pulse_at=NOW)
    assert after(OWES, evse(0)) == pulse
    assert after(OWES, evse(None, status=EvseStatus.SUSPENDED_EV)) == pulse
    # Too soon, or nobody says that it takes nothing.
    assert after(OWES, evse(0), now=NOW - SECOND) == OWES
    assert after(OWES, evse(None)) == OWES
    assert after(OWES, evse(0, BEGAN + 14 * SECOND)) == OWES
    over = NOW + PULSES[0]
    assert after(pulse, evse(0), PAUSED, over - SECOND) == pulse
    once = replace(pulse, pulse_at=None)
    assert after(pulse, evse(0), PAUSED, over) == once
    again = Waking(car=Car.OWES, tries=2, pulse_at=NOW)
    assert after(once, evse(0)) == again
    assert after(again, evse(0), PAUSED, NOW + PULSES[1] - SECOND) == again
    twice = replace(again, pulse_at=None)
    assert after(again, evse(0), PAUSED, NOW + PULSES[1]) == twice
    assert after(twice, evse(0)) == twice


def test_what_is_known_already_makes_nothing_new() -> None:
    known = replace(OFFERED, waking=DRAWS)
    assert watched(evse(6), known, NOW) is known


def test_a_car_that_does_not_wake_is_told_of() -> None:
    idle = replace(OFFERED, reason=Reason(ReasonKind.IDLE))
    gave_up = Waking(car=Car.OWES, tries=2)
    told = asleep(replace(idle, waking=gave_up))
    assert told.reason == Reason(ReasonKind.UNRESPONSIVE)
    for waking in (Waking(), OWES, Waking(car=Car.OWES, tries=1)):
        assert asleep(replace(idle, waking=waking)).reason.kind is ReasonKind.IDLE
    assert asleep(replace(OFFERED, waking=gave_up)).reason == OFFERED.reason


@given(
    spans=st.lists(
        st.tuples(st.integers(1, 60), st.booleans(), st.sampled_from([None, 0, 6])), max_size=12
    )
)
def test_whatever_happens_nobody_is_woken_more_than_twice_a_pause(
    spans: list[tuple[int, bool, int | None]],
) -> None:
    """A car that never drew is not woken at all."""
    now, allowance, drew, pulses = NOW, replace(PAUSED, waking=Waking()), False, 0
    for looks, may, amps in spans:
        if not may:
            pulses = 0
        for _ in range(looks):
            now += 5 * SECOND
            offered = allowance.limit_a > 0
            drew = drew or (offered and bool(amps))
            pulses = 0 if offered and amps else pulses
            before = allowance.waking.pulse_at
            status = EvseStatus.PREPARING if offered else EvseStatus.SUSPENDED_EVSE
            allowance = watched(evse(amps if offered else 0, now, status), allowance, now)
            pulse = allowance.waking.pulse_at
            pulses += pulse is not None and before is None
            assert pulse is None or drew
            assert pulses <= 2
            on = may and pulse is None
            since = (allowance.on_since or now) if on else None
            allowance = replace(allowance, limit_a=Decimal(6 if on else 0), on_since=since)
