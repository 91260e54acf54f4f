"""Prints what the installed Home Assistant needs besides itself to start with --skip-pip.

Run it with the Python of an environment after a change of its Home Assistant, and bring the group in pyproject.toml in
line: .venv/bin/python -m script.requirements, .venv-run/bin/python -m script.requirements
"""

from collections.abc import Iterable, Iterator
import json
from pathlib import Path
from typing import Any, Final

from homeassistant import bootstrap, components

from script.config_folder import CONFIGURATION

INTEGRATIONS: Final = Path(components.__path__[0])

# Both need a C compiler; script/stand_ins lets their importers load.
LEFT_OUT: Final = ("pymicro-vad", "pyspeex-noise")


def configured() -> Iterator[str]:
    """Yield the integrations that the configuration folder asks for."""
    for line in CONFIGURATION.splitlines():
        if line[:1].isalpha():
            yield line.partition(":")[0]


def closure(domains: Iterable[str]) -> set[str]:
    """Return the integrations that these need, optional ones included, and these."""
    found: set[str] = set()
    waiting = list(domains)
    while waiting:
        domain = waiting.pop()
        if domain not in found and (INTEGRATIONS / domain / "manifest.json").exists():
            found.add(domain)
            waiting += _listed(domain, "dependencies") + _listed(domain, "after_dependencies")
    return found


def requirements() -> list[str]:
    """Return the pinned packages of all integrations that load at a start."""
    wanted = {*configured(), *bootstrap.DEFAULT_INTEGRATIONS, "isal", "recorder"}
    pinned = {pin for domain in closure(wanted) for pin in _listed(domain, "requirements")}
    return sorted((pin for pin in pinned if not pin.startswith(LEFT_OUT)), key=str.lower)


def _listed(domain: str, key: str) -> list[str]:
    manifest: dict[str, Any] = json.loads((INTEGRATIONS / domain / "manifest.json").read_text())
    listed: list[str] = manifest.get(key, [])
    return listed


if __name__ == "__main__":
    print("\n".join(requirements()))
