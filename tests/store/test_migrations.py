"""The schema: every released version opens, the future is refused, a failed step leaves no trace."""

from pathlib import Path
import sqlite3
from typing import Any

import pytest
from sqlalchemy import create_engine

from custom_components.ev_station.model.errors import StorageTooNew, StorageUnavailable
from custom_components.ev_station.store import SqliteStore, migrations, sqlite as store_module
from custom_components.ev_station.store.tables import METADATA

from .builders import cdr, entry, opened

RELEASED = Path(__file__).parent / "released"
"""Dumps of databases as each released schema left them: input 1, record A with posting 1, checkpoint 2."""


def restore_dump(dump: Path, path: Path) -> None:
    """Make a database of a dump."""
    connection = sqlite3.connect(path)
    connection.executescript(dump.read_text(encoding="utf-8"))
    connection.close()


def shape(connection: sqlite3.Connection) -> dict[str, Any]:
    """Return tables with their columns (name, type, required, key) and indexes."""
    tables = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    ]
    return {
        table: (
            [
                (name, kind, bool(required), bool(key))
                for _, name, kind, required, _, key in connection.execute(
                    f"PRAGMA table_info({table})"
                )
            ],
            sorted(
                (name, tuple(column for _, _, column in columns))
                for _, name, *_ in connection.execute(f"PRAGMA index_list({table})")
                if (columns := connection.execute(f"PRAGMA index_info({name})").fetchall())
                and not name.startswith("sqlite_")
            ),
        )
        for table in tables
    }


def test_the_steps_make_the_tables_that_the_code_uses(
    store: SqliteStore, path: Path, tmp_path: Path
) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'declared.db'}")
    METADATA.create_all(engine)
    engine.dispose()
    with (
        sqlite3.connect(path) as migrated,
        sqlite3.connect(tmp_path / "declared.db") as declared,
    ):
        assert shape(migrated) == shape(declared)
    migrated.close()
    declared.close()


def test_every_released_schema_has_a_dump() -> None:
    assert len(list(RELEASED.glob("v*.sql"))) == len(migrations.steps())


@pytest.mark.parametrize("dump", sorted(RELEASED.glob("v*.sql")), ids=lambda dump: dump.stem)
def test_a_released_database_opens(dump: Path, path: Path) -> None:
    restore_dump(dump, path)
    version = int(dump.stem[1:])
    store = SqliteStore(path)
    report = store.open()
    newest = len(migrations.steps())
    assert report.migrated_from == (version if version < newest else None)
    assert [row.sequence for row in store.journal_after(0)] == [1, 2]
    assert store.cdr("A") == cdr("A")
    assert store.verify_chain() is None
    assert store.chain_head().sequence == 1
    checkpoint = store.latest_checkpoint()
    assert checkpoint is not None
    assert checkpoint.sequence == 2
    assert store.used_transactions() == {1}
    store.commit([entry(3)])
    store.close()


def test_a_database_from_the_future_is_refused_and_left_alone(path: Path) -> None:
    with opened(path) as store:
        store.commit([entry(1)])
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    store = SqliteStore(path)
    with pytest.raises(StorageTooNew) as caught:
        store.open()
    assert (caught.value.found, caught.value.supported) == (99, len(migrations.steps()))
    store.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM journal").fetchone() == (1,)
    connection.close()


def add_step(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Let there be one more schema."""
    known = [*migrations.steps(), step]
    monkeypatch.setattr(migrations, "steps", lambda: known)
    monkeypatch.setattr(store_module, "steps", lambda: known)


def test_a_migration_keeps_the_data_and_a_copy_of_the_old_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(path) as store:
        store.commit([entry(1)])
    before = len(migrations.steps())
    add_step(
        monkeypatch,
        "ALTER TABLE people ADD COLUMN a TEXT;\nALTER TABLE people ADD COLUMN b TEXT;\n",
    )
    store = SqliteStore(path)
    assert store.open().migrated_from == before
    assert store.last_sequence == 1
    store.close()
    copy = sqlite3.connect(path.with_name(f"{path.name}.v{before}"))
    assert copy.execute("PRAGMA user_version").fetchone() == (before,)
    assert copy.execute("SELECT sequence FROM journal").fetchall() == [(1,)]
    copy.close()


def test_a_step_that_fails_leaves_the_old_schema(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(path) as store:
        store.commit([entry(1)])
    with monkeypatch.context() as patched:
        add_step(
            patched,
            "ALTER TABLE people ADD COLUMN a TEXT;\nALTER TABLE nothing ADD COLUMN b TEXT;\n",
        )
        store = SqliteStore(path)
        with pytest.raises(StorageUnavailable):
            store.open()
        store.close()
    with opened(path) as store:
        assert store.last_sequence == 1
        store.commit([entry(2)])
