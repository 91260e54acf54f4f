"""The owner's limits as charging profiles."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.balancing.limits import is_limited, limit_of, profiles, replaces
from custom_components.ev_station.model.commands import (
    ChargingProfile,
    ProfilePurpose,
    SchedulePeriod,
)
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.settings import EvseSettings
from custom_components.ev_station.model.state import Evse

EVSE = Evse(id=EvseId("CP1", 1))
SETTINGS = EvseSettings(evse=1, max_current_a=Decimal(16))
NOTHING: frozenset[ProfilePurpose] = frozenset()
TX, FLOOR = ProfilePurpose.TX, ProfilePurpose.TX_DEFAULT


def amps(value: str | int | None) -> Decimal | None:
    """Return a limit."""
    return None if value is None else Decimal(value)


@pytest.mark.parametrize(
    ("wanted", "enabled", "limit"),
    [
        (None, True, 16),
        (10, True, 10),
        (16, True, 16),
        (32, True, 16),
        (6, True, 6),
        ("5.9", True, 0),
        (0, True, 0),
        (-1, True, 0),
        (10, False, 0),
        (None, False, 0),
    ],
)
def test_the_limit(wanted: str | int | None, enabled: bool, limit: int) -> None:
    evse = replace(EVSE, limit_a=amps(wanted), enabled=enabled)
    assert limit_of(evse, SETTINGS) == limit
    assert is_limited(evse, SETTINGS) == (limit < 16)


@given(st.none() | st.decimals(-100, 100, places=1), st.booleans(), st.integers(0, 80))
def test_it_is_never_above_the_evses_own_nor_between_0_and_6(
    wanted: Decimal | None, enabled: bool, most: int
) -> None:
    settings = EvseSettings(evse=1, max_current_a=Decimal(most))
    limit = limit_of(replace(EVSE, limit_a=wanted, enabled=enabled), settings)
    assert limit == 0 or 6 <= limit <= most


def profile(
    purpose: ProfilePurpose, stack: int, limit: int, transaction: int | None
) -> ChargingProfile:
    """Return a profile of one period."""
    return ChargingProfile(
        purpose=purpose,
        stack_level=stack,
        periods=(SchedulePeriod(start_s=0, limit_a=Decimal(limit)),),
        transaction=transaction,
    )


@pytest.mark.parametrize(
    ("changes", "transaction", "refused", "expected"),
    [
        ({}, None, NOTHING, ()),
        ({}, 7, NOTHING, ()),
        ({"enabled": False}, None, NOTHING, (profile(FLOOR, 0, 0, None),)),
        ({"limit_a": Decimal(8)}, 7, NOTHING, (profile(FLOOR, 0, 8, None), profile(TX, 2, 8, 7))),
        ({"limit_a": Decimal(8)}, 7, frozenset({TX}), (profile(FLOOR, 0, 8, None),)),
        ({"limit_a": Decimal(8)}, 7, frozenset({FLOOR}), (profile(TX, 2, 8, 7),)),
        ({"limit_a": Decimal(8)}, None, frozenset({FLOOR, TX}), ()),
        ({"ever_limited": True}, 7, NOTHING, (profile(FLOOR, 0, 16, None), profile(TX, 2, 16, 7))),
    ],
)
def test_the_profiles_a_charger_should_hold(
    changes: dict[str, object],
    transaction: int | None,
    refused: frozenset[ProfilePurpose],
    expected: tuple[ChargingProfile, ...],
) -> None:
    assert profiles(replace(EVSE, **changes), SETTINGS, transaction, refused) == expected  # type: ignore[arg-type]


def test_a_profile_replaces_one_of_its_purpose_and_stack() -> None:
    assert replaces(profile(TX, 2, 8, 7), profile(TX, 2, 16, 6))
    assert not replaces(profile(TX, 2, 8, 7), profile(TX, 1, 8, 7))
    assert not replaces(profile(TX, 0, 8, 7), profile(FLOOR, 0, 8, None))
