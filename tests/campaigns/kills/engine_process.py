"""An engine as a process of its own, to be killed: python -m tests.campaigns.kills.engine_process FOLDER PORT."""

import asyncio
from pathlib import Path
import signal
import sys

from custom_components.ev_station.engine import Engine, Listener, Pace
from custom_components.ev_station.model.events import ChargerConfigured
from custom_components.ev_station.model.settings import ChargerSettings
from script.ports import LOCALHOST
from tests.engine.site import ANNA, PRICE, SHEET, SITE, utcnow

from .day import IDENTITIES

READY = "ready"
# Many checkpoints, so that kills meet them and what is replayed differs.
_PACE = Pace(tick_s=0.5, checkpoint_every=40)


async def serve(folder: Path, port: int) -> None:
    """Run the engine until SIGTERM."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    listener = Listener(host=LOCALHOST, port=port)
    engine = Engine(folder=folder, listener=listener, clock=utcnow, pace=_PACE)
    await engine.start()
    settings = (ChargerSettings(charger=identity, name=identity) for identity in IDENTITIES)
    chargers = [ChargerConfigured(settings=each) for each in settings]
    await engine.configure(SITE, PRICE, ANNA, SHEET, *chargers)
    print(READY, flush=True)
    await ended.wait()
    await engine.stop()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
