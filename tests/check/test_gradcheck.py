"""The public functions: what they take, what they say, what they leave alone, and the mistakes they find."""

from __future__ import annotations

import functools
import itertools
import math
import pickle
import random

import numpy
import pytest

from autograd import DomainError, Op, ShapeError, Value, functions as F  # noqa: N812
from autograd.check import GradientError, assert_gradients, gradcheck, gradcheck_module, gradcheck_pair
from autograd.engine import NO_GRADIENT, toposort


def names(result) -> list[str]:
    return sorted(row.name for row in result.rows)


# --- arguments and rows ------------------------------------------------------------------------------------


def test_rows_carry_numbers_known_by_hand():
    result = gradcheck(lambda x, y: x * y + x**2, 3.0, Value(-2.0, label="slope"))
    rows = {row.name: row for row in result.rows}
    assert result.ok
    assert (rows["x"].analytic, rows["y"].analytic) == (4.0, 3.0)
    assert rows["x"].numeric == pytest.approx(4.0, rel=1e-10)
    assert (rows["x"].label, rows["y"].label) == ("", "slope")
    assert all(row.difference <= row.error < 1e-8 and not row.reason for row in result.rows)


def test_nested_arguments():
    def f(x, layers, *more, scale=1.0):
        return x * layers[0][1] * scale + layers[1]["b"] * more[1] + layers[0][0]

    result = gradcheck(f, 2, ([1.5, Value(2.5)], {"b": 3.0}), 4.0, 5.0)
    assert result.ok
    assert names(result) == ["layers[0][0]", "layers[0][1]", "layers[1]['b']", "more[0]", "more[1]", "x"]


def test_other_arguments_are_passed_on():
    seen = []

    def f(x, mode, flag, nothing):
        seen.append((mode, flag, nothing))
        return x * 2

    assert names(gradcheck(f, 1.0, "tanh", True, None)) == ["x"]
    assert set(seen) == {("tanh", True, None)}


def test_a_named_tuple_stays_one():
    from collections import namedtuple

    point = namedtuple("point", "x y")
    assert gradcheck(lambda p: p.x * p.y, point(2.0, 3.0)).ok


def test_one_value_in_two_places_is_one_input():
    w = Value(3.0, label="w")
    result = gradcheck(lambda a, b: a * b[0], w, [w])
    assert [(row.name, row.analytic, row.verdict) for row in result.rows] == [("a", 6.0, "correct")]


def test_two_equal_numbers_are_two_inputs():
    assert [row.analytic for row in gradcheck(lambda a, b: a * b * b, 3.0, 3.0).rows] != [27.0]
    assert names(gradcheck(lambda a, b: a * b * b, 3.0, 3.0)) == ["a", "b"]


def test_several_outputs():
    result = gradcheck(lambda x, y: [x * y, (x + y, F.exp(x))], 2.0, 3.0)
    assert result.ok
    assert names(result) == [f"out[{i}] / {x}" for i in ("0", "1][0", "1][1") for x in "xy"]
    assert {row.name: row.analytic for row in result.rows}["out[1][1] / y"] == 0.0
    assert gradcheck(F.softmax, [0.1, -0.4, 2.0]).ok


def test_a_builtin_without_a_signature():
    assert names(gradcheck(max, 1.0, 2.0)) == ["x0", "x1"]


def test_nothing_to_check():
    with pytest.raises(TypeError, match="nothing to check"):
        gradcheck(lambda x: x, "x")


def test_arrays_are_refused_with_the_remedy():
    with pytest.raises(TypeError, match=r"ws is an array of type ndarray.*ws\.tolist\(\)"):
        gradcheck(lambda ws: ws[0], numpy.array([1.0, 2.0]))


def test_what_is_no_number_cannot_be_checked():
    with pytest.raises(TypeError, match="must return a Value or a list of Values, not NoneType"):
        gradcheck(lambda x: None, 1.0)


def test_a_function_undefined_at_the_point_says_so_itself():
    with pytest.raises(ArithmeticError, match="log is undefined at"):
        gradcheck(F.log, -1.0)


def test_an_output_that_comes_and_goes():
    with pytest.raises(ShapeError, match="1 outputs at the point and 2 close to it"):
        gradcheck(lambda x: [x] if x.data == 1.0 else [x, x], 1.0)


# --- what is left alone ------------------------------------------------------------------------------------


def test_values_are_left_as_they_were():
    x, outside = Value(2.0, label="x"), Value(3.0)
    inner = outside * outside
    inner.backward()
    untouched = Value(1.0)
    xs = [x, untouched]
    before = x.grad, outside.grad, inner.grad
    assert gradcheck(lambda v: v[0] * inner + v[1] * outside, xs).ok
    assert (x.data, x.grad, outside.grad, inner.grad) == (2.0, *before)
    assert x.grad is NO_GRADIENT
    assert untouched.grad is NO_GRADIENT
    assert xs == [x, untouched]
    assert toposort(inner) == [outside, inner]


def test_values_are_left_as_they_were_after_an_exception():
    w = Value(2.0)
    broken = Op("broken", "?", 1, lambda x: x, lambda y, x: (None,))
    with pytest.raises(TypeError):
        gradcheck(lambda x: broken(w) * x, 1.0)
    assert w.grad is NO_GRADIENT


def test_numeric_evaluations_record_nothing():
    recorded = []

    def f(x):
        y = x * x
        recorded.append(bool(y._prev))
        return y

    assert gradcheck(f, 3.0).ok
    assert recorded == [True] + [False] * (len(recorded) - 1)
    assert len(recorded) <= 12


def test_cost_of_a_smooth_function_of_ten_inputs():
    calls = []

    def f(xs):
        calls.append(1)
        return F.dot(xs, [0.1 * i + 0.3 for i in range(10)], 0.2).tanh()

    assert gradcheck(f, [0.05 * i - 0.21 for i in range(10)]).ok
    assert len(calls) <= 100


# --- verdicts ----------------------------------------------------------------------------------------------


def test_a_kink_cannot_be_told():
    (row,) = gradcheck(F.relu, 0.0).rows
    assert row.verdict == "cannot tell"
    assert row.reason == "kink: the slope is 0 from the left and 1 from the right; the gradient 0 is that from the left"


def test_a_dead_unit_is_correct():
    assert gradcheck(lambda x, w: F.relu(w * x - 5) + 1, 0.3, 0.7).ok


def test_one_sided_at_the_end_of_the_domain():
    (row,) = gradcheck(lambda x: x + (1 - x) ** 1.5, 1.0).rows
    assert (row.verdict, row.analytic, row.reason[:9]) == ("correct", 1.0, "one-sided")


def test_nan_in_the_place_of_a_derivative():
    # d/dx sqrt(x)³ = 3/2 sqrt(x) is 0 at 0; the chain rule multiplies 0 by the infinite slope of the root
    (row,) = gradcheck(lambda x: x.sqrt() ** 3 + 2 * x, 0.0).rows
    assert (row.verdict, row.reason) == ("wrong", "the gradient is nan where the derivative exists")
    assert row.numeric == pytest.approx(2.0, rel=1e-4)


def test_a_function_that_is_not_deterministic():
    rng = random.Random(0)
    result = gradcheck(lambda x, y: x * rng.random() + y, 2.0, 3.0)
    assert result.verdict == "cannot tell"
    assert all(row.reason.startswith("not deterministic: ") for row in result.rows)


def test_a_function_with_a_memory():
    calls = itertools.count()
    result = gradcheck(lambda x: x * x + (0 if next(calls) < 5 else 1e-3), 2.0)
    assert result.verdict == "cannot tell"
    assert result.rows[0].reason.startswith("not deterministic: 4.0, 4.0, 4.001 ")


def test_a_lost_graph_is_wrong():
    (row,) = gradcheck(lambda x: x.data * 2, 3.0).rows
    assert (row.verdict, row.analytic) == ("wrong", 0.0)
    assert gradcheck(lambda x: 3.0, 1.0).ok  # a constant is one


@pytest.mark.parametrize("scale", [1e-150, 1e-60, 1.0, 1e60, 1e150])
def test_scales(scale):
    assert gradcheck(lambda x, w: (x * scale).tanh() * w, 0.3 / scale, scale).ok
    assert gradcheck(lambda x: (x / scale) ** 3, 2.0 * scale).ok


@pytest.mark.parametrize(("f", "xs"), [
    (lambda *xs: F.norm(xs), (7.3e-43, 2.0)),
    (lambda *xs: F.logsumexp(xs), (3.2e-74, 0.0, 3.6)),
    (lambda *xs: F.logsumexp(xs), (1e-5, 0.0, -3.6)),
    (F.hypot, (1e-20, 1e-17)),
    (lambda x, y: F.exp(x) * y, (1e-30, 1e30)),
])  # fmt: skip
def test_operands_of_very_different_size(f, xs):
    assert gradcheck(f, *xs).ok


def test_the_rounding_of_terms_that_cancel_is_no_gradient():
    # the quotient is -2.5 everywhere; backward() adds two terms of about 1 that cancel, and leaves 4e-16
    def f(a, b):
        return (a + b) / ((a + b) / -2.5)

    result = gradcheck(f, 3.49, -2.46, directions=2)
    assert result.ok, result
    assert 0 < max(abs(row.analytic) for row in result.rows) < 1e-14
    terms = 2.5 / (3.49 - 2.46)  # the size of each
    assert 1e-15 * terms < result.resolution < 1e-11 * terms  # what is less cannot be told from rounding


@pytest.mark.parametrize(("f", "x"), [
    (lambda x: (x * x).tanh(), 5.0),
    (lambda x: (x * x).sigmoid(), 6.0),
    (lambda x: 1 + (-x * x).exp(), 7.0),
    (lambda x: x.sin() + 1e15, 0.3),
])  # fmt: skip
def test_that_a_function_does_not_change_visibly_refutes_no_gradient(f, x):
    assert gradcheck(f, x).verdict == "cannot tell"


@pytest.mark.parametrize("x", [2.429885261188704e-06, -3e-9, 1e-11])
def test_digits_that_are_lost_within_a_function_are_counted(x):
    assert gradcheck(lambda x: x.exp() - 1 - x, x).verdict != "wrong"
    assert gradcheck(lambda x: (x + 5850.308226819747) - 5850.308226819747, x).verdict != "wrong"
    assert gradcheck(lambda x: (x + 5850.308226819747) - 5850.308226819747, x - 0.2).verdict == "correct"
    assert gradcheck(lambda x: 1 - x.cos(), x).verdict != "wrong"


@pytest.mark.parametrize(("f", "df", "what"), [
    (math.log, lambda x: 1 / x, "f"), (lambda x: x, math.log, "df"), (lambda x: 1 / (x + 1), lambda x: 1.0, "f"),
])  # fmt: skip
def test_a_pair_that_is_undefined_at_the_point_says_where(f, df, what):
    with pytest.raises(DomainError, match=f"^{what} is undefined at [a-z0-9]+ = -1.0: "):
        gradcheck_pair(f, df, -1.0)


def test_a_rounded_sum_of_a_pair_is_not_blamed_on_the_derivative():
    c, x = 5850.308226819747, -0.25884007296283157  # differences see 1.000002: the values are multiples of 2^-40
    assert gradcheck_pair(lambda x: (x + c) - c, lambda x: 1.0, x).verdict == "cannot tell"
    assert gradcheck_pair(lambda x: (x + c) - c, lambda x: 1.001, x).verdict == "wrong"


def test_softmax_sums_to_one_at_first_and_second_order():
    def total(x, y, z):
        return sum((v - F.logsumexp([x, y, z])).exp() for v in (x, y, z))

    assert gradcheck(total, 3.0, 17.0, 0.5).ok
    assert gradcheck(total, 3.0, 17.0, 0.5, order=2).verdict != "wrong"


@pytest.mark.parametrize("x", [-4.7, -1.0, -0.1])
def test_a_relu_without_its_mask_is_wrong_far_from_the_kink(x):
    unmasked = Op("unmasked", "r", 1, lambda x: max(x, 0.0), lambda y, x: (1.0,))
    assert gradcheck(unmasked, x).verdict == "wrong"


def test_a_dropped_operand_that_is_tiny_beside_the_others():
    half = Op("half", "h", 2, lambda a, b: a + b, lambda y, a, b: (0.0, 1.0))
    assert {row.name: row.verdict for row in gradcheck(half, 1e-20, 1.0).rows} == {
        "operands[0]": "wrong",
        "operands[1]": "correct",
    }


def test_cost_where_rounding_is_the_limit():
    calls = []

    def f(x):
        calls.append(1)
        return x.sin() + 1e6

    assert gradcheck(f, 1.0).ok
    assert len(calls) <= 60


# --- broken rules and broken engines -----------------------------------------------------------------------


def product(by_first, by_second) -> Op:
    return Op("product", "×", 2, lambda a, b: a * b, lambda y, a, b: (by_first(a, b), by_second(a, b)))


@pytest.mark.parametrize("mistake", [
    lambda a, b: -b,
    lambda a, b: 2 * b,
    lambda a, b: b * (1 + 1e-6),
    lambda a, b: b * (1 - 1e-6),
    lambda a, b: 0.0,
    lambda a, b: a,
    lambda a, b: math.nan,
    lambda a, b: math.inf,
    lambda a, b: b if a != 2.0 else b + 1e-3,
])  # fmt: skip
def test_wrong_rules(mistake):
    right = product(lambda a, b: b, lambda a, b: a)
    assert gradcheck(lambda a, b: right(a, b).tanh() + a, 2.0, 0.3).ok
    wrong = product(mistake, lambda a, b: a)
    result = gradcheck(lambda a, b: wrong(a, b).tanh() + a, 2.0, 0.3)
    assert [(row.name, row.verdict) for row in result.rows] == [("a", "wrong"), ("b", "correct")]


def test_wrong_at_one_point_only():
    wrong = product(lambda a, b: b if a != 2.0 else b + 1e-3, lambda a, b: a)
    assert [gradcheck(wrong, a, 0.3).ok for a in (1.0, 2.0, 3.0)] == [True, False, True]


def broken_backward(change):
    """A simple backward pass with one mistake, in the place of the engine's."""

    def backward(self, seed=1.0):
        order = toposort(self)
        leaves = {id(v): v.grad for v in order if v.op is None}
        for v in order:
            v.grad = 0.0
        self.grad = seed
        for v in change.get("order", reversed)(order):
            if v.op is None:
                continue
            data = [x.data if isinstance(x, Value) else x for x in v.operands]
            partials = v.op.partials(v.data, *data)
            edges = list(zip(v.operands, partials, strict=True))
            for x, partial in change.get("edges", list)(edges):
                if isinstance(x, Value):
                    x.grad = change.get("add", float.__add__)(x.grad, partial * v.grad)
        for v in order:
            v.grad += leaves.get(id(v), 0.0)

    return backward


def shared(x, y):
    h = x * y + x
    return (h * h).tanh() + h * y


def test_the_simple_backward_without_a_mistake(monkeypatch):
    monkeypatch.setattr(Value, "backward", broken_backward({}))
    assert gradcheck(shared, 0.4, -0.7).ok


@pytest.mark.parametrize("change", [
    {"add": lambda old, new: new},  # `=` where `+=` belongs
    {"add": lambda old, new: old - new},
    {"edges": lambda edges: edges[:1]},  # the second operand dropped
    {"edges": lambda edges: list({id(x): (x, d) for x, d in edges}.values())},  # operands as a set: h * h counts once
    {"order": list},  # from the leaves to the result
])  # fmt: skip
def test_broken_engines(monkeypatch, change):
    monkeypatch.setattr(Value, "backward", broken_backward(change))
    result = gradcheck(shared, 0.4, -0.7)
    assert result.verdict == "wrong"
    with pytest.raises(GradientError):
        assert_gradients(shared, 0.4, -0.7)


# --- modules -----------------------------------------------------------------------------------------------


class Network:
    """Two inputs, three hidden units, one output."""

    def __init__(self, activation=F.tanh):
        rng = random.Random(3)
        self.activation = activation
        self.hidden = [[Value(rng.uniform(-1, 1), label=f"w{i}{j}") for j in range(3)] for i in range(3)]
        self.out = [Value(rng.uniform(-1, 1)) for _ in range(4)]

    def __call__(self, x):
        units = [self.activation(F.dot(w[:2], x, w[2])) for w in self.hidden]
        return F.dot(self.out[:3], units, self.out[3])

    def parameters(self):
        return [p for w in self.hidden for p in w] + self.out


X = [[0.5, -1.2], [1.5, 0.3], [-0.7, 0.8]]
Y = [1.0, -1.0, 0.5]


def squared(prediction, target):
    return (prediction - target) ** 2


@pytest.mark.parametrize("activation", [F.tanh, F.relu, F.sigmoid])
def test_a_module(activation):
    model = Network(activation)
    before = [(p.data, p.grad) for p in model.parameters()]
    result = gradcheck_module(model, X, Y, squared)
    assert result.ok, result
    assert len(result.rows) == 13
    assert [(p.data, p.grad) for p in model.parameters()] == before
    assert all(p.grad is NO_GRADIENT for p in model.parameters())


def test_the_loss_of_a_module_is_the_mean_over_samples():
    model = Network()
    sum(squared(model(x), y) for x, y in zip(X, Y, strict=True)).backward()
    expected = {id(p): p.grad / 3 for p in model.parameters()}
    rows = {row.label: row for row in gradcheck_module(model, X, Y, squared).rows}
    assert rows["w12"].analytic == pytest.approx(expected[id(model.hidden[1][2])], rel=1e-14)
    assert rows["w12"].numeric == pytest.approx(expected[id(model.hidden[1][2])], rel=1e-9)


def test_names_of_parameters():
    model = Network()
    assert "parameters()[12]" in names(gradcheck_module(model, X, Y, squared))
    model.named_parameters = lambda: (
        [(f"p.{i}", p) for i, p in enumerate(model.parameters())] + [("again", model.out[0])]
    )
    assert names(gradcheck_module(model, X, Y, squared)) == sorted(f"p.{i}" for i in range(13))
    model.named_parameters = lambda: {"only": model.out[0]}
    assert names(gradcheck_module(model, X, Y, squared)) == ["only"]


def test_a_module_with_a_wrong_activation():
    bad = Op("tanh", "tanh", 1, math.tanh, lambda y, x: (1 - y,))
    result = gradcheck_module(Network(bad), X, Y, squared)
    assert result.verdict == "wrong"
    assert {row.verdict for row in result.rows if row.label} == {"wrong"}  # those behind the activation
    assert {row.verdict for row in result.rows if not row.label} == {"correct"}


def test_gradients_that_cancel_to_rounding():
    model = Network()
    # three times 0.1 and once -0.3: the derivative by the last bias is 0, and some 1e-17 in floats
    result = gradcheck_module(
        model, [*X, [2.0, 1.0]], [0.1, 0.1, 0.1, -0.3], lambda prediction, target: prediction * target
    )
    (row,) = (row for row in result.rows if row.name == "parameters()[12]")
    assert 0 < abs(row.analytic) < 1e-16
    assert row.verdict == "correct"


def test_a_saturated_unit_is_zero_beside_the_others():
    (row,) = (row for row in gradcheck(lambda x, y: F.sigmoid(x) * y, 40.0, 2.0).rows if row.name == "x")
    assert 0 < row.analytic < 1e-16
    assert (row.verdict, row.reason) == ("correct", "zero beside its rounding and the other gradients")
    assert gradcheck(lambda x: F.sigmoid(x), 40.0).verdict == "cannot tell"


def test_a_failing_loss_leaves_the_parameters():
    model = Network()
    before = [p.data for p in model.parameters()]

    def loss(prediction, target):
        if model.out[0].data != before[9]:
            raise KeyError("not at this point")
        return squared(prediction, target)

    with pytest.raises(KeyError):
        gradcheck_module(model, X, Y, loss)
    assert [p.data for p in model.parameters()] == before


@pytest.mark.parametrize(("samples", "targets"), [(X, Y[:2]), ([], [])])
def test_samples_and_targets_must_pair(samples, targets):
    with pytest.raises(ShapeError, match=f"got {len(samples)} samples and {len(targets)} targets"):
        gradcheck_module(Network(), samples, targets, squared)


def test_a_loss_is_a_function_and_no_name():
    with pytest.raises(TypeError, match=r"loss is a function loss\(prediction, target\), not 'mean_squared_error'"):
        gradcheck_module(Network(), X, Y, "mean_squared_error")


def test_a_module_without_parameters():
    class Empty(Network):
        def parameters(self):
            return []

    with pytest.raises(TypeError, match=r"Empty\.parameters\(\) is empty"):
        gradcheck_module(Empty(), X, Y, squared)


# --- pairs of float functions ------------------------------------------------------------------------------


def test_pairs():
    assert gradcheck_pair(math.log, lambda x: 1 / x, 0.3).ok
    assert gradcheck_pair(math.log, lambda x: 1 / x**2, 0.3).verdict == "wrong"
    assert gradcheck_pair(
        lambda x, ys: x * ys[0] + ys[1] ** 3, lambda x, ys: (ys[0], [x, 3 * ys[1] ** 2]), 2.0, [3.0, 4.0]
    ).ok
    assert gradcheck_pair(math.asin, lambda x: 1.0, 1.0).verdict == "cannot tell"


def test_pairs_get_floats():
    seen = []
    gradcheck_pair(lambda x, y: seen.append((x, y)) or x * y, lambda x, y: (y, x), Value(2.0), 3)
    assert {type(x) for pair in seen for x in pair} == {float}


def test_a_pair_that_does_not_match():
    with pytest.raises(ShapeError, match="df gives 1 numbers for 2 inputs: x, y"):
        gradcheck_pair(lambda x, y: x * y, lambda x, y: y, 2.0, 3.0)


# --- assert_gradients --------------------------------------------------------------------------------------


def test_assert_gradients_passes_with_the_result():
    assert assert_gradients(lambda x: x * x, 3.0).ok
    assert assert_gradients(Network(), X, Y, squared).ok
    assert assert_gradients(Network(), X, y=Y, loss=squared).ok


def test_assert_gradients_raises_with_the_table():
    bad = Op("bad", "bad", 1, math.sin, lambda y, x: (-math.cos(x),))
    with pytest.raises(AssertionError) as caught:
        assert_gradients(bad, Value(1.0, label="angle"))
    assert isinstance(caught.value, GradientError)
    assert str(caught.value) == str(caught.value.result)
    assert "angle" in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_assert_gradients_does_not_pass_what_cannot_be_told():
    with pytest.raises(GradientError, match="cannot tell"):
        assert_gradients(abs, 0.0)


def test_a_result_is_true_only_if_every_derivative_is_correct():
    wrong = Op("wrong", "wrong", 1, lambda x: x * x * x, lambda y, x: (4 * x * x,))
    assert gradcheck(lambda x: x * x, 2.0)
    assert not gradcheck(wrong, 2.0)


# --- diagnoses ---------------------------------------------------------------------------------------------


def test_a_wrong_gradient_comes_with_its_diagnosis():
    flipped = Op("product", "×", 2, lambda a, b: a * b, lambda y, a, b: (-b, a))
    quiet, told = (gradcheck(lambda a, b: flipped(a, b).tanh(), 2.0, 0.3, hints=hints) for hints in (1, 3))
    assert [d.mistake for d in quiet.diagnoses] == ["sign"]
    assert str(quiet).endswith(quiet.diagnoses[0].text(1))
    assert str(told).endswith(told.diagnoses[0].text(3))
    assert len(str(told)) > len(str(quiet))
    assert quiet.diagnoses[0].idea in quiet._repr_html_()
    assert gradcheck(lambda a, b: (a * b).tanh(), 2.0, 0.3).diagnoses == ()
    assert gradcheck(abs, 0.0).diagnoses == ()


def test_a_rule_that_is_wrong_in_the_second_order_only_is_diagnosed_too():
    floats_only = Op("sine", "sin", 1, math.sin, lambda y, x: (math.cos(float(x)),))
    assert gradcheck(lambda x: floats_only(x) * 2, 1.0, order=2).diagnoses


def test_a_wrong_pair_comes_with_its_diagnosis():
    result = gradcheck_pair(math.tanh, lambda x: 1 - x * x, 0.5)
    assert [d.mistake for d in result.diagnoses] == ["input-for-output"]
    assert gradcheck_pair(math.tanh, lambda x: 1 - math.tanh(x) ** 2, 0.5).diagnoses == ()


def test_graphs_too_large_to_look_at_every_node_are_not_diagnosed():
    bad = Op("bad", "bad", 1, math.sin, lambda y, x: (-math.cos(x),))
    ws = [0.001 * i for i in range(400)]
    result = gradcheck(lambda ws: F.dot(ws, ws) + bad(ws[3]), ws, subset=0, directions=1)
    assert (result.verdict, result.diagnoses) == ("wrong", ())


# --- what f may do -----------------------------------------------------------------------------------------


def test_a_function_that_writes_to_its_inputs():
    def f(xs):
        y = xs[0] * xs[1]
        if not y._prev:  # else the graph would be stale
            for x in xs:
                x.data, x.grad = 99.0, 99.0
        xs.clear()
        return y

    assert gradcheck(f, [2.0, 3.0]).ok


def test_a_function_that_remembers_results():
    @functools.cache
    def square(x):
        return x * x

    assert gradcheck(lambda x, y: square(x) * square(y), 2.0, 3.0).ok
