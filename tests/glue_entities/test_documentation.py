"""The documents' examples are valid, and the triggers give the fields the documents say."""

from pathlib import Path
import re
from typing import Any, Final

from homeassistant.components import automation
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml
import pytest
import voluptuous as vol

from custom_components.ev_station.model.status import EvseStatus
from custom_components.ev_station.trigger import TRIGGERS, NoticeTrigger
from tests.conformance.test_documentation import code, rows, section

from .site import Site
from .test_trigger import automate, device

EXAMPLE: Final = re.compile(r"^```yaml\n(.+?)^```", re.MULTILINE | re.DOTALL)
BY_HOME_ASSISTANT: Final = {"id", "idx", "alias", "platform", "description"}


def examples(page: str) -> list[Any]:
    """Return the YAML of a page."""
    return [parse_yaml(text) for text in EXAMPLE.findall(Path("docs", page).read_text())]


@pytest.mark.parametrize("example", examples("actions.md"), ids=lambda each: each["action"])
def test_examples_of_actions(hass: HomeAssistant, site: Site, example: dict[str, Any]) -> None:
    assert cv.SERVICE_SCHEMA(example)
    name = example["action"].removeprefix("ev_station.")
    schema = hass.services.async_services_for_domain("ev_station")[name].schema
    assert isinstance(schema, vol.Schema | vol.All)
    assert schema({**example.get("target", {}), **example.get("data", {})})


async def test_examples_of_automations(hass: HomeAssistant, site: Site) -> None:
    found = examples("automations.md")
    assert len(found) >= len(TRIGGERS)
    assert await async_setup_component(hass, automation.DOMAIN, {automation.DOMAIN: found})
    await hass.async_block_till_done()
    states = hass.states.async_all(automation.DOMAIN)
    assert [state.state for state in states] == ["on"] * len(found)
    # Their timers would outlive the test.
    await hass.services.async_call(
        automation.DOMAIN, "turn_off", {"entity_id": "all"}, blocking=True
    )


OF_NOTICES: Final = [key for key, each in TRIGGERS.items() if issubclass(each, NoticeTrigger)]


@pytest.mark.parametrize("trigger", OF_NOTICES)
async def test_fields_of_triggers(hass: HomeAssistant, site: Site, trigger: str) -> None:
    calls = await automate(hass, trigger, device(site))
    await site.connect()
    await site.tag("TAG-ANNA")
    await site.stop(await site.start(), 2000)
    await site.status(EvseStatus.FAULTED, error="GroundFailure")
    told = calls[0].data["trigger"].keys() - BY_HOME_ASSISTANT
    everywhere = section("automations.md", "## Triggers").split("### ", 1)[0]
    own = section("automations.md", f"### `ev_station.{trigger}`")
    assert told == {code(cells[0]) for cells in rows(everywhere + own)}
