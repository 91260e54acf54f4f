"""A charger's configuration without a socket: answers GetConfiguration and ChangeConfiguration as told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from custom_components.ev_station.model.errors import CallRefused, CallTimedOut

type Payload = dict[str, Any]


@dataclass
class Box:
    """Keys with values, and how it treats questions and writes."""

    keys: dict[str, Any] = field(default_factory=dict)
    read_only: set[str] = field(default_factory=set)
    takes: Callable[[str, str], str] = lambda *_: "Accepted"
    """The status of a write."""
    whole: bool = True
    """Answers GetConfiguration without keys."""
    refuses: dict[str, str] = field(default_factory=dict)
    """CALLERROR codes by action."""
    silent: set[str] = field(default_factory=set)
    forgets: bool = False
    """Accepts writes and does nothing (Grizzl-E 3.9)."""
    log: list[tuple[str, Payload]] = field(default_factory=list)

    async def ask(self, action: str, payload: Payload) -> Payload:
        """Answer a request."""
        self.log.append((action, payload))
        if action in self.silent:
            raise CallTimedOut("CP1", action)
        if action in self.refuses:
            raise CallRefused("CP1", action, self.refuses[action], "")
        return self._get(payload) if action == "GetConfiguration" else self._change(payload)

    def _get(self, payload: Payload) -> Payload:
        wanted = payload.get("key")
        if wanted is None:
            wanted = list(self.keys) if self.whole else []
        return {
            "configurationKey": [
                {"key": key, "readonly": key in self.read_only, "value": self.keys[key]}
                for key in wanted
                if key in self.keys
            ],
            "unknownKey": [key for key in wanted if key not in self.keys],
        }

    def _change(self, payload: Payload) -> Payload:
        status = self.takes(payload["key"], payload["value"])
        if status == "Accepted" and not self.forgets:
            self.keys[payload["key"]] = payload["value"]
        return {"status": status}

    @property
    def writes(self) -> list[tuple[str, str]]:
        """Return the keys and values written, in order."""
        return [
            (sent["key"], sent["value"])
            for action, sent in self.log
            if "key" in sent and action[0] == "C"
        ]

    @property
    def questions(self) -> int:
        """Return how often it was asked."""
        return sum(action == "GetConfiguration" for action, _ in self.log)
