"""Which charging profiles a charge point takes, replaces and drops."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from .configuration import Configuration, standard_keys
from .profile_store import ProfileStore
from .profiles import schedule_start
from .quirks import Quirks

RUNNING: dict[int, int | None] = {1: 77}
KNOWN = {0, 1, 2}


def request(connector: int = 1, limit: float = 10.0, **fields: Any) -> dict[str, Any]:
    """Make a SetChargingProfile payload."""
    schedule = {
        "chargingRateUnit": fields.pop("unit", "A"),
        "chargingSchedulePeriod": fields.pop("periods", [{"startPeriod": 0, "limit": limit}]),
    }
    profile = {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": schedule,
        **fields,
    }
    return {"connectorId": connector, "csChargingProfiles": profile}


def store(quirks: Quirks | None = None) -> ProfileStore:
    """Make an empty store of a charger with two connectors."""
    return ProfileStore(configuration=Configuration(standard_keys(2, 3)), quirks=quirks or Quirks())


@pytest.mark.parametrize(
    ("payload", "taken"),
    [
        (request(), True),
        (request(connector=0), True),
        (request(connector=3), False),
        (request(chargingProfilePurpose="ChargePointMaxProfile"), False),
        (request(connector=0, chargingProfilePurpose="ChargePointMaxProfile"), True),
        (request(chargingProfilePurpose="TxProfile", transactionId=77), True),
        (request(chargingProfilePurpose="TxProfile"), True),
        (request(chargingProfilePurpose="TxProfile", transactionId=78), False),
        (request(connector=2, chargingProfilePurpose="TxProfile"), False),
        (request(stackLevel=9), False),
        (request(periods=[{"startPeriod": 5, "limit": 6}]), False),
        (request(periods=[{"startPeriod": n, "limit": 6} for n in (0, 9, 9)]), False),
        (request(periods=[{"startPeriod": n, "limit": 6} for n in range(25)]), False),
        (request(limit=-1), False),
    ],
)
def test_takes_only_what_the_specification_allows(payload: dict[str, Any], taken: bool) -> None:
    profiles = store()
    assert profiles.take(payload, RUNNING, KNOWN) is taken
    assert len(profiles.installed) == taken


@pytest.mark.parametrize(
    ("quirks", "payload"),
    [
        (Quirks(watts_only=True), request()),
        (Quirks(amps_only=True), request(unit="W")),
        (Quirks(rejects_zero_limit=True), request(limit=0.0)),
        (Quirks(rejects_fractional_amps=True), request(limit=6.5)),
        (Quirks(rejects_relative=True), request()),
        (Quirks(rejects_absolute=True), request(chargingProfileKind="Absolute")),
        (
            Quirks(rejects_number_phases=True),
            request(periods=[{"startPeriod": 0, "limit": 6, "numberPhases": 1}]),
        ),
    ],
)
def test_some_makes_refuse_more(quirks: Quirks, payload: dict[str, Any]) -> None:
    assert not store(quirks).take(payload, RUNNING, KNOWN)


def test_one_may_say_yes_and_do_nothing() -> None:
    profiles = store(Quirks(ignores_profiles=True))
    assert profiles.take(request(), RUNNING, KNOWN)
    assert not profiles.installed


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ONE = timedelta(hours=1)


@pytest.mark.parametrize(
    ("quirks", "kind", "begins"),
    [
        (Quirks(), "Absolute", NOON),
        (Quirks(), "Relative", NOON - ONE),
        (Quirks(relative_from_receipt=True), "Relative", NOON + ONE),
        (Quirks(relative_from_receipt=True), "Absolute", NOON),
        (Quirks(ignores_start_schedule=True), "Absolute", NOON - ONE),
        (Quirks(schedules_ahead=-7200), "Absolute", NOON + 2 * ONE),
    ],
)
def test_makes_differ_in_what_they_count_from(quirks: Quirks, kind: str, begins: datetime) -> None:
    """A schedule that is to begin at noon, of a transaction that began an hour before, is taken an hour after."""
    profiles = store(quirks)
    payload = request(chargingProfileKind=kind)
    schedule = payload["csChargingProfiles"]["chargingSchedule"]
    schedule["startSchedule"] = "2026-11-23T12:00:00Z"
    assert profiles.take(payload, RUNNING, KNOWN, NOON + ONE)
    assert schedule_start(profiles.installed[0], NOON - ONE, NOON + ONE) == begins


def filled() -> ProfileStore:
    """Make a store with four profiles."""
    profiles = store()
    for payload in (
        request(chargingProfileId=1),
        request(chargingProfileId=2, stackLevel=1),
        request(chargingProfileId=3, connector=2),
        request(chargingProfileId=4, chargingProfilePurpose="TxProfile"),
    ):
        assert profiles.take(payload, RUNNING, KNOWN)
    return profiles


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda p: p.take(request(chargingProfileId=9), RUNNING, KNOWN), {2, 3, 4, 9}),
        (lambda p: p.take(request(chargingProfileId=3), RUNNING, KNOWN), {2, 3, 4}),
        (lambda p: p.clear({"id": 2}), {1, 3, 4}),
        (lambda p: p.clear({}), set()),
        (lambda p: p.clear({"connectorId": 1, "stackLevel": 0}), {2, 3}),
        (lambda p: p.clear({"chargingProfilePurpose": "TxProfile"}), {1, 2, 3}),
        (lambda p: p.end_of_transaction(1), {1, 2, 3}),
        (lambda p: p.end_of_transaction(2), {1, 2, 3, 4}),
        (lambda p: p.forget(), set()),
    ],
)
def test_replacing_and_clearing(change: Callable[[ProfileStore], object], left: set[int]) -> None:
    profiles = filled()
    change(profiles)
    assert {profile.id for profile in profiles.installed} == left


def test_clearing_nothing_is_told() -> None:
    assert not filled().clear({"id": 99})
