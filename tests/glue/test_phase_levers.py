"""The entity that switches a charger's phases is read, and turned when the reducer waits for it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest

from custom_components.ev_station.engine import Engine, Publication
from custom_components.ev_station.levers import Lever
from custom_components.ev_station.model.allowance import Allowance
from custom_components.ev_station.model.errors import StorageUnavailable
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.phases import PhaseStep, PhaseSwitching, Phasing
from custom_components.ev_station.model.state import Aggregate, Evse, Key
from custom_components.ev_station.phase_levers import lever_of

from .entries import (
    ANNA,
    POWER,
    WALLBOX,
    SiteEntry,
    async_load,
    charger,
    driver,
    evse,
    fixed,
    site_entry,
)
from .flows import Subentries

FIRST, SECOND = EvseId("CP1", 1), EvseId("CP1", 2)
CONTACTOR, CHOICE = "input_boolean.contactor", "input_select.phases"
PLAIN = {"phase_switching": "entity", "phase_entity": CONTACTOR}
CHOSEN = {
    "phase_switching": "entity",
    "phase_entity": CHOICE,
    "one_phase_value": "single",
    "all_phases_value": "all",
}


class Board:
    """Entities that are turned by actions."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Offer the actions."""
        self.hass = hass
        self.calls: list[tuple[str, str]] = []
        self.error: Exception | None = None
        positions: dict[tuple[str, str], Callable[[Any], str]] = {
            ("input_boolean", "turn_on"): lambda _data: "on",
            ("input_boolean", "turn_off"): lambda _data: "off",
            ("input_select", "select_option"): lambda data: data["option"],
        }
        for (domain, action), position in positions.items():
            hass.services.async_register(domain, action, self._turner(position))

    def _turner(self, position: Callable[[Any], str]) -> Callable[[ServiceCall], Any]:
        async def turn(call: ServiceCall) -> None:
            self.calls.append((call.data["entity_id"], position(call.data)))
            if self.error is not None:
                raise self.error
            self.hass.states.async_set(call.data["entity_id"], position(call.data))

        return turn


@pytest.fixture
def board(hass: HomeAssistant) -> Board:
    hass.states.async_set(CONTACTOR, "on")
    hass.states.async_set(CHOICE, "all", {"options": ["single", "all", "auto"]})
    return Board(hass)


async def load(hass: HomeAssistant, port: int) -> SiteEntry:
    sockets = {"1": evse(**PLAIN), "2": evse(phases=2, **CHOSEN)}
    subentries = [
        fixed(POWER, "Electricity", "0.30"),
        driver(ANNA, "Anna"),
        charger(WALLBOX, "Wallbox", "CP1", evses=sockets),
    ]
    entry = site_entry(port, subentries=subentries)
    await async_load(hass, entry)
    return entry


def told(entry: SiteEntry, key: EvseId) -> int | None:
    """Return on how many phases the reducer believes an EVSE to be."""
    engine: Engine = entry.runtime_data.engine
    found = engine.state.get(Evse, key)
    assert found is not None
    return found.phases_told


async def want(
    hass: HomeAssistant, entry: SiteEntry, phasing: Phasing | None, key: EvseId = FIRST
) -> None:
    """Let the reducer wait for a switch, or for none."""
    engine: Engine = entry.runtime_data.engine
    allowance = Allowance(id=key, since=dt_util.utcnow(), phasing=phasing)
    changes: dict[Key, Aggregate | None] = {(Allowance, key): allowance}
    engine.state.apply(changes)
    engine._publications.tell(Publication(changes=changes, notices=()))
    await hass.async_block_till_done()


def switching(target: int) -> Phasing:
    """Return a phasing that waits for the entity."""
    return Phasing(
        by=PhaseSwitching.ENTITY,
        target=target,
        step=PhaseStep.SWITCHING,
        step_at=dt_util.utcnow(),
    )


async def test_what_entities_say_is_told(hass: HomeAssistant, port: int, board: Board) -> None:
    entry = await load(hass, port)
    assert (told(entry, FIRST), told(entry, SECOND)) == (3, 2)
    hass.states.async_set(CONTACTOR, "off")
    hass.states.async_set(CHOICE, "single")
    await hass.async_block_till_done()
    assert (told(entry, FIRST), told(entry, SECOND)) == (1, 1)
    hass.states.async_set(CONTACTOR, "unavailable")
    hass.states.async_set(CHOICE, "auto")
    await hass.async_block_till_done()
    assert (told(entry, FIRST), told(entry, SECOND)) == (None, None)
    assert board.calls == []


async def test_an_entity_is_turned_once_for_each_switch(
    hass: HomeAssistant, port: int, board: Board
) -> None:
    entry = await load(hass, port)
    await want(hass, entry, Phasing(by=PhaseSwitching.ENTITY, target=1))
    await want(hass, entry, replace(switching(1), by=PhaseSwitching.PROFILE))
    assert board.calls == []
    down = switching(1)
    for _ in range(3):
        await want(hass, entry, down)
    assert board.calls == [(CONTACTOR, "off")]
    assert told(entry, FIRST) == 1
    await want(hass, entry, replace(down, step=PhaseStep.RESTING))
    await want(hass, entry, switching(3))
    await want(hass, entry, switching(1), SECOND)
    assert board.calls[1:] == [(CONTACTOR, "on"), (CHOICE, "single")]
    await want(hass, entry, None)


async def test_an_entity_that_fails_is_seen_by_where_it_stands(
    hass: HomeAssistant, port: int, board: Board
) -> None:
    entry = await load(hass, port)
    board.error = HomeAssistantError("no")
    await want(hass, entry, switching(1))
    assert board.calls == [(CONTACTOR, "off")]
    assert told(entry, FIRST) == 3


async def test_another_entity_is_followed_and_none_says_nothing(
    hass: HomeAssistant, port: int, board: Board
) -> None:
    entry = await load(hass, port)
    subentries = Subentries(hass, entry)
    answers: dict[str, Any] = {"name": "Wallbox", "sockets": 1}
    socket = {"max_current_a": 32, "phases": 3}
    flow = await subentries.change(WALLBOX)
    await subentries.submit(flow, answers | {"evse": socket, "phase_switching": CHOSEN})
    assert told(entry, FIRST) == 3
    hass.states.async_set(CHOICE, "single")
    await hass.async_block_till_done()
    assert told(entry, FIRST) == 1
    by_profile = {"phase_switching": "profile", "phase_entity": CHOICE}
    flow = await subentries.change(WALLBOX)
    await subentries.submit(flow, answers | {"evse": socket, "phase_switching": by_profile})
    assert told(entry, FIRST) is None
    await want(hass, entry, switching(3))
    assert board.calls == []


async def test_what_could_not_be_noted_is_noted_when_it_speaks_again(
    hass: HomeAssistant, port: int, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = await load(hass, port)

    async def fail(_engine: Engine, _evse: EvseId, _phases: int | None) -> None:
        raise StorageUnavailable("full")

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "read_phases", fail)
        hass.states.async_set(CONTACTOR, "off")
        await hass.async_block_till_done()
    assert told(entry, FIRST) == 3
    hass.states.async_set(CONTACTOR, "off", {"again": True})
    await hass.async_block_till_done()
    assert told(entry, FIRST) == 1


async def test_nothing_is_turned_while_the_site_rests(
    hass: HomeAssistant, port: int, board: Board
) -> None:
    entry = await load(hass, port)
    engine: Engine = entry.runtime_data.engine
    await hass.config_entries.async_unload(entry.entry_id)
    changes: dict[Key, Aggregate | None] = {
        (Allowance, FIRST): Allowance(id=FIRST, since=dt_util.utcnow(), phasing=switching(1))
    }
    engine.state.apply(changes)
    engine._publications.tell(Publication(changes=changes, notices=()))
    await hass.async_block_till_done()
    assert board.calls == []


@pytest.mark.parametrize(
    ("stored", "lever"),
    [
        ({}, None),
        ({"phase_switching": "profile", "phase_entity": CONTACTOR}, None),
        ({"phase_switching": "entity", "phase_entity": None}, None),
        (PLAIN, Lever(CONTACTOR, "off", "on")),
        (PLAIN | {"phase_entity": "number.phases"}, Lever("number.phases", "1", "3")),
        (
            PLAIN | {"one_phase_value": "on", "all_phases_value": "off"},
            Lever(CONTACTOR, "on", "off"),
        ),
        (CHOSEN, Lever(CHOICE, "single", "all")),
    ],
)
def test_the_entitys_states(stored: dict[str, Any], lever: Lever | None) -> None:
    assert lever_of(stored) == lever
