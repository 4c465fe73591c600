"""The gradients of the losses, compared with finite differences."""

import pytest
from losses import cross_entropy, pseudo_huber, pseudo_huber_derivative, relative_error

from autograd import Value


# The inputs are the parameters that pytest has no value for; the gradient is that of what the test returns.
@pytest.mark.gradcheck(points=20, seed=1)
def test_relative_error(prediction, target):
    return relative_error(prediction, target)


# Random points are drawn where the function is defined: here between 0 and 1.
@pytest.mark.gradcheck(domain="(0, 1)")
@pytest.mark.parametrize("truth", [0, 1])
def test_cross_entropy(p, truth):
    return cross_entropy(p, truth)


# With df the function is one of plain floats, and df is what it is compared with; the points may be given.
@pytest.mark.gradcheck(df=pseudo_huber_derivative, points=[-3.0, 0.0, 1e-4, 50.0])
def test_pseudo_huber(error):
    return pseudo_huber(error)


# Without the marker: any function, of numbers, Values and lists of them.
def test_a_neuron(assert_gradients):
    weights = [Value(0.7, label="w1"), Value(-1.2, label="w2")]
    assert_gradients(lambda x, w, b: (w[0] * x[0] + w[1] * x[1] + b).tanh(), [0.5, 0.8], weights, 0.1)
