"""How installed charging profiles combine into one limit, OCPP 1.6 §3.13.2 and §3.13.3."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .profiles import Period, Profile, active_period, boundaries, is_valid
from .vocabulary import Purpose, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What a connector may offer: amps on each of that many phases."""

    amps: float
    phases: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """The electrical facts that turn watts into amps."""

    max_amps: float = 32.0
    phases: int = 3
    volts: float = 230.0

    def limit(self, unit: Unit, period: Period) -> Limit:
        """Read a period as amps; three phases are meant unless it says otherwise (§7.14)."""
        phases = min(period.phases or 3, self.phases)
        amps = period.limit if unit is Unit.AMPERE else period.limit / (self.volts * phases)
        return Limit(amps=amps, phases=phases)

    @property
    def most(self) -> Limit:
        """What the hardware can do."""
        return Limit(amps=self.max_amps, phases=self.phases)

    def express(self, limit: Limit, unit: Unit) -> float:
        """Say a limit in the unit asked for."""
        return limit.amps if unit is Unit.AMPERE else limit.amps * self.volts * limit.phases


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a connector's limit depends on besides the profiles."""

    connector: int
    wiring: Wiring = field(default_factory=Wiring)
    anchor: datetime | None = None
    in_transaction: bool = False
    window_rules: bool = False
    """Literal reading of §3.13.2: validFrom/validTo alone decide which stack level prevails,
    so that a schedule that has run out still hides the levels below it."""


type Candidate = tuple[Profile, Period | None]


def prevailing(
    profiles: Iterable[Profile], situation: Situation, now: datetime
) -> Candidate | None:
    """Return the profile of the highest stack level in force; a connector's own one wins ties."""
    found = [(p, active_period(p, situation.anchor, now)) for p in profiles]
    in_force = [
        (profile, period)
        for profile, period in found
        if period or (situation.window_rules and is_valid(profile, now))
    ]
    return max(in_force, key=lambda pair: (pair[0].stack_level, pair[0].connector), default=None)


def _limit_of(
    profiles: Sequence[Profile], situation: Situation, now: datetime, *purposes: Purpose
) -> Limit | None:
    """Return the limit of the first purpose that has a profile in force."""
    for purpose in purposes:
        found = prevailing((p for p in profiles if p.purpose is purpose), situation, now)
        if found:
            profile, period = found
            return situation.wiring.limit(profile.unit, period) if period else None
    return None


def charge_point_limit(
    profiles: Sequence[Profile], situation: Situation, now: datetime
) -> Limit | None:
    """Return the limit for all connectors together, None where nothing is set."""
    return _limit_of(profiles, situation, now, Purpose.CHARGE_POINT_MAX)


def transaction_limit(
    profiles: Sequence[Profile], situation: Situation, now: datetime
) -> Limit | None:
    """Return what TxProfile, else TxDefaultProfile, allows; TxProfile overrules (§3.13.1)."""
    applying = [p for p in profiles if p.connector in (0, situation.connector)]
    purposes = (Purpose.TX, Purpose.TX_DEFAULT) if situation.in_transaction else ()
    return _limit_of(applying, situation, now, *(purposes or (Purpose.TX_DEFAULT,)))


def limit_at(profiles: Sequence[Profile], situation: Situation, now: datetime) -> Limit:
    """Return the least of what the hardware, the charge point and the transaction may do."""
    limits = [
        limit
        for limit in (
            situation.wiring.most,
            charge_point_limit(profiles, situation, now),
            transaction_limit(profiles, situation, now),
        )
        if limit is not None
    ]
    return Limit(
        amps=min(limit.amps for limit in limits), phases=min(limit.phases for limit in limits)
    )


type Step = tuple[int, Limit]


def composite(
    profiles: Sequence[Profile], situation: Situation, now: datetime, seconds: int
) -> list[Step]:
    """Return GetCompositeSchedule's steps: seconds from `now` and the limit from there on."""
    until = now + timedelta(seconds=seconds)
    return steps(
        _moments(profiles, situation.anchor, now, until),
        now,
        lambda moment: limit_at(profiles, situation, moment),
    )


def _moments(
    profiles: Sequence[Profile], anchor: datetime | None, now: datetime, until: datetime
) -> list[datetime]:
    edges = {edge for p in profiles for edge in boundaries(p, anchor, now, until)}
    return [now, *sorted(edge for edge in edges if now < edge < until)]


def steps(
    moments: Iterable[datetime], now: datetime, limit_of: Callable[[datetime], Limit]
) -> list[Step]:
    """Evaluate the limit at each moment and leave out those where nothing changes."""
    found: list[Step] = []
    for moment in moments:
        limit = limit_of(moment)
        if not found or found[-1][1] != limit:
            found.append((int((moment - now).total_seconds()), limit))
    return found


def share(total: float, wishes: Sequence[float]) -> list[float]:
    """Split a total current: nobody gets more than wished for, the rest goes round equally."""
    granted = [0.0] * len(wishes)
    hungry = sorted(range(len(wishes)), key=lambda index: wishes[index])
    for place, index in enumerate(hungry):
        granted[index] = min(wishes[index], total / (len(hungry) - place))
        total -= granted[index]
    return granted
