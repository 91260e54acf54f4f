"""Reads a site problem from the JSON that docs/planning.md describes; what is wrong is said with its place."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any, Final, cast

from custom_components.ev_station.balancing.peak import KEPT_W
from custom_components.ev_station.model.circuit import NOMINAL_V
from custom_components.ev_station.planning.peak import under_peak
from custom_components.ev_station.planning.problem import (
    LONGEST,
    Battery,
    Capacity,
    Circuit,
    Ev,
    Mode,
    Problem,
    RoomA,
    Slot,
    Taste,
    grid,
)
from custom_components.ev_station.planning.stock import beside

_MOST_SLOTS: Final = LONGEST // timedelta(minutes=15) + 1
_TASTES: Final = tuple(each.name for each in fields(Taste))
_NOTHING: Final = object()


class BadProblem(Exception):
    """A file that describes no site: the place in it and what is wrong."""


class Reader:
    """An object of the file, which says where it stands when something is wrong."""

    def __init__(self, found: Any, place: str, known: str) -> None:
        """Take an object that may hold the known names, written as one text."""
        if not isinstance(found, Mapping):
            raise BadProblem(f"{place or 'the file'}: an object is needed")
        self.place = place
        self._found = found
        if strange := sorted(set(found) - set(known.split())):
            raise BadProblem(f"{self.at(str(strange[0]))}: unknown; known are {known}")

    def at(self, name: str) -> str:
        """Return where a name stands."""
        return f"{self.place}.{name}" if self.place else name

    def raw(self, name: str, default: Any = _NOTHING) -> Any:
        """Return what stands there."""
        value = self._found.get(name)
        if value is None and default is _NOTHING:
            raise BadProblem(f"{self.at(name)}: missing")
        return default if value is None else value

    def number(self, name: str, default: Any = _NOTHING, *, least: float | None = 0.0) -> float:
        """Return a number, by default not a negative one."""
        return _number(self.raw(name, default), self.at(name), least)

    def whole(self, name: str, default: Any = _NOTHING) -> int:
        """Return a whole number."""
        value = self.raw(name, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise BadProblem(f"{self.at(name)}: a whole number is needed")
        return value

    def text(self, name: str, default: Any = _NOTHING) -> str:
        """Return a text."""
        value = self.raw(name, default)
        if not isinstance(value, str):
            raise BadProblem(f"{self.at(name)}: a text is needed")
        return value

    def moment(self, name: str) -> datetime:
        """Return a moment."""
        try:
            found = datetime.fromisoformat(self.text(name))
        except ValueError as error:
            raise BadProblem(f"{self.at(name)}: {error}") from error
        if found.tzinfo is None:
            raise BadProblem(f"{self.at(name)}: needs an offset, such as +01:00 or Z")
        return found

    def series(
        self, name: str, count: int, default: Any = _NOTHING, *, least: float | None = None
    ) -> list[float]:
        """Return a number for each slot; one number holds for all."""
        value = self.raw(name, default)
        if not isinstance(value, list):
            return [_number(value, self.at(name), least)] * count
        if len(value) != count:
            raise BadProblem(f"{self.at(name)}: {len(value)} numbers for {count} slots")
        return [_number(each, f"{self.at(name)}[{t}]", least) for t, each in enumerate(value)]

    def per_phase(self, name: str, count: int, default: Any = _NOTHING) -> list[RoomA]:
        """Return three numbers for each slot; three, or one, hold for all."""
        value = self.raw(name, default)
        if not isinstance(value, list):
            value = [value] * 3
        if not any(isinstance(each, list) for each in value):
            value = [value] * count
        if len(value) != count:
            raise BadProblem(f"{self.at(name)}: {len(value)} entries for {count} slots")
        return [_three(each, f"{self.at(name)}[{t}]") for t, each in enumerate(value)]

    def objects(self, name: str, known: str) -> list[Reader]:
        """Return a list of objects."""
        found = self.raw(name, ())
        if not isinstance(found, Sequence) or isinstance(found, str):
            raise BadProblem(f"{self.at(name)}: a list is needed")
        return [Reader(each, f"{self.at(name)}[{n}]", known) for n, each in enumerate(found)]


def _number(value: Any, place: str, least: float | None) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e12:
        raise BadProblem(f"{place}: a number is needed")
    if least is not None and value < least:
        raise BadProblem(f"{place}: {value:g} is less than {least:g}")
    return float(value)


def _three(value: Any, place: str) -> RoomA:
    if not isinstance(value, list) or len(value) != 3:
        raise BadProblem(f"{place}: three numbers are needed")
    first, second, third = (_number(each, place, None) for each in value)
    return first, second, third


def problem(found: Any) -> Problem:
    """Return the site that a file describes."""
    site = Reader(
        found,
        "",
        "now import_price export_price load_w pv_w co2_g circuits batteries home_battery capacity evs "
        + " ".join(_TASTES),
    )
    slots = _slots(site)
    circuits = [_circuit(each, len(slots)) for each in site.objects("circuits", _CIRCUIT)]
    names = _once([each.circuit for each in circuits], "circuits")
    _tree(circuits, names)
    if site.raw("home_battery", None) is not None:
        home = Reader(site.raw("home_battery"), "home_battery", f"{_BATTERY} first_below_wh")
        below = home.number("first_below_wh", 0.0)
        slots = beside(slots, _battery(home, names), first_below_wh=below)
    evs = [_ev(each, names, len(slots)) for each in site.objects("evs", _EV)]
    _once([each.ev for each in evs], "evs")
    found = Problem(
        slots=slots,
        evs=tuple(evs),
        circuits=tuple(circuits),
        batteries=tuple(_battery(each, names) for each in site.objects("batteries", _BATTERY)),
        taste=Taste(**{name: site.number(name, getattr(Taste(), name)) for name in _TASTES}),
    )
    return found if site.raw("capacity", None) is None else _with_peak(found, site.raw("capacity"))


def _slots(site: Reader) -> tuple[Slot, ...]:
    prices = site.raw("import_price")
    if not isinstance(prices, list) or not 0 < len(prices) <= _MOST_SLOTS:
        raise BadProblem(f"import_price: a list of 1 to {_MOST_SLOTS} numbers is needed")
    count, now = len(prices), site.moment("now")
    times = grid(now, now + LONGEST)[:count]
    series = zip(
        times,
        site.series("import_price", count),
        site.series("export_price", count, 0.0),
        site.series("load_w", count, 0.0, least=0.0),
        site.series("pv_w", count, 0.0, least=0.0),
        site.series("co2_g", count, 0.0, least=0.0),
        strict=False,
    )
    return tuple(
        Slot(
            start=start,
            end=end,
            import_price=price,
            export_price=export,
            load_w=load,
            pv_w=pv,
            co2_g=co2,
        )
        for (start, end), price, export, load, pv, co2 in series
    )


_CIRCUIT: Final = "id parent limit_a load_a power_limit_w"


def _circuit(found: Reader, count: int) -> Circuit:
    limits, loads = found.per_phase("limit_a", count), found.per_phase("load_a", count, 0.0)
    room = [
        cast(RoomA, tuple(limit - load for limit, load in zip(*each, strict=True)))
        for each in zip(limits, loads, strict=True)
    ]
    powers = None
    if found.raw("power_limit_w", None) is not None:
        given = found.series("power_limit_w", count, least=0.0)
        powers = [limit - NOMINAL_V * sum(load) for limit, load in zip(given, loads, strict=True)]
    return Circuit(
        circuit=found.text("id"),
        parent=found.text("parent", None) if found.raw("parent", None) else None,
        room_a=room,
        room_w=powers,
    )


def _tree(circuits: Sequence[Circuit], names: frozenset[str]) -> None:
    parents = {each.circuit: each.parent for each in circuits}
    for each in circuits:
        if each.parent is not None and each.parent not in names:
            raise BadProblem(f"circuits: {each.circuit} hangs on {each.parent}, which is unknown")
        above, steps = each.parent, 0
        while above is not None:
            above, steps = parents[above], steps + 1
            if steps > len(circuits):
                raise BadProblem(f"circuits: {each.circuit} hangs on itself")


_EV: Final = (
    "id circuit arrival departure energy_wh minimum_wh extra_wh extra_price efficiency phases surely_phases single_phase"
    " min_a max_a weight running_phases gone"
)


def _ev(found: Reader, circuits: frozenset[str], count: int) -> Ev:
    goal = found.number("energy_wh", 0.0)
    minimum = found.number("minimum_wh", 0.0)
    modes = _modes(found)
    gone = found.series("gone", count, 0.0, least=0.0) if found.raw("gone", None) else []
    arrival, departure = found.moment("arrival"), found.moment("departure")
    if departure <= arrival:
        raise BadProblem(f"{found.at('departure')}: not after arrival")
    if minimum > goal:
        raise BadProblem(f"{found.at('minimum_wh')}: more than energy_wh")
    if any(chance > 1 for chance in gone):
        raise BadProblem(f"{found.at('gone')}: a probability is at most 1")
    if not 0 < found.number("efficiency", 0.9) <= 1:
        raise BadProblem(f"{found.at('efficiency')}: must be above 0 and at most 1")
    return Ev(
        ev=found.text("id"),
        circuit=_hangs_on(found, circuits),
        modes=modes,
        arrival=arrival,
        departure=departure,
        goal_wh=goal,
        minimum_wh=minimum,
        extra_wh=found.number("extra_wh", 0.0),
        extra_price=found.number("extra_price", 0.0, least=None),
        efficiency=found.number("efficiency", 0.9),
        weight=found.number("weight", 1.0, least=0.001),
        running=_running(found, modes),
        gone=tuple(gone),
    )


def _modes(found: Reader) -> tuple[Mode, ...]:
    phases = found.raw("phases", [1, 2, 3])
    if not isinstance(phases, list) or not phases or any(each not in {1, 2, 3} for each in phases):
        raise BadProblem(f"{found.at('phases')}: a list of 1, 2, 3 is needed")
    if len(set(phases)) < len(phases):
        raise BadProblem(f"{found.at('phases')}: each phase once")
    least, most = found.number("min_a", 6.0), found.number("max_a", 16.0)
    if most <= 0 or least > most:
        raise BadProblem(f"{found.at('max_a')}: must be above 0 and not below min_a")
    masks = [frozenset(each - 1 for each in phases)]
    if found.raw("single_phase", None) is not None:
        single = found.whole("single_phase")
        if single not in phases or len(masks[0]) == 1:
            raise BadProblem(f"{found.at('single_phase')}: one of several phases is needed")
        masks.append(frozenset({single - 1}))
    surely = _surely(found, len(phases))
    return tuple(
        Mode(phases=mask, min_a=least, max_a=most, surely=surely if len(mask) > 1 else None)
        for mask in masks
    )


def _surely(found: Reader, count: int) -> int | None:
    if found.raw("surely_phases", None) is None:
        return None
    surely = found.whole("surely_phases")
    if not 1 <= surely <= count:
        raise BadProblem(f"{found.at('surely_phases')}: from 1 to {count} are needed")
    return surely if surely < count else None


def _running(found: Reader, modes: Sequence[Mode]) -> int | None:
    if found.raw("running_phases", None) is None:
        return None
    counts = [len(mode.phases) for mode in modes]
    count = found.whole("running_phases")
    if count not in counts:
        raise BadProblem(f"{found.at('running_phases')}: one of {counts} is needed")
    return counts.index(count)


_BATTERY: Final = " ".join(each.name for each in fields(Battery))


def _battery(found: Reader, circuits: frozenset[str]) -> Battery:
    battery = Battery(
        circuit=_hangs_on(found, circuits),
        capacity_wh=found.number("capacity_wh"),
        level_wh=found.number("level_wh"),
        reserve_wh=found.number("reserve_wh", 0.0),
        max_charge_w=found.number("max_charge_w"),
        max_discharge_w=found.number("max_discharge_w"),
        charge_efficiency=found.number("charge_efficiency", 0.95, least=0.01),
        discharge_efficiency=found.number("discharge_efficiency", 0.95, least=0.01),
        wear_price=found.number("wear_price", 1e-4),
        end_price=found.number("end_price") if found.raw("end_price", None) is not None else None,
    )
    for name in ("level_wh", "reserve_wh"):
        if getattr(battery, name) > battery.capacity_wh:
            raise BadProblem(f"{found.at(name)}: more than capacity_wh")
    if max(battery.charge_efficiency, battery.discharge_efficiency) > 1:
        raise BadProblem(f"{found.place}: an efficiency is at most 1")
    return battery


def _with_peak(found: Problem, capacity: Any) -> Problem:
    """Return a problem that pays for a higher peak, or stays below it."""
    reader = Reader(capacity, "capacity", "peak_kw price_per_kw follow")
    peak_w = 1000 * reader.number("peak_kw")
    if not isinstance(follow := reader.raw("follow", False), bool):
        raise BadProblem(f"{reader.at('follow')}: true or false is needed")
    if follow:
        return under_peak(found, [peak_w - KEPT_W] * len(found.slots))
    price = reader.number("price_per_kw")
    return replace(found, capacity=Capacity(peak_w=peak_w, price_per_kw=price))


def _hangs_on(found: Reader, circuits: frozenset[str]) -> str | None:
    if found.raw("circuit", None) is None:
        return None
    if (name := found.text("circuit")) not in circuits:
        raise BadProblem(f"{found.at('circuit')}: {name} is unknown")
    return name


def _once(names: Sequence[str], place: str) -> frozenset[str]:
    for name in names:
        if names.count(name) > 1:
            raise BadProblem(f"{place}: {name} stands there twice")
    return frozenset(names)
