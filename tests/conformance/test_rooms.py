"""Rooms keep to themselves: what each may import, and that the pure ones stay pure."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, override

import pytest

PACKAGE: Final = Path(__file__).parents[2] / "custom_components" / "ev_station"
NAME: Final = "custom_components.ev_station"

PURE: Final = frozenset(
    {
        "model",
        "session",
        "access",
        "tariff",
        "billing",
        "circuit",
        "balancing",
        "planning",
        "booking",
        "sources",
        "station",
    }
)
ROOMS: Final = PURE | {"csms", "store", "documents", "engine"}

# These know the vocabulary and nothing else of ours.
ONLY_MODEL: Final = frozenset({"csms", "store", "sources"})

IMPURE: Final = frozenset(
    {
        "asyncio",
        "concurrent",
        "http",
        "logging",
        "multiprocessing",
        "os",
        "pathlib",
        "queue",
        "random",
        "secrets",
        "select",
        "shutil",
        "signal",
        "socket",
        "sqlite3",
        "ssl",
        "subprocess",
        "tempfile",
        "threading",
        "time",
        "urllib",
        "uuid",
    }
)
NOBODY: Final = frozenset({"homeassistant", "voluptuous", "probatio", "holidays"})
SINGLE_OWNER: Final = {
    "ocpp": "csms",
    "aiohttp": "csms",
    "sqlalchemy": "store",
    "highspy": "planning/solver.py",
    "fpdf": "documents",
    "xlsxwriter": "documents",
}
CLOCKS: Final = frozenset({"now", "utcnow", "today", "uuid1", "uuid4", "monotonic", "perf_counter"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One import of a module, or one call of an attribute, at a line of a file."""

    file: str
    line: int
    name: str

    @override
    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.name}"


def files_of(room: str) -> Iterator[Path]:
    """Yield a room's files: one module, or a package of them."""
    single = PACKAGE / f"{room}.py"
    if single.exists():
        yield single
    yield from sorted((PACKAGE / room).rglob("*.py"))


def imports_of(file: Path) -> Iterator[Use]:
    """Yield every module that a file imports, under its absolute name."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name in _imported(node, file):
                yield _use(file, node, name)


def _use(file: Path, node: ast.stmt | ast.expr, name: str) -> Use:
    return Use(file=str(file.relative_to(PACKAGE)), line=node.lineno, name=name)


def _imported(node: ast.Import | ast.ImportFrom, file: Path) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = _absolute(node.module, node.level, file)
    # `from . import x` and `from .. import room` name modules on the right.
    names_parts = node.level > 0 or base == NAME
    return [f"{base}.{alias.name}" for alias in node.names] if names_parts else [base]


def _absolute(module: str | None, level: int, file: Path) -> str:
    if not level:
        return module or ""
    package = [*NAME.split("."), *file.relative_to(PACKAGE).parts[:-1]]
    return ".".join([*package[: len(package) - level + 1], *([module] if module else [])])


def our_part(name: str) -> str | None:
    """Return the top-level part of our package that a module name leads into."""
    prefix, _, rest = name.partition(f"{NAME}.")
    return rest.split(".")[0] if not prefix and rest else None


def uses(rooms: frozenset[str]) -> Iterator[tuple[str, Use]]:
    """Yield all imports of the rooms that exist, each with its room."""
    for room in sorted(rooms):
        for file in files_of(room):
            for use in imports_of(file):
                yield room, use


def test_rooms_are_found() -> None:
    assert list(uses(PURE)) != []


def test_no_room_knows_home_assistant() -> None:
    assert [str(use) for _, use in uses(ROOMS) if use.name.split(".")[0] in NOBODY] == []


def test_no_room_knows_the_glue() -> None:
    def is_glue(part: str | None) -> bool:
        return part is not None and part not in ROOMS

    assert [str(use) for _, use in uses(ROOMS) if is_glue(our_part(use.name))] == []


def test_pure_rooms_do_not_touch_the_world() -> None:
    assert [str(use) for _, use in uses(PURE) if use.name.split(".")[0] in IMPURE] == []


def test_rooms_that_know_only_the_model() -> None:
    def strays(room: str, part: str | None) -> bool:
        return part is not None and part not in {room, "model"}

    assert [str(use) for room, use in uses(ONLY_MODEL) if strays(room, our_part(use.name))] == []


def test_the_model_knows_nothing_of_ours() -> None:
    found = uses(frozenset({"model"}))
    assert [str(use) for _, use in found if our_part(use.name) not in {None, "model"}] == []


@pytest.mark.parametrize(("library", "owner"), SINGLE_OWNER.items())
def test_a_library_has_one_owner(library: str, owner: str) -> None:
    found = [use for _, use in uses(ROOMS) if use.name.split(".")[0] == library]
    assert [str(use) for use in found if not use.file.startswith(owner)] == []


@pytest.mark.parametrize("room", sorted(PURE))
def test_pure_rooms_ask_no_clock_and_roll_no_dice(room: str) -> None:
    found = [call for file in files_of(room) for call in _clock_calls(file)]
    assert [str(call) for call in found] == []


def _clock_calls(file: Path) -> Iterator[Use]:
    for node in ast.walk(ast.parse(file.read_text())):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name in CLOCKS:
                yield _use(file, node, name)
            case ast.Call(func=ast.Name(id="open" | "print" | "input" as name)):
                yield _use(file, node, name)


def test_the_walk_resolves_relative_imports() -> None:
    file = PACKAGE / "csms" / "v16" / "incoming.py"
    tree = ast.parse("from ...model.ids import EvseId\nfrom .. import rpc\nimport aiohttp.web\n")
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [name for node in imports for name in _imported(node, file)]
    assert names == [f"{NAME}.model.ids.EvseId", f"{NAME}.csms.rpc", "aiohttp.web"]
