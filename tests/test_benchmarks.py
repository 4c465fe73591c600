"""The benchmarks of compiled code name contestants that exist, and judge figures as their goals say."""

import importlib.util
from itertools import chain

import pytest

from benchmarks.compile import REASONS, WORKS, Goal, judged, verdict
from benchmarks.compile_measure import FailedError, Outcome, compare
from benchmarks.compile_safety import RUNS, report


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.title)
def test_contestants_of_a_work_exist_and_its_goals_are_about_them(work) -> None:
    known = importlib.import_module(f"benchmarks.{work.module}").CONTESTANTS
    assert set(work.contestants) <= set(known)
    assert {*chain.from_iterable((goal.ours, goal.peer) for goal in work.goals)} <= set(work.contestants)


def test_a_contestant_that_differs_is_not_timed() -> None:
    compare([1.0, [2.0, 4.0]], [1.0, [2.0, 4.0 + 3e-10]])  # 10⁻¹⁰ of the largest gradient are allowed
    with pytest.raises(FailedError, match="gradients by 5"):
        compare([1.0, [2.0, 4.0]], [1.0, [2.0, 4.0 + 5e-10]])
    with pytest.raises(FailedError, match="differs: loss"):
        compare([1.0, [2.0]], [1.0 + 2e-10, [2.0]])
    with pytest.raises(FailedError, match="differs"):
        compare([float("nan"), [2.0]], [1.0, [2.0]])
    with pytest.raises(FailedError, match="1 gradients, not 2"):
        compare([1.0, [2.0]], [1.0, [2.0, 4.0]])


def test_a_ratio_is_that_of_the_rounds() -> None:
    outcome = Outcome({"ours numpy": [1.0, 2.0, 4.0], "numpy": [2.0, 6.0, 4.0]})
    assert outcome.ratio("ours numpy", "numpy") == 2.0  # of 2, 3 and 1
    assert judged("work", Goal("ours numpy", "numpy", 1.5, 2), outcome)[3:] == ["2.00x", "1.5x", "2x", "aim"]
    assert judged("work", Goal("ours numpy", "numpy", 1.05, at_most=True), outcome)[3] == "0.50 of its time"
    lost = judged("work", Goal("ours numba", "numpy", 1), Outcome({"numpy": [1.0]}, {"ours numba": "no numba"}))
    assert lost[-1] == "**lost**: no numba"


def test_the_runs_for_safety_exist_and_each_is_shown_with_what_it_printed() -> None:
    assert all(importlib.util.find_spec(command.split()[0]) for command in RUNS)
    text = report(["printed first\n", "printed second\n"])
    first, second = RUNS
    assert text.index(first) < text.index("printed first") < text.index(second) < text.index("printed second")


def test_what_is_lost_says_why_where_that_is_known() -> None:
    work = WORKS[0]
    why = REASONS[work.title, "ours numpy", "numpy"]
    goal = Goal("ours numpy", "numpy", 1.05, at_most=True)
    slower = Outcome({"ours numpy": [3.0], "numpy": [1.0]})
    assert judged(work.title, goal, slower)[3:] == ["3.00 of its time", "≤ 1.05", "", f"**lost**: {why}"]
    assert judged("another work", goal, slower)[-1] == "**lost**"
    assert judged(work.title, goal, Outcome({"ours numpy": [1.0], "numpy": [1.0]}))[-1] == "must"


def test_reasons_are_of_goals_that_there_are() -> None:
    assert set(REASONS) <= {(work.title, goal.ours, goal.peer) for work in WORKS for goal in work.goals}


@pytest.mark.parametrize(
    ("figure", "must", "aim", "at_most", "expected"),
    [(3, 2, 3, False, "aim"), (2, 2, 3, False, "must"), (1, 2, 3, False, "**lost**"), (1.05, 1.05, None, True, "must"),
     (1.06, 1.05, None, True, "**lost**"), (0.5, 0, 1, False, "aim missed")],
)  # fmt: skip
def test_verdicts(figure, must, aim, at_most, expected) -> None:
    assert verdict(figure, must, aim, at_most=at_most) == expected
