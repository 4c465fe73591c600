"""What is said where a check of this package's own gradients fails."""

import cmath
import math

import pytest

import autograd
from autograd import Op, Value
from autograd.check import gradcheck_pair
from autograd.check.diagnosis import diagnose_failure, diagnose_pair
from autograd.check.result import Row
from autograd.functions import OPS

WRONG = Row("x", "", 1.0, 2.0, 1.0, 1e-9, "wrong")
TABLE = {op.name: op for op in OPS}


def found(output, row=WRONG):
    (diagnosis,) = diagnose_failure(output, [row])
    assert diagnosis.program
    return diagnosis


def test_nothing_is_said_of_what_is_not_wrong():
    right = Row("x", "", 1.0, 1.0, 0.0, 1e-9, "correct")
    unclear = Row("x", "", 1.0, 1.0, 0.0, 1.0, "cannot tell")
    assert diagnose_failure(Value(2.0).tanh(), [right, unclear]) == ()
    assert diagnose_failure(Value(2.0).tanh(), []) == ()


RULES = [
    ("tanh", "input-for-output", lambda y, x: (1 - x * x,)),
    ("tanh", "tanh-without-square", lambda y, x: (1 - y,)),
    ("sigmoid", "sigmoid-half", lambda y, x: (y,)),
    ("log", "exp-log-swapped", lambda y, x: (autograd.exp(x),)),
    ("exp", "exp-as-power", lambda y, x: (x * autograd.exp(x - 1),)),
    ("sin", "sin-cos-swapped", lambda y, x: (y,)),
    ("sqrt", "factor-two", lambda y, x: (1 / y,)),
    ("cos", "sign", lambda y, x: (autograd.sin(x),)),
    ("log10", "base-factor-missing", lambda y, x: (1 / x,)),
    ("square", "derivative-one", lambda y, x: (1.0,)),
    ("exp2", "derivative-zero", lambda y, x: (0.0,)),
]


@pytest.mark.parametrize("name", [None, "mine"])
@pytest.mark.parametrize(("op", "key", "partials"), RULES, ids=[f"{op} {key}" for op, key, _ in RULES])
def test_a_wrong_rule_is_named(op, key, partials, name):
    """Also where the operation goes by another name: what it computes tells which it is."""
    if name and key in ("factor-two", "sign", "derivative-one", "derivative-zero"):
        name = None  # those are found in any operation, by its own name
    wrong = Op(name or op, "?", 1, TABLE[op].forward, partials)
    diagnosis = found((wrong(Value(1.3) * 0.5) + 1).tanh())
    assert diagnosis.mistake == key
    assert diagnosis.where == f"{name or op} #1 / operand 0"


@pytest.mark.parametrize(
    ("partials", "key", "operand"),
    [
        (lambda y, a, b: (1 / b, -a / b), "div-without-square", 1),
        (lambda y, a, b: (1 / b, -1 / (b * b)), "div-without-numerator", 1),
        (lambda y, a, b: (-a / (b * b), 1 / b), "swapped-operands", 0),
        (lambda y, a, b: (1 / b, a / (b * b)), "sign", 1),
        (lambda y, a, b: (b, -a / (b * b)), "reciprocal", 0),
    ],
)
def test_the_operand_is_named(partials, key, operand):
    quotient = Op("quotient", "/", 2, lambda a, b: a / b, partials)
    diagnosis = found(quotient(Value(2.0), Value(3.0)) * 2)
    assert (diagnosis.mistake, diagnosis.where) == (key, f"quotient #1 / operand {operand}")


@pytest.mark.parametrize(
    ("partials", "key"),
    [
        (lambda y, x: (3 * x,), "pow-exponent-off-by-one"),
        (lambda y, x: (x * x,), "pow-factor-missing"),
        (lambda y, x: (2 * x * x,), "pow-factor-off-by-one"),
    ],
)
def test_a_power_is_recognised_by_its_values(partials, key):
    assert found(Op("cube", "³", 1, lambda x: x**3, partials)(Value(2.0))).mistake == key


def test_the_numbers_and_the_program():
    cube = Op("cube", "³", 1, lambda x: x**3, lambda y, x: (3 * x,))
    diagnosis = found(cube(Value(2.0)))
    assert diagnosis.seen == (
        "cube #1 / operand 0: the local partial is 6 where differences give 12, at x = 2; it seems to be n·x^(n-2)"
    )
    assert diagnosis.program.splitlines() == [
        "x = Value(2.0)", "y = cube(x)", "y.backward()", "# x.grad by differences: 12", "# x.grad here: 6",
    ]  # fmt: skip
    assert "n·x^(n-1)" not in diagnosis.text(2)
    assert "the derivative of `cube` by its operand is n·x^(n-1)." in diagnosis.text(3)


def test_the_first_wrong_op_is_the_one_that_is_named():
    wrong = Op("tanh", "t", 1, math.tanh, lambda y, x: (1 - y,))
    also = Op("exp", "e", 1, math.exp, lambda y, x: (-y,))
    assert found(also(wrong(Value(0.5)).sin())).where == "tanh #1 / operand 0"


def test_a_mistake_that_is_in_no_catalogue():
    odd = Op("odd", "o", 1, lambda x: x * math.sin(x), lambda y, x: (autograd.sin(x) + 2,))
    scaled = Op(
        "odd", "o", 1, lambda x: x * math.sin(x), lambda y, x: (1.01 * (autograd.sin(x) + x * autograd.cos(x)),)
    )
    assert found(odd(Value(2.0))).mistake == "unexplained"
    assert found(scaled(Value(2.0))).seen.endswith("that is 1.01 times the right one, at every point around")


def test_a_cut_graph():
    x = Value(2.0)
    diagnosis = found(x * math.exp(x.data))
    assert diagnosis.mistake == "graph-cut"
    assert "every local partial of the graph is right" in diagnosis.seen
    assert found(3.5).mistake == "graph-cut"  # the function has returned a number
    assert found(Value(3.5)).mistake == "graph-cut"  # or a Value made anew


def test_zero_times_infinity():
    row = Row("x", "", math.nan, 0.0, math.nan, 1e-9, "wrong")
    diagnosis = found((Value(0.0) * 1.0).sqrt() * 0.0 + 1.0, row)
    assert (diagnosis.mistake, diagnosis.where) == ("zero-times-infinity", "sqrt")
    assert diagnosis.program.splitlines() == [
        "x = Value(0.0)", "y = sqrt(x)", "(y * 0.0).backward()",
        "# the local partial is inf, the gradient of y is 0", "# x.grad by hand: inf · 0 = nan",
    ]  # fmt: skip
    power = found(Value(0.0) ** Value(0.5) * 0.0, row).program
    assert power.splitlines()[:3] == ["a = Value(0.0)", "b = Value(0.5)", "y = a ** b"]


def test_a_rule_of_numbers():
    first_order = Op("sine", "s", 1, math.sin, lambda y, x: (math.cos(x),))
    diagnosis = found(first_order(Value(2.0)) * 2)
    assert (diagnosis.mistake, diagnosis.where) == ("rule-of-numbers", "sine")
    assert diagnosis.program.splitlines() == [
        "x = Value(2.0)", "y = sine(x)", "sine.partials(y, x)[0]  # -0.416147: of type float, not Value",
    ]  # fmt: skip
    constant = Op("twice", "2", 1, lambda x: 2 * x, lambda y, x: (2.0,))
    assert found(constant(Value(2.0))).mistake == "graph-cut"  # a constant derivative may be a number
    for x in (-0.05, 0.0, 0.05):  # also a piecewise constant one, close to its kinks
        for op in ("relu", "abs", "hard_tanh", "sign", "clip"):
            xs = (x,) if TABLE[op].arity == 1 else (x, -0.01, 0.1)
            assert found(TABLE[op](*map(Value, xs))).mistake == "graph-cut", op


def test_depth_is_no_matter():
    x = Value(0.5)
    for _ in range(3_000):
        x = -x
    wrong = Op("tanh", "t", 1, math.tanh, lambda y, x: (1 - y,))
    assert found(wrong(x)).mistake == "tanh-without-square"
    assert found(x).mistake == "graph-cut"


# --- pairs -----------------------------------------------------------------------------------------------------

PAIRS = [
    (math.tanh, lambda x: 1 - x**2, [0.5], "input-for-output"),
    (lambda x: math.tanh(x), lambda x: -(1 - math.tanh(x) ** 2), [0.5], "sign"),
    (lambda x: x**4, lambda x: 3 * x**3, [1.5], "pow-factor-off-by-one"),
    (lambda x: math.exp(3 * x), lambda x: 6 * math.exp(3 * x), [0.5], "factor-two"),
    (lambda x, y: x * y**2, lambda x, y: (2 * x * y, y**2), [3.0, 2.0], "swapped-operands"),
    (lambda x, y: x * y**2, lambda x, y: (y**2, 0.0), [3.0, 2.0], "derivative-zero"),
    (lambda x, y: x * y**2, lambda x, y: [-(y**2), -2 * x * y], [3.0, 2.0], "sign"),
    (lambda x: x * math.exp(x), lambda x: math.exp(x) + x, [0.5], "unexplained"),
]


@pytest.mark.parametrize(("f", "df", "data", "key"), PAIRS, ids=[key for *_, key in PAIRS])
def test_pairs(f, df, data, key):
    (diagnosis,) = diagnose_pair(f, df, data)
    assert diagnosis.mistake == key
    calls = [line.partition("  # ")[0] for line in diagnosis.program.splitlines()[:2]]
    assert calls[0] == f"f({', '.join(map(str, data))})"
    assert calls[1].startswith(f"d{calls[0]}")
    quotient, _, number = diagnosis.program.partition("by differences")[2].partition(": ")[2].partition(" = ")
    assert eval(quotient, {"f": f}) == pytest.approx(float(number), rel=1e-5)


def test_the_program_of_a_pair():
    (diagnosis,) = diagnose_pair(lambda x: x**3, lambda x: 3 * x * x + 1, [2.0])
    assert diagnosis.program.splitlines() == [
        "f(2.0)  # 8", "df(2.0)  # 13 here", "# by differences: (f(2.001) - f(1.999)) / 0.002 = 12",
    ]  # fmt: skip
    result = gradcheck_pair(
        lambda xs, w: xs[0] * xs[1] * w, lambda xs, w: ([xs[1] * w, xs[0] * w], xs[0]), [2.0, 3.0], 5.0
    )
    assert [diagnosis.program.splitlines() for diagnosis in result.diagnoses] == [[
        "f([2.0, 3.0], 5.0)  # 30", "df([2.0, 3.0], 5.0)[2]  # 2 here",
        "# by differences, in w: (f([2.0, 3.0], 5.001) - f([2.0, 3.0], 4.999)) / 0.002 = 6",
    ]]  # fmt: skip


@pytest.mark.parametrize(
    ("f", "df", "x", "line"),
    [  # a step that shows it: small beside x, inside of the domain, exact enough
        (math.log, lambda x: x, 1e-8, "(f(1.001e-08) - f(9.99e-09)) / 2e-11 = 1e+08"),
        (math.sqrt, lambda x: 1 / math.sqrt(x), 1e100, "(f(1.001e+100) - f(9.99e+99)) / 2e+97 = 5e-51"),
        (math.exp, lambda x: math.exp(x) * (1 + 1e-6), 0.5, "(f(0.5001) - f(0.4999)) / 0.0002 = 1.648721"),
    ],
)
def test_the_differences_of_a_pair_are_such_that_they_show_it(f, df, x, line):
    (diagnosis,) = diagnose_pair(f, df, [x])
    assert diagnosis.program.splitlines()[-1] == f"# by differences: {line}"


def test_right_pairs():
    assert diagnose_pair(math.sin, math.cos, [1.0]) == ()
    assert diagnose_pair(lambda x, y: x * y, lambda x, y: (y, x), [1.0, 2.0]) == ()


def test_a_wrong_component_is_named():
    (diagnosis,) = diagnose_pair(lambda x, y: x * y**2, lambda x, y: (y**2, x * y), [3.0, 2.0])
    assert (diagnosis.mistake, diagnosis.where) == ("factor-two", "df[1]")
    assert diagnosis.seen.startswith("df[1] gives 6 where differences give 12, at a = 3, b = 2")


def test_a_pair_that_is_undefined_at_the_point():
    assert diagnose_pair(math.log, lambda x: 1 / x, [-1.0]) == ()


# --- code of somebody else's, which need not be made for other points -------------------------------------------


@pytest.mark.parametrize("error", [KeyError, AttributeError, RuntimeError, IndexError, AssertionError, TypeError])
def test_what_a_pair_raises_at_other_points_does_not_hide_that_it_is_wrong(error):
    def df(x):
        if x != 1.0:
            raise error
        return 5.0

    def f(x):
        if not 0.9 < x < 1.1:
            raise error
        return x * x

    (diagnosis,) = diagnose_pair(f, df, [1.0])
    assert diagnosis.mistake == "unexplained"
    assert diagnosis.seen == "df gives 5 where differences give 2, at x = 1"
    result = gradcheck_pair(lambda x: x * x, df, 1.0)
    assert (result.verdict, len(result.diagnoses)) == ("wrong", 1)


def test_a_pair_that_fails_at_its_point_or_gives_no_numbers():
    assert diagnose_pair(lambda x: x, lambda x: {}[x], [1.0]) == ()
    assert diagnose_pair(lambda x: x, lambda x: "much", [1.0]) == ()
    assert diagnose_pair(lambda x, y: x, lambda x, y: (1.0,), [1.0, 2.0]) == ()


@pytest.mark.parametrize("error", [KeyError, AttributeError, RuntimeError])
def test_what_an_operation_raises_at_other_points_does_not_hide_that_it_is_wrong(error):
    def partials(y, x):
        if x != 2.0:
            raise error
        return (5.0,)

    def forward(x):
        if not 1.9 < x < 2.1:
            raise error
        return x * x

    assert found(Op("odd", "o", 1, forward, partials)(Value(2.0))).mistake == "unexplained"


def test_a_rule_that_is_not_made_for_values():
    def partials(y, x):
        if isinstance(x, Value):
            raise KeyError(x)
        return (2 * x,)

    square = Op("mine", "m", 1, lambda x: x * x, partials)
    assert found(square(Value(2.0))).mistake == "graph-cut"


def test_a_node_made_by_hand():
    x = Value(2.0)
    assert diagnose_failure(Value(4.0, _children=(x,), _op="?"), [WRONG]) == ()


def test_the_complex_step_has_a_diagnosis_too():
    result = gradcheck_pair(cmath.sin, lambda x: math.sin(x), 0.5, method="complex")
    assert [diagnosis.mistake for diagnosis in result.diagnoses] == ["sin-cos-swapped"]


# --- names and numbers -----------------------------------------------------------------------------------------


def test_operands_are_called_by_their_labels_and_names():
    product = Op("product", "·", 2, lambda a, b: a * b, lambda y, a, b: (a, b))
    x, w = Value(2.0), Value(3.0, label="width")
    (diagnosis,) = diagnose_failure(product(x, w), [WRONG], {x: "xs[0]", w: "ws[1]"})
    assert diagnosis.seen.endswith("at xs[0] = 2, width = 3; it seems to be the one by the other operand")
    assert diagnosis.program.splitlines()[:4] == [
        "xs_0 = Value(2.0)", "width = Value(3.0)", "y = product(xs_0, width)", "y.backward()",
    ]  # fmt: skip
    assert "by its first operand is width" in diagnosis.text(3)


def test_arguments_are_called_by_their_names():
    (diagnosis,) = diagnose_pair(lambda x, w: x * w, lambda x, w: (w, 2 * x), [3.0, 2.0], ["x", "w"])
    assert diagnosis.seen.startswith("df[1] gives 6 where differences give 3, at x = 3, w = 2")


def test_numbers_of_the_program_have_no_digits_without_a_meaning():
    wrong = Op("tanh", "t", 1, math.tanh, lambda y, x: (1 - y,))
    program = found(wrong(Value(0.4) * 0.7)).program  # 0.27999999999999997
    assert program.splitlines()[0] == "x = Value(0.28)"
    at_a_point = Op("odd", "o", 1, math.tanh, lambda y, x: (1 - y * y + (x == 0.123456789012),))
    assert found(at_a_point(Value(0.123456789012))).program.startswith("x = Value(0.123456789012)\n")


# --- several names that fit, and mistakes that are small ---------------------------------------------------------


@pytest.mark.parametrize(
    ("forward", "partials"),
    [
        (lambda a, b: a * b, lambda y, a, b: (a, b)),
        (lambda a, b: a / b, lambda y, a, b: (-a / (b * b), 1 / b)),
        (lambda a, b: a**b, lambda y, a, b: (y * autograd.log(a), b * a ** (b - 1))),
        (lambda a, b: a - b, lambda y, a, b: (-1.0, 1.0)),
        (lambda a, b: a * b * b, lambda y, a, b: (2 * a * b, b * b)),
        (max, lambda y, a, b: (0.0, 1.0) if a > b else (1.0, 0.0)),
    ],
    ids=["product", "quotient", "power", "difference", "a·b²", "max"],
)
@pytest.mark.parametrize("point", [(2.0, 3.0), (3.0, 2.0), (2.0, 2.5), (1.0, 1.5)])
def test_a_swap_that_explains_both_partials_is_named(forward, partials, point):
    mine = Op("mine", "m", 2, forward, partials)
    assert found(mine(*map(Value, point))).mistake == "swapped-operands"
    pair = diagnose_pair(forward, lambda a, b: [float(d) for d in partials(forward(a, b), a, b)], point)
    assert [diagnosis.mistake for diagnosis in pair] == ["swapped-operands"]


@pytest.mark.parametrize(
    ("f", "df", "words"),
    [
        (lambda x: math.pi * x * x, lambda x: 2 * 3.14159 * x, "the right one times 1 - 8.4e-07"),
        (lambda x: math.pi * x * x, lambda x: 2 * 3.141592652 * x, "the right one times 1 - 5.1e-10"),
        (lambda x: 2**x, lambda x: 0.6931 * 2**x, "the right one times 1 - 6.8e-05"),
        (lambda x: math.log(x) / math.log(10), lambda x: 1 / (2.3 * x), "the right one times 1 + 0.0011"),
        (math.tanh, lambda x: 1 - math.tanh(x) ** 2 + 1e-7, "the right one plus 1e-07"),
        (math.exp, lambda x: 2.718**x, "the right one, off by at most 0.00011 of its size,"),
    ],
)
def test_what_is_nearly_right_is_named(f, df, words):
    (diagnosis,) = diagnose_pair(f, df, [0.75])
    assert diagnosis.mistake == "inexact-constant"
    assert diagnosis.seen.endswith(f"; that is {words}")
    wrong, right = diagnosis.seen.removeprefix("df gives ").partition(",")[0].split(" where differences give ")
    assert wrong != right
    mine = Op("mine", "m", 1, f, lambda y, x: (Value(df(x.data)) if isinstance(x, Value) else df(x),))
    assert found(mine(Value(0.75))).mistake == "inexact-constant"


def test_wrong_by_one_in_a_hundred_is_no_matter_of_digits():
    (diagnosis,) = diagnose_pair(math.exp, lambda x: 1.01 * math.exp(x), [0.75])
    assert diagnosis.mistake == "unexplained"
