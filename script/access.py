"""What must be known to get into a configuration folder's Home Assistant again."""

import json
from pathlib import Path
from typing import Final, TypedDict, Unpack

FILE: Final = "access.json"


class Access(TypedDict, total=False):
    """The HTTP port, the port chargers dial, and the owner's long-lived token."""

    port: int
    ocpp_port: int
    token: str


def read_access(folder: Path) -> Access:
    """Return what is known of the folder, which may be nothing."""
    path = folder / FILE
    if not path.exists():
        return Access()
    known: Access = json.loads(path.read_text())
    return known


def update_access(folder: Path, **facts: Unpack[Access]) -> None:
    """Add facts to what is known of the folder."""
    text = json.dumps({**read_access(folder), **facts})
    path = folder / FILE
    path.touch(mode=0o600)
    path.write_text(text)
