"""Names, tags and plates stand in one place and can be erased from it."""

from pathlib import Path
from random import Random

import pytest

from custom_components.ev_station.model.records import ChainHead, Person
from custom_components.ev_station.store import SqliteStore

from .builders import cdr, sealing

ADA = Person(driver="d1", name="Ada Lovelace-Byron", tokens=("04AABBCC",), plates=("B-EV 1815",))


def test_a_person_is_remembered_and_replaced(store: SqliteStore) -> None:
    assert store.people().get("d1") is None
    store.remember_person(ADA)
    assert store.people().get("d1") == ADA
    renamed = Person(driver="d1", name="Augusta")
    store.remember_person(renamed)
    assert store.people().get("d1") == renamed


def test_an_erased_person_is_gone_from_every_byte(store: SqliteStore, path: Path) -> None:
    store.commit([sealing(1, cdr("A"), ChainHead())])
    store.remember_person(ADA)
    store.remember_person(Person(driver="d2", name="Charles"))
    store.erase_person("d1")
    assert store.people().get("d1") is None
    assert store.people().get("d2") == Person(driver="d2", name="Charles")
    assert [posting.driver for posting in store.postings()] == ["d1"]
    for file in path.parent.iterdir():
        content = file.read_bytes()
        assert b"Lovelace" not in content, file.name
        assert b"04AABBCC" not in content, file.name


@pytest.mark.parametrize("seed", range(12))
def test_whatever_was_moved_from_page_to_page_no_erased_name_stays(
    store: SqliteStore, path: Path, seed: int
) -> None:
    random = Random(seed)
    names: dict[str, str] = {}
    left: list[str] = []
    for number in range(100):
        driver = random.choice([*names, f"{random.getrandbits(64):x}"])
        if driver in names:
            left.append(names.pop(driver))
            store.erase_person(driver)
        else:
            names[driver] = f"[name {number}]"
            body = names[driver] + "x" * random.randrange(600)
            store.remember_person(Person(driver=driver, name=body))
    store.fold()
    content = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert [name for name in left if name.encode() in content] == []
    for driver, name in names.items():
        person = store.people().get(driver)
        assert person is not None
        assert person.name.startswith(name)


def test_erasing_nobody_is_no_error(store: SqliteStore) -> None:
    store.erase_person("d9")
