"""A sample of the campaign `fortnight`: two days with an outage, by plans and charged at once."""

from dataclasses import replace

from tests.campaigns.fortnight.__main__ import FIRST, played
from tests.campaigns.fortnight.judge import judged, restless
from tests.campaigns.fortnight.play import Policy


def test_two_days_by_plans_cost_less_than_at_once_and_break_no_promise() -> None:
    at_once = played(1, FIRST, 2, Policy.AT_ONCE)
    plans = played(1, FIRST, 2, Policy.PLANS)
    verdict = judged(plans, at_once)
    assert not verdict.faults, verdict.line
    assert plans.tally.replans > 50
    assert plans.tally.kwh > 20
    dear, cheap = (each.tally.cost / each.tally.kwh for each in (at_once, plans))
    assert cheap < 0.95 * dear

    # Whoever leaves as told is to have what charging at once would have given; whoever leaves early is not promised it.
    left = plans.tally.left
    plans.tally.left = [replace(each, short_wh=0.1 * each.wanted_wh, starts=2) for each in left]
    as_told = [each for each in left if not each.visit.left_early]
    assert len(judged(plans, at_once).faults) == len(as_told) > 0
    assert restless(plans)
