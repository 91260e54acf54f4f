"""Who may charge, as the charge point decides it: cache, local list, central system (§3.5)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from .configuration import Configuration
from .rpc import CallError, CallTimeout, Disconnected
from .vocabulary import Payload

type Ask = Callable[[str], Awaitable[Payload]]


@dataclass(slots=True, kw_only=True)
class Access:
    """Remembers idTagInfo by tag; `ask` sends Authorize and raises where nobody answers."""

    configuration: Configuration
    ask: Ask
    cache: dict[str, Payload] = field(default_factory=dict)
    local_list: dict[str, Payload] = field(default_factory=dict)
    list_version: int = 0

    async def admits(self, tag: str) -> bool:
        """Decide on a tag, without the central system where that is allowed or unavoidable."""
        known = self._known(tag)
        if known and self.configuration.on("LocalPreAuthorize"):
            return _accepted(known)
        try:
            info = await self.ask(tag)
        except CallError, CallTimeout, Disconnected:
            return self._admits_offline(known)
        self.learn(tag, info)
        return _accepted(info)

    def learn(self, tag: str, info: Payload | None) -> None:
        """Keep an answer's idTagInfo in the cache."""
        if info and self.configuration.on("AuthorizationCacheEnabled"):
            self.cache[tag] = info

    def parent(self, tag: str) -> str | None:
        """Return the group a tag belongs to, as far as known here."""
        parent = (self._known(tag) or {}).get("parentIdTag")
        return parent if isinstance(parent, str) else None

    def _known(self, tag: str) -> Payload | None:
        """The local list goes before the cache, §3.5.3."""
        return self.local_list.get(tag) or self.cache.get(tag)

    def _admits_offline(self, known: Payload | None) -> bool:
        if known is None:
            return self.configuration.on("AllowOfflineTxForUnknownId")
        return self.configuration.on("LocalAuthorizeOffline") and _accepted(known)

    def send_list(self, payload: Payload) -> str:
        """Take in SendLocalList and return its status, §5.15."""
        entries: list[Payload] = payload.get("localAuthorizationList", [])
        if payload["updateType"] == "Full":
            self.local_list.clear()
        elif payload["listVersion"] <= self.list_version:
            return "VersionMismatch"
        for entry in entries:
            self._update(entry)
        self.list_version = payload["listVersion"]
        return "Accepted"

    def _update(self, entry: Payload) -> None:
        if "idTagInfo" in entry:
            self.local_list[entry["idTag"]] = entry["idTagInfo"]
        else:
            self.local_list.pop(entry["idTag"], None)


def _accepted(info: Payload) -> bool:
    return info.get("status") == "Accepted"
