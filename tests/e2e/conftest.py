"""A Home Assistant and a site for each module."""

from collections.abc import Iterator

import pytest

from script.home_assistant import HomeAssistant

from .house import House


@pytest.fixture(scope="module")
def hass(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HomeAssistant]:
    """Run a fresh Home Assistant."""
    with HomeAssistant(tmp_path_factory.mktemp("config")) as running:
        yield running


@pytest.fixture(scope="module")
def house(hass: HomeAssistant) -> House:
    """Return a site as it is after its one screen."""
    return House(hass)
