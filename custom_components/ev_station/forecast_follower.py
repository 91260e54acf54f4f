"""The frame of whatever follows what a forecast is made of: read behind everybody's back, told when it is news."""

from abc import ABC, abstractmethod
from datetime import datetime

from homeassistant.core import HomeAssistant, callback

from .entity_follower import OptionsFollower
from .model.events import ForecastRead
from .model.forecast import Forecast, ForecastKind, Series


class ForecastFollower(OptionsFollower, ABC):
    """Follows what a site's options name; nobody waits for a reading."""

    @callback
    def _read(self, _now: datetime | HomeAssistant | None = None) -> None:
        name = f"ev_station {type(self).__name__}"
        self._entry.async_create_background_task(self._hass, self._async_read(), name)

    @abstractmethod
    async def _async_read(self) -> None:
        """Read what is followed; what came to be followed meanwhile has a reading of its own."""

    def _known(self, kind: ForecastKind) -> Series:
        known = self._engine.state.get(Forecast, kind)
        return known.intervals if known else ()

    async def _async_foretell(self, kind: ForecastKind, intervals: Series) -> None:
        if intervals != self._known(kind):
            await self._async_tell(ForecastRead(forecast=Forecast(kind=kind, intervals=intervals)))
