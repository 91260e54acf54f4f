"""The smart charging requests, OCPP 1.6 §5.5, §5.7 and §5.16, and what they do to the cars."""

from typing import TYPE_CHECKING

from .connector import Connector
from .stacking import Limit, Situation, Step, charge_point_limit, composite, limit_at, share
from .vocabulary import Payload, Unit

if TYPE_CHECKING:
    from .charge_point import ChargePoint


def set_profile(cp: ChargePoint, payload: Payload) -> Payload:
    """Install a profile and let the cars follow it."""
    running = {
        connector.number: connector.transaction.id
        for connector in cp.connectors.values()
        if connector.transaction is not None
    }
    accepted = cp.profiles.take(payload, running, {0, *cp.connectors}, cp.own_clock.now())
    cp.messenger.then(cp.look)
    return {"status": "Accepted" if accepted else "Rejected"}


def clear_profile(cp: ChargePoint, payload: Payload) -> Payload:
    """Remove profiles."""
    cleared = cp.profiles.clear(payload)
    cp.messenger.then(cp.look)
    return {"status": "Accepted" if cleared else "Unknown"}


def composite_schedule(cp: ChargePoint, payload: Payload) -> Payload:
    """Say what will be allowed from now on; connector 0 is the sum of all connectors."""
    number, seconds = payload["connectorId"], payload["duration"]
    if number != 0 and number not in cp.connectors:
        return {"status": "Rejected"}
    unit = Unit(payload.get("chargingRateUnit", Unit.AMPERE))
    if number == 0:
        steps = [(0, _whole(cp))]
    else:
        situation = _situation(cp, cp.connectors[number])
        steps = composite(cp.profiles.installed, situation, cp.own_clock.now(), seconds)
    return _schedule(cp, number, seconds, unit, steps)


def _schedule(cp: ChargePoint, number: int, seconds: int, unit: Unit, steps: list[Step]) -> Payload:
    start = cp.stamp()
    periods = [
        {
            "startPeriod": begin,
            "limit": round(cp.wiring.express(limit, unit), 1),
            "numberPhases": limit.phases,
        }
        for begin, limit in steps
    ]
    schedule = {
        "duration": seconds,
        "startSchedule": start,
        "chargingRateUnit": unit.value,
        "chargingSchedulePeriod": periods,
    }
    return {
        "status": "Accepted",
        "connectorId": number,
        "scheduleStart": start,
        "chargingSchedule": schedule,
    }


def _situation(cp: ChargePoint, connector: Connector) -> Situation:
    """A relative schedule begins with the transaction, or would do so now.

    Times in profiles are compared with the charger's own clock, wrong as it may be.
    """
    own_now, running = cp.own_clock.now(), connector.transaction
    begun = running.began if running else None
    return Situation(
        connector=connector.number,
        wiring=cp.wiring,
        anchor=own_now - (cp.clock.now() - begun) if begun else own_now,
        in_transaction=running is not None,
        window_rules=cp.quirks.expired_schedule_hides_lower,
    )


def _limit(cp: ChargePoint, connector: Connector) -> Limit:
    return limit_at(cp.profiles.installed, _situation(cp, connector), cp.own_clock.now())


def offers(cp: ChargePoint) -> dict[int, Limit]:
    """Return what each charging connector may offer; the charge point's limit is for them all."""
    charging = [connector for connector in cp.connectors.values() if connector.may_flow]
    limits = {connector.number: _limit(cp, connector) for connector in charging}
    whole = _charge_point_limit(cp)
    if whole is None or len(charging) < 2:
        return limits
    shares = share(whole.amps, [limit.amps for limit in limits.values()])
    return {
        number: Limit(amps=amps, phases=limit.phases)
        for (number, limit), amps in zip(limits.items(), shares, strict=True)
    }


def _charge_point_limit(cp: ChargePoint) -> Limit | None:
    first = next(iter(cp.connectors.values()))
    return charge_point_limit(cp.profiles.installed, _situation(cp, first), cp.own_clock.now())


def _whole(cp: ChargePoint) -> Limit:
    whole = _charge_point_limit(cp)
    total = sum(_limit(cp, connector).amps for connector in cp.connectors.values())
    amps = total if whole is None else min(total, whole.amps)
    return Limit(amps=amps, phases=cp.wiring.phases)
