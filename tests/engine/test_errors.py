"""Where the mathematics is undefined: the kind of the error, and that it names op, operand, label and value."""

import math

import pytest

from autograd import Op, Value, acosh, exp, log, no_grad, sqrt
from autograd.engine import record
from autograd.errors import AutogradError, DivisionByZeroError, DomainError

UNDEFINED = [
    ("log", lambda x: x.log(), 0.0),
    ("log", lambda x: x.log(), -0.0),
    ("log", lambda x: x.log(), -1.0),
    ("log1p", lambda x: x.log1p(), -1.0),
    ("sqrt", lambda x: x.sqrt(), -1.0),
    ("pow", lambda x: x**0.5, -2.0),
    ("pow", lambda x: x**-0.5, -2.0),
    ("pow", lambda x: x**2.5, -1e300),  # would overflow, if it existed
    ("pow", lambda x: x**-1, 0.0),
    ("pow", lambda x: (-2.0) ** x, 0.5),
    ("pow", lambda x: 0.0**x, -1.0),
    ("div", lambda x: 1 / x, 0.0),
    ("div", lambda x: 1 / x, -0.0),
    ("div", lambda x: x / 0, 3.0),
    ("div", lambda x: x / 0, 0.0),
    ("sin", lambda x: x.sin(), math.inf),
    ("asin", lambda x: x.asin(), 1.5),
    ("acosh", acosh, 0.5),
    ("atanh", lambda x: x.atanh(), 1.0),
    ("reciprocal", lambda x: x.reciprocal(), 0.0),
]


@pytest.mark.parametrize(("op", "f", "x"), UNDEFINED, ids=lambda x: x if isinstance(x, str) else "")
def test_the_message_names_op_label_and_value(op, f, x):
    with pytest.raises(DomainError) as caught:
        f(Value(x, label="height"))
    message = str(caught.value)
    assert op in message
    assert "height" in message
    assert repr(x) in message
    assert isinstance(caught.value, (AutogradError, ValueError, ArithmeticError))
    assert caught.value.__cause__ is None  # one error, not a chain of them
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(("op", "f", "x"), UNDEFINED, ids=lambda x: x if isinstance(x, str) else "")
def test_the_same_error_where_nothing_is_recorded(op, f, x):
    with no_grad(), pytest.raises(DomainError, match=op):
        f(Value(x))


@pytest.mark.parametrize("kind", [AutogradError, DomainError, ValueError, ArithmeticError])
def test_a_domain_error_is_caught_as_any_of_its_kinds(kind):
    with pytest.raises(kind):
        Value(0.0).log()


@pytest.mark.parametrize("divide", [
    lambda: 1 / Value(0.0), lambda: Value(1.0) / 0, lambda: Value(1.0) / Value(0.0), lambda: Value(0.0) ** -1,
    lambda: 0.0 ** Value(-1.0), lambda: Value(0.0) / Value(0.0),
])  # fmt: skip
def test_a_division_by_zero_is_a_zero_division_error_and_a_domain_error(divide):
    for kind in (ZeroDivisionError, DomainError, DivisionByZeroError, ArithmeticError, ValueError):
        with pytest.raises(kind):
            divide()


def test_a_domain_error_is_not_a_division_by_zero():
    with pytest.raises(DomainError) as caught:
        Value(-1.0).log()
    assert not isinstance(caught.value, ZeroDivisionError)


def test_every_operand_is_named():
    with pytest.raises(DomainError) as caught:
        Value(2.0, label="top") / Value(0.0, label="bottom")
    assert all(part in str(caught.value) for part in ("div", "2.0", "top", "0.0", "bottom"))
    with pytest.raises(DomainError) as caught:
        Value(-2.0, label="base") ** 0.5
    assert all(part in str(caught.value) for part in ("pow", "-2.0", "base", "0.5"))


def test_a_value_without_a_label_is_named_by_its_number_alone():
    with pytest.raises(DomainError, match=r"log is undefined at -4\.0;") as caught:
        Value(-4.0).log()
    assert "label" not in str(caught.value)


def test_the_message_tells_where_the_op_is_defined():
    with pytest.raises(DomainError, match=r"\(0, inf\)"):
        log(Value(0.0))


@pytest.mark.parametrize("f", [log, sqrt])
def test_the_functions_of_numbers_raise_the_same(f):
    with pytest.raises(DomainError, match=f"{f.name}.*-1"):
        f(-1.0)


@pytest.mark.parametrize(("base", "exponent"), [(-2.0, 0.5), (-2.0, 1 / 3), (-1e-3, -0.1), (-1e300, 2.5), (-1.0, 1e-9)])
def test_a_power_is_never_complex(base, exponent):
    for f in (lambda: Value(base) ** exponent, lambda: base ** Value(exponent), lambda: Value(base) ** Value(exponent)):
        with pytest.raises(DomainError):
            f()


def test_an_error_leaves_the_operands_usable():
    x = Value(0.0)
    y = x + 1
    with pytest.raises(DomainError):
        y / x
    y.backward()
    assert (x.grad, y._prev[0]) == (1.0, x)


# --- how ops are called --------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["1", None, 1j, [1.0]], ids=repr)
def test_a_function_refuses_what_is_no_number(bad):
    with pytest.raises(TypeError, match=type(bad).__name__):
        exp(bad)
    with pytest.raises(TypeError, match=type(bad).__name__):
        record(exp, (bad,))


def test_a_wrong_number_of_operands_names_the_op_and_both_numbers():
    with pytest.raises(TypeError, match=r"exp.* 1 .*2"):
        exp(Value(1.0), 2.0)
    with pytest.raises(TypeError, match=r"exp.* 1 .*0"):
        exp()
    two = Op("two", "2", 2, lambda a, b: a, lambda y, a, b: (1.0, 0.0))
    with pytest.raises(TypeError, match=r"two.* 2 .*1"):
        two(Value(1.0))


def test_a_value_drawn_by_hand_has_no_rule_and_says_so():
    x = Value(2.0)
    v = Value(4.0, (x,), "f")
    with pytest.raises(AutogradError, match="Op"):
        (v * 3).backward()
