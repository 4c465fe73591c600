"""Activations by name and by function, and the one that learns."""

import functools
import math

import numpy as np
import pytest
import torch

import autograd
from autograd import Value
from nn import activations
from nn.activations import ACTIVATIONS, LAYER_ACTIVATIONS, LEARNED_ACTIVATIONS, resolve
from nn.layers import Maxout
from nn.modules import MLP, Layer, Neuron

NAMES = {
    "linear", "step", "sigmoid", "tanh", "relu", "leaky_relu", "prelu", "elu", "selu", "celu", "gelu", "silu", "swish",
    "mish", "softplus", "softsign", "hard_sigmoid", "hard_tanh", "softmax", "log_softmax",
}  # fmt: skip

F = torch.nn.functional
PYTORCH = {
    "linear": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "elu": F.elu,
    "selu": F.selu,
    "celu": F.celu,
    "gelu": F.gelu,
    "silu": F.silu,
    "swish": F.silu,
    "mish": F.mish,
    "softplus": F.softplus,
    "softsign": F.softsign,
    "hard_sigmoid": lambda z: torch.clamp(z / 6 + 0.5, 0, 1),  # the gradient of F.hardsigmoid has 1/6 as a float32
    "hard_tanh": F.hardtanh,
    "softmax": functools.partial(F.softmax, dim=0),
    "log_softmax": functools.partial(F.log_softmax, dim=0),
}


def test_all_are_there():
    assert {*ACTIVATIONS, *LAYER_ACTIVATIONS, *LEARNED_ACTIVATIONS} == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_by_name_and_by_function(name):
    function = {**ACTIVATIONS, **LAYER_ACTIVATIONS, **LEARNED_ACTIVATIONS}[name]
    assert resolve(name) == (name, function)
    assert resolve(function)[1] is function
    x = [0.5, -1.0]
    by_name, by_function = (Layer(2, 3, activation=given, seed=0)(x) for given in (name, function))
    assert [y.data for y in by_name] == [y.data for y in by_function]


@pytest.mark.parametrize("name", PYTORCH)
def test_a_layer_computes_what_pytorchs_does(name):
    layer = Layer(2, 4, activation=name, seed=1)
    x = [0.7, -1.3]
    ours = layer(x)
    autograd.sum([(i + 1) * y for i, y in enumerate(ours)]).backward()
    W = torch.tensor([[w.data for w in neuron.w] for neuron in layer.neurons], dtype=torch.float64, requires_grad=True)
    theirs = PYTORCH[name](W @ torch.tensor(x, dtype=torch.float64))
    (theirs @ torch.arange(1.0, 5.0, dtype=torch.float64)).backward()
    np.testing.assert_allclose([y.data for y in ours], theirs.detach(), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose([[w.grad for w in n.w] for n in layer.neurons], W.grad, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize(("z", "y"), [(-1.0, 0.0), (0.0, 0.0), (1e-9, 1.0), (2.0, 1.0)])
def test_the_step_of_the_perceptron(z, y):
    neuron = Neuron(1, activation="step", weights=[1.0])
    output = neuron([z])
    output.backward()
    assert (output.data, neuron.w[0].grad) == (y, 0.0)


# --- prelu ---------------------------------------------------------------------------------------------------


def test_prelu_learns_a_slope_for_each_neuron():
    layer = Layer(3, 4, activation="prelu", seed=0)
    assert [neuron.slope.data for neuron in layer.neurons] == [0.25] * 4  # as PyTorch's
    assert (layer.n_neurons, layer.n_weights, layer.n_parameters) == (4, 12, 20)
    assert [name for name, _ in layer.neurons[0].named_parameters()] == ["w.0", "w.1", "w.2", "b", "slope"]
    assert not hasattr(Neuron(3), "slope")
    assert repr(layer) == "Layer(3 -> 4 prelu)"


@pytest.mark.parametrize(("z", "y", "by_z", "by_slope"), [(3.0, 3.0, 1.0, 0.0), (-3.0, -0.75, 0.25, -3.0)])
def test_its_value_and_derivatives(z, y, by_z, by_slope):
    """f(z) = z or αz; the derivatives are 1 or α, and ∂f/∂α = z for z < 0."""
    neuron = Neuron(1, activation="prelu", weights=[1.0])
    output = neuron([z])
    output.backward()
    assert (output.data, neuron.b.grad, neuron.slope.grad) == (y, by_z, by_slope)


def test_a_prelu_layer_and_its_gradients_are_those_of_pytorch():
    layer = Layer(2, 4, activation=autograd.prelu, seed=3)
    x = [0.7, -1.3]
    ours = layer(x)
    autograd.sum([y * y for y in ours]).backward()
    theirs = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.PReLU(4)).double()
    with torch.no_grad():
        theirs[0].weight.copy_(torch.tensor([[w.data for w in n.w] for n in layer.neurons], dtype=torch.float64))
        theirs[0].bias.zero_()
    y = theirs(torch.tensor([x], dtype=torch.float64))[0]
    (y @ y).backward()
    assert any(v.data < 0 for v in ours)
    assert any(v.data > 0 for v in ours)
    np.testing.assert_allclose([v.data for v in ours], y.detach(), rtol=1e-14)
    np.testing.assert_allclose([n.slope.grad for n in layer.neurons], theirs[1].weight.grad, rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose([n.b.grad for n in layer.neurons], theirs[0].bias.grad, rtol=1e-13, atol=1e-15)


def test_the_slope_is_learnt():
    neuron = Neuron(1, activation="prelu", weights=[1.0])
    for _ in range(100):
        neuron.zero_grad()
        autograd.mean([(neuron([z]) - (z if z > 0 else 0.7 * z)) ** 2 for z in (-2.0, -1.0, 1.0, 2.0)]).backward()
        neuron.slope.data -= 0.2 * neuron.slope.grad
    assert neuron.slope.data == pytest.approx(0.7, abs=1e-6)


def test_a_slope_can_be_shared():
    layer = Layer(2, 3, activation="prelu")
    for neuron in layer.neurons:
        neuron.slope = layer.neurons[0].slope
    assert layer.n_parameters == 10
    network = MLP(2, [3, 1], activation="prelu", output_activation="prelu")
    assert network.n_parameters == 9 + 3 + 4 + 1
    assert all(result.verdict == "correct" for result in [autograd.gradcheck_module(
        network, [[0.3, -0.4]], [0.5], lambda p, y: (p - y) ** 2)])  # fmt: skip


def test_a_function_of_ones_own_called_prelu_has_no_slope():
    def prelu(z):
        return 2 * z

    neuron = Neuron(1, activation=prelu, weights=[1.0])
    assert neuron([3.0]).data == 6.0
    assert neuron.n_parameters == 2


# --- names that are no activation of a neuron ----------------------------------------------------------------


@pytest.mark.parametrize("make", [lambda name: Neuron(2, activation=name), lambda name: Layer(2, 3, activation=name),
                                  lambda name: MLP(2, [3, 1], activation=name), resolve])  # fmt: skip
def test_maxout_is_a_layer(make):
    message = r"maxout is no function of one weighted sum but a layer: write Maxout\(n_inputs, n_outputs\)"
    with pytest.raises(ValueError, match=message):
        make("maxout")
    assert Maxout(2, 3).activation == "maxout"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("pRelu", "prelu"), ("Softmax", "softmax"), ("leakyrelu", "leaky_relu"), ("sigmoi", "sigmoid"), ("SiLU", "silu")],
)
def test_unknown_names_suggest_the_nearest(wrong, right):
    with pytest.raises(ValueError, match=f"unknown activation '{wrong}', did you mean '{right}'"):
        resolve(wrong)


def test_by_name_tells_ones_own_functions_apart():
    assert activations.by_name("relu", autograd.relu) == "relu"
    assert activations.by_name("relu", Value.relu) == "relu"
    for name in ("relu", "mine"):
        with pytest.raises(TypeError, match=f"the activation {name} is a function of your own"):
            activations.by_name(name, math.floor)
