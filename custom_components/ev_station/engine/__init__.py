"""The only asynchronous driver: journals inputs, reduces them, commits, and carries the effects out."""

from .engine import Engine
from .types import Health, Listener, Pace, Publication, Unsubscribe

__all__ = ["Engine", "Health", "Listener", "Pace", "Publication", "Unsubscribe"]
