"""The network in a model: its layers of neurons, a place for each unit, and its numbers at this moment.

This module owns which models show a network, and must not import `nn` or any other place where they are written; it
only reads. Read next: `records.py`, which keeps the numbers; `plane.py`, which calls the model.

The protocol, which `nn` and the networks that courses write follow:

- a neuron has `w`, a list or tuple of `Value`s, one for each input, and may have `b`, a `Value`; without it, or where
  it is something else, the bias is shown as 0. It may have `activation`, the name of its function (the first neuron
  speaks for its layer; "sigmoid" and "hard_sigmoid" of the last layer put the boundary at 0.5 instead of 0);
- a layer has `neurons`, a list or tuple of neurons, each with as many weights as the layer before has neurons;
- a model is a neuron, or a layer, or it has `modules()`, which gives all its parts and may give itself, or else
  `layers`, a list of layers; layers come in the order in which they are computed;
- a model, and each part that `modules()` gives, may have `training`, a bool: while the boundary is computed it is
  False, and afterwards as it was. Called with a list of two numbers, the model gives a number or a `Value`, or a list
  or tuple of them.

The lists are found once, at the beginning; their Values may be replaced, but not the lists of neurons.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from ...engine import NO_GRADIENT, Value
from ..network_layout import NetworkLayout, layout_network

__all__ = ["Wires", "largest"]

SHOWN = 16  # units of a column


class Wires:
    """The drawn part of a network of fully connected layers.

    Args:
        model: What holds the layers.

    Attributes:
        sizes: The number of units of each column, the inputs first.
        layout: Where the units stand.
        ends: For each drawn wire: the column it starts from, the unit there, and the unit in the next column.
        activations: The names of the layers' activation functions, as far as they tell them.

    Raises:
        ValueError: If the model has no layers of neurons, or one does not fit the next.
    """

    def __init__(self, model: Any) -> None:
        self._layers = layers = list(_layers(model))  # found once: to look for them costs more than to read them
        if not layers:
            raise ValueError(f"no layers of neurons with weights w were found in this {type(model).__name__}")
        self.sizes = (len(layers[0][0].w), *map(len, layers))
        for before, layer in zip(self.sizes, layers, strict=False):
            if any(len(neuron.w) != before for neuron in layer):
                raise ValueError(f"the layers of {type(model).__name__} do not follow one after the other")
        self.layout: NetworkLayout = layout_network(self.sizes, SHOWN)
        columns = [[index for index, _ in column] for column in self.layout.units]
        self.ends = [(k, i, j) for k in range(len(layers)) for i in columns[k] for j in columns[k + 1]]
        self.units = [(k, j) for k in range(1, len(columns)) for j in columns[k]]
        self.activations = [str(getattr(layer[0], "activation", "")) for layer in layers]

    def weights(self) -> array[float]:
        """The weights of the drawn wires, and then the biases of the drawn units."""
        return array("d", [x.data for x in self._values()])

    def gradients(self) -> array[float] | None:
        """Their gradients; None before the first backward pass."""
        found = [x.grad for x in self._values()]
        if all(gradient is NO_GRADIENT for gradient in found):
            return None
        return array("d", found)

    def _values(self) -> list[Value]:
        layers = self._layers
        biases = [getattr(layers[k - 1][j], "b", None) for k, j in self.units]
        return [layers[k][j].w[i] for k, i, j in self.ends] + [
            b if isinstance(b, Value) else Value(0.0) for b in biases
        ]


def largest(numbers: Sequence[float]) -> float:
    """The largest magnitude among those that are finite."""
    return max([abs(x) for x in numbers if math.isfinite(x)], default=0.0)


def _layers(model: Any) -> Iterator[Sequence[Any]]:
    """The neurons of each layer, in the order of the layers."""
    if _is_neuron(model):
        yield [model]
        return
    parts = model.modules() if callable(getattr(model, "modules", None)) else getattr(model, "layers", [])
    for part in [model, *[part for part in parts if part is not model]]:
        neurons = getattr(part, "neurons", None)
        if isinstance(neurons, (list, tuple)) and neurons and all(map(_is_neuron, neurons)):
            yield neurons


def _is_neuron(x: Any) -> bool:
    weights = getattr(x, "w", None)
    return isinstance(weights, (list, tuple)) and bool(weights) and all(isinstance(w, Value) for w in weights)
