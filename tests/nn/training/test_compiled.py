"""Compiled training gives what training Value by Value gives, for every loss, optimizer, regularizer and schedule."""

import math
from functools import partial

import numpy as np
import pytest

from autograd import Value
from nn import MLP, Layer, Sequential, fit, losses, optimizers
from nn.activations import ACTIVATIONS, LEARNED_ACTIVATIONS
from nn.layers import Dropout, GaussianNoise, Maxout
from nn.regularizers import L1, L2, ElasticNet, MaxNorm, Regularizer
from nn.schedules import ReduceOnPlateau, exponential, inverse_time, step_decay, warm_up

RNG = np.random.default_rng(0)
X = RNG.normal(size=(24, 3)).tolist()
CLASSES = [i % 3 for i in range(24)]
BINARY = [int(x[0] > 0) for x in X]
NUMBERS = [x[0] - 0.5 * x[1] for x in X]


def trained(compiled, make, X, y, optimizer=optimizers.Adam, epochs=5, **options):
    model = make()
    options = {"loss": "mean_squared_error", "batch_size": 5, "seed": 3, "progress": False, **options}
    made = optimizer(model.parameters()) if callable(optimizer) else optimizer
    history = fit(model, X, y, optimizer=made, epochs=epochs, compiled=compiled, **options)
    rows = [{name: figure for name, figure in row.items() if name != "seconds"} for row in history.rows]
    parameters = model.parameters()
    return rows, [p.data for p in parameters], [p.grad for p in parameters], made.state_dict(), history.compiled


def assert_same(make, X, y, **options):
    (rows, parameters, gradients, state, _), (rows2, parameters2, gradients2, state2, told) = (
        trained(compiled, make, X, y, **options) for compiled in (False, True)
    )
    assert told.startswith("compiled: ")
    for row, row2 in zip(rows, rows2, strict=True):
        assert row2 == pytest.approx(row, rel=1e-9, abs=1e-9)
    assert parameters2 == pytest.approx(parameters, rel=1e-9, abs=1e-9)
    assert gradients2 == pytest.approx(gradients, rel=1e-9, abs=1e-9)
    assert state2["steps"] == state["steps"]
    flat, flat2 = (np.array(s["state"]).ravel() for s in (state, state2))
    assert flat2 == pytest.approx(flat, rel=1e-9, abs=1e-9)


def network(n_outputs=1, **options):
    return partial(MLP, 3, [4, n_outputs], **{"activation": "tanh", "seed": 1, **options})


OF_LOSSES = {
    "mean_absolute_error": (network(), NUMBERS),
    "mean_squared_error": (network(2), [[a, -a] for a in NUMBERS]),
    "half_squared_error": (network(), NUMBERS),
    "huber": (network(), [3 * a for a in NUMBERS]),
    "log_cosh": (network(), NUMBERS),
    "binary_cross_entropy": (network(output_activation="sigmoid"), BINARY),
    "binary_cross_entropy_with_logits": (network(), BINARY),
    "categorical_cross_entropy": (network(3, output_activation="softmax"), CLASSES),
    "categorical_cross_entropy_with_logits": (network(3), CLASSES),
    "hinge": (network(), [2.0 * b - 1 for b in BINARY]),
    "squared_hinge": (network(), [2 * b - 1 for b in BINARY]),
    "multiclass_hinge": (network(3), CLASSES),
    "kl_divergence": (network(3, output_activation="softmax"), [[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]] * 12),
    "poisson": (network(), [i % 4 for i in range(24)]),
}


@pytest.mark.parametrize("optimizer", [optimizers.SGD, optimizers.Adam], ids=["sgd", "adam"])
@pytest.mark.parametrize("loss", sorted(OF_LOSSES))
def test_every_loss(loss, optimizer):
    make, y = OF_LOSSES[loss]
    assert_same(make, X, y, loss=loss, optimizer=partial(optimizer, learning_rate=0.02))


def test_every_loss_is_there():
    assert sorted(losses.LOSSES) == sorted(OF_LOSSES)


def test_losses_with_settings_and_rows_of_classes():
    one_hot = [[float(k == c) for k in range(3)] for c in CLASSES]
    smoothed = partial(losses.categorical_cross_entropy_with_logits, label_smoothing=0.1)
    for loss in (losses.categorical_cross_entropy_with_logits, losses.multiclass_hinge, smoothed):
        assert_same(network(3), X, one_hot, loss=loss)
    assert_same(network(), X, NUMBERS, loss=partial(losses.huber, delta=0.3))
    assert_same(network(2), X, [[b, 1 - b] for b in BINARY], loss="binary_cross_entropy_with_logits")


@pytest.mark.parametrize("name", sorted(optimizers.OPTIMIZERS))
def test_every_optimizer(name):
    options = {"batch_size": 24} if name in ("lbfgs", "rprop") else {}
    assert_same(network(3), X, CLASSES, loss="categorical_cross_entropy_with_logits",
                optimizer=optimizers.OPTIMIZERS[name], **options)  # fmt: skip


def test_settings_groups_and_clipping():
    def groups(parameters):
        return optimizers.SGD(
            [{"parameters": parameters[::2], "learning_rate": 0.2}, {"parameters": parameters[1::2], "momentum": 0.8}],
            learning_rate=0.05, nesterov=False, weight_decay=0.01, clip_norm=0.5, clip_value=0.2,
        )  # fmt: skip

    assert_same(network(), X, NUMBERS, optimizer=groups)
    assert_same(network(), X, NUMBERS, optimizer=partial(optimizers.Adam, amsgrad=True))
    assert_same(
        network(), X, NUMBERS, optimizer=partial(optimizers.SGD, learning_rate=0.05, momentum=0.9, nesterov=True)
    )


@pytest.mark.parametrize("optimizer", [optimizers.Adam, partial(optimizers.SGD, learning_rate=0.05, momentum=0.9)])
def test_a_state_that_a_callback_changes_in_place_is_used(optimizer):
    class WarmRestart:
        def on_epoch_end(self, training):
            state = training.optimizer.state
            if len(training.history.rows) == 2:
                state[:] = [(0.0,) * len(row) for row in state]

    assert_same(network(), X, NUMBERS, optimizer=optimizer, callbacks=[WarmRestart()])


class Antisymmetric(Regularizer):
    def penalty(self, model):
        return 0.1 * sum(self.weights(model)) ** 2


@pytest.mark.parametrize(
    "regularizer",
    ["l1", "l2", "elastic_net", "max_norm", [L1(0.01), L2(0.02), MaxNorm(0.6)], L2(0.1, biases=True), Antisymmetric()],
    ids=["l1", "l2", "elastic_net", "max_norm", "combined", "biases", "own"],
)
def test_every_regularizer(regularizer):
    assert_same(network(), X, NUMBERS, regularizer=regularizer, optimizer=partial(optimizers.SGD, learning_rate=0.1))


class Weaker(L1):
    def after_step(self, model, learning_rate):
        super().after_step(model, 0.5 * learning_rate)


@pytest.mark.parametrize("regularizer", [Weaker(0.1), [MaxNorm(0.6), Weaker(0.1)]], ids=["alone", "combined"])
def test_a_regularizer_whose_after_step_is_ones_own(regularizer):
    assert_same(network(), X, NUMBERS, regularizer=regularizer, optimizer=partial(optimizers.SGD, learning_rate=0.1))


@pytest.mark.parametrize(
    "kind",
    [partial(L1, 0.05), partial(ElasticNet, 0.02, 0.01), partial(MaxNorm, 0.5)],
    ids=["l1", "elastic_net", "max_norm"],
)
def test_regularizers_that_act_on_some_of_the_parameters_in_an_order_of_their_own(kind):
    def run(compiled):
        model = MLP(3, [4, 4, 1], activation="tanh", seed=1)
        first, second, last = model.layers
        second.freeze()
        optimizer = optimizers.SGD(model.trainable_parameters()[::-1], learning_rate=0.1)
        fit(model, X, NUMBERS, loss="mean_squared_error", optimizer=optimizer, regularizer=kind(modules=[last, first]),
            epochs=5, seed=0, progress=False, compiled=compiled)  # fmt: skip
        return [p.data for p in model.parameters()]

    eager, compiled = run(False), run(True)
    assert compiled == pytest.approx(eager, rel=1e-9)
    assert eager.count(0.0) == compiled.count(0.0)


@pytest.mark.parametrize(
    "schedule",
    [step_decay(2), exponential(0.8), inverse_time(0.5), "cosine", warm_up(2), "one_cycle", lambda t: 1 / (1 + t)],
    ids=["step_decay", "exponential", "inverse_time", "cosine", "warm_up", "one_cycle", "own"],
)
def test_every_schedule(schedule):
    assert_same(network(), X, NUMBERS, schedule=schedule)


def test_a_rate_that_falls_when_the_validation_loss_does_not():
    make, options = (
        network(),
        {"validation": (X[:7], NUMBERS[:7]), "optimizer": partial(optimizers.Adam, learning_rate=0.5)},
    )
    found = [
        trained(compiled, make, X, NUMBERS, schedule=ReduceOnPlateau(patience=1), epochs=8, **options)
        for compiled in (False, True)
    ]
    assert found[1][0][-1] == pytest.approx(found[0][0][-1], rel=1e-9)


@pytest.mark.parametrize("activation", sorted({*ACTIVATIONS, *LEARNED_ACTIVATIONS} - {"step"}))
def test_every_activation(activation):
    assert_same(network(activation=activation), X, NUMBERS)


@pytest.mark.parametrize("seed", [None, 5], ids=["own", "given"])
def test_dropout_and_noise_draw_the_same_numbers_in_the_same_order(seed):
    def make():
        return Sequential(
            GaussianNoise(0.3, seed=1), Layer(3, 5, activation="tanh", seed=2), Dropout(0.4, seed=3),
            Layer(5, 4, activation="relu", seed=4), Dropout(0.2, seed=3), Layer(4, 1, activation="linear", seed=5),
        )  # fmt: skip

    assert_same(make, X, NUMBERS, seed=seed or 0)
    assert_same(network(dropout=0.5), X, NUMBERS, validation=(X[:5], NUMBERS[:5]))


def test_generators_go_on_where_they_would_without_compiling():
    def left(compiled):
        model = MLP(3, [4, 1], dropout=0.5, seed=1)
        fit(model, X, NUMBERS, loss="mean_squared_error", epochs=2, seed=1, progress=False, compiled=compiled)
        return model.dropout._rng.random()

    assert left(True) == left(False)


def test_maxout_shared_weights_frozen_layers_and_a_module_of_ones_own():
    class Twice(MLP):
        def __call__(self, x):
            first = super().__call__(x)
            return first + 0.5 * super().__call__([first, *x[1:]])

    def frozen():
        model = MLP(3, [4, 1], activation="tanh", seed=2)
        model.layers[0].freeze()
        return model

    assert_same(lambda: Sequential(Maxout(3, 4, seed=0), Layer(4, 1, activation="linear", seed=1)), X, NUMBERS)
    assert_same(lambda: Twice(3, [4, 1], activation="tanh", seed=0), X, NUMBERS)
    found = []
    for compiled in (False, True):
        model = frozen()
        fit(model, X, NUMBERS, loss="mean_squared_error", epochs=5, seed=0, progress=False, compiled=compiled)
        found.append([p.data for p in model.parameters()])
    assert found[1] == pytest.approx(found[0], rel=1e-9)


def test_weights_of_classes_and_samples():
    options = {"loss": "categorical_cross_entropy_with_logits", "class_weight": {0: 1, 1: 3, 2: 0.5}}
    assert_same(network(3), X, CLASSES, **options, sample_weight=[i % 5 for i in range(24)])
    assert_same(network(), X, BINARY, loss="binary_cross_entropy_with_logits", class_weight="balanced")


def test_more_samples_in_a_minibatch_than_are_computed_at_once(monkeypatch):
    monkeypatch.setattr("nn.training.plan.AT_ONCE", 7)
    options = {"batch_size": 24, "sample_weight": [1 + i % 3 for i in range(24)], "validation": (X, NUMBERS)}
    assert_same(network(dropout=0.3), X, NUMBERS, **options)


def test_a_stream_is_the_same():
    pairs = [(x, y) for x, y in zip(X, NUMBERS, strict=True)]
    assert_same(network(), pairs, None)
    assert_same(network(), [(*pair, 1 + i % 2) for i, pair in enumerate(pairs)], None)


def test_a_plain_function_and_a_loss_of_ones_own():
    def run(compiled):
        w, b = Value(0.5), Value(0.0)
        history = fit(
            lambda x: w * x + b, [a for a, _, _ in X], NUMBERS, loss=lambda p, y: (p - y) ** 4, epochs=5, seed=0,
            optimizer=optimizers.SGD([w, b], learning_rate=0.01), progress=False, compiled=compiled,
        )  # fmt: skip
        return [w.data, b.data, history.rows[-1]["loss"]], history.compiled

    (found, _), (found2, told) = run(False), run(True)
    assert told.startswith("compiled: ")
    assert found2 == pytest.approx(found, rel=1e-9)
    assert all(map(math.isfinite, found2))
