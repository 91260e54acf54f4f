"""Every recorded deviation of real chargers, by its id in data/quirks_ocpp16.json (which names the sources)."""

from decimal import Decimal
import json
from typing import Any

import pytest

from custom_components.ev_station.csms.quirks import Quirk
from custom_components.ev_station.model.commands import Prepare
from custom_components.ev_station.model.events import (
    ChargerBooted,
    ChargerPrepared,
    DataTransferred,
    MeterSampled,
    Notified,
    StatusReported,
    TransactionStarted,
    TransactionStopped,
)
from custom_components.ev_station.model.status import EvseStatus

from .harness import DATA, UPGRADE, House, Wire

QUIRKS: list[dict[str, Any]] = json.loads((DATA / "quirks_ocpp16.json").read_text())
PREPARE = Prepare(heartbeat_s=300, sample_interval_s=30)


def of_kind(kind: str) -> list[Any]:
    """Return the quirks of a kind as parameters."""
    return [pytest.param(quirk, id=quirk["id"]) for quirk in QUIRKS if quirk["kind"] == kind]


@pytest.mark.parametrize("quirk", of_kind("send"))
async def test_send(home: House, quirk: dict[str, Any]) -> None:
    """Each odd request is answered by a result, and the next ordinary one is too."""
    station = await home.booted()
    uid = quirk.get("uid", "odd")
    for text in quirk["frames"]:
        answer = await station.ask(text.replace("{uid}", str(uid)), uid)
        assert answer[0] == 3
    assert (await station.call("Heartbeat", {}))[0] == 3


@pytest.mark.parametrize("quirk", of_kind("answer"))
async def test_answer(home: House, quirk: dict[str, Any]) -> None:
    """Each odd answer costs at most its own key: the charger is prepared and stays usable."""
    station = await home.booted()
    for action, text in quirk["answers"].items():
        station.reactions[action] = _reaction(text)
    prepared = await home.central.execute("CP1", PREPARE)
    assert isinstance(prepared, ChargerPrepared)
    assert prepared.smart_charging is None
    assert (await station.call("Heartbeat", {}))[0] == 3


def _reaction(text: str | None) -> Any:
    if text is None:
        return None
    return lambda payload: text.replace("{key}", (payload.get("key") or ["Unasked"])[0])


@pytest.mark.parametrize("quirk", of_kind("handshake"))
async def test_handshake(home: House, quirk: dict[str, Any]) -> None:
    """Each odd handshake is accepted."""
    password = quirk["auth"].partition(":")[2] if "auth" in quirk else None
    station = await home.booted(
        "/CP1" + quirk.get("suffix", ""),
        protocols=tuple(quirk.get("protocols", ["ocpp1.6"])),
        password=password,
    )
    assert home.central.connections.keys() == {"CP1"}
    assert station.is_open


@pytest.mark.parametrize("quirk", of_kind("rawhandshake"))
async def test_raw_handshake(home: House, quirk: dict[str, Any]) -> None:
    """Each malformed handshake is accepted, and frames flow."""
    wire = await Wire.open(home.central.port)
    target = "ws://127.0.0.1/CP1" if quirk.get("absolute") else "/CP1"
    headers = {"Host": "127.0.0.1"} | dict(line.split(": ", 1) for line in quirk["headers"])
    assert await wire.request(target, headers) == 101
    await wire.send(1, b'[2,"1","Heartbeat",{}]')
    opcode, data = await wire.frame()
    assert (opcode, json.loads(data)[0]) == (1, 3)
    wire.close()


# What the odd frames mean


async def say(home: House, action: str, payload: dict[str, Any]) -> None:
    """Send a request that has to be answered by a result."""
    station = await home.booted()
    assert (await station.call(action, payload))[0] == 3


def frame_of(quirk_id: str) -> tuple[str, dict[str, Any]]:
    """Return the action and payload of a recorded frame."""
    text = next(quirk for quirk in QUIRKS if quirk["id"] == quirk_id)["frames"][0]
    _, _, action, payload = json.loads(text)
    return action, payload


@pytest.mark.parametrize(
    ("action", "payload", "expected"),
    [
        ("FirmwareStatusNotification", {"status": "Installed"}, ("Installed", None)),
        ("DiagnosticsStatusNotification", {"status": "Uploaded"}, ("Uploaded", None)),
        (
            "SecurityEventNotification",
            {"type": "FailedToAuthenticate", "timestamp": "2026-11-23T12:00:00Z", "techInfo": "x"},
            ("FailedToAuthenticate", "x"),
        ),
        ("LogStatusNotification", {"status": "Uploading", "requestId": 7}, ("Uploading", "7")),
    ],
)
async def test_reports_are_kept_with_what_they_say(
    home: House, action: str, payload: dict[str, Any], expected: tuple[str, str | None]
) -> None:
    """§4.4, §4.5, and the security extension."""
    await say(home, action, payload)
    report = home.backend.of(Notified)[-1]
    assert (report.kind, (report.status, report.detail)) == (action, expected)


async def test_long_serials_are_clipped(home: House) -> None:
    """§4.2 allows serials of 25 characters."""
    await say(home, *frame_of("boot-serial-26"))
    boot = home.backend.of(ChargerBooted)[-1]
    assert boot.serial == "3N123456789F2S1B123456789"
    assert Quirk.LONG_TEXT in home.backend.quirks


async def test_boot_of_2_0_1_is_understood(home: House) -> None:
    """FoxESS sends the 2.0.1 body over 1.6."""
    await say(home, *frame_of("boot-201-shape-over-16"))
    boot = home.backend.of(ChargerBooted)[-1]
    assert (boot.vendor, boot.model, boot.serial) == ("FoxESS", "A022KP1", "S1")


async def test_status_of_2_0_1_is_understood(home: House) -> None:
    """A cousin: the 2.0.1 StatusNotification."""
    await say(
        home,
        "StatusNotification",
        {"timestamp": "2026-01-01T00:00:00Z", "connectorStatus": "Occupied", "evseId": 1},
    )
    status = home.backend.of(StatusReported)[-1]
    assert (status.evse.evse, status.status) == (1, EvseStatus.PREPARING)


async def test_a_clock_that_was_never_set_gives_no_time(home: House) -> None:
    """The time of receipt is used instead."""
    await say(home, *frame_of("status-timestamp-1970"))
    assert home.backend.of(StatusReported)[-1].at is None


async def test_2_63_minus_1_is_no_transaction(home: House) -> None:
    """Alfen means none by it; acknowledged, or it is repeated for ever."""
    await say(home, *frame_of("meter-tx-maxlong"))
    assert home.backend.of(MeterSampled)[-1].transaction is None


async def test_an_empty_tag_is_an_event(home: House) -> None:
    """Whether energy may flow for nobody is for the station to decide."""
    await say(home, *frame_of("start-idtag-empty"))
    start = home.backend.of(TransactionStarted)[-1]
    assert (start.token, start.meter_start_wh) == ("", Decimal(1122621))


@pytest.mark.parametrize(
    ("data", "kept"),
    [("text", "text"), ({"a": [1]}, '{"a":[1]}'), (5, "5"), (None, None)],
)
async def test_data_transfer_data(home: House, data: Any, kept: str | None) -> None:
    """§6.16 makes it a text; JSON is kept as its text. No vendor is known here, so none is accepted (defect M)."""
    station = await home.booted()
    answer = await station.call("DataTransfer", {"vendorId": "v", "data": data})
    assert answer[2] == {"status": "UnknownVendorId"}
    assert home.backend.of(DataTransferred)[0].data == kept


async def test_control_bytes_are_cut_from_a_tag(home: House) -> None:
    """Ocular returns the tag with two of them."""
    await say(home, *frame_of("stop-idtag-22-binary"))
    assert home.backend.of(TransactionStopped)[-1].token == "BA86I250X5G6MOD5DLKD"


async def test_a_deviation_is_told_once_per_charger_and_quirk(home: House) -> None:
    """However often it is sent."""
    station = await home.booted()
    action, payload = frame_of("boot-unknown-field")
    for _ in range(3):
        await station.call(action, payload)
    told = [found for found in home.backend.deviations if found.quirk == Quirk.UNKNOWN_FIELD]
    assert [found.charger for found in told] == ["CP1"]
    assert "wifiRssi" in told[0].example


async def test_absolute_target_names_the_charger(home: House) -> None:
    """Older MicroOcpp: GET ws://host/path."""
    wire = await Wire.open(home.central.port)
    assert await wire.request(f"ws://127.0.0.1:{home.central.port}/ocpp/CP1", UPGRADE) == 101
    assert home.central.connections.keys() == {"CP1"}
    wire.close()
