"""`draw_network`: a network as a picture, neurons in columns and a line for every weight.

This module owns the public function; it takes plain numbers, and must not know any network class: what wants to be
drawn calls it from a `graph()` method of its own, which `draw` asks for.
Read next: `network_layout.py` and `network_paint.py`, which do the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ..engine import Value
from .drawing import draw
from .network_dot import network_dot
from .network_layout import Network
from .network_paint import network_svg
from .picture import Picture
from .themes import LIGHT, theme as named_theme

__all__ = ["draw_network"]

NODES = 150  # of the graph that is one click away


def draw_network(
    weights: Sequence[Sequence[Sequence[float]]],
    biases: Sequence[Sequence[float]],
    *,
    inputs: Sequence[str] = (),
    outputs: Sequence[str] = (),
    activations: Sequence[str] = (),
    title: str = "",
    limit: int = 16,
    gradients: Sequence[Sequence[Sequence[float]]] | None = None,
    theme: str = "light",
    forward: Value | Sequence[Value] | None = None,
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
        gradients: The gradients of the weights, in the same shape. If given, the lines show them in place of the
            weights, with widths on a scale of their own.
        theme: "light", "dark", or "print": black on white, for paper.
        forward: The outputs of one forward pass of the network. If given, a notebook shows the graph of its nodes,
            150 at most, one click away; it is the picture's `nodes`.

    Returns:
        A picture that shows itself in notebooks, with `.svg`, `.source`, `.save(path)`, `.pipe(format)`, `.nodes`.

    Raises:
        ShapeError: If the lengths of weights, biases, names and gradients do not fit each other.
        ValueError: If limit < 3, or the theme is unknown.

    Example:
        The neuron f(x₁ - x₂ - 0.5):

        >>> picture = draw_network([[[1.0, -1.0]]], [[-0.5]], inputs=["x₁", "x₂"], outputs=["y"])
        >>> picture.svg.count("<circle")
        3
    """
    colours = named_theme(theme)
    network = Network(
        _numbers(weights), tuple([tuple(map(float, layer)) for layer in biases]),
        tuple(map(str, inputs)), tuple(map(str, outputs)), tuple(map(str, activations)), str(title), limit,
        () if gradients is None else _numbers(gradients),
    )  # fmt: skip
    nodes = None if forward is None else draw(forward, limit=NODES)
    picture = Picture.of(network_dot(network), partial(network_svg, network), nodes=nodes)
    return picture if colours is LIGHT else picture.in_theme(colours, "svg")


def _numbers(layers: Sequence[Sequence[Sequence[float]]]) -> tuple[tuple[tuple[float, ...], ...], ...]:
    return tuple([tuple([tuple(map(float, row)) for row in layer]) for layer in layers])
