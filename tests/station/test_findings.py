"""Findings from running other people's stations: each an acceptance test of the reducer."""

from datetime import timedelta
from decimal import Decimal

import pytest

from custom_components.ev_station.model.commands import (
    CommandStatus,
    RemoteStop,
    Trigger,
    TriggerKind,
)
from custom_components.ev_station.model.events import ChargingEnabled, StopRequested
from custom_components.ev_station.model.measurement import Context, Measurement, Quantity, Sample
from custom_components.ev_station.model.session import SessionState
from custom_components.ev_station.model.status import EvseStatus, Flag

from .site import HOUR, MINUTE, NOON, SECOND, Box, at_home, commands, home, sample, sends


def test_2_two_starts_are_one_session_and_the_first_id_is_asked_to_stop() -> None:
    site, box = at_home()
    first = box.start("ANNA", 1000)
    site.wait(SECOND)
    second = box.start("ANNA", 1000)
    assert first.transaction == second.transaction
    (stop,) = commands(site.feed(StopRequested(evse=box.evse(), command=5)), RemoteStop)
    assert stop.transaction == first.transaction
    site.wait(HOUR)
    box.stop(first.transaction, 3000)
    assert site.billed() == {"session1": (Decimal(2000), Decimal("0.60"))}


def test_2_a_station_that_keeps_the_first_id_of_two_visits_is_billed_whole() -> None:
    site, box = at_home()
    box.start("ANNA", 1000)
    site.wait(MINUTE)
    # More than was measured so far: by the rule a new visit, though the station thinks otherwise.
    box.start("ANNA", 1200)
    for number in range(1, 5):
        site.wait(15 * MINUTE)
        box.sample(1200 + 500 * number, transaction=1001)
    assert site.session(2).energy_wh == Decimal(2000)
    box.stop(1001, 3300)
    assert {key: energy for key, (energy, _) in site.billed().items()} == {
        "session1": Decimal(200),
        "session2": Decimal(2100),
    }
    assert site.open_session() is None


def test_3_an_offline_session_arrives_whole() -> None:
    site, box = at_home()
    box.status(EvseStatus.AVAILABLE)
    site.wait(HOUR)
    begin = NOON + 10 * MINUTE
    states = (
        EvseStatus.PREPARING,
        EvseStatus.CHARGING,
        EvseStatus.FINISHING,
        EvseStatus.AVAILABLE,
    )
    for number, status in enumerate(states):
        box.status(status, at=begin + number * 5 * SECOND)
    for session, at in ((1, begin), (2, begin + 20 * MINUTE)):
        register = 1000 * session
        start = box.start("ANNA", register, at=at)
        box.sample(register + 300, 7000, transaction=start.transaction, at=at + 5 * SECOND)
        site.tick()
        box.stop(start.transaction, register + 400, at=at + 16 * SECOND)
    assert [(cdr.started_at, cdr.ended_at - cdr.started_at) for cdr in site.cdrs] == [
        (begin, 16 * SECOND),
        (begin + 20 * MINUTE, 16 * SECOND),
    ]
    assert [cdr.energy_wh for cdr in site.cdrs] == [Decimal(400), Decimal(400)]
    assert site.evse().status is EvseStatus.AVAILABLE
    assert site.evse().live.power_w is None


def test_3_without_its_stop_it_ends_when_the_station_has_been_available_long_enough() -> None:
    site, box = at_home()
    site.wait(HOUR)
    box.status(EvseStatus.AVAILABLE, at=NOON + 2 * MINUTE)
    box.start("ANNA", 1000, at=NOON + MINUTE)
    site.tick(10 * MINUTE)
    assert site.session(1).is_open
    site.tick(SECOND)
    assert site.session(1).state is SessionState.PROVISIONAL


def test_4_after_a_reconnect_the_state_of_things_is_asked_for() -> None:
    site, box = at_home()
    box.start()
    box.disconnect()
    box.connect()
    triggers = commands(box.prepared(), Trigger)
    assert triggers == [
        Trigger(kind=TriggerKind.STATUS),
        Trigger(kind=TriggerKind.METER_VALUES, evse=1),
    ]
    box.sample(1500, 4000)
    assert site.session(1).energy_wh == Decimal(500)


def test_4_a_station_without_remote_triggers_is_not_asked() -> None:
    _, box = at_home()
    box.start()
    assert not commands(box.prepared(trigger=False), Trigger)


def test_4_a_station_that_never_reports_its_status_keeps_its_session() -> None:
    site, box = at_home()
    box.start()
    site.tick(3 * HOUR)
    assert site.session(1).is_open


def test_4_available_from_before_the_start_says_nothing_of_the_session() -> None:
    site, box = at_home()
    box.status(EvseStatus.AVAILABLE)
    site.wait(HOUR)
    box.start()
    site.tick(HOUR)
    assert site.session(1).is_open


def test_8_a_register_that_goes_back_by_1_wh_shows_no_fall_and_bills_none() -> None:
    site, box = at_home()
    box.start("ANNA", 0)
    site.wait(MINUTE)
    box.sample(42, transaction=1001)
    box.sample(41, transaction=1001, at=site.now - 10 * SECOND)
    assert site.evse().live.register_wh == Decimal(42)
    site.wait(MINUTE)
    box.sample(41, transaction=1001)
    assert site.evse().live.register_wh == Decimal(42)
    site.wait(MINUTE)
    box.sample(50, transaction=1001)
    assert site.evse().live.register_wh == Decimal(50)
    assert site.session(1).energy_wh == Decimal(50)
    box.stop(1001, 50)
    assert site.cdrs[0].flags == ()


def test_9_samples_that_count_from_the_session_under_a_lifetime_meter() -> None:
    site, box = at_home()
    box.start("ANNA", 1_000_000)
    for number in range(1, 5):
        site.wait(15 * MINUTE)
        box.sample(1000 * number, transaction=1001)
    assert site.session(1).energy_wh == Decimal(4000)
    box.stop(1001, 1_004_200)
    (cdr,) = site.cdrs
    assert (cdr.energy_wh, cdr.flags) == (Decimal(4200), ())


def test_9_lifetime_samples_under_a_meter_that_counts_from_the_session() -> None:
    site, box = at_home()
    box.start("ANNA", 0)
    for number in range(5):
        site.wait(15 * MINUTE)
        box.sample(9_000_000 + 1000 * number, transaction=1001)
    box.stop(1001, 4100)
    assert site.cdrs[0].energy_wh == Decimal(4100)


def test_9_registers_that_change_between_lifetime_and_session() -> None:
    site, box = at_home()
    box.start("ANNA", 30_000)
    for number in range(1, 6):
        site.wait(10 * MINUTE)
        box.sample(500 * number, transaction=1001)
        site.wait(SECOND)
        box.sample(30_000 + 500 * number)
    assert site.session(1).energy_wh == Decimal(2500)
    box.stop(1001, 32_500)
    assert (site.cdrs[0].energy_wh, site.cdrs[0].flags) == (Decimal(2500), ())


def test_9_the_begin_value_beside_the_present_one() -> None:
    site, box = at_home()
    box.start("ANNA", 1000)
    for number in range(1, 4):
        site.wait(MINUTE)
        box.samples(
            sample(site.now, 1000 + 100 * number),
            sample(site.now, 1000, context=Context.BEGIN),
            transaction=1001,
        )
    assert site.session(1).energy_wh == Decimal(300)
    assert site.evse().live.register_wh == Decimal(1300)


def test_9_more_than_32_bits_of_wh() -> None:
    site, box = at_home()
    box.start("ANNA", 2**32 + 5)
    site.wait(HOUR)
    box.stop(1001, 2**32 + 1005)
    assert site.billed()["session1"][0] == Decimal(1000)


def test_9_export_only_says_nothing_of_the_import() -> None:
    site, box = at_home()
    box.start()
    exported = Measurement(Quantity.ENERGY_EXPORT_REGISTER, None, Decimal(9000))
    site.wait(MINUTE)
    box.samples(Sample(site.now, Context.PERIODIC, (exported,)), transaction=1001)
    assert site.session(1).energy_wh == Decimal(0)
    assert site.evse().live.register_wh is None


def test_9_meter_stop_that_only_repeats_meter_start() -> None:
    site, box = at_home()
    box.start("ANNA", 10_000)
    for number in range(1, 5):
        site.wait(15 * MINUTE)
        box.sample(10_000 + 1250 * number, transaction=1001)
    box.stop(1001, 10_000)
    (cdr,) = site.cdrs
    assert (cdr.energy_wh, cdr.flags) == (Decimal(5000), (Flag.ESTIMATED,))


def test_9_meter_stop_a_hair_below_meter_start_is_nothing() -> None:
    site, box = at_home()
    box.start("ANNA", 10_000)
    site.wait(HOUR)
    box.stop(1001, 9_999)
    (cdr,) = site.cdrs
    assert (cdr.energy_wh, cdr.amount) == (Decimal(0), Decimal("0.00"))
    assert cdr.flags == (Flag.METER_BACKWARDS,)


@pytest.mark.parametrize("transaction", [2**63 - 1, 0, -1])
def test_10_ids_that_mean_none_are_billed_right_again_and_again(transaction: int) -> None:
    site, box = at_home()
    for number in range(1, 4):
        box.start("ANNA", 1000 * number)
        site.wait(HOUR)
        box.sample(1000 * number + 400, transaction=transaction)
        assert site.session(number).energy_wh == Decimal(400)
        box.stop(transaction, 1000 * number + 500)
        assert site.billed()[f"session{number}"][0] == Decimal(500)


def test_10_the_id_of_an_older_session_means_the_one_that_goes_on() -> None:
    site, box = at_home()
    box.start("ANNA", 1000)
    site.wait(HOUR)
    box.stop(1001, 2000)
    site.wait(HOUR)
    box.start("ANNA", 2000)
    site.wait(HOUR)
    box.sample(2600, transaction=1001)
    assert site.session(2).energy_wh == Decimal(600)
    box.stop(1001, 3000)
    assert {key: energy for key, (energy, _) in site.billed().items()} == {
        "session1": Decimal(1000),
        "session2": Decimal(1000),
    }


def test_10_but_a_conflicting_report_of_the_older_one_is_only_that() -> None:
    site, box = at_home()
    box.start("ANNA", 1000)
    site.wait(HOUR)
    box.stop(1001, 2000)
    site.wait(MINUTE)
    for meter, at in ((2100, NOON + HOUR), (900, None), (None, None)):
        box.start("ANNA", 2000)
        site.wait(MINUTE)
        box.stop(1001, meter, at=at)
        assert site.session(2).is_open
    assert len(site.session(1).conflicts) == 3


def test_10_an_id_of_another_system_is_nobodys() -> None:
    site, box = at_home()
    box.start()
    site.wait(MINUTE)
    box.sample(1500, 7000, transaction=1)
    assert site.session(1).energy_wh == Decimal(0)
    assert site.evse().live.power_w == Decimal(7000)


def test_10_a_wrong_connector_does_not_mislead() -> None:
    site, box = at_home()
    box.prepared(evses=2)
    box.start(evse=2)
    site.wait(MINUTE)
    box.sample(1500, 7000, transaction=1001, evse=1)
    assert site.session(1).energy_wh == Decimal(500)
    assert site.evse(2).live.power_w == Decimal(7000)
    assert site.evse(1).live.power_w is None


def test_12_two_hours_ahead_then_back() -> None:
    site, box = at_home()
    box.ahead = timedelta(hours=2)
    box.start()
    assert site.session(1).start.at == NOON
    site.wait(MINUTE)
    box.ahead = timedelta(0)
    box.sample(1100, transaction=1001)
    assert site.charger().clock.offset == timedelta(0)
    site.wait(HOUR)
    box.stop(1001, 2000)
    assert site.cdrs[0].ended_at == NOON + HOUR + MINUTE


def test_12_local_time_without_a_zone_changes_with_the_season() -> None:
    site, box = at_home()
    box.ahead = timedelta(hours=2)
    box.status(EvseStatus.AVAILABLE)
    box.ahead = timedelta(hours=1)
    for _ in range(4):
        site.wait(MINUTE)
        box.status(EvseStatus.AVAILABLE)
    box.start()
    assert site.session(1).start.at == site.now


def test_12_seventeen_months_of_queue_teach_nothing_of_the_clock() -> None:
    site, box = at_home()
    for days in range(510, 0, -1):
        site.wait(SECOND)
        box.sample(1000, 1, at=NOON - timedelta(days=days))
    assert site.charger().clock.offset == timedelta(0)
    assert site.evse().live.at is None


def test_a_charger_that_takes_no_profile_is_paused_by_ending_its_transaction() -> None:
    site = home()
    box = Box(site)
    box.connect()
    box.prepared(smart=False)
    assert not sends(site.feed(ChargingEnabled(evse=box.evse(), enabled=False, command=7)))
    event = box.start_event()
    assert commands(site.feed(event), RemoteStop) == [RemoteStop(transaction=1001)]
    (send,) = sends(site.feed(ChargingEnabled(evse=box.evse(), enabled=False, command=8)))
    box.answered(send, CommandStatus.REJECTED)
    assert site.session(1).is_open


def test_connector_0_of_a_charger_with_one_evse_measures_that_one() -> None:
    site, box = at_home()
    box.sample(1000, 500, evse=0)
    assert site.evse().live.power_w == Decimal(500)


def test_connector_0_of_several_is_the_main_meter_of_none() -> None:
    site, box = at_home()
    box.prepared(evses=2)
    box.sample(1000, 500, evse=0)
    assert site.evse(1).live.power_w is None
    assert site.evse(2).live.power_w is None
