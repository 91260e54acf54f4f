"""An independent simulator of OCPP 1.6-J charge points and the cars on their cables.

    async with Charger(url, "CP1", clock=ManualClock(), quirks=Quirks(duplicate_start=True)) as cp:
        await cp.plug_in(1, Vehicle(soc=0.4))
        await cp.present_tag(1, "TAG1")
        await cp.wait_for(1, Status.CHARGING)
        await cp.unplug(1)
        await cp.drained()
    assert not cp.violations
    assert cp.truth[0].wh > 0

`clock` is true time. A charger sets its own clock by what the central system tells, so a clock
that is moved by hand or runs faster belongs with a central system that has the same; `haste`
speeds up the energy alone and needs nothing.
"""

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
