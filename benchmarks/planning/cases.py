"""Sites to plan, in the form that docs/planning.md describes: real prices, made up days and cars."""

from collections.abc import Iterator, Sequence
import csv
from datetime import UTC, datetime, timedelta
import gzip
import math
from pathlib import Path
from random import Random
from typing import Any, Final

DATA: Final = Path(__file__).parent / "data"
GRID_FEE: Final = 0.16
"""EUR/kWh of taxes and grid on what is imported."""
HOURS: Final = 36

type Site = dict[str, Any]


def prices() -> dict[datetime, float]:
    """Return the Dutch day-ahead prices of 2024 by hour, EUR/kWh."""
    with gzip.open(DATA / "nl_day_ahead_2024.csv.gz", "rt") as file:
        found = {
            datetime.fromisoformat(row["start_utc"]).replace(tzinfo=UTC): float(row["eur_per_mwh"])
            / 1000
            for row in csv.DictReader(file)
        }
    # The source lacks one hour.
    missing = datetime(2024, 12, 30, 23, tzinfo=UTC)
    found[missing] = found[missing - timedelta(hours=1)]
    return found


def household(random: Random, times: Sequence[datetime], scale: float) -> list[float]:
    """Return the load of houses: a base, mornings and evenings, and appliances."""
    found = []
    for time in times:
        hour = time.hour + time.minute / 60
        shape = (
            0.25
            + 0.5 * math.exp(-((hour - 7.5) ** 2) / 3)
            + 1.0 * math.exp(-((hour - 19) ** 2) / 6)
        )
        spikes = random.choice((0, 0, 0, 0, 0, 0, 1.2, 2.0))
        found.append(scale * 1000 * (shape * random.uniform(0.7, 1.3) + spikes * 0.4))
    return found


def roof(random: Random, times: Sequence[datetime], peak_w: float) -> list[float]:
    """Return what a roof gives under changing clouds, at 52 degrees north."""
    found, cloud = [], random.uniform(0.3, 1.0)
    for time in times:
        season = math.cos(2 * math.pi * (time.timetuple().tm_yday - 172) / 365)
        half_day = 6 + 2.2 * season
        hour = time.hour + time.minute / 60 - 11.6
        clear = max(0.0, math.cos(math.pi * hour / (2 * half_day))) if abs(hour) < half_day else 0.0
        cloud = min(1.0, max(0.15, cloud + random.uniform(-0.12, 0.12)))
        found.append(peak_w * (0.55 + 0.3 * season) * clear**1.3 * cloud)
    return found


def site(
    day: datetime, random: Random, *, houses: float, peak_w: float, fuse_a: float, evs: list[Site]
) -> Site:
    """Return a site from noon of a day on."""
    known = prices_of_year()
    times = [day + timedelta(minutes=15 * t) for t in range(HOURS * 4)]
    spot = [known[time.replace(minute=0)] for time in times]
    load, pv = household(random, times, houses), roof(random, times, peak_w)
    skew = [random.uniform(0.6, 1.4) for _ in range(3)]
    shares = [each / sum(skew) for each in skew]
    return {
        "now": day.isoformat(),
        "import_price": [round(price + GRID_FEE, 5) for price in spot],
        "export_price": [round(price, 5) for price in spot],
        "load_w": [round(each, 1) for each in load],
        "pv_w": [round(each, 1) for each in pv],
        "circuits": [
            {
                "id": "main",
                "limit_a": fuse_a,
                "load_a": [[round(watts * part / 230, 3) for part in shares] for watts in load],
            }
        ],
        "evs": evs,
    }


_YEAR: dict[datetime, float] = {}


def prices_of_year() -> dict[datetime, float]:
    """Return the prices, read once."""
    if not _YEAR:
        _YEAR.update(prices())
    return _YEAR


def cars(day: datetime, random: Random, count: int) -> list[Site]:
    """Return cars that come in the afternoon and leave in the morning, one in four later; of one and three phases."""
    found = []
    for number in range(count):
        arrival = day + timedelta(hours=min(max(random.gauss(5.5, 2.0), 0), 12))
        leaves = random.choice((19.5, 19.5, 19.5, 30.0))
        departure = day + timedelta(hours=min(max(random.gauss(leaves, 1.5), 15), HOURS))
        first = random.choice((1, 2, 3))
        phases, most = random.choice(
            (([1, 2, 3], 16), ([1, 2, 3], 16), ([first], 32), ([first], 16))
        )
        power = most * 230 * len(phases) * 0.92
        hours = (departure - arrival) / timedelta(hours=1)
        found.append(
            {
                "id": f"car {number + 1}",
                "circuit": "main",
                "arrival": _minute(arrival),
                "departure": _minute(departure),
                "energy_wh": round(min(random.uniform(8_000, 45_000), 0.8 * power * hours)),
                "efficiency": 0.92,
                "phases": phases,
                "max_a": most,
            }
        )
    return found


def _minute(time: datetime) -> str:
    return time.replace(second=0, microsecond=0).isoformat()


CASES: Final = {
    # name: cars, houses, PV W, fuse A
    "A": (1, 1.0, 6_000.0, 25.0),
    "B": (10, 3.0, 10_000.0, 63.0),
    "B2": (10, 1.2, 10_000.0, 35.0),
    "C": (50, 10.0, 60_000.0, 160.0),
    "P": (1, 1.0, 6_000.0, 25.0),
    "L": (1, 1.0, 6_000.0, 25.0),
}
COUNTS: Final = {"A": 40, "B": 8, "B2": 8, "C": 3, "P": 7, "L": 7}
"""Of days in a run that is to take minutes."""


def sites(case: str, count: int, seed: int = 1) -> Iterator[Site]:
    """Yield days of a case, spread over the year."""
    number, houses, peak_w, fuse_a = CASES[case]
    random = Random(f"{case} {seed}")
    for place in range(count):
        day = datetime(2024, 1, 2, 12, tzinfo=UTC) + timedelta(days=int(360 * place / count))
        found = site(
            day,
            random,
            houses=houses,
            peak_w=peak_w,
            fuse_a=fuse_a,
            evs=cars(day, random, number),
        )
        yield found | with_battery(random, follow=case == "L") if case in {"P", "L"} else found


def with_battery(random: Random, *, follow: bool) -> Site:
    """Return a home battery with some charge, and some month's peak: 50 EUR a kW and year, as in Belgium.

    Who follows a peak allows for more, for a car on three phases takes 4.1 kW at least.
    """
    return {
        "home_battery": {
            "capacity_wh": 10_000,
            "level_wh": round(random.uniform(500, 9_000)),
            "reserve_wh": 500,
            "max_charge_w": 3_700,
            "max_discharge_w": 3_700,
        },
        "capacity": {
            "peak_kw": round(random.uniform(2.5, 6.0) + (2.0 if follow else 0.0), 2),
            "price_per_kw": 4.2,
            "follow": follow,
        },
    }
