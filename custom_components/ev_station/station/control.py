"""The look at the whole site: who may draw how much now, and telling the chargers what changed for them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from ..balancing.battery import boosted
from ..balancing.claims import Allotted, Asking, allot, ask, insisting, share_of, unpaused
from ..balancing.delay import Delayed, delayed, drawn_s
from ..balancing.draws import draws, phases_seen, phases_used, site_phases
from ..balancing.floors import Seat, floors
from ..balancing.grants import decided
from ..balancing.limits import EPOCH, LIVE_FOR, limit_of
from ..balancing.patience import Share, share
from ..balancing.phases import explained, held_back, told_phases
from ..balancing.unattended import Berth, unattended
from ..balancing.waking import PULSE, asleep, watched
from ..circuit.bounds import Bound, Branch, Tap, ancestry, bounds, steps, steps_above
from ..model.allowance import Allowance, Feed, Reason, ReasonKind
from ..model.circuit import NOMINAL_V, Amps, CircuitLoad
from ..model.commands import ProfilePurpose
from ..model.energy import ChargeMode
from ..model.events import SiteObserved
from ..model.grid import NOTHING_HEARD
from ..model.ids import CircuitId, EvseId
from ..model.plan import EvsePlan, PlanPeriod
from ..model.session import Session
from ..model.state import Circuit, Evse, TariffState
from ..model.tariff import Tariff
from ..model.waking import Waking
from ..tariff.cheap import is_cheap
from .battery import hold_battery, look_at_battery
from .context import Context
from .grid import hear_grid, orders_of
from .learning import learn
from .limiting import apply_limits, cannot_limit, holds_plans, is_bound, is_stubborn, keep_limits
from .peak import peak_bound
from .phasing import phased
from .places import Place, places, plan_in_force
from .requests import stop_session
from .sun import sun_bounds, under_sun

type _Fallback = tuple[Decimal, tuple[PlanPeriod, ...]]
type _Branches = Mapping[CircuitId, Branch]


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
    fallbacks = _fallbacks(context, event, found)
    branches = _with_fixed(context, _branches(context, loads), found, before)
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
            _decided(context, place, shares[evse], fallbacks[evse])
            if evse in shares
            else _uncontrolled(context, place, before[evse].with_fallback(*fallbacks[evse]))
        )
        context.draft.put(after)
        keep_limits(context, evse)
        if place.evse.refuses_pause and evse in shares and not after.limit_a:
            # Not even its least is there, or it is to be off.
            _stop(context, place)
    learn(context, found)
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


def _branches(context: Context, loads: Mapping[CircuitId, CircuitLoad]) -> _Branches:
    """Return the tree as observed; a circuit nobody looked at yet carries what is assumed."""
    branches = {}
    for circuit in context.draft.all(Circuit):
        load = loads.get(circuit.key)
        branches[circuit.key] = (
            _branch(circuit, _assumed(circuit))
            if load is None
            else replace(_branch(circuit, load.load_a), slack_a=load.slack_a)
        )
    return branches


def _branch(circuit: Circuit, load_a: Amps) -> Branch:
    return Branch(
        circuit=circuit.key,
        parent=circuit.settings.parent,
        limit_a=circuit.limit_a,
        load_a=load_a,
        power_limit_w=circuit.power_limit_w,
        unbalanced_limit_a=circuit.settings.unbalanced_limit_a,
    )


def _assumed(circuit: Circuit) -> Amps:
    assumed = circuit.settings.assumed_load_a
    return assumed, assumed, assumed


def _with_fixed(
    context: Context,
    branches: _Branches,
    found: Sequence[Place],
    before: Mapping[EvseId, Allowance],
) -> _Branches:
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
            loaded[circuit] = replace(branch, load_a=_sum(branch.load_a, reserved))
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
    lasts = offline is None or context.now - offline < LIVE_FOR
    limit = max(allowance.floor_a, allowance.limit_a if lasts else Decimal(0))
    first, second, third = (
        limit if phase in site_phases(place.settings) else Decimal(0) for phase in range(3)
    )
    return first, second, third


def _sum(one: Amps, other: Amps) -> Amps:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


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


def _decided(context: Context, place: Place, got: Share, fallback: _Fallback) -> Allowance:
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


def _fallbacks(
    context: Context, event: SiteObserved, found: Sequence[Place]
) -> Mapping[EvseId, _Fallback]:
    """Return what holds for each EVSE if we are gone: its floor, and before that its plan."""
    branches = tuple(_branch(each, _assumed(each)) for each in context.draft.all(Circuit))
    dark = replace(event, net_w=None, grid=NOTHING_HEARD)
    orders = orders_of(context, dark, found, {})
    seats = tuple(_seat(place) for place in found)
    floor_of = floors(branches, seats, orders)
    berths = tuple(
        _berth(context, place, seat, floor_of[seat.evse])
        for place, seat in zip(found, seats, strict=True)
    )
    ahead = unattended(branches, berths, orders)
    return {evse: (floor, ahead.get(evse, ())) for evse, floor in floor_of.items()}


def _berth(context: Context, place: Place, seat: Seat, floor_a: Decimal) -> Berth:
    smart = place.evse.mode is ChargeMode.SMART
    plan = plan_in_force(context.draft, place, context.now) if smart else None
    held = plan is not None and holds_plans(place.charger, place.evse)
    return Berth(
        seat=seat,
        floor=steps(floor_a),
        phases=site_phases(place.settings),
        periods=_unaided(plan, place) if plan is not None and held else (),
    )


def _unaided(plan: EvsePlan, place: Place) -> tuple[PlanPeriod, ...]:
    """Return what is planned; on the phases in force where the charger does not switch them by itself."""
    phasing = None if place.allowance is None else place.allowance.phasing
    if not plan.picks_phases or phasing is None or told_phases(phasing) is not None:
        return plan.until_over
    return tuple(each._replace(phases=phasing.phases) for each in plan.until_over)


def _seat(place: Place) -> Seat:
    """Return an EVSE as its owner set it up; one that is away keeps the floor it has, which nobody can change now."""
    priority, weight = share_of(place.settings.priority)
    if place.evse.refuses_pause:
        priority = -1
    seat = Seat(
        evse=place.evse.id,
        circuit=place.circuit,
        phases=frozenset(site_phases(place.settings)),
        least=steps_above(place.settings.min_current_a),
        most=steps(limit_of(place.evse, place.settings)),
        priority=priority,
        weight=weight,
    )
    kept = None if place.charger.connection is not None else _kept_floor(place.evse)
    return seat if kept is None else seat._replace(least=kept, most=kept, priority=-2)


def _kept_floor(evse: Evse) -> int | None:
    """Return the floor that a charger accepted, in steps; None: none that we know of."""
    floors_held = (each for each in evse.applied if each.purpose is ProfilePurpose.TX_DEFAULT)
    return next((steps(each.periods[0].limit_a) for each in floors_held), None)
