"""Switching phases through an entity of another integration: a contactor, or the charger's own setting."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, override

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback, split_entity_id

from . import const as c
from .configuration import subentries
from .engine import Engine, Publication
from .entity_follower import EntityFollower, async_hear
from .levers import SWITCHES, Lever, async_turn, position_of, stands_at
from .model.allowance import Allowance
from .model.errors import EvStationError
from .model.ids import EvseId
from .model.phases import PhaseStep, PhaseSwitching, Phasing
from .model.state import Charger, Evse

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry


def lever_of(evse: Mapping[str, Any]) -> Lever | None:
    """Return the entity that switches a socket's phases, held where there is one phase; None: there is none."""
    entity = evse.get(c.CONF_PHASE_ENTITY)
    if not entity or evse.get(c.CONF_PHASE_SWITCHING) != PhaseSwitching.ENTITY:
        return None
    domain, _ = split_entity_id(entity)
    one, all_ = (STATE_OFF, STATE_ON) if domain in SWITCHES else ("1", "3")
    return Lever(
        entity, evse.get(c.CONF_ONE_PHASE_VALUE) or one, evse.get(c.CONF_ALL_PHASES_VALUE) or all_
    )


class PhaseLevers(EntityFollower[EvseId, Lever]):
    """Turns the entities that chargers name when the reducer wants it, and tells where they stand."""

    def __init__(self, hass: HomeAssistant, entry: EvStationConfigEntry, engine: Engine) -> None:
        """Prepare; nothing is turned or read before `async_follow`."""
        super().__init__(hass, entry, engine)
        self._turned: dict[EvseId, datetime | None] = {}

    @callback
    @override
    def async_follow(self) -> None:
        """Follow the entities the chargers name now, and read them all: what they stand for is a setting too."""
        before = self._followed
        super().async_follow()
        for evse in {**self._followed, **before}:
            self._read(evse)
            self._turn(evse)

    @override
    def _named(self) -> Mapping[EvseId, Lever]:
        return {
            EvseId(charger.data[c.CONF_CHARGER_ID], int(number)): lever
            for charger in subentries(self._entry, c.SUBENTRY_CHARGER)
            for number, evse in charger.data[c.CONF_EVSES].items()
            if (lever := lever_of(evse))
        }

    @override
    def _begin(self) -> list[CALLBACK_TYPE]:
        entities = {lever.entity for lever in self._followed.values()}
        return [
            self._engine.listen(self._published),
            *async_hear(self._hass, entities, self._heard),
        ]

    @callback
    def _heard(self, entity: str) -> None:
        for evse, lever in self._followed.items():
            if lever.entity == entity:
                self._read(evse)

    def _published(self, publication: Publication) -> None:
        for kind, key in publication.changes:
            if kind is Allowance and isinstance(key, EvseId):
                self._turn(key)

    def _read(self, evse: EvseId) -> None:
        """Tell the engine on how many phases an entity stands, if that is news."""
        known, phases = self._engine.state.get(Evse, evse), self._stands_for(evse)
        if known is not None and known.phases_told != phases:
            self._entry.async_create_task(
                self._hass, self._async_note(evse, phases), "ev_station phases read"
            )

    def _stands_for(self, evse: EvseId) -> int | None:
        lever, charger = self._followed.get(evse), self._engine.state.get(Charger, evse.charger)
        if lever is None or charger is None:
            return None
        position = position_of(self._hass, lever.entity)
        if stands_at(position, lever.held):
            return 1
        return charger.settings.evse(evse.evse).phases if stands_at(position, lever.free) else None

    async def _async_note(self, evse: EvseId, phases: int | None) -> None:
        try:
            await self._engine.read_phases(evse, phases)
        except EvStationError:
            c.LOGGER.debug("What switches the phases of %s could not be noted", evse)

    @callback
    def _turn(self, evse: EvseId) -> None:
        """Turn an entity, once for each time it is wanted."""
        phasing, lever = self._wanted(evse), self._followed.get(evse)
        if phasing is None or lever is None:
            self._turned.pop(evse, None)
        elif self._turned.get(evse) != phasing.step_at:
            self._turned[evse] = phasing.step_at
            position = lever.held if phasing.target == 1 else lever.free
            # What does not come about is seen by where the entity stands.
            turning = async_turn(self._hass, lever.entity, position)
            self._entry.async_create_task(self._hass, turning, "ev_station phases")

    def _wanted(self, evse: EvseId) -> Phasing | None:
        """Return the switch an EVSE waits for; None: it waits for none."""
        allowance = self._engine.state.get(Allowance, evse)
        phasing = None if allowance is None else allowance.phasing
        if phasing is None or phasing.by is not PhaseSwitching.ENTITY:
            return None
        return phasing if phasing.step is PhaseStep.SWITCHING else None
