"""The sparkline's points."""

from datetime import UTC, datetime, timedelta

from custom_components.ev_station.history import PowerHistory
from custom_components.ev_station.model.ids import EvseId

EVSE = EvseId("CP1", 1)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_samples_of_a_quarter_become_their_mean() -> None:
    history = PowerHistory()
    for minute, power in ((0, 1000), (5, 3000), (14, 2000), (15, 500)):
        history.add(EVSE, NOON + timedelta(minutes=minute), power)
    assert history.points(EVSE, NOON + timedelta(minutes=20)) == [
        ("2026-11-23T12:00:00+00:00", 2000),
        ("2026-11-23T12:15:00+00:00", 500),
    ]


def test_a_repeated_or_older_sample_counts_once() -> None:
    history = PowerHistory()
    for minute, power in ((16, 1000), (16, 9000), (15, 9000), (2, 9000)):
        history.add(EVSE, NOON + timedelta(minutes=minute), power)
    assert history.points(EVSE, NOON + timedelta(hours=1)) == [("2026-11-23T12:15:00+00:00", 1000)]


def test_at_most_a_day_is_kept() -> None:
    history = PowerHistory()
    for quarter in range(200):
        history.add(EVSE, NOON + timedelta(minutes=15 * quarter), quarter)
    now = NOON + timedelta(minutes=15 * 199)
    powers = [power for _, power in history.points(EVSE, now)]
    assert powers == list(range(104, 200))
    assert history.points(EVSE, now + timedelta(hours=12))[0][1] == 151


def test_nothing_is_known_of_a_silent_evse() -> None:
    history = PowerHistory()
    history.add(EVSE, None, 5)
    history.add(EVSE, NOON, None)
    assert history.points(EVSE, NOON) == []


def test_what_the_recorder_remembers_lies_under_what_was_measured() -> None:
    history = PowerHistory()
    history.add(EVSE, NOON, 5000)
    history.seed(
        EVSE, [(NOON - timedelta(minutes=15), 1), (NOON - timedelta(minutes=10), 3), (NOON, 9)]
    )
    assert [power for _, power in history.points(EVSE, NOON)] == [2, 5000]
    history.forget(EVSE)
    assert history.points(EVSE, NOON) == []


def test_a_seeded_history_goes_on() -> None:
    history = PowerHistory()
    history.seed(EVSE, [(NOON, 1000)])
    history.add(EVSE, NOON + timedelta(minutes=20), 3000)
    assert [power for _, power in history.points(EVSE, NOON + timedelta(hours=1))] == [1000, 3000]
