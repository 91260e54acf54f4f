"""Hypothesis strategies made from type hints, for every class of the vocabulary."""

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, TypeAliasType, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

_SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=20),
    int: st.integers(-(2**53), 2**53),
    bool: st.booleans(),
    # All exponents and signs, as meters send them.
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    datetime: st.datetimes(timezones=st.just(UTC)),
    date: st.dates(),
    time: st.times(),
    timedelta: st.timedeltas(timedelta(days=-40000), timedelta(days=40000)),
}


@cache
def values(hint: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for the values of a type hint."""
    if isinstance(hint, TypeAliasType):
        return values(hint.__value__)
    if hint in _SCALARS:
        return _SCALARS[hint]
    if get_origin(hint) is not None:
        return _generic(get_origin(hint), get_args(hint))
    return st.deferred(lambda: _class(hint))


def _generic(origin: Any, arguments: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if origin is Union:
        present = [values(argument) for argument in arguments if argument is not NoneType]
        return st.one_of(st.none(), *present)
    if origin is frozenset:
        return st.frozensets(values(arguments[0]), max_size=3)
    if arguments[-1] is Ellipsis:
        return st.lists(values(arguments[0]), max_size=3).map(tuple)
    return st.tuples(*(values(argument) for argument in arguments))


def _class(kind: type) -> st.SearchStrategy[Any]:
    if issubclass(kind, StrEnum):
        return st.sampled_from(list(kind))
    hints = get_type_hints(kind)
    if is_dataclass(kind):
        return st.builds(kind, **{field.name: values(hints[field.name]) for field in fields(kind)})
    return st.builds(kind, *(values(hint) for hint in hints.values()))
