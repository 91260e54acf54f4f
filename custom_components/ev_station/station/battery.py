"""The home battery's part in a look at the site: supporting cars, a boost that ends, holding it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..balancing.battery import boost_is_over, held, lends, lent_w, needs_hold
from ..balancing.claims import FREELY, Allotted
from ..model.events import SiteObserved
from ..model.ids import EvseId
from ..model.state import SITE, Charger, Evse, HomeBattery
from ..model.status import FLOWING
from .context import Context


def look_at_battery(context: Context, event: SiteObserved) -> None:
    """Note whether it supports cars, end boosts that are over; a boost lets it go at once."""
    settings, before = context.settings.battery, home_battery(context)
    over = settings is None or boost_is_over(event.battery_percent, settings)
    for evse in context.draft.all(Evse):
        if evse.boosts and (over or evse.session is None):
            context.draft.put(replace(evse, boosts=False))
    if settings is not None:
        after = replace(before, lends=lends(before, event.battery_percent, settings))
        is_drained = _is_drained(context, event)
        context.draft.put(replace(after, held=False, held_until=None) if is_drained else after)


def _is_drained(context: Context, event: SiteObserved) -> bool:
    """Return whether a boost drains it; while nobody knows its level none does."""
    known = event.battery_percent is not None
    return known and any(evse.boosts for evse in context.draft.all(Evse))


def home_battery(context: Context) -> HomeBattery:
    """Return what the home battery is to do."""
    return context.draft.get(HomeBattery, SITE) or HomeBattery()


def over_w(context: Context, event: SiteObserved) -> int:
    """Return what cars that follow the sun may draw together: the surplus, and what the battery lends them."""
    return (event.surplus_w or 0) + _lent_w(context, event, boosts=False)


def boost_w(context: Context, event: SiteObserved) -> int:
    """Return what the battery gives besides to cars it is drained into."""
    lent = _lent_w(context, event, boosts=False)
    return _lent_w(context, event, boosts=True) - lent


def _lent_w(context: Context, event: SiteObserved, *, boosts: bool) -> int:
    if event.surplus_w is None:
        return 0
    settings = context.settings.battery
    return lent_w(home_battery(context), settings, event, boosts=boosts)


def hold_battery(
    context: Context, allotted: Mapping[EvseId, Allotted], event: SiteObserved
) -> None:
    """Hold it while a car charges with more than the sun; whoever is not ours to decide about may do so."""
    if context.settings.battery is None:
        return
    over = over_w(context, event)
    needed = not _is_drained(context, event) and any(
        needs_hold(allotted.get(evse.id, FREELY), _power_w(evse), over)
        for evse in _charging(context)
    )
    context.draft.put(held(home_battery(context), context.now, needed=needed))


def _charging(context: Context) -> Iterator[Evse]:
    for charger in context.draft.all(Charger):
        for number in charger.evses if charger.connection is not None else ():
            evse = context.evse(number)
            if evse.session is not None and evse.status in FLOWING and _power_w(evse) != 0:
                yield evse


def _power_w(evse: Evse) -> int | None:
    return None if evse.live.power_w is None else int(evse.live.power_w)
