"""Figures people look at while a session runs; the bill is made by sealing alone."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from ..model.ids import SessionId
from ..model.session import Session
from ..model.state import SITE, Site, SiteState, TariffState
from ..session.life import running_curve
from ..tariff.money import round_amount
from ..tariff.rating import rate


def running_cost(state: SiteState, session_id: SessionId, now: datetime) -> Decimal | None:
    """Return what a session costs so far, in its tariff's currency; None if no price is known."""
    session = state.get(Session, session_id)
    site = state.get(Site, SITE)
    if session is None or site is None:
        return None
    if session.cdr is not None:
        return session.cdr.amount
    if session.tariff is None:
        return None
    known = state.get(TariffState, session.tariff.id)
    rating = rate(
        running_curve(session, now),
        session.tariff,
        None if known is None else known.series,
        ZoneInfo(site.settings.time_zone),
    )
    return None if rating.unpriced else round_amount(rating.amount, session.tariff.currency)
