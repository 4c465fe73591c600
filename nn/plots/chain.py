"""The layers of a network in the order in which it computes them.

It owns the walk through networks made of networks; it must not know what is drawn of the layers.
Read next: `layers.py`, `weights.py` and `network.py`, which use it.
"""

from __future__ import annotations

from typing import Any

from ..module import Module
from ..modules import Layer, Neuron

__all__ = ["layers_of", "neurons_of", "parts_of"]


def parts_of(model: Module) -> list[Any]:
    """What a network computes one after the other, dropout and noise too: a chain of chains is one chain.

    Args:
        model: A network with its parts in a list `layers`, as MLP and Sequential; anything else is one part.

    Raises:
        TypeError: If it is not a Module.

    Example:
        >>> from nn.layers import Dropout, Sequential
        >>> from nn.modules import MLP
        >>> parts_of(Sequential(MLP(2, [3, 1], seed=0), Dropout(0.5)))
        [Layer(2 -> 3 relu), Layer(3 -> 1 linear), Dropout(0.5)]
    """
    if not isinstance(model, Module):
        raise TypeError(f"expected a network with layers, such as MLP, not {model!r:.60}")
    chain: list[Any] = []
    waiting: list[Any] = [model]
    while waiting:
        module = waiting.pop()
        inner = getattr(module, "layers", None)
        if isinstance(inner, (list, tuple)) and inner:
            waiting += reversed(inner)
        else:
            chain.append(module)
    return chain


def layers_of(model: Module) -> list[Any]:
    """The parts that have parameters.

    Raises:
        TypeError: If the model is not a Module, or none of its parts has parameters.
    """
    found = [part for part in parts_of(model) if part.parameters()]
    if not found:
        raise TypeError(f"{type(model).__name__} has no layers with parameters to draw")
    return found


def neurons_of(layer: Module) -> list[Neuron]:
    """The neurons of a dense layer; a neuron is a layer of one.

    Raises:
        TypeError: If it is something else, such as maxout, whose units have several weights for each input.
    """
    if isinstance(layer, Layer):
        return layer.neurons
    if isinstance(layer, Neuron):
        return [layer]
    raise TypeError(f"a line or a pixel is the weight of a neuron in a dense layer, and {layer!r:.60} is none")
