"""Operations that a user declares through the same `Op` as the table's."""

import math

import pytest

from autograd import Op, Value, exp, no_grad, tanh
from autograd.errors import DivisionByZeroError, DomainError

cube = Op("cube", "³", 1, lambda x: x * x * x, lambda y, x: (3 * x * x,), doc="`x³`.")
scaled = Op("scaled", "scaled", 2, lambda a, b: a * math.exp(b), lambda y, a, b: (exp(b), y))
weighted = Op("weighted", "Σi", None, lambda *xs: sum(i * x for i, x in enumerate(xs, 1)),
              lambda y, *xs: tuple(float(i) for i in range(1, len(xs) + 1)))  # fmt: skip
picky = Op(
    "picky", "picky", 1, lambda x: math.sqrt(x - 1) / (x - 5), lambda y, x: (0.0,), domain=("[1, 5) | (5, inf)",)
)


def test_one_operand():
    x = Value(2.0)
    y = cube(x)
    y.backward()
    assert (y.data, x.grad, y._op, y.op, y._prev) == (8.0, 12.0, "³", cube, (x,))


def test_two_operands_in_any_mixture_with_numbers():
    a, b = Value(2.0), Value(0.0)
    y = scaled(a, b)
    y.backward()
    assert (y.data, a.grad, b.grad) == (2.0, 1.0, 2.0)
    a.grad = b.grad = 0.0
    scaled(a, 0).backward()
    scaled(5, b).backward()
    assert (a.grad, b.grad) == (1.0, 5.0)


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_any_number_of_operands(count):
    xs = [Value(1.0) for _ in range(count)]
    y = weighted(*xs)
    y.backward()
    assert y.data == count * (count + 1) / 2
    assert [x.grad for x in xs] == [float(i) for i in range(1, count + 1)]
    assert y._prev == tuple(xs)


@pytest.mark.parametrize("constant", [0, 1, 2])
def test_a_constant_among_the_operands(constant):
    xs = [Value(10.0), Value(20.0), Value(30.0)]
    operands = [4.0 if i == constant else x for i, x in enumerate(xs)]
    y = weighted(*operands)
    y.backward()
    assert y.operands == tuple(operands)
    assert [x.grad for x in xs] == [0.0 if i == constant else i + 1.0 for i in range(3)]


def test_of_numbers_it_is_a_function_of_numbers():
    assert cube(3) == 27.0
    assert type(cube(3)) is float
    assert weighted(1, 2, 3) == 14.0


def test_it_composes_with_the_rest():
    x = Value(0.5)
    y = tanh(cube(x) * 2) + x
    y.backward()
    assert x.grad == pytest.approx(1.5 / math.cosh(0.25) ** 2 + 1, rel=1e-15)


def test_nothing_is_recorded_without_gradients():
    with no_grad():
        y = cube(Value(2.0))
    assert (y.data, y._prev) == (8.0, ())


def test_its_domain_errors_are_like_those_of_the_table():
    with pytest.raises(DomainError, match=r"picky.*0\.0.*'u'.*\[1, 5\) \| \(5, inf\)"):
        picky(Value(0.0, label="u"))
    with pytest.raises(DivisionByZeroError, match=r"picky.*5\.0"):
        picky(Value(5.0))
    with pytest.raises(DomainError, match="picky"):
        picky(0.0)


def test_it_has_the_name_and_the_documentation_of_a_function():
    assert cube.__name__ == "cube"
    assert cube.__doc__ == "`x³`."
    assert "cube" in repr(cube)


@pytest.mark.parametrize("operands", [1, 2, 3])
def test_a_rule_with_a_wrong_number_of_partials_is_an_error_that_names_the_op(operands):
    for partials in (operands - 1, operands + 1):
        wrong = Op("wrong", "wrong", operands, lambda *xs: 0.0, lambda y, *xs, n=partials: (1.0,) * n)
        for given in ([Value(1.0)] * operands, [Value(1.0), *[2.0] * (operands - 1)]):
            with pytest.raises(ValueError, match=rf"wrong: partials gave .*, not a tuple of {operands} derivatives"):
                wrong(*given)
