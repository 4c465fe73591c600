"""Operators and kinks: values and gradients worked out by hand, on floats whose arithmetic is exact."""

import math

import pytest

from autograd import Value, max as largest, maximum, min as smallest, minimum


def gradients(f, *numbers):
    """The value of `f` and its gradients at the numbers."""
    values = [Value(x) for x in numbers]
    y = f(*values)
    y.backward()
    return y.data, *[v.grad for v in values]


@pytest.mark.parametrize(("f", "expected"), [
    (lambda a, b: a + b, (7.0, 1.0, 1.0)),
    (lambda a, b: a - b, (5.0, 1.0, -1.0)),
    (lambda a, b: b - a, (-5.0, -1.0, 1.0)),
    (lambda a, b: a * b, (6.0, 1.0, 6.0)),
    (lambda a, b: a / b, (6.0, 1.0, -6.0)),
    (lambda a, b: b / a, (1 / 6, -1 / 36, 1 / 6)),
    (lambda a, b: b**a, (1.0, 0.0, 6.0)),
    (lambda a, b: a**b, (6.0, 1.0, 6 * math.log(6))),
])  # fmt: skip
def test_binary_operators(f, expected):
    assert gradients(f, 6.0, 1.0) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(("f", "expected"), [
    (lambda x: x + 3, (5.0, 1.0)),
    (lambda x: 3 + x, (5.0, 1.0)),
    (lambda x: x - 3, (-1.0, 1.0)),
    (lambda x: 3 - x, (1.0, -1.0)),
    (lambda x: x * 3, (6.0, 3.0)),
    (lambda x: 3 * x, (6.0, 3.0)),
    (lambda x: x / 4, (0.5, 0.25)),
    (lambda x: 4 / x, (2.0, -1.0)),
    (lambda x: x**3, (8.0, 12.0)),
    (lambda x: x**-1, (0.5, -0.25)),
    (lambda x: 4**x, (16.0, 16 * math.log(4))),
    (lambda x: pow(x, 2), (4.0, 4.0)),
    (lambda x: -x, (-2.0, -1.0)),
    (lambda x: +x, (2.0, 1.0)),
    (abs, (2.0, 1.0)),
    (lambda x: abs(-x), (2.0, 1.0)),
    (lambda x: x - x, (0.0, 0.0)),
    (lambda x: x + x, (4.0, 2.0)),
    (lambda x: x * x, (4.0, 4.0)),
    (lambda x: x / x, (1.0, 0.0)),
    (lambda x: x**x, (4.0, 4 + 4 * math.log(2))),
])  # fmt: skip
def test_one_value_with_constants_and_with_itself(f, expected):
    assert gradients(f, 2.0) == pytest.approx(expected, rel=1e-15)


def test_augmented_assignment_makes_a_new_value_and_leaves_the_old_one():
    x = Value(2.0)
    y = x
    y += 1
    y -= 2 * x
    y *= x
    y /= 2
    y **= 2
    assert x.data == 2.0
    y.backward()
    assert y.data == 1.0  # ((x + 1 - 2x) x / 2)² = ((1 - x) x / 2)²
    assert x.grad == 3.0  # 2 ((1 - x) x / 2) (1 - 2x) / 2 = 2 (-1) (-3/2)


def test_unary_plus_is_a_node_of_its_own():
    x = Value(2.0)
    assert +x is not x
    assert (+x)._prev == (x,)


@pytest.mark.parametrize("bad", ["2", None, [2.0], 1j, object()], ids=lambda x: type(x).__name__)
@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "**"])
def test_an_operand_that_is_no_number_is_a_type_error(operator, bad):
    for program in (f"v {operator} bad", f"bad {operator} v"):
        with pytest.raises(TypeError):
            eval(program, {"v": Value(2.0), "bad": bad})


@pytest.mark.parametrize("operator", ["%", "//", "@", "&", "<<"])
def test_operators_without_a_derivative_are_not_there(operator):
    with pytest.raises(TypeError):
        eval(f"v {operator} v", {"v": Value(2.0)})


def test_another_type_gets_its_turn_by_its_reflected_operator():
    class Money:
        def __radd__(self, other):
            return "money"

    assert Value(1.0) + Money() == "money"


# --- overflow is inf, as IEEE has it -------------------------------------------------------------------------


@pytest.mark.parametrize(("f", "x", "expected"), [
    (lambda x: x**400, 10.0, math.inf),
    (lambda x: x**401, -10.0, -math.inf),
    (lambda x: x**400, -10.0, math.inf),
    (lambda x: 10.0**x, 400.0, math.inf),
    (lambda x: x**-400, 1e-10, math.inf),
    (lambda x: x**-401, -1e-10, -math.inf),
    (lambda x: x * x, 1e200, math.inf),
    (lambda x: x * -1e200, 1e200, -math.inf),
    (lambda x: x + x, 1.7e308, math.inf),
    (lambda x: x / 1e-200, 1e200, math.inf),
    (lambda x: x.exp(), 1000.0, math.inf),
    (lambda x: x.cosh(), 1000.0, math.inf),
    (lambda x: x.cosh(), -1000.0, math.inf),
    (lambda x: x.sinh(), -1000.0, -math.inf),
    (lambda x: x.exp2(), 2000.0, math.inf),
    (lambda x: x.expm1(), 1000.0, math.inf),
    (lambda x: x.square(), 1e200, math.inf),
])  # fmt: skip
def test_overflow_is_infinite(f, x, expected):
    assert f(Value(x)).data == expected


def test_the_derivative_of_an_overflow_is_infinite_too():
    for f, x in [(lambda x: x**400, 10.0), (lambda x: x.exp(), 1000.0), (lambda x: x.cosh(), 1000.0)]:
        v = Value(x)
        f(v).backward()
        assert v.grad == math.inf


def test_inf_and_nan_travel():
    assert (Value(math.inf) + 1).data == math.inf
    assert math.isnan((Value(math.inf) - math.inf).data)
    assert math.isnan((Value(math.nan) * 0).data)
    assert (1 / Value(math.inf)).data == 0.0
    x, y = Value(math.nan), Value(2.0)
    (x + y).backward()
    assert (x.grad, y.grad) == (1.0, 1.0)


@pytest.mark.parametrize(("f", "x", "value", "slope"), [
    (lambda x: x.sigmoid(), 1000.0, 1.0, 0.0),
    (lambda x: x.sigmoid(), -1000.0, 0.0, 0.0),
    (lambda x: x.softplus(), 1000.0, 1000.0, 1.0),
    (lambda x: x.softplus(), -1000.0, 0.0, 0.0),
    (lambda x: x.tanh(), 1000.0, 1.0, 0.0),
    (lambda x: x.tanh(), -1000.0, -1.0, 0.0),
])  # fmt: skip
def test_saturated_functions_are_exact_and_finite(f, x, value, slope):
    assert gradients(f, x) == (value, slope)


# --- powers at and around zero -------------------------------------------------------------------------------


def test_a_power_of_nothing_to_an_unknown_exponent_is_unknown():
    base, exponent = Value(0.0), Value(math.nan)
    y = base**exponent
    y.backward()
    assert math.isnan(y.data)
    assert math.isnan(base.grad)
    assert math.isnan(exponent.grad)


@pytest.mark.parametrize(("base", "exponent", "value", "slope"), [
    (5.0, 0, 1.0, 0.0),
    (0.0, 0, 1.0, 0.0),
    (-3.0, 0, 1.0, 0.0),
    (math.inf, 0, 1.0, 0.0),
    (5e-324, 0, 1.0, 0.0),  # where 0 · x⁻¹ would be 0 · inf
    (0.0, 1, 0.0, 1.0),
    (0.0, 2, 0.0, 0.0),
    (0.0, 3.5, 0.0, 0.0),
    (0.0, 1.5, 0.0, 0.0),
    (0.0, 0.5, 0.0, math.inf),
    (-0.0, 2, 0.0, 0.0),
    (-2.0, 3, -8.0, 12.0),
    (-2.0, 2, 4.0, -4.0),
    (-2.0, -1, -0.5, -0.25),
    (-2.0, 1, -2.0, 1.0),
])  # fmt: skip
def test_derivative_of_a_power_by_its_base(base, exponent, value, slope):
    assert gradients(lambda x: x**exponent, base) == (value, slope)
    y, by_base, _ = gradients(lambda a, b: a**b, base, exponent)
    assert (y, by_base) == (value, slope)


@pytest.mark.parametrize(("base", "exponent", "slope"), [
    (1.0, 5.0, 0.0),
    (math.e, 0.0, 1.0),
    (0.0, 2.0, 0.0),
    (0.0, 0.5, 0.0),
    (0.0, 0.0, -math.inf),
    (0.5, 0.0, math.log(0.5)),
])  # fmt: skip
def test_derivative_of_a_power_by_its_exponent(base, exponent, slope):
    assert gradients(lambda b: base**b, exponent)[1] == slope
    assert gradients(lambda a, b: a**b, base, exponent)[2] == slope


def test_the_missing_derivative_by_the_exponent_stays_with_the_exponent():
    _, by_base, by_exponent = gradients(lambda a, b: a**b, -2.0, 3.0)
    assert by_base == 12.0
    assert math.isnan(by_exponent)
    assert gradients(lambda a: a**3, -2.0) == (-8.0, 12.0)  # a constant exponent takes none of it


# --- conventions at kinks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("f", "x", "value", "slope"), [
    (lambda x: x.relu(), 0.0, 0.0, 0.0),
    (lambda x: x.relu(), -0.0, 0.0, 0.0),
    (lambda x: x.relu(), 2.0, 2.0, 1.0),
    (lambda x: x.relu(), -2.0, 0.0, 0.0),
    (lambda x: x.relu(), 5e-324, 5e-324, 1.0),
    (abs, 0.0, 0.0, 0.0),
    (abs, -0.0, 0.0, 0.0),
    (abs, -3.0, 3.0, -1.0),
    (abs, 3.0, 3.0, 1.0),
])  # fmt: skip
def test_relu_and_abs(f, x, value, slope):
    assert gradients(f, x) == (value, slope)


@pytest.mark.parametrize("f", [maximum, minimum, largest, smallest, lambda a, b: largest([a, b])])
def test_a_tie_of_two_is_shared_equally(f):
    assert gradients(f, 3.0, 3.0) == (3.0, 0.5, 0.5)
    assert gradients(f, 0.0, -0.0)[1:] == (0.5, 0.5)


@pytest.mark.parametrize("f", [largest, smallest])
def test_a_tie_of_many_is_shared_equally(f):
    assert gradients(lambda *v: f(list(v)), 3.0, 3.0, 3.0, 3.0) == (3.0, 0.25, 0.25, 0.25, 0.25)


def test_without_a_tie_the_winner_takes_all():
    assert gradients(maximum, 1.0, 2.0) == (2.0, 0.0, 1.0)
    assert gradients(minimum, 1.0, 2.0) == (1.0, 1.0, 0.0)
    assert gradients(lambda *v: largest(list(v)), 1.0, 5.0, 5.0, 2.0) == (5.0, 0.0, 0.5, 0.5, 0.0)
    assert gradients(lambda *v: smallest(list(v)), 1.0, 5.0, 1.0, 2.0) == (1.0, 0.5, 0.0, 0.5, 0.0)


def test_a_tie_with_a_constant_gives_the_value_its_share():
    assert gradients(lambda x: maximum(x, 3.0), 3.0) == (3.0, 0.5)
    assert gradients(lambda x: maximum(3.0, x), 3.0) == (3.0, 0.5)


def test_a_value_against_itself_gets_both_shares():
    assert gradients(lambda x: maximum(x, x), 3.0) == (3.0, 1.0)
    assert gradients(lambda x: largest([x, x, x]), 3.0) == (3.0, pytest.approx(1.0, rel=1e-15))
