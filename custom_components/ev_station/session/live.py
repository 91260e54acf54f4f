"""What an EVSE does right now: the newest trustworthy value of each quantity."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ..model.measurement import Measurement, Phase, Quantity, Sample
from ..model.state import ClockEstimate, Evse, Live, RegisterTrack
from ..model.status import FLOWING, EvseStatus
from .clock import moment_of
from .samples import merged, register_of

FRESH: Final = timedelta(minutes=10)
"""Older samples come from the charger's queue and say nothing of the present (defect F)."""
_FALL_CONFIRMED_BY: Final = 3
_NOMINAL_V: Final = Decimal(230)
_SLACK_WH: Final = Decimal(500)
MAX_POWER_W: Final = Decimal(3_750_000)
"""The most any charging system delivers (Megawatt Charging System, 1250 V and 3000 A)."""
_PHASES: Final = (Phase.L1, Phase.L2, Phase.L3)

type Phases = tuple[Decimal | None, Decimal | None, Decimal | None]


def update(live: Live, samples: tuple[Sample, ...], clock: ClockEstimate, now: datetime) -> Live:
    """Return the live values after a message's samples."""
    for sample in merged(samples):
        at = min(moment_of(clock, sample.at, now), now)
        if now - FRESH <= at and (live.at is None or at >= live.at):
            live = _with_sample(live, sample, at)
    return live


def present(evse: Evse) -> Live:
    """Return the newest measurements, without what the status says is over.

    Many chargers send their last sample while the car still draws, and nothing after; it may even arrive after
    the status that ends the session.
    """
    live, told_at = evse.live, evse.status_at
    if evse.status is EvseStatus.AVAILABLE:
        live = without_car(live)
    told_later = live.at is not None and told_at is not None and told_at > live.at
    if evse.status in FLOWING or not (told_later or evse.session is None):
        return live
    first, second, third = (None if value is None else Decimal(0) for value in live.currents_a)
    power_w = None if live.power_w is None else Decimal(0)
    return replace(live, power_w=power_w, currents_a=(first, second, third))


def without_car(live: Live) -> Live:
    """Return the live values where no car is plugged in any more: the next one has another charge."""
    return replace(live, soc_percent=None, soc_at=None)


def stilled(live: Live, ended_at: datetime) -> Live:
    """Return the live values after a transaction: no energy flows, and older samples say nothing any more."""
    if live.at is None:
        return live
    return replace(
        live,
        at=max(live.at, ended_at),
        power_w=None if live.power_w is None else Decimal(0),
        currents_a=_no_current(live.currents_a),
    )


def _no_current(currents: Phases) -> Phases:
    first, second, third = (None if amps is None else Decimal(0) for amps in currents)
    return first, second, third


def _with_sample(live: Live, sample: Sample, at: datetime) -> Live:
    values = _Values(sample.measurements)
    register = register_of(sample)
    shown, track = (
        (live.register_wh, live.register) if register is None else advance(live, register, at)
    )
    return Live(
        at=at,
        power_w=values.power(live),
        currents_a=values.phases(Quantity.CURRENT_IMPORT, live.currents_a),
        phases_told=values.tells_phases(before=live.phases_told),
        voltages_v=values.phases(Quantity.VOLTAGE, live.voltages_v),
        offered_a=values.most(Quantity.CURRENT_OFFERED, live.offered_a),
        soc_percent=values.most(Quantity.SOC, live.soc_percent),
        soc_at=at if values.tell(Quantity.SOC) else live.soc_at,
        temperature_c=values.most(Quantity.TEMPERATURE, live.temperature_c),
        frequency_hz=values.most(Quantity.FREQUENCY, live.frequency_hz),
        register_wh=shown,
        register=track,
    )


def advance(live: Live, raw: Decimal, at: datetime) -> tuple[Decimal, RegisterTrack]:
    """Return the register to show and its track after a raw value.

    A fall shows nothing and a jump no charger can deliver shows nothing, so the energy dashboard never sees a
    spike (defect G); a register that comes back to where it fell from goes on as if it never fell. Only rises
    confirm a fall: a register that stands at 0 may still come back.
    """
    track, shown = live.register, live.register_wh
    if track is None or shown is None:
        return raw, RegisterTrack(at, raw)
    back = track.before_fall_wh
    if back is not None and raw >= back and _is_possible(raw - back, track.at, at):
        return shown + (raw - back), RegisterTrack(at, raw)
    rise = raw - track.raw_wh
    if rise < 0:
        return shown, RegisterTrack(at, raw, track.raw_wh if back is None else back)
    risen = track.since_fall + (rise > 0)
    confirmed = back is None or risen >= _FALL_CONFIRMED_BY
    following = RegisterTrack(at, raw) if confirmed else RegisterTrack(at, raw, back, risen)
    return (shown + rise if _is_possible(rise, track.at, at) else shown), following


def _is_possible(rise: Decimal, since: datetime, until: datetime) -> bool:
    """Return whether a charger can have delivered so much in that time."""
    if rise <= _SLACK_WH:
        return True
    seconds = Decimal(max((until - since) // timedelta(seconds=1), 0))
    return rise <= MAX_POWER_W * seconds / 3600 + _SLACK_WH


class _Values:
    """One sample's measurements by quantity and phase."""

    def __init__(self, measurements: tuple[Measurement, ...]) -> None:
        self._values = {(each.quantity, each.phase): each.value for each in measurements}
        self._quantities = {each.quantity for each in measurements}

    def tell(self, quantity: Quantity) -> bool:
        """Return whether there is any of a quantity."""
        return quantity in self._quantities

    def most(self, quantity: Quantity, before: Decimal | None) -> Decimal | None:
        """Return the value of no phase, else the largest of the phases, else what it was."""
        if not self.tell(quantity):
            return before
        value = self._values.get((quantity, None))
        return value if value is not None else max(self._by_phase(quantity), default=before)

    def whole_or_sum(self, quantity: Quantity) -> Decimal | None:
        """Return the value of no phase, else the sum of the phases."""
        whole = self._values.get((quantity, None))
        if whole is not None:
            return whole
        parts = self._by_phase(quantity)
        return sum(parts, Decimal(0)) if parts else None

    def phases(self, quantity: Quantity, before: Phases) -> Phases:
        if not self.tell(quantity):
            return before
        get = self._values.get
        first, second, third = (
            get((quantity, Phase.L1)),
            get((quantity, Phase.L2)),
            get((quantity, Phase.L3)),
        )
        if first is second is third is None:
            first = get((quantity, None))
        return (
            before[0] if first is None else first,
            before[1] if second is None else second,
            before[2] if third is None else third,
        )

    def tells_phases(self, *, before: bool) -> bool:
        """Return whether currents can be told apart by phase, or by the power that was sent with them."""
        if Quantity.CURRENT_IMPORT not in self._quantities:
            return before
        by_phase = self._by_phase(Quantity.CURRENT_IMPORT)
        return bool(by_phase) or self.whole_or_sum(Quantity.POWER_IMPORT) is not None

    def power(self, live: Live) -> Decimal | None:
        """Return the power: as sent, else amps times volts, else what it was."""
        sent = self.whole_or_sum(Quantity.POWER_IMPORT)
        return sent if sent is not None else self._apparent(live)

    def _by_phase(self, quantity: Quantity) -> list[Decimal]:
        found = (self._values.get((quantity, phase)) for phase in _PHASES)
        return [value for value in found if value is not None]

    def _apparent(self, live: Live) -> Decimal | None:
        currents = self.phases(Quantity.CURRENT_IMPORT, (None, None, None))
        if currents == (None, None, None):
            return live.power_w
        voltages = self.phases(Quantity.VOLTAGE, live.voltages_v)
        pairs = zip(currents, voltages, strict=True)
        return sum(
            (amps * (volts or _NOMINAL_V) for amps, volts in pairs if amps is not None), Decimal(0)
        )
