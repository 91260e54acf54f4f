"""Who the pseudonymous driver ids are: the one table that forgets on request."""

from sqlalchemy import Connection, delete, select

from ..model.codec import decode, encode
from ..model.ids import DriverId
from ..model.records import Person
from .reader import Reader
from .tables import PEOPLE


def remember(connection: Connection, person: Person) -> None:
    """Write or replace a person."""
    erase(connection, person.driver)
    connection.execute(PEOPLE.insert().values(driver=person.driver, body=encode(person)))


def find(reader: Reader) -> dict[DriverId, Person]:
    """Return the persons behind driver ids, without those never told or erased."""
    persons = (decode(Person, row.body) for row in reader.all(select(PEOPLE.c.body)))
    return {person.driver: person for person in persons}


def erase(connection: Connection, driver: DriverId) -> None:
    """Remove a person; the ledger keeps the id, which then means nobody.

    Copies live on in the journal, the frames and the checkpoints until these are pruned, and in backups until
    these are rotated.
    """
    others = select(PEOPLE).where(PEOPLE.c.driver != driver).order_by(PEOPLE.c.driver)
    kept = connection.execute(others).all()
    # SQLite leaves traces of rows it moved from page to page; of an emptied table every page is wiped.
    connection.execute(delete(PEOPLE))
    if kept:
        connection.execute(PEOPLE.insert(), [row._asdict() for row in kept])
