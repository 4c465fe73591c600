"""`autograd.compile`: the same numbers as `backward()`, in every way to ask for them."""

import copy
import ctypes
import gc
import itertools
import pickle
import sys
from types import SimpleNamespace

import numpy as np
import pytest

import autograd
from autograd import ShapeError, TraceError, Value, logsumexp, relu, tanh
from autograd.compiler.calls.plans import Plans

EXECUTORS = ["numpy", "numba"]


def neuron(w, x, y):
    return (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2


def three():
    return [Value(0.5), Value(-1.0), Value(0.25)]


def data(n=7, seed=0):
    random = np.random.default_rng(seed)
    return random.normal(size=(n, 2)), random.normal(size=n)


def eager(f, params, values, *batch, reduce="mean"):
    """The loss and the gradient by the engine."""
    before = [v.grad for v in values]
    for v in values:
        v.grad = 0.0
    losses = [f(params, *sample) for sample in zip(*batch, strict=True)]
    loss = sum(losses[1:], losses[0]) / (len(losses) if reduce == "mean" else 1)
    loss.backward()
    gradient = [v.grad for v in values]
    for v, grad in zip(values, before, strict=True):
        v.grad = grad
    return loss.data, gradient


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("reduce", ["mean", "sum"])
def test_loss_and_gradients_are_those_of_backward(executor, reduce):
    w, (x, y) = three(), data()
    step = autograd.compile(neuron, executor=executor, reduce=reduce)
    loss, gradient = eager(neuron, w, w, x, y, reduce=reduce)
    assert step(w, x, y) == pytest.approx(loss, rel=1e-12)
    assert [v.grad for v in w] == pytest.approx(gradient, rel=1e-12)
    assert [v.data for v in w] == [0.5, -1.0, 0.25]


def test_gradients_are_added_to_those_that_are_there():
    w, (x, y) = three(), data()
    step = autograd.compile(neuron)
    step(w, x, y)
    once = [v.grad for v in w]
    step(w, x, y)
    assert [v.grad for v in w] == pytest.approx([2 * g for g in once], rel=1e-12)


def test_changed_parameters_are_read_at_every_call():
    w, (x, y) = three(), data()
    step = autograd.compile(neuron)
    for k in range(5):
        w[1].data = 0.3 * k
        assert step(w, x, y) == pytest.approx(eager(neuron, w, w, x, y)[0], rel=1e-12)


@pytest.mark.parametrize(
    "give", [np.array, np.ndarray.tolist, lambda a: tuple(a.tolist())], ids=["arrays", "lists", "tuples"]
)
def test_batches_may_be_arrays_or_lists(give):
    w, (x, y) = three(), data()
    assert autograd.compile(neuron)(w, give(x), give(y)) == pytest.approx(eager(neuron, w, w, x, y)[0], rel=1e-12)


def test_a_function_may_take_parameters_alone():
    def rosenbrock(p):
        return (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2

    p = [Value(-1.2), Value(1.0)]
    assert autograd.compile(rosenbrock)(p) == pytest.approx(24.2)  # Rosenbrock's own starting point
    assert [v.grad for v in p] == pytest.approx([-215.6, -88.0])


def test_a_decorator_with_and_without_settings():
    @autograd.compile
    def mean(w, x):
        """What it says."""
        return w * x

    @autograd.compile(reduce="sum")
    def total(w, x):
        return w * x

    assert (mean(Value(2.0), [1.0, 3.0]), total(Value(2.0), [1.0, 3.0])) == (4.0, 8.0)
    assert (mean.__name__, mean.__doc__) == ("mean", "What it says.")


class Line:
    """A model whose method is compiled."""

    def __init__(self):
        self.w = Value(2.0)

    def parameters(self):
        return [self.w]

    @autograd.compile
    def loss(self, x, y):
        return (self.w * x - y) ** 2


def test_a_method_may_be_compiled():
    line, other = Line(), Line()
    other.w.data = 3.0
    assert line.loss([1.0, 2.0], [1.0, 0.0]) == (1.0 + 16.0) / 2
    assert (line.w.grad, other.w.grad) == ((2.0 + 16.0) / 2, 0.0)
    assert other.loss([1.0], [0.0]) == 9.0
    assert Line.loss.bind(line)([1.0], [0.0]) == 4.0


def test_a_copy_of_what_is_compiled_compiles_anew():
    line = Line()
    line.loss([1.0], [0.0])
    line.mine = autograd.compile(lambda w, x: w * x, reduce="sum")
    twin = copy.deepcopy(line)
    assert twin.mine(twin.w, [1.0, 2.0]) == 6.0
    assert (twin.w.grad, line.w.grad) == (line.w.grad + 3.0, 4.0)
    assert pickle.loads(pickle.dumps(Line.loss)) is Line.loss
    step = pickle.loads(pickle.dumps(autograd.compile(neuron)))
    w, (x, y) = three(), data()
    assert step(w, x, y) == pytest.approx(eager(neuron, w, w, x, y)[0], rel=1e-12)
    for attempt in (copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="sync"):
            attempt(step.bind(w))


def test_a_column_of_targets_is_told():
    w, x = [Value(2.0)], np.array([1.0, 2.0])
    step = autograd.compile(lambda w, x, y: (w[0] * x - y) ** 2)
    for call in (step, step.bind(w), step.value_and_grad):
        with pytest.raises(TypeError, match=r"Y of shape \(B, 1\)"):
            call(*[w][: call in (step, step.value_and_grad)], x, np.array([[1.0], [0.0]]))
    assert step(w, x, np.array([1.0, 0.0])) == (1.0 + 16.0) / 2


def test_it_says_what_it_is():
    step = autograd.compile(neuron)
    assert repr(step) == "<compiled neuron, paths: 0>"
    step(three(), *data())
    assert repr(step) == "<compiled neuron, paths: 1>"


def test_a_gradient_has_the_structure_of_the_parameters():
    p = {"w": [Value(2.0), (Value(3.0),)], "b": np.array([Value(1.0)], dtype=object), "scale": 2.0}

    def f(p, x):
        return p["scale"] * (p["w"][0] * x + p["w"][1][0] * x**2 + p["b"][0])

    step = autograd.compile(f)
    loss, gradient = step.value_and_grad(p, [1.0, 3.0])
    assert loss == pytest.approx(2 * (2 * 2 + 3 * 5 + 1))
    assert gradient == {"w": [4.0, (10.0,)], "b": np.array([2.0]), "scale": 2.0}
    assert step.grad(p, [1.0])["w"] == [2.0, (2.0,)]
    assert p["w"][0].grad == 0.0


def test_the_gradient_of_a_module_goes_by_name():
    class Model:
        def __init__(self):
            self.w, self.b = Value(2.0), Value(1.0)

        def parameters(self):
            return [self.w, self.b]

        def named_parameters(self):
            return {"w": self.w, "b": self.b}

    assert autograd.compile(lambda m, x: m.w * x + m.b).grad(Model(), [4.0]) == {"w": 4.0, "b": 1.0}


@pytest.mark.parametrize("executor", EXECUTORS)
def test_gradients_of_single_samples(executor):
    w, (x, y) = three(), data()
    losses, gradients = autograd.compile(neuron, executor=executor).per_sample(w, x, y)
    for i in range(len(x)):
        loss, gradient = eager(neuron, w, w, x[i : i + 1], y[i : i + 1])
        assert losses[i] == pytest.approx(loss, rel=1e-12)
        assert gradients[i] == pytest.approx(gradient, rel=1e-12)


def test_predictions_and_their_jacobian():
    w = three()
    step = autograd.compile(lambda w, x: [w[0] * x, (w[1] * x, w[2])])
    x = np.array([1.0, -2.0])
    assert step(w, x).tolist() == step.predict(w, x).tolist() == [[0.5, -1.0, 0.25], [-1.0, 2.0, 0.25]]
    assert step.jacobian(w, x).tolist() == [[[k, 0, 0], [0, k, 0], [0, 0, 1]] for k in x.tolist()]
    assert autograd.compile(lambda w, x: w[0] * x).predict(w, x).tolist() == [0.5, -1.0]
    with pytest.raises(TypeError, match="several numbers"):
        step.per_sample(w, x)
    with pytest.raises(TypeError, match="several numbers"):
        step.value_and_grad(w, x)


def steep(w, x):
    """Four results, of which the second and the last have infinite slopes where x[0] is 0."""
    return [w[1] * x[1], autograd.sqrt(w[0] * x[0]), tanh(w[0] * x[1]), autograd.sqrt(w[2] * x[0] + w[1] * x[0])]


@pytest.mark.parametrize("executor", ["numpy", "numba"])
@pytest.mark.parametrize("X", [[[0.0, 1.0], [4.0, 1.0]], [[4.0, 1.0], [0.0, 2.0]]])
def test_an_infinite_slope_is_in_its_own_row_of_a_jacobian_alone(executor, X):
    w = [Value(1.0), Value(2.0), Value(0.5)]
    expected = []
    for x in X:
        for k in range(4):
            for v in w:
                v.grad = 0.0
            steep(w, x)[k].backward()
            expected.append([v.grad for v in w])
    step = autograd.compile(steep, executor=executor)
    for _ in range(8):  # calls 1, 2, 4 and 8 are checked
        assert step.predict(w, X).tolist() == pytest.approx(np.array([[r.data for r in steep(w, x)] for x in X]))
        found = step.jacobian(w, X)
        np.testing.assert_allclose(found.reshape(-1, 3), expected, rtol=1e-12)
    assert np.isnan(found).any(axis=(0, 2)).tolist() == [False, True, False, True]


def test_every_row_of_a_jacobian_is_checked_in_turn():
    hidden, w = ctypes.c_double(1.0), [Value(2.0)]
    step = autograd.compile(lambda w, x: [w[0] * x, w[0].exp() - w[0].exp() + hidden.value * (w[0] - 2.0)])
    for _ in range(3):
        step.jacobian(w, [1.0])
    hidden.value = 3.0  # which changes the slope of the second result, and no number
    with pytest.raises(TraceError, match="derivative 0"):
        [step.jacobian(w, [1.0]) for _ in range(13)]


def test_what_is_returned_beside_the_loss_has_no_gradient():
    w = Value(0.0)
    step = autograd.compile(lambda w, x: (w * x, [w**0.5, 2.0]), has_aux=True)  # of which the derivative is inf
    assert step(w, [3.0]) == 0.0
    assert w.grad == 3.0
    bound = step.bind(w)
    bound([3.0])
    assert bound.outputs.tolist() == [[0.0, 2.0]]


def test_a_whole_number_picks_and_new_ones_are_learnt():
    w = [Value(0.1 * k) for k in range(6)]

    def f(w, x, y):
        logits = [v * x for v in w]
        return logsumexp(logits) - logits[y]

    step = autograd.compile(f)
    x = np.linspace(-1, 1, 8)
    for labels in ([0, 1, 1, 0, 2, 2, 0, 1], [0, 1, 2, 3, 4, 5, 5, 5], [5, 5, 5, 5, 5, 5, 5, 5]):
        w[0].grad = 0.0
        loss, gradient = eager(f, w, w, x, labels)
        assert step(w, x, np.array(labels)) == pytest.approx(loss, rel=1e-12)
        assert w[0].grad == pytest.approx(gradient[0], rel=1e-12)
    assert len(step.plan.paths) == 1


def test_a_whole_number_that_counts_has_a_plan_for_each():
    step = autograd.compile(lambda w, x, n: sum([w * x for _ in range(n)], w * 0.0))
    assert step(Value(2.0), [1.0, 1.0, 1.0], [1, 2, 3]) == pytest.approx(4.0)
    assert len(step.plan.paths) == 3


def test_samples_of_different_lengths():
    def f(w, x, y):
        return (sum([w * one for one in x]) - y) ** 2

    w, x, y = Value(0.5), [[1.0], [1.0, 2.0], [3.0], []], [0.0, 1.0, 2.0, 3.0]
    step = autograd.compile(f)
    assert step(w, x[:3], y[:3]) == pytest.approx((0.25 + 0.25 + 0.25) / 3, rel=1e-12)
    assert w.grad == pytest.approx((2 * 0.5 * 1 + 2 * 0.5 * 3 + 2 * -0.5 * 3) / 3, rel=1e-12)


def test_float32_has_seven_digits():
    w, (x, y) = three(), data()
    loss = autograd.compile(neuron, dtype="float32")(w, x, y)
    assert loss == pytest.approx(eager(neuron, w, w, x, y)[0], rel=1e-5)


def test_what_is_read_from_outside_may_change():
    settings = SimpleNamespace(scale=2.0)
    captured = Value(10.0)
    step = autograd.compile(lambda w, x: w * x * settings.scale + captured)
    w = Value(3.0)
    assert step(w, [1.0]) == 16.0
    settings.scale = 4.0
    assert step(w, [1.0]) == 22.0
    captured.data = 0.0
    assert step(w, [1.0]) == 12.0


def test_a_value_that_is_reached_where_no_look_goes_may_change_too():
    outside, w = Value(2.0), Value(3.0)
    same = itertools.repeat(outside)
    step = autograd.compile(lambda w, x: w * x * next(same), executor="numpy")
    assert step(w, [1.0]) == 6.0
    outside.data = 5.0
    assert step(w, [1.0]) == 15.0


def test_other_parameters_of_the_same_structure_are_others():
    class Model:
        def __init__(self, square):
            self.w, self.square = Value(3.0), square

        def parameters(self):
            return [self.w]

    step = autograd.compile(lambda m, x: m.w * m.w * x if m.square else m.w * x)
    first, second = Model(False), Model(True)
    assert (step(first, [1.0]), step(second, [1.0]), step(first, [1.0])) == (3.0, 9.0, 3.0)
    first.square = True
    assert step(first, [1.0]) == 9.0
    first.w = Value(5.0)
    assert step(first, [1.0]) == 25.0
    assert first.w.grad == 10.0


@pytest.mark.parametrize(
    ("x", "y", "kind", "words"),
    [
        ([], [], ShapeError, "no samples"),
        ([[1.0, 2.0]], [1.0, 2.0], ShapeError, "as many"),
        (["ab"], [1.0], TypeError, "number"),
        ([[1.0, None]], [1.0], TypeError, "number"),
    ],
)
def test_wrong_batches_are_told(x, y, kind, words):
    with pytest.raises(kind, match=words):
        autograd.compile(neuron)(three(), x, y)


@pytest.mark.parametrize(
    "settings", [{"reduce": "max"}, {"executor": "cuda"}, {"dtype": "int8"}, {"paths": 0}, {"paths": True}]
)
def test_wrong_settings_are_told(settings):
    with pytest.raises(ValueError, match=next(iter(settings))):
        autograd.compile(neuron, **settings)


def test_only_functions_are_compiled():
    with pytest.raises(TypeError, match="function"):
        autograd.compile(3)


def test_an_error_changes_nothing():
    w, (x, y) = three(), data()
    step = autograd.compile(lambda w, x, y: (w[0] * x[0] + y).log())
    step(w, abs(x), abs(y))
    before = [(v.data, v.grad) for v in w]
    with pytest.raises(autograd.DomainError):
        step(w, -abs(x), -abs(y))
    assert [(v.data, v.grad) for v in w] == before
    with pytest.raises(TraceError):
        autograd.compile(lambda w, x, y: w[0] * float(w[1]))(w, x, y)
    assert [(type(v), v.data, v.grad) for v in w] == [(Value, *pair) for pair in before]


def test_the_plans_that_are_kept_are_bounded(monkeypatch):
    monkeypatch.setattr(Plans, "LIMIT", 10)
    step = autograd.compile(lambda w, x: w * x)
    for _ in range(3 * step.LIMIT):
        step(Value(1.0), [1.0])
    assert len(step.plan.paths) == step.LIMIT
    w, lengths = Value(1.0), autograd.compile(lambda w, x: w * sum(x))
    for n in range(1, 30):
        lengths(w, [[1.0] * n])
    assert len(lengths.plan.paths) == 10


def test_memory_is_flat_over_steps():
    w, (x, y) = three(), data(4)
    bound = autograd.compile(neuron, executor="numpy").bind(w)
    for _ in range(70):
        bound(x, y)
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(500):
        bound(x, y)
    gc.collect()
    assert sys.getallocatedblocks() - before < 100


def test_relu_layers_by_array_and_by_number_are_the_same():
    random = np.random.default_rng(1)
    weights = [[Value(v) for v in row] for row in random.normal(size=(4, 3))]
    x = random.normal(size=(6, 3))
    by_number = autograd.compile(
        lambda w, x: sum([relu(sum([a * b for a, b in zip(row, x, strict=True)])) for row in w])
    )
    by_array = autograd.compile(lambda w, x: sum([relu(v) for v in np.array(w) @ x]))
    assert by_number(weights, x) == pytest.approx(by_array(weights, x), rel=1e-12)
    expected = np.maximum(x @ np.array([[v.data for v in row] for row in weights]).T, 0).sum(axis=1).mean()
    assert by_array(weights, x) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_block_without_recording_changes_nothing_of_what_is_asked_for(executor):
    w = Value(2.0)
    step = autograd.compile(lambda w, x: w * x, executor=executor)
    with autograd.no_grad():
        for _ in range(5):
            assert step.predict(w, [1.0, 2.0]).tolist() == [2.0, 4.0]
            assert step.per_sample(w, [1.0, 2.0])[1].tolist() == [[1.0], [2.0]]
            assert step.value_and_grad(w, [1.0, 2.0]) == (3.0, 1.5)
            assert step(w, [1.0, 2.0]) == 3.0


@pytest.mark.parametrize("derivative", [autograd.grad, autograd.value_and_grad, autograd.jacobian])
def test_the_derivatives_of_what_is_compiled_are_its_own(derivative):
    step = autograd.compile(lambda w, x: w * x)
    with pytest.raises(TypeError, match="ask for its own grad"):
        derivative(step)(Value(2.0), [1.0, 2.0])
    assert step.grad(Value(2.0), [1.0, 2.0]) == 1.5


def test_a_batch_may_have_more_forms_of_samples_than_are_kept(monkeypatch):
    monkeypatch.setattr(Plans, "LIMIT", 3)
    w, step = Value(0.5), autograd.compile(lambda w, x: w * sum(x))
    for _ in range(3):
        assert step(w, [[1.0] * n for n in range(1, 7)]) == 0.5 * 21 / 6
