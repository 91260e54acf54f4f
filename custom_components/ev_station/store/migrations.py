"""The schema's numbered steps: schema/v0001.sql makes an empty file version 1, v0002.sql makes that version 2."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from ..model.errors import StorageTooNew

_FOLDER: Final = Path(__file__).parent / "schema"


def steps() -> list[str]:
    """Return the SQL of every step, oldest first; a released one is never edited."""
    return [path.read_text(encoding="utf-8") for path in sorted(_FOLDER.glob("v*.sql"))]


def schema_version(connection: Connection) -> int:
    """Return the file's schema version; 0 for an empty file."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def migrate(connection: Connection) -> int:
    """Bring the file to the newest schema inside the caller's transaction and return the version it had.

    Raises StorageTooNew.
    """
    found, known = schema_version(connection), steps()
    if found > len(known):
        raise StorageTooNew(found, len(known))
    for version, script in enumerate(known[found:], start=found + 1):
        for statement in script.split(";\n"):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"PRAGMA user_version = {version}")
    return found
