"""The month's peak: the highest quarter-hour mean of what the grid gives, which is billed in Belgium.

A quarter hour has an energy it may use up without raising the peak. What is left of it, spread over the rest
of the quarter hour, is what the site may draw.
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
    now: datetime,
) -> Tally | None:
    """Return the quarter hour so far after a look; None as long as nothing was ever measured.

    `shown` is what was known before a restart, `grid_w` what the grid gives now, `quarter_w` this quarter hour's
    energy so far by a meter that reckons itself, as a mean over the whole quarter hour. While the meter is
    silent the last power counts on.
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
    return passed._replace(power_w=power, looked_at=now)


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
    last = QuarterMean(tally.start, round(whole / _SECONDS))
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

    `net_w` is what the grid gives to everything else, `running_w` the least of the cars that charge now. What was
    not used up earlier in the quarter hour keeps cars going, but lets none begin that would have to stop with it.
    """
    left_s = int((tally.start + QUARTER - now).total_seconds())
    unused_ws = peak_w * (_SECONDS - left_s) - tally.energy_ws
    spread = peak_w + unused_ws // max(left_s, _SHORTEST_S) - net_w
    steady = peak_w - _MARGIN_W - net_w
    room = min(spread, max(steady, running_w))
    whole = room // _STEP_W * _STEP_W
    return max(whole, running_w) if room >= running_w else whole
