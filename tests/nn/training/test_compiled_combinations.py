"""Compiled training beside training Value by Value: forms of data, architectures of one's own, options together."""

from functools import partial

import numpy as np
import pytest

import autograd
from autograd import Value
from autograd.compiler.calls.plans import Plans
from nn import Layer, Neuron, Sequential, fit, losses, optimizers
from nn.layers import Dropout, GaussianNoise
from nn.module import Module
from nn.regularizers import L1, MaxNorm
from nn.schedules import ReduceOnPlateau
from nn.training import EarlyStopping

from .test_compiled import BINARY, CLASSES, NUMBERS, RNG, X, assert_same, network

CROSS_ENTROPY = "categorical_cross_entropy_with_logits"
ARRAY = np.array(X)


# --- the forms in which users have their data ---


@pytest.mark.parametrize("compiled", [False, True], ids=["eager", "compiled"])
@pytest.mark.parametrize(
    "form",
    [
        np.array, list, tuple, np.asfortranarray, lambda X: X.astype(object), lambda X: list(map(tuple, X.tolist())),
        lambda X: [[*x] for x in X],
    ],
    ids=["array", "arrays", "tuple of arrays", "fortran", "objects", "tuples", "numbers of numpy"],
)  # fmt: skip
def test_samples_in_any_form_are_those_in_lists(form, compiled):
    def run(X):
        model = network()()
        fit(model, X, NUMBERS, loss="mean_squared_error", epochs=2, seed=0, progress=False, compiled=compiled)
        return [p.data for p in model.parameters()]

    assert run(form(ARRAY)) == pytest.approx(run(X), rel=1e-12)


def column(y):
    return np.reshape(y, (-1, 1))


OF_TARGETS = {
    "a column": ("mean_squared_error", NUMBERS, column),
    "rows of one": ("mean_squared_error", NUMBERS, lambda y: column(y).tolist()),
    "arrays of one": ("mean_squared_error", NUMBERS, lambda y: list(column(y))),
    "a column of labels": ("binary_cross_entropy_with_logits", BINARY, column),
    "booleans": ("binary_cross_entropy_with_logits", BINARY, lambda y: np.array(y, bool)),
    "a column of booleans": ("binary_cross_entropy_with_logits", BINARY, lambda y: column(np.array(y, bool))),
    "a column of signs": ("hinge", [2 * b - 1 for b in BINARY], lambda y: column(y).astype(np.float32)),
    "classes as float64": (CROSS_ENTROPY, CLASSES, lambda y: np.array(y, float)),
    "classes as float32": (CROSS_ENTROPY, CLASSES, lambda y: np.array(y, np.float32)),
    "classes as uint8": (CROSS_ENTROPY, CLASSES, lambda y: np.array(y, np.uint8)),
    "classes as booleans": (CROSS_ENTROPY, BINARY, lambda y: [b == 1 for b in y]),
    "one-hot rows": (CROSS_ENTROPY, CLASSES, lambda y: np.eye(3)[y]),
    "one-hot booleans": (CROSS_ENTROPY, CLASSES, lambda y: np.eye(3, dtype=bool)[y]),
}


@pytest.mark.parametrize("compiled", [False, True], ids=["eager", "compiled"])
@pytest.mark.parametrize("form", OF_TARGETS)
def test_targets_in_any_form_are_those_in_a_list(form, compiled):
    loss, y, formed = OF_TARGETS[form]

    def run(y):
        model = network(3 if loss == CROSS_ENTROPY else 1)()
        history = fit(model, X, y, loss=loss, epochs=2, seed=0, validation=(X[:9], y[:9]), progress=False,
                      compiled=compiled)  # fmt: skip
        figures = [v for name, v in history.rows[-1].items() if name != "seconds"]
        return figures + [p.data for p in model.parameters()]

    assert run(formed(y)) == pytest.approx(run(y), rel=1e-12)


def test_a_column_of_classes_is_refused_with_a_remedy():
    with pytest.raises(ValueError, match=r"the target of sample 0 is \[0\]: give the index of the class alone, as y"):
        fit(network(3)(), X, column(CLASSES), loss=CROSS_ENTROPY, progress=False)


# --- architectures of one's own ---


class Residual(Module):
    def __init__(self):
        self.inner, self.last = Layer(3, 3, activation="tanh", seed=0), Layer(3, 1, activation="linear", seed=1)

    def __call__(self, x):
        return self.last([a + b for a, b in zip(x, self.inner(x), strict=True)])


class Recurrent(Module):
    """A cell that is unrolled over the numbers of a sample."""

    def __init__(self):
        self.cell, self.last = Layer(3, 2, activation="tanh", seed=0), Neuron(2, activation="linear", seed=1)

    def __call__(self, xs):
        state = [0.0, 0.0]
        for x in xs:
            state = self.cell([x, *state])
        return self.last(state)


class Convolution(Module):
    """A neuron at every position, and the largest of what they find."""

    def __init__(self):
        self.filters = [Neuron(2, activation="tanh", seed=seed) for seed in (0, 1)]
        self.last = Neuron(2, activation="linear", seed=2)

    def __call__(self, x):
        found = [[each(x[i : i + 2]) for i in range(len(x) - 1)] for each in self.filters]
        return self.last([autograd.max(row) for row in found])


class Attention(Module):
    """Tokens, their rows of a table, and a mean of all by their likeness to the last."""

    def __init__(self):
        draw = np.random.default_rng(1)
        self.table = [[Value(w) for w in row] for row in draw.normal(size=(5, 3)).tolist()]
        self.key, self.last = Layer(3, 2, activation="linear", seed=1), Layer(3, 3, activation="linear", seed=2)

    def __call__(self, tokens):
        rows = [self.table[token] for token in tokens]
        keys = [self.key(row) for row in rows]
        shares = autograd.softmax([autograd.dot(key, keys[-1]) for key in keys])
        return self.last([autograd.dot(shares, column) for column in zip(*rows, strict=True)])


class Choosing(Module):
    """An `if` by a Value, and a choice without one."""

    def __init__(self):
        self.first, self.second = Neuron(3, activation="tanh", seed=0), Neuron(3, activation="linear", seed=1)

    def __call__(self, x):
        h = self.first(x)
        chosen = self.second(x) if h > 0 else 0.3 * h
        return chosen + autograd.where(autograd.step(h), h, -2.0 * h)


def of_two_heads(outputs, target):
    number, label = target
    return (outputs[0] - number) ** 2 + losses.binary_cross_entropy_with_logits(outputs[1], label)


TOKENS = RNG.integers(0, 5, size=(24, 4)).tolist()
LISTS = [tokens[: 1 + i % 4] for i, tokens in enumerate(TOKENS)]
SEQUENCES = [x[: 1 + i % 3] for i, x in enumerate(X)]
OF_ARCHITECTURES = {
    "residual": (Residual, X, NUMBERS, "mean_squared_error"),
    "recurrent": (Recurrent, X, NUMBERS, "huber"),
    "recurrent, of several lengths": (Recurrent, SEQUENCES, NUMBERS, "mean_squared_error"),
    "convolution": (Convolution, X, BINARY, "binary_cross_entropy_with_logits"),
    "attention": (Attention, TOKENS, CLASSES, CROSS_ENTROPY),
    "attention, of several lengths": (Attention, LISTS, CLASSES, CROSS_ENTROPY),
    "choosing": (Choosing, X, NUMBERS, "mean_squared_error"),
    "two heads": (network(2), X, list(zip(NUMBERS, BINARY, strict=True)), of_two_heads),
    "one number a sample": (Recurrent, [[x[0]] for x in X], NUMBERS, "log_cosh"),
}  # fmt: skip


@pytest.mark.parametrize("optimizer", [optimizers.Adam, optimizers.LBFGS], ids=["adam", "lbfgs"])
@pytest.mark.parametrize("architecture", OF_ARCHITECTURES)
def test_architectures_of_ones_own(architecture, optimizer):
    make, samples, y, loss = OF_ARCHITECTURES[architecture]
    batch = 24 if optimizer is optimizers.LBFGS else 5
    assert_same(make, samples, y, loss=loss, optimizer=optimizer, batch_size=batch,
                validation=(samples[:7], y[:7]))  # fmt: skip


# --- options together ---


def noisy():
    return Sequential(
        GaussianNoise(0.2, seed=1), Layer(3, 5, activation="relu", seed=2), Dropout(0.3, seed=3),
        Layer(5, 3, activation="linear", seed=5),
    )  # fmt: skip


def distance(y, predicted):
    return sum(abs(a - b) for a, b in zip(y, predicted, strict=True))


def part(kind, **settings):
    return lambda parameters: kind(parameters[2:9], **settings)


def groups(parameters):
    return optimizers.Adam(
        [{"parameters": parameters[9:], "learning_rate": 0.1}, {"parameters": parameters[4:0:-1]}], clip_norm=0.3
    )


ALL = {"loss": CROSS_ENTROPY, "class_weight": {0: 1, 1: 3, 2: 0.5}, "sample_weight": [i % 5 for i in range(24)],
       "validation": (X[:7], CLASSES[:7]), "schedule": "cosine"}  # fmt: skip
LBFGS = {"optimizer": optimizers.LBFGS, "batch_size": 24}
TOGETHER = {
    "one sample at a time": {**ALL, "batch_size": 1, "regularizer": "l2"},
    "a last minibatch of one": {**ALL, "batch_size": 23, "regularizer": "l1"},
    "all at once": {**ALL, "batch_size": 24, "regularizer": [L1(0.01), MaxNorm(0.7)]},
    "clipping, momentum, decay": {**ALL, "regularizer": "elastic_net", "optimizer": partial(
        optimizers.SGD, learning_rate=0.1, momentum=0.9, nesterov=True, weight_decay=0.01, clip_norm=0.2)},
    "clipped by value": {**ALL, "optimizer": partial(optimizers.RMSprop, clip_value=0.01)},
    "groups": {**ALL, "optimizer": groups, "schedule": "one_cycle"},
    "a part of the parameters": {**ALL, "optimizer": part(optimizers.Adam, clip_norm=0.1), "regularizer": "l2"},
    "L-BFGS for a part": {**ALL, **LBFGS, "optimizer": part(optimizers.LBFGS), "schedule": None},
    "L-BFGS": {**ALL, **LBFGS, "regularizer": "l2", "schedule": None},
    "L-BFGS in minibatches": {**ALL, **LBFGS, "batch_size": 8},
    "a plateau": {**ALL, "regularizer": "l2", "optimizer": partial(optimizers.Adam, learning_rate=0.3),
                  "schedule": ReduceOnPlateau(patience=1)},
    "a metric of one's own": {"loss": CROSS_ENTROPY, "metrics": [distance], "decide": lambda z: z.index(min(z))},
}  # fmt: skip


@pytest.mark.parametrize("options", TOGETHER)
def test_options_together(options):
    assert_same(network(3), X, CLASSES, **TOGETHER[options])


@pytest.mark.parametrize("options", [name for name in TOGETHER if "L-BFGS" not in name])  # which takes no noise
def test_options_together_with_noise_and_dropout(options):
    assert_same(noisy, X, CLASSES, **TOGETHER[options])


def test_random_numbers_that_are_drawn_are_no_reason_to_compile_anew(monkeypatch):
    forgotten, forget = [], Plans.forget
    monkeypatch.setattr(Plans, "forget", lambda plans: (forgotten.append(plans), forget(plans)))
    fit(noisy(), X, CLASSES, loss=CROSS_ENTROPY, epochs=8, batch_size=1, progress=False, compiled=True)
    assert len(forgotten) <= 1  # when the network is set to training


@pytest.mark.parametrize("make", [network(3), noisy], ids=["plain", "noisy"])
def test_the_best_weights_of_a_training_that_was_stopped(make):
    def run(compiled):
        model, stopping = make(), EarlyStopping(patience=2)
        fit(model, X, CLASSES, loss=CROSS_ENTROPY, optimizer=optimizers.Adam(model.parameters(), learning_rate=0.2),
            epochs=6, batch_size=5, seed=3, callbacks=[stopping], validation=(X[:9], CLASSES[::-1][:9]), progress=False,
            compiled=compiled)  # fmt: skip
        return [stopping.best_epoch, *[p.data for p in model.parameters()]]

    eager = run(False)
    assert eager[0] < 6
    assert run(True) == pytest.approx(eager, rel=1e-9, abs=1e-9)


def test_a_stream_of_weighed_samples_with_noise_and_validation():
    stream = [(x, y, 1 + i % 3) for i, (x, y) in enumerate(zip(X, CLASSES, strict=True))]
    options = {"loss": CROSS_ENTROPY, "validation": (X[:9], CLASSES[:9]), "regularizer": "l2", "schedule": "cosine"}
    assert_same(noisy, stream, None, **options)
    assert_same(noisy, stream, None, batch_size=7, optimizer=partial(optimizers.Adam, clip_value=0.05), **options)
