"""What the sun leaves, who may live on it, and with how much patience."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.balancing.allocation import Rank
from custom_components.ev_station.balancing.claims import FREELY, Allotted, Supply, allot, ask
from custom_components.ev_station.balancing.draws import drawn_w
from custom_components.ev_station.balancing.loads import NOTHING_DRAWN, Drawn
from custom_components.ev_station.balancing.surplus import (
    Bather,
    Sun,
    forgotten,
    looked,
    reached,
    sun_on,
    taken_w,
    weathered,
)
from custom_components.ev_station.model.allowance import Allowance, ReasonKind
from custom_components.ev_station.model.energy import (
    BatterySettings,
    ChargeMode,
    EnergyReading,
    SurplusSettings,
)
from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.settings import EvseSettings
from custom_components.ev_station.model.state import Evse, Live
from custom_components.ev_station.model.status import EvseStatus

NOW = datetime(2026, 6, 21, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ID = EvseId("CP1", 1)
SETTINGS = SurplusSettings()
BATTERY = BatterySettings(first_below_percent=50)
DARK = Allowance(id=ID, since=NOW - 60 * SECOND, limit_a=Decimal(10))
SUNNY = replace(DARK, sunny=True)
CLOUDED = replace(SUNNY, sun_turned_at=NOW - SECOND)


def watts(value: int | None) -> Decimal | None:
    """Return a power."""
    return None if value is None else Decimal(value)


@pytest.mark.parametrize(
    ("grid", "battery", "percent", "taken"),
    [
        (None, None, None, None),
        (-3000, None, None, -3000),
        (500, None, 80, 500),
        # The battery takes 2 kW: over, unless it comes first.
        (-1000, 2000, None, -3000),
        (-1000, 2000, 50, -3000),
        (-1000, 2000, 49, -1000),
        # What the battery gives is no sun.
        (-100, -2000, 90, 1900),
        (-100, -2000, 10, 1900),
        (0, 0, 10, 0),
    ],
)
def test_what_the_site_takes(
    grid: int | None, battery: int | None, percent: int | None, taken: int | None
) -> None:
    reading = EnergyReading(
        grid_w=watts(grid), battery_w=watts(battery), battery_percent=watts(percent), at=NOW
    )
    assert taken_w(reading, BATTERY) == taken


def at(seconds: int) -> datetime:
    """Return a moment after the first look."""
    return NOW + seconds * SECOND


def drawn(power: int, most: int, seconds: int = 0) -> Drawn:
    """Return what cars draw, as measured then."""
    return Drawn(Decimal(0), Decimal(most), Decimal(power), at(seconds))


def test_what_cars_draw_is_over_too() -> None:
    memory = looked(None, Decimal(-500), drawn(4500, 7000), NOW)
    assert memory.followed_w == 5000
    memory = looked(None, Decimal(-500), Drawn(Decimal(4000), Decimal(7000)), NOW)
    assert memory.followed_w == 4500


@pytest.mark.parametrize(
    ("surplus", "seconds", "followed"),
    [
        # An ampere less is worth following after a minute, an ampere more after two.
        (2770, 59, 3000),
        (2770, 60, 2770),
        (3230, 119, 3000),
        (3230, 120, 3230),
        # Less never is.
        (2771, 600, 3000),
        (3229, 600, 3000),
        # The larger the change, the sooner, but for ten seconds.
        (2540, 29, 3000),
        (2540, 30, 2540),
        (4000, 27, 3000),
        (4000, 28, 4000),
        (1000, 9, 3000),
        (1000, 10, 1000),
        (9000, 9, 3000),
        (9000, 10, 9000),
        # But for a loss that hurts.
        (999, 1, 999),
    ],
)
def test_a_change_is_followed_once_it_was_worth_it(
    surplus: int, seconds: int, followed: int
) -> None:
    memory = looked(None, Decimal(-3000), NOTHING_DRAWN, NOW)
    after = looked(memory, Decimal(-surplus), NOTHING_DRAWN, at(seconds))
    assert after.followed_w == followed


def test_a_car_that_begins_by_itself_is_not_the_houses() -> None:
    memory = looked(None, Decimal(-5000), drawn(0, 5000), NOW)
    memory = looked(memory, Decimal(-1000), drawn(0, 5000), at(20))
    assert (memory.followed_w, memory.doubted_since) == (5000, at(20))
    memory = looked(memory, Decimal(-1000), drawn(4000, 5000, 30), at(31))
    assert (memory.followed_w, memory.doubted_since) == (5000, None)


def bather(name: str, least_w: int, *, running: bool = False, place: int = 0) -> Bather:
    """Return somebody who hopes for the sun."""
    return Bather(evse=EvseId(name, 1), least_w=least_w, running=running, rank=Rank(0, place, NOW))


def test_who_runs_is_not_replaced() -> None:
    one, other = bather("A", 1400), bather("B", 1400, running=True, place=9)
    assert reached([one, other], 1500) == {other.evse}
    assert reached([one, other], 2800) == {one.evse, other.evse}
    assert reached([one, other], 1399) == set()


def test_a_smaller_car_uses_what_a_larger_cannot() -> None:
    assert reached([bather("A", 4140), bather("B", 1380, place=1)], 2000) == {EvseId("B", 1)}


@given(
    st.lists(st.tuples(st.integers(100, 5000), st.booleans(), st.integers(0, 3)), max_size=8),
    st.integers(-5000, 20000),
)
def test_nobody_is_promised_more_than_there_is(
    wishes: list[tuple[int, bool, int]], surplus: int
) -> None:
    bathers = [
        bather(f"E{number}", least, running=running, place=place)
        for number, (least, running, place) in enumerate(wishes)
    ]
    found = reached(bathers, surplus)
    assert sum(each.least_w for each in bathers if each.evse in found) <= max(surplus, 0)


def test_the_weather_turns_with_patience() -> None:
    turning = weathered(DARK, SETTINGS, NOW, reached=True)
    assert (turning.sunny, turning.sun_turned_at, sun_on(turning)) == (False, NOW, Sun.GONE)
    assert weathered(turning, SETTINGS, at(59), reached=True) == turning
    risen = weathered(turning, SETTINGS, at(60), reached=True)
    assert (risen.sunny, risen.sun_turned_at, sun_on(risen)) == (True, None, Sun.SHINES)
    assert weathered(turning, SETTINGS, at(30), reached=False).sun_turned_at is None
    clouded = weathered(risen, SETTINGS, at(100), reached=False)
    assert sun_on(clouded) is Sun.CLOUDED
    assert weathered(clouded, SETTINGS, at(279), reached=False).sunny
    assert not weathered(clouded, SETTINGS, at(280), reached=False).sunny
    assert sun_on(weathered(clouded, SETTINGS, at(200), reached=True)) is Sun.SHINES


@pytest.mark.parametrize("known", [SUNNY, CLOUDED, replace(DARK, sun_turned_at=NOW)])
def test_weather_of_another_time_is_forgotten(known: Allowance) -> None:
    after = forgotten(known)
    assert (after.sunny, after.sun_turned_at) == (False, None)
    assert forgotten(DARK) is DARK


@pytest.mark.parametrize(
    ("mode", "allowance", "cheap", "allotted"),
    [
        (ChargeMode.FAST, DARK, False, FREELY),
        (ChargeMode.OFF, SUNNY, True, Allotted(Supply.NONE, ReasonKind.OFF)),
        (ChargeMode.SOLAR_MIN, DARK, False, Allotted(of_sun=True, guaranteed=True)),
        (ChargeMode.SOLAR, SUNNY, True, Allotted(of_sun=True)),
        (ChargeMode.SOLAR, CLOUDED, True, Allotted(Supply.LEAST, ReasonKind.CLOUD)),
        (ChargeMode.SOLAR, DARK, True, Allotted(Supply.NONE, ReasonKind.NO_SUN)),
        (ChargeMode.SMART, DARK, True, Allotted(reason=ReasonKind.CHEAP)),
        (ChargeMode.SMART, SUNNY, False, Allotted(of_sun=True)),
        (ChargeMode.SMART, DARK, False, Allotted(Supply.NONE, ReasonKind.DEAR)),
    ],
)
def test_what_a_mode_allots(
    mode: ChargeMode, allowance: Allowance, cheap: bool, allotted: Allotted
) -> None:
    assert allot(mode, allowance, cheap=cheap) == allotted


@pytest.mark.parametrize(
    ("allotted", "most", "kind"),
    [
        (FREELY, 160, ReasonKind.MAXIMUM),
        (Allotted(of_sun=True), 160, ReasonKind.MAXIMUM),
        (Allotted(reason=ReasonKind.CHEAP), 160, ReasonKind.CHEAP),
        (Allotted(Supply.LEAST, ReasonKind.CLOUD), 60, ReasonKind.CLOUD),
        (Allotted(Supply.NONE, ReasonKind.NO_SUN), 0, ReasonKind.NO_SUN),
    ],
)
def test_what_is_asked_for_within_it(allotted: Allotted, most: int, kind: ReasonKind) -> None:
    settings = EvseSettings(evse=1, max_current_a=Decimal(16))
    evse = Evse(id=ID, status=EvseStatus.CHARGING)
    asking = ask(evse, DARK, settings, NOW, allotted)
    assert (asking.claim.most, asking.reason.kind) == (most, kind)
    limited = ask(replace(evse, limit_a=Decimal(8)), DARK, settings, NOW, allotted)
    assert limited.claim.most == min(most, 80)
    paused = ask(replace(evse, enabled=False), DARK, settings, NOW, allotted)
    assert (paused.claim.most, paused.reason.kind) == (0, ReasonKind.PAUSED)


def test_power_drawn() -> None:
    settings = EvseSettings(evse=1, phases=2)
    amps = (Decimal(8), Decimal(7), None)
    live = Live(at=NOW, currents_a=amps, power_w=Decimal(3500))
    evse = Evse(id=ID, live=live)
    assert drawn_w(evse, DARK, settings, NOW) == (3450, 4600, 3500, NOW, 0)
    unmeasured = replace(evse, live=replace(live, power_w=None))
    assert drawn_w(unmeasured, DARK, settings, NOW).likely == 3450
    underway = drawn_w(evse, replace(DARK, since=NOW), settings, NOW)
    assert (underway.likely, underway.measured_at) == (None, None)
