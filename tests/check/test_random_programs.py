"""Random programs of 5 to 200 operations, a sample: never called wrong, and a planted millionth is found.

`python -m benchmarks.gradcheck_figures` does the same for 2,000 programs and 200 points of each operation.
"""

from __future__ import annotations

import random

import pytest

from autograd import Value, gradcheck
from autograd.check.programs import TABLE, Program, Step, expected
from autograd.engine import toposort
from autograd.functions import OPS

from . import random_programs
from .random_programs import LONGEST, SHORTEST, Figures, function, of_operation, of_program, random_program, with_error

SAMPLE = 25
STRIDE = 79  # over all of the 2,000


@pytest.fixture(scope="module")
def programs():
    return [random_program(random.Random(f"figures {i}")) for i in range(300)]


def test_programs_are_of_every_length_and_use_every_operation(programs):
    lengths = sorted(len(program.steps) for program in programs)
    assert SHORTEST <= lengths[0] < 8
    assert LONGEST - 20 < lengths[-1] <= LONGEST
    assert {step.op for program in programs for step in program.steps} == {op.name for op in OPS}


def test_the_same_seed_gives_the_same_program(programs):
    assert random_program(random.Random("figures 7")) == programs[7]
    assert programs[7] != programs[8]


def test_every_input_and_every_step_counts(programs):
    for program in programs:
        used = {x for step in program.steps for x in step.operands if isinstance(x, int)}
        assert used == set(range(len(program.inputs) + len(program.steps) - 1))


def test_numbers_are_shared_and_some_are_constants(programs):
    operands = [x for program in programs for step in program.steps for x in step.operands]
    shared = sum(len(set(ints)) < len(ints) for ints in ([x for s in p.steps for x in s.operands if type(x) is int]
                                                         for p in programs))  # fmt: skip
    assert shared > 200
    assert 0.05 < sum(type(x) is float for x in operands) / len(operands) < 0.3


def test_the_function_is_the_program(programs):
    for program in programs[:20]:
        assert function(program)(*program.inputs) == expected(program).values[-1]


def test_the_error_is_planted_in_one_partial_of_one_node():
    program = Program("two", (2.0, 3.0), (Step("mul", (0, 1)), Step("mul", (2, 1))))
    bad = with_error(TABLE["mul"], 1, 0.5)
    y = function(program, 0, bad)(*map(Value, program.inputs))
    assert [(v.op.name, v.da, v.db) for v in toposort(y) if v.op] == [("mul", 3.0, 2.0 * 1.5), ("mul", 3.0, 6.0)]
    y = function(program)(*map(Value, program.inputs))
    assert [(v.da, v.db) for v in toposort(y) if v.op] == [(3.0, 2.0), (3.0, 6.0)]


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_every_operation_of_the_table(op):
    figures = of_operation(op, 6, "sample")
    assert not figures.wrong, figures.wrong[0]
    assert not figures.missed, figures.missed[0]
    assert figures.results["correct"] + figures.results["cannot tell"] == 6


@pytest.mark.no_cover  # for time's sake
def test_random_programs():
    whole, nodes = Figures(), Figures()
    for i in range(0, SAMPLE * STRIDE, STRIDE):
        one, other = of_program(i)
        whole += one
        nodes += other
    for figures in (whole, nodes):
        assert not figures.wrong, figures.wrong[0]
        assert not figures.missed, figures.missed[0]
        assert figures.visible >= SAMPLE / 5
        assert figures.visible + figures.below == SAMPLE
        assert figures.results["correct"] >= figures.results["cannot tell"] / 4


def test_a_checker_that_is_wrong_is_noticed(monkeypatch):
    """The counts, with a checker that looks at another function than it was given."""
    check = random_programs.gradcheck
    monkeypatch.setattr(random_programs, "gradcheck", lambda f, *xs: check(with_error(f, 0, 0.1), *xs))
    figures = of_operation(TABLE["sin"], 5)
    assert figures.results["wrong"] == len(figures.wrong) >= 4
    monkeypatch.setattr(random_programs, "gradcheck", lambda f, *xs: check(TABLE[f.name], *xs))
    monkeypatch.setattr(random_programs, "is_visible", lambda right, planted: True)
    figures = of_operation(TABLE["sin"], 5)
    assert (figures.visible, figures.found, len(figures.missed)) == (5, 0, 5)


@pytest.mark.parametrize(
    ("seed", "indices"),
    [("figures", (257, 634, 700, 783, 840, 965, 1059)), ("second", (92, 120, 304, 431, 656, 1427, 1436, 1693))],
)
def test_gradients_that_rounding_hides_are_not_called_wrong(seed, indices):
    """Gradients of 1e-11 to 1e-211 that are right; from afar the function is constant to any number of digits."""
    for i in indices:
        program = random_program(random.Random(f"{seed} {i}"))
        result = gradcheck(function(program), *program.inputs)
        assert result.verdict != "wrong", f"{seed} {i}\n{result}"


@pytest.mark.parametrize(("seed", "i"), [("figures", 1028), ("figures", 1463), ("figures", 1706), ("third", 196)])
def test_an_edge_beyond_the_unit_hides_no_error(seed, i):
    whole, _ = of_program(i, seed)
    assert (whole.visible, whole.found) == (1, 1), whole.missed
