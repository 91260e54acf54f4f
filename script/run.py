"""Starts a real Home Assistant with EV Station and simulated chargers."""

from argparse import ArgumentParser, Namespace
import json
from pathlib import Path
import signal
import sys
from typing import Final

from script.access import read_access, update_access
from script.api import ApiError
from script.ev_station import OPEN, SetupError, add_demo, configure_ev_station
from script.flows import FlowError
from script.home_assistant import LOG_FILE, REPOSITORY, HomeAssistant, StartError
from script.onboarding import PASSWORD, USERNAME
from script.ports import LOCALHOST, is_free, preferred_or_free
from script.simulator import Simulator, SimulatorError

DEFAULT_PORT: Final = 8123
DEFAULT_OCPP_PORT: Final = 9000
DEFAULT_CONFIG: Final = REPOSITORY / ".config"

# What Home Assistant exits with when its user asks for a restart.
RESTART: Final = 100


def main() -> int:
    """Do what the command line asks for."""
    options = parse()
    if options.stop:
        return stop(options.config)
    try:
        house = open_house(options)
    except (ApiError, FlowError, SetupError, SimulatorError, StartError) as error:
        say(f"{error} (see {options.config / LOG_FILE})")
        return 1
    return 0 if options.detach else stay(house)


def parse() -> Namespace:
    """Read the command line."""
    parser = ArgumentParser(prog="script/run", description=__doc__)
    parser.add_argument("--port", type=int, help=f"HTTP port, {DEFAULT_PORT} by default")
    parser.add_argument("--ocpp-port", type=int, help=f"OCPP port, {DEFAULT_OCPP_PORT} by default")
    parser.add_argument("--config", type=Path, default=DEFAULT_CONFIG, help="configuration folder")
    parser.add_argument("--chargers", type=int, default=3, help="simulated chargers, 0 for none")
    parser.add_argument(
        "--speed", type=float, default=1.0, help="how many times faster cars charge"
    )
    parser.add_argument(
        "--open", action="store_true", help="admit every charger and every tag, in a new folder"
    )
    parser.add_argument("--detach", action="store_true", help="return and leave it running")
    parser.add_argument("--stop", action="store_true", help="end what runs in the folder")
    return parser.parse_args()


def open_house(options: Namespace) -> HomeAssistant:
    """Start what the options ask for, unless it runs already, and announce it."""
    house = HomeAssistant(options.config)
    if house.pid is not None:
        say(f"already running in {house.config_dir}")
    else:
        house = start_house(options)
        try:
            furnish(options, house)
        except BaseException:
            stop(options.config)
            raise
    announce(house)
    return house


def start_house(options: Namespace) -> HomeAssistant:
    """Start Home Assistant on the port asked for, the folder's own, or the usual one."""
    known = read_access(options.config)
    port = choose_port(options.port, known.get("port"), DEFAULT_PORT)
    house = HomeAssistant(options.config, port=port)
    say(f"starting Home Assistant on port {port}, configuration in {house.config_dir}")
    house.start()
    return house


def furnish(options: Namespace, house: HomeAssistant) -> None:
    """Set up EV Station and start the simulated chargers."""
    ocpp = choose_ocpp_port(options, house)
    entry = configure_ev_station(house.api, ocpp, **(OPEN if options.open else {}))
    update_access(house.config_dir, ocpp_port=ocpp)
    if options.chargers:
        say(f"starting {options.chargers} simulated chargers")
        add_demo(house.api, entry, options.chargers)
        simulator = Simulator(config_dir=house.config_dir)
        simulator.start(ocpp_url(ocpp), chargers=options.chargers, speed=options.speed)


def choose_port(asked: int | None, known: int | None, default: int) -> int:
    """Return the port to use: a port asked for must be free, any other gives way."""
    if asked is not None:
        if not is_free(asked):
            raise StartError(f"port {asked} is taken")
        return asked
    wanted = known or default
    port = preferred_or_free(wanted)
    if port != wanted:
        say(f"port {wanted} is taken, using {port}")
    return port


def choose_ocpp_port(options: Namespace, house: HomeAssistant) -> int:
    """Return the port that EV Station listens on; once configured it stays."""
    known = read_access(house.config_dir).get("ocpp_port")
    if known is None:
        return choose_port(options.ocpp_port, None, DEFAULT_OCPP_PORT)
    if options.ocpp_port not in {None, known}:
        say(f"EV Station in this folder keeps its port {known}")
    return known


def announce(house: HomeAssistant) -> None:
    """Say where it is: in words for people, in one line of JSON for programs."""
    ocpp = ocpp_url(read_access(house.config_dir).get("ocpp_port", DEFAULT_OCPP_PORT))
    say(f"Home Assistant  {house.url}")
    say(f"user            {USERNAME}")
    say(f"password        {PASSWORD}")
    say(f"chargers dial   {ocpp}<charger id>")
    print(json.dumps({"url": house.url, "token": house.token, "ocpp": ocpp}), flush=True)


def stay(house: HomeAssistant) -> int:
    """Wait for Ctrl-C or for Home Assistant's end, then end everything."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    say("Ctrl-C ends it")
    try:
        while house.wait() == RESTART:
            say("restarting")
            house.start()
    except KeyboardInterrupt:
        say("ending")
    return stop(house.config_dir)


def stop(config: Path) -> int:
    """End Home Assistant and the simulated chargers of a folder."""
    Simulator(config_dir=config).stop()
    HomeAssistant(config).stop()
    say("stopped")
    return 0


def ocpp_url(port: int) -> str:
    """Return the URL chargers dial, without the charger's id."""
    return f"ws://{LOCALHOST}:{port}/"


def say(text: str) -> None:
    """Tell the person at the terminal; standard output is for programs."""
    print(f"script/run: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
