"""Tables of aggregates: changes, what undoes them, and drafts laid over them."""

from hypothesis import given, strategies as st

from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.settings import SiteSettings
from custom_components.ev_station.model.state import (
    SITE,
    Aggregate,
    Changes,
    Charger,
    Draft,
    Evse,
    Key,
    Site,
    SiteState,
    Token,
)

ONE, TWO = Token(uid="ONE", driver="anna"), Token(uid="TWO", driver="anna")


def state(*aggregates: Aggregate) -> SiteState:
    """Return a state of these."""
    made = SiteState()
    made.apply({(type(each), each.key): each for each in aggregates})
    return made


def everything(found: SiteState) -> dict[Key, Aggregate]:
    """Return all aggregates by their keys."""
    return {(type(each), each.key): each for each in found.everything()}


def test_every_aggregate_is_found_by_its_key() -> None:
    settings = SiteSettings(name="Home", currency="EUR", time_zone="UTC", secret="s")
    found = state(ONE, TWO, Evse(id=EvseId("CP1", 1)), Site(settings=settings))
    assert found.get(Token, "ONE") == ONE
    assert found.get(Token, "THREE") is None
    assert found.get(Evse, "ONE") is None
    assert found.get(Site, SITE) is not None
    assert list(found.all(Token)) == [ONE, TWO]
    assert len(found.everything()) == 4


tokens = st.builds(Token, uid=st.sampled_from("ABC"), driver=st.sampled_from("xyz"))
changes = st.dictionaries(
    st.sampled_from([(Token, "A"), (Token, "B"), (Token, "C")]), st.none() | tokens, max_size=3
)


@given(st.lists(tokens, max_size=3), changes)
def test_what_apply_returns_undoes_it(before: list[Token], changed: Changes) -> None:
    found = state(*before)
    was = everything(found)
    undo = found.apply(changed)
    assert all(found.get(kind, key) == value for (kind, key), value in changed.items())
    found.apply(undo)
    assert everything(found) == was


@given(st.lists(tokens, max_size=3), st.lists(changes, max_size=4))
def test_undone_in_reverse_order_all_is_as_it_was(
    before: list[Token], groups: list[Changes]
) -> None:
    found = state(*before)
    was = everything(found)
    undos = [found.apply(group) for group in groups]
    for undo in reversed(undos):
        found.apply(undo)
    assert everything(found) == was


def test_a_draft_shows_its_changes_and_leaves_the_state() -> None:
    found = state(ONE)
    draft = Draft(found)
    changed = Token(uid="ONE", driver="ben")
    draft.put(changed)
    draft.put(TWO)
    assert (draft.get(Token, "ONE"), draft.get(Token, "TWO")) == (changed, TWO)
    assert draft.all(Token) == [changed, TWO]
    assert found.get(Token, "ONE") == ONE
    assert dict(draft.changes) == {(Token, "ONE"): changed, (Token, "TWO"): TWO}


def test_the_same_value_is_no_change() -> None:
    draft = Draft(state(ONE))
    draft.put(ONE)
    assert draft.changes == {}


def test_what_a_draft_removed_is_gone() -> None:
    draft = Draft(state(ONE, TWO))
    draft.remove(Token, "ONE")
    assert draft.get(Token, "ONE") is None
    assert draft.all(Token) == [TWO]
    assert draft.all(Charger) == []
    draft.put(ONE)
    assert draft.get(Token, "ONE") == ONE


@given(st.lists(tokens, max_size=3), changes)
def test_an_overlay_leaves_what_is_below(before: list[Token], changed: Changes) -> None:
    found, same = state(*before), state(*before)
    over = found.overlaid(changed)
    assert everything(found) == everything(same)
    same.apply(changed)
    assert everything(over) == everything(same)
