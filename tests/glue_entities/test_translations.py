"""Everything people read exists in every language, and nothing else does."""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.components.event import EventEntityDescription
from homeassistant.helpers.entity import EntityDescription
from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components.ev_station import (
    binary_sensor,
    button,
    condition,
    event,
    number,
    plan_actions,
    plan_sensors,
    select,
    sensor,
    services,
    switch,
    time as vehicle_time,
    trigger,
)
from custom_components.ev_station.model.commands import CommandStatus

PACKAGE = Path("custom_components/ev_station")
LANGUAGES = ("en", "de", "nl", "fr")
OURS = ("entity", "services", "triggers", "conditions", "exceptions", "device")
PLATFORMS: dict[str, tuple[EntityDescription, ...]] = {
    "binary_sensor": (
        *binary_sensor.EVSE_BINARY_SENSORS,
        *binary_sensor.CHARGER_BINARY_SENSORS,
        *binary_sensor.CIRCUIT_BINARY_SENSORS,
        *binary_sensor.SITE_BINARY_SENSORS,
    ),
    "button": (*button.EVSE_BUTTONS, *button.CHARGER_BUTTONS),
    "event": (*event.EVSE_EVENTS, *event.CHARGER_EVENTS, *event.SITE_EVENTS),
    "number": (*number.EVSE_NUMBERS, *number.VEHICLE_NUMBERS),
    "select": select.EVSE_SELECTS,
    "sensor": (
        *sensor.EVSE_SENSORS,
        *sensor.REASON_SENSORS,
        *plan_sensors.PLAN_SENSORS,
        *plan_sensors.PLAN_STATES,
        *sensor.CIRCUIT_SENSORS,
        *sensor.CHARGER_SENSORS,
        *sensor.DRIVER_SENSORS,
        *sensor.SITE_SENSORS,
        *sensor.VEHICLE_SENSORS,
    ),
    "switch": switch.EVSE_SWITCHES,
    "time": vehicle_time.VEHICLE_TIMES,
}
MISUSE_AND_FAILURE = {"failure", "misuse"}


def load(language: str) -> dict[str, Any]:
    """Return a language's file."""
    found: dict[str, Any] = json.loads((PACKAGE / f"translations/{language}.json").read_text())
    return found


ENGLISH = load("en")
ICONS = json.loads((PACKAGE / "icons.json").read_text())


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text with its path."""
    if isinstance(tree, str):
        yield path, tree
        return
    for key, value in tree.items():
        yield from leaves(value, f"{path}/{key}")


def placeholders(text: str) -> set[str]:
    """Return the names in braces."""
    return set(re.findall(r"{(\w+)}", text))


@pytest.mark.parametrize("language", LANGUAGES[1:])
@pytest.mark.parametrize("section", OURS)
def test_languages_say_the_same(language: str, section: str) -> None:
    english, other = dict(leaves(ENGLISH[section])), dict(leaves(load(language)[section]))
    assert other.keys() == english.keys()
    for path, text in english.items():
        assert placeholders(other[path]) == placeholders(text), path
        assert other[path].strip() == other[path]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_entities_have_names_and_icons(platform: str) -> None:
    rows = PLATFORMS[platform]
    keys = {row.translation_key for row in rows if row.translation_key}
    assert ENGLISH["entity"][platform].keys() == keys
    assert ICONS["entity"].get(platform, {}).keys() <= keys
    for row in rows:
        assert row.translation_key or row.device_class, row.key
        if row.device_class is None:
            assert row.translation_key in ICONS["entity"][platform], row.key


def test_states_have_names() -> None:
    (status,) = (row for row in sensor.EVSE_SENSORS if row.key == "status")
    assert ENGLISH["entity"]["sensor"]["status"]["state"].keys() == set(status.options or ())
    (plan,) = plan_sensors.PLAN_STATES
    assert ENGLISH["entity"]["sensor"]["plan_state"]["state"].keys() == set(plan.options or ())
    rows: tuple[EventEntityDescription, ...] = (*event.EVSE_EVENTS, *event.CHARGER_EVENTS)
    for row in rows:
        said = ENGLISH["entity"]["event"][row.translation_key or ""]
        states = said["state_attributes"]["event_type"]["state"]
        assert states.keys() == set(row.event_types or ())


def test_actions_are_described() -> None:
    described = load_yaml_dict(str(PACKAGE / "services.yaml"))
    actions = {key: row for key, row in described.items() if not key.startswith(".")}
    assert actions.keys() == {action.value for action in services.Action}
    assert ENGLISH["services"].keys() == ICONS["services"].keys() == actions.keys()
    for key, row in actions.items():
        fields = (row or {}).get("fields", {})
        assert ENGLISH["services"][key].get("fields", {}).keys() == fields.keys(), key


def test_fields_are_those_of_the_schemas() -> None:
    described = load_yaml_dict(str(PACKAGE / "services.yaml"))
    target = {"entity_id", "device_id", "area_id", "floor_id", "label_id"}
    schemas = {
        **services.TARGETED,
        services.Action.CALL: services.CALL_FIELDS,
        services.Action.PREVIEW_PLAN: plan_actions.TRIP_FIELDS,
        services.Action.EXPORT_SESSIONS: services.EXPORT_FIELDS,
        services.Action.ASSIGN_SESSION: services.ASSIGN_FIELDS,
    }
    for action, schema in schemas.items():
        fields = described[action.value].get("fields", {})
        assert {str(key) for key in schema} - target == fields.keys(), action


def test_select_options_have_names() -> None:
    described = load_yaml_dict(str(PACKAGE / "services.yaml"))
    rows = [row for key, row in described.items() if not key.startswith(".")]
    fields = [field for row in rows for field in row.get("fields", {}).values()]
    for field in fields:
        if select := field["selector"].get("select"):
            for language in LANGUAGES:
                options = load(language)["selector"][select["translation_key"]]["options"]
                assert options.keys() == set(select["options"])


@pytest.mark.parametrize(
    ("kind", "known"), [("triggers", trigger.TRIGGERS), ("conditions", condition.CONDITIONS)]
)
def test_triggers_and_conditions_are_described(kind: str, known: dict[str, Any]) -> None:
    described = load_yaml_dict(str(PACKAGE / f"{kind}.yaml"))
    rows = {key: row for key, row in described.items() if not key.startswith(".")}
    assert rows.keys() == known.keys() == ENGLISH[kind].keys() == ICONS[kind].keys()
    for key, row in rows.items():
        fields = row.get("fields", {})
        assert ENGLISH[kind][key].get("fields", {}).keys() == fields.keys(), key
        for field in fields.values():
            if select := field["selector"].get("select"):
                words = ENGLISH["selector"][select["translation_key"]]["options"]
                assert list(words) == select["options"]


def raised() -> Iterator[tuple[str, set[str]]]:
    """Yield the translation keys our code raises, with the placeholders it gives."""
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MISUSE_AND_FAILURE:
                given = {keyword.arg for keyword in node.keywords if keyword.arg}
                for key in _keys(node.args[0]):
                    yield key, given


def _keys(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str() as key):
            yield key
        case ast.IfExp():
            yield from _keys(node.body)
            yield from _keys(node.orelse)


def test_errors_have_words() -> None:
    said = {key: placeholders(row["message"]) for key, row in ENGLISH["exceptions"].items()}
    found = list(raised())
    assert len(found) > 15
    for key, given in found:
        assert key in said
        assert said[key] <= given, key


def test_refusals_have_words() -> None:
    done = {"accepted", "scheduled", "reboot_required"}
    said = ENGLISH["exceptions"]
    for status in CommandStatus:
        assert (f"command_{status.value}" in said) is (status.value not in done)
