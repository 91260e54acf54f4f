"""Four languages with the same keys and placeholders, every key the code uses, and no other."""

import ast
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
import json
from pathlib import Path
import re
from typing import Any, Final

import pytest

from custom_components.ev_station import const, flow_bands
from custom_components.ev_station.config_flow import EvStationConfigFlow
from custom_components.ev_station.csms.backend import Outcome, Reason
from custom_components.ev_station.flow_charger import ChargerFlow
from custom_components.ev_station.flow_circuit import CircuitFlow
from custom_components.ev_station.flow_driver import DriverFlow
from custom_components.ev_station.flow_options import EvStationOptionsFlow
from custom_components.ev_station.flow_sheet import SheetFlow
from custom_components.ev_station.flow_tariff import TariffFlow
from custom_components.ev_station.flow_vehicle import VehicleFlow
from custom_components.ev_station.model.energy import ChargeMode
from custom_components.ev_station.model.records import PostingKind
from custom_components.ev_station.model.settings import (
    SheetKind,
    UnknownChargerPolicy,
    UnknownTokenPolicy,
)
from custom_components.ev_station.model.status import EvseStatus, Flag
from custom_components.ev_station.price_actions import SOURCES
from custom_components.ev_station.repairs import PortFlow
from custom_components.ev_station.sources.reader import SourceKind
from custom_components.ev_station.sources.recognise import NAMES
from custom_components.ev_station.sources.units import PriceUnit

PACKAGE: Final = Path(const.__file__).parent
LANGUAGES: Final = ("de", "fr", "nl")
PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
SLUG: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
OBSTACLES: Final = {"port_in_use", "port_used_by", "port_forbidden", "address_unavailable"}
PRICE_PROBLEMS: Final = {"price_negative", "price_in_cents"}
SOURCE_PROBLEMS: Final = {"solar_needs_load", "power_unit"}
BATTERY_PROBLEMS: Final = {"battery_levels", "lever_position", "lever_same"}
FORECAST_PROBLEMS: Final = {"no_solar_forecast", "no_co2"}
GRID_PROBLEMS: Final = {"dimming_needs_entity", "peak_needs_meter"}
SUBENTRY_FLOWS: Final[dict[str, type[object]]] = {
    const.SUBENTRY_CHARGER: ChargerFlow,
    const.SUBENTRY_DRIVER: DriverFlow,
    const.SUBENTRY_TARIFF: TariffFlow,
    const.SUBENTRY_SHEET: SheetFlow,
    const.SUBENTRY_CIRCUIT: CircuitFlow,
    const.SUBENTRY_VEHICLE: VehicleFlow,
}
FLOW_FILES: Final = {
    const.SUBENTRY_CHARGER: ("flow_charger", "flow_phases", "flow_bounds"),
    const.SUBENTRY_DRIVER: ("flow_driver", "flow_tags", "flow_selectors"),
    const.SUBENTRY_TARIFF: (
        "flow_tariff",
        "flow_tariff_form",
        "flow_prices",
        "flow_bands",
        "flow_holidays",
        "flow_selectors",
    ),
    const.SUBENTRY_SHEET: ("flow_sheet", "flow_selectors"),
    const.SUBENTRY_CIRCUIT: ("flow_circuit", "flow_selectors", "flow_bounds"),
    const.SUBENTRY_VEHICLE: ("flow_vehicle", "flow_selectors", "flow_bounds"),
}


@cache
def words(language: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PACKAGE / "translations" / f"{language}.json").read_text())
    return found


EN: Final = words("en")


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree, str):
        yield path, tree
        return
    for key, below in tree.items():
        yield from leaves(below, f"{path}.{key}".lstrip("."))


def strings(module: str) -> set[str]:
    """Return every text literal of a module."""
    tree = ast.parse((PACKAGE / f"{module}.py").read_text())
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def all_strings() -> set[str]:
    return set().union(*(strings(path.stem) for path in PACKAGE.glob("*.py")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_say_the_same(language: str) -> None:
    ours, english = dict(leaves(words(language))), dict(leaves(EN))
    assert ours.keys() == english.keys()
    for key, text in english.items():
        said = set(PLACEHOLDER.findall(ours[key]))
        assert said == set(PLACEHOLDER.findall(text)), f"{language}: {key}"


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_texts_are_fit_to_be_shown(language: str) -> None:
    for key, text in leaves(words(language)):
        assert text == text.strip(), key
        assert text, key
        assert not re.search(r"<[a-z/]", text), f"{key}: HTML"
        assert "[%key:" not in text, key
        # The form of placeholders is the only use of braces.
        assert "{" not in PLACEHOLDER.sub("", text), key
        assert all(SLUG.fullmatch(part) or part == "_" for part in key.split(".")), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_was_left_in_english(language: str) -> None:
    ours, english = dict(leaves(words(language))), dict(leaves(EN))
    same = {key for key, text in english.items() if ours[key] == text and len(text.split()) > 4}
    assert not same


# One word for one thing

PANEL: Final = PACKAGE.parents[1] / "frontend" / "src" / "translations"
SAID_TWICE: Final = {
    "title": "title",
    "entity.sensor.status.state.available": "state.available",
    "entity.sensor.status.state.charging": "state.charging",
    "entity.sensor.status.state.suspended_ev": "state.suspended_ev",
    "entity.sensor.status.state.suspended_evse": "state.suspended_evse",
    "entity.sensor.status.state.finishing": "state.finishing",
    "entity.sensor.status.state.reserved": "state.reserved",
    "entity.sensor.status.state.unavailable": "state.unavailable",
    "entity.sensor.status.state.faulted": "state.fault",
    "entity.sensor.total_power.name": "now.charging_power",
    "entity.sensor.driver.name": "billing.driver",
    "entity.button.unlock.name": "action.unlock",
    "config_subentries.sheet.entry_type": "billing.sheet",
    "selector.export_detail.options.sessions": "billing.sessions",
    "services.export_sessions.fields.month.name": "billing.month",
}
"""Texts of the integration, and the same in the panel."""
OTHER_WORDS: Final = {
    "en": r"EV station|charging station|wallbox|transaction|RFID",
    "de": r"EV station|Ladestation|Ladesäule|Ladung|Lades[ei]|Transaktion|Absenden|Sende ab",
    "nl": r"EV station|laadstation|wallbox|\b(?<!\{)sessies?\b|transactie|Apparaten &",
    "fr": r"EV station|station de|chargeur|wallbox|transaction|réglage|Appareils &",
}
"""Words for things that have another name here, or that Home Assistant calls otherwise in this language."""


@cache
def panel_words(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((PANEL / f"{language}.json").read_text())
    return found


@pytest.mark.parametrize("language", OTHER_WORDS)
def test_the_panel_calls_things_as_the_integration_does(language: str) -> None:
    ours, panel = dict(leaves(words(language))), panel_words(language)
    assert {key: ours[key] for key in SAID_TWICE} == {
        key: panel[twin] for key, twin in SAID_TWICE.items()
    }


@pytest.mark.parametrize("language", OTHER_WORDS)
def test_one_word_for_one_thing(language: str) -> None:
    texts = {**dict(leaves(words(language))), **panel_words(language)}
    assert not {key for key, text in texts.items() if re.search(OTHER_WORDS[language], text)}


# Flows


def steps(flow: type[object]) -> set[str]:
    """Return the steps a flow defines itself."""
    found = set()
    for kind in flow.__mro__:
        if kind.__module__.startswith("custom_components"):
            prefix = "async_step_"
            found |= {name.removeprefix(prefix) for name in vars(kind) if name.startswith(prefix)}
    return found


SILENT_STEPS: Final = {"integration_discovery", "learn", "without_tag", "init"}
"""Steps that show another step, or only progress."""


def test_steps_of_the_site() -> None:
    assert set(EN["config"]["step"]) == steps(EvStationConfigFlow) - SILENT_STEPS
    assert set(EN["options"]["step"]) == steps(EvStationOptionsFlow)


@pytest.mark.parametrize("kind", SUBENTRY_FLOWS)
def test_steps_of_subentries(kind: str) -> None:
    shown = steps(SUBENTRY_FLOWS[kind]) - SILENT_STEPS
    if kind == const.SUBENTRY_TARIFF:
        shown.remove("reconfigure")  # goes on to the step of its kind
    assert set(EN["config_subentries"][kind]["step"]) == shown


def test_every_kind_of_subentry_has_words() -> None:
    assert set(EN["config_subentries"]) == set(SUBENTRY_FLOWS)
    for texts in EN["config_subentries"].values():
        assert set(texts["initiate_flow"]) == {"user", "reconfigure"}
        assert texts["entry_type"]


def test_every_field_is_described() -> None:
    forms = [*EN["config"]["step"].values(), *EN["options"]["step"].values()]
    for texts in EN["config_subentries"].values():
        forms += texts["step"].values()
    for form in forms:
        for part in (form, *form.get("sections", {}).values()):
            assert part.get("data", {}).keys() == part.get("data_description", {}).keys()


@pytest.mark.parametrize("kind", SUBENTRY_FLOWS)
@pytest.mark.parametrize("section", ["error", "abort", "progress"])
def test_what_subentry_flows_say(kind: str, section: str) -> None:
    used = set().union(*(strings(module) for module in FLOW_FILES[kind]))
    texts = set(EN["config_subentries"][kind].get(section, {}))
    # Home Assistant itself aborts with this one when a unique id is taken.
    assert texts - {"already_configured"} <= used


def returned_errors(module: str) -> set[str]:
    """Return what stands for an error in a module: the values of `{field: "key"}` and the like."""
    tree = ast.parse((PACKAGE / f"{module}.py").read_text())
    found = set()
    for node in ast.walk(tree):
        values: Iterable[ast.expr | None] = ()
        told = node.value if isinstance(node, ast.Return | ast.Yield) else None
        if isinstance(told, ast.Dict | ast.Tuple):
            values = ast.walk(told)  # type: ignore[assignment]
        for value in values:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                found.add(value.value)
    return {each for each in found if SLUG.fullmatch(each) and "_" in each}


@pytest.mark.parametrize("kind", SUBENTRY_FLOWS)
def test_every_error_of_a_subentry_flow_has_words(kind: str) -> None:
    known = set(EN["config_subentries"][kind].get("error", {}))
    found = set().union(*(returned_errors(module) for module in FLOW_FILES[kind]))
    assert {each for each in found if not each.startswith("charger_id")} <= known | {
        "other_driver",
        "nothing_learned",
    }


def test_what_is_in_the_way_of_a_site_has_words_everywhere() -> None:
    assert strings("listening") >= OBSTACLES
    assert strings("flow_selectors") >= PRICE_PROBLEMS
    assert strings("flow_sources") >= SOURCE_PROBLEMS
    assert set(EN["config"]["error"]) == OBSTACLES | PRICE_PROBLEMS | SOURCE_PROBLEMS
    assert strings("flow_forecasts") >= FORECAST_PROBLEMS
    known = SOURCE_PROBLEMS | BATTERY_PROBLEMS | FORECAST_PROBLEMS | GRID_PROBLEMS
    assert set(EN["options"]["error"]) == known | {"out_of_bounds"}
    assert strings("flow_grid") >= GRID_PROBLEMS
    assert strings("flow_sources") | strings("levers") >= BATTERY_PROBLEMS
    for issue in ("port_in_use", "port_used_by"):
        assert set(EN["issues"][issue]["fix_flow"]["error"]) == OBSTACLES
        assert issue in EN["exceptions"]
    assert set(EN["config"]["abort"]) == {"charger_adopted", "already_configured"}
    assert set(EN["config"]["create_entry"]) == {"created"}


# Selectors


def options(vocabulary: type[StrEnum]) -> set[str]:
    return {member.value for member in vocabulary}


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("unknown_chargers", options(UnknownChargerPolicy)),
        ("unknown_tokens", options(UnknownTokenPolicy)),
        ("sheet_kind", options(SheetKind)),
        ("days", {*flow_bands.GROUPS, *flow_bands.WEEK}),
        ("first", {"tariff", "sheet"}),
        ("counts_in", options(PriceUnit)),
        ("price_channel", {name for each in SOURCES.values() for name in each.channels}),
        ("price_shape", {kind.value for kind in SourceKind if kind not in NAMES}),
    ],
)
def test_choices(selector: str, expected: set[str]) -> None:
    assert set(EN["selector"][selector]["options"]) == expected


def test_bands_are_worded() -> None:
    selector = flow_bands.bands_selector("EUR", {})
    assert set(EN["selector"]["bands"]["fields"]) == set(selector.config["fields"])


# Issues and the rest


def test_issues() -> None:
    expected = {
        "port_in_use",
        "port_used_by",
        "charger_clock_wrong",
        "storage_failing",
        "backup_failing",
        "ledger_broken",
        "ledger_restored",
        "ledger_lost",
        "missing_reference_charger",
        "missing_reference_driver",
        "missing_reference_site",
        "missing_reference_grid",
        "price_unreadable",
        "price_silent",
        "holidays_unknown",
        "calendar_gone",
        "vehicle_sensor_gone",
        "solar_forecast_silent",
        "co2_forecast_silent",
        "meter_silent",
        "phases_not_switched_entity",
        "phases_not_switched_profile",
        "limits_ignored",
        "battery_disobeys",
    }
    assert set(EN["issues"]) == expected
    assert steps(PortFlow) == {"init", "port"}
    for issue, texts in EN["issues"].items():
        assert ("description" in texts) != ("fix_flow" in texts), issue


def test_system_health_is_worded() -> None:
    assert set(EN["system_health"]["info"]) <= strings("system_health")


# What the panel knows of

PROTOCOL: Final = (PANEL.parent / "logic" / "protocol.ts").read_text()


@pytest.mark.parametrize(
    ("declaration", "words"),
    [
        (r"export type Flag =", Flag),
        (r"export type EvseStatus =", EvseStatus),
        (r"readonly outcome:", Outcome),
        (r"export type RefusalReason =", Reason),
        (r"export type ChargeMode =", ChargeMode),
        (r"export type LimitWord =", EN["selector"]["limit_reason"]["options"]),
        (r"readonly amount: string;\s+readonly currency: string;\s+readonly kind:", PostingKind),
        (r"interface Sheet extends Named \{\s+readonly kind:", SheetKind),
    ],
)
def test_the_panel_knows_every_word_it_is_sent(declaration: str, words: type[StrEnum]) -> None:
    union = re.search(rf"{declaration}([^;]*);", PROTOCOL)
    assert union is not None
    assert set(re.findall(r'"(\w+)"', union[1])) == set(words)


@pytest.mark.parametrize("language", OTHER_WORDS)
def test_the_panel_gives_reasons_and_modes_the_same_words(language: str) -> None:
    ours = words(language)
    said = {
        **{
            f"reason.{key}": text
            for key, text in ours["selector"]["limit_reason"]["options"].items()
        },
        **{
            f"mode.{key}": text
            for key, text in ours["entity"]["select"]["charge_mode"]["state"].items()
        },
    }
    panel = panel_words(language)
    assert {
        key: text for key, text in panel.items() if key.split(".")[0] in {"reason", "mode"}
    } == said


@pytest.mark.parametrize("language", OTHER_WORDS)
def test_the_calendar_says_why_as_the_panel_does(language: str) -> None:
    ours, panel = words(language)["selector"]["planned_charge"]["options"], panel_words(language)
    draws = ("minimum", "solar", "needed", "cheapest", "extra")
    assert [ours[why] for why in draws] == [panel[f"plan.reason.{why}"] for why in draws]


def test_every_mark_is_worded_and_explained() -> None:
    expected = {f"flag.{flag}{tail}" for flag in Flag for tail in ("", "_means")}
    assert {key for key in panel_words("en") if key.startswith("flag.")} == expected


# What the other sections of the file must match


def patterns() -> list[re.Pattern[str]]:
    """Return what the package's f-strings can become, where they have the form of a key."""
    found = []
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                parts = [_pattern(part) for part in node.values]
                if re.search(r"[a-z]_|_[a-z]", "".join(parts)):
                    found.append(re.compile("".join(parts)))
    return found


def _pattern(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+"


def room_words() -> set[str]:
    """Return the words of the model's closed vocabularies, which some keys are made of."""
    return {
        node.value
        for node in ast.walk(ast.parse((PACKAGE / "model" / "commands.py").read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_exception_is_thrown() -> None:
    said, made = all_strings() | room_words(), patterns()
    orphans = {
        key
        for key in EN["exceptions"]
        if key not in said and not any(pattern.fullmatch(key) for pattern in made)
    }
    assert not orphans


def translation_keys() -> Iterator[str]:
    """Yield every literal the package gives as `translation_key=`; f-strings as patterns."""
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "translation_key":
                match node.value:
                    case ast.Constant(value=str() as key):
                        yield re.escape(key)
                    case ast.JoinedStr(values=parts):
                        yield "".join(map(_pattern, parts))


def test_every_translation_key_has_words() -> None:
    known = {part for key, _ in leaves(EN) for part in key.split(".")}
    missing = {
        key for key in translation_keys() if not any(re.fullmatch(key, each) for each in known)
    }
    assert not missing
