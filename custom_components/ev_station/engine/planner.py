"""When the site is planned: soon after anything that bears on a plan, and when a quarter hour begins or a car leaves."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
import logging
import time
from typing import Final

from ..access.vehicles import is_guest
from ..model.energy import ChargeMode, EnergyReading
from ..model.errors import EvStationError
from ..model.events import SitePlanned
from ..model.forecast import Forecast
from ..model.plan import EvsePlan
from ..model.state import (
    Changes,
    Charger,
    Circuit,
    Evse,
    Grid,
    Key,
    Site,
    SiteState,
    TariffState,
    Vehicle,
)
from ..planning.extra import thought
from ..planning.plan import Plan
from ..planning.problem import STEP
from ..planning.solver import Effort
from ..station import Horizon, horizon, planned

_LOGGER = logging.getLogger(__name__)
_BEARS_ON_IT: Final = frozenset({Vehicle, TariffState, Forecast})
_EFFORT: Final = Effort()
_GLANCE: Final = Effort(time_limit_s=3.0)
"""Somebody waits for the answer."""
_FEW: Final = 8
"""Up to so many cars a glance is long enough; previews of more are held against each other as greedy plans."""


class Planner:
    """Plans the whole site, one plan at a time; what changes meanwhile is one further plan."""

    def __init__(
        self,
        state: SiteState,
        submit: Callable[[SitePlanned], Awaitable[object]],
        clock: Callable[[], datetime],
        energy: Callable[[], EnergyReading | None] = lambda: None,
        *,
        after_s: float,
        again_s: float,
    ) -> None:
        """Prepare; nothing is planned before `run`.

        What changes within `after_s` is planned for together; a plan that could not be stored is made again after
        `again_s`.
        """
        self._state = state
        self._submit = submit
        self._clock = clock
        self._energy = energy
        self._after_s = after_s
        self._again_s = again_s
        self._asked = asyncio.Event()
        self._last: Plan | None = None
        self._took_s = 0.0
        self._seen: dict[Key, object] = {}
        self._failed = False

    @property
    def last(self) -> Plan | None:
        """Return the plan made last; None: there was nothing to plan."""
        return self._last

    @property
    def took_s(self) -> float:
        """Return how long the last plan was thought about."""
        return self._took_s

    def changed(self, changes: Changes) -> None:
        """Plan again if what was committed bears on a plan; measured values alone do not."""
        for key, new in changes.items():
            bears = bears_on_plan(new, key)
            if bears != self._seen.get(key):
                self._seen[key] = bears
                self._asked.set()

    async def preview(self, evse: Evse, vehicle: Vehicle) -> EvsePlan | None:
        """Return what would be planned for an EVSE in the mode Smart, were its car like this; nothing is changed.

        None: nothing can be planned, as no price is known.
        """
        smart = replace(evse, mode=ChargeMode.SMART)
        if is_guest(vehicle):
            supposed = self._state.overlaid({(Evse, evse.id): replace(smart, guest=vehicle)})
        else:
            wished: Changes = {(Evse, evse.id): smart, (Vehicle, vehicle.key): vehicle}
            supposed = self._state.overlaid(wished)
        now = self._clock()
        found = horizon(supposed, now, self._energy())
        effort = _GLANCE if len(found.wanting) <= _FEW else None
        _, event = await asyncio.to_thread(_solve, found, None, now, effort)
        return next((each for each in event.plans if each.id == evse.id), None)

    async def run(self) -> None:
        """Plan for ever."""
        rest_s = 0.0
        while True:
            try:
                async with asyncio.timeout(rest_s):
                    await self._asked.wait()
            except TimeoutError:
                pass
            await asyncio.sleep(self._after_s)
            self._asked.clear()
            stored = await self._plan()
            rest_s = self._until_next() if stored else self._again_s

    def _until_next(self) -> float:
        """Return how long no plan is due: until a quarter hour begins, or a car should leave and may be late."""
        now = self._clock()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        departures = (plan.departure for plan in self._state.all(EvsePlan))
        ahead = (moment for moment in departures if moment > now)
        return (min((now + STEP - (now - midnight) % STEP, *ahead)) - now).total_seconds()

    async def _plan(self) -> bool:
        """Plan once and return whether that is settled; whatever goes wrong, the next plan must follow."""
        now, before = self._clock(), self._last
        try:
            found = horizon(self._state, now, self._energy())
            began = time.perf_counter()
            self._last, event = await asyncio.to_thread(_solve, found, before, now)
            self._took_s = time.perf_counter() - began
            await self._submit(event)
        except EvStationError:
            self._last = before
            _LOGGER.debug("A plan could not be stored; it is made again")
            return False
        except Exception:
            if not self._failed:
                _LOGGER.exception("The site could not be planned")
            self._failed = True
        return True


def _solve(
    found: Horizon, previous: Plan | None, now: datetime, effort: Effort | None = _EFFORT
) -> tuple[Plan | None, SitePlanned]:
    made = None if found.problem is None else thought(found.problem, previous, effort)
    return made, planned(found, made, now)


def bears_on_plan(new: object, key: Key) -> object:
    """Return what of an aggregate bears on a plan."""
    match new:
        case Evse():
            return new.session, new.mode, new.vehicle, new.guest, new.limit_a, new.enabled
        case Charger():
            return new.settings, new.connection
        case Circuit():
            return new.settings, new.limit_a, new.power_limit_w
        case Grid():
            return new.month, new.peak_w
        case Site():
            return new.settings
        case _ if key[0] in _BEARS_ON_IT:
            return new
        case _:
            return None
