"""The documents name what the code offers, all of it and nothing else, and their links lead somewhere."""

from collections.abc import Iterator, Mapping
import json
from pathlib import Path
import re
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components.ev_station import (
    binary_sensor,
    button,
    calendar,
    const,
    event,
    number,
    plan_sensors,
    select,
    sensor,
    services,
    switch,
    time as vehicle_time,
)
from custom_components.ev_station.condition import CONDITIONS
from custom_components.ev_station.entity import Description
from custom_components.ev_station.trigger import TRIGGERS

PACKAGE: Final = Path(const.__file__).parent
PAGES: Final = (Path("README.md"), Path("CHANGELOG.md"), *sorted(Path("docs").glob("*.md")))
EN: Final[dict[str, Any]] = json.loads((PACKAGE / "translations" / "en.json").read_text())
BLUEPRINTS: Final = sorted(Path("blueprints").rglob("*.yaml"))
LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)

type Rows = list[list[str]]


def section(page: str, heading: str) -> str:
    """Return what stands under a heading of a page, up to the next of its level."""
    text = Path("docs", page).read_text()
    level, title = heading.split(" ", 1)
    begin = re.search(rf"^{level} {re.escape(title)}$", text, re.MULTILINE)
    assert begin, f"{page} has no section {title}"
    end = re.search(rf"^#{{1,{len(level)}}} ", text[begin.end() :], re.MULTILINE)
    return text[begin.end() : begin.end() + end.start() if end else None]


def rows(text: str) -> Rows:
    """Return the cells of a text's tables, without their heads."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    heads = {number - 1 for number, cells in enumerate(table) if set(cells[0]) == {"-"}}
    return [
        cells
        for number, cells in enumerate(table)
        if number not in heads and set(cells[0]) != {"-"}
    ]


def code(cell: str) -> str:
    """Return what a cell shows as code."""
    assert cell.startswith("`"), cell
    return cell.strip("`")


# Links


def anchor(heading: str) -> str:
    """Return what GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text()):
        url = urlsplit(link)
        if url.scheme:
            continue
        target = (page.parent / url.path) if url.path else page
        assert target.exists(), link
        if url.fragment:
            assert url.fragment in map(anchor, HEADING.findall(target.read_text())), link


def test_every_page_is_reached_from_the_readme() -> None:
    linked = {Path(link) for link in LINK.findall(Path("README.md").read_text())}
    assert {page for page in PAGES if page.parent.name == "docs"} <= linked


def test_every_blueprint_has_a_badge() -> None:
    text = Path("docs", "automations.md").read_text()
    links = [urlsplit(link) for link in LINK.findall(text) if "/redirect/" in link]
    sources = [parse_qs(link.query)["blueprint_url"][0] for link in links]
    assert sorted(sources) == [
        load_yaml_dict(str(path))["blueprint"]["source_url"] for path in BLUEPRINTS
    ]


# Entities

TABLES: Final[Mapping[str, Mapping[str, tuple[Description[Any], ...]]]] = {
    "## Connector": {
        "sensor": (
            *sensor.EVSE_SENSORS,
            *sensor.REASON_SENSORS,
            *plan_sensors.PLAN_SENSORS,
            *plan_sensors.PLAN_STATES,
        ),
        "binary sensor": binary_sensor.EVSE_BINARY_SENSORS,
        "switch": switch.EVSE_SWITCHES,
        "number": number.EVSE_NUMBERS,
        "select": select.EVSE_SELECTS,
        "button": button.EVSE_BUTTONS,
        "event": event.EVSE_EVENTS,
    },
    "## Charger": {
        "sensor": sensor.CHARGER_SENSORS,
        "binary sensor": binary_sensor.CHARGER_BINARY_SENSORS,
        "button": button.CHARGER_BUTTONS,
        "event": event.CHARGER_EVENTS,
    },
    "## Driver": {"sensor": sensor.DRIVER_SENSORS},
    "## Circuit": {
        "sensor": sensor.CIRCUIT_SENSORS,
        "binary sensor": binary_sensor.CIRCUIT_BINARY_SENSORS,
    },
    "## Site": {
        "sensor": sensor.SITE_SENSORS,
        "binary sensor": binary_sensor.SITE_BINARY_SENSORS,
        "calendar": calendar.SITE_CALENDARS,
        "event": event.SITE_EVENTS,
    },
    "## Vehicle": {
        "sensor": sensor.VEHICLE_SENSORS,
        "number": number.VEHICLE_NUMBERS,
        "time": vehicle_time.VEHICLE_TIMES,
    },
}


def unit(description: Description[Any]) -> str:
    """Return the unit a description is shown in."""
    if getattr(description, "unit_fn", None):
        return "currency"
    suggested = getattr(description, "suggested_unit_of_measurement", None)
    return suggested or getattr(description, "native_unit_of_measurement", None) or ""


def name(platform: str, description: Description[Any]) -> str | None:
    """Return the English name of an entity; None where its device class gives it."""
    texts = EN["entity"].get(platform.replace(" ", "_"), {}).get(description.key, {})
    found: str | None = texts.get("name")
    return found


@pytest.mark.parametrize("heading", TABLES)
def test_every_entity_is_described(heading: str) -> None:
    table = rows(section("entities.md", heading))
    described = {(cells[1], code(cells[2])): cells for cells in table}
    known = {
        (platform, row.key): row for platform, table in TABLES[heading].items() for row in table
    }
    assert described.keys() == known.keys()
    for (platform, key), row in known.items():
        title, _, _, shown_in, live, meaning = described[platform, key]
        assert title == (name(platform, row) or title)
        assert shown_in == unit(row), key
        assert live == ("yes" if row.live else ""), key
        assert ("Disabled by default" in meaning) != row.entity_registry_enabled_default, key


def test_every_state_is_described() -> None:
    text = section("entities.md", "## Connector")
    for texts in EN["entity"]["sensor"].values():
        for state in texts.get("state", {}):
            assert f"`{state}`" in text
    for key, types in {row.key: row.event_types or [] for row in event.EVSE_EVENTS}.items():
        cells = next(cells for cells in rows(text) if cells[2] == f"`{key}`")
        assert set(re.findall(r"`(\w+)`", cells[5])) == set(types)


# Actions and triggers

ACTIONS: Final[dict[str, Any]] = {
    key: value
    for key, value in load_yaml_dict(str(PACKAGE / "services.yaml")).items()
    if not key.startswith(".")
}


def headings(page: str) -> Iterator[str]:
    """Yield the headings of a page that name something of ours."""
    for heading in HEADING.findall(Path("docs", page).read_text()):
        if heading.startswith("`ev_station."):
            yield code(heading).removeprefix("ev_station.")


def test_every_action_is_described() -> None:
    assert list(headings("actions.md")) == list(ACTIONS) == [each.value for each in services.Action]


@pytest.mark.parametrize("action", ACTIONS)
def test_every_field_of_an_action_is_described(action: str) -> None:
    text = section("actions.md", f"## `ev_station.{action}`")
    described = {code(field): needed for field, needed, *_ in rows(text) if needed in {"yes", "no"}}
    fields = ACTIONS[action].get("fields", {})
    assert described == {key: "yes" if field["required"] else "no" for key, field in fields.items()}
    for field in fields.values():
        for option in field["selector"].get("select", {}).get("options", []):
            assert f"`{option}`" in text


def test_every_trigger_is_described() -> None:
    assert list(headings("automations.md")) == list(TRIGGERS)


def test_every_condition_is_described() -> None:
    found = HEADING.findall(Path("docs", "automations.md").read_text())
    named = [
        code(each.removeprefix("Condition ")) for each in found if each.startswith("Condition ")
    ]
    assert named == list(CONDITIONS)


# Configuration


def labels(texts: Any) -> Iterator[str]:
    """Yield the label of every field of a form, its sections and the forms in it."""
    for key, value in texts.items():
        if key == "data":
            yield from value.values()
        elif isinstance(value, dict):
            yield from labels(value)


DRIVER_STEPS: Final = dict(EN["config_subentries"]["driver"]["step"])
# Which tag is to be changed; no setting.
del DRIVER_STEPS["tag"]
FORMS: Final = {
    "## The site": EN["config"]["step"]["reconfigure"],
    "## Rules of the site": EN["options"],
    "## Chargers": EN["config_subentries"]["charger"],
    "## Drivers": DRIVER_STEPS,
    "## Tariffs": EN["config_subentries"]["tariff"],
    "## Billing sheets": EN["config_subentries"]["sheet"],
    "## Circuits": EN["config_subentries"]["circuit"],
    "## Vehicles": EN["config_subentries"]["vehicle"],
}


@pytest.mark.parametrize("heading", FORMS)
def test_every_field_of_a_form_is_described(heading: str) -> None:
    fields = " ".join(cells[0] for cells in rows(section("configuration.md", heading)))
    described = set(re.findall(r"\*\*(.+?)\*\*", fields))
    first_screen = EN["config"]["step"]["user"]["data"].values() if heading == "## The site" else ()
    assert described == {*labels(FORMS[heading]), *first_screen}
