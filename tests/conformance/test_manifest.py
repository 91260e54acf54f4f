"""What hassfest and the HACS action check, as far as it can be checked here."""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any, Final
from urllib.parse import urlsplit

from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration
from PIL import Image
import pytest
import yaml

ROOT: Final = Path(__file__).parents[2]
PACKAGE: Final = ROOT / "custom_components" / "ev_station"
MANIFEST: Final[dict[str, Any]] = json.loads((PACKAGE / "manifest.json").read_text())
HACS_KEYS: Final = {
    "content_in_root",
    "filename",
    "hacs",
    "hide_default_branch",
    "homeassistant",
    "name",
    "persistent_directory",
    "zip_release",
}
QUALITY_RULES: Final = {
    "bronze": {
        "action-setup",
        "appropriate-polling",
        "brands",
        "common-modules",
        "config-flow",
        "config-flow-test-coverage",
        "dependency-transparency",
        "docs-actions",
        "docs-conditions",
        "docs-high-level-description",
        "docs-installation-instructions",
        "docs-removal-instructions",
        "docs-triggers",
        "entity-event-setup",
        "entity-unique-id",
        "has-entity-name",
        "runtime-data",
        "test-before-configure",
        "test-before-setup",
        "unique-config-entry",
    },
    "silver": {
        "action-exceptions",
        "config-entry-unloading",
        "docs-configuration-parameters",
        "docs-installation-parameters",
        "entity-unavailable",
        "integration-owner",
        "log-when-unavailable",
        "parallel-updates",
        "reauthentication-flow",
        "test-coverage",
    },
    "gold": {
        "devices",
        "diagnostics",
        "discovery",
        "discovery-update-info",
        "docs-data-update",
        "docs-examples",
        "docs-known-limitations",
        "docs-supported-devices",
        "docs-supported-functions",
        "docs-troubleshooting",
        "docs-use-cases",
        "dynamic-devices",
        "entity-category",
        "entity-device-class",
        "entity-disabled-by-default",
        "entity-translations",
        "exception-translations",
        "icon-translations",
        "reconfiguration-flow",
        "repair-issues",
        "stale-devices",
    },
    "platinum": {"async-dependency", "inject-websession", "strict-typing"},
}


def imported_components() -> Iterator[tuple[Path, str]]:
    """Yield every Home Assistant component a module imports."""
    for path in sorted(PACKAGE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.ImportFrom) or node.level or not node.module:
                continue
            parts = node.module.split(".")
            if parts[:2] != ["homeassistant", "components"]:
                continue
            names = [parts[2]] if len(parts) > 2 else [alias.name for alias in node.names]
            yield from ((path, name) for name in names)


# Always set up before any integration, or a platform's own domain.
ALWAYS_THERE: Final = {"system_health", "calendar", "logbook"}
ENTITY_PLATFORMS: Final = {path.stem for path in PACKAGE.glob("*.py")}


def test_keys_are_in_order() -> None:
    keys = list(MANIFEST)
    assert keys[:2] == ["domain", "name"]
    assert keys[2:] == sorted(keys[2:])


def test_what_a_custom_integration_must_say() -> None:
    assert MANIFEST["domain"] == PACKAGE.name
    assert re.fullmatch(r"\d+\.\d+\.\d+(b\d+)?", MANIFEST["version"])
    assert MANIFEST["config_flow"] is True
    assert MANIFEST["integration_type"] == "hub"
    assert MANIFEST["iot_class"] == "local_push"
    assert all(owner.startswith("@") for owner in MANIFEST["codeowners"])
    for key in ("documentation", "issue_tracker"):
        assert urlsplit(MANIFEST[key]).scheme == "https"


def test_discovered_chargers_are_not_turned_away() -> None:
    """It would abort every flow after the first entry, discovery included."""
    assert "single_config_entry" not in MANIFEST


def test_requirements_are_pinned_and_in_order() -> None:
    assert MANIFEST["requirements"] == sorted(MANIFEST["requirements"])
    assert all(re.fullmatch(r"[a-z0-9-]+==[\d.]+", each) for each in MANIFEST["requirements"])


def test_requirements_are_what_the_project_says() -> None:
    said = re.search(
        r"^dependencies = \[(.*?)^\]",
        (ROOT / "pyproject.toml").read_text(),
        re.MULTILINE | re.DOTALL,
    )
    assert said is not None
    assert set(MANIFEST["requirements"]) <= set(re.findall(r'"([^"]+)"', said[1]))


@pytest.mark.parametrize("key", ["dependencies", "after_dependencies"])
async def test_dependencies_exist(
    hass: HomeAssistant, enable_custom_integrations: None, key: str
) -> None:
    assert MANIFEST[key] == sorted(MANIFEST[key])
    for domain in MANIFEST[key]:
        assert (await async_get_integration(hass, domain)).domain == domain


def test_every_imported_component_is_a_dependency() -> None:
    known = {*MANIFEST["dependencies"], *MANIFEST["after_dependencies"], *ALWAYS_THERE}
    missing = {
        f"{path.name}: {name}"
        for path, name in imported_components()
        if name not in known | ENTITY_PLATFORMS
    }
    assert not missing


async def test_home_assistant_loads_it(
    hass: HomeAssistant, enable_custom_integrations: None
) -> None:
    integration = await async_get_integration(hass, MANIFEST["domain"])
    assert integration.config_flow
    assert integration.quality_scale == "custom"
    assert await integration.async_get_component()


def test_hacs_finds_what_it_needs() -> None:
    hacs = json.loads((ROOT / "hacs.json").read_text())
    assert set(hacs) <= HACS_KEYS
    assert hacs["name"]
    assert not hacs.get("zip_release") or hacs["filename"]
    for key in ("codeowners", "documentation", "domain", "issue_tracker", "name", "version"):
        assert MANIFEST[key]
    assert (ROOT / "README.md").read_text()
    assert "Apache License" in (ROOT / "LICENSE").read_text()


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("icon.png", (256, 256)),
        ("icon@2x.png", (512, 512)),
        ("logo.png", None),
        ("logo@2x.png", None),
    ],
)
def test_brand_images(name: str, size: tuple[int, int] | None) -> None:
    with Image.open(PACKAGE / "brand" / name) as image:
        assert image.format == "PNG"
        assert image.mode == "RGBA"
        if size is None:
            assert min(image.size) in range(128, 257 if "@" not in name else 513)
        else:
            assert image.size == size
        alpha = image.getchannel("A").getextrema()
    assert alpha == (0, 255)


def test_every_quality_rule_is_answered() -> None:
    answers = yaml.safe_load((PACKAGE / "quality_scale.yaml").read_text())["rules"]
    assert set(answers) == set().union(*QUALITY_RULES.values())
    for rule, answer in answers.items():
        if isinstance(answer, str):
            assert answer in {"done", "todo"}, rule
        else:
            assert answer["status"] in {"done", "todo", "exempt"}, rule
            assert answer["comment"].endswith("."), rule


def test_no_room_is_named_like_a_platform() -> None:
    """Home Assistant imports a folder of such a name as a platform."""
    platforms = {
        "application_credentials", "backup", "cast", "condition", "config", "config_flow",
        "device_action", "device_condition", "device_trigger", "diagnostics", "energy", "group",
        "hardware", "intent", "llm", "logbook", "media_source", "recorder", "repairs",
        "reproduce_state", "significant_change", "system_health", "trigger",
    }  # fmt: skip
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert not rooms & platforms
    files = {path.stem for path in PACKAGE.glob("*.py")} & platforms
    assert files <= {
        "backup", "condition", "config_flow", "diagnostics", "intent", "llm", "logbook", "repairs",
        "system_health", "trigger",
    }  # fmt: skip
