"""The known attacks on central systems (S1-S18), each test named after the one it stands against."""

import asyncio
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
import json
from pathlib import Path
import ssl
from typing import Any

from aiohttp import ClientSession, WSServerHandshakeError, web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
import pytest

from custom_components.ev_station.csms.backend import Outcome, Reason
from custom_components.ev_station.csms.connection import LARGE_FRAME_LIMIT
from custom_components.ev_station.csms.limits import Limits
from custom_components.ev_station.csms.passwords import hash_password
from custom_components.ev_station.csms.waiting import RETRY_S
from custom_components.ev_station.model.commands import RemoteStop
from custom_components.ev_station.model.events import (
    ChargerBooted,
    ChargerConnected,
    ChargerDisconnected,
    DataTransferred,
    HeartbeatReceived,
    StatusReported,
    TokenPresented,
    TransactionStopped,
)
from custom_components.ev_station.model.settings import UnknownChargerPolicy

from .harness import QUICK, UPGRADE, House, StandIn, Station, Wire, house, settings

PASSWORD = "correct horse battery"
HASH = hash_password(PASSWORD, b"0123456789abcdef")
SECURED = {"CP1": settings("CP1", HASH)}


async def refused(house_: House, path: str = "/CP1", **how: Any) -> int:
    """Dial, be refused, and return the status."""
    with pytest.raises(WSServerHandshakeError) as error:
        await house_.dial(path, **how)
    return error.value.status


async def dial_home_assistant(home: House, path: str, **how: Any) -> int:
    """Dial on a path of another aiohttp server, as Home Assistant's is; return the status."""
    runner = web.ServerRunner(web.Server(home.central.handle))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    home.port = runner.addresses[0][1]
    try:
        station = await home.booted(f"/api/ev_station/ocpp{path}", **how)
        await station.close()
    except WSServerHandshakeError as error:
        return error.status
    finally:
        home.port = None
        await runner.cleanup()
    return 101


# S1


async def test_s1_unknown_is_not_found_on_home_assistants_server(home: House) -> None:
    """404 before any upgrade, whatever the policy of the own port."""
    home.backend.unknown_chargers = UnknownChargerPolicy.ACCEPT
    assert await dial_home_assistant(home, "/STRANGER", password="x", user="STRANGER") == 404
    assert home.backend.reasons == [Reason.UNKNOWN_CHARGER]


async def test_s1_known_without_a_password_is_not_found_on_home_assistants_server(
    home: House,
) -> None:
    """That server may face the internet: a charger without a password does not exist there."""
    assert await dial_home_assistant(home, "/CP1") == 404


async def test_s1_with_its_password_it_comes_in_through_home_assistants_server(home: House) -> None:
    """A wrong one is 401, the right one is let in."""
    home.backend.chargers = SECURED
    assert await dial_home_assistant(home, "/CP1", password="wrong") == 401
    assert await dial_home_assistant(home, "/CP1", password=PASSWORD) == 101
    assert len(home.backend.of(ChargerBooted)) == 1


async def test_s1_unknown_waits_on_the_own_port(home: House) -> None:
    """Pending, nothing recorded, one card with vendor and model."""
    station = await home.dial("/NEW")
    answer = await station.boot()
    assert (answer["status"], answer["interval"]) == ("Pending", RETRY_S)
    assert home.central.waiting == ("NEW",)
    assert home.central.connections == {}
    assert (home.backend.events, home.backend.frames, home.backend.kept) == ([], [], [])
    await station.boot()
    assert len(home.backend.attempts) == 2
    card = home.backend.attempts[-1]
    assert (card.identity, card.outcome) == ("NEW", Outcome.WAITING)
    assert (card.vendor, card.model) == ("Vendor", "Model")
    await station.close()


async def test_s1_waiting_keeps_its_transactions(home: House) -> None:
    """What it says besides is refused, so that it says it again after adoption; heartbeats are answered."""
    station = await home.dial("/NEW")
    await station.boot()
    start = {"connectorId": 1, "idTag": "A", "meterStart": 0, "timestamp": "2026-01-01T00:00:00Z"}
    assert (await station.call("StartTransaction", start))[2] == "SecurityError"
    assert (await station.call("Heartbeat", {}))[0] == 3
    await station.send("not json")
    assert home.backend.events == []
    assert home.backend.deviations == []


async def test_s1_at_most_eight_wait(home: House) -> None:
    """The ninth is not found; a place that becomes free is given again."""
    stations = [await home.dial(f"/NEW{number}") for number in range(8)]
    assert await refused(home, "/NEW8") == 404
    assert home.backend.reasons[-1] is Reason.WAITING_ROOM_FULL
    await stations[0].close()
    while len(home.central.waiting) == 8:
        await asyncio.sleep(0)
    await home.dial("/NEW8")
    assert len(home.central.waiting) == 8


async def test_s1_refuse_policy(home: House) -> None:
    """Nobody waits where strangers are refused."""
    home.backend.unknown_chargers = UnknownChargerPolicy.REFUSE
    assert await refused(home, "/NEW") == 404


async def test_s1_accept_policy(home: House) -> None:
    """Everybody comes in where strangers are accepted."""
    home.backend.unknown_chargers = UnknownChargerPolicy.ACCEPT
    assert (await (await home.dial("/NEW")).boot())["status"] == "Accepted"
    assert home.central.connections.keys() == {"NEW"}


async def test_adoption_makes_the_waiting_socket_live(home: House) -> None:
    """No redial is needed: the boot is asked for and accepted on the same socket."""
    station = await home.dial("/new")
    await station.boot()
    home.backend.chargers["NEW"] = settings("NEW")
    await home.central.adopted("NEW")
    assert home.backend.of(ChargerConnected)[0].charger == "NEW"
    assert await station.was_asked("TriggerMessage") == [{"requestedMessage": "BootNotification"}]
    assert (await station.boot())["status"] == "Accepted"
    assert home.backend.of(ChargerBooted)[0].charger == "NEW"
    assert home.central.waiting == ()
    assert home.central.connections.keys() == {"NEW"}


async def test_adoption_with_a_password_wants_it(home: House) -> None:
    """A socket that did not present the password is closed, one that did becomes live."""
    without = await home.dial("/NEW1")
    given = await home.dial("/NEW2", user="NEW2", password=PASSWORD)
    for charger in ("NEW1", "NEW2"):
        home.backend.chargers[charger] = settings(charger, HASH)
        await home.central.adopted(charger)
    assert await without.closed() == 1008
    assert given.is_open
    assert home.central.connections.keys() == {"NEW2"}


async def test_adoption_of_one_who_leaves_while_its_password_is_checked(home: House) -> None:
    """Nobody is live on a socket that is gone, and the next one is let in."""
    station = await home.dial("/NEW", user="NEW", password=PASSWORD)
    home.backend.chargers["NEW"] = settings("NEW", HASH)
    await asyncio.gather(home.central.adopted("NEW"), station.close())
    await home.backend.until(lambda: not home.central.waiting)
    assert home.central.connections == {}
    again = await home.dial("/NEW", user="NEW", password=PASSWORD)
    assert (await again.boot())["status"] == "Accepted"


async def test_adoption_of_nobody(home: House) -> None:
    """A charger that does not wait is simply awaited."""
    home.backend.chargers["NEW"] = settings("NEW")
    await home.central.adopted("NEW")
    assert home.backend.events == []


async def test_a_silent_stranger_is_asked_and_shown_out(home: House) -> None:
    """Who cannot say what it is gets no place for ever (S12)."""
    station = await home.dial("/NEW")
    assert await station.was_asked("TriggerMessage") == [{"requestedMessage": "BootNotification"}]
    assert await station.closed() == 1008


# S2, S3


@pytest.mark.parametrize(
    "how",
    [{}, {"password": "wrong"}, {"password": ""}, {"password": PASSWORD, "user": "CP2"}],
    ids=["none", "wrong", "empty", "other user"],
)
async def test_s2_wrong_credentials(home: House, how: dict[str, str]) -> None:
    """401 for a missing or wrong password and for a user name that is not the identity (TC_A_02)."""
    home.backend.chargers = SECURED
    assert await refused(home, **how) == 401
    assert home.backend.reasons == [Reason.BAD_CREDENTIALS]
    assert home.backend.events == []


async def test_s2_right_credentials(home: House) -> None:
    """TC_085: accepted and verified."""
    home.backend.chargers = SECURED
    await home.booted(password=PASSWORD)
    assert home.central.connections["CP1"].verified


async def test_s3_guessing_is_slowed_down(home: House) -> None:
    """After ten failures a minute the address waits; a charger that proved itself before is let in."""
    other = hash_password(PASSWORD)
    home.backend.chargers = SECURED | {"CP2": settings("CP2", other), "CP3": settings("CP3")}
    await (await home.booted("/CP2", user="CP2", password=PASSWORD)).close()
    statuses = [await refused(home, password=f"guess{number}") for number in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert home.backend.reasons.count(Reason.RATE_LIMITED) == 1
    assert await refused(home, password=PASSWORD) == 429
    assert (await home.booted("/CP2", user="CP2", password=PASSWORD)).is_open
    assert (await home.booted("/CP3")).is_open
    home.clock.ahead_s += 61
    assert (await home.booted(password=PASSWORD)).is_open


# S4, S5, S6


class Silent:
    """An old connection that looks open but no longer answers."""

    def __init__(self, wire: Wire) -> None:
        """Take over the socket."""
        self.wire = wire

    @classmethod
    async def dial(cls, home: House, headers: dict[str, str] | None = None) -> Silent:
        """Connect and send nothing but a heartbeat."""
        wire = await Wire.open(home.central.port)
        assert await wire.request("/CP1", UPGRADE | (headers or {})) == 101
        await wire.send(1, b'[2,"1","Heartbeat",{}]')
        await wire.frame()
        return cls(wire)


async def test_s4_an_alive_connection_is_not_displaced_without_credentials(home: House) -> None:
    """503 and an attempt that is told; the old one never notices."""
    station = await home.booted()
    assert await refused(home) == 503
    assert home.backend.reasons[-1] is Reason.DUPLICATE
    assert (await station.call("Heartbeat", {}))[0] == 3
    assert len(home.backend.of(ChargerConnected)) == 1


async def test_s5_a_silent_connection_is_replaced(home: House) -> None:
    """Commands reach the new one only."""
    old = await Silent.dial(home)
    station = await home.booted()
    assert await old.wire.ended()
    first, second = home.backend.of(ChargerConnected)
    gone = home.backend.of(ChargerDisconnected)
    assert [event.connection for event in gone] == [first.connection]
    assert home.backend.events.index(gone[0]) < home.backend.events.index(second)
    await home.execute(RemoteStop(transaction=1))
    assert await station.was_asked("RemoteStopTransaction") == [{"transactionId": 1}]
    old.wire.close()


async def test_s5_an_alive_connection_gives_way_to_credentials(home: House) -> None:
    """The newer wins when it proved who it is."""
    home.backend.chargers = SECURED
    old = await home.booted(password=PASSWORD)
    new = await home.booted(password=PASSWORD)
    await old.closed()
    assert (await new.call("Heartbeat", {}))[0] == 3
    assert home.central.connections["CP1"].number == 2


async def test_s6_an_old_sockets_close_never_touches_the_new(home: House) -> None:
    """Defect A: its late end marks nobody offline and closes nothing."""
    old = await Silent.dial(home)
    station = await home.booted()
    old.wire.close()
    await old.wire.ended()
    assert (await station.call("Heartbeat", {}))[0] == 3
    assert home.central.connections["CP1"].number == 2
    assert len(home.backend.of(ChargerDisconnected)) == 1


async def test_s6_frames_of_the_old_socket_are_not_heard(home: House) -> None:
    """Once replaced, nothing it still has on the way becomes an event."""
    home.backend.gate = asyncio.Event()
    home.backend.gate.set()
    old = await Silent.dial(home)
    home.backend.gate.clear()
    await old.wire.send(1, b'[2,"a","Heartbeat",{}]')
    await old.wire.send(1, b'[2,"b","DataTransfer",{"vendorId":"late"}]')
    dialling = asyncio.create_task(home.dial())
    await asyncio.sleep(2 * QUICK.probe_s)
    home.backend.gate.set()
    station = await dialling
    await station.boot()
    assert home.backend.of(DataTransferred) == []
    old.wire.close()


async def test_two_at_once_leave_one(home: House) -> None:
    """Of many dials at the same moment one lives."""
    answers = await asyncio.gather(*(home.dial() for _ in range(5)), return_exceptions=True)
    stations = [found for found in answers if isinstance(found, Station)]
    assert len(stations) == 1
    assert len(home.central.connections) == 1
    assert (await stations[0].call("Heartbeat", {}))[0] == 3


async def test_a_waiting_charger_may_redial(home: House) -> None:
    """The takeover rule holds in the waiting room too."""
    first = await home.dial("/NEW")
    assert await refused(home, "/NEW") == 503
    await first.close()
    await home.dial("/NEW")
    assert home.central.waiting == ("NEW",)


# S9, S10 concern the station; that its answers are worded is all there is to do here.


async def test_s9_foreign_transactions_are_answered(home: House) -> None:
    """A stop or sample for somebody else's transaction is answered and handed over as what it is."""
    station = await home.booted()
    stop = {"transactionId": 77, "meterStop": 1, "timestamp": "2026-01-01T00:00:00Z"}
    assert await station.call("StopTransaction", stop) == [3, "m2", {}]
    assert home.backend.of(TransactionStopped)[0].charger == "CP1"


# S11, S12


async def test_s11_frame_limit(home: House) -> None:
    """64 KiB is enough for any ordinary message; more closes with 1009."""
    station = await home.booted()
    data = "x" * (64 * 1024)
    await station.send(json.dumps([2, "1", "DataTransfer", {"vendorId": "v", "data": data}]))
    assert await station.closed() == 1009
    assert home.backend.of(DataTransferred) == []


async def test_s11_nothing_is_unpacked(home: House) -> None:
    """A small compressed frame may be a very large one: compression is not agreed to."""
    async with ClientSession() as session:
        url = f"ws://127.0.0.1:{home.central.port}/CP1"
        async with session.ws_connect(url, protocols=["ocpp1.6"], compress=15) as socket:
            assert socket.compress == 0


async def test_s11_frame_just_below_the_limit(home: House) -> None:
    """It is read."""
    station = await home.booted()
    data = "x" * (63 * 1024)
    assert (await station.call("DataTransfer", {"vendorId": "v", "data": data}))[0] == 3


async def test_s11_no_frame_beyond_a_mebibyte(home: House) -> None:
    """Not even one that may be large; memory stays flat."""
    station = await home.booted()
    samples = "x" * LARGE_FRAME_LIMIT
    await station.send(json.dumps([2, "1", "StopTransaction", {"x": samples}]))
    assert await station.closed() == 1009


async def test_s11_a_stop_may_carry_a_whole_session(home: House) -> None:
    """A StopTransaction refused for its size would be repeated for ever and never billed."""
    station = await home.booted()
    bucket = {
        "timestamp": "2026-01-01T00:00:00Z",
        "sampledValue": [{"value": "1", "context": "Sample.Periodic"}],
    }
    stop = {
        "transactionId": 1,
        "meterStop": 1,
        "timestamp": "2026-01-01T00:00:00Z",
        "transactionData": [bucket] * 2000,
    }
    assert (await station.call("StopTransaction", stop))[0] == 3
    assert len(home.backend.of(TransactionStopped)[0].samples) == 2000


async def test_s11_a_long_report_is_read_while_expected(home: House) -> None:
    """The answer to GetConfiguration may be large, others not."""
    station = await home.booted()
    keys = [{"key": f"Key{number}", "readonly": True, "value": "v" * 100} for number in range(800)]
    station.reactions["GetConfiguration"] = {"configurationKey": keys}
    answer = await home.central.call("CP1", "GetConfiguration", {})
    assert len(answer["configurationKey"]) == 800
    station.reactions["GetLocalListVersion"] = {"listVersion": 1, "x": "v" * 70000}
    call = asyncio.create_task(home.central.call("CP1", "GetLocalListVersion", {}))
    assert await station.closed() == 1009
    with pytest.raises(Exception, match="CP1"):
        await call


async def test_s12_slow_handshakes_are_cut(socket_enabled: None) -> None:
    """A handshake that dribbles in ends after its time."""
    async with house(Limits(handshake_s=0.2)) as home:
        wire = await Wire.open(home.central.port)
        wire.writer.write(b"GET /CP1 HTTP/1.1\r\nHost: ")
        assert await wire.ended()
        wire.close()


async def test_s12_strangers_of_one_address_are_few(socket_enabled: None) -> None:
    """Sockets that are nobody's are counted per address, those of chargers are not."""
    async with house(Limits(strangers_per_address=3, manners=QUICK.manners)) as home:
        station = await home.booted()
        idle = [await Wire.open(home.central.port) for _ in range(3)]
        extra = await Wire.open(home.central.port)
        assert await extra.ended()
        idle.pop().close()
        while True:
            again = await Wire.open(home.central.port)
            try:
                assert await again.request("/CP1", UPGRADE) == 503
                break
            except asyncio.IncompleteReadError, ConnectionError:
                again.close()
        assert (await station.call("Heartbeat", {}))[0] == 3
        for wire in [*idle, extra, again]:
            wire.close()


# S13


async def test_s13_a_flood_waits_in_its_own_socket(home: House) -> None:
    """Others get their turn while one charger sends without pause: it is heard a few times for each of theirs."""
    home.backend.chargers["CP2"] = settings("CP2")
    wire = await Wire.open(home.central.port)
    assert await wire.request("/CP1", UPGRADE) == 101
    flooding = asyncio.create_task(_flood(wire))
    reading = asyncio.create_task(wire.ended(60))
    station = await home.booted("/CP2")
    for _ in range(100):
        await station.call("Heartbeat", {})
    assert 200 < len(home.backend.of(HeartbeatReceived)) < 2000
    flooding.cancel()
    wire.close()
    await reading


async def _flood(wire: Wire) -> None:
    while True:
        await wire.send(1, b'[2,"f","Heartbeat",{}]')


async def test_a_charger_that_does_not_read_is_dropped(home: House) -> None:
    """Above 1 MiB of unread answers the socket is closed."""
    wire = await Wire.open(home.central.port)
    assert await wire.request("/CP1", UPGRADE) == 101
    uid = b"u" * 60000
    try:
        for _ in range(500):
            await wire.send(1, b'[2,"%b","Heartbeat",{}]' % uid)
    except ConnectionError:
        pass
    await home.backend.heard(ChargerDisconnected)
    wire.close()


# S14, S15


@pytest.mark.parametrize(
    "text",
    [
        "[" * 30000,
        '[2,"1","MeterValues",' + '{"a":' * 5000,
        '[2,"1","MeterValues",{"connectorId":1,"meterValue":[' + "0," * 20000 + "0]}]",
        '[2,"1","StatusNotification",{"connectorId":NaN,"status":Infinity,"errorCode":-Infinity}]',
        '[2,"1","Heartbeat",{"a":1,"a":2,"a":{"a":[]}}]',
        r'[2,"1","Authorize",{"idTag":"\ud800\udfff\udc00"}]',
        '[2,"1","Authorize",{"idTag":"\\u0000\\u0000"}]',
        '[2,"\\u0000","Heartbeat",{}]',
        '[2,"1","StartTransaction",{"meterStart":1e308,"connectorId":1e308,"idTag":{}}]',
        '[2,"1","StopTransaction",{"transactionId":99999999999999999999999,"meterStop":"1e999999"}]',
        '[2,"1","MeterValues",{"meterValue":{"sampledValue":{"value":{},"unit":[],"phase":{}}}}]',
        '[2,"1","MeterValues",{"meterValue":[{"sampledValue":[{"value":"1","measurand":[],'
        '"context":{},"phase":[],"unit":{},"location":[]}]}]}]',
        '[2,"1","__class__",{}]',
        '[9,"1"]',
        f'[2,"1","StatusNotification",{{"info":{"[" * 900}{"]" * 900}}}]',
        f'[2,"1","DataTransfer",{{"vendorId":"v","data":{"[" * 900}{"]" * 900}}}]',
        f'[2,"1","MeterValues",{{"meterValue":[{{"sampledValue":[{{"value":{"[" * 900}{"]" * 900}}}]}}]}}]',
    ],
    ids=range(17),
)
async def test_s14_hostile_json(home: House, text: str, caplog: pytest.LogCaptureFixture) -> None:
    """CALLERROR, result or nothing, never an exception, and the connection lives."""
    station = await home.booted()
    await station.send(text)
    assert (await station.call("Heartbeat", {}))[0] == 3
    assert not [record for record in caplog.records if record.exc_info]


async def test_s15_binary_frames(home: House) -> None:
    """OCPP-J is text: 1003."""
    station = await home.booted()
    await station.websocket.send_bytes(b"\x00\x01")
    assert await station.closed() == 1003


# S16


HOSTILE = ["<script>alert(1)</script>", "{{ states('x') }}", "=cmd|' /C calc'!A0", "a\u202eb\x07c"]


@pytest.mark.parametrize("text", HOSTILE)
async def test_s16_foreign_text_is_clipped_and_printable(home: House, text: str) -> None:
    """To CiString20/25/50/255; nothing here renders it."""
    station = await home.booted()
    long = text + "x" * 10000
    await station.call(
        "BootNotification",
        {
            "chargePointVendor": long,
            "chargePointModel": long,
            "chargePointSerialNumber": long,
            "firmwareVersion": long,
        },
    )
    await station.call("Authorize", {"idTag": long})
    await station.call(
        "StatusNotification",
        {"connectorId": 1, "status": "Faulted", "errorCode": long, "info": long},
    )
    await station.call("DataTransfer", {"vendorId": long, "messageId": long, "data": long})
    boot, status = home.backend.of(ChargerBooted)[-1], home.backend.of(StatusReported)[-1]
    lengths = {
        boot.vendor: 20,
        boot.model: 20,
        boot.serial: 25,
        boot.firmware: 50,
        home.backend.of(TokenPresented)[-1].token: 20,
        status.error_code: 50,
        status.info: 50,
        home.backend.of(DataTransferred)[-1].vendor: 255,
        home.backend.of(DataTransferred)[-1].message: 50,
        home.backend.of(DataTransferred)[-1].data: 4096,
    }
    for found, length in lengths.items():
        assert found is not None
        assert len(found) <= length
        assert found.isprintable()


# S18


async def test_s18_authorize_flood(home: House) -> None:
    """Guessing tags is slow work, over reconnects too, and a refusal has one shape."""
    station = await home.booted()
    answers = [
        (await station.call("Authorize", {"idTag": f"T{number}"}))[2] for number in range(25)
    ]
    assert answers[:20] == [{"idTagInfo": {"status": "Accepted"}}] * 20
    assert answers[20:] == [{"idTagInfo": {"status": "Invalid"}}] * 5
    assert len(home.backend.of(TokenPresented)) == 20
    await station.close()
    await home.backend.heard(ChargerDisconnected)
    station = await home.booted()
    assert (await station.call("Authorize", {"idTag": "A"}))[2]["idTagInfo"]["status"] == "Invalid"
    home.clock.ahead_s += 10
    assert (await station.call("Authorize", {"idTag": "A"}))[2]["idTagInfo"]["status"] == "Accepted"


async def test_s22_a_key_is_never_written_down(home: House) -> None:
    """Neither what we set nor what a charger tells of its secrets is kept."""
    station = await home.booted()
    station.reactions["GetConfiguration"] = {
        "configurationKey": [
            {"key": "StationPassword", "readonly": False, "value": "hunter2"},
            {"key": "HeartbeatInterval", "readonly": False, "value": "300"},
        ]
    }
    await home.central.call(
        "CP1", "ChangeConfiguration", {"key": "AuthorizationKey", "value": "hunter2"}
    )
    answer = await home.central.call("CP1", "GetConfiguration", {})
    assert answer["configurationKey"][0]["value"] == "hunter2"
    assert station.requests("ChangeConfiguration")[0]["value"] == "hunter2"
    texts = [frame.text for frame in home.backend.kept]
    assert not any("hunter2" in text for text in texts)
    assert any('"300"' in text for text in texts)


# TLS


async def test_tls(socket_enabled: None, tmp_path: Path) -> None:
    """TC_086: chargers come in over TLS 1.2 and above with the given context; S8: not below."""
    server, client = _contexts(tmp_path)
    backend = StandIn()
    async with house(backend=backend) as home:
        await home.central.stop()
        await home.central.start("127.0.0.1", 0, server)
        url = f"wss://127.0.0.1:{home.central.port}/CP1"
        async with home.session.ws_connect(url, protocols=["ocpp1.6"], ssl=client) as websocket:
            await websocket.send_str('[2,"1","Heartbeat",{}]')
            assert json.loads((await websocket.receive()).data)[0] == 3


def _contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    certificate, key = _certificate()
    (folder / "cert.pem").write_bytes(certificate)
    (folder / "key.pem").write_bytes(key)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    client = ssl.create_default_context(cadata=certificate.decode())
    return server, client


def _certificate() -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    return (
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
