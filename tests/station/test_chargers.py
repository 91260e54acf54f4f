"""A charger comes, boots, reports and goes."""

from datetime import timedelta

import pytest

from custom_components.ev_station.model.answers import Acknowledged, BootAnswer, HeartbeatAnswer
from custom_components.ev_station.model.effects import NoticeKind
from custom_components.ev_station.model.events import HeartbeatReceived, Notified
from custom_components.ev_station.model.status import EvseStatus, RegistrationStatus

from .site import HOUR, NOON, SECOND, Box, answer, at_home, home


def test_a_boot_is_accepted_and_remembered() -> None:
    site = home()
    box = Box(site)
    box.connect()
    found = answer(box.boot(serial="S1", firmware="2.0", meter_serial="M1"))
    assert found == BootAnswer(
        status=RegistrationStatus.ACCEPTED, current_time=NOON, interval_s=300
    )
    boot = site.charger().boot
    assert boot is not None
    assert (boot.vendor, boot.serial, boot.meter_serial, boot.at) == ("Acme", "S1", "M1", NOON)
    box.start()
    site.wait(HOUR)
    box.stop(1001, 2000)
    assert (site.cdrs[0].meter_serial, site.cdrs[0].charger_name) == ("M1", "Box CP1")


def test_a_heartbeat_tells_our_time() -> None:
    site, box = at_home()
    event = HeartbeatReceived(charger=box.name, received_at=site.now)
    assert answer(site.feed(event)) == HeartbeatAnswer(current_time=NOON)


def test_evses_are_those_it_told_of() -> None:
    site, box = at_home()
    box.prepared(evses=3)
    box.status(EvseStatus.AVAILABLE, evse=2)
    assert [evse.evse for evse in site.charger().evses] == [1, 2, 3]


def test_a_claim_of_countless_evses_is_not_believed() -> None:
    site, box = at_home()
    box.prepared(evses=999_999_999)
    assert len(site.charger().evses) == 100


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ((EvseStatus.AVAILABLE, None), (EvseStatus.FAULTED, None), 1),
        ((EvseStatus.AVAILABLE, None), (EvseStatus.CHARGING, "HighTemperature"), 1),
        ((EvseStatus.FAULTED, "GroundFailure"), (EvseStatus.FAULTED, "GroundFailure"), 1),
        ((EvseStatus.FAULTED, "GroundFailure"), (EvseStatus.FAULTED, "WeakSignal"), 2),
        ((EvseStatus.FAULTED, "GroundFailure"), (EvseStatus.AVAILABLE, None), 1),
        ((EvseStatus.AVAILABLE, None), (EvseStatus.UNAVAILABLE, None), 0),
    ],
)
def test_a_fault_is_told_once(
    first: tuple[EvseStatus, str | None], second: tuple[EvseStatus, str | None], told: int
) -> None:
    site, box = at_home()
    for status, error in (first, second):
        box.status(status, error=error)
        site.wait(SECOND)
    assert [notice.evse for notice in site.told(NoticeKind.CHARGER_FAULT)] == [box.evse()] * told
    assert site.evse().error_code == second[1]


def test_a_fault_of_the_charger_itself_is_told_of_no_evse() -> None:
    site, box = at_home()
    for _ in range(2):
        box.status(EvseStatus.FAULTED, evse=0, error="InternalError", info="fan")
    (notice,) = site.told(NoticeKind.CHARGER_FAULT)
    assert (notice.evse, notice.data["error_code"]) == (None, "InternalError")
    assert (site.charger().error_code, site.charger().error_info) == ("InternalError", "fan")
    box.status(EvseStatus.AVAILABLE, evse=0)
    assert site.charger().error_code is None


def test_reports_are_acknowledged_and_security_events_told_on() -> None:
    site, box = at_home()
    for kind in ("FirmwareStatusNotification", "SecurityEventNotification"):
        event = Notified(
            charger=box.name, kind=kind, status="TamperDetection", received_at=site.now
        )
        assert answer(site.feed(event)) == Acknowledged()
    (notice,) = site.told(NoticeKind.SECURITY)
    assert notice.data == {"type": "TamperDetection", "detail": None}


def test_a_sample_of_nothing_is_acknowledged() -> None:
    site, box = at_home()
    before = site.state.everything()
    assert answer(box.samples()) == Acknowledged()
    assert site.state.everything() == before


def test_a_stale_sample_changes_nothing_shown() -> None:
    site, box = at_home()
    box.sample(1000, 5000)
    live = site.evse().live
    box.sample(900, 7000, at=NOON - timedelta(minutes=5))
    assert site.evse().live is live
