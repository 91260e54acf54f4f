"""Cars that leave when they had not said: what a plan costs, and who drives away short (ACN sessions).

The first 3,000 sessions teach, the other 3,000 are scored: planned for the stated departure, judged at the real one.
"""

from collections.abc import Callable, Sequence
import csv
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
import gzip
from typing import Final

from custom_components.ev_station.model.vehicle import Stay
from custom_components.ev_station.planning.plan import plan
from custom_components.ev_station.planning.problem import Ev, Mode, Problem, Slot, Taste
from custom_components.ev_station.planning.risk import Experience

from .cases import DATA, GRID_FEE, prices_of_year

POWER_W: Final = 6600.0
EFFICIENCY: Final = 0.92
TAUGHT: Final = 3000
SHORT: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A charging session at a workplace."""

    arrival: datetime
    departure: datetime
    stated: datetime
    kwh: float


def sessions() -> list[Session]:
    """Return the sample, in its order."""
    with gzip.open(DATA / "acn_sessions.csv.gz", "rt") as file:
        return [
            Session(
                arrival=datetime.fromisoformat(row["arrival"]),
                departure=datetime.fromisoformat(row["departure"]),
                stated=datetime.fromisoformat(row["stated_departure"]),
                kwh=float(row["delivered_kwh"]),
            )
            for row in csv.DictReader(file)
        ]


def price(moment: datetime) -> float:
    """Return the price of the same month, day and hour (UTC) of 2024."""
    moment = moment.astimezone(UTC)
    hour = datetime(2024, moment.month, moment.day, moment.hour, tzinfo=UTC)
    return prices_of_year()[hour] + GRID_FEE


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a quarter hour in which a car could charge."""

    start: datetime
    hours: float
    price: float


def pieces(session: Session, until: datetime) -> list[Piece]:
    """Return the quarter hours of a stay."""
    found, at = [], session.arrival
    while at < until:
        quarter = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
        end = min(quarter + timedelta(minutes=15), until)
        found.append(Piece(start=at, hours=(end - at) / timedelta(hours=1), price=price(at)))
        at = end
    return found


type Drawn = list[tuple[Piece, float]]
"""What is to be drawn in a piece, kWh."""
type Policy = Callable[[Session], Drawn]


def in_order(order: Callable[[Piece], tuple[float, float]], buffer_h: float = 0.0) -> Policy:
    """Return the policy that fills pieces in an order, if possible so long before the departure."""

    def policy(session: Session) -> Drawn:
        early = pieces(session, session.stated - timedelta(hours=buffer_h))
        enough = sum(each.hours for each in early) * POWER_W / 1000 * EFFICIENCY >= session.kwh
        need, found = session.kwh / EFFICIENCY, []
        for piece in sorted(early if enough else pieces(session, session.stated), key=order):
            drawn = min(need, piece.hours * POWER_W / 1000)
            need -= drawn
            found.append((piece, drawn))
        return found

    return policy


def ours(experience: Experience | None, risk_price: float) -> Policy:
    """Return our plans' policy."""
    taste = Taste(start_cost=0.0, break_cost=0.0, risk_price=risk_price)
    mode = Mode(phases=frozenset({0}), max_a=POWER_W / 230)

    def policy(session: Session) -> Drawn:
        stay = pieces(session, session.stated)
        slots = tuple(
            Slot(
                start=each.start,
                end=each.start + timedelta(hours=each.hours),
                import_price=each.price,
            )
            for each in stay
        )
        arrival, stated = session.arrival, session.stated
        ev = Ev(
            ev="a",
            arrival=arrival,
            departure=stated,
            goal_wh=1000 * session.kwh,
            efficiency=EFFICIENCY,
            modes=(mode,),
            gone=experience.gone(arrival, stated, arrival, slots) if experience else (),
        )
        (charges,) = plan(Problem(slots=slots, evs=(ev,), taste=taste)).charges
        return [
            (piece, charge.amps * 230 * piece.hours / 1000)
            for piece, charge in zip(stay, charges, strict=True)
            if charge
        ]

    return policy


def judged(policy: Policy, scored: Sequence[Session]) -> tuple[float, float]:
    """Return what a kWh cost, and which part of the cars drove away short."""
    cost, kwh, short = 0.0, 0.0, 0
    for session in scored:
        got, need = 0.0, session.kwh / EFFICIENCY
        for piece, drawn in policy(session):
            here = (session.departure - piece.start) / timedelta(hours=1)
            taken = min(drawn, max(0.0, here) * POWER_W / 1000)
            got, cost = got + taken, cost + taken * piece.price
        # Who was told too early a departure goes on at once until he leaves.
        late = replace(session, arrival=session.stated)
        for piece in pieces(late, session.departure):
            taken = max(0.0, min(need - got, piece.hours * POWER_W / 1000))
            got, cost = got + taken, cost + taken * piece.price
        kwh += got
        short += got < (1 - SHORT) * need
    return cost / kwh, short / len(scored)


def departures() -> None:
    """Print who drives away short under which policy."""
    every = sessions()
    taught, scored = every[:TAUGHT], every[TAUGHT:]
    experience = Experience([Stay(each.arrival, each.stated, each.departure) for each in taught])
    policies: dict[str, Policy] = {
        "at once": in_order(lambda piece: (0.0, piece.start.timestamp())),
        "latest start": in_order(lambda piece: (0.0, -piece.start.timestamp())),
        "cheapest, late first": in_order(lambda piece: (piece.price, -piece.start.timestamp())),
        "cheapest, early first": in_order(lambda piece: (piece.price, piece.start.timestamp())),
        "an hour before": in_order(lambda piece: (piece.price, piece.start.timestamp()), 1.0),
        "ev_station, as stated": ours(None, 0.0),
        "ev_station, risk 0.01": ours(experience, 0.01),
        "ev_station, risk 0.05": ours(experience, 0.05),
        "ev_station, risk 0.10": ours(experience, 0.10),
    }
    print(f"{'cars that leave':<28}{'EUR/kWh':>9}{'short %':>9}   ({len(scored)} sessions)")
    for name, policy in policies.items():
        cost, short = judged(policy, scored)
        print(f"{name:<28}{cost:>9.4f}{100 * short:>9.1f}")
