"""Programs as data: their code runs as it stands, they are observed on any class, and errors become observations."""

import json
import math
from dataclasses import asdict

import micrograd.engine
import pytest

import autograd
from autograd import Value
from autograd.check.conformance import Dialect
from autograd.check.diagnosis import BATTERY
from autograd.check.programs import TABLE, Observation, Program, Step, expected, observe

SHARED = Program("shared", (2.0, 3.0), (Step("mul", (0, 1)), Step("add", (2, 0))))


def test_a_program_by_hand():
    # c = a·b = 6, d = c + a = 8; ∂d/∂a = b + 1 = 4, ∂d/∂b = a = 2
    assert expected(SHARED) == Observation((2.0, 3.0, 6.0, 8.0), (4.0, 2.0))


def test_code_of_a_program():
    assert SHARED.code() == "a = Value(2.0)\nb = Value(3.0)\nc = a * b\nd = c + a\nd.backward()"


def test_names_of_the_class_and_its_attributes():
    program = Program("", (2.0,), (Step("exp", (0,)),), (("set", 0, 5.0), ("backward", 1), ("zero",)))
    code = program.code("Var", "value", "derivative", notes={1: "e²"})
    assert code.splitlines() == [
        "a = Var(2.0)", "b = a.exp()  # e²", "a.value = 5.0", "b.backward()", "a.derivative = 0.0",
    ]  # fmt: skip


def test_every_way_to_write_an_operation():
    steps = (
        Step("sub", (2.0, 0)), Step("pow", (2, -1.0)), Step("neg", (3,)), Step("abs", (4,)), Step("pos", (5,)),
        Step("sum", (6, 6, 0)), Step("maximum", (7, 1)), Step("div", (-1.5, 8)), Step("tanh", (9,)),
    )  # fmt: skip
    lines = Program("", (1.0, -3.0), steps).code().splitlines()[2:-1]
    assert lines == [
        "c = 2.0 - a", "d = c ** (-1.0)", "e = -d", "f = abs(e)", "g = +f", "h = sum([g, g, a])", "i = maximum(h, b)",
        "j = (-1.5) / i", "k = j.tanh()",
    ]  # fmt: skip


def test_equal_steps_in_a_row_are_a_loop():
    program = Program("", (1.0, 0.5), tuple(Step("add", (i, 0)) for i in range(1, 1001)))
    assert program.code().splitlines()[2:] == ["c = b", "for _ in range(1000):", "    c = c + a", "c.backward()"]


def test_a_number_that_is_needed_later_ends_a_loop():
    steps = (*[Step("add", (i, i)) for i in range(6)], Step("mul", (6, 3)))
    code = Program("", (1.0,), steps).code()
    scope = {"Value": Value}
    exec(code, scope)
    last = code.splitlines()[-1].partition(".")[0]
    assert scope[last].data == 64.0 * 8.0


@pytest.mark.parametrize("program", [p for p in BATTERY if len(p.steps) < 50], ids=lambda program: program.name)
def test_pasted_code_gives_what_is_expected(program):
    scope = {"Value": Value, "sum": autograd.sum, "max": autograd.max, "min": autograd.min,
             "maximum": autograd.maximum, "minimum": autograd.minimum}  # fmt: skip
    exec(program.code(), scope)
    names, right = program.names(), expected(program)
    assert tuple(scope[names[i]].grad for i in range(len(program.inputs))) == right.gradients
    if all(action[0] != "set" for action in program.script):
        assert tuple(scope[names[i]].data for i in names) == right.values


def test_every_number_has_a_name_of_its_own():
    names = Program("", tuple(map(float, range(60))), ()).names()
    assert len(set(names.values())) == 60
    assert [names[0], names[25], names[26]] == ["a", "z", "a1"]


def test_constants_that_have_no_literal():
    assert 'float("inf")' in Program("", (1.0,), (Step("add", (0, math.inf)),)).code()


def test_the_script_is_obeyed():
    script = (("backward", 2), ("zero",), ("set", 0, 5.0), ("backward", 3), ("backward", 3))
    program = Program("", (2.0, 3.0), SHARED.steps, script)
    assert expected(program).gradients == (8.0, 4.0)  # twice (4, 2), at the numbers of the forward pass
    assert expected(program).values == (2.0, 3.0, 6.0, 8.0)


def test_an_unknown_action_is_refused():
    wrong = Program("", (2.0,), (), (("jump", 0),))
    assert "a script consists of" in expected(wrong).error


def test_observed_on_another_class():
    dialect = Dialect(micrograd.engine.Value)
    assert observe(SHARED, dialect) == expected(SHARED)
    powers = observe(Program("", (2.0, 3.0), (Step("add", (0, 1)), Step("pow", (2, 1)))), dialect)
    assert powers.values == (2.0, 3.0, 5.0)
    assert powers.gradients == ()
    assert powers.error.startswith("step 2: AssertionError: only supporting int/float powers")


@pytest.mark.parametrize(
    ("method", "place"), [("__mul__", "step 1"), ("backward", "backward"), ("__init__", "input 1")]
)
def test_an_error_is_an_observation(method, place):
    def raises(self, *arguments):
        raise RuntimeError("line one\nline two " + "x" * 500)

    class Failing(Value):
        pass

    class Speaking:
        leaf, data, gradient = Failing, staticmethod(lambda v: v.data), staticmethod(lambda v: v.grad)
        backward = staticmethod(lambda v: v.backward())

        @staticmethod
        def apply(op, operands):
            return Failing(operands[0].data) if method != "__mul__" else operands[0] * operands[1]

    setattr(Failing, method, raises)
    assert observe(SHARED, Speaking()).error == f"{place}: RuntimeError: line one"


def test_an_error_whose_message_fails():
    class Mean(Exception):  # noqa: N818
        def __str__(self):
            raise ValueError

    class Speaking:
        def leaf(self, x):
            raise Mean

    assert observe(SHARED, Speaking()).error == "input 1: Mean: "


def test_observations_go_through_json():
    seen = expected(SHARED)
    back = json.loads(json.dumps(asdict(seen)))
    assert Observation(tuple(back["values"]), tuple(back["gradients"]), back["error"]) == seen


def test_the_table_is_that_of_the_engine():
    assert {op.name: op for op in autograd.OPS} == TABLE
