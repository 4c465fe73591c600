"""An activation with its derivative, and what weight and bias do to a neuron.

It owns these pictures; it must not know any derivative: `autograd.grad` finds each of them.
Read next: `surface.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from autograd import Value, grad, no_grad

from ..activations import LAYER_ACTIVATIONS, LEARNED_ACTIVATIONS, Activation, resolve
from ..modules import Neuron
from .style import BLUE, COLOURS, DASHES, VERMILLION, axes_or_new, panels_or_new, tidy
from .text import PLAIN, legend, number, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["activation", "weight_bias_effect"]

POINTS = 801  # odd: 0, where most kinks are, is one of them


def activation(
    function: str | Activation, *, limits: tuple[float, float] = (-5.0, 5.0), ax: Axes | None = None
) -> Axes:
    """An activation `f(z)` and its derivative `f'(z)`; where one of them jumps, its line is interrupted.

    Args:
        function: The name of an activation, or a function of one Value.
        limits: The smallest and the largest z.
        ax: Where to draw; new Axes if None.

    Returns:
        The Axes: its first line is f, its second f'.

    Raises:
        ValueError: If there is no activation of that name, it is one of a whole layer, or the limits are not in order.

    Example:
        >>> import numpy as np
        >>> from nn.plots import activation, new_figure
        >>> f, derivative = activation("sigmoid", ax=new_figure(6, 4).subplots()).get_lines()[:2]
        >>> float(np.max(f.get_ydata()).round(4)), float(np.max(derivative.get_ydata()))
        (0.9933, 0.25)
    """
    name, f = _curve(function)
    z = _range(limits)
    with no_grad():
        values = [float(f(Value(x))) for x in z]
    slope = grad(f)
    derivatives = [float(slope(x)) for x in z]
    ax = axes_or_new(ax)
    tidy(ax)
    for heights, colour, dashes in ((values, BLUE, "-"), (derivatives, VERMILLION, "--")):
        ax.plot(*_interrupted(z, heights), color=colour, linestyle=dashes, linewidth=2)
    legend(ax, ax.get_lines(), ["f(z)", "f′(z), its derivative"], frameon=True, framealpha=0.8, edgecolor="none")
    _cross(ax)
    ax.set(xlabel="z, the weighted sum", xlim=limits)
    ax.set_title(shortened(name, 40), **PLAIN)
    return ax


def weight_bias_effect(
    *,
    weights: Sequence[float] = (0.5, 1.0, 3.0, -1.0),
    biases: Sequence[float] = (-3.0, 0.0, 3.0),
    activation: str | Activation = "sigmoid",
    limits: tuple[float, float] = (-8.0, 8.0),
    ax: Sequence[Axes] | None = None,
) -> Any:
    """What weight and bias do to a neuron `y = f(w x + b)`: the weight changes the steepness, the bias shifts.

    Args:
        weights: The weights of the left panel, where b = 0; at most 5.
        biases: The biases of the right panel, where w = 1; at most 5.
        activation: The name of an activation, or a function of one Value.
        limits: The smallest and the largest x.
        ax: Two Axes to draw on; new ones if None.

    Returns:
        An array of the two Axes, with one line for each weight and for each bias.

    Raises:
        ValueError: If there is no such activation, it is one of a whole layer, there are more than 5 weights or
            biases or none, the limits are not in order, or `ax` does not hold 2 Axes.

    Example:
        >>> from nn.plots import new_figure, weight_bias_effect
        >>> left, right = weight_bias_effect(weights=[1, 2], biases=[0, 3], ax=new_figure(10, 4).subplots(1, 2))
        >>> shifted = right.get_lines()[1]
        >>> shifted.get_xydata()[250].tolist()  # half way up at x = -b
        [-3.0, 0.5]
    """
    name, f = _curve(activation)
    for what, numbers in (("weights", weights), ("biases", biases)):
        if not 1 <= len(numbers) <= len(COLOURS):
            raise ValueError(f"{what}: {len(numbers)} curves in one panel, and it takes 1 to {len(COLOURS)}")
    x = _range(limits)
    axes = panels_or_new(ax, 2)
    _panel(axes[0], x, [(float(w), 0.0, f"w = {number(w)}") for w in weights], f, "weight: steepness (b = 0)")
    _panel(axes[1], x, [(1.0, float(b), f"b = {number(b)}") for b in biases], f, "bias: shift (w = 1)")
    axes[0].set_ylabel(f"{shortened(name, 24)}(w x + b)", **PLAIN)
    return axes


def _curve(function: str | Activation) -> tuple[str, Activation]:
    """Name and function of an activation of one number; of prelu, with the slope that it starts with."""
    name, f = resolve(function)
    if name in LAYER_ACTIVATIONS:
        raise ValueError(f"{name} is an activation of a whole layer, not a function of one number: there is no curve")
    if name in LEARNED_ACTIVATIONS:
        slope = Neuron(1, activation=name).slope.data
        return f"{name}, slope {number(slope)}", lambda z: f(z, slope)
    return name, f


def _panel(
    ax: Axes, x: list[float], curves: list[tuple[float, float, str]], f: Callable[[Any], Any], title: str
) -> None:
    tidy(ax)
    for k, (w, b, _) in enumerate(curves):
        with no_grad():
            y = [float(f(Value(w * p + b))) for p in x]
        ax.plot(x, y, color=COLOURS[k], linestyle=DASHES[k], linewidth=2)
    legend(ax, ax.get_lines(), [words for _, _, words in curves], frameon=True, framealpha=0.8, edgecolor="none",
           handlelength=3.2)  # fmt: skip
    _cross(ax)
    ax.set(xlabel="x", title=title, xlim=(x[0], x[-1]))


def _range(limits: tuple[float, float]) -> list[float]:
    low, high = limits
    if not low < high:
        raise ValueError(f"limits = ({low}, {high}): the first must be smaller than the second")
    return [low + (high - low) * i / (POINTS - 1) for i in range(POINTS)]


def _cross(ax: Axes) -> None:
    """Fine lines through the origin."""
    ax.axhline(0, color="0.5", linewidth=0.8, zorder=1)
    ax.axvline(0, color="0.5", linewidth=0.8, zorder=1)


def _interrupted(z: list[float], heights: list[float]) -> tuple[list[float], list[float]]:
    """The curve with a gap at each jump: a step much larger than its neighbours and than one of a 50th of the range."""
    steps = [abs(b - a) for a, b in pairwise(heights)]
    smallest = (max(heights) - min(heights)) / 50
    xs, ys = z[:1], heights[:1]
    for i, step in enumerate(steps, start=1):
        neighbours = steps[max(i - 3, 0) : i - 1] + steps[i : i + 2]
        if step > smallest and step > 8 * max(neighbours, default=0.0):
            xs.append(z[i])
            ys.append(float("nan"))
        xs.append(z[i])
        ys.append(heights[i])
    return xs, ys
