"""The first weights of a layer: each initializer gives a row of weights for each of its neurons.

It owns the distributions and which of them suits which activation; it must not know layers or Values.
Read next: `modules.py`, which calls them.

All draw from a `random.Random` row by row, so that a seed repeats a network bit for bit on every machine.
"""

import math
from collections.abc import Callable, Mapping
from random import Random
from typing import TypeAlias

from autograd import ShapeError

from .lookup import look_up
from .seeds import Seed, generator

__all__ = [
    "INITIALIZERS", "Initializer", "draw", "glorot_normal", "glorot_uniform", "he_normal", "he_uniform", "lecun_normal",
    "lecun_uniform", "normal", "resolve", "suited_to", "uniform", "zeros",
]  # fmt: skip

Rows: TypeAlias = list[list[float]]
Initializer: TypeAlias = Callable[[int, int, Random], Rows]


def _rows(fan_in: int, fan_out: int, draw: Callable[[], float]) -> Rows:
    return [[draw() for _ in range(fan_in)] for _ in range(fan_out)]


def _uniform_of_variance(variance: float, fan_in: int, fan_out: int, rng: Random) -> Rows:
    limit = math.sqrt(3.0 * variance)  # U(-a, a) has the variance a²/3
    return _rows(fan_in, fan_out, lambda: rng.uniform(-limit, limit))


def _normal_of_variance(variance: float, fan_in: int, fan_out: int, rng: Random) -> Rows:
    deviation = math.sqrt(variance)
    return _rows(fan_in, fan_out, lambda: rng.gauss(0.0, deviation))


def zeros(fan_in: int, fan_out: int, rng: Random) -> Rows:
    """All weights 0: the neurons of a layer stay copies of each other; here to show that.

    Example:
        >>> zeros(3, 2, Random(0))
        [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    return _rows(fan_in, fan_out, lambda: 0.0)


def uniform(fan_in: int, fan_out: int, rng: Random) -> Rows:
    """`w ~ U(-1, 1)`, whatever the size of the layer: what micrograd draws.

    Example:
        >>> import random
        >>> random.seed(1337)
        >>> [round(w, 4) for w in uniform(2, 1, random)[0]]
        [0.2355, 0.0665]

    References:
        A. Karpathy, micrograd, 2020.
    """
    return _rows(fan_in, fan_out, lambda: rng.uniform(-1.0, 1.0))


def normal(fan_in: int, fan_out: int, rng: Random) -> Rows:
    """`w ~ N(0, 1)`, whatever the size of the layer: too wide for wide layers; here to show that."""
    return _normal_of_variance(1.0, fan_in, fan_out, rng)


def glorot_uniform(fan_in: int, fan_out: int, rng: Random) -> Rows:
    """`w ~ U(-a, a)` with `a = √(6 / (fan_in + fan_out))`: for tanh, sigmoid and linear layers.

    The variance `2 / (fan_in + fan_out)` keeps the size of activations and of gradients over the layers.

    References:
        X. Glorot, Y. Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010.
    """
    return _uniform_of_variance(2.0 / (fan_in + fan_out), fan_in, fan_out, rng)


def glorot_normal(fan_in: int, fan_out: int, rng: Random) -> Rows:
    """`w ~ N(0, 2 / (fan_in + fan_out))`: as `glorot_uniform`, normally distributed."""
    return _normal_of_variance(2.0 / (fan_in + fan_out), fan_in, fan_out, rng)


def he_uniform(fan_in: int, fan_out: int, rng: Random) -> Rows:
    """`w ~ U(-a, a)` with `a = √(6 / fan_in)`: for ReLU and its kin.

    The variance is `2 / fan_in`: twice LeCun's, since ReLU sets half of the activations to zero.

    References:
        K. He, X. Zhang, S. Ren, J. Sun, Delving deep into rectifiers, 2015.
    """
    return _uniform_of_variance(2.0 / fan_in, fan_in, fan_out, rng)


def he_normal(fan_in: int, fan_out: int, rng: Random) -> Rows:
    """`w ~ N(0, 2 / fan_in)`: as `he_uniform`, normally distributed."""
    return _normal_of_variance(2.0 / fan_in, fan_in, fan_out, rng)


def lecun_uniform(fan_in: int, fan_out: int, rng: Random) -> Rows:
    """`w ~ U(-a, a)` with `a = √(3 / fan_in)`: the weighted sum of standardised inputs has the variance 1.

    References:
        Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, Efficient BackProp, 1998.
    """
    return _uniform_of_variance(1.0 / fan_in, fan_in, fan_out, rng)


def lecun_normal(fan_in: int, fan_out: int, rng: Random) -> Rows:
    """`w ~ N(0, 1 / fan_in)`: for SELU, whose self-normalisation needs just this variance.

    References:
        G. Klambauer, T. Unterthiner, A. Mayr, S. Hochreiter, Self-normalizing neural networks, 2017.
    """
    return _normal_of_variance(1.0 / fan_in, fan_in, fan_out, rng)


INITIALIZERS: Mapping[str, Initializer] = {
    "zeros": zeros, "uniform": uniform, "normal": normal,
    "glorot_uniform": glorot_uniform, "glorot_normal": glorot_normal,
    "he_uniform": he_uniform, "he_normal": he_normal,
    "lecun_uniform": lecun_uniform, "lecun_normal": lecun_normal,
}  # fmt: skip
"""The initializers by name."""

_HALF_OPEN = ("relu", "leaky_relu", "elu", "celu", "gelu", "silu", "swish", "mish", "softplus")


def suited_to(activation: str) -> Initializer:
    """The default: He's for ReLU and its kin, LeCun's for SELU, Glorot's for all others.

    Args:
        activation: The name of the activation of the layer.

    Example:
        >>> suited_to("relu").__name__, suited_to("tanh").__name__
        ('he_uniform', 'glorot_uniform')
    """
    if activation == "selu":
        return lecun_normal
    return he_uniform if activation in _HALF_OPEN else glorot_uniform


def resolve(initializer: str | Initializer | None, activation: str) -> Initializer:
    """The initializer that is meant.

    Args:
        initializer: A name, a function `(fan_in, fan_out, rng) -> rows`, or None for the one that suits.
        activation: The name of the activation of the layer.

    Raises:
        ValueError: If there is no initializer of that name.
        TypeError: If it is neither a name nor a function.
    """
    if initializer is None:
        return suited_to(activation)
    if isinstance(initializer, str):
        return look_up("initializer", initializer, INITIALIZERS)
    if not callable(initializer):
        raise TypeError(f"an initializer is a name or a function (fan_in, fan_out, rng) -> rows, not {initializer!r}")
    return initializer


def draw(initializer: str | Initializer | None, activation: str, fan_in: int, fan_out: int, seed: Seed = None) -> Rows:
    """The first weights of a layer.

    Args:
        initializer: A name, a function `(fan_in, fan_out, rng) -> rows`, or None for the one that suits.
        activation: The name of the activation of the layer.
        fan_in: The number of inputs.
        fan_out: The number of neurons.
        seed: An int or a `random.Random` to draw with; None for the global module `random`.

    Raises:
        ValueError: If there is no initializer of that name.
        TypeError: If it is neither a name nor a function.
        ShapeError: If it does not give a row for every neuron and a weight for every input.

    Example:
        >>> draw("zeros", "relu", 2, 1)
        [[0.0, 0.0]]
    """
    function = resolve(initializer, activation)
    rows = function(fan_in, fan_out, generator(seed))
    if len(rows) != fan_out or any(len(row) != fan_in for row in rows):
        name = getattr(function, "__name__", repr(function))
        raise ShapeError(f"the initializer {name} must give {fan_out} rows of {fan_in} weights, got {rows!r:.80}")
    return rows
