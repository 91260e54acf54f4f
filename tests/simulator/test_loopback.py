"""A charger against a permissive central system over a real socket."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
import json

import pytest

from . import (
    FAITHFUL,
    Charger,
    ErrorCode,
    Hardware,
    ManualClock,
    MessageIds,
    Outage,
    Quirks,
    Redial,
    Registration,
    Status,
    Vehicle,
)
from .clock import stamp
from .permissive import Permissive
from .vocabulary import Payload

pytestmark = pytest.mark.usefixtures("socket_enabled")

HARDWARE = Hardware(meter_start_wh=Decimal("5000.9"), reaction=2.0)
HOUR_WH = 16 * 3 * 230


def big_car() -> Vehicle:
    """Make a car that takes 16 A on three phases all day."""
    return Vehicle(capacity_kwh=1000.0, soc=0.1, max_amps=16.0)


class Rig:
    """A charger, its central system, and the clock they share."""

    def __init__(self, server: Permissive, cp: Charger, clock: ManualClock) -> None:
        self.server = server
        self.cp = cp
        self.clock = clock

    async def charge(self, tag: str = "TAG1", number: int = 1) -> None:
        """Plug in a big car, present a tag, and let the central system hear of it."""
        await self.cp.plug_in(number, big_car())
        assert await self.cp.present_tag(number, tag)
        await self.cp.wait_for(number, Status.CHARGING)
        await self.cp.drained()

    async def advance(self, seconds: float) -> None:
        """Let time pass, a minute at a time, with everything said in between."""
        while seconds > 0:
            await self.clock.advance(min(60, seconds))
            seconds -= 60
            if self.cp.online:
                await self.cp.drained()

    async def limit(self, amps: float, purpose: str = "TxProfile", connector: int = 1) -> str:
        """Send a one-period profile and return the verdict."""
        schedule = {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": amps}],
        }
        profile = {
            "chargingProfileId": connector + 1,
            "stackLevel": 0,
            "chargingProfilePurpose": purpose,
            "chargingProfileKind": "Absolute",
            "chargingSchedule": {**schedule, "startSchedule": stamp(self.clock.now())},
        }
        payload = {"connectorId": connector, "csChargingProfiles": profile}
        answer = await self.ask("SetChargingProfile", payload)
        return str(answer["status"])

    async def ask(self, action: str, payload: Payload) -> Payload:
        """Send a request to the charger."""
        return await self.server.call("CP1", action, payload)

    def statuses(self, number: int = 1) -> list[str]:
        """Return what the central system heard of a connector."""
        notes = self.server.sent("StatusNotification")
        return [note["status"] for note in notes if note["connectorId"] == number]


@asynccontextmanager
async def rig(
    quirks: Quirks = FAITHFUL,
    *,
    connectors: int = 1,
    tick: float = 1.0,
    configuration: dict[str, str] | None = None,
    answers: dict[str, Callable[[Payload], Payload]] | None = None,
) -> AsyncIterator[Rig]:
    """Set up everything; both sides' frames must be clean in the end."""
    clock = ManualClock()
    async with Permissive(clock=clock, answers=answers or {}) as server:
        charger = Charger(
            server.url,
            "CP1",
            connectors=connectors,
            clock=clock,
            quirks=quirks,
            hardware=HARDWARE,
            configuration=configuration,
            tick=tick,
            redial=Redial(first=0.02),
        )
        async with charger as cp:
            yield Rig(server, cp, clock)
        assert cp.violations == []
        assert quirks is not FAITHFUL or server.violations == []


async def test_a_whole_session_adds_up() -> None:
    async with rig(tick=15) as r:
        began = r.clock.now()
        await r.charge()
        await r.advance(3600)
        await r.cp.present_tag(1, "TAG1")
        await r.cp.wait_for(1, Status.FINISHING)
        await r.cp.unplug(1)
        await r.cp.drained()
        [start], [stop] = r.server.sent("StartTransaction"), r.server.sent("StopTransaction")
        [truth] = r.cp.truth
    assert start == {
        "connectorId": 1,
        "idTag": "TAG1",
        "meterStart": 5000,
        "timestamp": stamp(began),
    }
    assert stop == {
        "transactionId": truth.transaction_id,
        "idTag": "TAG1",
        "meterStop": 5000 + HOUR_WH,
        "timestamp": stamp(began + timedelta(hours=1)),
        "reason": "Local",
    }
    assert truth.wh == HOUR_WH
    assert truth.end == began + timedelta(hours=1)
    assert truth.wh_between(began, began + timedelta(minutes=15)) == HOUR_WH // 4
    assert r.statuses() == ["Available", "Preparing", "Charging", "Finishing", "Available"]


async def test_leaving_ends_the_session_without_a_detour() -> None:
    async with rig() as r:
        await r.charge()
        await r.cp.unplug(1)
        await r.cp.drained()
        [stop] = r.server.sent("StopTransaction")
        assert (stop["reason"], "idTag" in stop) == ("EVDisconnected", False)
        assert r.statuses() == ["Available", "Preparing", "Charging", "Available"]


async def test_samples_come_at_their_interval_and_agree_with_the_truth() -> None:
    configuration = {
        "MeterValueSampleInterval": "300",
        "MeterValuesSampledData": "Energy.Active.Import.Register,Power.Active.Import,"
        "Current.Import,Voltage,Current.Offered,SoC",
    }
    async with rig(tick=15, configuration=configuration) as r:
        await r.charge()
        await r.advance(900)
        samples = r.server.sent("MeterValues")
    assert [sample["transactionId"] for sample in samples] == [1001] * 3
    values = [sample["meterValue"][0]["sampledValue"] for sample in samples]
    assert [value[0]["value"] for value in values] == ["5920", "6840", "7760"]
    read = [(v["measurand"], v.get("phase"), v["value"]) for v in values[0][1:]]
    assert read == [
        ("Power.Active.Import", None, "11040.0"),
        ("Current.Import", "L1", "16.00"),
        ("Current.Import", "L2", "16.00"),
        ("Current.Import", "L3", "16.00"),
        ("Voltage", "L1-N", "230.0"),
        ("Voltage", "L2-N", "230.0"),
        ("Voltage", "L3-N", "230.0"),
        ("Current.Offered", None, "32.0"),
        ("SoC", None, "10"),
    ]


async def test_clock_aligned_samples_come_at_full_quarters_even_when_idle() -> None:
    async with rig(tick=15, configuration={"ClockAlignedDataInterval": "900"}) as r:
        await r.advance(600)
        await r.charge()
        await r.advance(1260)
        samples = [s for s in r.server.sent("MeterValues") if "Clock" in json.dumps(s)]
    assert [sample.get("transactionId") for sample in samples] == [1001, 1001]
    times = [sample["meterValue"][0]["timestamp"] for sample in samples]
    assert times == ["2026-01-05T08:15:00.000Z", "2026-01-05T08:30:00.000Z"]


async def test_transaction_data_holds_beginning_and_end() -> None:
    configuration = {
        "StopTxnSampledData": "Energy.Active.Import.Register",
        "MeterValueSampleInterval": "0",
    }
    async with rig(tick=15, configuration=configuration) as r:
        await r.charge()
        await r.advance(3600)
        await r.cp.press_stop(1)
        await r.cp.drained()
        [stop] = r.server.sent("StopTransaction")
    read = [bucket["sampledValue"][0] for bucket in stop["transactionData"]]
    assert [(value["context"], value["value"]) for value in read] == [
        ("Transaction.Begin", "5000"),
        ("Transaction.End", "16040"),
    ]
    assert "idTag" not in stop


async def test_a_limit_reaches_the_car_after_its_reaction() -> None:
    async with rig() as r:
        await r.charge()
        assert await r.limit(10) == "Accepted"
        await r.clock.advance(1)
        assert r.cp.connectors[1].amps == (16.0, 16.0, 16.0)
        await r.clock.advance(1)
        assert r.cp.connectors[1].amps == (10.0, 10.0, 10.0)
        assert await r.limit(0) == "Accepted"
        await r.advance(2)
        await r.cp.wait_for(1, Status.SUSPENDED_EVSE)
        await r.ask("ClearChargingProfile", {})
        await r.advance(2)
        await r.cp.wait_for(1, Status.CHARGING)
        await r.cp.press_stop(1)
        assert await r.limit(10) == "Rejected"


async def test_the_charge_point_limit_is_shared_by_its_connectors() -> None:
    async with rig(connectors=2) as r:
        await r.charge("TAG1", 1)
        await r.charge("TAG2", 2)
        assert await r.limit(20, "ChargePointMaxProfile", 0) == "Accepted"
        await r.advance(2)
        assert [c.amps[0] for c in r.cp.connectors.values()] == [10.0, 10.0]
        asked = {"connectorId": 0, "duration": 60}
        answer = await r.ask("GetCompositeSchedule", asked)
        assert answer["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"] == 20.0


async def test_a_lost_answer_means_the_same_start_again() -> None:
    async with rig() as r:
        r.cp.lose_answer("StartTransaction")
        await r.cp.plug_in(1, big_car())
        await r.cp.present_tag(1, "TAG1")
        await r.cp.wait_until(lambda: r.cp.transport.handshakes == 2)
        await r.cp.drained()
        first, second = r.server.sent("StartTransaction")
        assert first == second
        assert r.cp.truth[0].transaction_id == 1002


@pytest.mark.parametrize("how", list(Outage))
async def test_an_offline_session_arrives_whole_and_in_order(how: Outage) -> None:
    async with rig() as r:
        await r.charge()
        await r.cp.press_stop(1)
        await r.cp.unplug(1)
        await r.cp.drained()
        heard = len(r.server.calls)
        await r.cp.go_offline(how)
        await r.cp.plug_in(1, big_car())
        assert await r.cp.present_tag(1, "TAG1"), "the cache admits a known tag"
        assert not await r.cp.present_tag(1, "TAG2")
        await r.advance(120)
        await r.cp.unplug(1)
        await r.cp.go_online()
        await r.cp.drained()
        actions = [call.action for call in r.server.calls[heard:]]
        stop = r.server.sent("StopTransaction")[-1]
    assert actions == [
        "BootNotification",
        "StatusNotification",
        "StatusNotification",
        "StartTransaction",
        "MeterValues",
        "MeterValues",
        "StopTransaction",
    ]
    assert (stop["transactionId"], stop["reason"]) == (1002, "EVDisconnected")
    assert stop["timestamp"] == "2026-01-05T08:02:00.000Z"


async def test_a_refused_start_is_stopped_again() -> None:
    blocked = {"transactionId": 5, "idTagInfo": {"status": "Blocked"}}
    async with rig(answers={"StartTransaction": lambda _: blocked}) as r:
        await r.cp.plug_in(1, big_car())
        await r.cp.present_tag(1, "TAG1")
        await r.cp.wait_for(1, Status.FINISHING)
        await r.cp.drained()
        [stop] = r.server.sent("StopTransaction")
        assert (stop["transactionId"], stop["reason"]) == (5, "DeAuthorized")


async def test_a_power_cut_stops_the_transaction_at_the_moment_of_the_cut() -> None:
    async with rig(tick=15) as r:
        await r.charge()
        await r.advance(3600)
        r.cp.power_off()
        await r.advance(3600)
        r.cp.power_on()
        await r.cp.wait_online()
        await r.cp.drained()
        [stop] = r.server.sent("StopTransaction")
    assert (stop["reason"], stop["meterStop"]) == ("PowerLoss", 5000 + HOUR_WH)
    assert stop["timestamp"] == "2026-01-05T09:00:00.000Z"


@pytest.mark.parametrize(("kind", "reason"), [("Soft", "SoftReset"), ("Hard", "HardReset")])
async def test_a_reset_reboots(kind: str, reason: str) -> None:
    async with rig() as r:
        await r.charge()
        assert await r.ask("Reset", {"type": kind}) == {"status": "Accepted"}
        await r.cp.wait_until(lambda: r.cp.transport.handshakes == 2)
        await r.cp.drained()
        assert r.server.sent("StopTransaction")[0]["reason"] == reason
        assert len(r.server.sent("BootNotification")) == 2


async def test_while_pending_only_answers_and_triggered_messages_are_sent() -> None:
    verdicts = iter(["Pending", "Accepted"])

    def boot(_: Payload) -> Payload:
        return {
            "status": next(verdicts),
            "currentTime": "2026-01-05T08:00:00Z",
            "interval": 30,
        }

    async with rig(answers={"BootNotification": boot}) as r:
        assert r.cp.registrar.state is Registration.PENDING
        await r.cp.plug_in(1, big_car())
        await r.clock.advance(10)
        assert [call.action for call in r.server.calls] == ["BootNotification"]
        trigger = {"requestedMessage": "StatusNotification", "connectorId": 1}
        assert await r.ask("TriggerMessage", trigger) == {"status": "Accepted"}
        await r.cp.wait_until(lambda: bool(r.server.sent("StatusNotification")))
        await r.clock.advance(20)
        await r.cp.wait_online()
        assert r.cp.configuration.number("HeartbeatInterval") == 30


async def test_remote_start_and_stop() -> None:
    async with rig() as r:
        profile = {
            "chargingProfileId": 1,
            "stackLevel": 0,
            "chargingProfilePurpose": "TxProfile",
            "chargingProfileKind": "Relative",
            "chargingSchedule": {
                "chargingRateUnit": "W",
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 6900}],
            },
        }
        start = {"idTag": "APP", "connectorId": 1, "chargingProfile": profile}
        assert await r.ask("RemoteStartTransaction", start) == {"status": "Accepted"}
        await r.cp.wait_for(1, Status.PREPARING)
        await r.cp.plug_in(1, big_car())
        await r.cp.wait_for(1, Status.CHARGING)
        await r.cp.drained()
        assert r.cp.connectors[1].amps == (10.0, 10.0, 10.0)
        wrong = await r.ask("RemoteStopTransaction", {"transactionId": 1})
        assert wrong == {"status": "Rejected"}
        await r.ask("RemoteStopTransaction", {"transactionId": 1001})
        await r.cp.wait_for(1, Status.FINISHING)
        await r.cp.drained()
        assert r.server.sent("StopTransaction")[0]["reason"] == "Remote"


async def test_a_remote_start_expires_without_a_car() -> None:
    async with rig(configuration={"ConnectionTimeOut": "45"}) as r:
        await r.ask("RemoteStartTransaction", {"idTag": "APP"})
        await r.cp.wait_for(1, Status.PREPARING)
        await r.advance(45)
        await r.cp.wait_for(1, Status.AVAILABLE)
        await r.cp.plug_in(1, big_car())
        assert r.cp.truth == []


async def test_a_reservation_keeps_others_out() -> None:
    async with rig() as r:
        expiry = stamp(r.clock.now() + timedelta(minutes=10))
        reservation = {
            "connectorId": 1,
            "expiryDate": expiry,
            "idTag": "ANNA",
            "reservationId": 4,
        }
        assert await r.ask("ReserveNow", reservation) == {"status": "Accepted"}
        await r.cp.wait_for(1, Status.RESERVED)
        await r.cp.plug_in(1, big_car())
        assert not await r.cp.present_tag(1, "BEN")
        assert await r.cp.present_tag(1, "ANNA")
        await r.cp.drained()
        assert r.server.sent("StartTransaction")[0]["reservationId"] == 4


async def test_availability_waits_for_the_transaction() -> None:
    async with rig() as r:
        await r.charge()
        payload = {"connectorId": 0, "type": "Inoperative"}
        assert await r.ask("ChangeAvailability", payload) == {"status": "Scheduled"}
        await r.cp.press_stop(1)
        await r.cp.wait_for(1, Status.UNAVAILABLE)
        assert r.cp.status(0) is Status.UNAVAILABLE


async def test_a_fault_ends_the_transaction() -> None:
    async with rig() as r:
        await r.charge()
        await r.cp.fault(1, ErrorCode.GROUND_FAILURE)
        await r.cp.wait_for(1, Status.FAULTED)
        await r.cp.drained()
        assert r.server.sent("StatusNotification")[-1]["errorCode"] == "GroundFailure"
        await r.cp.fault(1, None)
        await r.cp.wait_for(1, Status.FINISHING)


QUIRKS = Quirks(
    no_boot_on_reconnect=True,
    silent_reconnect=True,
    message_ids=MessageIds.COUNTER,
    same_id_when_resent=True,
    duplicate_start=True,
    extra_stops=2,
    meter_stop_short_by=1,
    session_relative_samples=True,
    leading_comma=True,
    clock_unset=True,
    clock_disobeys=True,
)


async def test_quirks_show_on_the_wire() -> None:
    async with rig(QUIRKS) as r:
        await r.charge()
        await r.clock.advance(60)
        await r.cp.wait_until(lambda: '[,{"value":"184"' in r.cp.rpc.frames[-1].text)
        await r.cp.drop()
        await r.cp.wait_until(lambda: r.cp.transport.handshakes == 2)
        assert len(r.server.sent("BootNotification")) == 1
        starts = r.server.sent("StartTransaction")
        assert starts[0] == starts[1]
        assert starts[0]["timestamp"] == "1970-01-01T00:00:00.000Z"
        await r.cp.go_offline()


async def test_what_was_waited_for_is_known_to_the_central_system() -> None:
    async with rig() as r:
        await r.cp.plug_in(1, big_car())
        await r.cp.present_tag(1, "TAG1")
        await r.cp.wait_for(1, Status.CHARGING)
        assert [call.action for call in r.server.calls][-2:] == [
            "StartTransaction",
            "StatusNotification",
        ]
        assert r.cp.truth[0].transaction_id == 1001


async def test_some_forget_their_profiles_on_reconnect() -> None:
    async with rig(Quirks(forgets_profiles_on_reconnect=True)) as r:
        await r.charge()
        await r.limit(8)
        await r.advance(2)
        assert r.cp.connectors[1].amps[0] == 8.0
        await r.cp.drop()
        await r.cp.wait_until(lambda: r.cp.transport.handshakes == 2)
        await r.cp.wait_online()
        await r.advance(2)
        assert r.cp.connectors[1].amps[0] == 16.0


async def test_some_end_the_session_at_limit_zero() -> None:
    async with rig(Quirks(zero_limit_ends_session=True)) as r:
        await r.charge()
        await r.limit(0)
        await r.advance(2)
        await r.cp.wait_for(1, Status.FINISHING)
        assert r.server.sent("StopTransaction")[0]["reason"] == "Other"


async def test_a_transaction_that_never_got_its_id() -> None:
    quirks = Quirks(forgets_transaction_id=True, unknown_transaction_id=0)
    async with rig(quirks) as r:
        await r.charge()
        await r.cp.press_stop(1)
        await r.cp.drained()
        assert r.server.sent("StopTransaction")[0]["transactionId"] == 0


async def test_stops_are_repeated() -> None:
    async with rig(Quirks(extra_stops=2, meter_stop_short_by=1)) as r:
        await r.charge()
        await r.cp.press_stop(1)
        await r.cp.drained()
        stops = r.server.sent("StopTransaction")
        assert [stop["meterStop"] for stop in stops] == [4999] * 3


async def test_a_wrong_frame_of_the_central_system_is_a_violation() -> None:
    async with rig() as r:
        await r.ask("ChangeAvailability", {"connectorId": 1, "type": "Operative", "extra": 1})
        reasons = [violation.reason for violation in r.cp.violations]
        r.cp.violations.clear()
    assert len(reasons) == 1
    assert "extra" in reasons[0]


async def test_a_half_open_socket_stays_open_for_the_other_side() -> None:
    async with rig() as r:
        await r.cp.drop(Outage.HALF_OPEN)
        await r.cp.wait_until(lambda: r.cp.transport.handshakes == 2)
        await r.cp.wait_online()
        old, new = r.server.sockets
        await asyncio.sleep(0)
        assert not old.closed
        assert not new.closed
