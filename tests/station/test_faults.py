"""The fault matrix as far as the reducer answers for it: one test per fault, named after it, figures worked by hand."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest

from custom_components.ev_station.model.answers import BootAnswer, StartAnswer
from custom_components.ev_station.model.commands import (
    CommandStatus,
    Prepare,
    ProfilePurpose,
    RemoteStart,
    RemoteStop,
    SetProfile,
)
from custom_components.ev_station.model.effects import NoticeKind, Refuse, Seal
from custom_components.ev_station.model.events import (
    ChargingEnabled,
    StartRequested,
    StopRequested,
    TariffConfigured,
)
from custom_components.ev_station.model.ids import Fresh
from custom_components.ev_station.model.records import PostingKind
from custom_components.ev_station.model.session import SessionState
from custom_components.ev_station.model.settings import TariffSettings
from custom_components.ev_station.model.status import (
    AuthorizationStatus,
    EvseStatus,
    Flag,
    RegistrationStatus,
)
from custom_components.ev_station.model.tariff import DayOfWeek
from custom_components.ev_station.station import handle
from custom_components.ev_station.tariff.build import Band, time_of_use

from .site import (
    BEN,
    DAY,
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    Box,
    Site,
    adopted,
    answer,
    assert_chained,
    at_home,
    commands,
    home,
    sample,
    sends,
    snapshot,
)

NEVER_SET = datetime(1970, 1, 1, 0, 1, tzinfo=UTC)


def test_a_plain_session_is_billed_once_at_the_registers_difference() -> None:
    site, box = at_home()
    start = box.start("anna", 1000)
    assert start == StartAnswer(transaction=1001, status=AuthorizationStatus.ACCEPTED)
    (notice,) = site.told(NoticeKind.SESSION_STARTED)
    assert (notice.data["authorized"], notice.data["driver"]) == (True, "anna")
    site.wait(HOUR)
    box.sample(3000, transaction=1001)
    site.wait(HOUR)
    box.stop(1001, 6000)
    # 5 kWh at 0.30
    assert site.billed() == {"session1": (Decimal(5000), Decimal("1.50"))}
    (posting,) = site.postings
    assert (posting.driver, posting.sheet, posting.kind) == ("anna", "house", PostingKind.SESSION)
    assert site.standing()["session1"].flags == ()
    (ended,) = site.told(NoticeKind.SESSION_ENDED)
    assert (ended.evse, ended.data) == (
        box.evse(),
        {
            "session": "session1",
            "driver": "anna",
            "energy_kwh": 5.0,
            "cost": 1.5,
            "currency": "EUR",
            "started_at": "2026-11-23T12:00:00+00:00",
            "ended_at": "2026-11-23T14:00:00+00:00",
            "duration_s": 7200.0,
            "provisional": False,
            "replaces": False,
        },
    )
    assert site.account() == ("2026-11", Decimal(5000), Decimal("1.50"))
    assert site.open_session() is None


def test_f01_lost_answer_to_a_start_gets_the_same_id() -> None:
    site, box = at_home()
    event = box.start_event()
    first = answer(site.feed(event))
    site.wait(10 * SECOND)
    again = answer(site.feed(event))
    assert first == again == StartAnswer(transaction=1001, status=AuthorizationStatus.ACCEPTED)
    box.stop(1001, 2000)
    assert site.billed() == {"session1": (Decimal(1000), Decimal("0.30"))}


def test_f01_repeated_after_the_stop_too() -> None:
    site, box = at_home()
    event = box.start_event()
    site.feed(event)
    site.wait(HOUR)
    box.stop(1001, 2000)
    box.disconnect()
    box.connect()
    again = answer(site.feed(event))
    assert isinstance(again, StartAnswer)
    assert again.transaction == 1001
    assert site.open_session() is None
    assert len(site.postings) == 1


def test_f02_repeated_start_after_our_restart_gets_the_same_id() -> None:
    site, box = at_home()
    event = box.start_event()
    first = answer(site.feed(event))
    site.state = site.replayed()
    box.disconnect()
    box.connect()
    assert answer(site.feed(event)) == first


def test_f03_two_starts_in_one_second_on_two_connectors_get_two_ids() -> None:
    site, box = at_home()
    one, two = box.start(evse=1), box.start(evse=2)
    assert one.transaction != two.transaction
    site.wait(HOUR)
    box.stop(one.transaction, 2000)
    assert site.open_session(1) is None
    assert site.open_session(2) == site.session(2)
    box.stop(two.transaction, 4000)
    assert {key: energy for key, (energy, _) in site.billed().items()} == {
        "session1": Decimal(1000),
        "session2": Decimal(3000),
    }


@pytest.mark.parametrize("meter", [1000, 1200, 1500, None])
def test_f04_second_start_of_the_same_visit_gets_the_first_id(meter: int | None) -> None:
    site, box = at_home()
    box.start("ANNA", 1000)
    site.wait(MINUTE)
    box.sample(1500, transaction=1001)
    assert box.start("ANNA", meter).transaction == 1001
    site.wait(HOUR)
    box.stop(1001, 3000)
    assert site.billed() == {"session1": (Decimal(2000), Decimal("0.60"))}


@pytest.mark.parametrize("status", [EvseStatus.AVAILABLE, EvseStatus.FINISHING])
def test_f04_after_the_car_left_it_is_a_new_visit(status: EvseStatus) -> None:
    site, box = at_home()
    box.start("ANNA", 1000)
    site.wait(MINUTE)
    box.sample(1500, transaction=1001)
    box.status(status)
    site.wait(MINUTE)
    assert box.start("ANNA", 1500).transaction == 1002
    assert site.session(1).state is SessionState.PROVISIONAL


def test_f04_a_queued_status_from_before_the_start_is_no_sign_that_the_car_left() -> None:
    site, box = at_home()
    box.start("ANNA", 1000)
    site.wait(MINUTE)
    box.status(EvseStatus.AVAILABLE, at=NOON - MINUTE)
    assert box.start("ANNA", 1000).transaction == 1001


@pytest.mark.parametrize(("token", "meter"), [("BEN", 1500), ("ANNA", 1800), ("ANNA", 900)])
def test_f04_another_start_closes_the_old_session_provisionally(token: str, meter: int) -> None:
    site, box = at_home()
    box.start("ANNA", 1000)
    site.wait(MINUTE)
    box.sample(1500, transaction=1001)
    site.wait(MINUTE)
    assert box.start(token, meter).transaction == 1002
    old = site.session(1)
    assert old.state is SessionState.PROVISIONAL
    assert Flag.PROVISIONAL in old.flags
    # The meter at the new start ended it; below the begin, the samples did.
    assert site.billed()["session1"][0] == {1500: 500, 1800: 800, 900: 500}[meter]


def test_f04_late_stop_of_the_replaced_session_replaces_its_record() -> None:
    site, box = at_home()
    box.start("ANNA", 1000)
    site.wait(HOUR)
    box.start("BEN", 1800)
    site.wait(MINUTE)
    box.stop(1001, 1750, at=NOON + 30 * MINUTE)
    assert [posting.kind for posting in site.postings] == [
        PostingKind.SESSION,
        PostingKind.CREDIT,
        PostingKind.ADJUSTMENT,
    ]
    assert site.billed() == {"session1": (Decimal(750), Decimal("0.23"))}
    assert site.standing()["session1"].flags == ()
    assert site.open_session() == site.session(2)
    assert_chained(site.postings)


def test_f04_session_register_that_begins_at_zero_bills_the_unstopped_session_by_samples() -> None:
    site, box = at_home()
    box.start("ANNA", 0)
    site.wait(HOUR)
    box.sample(5000, transaction=1001)
    box.start("BEN", 0)
    assert site.billed()["session1"][0] == Decimal(5000)


@pytest.mark.parametrize(
    ("token", "status"),
    [
        ("NOBODY", AuthorizationStatus.INVALID),
        ("LOST", AuthorizationStatus.BLOCKED),
        ("OLD", AuthorizationStatus.EXPIRED),
        ("", AuthorizationStatus.INVALID),
    ],
)
def test_f05_start_with_a_bad_tag_is_recorded_and_billed_to_nobody(
    token: str, status: AuthorizationStatus
) -> None:
    site, box = at_home()
    assert box.start(token) == StartAnswer(transaction=1001, status=status)
    (notice,) = site.told(NoticeKind.SESSION_STARTED)
    assert (notice.data["authorized"], notice.data["driver"]) == (False, None)
    site.wait(HOUR)
    box.stop(1001, 4000)
    (posting,) = site.postings
    assert (posting.energy_wh, posting.driver, posting.sheet) == (Decimal(3000), None, None)
    assert site.standing()["session1"].flags == (Flag.UNAUTHORIZED,)


def test_f05_a_tag_that_was_valid_when_the_box_took_it_offline_pays() -> None:
    site, box = at_home()
    box.start("OLD", 1000, at=NOON - 2 * DAY)
    box.stop(1001, 4000, at=NOON - 2 * DAY + HOUR)
    assert [posting.driver for posting in site.postings] == ["ben"]


@pytest.mark.parametrize("meter", [None, -5])
def test_f06_start_without_a_meter_is_answered_and_quarantined(meter: int | None) -> None:
    site, box = at_home()
    assert box.start("ANNA", meter).transaction == 1001
    assert Flag.QUARANTINED in site.session(1).flags
    site.wait(MINUTE)
    box.sample(5000, transaction=1001)
    site.wait(HOUR)
    box.sample(7000, transaction=1001)
    box.stop(1001, 7000)
    # Known from the first sample on.
    assert site.billed()["session1"][0] == Decimal(2000)
    assert set(site.standing()["session1"].flags) == {Flag.QUARANTINED, Flag.ESTIMATED}


def test_f06_connector_0_of_several_is_quarantined_and_billed() -> None:
    site, box = at_home()
    box.prepared(evses=2)
    assert box.start(evse=0).transaction == 1001
    assert Flag.QUARANTINED in site.session(1).flags
    assert site.charger().evses == (box.evse(1), box.evse(2))
    site.wait(HOUR)
    box.stop(1001, 2000)
    assert site.billed()["session1"][0] == Decimal(1000)


def test_f06_connector_0_of_one_is_that_one() -> None:
    site, box = at_home()
    box.start(evse=0)
    assert site.session(1).evse == box.evse(1)
    assert Flag.QUARANTINED not in site.session(1).flags


def test_f06_connector_0_before_anything_is_known_is_the_first() -> None:
    site = home()
    box = Box(site)
    box.connect()
    box.start(evse=0)
    assert site.session(1).evse == box.evse(1)


def test_f06_garbled_time_is_the_receipt_and_flagged() -> None:
    site, box = at_home()
    box.start(at=None, raw="yesterday-ish")
    assert site.session(1).start == (NOON, "yesterday-ish", NOON)
    assert Flag.CLOCK_CORRECTED in site.session(1).flags


def test_f07_repeated_stop_changes_nothing() -> None:
    site, box = at_home()
    box.start()
    site.wait(HOUR)
    event = box.stop_event(1001, 2000)
    site.feed(event)
    before = snapshot(site.state)
    for _ in range(3):
        site.wait(DAY)
        effects = site.feed(event)
        assert answer(effects) is not None
        assert not [effect for effect in effects if isinstance(effect, Seal)]
    assert snapshot(site.state) == before


def test_f07_repeated_stop_without_an_id_changes_nothing() -> None:
    site, box = at_home()
    box.start()
    site.wait(HOUR)
    event = box.stop_event(-1, 2000, "ANNA")
    site.feed(event)
    assert len(site.postings) == 1
    site.wait(MINUTE)
    box.start("ANNA", 2000)
    before = snapshot(site.state)
    site.feed(event)
    assert snapshot(site.state) == before


def test_f08_the_first_of_two_different_stops_wins() -> None:
    site, box = at_home()
    box.start()
    site.wait(HOUR)
    box.stop(1001, 2000)
    other = box.stop_event(1001, 2500)
    site.feed(other)
    site.wait(DAY)
    site.feed(other)
    session = site.session(1)
    assert [stop.meter_wh for stop in session.conflicts] == [Decimal(2500)]
    assert Flag.CONFLICT in session.flags
    assert site.billed() == {"session1": (Decimal(1000), Decimal("0.30"))}


@pytest.mark.parametrize("transaction", [0, -1, -16, 2**31, 2**63 - 1])
def test_f09_stop_without_a_usable_id_ends_the_one_session_that_fits(transaction: int) -> None:
    site, box = at_home()
    for number in (1, 2, 3):
        box.start("ANNA", 1000 * number)
        site.wait(HOUR)
        box.stop(transaction, 1000 * number + 700, "ANNA")
        assert site.billed()[f"session{number}"][0] == Decimal(700)
        site.wait(HOUR)
    assert len(site.postings) == 3
    assert site.charger().held_stops == ()


def test_f09_with_two_sessions_the_tag_tells_which() -> None:
    site, box = at_home()
    box.start("ANNA", evse=1)
    box.start("BEN", evse=2)
    site.wait(HOUR)
    box.stop(-1, 2000, "BEN")
    assert site.billed() == {"session2": (Decimal(1000), Decimal("0.30"))}
    assert site.session(1).is_open


def test_f09_what_cannot_be_told_apart_is_held_with_its_register() -> None:
    site, box = at_home()
    box.start("ANNA", evse=1)
    box.start("ANNA", evse=2)
    site.wait(HOUR)
    event = box.stop_event(-1, 2000, "ANNA")
    site.feed(event)
    site.feed(event)
    (held,) = site.charger().held_stops
    assert (held.transaction, held.stop.meter_wh) == (-1, Decimal(2000))
    assert not site.postings


def test_f09_unknown_id_that_could_be_ours_ends_nothing() -> None:
    site, box = at_home()
    box.start()
    site.wait(HOUR)
    box.stop(4711, 2000, "ANNA")
    assert site.session(1).is_open
    assert len(site.charger().held_stops) == 1


def test_f09_held_stops_are_bounded() -> None:
    site, box = at_home()
    for number in range(30):
        box.stop(5000 + number, 100 * number)
    assert [held.transaction for held in site.charger().held_stops] == list(range(5010, 5030))


@pytest.mark.parametrize("token", ["ANNA", None])
def test_f10_stop_before_its_start_waits_for_it(token: str | None) -> None:
    site, box = at_home()
    site.wait(HOUR)
    box.stop(-1, 4000, token)
    site.state = site.replayed()
    site.wait(DAY)
    start = box.start("ANNA", 1000, at=NOON)
    assert start.transaction == 1001
    assert site.billed() == {"session1": (Decimal(3000), Decimal("0.90"))}
    assert site.charger().held_stops == ()
    assert site.open_session() is None
    assert not sends(site.tick())


def test_f10_of_two_stops_that_wait_the_earlier_belongs_to_the_earlier_start() -> None:
    site, box = at_home()
    site.wait(4 * HOUR)
    box.stop(-1, 3000, at=NOON + 3 * HOUR)
    box.stop(-1, 2000, at=NOON + HOUR)
    box.start("ANNA", 1000, at=NOON)
    box.start("ANNA", 2000, at=NOON + 2 * HOUR)
    assert {key: energy for key, (energy, _) in site.billed().items()} == {
        "session1": Decimal(1000),
        "session2": Decimal(1000),
    }


def test_f10_stop_of_another_tag_or_time_or_register_does_not_fit() -> None:
    site, box = at_home()
    box.stop(-1, 4000, "BEN")
    box.stop(-2, 400, "ANNA")
    box.stop(-3, 4000, "ANNA", at=NOON - HOUR)
    box.stop(-4, None, "ANNA")
    box.start("ANNA", 1000)
    assert site.session(1).is_open
    assert len(site.charger().held_stops) == 4


def test_f11_stop_from_another_charger_is_ignored_and_reported() -> None:
    site = home(adopted("CP2"))
    box, other = Box(site).ready(), Box(site, "CP2").ready()
    box.start()
    site.wait(HOUR)
    for number in range(25):
        other.stop(4000 + number, 1)
    other.stop(1001, 2000)
    assert site.session(1).is_open
    (notice,) = site.told(NoticeKind.SECURITY)
    assert (notice.charger, notice.data["type"]) == ("CP2", "foreign_transaction")
    assert all(held.transaction != 1001 for held in site.charger("CP2").held_stops)


def test_f11_samples_and_ids_nobody_gives_are_no_security_matter() -> None:
    site = home(adopted("CP2"))
    box, other = Box(site).ready(), Box(site, "CP2").ready()
    box.start()
    other.sample(500, transaction=1001)
    other.stop(-1, 700)
    assert site.session(1).readings == ()
    assert not site.told(NoticeKind.SECURITY)


def test_f12_stop_below_start_bills_the_samples() -> None:
    site, box = at_home()
    box.start("ANNA", 10_000)
    for number in range(1, 5):
        site.wait(15 * MINUTE)
        box.sample(10_000 + 500 * number, transaction=1001)
    box.stop(1001, 0)
    assert site.billed()["session1"][0] == Decimal(2000)
    assert set(site.standing()["session1"].flags) == {Flag.METER_BACKWARDS, Flag.ESTIMATED}


@pytest.mark.parametrize("meter_stop", [-400, None])
def test_f12_what_is_below_zero_is_no_register(meter_stop: int | None) -> None:
    site, box = at_home()
    box.start("ANNA", 1000)
    site.wait(30 * MINUTE)
    box.sample(-500, transaction=1001)
    site.wait(30 * MINUTE)
    box.stop(1001, meter_stop)
    assert site.billed()["session1"] == (0, 0)


def test_f12_samples_may_come_with_the_stop() -> None:
    site, box = at_home()
    box.start("ANNA", 10_000)
    site.wait(HOUR)
    data = (sample(NOON, 10_000), sample(NOON + 30 * MINUTE, 11_200), sample(NOON + HOUR, 12_400))
    box.stop(1001, 9_000, samples=data)
    assert site.billed()["session1"][0] == Decimal(2400)
    assert Flag.METER_BACKWARDS in site.standing()["session1"].flags


def test_f13_register_reset_within_a_session_sums_its_segments() -> None:
    site, box = at_home()
    box.start("ANNA", 10_000)
    site.wait(30 * MINUTE)
    box.sample(12_000, transaction=1001)
    site.wait(30 * MINUTE)
    box.boot()
    box.sample(0, transaction=1001)
    for number in range(1, 4):
        site.wait(15 * MINUTE)
        box.sample(500 * number, transaction=1001)
    assert site.session(1).energy_wh == Decimal(3500)
    site.wait(15 * MINUTE)
    box.stop(1001, 1800)
    # 2000 before the reset, 1800 after it
    assert site.billed()["session1"][0] == Decimal(3800)
    assert {Flag.METER_RESET, Flag.ESTIMATED} <= set(site.standing()["session1"].flags)


def test_f14_rollover_is_no_reset() -> None:
    site, box = at_home()
    box.start("ANNA", 99_999_000)
    site.wait(30 * MINUTE)
    box.sample(99_999_900, transaction=1001)
    site.wait(30 * MINUTE)
    box.sample(800, transaction=1001)
    assert site.session(1).energy_wh == Decimal(1800)
    site.wait(30 * MINUTE)
    box.stop(1001, 1500)
    assert site.billed()["session1"][0] == Decimal(2500)
    assert site.standing()["session1"].flags == ()


@pytest.mark.parametrize("transaction", [None, 0, -1])
def test_f15_f16_samples_without_a_usable_id_belong_to_what_goes_on(
    transaction: int | None,
) -> None:
    site, box = at_home()
    box.start()
    site.wait(MINUTE)
    box.sample(1200, transaction=transaction)
    assert site.session(1).energy_wh == Decimal(200)


def test_f15_without_an_id_only_what_was_measured_since_the_start_counts() -> None:
    site, box = at_home()
    box.start("ANNA", 0)
    site.wait(MINUTE)
    # The session before counted up to here; the register begins anew with each session.
    box.sample(5000, at=NOON - MINUTE)
    site.wait(MINUTE)
    box.sample(100, transaction=1001)
    box.stop(1001, 150)
    assert site.billed()["session1"][0] == Decimal(150)


def test_f15_a_sample_without_a_session_is_no_session() -> None:
    site, box = at_home()
    box.sample(1200, 7000)
    assert site.open_session() is None
    assert site.evse().live.power_w == Decimal(7000)


def test_f17_sample_after_the_stop_leaves_the_bill() -> None:
    site, box = at_home()
    box.start()
    site.wait(HOUR)
    box.stop(1001, 2000)
    site.wait(SECOND)
    box.sample(2004, transaction=1001)
    assert site.billed() == {"session1": (Decimal(1000), Decimal("0.30"))}
    assert site.session(1).energy_wh == Decimal(1000)


def test_f17_late_sample_does_not_bring_the_power_back() -> None:
    site, box = at_home()
    box.start()
    site.wait(HOUR)
    box.sample(1900, 7000, transaction=1001)
    site.wait(10 * SECOND)
    box.stop(1001, 2000)
    assert site.evse().live.power_w == Decimal(0)
    site.wait(SECOND)
    box.sample(1990, 7000, transaction=1001, at=site.now - 5 * SECOND)
    assert site.evse().live.power_w == Decimal(0)


def test_f18_samples_out_of_order_and_twice_draw_the_same_line() -> None:
    orders = [(1, 2, 3, 4), (4, 3, 2, 1), (2, 1, 1, 4, 3, 3)]
    results = []
    for order in orders:
        site, box = at_home()
        box.start()
        site.wait(HOUR)
        for number in order:
            box.sample(1000 + 100 * number, transaction=1001, at=NOON + 10 * number * MINUTE)
        results.append(
            (site.session(1).energy_wh, {r.at: r.register_wh for r in site.session(1).readings})
        )
    assert results[0][0] == Decimal(400)
    assert results[0] == results[1] == results[2]


def test_f19_a_days_queue_leaves_the_present_and_the_bill_right() -> None:
    site, box = at_home()
    site.wait(DAY)
    begin = NOON + HOUR
    box.start("ANNA", 1000, at=begin)
    for number in range(1, 1200):
        site.wait(20 * timedelta(milliseconds=1))
        at = begin + number * MINUTE
        box.sample(1000 + 100 * number, 6000, transaction=1001, at=at)
    assert site.evse().live.power_w is None
    assert site.charger().clock.offset == timedelta(0)
    box.stop(1001, 121_000, at=begin + 20 * HOUR)
    assert site.billed()["session1"] == (Decimal(120_000), Decimal("36.00"))
    (cdr,) = site.cdrs
    assert (cdr.started_at, cdr.ended_at) == (begin, begin + 20 * HOUR)


def test_f20_historical_status_never_overrides_a_newer_one() -> None:
    site, box = at_home()
    box.status(EvseStatus.CHARGING)
    box.status(EvseStatus.AVAILABLE, at=NOON - HOUR)
    assert site.evse().status is EvseStatus.CHARGING
    site.wait(SECOND)
    box.status(EvseStatus.SUSPENDED_EV, at=None)
    assert site.evse().status is EvseStatus.SUSPENDED_EV


def test_f20_historical_fault_of_the_charger_itself_is_history() -> None:
    site, box = at_home()
    box.status(EvseStatus.AVAILABLE, evse=0)
    box.status(EvseStatus.FAULTED, evse=0, at=NOON - HOUR, error="GroundFailure")
    assert site.charger().error_code is None
    assert not site.told(NoticeKind.CHARGER_FAULT)


@pytest.mark.parametrize(
    "ahead", [timedelta(days=365), timedelta(hours=2), -timedelta(days=20_000)]
)
def test_f21_wrong_clock_is_corrected_at_once(ahead: timedelta) -> None:
    site, box = at_home()
    box.ahead = ahead
    box.status(EvseStatus.PREPARING)
    box.start()
    site.wait(HOUR)
    box.sample(3000, transaction=1001)
    site.wait(HOUR)
    box.stop(1001, 5000)
    (cdr,) = site.cdrs
    assert (cdr.started_at, cdr.ended_at) == (NOON, NOON + 2 * HOUR)
    assert cdr.raw_started_at == (NOON + ahead).isoformat()
    assert cdr.flags == (Flag.CLOCK_CORRECTED,)
    assert cdr.energy_wh == Decimal(4000)


def test_f21_slow_clock_is_believed_after_a_while() -> None:
    site, box = at_home()
    box.ahead = -30 * MINUTE
    for _ in range(4):
        box.status(EvseStatus.AVAILABLE)
        site.wait(MINUTE)
    box.start()
    site.wait(HOUR)
    box.stop(1001, 2000)
    (cdr,) = site.cdrs
    assert (cdr.started_at, cdr.ended_at) == (NOON + 4 * MINUTE, NOON + HOUR + 4 * MINUTE)


def test_f21_a_whole_session_from_before_the_clock_was_set_keeps_its_energy() -> None:
    # Nothing but the registers is known of it; the dialect reads 1970 as no time at all.
    site, box = at_home()
    box.start("ANNA", 1000, at=None, raw="1970-01-01T00:10:00Z")
    box.sample(15_000, transaction=1001, at=None)
    site.wait(SECOND)
    box.stop(1001, 31_000, at=None, raw="1970-01-01T03:10:00Z")
    assert site.billed()["session1"] == (Decimal(30_000), Decimal("9.00"))
    assert site.standing()["session1"].flags == (Flag.CLOCK_CORRECTED,)


def test_f21_a_clock_set_back_in_the_middle_does_not_cost_the_energy() -> None:
    site, box = at_home()
    box.start()
    site.wait(10 * MINUTE)
    box.ahead = -HOUR
    box.stop(1001, 3000)
    (cdr,) = site.cdrs
    assert (cdr.started_at, cdr.ended_at) == (NOON, NOON + 10 * MINUTE)
    assert cdr.energy_wh == Decimal(2000)
    assert cdr.flags == (Flag.CLOCK_CORRECTED,)


def test_f21_a_clock_set_back_to_just_after_the_start_does_not_cost_the_energy() -> None:
    site, box = at_home()
    box.start("ANNA", 1000)
    site.wait(2 * HOUR)
    box.ahead = SECOND - 2 * HOUR
    box.stop(1001, 31_000)
    (cdr,) = site.cdrs
    assert (cdr.started_at, cdr.ended_at) == (NOON, NOON + 2 * HOUR)
    assert cdr.energy_wh == Decimal(30_000)
    assert cdr.flags == (Flag.CLOCK_CORRECTED,)


def test_f21_a_start_sent_again_under_a_clock_set_back_is_the_same_visit() -> None:
    site, box = at_home()
    box.start("ANNA", 1000)
    site.wait(10 * MINUTE)
    box.ahead = -2 * HOUR
    box.sample(1400, transaction=1001)
    site.wait(SECOND)
    assert box.start("ANNA", 1400).transaction == 1001
    assert site.session(1).energy_wh == Decimal(400)


def test_f22_time_stamps_of_another_zone_are_the_same_moment() -> None:
    site, box = at_home()
    berlin = datetime.fromisoformat("2026-11-23T13:00:00.1234567+01:00").astimezone(UTC)
    site.wait(SECOND)
    box.start(at=berlin, raw="2026-11-23T13:00:00.1234567+01:00")
    assert site.session(1).start.at == datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
    assert site.session(1).flags == frozenset()


@pytest.mark.parametrize(
    ("night", "before", "after"),
    [
        # Clocks go from 02:00 to 03:00; of 00:00 to 05:00 CEST four real hours pass, two of them before 03:00.
        (datetime(2026, 3, 28, 23, tzinfo=UTC), 2, 2),
        # Clocks go back at 03:00; of 00:00 to 05:00 CET six real hours pass, four of them before 03:00.
        (datetime(2026, 10, 24, 22, tzinfo=UTC), 4, 2),
    ],
)
def test_f23_nights_of_clock_changes_split_right(night: datetime, before: int, after: int) -> None:
    site = Site(now=night - HOUR)
    tariff = time_of_use(
        "flat",
        "EUR",
        Decimal("0.40"),
        (Band(days=tuple(DayOfWeek), start=time(0), end=time(3), price=Decimal("0.20")),),
    )
    site.configure(
        *(row.event for row in home().journal),
        TariffConfigured(settings=TariffSettings(tariff=tariff, name="Night")),
    )
    box = Box(site).ready()
    site.now = night
    box.start("ANNA", 0)
    hours = before + after
    for number in range(1, hours + 1):
        site.wait(HOUR)
        box.sample(1000 * number, transaction=1001)
    box.stop(1001, 1000 * hours)
    (cdr,) = site.cdrs
    assert cdr.ended_at - cdr.started_at == hours * HOUR
    assert [(period.energy_wh, period.price_per_kwh) for period in cdr.periods] == [
        (Decimal(1000 * before), Decimal("0.20")),
        (Decimal(1000 * after), Decimal("0.40")),
    ]
    assert cdr.amount == Decimal("0.20") * before + Decimal("0.40") * after


def test_f24_repeats_after_the_answer_was_lost_with_us_are_idempotent() -> None:
    site, box = at_home()
    start = box.start_event()
    site.feed(start)
    site.wait(HOUR)
    stop = box.stop_event(1001, 2000)
    site.feed(stop)
    site.state = site.replayed()
    box.connect()
    before = snapshot(site.state)
    for event in (start, stop, start, stop):
        site.feed(event)
    assert snapshot(site.state) == before
    assert len(site.postings) == 1


def test_f25_an_input_that_was_never_committed_leaves_nothing() -> None:
    site, box = at_home()
    before = snapshot(site.state)
    outcome = handle(site.state, box.start_event(), site.now, Fresh("lost", 7))
    undo = site.state.apply(outcome.changes)
    site.state.apply(undo)
    assert snapshot(site.state) == before
    assert box.start().transaction == 1001


def test_f26_after_two_days_of_ours_the_session_goes_on_and_the_queue_merges() -> None:
    site, box = at_home()
    box.start()
    site.wait(HOUR)
    box.sample(2000, transaction=1001)
    box.disconnect()
    assert site.session(1).state is SessionState.SILENT
    away = site.now
    site.wait(47 * HOUR)
    site.tick()
    box.connect()
    assert site.session(1).state is SessionState.OPEN
    for number in range(1, 5):
        box.sample(2000 + 1000 * number, transaction=1001, at=away + number * HOUR)
    assert site.session(1).energy_wh == Decimal(5000)
    box.stop(1001, 6500, at=away + 5 * HOUR)
    assert site.billed()["session1"][0] == Decimal(5500)
    assert set(site.standing()["session1"].flags) == {Flag.LATE}


def test_f26_given_up_too_early_the_session_goes_on_when_it_is_measured_again() -> None:
    site, box = at_home()
    box.status(EvseStatus.CHARGING)
    box.start()
    site.wait(HOUR)
    box.sample(2000, transaction=1001)
    box.disconnect()
    site.tick(49 * HOUR)
    assert site.open_session() is None
    assert site.billed()["session1"][0] == Decimal(1000)
    box.connect()
    box.sample(9000, 7000, transaction=1001)
    assert site.open_session() == site.session(1)
    assert site.session(1).state is SessionState.OPEN
    assert site.session(1).energy_wh == Decimal(8000)
    site.wait(HOUR)
    box.stop(1001, 12_000)
    assert site.billed() == {"session1": (Decimal(11_000), Decimal("3.30"))}
    assert site.standing()["session1"].flags == ()
    assert_chained(site.postings)


def test_f26_samples_of_a_session_closed_as_idle_do_not_revive_it() -> None:
    site, box = at_home()
    box.start()
    site.wait(MINUTE)
    box.sample(1500, transaction=1001)
    box.status(EvseStatus.AVAILABLE)
    site.tick(11 * MINUTE)
    assert site.session(1).state is SessionState.PROVISIONAL
    box.sample(1500, transaction=1001)
    assert site.session(1).state is SessionState.PROVISIONAL
    assert len(site.postings) == 1


def test_f27_a_box_that_never_comes_back_is_silent_then_provisional() -> None:
    site, box = at_home()
    box.start()
    site.wait(HOUR)
    box.sample(3000, transaction=1001)
    box.disconnect()
    site.tick(48 * HOUR)
    assert site.session(1).state is SessionState.SILENT
    site.tick(SECOND)
    session = site.session(1)
    assert session.state is SessionState.PROVISIONAL
    (cdr,) = site.cdrs
    assert (cdr.energy_wh, cdr.ended_at) == (Decimal(2000), NOON + HOUR)
    assert Flag.PROVISIONAL in cdr.flags
    assert site.open_session() is None
    site.tick(HOUR)
    assert len(site.cdrs) == 1


def test_f27_without_a_single_sample_it_ends_with_what_is_known() -> None:
    site, box = at_home()
    box.start()
    box.disconnect()
    site.tick(49 * HOUR)
    (cdr,) = site.cdrs
    assert (cdr.energy_wh, cdr.amount) == (Decimal(0), Decimal("0.00"))


def test_f33_a_boot_leaves_the_session_to_its_late_stop() -> None:
    site, box = at_home()
    box.start()
    site.wait(HOUR)
    box.sample(2500, transaction=1001)
    site.wait(MINUTE)
    box.disconnect()
    box.connect()
    box.boot()
    assert site.session(1).is_open
    box.stop(1001, 2600, at=site.now - MINUTE)
    assert site.billed()["session1"][0] == Decimal(1600)


def test_f34_a_reconnect_without_boot_goes_on() -> None:
    site, box = at_home()
    box.start()
    box.disconnect()
    site.wait(MINUTE)
    effects = box.connect()
    assert commands(effects, Prepare)
    assert site.open_session() == site.session(1)
    assert site.session(1).state is SessionState.OPEN


def test_f38_what_a_charger_does_not_support_is_not_asked_again() -> None:
    site, box = at_home()
    box.start()
    request = ChargingEnabled(evse=box.evse(), enabled=False, command=7)
    first = sends(site.feed(request))
    more = [
        send for each in first for send in sends(box.answered(each, CommandStatus.NOT_SUPPORTED))
    ]
    # Neither kind of profile is taken: ending the transaction is the only pause.
    assert [type(send.command) for send in first] == [SetProfile, SetProfile]
    assert [type(send.command) for send in more] == [RemoteStop]
    assert site.charger().refused_purposes == {ProfilePurpose.TX, ProfilePurpose.TX_DEFAULT}


def test_f40_a_remote_start_nobody_sees_is_given_up() -> None:
    site, box = at_home()
    (send,) = sends(site.feed(StartRequested(evse=box.evse(), driver="anna", command=5)))
    assert isinstance(send.command, RemoteStart)
    box.answered(send)
    site.tick(2 * MINUTE)
    assert not site.told(NoticeKind.START_TIMED_OUT)
    site.tick(SECOND)
    (notice,) = site.told(NoticeKind.START_TIMED_OUT)
    assert (notice.evse, notice.data["reason"]) == (box.evse(), "timed_out")
    assert site.evse().expected_start is None
    site.tick(HOUR)
    assert len(site.told(NoticeKind.START_TIMED_OUT)) == 1


@pytest.mark.parametrize("status", [CommandStatus.REJECTED, CommandStatus.TIMED_OUT])
def test_f40_a_refused_remote_start_is_told_at_once(status: CommandStatus) -> None:
    site, box = at_home()
    (send,) = sends(site.feed(StartRequested(evse=box.evse(), driver="anna", command=5)))
    box.answered(send, status)
    (notice,) = site.told(NoticeKind.START_TIMED_OUT)
    assert notice.data["reason"] == status.value
    assert site.evse().expected_start is None


def stopping(status: EvseStatus) -> tuple[Site, Box]:
    """Return a site on which a stop was asked for three times in vain."""
    site, box = at_home()
    box.status(status)
    box.start()
    site.wait(HOUR)
    box.sample(2000, transaction=1001)
    (send,) = sends(site.feed(StopRequested(evse=box.evse(), command=5)))
    box.answered(send)
    for _ in range(2):
        assert commands(site.tick(MINUTE + SECOND), RemoteStop) == [RemoteStop(transaction=1001)]
    assert not site.told(NoticeKind.STOP_TIMED_OUT)
    assert not sends(site.tick(MINUTE + SECOND))
    return site, box


def test_f41_a_remote_stop_nobody_sees_is_repeated_then_provisional_and_told() -> None:
    site, box = stopping(EvseStatus.FINISHING)
    assert len(site.told(NoticeKind.STOP_TIMED_OUT)) == 1
    assert site.session(1).state is SessionState.PROVISIONAL
    assert site.billed()["session1"][0] == Decimal(1000)
    box.stop(1001, 2100)
    assert site.billed()["session1"][0] == Decimal(1100)


def test_f41_what_still_charges_is_told_but_not_ended() -> None:
    site, _ = stopping(EvseStatus.CHARGING)
    assert len(site.told(NoticeKind.STOP_TIMED_OUT)) == 1
    assert site.session(1).is_open
    site.tick(HOUR)
    assert len(site.told(NoticeKind.STOP_TIMED_OUT)) == 1


def test_f41_a_stop_has_a_minute_to_be_seen() -> None:
    site, box = at_home()
    box.start()
    site.feed(StopRequested(evse=box.evse(), command=5))
    assert not sends(site.tick(MINUTE))
    assert commands(site.tick(SECOND), RemoteStop) == [RemoteStop(transaction=1001)]


def test_f41_while_the_charger_is_away_nothing_is_asked() -> None:
    site, box = at_home()
    box.start()
    site.feed(StopRequested(evse=box.evse(), command=5))
    box.disconnect()
    assert not sends(site.tick(2 * MINUTE))
    box.connect()
    assert commands(site.tick(SECOND), RemoteStop)


def test_f42_a_refused_profile_falls_back() -> None:
    site, box = at_home()
    box.start()
    asked = sends(site.feed(ChargingEnabled(evse=box.evse(), enabled=False, command=7)))
    floor, live = asked
    assert [
        send.command.profile.purpose for send in asked if isinstance(send.command, SetProfile)
    ] == [
        ProfilePurpose.TX_DEFAULT,
        ProfilePurpose.TX,
    ]
    assert not sends(box.answered(live, CommandStatus.NOT_SUPPORTED))
    box.answered(floor)
    # The floor holds; what was refused is not tried again before the next boot.
    box.stop(1001, 1000)
    box.start("ANNA", 1000)
    assert [held.purpose for held in site.evse().applied] == [ProfilePurpose.TX_DEFAULT]
    box.boot()
    assert site.charger().refused_purposes == frozenset()


def test_f43_profiles_are_sent_anew_after_a_boot_and_after_a_reconnect() -> None:
    site, box = at_home()
    for send in sends(site.feed(ChargingEnabled(evse=box.evse(), enabled=False, command=7))):
        box.answered(send)
    assert not commands(box.prepared(), SetProfile)
    assert commands(box.boot(), Prepare)
    assert len(commands(box.prepared(), SetProfile)) == 1
    box.disconnect()
    box.connect()
    assert len(commands(box.prepared(), SetProfile)) == 1


def test_f51_before_our_clock_is_set_a_boot_is_pending() -> None:
    site = home()
    site.now = datetime(1970, 1, 1, 0, 2, tzinfo=UTC)
    box = Box(site)
    box.connect()
    found = answer(box.boot())
    assert isinstance(found, BootAnswer)
    assert found.status is RegistrationStatus.PENDING
    assert site.charger().boot is None


def test_f51_a_start_under_our_wrong_clock_keeps_the_chargers_time() -> None:
    site, box = at_home()
    true = site.now
    site.now = datetime(1970, 1, 1, 0, 2, tzinfo=UTC)
    box.status(EvseStatus.PREPARING, at=true)
    box.start(at=true)
    site.wait(MINUTE)
    box.sample(1500, transaction=1001, at=true + MINUTE)
    assert site.charger().clock.offset == timedelta(0)
    site.now = true + HOUR
    box.stop(1001, 3000)
    (cdr,) = site.cdrs
    assert (cdr.started_at, cdr.ended_at) == (true, true + HOUR)
    assert (cdr.energy_wh, cdr.flags) == (Decimal(2000), ())


def test_f51_our_clock_being_set_does_not_end_sessions_or_months() -> None:
    site, box = at_home()
    box.start()
    site.wait(HOUR)
    box.stop(1001, 2000)
    box.start("ANNA", 2000)
    true, site.now = site.now, datetime(1970, 1, 1, tzinfo=UTC)
    box.disconnect()
    site.tick(MINUTE)
    site.now = true
    site.tick()
    assert site.session(2).state is SessionState.SILENT
    assert site.account()[1] == Decimal(1000)
    site.tick(47 * HOUR)
    assert site.session(2).state is SessionState.SILENT
    site.tick(2 * HOUR)
    assert site.session(2).state is SessionState.PROVISIONAL


def dead(box: Box, meter: int) -> tuple[int, int]:
    """Return the id a session under a dead clock got, and how many sessions there are then."""
    start = box.start("ANNA", meter, at=None, raw="1970-01-01T00:01:00Z")
    return start.transaction, len(box.site.charger().sessions)


def test_f52_equal_starts_under_a_dead_clock_are_two_sessions() -> None:
    site, box = at_home()
    assert dead(box, 0) == (1001, 1)
    site.wait(HOUR)
    box.stop(1001, 5000, at=None, raw="1970-01-01T01:01:00Z")
    site.wait(HOUR)
    assert dead(box, 0) == (1002, 2)
    site.wait(HOUR)
    box.stop(1002, 7000, at=None, raw="1970-01-01T01:01:00Z")
    assert {key: energy for key, (energy, _) in site.billed().items()} == {
        "session1": Decimal(5000),
        "session2": Decimal(7000),
    }


def test_f52_unless_the_stop_was_answered_on_an_older_socket() -> None:
    _, box = at_home()
    dead(box, 0)
    box.stop(1001, 5000, at=None, raw="1970-01-01T01:01:00Z")
    box.disconnect()
    box.connect()
    assert dead(box, 0) == (1001, 1)


def test_f52_or_the_time_stamp_is_trusted() -> None:
    site, box = at_home()
    event = box.start_event()
    site.feed(event)
    site.wait(HOUR)
    box.stop(1001, 5000)
    again = answer(site.feed(event))
    assert isinstance(again, StartAnswer)
    assert again.transaction == 1001


def test_f52_a_dead_clock_that_begins_anew_with_the_power_is_learnt_anew() -> None:
    site, box = at_home()
    first = datetime(2010, 1, 1, tzinfo=UTC)
    box.status(EvseStatus.AVAILABLE, at=first)
    site.wait(3 * DAY)
    box.disconnect()
    box.connect()
    box.boot()
    box.status(EvseStatus.PREPARING, at=first)
    box.start(at=first + MINUTE)
    assert site.session(1).start.at == site.now


def test_requests_that_make_no_sense_are_refused() -> None:
    site = home()
    box = Box(site)
    start = StartRequested(evse=box.evse(), driver="anna", command=5)
    stop = StopRequested(evse=box.evse(), command=6)
    assert site.feed(start) == (Refuse(id=5, reason="charger_not_connected"),)
    assert site.feed(stop) == (Refuse(id=6, reason="charger_not_connected"),)
    box.ready()
    assert site.feed(stop) == (Refuse(id=6, reason="no_session"),)
    box.start()
    assert site.feed(start) == (Refuse(id=5, reason="already_charging"),)


def test_an_event_before_the_site_is_configured_is_our_own_mistake() -> None:
    with pytest.raises(LookupError):
        Site().feed(BEN)
