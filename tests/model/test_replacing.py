"""`replaced` against its slower twin of the standard library."""

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.model.replacing import replaced


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """Has a field of its own."""

    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Child(Parent):
    """Has another one, and one with a default."""

    second: str
    third: tuple[int, ...] = ()


CHANGES = st.fixed_dictionaries(
    {}, optional={"first": st.integers(), "second": st.text(), "third": st.just((1, 2))}
)


@given(CHANGES)
def test_it_does_what_replace_does(changes: dict[str, Any]) -> None:
    value = Child(first=1, second="two")
    assert replaced(value, **changes) == replace(value, **changes)
    assert value == Child(first=1, second="two")


def test_there_is_no_such_field() -> None:
    with pytest.raises(KeyError):
        replaced(Child(first=1, second="two"), fourth=4)
