"""A site that was set up as a newcomer would, in a whole Home Assistant."""

import asyncio
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from script.api import HassApi, run
from script.ev_station import DOMAIN, configure_ev_station
from script.flows import FlowPath, answer_step, walk_flow
from script.home_assistant import HomeAssistant
from script.ports import free_port
from script.waiting import comes_true

CENT: Final = Decimal("0.01")


class House:
    """A site that was set up as a newcomer would, and what can be asked of it."""

    def __init__(self, hass: HomeAssistant, *, sample_interval_s: int = 5) -> None:
        """Set EV Station up with its defaults on a free port."""
        self.api: HassApi = hass.api
        self.port = free_port()
        self.entry = configure_ev_station(
            self.api,
            self.port,
            unknown_chargers="ask",
            unknown_tokens="refuse",
            sample_interval_s=sample_interval_s,
        )

    @property
    def url(self) -> str:
        """Where chargers dial."""
        return f"ws://127.0.0.1:{self.port}/"

    def add(self, kind: str, /, **answers: Any) -> str:
        """Add a subentry through its flow; returns its id."""
        before = set(self.subentries(kind))
        walk_flow(self.api, FlowPath.SUBENTRY, [self.entry, kind], answers)
        (added,) = set(self.subentries(kind)) - before
        if kind == "charger":
            charger = answers["charger_id"]
            # One that dials in before it is known is told to come again.
            assert comes_true(lambda: charger in self.snapshot()["chargers"], within=20), charger
        return added

    def change(self, kind: str, subentry: str, /, **answers: Any) -> None:
        """Change a subentry through its reconfigure flow."""
        step = self.api.post(
            FlowPath.SUBENTRY, {"handler": [self.entry, kind], "subentry_id": subentry}
        )
        for _ in range(5):
            if step["type"] == "abort":
                break
            assert not step.get("errors"), step
            step = self.api.post(
                f"{FlowPath.SUBENTRY}/{step['flow_id']}", answer_step(step, answers)
            )
        assert step["type"] == "abort", step
        assert step["reason"] == "reconfigure_successful"

    def remove(self, subentry: str) -> None:
        """Remove a subentry as the integration page does."""
        self.api.call_ws(
            "config_entries/subentries/delete", entry_id=self.entry, subentry_id=subentry
        )

    def subentries(self, kind: str) -> dict[str, str]:
        """Return ids and titles of a kind."""
        listed = self.api.call_ws("config_entries/subentries/list", entry_id=self.entry)
        return {
            each["subentry_id"]: each["title"] for each in listed if each["subentry_type"] == kind
        }

    def entity(self, key: str, subentry: str) -> str:
        """Return the entity of a translation key that belongs to a subentry, once it exists."""
        listed = self.api.call_ws("config/entity_registry/list")
        found = [
            each["entity_id"]
            for each in listed
            if each["translation_key"] == key and each["config_subentry_id"] == subentry
        ]
        return str(found[0]) if len(found) == 1 else ""

    def states(self) -> dict[str, str]:
        """Return the state of every enabled entity of the site."""
        listed = self.api.call_ws("config/entity_registry/list")
        own = {each["entity_id"] for each in listed if each["config_entry_id"] == self.entry}
        states = self.api.get("/api/states")
        return {each["entity_id"]: each["state"] for each in states if each["entity_id"] in own}

    def discovered(self) -> list[dict[str, Any]]:
        """Return the Discovered cards of ours."""
        flows = self.api.call_ws("config_entries/flow/progress")
        return [flow for flow in flows if flow["handler"] == DOMAIN]

    def billing(self) -> dict[str, Any]:
        """Return what the panel's billing view shows."""
        answer: dict[str, Any] = self.api.call_ws("ev_station/billing")
        return answer

    def snapshot(self) -> dict[str, Any]:
        """Return what the panel's stream begins with."""
        return run(self._snapshot())

    async def _snapshot(self) -> dict[str, Any]:
        async with self.api.socket() as socket:
            await socket.call("ev_station/subscribe")
            snapshot: dict[str, Any] = (await socket.receive())["event"]
            return snapshot

    def share_sheet(self) -> None:
        """Put every driver on the one sheet there is."""
        (sheet,) = self.subentries("sheet")
        self.change("sheet", sheet, drivers=[*self.subentries("driver")])


def cents(amount: Decimal) -> Decimal:
    """Return an amount as it is paid, half a cent upwards."""
    return amount.quantize(CENT, ROUND_HALF_UP)


async def until[T](ask: Callable[[], T], within: float = 20) -> T:
    """Ask, off the loop, until the answer is true; raises TimeoutError."""
    async with asyncio.timeout(within):
        while not (answer := await asyncio.to_thread(ask)):
            await asyncio.sleep(0.2)
        return answer
