"""Every fact, state and record as JSON bytes, and back.

Wire forms: Decimal, date, time and enum as text, datetime as RFC 3339 UTC, timedelta as whole microseconds,
named and plain tuples as lists, frozensets as sorted lists, dataclasses as objects. Reading is driven by the
type hints: unknown fields are ignored and missing ones take their defaults, so that old journals stay readable.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, Final, TypeAliasType, Union, get_args, get_origin, get_type_hints

import orjson

from .answers import Answer
from .errors import UnreadableRecord
from .events import Event
from .state import AGGREGATES, Aggregate

STATE_SCHEMA: Final = 1
"""Grows when an aggregate changes in a way its defaults cannot bridge; a step in `_STATE_STEPS` then reads the old."""

type _Decode = Callable[[Any], Any]
type _Tables = dict[str, list[dict[str, Any]]]

_STATE_STEPS: Final[Mapping[int, Callable[[_Tables], _Tables]]] = {}
"""From the schema that is the key to the next one; works on the parsed JSON."""

_TICK: Final = timedelta(microseconds=1)


def encode(value: object) -> bytes:
    """Return the JSON of a dataclass (or a structure of them), fields in their declared order."""
    return orjson.dumps(value, _plain, orjson.OPT_UTC_Z)


def canonical(value: object) -> bytes:
    """Return the one JSON form that hashes cover: keys sorted, no white space, UTF-8."""
    return orjson.dumps(orjson.loads(encode(value)), option=orjson.OPT_SORT_KEYS)


def decode[T](kind: type[T], body: bytes, **apart: str) -> T:
    """Return the `kind` that `encode` or `canonical` wrote; raises UnreadableRecord.

    `apart` are fields that are kept outside the body.
    """
    try:
        raw = orjson.loads(body)
        value: T = _read(kind, raw | apart if apart else raw)
    except _UNREADABLE as error:
        raise UnreadableRecord(kind.__name__, repr(error)) from error
    return value


def decode_event(kind: str, body: bytes) -> Event:
    """Return the event of class name `kind`; raises UnreadableRecord."""
    return decode(_known(EVENTS, kind), body)


def encode_answer(answer: Answer) -> bytes:
    """Return `{class name: fields}`."""
    return encode({type(answer).__name__: answer})


def decode_answer(body: bytes) -> Answer:
    """Return what `encode_answer` wrote; raises UnreadableRecord."""
    try:
        ((kind, raw),) = orjson.loads(body).items()
        answer: Answer = _read(_known(ANSWERS, kind), raw)
    except _UNREADABLE as error:
        raise UnreadableRecord("Answer", repr(error)) from error
    return answer


def encode_state(aggregates: Iterable[Aggregate]) -> bytes:
    """Return a checkpoint's body at `STATE_SCHEMA`: `{class name: [values]}`."""
    tables: dict[str, list[Aggregate]] = {kind.__name__: [] for kind in AGGREGATES}
    for aggregate in aggregates:
        tables[type(aggregate).__name__].append(aggregate)
    return encode(tables)


def decode_state(schema: int, body: bytes) -> list[Aggregate]:
    """Return a checkpoint's aggregates, migrated from its schema; raises UnreadableRecord."""
    if schema > STATE_SCHEMA:
        raise UnreadableRecord("Checkpoint", f"schema {schema} is newer than {STATE_SCHEMA}")
    try:
        tables: _Tables = orjson.loads(body)
        for step in range(schema, STATE_SCHEMA):
            tables = _STATE_STEPS[step](tables)
        return [_read(kind, raw) for kind in AGGREGATES for raw in tables.get(kind.__name__, ())]
    except _UNREADABLE as error:
        raise UnreadableRecord("Checkpoint", repr(error)) from error


def _plain(value: object) -> object:
    """Return what orjson can write of a type it does not know."""
    if isinstance(value, tuple):
        # orjson writes exact tuples only, not their named subclasses.
        return tuple(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, timedelta):
        return value // _TICK
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(type(value).__name__)


def _read(hint: Any, raw: Any) -> Any:
    return _decoder(hint)(raw)


@cache
def _decoder(hint: Any) -> _Decode:
    """Return the function that makes a value of the hinted type from parsed JSON."""
    if isinstance(hint, TypeAliasType):
        return _decoder(hint.__value__)
    origin = get_origin(hint)
    if origin is None:
        return _class_decoder(hint)
    arguments = get_args(hint)
    if origin is Union:
        return _optional_decoder(arguments)
    if origin is frozenset or arguments[-1] is Ellipsis:
        element = _decoder(arguments[0])
        return lambda raw: origin(map(element, raw))
    return _fixed_tuple_decoder([_decoder(argument) for argument in arguments])


def _class_decoder(kind: type) -> _Decode:
    if kind in _SCALARS:
        return _SCALARS[kind]
    if is_dataclass(kind):
        return _dataclass_decoder(kind)
    if issubclass(kind, tuple):
        return _named_tuple_decoder(kind)
    return kind


def _optional_decoder(arguments: tuple[Any, ...]) -> _Decode:
    (present,) = (argument for argument in arguments if argument is not NoneType)
    decoder = _decoder(present)
    return lambda raw: None if raw is None else decoder(raw)


def _fixed_tuple_decoder(decoders: list[_Decode]) -> _Decode:
    return lambda raw: tuple(decoder(value) for decoder, value in zip(decoders, raw, strict=True))


def _named_tuple_decoder(kind: type) -> _Decode:
    decoders = [_decoder(hint) for hint in get_type_hints(kind).values()]
    # Like a dataclass: what is missing at the end takes its default, what is too much is ignored.
    return lambda raw: kind(
        *(decoder(value) for decoder, value in zip(decoders, raw, strict=False))
    )


def _dataclass_decoder(kind: type) -> _Decode:
    hints = get_type_hints(kind)
    decoders = [(field.name, _decoder(hints[field.name])) for field in fields(kind)]

    def decode_fields(raw: dict[str, Any]) -> Any:
        return kind(**{name: decoder(raw[name]) for name, decoder in decoders if name in raw})

    return decode_fields


def _unchanged(raw: Any) -> Any:
    return raw


def _datetime(raw: str) -> datetime:
    return datetime.fromisoformat(raw).astimezone(UTC)


def _time(raw: str) -> time:
    # orjson 3.11 writes 5 digits for 12_345 µs, without the leading zero: the digits are the number.
    clock, _, microseconds = raw.partition(".")
    return time.fromisoformat(clock).replace(microsecond=int(microseconds or 0))


def _classes(alias: TypeAliasType) -> dict[str, type]:
    """Return the classes of a union by name, aliases within it resolved."""
    named: dict[str, type] = {}
    for member in get_args(alias.__value__):
        if isinstance(member, TypeAliasType):
            named |= _classes(member)
        else:
            named[member.__name__] = member
    return named


def _known(classes: Mapping[str, type], kind: str) -> type:
    if kind not in classes:
        raise UnreadableRecord(kind, "no such class")
    return classes[kind]


_SCALARS: Final[Mapping[type, _Decode]] = {
    str: _unchanged,
    int: _unchanged,
    bool: _unchanged,
    datetime: _datetime,
    date: date.fromisoformat,
    time: _time,
    timedelta: lambda raw: raw * _TICK,
}
_UNREADABLE: Final = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError)
EVENTS: Final = _classes(Event)
ANSWERS: Final = _classes(Answer)
