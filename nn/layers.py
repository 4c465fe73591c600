"""Layers beyond the dense one, and `Sequential`, which calls one after the other.

It owns how modules are put in a row, and maxout; it must not know losses, data or training.
Read next: `losses/`, then `optimizers/` and `training/loop.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import autograd
from autograd import ShapeError, Value

from . import initializers
from .counts import positive
from .initializers import Initializer
from .inputs import sample
from .module import Module, count, nothing_shared
from .modules import MLP, Layer, Neuron, draw_dense
from .noise import Dropout, GaussianNoise, dropout, gaussian_noise
from .seeds import Seed, generator

__all__ = ["Dropout", "GaussianNoise", "Maxout", "MaxoutNeuron", "Sequential", "dropout", "gaussian_noise"]


class Sequential(Module):
    """Modules one after the other: the outputs of each are the inputs of the next.

    Args:
        modules: The modules: dense layers, maxout, dropout, noise, whole networks, modules of your own.

    Attributes:
        layers: The modules, a list.

    Raises:
        ValueError: If there are none.
        TypeError: If one is not a Module.
        ShapeError: If a module does not take as many inputs as the one before it has outputs, where both tell it.

    Example:
        >>> from nn.modules import Layer
        >>> network = Sequential(GaussianNoise(0.1), Layer(2, 8, activation="tanh", seed=0), Dropout(0.5), Layer(8, 1))
        >>> network
        Sequential(
          layers.0: GaussianNoise(0.1)
          layers.1: Layer(2 -> 8 tanh)
          layers.2: Dropout(0.5)
          layers.3: Layer(8 -> 1 relu)
        )  # 33 parameters
        >>> network.eval()([0.0, 0.0]).data
        0.0
    """

    def __init__(self, *modules: Module) -> None:
        if not modules:
            raise ValueError("a Sequential needs one module at least: write Sequential(Layer(2, 1))")
        for module in modules:
            if not isinstance(module, Module):
                hint = "; write Sequential(*modules)" if isinstance(module, (list, tuple)) else ""
                raise TypeError(f"a Sequential is made of modules, not {type(module).__name__}: {module!r:.60}{hint}")
        _check_widths(modules)
        self.layers: list[Any] = list(modules)

    def __call__(self, x: Sequence[Value | float]) -> Any:
        """The output for one sample: a list of Values, or a Value if there is one.

        Args:
            x: The inputs, as the first module takes them.

        Raises:
            ShapeError: If a module gets a wrong number of inputs.
            TypeError: If x is not a sequence, or is one of samples.
        """
        values: Any = x
        for layer in self.layers:
            values = layer([values] if isinstance(values, Value) else values)
        return values[0] if isinstance(values, list) and len(values) == 1 else values

    @property
    def n_inputs(self) -> int | None:
        """The number of inputs; None if the first module does not tell it."""
        return _width(self.layers, "n_inputs")

    @property
    def n_outputs(self) -> int | None:
        """The number of outputs; None if the last module does not tell it."""
        return _width(reversed(self.layers), "n_outputs")

    def graph(
        self, *, inputs: Sequence[str] = (), outputs: Sequence[str] = (), title: str = "", gradients: bool = False
    ) -> Any:
        """The network as a picture, as `MLP.graph`; dropout and noise are left out of it.

        Args:
            inputs: Names of the inputs: one for each, or none.
            outputs: Names of the outputs: one for each, or none.
            title: A line above the picture.
            gradients: Show the gradients of the weights in place of these.

        Raises:
            TypeError: If there are modules other than dense layers, dropout and noise, or no dense layers.
        """
        layers = list(_dense(self))
        if not layers:
            raise TypeError("there are no neurons to draw: this Sequential is made of dropout and noise alone")
        return draw_dense(layers, inputs, outputs, title, gradients)


class MaxoutNeuron(Module):
    """The largest of several weighted sums: `y = maxᵢ (wᵢ · x + bᵢ)`.

    Args:
        weights: The weights of each weighted sum, of each piece: rows of numbers, or of Values to share.
        biases: The bias of each; all 0 if None.

    Attributes:
        pieces: The weighted sums: linear neurons, a list.
        activation: `"maxout"`.

    Raises:
        ShapeError: If there are no weights, the rows differ in length, or there is not a bias for each.

    Example:
        ReLU is the larger one of x and 0:

        >>> relu = MaxoutNeuron([[1.0], [0.0]])
        >>> relu([3.0]).data, relu([-3.0]).data
        (3.0, 0.0)
    """

    activation = "maxout"
    _neurons = 1

    def __init__(
        self, weights: Sequence[Sequence[Value | float]], biases: Sequence[Value | float] | None = None
    ) -> None:
        if len({len(row) for row in weights}) != 1:
            raise ShapeError(f"a maxout neuron needs rows of as many weights each, got {[len(row) for row in weights]}")
        if biases is not None and len(biases) != len(weights):
            raise ShapeError(f"a maxout neuron of {count(len(weights), 'piece')} has as many biases, got {len(biases)}")
        biases = biases if biases is not None else [0.0] * len(weights)
        self.pieces = [_Piece(len(w), False, weights=w, bias=b) for w, b in zip(weights, biases, strict=True)]

    def __call__(self, x: Sequence[Value | float]) -> Any:
        """The output for one sample. Where pieces tie they share the gradient.

        Args:
            x: The inputs: numbers or Values; a row of a numpy array too.

        Raises:
            ShapeError: If their number is not that of the weights of a piece.
            TypeError: If x is not a sequence, or is one of samples.
        """
        x = sample(self, self.n_inputs, x)
        return autograd.max([piece(x) for piece in self.pieces])

    @property
    def n_inputs(self) -> int:
        """The number of inputs."""
        return self.pieces[0].n_inputs

    @property
    def n_outputs(self) -> int:
        """The number of outputs: 1."""
        return 1

    def __repr__(self) -> str:
        return f"MaxoutNeuron({count(self.n_inputs, 'input')}, {count(len(self.pieces), 'piece')})"


class _Piece(Neuron):
    """A weighted sum inside a maxout neuron, which does not count as a neuron itself."""

    _neurons = 0


class Maxout(Module):
    """A layer of maxout neurons: `yⱼ = maxᵢ (wᵢⱼ · x + bᵢⱼ)`.

    It generalises ReLU and leaky ReLU, learns the form of its activation, and has `pieces` times the parameters of a
    dense layer. It is not a single dot product.

    Args:
        n_inputs: The number of inputs.
        n_outputs: The number of neurons.
        pieces: The number of weighted sums that each neuron takes the largest of.
        initializer: The name of an initializer or a function `(fan_in, fan_out, rng) -> rows`, called once for each
            piece; None for the one that suits. Biases start at 0.
        seed: An int or a `random.Random` to draw the weights with; None for the global module `random`.

    Attributes:
        neurons: The `MaxoutNeuron`s, a list.
        activation: `"maxout"`.

    Raises:
        ValueError: If a number is not whole and at least 1, or there is no initializer of that name.

    Example:
        >>> layer = Maxout(3, 4, pieces=2, seed=0)
        >>> layer
        Maxout(3 -> 4, 2 pieces)
        >>> layer.n_neurons, layer.n_weights, layer.n_parameters
        (4, 24, 32)
        >>> len(layer([1.0, 2.0, 3.0]))
        4

    References:
        I. Goodfellow, D. Warde-Farley, M. Mirza, A. Courville, Y. Bengio, Maxout networks, 2013.
    """

    activation = "maxout"

    def __init__(
        self, n_inputs: int, n_outputs: int, pieces: int = 2, *, initializer: str | Initializer | None = None,
        seed: Seed = None,
    ) -> None:  # fmt: skip
        n_inputs, n_outputs = positive("n_inputs", n_inputs), positive("n_outputs", n_outputs)
        # One generator for all pieces: with one each, of the same seed, they would be copies of each other.
        rng = None if seed is None else generator(seed)
        drawn = [
            initializers.draw(initializer, self.activation, n_inputs, n_outputs, rng)
            for _ in range(positive("pieces", pieces))
        ]
        self.neurons = [MaxoutNeuron(rows) for rows in zip(*drawn, strict=True)]

    def __call__(self, x: Sequence[Value | float]) -> Any:
        """The outputs for one sample: a list of Values, or a Value if there is one neuron.

        Args:
            x: The inputs: `n_inputs` numbers or Values; a row of a numpy array too.

        Raises:
            ShapeError: If their number is not n_inputs.
            TypeError: If x is not a sequence, or is one of samples.
        """
        x = sample(self, self.n_inputs, x)
        outputs = [neuron(x) for neuron in self.neurons]
        return outputs[0] if len(outputs) == 1 else outputs

    @property
    def n_inputs(self) -> int:
        """The number of inputs."""
        return self.neurons[0].n_inputs

    @property
    def n_outputs(self) -> int:
        """The number of outputs, which is that of the neurons."""
        return len(self.neurons)

    def config(self) -> dict[str, Any]:
        """What `Maxout(**config)` builds the same layer from, with other weights.

        Raises:
            TypeError: If pieces share parameters, or neurons differ in their number.

        Example:
            >>> Maxout(3, 4).config()
            {'n_inputs': 3, 'n_outputs': 4, 'pieces': 2}
        """
        pieces = len(self.neurons[0].pieces)
        if any((neuron.n_inputs, len(neuron.pieces)) != (self.n_inputs, pieces) for neuron in self.neurons):
            raise TypeError(f"the neurons of {self!r} are not of one kind, which a config cannot say")
        config = {"n_inputs": self.n_inputs, "n_outputs": self.n_outputs, "pieces": pieces}
        return nothing_shared(self, config, self.n_outputs * pieces * (self.n_inputs + 1))

    def __repr__(self) -> str:
        return f"Maxout({self.n_inputs} -> {self.n_outputs}, {count(len(self.neurons[0].pieces), 'piece')})"


_PASS = (Dropout, GaussianNoise)  # as many outputs as inputs, whatever their number


def _check_widths(modules: Sequence[Module]) -> None:
    """ShapeError unless each module takes what the one before it gives, as far as they tell it."""
    before, given = modules[0], None
    for module in modules:
        if isinstance(module, _PASS):
            continue
        expected = getattr(module, "n_inputs", None)
        if given is not None and expected is not None and given != expected:
            raise ShapeError(
                f"{module!r} takes {count(expected, 'input')}, but {before!r} before it has {count(given, 'output')}"
            )
        before, given = module, getattr(module, "n_outputs", None)


def _width(modules: Iterable[Module], name: str) -> int | None:
    """What the first module tells of its number of inputs or outputs, not counting dropout and noise."""
    for module in modules:
        if not isinstance(module, _PASS):
            return getattr(module, name, None)
    return None


def _dense(module: Module) -> Iterator[Layer]:
    """The dense layers of a network in their order."""
    if isinstance(module, Layer):
        yield module
    elif isinstance(module, (MLP, Sequential)):
        for layer in module.layers:
            yield from _dense(layer)
    elif not isinstance(module, _PASS):
        raise TypeError(f"only dense layers are drawn as a network, not {module!r:.80}; draw(model(x)) shows any graph")
