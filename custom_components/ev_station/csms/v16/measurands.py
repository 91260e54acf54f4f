"""Sampled values (OCPP 1.6 §7.42-7.46) to measurements: one unit per quantity, one phase name per conductor."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from ...model.measurement import Context, Measurement, Phase, Quantity, Sample
from ..quirks import Quirk, Report
from .fields import number
from .timestamps import parse_time

_ENERGY_REGISTER: Final = "Energy.Active.Import.Register"
"""The measurand of a value that names none (OCPP 1.6 §7.42)."""

CONTEXTS: Final = {
    "Transaction.Begin": Context.BEGIN,
    "Transaction.End": Context.END,
    "Sample.Periodic": Context.PERIODIC,
    "Sample.Clock": Context.CLOCK,
    "Trigger": Context.TRIGGER,
    "Interruption.Begin": Context.INTERRUPTION,
    "Interruption.End": Context.INTERRUPTION,
    "Other": Context.OTHER,
}
_PHASES: Final = {
    None: None,
    "L1": Phase.L1,
    "L2": Phase.L2,
    "L3": Phase.L3,
    "N": Phase.N,
    "L1-N": Phase.L1,
    "L2-N": Phase.L2,
    "L3-N": Phase.L3,
    # Between two lines: of no one conductor
    "L1-L2": None,
    "L2-L3": None,
    "L3-L1": None,
}
_LOCATIONS: Final = frozenset({"Body", "Cable", "EV", "Inlet", "Outlet"})
_BETWEEN_LINES: Final = frozenset({"L1-L2", "L2-L3", "L3-L1"})

_ONE: Final = Decimal(1)
_ENERGY: Final = {"Wh": _ONE, "kWh": Decimal(1000), "MWh": Decimal(1000000)}
_POWER: Final = {"W": _ONE, "kW": Decimal(1000), "MW": Decimal(1000000)}
_CURRENT: Final = {"A": _ONE, "dA": Decimal("0.1"), "mA": Decimal("0.001")}
_VOLTAGE: Final = {
    "V": _ONE,
    "dV": Decimal("0.1"),
    "kV": Decimal(1000),
    "mV": Decimal("0.001"),
}
_PERCENT: Final = {"Percent": _ONE, "%": _ONE}
_HERTZ: Final = {"Hertz": _ONE, "Hz": _ONE}
_CELSIUS: Final = {"Celsius": _ONE, "Celcius": _ONE, "C": _ONE, "°C": _ONE}
_RATIO: Final = {"Percent": Decimal("0.01"), "%": Decimal("0.01")}


class _Measurand(NamedTuple):
    quantity: Quantity
    units: Mapping[str, Decimal]
    """What each unit is worth in the quantity's own."""


MEASURANDS: Final = {
    _ENERGY_REGISTER: _Measurand(Quantity.ENERGY_IMPORT_REGISTER, _ENERGY),
    "Energy.Active.Export.Register": _Measurand(Quantity.ENERGY_EXPORT_REGISTER, _ENERGY),
    "Energy.Active.Import.Interval": _Measurand(Quantity.ENERGY_IMPORT_INTERVAL, _ENERGY),
    "Power.Active.Import": _Measurand(Quantity.POWER_IMPORT, _POWER),
    "Power.Active.Export": _Measurand(Quantity.POWER_EXPORT, _POWER),
    "Power.Offered": _Measurand(Quantity.POWER_OFFERED, _POWER),
    "Power.Factor": _Measurand(Quantity.POWER_FACTOR, _RATIO),
    "Current.Import": _Measurand(Quantity.CURRENT_IMPORT, _CURRENT),
    "Current.Export": _Measurand(Quantity.CURRENT_EXPORT, _CURRENT),
    "Current.Offered": _Measurand(Quantity.CURRENT_OFFERED, _CURRENT),
    "Voltage": _Measurand(Quantity.VOLTAGE, _VOLTAGE),
    "Frequency": _Measurand(Quantity.FREQUENCY, _HERTZ),
    "Temperature": _Measurand(Quantity.TEMPERATURE, _CELSIUS),
    "SoC": _Measurand(Quantity.SOC, _PERCENT),
}
"""§7.42; reactive energy and power, and RPM, interest nobody here."""
# Units of another quantity or in another spelling, and what their senders mean by them.
_MEANT: Final = {"wh": "W", "kwh": "kW", "va": "W", "kva": "kW", "w": "Wh", "kw": "kWh"}


class _Kind(NamedTuple):
    """What a value's words say of it, which is all but its number."""

    measurand: _Measurand
    phase: Phase | None
    context: Context
    factor: Decimal | None
    """What its unit is worth in the quantity's own; None: a unit of none of ours."""
    between_lines: bool
    at_inlet: bool
    is_plain: bool
    """Nothing about it may need settling with its neighbours."""


type _Value = tuple[_Kind, Measurement]

_KINDS: Final[dict[tuple[Any, ...], _Kind]] = {}
"""The kinds met so far by their words. Only words of the vocabulary come in, so it stays small."""


def read_samples(meter_values: Any, report: Report) -> tuple[Sample, ...]:
    """Return the samples of a `meterValue` or `transactionData` list, in the order received.

    Values of one bucket that were taken for different reasons become a sample each: the value of a
    transaction's begin may stand beside the present one.
    """
    if isinstance(meter_values, dict):
        meter_values = [meter_values]
    if not isinstance(meter_values, list):
        return ()
    samples: list[Sample] = []
    for bucket in meter_values:
        if isinstance(bucket, dict):
            at = parse_time(bucket.get("timestamp"), report)
            # OCPP 1.5 said `values` for both lists.
            sampled = bucket.get("sampledValue", bucket.get("values"))
            samples.extend(_bucket_samples(at, sampled, report))
    return tuple(samples)


def _bucket_samples(at: datetime | None, sampled: Any, report: Report) -> Iterable[Sample]:
    if isinstance(sampled, dict):
        sampled = [sampled]
    if not isinstance(sampled, list):
        return
    values = [value for item in sampled if (value := _value(item, report)) is not None]
    while values:
        # One turn, except where a value of a transaction's begin stands beside the present one.
        context = values[0][0].context
        group = [value for value in values if value[0].context is context]
        yield Sample(at, context, _settled(group, report))
        values = [value for value in values if value[0].context is not context]


def _value(item: Any, report: Report) -> _Value | None:
    kind = _kind(item, report) if isinstance(item, dict) else None
    if kind is None:
        return None
    value = number(item.get("value"))
    if value is None:
        report(Quirk.UNREADABLE_MEASUREMENT, item)
        return None
    if kind.factor is None:
        value = _in_foreign_unit(kind.measurand, value, item["unit"], report)
    elif kind.factor is not _ONE:
        value *= kind.factor
    return kind, Measurement(kind.measurand.quantity, kind.phase, value)


def _kind(item: dict[str, Any], report: Report) -> _Kind | None:
    """Return what a value's words say; None for what is not for us."""
    get = item.get
    words = (
        get("measurand"),
        get("phase"),
        get("unit"),
        get("context"),
        get("location"),
        get("format"),
    )
    try:
        known = _KINDS.get(words)
    except TypeError:
        # A list or an object where a word should be.
        return _new_kind(item, report)
    if known is None:
        known = _new_kind(item, report)
        if known is not None and _is_vocabulary(known, words):
            _KINDS[words] = known
    return known


def _new_kind(item: dict[str, Any], report: Report) -> _Kind | None:
    measurand = MEASURANDS.get(_word(item, "measurand") or _ENERGY_REGISTER)
    if measurand is None or item.get("format") == "SignedData":
        return None
    phase, unit, at_inlet = _word(item, "phase"), item.get("unit"), item.get("location") == "Inlet"
    if phase not in _PHASES:
        report(Quirk.UNREADABLE_MEASUREMENT, item)
        return None
    between_lines = phase in _BETWEEN_LINES
    exported = measurand.quantity is Quantity.CURRENT_EXPORT
    partial = measurand.quantity is Quantity.ENERGY_IMPORT_REGISTER and phase is not None
    return _Kind(
        measurand,
        _PHASES[phase],
        CONTEXTS.get(_word(item, "context") or "Sample.Periodic", Context.OTHER),
        _ONE if unit is None else measurand.units.get(unit) if isinstance(unit, str) else None,
        between_lines,
        at_inlet,
        is_plain=not (between_lines or at_inlet or exported or partial),
    )


def _is_vocabulary(kind: _Kind, words: tuple[Any, ...]) -> bool:
    """Return whether a charger could not make up ever new words like these."""
    measurand, phase, _, context, location, form = words
    return (
        kind.factor is not None
        and (measurand is None or measurand in MEASURANDS)
        and phase in _PHASES
        and (context is None or context in CONTEXTS)
        and (location is None or location in _LOCATIONS)
        and form in (None, "Raw")
    )


def _word(item: dict[str, Any], name: str) -> str | None:
    word = item.get(name)
    return word if isinstance(word, str) and word else None


def _in_foreign_unit(measurand: _Measurand, value: Decimal, unit: Any, report: Report) -> Decimal:
    if measurand.units is _CELSIUS and unit in ("K", "Fahrenheit"):
        return value - Decimal("273.15") if unit == "K" else (value - 32) * 5 / 9
    if unit in ("", "-", "1"):
        return value
    report(Quirk.FOREIGN_UNIT, f"{measurand.quantity}: {unit}")
    known = {name.casefold(): factor for name, factor in measurand.units.items()}
    word = str(unit).casefold().strip()
    meant = _MEANT.get(word, "").casefold()
    return value * known.get(word, known.get(meant, _ONE))


def _settled(group: list[_Value], report: Report) -> tuple[Measurement, ...]:
    """Return the measurements of values of one moment and context, oddities resolved."""
    for kind, _ in group:
        if not kind.is_plain:
            return _settled_oddities(group, report)
    return tuple([measurement for _, measurement in group])


def _settled_oddities(group: list[_Value], report: Report) -> tuple[Measurement, ...]:
    if any(kind.at_inlet for kind, _ in group):
        group = _outlet_first(group)
    if any(kind.between_lines for kind, _ in group):
        group = _without_line_voltages(group)
    measurements = _charging_current([measurement for _, measurement in group], report)
    _report_partial_register(measurements, report)
    return tuple(measurements)


def _outlet_first(group: list[_Value]) -> list[_Value]:
    """Drop what was measured at the inlet where the outlet says the same: the car gets the outlet's."""
    outlet = {found[:2] for kind, found in group if not kind.at_inlet}
    return [value for value in group if not value[0].at_inlet or value[1][:2] not in outlet]


def _without_line_voltages(group: list[_Value]) -> list[_Value]:
    """Keep a value between two lines only as that of a split-phase charger, which has no other."""
    between = [found.quantity for kind, found in group if kind.between_lines]
    named = {found.quantity for kind, found in group if not kind.between_lines}
    kept = {
        quantity for quantity in between if between.count(quantity) == 1 and quantity not in named
    }
    return [value for value in group if not value[0].between_lines or value[1].quantity in kept]


def _charging_current(measurements: list[Measurement], report: Report) -> list[Measurement]:
    """Read Current.Export as what flows out of the charger when nothing says that the car feeds back."""
    feeding = {
        Quantity.CURRENT_IMPORT,
        Quantity.POWER_EXPORT,
        Quantity.ENERGY_EXPORT_REGISTER,
    }
    quantities = {found.quantity for found in measurements}
    if Quantity.CURRENT_EXPORT not in quantities or quantities & feeding:
        return measurements
    report(Quirk.CHARGING_AS_EXPORT, "Current.Export")
    return [
        found._replace(quantity=Quantity.CURRENT_IMPORT)
        if found.quantity is Quantity.CURRENT_EXPORT
        else found
        for found in measurements
    ]


def _report_partial_register(measurements: list[Measurement], report: Report) -> None:
    """Say that an energy register is only told per phase; the phases are added up with those of other buckets."""
    registers = [
        found for found in measurements if found.quantity is Quantity.ENERGY_IMPORT_REGISTER
    ]
    if registers and all(found.phase is not None for found in registers):
        report(Quirk.REGISTER_PER_PHASE, ", ".join(str(found.phase) for found in registers))
