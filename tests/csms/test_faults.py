"""Failures of links, clocks and storage (F6, F22, F28, F31-F39), named after the list they stand in."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
import json
from typing import Any

import pytest

from custom_components.ev_station.csms.backend import Reason
from custom_components.ev_station.csms.connection import Patience
from custom_components.ev_station.csms.conversation import Manners
from custom_components.ev_station.csms.limits import Limits
from custom_components.ev_station.csms.passwords import hash_password
from custom_components.ev_station.model.commands import (
    Command,
    CommandResult,
    CommandStatus,
    RemoteStart,
    RemoteStop,
    Reset,
)
from custom_components.ev_station.model.errors import (
    CallRefused,
    CallTimedOut,
    ChargerNotConnected,
    InvalidCall,
    NotHandled,
)
from custom_components.ev_station.model.events import (
    ChargerBooted,
    ChargerConnected,
    ChargerDisconnected,
    HeartbeatReceived,
    MeterSampled,
    StatusReported,
    TransactionStarted,
    TransactionStopped,
)
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.status import EvseStatus, RegistrationStatus

from .harness import UPGRADE, House, StandIn, Wire, house, settings

STOP = RemoteStop(transaction=1)


def limits(**manners: float) -> Limits:
    """Return limits with these manners."""
    return Limits(manners=Manners(**manners), probe_s=0.2)


# F6


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"connectorId": 0, "idTag": "A", "meterStart": 5, "timestamp": "2026-01-01T00:00:00Z"},
        {"connectorId": -1, "idTag": "A", "meterStart": 5, "timestamp": "garbled"},
        {"connectorId": "x", "idTag": None, "meterStart": "", "timestamp": 17},
        {"connectorId": 10**9, "idTag": ["A"], "meterStart": {}, "reservationId": 0},
    ],
)
async def test_f6_a_garbled_start_is_still_an_event(home: House, payload: dict[str, Any]) -> None:
    """Energy may flow: it gets an id, and the station decides what to make of it."""
    station = await home.booted()
    answer = await station.call("StartTransaction", payload)
    assert answer[2]["transactionId"] == 1001
    start = home.backend.of(TransactionStarted)[0]
    assert start.evse == EvseId("CP1", 0)
    assert start.reservation is None


async def test_f6_a_negative_meter_is_handed_over(home: House) -> None:
    """As it is: the station quarantines it."""
    station = await home.booted()
    await station.call("StartTransaction", {"connectorId": 1, "idTag": "A", "meterStart": -7})
    assert home.backend.of(TransactionStarted)[0].meter_start_wh == Decimal(-7)


@pytest.mark.parametrize(
    ("payload", "transaction"),
    [
        ({}, -1),
        ({"transactionId": None}, -1),
        ({"transactionId": "12"}, 12),
        ({"transactionId": 0}, 0),
        ({"transactionId": -16}, -16),
        ({"transactionId": 2**63 - 1}, 2**63 - 1),
        ({"transactionId": 1e300}, -1),
    ],
)
async def test_a_garbled_stop_is_still_an_event(
    home: House, payload: dict[str, Any], transaction: int
) -> None:
    """Unanswered it would be repeated for days; an id the charger kept is handed over as it is."""
    station = await home.booted()
    assert (await station.call("StopTransaction", payload))[0] == 3
    assert home.backend.of(TransactionStopped)[0].transaction == transaction


async def test_one_odd_field_never_costs_a_status_or_a_sample(home: House) -> None:
    """Everything else in the message is kept."""
    station = await home.booted()
    odd_status = {"connectorId": "1", "status": "SuspendedEv ", "errorCode": "Error", "info": 5}
    assert (await station.call("StatusNotification", odd_status))[0] == 3
    status = home.backend.of(StatusReported)[0]
    assert (status.evse.evse, status.status) == (1, EvseStatus.SUSPENDED_EV)
    assert (status.error_code, status.info) == ("Error", "5")
    assert (await station.call("StatusNotification", {"status": "Dancing"}))[0] == 3
    assert home.backend.of(StatusReported)[1].status is EvseStatus.UNKNOWN
    assert (await station.call("MeterValues", {"meterValue": "none"}))[0] == 3
    assert home.backend.of(MeterSampled)[0].samples == ()


@pytest.mark.parametrize("payload", [{}, {"idTag": None}, {"idTag": {}}])
async def test_authorize_without_a_tag_is_refused(home: House, payload: dict[str, Any]) -> None:
    """§4.2.3 ProtocolError: the payload is incomplete, and there is nothing to ask about."""
    station = await home.booted()
    answer = await station.call("Authorize", payload)
    assert answer[:3] == [4, "m2", "ProtocolError"]


@pytest.mark.parametrize("action", ["CustomOperation", "GetConfiguration", "", "__init__"])
async def test_unknown_actions_are_not_implemented(home: House, action: str) -> None:
    """§4.2.3 NotImplemented; our own requests are no requests of a charger."""
    station = await home.booted()
    assert (await station.call(action, {}))[2] == "NotImplemented"


# F22


async def test_f22_times_are_utc(home: House) -> None:
    """The raw text is kept beside it."""
    station = await home.booted()
    start = {"connectorId": 1, "idTag": "A", "meterStart": 0, "timestamp": "2024-04-26T14:35:02+02"}
    await station.call("StartTransaction", start)
    event = home.backend.of(TransactionStarted)[0]
    assert event.at == datetime(2024, 4, 26, 12, 35, 2, tzinfo=UTC)
    assert event.raw_at == "2024-04-26T14:35:02+02"


# F28


async def test_f28_storage_failing_is_an_internal_error(home: House) -> None:
    """The charger keeps the message and tries again; then it is taken."""
    station = await home.booted()
    home.backend.storage_fails = True
    stop = {"transactionId": 1, "meterStop": 5, "timestamp": "2026-01-01T00:00:00Z"}
    assert (await station.call("StopTransaction", stop))[2] == "InternalError"
    home.backend.storage_fails = False
    assert (await station.call("StopTransaction", stop))[0] == 3


async def test_f28_suspend_closes_and_refuses(home: House) -> None:
    """Chargers queue as offline until storage works again."""
    station = await home.booted()
    await home.central.suspend()
    assert await station.closed() == 1013
    wire = await Wire.open(home.central.port)
    assert await wire.request("/CP1", UPGRADE) == 503
    assert home.backend.reasons[-1] is Reason.STORAGE
    home.central.resume()
    assert (await home.booted()).is_open
    wire.close()


async def test_f28_a_connect_that_cannot_be_stored_is_closed(home: House) -> None:
    """Nobody is live of whom nothing is known."""
    home.backend.storage_fails = True
    station = await home.dial()
    assert await station.closed() == 1013
    while home.central.connections:
        await asyncio.sleep(0)
    assert home.backend.events == []


async def test_an_engine_fault_is_an_internal_error(
    home: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever goes wrong, the charger is answered and its loop lives on."""
    station = await home.booted()
    with monkeypatch.context() as patch:
        patch.setattr(StandIn, "submit", _broken)
        assert (await station.call("Heartbeat", {}))[2] == "InternalError"
    assert "could not be handled" in caplog.text
    assert (await station.call("Heartbeat", {}))[0] == 3


async def _broken(*_: object) -> None:
    raise ZeroDivisionError


async def test_an_undone_event_is_an_internal_error(
    home: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The engine has told of its own fault; the charger keeps its message."""
    station = await home.booted()
    with monkeypatch.context() as patch:
        patch.setattr(StandIn, "submit", _undone)
        assert (await station.call("Heartbeat", {}))[2] == "InternalError"
    assert "could not be handled" not in caplog.text


async def _undone(*_: object) -> None:
    raise NotHandled


async def test_an_engine_fault_on_connecting_leaves_nothing_behind(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The socket is dropped, and the next dial is as good as any."""
    with monkeypatch.context() as patch:
        patch.setattr(StandIn, "submit", _broken)
        station = await home.dial()
        await station.closed()
    assert home.central.connections == {}
    assert (await home.booted()).is_open


async def test_hanging_up_during_the_handshake(home: House) -> None:
    """While the old connection is probed the new one may lose its patience."""
    old = await Wire.open(home.central.port)
    assert await old.request("/CP1", UPGRADE) == 101
    new = await Wire.open(home.central.port)
    new.writer.write(
        (
            "GET /CP1 HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in UPGRADE.items()) + "\r\n"
        ).encode()
    )
    opcode, _ = await old.frame()
    assert opcode == 9
    new.close()
    await home.backend.heard(ChargerDisconnected)
    assert (await home.booted()).is_open
    old.close()


@pytest.mark.parametrize("data", [b"\x16\x03\x01\x02\x00\x01", b"GARBAGE\r\n\r\n", b"\r\n" * 5])
async def test_malformed_http_is_no_news(
    home: House, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Port scanners and confused chargers (#1099) fill no log."""
    wire = await Wire.open(home.central.port)
    wire.writer.write(data)
    wire.writer.write_eof()
    await wire.ended()
    wire.close()
    assert (await home.booted()).is_open
    # A busy machine's slow callbacks are asyncio's news, not ours.
    told = [each for each in caplog.records if each.name != "asyncio"]
    assert not [each for each in told if each.levelname not in ("DEBUG", "INFO")]


# F31


async def test_f31_half_open_links_are_noticed(socket_enabled: None) -> None:
    """A charger that answered pings and stops doing so is offline after two intervals at most."""
    async with house(Limits(patience=Patience(ping_interval_s=0.1))) as home:
        wire = await Wire.open(home.central.port)
        assert await wire.request("/CP1", UPGRADE) == 101
        opcode, data = await wire.frame()
        assert opcode == 9
        await wire.send(10, data)
        began = asyncio.get_running_loop().time()
        assert await wire.ended()
        assert asyncio.get_running_loop().time() - began < 2
        await home.backend.heard(ChargerDisconnected)
        wire.close()


async def test_f31_chargers_that_never_pong_are_believed_while_they_talk(
    socket_enabled: None,
) -> None:
    """EN+ answers no ping; its messages keep it alive, its heartbeat says how long to believe silence."""
    patience = Patience(ping_interval_s=0.05, silence_s=0.3)
    async with house(Limits(patience=patience)) as home:
        wire = await Wire.open(home.central.port)
        assert await wire.request("/CP1", UPGRADE) == 101
        pings = 0
        while pings < 12:
            opcode, _ = await wire.frame()
            pings += opcode == 9
            if opcode == 9 and pings % 2:
                await wire.send(1, b'[2,"1","Heartbeat",{}]')
        assert home.central.connections["CP1"].round_trip_s is None
        assert "no_pong" in home.backend.quirks
        assert await wire.ended()
        wire.close()


async def test_pings_are_answered_and_timed(socket_enabled: None) -> None:
    """A charger's own ping gets its pong, and ours tells the round trip."""
    async with house(Limits(patience=Patience(ping_interval_s=0.02))) as home:
        wire = await Wire.open(home.central.port)
        assert await wire.request("/CP1", UPGRADE) == 101
        await wire.send(9, b"hello")
        answered = False
        while not answered or home.central.connections["CP1"].round_trip_s is None:
            opcode, data = await wire.frame()
            if opcode == 9:
                await wire.send(10, data)
            answered = answered or (opcode, data) == (10, b"hello")
        wire.close()


# F32


async def test_f32_reconnect_storm(socket_enabled: None) -> None:
    """Fifty chargers with passwords return at once and are all in within seconds."""
    password_hash = hash_password("secret")
    backend = StandIn({f"CP{n}": settings(f"CP{n}", password_hash) for n in range(50)})
    async with house(backend=backend) as home:
        stations = await asyncio.gather(
            *(home.booted(f"/CP{n}", user=f"CP{n}", password="secret") for n in range(50))
        )
        assert len(home.central.connections) == 50
        assert all(station.is_open for station in stations)


# F34, F35


async def test_f34_nothing_is_sent_before_the_boot_is_answered(socket_enabled: None) -> None:
    """A command waits for the boot, and follows its answer."""
    async with house(limits(settle_s=30)) as home:
        station = await home.dial()
        command = asyncio.create_task(home.execute(STOP))
        await home.backend.heard(ChargerConnected)
        assert station.asked == []
        await station.boot()
        assert await command == CommandResult(status=CommandStatus.ACCEPTED)


async def test_f34_what_waits_for_a_boot_that_never_comes(socket_enabled: None) -> None:
    """The socket's end answers it."""
    async with house(limits(settle_s=30)) as home:
        station = await home.dial()
        command = asyncio.create_task(home.execute(STOP))
        await home.backend.heard(ChargerConnected)
        await station.close()
        assert (await command).status is CommandStatus.NOT_CONNECTED


async def test_f34_any_other_message_first_says_it_has_booted(socket_enabled: None) -> None:
    """Finding 4: SAP reconnects without BootNotification or StatusNotification."""
    async with house(limits(settle_s=30)) as home:
        station = await home.dial()
        command = asyncio.create_task(home.execute(STOP))
        await station.call("Heartbeat", {})
        assert (await command).status is CommandStatus.ACCEPTED


async def test_f34_silence_says_it_has_booted(home: House) -> None:
    """After a settle delay commands go out."""
    await home.dial()
    assert (await home.execute(STOP)).status is CommandStatus.ACCEPTED


async def test_f34_a_second_boot_holds_commands_until_it_is_answered(home: House) -> None:
    """Rebooting on an open socket is booting all the same."""
    station = await home.booted()
    home.backend.gate = asyncio.Event()
    boot = asyncio.create_task(station.boot())
    await home.backend.entered(ChargerBooted, 2)
    command = asyncio.create_task(home.execute(STOP))
    await asyncio.sleep(0)
    assert station.asked == []
    home.backend.gate.set()
    await boot
    assert (await command).status is CommandStatus.ACCEPTED


async def test_f35_pending_chargers_may_be_asked(home: House) -> None:
    """§4.2: while Pending the central system may send requests; what the charger says is taken all the same."""
    home.backend.registration = RegistrationStatus.PENDING
    station = await home.dial()
    assert (await station.boot())["status"] == "Pending"
    assert (await home.execute(STOP)).status is CommandStatus.ACCEPTED
    assert (await station.call("Heartbeat", {}))[0] == 3


# F36, F37


async def test_f36_message_ids_may_start_again(home: House) -> None:
    """The same id with another content is another message."""
    station = await home.booted()
    first = await station.ask('[2,"1","DataTransfer",{"vendorId":"a"}]', "1")
    station.received.clear()
    second = await station.ask('[2,"1","Heartbeat",{}]', "1")
    assert first[2] == {"status": "UnknownVendorId"}
    assert "currentTime" in second[2]


@pytest.mark.parametrize(
    "text",
    ['[3,"nobody",{}]', '[4,"nobody","InternalError","",{}]', "[3,17,{}]", "[3]", '[3,"x",{"a'],
)
async def test_f37_answers_for_nobody_are_ignored(home: House, text: str) -> None:
    """Unknown, late or broken: ignored and noted."""
    station = await home.booted()
    await station.send(text)
    assert (await station.call("Heartbeat", {}))[0] == 3
    assert station.received[-1][0] == 3


async def test_f37_a_late_answer_does_not_answer_the_next_request(home: House) -> None:
    """Mennekes answers after a minute."""
    station = await home.booted()
    uids: list[str] = []

    def late(_: dict[str, Any]) -> None:
        return None

    station.reactions["RemoteStopTransaction"] = late
    assert (await home.execute(STOP)).status is CommandStatus.TIMED_OUT
    uids.extend(
        json.loads(frame.text)[1] for frame in home.backend.kept if "RemoteStop" in frame.text
    )
    station.reactions["Reset"] = f'[3,"{uids[0]}",{{"status":"Rejected"}}]'
    assert (await home.execute(Reset())).status is CommandStatus.TIMED_OUT
    assert "unexpected_answer" in home.backend.quirks


async def test_a_truncated_answer_ends_the_wait(home: House) -> None:
    """Grizzl-E cuts its JSON short: the request fails at once, not after the time-out."""
    station = await home.booted()
    station.reactions["GetConfiguration"] = '[3,"{uid}",{"configurationKey":[{"key":"Hea'
    with pytest.raises(CallRefused) as error:
        await home.central.call("CP1", "GetConfiguration", {})
    assert error.value.code == "FormationViolation"
    assert "truncated_answer" in home.backend.quirks


@pytest.mark.parametrize(
    ("action", "payload", "answer"),
    [
        ("LogStatusNotification", {"status": "Uploaded", "requestId": 1}, {}),
        ("SignCertificate", {"csr": "-----BEGIN"}, {"status": "Rejected"}),
    ],
)
async def test_l_messages_of_the_security_extension_are_known(
    home: House, action: str, payload: dict[str, Any], answer: dict[str, Any]
) -> None:
    """OCPP 1.6 security whitepaper; no authority here signs certificates."""
    station = await home.booted()
    assert (await station.call(action, payload))[::2] == [3, answer]


async def test_a_truncated_request_is_answered(home: House) -> None:
    """By its id if it shows one, else by the id that means unreadable."""
    station = await home.booted()
    answer = await station.ask('[2,"cut","MeterValues",{"connectorId":1,"meterVal', "cut")
    assert answer[:3] == [4, "cut", "FormationViolation"]
    assert (await station.ask('{"no":"array"}', "-1"))[:3] == [4, "-1", "FormationViolation"]


# F38, F39


@pytest.mark.parametrize(
    ("reaction", "status", "detail"),
    [
        ({"status": "Accepted"}, CommandStatus.ACCEPTED, None),
        ({"status": "Rejected"}, CommandStatus.REJECTED, None),
        ({"status": "Scheduled"}, CommandStatus.SCHEDULED, "Scheduled"),
        ({"status": "RebootRequired"}, CommandStatus.REBOOT_REQUIRED, "RebootRequired"),
        ({"status": "NotSupported"}, CommandStatus.NOT_SUPPORTED, "NotSupported"),
        ({"status": "accepted"}, CommandStatus.ACCEPTED, "accepted"),
        (
            {"status": "Load balancer is disabled"},
            CommandStatus.FAILED,
            "Load balancer is disabled",
        ),
        ({}, CommandStatus.FAILED, "no status"),
        ('[4,"{uid}","NotImplemented","",{}]', CommandStatus.NOT_SUPPORTED, "NotImplemented"),
        ('[4,"{uid}","NotSupported","no",{}]', CommandStatus.NOT_SUPPORTED, "NotSupported: no"),
        ('[4,"{uid}","InternalError","",{}]', CommandStatus.FAILED, "InternalError"),
        ('[4,"{uid}",null,null]', CommandStatus.FAILED, "GenericError"),
        ('[3,"{uid}",null]', CommandStatus.FAILED, "no status"),
        (None, CommandStatus.TIMED_OUT, "RemoteStartTransaction"),
    ],
)
async def test_f38_outcomes(
    home: House, reaction: Any, status: CommandStatus, detail: str | None
) -> None:
    """Every answer, refusal or silence is a result."""
    station = await home.booted()
    station.reactions["RemoteStartTransaction"] = reaction
    command = RemoteStart(evse=EvseId("CP1", 1), token="A")
    assert await home.execute(command) == CommandResult(status=status, detail=detail)
    assert (await home.execute(STOP)).status is CommandStatus.ACCEPTED


async def test_f39_one_request_at_a_time(home: House) -> None:
    """The next is sent when the first is answered or given up, in order."""
    station = await home.booted()
    station.reactions["Reset"] = None
    commands: list[Command] = [Reset(), STOP, Reset(hard=True), STOP]
    results = await asyncio.gather(*(home.execute(found) for found in commands))
    assert [result.status for result in results] == [
        CommandStatus.TIMED_OUT,
        CommandStatus.ACCEPTED,
        CommandStatus.TIMED_OUT,
        CommandStatus.ACCEPTED,
    ]
    assert [action for action, _ in station.asked] == [
        "Reset",
        "RemoteStopTransaction",
        "Reset",
        "RemoteStopTransaction",
    ]


async def test_notifications_before_the_answer_are_taken(home: House) -> None:
    """Finding 14: Teison notifies before it answers."""
    station = await home.booted()
    status = {"connectorId": 1, "status": "Preparing", "errorCode": "NoError"}

    def notify_first(_: dict[str, Any]) -> str:
        return f'[2,"n","StatusNotification",{json.dumps(status)}]'

    station.reactions["RemoteStopTransaction"] = notify_first
    assert (await home.execute(STOP)).status is CommandStatus.TIMED_OUT
    assert home.backend.of(StatusReported)[0].status is EvseStatus.PREPARING


async def test_nobody_there(home: House) -> None:
    """Commands and raw calls to a charger without a connection."""
    assert (await home.execute(STOP)).status is CommandStatus.NOT_CONNECTED
    with pytest.raises(ChargerNotConnected):
        await home.central.call("CP1", "Reset", {"type": "Soft"})


async def test_a_lost_connection_ends_the_wait(home: House) -> None:
    """What waits, waits in vain at once."""
    station = await home.booted()
    station.reactions["Reset"] = None
    command = asyncio.create_task(home.execute(Reset()))
    queued = asyncio.create_task(home.execute(STOP))
    await station.was_asked("Reset")
    await station.close()
    assert (await command).status is CommandStatus.NOT_CONNECTED
    assert (await queued).status is CommandStatus.NOT_CONNECTED


async def test_raw_calls(home: House) -> None:
    """Any request of the version, checked by its schema, answered as it comes."""
    station = await home.booted()
    station.reactions["GetDiagnostics"] = {"fileName": "log.zip"}
    location = {"location": "ftp://files.example/"}
    assert await home.central.call("CP1", "GetDiagnostics", location) == {"fileName": "log.zip"}
    nested: Any = 1
    for _ in range(500):
        nested = [nested]
    for action, payload in (
        ("Explode", {}),
        ("Reset", {"type": "Warm"}),
        ("Reset", {}),
        ("Reset", {"type": nested}),
    ):
        with pytest.raises(InvalidCall):
            await home.central.call("CP1", action, payload)
    station.reactions["Reset"] = None
    with pytest.raises(CallTimedOut):
        await home.central.call("CP1", "Reset", {"type": "Soft"})
    station.reactions["Reset"] = '[4,"{uid}","SecurityError","no",{}]'
    with pytest.raises(CallRefused) as error:
        await home.central.call("CP1", "Reset", {"type": "Soft"})
    assert (error.value.code, error.value.description) == ("SecurityError", "no")


async def test_disconnect(home: House) -> None:
    """The owner removed a charger: its socket closes, and its next dial is a stranger's."""
    station = await home.booted()
    del home.backend.chargers["CP1"]
    await home.central.disconnect("CP1")
    assert await station.closed() == 1012
    assert (await (await home.dial()).boot())["status"] == "Pending"
    await home.central.disconnect("nobody")


async def test_who_does_not_answer_a_close_is_dropped(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Home Assistant does not wait for a charger that is gone."""
    monkeypatch.setattr("custom_components.ev_station.csms.connection._CLOSE_TIMEOUT_S", 0.05)
    wire = await Wire.open(home.central.port)
    assert await wire.request("/CP1", UPGRADE) == 101
    await home.backend.heard(ChargerConnected)
    await home.central.disconnect("CP1")
    assert await wire.ended()
    await home.backend.heard(ChargerDisconnected)
    wire.close()


async def test_numbers_grow_over_restarts(home: House) -> None:
    """A connection's number is never one that an earlier run gave."""
    home.central.number_after(41)
    await home.booted()
    assert home.central.connections["CP1"].number == 42


async def test_stop_submits_every_disconnect(socket_enabled: None) -> None:
    """Sockets are closed with 1012 and nothing is left running."""
    async with house() as home:
        station = await home.booted()
        await home.central.stop()
        assert await station.closed() == 1012
        assert len(home.backend.of(ChargerDisconnected)) == 1
        with pytest.raises(RuntimeError):
            _ = home.central.port
        await home.central.start("127.0.0.1", 0)
        assert (await home.booted()).is_open
    assert len(home.backend.of(ChargerBooted)) == 2
    assert home.backend.of(HeartbeatReceived) == []
