"""Local TCP ports: which are free, and which to take."""

import socket
from typing import Final

LOCALHOST: Final = "127.0.0.1"


def is_free(port: int) -> bool:
    """Tell whether a server could listen on the port now."""
    with socket.socket() as probe:
        # A server that stopped a moment ago leaves connections behind; Home Assistant listens anyhow.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOCALHOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        port: int = probe.getsockname()[1]
    return port


def preferred_or_free(preferred: int) -> int:
    """Return the preferred port, or any free one when it is taken."""
    return preferred if is_free(preferred) else free_port()
