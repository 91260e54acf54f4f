"""Chargers in transactions send MeterValues of eight values as fast as they are answered.

`script/bench ocpp [--seconds 8] [--chargers 10,50,200] [--fsync-ms 20] [--rate 5]` measures, in one run, the bare floor,
the engine as a process of its own and a real Home Assistant with its recorder, each as a process beside the load
generator's. CPU is the server's own. `--fsync-ms` is the wait of a slow medium, such as an SD card, that the last rows
add to each commit; `--rate` a household's messages a second.
"""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
import json
from pathlib import Path
import subprocess
import sys
from tempfile import TemporaryDirectory
import time
from typing import Any, Final

from script.ev_station import OPEN, add_demo, configure_ev_station
from script.home_assistant import HomeAssistant
from script.ports import LOCALHOST, free_port
from script.usage import cpu_seconds

from . import READY

_HEAD: Final = f"{'':<28}{'msg/s':>8}{'CPU ms':>8}{'CPU %':>7}{'p50 ms':>8}{'p99 ms':>8}{'MiB':>6}"
_WARM_UP_S: Final = 25.0
"""Chargers send this long before it counts: Home Assistant adopts them and adds their entities meanwhile."""
_CALM_S: Final = 10.0
"""How long Home Assistant's own use without a message is measured."""


@dataclass(frozen=True, slots=True)
class Server:
    """A central system at work."""

    port: int
    pid: int
    tag: str


@contextmanager
def process(module: str, tag: str, *arguments: str) -> Iterator[Server]:
    """Run `benchmarks.ocpp.MODULE`."""
    with TemporaryDirectory() as folder:
        port = free_port()
        command = [sys.executable, "-m", f"benchmarks.ocpp.{module}", folder, str(port)]
        with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout
            if child.stdout.readline().strip() != READY:
                raise SystemExit(f"benchmarks.ocpp.{module} did not start")
            yield Server(port, child.pid, tag)
            child.terminate()


@contextmanager
def home_assistant() -> Iterator[Server]:
    """Run a real Home Assistant that admits every charger."""
    with TemporaryDirectory() as folder, HomeAssistant(Path(folder)) as hass:
        port = free_port()
        add_demo(hass.api, configure_ev_station(hass.api, port, **OPEN), chargers=0)
        pid = hass.pid
        assert pid
        yield Server(port, pid, "DEMO-ANNA")


def load(server: Server, chargers: int, seconds: float, rate: float | None = None) -> Any:
    """Return the figures of one measurement."""
    options = {
        "url": f"ws://{LOCALHOST}:{server.port}/",
        "chargers": chargers,
        "seconds": seconds,
        "warm-up": _WARM_UP_S,
        "pid": server.pid,
        "tag": server.tag,
        "prefix": f"N{chargers}",
    } | ({"rate": rate} if rate else {})
    arguments = [f"--{name}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "tests.simulator.load", *arguments]
    # It tells of each charger that is adopted first.
    done = subprocess.run(command, check=True, capture_output=True)
    return json.loads(done.stdout)


def row(name: str, figures: Any) -> float:
    """Print one measurement and return its messages a second."""
    per_second = float(figures["messages_per_second"])
    cpu = figures["server_cpu_seconds"]
    lost = figures["errors"] + figures["lost"]
    print(
        f"{name:<28}{per_second:8.0f}{1e3 * cpu / figures['messages']:8.3f}"
        f"{100 * cpu / figures['seconds']:7.1f}{figures['p50_ms']:8.1f}{figures['p99_ms']:8.1f}"
        f"{figures['server_resident_mib']:6.0f}{f'  {lost} NOT ANSWERED' if lost else ''}",
        flush=True,
    )
    return per_second


def measure(options: argparse.Namespace) -> None:
    """Measure and print."""
    print(_HEAD)
    at_full_speed: dict[str, float] = {}
    servers = {
        "bare floor": lambda: process("floor", "ANY"),
        "engine alone": lambda: process("engine", "TAG-ANNA"),
        "Home Assistant": home_assistant,
    }
    for name, start in servers.items():
        with start() as server:
            for chargers in options.chargers:
                figures = load(server, chargers, options.seconds)
                speed = row(f"{name}, {chargers} chargers", figures)
                at_full_speed[name] = max(speed, at_full_speed.get(name, 0))
            if name == "Home Assistant":
                household(server, options)
    slow_medium(options)
    if len(at_full_speed) == len(servers):
        share = at_full_speed["Home Assistant"] / at_full_speed["bare floor"]
        print(f"\nHome Assistant does {share:.0%} of what the bare floor does, each at its best.")


def household(server: Server, options: argparse.Namespace) -> None:
    """Print what a household's few messages a second cost, and what Home Assistant costs without them."""
    figures = load(server, 10, options.seconds * 2, options.rate)
    row(f"Home Assistant, {options.rate:g} a second", figures)
    before = cpu_seconds(server.pid)
    time.sleep(_CALM_S)
    used = cpu_seconds(server.pid) - before
    print(f"{'Home Assistant, no message':<28}{0:8}{'':8}{100 * used / _CALM_S:7.1f}", flush=True)


def slow_medium(options: argparse.Namespace) -> None:
    """Print the figures with a medium that takes its time to commit."""
    wait = f"--fsync-ms={options.fsync_ms:g}"
    with ExitStack() as stack:
        for name, module, tag in (("floor", "floor", "ANY"), ("engine", "engine", "TAG-ANNA")):
            server = stack.enter_context(process(module, tag, wait))
            row(f"{name}, 50, fsync {options.fsync_ms:g} ms", load(server, 50, options.seconds))


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.split(",")]


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="script/bench ocpp", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--chargers", type=_numbers, default=[10, 50, 200])
    parser.add_argument("--fsync-ms", type=float, default=20.0)
    parser.add_argument("--rate", type=float, default=5.0)
    measure(parser.parse_args())


if __name__ == "__main__":
    main()
