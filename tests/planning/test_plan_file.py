"""`script/plan`: a site from a file, and what is wrong with one."""

from collections.abc import Callable
import json
from pathlib import Path
import re
import subprocess
import sys
from typing import Any

import pytest

from custom_components.ev_station.planning.problem import PEAK, Mode
from script.plan import main
from script.plan_file import BadProblem, problem

NOW = "2026-01-10T17:07:00+01:00"
STORE = {"capacity_wh": 1, "level_wh": 1, "max_charge_w": 1, "max_discharge_w": 1}


def site(**changes: Any) -> dict[str, Any]:
    """Return a small site."""
    return {
        "now": NOW,
        "import_price": [0.3, 0.2, 0.1],
        "circuits": [{"id": "main", "limit_a": 25, "load_a": [5, 0, 1]}],
        "evs": [
            {
                "id": "blue",
                "circuit": "main",
                "arrival": NOW,
                "departure": "2026-01-10T18:00:00+01:00",
                "energy_wh": 2484,
            }
        ],
        **changes,
    }


def car(**changes: Any) -> dict[str, Any]:
    """Return the site with a changed car."""
    found = site()
    found["evs"][0] |= changes
    return found


def circuit(**changes: Any) -> dict[str, Any]:
    """Return the site with a changed circuit."""
    found = site()
    found["circuits"][0] |= changes
    return found


def test_a_site_is_read() -> None:
    found = problem(
        car(phases=[2, 3], single_phase=3, running_phases=1, gone=[0, 0.1, 0.2], weight=2)
        | {"capacity": {"peak_kw": 2.5, "price_per_kw": 4}, "start_cost": 0.1, "pv_w": [1, 2, 3]}
        | {"co2_g": 300, "co2_price": 0.1}
    )
    assert [slot.start.minute for slot in found.slots] == [7, 15, 30]
    assert [slot.pv_w for slot in found.slots] == [1, 2, 3]
    assert [slot.co2_g for slot in found.slots] == [300] * 3
    assert found.taste.co2_price == 0.1
    assert found.circuits[0].room_a == [(20, 25, 24)] * 3
    (ev,) = found.evs
    assert ev.modes == (Mode(phases=frozenset({1, 2})), Mode(phases=frozenset({2})))
    assert (ev.running, ev.gone, ev.weight) == (1, (0, 0.1, 0.2), 2)
    assert found.capacity is not None
    assert found.capacity.peak_w == 2500
    assert found.taste.start_cost == 0.1


def test_a_car_may_draw_on_fewer_phases_than_it_keeps_room_on() -> None:
    (ev,) = problem(car(surely_phases=1)).evs
    assert ev.modes == (Mode(surely=1),)
    assert ev.modes[0].watts_per_amp == 230
    (ev,) = problem(car(surely_phases=3)).evs
    assert ev.modes == (Mode(),)
    (ev,) = problem(car(surely_phases=2, single_phase=1)).evs
    assert ev.modes == (Mode(surely=2), Mode(phases=frozenset({0})))


def test_power_is_limited_less_the_load() -> None:
    found = problem(circuit(power_limit_w=[5000, 4000, 3000]))
    assert found.circuits[0].room_w == [5000 - 1380, 4000 - 1380, 3000 - 1380]


def test_a_peak_that_is_followed_is_a_limit_above_all() -> None:
    found = problem(site(capacity={"peak_kw": 2.5, "follow": True}, load_w=900, pv_w=400))
    assert found.capacity is None
    # 2500 W less 200 W and the load, with the sun.
    assert [each.room_w for each in found.circuits if each.circuit == PEAK] == [[1800] * 3]
    assert [each.parent for each in found.circuits] == [None, PEAK]


def test_batteries_are_read() -> None:
    battery = {
        "capacity_wh": 5000,
        "level_wh": 1000,
        "max_charge_w": 2000,
        "max_discharge_w": 2000,
        "end_price": 0.1,
        "circuit": "main",
    }
    (found,) = problem(site(batteries=[battery])).batteries
    assert (found.capacity_wh, found.end_price, found.circuit) == (5000, 0.1, "main")


def test_a_battery_that_nobody_steers_leaves_its_part_of_the_sun() -> None:
    battery = {"capacity_wh": 5000, "level_wh": 0, "max_charge_w": 2000, "max_discharge_w": 2000}
    found = problem(site(home_battery=battery, load_w=0, pv_w=3000))
    assert found.batteries == ()
    assert [slot.kept_w for slot in found.slots] == [2000] * 3
    first = problem(site(home_battery={**battery, "first_below_wh": 400}, load_w=0, pv_w=3000))
    assert found.slots[1].pv_w == 3000
    assert first.slots[0].pv_w == 1000


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([], "the file: an object is needed"),
        (site(color=1), "color: unknown"),
        (site(now=None), "now: missing"),
        (site(now=5), "now: a text is needed"),
        (site(now="soon"), "now: Invalid isoformat"),
        (site(now="2026-01-10T17:00"), "now: needs an offset"),
        (site(import_price=[]), "import_price: a list of 1 to 193 numbers"),
        (site(import_price=0.3), "import_price: a list of 1 to 193 numbers"),
        (site(import_price=[1, "x", 3]), "import_price[1]: a number is needed"),
        (site(import_price=[1, float("nan"), 3]), "import_price[1]: a number is needed"),
        (site(pv_w=[1, 2]), "pv_w: 2 numbers for 3 slots"),
        (site(load_w=-1), "load_w: -1 is less than 0"),
        (site(evs=5), "evs: a list is needed"),
        (site(evs=site()["evs"] * 2), "evs: blue stands there twice"),
        (site(circuits=[{"id": "a", "limit_a": [1, 2]}]), "limit_a[0]: three numbers are needed"),
        (site(circuits=[{"id": "a", "limit_a": [[1, 2, 3]]}]), "limit_a: 1 entries for 3 slots"),
        (site(circuits=[{"id": "a", "limit_a": [[1], [2], [3]]}]), "limit_a[0]: three numbers"),
        (circuit(parent="x"), "circuits: main hangs on x, which is unknown"),
        (circuit(parent="main"), "circuits: main hangs on itself"),
        (car(circuit="x"), "evs[0].circuit: x is unknown"),
        (car(phases=[4]), "evs[0].phases: a list of 1, 2, 3"),
        (car(phases=[1, 1]), "evs[0].phases: each phase once"),
        (car(departure="2026-01-10T16:00+01:00"), "evs[0].departure: not after arrival"),
        (car(min_a=20), "evs[0].max_a: must be above 0 and not below min_a"),
        (car(single_phase=4), "evs[0].single_phase: one of several phases"),
        (car(single_phase=True), "evs[0].single_phase: a whole number"),
        (car(surely_phases=4), "evs[0].surely_phases: from 1 to 3"),
        (car(surely_phases=0), "evs[0].surely_phases: from 1 to 3"),
        (car(running_phases=2), "evs[0].running_phases: one of [3]"),
        (car(minimum_wh=9000), "evs[0].minimum_wh: more than energy_wh"),
        (car(efficiency=0), "evs[0].efficiency: must be above 0"),
        (car(gone=[0, 0, 2]), "evs[0].gone: a probability is at most 1"),
        (site(capacity={"peak_kw": 3}), "capacity.price_per_kw: missing"),
        (site(capacity={"peak_kw": 3, "follow": 1}), "capacity.follow: true or false"),
        (site(batteries=[{}]), "batteries[0].capacity_wh: missing"),
        (
            site(batteries=[{**STORE, "level_wh": 2}]),
            "batteries[0].level_wh: more than capacity_wh",
        ),
        (
            site(batteries=[{**STORE, "reserve_wh": 2}]),
            "batteries[0].reserve_wh: more than capacity_wh",
        ),
        (
            site(batteries=[{**STORE, "charge_efficiency": 2}]),
            "batteries[0]: an efficiency is at most 1",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_is_told_with_its_place(found: Any, told: str) -> None:
    with pytest.raises(BadProblem, match=re.escape(told)):
        problem(found)


type Written = Callable[[Any], str]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Return what writes a site to a file."""

    def write(found: Any) -> str:
        path = tmp_path / "site.json"
        path.write_text(json.dumps(found))
        return str(path)

    return write


def test_a_plan_is_printed_as_json(written: Written, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([written(site()), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    # 2484 Wh in the car are 2760 Wh drawn: 16 A for a quarter hour.
    (blue,) = told["evs"]
    assert blue["amps"] == [0, 0, 16]
    assert blue["reasons"] == ["waits", "waits", "needed"]
    assert blue["outlook"] == "on_track"
    assert blue["next_start"] == "2026-01-10T16:30:00+00:00"
    assert blue["phases"] == [[], [], [1, 2, 3]]
    assert told["cost"] == pytest.approx(0.276)
    assert told["unmet_kwh"] == 0
    assert (told["solver"], told["highs"]) in {("greedy", "used"), ("highs", "used")}
    assert told["gap"] <= 0.001


def test_nothing_but_json_is_on_the_standard_output(written: Written) -> None:
    command = [sys.executable, "-m", "script.plan", written(site()), "--json"]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    assert json.loads(found.stdout)["solver"] in {"greedy", "highs"}


def test_a_plan_is_printed_for_people(written: Written, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([written(site()), "--greedy"]) == 0
    told = capsys.readouterr().out
    assert "16.0 A x3" in told
    assert "gap unknown, solver greedy (HiGHS: not_asked)" in told


def test_a_file_that_is_no_site_ends_with_2(
    written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([written(site(now="soon"))]) == 2
    assert capsys.readouterr().err.startswith("now: ")
    assert main(["/nowhere.json"]) == 2


def test_a_name_that_stands_twice_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "twice.json"
    file.write_text('{"now": "2026-01-10T17:00Z", "import_price": [0.1], "import_price": [0.2]}')
    assert main([str(file)]) == 2
    assert "import_price stands twice" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", ["--gap=-1", "--time-limit=nan", "--time-limit=soon"])
def test_an_effort_is_a_number_from_0_on(
    written: Written, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([written(site()), wrong])
    assert wrong.partition("=")[0] in capsys.readouterr().err


def test_the_example_of_the_documents_is_a_site() -> None:
    text = Path("docs/planning.md").read_text()
    example = re.search(r"```json\n(.*?)```", text, re.DOTALL)
    assert example
    assert len(problem(json.loads(example[1])).slots) == 4
