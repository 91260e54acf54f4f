"""A sample of the campaign `year`: one winter and one summer night and day by the quarter hour, some of an evening by the second."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.campaigns.year.__main__ import play_year
from tests.campaigns.year.judge import judged
from tests.campaigns.year.play import Play
from tests.campaigns.year.world import home, visits


@pytest.mark.parametrize(
    "first", [datetime(2026, 1, 7, tzinfo=UTC), datetime(2026, 6, 9, tzinfo=UTC)]
)
def test_a_day_by_the_quarter_hour(first: datetime) -> None:
    play = play_year(7, 1, first)
    assert play.house.now == first + timedelta(days=1)
    verdict = judged("sample", play)
    assert not verdict.faults, verdict.line
    assert sum(point.register_wh for point in play.house.points) > 5_000


def test_an_hour_of_a_winter_evening_by_the_second() -> None:
    first = datetime(2026, 1, 14, 17, tzinfo=UTC)
    play = Play(home(7, first), tuple(visits(7, first.replace(hour=0), 2)))
    play.run(first + timedelta(hours=1), by_second=True)
    assert play.steps == 3600
    verdict = judged("sample", play)
    assert not verdict.faults, verdict.line


def test_without_control_the_judge_finds_fault() -> None:
    first = datetime(2026, 1, 14, 17, tzinfo=UTC)
    play = Play(home(7, first), tuple(visits(7, first.replace(hour=0), 2)))
    play.house.go_down()
    play.run(first + timedelta(minutes=30), by_second=True)
    faults = judged("sample", play).faults
    assert any("trips" in fault for fault in faults)
    assert any("over its limit" in fault for fault in faults)
