"""Amperes shared and sun followed, second by second through the real reducer, beside simpler policies.

`script/bench control [--hours 6] [--seed 1]` prints, for a house and for a yard of ten chargers: what was charged, what
the least served got, how the fuses fared, and how restless it was; then what solar charging took from the grid, how
often chargers are written to where nothing is ever still, and how long 100 chargers take to be looked at and reached.
"""

import argparse

from . import restless, speed
from .policies import POLICIES
from .scenes import Scene, home, roof, yard


def play(scene: Scene, policy: str, seconds: int) -> None:
    """Let a scene run under a policy."""
    waiting = sorted(scene.arrivals, key=lambda each: each.second)
    for second in range(1, seconds):
        while waiting and waiting[0].second <= second:
            arrival = waiting.pop(0)
            scene.house.plug(scene.house.points[arrival.point], arrival.vehicle)
        POLICIES[policy](scene.house, second)
        scene.house.run(1)


def shared(name: str, scene: Scene, hours: int) -> None:
    """Print how a place was shared: trips of the quickest breaker there is, limits exceeded for too long (late)."""
    house = scene.house
    energies = [point.register_wh / 1000 for point in house.points]
    strains = house.strains.values()
    cars = len(house.points)
    trips = sum(strain.breaker.tripped for strain in strains)
    print(
        f"{name:<28}{sum(energies):>8.1f}{min(energies):>8.1f}{trips:>7}"
        f"{100 * max(strain.worst_share for strain in strains) - 100:>8.0f}"
        f"{max(strain.longest_over_s for strain in strains):>9.0f}"
        f"{sum(strain.violations for strain in strains):>6}"
        f"{sum(point.switched_on for point in house.points) / cars:>8.1f}"
        f"{house.messages / cars / hours:>10.0f}"
    )


def sunny(name: str, scene: Scene) -> None:
    """Print what solar charging took from the grid: the import of each second the car charged."""
    house, imported = scene.house, 0.0
    (point,) = house.points
    for second in range(14 * 3600):
        if second == scene.arrivals[0].second:
            house.plug(point, scene.arrivals[0].vehicle)
        before = house.imported_wh
        house.run(1)
        # What the house alone draws where there is no sun is not the car's.
        imported += house.imported_wh - before if any(point.amps) and second > 120 else 0.0
    charged = point.register_wh
    print(
        f"{name:<28}{charged / 1000:>8.1f}{100 * imported / charged:>10.2f}"
        f"{house.exported_wh / 1000:>10.1f}{point.switched_on:>8}{house.messages / 14:>10.0f}"
    )


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--hours", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    hours, seed = arguments.hours, arguments.seed
    print(
        f"{'':<28}{'kWh':>8}{'least':>8}{'trips':>7}{'over %':>8}{'over s':>9}{'late':>6}"
        f"{'starts':>8}{'writes/h':>10}"
    )
    for place, build in (("house", home), ("yard", yard)):
        for policy in POLICIES:
            scene = build(seed, hours, controlled=policy == "ev_station")
            play(scene, policy, hours * 3600)
            shared(f"{place}, {policy}", scene, hours)
    print(
        f"\n{'from the sun alone':<28}{'kWh':>8}{'import %':>10}{'exported':>10}{'starts':>8}{'writes/h':>10}"
    )
    for peak, phases in ((8000, 3), (5000, 1)):
        for clouds in (False, True):
            weather = "clouds" if clouds else "clear sky"
            sunny(
                f"{peak / 1000:g} kWp, {phases} phases, {weather}",
                roof(peak, phases, clouds=clouds, seed=seed),
            )
    restless.report(min(hours, 2), seed)
    speed.report(100)


if __name__ == "__main__":
    main()
