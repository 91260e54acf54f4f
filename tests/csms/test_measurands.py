"""Sampled values in every spelling met in the field, as measurements in one unit per quantity."""

from decimal import Decimal
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.ev_station.csms.quirks import Quirk
from custom_components.ev_station.csms.v16.fields import integer, number, text
from custom_components.ev_station.csms.v16.measurands import read_samples
from custom_components.ev_station.model.measurement import Context, Phase, Quantity, Sample
from custom_components.ev_station.session.samples import merged, register_of

AT = "2026-01-01T00:00:00Z"


def read(*sampled: Any) -> tuple[tuple[Sample, ...], set[Quirk]]:
    """Read one bucket and return its samples with the quirks reported."""
    told: set[Quirk] = set()
    buckets = [{"timestamp": AT, "sampledValue": list(sampled)}]
    return read_samples(buckets, lambda quirk, _: told.add(quirk)), told


def value(measurand: str | None, written: Any, unit: Any = None, **more: Any) -> dict[str, Any]:
    """Return a sampled value."""
    item = {"value": written, "measurand": measurand, "unit": unit} | more
    return {name: found for name, found in item.items() if found is not None}


@pytest.mark.parametrize(
    ("item", "quantity", "expected"),
    [
        (value(None, "100"), Quantity.ENERGY_IMPORT_REGISTER, "100"),
        (value(None, "1.5", "kWh"), Quantity.ENERGY_IMPORT_REGISTER, "1500"),
        (value("Energy.Active.Import.Register", "2", "Wh"), Quantity.ENERGY_IMPORT_REGISTER, "2"),
        (
            value("Energy.Active.Export.Register", "2", "kWh"),
            Quantity.ENERGY_EXPORT_REGISTER,
            "2000",
        ),
        (value("Energy.Active.Import.Interval", "2"), Quantity.ENERGY_IMPORT_INTERVAL, "2"),
        (
            value("Energy.Active.Import.Register", "0.002", "MWh"),
            Quantity.ENERGY_IMPORT_REGISTER,
            "2000",
        ),
        (value("Power.Active.Import", "7.2", "kW"), Quantity.POWER_IMPORT, "7200"),
        (value("Power.Active.Import", "7200"), Quantity.POWER_IMPORT, "7200"),
        (value("Power.Active.Import", 7200, "W"), Quantity.POWER_IMPORT, "7200"),
        (value("Power.Active.Import", 7.2, "kW"), Quantity.POWER_IMPORT, "7200"),
        (value("Power.Active.Export", "-3", "W"), Quantity.POWER_EXPORT, "-3"),
        (value("Power.Offered", "11", "kW"), Quantity.POWER_OFFERED, "11000"),
        (value("Power.Factor", "0.98"), Quantity.POWER_FACTOR, "0.98"),
        (value("Power.Factor", "98", "Percent"), Quantity.POWER_FACTOR, "0.98"),
        (value("Current.Import", "16", "A"), Quantity.CURRENT_IMPORT, "16"),
        (value("Current.Import", "160", "dA"), Quantity.CURRENT_IMPORT, "16"),
        (value("Current.Import", "16000", "mA"), Quantity.CURRENT_IMPORT, "16"),
        (value("Current.Offered", "32.0", "A"), Quantity.CURRENT_OFFERED, "32"),
        (value("Voltage", "234.4", "V"), Quantity.VOLTAGE, "234.4"),
        (value("Voltage", "2344", "dV"), Quantity.VOLTAGE, "234.4"),
        (value("Frequency", "50.0", "Hertz"), Quantity.FREQUENCY, "50"),
        (value("Frequency", "50.0", "Hz"), Quantity.FREQUENCY, "50"),
        (value("Temperature", "21", "Celsius"), Quantity.TEMPERATURE, "21"),
        (value("Temperature", "21", "Celcius"), Quantity.TEMPERATURE, "21"),
        (value("Temperature", "300.15", "K"), Quantity.TEMPERATURE, "27"),
        (value("Temperature", "212", "Fahrenheit"), Quantity.TEMPERATURE, "100"),
        (value("SoC", "55", "Percent"), Quantity.SOC, "55"),
        (value("SoC", "55", "%"), Quantity.SOC, "55"),
        (value("SoC", "55", ""), Quantity.SOC, "55"),
        (value("Voltage", "230,5", "V"), Quantity.VOLTAGE, "230.5"),
        (value("Voltage", " 230 ", "V"), Quantity.VOLTAGE, "230"),
    ],
)
def test_units(item: dict[str, Any], quantity: Quantity, expected: str) -> None:
    """§7.45: Wh by default; every unit of a quantity becomes its one unit, exactly."""
    (sample,), told = read(item)
    (found,) = sample.measurements
    assert (found.quantity, found.phase, found.value) == (quantity, None, Decimal(expected))
    assert not told


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (value("Power.Active.Import", "1406", "Wh"), "1406"),
        (value("Power.Active.Import", "1.4", "kWh"), "1400"),
        (value("Power.Active.Import", "1.4", "KW"), "1400"),
        (value("Power.Active.Import", "1400", "VA"), "1400"),
        (value("Energy.Active.Import.Register", "1.4", "KWH"), "1400"),
        (value("Energy.Active.Import.Register", "1400", "W"), "1400"),
        (value("Current.Import", "10", "Amps"), "10"),
        (value("Voltage", "230", ["V"]), "230"),
    ],
)
def test_foreign_units_are_read_as_they_are_meant(item: dict[str, Any], expected: str) -> None:
    """Teison sends Wh for power."""
    (sample,), told = read(item)
    assert sample.measurements[0].value == Decimal(expected)
    assert told == {Quirk.FOREIGN_UNIT}


@pytest.mark.parametrize(
    "written", ["", " ", "-", "NaN", "inf", "abc", None, {}, [], True, "1e400", "9" * 60, "1e-30"]
)
def test_what_is_no_number_is_dropped(written: Any) -> None:
    """The other values of the bucket stay."""
    (sample,), told = read({"value": written, "measurand": "Voltage"}, value("SoC", "5"))
    assert [found.quantity for found in sample.measurements] == [Quantity.SOC]
    assert told == {Quirk.UNREADABLE_MEASUREMENT}


@pytest.mark.parametrize(
    "measurand", ["Energy.Reactive.Import.Register", "Power.Reactive.Export", "RPM", "Nonsense"]
)
def test_quantities_nobody_asks_for_are_left_out(measurand: str) -> None:
    """They are in the raw frame."""
    assert read(value(measurand, "1"))[0] == ()


def test_signed_data_is_no_number() -> None:
    """Finding 16: a signed record stays in the raw frame."""
    assert read(value(None, "OCMF|{...}|{...}", format="SignedData"))[0] == ()
    assert len(read(value(None, "5", format="Raw"))[0]) == 1


@pytest.mark.parametrize(
    ("name", "phase"),
    [
        ("L1", Phase.L1),
        ("L2", Phase.L2),
        ("L3-N", Phase.L3),
        ("N", Phase.N),
        (None, None),
        ("", None),
    ],
)
def test_phases(name: str | None, phase: Phase | None) -> None:
    """L1 and L1-N are one conductor."""
    (sample,), _ = read(value("Current.Import", "5", "A", phase=name))
    assert sample.measurements[0].phase is phase


def test_an_unknown_phase_is_not_the_whole() -> None:
    """It is dropped: added up it would be counted twice."""
    assert read(value("Current.Import", "5", "A", phase="X"))[0] == ()


def test_line_voltages_do_not_pass_for_phase_voltages() -> None:
    """400 V between lines is no conductor's voltage; a split-phase charger has nothing else."""
    lines = [value("Voltage", "400", phase=name) for name in ("L1-L2", "L2-L3", "L3-L1")]
    (sample,), _ = read(*lines, value("SoC", "5"))
    assert [found.quantity for found in sample.measurements] == [Quantity.SOC]
    (sample,), _ = read(value("Voltage", "240", phase="L1-L2"))
    assert sample.measurements == ((Quantity.VOLTAGE, None, Decimal(240)),)
    (sample,), _ = read(value("Voltage", "230", phase="L1"), value("Voltage", "400", phase="L1-L2"))
    assert [found.phase for found in sample.measurements] == [Phase.L1]


def test_charging_sent_as_export() -> None:
    """Grizzl-E: Current.Export is what flows out of the charger, unless the car really feeds back."""
    (sample,), told = read(value("Current.Export", "23.35", "A"))
    assert sample.measurements == ((Quantity.CURRENT_IMPORT, None, Decimal("23.35")),)
    assert told == {Quirk.CHARGING_AS_EXPORT}
    for other in ("Current.Import", "Power.Active.Export", "Energy.Active.Export.Register"):
        (sample,), told = read(value("Current.Export", "5"), value(other, "0"))
        assert sample.measurements[0].quantity is Quantity.CURRENT_EXPORT
        assert not told


def test_a_register_told_per_phase_only() -> None:
    """#1925: on L1 alone it is the whole; on three it is their sum; beside a total it is left alone."""
    (sample,), told = read(value(None, "5", phase="L1"))
    assert register_of(sample) == 5
    assert told == {Quirk.REGISTER_PER_PHASE}
    (sample,), _ = read(*(value(None, n, "kWh", phase=f"L{n}") for n in (1, 2, 3)))
    assert register_of(sample) == 6000
    (sample,), told = read(value(None, "6"), value(None, "2", phase="L1"))
    assert register_of(sample) == 6
    assert not told


def test_a_register_told_per_phase_in_a_bucket_each() -> None:
    """Defect H for energy: the three are one register, not the largest of them."""
    buckets = [
        {"timestamp": AT, "sampledValue": [value(None, n, "kWh", phase=f"L{n}")]} for n in (1, 2, 3)
    ]
    (sample,) = merged(read_samples(buckets, lambda *_: None))
    assert register_of(sample) == 6000


def test_the_outlet_wins_over_the_inlet() -> None:
    """The car gets what leaves the outlet; what only the inlet tells is better than nothing."""
    (sample,), _ = read(
        value(None, "7", location="Inlet"),
        value(None, "5", location="Outlet"),
        value("Voltage", "230", location="Inlet"),
    )
    assert [found.value for found in sample.measurements] == [5, 230]


def test_contexts_become_samples() -> None:
    """The value of a transaction's begin may stand beside the present one (evcc#15768)."""
    samples, _ = read(
        value(None, "9", context="Sample.Periodic"),
        value(None, "1", context="Transaction.Begin"),
        value("SoC", "5"),
    )
    assert [(found.context, len(found.measurements)) for found in samples] == [
        (Context.PERIODIC, 2),
        (Context.BEGIN, 1),
    ]


@pytest.mark.parametrize(
    ("word", "context"),
    [
        ("Transaction.End", Context.END),
        ("Sample.Clock", Context.CLOCK),
        ("Trigger", Context.TRIGGER),
        ("Interruption.Begin", Context.INTERRUPTION),
        ("Other", Context.OTHER),
        ("Nonsense", Context.OTHER),
        (None, Context.PERIODIC),
    ],
)
def test_contexts(word: str | None, context: Context) -> None:
    """§7.31: Sample.Periodic is the default."""
    (sample,), _ = read(value(None, "1", context=word))
    assert sample.context is context


@pytest.mark.parametrize(
    "meter_value",
    [
        None,
        "x",
        5,
        [],
        [None],
        ["x"],
        [{}],
        [{"sampledValue": "x"}],
        [{"sampledValue": [None, "x", []]}],
    ],
)
def test_shapes_that_hold_nothing(meter_value: Any) -> None:
    """They hold no sample."""
    assert read_samples(meter_value, lambda *_: None) == ()


def test_single_objects_are_lists_of_one() -> None:
    """A bucket or value that is not in a list."""
    (sample,) = read_samples({"sampledValue": {"value": "5"}}, lambda *_: None)
    assert (sample.at, sample.measurements[0].value) == (None, Decimal(5))


@given(st.decimals(0, 10**9, places=3), st.sampled_from(["Wh", "kWh"]))
def test_registers_are_exact(amount: Decimal, unit: str) -> None:
    """Not one digit is lost or invented."""
    (sample,), _ = read(value(None, str(amount), unit))
    assert sample.measurements[0].value == amount * (1000 if unit == "kWh" else 1)


# Single fields


@pytest.mark.parametrize(
    ("found", "expected"),
    [(5, 5), ("5", 5), (5.0, 5), ("5.0", 5), (5.5, None), ("x", None), (True, None), (None, None)],
)
def test_integer(found: Any, expected: int | None) -> None:
    """Whole numbers however they are written."""
    assert integer({"a": found}, "a") == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("abcdef", "abcd"),
        (5, "5"),
        ("", None),
        (" ", None),
        ("null", None),
        (None, None),
        ([], None),
        ("a\x00b", "ab"),
    ],
)
def test_text(found: Any, expected: str | None) -> None:
    """Clipped, printable, None when there is nothing."""
    assert text({"a": found}, "a", 4) == expected


@given(st.floats() | st.text() | st.integers())
def test_numbers_are_finite(found: Any) -> None:
    """Whatever is written, arithmetic with it is safe."""
    exact = number(found)
    assert exact is None or exact.is_finite()
