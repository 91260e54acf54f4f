"""The engine as a process of its own: central system, reducer and store without Home Assistant, nothing published.

`python -m benchmarks.ocpp.engine FOLDER PORT [--fsync-ms 20]`.
"""

import argparse
import asyncio
from dataclasses import replace
from pathlib import Path

from benchmarks.store import wait_in_commits
from custom_components.ev_station.engine import Engine, Listener
from custom_components.ev_station.model.events import SiteConfigured
from custom_components.ev_station.model.settings import UnknownChargerPolicy
from custom_components.ev_station.store.sqlite import SqliteStore
from script.ports import LOCALHOST
from tests.engine.site import ANNA, PRICE, SHEET, SITE, utcnow

from . import READY, until_told


async def serve(options: argparse.Namespace) -> None:
    """Run until SIGTERM; admits every charger."""

    def open_store(path: Path) -> SqliteStore:
        store = SqliteStore(path)
        if options.fsync_ms:
            wait_in_commits(store, options.fsync_ms / 1e3)
        return store

    listener = Listener(host=LOCALHOST, port=options.port)
    engine = Engine(folder=options.folder, listener=listener, clock=utcnow, open_store=open_store)
    await engine.start()
    accepting = replace(SITE.settings, unknown_chargers=UnknownChargerPolicy.ACCEPT)
    await engine.configure(SiteConfigured(settings=accepting), PRICE, ANNA, SHEET)
    print(READY, flush=True)
    await until_told()
    await engine.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("port", type=int)
    parser.add_argument("--fsync-ms", type=float, default=0.0)
    asyncio.run(serve(parser.parse_args()))
