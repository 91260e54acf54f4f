"""Small sites to plan: by hand, and any."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from hypothesis import strategies as st

from custom_components.ev_station.planning.problem import (
    Battery,
    Capacity,
    Charge,
    Charges,
    Circuit,
    Ev,
    Mode,
    Problem,
    Slot,
    Taste,
)

NOON: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUARTER: Final = timedelta(minutes=15)
PLAIN: Final = Taste(start_cost=0.0, break_cost=0.0, early_price=0.0, risk_price=0.0)
"""Nothing but money."""
THREE: Final = Mode()
ONE: Final = Mode(phases=frozenset({0}))
UNSEEN: Final = Mode(surely=1)
"""Nobody knows whether it draws on more than one."""


def slots(
    prices: Sequence[float],
    *,
    export: float = 0.0,
    load_w: float = 0.0,
    pv_w: Sequence[float] | None = None,
    co2_g: Sequence[float] | None = None,
    minutes: int = 15,
) -> tuple[Slot, ...]:
    """Return slots from noon on."""
    step = timedelta(minutes=minutes)
    return tuple(
        Slot(
            start=NOON + step * t,
            end=NOON + step * (t + 1),
            import_price=price,
            export_price=export,
            load_w=load_w,
            pv_w=pv_w[t] if pv_w else 0.0,
            co2_g=co2_g[t] if co2_g else 0.0,
        )
        for t, price in enumerate(prices)
    )


def car(
    name: str = "a",
    goal_kwh: float = 0.0,
    *,
    begin: int = 0,
    end: int = 1000,
    modes: tuple[Mode, ...] = (THREE,),
    circuit: str | None = None,
    minimum_kwh: float = 0.0,
    extra_kwh: float = 0.0,
    extra_price: float = 0.0,
    running: int | None = None,
    weight: float = 1.0,
    gone: tuple[float, ...] = (),
) -> Ev:
    """Return a car that is there from one quarter hour to another and stores all it draws."""
    return Ev(
        ev=name,
        circuit=circuit,
        modes=modes,
        arrival=NOON + QUARTER * begin,
        departure=NOON + QUARTER * end,
        goal_wh=1000 * goal_kwh,
        minimum_wh=1000 * minimum_kwh,
        extra_wh=1000 * extra_kwh,
        extra_price=extra_price,
        efficiency=1.0,
        running=running,
        weight=weight,
        gone=gone,
    )


def fuse(
    amps: float,
    count: int,
    *,
    name: str = "main",
    parent: str | None = None,
    watts: float | None = None,
) -> Circuit:
    """Return a circuit with the same room on each phase in each slot."""
    return Circuit(
        circuit=name,
        parent=parent,
        room_a=((amps, amps, amps),) * count,
        room_w=None if watts is None else (watts,) * count,
    )


def amps(charges: Charges) -> list[float]:
    """Return a car's currents, rounded."""
    return [0.0 if charge is None else round(charge.amps, 2) for charge in charges]


def draws(*currents: float, mode: int = 0) -> Charges:
    """Return charges; 0 A: none."""
    return tuple(Charge(current, mode) if current else None for current in currents)


_MODES: Final = (
    (THREE,),
    (ONE,),
    (Mode(phases=frozenset({1}), max_a=32.0),),
    (Mode(phases=frozenset({0, 2})),),
    (THREE, ONE),
    (UNSEEN,),
    (Mode(surely=2, max_a=32.0), ONE),
    (Mode(min_a=16.0),),
)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Return any small site: scarce or not, with sun, batteries, a peak price, and prices below zero."""
    count = draw(st.integers(2, 10))
    price = st.floats(-0.2, 0.6).map(lambda value: round(value, 3))
    found = tuple(
        Slot(
            start=NOON + QUARTER * t,
            end=NOON + QUARTER * (t + 1),
            import_price=draw(price),
            export_price=draw(price),
            load_w=draw(st.sampled_from((0.0, 400.0, 3000.0))),
            pv_w=draw(st.sampled_from((0.0, 0.0, 2500.0, 9000.0))),
            co2_g=draw(st.sampled_from((0.0, 150.0, 600.0))),
            kept_w=draw(st.sampled_from((0.0, 0.0, 1500.0))),
            kept_price=draw(price),
            given_w=draw(st.sampled_from((0.0, 0.0, 700.0))),
        )
        for t in range(count)
    )
    circuits = draw(st.sampled_from((0, 1, 2)))
    room = st.sampled_from((-2.0, 5.0, 7.0, 16.0, 20.0, 40.0))
    return Problem(
        slots=found,
        evs=tuple(draw(_cars(f"car {n}", count, circuits)) for n in range(draw(st.integers(0, 3)))),
        circuits=tuple(
            Circuit(
                circuit=f"c{number}",
                parent="c0" if number else None,
                room_a=tuple((draw(room), draw(room), draw(room)) for _ in range(count)),
                room_w=draw(st.sampled_from((None, (6000.0,) * count))),
            )
            for number in range(circuits)
        ),
        batteries=tuple(
            draw(_batteries(circuits)) for _ in range(draw(st.sampled_from((0, 0, 1, 2))))
        ),
        capacity=draw(st.sampled_from((None, Capacity(peak_w=2000, price_per_kw=0.5)))),
        taste=draw(st.sampled_from((Taste(), PLAIN, Taste(co2_price=0.5)))),
    )


@st.composite
def _cars(draw: st.DrawFn, name: str, count: int, circuits: int) -> Ev:
    goal = draw(st.sampled_from((0.0, 300.0, 2500.0, 7000.0, 40_000.0)))
    modes = draw(st.sampled_from(_MODES))
    begin = draw(st.integers(-20, 15 * count))
    return Ev(
        ev=name,
        circuit=draw(st.sampled_from((None, "c0", "c1")[: 1 + circuits])),
        modes=modes,
        arrival=NOON + timedelta(minutes=begin),
        departure=NOON + timedelta(minutes=begin + draw(st.integers(0, 15 * count))),
        goal_wh=goal,
        minimum_wh=draw(st.sampled_from((0.0, goal / 3, goal))),
        extra_wh=draw(st.sampled_from((0.0, 0.0, 4000.0))),
        extra_price=draw(st.sampled_from((0.0, 0.2))),
        efficiency=draw(st.sampled_from((0.85, 1.0))),
        weight=draw(st.sampled_from((0.5, 1.0, 2.0))),
        running=draw(st.sampled_from((None, 0, len(modes) - 1))),
        gone=draw(st.sampled_from(((), tuple(t / count for t in range(count))))),
    )


@st.composite
def _batteries(draw: st.DrawFn, circuits: int) -> Battery:
    return Battery(
        circuit=draw(st.sampled_from((None, "c0", "c1")[: 1 + circuits])),
        capacity_wh=5000,
        level_wh=draw(st.sampled_from((0.0, 2000.0, 5000.0))),
        reserve_wh=draw(st.sampled_from((0.0, 1000.0))),
        max_charge_w=3000,
        max_discharge_w=2500,
        end_price=draw(st.sampled_from((None, 0.0, 0.3))),
    )
