"""Framing: what arrives as text, whatever it is, becomes a message."""

import json
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.ev_station.csms.quirks import Quirk
from custom_components.ev_station.csms.repair import repair
from custom_components.ev_station.csms.rpc import (
    Call,
    CallError,
    CallResult,
    ErrorCode,
    Ignored,
    Malformed,
    Message,
    MessageType,
    encode_call,
    encode_error,
    encode_result,
    parse,
)
from tests.campaigns.fuzz import campaign


def read(text: str | bytes) -> tuple[Message, set[Quirk]]:
    """Parse and return the message with the quirks reported."""
    told: set[Quirk] = set()
    data = text.encode() if isinstance(text, str) else text
    return parse(data, lambda quirk, _: told.add(quirk)), told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[2,"1","Heartbeat",{}]', Call("1", "Heartbeat", {})),
        ('[3,"1",{"status":"Accepted"}]', CallResult("1", {"status": "Accepted"})),
        ('[4,"1","NotImplemented","no",{}]', CallError("1", "NotImplemented", "no")),
        ('[4,"1","","",{}]', CallError("1", "GenericError", "")),
        ('[2,"1","Heartbeat",{"a":1,"a":2}]', Call("1", "Heartbeat", {"a": 2})),
        ('[2,"1","Heartbeat",{},"more"]', Call("1", "Heartbeat", {})),
        ('[5,"1",{}]', Ignored("5")),
        ('["x","1",{}]', Ignored("x")),
    ],
)
def test_sound_frames(text: str, message: Message) -> None:
    """Nothing is reported; §4.1.3 has unknown types ignored."""
    found, told = read(text)
    assert found == message
    assert not told - {Quirk.MISSING_PAYLOAD}


@pytest.mark.parametrize(
    ("text", "message", "quirk"),
    [
        ('[2,4711,"Heartbeat",{}]', Call(4711, "Heartbeat", {}), Quirk.NUMERIC_MESSAGE_ID),
        ('[2,1.5,"Heartbeat",{}]', Call(1.5, "Heartbeat", {}), Quirk.NUMERIC_MESSAGE_ID),
        ('[2,"1","Heartbeat",null]', Call("1", "Heartbeat", {}), Quirk.MISSING_PAYLOAD),
        ('[2,"1","Heartbeat"]', Call("1", "Heartbeat", {}), Quirk.MISSING_PAYLOAD),
        ('[3,"1",null]', CallResult("1", {}), Quirk.MISSING_PAYLOAD),
        ('[3,"1"]', CallResult("1", {}), Quirk.MISSING_PAYLOAD),
        ('[4,"1","FormationViolation",""]', CallError("1", "FormationViolation", ""), Quirk.SHORT_CALL_ERROR),
        ('[4,"1",null]', CallError("1", "GenericError", ""), Quirk.SHORT_CALL_ERROR),
        ('[2,"1","A",{"a":[,1]}]', Call("1", "A", {"a": [1]}), Quirk.STRAY_COMMA),
        ('[2,"1","A",{"a":[, ,1]}]', Call("1", "A", {"a": [1]}), Quirk.STRAY_COMMA),
        ('[2,"1","A",{"a":[1,],}]', Call("1", "A", {"a": [1]}), Quirk.STRAY_COMMA),
        ('[2,"1","A",{"t":,"b":1}]', Call("1", "A", {"t": None, "b": 1}), Quirk.EMPTY_VALUE),
        ('[2,"1","A",{"t":}]', Call("1", "A", {"t": None}), Quirk.EMPTY_VALUE),
        ('[2,"1","A",{"v":NaN}]', Call("1", "A", {"v": None}), Quirk.NOT_A_NUMBER),
        ('[2,"1","A",{"v":-Infinity}]', Call("1", "A", {"v": None}), Quirk.NOT_A_NUMBER),
        ('[2,"1","A",{"v":"a\tb"}]', Call("1", "A", {"v": "a b"}), Quirk.CONTROL_CHARACTER),
        ('[2,"1","A",{"v":"ab"}]\x00', Call("1", "A", {"v": "ab"}), Quirk.CONTROL_CHARACTER),
        (r'[2,"1","A",{"v":"C:\dir"}]', Call("1", "A", {"v": "C:\\dir"}), Quirk.BAD_ESCAPE),
        (r'[2,"1","A",{"v":"\\\d"}]', Call("1", "A", {"v": "\\\\d"}), Quirk.BAD_ESCAPE),
        (r'[2,"1","A",{"v":"x\ud83dy"}]', Call("1", "A", {"v": "x\ufffdy"}), Quirk.LONE_SURROGATE),
        (r'[2,"1","A",{"v":"\ud83d\ude00\ude00"}]', Call("1", "A", {"v": "😀\ufffd"}), Quirk.LONE_SURROGATE),
        ("[2,\"1\",\"A\",{\"v\":\"Z\xfcrich\"}]".encode("latin-1"), Call("1", "A", {"v": "Z\ufffdrich"}), Quirk.BAD_UTF8),
    ],
)  # fmt: skip
def test_repaired_frames(text: str | bytes, message: Message, quirk: Quirk) -> None:
    """What is meant is understood and what was odd is reported."""
    assert read(text) == (message, {quirk})


def test_strings_are_not_structure() -> None:
    """A repair elsewhere leaves commas, colons and NaN inside strings alone."""
    text = r'[2,"1","A",{"a":[,1],"s":"[,NaN :, ,] \" ok"}]'
    assert read(text)[0] == Call("1", "A", {"a": [1], "s": '[,NaN :, ,] " ok'})


@pytest.mark.parametrize(
    ("text", "uid", "kind"),
    [
        ('[2,"abc","MeterValues",{"connectorId":1,"meterV', "abc", MessageType.CALL),
        ('[2,17,"MeterValues",{"conn', 17, MessageType.CALL),
        ('[3,"abc",{"configurationKey":[{"key":"Heart', "abc", MessageType.CALL_RESULT),
        ('[4,"abc","Form', "abc", MessageType.CALL_ERROR),
        (r'[2,"a\"b","X",{', 'a"b', MessageType.CALL),
        (r'[2,"a\x","X",{', None, MessageType.CALL),
        ('[2,"abc', None, None),
        ("[" * 5000, None, None),
        ('[2,"abc","A",' + "[" * 5000, "abc", MessageType.CALL),
        ("{}", None, None),
        ("17", None, None),
        ("[]", None, None),
        ("[2]", None, None),
        ("", None, None),
        ('[2,null,"Heartbeat",{}]', None, MessageType.CALL),
        ('[2,true,"Heartbeat",{}]', None, MessageType.CALL),
        ('[2,["x"],"Heartbeat",{}]', None, MessageType.CALL),
        ('[2,"1",null,{}]', "1", MessageType.CALL),
        ('[2,"1"]', "1", MessageType.CALL),
        ('[2,"1","Heartbeat",[]]', "1", MessageType.CALL),
        ('[2,"1","Heartbeat","x"]', "1", MessageType.CALL),
    ],
)
def test_broken_frames(text: str, uid: Any, kind: MessageType | None) -> None:
    """The id is dug out where there is one; §4.2.3 names the fault FormationViolation."""
    message, _ = read(text)
    assert isinstance(message, Malformed)
    assert (message.id, message.kind) == (uid, kind)
    assert message.code is ErrorCode.FORMATION_VIOLATION


def test_long_foreign_text_is_clipped() -> None:
    """A CALLERROR's description has 255 characters at most."""
    message, _ = read(json.dumps([4, "1", "x" * 300, "\u202ey" * 300, {}]))
    assert isinstance(message, CallError)
    assert (message.code, message.description) == ("x" * 50, "y" * 255)


def test_encoding() -> None:
    """Frames are compact JSON arrays."""
    assert encode_call("1", "Reset", {"type": "Soft"}) == b'[2,"1","Reset",{"type":"Soft"}]'
    assert encode_result(7, {}) == b"[3,7,{}]"
    assert (
        encode_error("1", ErrorCode.OCCURRENCE_CONSTRAINT, "a\nb")
        == b'[4,"1","OccurenceConstraintViolation","ab",{}]'
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(JSON)
def test_sound_json_is_never_changed_by_repair(value: Any) -> None:
    """The repairs find nothing to do in JSON."""
    told: set[Quirk] = set()
    text = json.dumps(value)
    mended = repair(text, lambda quirk, _: told.add(quirk))
    assert told <= {Quirk.LONE_SURROGATE}
    assert told or mended == text


@settings(max_examples=1000)
@given(st.data())
def test_s30_mutated_frames(data: st.DataObject) -> None:
    """Whatever happens to a frame, parsing returns a message."""
    frame = bytearray(
        json.dumps([2, "id-1", "MeterValues", data.draw(JSON)], ensure_ascii=False).encode(
            errors="replace"
        )
    )
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(frame) - 1))
        piece = data.draw(
            st.sampled_from([b"", b",", b"\x00", b"\xff", b"[", b"}", b'"', b"\\", b":"])
        )
        frame[position : position + data.draw(st.integers(0, 3))] = piece
        if not frame:
            break
    message, _ = read(bytes(frame))
    assert isinstance(message, (Call, CallResult, CallError, Malformed, Ignored))


async def test_s30_a_short_campaign() -> None:
    """A thousand mutated frames go the whole way without an unhandled exception."""
    faults, events = await campaign(seed=30, count=1000)
    assert faults == []
    assert events.total() > 50
