"""The defects measured in the best-known integration, as far as the reducer could repeat them: each must not be ours."""

from datetime import UTC, datetime
from decimal import Decimal

from custom_components.ev_station.model.answers import Acknowledged, DataTransferAnswer
from custom_components.ev_station.model.commands import Prepare, SetAvailability, SetProfile
from custom_components.ev_station.model.events import (
    ChargingEnabled,
    DataTransferred,
    HeartbeatReceived,
)
from custom_components.ev_station.model.measurement import (
    Context,
    Measurement,
    Phase,
    Quantity,
    Sample,
)
from custom_components.ev_station.model.status import AuthorizationStatus, EvseStatus

from .site import DAY, HOUR, MINUTE, NOON, SECOND, Box, answer, at_home, commands, home, sends


def test_a_the_end_of_an_old_socket_leaves_the_new_one_alone() -> None:
    site, box = at_home()
    box.start()
    old = box.connection
    box.connect()
    box.disconnect(old)
    assert site.charger().connection == box.connection
    assert site.session(1).is_open


def test_b_two_starts_in_one_second_end_one_by_one() -> None:
    site, box = at_home()
    one, two = box.start(evse=1), box.start(evse=2)
    site.wait(HOUR)
    box.stop(two.transaction, 2000)
    assert (site.session(1).is_open, site.session(2).is_open) == (True, False)
    assert one.transaction != two.transaction


def test_c_a_start_sent_again_is_no_second_transaction() -> None:
    site, box = at_home()
    event = box.start_event()
    assert answer(site.feed(event)) == answer(site.feed(event))
    assert site.charger().sessions == ("session1",)


def test_d_a_stop_with_an_unknown_id_ends_nothing() -> None:
    site, box = at_home()
    box.start()
    box.stop(77, 1500)
    assert site.session(1).is_open


def test_e_session_energy_survives_our_restart() -> None:
    site, box = at_home()
    box.start()
    site.wait(HOUR)
    box.sample(6000, transaction=1001)
    site.state = site.replayed()
    assert site.session(1).energy_wh == Decimal(5000)
    site.wait(HOUR)
    box.stop(1001, 11_000)
    assert site.billed()["session1"][0] == Decimal(10_000)


def test_f_an_old_queued_sample_is_not_the_present() -> None:
    site, box = at_home()
    box.sample(1000, 3000)
    box.sample(500, 11_000, at=datetime(2020, 5, 1, tzinfo=UTC))
    assert site.evse().live.power_w == Decimal(3000)


def test_g_a_register_that_falls_to_0_for_a_moment_shows_no_spike() -> None:
    site, box = at_home()
    shown = []
    for register in ("16000", "0", "16000.1", "0", "0", "0", "0", "16000.4"):
        site.wait(30 * SECOND)
        box.sample(register)
        shown.append(site.evse().live.register_wh)
    assert shown == [Decimal(16000)] * 2 + [Decimal("16000.1")] * 5 + [Decimal("16000.4")]


def test_g_nor_does_a_session_see_it() -> None:
    site, box = at_home()
    box.start("ANNA", 5000)
    energies = []
    for register in (5100, 0, 5200, 0, 0, 5300):
        site.wait(MINUTE)
        box.sample(register, transaction=1001)
        energies.append(site.session(1).energy_wh)
    assert energies == [100, 100, 200, 200, 200, 300]
    box.stop(1001, 5300)
    assert site.cdrs[0].flags == ()


def phase(number: int, watts: int) -> Sample:
    """Return a bucket with the power of one conductor."""
    conductor = (Phase.L1, Phase.L2, Phase.L3)[number]
    power = Measurement(Quantity.POWER_IMPORT, conductor, Decimal(watts))
    return Sample(NOON, Context.PERIODIC, (power,))


def test_h_three_phases_in_three_buckets_are_added_up() -> None:
    site, box = at_home()
    box.samples(phase(0, 1000), phase(1, 1000), phase(2, 1000))
    assert site.evse().live.power_w == Decimal(3000)


def test_i_an_unknown_tag_is_refused_by_default() -> None:
    _, box = at_home()
    assert box.authorize("STRANGER").status is AuthorizationStatus.INVALID
    assert box.start("STRANGER").status is AuthorizationStatus.INVALID


def test_j_connecting_asks_for_nothing_but_a_known_configuration() -> None:
    site = home()
    box = Box(site)
    effects = (*box.connect(), *box.boot())
    assert [type(send.command) for send in sends(effects)] == [Prepare]
    assert not commands(box.prepared(), SetAvailability)


def test_k_a_charger_that_told_nothing_has_its_limit_all_the_same() -> None:
    site = home()
    box = Box(site)
    box.connect()
    box.prepared(evses=None, smart=None, trigger=None)
    box.status(EvseStatus.PREPARING)
    effects = site.feed(ChargingEnabled(evse=box.evse(), enabled=False, command=7))
    assert commands(effects, SetProfile)


def test_m_the_configuration_is_looked_at_again_after_a_reboot_on_the_same_socket() -> None:
    site, box = at_home()
    site.wait(DAY)
    assert len(commands(box.boot(), Prepare)) == 1


def test_m_a_charger_that_boots_while_it_is_prepared_is_prepared_once() -> None:
    site = home()
    box = Box(site)
    box.connect()
    assert not commands(box.boot(), Prepare)
    assert not commands(box.boot(), Prepare)


def test_m_keys_it_refused_are_not_written_again() -> None:
    _, box = at_home()
    box.prepared(refused=("WebSocketPingInterval",))
    (prepare,) = commands(box.boot(), Prepare)
    assert prepare.refused_keys == ("WebSocketPingInterval",)


def test_m_data_of_an_unknown_vendor_is_not_accepted() -> None:
    site, box = at_home()
    event = DataTransferred(charger=box.name, vendor="Acme", received_at=site.now)
    assert answer(site.feed(event)) == DataTransferAnswer(accepted=False)


def test_whatever_a_stranger_sends_is_answered_and_changes_nothing() -> None:
    site = home()
    box = Box(site, "STRANGER")
    before = site.state.everything()
    box.connect()
    box.boot()
    box.prepared()
    assert answer(box.status(EvseStatus.AVAILABLE)) == Acknowledged()
    assert answer(box.sample(1000, 5000)) == Acknowledged()
    assert box.authorize("ANNA").status is AuthorizationStatus.INVALID
    assert box.start("ANNA").status is AuthorizationStatus.INVALID
    box.stop(1001, 5000)
    site.feed(HeartbeatReceived(charger=box.name, received_at=site.now))
    box.disconnect()
    assert site.state.everything() == before
    assert not site.notices
