"""`draw_network`: a network as a picture, neurons in columns and a line for every weight.

This module owns the public function; it takes plain numbers, and must not know any network class: what wants to be
drawn calls it from a `graph()` method of its own, which `draw` asks for.
Read next: `network_layout.py` and `network_paint.py`, which do the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from .network_layout import Network
from .network_paint import network_dot, network_svg
from .picture import Picture

__all__ = ["draw_network"]


def draw_network(
    weights: Sequence[Sequence[Sequence[float]]],
    biases: Sequence[Sequence[float]],
    *,
    inputs: Sequence[str] = (),
    outputs: Sequence[str] = (),
    activations: Sequence[str] = (),
    title: str = "",
    limit: int = 16,
) -> Picture:
    """A network of fully connected layers: circles for units, lines for weights.

    A line's width shows the weight's magnitude; its colour and its dashes show the sign (blue and solid: positive,
    red and dashed: negative). The number in a circle is the unit's bias; pointing at a line tells the exact weight.

    Args:
        weights: `weights[k][j][i]` goes from unit i of column k to unit j of column k + 1; column 0 holds the inputs.
        biases: `biases[k][j]` of unit j of column k + 1; an empty list for a layer without biases.
        inputs: Names of the inputs: one for each, or none.
        outputs: Names of the units of the last layer: one for each, or none.
        activations: Names of the layers' activation functions: one for each layer, or none.
        title: A line above the picture.
        limit: Columns with more units show the first and the last ones, and how many are left out; at least 3.

    Returns:
        A picture that shows itself in notebooks, with `.svg`, `.source`, `.save(path)`, `.pipe(format)`.

    Raises:
        ShapeError: If the lengths of weights, biases and names do not fit each other.
        ValueError: If limit < 3.

    Example:
        The neuron f(x₁ - x₂ - 0.5):

        >>> picture = draw_network([[[1.0, -1.0]]], [[-0.5]], inputs=["x₁", "x₂"], outputs=["y"])
        >>> picture.svg.count("<circle")
        3
    """
    network = Network(
        tuple([tuple([tuple(map(float, row)) for row in layer]) for layer in weights]),
        tuple([tuple(map(float, layer)) for layer in biases]),
        tuple(map(str, inputs)), tuple(map(str, outputs)), tuple(map(str, activations)), str(title), limit,
    )  # fmt: skip
    return Picture.of(network_dot(network), partial(network_svg, network))
