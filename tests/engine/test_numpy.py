"""numpy on either side: scalars, arrays of numbers, arrays of Values."""

import math

import numpy as np
import pytest

from autograd import Value, exp, sum as total

SCALARS = [np.float64(2.0), np.float32(2.0), np.float16(2.0), np.int64(2), np.int8(2), np.uint16(2)]
OPERATIONS = [
    (lambda v, s: v + s, 5.0, 1.0),
    (lambda v, s: s + v, 5.0, 1.0),
    (lambda v, s: v - s, 1.0, 1.0),
    (lambda v, s: s - v, -1.0, -1.0),
    (lambda v, s: v * s, 6.0, 2.0),
    (lambda v, s: s * v, 6.0, 2.0),
    (lambda v, s: v / s, 1.5, 0.5),
    (lambda v, s: s / v, 2 / 3, -2 / 9),
    (lambda v, s: v**s, 9.0, 6.0),
    (lambda v, s: s**v, 8.0, 8 * math.log(2)),
]


@pytest.mark.parametrize("scalar", SCALARS, ids=lambda s: type(s).__name__)
@pytest.mark.parametrize(("f", "value", "slope"), OPERATIONS)
def test_a_numpy_scalar_on_either_side_gives_one_value(f, value, slope, scalar):
    x = Value(3.0)
    y = f(x, scalar)
    assert type(y) is Value
    assert type(y.data) is float
    y.backward()
    assert type(x.grad) is float
    assert (y.data, x.grad) == pytest.approx((value, slope), rel=1e-15)
    assert all(type(c) is float for c in y.operands if not isinstance(c, Value))


def test_an_array_of_no_dimension_counts_as_a_number():
    x = Value(3.0)
    for y in (np.array(2.0) * x, x * np.array(2.0)):
        assert y.data == 6.0


def test_comparisons_with_numpy_scalars():
    assert Value(1.0) < np.float64(2.0)
    assert np.float64(2.0) > Value(1.0)
    assert bool(np.int64(1) <= Value(1.0))
    assert max(Value(1.0), np.float64(2.0)) == 2.0


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, object])
@pytest.mark.parametrize("f", [
    lambda a, v: a * v, lambda a, v: v * a, lambda a, v: a + v, lambda a, v: v + a, lambda a, v: a - v,
    lambda a, v: v - a, lambda a, v: a / v, lambda a, v: v / a, lambda a, v: a**v, lambda a, v: v**a,
])  # fmt: skip
def test_an_array_with_a_value_gives_an_array_of_values(f, dtype):
    numbers = np.array([[1, 2, 3], [4, 5, 6]], dtype=dtype)
    x = Value(3.0)
    y = f(numbers, x)
    assert isinstance(y, np.ndarray)
    assert y.dtype == object
    assert y.shape == (2, 3)
    for row, column in np.ndindex(2, 3):
        v = y[row, column]
        n = float(numbers[row, column])
        assert type(v) is Value
        assert v.data == f(n, 3.0)
        x.grad = 0.0
        v.backward()
        alone = Value(3.0)
        f(n, alone).backward()
        assert x.grad == alone.grad


def test_a_matrix_product_of_numbers_and_values():
    w = np.array([Value(1.0), Value(-2.0)])
    x = np.array([[3.0, 4.0], [5.0, 6.0]])
    y = x @ w
    assert [v.data for v in y] == [-5.0, -7.0]
    y.sum().backward()
    assert [v.grad for v in w] == [8.0, 10.0]
    assert (w @ np.array([1.0, 1.0])).data == -1.0


def test_a_matrix_product_of_values():
    a = np.array([[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]])
    b = np.array([Value(5.0), Value(6.0)])
    y = a @ b
    assert [v.data for v in y] == [17.0, 39.0]
    (y * np.array([1.0, 10.0])).sum().backward()
    assert [v.grad for v in b] == [31.0, 42.0]
    assert [v.grad for v in a.ravel()] == [5.0, 6.0, 50.0, 60.0]


def test_sums_means_and_products_of_arrays_of_values():
    a = np.array([Value(1.0), Value(2.0), Value(3.0)])
    for y, slopes in [(a.sum(), [1, 1, 1]), (np.sum(a), [1, 1, 1]), (a.mean(), [1 / 3] * 3), (a.prod(), [6, 3, 2])]:
        for v in a:
            v.grad = 0.0
        y.backward()
        assert [v.grad for v in a] == pytest.approx(slopes, rel=1e-15)
    assert total(a).data == 6.0
    assert sum(a).data == 6.0
    assert a.reshape(1, 3).sum(axis=0)[1].data == 2.0


@pytest.mark.parametrize("name", ["tanh", "exp", "log", "sqrt", "sin", "cos", "square", "negative", "absolute", "sinh"])
def test_a_numpy_function_of_an_array_of_values_is_differentiable(name):
    function = getattr(np, name)
    a = np.array([Value(0.5), Value(2.0)])
    y = function(a)
    assert [type(v) for v in y] == [Value, Value]
    assert [v.data for v in y] == pytest.approx(function(np.array([0.5, 2.0])), rel=1e-15)
    y.sum().backward()
    step = 1e-6
    for v in a:
        difference = (function(v.data + step) - function(v.data - step)) / (2 * step)
        assert v.grad == pytest.approx(difference, rel=1e-8)


def test_a_numpy_function_of_one_value_is_differentiable():
    x = Value(0.5)
    y = np.tanh(x)
    y.backward()
    assert type(y) is Value
    assert x.grad == pytest.approx(1 - math.tanh(0.5) ** 2, rel=1e-15)


def test_numpy_picks_the_first_of_equals_and_ours_shares():
    a, b = Value(1.0), Value(1.0)
    assert np.maximum(np.array([a]), np.array([b]))[0] is a
    assert np.array([b, a]).max() is b
    assert np.array([Value(3.0), a]).min() is a


def test_arrays_sort_and_compare_by_data():
    a = np.array([Value(3.0), Value(1.0), Value(2.0)])
    assert [v.data for v in np.sort(a)] == [1.0, 2.0, 3.0]
    assert list(a > 1.5) == [True, False, True]
    assert a.argmax() == 0


def test_an_array_of_values_reads_as_floats():
    a = np.array([Value(3.0), Value(1.0)])
    assert list(a.astype(float)) == [3.0, 1.0]
    assert float(np.asarray(Value(2.0), dtype=float)) == 2.0


def test_our_functions_take_numpy_scalars():
    assert type(exp(np.float64(0.0))) is float
    assert exp(np.array([0.0])) == 1.0
    with pytest.raises(TypeError, match="ndarray"):
        exp(np.array([0.0, 1.0]))


def test_the_gradient_may_be_replaced_by_a_numpy_scalar():
    x = Value(3.0)
    x.grad = np.float64(1.0)
    x.data -= np.float64(0.5) * x.grad
    y = x * x
    y.backward()
    assert (y.data, x.grad) == (6.25, 6.0)
