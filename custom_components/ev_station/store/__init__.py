"""Durable storage: journal, checkpoints and the sealed ledger in one SQLite file."""

from .recovery import Opening, OpenReport
from .sqlite import SqliteStore

__all__ = ["OpenReport", "Opening", "SqliteStore"]
