"""`Neuron`, `Layer` and `MLP`: networks made of scalar Values, and `Module`, which finds their parameters.

It owns the weights and how an output is computed from an input; it must not know losses, data or training.
Read next: `losses.py`, then `optimizers.py` and `training.py`.

A neuron computes a weighted sum, then a nonlinearity, and only those two things: `y = f(Σᵢ wᵢ xᵢ + b)`.
"""

from __future__ import annotations

import operator
import random
from collections.abc import Iterator, Mapping, Sequence
from reprlib import recursive_repr
from typing import Any, TypeAlias, cast

import autograd
from autograd import ShapeError, Value, dot

from . import activations, initializers
from .activations import LAYER_ACTIVATIONS, Activation, linear
from .counts import positive
from .initializers import Initializer

__all__ = ["MLP", "Layer", "Module", "Neuron"]

Seed: TypeAlias = int | random.Random | None


Path: TypeAlias = tuple[Any, ...]  # () at the root, else the path of what contains it and the key in there


class Module:
    """What has parameters: the base class of everything here, and of networks of your own.

    Parameters are the leaf Values in its attributes, also inside lists, tuples, dicts and other modules.

    Example:
        >>> from autograd import Value, sin
        >>> class Wave(Module):
        ...     def __init__(self):
        ...         self.frequency, self.shift = Value(2.0), Value(0.5)
        ...     def __call__(self, x):
        ...         return sin(self.frequency * x + self.shift)
        >>> wave = Wave()
        >>> [name for name, parameter in wave.named_parameters()]
        ['frequency', 'shift']
        >>> wave
        Wave(2 parameters)
    """

    def parameters(self) -> list[Value]:
        """All parameters, each once, in the order of the attributes."""
        return [x for _, x in _walk(self) if isinstance(x, Value) and x.op is None]

    def named_parameters(self) -> list[tuple[str, Value]]:
        """The parameters with their paths; one that is shared has the first of its paths.

        Example:
            >>> network = MLP(2, [3, 1])
            >>> [name for name, parameter in network.layers[1].named_parameters()]
            ['neurons.0.w.0', 'neurons.0.w.1', 'neurons.0.w.2', 'neurons.0.b']
        """
        return [(_joined(path), x) for path, x in _walk(self) if isinstance(x, Value) and x.op is None]

    def modules(self) -> list[Module]:
        """This module and all that it is made of, each once."""
        return [x for _, x in _walk(self) if isinstance(x, Module)]

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for parameter in self.parameters():
            parameter.grad = 0.0

    @property
    def n_parameters(self) -> int:
        """The number of parameters: weights and biases."""
        return len(self.parameters())

    @property
    def n_neurons(self) -> int:
        """The number of neurons; inputs are not counted."""
        return sum(isinstance(module, Neuron) for module in self.modules())

    @property
    def n_weights(self) -> int:
        """The number of weights of neurons: the connections, without the biases.

        Example:
            >>> network = MLP(3, [4, 2])
            >>> network.n_neurons, network.n_weights, network.n_parameters
            (6, 20, 26)
        """
        return len({w for module in self.modules() if isinstance(module, Neuron) for w in module.w})

    @recursive_repr()
    def __repr__(self) -> str:
        parts = [(name, x) for name, x in _members(self) if isinstance(x, Module)]
        if not parts:
            return f"{type(self).__name__}({_count(self.n_parameters, 'parameter')})"
        lines = [f"  {name}: {part!r}".replace("\n", "\n  ") for name, part in parts]
        return "\n".join([f"{type(self).__name__}(", *lines, f")  # {_count(self.n_parameters, 'parameter')}"])


def _members(container: object) -> Iterator[tuple[str, object]]:
    """The named parts of a module, a list, a tuple or a dict; of a module, those in its lists and dicts too."""
    if isinstance(container, Module):
        for name, x in vars(container).items():
            yield name, x
            if isinstance(x, (list, tuple, dict)):
                yield from ((f"{name}.{inner}", y) for inner, y in _members(x))
    elif isinstance(container, Mapping):
        yield from ((str(key), x) for key, x in container.items())
    elif isinstance(container, (list, tuple)):
        yield from ((str(i), x) for i, x in enumerate(container))


_PARTS = (Value, Module, list, tuple, dict)


def _walk(root: Module) -> Iterator[tuple[Path, Any]]:
    """All that is reachable from a module, each thing once with its path, depth first, in the order of attributes."""
    visited: set[int] = set()
    stack: list[tuple[Path, Any]] = [((), root)]
    while stack:
        path, x = stack.pop()
        if id(x) in visited:
            continue
        visited.add(id(x))
        yield path, x
        if isinstance(x, Value):
            continue
        parts: Any = vars(x) if isinstance(x, Module) else x
        for key in reversed(parts) if isinstance(parts, dict) else range(len(parts) - 1, -1, -1):
            if isinstance(part := parts[key], _PARTS):
                stack.append(((path, key), part))


def _joined(path: Path) -> str:
    keys = []
    while path:
        path, key = path
        keys.append(str(key))
    return ".".join(reversed(keys))


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _generator(seed: Seed) -> random.Random:
    """Where random numbers come from: the module `random`, which has the same functions, if there is no seed."""
    if seed is None:
        return cast(random.Random, random)
    if isinstance(seed, random.Random):
        return seed
    return random.Random(operator.index(seed) if hasattr(seed, "__index__") else seed)


def _draw(initializer: Initializer, fan_in: int, fan_out: int, seed: Seed) -> list[list[float]]:
    rows = initializer(fan_in, fan_out, _generator(seed))
    if len(rows) != fan_out or any(len(row) != fan_in for row in rows):
        name = getattr(initializer, "__name__", repr(initializer))
        raise ShapeError(f"the initializer {name} must give {fan_out} rows of {fan_in} weights, got {rows!r:.80}")
    return rows


class Neuron(Module):
    """A weighted sum, then a nonlinearity: `y = f(Σᵢ wᵢ xᵢ + b)`.

    Args:
        n_inputs: The number of inputs.
        nonlin: micrograd's way to ask for a linear neuron: False says the same as `activation="linear"`.
        activation: The name of an activation, or a function of one Value.
        initializer: The name of an initializer or a function `(fan_in, fan_out, rng) -> rows`; None for the one that
            suits the activation. The bias starts at 0.
        seed: An int or a `random.Random` to draw the weights with; None for the global module `random`.
        weights: The weights themselves, in place of drawn ones: numbers, or Values to share.
        bias: The bias: a number, or a Value to share.

    Attributes:
        w: The weights, a list of Values.
        b: The bias, a Value.
        activation: The name of the activation.

    Raises:
        ValueError: If n_inputs is not a whole number of at least 1, or there is no activation or initializer of
            that name, or the activation is one of a whole layer.
        ShapeError: If the number of weights is not n_inputs.

    Example:
        The perceptron of the course, with a sigmoid:

        >>> neuron = Neuron(2, activation="sigmoid", weights=[1.0, -1.0], bias=-0.5)
        >>> neuron
        Neuron(2 inputs, sigmoid)
        >>> [round(neuron([x1, x2]).data, 4) for x1 in (0, 1) for x2 in (0, 1)]
        [0.3775, 0.1824, 0.6225, 0.3775]
        >>> neuron([1, 2, 3])
        Traceback (most recent call last):
        ...
        autograd.errors.ShapeError: Neuron(2 inputs, sigmoid) expected 2 inputs, got 3

    References:
        F. Rosenblatt, The perceptron: a probabilistic model for information storage and organization in the
        brain, 1958. A. Karpathy, micrograd, 2020.
    """

    def __init__(
        self, n_inputs: int, nonlin: bool = True, *, activation: str | Activation = "relu",
        initializer: str | Initializer | None = None, seed: Seed = None,
        weights: Sequence[Value | float] | None = None, bias: Value | float = 0.0,
    ) -> None:  # fmt: skip
        n_inputs = positive("n_inputs", n_inputs)
        self.activation, function = activations.resolve(activation if nonlin else "linear")
        if self.activation in LAYER_ACTIVATIONS:
            raise ValueError(f"{self.activation} is an activation of a whole layer: write Layer(..., activation=...)")
        if weights is None:
            (weights,) = _draw(initializers.resolve(initializer, self.activation), n_inputs, 1, seed)
        if len(weights) != n_inputs:
            raise ShapeError(f"expected {n_inputs} weights, got {len(weights)}")
        self.w = [_parameter(w) for w in weights]
        self.b = _parameter(bias)
        self._function = activations.as_method(function)

    def __call__(self, x: Sequence[Value | float]) -> Any:
        """The output for one sample.

        Args:
            x: The inputs: `n_inputs` numbers or Values; a row of a numpy array too.

        Raises:
            ShapeError: If their number is not n_inputs.
            TypeError: If x is not a sequence, or one of samples.
        """
        try:
            if len(x) != len(self.w):
                raise _wrong_inputs(self, len(self.w), x)
            z = dot(self.w, x, self.b)
        except TypeError as error:
            raise _no_sample(self, len(self.w), x) or error from None
        return z if self._function is linear else self._function(z)

    def __repr__(self) -> str:
        return f"Neuron({_count(len(self.w), 'input')}, {self.activation})"


class Layer(Module):
    """Neurons side by side, each connected to every input: a dense layer.

    Args:
        n_inputs: The number of inputs.
        n_outputs: The number of neurons.
        nonlin: micrograd's way to ask for linear neurons: False says the same as `activation="linear"`.
        activation: The name of an activation or a function of one Value; `"softmax"` and `"log_softmax"` act on
            the whole layer.
        initializer: The name of an initializer or a function `(fan_in, fan_out, rng) -> rows`; None for the one that
            suits the activation. Biases start at 0.
        seed: An int or a `random.Random` to draw the weights with; None for the global module `random`.

    Attributes:
        neurons: The neurons, a list.
        activation: The name of the activation.

    Raises:
        ValueError: If a number is not whole and at least 1, or there is no activation or initializer of that name.

    Example:
        >>> layer = Layer(2, 3, activation="tanh", seed=0)
        >>> layer
        Layer(2 -> 3 tanh)
        >>> len(layer([1.0, 2.0]))
        3
        >>> Layer(2, 1, seed=0)([0.0, 0.0]).data
        0.0
    """

    def __init__(
        self, n_inputs: int, n_outputs: int, nonlin: bool = True, *, activation: str | Activation = "relu",
        initializer: str | Initializer | None = None, seed: Seed = None,
    ) -> None:  # fmt: skip
        n_inputs, n_outputs = positive("n_inputs", n_inputs), positive("n_outputs", n_outputs)
        self.activation, function = activations.resolve(activation if nonlin else "linear")
        self._whole = function if self.activation in LAYER_ACTIVATIONS else None
        if self._whole and n_outputs == 1:
            raise ValueError(f"{self.activation} of one output is always the same: use sigmoid, or 2 outputs or more")
        rows = _draw(initializers.resolve(initializer, self.activation), n_inputs, n_outputs, seed)
        single = linear if self._whole else function
        self.neurons = [Neuron(n_inputs, activation=single, weights=row) for row in rows]

    def __call__(self, x: Sequence[Value | float]) -> Any:
        """The outputs for one sample: a list of Values, or a Value if there is one neuron, as in micrograd.

        Args:
            x: The inputs: `n_inputs` numbers or Values; a row of a numpy array too.

        Raises:
            ShapeError: If their number is not n_inputs.
            TypeError: If x is not a sequence.
        """
        x = _inputs(self, len(self.neurons[0].w), x)
        outputs = [neuron(x) for neuron in self.neurons]
        if self._whole:
            return self._whole(outputs)
        return outputs[0] if len(outputs) == 1 else outputs

    def graph(self, *, inputs: Sequence[str] = (), outputs: Sequence[str] = (), title: str = "") -> Any:
        """The layer as a picture, as `MLP.graph`."""
        return _graph([self], inputs, outputs, title)

    def __repr__(self) -> str:
        return f"Layer({len(self.neurons[0].w)} -> {len(self.neurons)} {self.activation})"


class MLP(Module):
    """Layers one after the other: a multi-layer perceptron.

    Args:
        n_inputs: The number of inputs.
        n_outputs: The number of neurons of every layer: the hidden ones, then the output layer.
        activation: The activation of the hidden layers.
        output_activation: That of the output layer, linear unless told.
        initializer: The name of an initializer or a function `(fan_in, fan_out, rng) -> rows`; None for the one that
            suits each layer's activation. Biases start at 0. `"uniform"` with `random.seed(...)` and no seed here
            draws the weights that micrograd draws, in its order.
        seed: An int or a `random.Random` to draw the weights with; None for the global module `random`.

    Attributes:
        layers: The layers, a list.

    Raises:
        ValueError: If a number is not whole and at least 1, or there is no activation or initializer of that name.
        TypeError: If n_outputs is not a sequence.

    Example:
        >>> network = MLP(2, [16, 16, 1], seed=0)
        >>> network
        MLP(2 -> 16 relu -> 16 relu -> 1 linear; 33 neurons, 304 weights, 337 parameters)
        >>> network([1.0, -2.0]).backward()
        >>> network.layers[2].neurons[0].b.grad
        1.0
    """

    def __init__(
        self, n_inputs: int, n_outputs: Sequence[int], *, activation: str | Activation = "relu",
        output_activation: str | Activation = "linear", initializer: str | Initializer | None = None,
        seed: Seed = None,
    ) -> None:  # fmt: skip
        try:
            sizes = [n_inputs, *n_outputs]
        except TypeError:
            message = f"n_outputs names the size of every layer: write [{n_outputs}], not {n_outputs}"
            raise TypeError(message) from None
        if len(sizes) == 1:
            raise ValueError("n_outputs is empty: a network has one layer at least")
        rng = _generator(seed)
        names = [activation] * (len(sizes) - 2) + [output_activation]
        self.layers = [
            Layer(fan_in, fan_out, activation=name, initializer=initializer, seed=rng if seed is not None else None)
            for fan_in, fan_out, name in zip(sizes[:-1], sizes[1:], names, strict=True)
        ]

    def __call__(self, x: Sequence[Value | float]) -> Any:
        """The output for one sample: a list of Values, or a Value if the last layer has one neuron.

        Args:
            x: The inputs: `n_inputs` numbers or Values; a row of a numpy array too.

        Raises:
            ShapeError: If their number is not n_inputs.
            TypeError: If x is not a sequence.
        """
        values: Any = x
        for layer in self.layers:
            # A layer of one neuron gives a Value, and the next layer takes a sequence.
            values = layer([values] if isinstance(values, Value) else values)
        return values

    def graph(self, *, inputs: Sequence[str] = (), outputs: Sequence[str] = (), title: str = "") -> Any:
        """The network as a picture, with its weights: what `autograd.draw(network)` shows.

        Args:
            inputs: Names of the inputs: one for each, or none.
            outputs: Names of the outputs: one for each, or none.
            title: A line above the picture.

        Returns:
            A picture that shows itself in notebooks, with `.svg` and `.save(path)`.
        """
        return _graph(self.layers, inputs, outputs, title)

    def __repr__(self) -> str:
        layers = "".join(f" -> {len(layer.neurons)} {layer.activation}" for layer in self.layers)
        counts = [(self.n_neurons, "neuron"), (self.n_weights, "weight"), (self.n_parameters, "parameter")]
        return f"MLP({len(self.layers[0].neurons[0].w)}{layers}; {', '.join(_count(*count) for count in counts)})"


def _parameter(x: Value | float) -> Value:
    return x if isinstance(x, Value) else Value(x)


def _graph(layers: Sequence[Layer], inputs: Sequence[str], outputs: Sequence[str], title: str) -> Any:
    weights = [[[w.data for w in neuron.w] for neuron in layer.neurons] for layer in layers]
    biases = [[neuron.b.data for neuron in layer.neurons] for layer in layers]
    names = [layer.activation for layer in layers]
    return autograd.draw_network(weights, biases, inputs=inputs, outputs=outputs, activations=names, title=title)


def _inputs(module: Module, expected: int, x: Any) -> Sequence[Value | float]:
    """The inputs as a sequence of the right length; numpy's numbers become floats once for the whole layer."""
    values = x.tolist() if hasattr(x, "tolist") else x
    if not hasattr(values, "__len__"):
        raise _no_list(module, expected, x)
    if len(values) != expected:
        raise _wrong_inputs(module, expected, values)
    return cast(Sequence[Value | float], values)


def _no_list(module: Module, expected: int, x: object) -> TypeError:
    return TypeError(f"{module!r} takes a list of {expected} numbers, not {type(x).__name__}: write [x]")


def _no_sample(module: Module, expected: int, x: Any) -> TypeError | None:
    """What is wrong with an input that is a number or a batch; None if it is neither."""
    try:
        n = len(x)
    except TypeError:
        return _no_list(module, expected, x)
    if n and hasattr(x[0], "__len__") and not isinstance(x[0], str):
        return TypeError(f"got a batch of {n} samples; one sample at a time: [model(x) for x in X]")
    return None


def _wrong_inputs(module: Module, expected: int, x: Sequence[object]) -> Exception:
    message = f"{module!r} expected {_count(expected, 'input')}, got {len(x)}"
    return _no_sample(module, expected, x) or ShapeError(message)
