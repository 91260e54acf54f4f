"""The steps of a driver's tags: learning one by holding it to a charger, naming, blocking, letting it expire."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntryState, ConfigSubentry, SubentryFlowResult
from homeassistant.helpers.selector import (
    BooleanSelector,
    DateSelector,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from . import const as c
from .configuration import subentries
from .engine import Engine
from .flow_selectors import optional, plain, text
from .flow_subentry import SubentryFlow
from .model.ids import ChargerId, normalize_uid

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

type Tag = dict[str, Any]


class TagSteps(SubentryFlow):
    """What a driver's flow does about tags."""

    def __init__(self) -> None:
        """Begin with nothing answered."""
        self._data: dict[str, Any] = {}
        self._waiting: asyncio.Task[tuple[ChargerId, str]] | None = None
        self._tag = ""
        self._charger = ""

    def _finish(self) -> SubentryFlowResult:
        raise NotImplementedError

    async def async_step_learn(
        self, _user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Wait for the next tag held to any charger."""
        entry = self._get_entry()
        if entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        if self._waiting is None:
            engine = entry.runtime_data.engine
            self._waiting = self.hass.async_create_task(_next_tag(engine), "ev_station tag")
        if not self._waiting.done():
            return self.async_show_progress(
                step_id="learn", progress_action="hold_tag", progress_task=self._waiting
            )
        return self.async_show_progress_done(next_step_id=self._learnt(entry))

    def _learnt(self, entry: EvStationConfigEntry) -> str:
        waiting, self._waiting = self._waiting, None
        if waiting is None or waiting.exception():
            return "nothing_learned"
        charger, token = waiting.result()
        self._tag, self._charger = normalize_uid(token), charger
        return "other_driver" if owner_of(entry, self._tag, self._subentry) else "learned"

    async def async_step_learned(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show the tag, to be confirmed."""
        if user_input is not None:
            self._data[c.CONF_TAGS] = [
                *(tag for tag in self._data[c.CONF_TAGS] if tag[c.CONF_UID] != self._tag),
                _tag(self._tag, label=text(user_input.get(c.CONF_LABEL))),
            ]
            return self._finish()
        return self.async_show_form(
            step_id="learned",
            data_schema=vol.Schema({vol.Optional(c.CONF_LABEL): TextSelector()}),
            description_placeholders={"tag": plain(self._tag), "charger": plain(self._charger)},
        )

    async def async_step_nothing_learned(
        self, _user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Nobody held a tag to a charger: try again or go on without."""
        return self.async_show_menu(
            step_id="nothing_learned", menu_options=["learn", "without_tag"]
        )

    async def async_step_other_driver(
        self, _user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """The tag is somebody else's: try another or go on without."""
        owner = owner_of(self._get_entry(), self._tag, self._subentry)
        return self.async_show_menu(
            step_id="other_driver",
            menu_options=["learn", "without_tag"],
            description_placeholders={
                "tag": plain(self._tag),
                "driver": plain(owner.title) if owner else "",
            },
        )

    async def async_step_without_tag(
        self, _user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Keep what was answered before."""
        return self._finish()

    async def async_step_tag(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask which tag is to be changed; the only one needs no question."""
        uids = [tag[c.CONF_UID] for tag in self._data[c.CONF_TAGS]]
        if user_input is not None or len(uids) == 1:
            self._tag = user_input[c.CONF_TAG] if user_input else uids[0]
            return await self.async_step_tag_details()
        schema = vol.Schema(
            {vol.Required(c.CONF_TAG): SelectSelector(SelectSelectorConfig(options=uids))}
        )
        return self.async_show_form(step_id="tag", data_schema=schema, last_step=False)

    async def async_step_tag_details(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Name a tag, block it, or let it expire."""
        tags: list[Tag] = self._data[c.CONF_TAGS]
        if user_input is not None:
            changed = _tag(
                self._tag,
                label=text(user_input.get(c.CONF_LABEL)),
                blocked=user_input[c.CONF_BLOCKED],
                expires=_end_of(user_input.get(c.CONF_EXPIRES)),
            )
            self._data[c.CONF_TAGS] = [
                changed if tag[c.CONF_UID] == self._tag else tag for tag in tags
            ]
            return self._finish()
        present = next(tag for tag in tags if tag[c.CONF_UID] == self._tag)
        return self.async_show_form(
            step_id="tag_details",
            data_schema=_details(present),
            description_placeholders={"tag": plain(self._tag)},
        )


async def _next_tag(engine: Engine) -> tuple[ChargerId, str]:
    """Return the next tag presented and where. Raises TimeoutError after the time a person is given."""
    found: asyncio.Future[tuple[ChargerId, str]] = asyncio.get_running_loop().create_future()

    def presented(charger: ChargerId, token: str) -> None:
        if not found.done() and normalize_uid(token):
            found.set_result((charger, token))

    forget = engine.listen_tokens(presented)
    try:
        async with asyncio.timeout(c.LEARN_TIMEOUT.total_seconds()):
            return await found
    finally:
        forget()


def tags_from(typed: Iterable[str], known: Iterable[Mapping[str, Any]]) -> list[Tag]:
    """Return the tags somebody typed, each once, with what was known about it."""
    before = {tag[c.CONF_UID]: dict(tag) for tag in known}
    uids = dict.fromkeys(filter(None, map(normalize_uid, typed)))
    return [before.get(uid) or _tag(uid) for uid in uids]


def owner_of(
    entry: EvStationConfigEntry, uid: str, besides: ConfigSubentry | None
) -> ConfigSubentry | None:
    """Return the other driver a tag belongs to."""
    for driver in subentries(entry, c.SUBENTRY_DRIVER):
        if driver is not besides and any(
            tag[c.CONF_UID] == uid for tag in driver.data[c.CONF_TAGS]
        ):
            return driver
    return None


def _tag(
    uid: str, *, label: str | None = None, blocked: bool = False, expires: str | None = None
) -> Tag:
    return {
        c.CONF_UID: uid,
        c.CONF_LABEL: label,
        c.CONF_BLOCKED: blocked,
        c.CONF_EXPIRES: expires,
    }


def _details(tag: Mapping[str, Any]) -> vol.Schema:
    return vol.Schema(
        {
            optional(c.CONF_LABEL, tag[c.CONF_LABEL]): TextSelector(),
            vol.Required(c.CONF_BLOCKED, default=tag[c.CONF_BLOCKED]): BooleanSelector(),
            optional(c.CONF_EXPIRES, _last_day(tag[c.CONF_EXPIRES])): DateSelector(),
        }
    )


def _end_of(day: str | None) -> str | None:
    """Return the moment a tag's last day ends, in UTC."""
    if day is None:
        return None
    following = datetime.fromisoformat(day).date() + timedelta(days=1)
    local = datetime.combine(following, time(), dt_util.get_default_time_zone())
    return dt_util.as_utc(local).isoformat()


def _last_day(expires: str | None) -> str | None:
    if expires is None:
        return None
    end = dt_util.as_local(datetime.fromisoformat(expires))
    return (end - timedelta(days=1)).date().isoformat()
