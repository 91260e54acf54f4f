"""The pace of publication."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.settings import ChargerSettings
from custom_components.ev_station.model.state import Charger, ClockEstimate, Evse, Live
from custom_components.ev_station.model.status import EvseStatus
from custom_components.ev_station.pacing import Pacer, is_measurement

EVSE = Evse(id=EvseId("CP1", 1))
CHARGER = Charger(settings=ChargerSettings(charger="CP1", name="Garage"))


def test_a_key_passes_once_per_interval() -> None:
    pacer = Pacer[str](5)
    pacer.mark("a")
    assert list(pacer.due(0)) == ["a"]
    pacer.mark("a")
    assert list(pacer.due(4.9)) == []
    assert pacer.waits
    assert list(pacer.due(5)) == ["a"]
    assert not pacer.waits


def test_what_was_shown_at_once_waits_a_whole_interval() -> None:
    pacer = Pacer[str](5)
    pacer.mark("a")
    pacer.shown("a", 1)
    assert list(pacer.due(2)) == []
    pacer.mark("a")
    assert list(pacer.due(5.9)) == []
    assert list(pacer.due(6)) == ["a"]


def test_the_budget_holds_back_and_serves_in_order() -> None:
    pacer = Pacer[int](0, 10)
    for key in range(30):
        pacer.mark(key)

    def seconds(now: float) -> list[int]:
        passed = []
        for key in pacer.due(now):
            pacer.spend(1)
            passed.append(key)
        return passed

    assert seconds(0) == list(range(10))
    assert seconds(0.5) == list(range(10, 15))
    assert seconds(10) == list(range(15, 25))
    assert seconds(11) == list(range(25, 30))


def test_a_burst_of_states_is_paid_back_by_measurements() -> None:
    pacer = Pacer[str](0, 10)
    pacer.mark("a")
    pacer.spend(25)
    assert list(pacer.due(0)) == []
    assert list(pacer.due(1)) == []
    assert list(pacer.due(2)) == ["a"]


def test_a_forgotten_key_does_not_pass() -> None:
    pacer = Pacer[str](5)
    pacer.mark("a")
    pacer.forget("a")
    assert list(pacer.due(0)) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (EVSE, replace(EVSE, live=Live(power_w=Decimal(7))), True),
        (EVSE, replace(EVSE, status=EvseStatus.CHARGING), False),
        (EVSE, replace(EVSE, limit_a=Decimal(10)), False),
        (EVSE, replace(EVSE, enabled=False), False),
        (EVSE, None, False),
        (None, EVSE, False),
        (CHARGER, replace(CHARGER, clock=ClockEstimate(steady=2)), True),
        (CHARGER, replace(CHARGER, connected_at=datetime(2026, 1, 1, tzinfo=UTC)), True),
        (CHARGER, replace(CHARGER, connection=1), False),
        (CHARGER, replace(CHARGER, error_code="GroundFailure"), False),
    ],
)
def test_what_is_a_measurement(
    old: Evse | Charger | None, new: Evse | Charger | None, expected: bool
) -> None:
    assert is_measurement(old, new) is expected
