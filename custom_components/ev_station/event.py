"""Event entities: sessions, faults and presented tags as moments in time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import Description, EvStationEntity, Table, async_setup_tables
from .lookup import CHARGER, EVSE, SITE_KIND, ChargerView, EvseView, SiteView, View
from .model.effects import Notice, NoticeKind
from .moments import told

if TYPE_CHECKING:
    from .runtime import EvStationConfigEntry

PARALLEL_UPDATES = 0


def by_kind(notice: Notice) -> str:
    """Return the notice's kind as event type."""
    return notice.kind.value


@dataclass(frozen=True, kw_only=True)
class EventDescription[V: View](Description[V], EventEntityDescription):
    """An event entity: which notices it tells and as what."""

    kinds: frozenset[NoticeKind]
    type_fn: Callable[[Notice], str] = by_kind


class EvStationEvent[V: View](EvStationEntity[V], EventEntity):
    """A row of the tables below."""

    entity_description: EventDescription[V]

    @override
    async def async_added_to_hass(self) -> None:
        """Hear the aggregate's notices."""
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.listen_notices(self.key, self._hear))

    @override
    def shown(self) -> object:
        """Return nothing: events are written when they happen."""
        return None

    @callback
    def _hear(self, notice: Notice) -> None:
        if notice.kind in self.entity_description.kinds:
            self._trigger_event(self.entity_description.type_fn(notice), dict(self._told(notice)))
            self.async_write_ha_state()

    def _told(self, notice: Notice) -> Mapping[str, Any]:
        return told(self.coordinator.engine, notice, private=self.coordinator.private_drivers)


SESSIONS: Final = (NoticeKind.SESSION_STARTED, NoticeKind.SESSION_ENDED)
TIME_OUTS: Final = (NoticeKind.START_TIMED_OUT, NoticeKind.STOP_TIMED_OUT)

EVSE_EVENTS: Final[tuple[EventDescription[EvseView], ...]] = (
    EventDescription(
        key="session",
        translation_key="session",
        event_types=[kind.value for kind in (*SESSIONS, *TIME_OUTS)],
        kinds=frozenset({*SESSIONS, *TIME_OUTS}),
    ),
    EventDescription(
        key="fault",
        translation_key="fault",
        event_types=[NoticeKind.CHARGER_FAULT.value],
        kinds=frozenset({NoticeKind.CHARGER_FAULT}),
    ),
)

CHARGER_EVENTS: Final[tuple[EventDescription[ChargerView], ...]] = (
    EventDescription(
        key="tag",
        translation_key="tag",
        event_types=["accepted", "refused"],
        kinds=frozenset({NoticeKind.TAG_PRESENTED}),
        type_fn=lambda notice: "accepted" if notice.data.get("accepted") else "refused",
    ),
)

DIMMINGS: Final = (
    NoticeKind.DIMMING_STARTED,
    NoticeKind.DIMMING_IN_FORCE,
    NoticeKind.DIMMING_ENDED,
)
SITE_EVENTS: Final[tuple[EventDescription[SiteView], ...]] = (
    EventDescription(
        key="dimming",
        translation_key="dimming",
        event_types=[kind.value for kind in DIMMINGS],
        kinds=frozenset(DIMMINGS),
        exists_fn=lambda view: view.site.grid.dimming is not None,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: EvStationConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event entities."""
    async_setup_tables(
        entry,
        async_add_entities,
        Table(SITE_KIND, EvStationEvent[SiteView], SITE_EVENTS),
        Table(CHARGER, EvStationEvent[ChargerView], CHARGER_EVENTS),
        Table(EVSE, EvStationEvent[EvseView], EVSE_EVENTS),
    )
