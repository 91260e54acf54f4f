"""What the house will draw: learnt from the recorder's statistics of the sensors a site's options name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean
from typing import TYPE_CHECKING, Any, Final, override
from zoneinfo import ZoneInfo

from homeassistant.core import CALLBACK_TYPE, HomeAssistant
from homeassistant.helpers.event import async_track_utc_time_change
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from . import const as c
from .const import LOGGER
from .engine import Engine
from .forecast_follower import ForecastFollower
from .lookup import site_settings
from .model.forecast import ForecastKind, Series
from .planning.baseload import LOOKS_BACK, SHARES, Load, Profile, foreseen, learnt
from .recorded import Mean, Period, async_read, means, remembers
from .sources.prices import at

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

_SUN_AHEAD: Final = (c.CONF_SOLAR_FORECASTS, c.CONF_SOLAR_FORECAST_ENTITIES)
_SETTINGS: Final = (
    c.CONF_GRID_POWER,
    c.CONF_GRID_INVERTED,
    c.CONF_SOLAR_POWER,
    c.CONF_LOAD_POWER,
    c.CONF_BATTERY_POWER,
    c.CONF_BATTERY_INVERTED,
    *_SUN_AHEAD,
)
_MINUTES: Final = (1, 16, 31, 46)
"""The recorder has its means of five minutes by then."""
_LEARNT_EVERY: Final = timedelta(minutes=55)
_LATELY: Final = timedelta(minutes=30)
_NEWS_W: Final = 100
"""What differs by less needs no new plan, nor a line in the journal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """How the house's load is reckoned from power sensors."""

    needed: Mapping[str, int]
    """With the sign each counts with; an hour in which one of them said nothing tells nothing."""
    solar: str | None
    """Says nothing at night, as inverters do."""
    cars: frozenset[str]

    @property
    def entities(self) -> set[str]:
        """Return every sensor it takes."""
        return {*self.needed, *self.cars, *filter(None, [self.solar])}

    def loads(self, found: Mapping[str, Sequence[Mean]]) -> Iterable[Load]:
        """Return what the house drew whenever that is known."""
        moments: defaultdict[datetime, dict[str, float]] = defaultdict(dict)
        for entity, rows in found.items():
            for row in rows:
                moments[row.start][entity] = row.power_w
        for start, said in moments.items():
            power = self._load(said)
            if power is not None:
                yield Load(start, power)

    def _load(self, said: Mapping[str, float]) -> float | None:
        if not self.needed.keys() <= said.keys():
            return None
        power = sum(sign * said[entity] for entity, sign in self.needed.items())
        power -= sum(said.get(car, 0.0) for car in self.cars)
        if self.solar is None:
            return power
        # A house that gives more than it gets has sun, whatever its sensor missed.
        sun = said.get(self.solar)
        return None if sun is None and power < 0 else power + (sun or 0.0)


def balance_of(options: Mapping[str, Any], cars: Iterable[str]) -> Balance | None:
    """Return how to reckon the house's load from what the options name; None: it cannot be told from the sun."""
    grid, solar, load, battery = (
        options.get(key)
        for key in (c.CONF_GRID_POWER, c.CONF_SOLAR_POWER, c.CONF_LOAD_POWER, c.CONF_BATTERY_POWER)
    )
    if not grid:
        return Balance(needed={load: 1}, solar=None, cars=frozenset(cars)) if load else None
    if not solar and any(options.get(key) for key in _SUN_AHEAD):
        # What the grid gives is then already less the sun that is forecast.
        return None
    needed = {grid: -1 if options.get(c.CONF_GRID_INVERTED) else 1}
    if battery:
        # Positive: it gives, and the house draws that beside what comes from the grid.
        needed[battery] = -1 if options.get(c.CONF_BATTERY_INVERTED) else 1
    return Balance(needed=needed, solar=solar, cars=frozenset(cars))


class LoadForecast(ForecastFollower):
    """Learns every hour how the house lives, and sees every quarter hour how it lives now."""

    _options = _SETTINGS

    def __init__(self, hass: HomeAssistant, entry: EvStationConfigEntry, engine: Engine) -> None:
        """Prepare; nothing is read before `async_follow`."""
        super().__init__(hass, entry, engine)
        self._profile: Profile | None = None
        self._learnt_at: datetime | None = None

    @override
    def _begin(self) -> list[CALLBACK_TYPE]:
        self._profile = self._learnt_at = None
        return [
            async_at_started(self._hass, self._read),
            async_track_utc_time_change(self._hass, self._read, minute=_MINUTES, second=30),
        ]

    def report(self) -> dict[str, Any] | None:
        """Return what is known of the house, for diagnostics."""
        if self._profile is None:
            return None
        return {
            "days": self._profile.days,
            "mean_w": round(self._profile.mean_w),
            "learnt_at": self._learnt_at,
        }

    @override
    async def _async_read(self) -> None:
        balance = balance_of(self._followed, self._entry.runtime_data.coordinator.power_sensors())
        if balance is None:
            await self._async_foretell(ForecastKind.LOAD, ())
        elif remembers(self._hass):
            try:
                await self._async_foresee(balance, dt_util.utcnow())
            except Exception:  # noqa: BLE001 - the recorder's troubles must not become ours
                LOGGER.debug("The recorder gave no answer", exc_info=True)

    async def _async_foresee(self, balance: Balance, now: datetime) -> None:
        followed = self._followed
        learns = self._learnt_at is None or now - self._learnt_at >= _LEARNT_EVERY
        if learns:
            profile = await async_read(self._hass, _learn, self._hass, balance, now, self._zone)
            if self._followed is not followed:
                return
            self._profile, self._learnt_at = profile, now
        if self._profile is None:
            return
        lately = await async_read(self._hass, _loads, self._hass, balance, now - _LATELY, "5minute")
        if self._followed is not followed:
            return
        measured = fmean(load.power_w for load in lately) if lately else None
        intervals = foreseen(self._profile, now, measured)
        if learns or _is_news(self._known(ForecastKind.LOAD), intervals):
            await self._async_foretell(ForecastKind.LOAD, intervals)

    @property
    def _zone(self) -> ZoneInfo:
        site = site_settings(self._engine)
        return ZoneInfo(site.time_zone if site else self._hass.config.time_zone)


def _learn(hass: HomeAssistant, balance: Balance, now: datetime, zone: ZoneInfo) -> Profile | None:
    return learnt(_loads(hass, balance, now - LOOKS_BACK, "hour"), now, zone)


def _loads(hass: HomeAssistant, balance: Balance, since: datetime, period: Period) -> list[Load]:
    return list(balance.loads(means(hass, balance.entities, since, period)))


def _is_news(before: Series, after: Series) -> bool:
    """Return whether the next hours look different from what was told."""
    told = [(each, at(before, each.start)) for each in after[: len(SHARES)]]
    return any(known is None or abs(each.value - known.value) >= _NEWS_W for each, known in told)
