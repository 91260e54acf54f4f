"""Sets up EV Station in a running Home Assistant, through its own configuration flow."""

from collections.abc import Iterator, Mapping
from itertools import count
import time
from typing import Any, Final

from script.api import HassApi
from script.flows import FlowPath, fill, walk_flow
from script.ports import LOCALHOST

DOMAIN: Final = "ev_station"
OPEN: Final = {"unknown_chargers": "accept", "unknown_tokens": "unassigned"}
"""Answers that admit every charger and every tag."""
DRIVERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "Anna": {"tags": ["DEMO-ANNA"]},
    "Ben": {"tags": ["DEMO-BEN"]},
    "Guest": {"tags": ["DEMO-GUEST"]},
}
PLACES: Final = ("Garage", "Carport", "Driveway")


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
    given = {"host": LOCALHOST, "port": ocpp_port, **answers}
    created: str = walk_flow(api, FlowPath.CONFIG, DOMAIN, given)["result"]["entry_id"]
    return created


def add_demo(api: HassApi, entry_id: str, chargers: int) -> None:
    """Adopt the simulated chargers and register their drivers, who share the household's sheet."""
    _add_missing(api, entry_id, "driver", DRIVERS)
    names = {
        f"SIM-{number}": name
        for number, name in zip(range(1, chargers + 1), _names(), strict=False)
    }
    fields = {
        name: {"charger_id": identity, "evse": {"name": None}} for identity, name in names.items()
    }
    _add_missing(api, entry_id, "charger", fields)
    _share_sheet(api, entry_id)


def _names() -> Iterator[str]:
    yield from PLACES
    for number in count(len(PLACES) + 1):
        yield f"Charger {number}"


def _add_missing(
    api: HassApi, entry_id: str, kind: str, wanted: Mapping[str, Mapping[str, Any]]
) -> None:
    present = _subentries(api, entry_id, kind).values()
    for name, fields in wanted.items():
        if name not in present:
            walk_flow(api, FlowPath.SUBENTRY, [entry_id, kind], {"name": name, **fields})


def _share_sheet(api: HassApi, entry_id: str) -> None:
    drivers = list(_subentries(api, entry_id, "driver"))
    for sheet in list(_subentries(api, entry_id, "sheet"))[:1]:
        step = api.post(FlowPath.SUBENTRY, {"handler": [entry_id, "sheet"], "subentry_id": sheet})
        answers = {"drivers": drivers}
        result = api.post(
            f"{FlowPath.SUBENTRY}/{step['flow_id']}", fill(step["data_schema"], answers)
        )
        if result["type"] != "abort":
            raise SetupError(f"the sheet could not be shared: {result}")


def _subentries(api: HassApi, entry_id: str, kind: str) -> dict[str, str]:
    listed = api.call_ws("config_entries/subentries/list", entry_id=entry_id)
    return {each["subentry_id"]: each["title"] for each in listed if each["subentry_type"] == kind}
