"""What a roof gives: the sun's path over it, a clear sky, and clouds drawn from a seed."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
import math
from random import Random
from typing import Final

_LATITUDE: Final = math.radians(52.5)
_LONGITUDE_DEG: Final = 13.4
_TILT: Final = math.radians(35)
"""To the south."""
_SOLAR_CONSTANT: Final = 1353.0
_LOSSES: Final = 0.86


class Sky(StrEnum):
    """A day's weather."""

    CLEAR = "clear"
    MIXED = "mixed"
    OVERCAST = "overcast"


def sun_at(now: datetime) -> tuple[float, float]:
    """Return the sun's elevation and its azimuth from the south, west positive, in radians.

    Declination by Cooper, the equation of time by Spencer's leading terms: within half a degree.
    """
    day = now.timetuple().tm_yday
    angle = 2 * math.pi * (day - 81) / 364
    equation_min = 9.87 * math.sin(2 * angle) - 7.53 * math.cos(angle) - 1.5 * math.sin(angle)
    utc_h = now.astimezone(UTC).hour + now.minute / 60 + now.second / 3600
    hour = math.radians(15 * (utc_h + _LONGITUDE_DEG / 15 + equation_min / 60 - 12))
    declination = math.radians(23.45) * math.sin(2 * math.pi * (284 + day) / 365)
    elevation = math.asin(
        math.sin(_LATITUDE) * math.sin(declination)
        + math.cos(_LATITUDE) * math.cos(declination) * math.cos(hour)
    )
    azimuth = math.atan2(
        math.sin(hour),
        math.cos(hour) * math.sin(_LATITUDE) - math.tan(declination) * math.cos(_LATITUDE),
    )
    return elevation, azimuth


def clear_sky(now: datetime) -> float:
    """Return what a clear sky sends onto the tilted roof, W/m² (Meinel's air mass law, a tenth diffuse)."""
    elevation, azimuth = sun_at(now)
    if elevation <= math.radians(1):
        return 0.0
    beam = _SOLAR_CONSTANT * math.pow(0.7, math.pow(math.sin(elevation), -0.678))
    facing = math.sin(elevation) * math.cos(_TILT)
    facing += math.cos(elevation) * math.sin(_TILT) * math.cos(azimuth)
    return beam * (max(facing, 0.0) + 0.1)


class Roof:
    """What a roof gives at any moment, W; each day's clouds are drawn from the seed unless the sky is told."""

    def __init__(self, seed: int, peak_w: float, *, sky: Sky | None = None) -> None:
        """`peak_w` at 1000 W/m²."""
        self._seed, self._peak_w, self._sky = seed, peak_w, sky
        self._day: date | None = None
        self._shades: list[float] = []

    def __call__(self, now: datetime) -> float:
        """Return the power now."""
        if now.date() != self._day:
            self._day = now.date()
            self._shades = self._clouds(now)
        shade = self._shades[int((now.hour * 60 + now.minute) / 3)]
        return self._peak_w * _LOSSES * clear_sky(now) / 1000 * shade

    def _clouds(self, now: datetime) -> list[float]:
        """Return which share of a clear sky is left, every three minutes."""
        random = Random(f"{self._seed} {now.date()}")
        sky = self._sky or random.choices(tuple(Sky), _weights(now))[0]
        if sky is Sky.CLEAR:
            return [1.0] * 480
        if sky is Sky.OVERCAST:
            level = random.uniform(0.1, 0.3)
            return [min(max(level + random.gauss(0, 0.03), 0.05), 0.5) for _ in range(480)]
        shades: list[float] = []
        while len(shades) < 480:
            level = random.choice((1.0, 0.95, 0.5, 0.3))
            shades += [level] * random.randint(1, 8)
        return shades[:480]


def _weights(now: datetime) -> tuple[float, float, float]:
    """Return how often days are clear, mixed and overcast: more sun in summer."""
    summer = 0.5 - 0.5 * math.cos(2 * math.pi * (now - _midwinter(now)) / timedelta(days=365))
    return 0.1 + 0.25 * summer, 0.35 + 0.2 * summer, 0.55 - 0.45 * summer


def _midwinter(now: datetime) -> datetime:
    return datetime(now.year, 1, 5, tzinfo=UTC)
