"""Admission: a tag, an EVSE and the site's policy become a payer and an authorization status."""

from datetime import datetime

from ..model.ids import normalize_uid
from ..model.session import Payer
from ..model.settings import DriverSettings, EvseSettings, SiteSettings, UnknownTokenPolicy
from ..model.state import Token
from ..model.status import AuthorizationStatus


def admit(
    uid: str,
    token: Token | None,
    driver: DriverSettings | None,
    site: SiteSettings,
    moment: datetime,
) -> Payer:
    """Return who pays for a tag and whether it may charge at a moment (Authorize, OCPP 1.6 §4.1).

    `token` is the registered tag of that uid, `driver` its owner; None if there is none.
    """
    normalized = normalize_uid(uid)
    if token is None or driver is None:
        return _unknown(normalized, site)
    return Payer(
        status=_status(token, driver, moment), driver=token.driver, token=normalized, reason="token"
    )


def _unknown(uid: str, site: SiteSettings) -> Payer:
    accepted = site.unknown_tokens is UnknownTokenPolicy.UNASSIGNED and bool(uid)
    status = AuthorizationStatus.ACCEPTED if accepted else AuthorizationStatus.INVALID
    return Payer(status=status, token=uid, reason="unknown_token")


def _status(token: Token, driver: DriverSettings, moment: datetime) -> AuthorizationStatus:
    if token.blocked or not driver.active:
        return AuthorizationStatus.BLOCKED
    if token.expires_at is not None and token.expires_at <= moment:
        return AuthorizationStatus.EXPIRED
    return AuthorizationStatus.ACCEPTED


def admit_at(payer: Payer, evse: EvseSettings, default_driver: DriverSettings | None) -> Payer:
    """Return who pays at an EVSE that may be used without a tag: its default driver for unknown tags."""
    if payer.driver is not None or default_driver is None or not default_driver.active:
        return payer
    return Payer(
        status=AuthorizationStatus.ACCEPTED,
        driver=evse.default_driver,
        token=payer.token,
        reason="default_driver",
    )
