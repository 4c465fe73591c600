"""The first weights of a layer: each initializer gives a row of weights for each of its neurons.

It owns the distributions and which of them suits which activation; it must not know layers or Values.
Read next: `modules.py`, which calls them.

An initializer is a function `(fan_in, fan_out, rng) -> rows`. Some have settings, which `functools.partial` gives:
`Layer(8, 4, initializer=partial(normal, deviation=0.1))`; by its name alone it has the settings of its signature.
All draw from a `random.Random` row by row, so that a seed repeats a network bit for bit on every machine.
"""

import math
from collections.abc import Callable, Mapping
from operator import mul
from random import Random
from typing import TypeAlias

from autograd import ShapeError

from .finite import finite
from .lookup import look_up
from .seeds import Seed, generator

__all__ = [
    "INITIALIZERS", "Initializer", "constant", "draw", "glorot_normal", "glorot_uniform", "he_normal", "he_uniform",
    "lecun_normal", "lecun_uniform", "normal", "ones", "orthogonal", "resolve", "suited_to", "truncated_normal",
    "uniform", "zeros",
]  # fmt: skip

Rows: TypeAlias = list[list[float]]
Initializer: TypeAlias = Callable[[int, int, Random], Rows]


def _rows(fan_in: int, fan_out: int, draw: Callable[[], float]) -> Rows:
    return [[draw() for _ in range(fan_in)] for _ in range(fan_out)]


def _uniform_of_variance(variance: float, fan_in: int, fan_out: int, rng: Random) -> Rows:
    return uniform(fan_in, fan_out, rng, limit=math.sqrt(3.0 * variance))  # U(-a, a) has the variance a²/3


def _normal_of_variance(variance: float, fan_in: int, fan_out: int, rng: Random) -> Rows:
    return normal(fan_in, fan_out, rng, deviation=math.sqrt(variance))


def zeros(fan_in: int, fan_out: int, rng: Random) -> Rows:
    """All weights 0: the neurons of a layer stay copies of each other; here to show that.

    Example:
        >>> zeros(3, 2, Random(0))
        [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    return constant(fan_in, fan_out, rng, value=0.0)


def ones(fan_in: int, fan_out: int, rng: Random) -> Rows:
    """All weights 1: each neuron adds up its inputs, for exercises by hand.

    Example:
        >>> ones(3, 1, Random(0))
        [[1.0, 1.0, 1.0]]
    """
    return constant(fan_in, fan_out, rng, value=1.0)


def constant(fan_in: int, fan_out: int, rng: Random, value: float = 0.1) -> Rows:
    """All weights the same number; the neurons of a layer stay copies of each other.

    Args:
        fan_in: The number of inputs.
        fan_out: The number of neurons.
        rng: Not used.
        value: The number.

    Raises:
        ValueError: If value is not finite.
        TypeError: If value is no number.

    Example:
        >>> from functools import partial
        >>> from nn.modules import Neuron
        >>> [w.data for w in Neuron(3, initializer=partial(constant, value=0.5)).w]
        [0.5, 0.5, 0.5]
    """
    value = finite("value", value)
    return _rows(fan_in, fan_out, lambda: value)


def uniform(fan_in: int, fan_out: int, rng: Random, limit: float = 1.0) -> Rows:
    """`w ~ U(-a, a)` with the variance `a² / 3`; with a = 1, whatever the size of the layer, what micrograd draws.

    Args:
        fan_in: The number of inputs.
        fan_out: The number of neurons.
        rng: What to draw from.
        limit: The limit a, at least 0.

    Raises:
        ValueError: If limit is negative or not finite.
        TypeError: If limit is no number.

    Example:
        >>> import random
        >>> random.seed(1337)
        >>> [round(w, 4) for w in uniform(2, 1, random)[0]]
        [0.2355, 0.0665]

    References:
        A. Karpathy, micrograd, 2020.
    """
    limit = finite("limit", limit, minimum=0)
    return _rows(fan_in, fan_out, lambda: rng.uniform(-limit, limit))


def normal(fan_in: int, fan_out: int, rng: Random, deviation: float = 1.0) -> Rows:
    """`w ~ N(0, σ²)`, with σ = 1 whatever the size of the layer: too wide for wide layers; here to show that.

    Args:
        fan_in: The number of inputs.
        fan_out: The number of neurons.
        rng: What to draw from.
        deviation: The standard deviation σ, at least 0.

    Raises:
        ValueError: If deviation is negative or not finite.
        TypeError: If deviation is no number.

    Example:
        >>> [round(w, 4) for w in normal(2, 1, Random(0), deviation=0.1)[0]]
        [0.0942, -0.1397]
    """
    deviation = finite("deviation", deviation, minimum=0)
    return _rows(fan_in, fan_out, lambda: rng.gauss(0.0, deviation))


def truncated_normal(fan_in: int, fan_out: int, rng: Random, deviation: float | None = None) -> Rows:
    """`w ~ N(0, σ²)`, drawn anew until `|w| <= 2σ`, so that no weight is large: its variance is `0.7737 σ²`.

    Args:
        fan_in: The number of inputs.
        fan_out: The number of neurons.
        rng: What to draw from.
        deviation: The standard deviation σ before the tails are cut, at least 0; `1 / √fan_in` if None.

    Raises:
        ValueError: If deviation is negative or not finite.
        TypeError: If deviation is neither a number nor None.

    Example:
        >>> rows = truncated_normal(4, 100, Random(0))
        >>> max(abs(w) for row in rows for w in row) <= 2 / math.sqrt(4)
        True

    References:
        M. Abadi et al., TensorFlow: large-scale machine learning on heterogeneous systems, 2015.
    """
    sigma = finite("deviation", 1.0 / math.sqrt(fan_in) if deviation is None else deviation, minimum=0)

    def within_2() -> float:
        while abs(z := rng.gauss(0.0, 1.0)) > 2.0:  # 4.6 % of the draws
            pass
        return z

    return _rows(fan_in, fan_out, lambda: sigma * within_2())


def orthogonal(fan_in: int, fan_out: int, rng: Random, gain: float = 1.0) -> Rows:
    """A random orthogonal matrix: `W Wᵀ = I`, or `Wᵀ W = I` if there are more neurons than inputs.

    A linear layer of as many neurons as inputs then turns its inputs and keeps their length, and that of gradients.
    The rows (or columns) are normal draws made orthonormal by Gram and Schmidt's method, so that all
    directions are equally likely.

    Args:
        fan_in: The number of inputs.
        fan_out: The number of neurons.
        rng: What to draw from.
        gain: A factor of all weights.

    Raises:
        ValueError: If gain is not finite.
        TypeError: If gain is no number.

    Numerics:
        Each vector is made orthogonal to the earlier ones twice, which leaves only rounding errors.

    Cost: `2 max(n, m) min(n, m)²` multiplications in plain Python for n inputs and m neurons: 0.1 s for 64 x 64.

    Example:
        >>> (a, b), (c, d) = orthogonal(2, 2, Random(0))
        >>> abs(a * c + b * d) < 1e-15, round(math.hypot(a, b), 12)
        (True, 1.0)

    References:
        A. Saxe, J. McClelland, S. Ganguli, Exact solutions to the nonlinear dynamics of learning in deep linear
        neural networks, 2014. L. Giraud, J. Langou, M. Rozložník, The loss of orthogonality in the Gram-Schmidt
        orthogonalization process, 2005.
    """
    gain = finite("gain", gain)
    length, number = max(fan_in, fan_out), min(fan_in, fan_out)
    vectors: Rows = []
    for _ in range(number):
        v = [rng.gauss(0.0, 1.0) for _ in range(length)]
        for u in vectors * 2:  # once more: the first time leaves what rounding has lost
            share = sum(map(mul, u, v))
            v = [x - share * y for x, y in zip(v, u, strict=True)]
        norm = math.hypot(*v)
        vectors.append([x / norm for x in v])
    rows = vectors if fan_out <= fan_in else zip(*vectors, strict=True)
    return [[gain * x for x in row] for row in rows]


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
    "zeros": zeros, "ones": ones, "constant": constant,
    "uniform": uniform, "normal": normal, "truncated_normal": truncated_normal,
    "glorot_uniform": glorot_uniform, "glorot_normal": glorot_normal,
    "he_uniform": he_uniform, "he_normal": he_normal,
    "lecun_uniform": lecun_uniform, "lecun_normal": lecun_normal,
    "orthogonal": orthogonal,
}  # fmt: skip
"""The initializers by name."""

_HALF_OPEN = ("relu", "leaky_relu", "prelu", "elu", "celu", "gelu", "silu", "swish", "mish", "softplus")


def suited_to(activation: str) -> Initializer:
    """The default: He's for ReLU and its kin, LeCun's for SELU and maxout, Glorot's for all others.

    The larger of two weighted sums has the mean square of one of them, `E[max(z₁, z₂)²] = E[z²]`, so that
    maxout needs no factor 2, as ReLU does.

    Args:
        activation: The name of the activation of the layer.

    Example:
        >>> suited_to("relu").__name__, suited_to("tanh").__name__
        ('he_uniform', 'glorot_uniform')

    References:
        H. Tseran, G. Montúfar, Expected gradients of maxout networks and consequences to parameter
        initialization, 2023.
    """
    if activation in ("selu", "maxout"):
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
