"""Holding the home battery through an entity of its own integration, and letting it go whatever happens."""

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from homeassistant.core import CALLBACK_TYPE, Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later, async_track_state_change_event
from homeassistant.helpers.storage import Store

from . import const as c
from .engine import Engine, Publication
from .issues import Issues
from .levers import Lever, async_turn, position_of, stands_at
from .model.state import SITE, HomeBattery

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

_AGAIN_AFTER: Final = timedelta(minutes=1)
"""Integrations that poll show a new position late."""
_PATIENCE: Final = 3
_VERSION: Final = 1


class BatteryHold:
    """Turns the entity a site names, and remembers over restarts that it did.

    An entity that somebody else already holds is left to them: only what was turned here is turned back.
    """

    def __init__(
        self, hass: HomeAssistant, entry: EvStationConfigEntry, engine: Engine, issues: Issues
    ) -> None:
        """Prepare; nothing is turned before `async_start`."""
        self._hass = hass
        self._entry = entry
        self._engine = engine
        self._issues = issues
        self._store = _store(hass, entry.entry_id)
        self._turned: Lever | None = None
        self._asked: Lever | None = None
        self._tries = 0
        self._rests = False
        self._put_last: tuple[str, str] | None = None
        self._turning = asyncio.Lock()
        self._works = False
        self._unlisten: CALLBACK_TYPE = _nothing
        self._unfollow: CALLBACK_TYPE = _nothing
        self._wait_no_more: CALLBACK_TYPE = _nothing

    async def async_start(self) -> None:
        """Remember what an earlier run held, and follow what is wanted from now on."""
        if kept := await self._store.async_load():
            self._turned = Lever(**kept)
        self._works = True
        self._unlisten = self._engine.listen(self._published)
        self.async_follow()

    @callback
    def async_follow(self) -> None:
        """Follow the entity the options name now."""
        if not self._works:
            return
        self._unfollow()
        levers = (lever_of(self._entry), self._turned)
        self._unfollow = async_track_state_change_event(
            self._hass, {each.entity for each in levers if each}, self._heard
        )
        self._poke()

    async def async_release(self) -> None:
        """Let the battery go: nobody watches over it any more."""
        self._works = False
        async with self._turning:
            self._rests = False
            await self._let_go()
            for stop in (self._unlisten, self._unfollow, self._wait_no_more):
                stop()
            self._unlisten = self._unfollow = self._wait_no_more = _nothing
        self._issues.async_battery_obeys()

    def _published(self, publication: Publication) -> None:
        if (HomeBattery, SITE) in publication.changes:
            self._poke()

    @callback
    def _heard(self, _event: Event[EventStateChangedData]) -> None:
        self._poke()

    @callback
    def _rested(self, _now: datetime) -> None:
        self._rests = False
        self._tries += 1
        self._poke()

    @callback
    def _poke(self) -> None:
        self._entry.async_create_task(self._hass, self._settle(), "ev_station battery")

    async def _settle(self) -> None:
        """Bring the entity where it should be; what does not come about is tried again."""
        async with self._turning:
            if not self._works:
                return
            wanted = self._wanted()
            if wanted != self._asked:
                self._asked, self._tries = wanted, 0
            settled = self._turned == wanted or await self._let_go()
            if settled and wanted is not None:
                settled = await self._hold(wanted)
            if settled:
                self._tries = 0
                self._issues.async_battery_obeys()
            else:
                self._complain()

    def _wanted(self) -> Lever | None:
        battery = self._engine.state.get(HomeBattery, SITE)
        return lever_of(self._entry) if battery is not None and battery.held else None

    async def _hold(self, lever: Lever) -> bool:
        """Return whether the entity holds the battery, ours to let go or not."""
        position = position_of(self._hass, lever.entity)
        if stands_at(position, lever.held):
            return True
        if position is None:
            return False
        await self._remember(lever)
        return await self._put(lever.entity, lever.held)

    async def _let_go(self) -> bool:
        """Return whether nothing is held by us any more.

        A position somebody else chose meanwhile is left alone. An entity that does not appear for some time
        after a start is gone for good.
        """
        lever = self._turned
        if lever is None:
            return True
        position = position_of(self._hass, lever.entity)
        if position is None and (self._hass.states.get(lever.entity) or self._tries < _PATIENCE):
            return False
        ours = stands_at(position, lever.held) or stands_at(position, lever.free)
        if ours and not await self._put(lever.entity, lever.free):
            return False
        await self._remember(None)
        return True

    async def _put(self, entity: str, position: str) -> bool:
        """Turn the entity, to the same position once in a while; return whether it is seen to stand there."""
        if self._rests and self._put_last == (entity, position):
            return stands_at(position_of(self._hass, entity), position)
        self._put_last = entity, position
        self._rest()
        turned = await async_turn(self._hass, entity, position)
        return turned and stands_at(position_of(self._hass, entity), position)

    async def _remember(self, lever: Lever | None) -> None:
        """Keep what is held before it is, so that a crash leaves nothing held for ever."""
        if lever == self._turned:
            return
        self._turned = lever
        if lever is None:
            await self._store.async_remove()
        else:
            await self._store.async_save(lever._asdict())

    def _complain(self) -> None:
        """Tell of an entity that does not obey, and try again."""
        if self._tries >= _PATIENCE and (lever := self._turned or self._asked):
            self._issues.async_battery_disobeys(lever.entity)
        if not self._rests:
            self._rest()

    def _rest(self) -> None:
        """Turn nothing again for a while: neither in a quarrel with somebody else nor faster than it can show."""
        self._wait_no_more()
        self._rests = True
        self._wait_no_more = async_call_later(self._hass, _AGAIN_AFTER, self._rested)


def _nothing() -> None:
    """Stop nothing."""


def lever_of(entry: EvStationConfigEntry) -> Lever | None:
    """Return the entity that holds the battery; None: nobody can but an automation."""
    entity = entry.options.get(c.CONF_BATTERY_HOLD)
    if not entity:
        return None
    return Lever(
        entity, entry.options[c.CONF_BATTERY_HELD_VALUE], entry.options[c.CONF_BATTERY_FREE_VALUE]
    )


async def async_forget_hold(hass: HomeAssistant, entry: EvStationConfigEntry) -> None:
    """Remember no more that the battery of a removed site was held."""
    await _store(hass, entry.entry_id).async_remove()


def _store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, str]]:
    return Store(hass, _VERSION, f"{c.DOMAIN}.{entry_id}.battery")
