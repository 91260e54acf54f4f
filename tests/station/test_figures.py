"""What people see of a running session."""

from dataclasses import replace
from decimal import Decimal

from custom_components.ev_station.model.events import SiteConfigured, TariffRemoved
from custom_components.ev_station.model.state import SiteState
from custom_components.ev_station.station.figures import running_cost

from .site import HOUR, SETTINGS, at_home
from .test_configuration import hourly, spot_site


def test_the_cost_so_far_is_that_of_the_energy_so_far() -> None:
    site, box = at_home()
    box.start()
    assert running_cost(site.state, "session1", site.now) == 0
    site.wait(HOUR)
    box.sample(3000, transaction=1001)
    site.wait(HOUR)
    assert running_cost(site.state, "session1", site.now) == Decimal("0.60")
    box.stop(1001, 4000)
    assert running_cost(site.state, "session1", site.now) == Decimal("0.90")


def test_no_price_is_no_cost() -> None:
    site, box = at_home()
    site.feed(TariffRemoved(tariff="flat"))
    box.start()
    assert running_cost(site.state, "session1", site.now) is None
    assert running_cost(site.state, "unheard", site.now) is None
    assert running_cost(SiteState(), "session1", site.now) is None


def test_a_dynamic_price_that_is_not_known_is_no_cost_either() -> None:
    site, box = spot_site()
    box.start("ANNA", 0)
    site.wait(HOUR)
    box.sample(2000, transaction=1001)
    assert running_cost(site.state, "session1", site.now) is None
    site.feed(hourly(0, "0.20"))
    assert running_cost(site.state, "session1", site.now) == Decimal("0.50")


def test_a_tariff_unknown_to_the_state_still_prices() -> None:
    site, box = at_home()
    box.start()
    site.configure(SiteConfigured(settings=replace(SETTINGS, default_tariff=None)))
    site.wait(HOUR)
    box.sample(2000, transaction=1001)
    assert running_cost(site.state, "session1", site.now) == Decimal("0.30")
