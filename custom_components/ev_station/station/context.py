"""What every part of the reducer works with: the draft of the new state, the time, fresh ids, the effects so far."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ..access.fingerprint import fingerprint
from ..model.answers import Answer
from ..model.commands import Command
from ..model.effects import Effect, Notice, NoticeKind, Reply, Send
from ..model.ids import ChargerId, CommandId, DriverId, EvseId, Fresh
from ..model.session import Session
from ..model.settings import DriverSettings, EvseSettings, SiteSettings
from ..model.state import SITE, Charger, Draft, Driver, Evse, Site, SiteState


class Context:
    """One event's work in progress."""

    def __init__(self, state: SiteState, now: datetime, fresh: Fresh) -> None:
        """Begin with nothing changed and nothing to do."""
        self.draft = Draft(state)
        self.now = now
        self.fresh = fresh
        self.effects: list[Effect] = []

    @property
    def site(self) -> Site:
        """Return the site; the first event of every journal is `SiteConfigured`."""
        site = self.draft.get(Site, SITE)
        if site is None:
            msg = "an event before SiteConfigured"
            raise LookupError(msg)
        return site

    @property
    def settings(self) -> SiteSettings:
        """Return the site's settings."""
        return self.site.settings

    @property
    def zone(self) -> ZoneInfo:
        """Return the site's time zone."""
        return ZoneInfo(self.settings.time_zone)

    def reply(self, answer: Answer) -> None:
        """Answer the message."""
        self.effects.append(Reply(answer=answer))

    def notice(
        self,
        kind: NoticeKind,
        charger: ChargerId | None,
        evse: EvseId | None = None,
        **data: str | float | bool | None,
    ) -> None:
        """Tell automations."""
        self.effects.append(Notice(kind=kind, charger=charger, evse=evse, data=data))

    def number(self, charger: Charger) -> CommandId:
        """Return the id of a command of the reducer's own accord: negative, so it never meets a request's."""
        current = self.current(charger)
        count = current.commands + 1
        self.draft.put(replace(current, commands=count))
        return -count

    def send(self, charger: Charger, evse: EvseId | None, command: Command) -> CommandId:
        """Ask a charger for something of the reducer's own accord; returns the id its answer will bear."""
        number = self.number(charger)
        self.effects.append(Send(charger=charger.key, evse=evse, command=command, id=number))
        return number

    def fingerprint(self, token: str | None) -> str | None:
        """Return the site's stable hash of a tag; None for none."""
        return fingerprint(token, self.settings.secret) if token else None

    def charger(self, charger: ChargerId) -> Charger | None:
        """Return an adopted charger."""
        return self.draft.get(Charger, charger)

    def current(self, charger: Charger) -> Charger:
        """Return a charger with all that was changed since it was looked up."""
        return self.charger(charger.key) or charger

    def evse(self, evse: EvseId) -> Evse:
        """Return an EVSE of an adopted charger, a new one the first time it is heard of."""
        known = self.draft.get(Evse, evse)
        if known is not None:
            return known
        fresh = Evse(id=evse)
        self.draft.put(fresh)
        self._list_evse(evse)
        return fresh

    def _list_evse(self, evse: EvseId) -> None:
        charger = self.charger(evse.charger)
        if charger is not None and evse.evse > 0:
            evses = tuple(sorted((*charger.evses, evse)))
            self.draft.put(replace(charger, evses=evses))

    def evse_settings(self, evse: EvseId) -> EvseSettings:
        """Return what the owner decided for an EVSE."""
        charger = self.charger(evse.charger)
        return EvseSettings(evse=evse.evse) if charger is None else charger.settings.evse(evse.evse)

    def driver(self, driver: DriverId | None) -> DriverSettings | None:
        """Return a driver's settings; None if there is none (any more)."""
        found = None if driver is None else self.draft.get(Driver, driver)
        return None if found is None else found.settings

    def session_at(self, evse: EvseId) -> Session | None:
        """Return the session that goes on at an EVSE."""
        known = self.draft.get(Evse, evse)
        if known is None or known.session is None:
            return None
        return self.draft.get(Session, known.session)

    def sessions_of(self, charger: Charger) -> list[Session]:
        """Return a charger's open and recent sessions, oldest first."""
        found = (self.draft.get(Session, session) for session in charger.sessions)
        return [session for session in found if session is not None]
