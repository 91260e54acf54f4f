"""Sampled values (OCPP 1.6 §7.42-7.46) to measurements: one unit per quantity, one phase name per conductor."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from ...model.measurement import Context, Measurement, Phase, Quantity, Sample
from ..quirks import Quirk, Report
from .fields import number
from .timestamps import parse_time

_ENERGY_REGISTER: Final = "Energy.Active.Import.Register"
"""The measurand of a value that names none (OCPP 1.6 §7.42)."""

QUANTITIES: Final = {
    _ENERGY_REGISTER: Quantity.ENERGY_IMPORT_REGISTER,
    "Energy.Active.Export.Register": Quantity.ENERGY_EXPORT_REGISTER,
    "Energy.Active.Import.Interval": Quantity.ENERGY_IMPORT_INTERVAL,
    "Power.Active.Import": Quantity.POWER_IMPORT,
    "Power.Active.Export": Quantity.POWER_EXPORT,
    "Power.Offered": Quantity.POWER_OFFERED,
    "Power.Factor": Quantity.POWER_FACTOR,
    "Current.Import": Quantity.CURRENT_IMPORT,
    "Current.Export": Quantity.CURRENT_EXPORT,
    "Current.Offered": Quantity.CURRENT_OFFERED,
    "Voltage": Quantity.VOLTAGE,
    "Frequency": Quantity.FREQUENCY,
    "Temperature": Quantity.TEMPERATURE,
    "SoC": Quantity.SOC,
}
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
_BETWEEN_LINES: Final = frozenset({"L1-L2", "L2-L3", "L3-L1"})

_ENERGY: Final = {"Wh": Decimal(1), "kWh": Decimal(1000), "MWh": Decimal(1000000)}
_POWER: Final = {"W": Decimal(1), "kW": Decimal(1000), "MW": Decimal(1000000)}
_CURRENT: Final = {"A": Decimal(1), "dA": Decimal("0.1"), "mA": Decimal("0.001")}
_VOLTAGE: Final = {
    "V": Decimal(1),
    "dV": Decimal("0.1"),
    "kV": Decimal(1000),
    "mV": Decimal("0.001"),
}
_PERCENT: Final = {"Percent": Decimal(1), "%": Decimal(1)}
_HERTZ: Final = {"Hertz": Decimal(1), "Hz": Decimal(1)}
_CELSIUS: Final = {"Celsius": Decimal(1), "Celcius": Decimal(1), "C": Decimal(1), "°C": Decimal(1)}
_UNITS: Final = {
    Quantity.ENERGY_IMPORT_REGISTER: _ENERGY,
    Quantity.ENERGY_EXPORT_REGISTER: _ENERGY,
    Quantity.ENERGY_IMPORT_INTERVAL: _ENERGY,
    Quantity.POWER_IMPORT: _POWER,
    Quantity.POWER_EXPORT: _POWER,
    Quantity.POWER_OFFERED: _POWER,
    Quantity.POWER_FACTOR: {"Percent": Decimal("0.01"), "%": Decimal("0.01")},
    Quantity.CURRENT_IMPORT: _CURRENT,
    Quantity.CURRENT_EXPORT: _CURRENT,
    Quantity.CURRENT_OFFERED: _CURRENT,
    Quantity.VOLTAGE: _VOLTAGE,
    Quantity.FREQUENCY: _HERTZ,
    Quantity.TEMPERATURE: _CELSIUS,
    Quantity.SOC: _PERCENT,
}
# Units of another quantity or in another spelling, and what their senders mean by them.
_MEANT: Final = {"wh": "W", "kwh": "kW", "va": "W", "kva": "kW", "w": "Wh", "kw": "kWh"}
_ONE: Final = Decimal(1)


class _Value(NamedTuple):
    context: Context
    measurement: Measurement
    between_lines: bool
    at_inlet: bool


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
            samples.extend(_bucket_samples(at, bucket.get("sampledValue"), report))
    return tuple(samples)


def _bucket_samples(at: datetime | None, sampled: Any, report: Report) -> Iterable[Sample]:
    if isinstance(sampled, dict):
        sampled = [sampled]
    if not isinstance(sampled, list):
        return
    values = [value for item in sampled if (value := _value(item, report)) is not None]
    for context in dict.fromkeys(value.context for value in values):
        group = [value for value in values if value.context is context]
        yield Sample(at, context, _settled(group, report))


def _value(item: Any, report: Report) -> _Value | None:
    if not isinstance(item, dict) or item.get("format") == "SignedData":
        return None
    quantity = QUANTITIES.get(_word(item, "measurand") or _ENERGY_REGISTER)
    if quantity is None:
        return None
    value = _in_our_unit(quantity, item, report)
    phase = _word(item, "phase")
    if value is None or phase not in _PHASES:
        report(Quirk.UNREADABLE_MEASUREMENT, item)
        return None
    return _Value(
        CONTEXTS.get(_word(item, "context") or "Sample.Periodic", Context.OTHER),
        Measurement(quantity, _PHASES[phase], value),
        phase in _BETWEEN_LINES,
        item.get("location") == "Inlet",
    )


def _word(item: dict[str, Any], name: str) -> str | None:
    word = item.get(name)
    return word if isinstance(word, str) and word else None


def _in_our_unit(quantity: Quantity, item: dict[str, Any], report: Report) -> Decimal | None:
    value = number(item.get("value"))
    if value is None:
        return None
    unit = item.get("unit")
    if unit is None:
        return value
    factor = _UNITS[quantity].get(unit) if isinstance(unit, str) else None
    if factor is None:
        return _in_foreign_unit(quantity, value, unit, report)
    return value if factor == 1 else value * factor


def _in_foreign_unit(quantity: Quantity, value: Decimal, unit: Any, report: Report) -> Decimal:
    if quantity is Quantity.TEMPERATURE and unit in ("K", "Fahrenheit"):
        return value - Decimal("273.15") if unit == "K" else (value - 32) * 5 / 9
    if unit in ("", "-", "1"):
        return value
    report(Quirk.FOREIGN_UNIT, f"{quantity}: {unit}")
    known = {name.casefold(): factor for name, factor in _UNITS[quantity].items()}
    word = str(unit).casefold().strip()
    meant = _MEANT.get(word, "").casefold()
    return value * known.get(word, known.get(meant, _ONE))


def _settled(group: list[_Value], report: Report) -> tuple[Measurement, ...]:
    """Return the measurements of values of one moment and context, oddities resolved."""
    if any(value.at_inlet for value in group):
        group = _outlet_first(group)
    if any(value.between_lines for value in group):
        group = _without_line_voltages(group)
    measurements = [value.measurement for value in group]
    quantities = {measurement.quantity for measurement in measurements}
    if Quantity.CURRENT_EXPORT in quantities:
        measurements = _charging_current(measurements, quantities, report)
    if Quantity.ENERGY_IMPORT_REGISTER in quantities:
        measurements = _whole_register(measurements, report)
    return tuple(measurements)


def _outlet_first(group: list[_Value]) -> list[_Value]:
    """Drop what was measured at the inlet where the outlet says the same: the car gets the outlet's."""
    outlet = {value.measurement[:2] for value in group if not value.at_inlet}
    return [value for value in group if not value.at_inlet or value.measurement[:2] not in outlet]


def _without_line_voltages(group: list[_Value]) -> list[_Value]:
    """Keep a value between two lines only as that of a split-phase charger, which has no other."""
    between = [value for value in group if value.between_lines]
    quantities = [value.measurement.quantity for value in between]
    named = {value.measurement.quantity for value in group if not value.between_lines}
    kept = {
        quantity
        for quantity in quantities
        if quantities.count(quantity) == 1 and quantity not in named
    }
    return [
        value for value in group if not value.between_lines or value.measurement.quantity in kept
    ]


def _charging_current(
    measurements: list[Measurement], quantities: set[Quantity], report: Report
) -> list[Measurement]:
    """Read Current.Export as what flows out of the charger when nothing says that the car feeds back."""
    if quantities & {
        Quantity.CURRENT_IMPORT,
        Quantity.POWER_EXPORT,
        Quantity.ENERGY_EXPORT_REGISTER,
    }:
        return measurements
    report(Quirk.CHARGING_AS_EXPORT, "Current.Export")
    return [
        found._replace(quantity=Quantity.CURRENT_IMPORT)
        if found.quantity is Quantity.CURRENT_EXPORT
        else found
        for found in measurements
    ]


def _whole_register(measurements: list[Measurement], report: Report) -> list[Measurement]:
    """Add up an energy register that is only told per phase."""
    registers = [
        found for found in measurements if found.quantity is Quantity.ENERGY_IMPORT_REGISTER
    ]
    if any(found.phase is None for found in registers):
        return measurements
    report(Quirk.REGISTER_PER_PHASE, ", ".join(str(found.phase) for found in registers))
    total = sum((found.value for found in registers), Decimal(0))
    return [*measurements, Measurement(Quantity.ENERGY_IMPORT_REGISTER, None, total)]
