"""An independent simulator of OCPP 1.6-J charge points and the cars on their cables."""

from .charger import Charger, Outage
from .clock import Clock, ManualClock, RealClock, TimestampStyle
from .hardware import Hardware
from .judge import Violation
from .quirks import FAITHFUL, Quirks
from .rpc import MessageIds
from .stacking import Wiring
from .transport import Redial
from .truth import TrueSession
from .vehicle import Vehicle
from .vocabulary import ErrorCode, Reason, Registration, Status

__all__ = [
    "FAITHFUL",
    "Charger",
    "Clock",
    "ErrorCode",
    "Hardware",
    "ManualClock",
    "MessageIds",
    "Outage",
    "Quirks",
    "RealClock",
    "Reason",
    "Redial",
    "Registration",
    "Status",
    "TimestampStyle",
    "TrueSession",
    "Vehicle",
    "Violation",
    "Wiring",
]
