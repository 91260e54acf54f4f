"""The look at the whole site: who may draw how much now, and telling the chargers what changed for them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from ..balancing.battery import boosted
from ..balancing.claims import Allotted, Asking, allot, ask, insisting, share_of, unpaused
from ..balancing.delay import Delayed, delayed, drawn_s
from ..balancing.draws import draws, phases_seen, phases_used, site_phases
from ..balancing.grants import decided
from ..balancing.limits import EPOCH, limit_of
from ..balancing.patience import Share, share
from ..balancing.phases import explained, held_back
from ..balancing.waking import PULSE, asleep, watched
from ..circuit.bounds import Bound, Branch, Tap, ancestry, bounds, steps
from ..model.allowance import Allowance, Feed, Reason, ReasonKind
from ..model.circuit import NOMINAL_V, Amps, CircuitLoad, summed
from ..model.energy import ChargeMode
from ..model.events import SiteObserved
from ..model.ids import CircuitId, EvseId
from ..model.session import Session
from ..model.state import Circuit, TariffState
from ..model.tariff import Tariff
from ..model.waking import Waking
from ..tariff.cheap import is_cheap
from .battery import hold_battery, look_at_battery
from .branches import Branches, observed_branches
from .context import Context
from .fallbacks import Fallback, fallbacks
from .grid import hear_grid, orders_of
from .guests import look_at_guests
from .holding import held_a
from .learning import learn
from .limiting import apply_limits, cannot_limit, is_bound, is_stubborn, keep_limits
from .peak import peak_bound
from .phasing import phased
from .places import Place, places, plan_in_force
from .requests import stop_session
from .sun import sun_bounds, under_sun
from .timing import outlives_us


def observed(context: Context, event: SiteObserved) -> None:
    """Let every EVSE on a circuit have what fits, and tell the chargers what changed for them."""
    loads = {load.circuit: load for load in event.circuits}
    _take_over(context, loads)
    look_at_battery(context, event)
    found = list(places(context.draft))
    _forget_others(context, {place.evse.id for place in found})
    before = {place.evse.id: _before(context, place) for place in found}
    hear_grid(context, event, found, before)
    if not found:
        hold_battery(context, {}, event)
        return
    asking = [place for place in found if _asks(place)]
    before |= under_sun(context, asking, before, event)
    prices = _Prices(context)
    granted = {
        place.evse.id: _allotted(context, place, before[place.evse.id], prices) for place in asking
    }
    before |= {evse: each.allowance for evse, each in granted.items()}
    allotted = {evse: each.allotted for evse, each in granted.items()}
    before |= phased(context, found, before, allotted, event)
    before |= {
        each.evse.id: watched(each.evse, before[each.evse.id], context.now) for each in asking
    }
    fallback = fallbacks(context, event, found)
    branches = _with_fixed(context, observed_branches(context, loads), found, before)
    askings = {
        place.evse.id: _asking(
            context, place, before[place.evse.id], allotted[place.evse.id], event
        )
        for place in asking
    }
    taps = [_tap(context, place, before[place.evse.id]) for place in asking]
    limits = (
        *bounds(branches.values(), taps),
        *sun_bounds(context, asking, before, askings, taps, event),
        *_of_grid(context, event, found, before, taps),
    )
    shares = share(askings, before, limits, context.now)
    for place in found:
        evse = place.evse.id
        after = (
            _decided(context, place, shares[evse], fallback[evse])
            if evse in shares
            else _uncontrolled(context, place, before[evse].with_fallback(*fallback[evse]))
        )
        context.draft.put(after)
        keep_limits(context, evse)
        if place.evse.refuses_pause and evse in shares and not after.limit_a:
            # Not even its least is there, or it is to be off.
            _stop(context, place)
    learn(context, found)
    look_at_guests(context, found)
    hold_battery(context, {evse: each.allotted for evse, each in askings.items()}, event)


def _of_grid(
    context: Context,
    event: SiteObserved,
    found: Sequence[Place],
    before: Mapping[EvseId, Allowance],
    taps: Sequence[Tap],
) -> tuple[Bound, ...]:
    """Return what the grid's operator leaves as bounds, and end what exceeds its orders and takes no limits."""
    fixed = {
        place.evse.id: sum(_fixed(context, place, before[place.evse.id]), Decimal(0)) * NOMINAL_V
        for place in found
        if place.session is not None and not _asks(place)
    }
    orders = orders_of(context, event, found, fixed)
    too_much = orders.beyond(fixed)
    for place in found:
        if place.evse.id in too_much:
            _stop_stubborn(context, place)
    asking = [place for place in found if _asks(place)]
    return (*orders.bounds(taps), *peak_bound(context, event, asking, before, taps, fixed))


class _Prices:
    """Whether an hour is cheap, asked once for each tariff."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._known: dict[Tariff | None, bool] = {}
        named = context.settings.import_tariff
        grid = None if named is None else context.draft.get(TariffState, named)
        self._grid = None if grid is None else grid.settings.tariff

    def cheap(self, session: Session | None) -> bool:
        """Return whether power is cheap now: for the site where that is known, else for who charges."""
        tariff = self._grid or (None if session is None else session.tariff)
        if tariff not in self._known:
            context = self._context
            known = None if tariff is None else context.draft.get(TariffState, tariff.id)
            series = None if known is None else known.series
            self._known[tariff] = is_cheap(tariff, series, context.zone, context.now)
        return self._known[tariff]


def _take_over(context: Context, loads: Mapping[CircuitId, CircuitLoad]) -> None:
    """Note which limits are in force and whose meters are silent."""
    for circuit in context.draft.all(Circuit):
        load = loads.get(circuit.key)
        if load is not None:
            context.draft.put(
                replace(
                    circuit,
                    limit_a=load.limit_a,
                    power_limit_w=load.power_limit_w,
                    blind=load.blind,
                )
            )


def _forget_others(context: Context, controlled: set[EvseId]) -> None:
    """Let go of EVSEs that hang on no circuit any more: their chargers still hold our limits."""
    for allowance in context.draft.all(Allowance):
        if allowance.id in controlled:
            continue
        context.draft.remove(Allowance, allowance.id)
        context.draft.put(replace(context.evse(allowance.id), ever_limited=True))
        apply_limits(context, allowance.id)


def _before(context: Context, place: Place) -> Allowance:
    """Return an EVSE's allowance so far; before the first one it may draw what its owner lets it."""
    if place.allowance is not None:
        # Who cannot be paused does not wait for room either.
        waits = place.evse.refuses_pause and place.allowance.off_since is not None
        return replace(place.allowance, off_since=None) if waits else place.allowance
    limit = Decimal(0) if place.session is None else limit_of(place.evse, place.settings)
    return Allowance(id=place.evse.id, limit_a=limit, since=context.now)


def _asks(place: Place) -> bool:
    """Return whether an EVSE's limit is ours to decide now."""
    away = place.charger.connection is None
    return place.session is not None and not away and is_bound(place.charger, place.evse)


def _with_fixed(
    context: Context,
    branches: Branches,
    found: Sequence[Place],
    before: Mapping[EvseId, Allowance],
) -> Branches:
    """Return the tree with what EVSEs draw whatever we say: those away, and those that take no limits.

    Of the latter, whoever overloads a circuit is stopped; the least important comes last and finds it full.
    """
    parents = {key: branch.parent for key, branch in branches.items()}
    loaded = dict(branches)
    fixed = [
        place
        for place in found
        if place.session is not None and (not _asks(place) or place.charger.rejections)
    ]
    for place in sorted(fixed, key=_importance):
        drawn = _fixed(context, place, before[place.evse.id])
        chain = ancestry(place.circuit, parents)
        if any(_overloads(loaded[circuit], drawn) for circuit in chain):
            _stop_stubborn(context, place)
        reserved = _reserved(place, drawn, before[place.evse.id])
        for circuit in chain:
            branch = loaded[circuit]
            loaded[circuit] = replace(branch, load_a=summed(branch.load_a, reserved))
    return loaded


def _importance(place: Place) -> tuple[int, datetime]:
    began = EPOCH if place.session is None else place.session.start.at
    return share_of(place.settings.priority)[0], began


def _overloads(branch: Branch, drawn: Amps) -> bool:
    return any(
        amps_drawn and load + amps_drawn > branch.limit_a
        for amps_drawn, load in zip(drawn, branch.load_a, strict=True)
    )


def _reserved(place: Place, drawn: Amps, allowance: Allowance) -> Amps:
    """Return what others leave an EVSE: one that ignores its limits may draw the one it goes by at any moment.

    One that turned a limit down may take it yet; until then it draws more than that.
    """
    heed = place.evse.heed
    if _asks(place):
        limit = allowance.limit_a
        first, second, third = (max(each - limit, Decimal(0)) for each in drawn)
        return first, second, third
    if heed.ignored_since is None or heed.really_a is None:
        return drawn
    phases, limit = site_phases(place.settings), heed.really_a
    first, second, third = (
        max(each, limit) if phase in phases else each for phase, each in enumerate(drawn)
    )
    return first, second, third


def _stop_stubborn(context: Context, place: Place) -> None:
    """End the transaction of a charger that takes no limits: the only way it draws less (F42)."""
    if is_stubborn(place.charger, place.evse):
        _stop(context, place)


def _stop(context: Context, place: Place) -> None:
    session = place.session
    if session is None or context.evse(place.evse.id).expected_stop is not None:
        return
    if place.charger.connection is not None:
        command = context.number(place.charger)
        stop_session(context, place.charger, session, command, attempts=1)


def _fixed(context: Context, place: Place, allowance: Allowance) -> Amps:
    """Return what an EVSE that is not ours to decide may draw."""
    if place.charger.connection is not None:
        first, second, third = (
            each.expected for each in draws(place.evse, allowance, place.settings, context.now)
        )
        return first, second, third
    offline = place.charger.disconnected_at
    lasts = offline is None or context.now - offline < outlives_us(place.charger, place.evse)
    told = allowance.limit_a if lasts else Decimal(0)
    limit = max(allowance.floor_a, told, held_a(context, place.charger, place.evse))
    first, second, third = (
        limit if phase in site_phases(place.settings) else Decimal(0) for phase in range(3)
    )
    return first, second, third


def _allotted(context: Context, place: Place, allowance: Allowance, prices: _Prices) -> Delayed:
    """Return what an EVSE's mode allots it, after a random delay where there is to be one."""
    mode = place.evse.mode
    plan = plan_in_force(context.draft, place, context.now)
    cheap = mode is ChargeMode.SMART and plan is None and prices.cheap(place.session)
    allotted = allot(mode, allowance, cheap=cheap, plan=plan, now=context.now)
    if place.evse.boosts:
        allotted, mode = boosted(allotted), ChargeMode.FAST
    session, settings = place.evse.session or "", context.settings
    if allowance.session != session:
        allowance = replace(allowance, feed=Feed.NONE, turns_at=None)
    seconds = drawn_s(settings.secret, session, context.now, settings.grid.delay_s)
    return delayed(allotted, allowance, mode, timedelta(seconds=seconds), context.now)


def _asking(
    context: Context, place: Place, allowance: Allowance, allotted: Allotted, event: SiteObserved
) -> Asking:
    """Return what an EVSE asks for; while not all meters have spoken since the start, no more than it has."""
    if allowance.phasing is not None:
        allotted = held_back(allotted, allowance.phasing)
    if allowance.waking.pulse_at is not None:
        allotted = PULSE
    if place.evse.refuses_pause:
        allotted = unpaused(allotted)
    asking = ask(place.evse, allowance, place.settings, context.now, allotted)
    held = steps(allowance.limit_a)
    if not event.complete and asking.claim.most > held:
        most = replace(asking.claim, most=held)
        asking = replace(asking, claim=most, reason=Reason(ReasonKind.STARTING))
    return insisting(asking) if place.evse.refuses_pause else asking


def _tap(context: Context, place: Place, allowance: Allowance) -> Tap:
    return Tap(
        evse=place.evse.id,
        circuit=place.circuit,
        phases=phases_used(place.evse, allowance, place.settings, context.now),
    )


def _decided(context: Context, place: Place, got: Share, fallback: Fallback) -> Allowance:
    allowance, session = got.allowance.with_fallback(*fallback), place.evse.session or ""
    seen = phases_seen(place.evse, allowance, place.settings, context.now)
    if seen and session == allowance.session:
        allowance = replace(allowance, phases=seen)
    return asleep(explained(decided(allowance, got.asking, got.grant, session, context.now)))


def _uncontrolled(context: Context, place: Place, allowance: Allowance) -> Allowance:
    """Return the allowance of an EVSE nobody decides about now: the floor holds, or nothing does."""
    if place.session is None:
        kind, limit = ReasonKind.READY, min(allowance.floor_a, limit_of(place.evse, place.settings))
    elif place.charger.connection is None:
        kind, limit = ReasonKind.AWAY, allowance.limit_a
    else:
        # One that may yet come to obey is told what fits in any case.
        floor = min(allowance.floor_a, limit_of(place.evse, place.settings))
        limit = place.settings.max_current_a if cannot_limit(place.charger) else floor
        kind, allowance = ReasonKind.UNCONTROLLED, replace(allowance, session=place.session.id)
    return replace(
        allowance.with_limit(limit, context.now),
        phases=() if place.session is None else allowance.phases,
        waking=Waking() if place.session is None else allowance.waking,
        session=None if place.session is None else allowance.session,
        on_since=None if place.session is None else allowance.on_since,
        off_since=None,
        room_since=None,
        reason=Reason(kind),
    )
