"""`Neuron`, `Layer` and `MLP`: networks made of scalar Values.

It owns the weights and how an output is computed from an input; it must not know losses, data or training.
Read next: `layers.py`, then `losses/`, `optimizers/` and `training/loop.py`.

A neuron computes a weighted sum, then a nonlinearity, and only those two things: `y = f(Σᵢ wᵢ xᵢ + b)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import autograd
from autograd import AutogradError, ShapeError, Value, dot, prelu

from . import activations, initializers
from .activations import LAYER_ACTIVATIONS, Activation, linear
from .counts import positive
from .initializers import Initializer
from .inputs import no_sample, sample, wrong_number
from .module import Module, count, nothing_shared
from .noise import Dropout
from .seeds import Seed, generator

__all__ = ["MLP", "Layer", "Module", "Neuron", "draw_dense"]


class Neuron(Module):
    """A weighted sum, then a nonlinearity: `y = f(Σᵢ wᵢ xᵢ + b)`.

    Args:
        n_inputs: The number of inputs.
        nonlin: micrograd's way to ask for a linear neuron: False says the same as `activation="linear"`.
        activation: The name of an activation, or a function of one Value; `"prelu"` has a slope, which is learned.
        initializer: The name of an initializer or a function `(fan_in, fan_out, rng) -> rows`; None for the one that
            suits the activation. The bias starts at 0.
        seed: An int or a `random.Random` to draw the weights with; None for the global module `random`.
        weights: The weights themselves, in place of drawn ones: numbers, or Values to share.
        bias: The bias: a number, or a Value to share.

    Attributes:
        w: The weights, a list of Values.
        b: The bias, a Value.
        slope: The slope below 0, a Value that starts at 0.25; with `"prelu"` alone.
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
        brain, 1958. K. He, X. Zhang, S. Ren, J. Sun, Delving deep into rectifiers (the learned slope), 2015.
        A. Karpathy, micrograd, 2020.
    """

    _neurons = 1

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
            (weights,) = initializers.draw(initializer, self.activation, n_inputs, 1, seed)
        if len(weights) != n_inputs:
            raise ShapeError(f"expected {n_inputs} weights, got {len(weights)}")
        self.w = [_parameter(w) for w in weights]
        self.b = _parameter(bias)
        if function is prelu:
            self.slope = Value(0.25)
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
                raise wrong_number(self, len(self.w), x)
            z = dot(self.w, x, self.b)
        except TypeError as error:
            raise no_sample(self, len(self.w), x) or error from None
        function = self._function
        if function is linear:
            return z
        return function(z) if function is not prelu else prelu(z, self.slope)

    @property
    def n_inputs(self) -> int:
        """The number of inputs."""
        return len(self.w)

    @property
    def n_outputs(self) -> int:
        """The number of outputs: 1."""
        return 1

    def config(self) -> dict[str, Any]:
        """What `Neuron(**config)` builds the same neuron from, with other weights.

        Raises:
            TypeError: If the activation is a function of one's own, or two of the parameters are the same Value.

        Example:
            >>> Neuron(2, activation="tanh").config()
            {'n_inputs': 2, 'activation': 'tanh'}
        """
        config = {"n_inputs": len(self.w), "activation": activations.by_name(self.activation, self._function)}
        return nothing_shared(self, config, len(self.w) + 1 + (self._function is prelu))

    def graph(
        self, *, inputs: Sequence[str] = (), outputs: Sequence[str] = (), title: str = "", gradients: bool = False
    ) -> Any:
        """The neuron as a picture, as `MLP.graph`."""
        return draw_dense([self], inputs, outputs, title, gradients)

    def __repr__(self) -> str:
        return f"Neuron({count(len(self.w), 'input')}, {self.activation})"


class Layer(Module):
    """Neurons side by side, each connected to every input: a dense layer.

    Args:
        n_inputs: The number of inputs.
        n_outputs: The number of neurons.
        nonlin: micrograd's way to ask for linear neurons: False says the same as `activation="linear"`.
        activation: The name of an activation or a function of one Value; `"softmax"` and `"log_softmax"` act on
            the whole layer; with `"prelu"` each neuron learns a slope.
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
        self.activation, self._function = activations.resolve(activation if nonlin else "linear")
        self._whole = self._function if self.activation in LAYER_ACTIVATIONS else None
        if self._whole and n_outputs == 1:
            raise ValueError(f"{self.activation} of one output is always the same: use sigmoid, or 2 outputs or more")
        rows = initializers.draw(initializer, self.activation, n_inputs, n_outputs, seed)
        single = linear if self._whole else self._function
        self.neurons = [Neuron(n_inputs, activation=single, weights=row) for row in rows]

    def __call__(self, x: Sequence[Value | float]) -> Any:
        """The outputs for one sample: a list of Values, or a Value if there is one neuron, as in micrograd.

        Args:
            x: The inputs: `n_inputs` numbers or Values; a row of a numpy array too.

        Raises:
            ShapeError: If their number is not n_inputs.
            TypeError: If x is not a sequence.
        """
        x = sample(self, len(self.neurons[0].w), x)
        outputs = [neuron(x) for neuron in self.neurons]
        if self._whole:
            return self._whole(outputs)
        return outputs[0] if len(outputs) == 1 else outputs

    @property
    def n_inputs(self) -> int:
        """The number of inputs."""
        return len(self.neurons[0].w)

    @property
    def n_outputs(self) -> int:
        """The number of outputs, which is that of the neurons."""
        return len(self.neurons)

    def config(self) -> dict[str, Any]:
        """What `Layer(**config)` builds the same layer from, with other weights.

        Raises:
            TypeError: If the activation is a function of one's own, neurons share parameters, or one was put in
                place of another and is of another kind.

        Example:
            >>> Layer(2, 3, activation="softmax").config()
            {'n_inputs': 2, 'n_outputs': 3, 'activation': 'softmax'}
        """
        config = {
            "n_inputs": self.n_inputs, "n_outputs": self.n_outputs,
            "activation": activations.by_name(self.activation, self._function),
        }  # fmt: skip
        kind = (self.n_inputs, linear if self._whole else activations.as_method(self._function))
        if any((neuron.n_inputs, neuron._function) != kind for neuron in self.neurons):
            raise TypeError(f"the neurons of {self!r} are not of one kind, which a config cannot say")
        return nothing_shared(self, config, sum(neuron.n_parameters for neuron in self.neurons))

    def graph(
        self, *, inputs: Sequence[str] = (), outputs: Sequence[str] = (), title: str = "", gradients: bool = False
    ) -> Any:
        """The layer as a picture, as `MLP.graph`."""
        return draw_dense([self], inputs, outputs, title, gradients)

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
        seed: An int or a `random.Random` to draw the weights and the dropout with; None for the global module
            `random`.
        dropout: The probability that an output of a hidden layer is dropped while training, in [0, 1).

    Attributes:
        layers: The layers, a list.
        dropout: The `Dropout` that the outputs of every hidden layer pass.

    Raises:
        ValueError: If a number is not whole and at least 1, or there is no activation or initializer of that name, or
            dropout is not in [0, 1).
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
        seed: Seed = None, dropout: float = 0.0,
    ) -> None:  # fmt: skip
        try:
            sizes = [n_inputs, *n_outputs]
        except TypeError:
            message = f"n_outputs names the size of every layer: write [{n_outputs}], not {n_outputs}"
            raise TypeError(message) from None
        if len(sizes) == 1:
            raise ValueError("n_outputs is empty: a network has one layer at least")
        rng = None if seed is None else generator(seed)
        names = [activation] * (len(sizes) - 2) + [output_activation]
        self.dropout = Dropout(dropout, rng)
        self.layers = [
            Layer(fan_in, fan_out, activation=name, initializer=initializer, seed=rng)
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
        drop = self.dropout if self.dropout.p else None
        for layer in self.layers:
            if drop and values is not x:
                values = drop(values)
            # A layer of one neuron gives a Value, and the next layer takes a sequence.
            values = layer([values] if isinstance(values, Value) else values)
        return values

    @property
    def n_inputs(self) -> int:
        """The number of inputs."""
        return self.layers[0].n_inputs

    @property
    def n_outputs(self) -> int:
        """The number of outputs."""
        return self.layers[-1].n_outputs

    def config(self) -> dict[str, Any]:
        """What `MLP(**config)` builds the same network from, with other weights.

        Raises:
            TypeError: If an activation is a function of one's own, layers share parameters, or one was put in place
                of another so that it is no longer a network that `MLP` makes.

        Example:
            >>> MLP(2, [3, 1], dropout=0.5).config()
            {'n_inputs': 2, 'n_outputs': [3, 1], 'activation': 'relu', 'output_activation': 'linear', 'dropout': 0.5}
        """
        if strangers := [layer for layer in self.layers if type(layer) is not Layer]:
            raise TypeError(f"a layer of this MLP is no Layer: {strangers[0]!r}; a Sequential can hold it")
        parts = [layer.config() for layer in self.layers]
        hidden = {part["activation"] for part in parts[:-1]} or {"relu"}
        if len(hidden) > 1:
            names = " and ".join(sorted(hidden))
            raise TypeError(f"hidden layers of this MLP differ, {names}; a Sequential can hold them")
        config = {
            "n_inputs": self.n_inputs, "n_outputs": [part["n_outputs"] for part in parts],
            "activation": hidden.pop(), "output_activation": parts[-1]["activation"], "dropout": self.dropout.p,
        }  # fmt: skip
        return nothing_shared(self, config, sum(layer.n_parameters for layer in self.layers))

    def graph(
        self, *, inputs: Sequence[str] = (), outputs: Sequence[str] = (), title: str = "", gradients: bool = False
    ) -> Any:
        """The network as a picture, with its weights: what `autograd.draw(network)` shows.

        Args:
            inputs: Names of the inputs: one for each, or none.
            outputs: Names of the outputs: one for each, or none.
            title: A line above the picture.
            gradients: Show the gradients of the weights in place of these.

        Returns:
            A picture that shows itself in notebooks, with `.svg` and `.save(path)`; its `nodes` is the graph of one
            forward pass, with 1 for each input and without dropout.
        """
        return draw_dense(self.layers, inputs, outputs, title, gradients)

    def __repr__(self) -> str:
        drop = f" -> dropout {self.dropout.p:g}" if self.dropout.p else ""
        layers = drop.join(f" -> {layer.n_outputs} {layer.activation}" for layer in self.layers)
        counts = [(self.n_neurons, "neuron"), (self.n_weights, "weight"), (self.n_parameters, "parameter")]
        return f"MLP({self.n_inputs}{layers}; {', '.join(count(*counted) for counted in counts)})"


def _parameter(x: Value | float) -> Value:
    return x if isinstance(x, Value) else Value(x)


def draw_dense(
    layers: Sequence[Layer | Neuron], inputs: Sequence[str], outputs: Sequence[str], title: str, gradients: bool
) -> Any:
    """Dense layers, one after the other, as a picture.

    Args:
        layers: The layers; a neuron is a layer of one.
        inputs: Names of the inputs: one for each, or none.
        outputs: Names of the outputs: one for each, or none.
        title: A line above the picture.
        gradients: Show the gradients of the weights in place of these.
    """
    rows = [[layer] if isinstance(layer, Neuron) else layer.neurons for layer in layers]
    return autograd.draw_network(
        [[[w.data for w in neuron.w] for neuron in row] for row in rows],
        [[neuron.b.data for neuron in row] for row in rows],
        inputs=inputs, outputs=outputs, activations=[layer.activation for layer in layers], title=title,
        gradients=[[[w.grad for w in neuron.w] for neuron in row] for row in rows] if gradients else None,
        forward=_forward(layers, inputs),
    )  # fmt: skip


def _forward(layers: Sequence[Layer | Neuron], names: Sequence[str]) -> list[Value] | None:
    """The outputs where each input is 1; None where a function of one's own is not defined there."""
    values: Any = [Value(1.0, label=f"x{i + 1}") for i in range(layers[0].n_inputs)]
    for value, name in zip(values, names, strict=False):  # a wrong number of names is reported with the picture
        value.label = str(name)
    try:
        for layer in layers:
            values = layer([values] if isinstance(values, Value) else values)
    except (AutogradError, ArithmeticError, ValueError):
        return None
    return [values] if isinstance(values, Value) else list(values)
