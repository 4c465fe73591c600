"""What the tests of phenomena share: the corners of the square with their truth tables, and plain gradient descent."""

import math

import numpy as np

import autograd
from autograd import no_grad

SEEDS = range(5)
CORNERS = [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)]
OR, AND, XOR, XNOR = (0, 1, 1, 1), (0, 0, 0, 1), (0, 1, 1, 0), (1, 0, 0, 1)


def mean_loss(model, X, y, loss):
    """The loss of all samples: the mean over them, one Value."""
    return autograd.mean([loss(model(x), target) for x, target in zip(X, y, strict=True)])


def compiled(loss):
    """That loss as `step(model, X, y)`, which adds to the gradients: many samples at once, for time's sake."""
    return autograd.compile(lambda model, x, target: loss(model(x), target), executor="numpy")


def descend(model, X, y, loss, optimizer, steps):
    """As many updates, each from all samples. Returns the loss before each of them and after the last."""
    step = compiled(loss)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        losses.append(step(model, X, y))
        optimizer.step()
    with no_grad():
        return [*losses, float(mean_loss(model, X, y, loss))]


def classes(model, X, threshold):
    return tuple(int(float(model(x)) > threshold) for x in X)


def share_right(model, X, y, threshold=0.0):
    """The accuracy of a model with one output; above the threshold it says 1 (a logit above 0, a probability ½)."""
    return sum(c == t for c, t in zip(classes(model, X, threshold), y, strict=True)) / len(y)


def weights_of(layer):
    return np.array([[w.data for w in neuron.w] for neuron in layer.neurons])


def biases_of(layer):
    return np.array([neuron.b.data for neuron in layer.neurons])


def gradient_norm(layer):
    return math.hypot(*(w.grad for neuron in layer.neurons for w in neuron.w))


def numbers(model):
    return [p.data for p in model.parameters()]
