"""What the station answers, in 1.6 words."""

from typing import Any, Final, assert_never

from ...model.answers import (
    Acknowledged,
    Answer,
    AuthorizeAnswer,
    BootAnswer,
    DataTransferAnswer,
    HeartbeatAnswer,
    StartAnswer,
)
from ...model.status import AuthorizationStatus, RegistrationStatus
from .timestamps import format_time

type Payload = dict[str, Any]

_AUTHORIZATION: Final = {
    AuthorizationStatus.ACCEPTED: "Accepted",
    AuthorizationStatus.BLOCKED: "Blocked",
    AuthorizationStatus.EXPIRED: "Expired",
    AuthorizationStatus.INVALID: "Invalid",
    AuthorizationStatus.CONCURRENT_TX: "ConcurrentTx",
}
_REGISTRATION: Final = {
    RegistrationStatus.ACCEPTED: "Accepted",
    RegistrationStatus.PENDING: "Pending",
    RegistrationStatus.REJECTED: "Rejected",
}


def word(action: str, answer: Answer) -> Payload:
    """Return the CALLRESULT payload that gives this answer to this action."""
    match answer:
        case Acknowledged():
            # No authority issues certificates here, so a signing request is turned down.
            return {"status": "Rejected"} if action == "SignCertificate" else {}
        case HeartbeatAnswer(current_time=at):
            return {"currentTime": format_time(at)}
        case AuthorizeAnswer():
            return {"idTagInfo": _id_tag_info(answer)}
        case StartAnswer(transaction=transaction):
            return {"transactionId": transaction, "idTagInfo": _id_tag_info(answer)}
        case BootAnswer():
            return _boot(answer)
        case DataTransferAnswer(accepted=accepted):
            return {"status": "Accepted" if accepted else "UnknownVendorId"}
        case _:
            assert_never(answer)


def _boot(answer: BootAnswer) -> Payload:
    return {
        "status": _REGISTRATION[answer.status],
        "currentTime": format_time(answer.current_time),
        "interval": answer.interval_s,
    }


def _id_tag_info(answer: AuthorizeAnswer | StartAnswer) -> Payload:
    """Word idTagInfo (§7.8). A refusal says nothing beside its status, whoever the tag belongs to (S18)."""
    info: Payload = {"status": _AUTHORIZATION[answer.status]}
    if answer.status is AuthorizationStatus.ACCEPTED:
        if answer.expires_at is not None:
            info["expiryDate"] = format_time(answer.expires_at)
        if answer.parent is not None:
            info["parentIdTag"] = answer.parent[:20]
    return info
