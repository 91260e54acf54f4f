"""Switching phases in a house: by profile and by a contactor, with cars, clouds and chargers that lie."""

from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal

import pytest

from custom_components.ev_station.balancing.phases import CONFIRMED_WITHIN
from custom_components.ev_station.model import events as e
from custom_components.ev_station.model.allowance import Allowance, ReasonKind
from custom_components.ev_station.model.circuit import CircuitSettings, Rotation
from custom_components.ev_station.model.commands import (
    CommandStatus,
    ProfilePurpose,
    RemoteStop,
    SetProfile,
)
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.phases import PhaseStep, PhaseSwitching, Phasing
from custom_components.ev_station.model.plan import EvsePlan, PlanPeriod
from custom_components.ev_station.model.settings import (
    ChargerSettings,
    EvseSettings,
    TariffSettings,
)
from custom_components.ev_station.model.state import SITE, Charger, Site
from custom_components.ev_station.model.tariff import DayOfWeek
from custom_components.ev_station.tariff.build import Band, time_of_use
from tests.simulator.premises import Fuse, Point, Premises, Vehicle

WAYS = pytest.mark.parametrize("by", [PhaseSwitching.ENTITY, PhaseSwitching.PROFILE])
LITTLE, PLENTY, NONE = 2600.0, 6500.0, 0.0
"""Enough for one phase, for more than one phase can take, for nothing; the house takes 460 W."""


class Roof:
    """A house on the grid with one charger, and its sun."""

    def __init__(
        self,
        by: PhaseSwitching,
        mode: ChargeMode = ChargeMode.SOLAR,
        *,
        sun: float = LITTLE,
        phases: int = 3,
        takes_phases: bool = True,
        heeds_phases: bool = True,
        stuck: bool = False,
    ) -> None:
        self.sun = sun
        self.point = Point(
            name="A",
            settings=EvseSettings(evse=1, phase_switching=by),
            contactor=3 if by is PhaseSwitching.ENTITY else None,
            takes_phases=takes_phases,
            heeds_phases=heeds_phases,
            stuck=stuck,
        )
        self.house = Premises(
            fuses=[], points=[self.point], solar_w=lambda _now: self.sun, house_a=2
        )
        self.house.choose(self.point, mode)
        self.house.plug(self.point, Vehicle(max_amps=16, phases=phases, capacity_kwh=200))

    def after(self, seconds: int, *, sun: float | None = None) -> Roof:
        """Let time pass, under another sun."""
        self.sun = self.sun if sun is None else sun
        self.house.run(seconds)
        return self

    @property
    def allowance(self) -> Allowance:
        """What the EVSE may draw."""
        found = self.house.state.get(Allowance, self.point.evse)
        assert found is not None
        return found

    @property
    def phasing(self) -> Phasing:
        """How far it is with its phases."""
        assert self.allowance.phasing is not None
        return self.allowance.phasing

    @property
    def why(self) -> ReasonKind:
        """Why it has its limit."""
        return self.allowance.reason.kind


@WAYS
def test_one_phase_under_little_sun_and_all_under_plenty(by: PhaseSwitching) -> None:
    roof = Roof(by).after(180)
    # 2600 W less 460 W of the house and 100 W for the grid: 8.8 A of one phase.
    assert roof.point.amps == (pytest.approx(8.8, abs=0.2), 0, 0)
    assert (roof.point.phases, roof.why) == (1, ReasonKind.ONE_PHASE)
    roof.after(180, sun=PLENTY)
    assert roof.point.amps == (pytest.approx(8.6, abs=0.2),) * 3
    assert roof.why is ReasonKind.SUN
    roof.after(60, sun=LITTLE)
    assert (roof.point.amps[0], roof.why) == (6, ReasonKind.CLOUD)
    roof.after(240)
    assert roof.point.amps == (pytest.approx(8.8, abs=0.2), 0, 0)
    assert (roof.point.switched, roof.point.under_load) == (3, 0)


@WAYS
def test_a_passing_cloud_switches_nothing(by: PhaseSwitching) -> None:
    roof = Roof(by, sun=PLENTY).after(180)
    for _ in range(6):
        roof.after(120, sun=LITTLE).after(120, sun=PLENTY)
    assert roof.point.switched == 0
    assert roof.point.amps[2] > 6


@WAYS
def test_a_fickle_sun_switches_no_more_than_is_allowed(by: PhaseSwitching) -> None:
    roof = Roof(by, sun=PLENTY).after(180)
    for _ in range(12):
        roof.after(240, sun=LITTLE).after(180, sun=PLENTY)
    # Four an hour, for an hour and 24 minutes.
    assert 4 <= roof.point.switched <= 8
    assert roof.point.under_load == 0
    roof.after(4000)
    assert roof.point.phases == 3


@WAYS
def test_a_car_of_one_phase_is_never_switched_once_it_is_known(by: PhaseSwitching) -> None:
    roof = Roof(by, sun=PLENTY, phases=1).after(120)
    assert roof.point.amps == (16, 0, 0)
    assert roof.phasing.car == (0,)
    for sun in (LITTLE, PLENTY, LITTLE, PLENTY, NONE, LITTLE):
        roof.after(400, sun=sun)
    assert roof.point.switched == 0
    assert roof.point.amps == (pytest.approx(8.8, abs=0.2), 0, 0)


@WAYS
def test_the_least_at_any_time_is_that_of_one_phase(by: PhaseSwitching) -> None:
    roof = Roof(by, ChargeMode.SOLAR_MIN, sun=NONE).after(300)
    assert roof.point.amps == (6, 0, 0)
    assert roof.why is ReasonKind.ONE_PHASE
    roof.after(300, sun=PLENTY)
    assert roof.point.amps == (pytest.approx(8.6, abs=0.2),) * 3
    assert roof.point.under_load == 0


@WAYS
def test_a_cheap_hour_takes_all_phases(by: PhaseSwitching) -> None:
    roof = Roof(by, ChargeMode.OFF)
    house, point = roof.house, roof.after(30).point
    house.unplug(point)
    band = Band(days=tuple(DayOfWeek), start=time(9), end=time(18), price=Decimal("0.1"))
    tariff = time_of_use("tou", "EUR", Decimal("0.3"), [band])
    house.feed(e.TariffConfigured(settings=TariffSettings(tariff=tariff, name="Noon")))
    site = house.state.get(Site, SITE)
    assert site is not None
    house.feed(e.SiteConfigured(settings=replace(site.settings, default_tariff="tou")))
    house.choose(point, ChargeMode.SMART)
    house.plug(point, Vehicle(max_amps=16, capacity_kwh=200))
    # Eight in the morning.
    roof.after(180)
    assert point.amps == (pytest.approx(8.8, abs=0.2), 0, 0)
    roof.after(3600)
    assert point.amps == (16, 16, 16)
    assert (point.switched, point.under_load) == (2, 0)


@WAYS
def test_a_plan_on_one_phase_and_on_all_is_followed_never_under_load(by: PhaseSwitching) -> None:
    roof = Roof(by, ChargeMode.SMART, sun=NONE).after(60)
    house, point = roof.house, roof.point
    turns = ((10, 8, 1), (10, 16, 3), (10, 0, 3), (10, 7, 1), (10, 9, 3))
    edges = [house.now + timedelta(minutes=10 * n) for n in range(len(turns) + 1)]
    plan = EvsePlan(
        id=point.evse,
        session=house.evse_of(point).session or "",
        vehicle="zoe",
        made_at=house.now,
        departure=edges[-1],
        ready_at=None,
        periods=tuple(
            PlanPeriod(edges[n], edges[n + 1], Decimal(amps), phases)
            for n, (_, amps, phases) in enumerate(turns)
        ),
        picks_phases=True,
    )
    house.feed(e.SitePlanned(plans=(plan,)))
    drawn = []
    for _ in turns:
        roof.after(300)
        drawn.append(tuple(round(each) for each in point.amps))
        roof.after(300)
    assert drawn == [(8, 0, 0), (16, 16, 16), (0, 0, 0), (7, 0, 0), (9, 9, 9)]
    assert (point.switched, point.under_load) == (4, 0)


@WAYS
def test_fast_again_goes_back_to_all_phases_and_is_let_go(by: PhaseSwitching) -> None:
    roof = Roof(by).after(180)
    roof.house.choose(roof.point, ChargeMode.FAST)
    roof.after(10)
    assert roof.why is ReasonKind.SWITCHING
    roof.after(60)
    assert roof.point.amps == (16, 16, 16)
    assert (roof.point.switched, roof.point.under_load) == (2, 0)
    assert list(roof.house.state.all(Allowance)) == []


@WAYS
def test_off_is_off_on_one_phase_too(by: PhaseSwitching) -> None:
    roof = Roof(by).after(180)
    roof.house.choose(roof.point, ChargeMode.OFF)
    roof.after(60)
    assert roof.point.amps == (0, 0, 0)
    assert roof.point.switched == 1


@WAYS
def test_the_next_car_begins_where_the_last_one_left(by: PhaseSwitching) -> None:
    roof = Roof(by).after(180)
    roof.house.unplug(roof.point)
    roof.after(60)
    assert (roof.phasing.phases, roof.allowance.session) == (1, None)
    roof.house.plug(roof.point, Vehicle(max_amps=16, capacity_kwh=200))
    roof.after(120)
    assert roof.point.amps == (pytest.approx(8.8, abs=0.2), 0, 0)
    assert roof.point.under_load == 0
    roof.after(240, sun=PLENTY)
    assert roof.point.amps[2] > 6
    assert roof.point.under_load == 0


@WAYS
def test_a_switch_that_a_session_ends_in_is_not_gone_on_with(by: PhaseSwitching) -> None:
    roof = Roof(by).after(60)
    steps = {roof.after(1).phasing.step for _ in range(10)}
    assert steps == {*PhaseStep}
    assert roof.phasing.step is PhaseStep.RESTING
    roof.house.unplug(roof.point)
    roof.after(10)
    assert (roof.phasing.step, roof.phasing.phases) == (PhaseStep.STEADY, 1)


@WAYS
@pytest.mark.parametrize("step", [PhaseStep.EMPTYING, PhaseStep.SWITCHING, PhaseStep.RESTING])
@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_switch_that_an_outage_came_into_begins_anew(
    by: PhaseSwitching, step: PhaseStep, lost: int
) -> None:
    """What was sent last may be lost; the live limit ends and the fallback lets the car draw."""
    roof = Roof(by, sun=PLENTY).after(180)
    roof.sun = LITTLE
    while roof.phasing.step is not step:
        roof.after(1)
    house, point = roof.house, roof.point
    profiles = [send for _, send in house.waiting if isinstance(send.command, SetProfile)]
    house.go_down()
    for send in profiles[: max(len(profiles) - lost, 0)]:
        assert isinstance(send.command, SetProfile)
        assert send.id is not None
        point.take(send.command.profile)
        house.feed(
            e.CommandAnswered(
                charger=point.name,
                evse=send.evse,
                command=send.id,
                status=CommandStatus.ACCEPTED,
                received_at=house.now,
            )
        )
    house.run(400)
    assert point.amps[0] == 16
    house.come_back()
    roof.after(600)
    assert point.under_load == 0
    assert point.amps == (pytest.approx(8.8, abs=0.2), 0, 0)


def test_a_charger_that_knows_no_phases_says_so_once_and_charges_on_all() -> None:
    roof = Roof(PhaseSwitching.PROFILE, takes_phases=False).after(300)
    assert roof.phasing.failed_at is not None
    assert (roof.point.amps, roof.why) == ((0, 0, 0), ReasonKind.NO_SUN)
    assert roof.house.stops == []
    roof.after(240, sun=PLENTY)
    assert roof.point.amps[2] > 6
    charger = roof.house.state.get(Charger, "A")
    assert charger is not None
    assert (charger.refused_purposes, charger.rejections) == (frozenset(), ())


def test_a_charger_that_takes_phases_and_does_not_heed_them_is_found_out() -> None:
    roof = Roof(PhaseSwitching.PROFILE, heeds_phases=False).after(300)
    assert roof.phasing.failed_at is not None
    assert roof.allowance.phases == (0, 1, 2)
    roof.after(300)
    assert (roof.point.amps, roof.why) == ((0, 0, 0), ReasonKind.NO_SUN)
    roof.after(240, sun=PLENTY)
    assert roof.point.amps[2] > 6


def test_a_contactor_that_does_not_move_is_given_up() -> None:
    roof = Roof(PhaseSwitching.ENTITY, stuck=True).after(120)
    assert (roof.phasing.step, roof.why) == (PhaseStep.SWITCHING, ReasonKind.SWITCHING)
    roof.after(int(CONFIRMED_WITHIN.total_seconds()) + 240)
    assert roof.phasing.failed_at is not None
    assert (roof.point.amps, roof.why) == ((0, 0, 0), ReasonKind.NO_SUN)
    roof.after(240, sun=PLENTY)
    assert roof.point.amps[2] > 6


def test_a_contactor_that_says_nothing_is_not_relied_on() -> None:
    roof = Roof(PhaseSwitching.ENTITY)
    roof.house.feed(e.PhasesRead(evse=roof.point.evse, phases=None))
    roof.after(300)
    assert (roof.point.amps, roof.why) == ((0, 0, 0), ReasonKind.NO_SUN)


def test_an_entity_of_nobody_is_not_heard() -> None:
    roof = Roof(PhaseSwitching.ENTITY)
    assert roof.house.feed(e.PhasesRead(evse=EvseId("X", 1), phases=1)) == ()


def circuit(limit: int) -> Fuse:
    """Return a fuse in front of two chargers; L2 carries little."""
    return Fuse(
        settings=CircuitSettings(
            circuit="main", name="Main", limit_a=Decimal(limit), chargers=("A", "B")
        )
    )


@WAYS
def test_on_one_phase_it_leaves_the_others_to_others(by: PhaseSwitching) -> None:
    main = circuit(20)
    points = [
        Point(
            name=name,
            settings=EvseSettings(evse=1, phase_switching=way, rotation=rotation),
            contactor=3 if way is PhaseSwitching.ENTITY else None,
        )
        for name, way, rotation in (
            ("A", by, Rotation.RST),
            ("B", PhaseSwitching.NONE, Rotation.STR),
        )
    ]
    house = Premises(fuses=[main], points=points, solar_w=lambda _now: LITTLE)
    solar, fast = points
    house.choose(solar, ChargeMode.SOLAR)
    house.plug(solar, Vehicle(max_amps=16, capacity_kwh=200))
    house.run(240)
    assert solar.amps == (pytest.approx(10.9, abs=0.3), 0, 0)
    house.plug(fast, Vehicle(max_amps=20, phases=1, capacity_kwh=200))
    house.run(120)
    # Its first phase is the second of the site: nobody else draws there.
    assert fast.amps == (20, 0, 0)
    assert solar.under_load == 0


def test_settings_that_take_the_switching_away_bring_all_phases_back() -> None:
    roof = Roof(PhaseSwitching.PROFILE).after(180)
    settings = replace(roof.point.settings, phase_switching=PhaseSwitching.NONE)
    charger = ChargerSettings(charger="A", name="A", evses=(settings,))
    roof.house.feed(e.ChargerConfigured(settings=charger))
    roof.after(120, sun=PLENTY)
    assert roof.point.phases == 3
    assert (roof.point.under_load, roof.allowance.phasing) == (0, None)


def answer(house: Premises, status: CommandStatus) -> list[SetProfile]:
    """Have the charger answer everything it was sent so far in one way; return the profiles."""
    sent = [send for _, send in house.waiting]
    house.waiting.clear()
    for send in sent:
        house.feed(
            e.CommandAnswered(
                charger=send.charger,
                evse=send.evse,
                command=send.id or 0,
                status=status,
                received_at=house.now,
            )
        )
    return [send.command for send in sent if isinstance(send.command, SetProfile)]


def phases_of(commands: list[SetProfile]) -> list[int | None]:
    """Return the phases the profiles say."""
    return [each.profile.periods[0].phases for each in commands]


def sent_now(house: Premises) -> list[SetProfile]:
    """Return the profiles that are on their way."""
    return [send.command for _, send in house.waiting if isinstance(send.command, SetProfile)]


def test_a_charger_that_rejects_everything_for_now_is_not_blamed_for_the_phases() -> None:
    roof = Roof(PhaseSwitching.PROFILE)
    house = roof.house
    house.look()
    first = answer(house, CommandStatus.REJECTED)
    assert phases_of(first) == [3, 3]
    bare = answer(house, CommandStatus.REJECTED)
    assert phases_of(bare)[:2] == [None, None]
    assert roof.phasing.failed_at is None
    assert roof.phasing.doubted is None


def test_an_answer_that_does_not_come_says_nothing_of_the_phases() -> None:
    roof = Roof(PhaseSwitching.PROFILE)
    roof.house.look()
    answer(roof.house, CommandStatus.REJECTED)
    answer(roof.house, CommandStatus.TIMED_OUT)
    assert roof.phasing.doubted is not None
    assert roof.phasing.failed_at is None


def test_a_charger_that_takes_the_same_without_phases_does_not_know_them() -> None:
    roof = Roof(PhaseSwitching.PROFILE)
    roof.house.look()
    answer(roof.house, CommandStatus.REJECTED)
    answer(roof.house, CommandStatus.ACCEPTED)
    assert roof.phasing.failed_at is not None
    roof.house.look()
    assert {*phases_of(sent_now(roof.house))} <= {None}


def test_a_charger_that_takes_no_profile_for_a_transaction_is_switched_by_the_default() -> None:
    roof = Roof(PhaseSwitching.PROFILE)
    charger = roof.house.state.get(Charger, "A")
    assert charger is not None
    refused = replace(charger, refused_purposes=frozenset({ProfilePurpose.TX}))
    roof.house.state.apply({(Charger, "A"): refused})
    roof.after(180)
    assert roof.point.live is None
    assert roof.point.amps == (pytest.approx(8.8, abs=0.2), 0, 0)
    assert roof.point.under_load == 0
    assert not [send for _, send in roof.house.waiting if isinstance(send.command, RemoteStop)]
