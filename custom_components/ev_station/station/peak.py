"""What the month's peak means to a plan: a limit where cars follow it, else a price where it has one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ..balancing.peak import KEPT_W
from ..model.settings import SiteSettings
from ..model.state import SITE, Grid, SiteState
from ..planning.peak import under_peak
from ..planning.problem import Capacity, Problem, Slot
from .sealing import local_month


def with_peak(problem: Problem, state: SiteState, site: SiteSettings, now: datetime) -> Problem:
    """Return a problem that knows what the month's peak allows or costs.

    A new month begins with what is billed anyway. With a price, the lowest peak of a plan's slots counts for all.
    """
    peaks = _peaks(problem.slots, state, site, now)
    if site.grid.follow_peak:
        return under_peak(problem, [peak_w - KEPT_W for peak_w in peaks])
    if site.grid.peak_price is None:
        return problem
    capacity = Capacity(peak_w=min(peaks), price_per_kw=float(site.grid.peak_price))
    return replace(problem, capacity=capacity)


def _peaks(
    slots: Sequence[Slot], state: SiteState, site: SiteSettings, now: datetime
) -> list[float]:
    """Return what is paid anyway in each slot's month, W."""
    zone, grid = ZoneInfo(site.time_zone), state.get(Grid, SITE) or Grid()
    month = local_month(now, zone)
    floor = site.grid.peak_floor_w
    known = max(grid.peak_w, floor) if grid.month == month else floor
    return [float(known if local_month(slot.start, zone) == month else floor) for slot in slots]
