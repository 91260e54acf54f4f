"""Who may charge, and who pays: every status and every policy."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.ev_station.access.admission import admit, admit_at
from custom_components.ev_station.model.session import Payer
from custom_components.ev_station.model.settings import (
    DriverSettings,
    EvseSettings,
    SiteSettings,
    UnknownTokenPolicy,
)
from custom_components.ev_station.model.state import Token
from custom_components.ev_station.model.status import AuthorizationStatus as Status

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ANNA = DriverSettings(driver="anna", name="Anna")
GONE = DriverSettings(driver="anna", name="Anna", active=False)
SITE = SiteSettings(name="Home", currency="EUR", time_zone="UTC", secret="s")
OPEN_SITE = SiteSettings(
    name="Home",
    currency="EUR",
    time_zone="UTC",
    secret="s",
    unknown_tokens=UnknownTokenPolicy.UNASSIGNED,
)


@pytest.mark.parametrize(
    ("token", "driver", "status"),
    [
        (Token(uid="TAG", driver="anna"), ANNA, Status.ACCEPTED),
        (Token(uid="TAG", driver="anna", blocked=True), ANNA, Status.BLOCKED),
        (Token(uid="TAG", driver="anna"), GONE, Status.BLOCKED),
        (Token(uid="TAG", driver="anna", expires_at=NOON), ANNA, Status.EXPIRED),
        (Token(uid="TAG", driver="anna", expires_at=NOON + SECOND), ANNA, Status.ACCEPTED),
        (Token(uid="TAG", driver="anna", blocked=True, expires_at=NOON), ANNA, Status.BLOCKED),
    ],
)
def test_a_known_tag(token: Token, driver: DriverSettings, status: Status) -> None:
    assert admit("tag ", token, driver, SITE, NOON) == Payer(
        status=status, driver="anna", token="TAG", reason="token"
    )


@pytest.mark.parametrize(
    ("site", "uid", "status"),
    [
        (SITE, "TAG", Status.INVALID),
        (SITE, "", Status.INVALID),
        (OPEN_SITE, "TAG", Status.ACCEPTED),
        (OPEN_SITE, "", Status.INVALID),
        (OPEN_SITE, " \x00", Status.INVALID),
    ],
)
def test_a_tag_nobody_claimed(site: SiteSettings, uid: str, status: Status) -> None:
    found = admit(uid, None, None, site, NOON)
    assert (found.status, found.driver, found.reason) == (status, None, "unknown_token")


def test_a_tag_whose_driver_is_gone_is_nobodys() -> None:
    assert admit("TAG", Token(uid="TAG", driver="x"), None, SITE, NOON).status is Status.INVALID


STRANGER = Payer(status=Status.INVALID, token="TAG", reason="unknown_token")
FREE = EvseSettings(evse=1, default_driver="anna")


def test_an_evse_with_a_default_driver_takes_any_unknown_tag() -> None:
    assert admit_at(STRANGER, FREE, ANNA) == Payer(
        status=Status.ACCEPTED, driver="anna", token="TAG", reason="default_driver"
    )


@pytest.mark.parametrize("status", list(Status))
def test_but_a_known_tag_stays_what_it_is(status: Status) -> None:
    payer = Payer(status=status, driver="ben", token="TAG")
    assert admit_at(payer, FREE, ANNA) is payer


@pytest.mark.parametrize("driver", [None, GONE])
def test_without_a_default_driver_who_may_pay_nothing_changes(
    driver: DriverSettings | None,
) -> None:
    assert admit_at(STRANGER, FREE, driver) is STRANGER
