"""Any order of what happens at a site: no fuse suffers, no car starves, and the journal alone tells the same story."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Final, override

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from custom_components.ev_station.model import events as e
from custom_components.ev_station.model.allowance import Allowance
from custom_components.ev_station.model.circuit import CircuitSettings, Rotation
from custom_components.ev_station.model.effects import Effect
from custom_components.ev_station.model.energy import BatterySettings, ChargeMode
from custom_components.ev_station.model.grid import DimmingKind, GridReading, GridSettings
from custom_components.ev_station.model.ids import Fresh
from custom_components.ev_station.model.phases import PhaseSwitching
from custom_components.ev_station.model.settings import EvseSettings
from custom_components.ev_station.model.state import Charger, SiteState
from custom_components.ev_station.station import handle
from tests.simulator.premises import HOME, Fuse, HouseBattery, Point, Premises, Vehicle

from .site import snapshot

NUMBERS = st.integers(0, 2)
AMPS = st.integers(0, 10)
GRIDS: Final = (
    GridSettings(),
    GridSettings(dimming=DimmingKind.DIRECT, delay_s=60),
    GridSettings(dimming=DimmingKind.POOLED, follow_peak=True, fast_may_raise_peak=True),
    GridSettings(ripple=True, follow_peak=True, fast_may_raise_peak=True, delay_s=30),
)
PATIENCE_S: Final = 45 * 60
"""Two turns and what begins them: by then everybody who may charge does."""


@dataclass(kw_only=True)
class Recorded(Premises):
    """A house whose every input is journalled."""

    journal: list[tuple[e.Event, datetime, Fresh]] = field(default_factory=list)

    @override
    def feed(self, event: e.Event, fresh: Fresh = Fresh("", 0)) -> tuple[Effect, ...]:
        self.journal.append((event, self.now, fresh))
        return super().feed(event, fresh)

    def replayed(self) -> SiteState:
        """Return the state that the journal alone leads to."""
        state = SiteState()
        for event, now, fresh in self.journal:
            state.apply(handle(state, event, now, fresh).changes)
        return state


def circuit(name: str, limit: int, *chargers: str, parent: str | None = None) -> CircuitSettings:
    """Return a metered fuse."""
    return CircuitSettings(
        circuit=name,
        name=name,
        parent=parent,
        limit_a=Decimal(limit),
        chargers=chargers,
        metered=True,
        assumed_load_a=Decimal(10) if parent is None else Decimal(0),
    )


class SiteLife(RuleBasedStateMachine):
    """A house with two fuses, a roof, a battery and three chargers, of which two switch phases."""

    @initialize(grid=st.sampled_from(GRIDS), battery=st.booleans())
    def begin(self, grid: GridSettings, battery: bool) -> None:
        self.load = (0.0, 0.0, 0.0)
        self.sun = 0.0
        by_profile = EvseSettings(evse=1, phase_switching=PhaseSwitching.PROFILE)
        by_entity = EvseSettings(evse=1, phase_switching=PhaseSwitching.ENTITY)
        single = EvseSettings(evse=1, phases=1, rotation=Rotation.STR)
        self.house = Recorded(
            fuses=[
                Fuse(settings=circuit("main", 25, "A"), load=lambda _now: self.load),
                Fuse(settings=circuit("garage", 16, "B", "C", parent="main")),
            ],
            points=[
                Point(name="A", settings=by_profile),
                Point(name="B", settings=by_entity, contactor=3),
                Point(name="C", settings=single),
            ],
            solar_w=lambda _now: self.sun,
            battery=HouseBattery() if battery else None,
            settings=replace(HOME, grid=grid, battery=BatterySettings() if battery else None),
        )
        # What no charger was ever told no charger can go by.
        self.house.run(10)
        for point in self.house.points:
            self.plug(point)

    def plug(self, point: Point) -> None:
        self.house.plug(
            point, Vehicle(max_amps=16, phases=point.settings.phases, capacity_kwh=2000)
        )

    @property
    def all_there(self) -> bool:
        return all(point.connected for point in self.house.points)

    # What happens

    @rule(seconds=st.sampled_from((3, 20, 90, 400)))
    def go_on(self, seconds: int) -> None:
        self.house.run(seconds)

    @precondition(lambda self: self.all_there)
    @rule(one=AMPS, two=AMPS, three=AMPS)
    def cook(self, one: int, two: int, three: int) -> None:
        """Use what the owner said at most: who is away is not told to make room."""
        self.load = (float(one), float(two), float(three))
        self.house.run(20)

    @rule(sun=st.sampled_from((0, 2000, 4000, 8000)))
    def shine(self, sun: int) -> None:
        self.sun = float(sun)
        self.house.run(20)

    @rule(number=NUMBERS, mode=st.sampled_from(ChargeMode))
    def choose(self, number: int, mode: ChargeMode) -> None:
        self.house.choose(self.house.points[number], mode)
        self.house.run(5)

    @rule(number=NUMBERS, on=st.booleans())
    def boost(self, number: int, on: bool) -> None:
        self.house.boost(self.house.points[number], on=on)
        self.house.run(5)

    @rule(dimmed=st.sampled_from((True, False, None)), percent=st.sampled_from((0, 30, 100)))
    def order(self, dimmed: bool | None, percent: int) -> None:
        self.house.orders = GridReading(dimmed=dimmed, percent=percent)
        self.house.run(5)

    @rule(number=NUMBERS)
    def change_cars(self, number: int) -> None:
        point = self.house.points[number]
        if not point.connected:
            return
        if point.vehicle is None:
            self.plug(point)
        else:
            self.house.unplug(point)
        self.house.run(5)

    @rule(number=NUMBERS)
    def lose_or_find(self, number: int) -> None:
        point = self.house.points[number]
        if not point.connected:
            self.house.connect(point)
        else:
            charger = self.house.state.get(Charger, point.name)
            assert charger is not None
            assert charger.connection is not None
            point.connected = False
            self.house.feed(
                e.ChargerDisconnected(
                    charger=point.name,
                    connection=charger.connection,
                    received_at=self.house.now,
                )
            )
        self.house.run(5)

    @rule(seconds=st.sampled_from((5, 400)))
    def restart(self, seconds: int) -> None:
        """We come back from the journal, which tells the same."""
        self.house.go_down()
        self.house.run(seconds)
        again = self.house.replayed()
        assert snapshot(again) == snapshot(self.house.state)
        self.house.state = again
        self.house.come_back()
        self._forgive()
        self.house.run(5)

    @override
    def teardown(self) -> None:
        if not hasattr(self, "house"):
            return
        self.restart(5)
        self.load, self.sun = (0.0, 0.0, 0.0), 0.0
        self.house.orders = GridReading(dimmed=False, percent=100)
        for point in self.house.points:
            self.house.choose(point, ChargeMode.FAST)
        self.house.run(PATIENCE_S)
        for point in self.house.points:
            assert point.vehicle is None or any(point.amps), f"{point.name} starves"

    # What must always hold

    @invariant()
    def no_fuse_suffers(self) -> None:
        for key, strain in self.house.strains.items():
            assert not strain.breaker.tripped, key
        if not self.all_there:
            self._forgive()
        assert not [key for key, strain in self.house.strains.items() if strain.violations]

    def _forgive(self) -> None:
        """Do not judge how fast is reacted to an excess while somebody cannot be told of it."""
        for strain in self.house.strains.values():
            strain.violations, strain.used = 0, 0.0

    @invariant()
    def nothing_between_nothing_and_the_least(self) -> None:
        for allowance in self.house.state.all(Allowance):
            for amps in (allowance.limit_a, allowance.floor_a):
                assert amps == 0 or 6 <= amps <= 32

    @invariant()
    def nothing_is_switched_under_load(self) -> None:
        assert not any(point.under_load for point in self.house.points)


TestSiteLife = SiteLife.TestCase
TestSiteLife.settings = settings(
    max_examples=6,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_no_breaker_trips_while_limits_end() -> None:
    """When we stop, live limits and fallbacks do not fit beside each other for minutes: they end together."""
    life = SiteLife()
    life.begin(grid=GRIDS[2], battery=False)
    life.choose(number=0, mode=ChargeMode.OFF)
    for seconds in (90, 90):
        life.go_on(seconds=seconds)
    for seconds in (400, 400, 400, 5):
        life.restart(seconds=seconds)
    life.cook(one=4, three=4, two=9)
    life.choose(number=1, mode=ChargeMode.SMART)
    life.go_on(seconds=90)
    life.boost(number=1, on=True)
    life.lose_or_find(number=0)
    life.restart(seconds=400)
    life.no_fuse_suffers()
