"""Every class of the vocabulary survives JSON, and old JSON survives new classes."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from hypothesis import given, settings, strategies as st
import orjson
import pytest

from custom_components.ev_station.model import codec
from custom_components.ev_station.model.answers import Acknowledged, StartAnswer
from custom_components.ev_station.model.errors import UnreadableRecord
from custom_components.ev_station.model.events import HeartbeatReceived, MeterSampled
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.measurement import (
    Context,
    Measurement,
    Phase,
    Quantity,
    Sample,
)
from custom_components.ev_station.model.records import Cdr, ChainHead, Person, Posting
from custom_components.ev_station.model.state import AGGREGATES, Token
from custom_components.ev_station.model.status import AuthorizationStatus, Flag

from .strategies import values

AT = datetime(2026, 11, 23, 21, 5, 6, 789, tzinfo=UTC)
SAMPLED = MeterSampled(
    evse=EvseId("CP1", 2),
    transaction=7,
    samples=(
        Sample(
            at=None,
            context=Context.PERIODIC,
            measurements=(Measurement(Quantity.POWER_IMPORT, Phase.L1, Decimal("7360.0")),),
        ),
    ),
    received_at=AT,
)


def examples(kind: type) -> st.SearchStrategy[Any]:
    """Return values of a class."""
    return values(kind)


@pytest.mark.parametrize("kind", codec.EVENTS.values(), ids=codec.EVENTS)
@settings(max_examples=25)
@given(data=st.data())
def test_every_event_comes_back(kind: type, data: st.DataObject) -> None:
    event = data.draw(examples(kind))
    assert codec.decode_event(kind.__name__, codec.encode(event)) == event


@pytest.mark.parametrize("kind", codec.ANSWERS.values(), ids=codec.ANSWERS)
@settings(max_examples=25)
@given(data=st.data())
def test_every_answer_comes_back(kind: type, data: st.DataObject) -> None:
    answer = data.draw(examples(kind))
    assert codec.decode_answer(codec.encode_answer(answer)) == answer


@pytest.mark.parametrize("kind", [Cdr, Posting, ChainHead, Person])
@settings(max_examples=25)
@given(data=st.data())
def test_every_record_comes_back_from_either_form(kind: type, data: st.DataObject) -> None:
    record = data.draw(examples(kind))
    assert codec.decode(kind, codec.encode(record)) == record
    assert codec.decode(kind, codec.canonical(record)) == record


@pytest.mark.parametrize("kind", AGGREGATES)
@settings(max_examples=25)
@given(data=st.data())
def test_every_aggregate_comes_back_in_a_checkpoint(kind: type, data: st.DataObject) -> None:
    aggregates = data.draw(st.lists(examples(kind), max_size=3))
    assert codec.decode_state(codec.STATE_SCHEMA, codec.encode_state(aggregates)) == aggregates


def test_events_and_answers_are_found_through_nested_aliases() -> None:
    assert codec.EVENTS["MeterSampled"] is MeterSampled
    assert codec.ANSWERS["StartAnswer"] is StartAnswer
    assert {"TimePassed", "PricesRead", "SiteConfigured", "StopRequested"} <= codec.EVENTS.keys()


def test_wire_form_of_an_event() -> None:
    assert codec.encode(SAMPLED) == (
        b'{"evse":["CP1",2],"transaction":7,"samples":[[null,"periodic",'
        b'[["power_import","L1","7360.0"]]]],"received_at":"2026-11-23T21:05:06.000789Z"}'
    )


def test_wire_form_of_an_answer() -> None:
    answer = StartAnswer(transaction=5, status=AuthorizationStatus.ACCEPTED)
    assert codec.encode_answer(answer) == (
        b'{"StartAnswer":{"transaction":5,"status":"accepted","expires_at":null,"parent":null}}'
    )
    assert codec.encode_answer(Acknowledged()) == b'{"Acknowledged":{}}'


def test_wire_form_of_a_checkpoint() -> None:
    tables = orjson.loads(codec.encode_state([Token(uid="AB", driver="d1")]))
    assert tables.keys() == {kind.__name__ for kind in AGGREGATES}
    assert tables["Token"] == [{"uid": "AB", "driver": "d1", "blocked": False, "expires_at": None}]
    assert tables["Session"] == []


class _Shade(StrEnum):
    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Old:
    name: str
    shades: frozenset[_Shade]
    lag: timedelta


class _Pair(NamedTuple):
    left: int
    right: int = 9


_ZERO = _Pair(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _New:
    name: str
    pair: _Pair = _ZERO
    since: date = date(2026, 1, 1)


def test_sets_are_sorted_and_durations_are_whole_microseconds() -> None:
    old = _Old(name="a", shades=frozenset({_Shade.LIGHT, _Shade.DARK}), lag=-timedelta(seconds=1.5))
    assert codec.encode(old) == b'{"name":"a","shades":["dark","light"],"lag":-1500000}'
    assert codec.decode(_Old, codec.encode(old)) == old


def test_unknown_fields_are_ignored_and_missing_ones_take_defaults() -> None:
    assert codec.decode(_New, b'{"name":"a","colour":[1]}') == _New(name="a")
    assert codec.decode(_New, b'{"name":"a","pair":[1]}').pair == _Pair(1)
    assert codec.decode(_New, b'{"name":"a","pair":[1,2,3]}').pair == _Pair(1, 2)


def test_times_of_other_zones_come_back_as_utc() -> None:
    local = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    heartbeat = HeartbeatReceived(charger="CP1", received_at=local)
    read = codec.decode_event("HeartbeatReceived", codec.encode(heartbeat))
    assert read == replace(heartbeat, received_at=AT)
    assert codec.encode(read).endswith(b'"2026-11-23T21:05:06.000789Z"}')


def test_canonical_form_sorts_keys_at_every_depth() -> None:
    assert codec.canonical({"b": {"z": 1, "a": "é"}, "a": Decimal("1.50")}) == (
        '{"a":"1.50","b":{"a":"é","z":1}}'.encode()
    )


def test_what_the_vocabulary_does_not_use_is_refused() -> None:
    with pytest.raises(TypeError):
        codec.encode({"codes": 1j})


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"{}",
        b'{"charger":"CP1","received_at":"yesterday"}',
        b'{"charger":"CP1","received_at":5}',
    ],
)
def test_an_unreadable_event_says_what_it_should_have_been(body: bytes) -> None:
    with pytest.raises(UnreadableRecord) as caught:
        codec.decode_event("HeartbeatReceived", body)
    assert caught.value.kind == "HeartbeatReceived"
    assert caught.value.problem


@pytest.mark.parametrize(
    "samples",
    [
        b'[[null,"periodic",[["power_import",null,"7kW"]]]]',
        b'[[null,"sometimes",[]]]',
        b"[5]",
    ],
)
def test_an_odd_value_deep_inside_is_unreadable(samples: bytes) -> None:
    body = codec.encode(SAMPLED)
    head, _, _ = body.partition(b'"samples":')
    with pytest.raises(UnreadableRecord):
        codec.decode(MeterSampled, head + b'"samples":' + samples + b',"received_at":"2026-01-01"}')


def test_a_class_nobody_knows_is_unreadable() -> None:
    with pytest.raises(UnreadableRecord, match="MoonPhaseRead"):
        codec.decode_event("MoonPhaseRead", b"{}")


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"Maybe":{}}', b'{"StartAnswer":{}}', b"x"])
def test_an_unreadable_answer(body: bytes) -> None:
    with pytest.raises(UnreadableRecord):
        codec.decode_answer(body)


def test_a_checkpoint_from_the_future_is_unreadable() -> None:
    with pytest.raises(UnreadableRecord, match="newer"):
        codec.decode_state(codec.STATE_SCHEMA + 1, b"{}")


@pytest.mark.parametrize("body", [b"[]", b'{"Token":[{"uid":"AB"}]}', b"{"])
def test_an_unreadable_checkpoint(body: bytes) -> None:
    with pytest.raises(UnreadableRecord, match="Checkpoint"):
        codec.decode_state(codec.STATE_SCHEMA, body)


def test_a_checkpoint_of_an_older_schema_is_migrated_step_by_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def tokens_had_owners(tables: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
        tokens = [{**token, "driver": token["owner"]} for token in tables["Token"]]
        return {**tables, "Token": tokens}

    def tags_were_tokens(tables: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
        return {"Token": tables["Tag"]}

    newest = codec.STATE_SCHEMA + 2
    monkeypatch.setattr(codec, "STATE_SCHEMA", newest)
    monkeypatch.setattr(
        codec, "_STATE_STEPS", {newest - 2: tags_were_tokens, newest - 1: tokens_had_owners}
    )
    aggregates = codec.decode_state(newest - 2, b'{"Tag":[{"uid":"AB","owner":"d1"}]}')
    assert aggregates == [Token(uid="AB", driver="d1")]


def test_flags_of_a_record_keep_their_order() -> None:
    assert codec.encode((Flag.LATE, Flag.ESTIMATED)) == b'["late","estimated"]'
