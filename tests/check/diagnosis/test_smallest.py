"""The program of a diagnosis is the smallest that shows the mistake, and its numbers are those of the engine."""

import math
import re

import pytest

from autograd import Value
from autograd.check.diagnosis import BATTERY, broken as b, broken_repeated as r, explain_observations
from autograd.check.diagnosis.candidates import careful
from autograd.check.diagnosis.hand import without_rules
from autograd.check.diagnosis.model import RIGHT as NO_RULES, Rules
from autograd.check.diagnosis.partials import PARTIALS
from autograd.check.diagnosis.predicting import combined
from autograd.check.diagnosis.search import ENTRY
from autograd.check.diagnosis.smallest import shrunk, smaller, smallest
from autograd.check.programs import Program, Step, expected, observe

SHORT = [p for p in BATTERY if len(p.steps) < 50]
PROGRAMS = {program.name: program for program in BATTERY}


def explained(*models, rules=NO_RULES):
    (diagnosis,) = explain_observations({p.name: observe(p, combined(models)(rules)) for p in SHORT})
    return diagnosis


def lines(diagnosis):
    return [line.partition("  #")[0] for line in diagnosis.program.splitlines() if not line.startswith("#")]


def test_one_operand_of_a_product_is_assigned():
    """`self.grad = ...; other.grad += ...`: a·b + a takes two steps and no third."""
    assert explained(rules=Rules(assigned=frozenset({("mul", 0)}))).program.splitlines() == [
        "a = Value(2.0)", "b = Value(3.0)", "c = a * b  # 6", "d = c + a  # 8", "d.backward()",
        "# a.grad by hand: b + 1 = 3 + 1 = 4", "# a.grad here: 3",
    ]  # fmt: skip
    other = explained(rules=Rules(assigned=frozenset({("mul", 1)})))
    assert other.program.splitlines()[2:] == [
        "c = a * b  # 6", "d = c + b  # 9", "d.backward()", "# b.grad by hand: a + 1 = 2 + 1 = 3", "# b.grad here: 2",
    ]  # fmt: skip


def test_a_function_that_assigns():
    diagnosis = explained(rules=Rules(assigned=frozenset({("tanh", 0)})))
    assert lines(diagnosis) == ["a = Value(0.5)", "b = a.tanh()", "c = b + a", "c.backward()"]
    assert "# a.grad by hand: (1 - b²) + 1 = " in diagnosis.program or "1 - b² + 1" in diagnosis.program


@pytest.mark.parametrize(
    ("models", "steps", "inputs"),
    [
        ((b.MissingSeed,), 0, 1),
        ((b.Overwrite,), 2, 2),  # a·b + a
        ((b.OneLevel,), 2, 2),
        ((b.FirstOperandOnly,), 1, 2),
        ((b.DuplicateDroppedFirst,), 1, 1),  # a + a
        ((b.MissingChain,), 2, 3),  # (a + b)·c
        ((b.BreadthFirst,), 3, 2),
        ((b.RevisitedUnfolded,), 3, 2),
        ((r.NotZeroed,), 2, 2),
        ((r.SeedAccumulates,), 1, 2),
        ((r.LeavesForgotten,), 1, 2),
    ],
)
def test_steps_and_inputs(models, steps, inputs):
    program = lines(explained(*models))
    assert sum("Value(" in line for line in program) == inputs
    assert sum(" = " in line and "Value(" not in line for line in program) == steps


@pytest.mark.parametrize("model", [m for m in ENTRY if m is not r.Stale], ids=lambda model: model.__name__)
def test_nothing_can_be_left_out_and_the_numbers_are_those_of_the_engine(model):
    diagnosis = explain_observations({p.name: observe(p, model()) for p in SHORT})[0]
    claims = dict(re.findall(r"# (\w+)\.grad here: (\S+)", diagnosis.program))
    right = dict(re.findall(r"# (\w+)\.grad by hand: .*?([-\d.e]+)(?: \(\d passes\))?(?:\n|$)", diagnosis.program))
    assert claims
    scope = {"Value": Value}
    exec(diagnosis.program, scope)  # the program as it stands, on an engine that is right
    for name, x in right.items():
        assert math.isclose(scope[name].grad, float(x), rel_tol=1e-5)
    assert not all(math.isclose(scope[name].grad, float(x), rel_tol=1e-5) for name, x in claims.items())


def test_the_program_of_a_wrong_rule_has_numbers_by_hand_and_does_not_tell_the_rule():
    sign = careful(next(way for m in PARTIALS if m.key == "sign" for way in m.ways))
    diagnosis = explained(rules=Rules(slips={("mul", "vv", 0): sign}))
    assert diagnosis.program.splitlines()[-2:] == [
        "# a.grad by hand: 3, and by differences: ((2.001 * 3) - (1.999 * 3)) / 0.002 = 3", "# a.grad here: -3",
    ]  # fmt: skip
    chain = next(way for m in PARTIALS if m.key == "missing-chain-factor" for way in m.ways)
    diagnosis = explained(rules=Rules(slips={("mul", "vv", 0): careful(chain)}))
    assert "# a.grad by hand: 4·3 = 12" in diagnosis.program
    diagnosis = explained(rules=Rules(slips={("exp", "v", 0): sign}))
    assert "by hand" not in diagnosis.program
    assert "by differences" in diagnosis.program


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pow-vc-alone", "by hand: 12, and by differences: ((2.001 ** 3.0) - (1.999 ** 3.0)) / 0.002 = 12"),
        ("relu-v-times3", "by hand: (-2.5)·0 = 0"),
        ("mul-vv-shared", "by hand: 3 + 1 = 4"),
        ("pow-vv-alone", "by differences: ((2.001 ** 3) - (1.999 ** 3)) / 0.002 = 12"),
        ("passes-1", "by differences: 6"),  # of two passes
    ],
)
def test_numbers_without_rules(name, text):
    program = PROGRAMS[name]
    assert without_rules(program, expected(program), 0) == text


def test_smaller_programs_are_programs():
    for program in SHORT:
        for other in smaller(program):
            assert len(other.steps) + len(other.script) < len(program.steps) + len(program.script)
            assert not expected(other).error or expected(program).error


def test_a_program_that_shows_nothing():
    assert smallest(SHORT, lambda program: False) is None


def test_positions_follow():
    steps = (Step("mul", (0, 1)), Step("add", (3, 2)), Step("mul", (4, 3)))
    program = Program("", (2.0, 3.0, 5.0), steps, (("set", 2, 7.0), ("backward", 5), ("zero",), ("backward", 4)))
    found = shrunk(program, lambda p: any(step.op == "add" for step in p.steps))
    assert found == Program("", (2.0, 5.0), (Step("add", (0, 1)),), (("backward", 2),))


def test_a_pass_does_not_come_to_begin_at_a_leaf():
    found = shrunk(PROGRAMS["passes-1"], lambda p: len(p.script) == 2)
    assert found.steps == PROGRAMS["passes-1"].steps
