"""Who may come in: known chargers with the right password, others only to wait for adoption."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

from aiohttp import web

from ..model.ids import ChargerId
from ..model.settings import UnknownChargerPolicy
from ..model.status import Version
from .backend import Attempt, Backend, Outcome, Reason
from .backoff import Backoff
from .handshake import (
    BadPath,
    choose_version,
    known_identity,
    offered_versions,
    read_identity,
    read_password,
    shown_identity,
)
from .passwords import Passwords

_STORAGE_RETRY_S: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """A charger that may come in."""

    charger: ChargerId
    address: str
    version: Version | None
    """None: no version in common; the handshake is completed and the socket closed (OCPP 1.6-J §3.1.2)."""
    subprotocol: str | None
    waiting: bool
    verified: bool
    """It proved its identity with a password."""
    password: bytes | None
    """As presented, for a charger that is given one when it is adopted."""


class Refused(Exception):
    """A handshake that ends here."""

    def __init__(
        self, status: HTTPStatus, reason: Reason, retry_after_s: int | None = None
    ) -> None:
        """Keep the answer and its reason."""
        super().__init__(status, reason)
        self.status = status
        self.reason = reason
        self.retry_after_s = retry_after_s


class Admission:
    """Decides on handshakes; it opens nothing itself."""

    def __init__(
        self, backend: Backend, clock: Callable[[], datetime], spoken: Collection[Version]
    ) -> None:
        """Admit chargers that speak one of the versions."""
        self.stopped = True
        self.suspended = False
        self.passwords = Passwords()
        self._backend = backend
        self._clock = clock
        self._spoken = spoken
        self._backoff = Backoff()

    async def admit(self, request: web.BaseRequest, *, own_port: bool) -> Admitted:
        """Return who comes in; raises Refused."""
        address = request.remote or ""
        identity = shown_identity(request.raw_path)
        try:
            self._must_be_open()
            identity = _identity(request.raw_path)
            return await self._identified(request, identity, address, own_port)
        except Refused as refused:
            if self._is_news(refused, address):
                self.tell(identity, address, Outcome.REFUSED, refused.reason)
            raise

    def _must_be_open(self) -> None:
        if self.suspended or self.stopped:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, Reason.STORAGE, _STORAGE_RETRY_S)

    def _is_news(self, refused: Refused, address: str) -> bool:
        """Count a failure and say whether to tell of it: not of each try of one who is turned away."""
        now = self._clock().timestamp()
        if refused.reason in (Reason.BAD_CREDENTIALS, Reason.UNKNOWN_CHARGER, Reason.BAD_PATH):
            self._backoff.failed(address, now)
        return refused.reason is not Reason.RATE_LIMITED or self._backoff.is_new(address, now)

    async def _identified(
        self, request: web.BaseRequest, identity: ChargerId, address: str, own_port: bool
    ) -> Admitted:
        charger = known_identity(identity, self._backend.chargers)
        password = read_password(request, identity)
        waiting = verified = False
        if charger is None:
            self._turn_away_guessers(address)
            waiting = self._waits(own_port)
        else:
            verified = await self._verified(charger, password, address, own_port)
        chosen = choose_version(offered_versions(request), self._spoken)
        return Admitted(
            charger=charger or identity,
            address=address,
            version=chosen[0] if chosen else None,
            subprotocol=chosen[1] if chosen else None,
            waiting=waiting,
            verified=verified,
            password=password,
        )

    def _waits(self, own_port: bool) -> bool:
        """Say whether an unknown charger waits (True) or is taken in at once; raises Refused."""
        policy = self._backend.unknown_chargers if own_port else UnknownChargerPolicy.REFUSE
        if policy is UnknownChargerPolicy.REFUSE:
            raise Refused(HTTPStatus.NOT_FOUND, Reason.UNKNOWN_CHARGER)
        return policy is UnknownChargerPolicy.ASK

    async def _verified(
        self, charger: ChargerId, password: bytes | None, address: str, own_port: bool
    ) -> bool:
        """Say whether a known charger proved its identity, False if it need not; raises Refused."""
        encoded = self._backend.chargers[charger].password_hash
        if encoded is None:
            if own_port:
                return False
            # Home Assistant's own port may face the internet: without a password there is no such charger.
            raise Refused(HTTPStatus.NOT_FOUND, Reason.UNKNOWN_CHARGER)
        if password is not None and self.passwords.recognises(password, encoded):
            return True
        self._turn_away_guessers(address)
        if password is None or not await self.passwords.check(password, encoded):
            raise Refused(HTTPStatus.UNAUTHORIZED, Reason.BAD_CREDENTIALS)
        return True

    def _turn_away_guessers(self, address: str) -> None:
        """Refuse an address with too many failures; who proved itself before never comes here (S3)."""
        wait_s = self._backoff.wait_s(address, self._clock().timestamp())
        if wait_s:
            raise Refused(HTTPStatus.TOO_MANY_REQUESTS, Reason.RATE_LIMITED, wait_s)

    def tell(
        self,
        identity: str,
        address: str,
        outcome: Outcome,
        reason: Reason | None = None,
        vendor: str | None = None,
        model: str | None = None,
    ) -> None:
        """Tell the backend of an attempt."""
        self._backend.attempted(
            Attempt(
                at=self._clock(),
                identity=identity,
                address=address,
                outcome=outcome,
                reason=reason,
                vendor=vendor,
                model=model,
            )
        )


def _identity(target: str) -> ChargerId:
    try:
        return read_identity(target)
    except BadPath:
        raise Refused(HTTPStatus.BAD_REQUEST, Reason.BAD_PATH) from None
