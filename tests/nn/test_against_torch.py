"""One training step from given weights equals PyTorch's: loss, every gradient, every updated weight, to 1e-10.

Held for every loss x activation x optimizer that both have. Ours sums a loss over the outputs of a sample and takes the
mean over samples; PyTorch's elementwise losses are summed over outputs here, by `reduction="none"`.
"""

from functools import partial

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name

import autograd
from nn import losses, optimizers
from nn.modules import MLP

SIZES = (3, 4, 2)
RNG = np.random.default_rng(5)
X = RNG.normal(size=(6, 3))
NUMBERS = RNG.normal(size=(6, 2))
LABELS = RNG.integers(0, 2, size=(6, 2)).astype(float)
COUNTS = RNG.integers(0, 5, size=(6, 2)).astype(float)
CLASSES = RNG.integers(0, 2, size=6)
SHARES = RNG.dirichlet([1.0, 1.0], size=6)
WEIGHTS = [RNG.normal(size=(4, 3)), RNG.normal(size=4), RNG.normal(size=(2, 4)), RNG.normal(size=2)]

ACTIVATIONS = {
    "linear": lambda z: z, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu,
    "leaky_relu": F.leaky_relu, "elu": F.elu, "selu": F.selu, "celu": F.celu, "gelu": F.gelu, "silu": F.silu,
    "swish": F.silu, "mish": F.mish, "softplus": F.softplus, "softsign": F.softsign,
    # PyTorch's own hardsigmoid has the derivative 1/6 in single precision alone, 5e-9 off.
    "hard_sigmoid": lambda z: torch.clamp(z / 6 + 0.5, 0.0, 1.0), "hard_tanh": F.hardtanh, "prelu": None,
}  # fmt: skip

# Ours, theirs for all outputs of a batch, the targets, and the output activation that the loss takes.
LOSSES = {
    "mean_absolute_error": (losses.mean_absolute_error, partial(F.l1_loss, reduction="none"), NUMBERS, "linear"),
    "mean_squared_error": (losses.mean_squared_error, partial(F.mse_loss, reduction="none"), NUMBERS, "linear"),
    "half_squared_error": (
        losses.half_squared_error, lambda p, t: 0.5 * F.mse_loss(p, t, reduction="none"), NUMBERS, "linear",
    ),
    "huber": (
        partial(losses.huber, delta=0.7), partial(F.huber_loss, reduction="none", delta=0.7), NUMBERS, "linear",
    ),
    "binary_cross_entropy": (
        losses.binary_cross_entropy, partial(F.binary_cross_entropy, reduction="none"), LABELS, "sigmoid",
    ),
    "binary_cross_entropy_with_logits": (
        losses.binary_cross_entropy_with_logits, partial(F.binary_cross_entropy_with_logits, reduction="none"), LABELS,
        "linear",
    ),
    "categorical_cross_entropy": (
        losses.categorical_cross_entropy, lambda p, t: F.nll_loss(torch.log(p), t, reduction="none"), CLASSES,
        "softmax",
    ),
    "categorical_cross_entropy_with_logits": (
        losses.categorical_cross_entropy_with_logits, partial(F.cross_entropy, reduction="none"), CLASSES, "linear",
    ),
    "categorical_cross_entropy_with_logits, shares of classes": (
        losses.categorical_cross_entropy_with_logits, partial(F.cross_entropy, reduction="none"), SHARES, "linear",
    ),
    "categorical_cross_entropy_with_logits, smoothed": (
        partial(losses.categorical_cross_entropy_with_logits, label_smoothing=0.1),
        partial(F.cross_entropy, reduction="none", label_smoothing=0.1), CLASSES, "linear",
    ),
    "multiclass_hinge": (
        losses.multiclass_hinge, lambda s, t: s.shape[1] * F.multi_margin_loss(s, t, reduction="none"), CLASSES,
        "linear",
    ),
    "kl_divergence": (
        losses.kl_divergence, lambda p, t: F.kl_div(torch.log(p), t, reduction="none"), SHARES, "softmax",
    ),
    "poisson": (losses.poisson, partial(F.poisson_nll_loss, reduction="none"), COUNTS, "linear"),
}  # fmt: skip

OPTIMIZERS = {
    "SGD": (partial(optimizers.SGD, learning_rate=0.1), partial(torch.optim.SGD, lr=0.1)),
    "SGD, Nesterov": (
        partial(optimizers.SGD, learning_rate=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
        partial(torch.optim.SGD, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    ),
    "Adagrad": (partial(optimizers.Adagrad, learning_rate=0.1), partial(torch.optim.Adagrad, lr=0.1)),
    "Adadelta": (partial(optimizers.Adadelta, learning_rate=1.0), partial(torch.optim.Adadelta, lr=1.0)),
    "RMSprop": (partial(optimizers.RMSprop, learning_rate=0.01), partial(torch.optim.RMSprop, lr=0.01)),
    "Adam": (partial(optimizers.Adam, learning_rate=0.01), partial(torch.optim.Adam, lr=0.01)),
    "AMSGrad": (
        partial(optimizers.Adam, learning_rate=0.01, amsgrad=True), partial(torch.optim.Adam, lr=0.01, amsgrad=True),
    ),
    "AdamW": (
        partial(optimizers.AdamW, learning_rate=0.01, weight_decay=0.1),
        partial(torch.optim.AdamW, lr=0.01, weight_decay=0.1),
    ),
    "NAdam": (partial(optimizers.NAdam, learning_rate=0.01), partial(torch.optim.NAdam, lr=0.01)),
    "Adamax": (partial(optimizers.Adamax, learning_rate=0.01), partial(torch.optim.Adamax, lr=0.01)),
    "Rprop": (partial(optimizers.Rprop, learning_rate=0.01), partial(torch.optim.Rprop, lr=0.01)),
}  # fmt: skip


def ours(activation, output_activation):
    """The network with the given weights, and its parameters in the order w1, b1, (slopes), w2, b2."""
    model = MLP(SIZES[0], SIZES[1:], activation=activation, output_activation=output_activation)
    for layer, w, b in zip(model.layers, WEIGHTS[0::2], WEIGHTS[1::2], strict=True):
        for neuron, row, bias in zip(layer.neurons, w.tolist(), b.tolist(), strict=True):
            for weight, number in zip(neuron.w, row, strict=True):
                weight.data = number
            neuron.b.data = bias
    return model


def flat(model, attribute):
    """`data` or `grad` of all parameters of our network, as theirs lie: w1, b1, (slopes), w2, b2."""
    numbers = []
    for layer in model.layers:
        numbers += [getattr(w, attribute) for neuron in layer.neurons for w in neuron.w]
        numbers += [getattr(neuron.b, attribute) for neuron in layer.neurons]
        numbers += [getattr(neuron.slope, attribute) for neuron in layer.neurons if hasattr(neuron, "slope")]
    return numbers


def theirs(activation, output_activation):
    """Their parameters, and the network as a function."""
    parameters = [torch.tensor(array, requires_grad=True) for array in WEIGHTS]
    w1, b1, w2, b2 = parameters
    function = ACTIVATIONS[activation]
    if activation == "prelu":
        slope = torch.full((SIZES[1],), 0.25, dtype=torch.float64, requires_grad=True)
        parameters.insert(2, slope)
        function = partial(F.prelu, weight=slope)
    at_the_end = {"linear": lambda z: z, "sigmoid": torch.sigmoid, "softmax": partial(torch.softmax, dim=1)}
    return parameters, lambda x: at_the_end[output_activation](function(x @ w1.T + b1) @ w2.T + b2)


def theirs_flat(tensors):
    return torch.cat([tensor.reshape(-1) for tensor in tensors]).tolist()


@pytest.fixture(autouse=True)
def double_precision():
    """PyTorch's NAdam keeps one of its numbers in the default type, which is float32."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_a_training_step_is_that_of_pytorch(loss, activation):
    our_loss, their_loss, targets, output_activation = LOSSES[loss]
    model = ours(activation, output_activation)
    parameters, network = theirs(activation, output_activation)
    their_total = their_loss(network(torch.tensor(X)), torch.tensor(targets)).sum() / len(X)
    their_total.backward()
    our_total = autograd.mean([our_loss(model(x), t) for x, t in zip(X.tolist(), targets.tolist(), strict=True)])
    our_total.backward()
    assert our_total.data == pytest.approx(their_total.item(), rel=1e-10)
    assert flat(model, "grad") == pytest.approx(theirs_flat([p.grad for p in parameters]), rel=1e-10, abs=1e-14)

    before = [(p, p.data) for p in model.parameters()], [(p, p.detach().clone()) for p in parameters]
    for name, (make_ours, make_theirs) in OPTIMIZERS.items():
        make_ours(model.parameters()).step()
        make_theirs(parameters).step()
        # Rprop's and Adam's first step is the sign of the gradient: a gradient that is 0 in theory and 1e-18 in one of
        # the two would be a full step apart, so such a tie must not occur in these data: the gradients above are equal.
        assert flat(model, "data") == pytest.approx(theirs_flat(parameters), rel=1e-10, abs=1e-12), name
        for p, number in before[0]:
            p.data = number
        with torch.no_grad():
            for p, numbers in before[1]:
                p.copy_(numbers)


def test_what_only_one_of_both_has_is_named():
    """A loss, an activation or an optimizer that is new here must be compared, or named as not PyTorch's."""
    from nn.activations import ACTIVATIONS as OUR_ACTIVATIONS

    assert set(OUR_ACTIVATIONS) - set(ACTIVATIONS) == {"step"}  # no gradient
    assert set(losses.LOSSES) - set(LOSSES) == {"hinge", "log_cosh", "squared_hinge"}
    assert {c.__name__ for c in optimizers.OPTIMIZERS.values()} - set(OPTIMIZERS) == {"LBFGS"}  # its own test
