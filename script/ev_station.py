"""Sets up EV Station in a running Home Assistant, through its own configuration flow."""

import time
from typing import Any, Final

from script.api import HassApi
from script.flows import FlowPath, walk_flow
from script.ports import LOCALHOST

DOMAIN: Final = "ev_station"


class SetupError(Exception):
    """Home Assistant could not set EV Station up."""


def find_entry(api: HassApi) -> str | None:
    """Return the id of the site's config entry, if there is one."""
    entries = api.call_ws("config_entries/get", domain=DOMAIN)
    return entries[0]["entry_id"] if entries else None


def wait_until_loaded(api: HassApi, timeout: float = 20) -> None:
    """Wait until the site's entry is set up; raise at once when that failed."""
    deadline = time.monotonic() + timeout
    while (entry := api.call_ws("config_entries/get", domain=DOMAIN)[0])["state"] != "loaded":
        if "error" in entry["state"] or time.monotonic() > deadline:
            raise SetupError(f"{entry['title']}: {entry['state']}, {entry['reason']}")
        time.sleep(0.1)


def configure_ev_station(api: HassApi, ocpp_port: int, **answers: Any) -> str:
    """Create the site unless there is one, wait until it is set up, and return its entry id.

    Args:
        api: A running Home Assistant.
        ocpp_port: Where chargers dial in.
        answers: More fields of the flow, by name.
    """
    entry_id = find_entry(api) or _create(api, ocpp_port, answers)
    wait_until_loaded(api)
    return entry_id


def _create(api: HassApi, ocpp_port: int, answers: dict[str, Any]) -> str:
    # Simulated chargers and tags are strangers, and no one is there to admit them.
    given = {
        "host": LOCALHOST,
        "port": ocpp_port,
        "unknown_chargers": "accept",
        "unknown_tokens": "unassigned",
        **answers,
    }
    created: str = walk_flow(api, FlowPath.CONFIG, DOMAIN, given)["result"]["entry_id"]
    return created
