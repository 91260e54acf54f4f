"""What is kept of a charger's sessions."""

from decimal import Decimal

from custom_components.ev_station.model.session import Session
from custom_components.ev_station.station.transactions import REMEMBERED

from .site import HOUR, MINUTE, at_home


def test_of_many_sessions_the_oldest_are_forgotten_but_never_an_open_one() -> None:
    site, box = at_home()
    box.start("BEN", 0, evse=2)
    for number in range(REMEMBERED + 1):
        box.start("ANNA", 1000 * number)
        site.wait(MINUTE)
        box.stop(1002 + number, 1000 * number + 10)
    first, *ended = site.charger().sessions
    assert (first, len(ended), ended[0]) == ("session1", REMEMBERED, "session3")
    assert {session.id for session in site.state.all(Session)} == {first, *ended}
    site.wait(HOUR)
    box.stop(1001, 5000)
    assert site.billed()["session1"][0] == Decimal(5000)
