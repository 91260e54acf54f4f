"""The end of a session: sealed into a charge detail record and posted to the driver's sheet."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ..billing.cdr import Circumstances, credit, seal
from ..billing.ledger import post
from ..model.chain import head_after
from ..model.effects import NoticeKind, Seal
from ..model.ids import DriverId, SheetId
from ..model.records import Cdr, Posting
from ..model.session import Session, SessionState
from ..model.state import SITE, Account, Evse, Ledger, Sheet, TariffState
from ..session.life import energy_of, settled
from ..session.live import stilled
from .context import Context
from .stays import note_leaving, note_stay


def local_month(moment: datetime, zone: ZoneInfo) -> str:
    """Return the month of a moment in the site's zone: `2026-11`."""
    return moment.astimezone(zone).strftime("%Y-%m")


def sheet_of(context: Context, driver: DriverId | None) -> SheetId | None:
    """Return the sheet a driver is on."""
    if driver is None:
        return None
    sheets = context.draft.all(Sheet)
    return next((sheet.key for sheet in sheets if driver in sheet.settings.drivers), None)


def _circumstances(context: Context, session: Session) -> Circumstances:
    """Return what holds at the site for a session."""
    charger = context.charger(session.evse.charger)
    boot = None if charger is None else charger.boot
    tariff = session.tariff
    known = None if tariff is None else context.draft.get(TariffState, tariff.id)
    return Circumstances(
        charger_name=session.evse.charger if charger is None else charger.settings.name,
        meter_serial=None if boot is None else boot.meter_serial,
        currency=context.settings.currency if tariff is None else tariff.currency,
        time_zone=context.settings.time_zone,
        tariff=tariff,
        series=None if known is None else known.series,
        sheet=sheet_of(context, session.payer.driver),
        token_fingerprint=context.fingerprint(session.payer.token),
    )


def seal_session(context: Context, session: Session) -> None:
    """Write an ended session's record; one that was written before is taken back first."""
    if session.cdr is not None:
        book(context, credit(session.cdr, context.now))
    curve = energy_of(session).curve
    cdr = seal(session, curve, _circumstances(context, session), context.now)
    book(context, cdr)
    kept = settled(session) if session.state is SessionState.ENDED else session
    context.draft.put(replace(kept, cdr=cdr))
    _free_evse(context, session, cdr)
    note_stay(context, session, cdr.ended_at)
    _notice(context, session, cdr)


def book(context: Context, cdr: Cdr) -> None:
    """Append a record's posting to the chain and to the driver's account."""
    ledger = context.draft.get(Ledger, SITE) or Ledger()
    posting = post(cdr, ledger.head, context.now)
    context.effects.append(Seal(cdr=cdr, posting=posting))
    context.draft.put(Ledger(head=head_after(posting)))
    _add_to_account(context, posting)


def _add_to_account(context: Context, posting: Posting) -> None:
    month = local_month(context.now, context.zone)
    if posting.driver is None or posting.day.strftime("%Y-%m") != month:
        return
    account = context.draft.get(Account, posting.driver)
    if account is None or account.month != month:
        account = Account(driver=posting.driver, month=month)
    context.draft.put(account.with_posted(posting.energy_wh, posting.amount, posting.currency))


def _free_evse(context: Context, session: Session, cdr: Cdr) -> None:
    evse = context.draft.get(Evse, session.evse)
    if evse is not None and evse.session == session.id:
        note_leaving(context, evse, session, cdr.ended_at)
        live = stilled(evse.live, cdr.ended_at)
        context.draft.put(
            replace(
                evse,
                session=None,
                last_session=session.id,
                guest=None,
                expected_stop=None,
                live=live,
            )
        )


def _notice(context: Context, session: Session, cdr: Cdr) -> None:
    context.notice(
        NoticeKind.SESSION_ENDED,
        session.evse.charger,
        session.evse,
        session=session.id,
        driver=cdr.driver,
        energy_kwh=float(cdr.energy_wh / 1000),
        cost=float(cdr.amount),
        currency=cdr.currency,
        started_at=cdr.started_at.isoformat(),
        ended_at=cdr.ended_at.isoformat(),
        duration_s=(cdr.ended_at - cdr.started_at).total_seconds(),
        provisional=session.state is SessionState.PROVISIONAL,
        replaces=cdr.id != cdr.session,
    )
