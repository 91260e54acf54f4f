"""What an EVSE shows right now."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.model.ids import EvseId
from custom_components.ev_station.model.measurement import (
    Context,
    Measurement,
    Phase,
    Quantity,
    Sample,
)
from custom_components.ev_station.model.state import ClockEstimate, Evse, Live
from custom_components.ev_station.model.status import EvseStatus
from custom_components.ev_station.session.live import MAX_POWER_W, present, stilled, update

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
RIGHT = ClockEstimate()
L1, L2, L3 = Phase.L1, Phase.L2, Phase.L3


def sample(at: datetime | None, *found: tuple[Quantity, Phase | None, str | int]) -> Sample:
    """Return a sample of measurements."""
    return Sample(at, Context.PERIODIC, tuple(Measurement(q, p, Decimal(v)) for q, p, v in found))


def shown(*samples: Sample, now: datetime = NOON, live: Live | None = None) -> Live:
    """Return the live values after one message."""
    return update(live or Live(), samples, RIGHT, now)


@pytest.mark.parametrize(
    ("found", "power"),
    [
        ([(Quantity.POWER_IMPORT, None, 11_000)], 11_000),
        (
            [
                (Quantity.POWER_IMPORT, L1, 1000),
                (Quantity.POWER_IMPORT, L2, 1100),
                (Quantity.POWER_IMPORT, L3, 1200),
            ],
            3300,
        ),
        ([(Quantity.POWER_IMPORT, L1, 1000), (Quantity.POWER_IMPORT, None, 3000)], 3000),
        ([(Quantity.CURRENT_IMPORT, L1, 10), (Quantity.VOLTAGE, L1, 240)], 2400),
        ([(Quantity.CURRENT_IMPORT, L1, 10), (Quantity.CURRENT_IMPORT, L2, 10)], 4600),
        ([(Quantity.CURRENT_IMPORT, None, 10)], 2300),
        ([(Quantity.CURRENT_IMPORT, L1, 10), (Quantity.VOLTAGE, L1, 0)], 2300),
        ([(Quantity.POWER_IMPORT, None, 0), (Quantity.CURRENT_IMPORT, L1, 10)], 0),
        ([(Quantity.SOC, None, 50)], None),
    ],
)
def test_power_as_sent_else_amps_times_volts(
    found: list[tuple[Quantity, Phase | None, int]], power: int | None
) -> None:
    assert shown(sample(NOON, *found)).power_w == power


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([(Quantity.CURRENT_IMPORT, L1, 10)], True),
        ([(Quantity.CURRENT_IMPORT, None, 10)], False),
        ([(Quantity.CURRENT_IMPORT, None, 10), (Quantity.CURRENT_IMPORT, L2, 10)], True),
        ([(Quantity.CURRENT_IMPORT, None, 10), (Quantity.POWER_IMPORT, None, 6900)], True),
        ([(Quantity.POWER_IMPORT, None, 6900)], True),
    ],
)
def test_one_current_of_no_phase_tells_no_phases_unless_there_is_power(
    found: list[tuple[Quantity, Phase | None, int]], told: bool
) -> None:
    after = shown(sample(NOON, *found))
    assert after.phases_told is told
    assert shown(sample(NOON, (Quantity.SOC, None, 50)), live=after).phases_told is told


def test_what_a_sample_does_not_say_stays() -> None:
    before = shown(
        sample(
            NOON,
            (Quantity.POWER_IMPORT, None, 5000),
            (Quantity.CURRENT_IMPORT, L1, 7),
            (Quantity.VOLTAGE, None, 231),
            (Quantity.SOC, None, 40),
            (Quantity.TEMPERATURE, None, 21),
            (Quantity.FREQUENCY, None, 50),
            (Quantity.CURRENT_OFFERED, L1, 16),
            (Quantity.CURRENT_OFFERED, L2, 15),
            (Quantity.ENERGY_IMPORT_REGISTER, None, 900),
        )
    )
    after = shown(sample(NOON, (Quantity.CURRENT_IMPORT, L2, 8)), live=before)
    assert (before.power_w, after.power_w) == (5000, 8 * 230)
    assert after.currents_a == (7, 8, None)
    assert after.voltages_v == (231, None, None)
    assert (after.soc_percent, after.temperature_c, after.frequency_hz) == (40, 21, 50)
    warm = sample(NOON + MINUTE, (Quantity.TEMPERATURE, None, 22))
    later = shown(warm, now=NOON + MINUTE, live=before)
    assert (later.at, later.soc_at, later.soc_percent) == (NOON + MINUTE, NOON, 40)
    assert (after.offered_a, after.register_wh) == (16, 900)
    warmer = shown(sample(NOON, (Quantity.TEMPERATURE, None, 30)), live=after)
    assert (warmer.power_w, warmer.temperature_c) == (8 * 230, 30)


@pytest.mark.parametrize(
    ("at", "taken"),
    [
        (None, True),
        (NOON, True),
        (NOON - 10 * MINUTE, True),
        (NOON - 10 * MINUTE - SECOND, False),
        (NOON + HOUR, True),
        (datetime(2020, 1, 1, tzinfo=UTC), False),
    ],
)
def test_only_fresh_samples_are_shown(at: datetime | None, taken: bool) -> None:
    live = shown(sample(at, (Quantity.POWER_IMPORT, None, 11_000)))
    assert live.power_w == (11_000 if taken else None)
    assert live.at is None or live.at <= NOON


def test_the_older_of_two_is_not_shown_whatever_their_order() -> None:
    older = sample(NOON - MINUTE, (Quantity.POWER_IMPORT, None, 1))
    newer = sample(NOON, (Quantity.POWER_IMPORT, None, 2))
    assert shown(older, newer).power_w == shown(newer, older).power_w == 2


def test_the_clocks_error_is_taken_out() -> None:
    ahead = ClockEstimate(offset=2 * HOUR)
    stale = sample(NOON + HOUR, (Quantity.POWER_IMPORT, None, 1))
    fresh = sample(NOON + 2 * HOUR, (Quantity.POWER_IMPORT, None, 2))
    assert update(Live(), (stale,), ahead, NOON).power_w is None
    assert update(Live(), (fresh,), ahead, NOON).power_w == 2


def test_after_a_transaction_nothing_flows() -> None:
    live = shown(
        sample(NOON, (Quantity.POWER_IMPORT, None, 5000), (Quantity.CURRENT_IMPORT, L1, 7))
    )
    still = stilled(live, NOON + SECOND)
    assert (still.power_w, still.currents_a) == (0, (0, None, None))
    assert still.at == NOON + SECOND
    assert stilled(live, NOON - HOUR).at == NOON


def test_what_was_never_measured_does_not_become_0() -> None:
    assert stilled(Live(), NOON) == Live()
    only_soc = shown(sample(NOON, (Quantity.SOC, None, 40)))
    assert stilled(only_soc, NOON).power_w is None


def registers(raw: Iterable[str | int], every: timedelta = MINUTE) -> list[Decimal | None]:
    """Return what is shown after each raw register."""
    live, found = Live(), []
    for number, value in enumerate(raw):
        at = NOON + number * every
        reading = sample(at, (Quantity.ENERGY_IMPORT_REGISTER, None, value))
        live = update(live, (reading,), RIGHT, at)
        found.append(live.register_wh)
    return found


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ([100, 150, 250], [100, 150, 250]),
        # Falls to 0 for a moment, however often and however long.
        ([5000, 0, 5010, 0, 5020], [5000, 5000, 5010, 5010, 5020]),
        ([5000, 0, 0, 0, 0, 0, 5010, 5020], [5000] * 6 + [5010, 5020]),
        # Begins anew: what flows from then on is added.
        ([5000, 0, 100, 200, 300, 400], [5000, 5000, 5100, 5200, 5300, 5400]),
        ([5000, 0, 100, 0, 100, 200, 300, 6000], [5000, 5000, 5100, 5100, 5200, 5300, 5400, 11100]),
        # A jump no charger delivers shows nothing.
        ([5000, 10**9, 10**9 + 100], [5000, 5000, 5100]),
        ([5000, 10**9, 5100, 5200, 5300, 5400], [5000, 5000, 5000, 5100, 5200, 5300]),
        # Back by 1 Wh.
        ([42, 41, 42, 43], [42, 42, 42, 43]),
        # Two registers in turn.
        ([1000, 3, 1001, 4, 1002, 5], [1000, 1000, 1001, 1001, 1002, 1002]),
    ],
)
def test_the_register_shown(raw: list[int], expected: list[int]) -> None:
    assert registers(raw) == expected


@given(st.lists(st.integers(0, 10**10) | st.sampled_from([0, 16_000, 16_001]), min_size=2))
def test_the_register_shown_never_falls_and_never_jumps(raw: list[int]) -> None:
    found = [value for value in registers(raw) if value is not None]
    possible = MAX_POWER_W / 60 + 500
    assert all(0 <= after - before <= possible for before, after in pairwise(found))


@given(st.lists(st.integers(0, 5000), min_size=1), st.data())
def test_a_true_register_is_shown_as_it_is_despite_zeros(
    rises: list[int], data: st.DataObject
) -> None:
    true, raw, expected = 1_000_000, [1_000_000], [1_000_000]
    for rise in rises:
        true += rise
        glitch = data.draw(st.booleans())
        raw.append(0 if glitch else true)
        expected.append(expected[-1] if glitch else true)
    assert registers([*raw, true])[-1] == true
    assert registers(raw) == expected


@pytest.mark.parametrize(
    ("status", "told_after_s", "session", "power", "level"),
    [
        (EvseStatus.CHARGING, 5, "s", 7000, 60),
        (EvseStatus.SUSPENDED_EV, -5, "s", 7000, 60),
        (EvseStatus.SUSPENDED_EV, 5, "s", 0, 60),
        (EvseStatus.FINISHING, -5, None, 0, 60),
        (EvseStatus.AVAILABLE, 5, None, 0, None),
    ],
)
def test_what_the_status_says_is_over_is_not_shown(
    status: EvseStatus, told_after_s: int, session: str | None, power: int, level: int | None
) -> None:
    live = Live(
        at=NOON,
        power_w=Decimal(7000),
        currents_a=(Decimal(30), None, None),
        soc_percent=Decimal(60),
        soc_at=NOON,
    )
    found = present(
        Evse(
            id=EvseId("CP1", 1),
            status=status,
            status_at=NOON + told_after_s * SECOND,
            session=session,
            live=live,
        )
    )
    assert (found.power_w, found.soc_percent) == (power, level)
    assert found.soc_at == (NOON if level else None)
    assert found.currents_a == (30 if power else 0, None, None)


def test_a_power_nobody_measured_stays_unknown() -> None:
    found = present(Evse(id=EvseId("CP1", 1), status=EvseStatus.AVAILABLE))
    assert found.power_w is None
