"""Meter samples as a charger puts them on the wire, right or with its quirks."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from .connector import Connector
from .quirks import Quirks
from .vocabulary import Context, Payload

_DEFAULT_MEASURAND = "Energy.Active.Import.Register"


def sampled_values(
    connector: Connector, wanted: Iterable[str], context: Context, quirks: Quirks
) -> list[Payload]:
    """Return a sampledValue array, §7.43, for those of the measurands that exist here."""
    values = [
        {"value": value, "context": context.value, "measurand": measurand, **extra}
        for measurand in wanted
        for value, extra in _MEASUREMENTS[measurand](connector, quirks)
    ]
    return [_distort(value, quirks) for value in values] + _odd_values(quirks, context)


def meter_value(timestamp: str, values: list[Payload], quirks: Quirks) -> list[Payload]:
    """Return a meterValue array: one bucket, or one for each value where the firmware does so."""
    if quirks.one_value_per_bucket:
        return [{"timestamp": timestamp, "sampledValue": [value]} for value in values]
    return [{"timestamp": timestamp, "sampledValue": values}] if values else []


type _Measured = Iterable[tuple[str, Payload]]
type _Measurement = Callable[[Connector, Quirks], _Measured]


def _energy(connector: Connector, quirks: Quirks) -> _Measured:
    extra: Payload = {"phase": "L1"} if quirks.energy_on_l1_only else {}
    wh = _shown_register(connector, quirks)
    if quirks.energy_in_kwh:
        yield f"{wh / 1000:.3f}", {**extra, "unit": "kWh", "location": "Outlet"}
    else:
        yield f"{int(wh)}", {**extra, "unit": "Wh", "location": "Outlet"}


def _shown_register(connector: Connector, quirks: Quirks) -> Decimal:
    connector.zeros += 1
    if quirks.register_zero_every and connector.zeros % quirks.register_zero_every == 0:
        return Decimal(0)
    register, running = connector.meter.register, connector.transaction
    if running and quirks.session_relative_samples:
        return register - running.register_before
    return register


def _power(connector: Connector, quirks: Quirks) -> _Measured:
    unit = "Wh" if quirks.power_in_wh else "W"
    yield f"{connector.watts:.1f}", {"unit": unit, "location": "Outlet"}


def _current(connector: Connector, quirks: Quirks) -> _Measured:
    for phase, amps in zip(range(connector.wiring.phases), connector.amps, strict=False):
        yield f"{amps:.2f}", {"phase": f"L{phase + 1}", "unit": "A", "location": "Outlet"}


def _voltage(connector: Connector, quirks: Quirks) -> _Measured:
    for phase in range(connector.wiring.phases):
        extra = {"phase": f"L{phase + 1}-N", "unit": "V", "location": "Outlet"}
        yield f"{connector.wiring.volts:.1f}", extra


def _current_offered(connector: Connector, quirks: Quirks) -> _Measured:
    yield f"{connector.pilot.limit.amps:.1f}", {"unit": "A", "location": "Outlet"}


def _power_offered(connector: Connector, quirks: Quirks) -> _Measured:
    limit = connector.pilot.limit
    watts = limit.amps * limit.phases * connector.wiring.volts
    yield f"{watts:.0f}", {"unit": "W", "location": "Outlet"}


def _soc(connector: Connector, quirks: Quirks) -> _Measured:
    if connector.vehicle is not None and connector.vehicle.tells_soc:
        yield f"{connector.vehicle.soc * 100:.0f}", {"unit": "Percent", "location": "EV"}


_MEASUREMENTS: dict[str, _Measurement] = {
    "Energy.Active.Import.Register": _energy,
    "Power.Active.Import": _power,
    "Current.Import": _current,
    "Voltage": _voltage,
    "Current.Offered": _current_offered,
    "Power.Offered": _power_offered,
    "SoC": _soc,
}


def _distort(value: Payload, quirks: Quirks) -> Payload:
    if quirks.current_as_export and value["measurand"] == "Current.Import":
        value["measurand"] = "Current.Export"
    if quirks.numbers_for_strings:
        value["value"] = float(value["value"])
    return _bare(value) if quirks.bare_values else value


def _bare(value: Payload) -> Payload:
    """Leave out what equals the default of §7.43."""
    defaults = {
        "context": Context.PERIODIC,
        "measurand": _DEFAULT_MEASURAND,
        "location": "Outlet",
        "unit": "Wh",
    }
    return {name: part for name, part in value.items() if defaults.get(name) != part}


def _odd_values(quirks: Quirks, context: Context) -> list[Payload]:
    odd: list[Payload] = []
    if quirks.empty_values:
        odd.append({"value": "", "context": context.value, "measurand": "Temperature"})
    if quirks.frequency_in_hz:
        odd.append({"value": "50.0", "measurand": "Frequency", "unit": "Hz"})
    return odd
