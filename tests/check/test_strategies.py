"""The strategies: what they draw is well-conditioned, and what fails shrinks to the smallest and can be pasted."""

import importlib
import random
import sys

import pytest
from hypothesis import find, given, settings, strategies as st

import autograd
from autograd import Value, functions, gradcheck, log
from autograd.check.conditions import is_smooth, well_conditioned
from autograd.check.drawn import BACK, CONSTANTS, MOST_OPERANDS, OF_A_LIST, Expression, written
from autograd.check.programs import TABLE, Program, Step, expected
from autograd.check.strategies import ELEMENTARY, assert_agrees, expressions, points, programs, values

FORMS = [name for name, op in TABLE.items() if op.arity is not None or name in OF_A_LIST]
REPEATABLE = settings(derandomize=True, database=None, deadline=None)


class Toy:
    """An engine by the book: local partials are kept with the operands."""

    def __init__(self, data, below=()):
        self.data, self.grad, self.below = data, 0.0, below

    def __add__(self, other):
        return Toy(self.data + self.number(other), [(self, 1.0), (other, 1.0)])

    def __sub__(self, other):
        return Toy(self.data - self.number(other), [(self, 1.0), (other, -1.0)])

    def __mul__(self, other):
        return Toy(self.data * self.number(other), [(self, self.number(other)), (other, self.data)])

    def __neg__(self):
        return Toy(-self.data, [(self, -1.0)])

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other):
        return Toy(other - self.data, [(self, -1.0)])

    @staticmethod
    def number(x):
        return x.data if isinstance(x, Toy) else x

    def backward(self):
        order, waiting = [], [(self, False)]
        while waiting:
            value, done = waiting.pop()
            if done:
                order.append(value)
            elif value not in order:
                waiting += [(value, True), *[(x, False) for x, _ in value.below if isinstance(x, Toy)]]
        order = list(dict.fromkeys(order))
        for value in order:
            value.grad = 0.0
        self.grad = 1.0
        for value in reversed(order):
            for x, partial in value.below:
                if isinstance(x, Toy):
                    x.grad += partial * value.grad


class CountsOnce(Toy):
    """`a * a` counts one of its operands only."""

    def __mul__(self, other):
        return CountsOnce(self.data * self.number(other), {self: self.number(other), other: self.data}.items())

    def __add__(self, other):
        return CountsOnce(self.data + self.number(other), [(self, 1.0), (other, 1.0)])

    __radd__, __rmul__ = __add__, __mul__


class WrongSign(Toy):
    """A difference passes its gradient on to both operands with the same sign."""

    def __sub__(self, other):
        return WrongSign(self.data - self.number(other), [(self, 1.0), (other, 1.0)])

    def __add__(self, other):
        return WrongSign(self.data + self.number(other), [(self, 1.0), (other, 1.0)])

    __radd__ = __add__


class RefusesNumbers(Toy):
    """Numbers on the left of an operator are not taken."""

    def __add__(self, other):
        return RefusesNumbers(self.data + other.data, [(self, 1.0), (other, 1.0)])

    __radd__ = None


def agrees(value_class, program):
    try:
        assert_agrees(value_class, program)
    except AssertionError:
        return False
    return True


# --- what fails shrinks and prints -----------------------------------------------------------------------------


@pytest.mark.parametrize(("engine", "ops", "smallest"), [
    (CountsOnce, ["add", "mul"], "a = Value(1.0)\nb = a * a\nb.backward()"),
    (WrongSign, ["add", "sub"], "a = Value(1.0)\nb = Value(1.0)\nc = b - a\nc.backward()"),
    (RefusesNumbers, ["add"], "a = Value(1.0)\nb = a + 2.0\nb.backward()"),
], ids=["a * a", "a - b", "a + 2.0"])  # fmt: skip
def test_a_program_that_fails_is_shrunk_to_one_operation(engine, ops, smallest):
    found = find(programs(ops), lambda program: not agrees(engine, program), settings=REPEATABLE)
    assert repr(found) == smallest


def test_what_hypothesis_prints_can_be_pasted_and_goes_wrong_again():
    @REPEATABLE
    @given(programs(["add", "mul"]))
    def check(program):
        assert_agrees(CountsOnce, program)

    with pytest.raises(AssertionError) as caught:
        check()
    message = str(caught.value)
    assert message.endswith("\n\na.grad is 1 where 2 is right")
    assert message.startswith("CountsOnce goes wrong here:\n\n")
    shown = "\n".join(caught.value.__notes__).partition("program=\n")[2].partition("\n    ,")[0]
    names = {"Value": CountsOnce}
    exec("\n".join(line.removeprefix("    ") for line in shown.splitlines()), names)
    assert (names["a"].data, names["a"].grad) == (1.0, 1.0)  # where 2 is right
    assert shown.replace("    ", "") == message.split("\n\n")[1].replace("CountsOnce", "Value")


def test_an_expression_prints_as_a_function():
    found = find(expressions(["mul", "tanh"]), lambda f: len(f.program.steps) == 2, settings=REPEATABLE)
    names = {}
    exec(repr(found), names)
    x = Value(found.point[0])
    assert names["f"](x).data == found(*found.point)


@pytest.mark.parametrize("op", FORMS)
def test_the_code_of_every_operation_can_be_pasted(op):
    program, rng = None, random.Random(0)
    while program is None:  # where an operation is defined, some point is well-conditioned
        slots = tuple(rng.randrange(BACK + len(CONSTANTS)) for _ in range(MOST_OPERANDS + 1))
        program = written([rng.uniform(-3, 3), rng.uniform(-3, 3)], [(op, slots)])
    names = {name: getattr(autograd, name) for name in [*autograd.__all__, "abs", "max", "min", "pow", "sum"]}
    names = {**vars(functions), **names}
    exec(program.code(), names)
    assert names[program.names()[len(program.inputs)]].data == pytest.approx(expected(program).values[-1], rel=1e-15)
    assert_agrees(Value, program)


# --- what is drawn is well-conditioned -----------------------------------------------------------------------------


@settings(REPEATABLE, max_examples=200)
@given(expressions())
def test_the_gradient_of_every_expression_is_found_correct(f):
    assert gradcheck(f, *f.point).ok
    assert f(*f.point) == f(*[Value(x) for x in f.point]).data


@settings(REPEATABLE, max_examples=100)
@given(programs(FORMS, steps=4))
def test_programs_of_all_operations_are_far_from_kinks(program):
    assert gradcheck(Expression(program), *program.inputs).ok
    assert_agrees(Value, program)


@settings(REPEATABLE, max_examples=50)
@given(programs(["add", "mul", "tanh", "pow"], inputs=2, steps=5, constants=False))
def test_programs_keep_to_what_was_asked_for(program):
    assert 1 <= len(program.inputs) <= 2
    assert 1 <= len(program.steps) <= 5
    assert {step.op for step in program.steps} <= {"add", "mul", "tanh", "pow"}
    assert not [x for step in program.steps if step.op != "pow" for x in step.operands if isinstance(x, float)]
    assert all(0.125 <= abs(x) <= 4 for x in program.inputs)


def test_programs_have_constants_on_both_sides_and_shared_operands():
    seen = set()

    @REPEATABLE
    @given(programs())
    def look(program):
        for step in program.steps:
            seen.add(step.op)
            if len(step.operands) == 2 and step.op != "pow":
                a, b = step.operands
                seen.add("left" if isinstance(a, float) else "right" if isinstance(b, float) else "both")
                seen.update(["shared"] if a == b else [])

    look()
    assert seen == {*ELEMENTARY, "left", "right", "both", "shared"}


def test_steps_that_are_not_well_conditioned_are_left_out():
    def kept(x, *drawn):
        program = written([x], drawn)
        return "".join(step.op for step in program.steps) if program else ""

    assert kept(2.0, ("relu", (0,)), ("log", (0,))) == "relulog"
    assert kept(-2.0, ("log", (0,))) == ""  # undefined
    assert kept(1e-5, ("relu", (0,))) == ""  # beside the kink
    assert kept(4.0, ("exp", (0,)), ("exp", (0,))) == "exp"  # e^e^4 is huge
    assert kept(3.0, ("sub", (0, 0))) == ""  # cancels
    assert kept(0.04, ("pow", (0, 2)), ("mul", (0, 0))) == "pow"  # 1/x² is 625 and its derivative -31250
    assert kept(3.0, ("mul", (BACK, BACK + 1))) == "mul"  # of two constants one becomes an operand
    product = written([3.0], [("mul", (BACK, BACK + 1))])
    assert product.steps[0].operands == (0, CONSTANTS[1])


def test_gradients_that_cancel_are_left_out():
    """2a / (a + 2a) does not depend on a: what backward() gives is the rounding of terms that cancel."""
    program = written([-0.541], [("add", (0, 0)), ("add", (1, 0)), ("div", (1, 0))])
    assert [step.op for step in program.steps] == ["add", "add"]


@settings(REPEATABLE, max_examples=100)
@given(points(2, of=lambda x, y: log(x - y) * abs(y)))
def test_points_are_where_the_function_is_smooth(point):
    x, y = point
    assert x > y
    assert y == 0 or abs(y) > 1e-4
    assert gradcheck(lambda x, y: log(x - y) * abs(y), x, y).ok


def test_points_without_a_function_are_numbers_of_a_domain_with_few_digits():
    @REPEATABLE
    @given(points(3, domain="(0, 1) | (5, inf)"))
    def check(point):
        assert len(point) == 3
        assert all(0 < x < 1 or 5 < x < 10 for x in point)
        assert all(len(repr(x)) <= 8 for x in point)

    check()
    assert find(points(1, domain="(0, 1) | (5, inf)"), lambda p: p[0] > 5, settings=REPEATABLE)


@pytest.mark.parametrize(("domain", "low", "high"), [
    ("(-inf, inf)", -4, 4), ("(0, inf)", 0, 4), ("(-inf, -7)", -11, -7), ("[1e-9, 2e-9]", 1e-9, 2e-9),
    ("(-1, 1)", -1, 1),
])  # fmt: skip
def test_values_lie_in_their_domain(domain, low, high):
    @REPEATABLE
    @given(values(domain))
    def check(value):
        assert type(value) is Value
        assert low < value.data < high

    check()


def test_the_simplest_value_is_simple():
    assert find(values(), lambda value: True, settings=REPEATABLE).data == 0.0
    assert find(programs(), lambda program: True, settings=REPEATABLE).inputs == (1.0,)


# --- what is refused, and what is missing ----------------------------------------------------------------------------


@pytest.mark.parametrize(("ops", "named"), [([], "none"), (["sine"], "'sine'"), (["add", "dot"], "'dot'")])
@pytest.mark.parametrize("strategy", [programs, expressions])
def test_operations_that_make_no_program_are_refused_by_name(strategy, ops, named):
    with pytest.raises(ValueError, match=f"programs are made of operations .* these are not: {named}$"):
        strategy(ops)


@pytest.mark.parametrize("domain", ["", "0, 1", "(1, 0)", "(0)", "(0, 1) |"])
def test_a_domain_that_is_none_is_refused(domain):
    with pytest.raises(ValueError, match="is no interval: write it as"):
        values(domain)


def test_an_expression_takes_as_many_numbers_as_it_has_inputs():
    f = Expression(Program("p", (1.0, 2.0), (Step("mul", (0, 1)),)))
    with pytest.raises(TypeError, match="the expression takes 2 numbers, got 1"):
        f(1.0)


def test_without_hypothesis_the_remedy_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    monkeypatch.delitem(sys.modules, "autograd.check.strategies")
    with pytest.raises(ImportError, match=r'needs hypothesis: pip install "scalar-autograd\[check\]"') as caught:
        importlib.import_module("autograd.check.strategies")
    assert caught.value.name == "hypothesis"


def test_the_error_of_an_engine_is_told():
    class Raises(Toy):
        def __mul__(self, other):
            raise RuntimeError("not yet")

    with pytest.raises(AssertionError, match="step 1: RuntimeError: not yet"):
        assert_agrees(Raises, Program("p", (1.0,), (Step("mul", (0, 0)),)))


@pytest.mark.parametrize(("error", "is_found"), [(1e-6, True), (1e-13, False)])
def test_what_differs_by_more_than_rounding_is_found(error, is_found):
    class Nearly(Toy):
        def __mul__(self, other):
            return Nearly(self.data * other.data, [(self, other.data * (1 + error)), (other, self.data)])

    assert agrees(Nearly, Program("p", (3.0, 5.0), (Step("mul", (0, 1)),))) is not is_found


@pytest.mark.parametrize(("f", "x", "smooth"), [
    (abs, 1e-2, True), (abs, 9e-5, False), (lambda x: 0.01 * abs(x), 0.0, False),
    (lambda x: x**3, 0.0, True), (lambda x: log(x), 1e-4, False), (autograd.floor, 2.0, False),
    (autograd.floor, 2.0005, False), (autograd.floor, 2.5, True), (lambda x: 1 / x, 0.0, False),
    (lambda x: x * 1e200 * 1e200, 1.0, False), (lambda x: 7.0, 0.0, True),
])  # fmt: skip
def test_smooth_is_what_has_no_kink_jump_or_pole_within_reach(f, x, smooth):
    assert is_smooth(f, [x]) is smooth


def test_large_partials_are_not_well_conditioned():
    assert well_conditioned(TABLE["reciprocal"], [0.05]) == (20.0, (-400.0,))
    assert well_conditioned(TABLE["reciprocal"], [0.02]) is None  # the value 50 is no larger than others


@given(st.sampled_from(ELEMENTARY), st.lists(st.floats(-5, 5), min_size=2, max_size=2))
def test_numbers_and_partials_that_are_well_conditioned_are_of_ordinary_size(name, xs):
    op = TABLE[name]
    found = well_conditioned(op, xs[: op.arity])
    if found is not None:
        y, partials = found
        assert y == op.forward(*xs[: op.arity])
        assert y == 0 or 1e-3 <= abs(y) <= 1e3
        assert all(abs(p) <= 1e3 for p in partials)
