"""The address chargers dial."""

from pathlib import Path
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ev_station.listening import (
    Obstacle,
    _listening_process,
    async_charger_url,
    async_find_obstacle,
    async_name_owner,
    async_url,
)

from .entries import LOCALHOST, site_entry


async def test_a_free_port(hass: HomeAssistant, port: int) -> None:
    assert await async_find_obstacle(hass, LOCALHOST, port) is None
    assert await async_find_obstacle(hass, None, port) is None


async def test_our_own_port_is_no_obstacle_to_ourselves(hass: HomeAssistant, port: int) -> None:
    entry = site_entry(port)
    entry.add_to_hass(hass)
    assert await async_find_obstacle(hass, LOCALHOST, port, entry) is None
    assert (await async_find_obstacle(hass, LOCALHOST, port)) == Obstacle(
        "port_used_by", "EV Station (Home)"
    )


async def test_a_port_below_1024_may_be_forbidden(
    hass: HomeAssistant, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with patch.object(hass.loop, "create_server", side_effect=PermissionError):
        assert await async_find_obstacle(hass, LOCALHOST, port) == Obstacle("port_forbidden")


async def test_the_other_ocpp_integration_is_named(hass: HomeAssistant, busy_port: int) -> None:
    other = MockConfigEntry(domain="ocpp", title="central", data={"port": busy_port})
    other.mock_state(hass, ConfigEntryState.LOADED)
    other.add_to_hass(hass)
    assert await async_find_obstacle(hass, LOCALHOST, busy_port) == Obstacle(
        "port_used_by", "OCPP (central)"
    )


async def test_a_process_is_named_as_far_as_linux_tells(
    hass: HomeAssistant, busy_port: int
) -> None:
    found = await async_name_owner(hass, busy_port)
    assert found.key == "port_used_by"
    assert found.owner == Path("/proc/self/comm").read_text().strip()


async def test_nobody_is_named_where_nobody_is_known(hass: HomeAssistant, busy_port: int) -> None:
    with patch("custom_components.ev_station.listening._listening_process", return_value=None):
        assert await async_name_owner(hass, busy_port) == Obstacle("port_in_use")


def test_processes_that_vanish_or_hide_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    row = "0: 0100007F:2328 00000000:0000 0A 0:0 0:0 0 0 0 4711 1"
    (tmp_path / "net" / "tcp").write_text(f"header\n{row}\n")
    (tmp_path / "1").mkdir()
    holder = tmp_path / "2" / "fd"
    holder.mkdir(parents=True)
    (holder / "3").symlink_to("socket:[4711]")
    (tmp_path / "2" / "comm").write_text("charged\n")
    assert _listening_process(9000, tmp_path) == "charged"
    assert _listening_process(9001, tmp_path) is None


@pytest.mark.parametrize(
    ("host", "advertised", "url"),
    [
        (LOCALHOST, None, "ws://127.0.0.1:9000/"),
        (LOCALHOST, "home.lan", "ws://home.lan:9000/"),
        ("fd00::1", None, "ws://[fd00::1]:9000/"),
        (None, None, "ws://192.0.2.7:9000/"),
    ],
)
async def test_the_address_to_type_into_a_charger(
    hass: HomeAssistant, host: str | None, advertised: str | None, url: str
) -> None:
    with patch("homeassistant.components.network.async_get_source_ip", return_value="192.0.2.7"):
        assert await async_url(hass, host, 9000, advertised) == url


async def test_the_address_of_a_site(hass: HomeAssistant) -> None:
    entry = site_entry(9000, options={"advertised_host": "home.lan"})
    assert await async_charger_url(hass, entry) == "ws://home.lan:9000/"
