"""The month's peak: the highest quarter-hour mean of what the grid gives, which is billed in Belgium.

A quarter hour has an energy it may use up without raising the peak. What is left of it, spread over the rest
of the quarter hour, is what the site may draw. A car that charges goes on with its least for as long as the house
alone keeps to it thereafter.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from ..model.grid import Quarter, QuarterMean, Tally
from ..model.state import Grid

QUARTER: Final = timedelta(minutes=15)
_SECONDS: Final = int(QUARTER.total_seconds())
_MARGIN_W: Final = 100
"""Kept, so that meters that lag and cars that follow late end below the peak and not at it."""
_SHORTEST_S: Final = 60
"""An excess is never made up for in less: in the last seconds a watt too much would stop every car."""
_STEP_W: Final = 100
"""Room is told in whole steps of this, so that cars are not told a new limit every second."""
KEPT_W: Final = _MARGIN_W + _STEP_W
"""So much of the peak may be left, whatever there is to draw: plans count on the rest."""
REACTION_S: Final = 30
"""Within this meters have shown what the house draws, chargers have heard of it and cars have stopped."""
_SHOWN_EVERY: Final = timedelta(seconds=30)
_OTHERS_WORD_AFTER: Final = timedelta(seconds=30)
"""A meter that tells of this quarter hour may still tell of the one before until then."""


def quarter_of(now: datetime) -> datetime:
    """Return when a moment's quarter hour began; quarter hours are the same in every zone in use."""
    local = now.astimezone(UTC)
    return local.replace(minute=local.minute - local.minute % 15, second=0, microsecond=0)


def tallied(
    tally: Tally | None,
    shown: Quarter | None,
    grid_w: int | None,
    quarter_w: int | None,
    house_w: int | None,
    now: datetime,
) -> Tally | None:
    """Return the quarter hour so far after a look; None as long as nothing was ever measured.

    `shown` is what was known before a restart, `grid_w` what the grid gives now and `house_w` what of it to all but
    our EVSEs, `quarter_w` this quarter hour's energy so far by a meter that reckons itself, as a mean over the whole
    quarter hour. While the meter is silent the last power counts on.
    """
    start = quarter_of(now)
    if tally is None:
        if grid_w is None:
            return None
        tally = _found(shown, start, max(grid_w, 0), now)
    passed = _passed(tally, start, now)
    power = tally.power_w if grid_w is None else max(grid_w, 0)
    if quarter_w is not None and now - start >= _OTHERS_WORD_AFTER:
        passed = passed._replace(energy_ws=quarter_w * _SECONDS)
    house = max(passed.house_w, house_w or 0)
    return passed._replace(power_w=power, looked_at=now, house_w=house)


def _found(shown: Quarter | None, start: datetime, power_w: int, now: datetime) -> Tally:
    """Return a quarter hour one finds oneself in: what is not known of it was as it is now."""
    if shown is None or shown.start != start:
        return Tally(start, _energy(power_w, start, now), power_w, now)
    return Tally(start, shown.energy_ws + _energy(power_w, shown.at, now), power_w, now)


def _passed(tally: Tally, start: datetime, now: datetime) -> Tally:
    """Return a tally after the time since the last look, in which the power was what it was then."""
    if start <= tally.start:
        return tally._replace(
            energy_ws=tally.energy_ws + _energy(tally.power_w, tally.looked_at, now)
        )
    end = tally.start + QUARTER
    whole = tally.energy_ws + _energy(tally.power_w, tally.looked_at, end)
    last = QuarterMean(tally.start, round(whole / _SECONDS), tally.house_w)
    return Tally(start, _energy(tally.power_w, start, now), tally.power_w, now, last)


def _energy(power_w: int, since: datetime, until: datetime) -> int:
    return max(int(power_w * (until - since).total_seconds()), 0)


def followed(grid: Grid, tally: Tally, month: str, last_month: str, told_w: int | None) -> Grid:
    """Return how the site stands after a look: the month's peak so far, and this quarter hour as it is shown.

    `month` is the present one, `last_month` that of the quarter hour before; `told_w` is the month's peak by the
    operator's own meter, which is right.
    """
    peak = grid.peak_w if grid.month == month else 0
    if tally.last is not None and last_month == month:
        peak = max(peak, tally.last.mean_w)
    quarter = _shown(grid.quarter, tally)
    after = Grid(
        month=month,
        peak_w=peak if told_w is None else told_w,
        quarter=quarter,
        dimming=grid.dimming,
        percent=grid.percent,
    )
    return grid if after == grid else after


def _shown(before: Quarter | None, tally: Tally) -> Quarter:
    """Return the quarter hour to be shown; each new one is written down, so not every watt makes one."""
    expected = expected_w(tally)
    if before is not None and before.start == tally.start:
        changed = abs(expected - before.expected_w) >= _STEP_W
        if not changed or tally.looked_at - before.at < _SHOWN_EVERY:
            return before
    return Quarter(tally.start, tally.looked_at, tally.energy_ws, expected)


def expected_w(tally: Tally) -> int:
    """Return the quarter hour's mean if all goes on as it is."""
    rest = _energy(tally.power_w, tally.looked_at, tally.start + QUARTER)
    return round((tally.energy_ws + rest) / _SECONDS)


def room_w(tally: Tally, peak_w: int, net_w: int, running_w: int, now: datetime) -> int:
    """Return what cars may draw together without raising the peak.

    `net_w` is what the grid gives to everything else, `running_w` the least of the cars that charge now. They go on
    with that while it is in time to stop later; none begins that could not go on for the whole quarter hour.
    """
    left_s = int((tally.start + QUARTER - now).total_seconds())
    unused_ws = peak_w * (_SECONDS - left_s) - tally.energy_ws
    spread = peak_w + unused_ws // max(left_s, _SHORTEST_S) - net_w
    steady = peak_w - _MARGIN_W - net_w
    for_any = min(spread, steady) // _STEP_W * _STEP_W
    for_running = max(spread, _until_stopped_w(tally, peak_w, net_w, left_s))
    return max(for_any, min(for_running, running_w))


def _until_stopped_w(tally: Tally, peak_w: int, net_w: int, left_s: int) -> int:
    """Return what may be drawn until cars have stopped, if the house then goes on as it did at its worst of late.

    A house that was above the peak for a while is not taken to be so for the rest of the quarter hour.
    """
    kept_w = peak_w - _MARGIN_W
    of_late_w = max(tally.house_w, tally.last.house_w if tally.last else 0)
    house_w = max(net_w, min(of_late_w, kept_w))
    spare_ws = kept_w * _SECONDS - tally.energy_ws - house_w * left_s
    return spare_ws // min(REACTION_S, max(left_s, 1))
