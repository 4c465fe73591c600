"""Programs written for micrograd's `nn` give micrograd's numbers."""

import itertools
import random

import numpy as np
import pytest
from sklearn.datasets import make_moons

from nn import MLP, Layer, Neuron


def micrograds_weights(sizes):
    """The order in which micrograd draws: per neuron its weights, then a bias of 0 that needs no draw."""
    drawn = []
    for n_inputs, n_outputs in itertools.pairwise(sizes):
        for _ in range(n_outputs):
            drawn += [random.uniform(-1, 1) for _ in range(n_inputs)] + [0]
    return drawn


def test_the_very_weights():
    random.seed(1337)
    expected = micrograds_weights([2, 16, 16, 1])
    random.seed(1337)
    assert [p.data for p in MLP(2, [16, 16, 1], initializer="uniform").parameters()] == expected


@pytest.fixture
def demo():
    """The set-up of micrograd's demo.ipynb."""
    np.random.seed(1337)
    random.seed(1337)
    X, y = make_moons(n_samples=100, noise=0.1)
    return MLP(2, [16, 16, 1], initializer="uniform"), X, y * 2 - 1


def loss_of(model, X, y):
    """The loss of the demo: the mean hinge loss and an L2 penalty, in the demo's own words."""
    scores = list(map(model, X))
    losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(y, scores, strict=True)]
    data_loss = sum(losses) * (1.0 / len(losses))
    alpha = 1e-4
    reg_loss = alpha * sum(p * p for p in model.parameters())
    accuracy = [(yi > 0) == (scorei.data > 0) for yi, scorei in zip(y, scores, strict=True)]
    return data_loss + reg_loss, sum(accuracy) / len(accuracy)


def test_the_first_losses_of_the_demo(demo):
    model, X, y = demo
    losses = []
    for k in range(3):
        total_loss, accuracy = loss_of(model, X, y)
        losses.append((total_loss.data, accuracy))
        model.zero_grad()
        total_loss.backward()
        for p in model.parameters():
            p.data -= (1.0 - 0.9 * k / 100) * p.grad
    # What the notebook shows, as it was published: step 0, 1 and 2.
    assert losses == [
        (pytest.approx(0.8958441028683222, rel=1e-12), 0.5),
        (pytest.approx(1.7235905336972022, rel=1e-9), 0.81),
        (pytest.approx(0.7429006313851131, rel=1e-9), 0.77),
    ]


def test_its_attributes():
    model = MLP(2, [3, 1])
    assert isinstance(model.layers[0], Layer)
    assert isinstance(model.layers[0].neurons[0], Neuron)
    assert len(model.layers[0].neurons[0].w) == 2
    assert model.layers[0].neurons[0].b.data == 0.0
