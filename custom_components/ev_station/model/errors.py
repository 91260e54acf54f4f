"""The tree of domain errors: they carry data, the Home Assistant glue words them."""


class EvStationError(Exception):
    """Any failure this integration can explain."""


class StorageUnavailable(EvStationError):
    """The input could not be made durable and has been undone; the sender may try again."""


class NotHandled(EvStationError):
    """A fault of ours: the input changed nothing, and trying again may not help."""


class StorageTooNew(EvStationError):
    """The database was written by a newer version of this integration; it is left untouched."""

    def __init__(self, found: int, supported: int) -> None:
        """Keep both schema numbers."""
        super().__init__(found, supported)
        self.found = found
        self.supported = supported


class UnreadableRecord(EvStationError):
    """Stored JSON is not what its class needs."""

    def __init__(self, kind: str, problem: str) -> None:
        """Keep the class name and what is wrong."""
        super().__init__(kind, problem)
        self.kind = kind
        self.problem = problem


class ChargerNotConnected(EvStationError):
    """A command was meant for a charger that has no live connection."""

    def __init__(self, charger: str) -> None:
        """Keep the charger's id."""
        super().__init__(charger)
        self.charger = charger


class CallTimedOut(EvStationError):
    """A charger did not answer a command in time."""

    def __init__(self, charger: str, action: str) -> None:
        """Keep whom we asked for what."""
        super().__init__(charger, action)
        self.charger = charger
        self.action = action


class CallRefused(EvStationError):
    """A charger answered a command with CALLERROR."""

    def __init__(self, charger: str, action: str, code: str, description: str) -> None:
        """Keep the charger's own words, clipped by the reader."""
        super().__init__(charger, action, code, description)
        self.charger = charger
        self.action = action
        self.code = code
        self.description = description


class InvalidCall(EvStationError):
    """A raw call names an unknown action or a payload its schema refuses."""

    def __init__(self, action: str, problem: str) -> None:
        """Keep what is wrong with the payload."""
        super().__init__(action, problem)
        self.action = action
        self.problem = problem


class RequestRefused(EvStationError):
    """A request made no sense in the present state: nobody is charging, somebody already is."""

    def __init__(self, reason: str) -> None:
        """Keep why, as a translation key of the glue's exceptions."""
        super().__init__(reason)
        self.reason = reason
