"""What people and automations ask for."""

from decimal import Decimal

import pytest

from custom_components.ev_station.access.fingerprint import remote_token
from custom_components.ev_station.model.commands import (
    CommandStatus,
    RemoteStart,
    RemoteStop,
    SetProfile,
)
from custom_components.ev_station.model.effects import NoticeKind, Refuse, Send, Settle
from custom_components.ev_station.model.events import (
    ChargerConfigured,
    ChargingEnabled,
    CommandAnswered,
    LimitRequested,
    SessionAssigned,
    StartRequested,
    StopRequested,
)
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.records import PostingKind
from custom_components.ev_station.model.settings import ChargerSettings, EvseSettings
from custom_components.ev_station.model.state import Evse
from custom_components.ev_station.model.status import AuthorizationStatus, EvseStatus

from .site import HOUR, MINUTE, SETTINGS, Box, Site, assert_chained, at_home, commands, home, sends

ANNAS_TOKEN = remote_token("anna", SETTINGS.secret)


def test_a_start_for_a_driver_is_billed_to_the_driver() -> None:
    site, box = at_home()
    effects = site.feed(StartRequested(evse=box.evse(), driver="anna", command=5))
    request = RemoteStart(evse=box.evse(), token=ANNAS_TOKEN)
    assert effects == (Send(charger="CP1", evse=box.evse(), command=request, id=5),)
    assert box.authorize(ANNAS_TOKEN).status is AuthorizationStatus.ACCEPTED
    assert not site.told(NoticeKind.TAG_PRESENTED)
    assert box.start(ANNAS_TOKEN.lower()).status is AuthorizationStatus.ACCEPTED
    assert site.evse().expected_start is None
    assert site.session(1).payer.reason == "remote_start"
    site.wait(HOUR)
    box.stop(1001, 2000)
    assert [posting.driver for posting in site.postings] == ["anna"]


def test_a_tag_held_to_the_charger_is_told_and_a_start_we_asked_for_is_not() -> None:
    site, box = at_home()
    box.authorize("ANNA")
    (told,) = site.told(NoticeKind.TAG_PRESENTED)
    assert (told.charger, told.evse) == ("CP1", None)
    box.authorize(ANNAS_TOKEN)
    assert site.told(NoticeKind.TAG_PRESENTED) == [told]


def test_a_start_for_nobody_in_particular_is_accepted_where_it_was_asked_for() -> None:
    site, box = at_home()
    (request,) = commands(
        site.feed(StartRequested(evse=box.evse(), driver=None, command=5)), RemoteStart
    )
    assert box.authorize(request.token).status is AuthorizationStatus.ACCEPTED
    assert box.start(request.token, evse=2).status is AuthorizationStatus.INVALID
    assert box.start(request.token, evse=1).status is AuthorizationStatus.ACCEPTED
    assert (site.session(2).payer.driver, site.session(2).payer.reason) == (None, "remote_start")


def test_a_start_for_nobody_is_the_evses_default_drivers() -> None:
    evse = EvseSettings(evse=1, default_driver="anna")
    site = home(
        ChargerConfigured(settings=ChargerSettings(charger="CP1", name="Box", evses=(evse,)))
    )
    box = Box(site).ready()
    (request,) = commands(
        site.feed(StartRequested(evse=box.evse(), driver=None, command=5)), RemoteStart
    )
    assert request.token == ANNAS_TOKEN


def test_a_stop_names_the_transaction() -> None:
    site, box = at_home()
    box.start()
    assert sends(site.feed(StopRequested(evse=box.evse(), command=6))) == [
        Send(charger="CP1", evse=box.evse(), command=RemoteStop(transaction=1001), id=6)
    ]
    expected = site.evse().expected_stop
    assert expected is not None
    assert (expected.session, expected.attempts, expected.command) == ("session1", 1, 6)
    box.stop(1001, 1000)
    assert site.evse().expected_stop is None
    site.tick(HOUR)
    assert not site.told(NoticeKind.STOP_TIMED_OUT)


def test_a_limit_is_settled_by_the_last_profile_sent() -> None:
    site, box = at_home()
    box.start()
    event = LimitRequested(evse=box.evse(), limit_a=Decimal(10), command=7)
    *profiles, settle = site.feed(event)
    assert [send.command.profile.periods[0].limit_a for send in profiles] == [10, 10]  # type: ignore[union-attr]
    assert settle == Settle(id=7, by=profiles[-1].id)  # type: ignore[union-attr]


def test_a_limit_that_holds_already_is_settled_at_once() -> None:
    site, box = at_home()
    event = LimitRequested(evse=box.evse(), limit_a=Decimal(10), command=7)
    for send in sends(site.feed(event)):
        box.answered(send)
    assert site.feed(event) == (Settle(id=7),)


def test_a_limit_for_an_absent_charger_is_kept_for_its_return() -> None:
    site = home()
    box = Box(site)
    event = ChargingEnabled(evse=box.evse(), enabled=False, command=7)
    assert site.feed(event) == (Settle(id=7),)
    box.connect()
    (floor,) = commands(box.prepared(), SetProfile)
    assert floor.profile.periods[0].limit_a == 0


def test_a_limit_for_a_charger_nobody_adopted_is_refused() -> None:
    site = home()
    for event in (
        LimitRequested(evse=EvseId("CP9", 1), limit_a=Decimal(10), command=7),
        ChargingEnabled(evse=EvseId("CP9", 1), enabled=False, command=7),
    ):
        assert site.feed(event) == (Refuse(id=7, reason="charger_not_connected"),)
    assert site.state.get(Evse, EvseId("CP9", 1)) is None


def test_answers_to_nothing_we_know_change_nothing() -> None:
    site, box = at_home()
    before = site.state.everything()
    for evse in (None, box.evse(), box.evse(7), EvseId("CP9", 1)):
        site.feed(
            CommandAnswered(
                charger="CP1" if evse is None else evse.charger,
                evse=evse,
                command=99,
                status=CommandStatus.REJECTED,
                received_at=site.now,
            )
        )
    assert site.state.everything() == before


def billed_session() -> tuple[Site, Box]:
    """Return a site where Anna charged 5 kWh for 1.50."""
    site, box = at_home()
    box.start()
    site.wait(HOUR)
    box.stop(1001, 6000)
    return site, box


@pytest.mark.parametrize(("driver", "sheet"), [("ben", "house"), (None, None)])
def test_an_ended_session_is_given_to_another(driver: str | None, sheet: str | None) -> None:
    site, _ = billed_session()
    site.feed(SessionAssigned(cdr=site.cdrs[-1], driver=driver))
    assert [(p.kind, p.cdr, p.refers_to, p.driver, p.sheet, p.amount) for p in site.postings] == [
        (PostingKind.SESSION, "session1", None, "anna", "house", Decimal("1.50")),
        (PostingKind.CREDIT, "session1-C", "session1", "anna", "house", Decimal("-1.50")),
        (PostingKind.ADJUSTMENT, "session1-1", "session1", driver, sheet, Decimal("1.50")),
    ]
    assert site.account()[2] == 0
    assert site.account("ben")[2] == (Decimal("1.50") if driver else 0)
    assert site.session(1).payer.reason == "assigned"
    assert_chained(site.postings)


def test_given_on_and_on_each_record_replaces_the_one_before() -> None:
    site, _ = billed_session()
    for driver in ("ben", None, "anna"):
        site.feed(SessionAssigned(cdr=site.cdrs[-1], driver=driver))
    adjustments = [p for p in site.postings if p.kind is PostingKind.ADJUSTMENT]
    assert [(p.cdr, p.refers_to) for p in adjustments] == [
        ("session1-1", "session1"),
        ("session1-2", "session1-1"),
        ("session1-3", "session1-2"),
    ]
    assert len({cdr.id for cdr in site.cdrs}) == len(site.cdrs) == 7
    assert site.billed() == {"session1": (Decimal(5000), Decimal("1.50"))}


def test_two_who_assign_from_the_same_record_do_not_credit_it_twice() -> None:
    site, _ = billed_session()
    seen = site.cdrs[-1]
    site.feed(SessionAssigned(cdr=seen, driver="ben"))
    site.feed(SessionAssigned(cdr=seen, driver=None))
    assert site.billed() == {"session1": (Decimal(5000), Decimal("1.50"))}
    assert len({cdr.id for cdr in site.cdrs}) == 5
    assert [site.account(each)[2] for each in ("anna", "ben")] == [0, 0]


def test_a_session_no_longer_remembered_is_given_by_its_record() -> None:
    site, box = billed_session()
    for number in range(2, 70):
        site.wait(MINUTE)
        box.start("BEN", 6000 + number)
        box.stop(1000 + number, 6000 + number)
    assert len(site.charger().sessions) == 64
    site.feed(SessionAssigned(cdr=site.standing()["session1"], driver="ben"))
    assert site.postings[-1].driver == "ben"
    assert site.billed()["session1"] == (Decimal(5000), Decimal("1.50"))


def test_a_late_stop_after_an_assignment_stays_with_the_new_driver() -> None:
    site, box = at_home()
    box.start()
    site.wait(MINUTE)
    box.sample(1600, transaction=1001)
    box.status(EvseStatus.AVAILABLE)
    site.tick(11 * MINUTE)
    site.feed(SessionAssigned(cdr=site.cdrs[-1], driver="ben"))
    box.stop(1001, 2000)
    assert site.billed() == {"session1": (Decimal(1000), Decimal("0.30"))}
    assert (site.account()[2], site.account("ben")[2]) == (Decimal(0), Decimal("0.30"))
    assert site.standing()["session1"].payer_reason == "assigned"
    assert_chained(site.postings)
