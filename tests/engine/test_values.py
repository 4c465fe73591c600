"""What a `Value` accepts as data, refuses, prints, and how it behaves where a float is expected."""

import math
from fractions import Fraction

import numpy as np
import pytest

from autograd import Value

ACCEPTED = [
    (2, 2.0),
    (2.5, 2.5),
    (True, 1.0),
    (Fraction(1, 4), 0.25),
    (np.float64(1.5), 1.5),
    (np.float32(0.5), 0.5),
    (np.float16(0.5), 0.5),
    (np.int64(7), 7.0),
    (np.uint8(255), 255.0),
    (np.bool_(True), 1.0),
    (np.array(3.0), 3.0),
    (np.array([4.0]), 4.0),
    (np.array([[5]]), 5.0),
    (math.inf, math.inf),
]

REFUSED = [
    "1.0",
    b"1",
    None,
    1j,
    [1.0],
    (1.0,),
    {1.0},
    {"data": 1.0},
    range(1),
    np.array([1.0, 2.0]),
    np.array([]),
    np.array(["1.0"]),
    np.complex128(1j),
    object(),
    Value(1.0),
]


@pytest.mark.parametrize(("data", "expected"), ACCEPTED, ids=repr)
def test_one_real_number_is_accepted_and_kept_as_a_float(data, expected):
    v = Value(data)
    assert type(v.data) is float
    assert v.data == expected


def test_nan_is_data_too():
    assert math.isnan(Value(math.nan).data)


@pytest.mark.parametrize("data", REFUSED, ids=lambda x: f"{type(x).__name__}-{x!r:.20}")
def test_anything_else_is_refused_by_an_error_that_names_its_type(data):
    with pytest.raises(TypeError, match=type(data).__name__) as caught:
        Value(data)
    assert repr(data)[:20] in str(caught.value) or isinstance(data, np.ndarray)


def test_an_array_that_holds_itself_is_refused_without_recursion():
    box = np.empty((), dtype=object)
    box[()] = box
    with pytest.raises(TypeError):
        Value(box)


def test_a_new_value_is_a_leaf_without_operands_and_without_gradient():
    v = Value(3, label="x")
    assert (v.data, v.grad, v.label, v.op, v._op, v._prev, v.operands) == (3.0, 0.0, "x", None, "", (), ())


def test_operands_given_by_hand_are_shown():
    a, b = Value(1.0), Value(2.0)
    v = Value(3.0, (a, b), "+", label="sum")
    assert (v._prev, v.operands, v._op, v.label) == ((a, b), (a, b), "+", "sum")
    a, b = Value(1.0), Value(2.0)
    one = Value(3.0, _children=(a,), _op="f")
    assert one._prev == (a,)


@pytest.mark.parametrize("name", ["_prev", "_op", "operands"])
def test_the_structure_is_read_only(name):
    v = Value(1.0) + Value(2.0)
    with pytest.raises(AttributeError):
        setattr(v, name, ())


def test_a_misspelt_attribute_is_an_error():
    with pytest.raises(AttributeError):
        Value(1.0).gradient = 2.0


def test_repr_shows_data_gradient_and_label():
    v = Value(2.5, label="w")
    v.backward()
    assert repr(v) == "Value(data=2.5, grad=1.0, label='w')"
    assert repr(Value(2.5)) == "Value(data=2.5, grad=0.0)"


def test_it_reads_as_the_float_it_holds():
    v = Value(-2.567)
    assert float(v) == -2.567
    assert int(v) == -2
    assert type(int(v)) is int
    assert round(v) == -3
    assert type(round(v)) is int
    assert round(v, 1) == -2.6
    assert f"{v:.2f}|{v:+10.1e}|{v:g}" == "-2.57|  -2.6e+00|-2.567"
    assert f"{v}" == "-2.567"
    assert "%.1f" % v == "-2.6"  # noqa: UP031  (the old style is what is tested)


def test_round_goes_to_the_even_neighbour_as_for_floats():
    assert [round(Value(x)) for x in (0.5, 1.5, 2.5)] == [0, 2, 2]


def test_truth_is_that_of_the_data():
    assert not Value(0.0)
    assert not Value(-0.0)
    assert Value(-1e-300)
    assert Value(math.nan)


def test_the_math_module_reads_it():
    v = Value(-2.5)
    assert math.floor(v) == -3
    assert math.ceil(v) == -2
    assert math.trunc(v) == -2
    assert math.fabs(v) == 2.5
    assert math.exp(Value(0.0)) == 1.0
    assert math.sqrt(Value(9.0)) == 3.0
    assert math.hypot(Value(3.0), Value(4.0)) == 5.0
    assert math.isnan(Value(math.nan))
    assert math.fsum([Value(0.1)] * 10) == 1.0
    assert math.isclose(Value(1.0), 1.0)


def test_comparisons_are_those_of_the_data():
    small, large = Value(1.0), Value(2.0)
    assert small < large
    assert small <= large
    assert large > small
    assert large >= small
    assert not small > large
    assert small <= Value(1.0) <= small
    assert small < 1.5 < large
    assert 1.5 > small
    assert small >= 1
    assert not Value(math.nan) < 1.0
    assert not Value(math.nan) >= 1.0
    assert (small < large) is True


@pytest.mark.parametrize("other", ["1", None, 1j, [1.0]], ids=repr)
def test_a_comparison_with_what_is_no_number_is_a_type_error(other):
    with pytest.raises(TypeError):
        assert Value(1.0) < other


def test_the_builtins_that_compare_pick_one_of_the_values():
    a, b, c = Value(2.0), Value(-1.0), Value(2.0)
    assert max(a, b, c) is a
    assert max(b, c, a) is c  # the first of equals
    assert min(a, b, c) is b
    assert max(a, 1.0) is a
    assert max(b, 1.0) == 1.0
    assert [v.data for v in sorted([a, b, c])] == [-1.0, 2.0, 2.0]
    assert sorted([a, b, c])[1] is a  # stable
    assert sorted([a, b, c], reverse=True)[0] is a


def test_the_builtin_sum_is_differentiable():
    values = [Value(1.0), Value(2.0), Value(4.0)]
    total = sum(values)
    total.backward()
    assert (total.data, [v.grad for v in values]) == (7.0, [1.0, 1.0, 1.0])
    assert sum(values, Value(10.0)).data == 17.0


def test_equality_is_identity():
    a, b = Value(1.0), Value(1.0)
    assert a == a
    assert a != b
    assert not a == b  # noqa: SIM201
    assert not a != a  # noqa: SIM202
    assert a in [b, a]
    assert a not in [b]
    assert [b, a].index(a) == 1
    assert a != "1.0"
    assert a is not None


@pytest.mark.parametrize("compare", [
    lambda v: v == 1.0, lambda v: v == 1, lambda v: 1.0 == v, lambda v: v == np.float64(1.0),
])  # fmt: skip
def test_equality_with_a_number_is_false_and_warns_how_to_write_it(compare):
    with pytest.warns(UserWarning, match=r"\.data"):
        assert compare(Value(1.0)) is False
    with pytest.warns(UserWarning, match=r"\.data"):
        assert not compare(Value(1.0))


def test_inequality_with_a_number_warns_too():
    with pytest.warns(UserWarning, match=r"\.data"):
        assert Value(1.0) != 1.0


def test_the_warning_points_at_the_line_of_the_user():
    with pytest.warns(UserWarning, match=r"\.data") as caught:
        assert not Value(1.0) == 1.0  # noqa: SIM201
    assert caught[0].filename == __file__


def test_values_live_in_sets_and_dicts_by_identity():
    a, b = Value(1.0), Value(1.0)
    assert len({a, b, a}) == 2
    names = {a: "a", b: "b"}
    before = hash(a)
    a.data = 5.0
    a.backward()
    assert hash(a) == before
    assert (names[a], names[b]) == ("a", "b")
    assert Value(1.0) not in names


def test_detach_gives_a_leaf_with_the_same_data_and_label():
    x = Value(3.0)
    y = x * x
    y.label = "y"
    constant = y.detach()
    (constant * x).backward()
    assert constant is not y
    assert (constant.data, constant.label, constant._prev) == (9.0, "y", ())
    assert x.grad == 9.0  # d(9 x)/dx, not d(x³)/dx = 27
    assert constant.grad == 3.0
    assert y.grad == 0.0


def test_a_subclass_takes_part_in_programs():
    class Parameter(Value):
        __slots__ = ("name",)

    p = Parameter(3.0)
    p.name = "w"
    y = (p * p + 2.0 * p) - p / p
    y.backward()
    assert (y.data, p.grad) == (14.0, 8.0)
    assert y._prev[0]._prev[0]._prev == (p, p)
