"""When the site is looked at: soon after anything that bears on it, and every few seconds anyway."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
import logging
from typing import Final

from ..balancing.loads import Memory
from ..model.allowance import Allowance
from ..model.circuit import MeterReading
from ..model.energy import ChargeMode, EnergyReading
from ..model.errors import EvStationError
from ..model.events import SiteObserved
from ..model.grid import NOTHING_HEARD, GridReading
from ..model.ids import CircuitId
from ..model.session import Session
from ..model.state import SITE, Changes, Charger, Circuit, Evse, Site, SiteState
from ..station import Heard, Seen, observe, see
from .subscribers import Subscribers
from .types import Unsubscribe

_LOGGER = logging.getLogger(__name__)
_BEARS_ON_IT: Final = frozenset({Charger, Evse, Session, Circuit})


class Control:
    """Looks at the whole site, one look at a time; what is asked for meanwhile is one further look."""

    def __init__(
        self,
        state: SiteState,
        submit: Callable[[SiteObserved], Awaitable[object]],
        clock: Callable[[], datetime],
        *,
        every_s: float,
        apart_s: float,
    ) -> None:
        """`every_s` is the longest time between two looks, `apart_s` the shortest."""
        self._state = state
        self._submit = submit
        self._clock = clock
        self._every_s = every_s
        self._apart_s = apart_s
        self._readings: dict[CircuitId, MeterReading] = {}
        self._energy: EnergyReading | None = None
        self._grid = NOTHING_HEARD
        self._memory = Memory()
        self._listeners = Subscribers[Seen]()
        self.seen = Seen()
        self._asked = asyncio.Event()
        self._began = clock()
        self._failed = False

    def read(self, reading: MeterReading) -> None:
        """Take what a circuit's meters say now."""
        self._readings[reading.circuit] = reading
        self._asked.set()

    def read_energy(self, reading: EnergyReading) -> None:
        """Take where the site's power comes from now."""
        self._energy = reading
        self._asked.set()

    @property
    def energy(self) -> EnergyReading | None:
        """Return where the site's power came from when somebody said so last."""
        return self._energy

    def read_grid(self, reading: GridReading) -> None:
        """Take what the grid's operator says now."""
        self._grid = reading
        self._asked.set()

    def listen(self, callback: Callable[[Seen], None]) -> Unsubscribe:
        """Hear of every look, after what it decided."""
        return self._listeners.add(callback)

    def changed(self, changes: Changes) -> None:
        """Look again if what was committed bears on who may draw how much."""
        if any(kind in _BEARS_ON_IT for kind, _ in changes):
            self._asked.set()

    async def run(self) -> None:
        """Look for ever."""
        self._began = self._clock()
        while True:
            try:
                async with asyncio.timeout(self._every_s):
                    await self._asked.wait()
            except TimeoutError:
                pass
            self._asked.clear()
            await self._look()
            await asyncio.sleep(self._apart_s)

    async def _look(self) -> None:
        """Look once; whatever goes wrong, the next look must follow."""
        try:
            heard = Heard(self._readings, self._energy, self._began, self._grid)
            now = self._clock()
            found = observe(self._state, self._memory, heard, now)
            self._memory = found.memory
            if self._has_work():
                await self._submit(found.event)
            self.seen = see(self._state, found, self._energy, self.seen, now)
            self._listeners.tell(self.seen)
        except EvStationError:
            _LOGGER.debug("A look at the site came to nothing; the next one follows")
        except Exception:
            if not self._failed:
                _LOGGER.exception("The site could not be looked at")
            self._failed = True

    def _has_work(self) -> bool:
        """Return whether any limit is ours to decide, or to take back, or a home battery to be held."""
        site = self._state.get(Site, SITE)
        grid = None if site is None else site.settings.grid
        if site is not None and site.settings.battery:
            return True
        if grid is not None and (grid.limits or grid.counts_peak):
            return True
        if any(True for kind in (Circuit, Allowance) for _ in self._state.all(kind)):
            return True
        return any(evse.mode is not ChargeMode.FAST for evse in self._state.all(Evse))
