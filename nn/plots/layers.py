"""What happens inside a network, layer by layer: how activations and gradients are distributed, and what is dead.

It owns these pictures and the walk through the layers; it must not know how a network is trained.
Read next: `weights.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autograd import ShapeError, Value, mean, no_grad

from .. import losses
from ..finite import MEND_INPUT, check_finite
from ..losses import Loss
from ..module import Module, evaluating
from .chain import layers_of, parts_of
from .style import BLACK, BLUE, MUTED, SKY, VERMILLION, axes_or_new, tidy
from .text import PLAIN, number, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["activation_distributions", "dead_relu_share", "gradient_distributions"]

BINS = 30
HALF_WIDTH = 0.4  # of the widest place of a distribution; layers are 1 apart
NAMED = 8  # up to so many layers, their activations stand below


def activation_distributions(model: Module, X: Any, *, ax: Axes | None = None) -> Axes:
    r"""How the outputs of each layer's units are distributed over the samples: a histogram for each, standing up.

    Every histogram has the same greatest width; the black mark is the median. Outputs that pile up at the ends of a
    sigmoid or of tanh are saturated units, which learn slowly. Outputs of exactly 0, as relu gives, are not in the
    histogram: their share stands below.

    Args:
        model: A network whose layers follow one another.
        X: The samples: a sequence of inputs, or an array samples x features.
        ax: Where to draw; new Axes if None.

    Returns:
        The Axes.

    Raises:
        ShapeError: If there are no samples.
        TypeError: If the model has no layers.
        ValueError: If the model does not compute its layers one after the other, or an output is not finite.

    Example:
        >>> from nn.modules import MLP
        >>> from nn.plots import activation_distributions, new_figure
        >>> network = MLP(2, [8, 8, 1], activation="tanh", seed=0)
        >>> ax = activation_distributions(network, [[0.0, 1.0], [1.0, 0.5]], ax=new_figure(6, 4).subplots())
        >>> [label.get_text() for label in ax.get_xticklabels()]
        ['1\ntanh', '2\ntanh', '3\nlinear']
    """
    layers, outputs = _observed(model, X)
    ax = axes_or_new(ax)
    tidy(ax, "y")
    for k, values in enumerate(outputs, start=1):
        _check_finite(values, f"an output of layer {k}")
        _paint_distribution(ax, k, [x for row in values for x in row if x])
    _label_layers(ax, layers)
    _write_zeros(ax, [[x for row in values for x in row] for values in outputs])
    ax.set_ylabel("output of a unit")
    return ax


def gradient_distributions(model: Module, X: Any, y: Any, loss: str | Loss, *, ax: Axes | None = None) -> Axes:
    """How large the gradients of each layer's parameters are, on a logarithmic axis: whether they vanish.

    The gradient is that of the mean loss over the samples. Every histogram has the same greatest width; the black
    mark is the median. Gradients of exactly 0 have no place on the axis: their share stands below.

    Args:
        model: A network; its gradients are left as they were.
        X: The samples: a sequence of inputs, or an array samples x features.
        y: The targets, one per sample.
        loss: Maps (outputs, target) of one sample to one Value, or its name.
        ax: Where to draw; new Axes if None.

    Returns:
        The Axes.

    Raises:
        ShapeError: If there are no samples, or not one target for each.
        ValueError: If a gradient is not finite.
        TypeError: If the model has no layers, or the loss is not a Value.

    Example:
        In a deep network of sigmoids the first layers hardly learn:

        >>> from nn.losses import mean_squared_error
        >>> from nn.modules import MLP
        >>> from nn.plots import gradient_distributions, new_figure
        >>> network = MLP(2, [4] * 8 + [1], activation="sigmoid", seed=0)
        >>> ax = gradient_distributions(
        ...     network, [[0.0, 1.0], [1.0, 0.5]], [0.0, 1.0], mean_squared_error, ax=new_figure(6, 4).subplots())
        >>> first, last = ax.get_lines()[0], ax.get_lines()[-1]
        >>> bool(first.get_ydata()[0] < 1e-3 * last.get_ydata()[0]), ax.get_yscale()
        (True, 'log')
    """
    import numpy as np

    layers = layers_of(model)
    gradients = _gradients(model, layers, X, y, loss)
    ax = axes_or_new(ax)
    tidy(ax, "y")
    ax.set_yscale("log")
    for k, values in enumerate(gradients, start=1):
        _check_finite([values], f"a gradient of layer {k}")
        sizes = np.abs(values)
        _paint_distribution(ax, k, sizes[sizes > 0], logarithmic=True)
    bottom, top = ax.get_ylim()
    if top < 100 * bottom:  # a decade more on either side, so that the axis has round numbers
        ax.set_ylim(bottom / 10, top * 10)
    _label_layers(ax, layers)
    _write_zeros(ax, gradients)
    ax.set_ylabel("|gradient| of a parameter")
    return ax


def dead_relu_share(model: Module, X: Any, *, ax: Axes | None = None) -> Axes:
    """The share of each layer's units that give 0 for every sample: such a ReLU has no gradient and never learns.

    Args:
        model: A network whose layers follow one another.
        X: The samples: a sequence of inputs, or an array samples x features.
        ax: Where to draw; new Axes if None.

    Returns:
        The Axes: a bar for each layer, in percent, with the number of dead units.

    Raises:
        ShapeError: If there are no samples.
        TypeError: If the model has no layers.
        ValueError: If the model does not compute its layers one after the other.

    Example:
        >>> from nn.modules import Layer
        >>> from nn.plots import dead_relu_share, new_figure
        >>> layer = Layer(1, 4, activation="relu", initializer="zeros")
        >>> for neuron in layer.neurons[1:]:
        ...     neuron.b.data = 0.1
        >>> ax = dead_relu_share(layer, [[0.5], [1.0]], ax=new_figure(6, 4).subplots())
        >>> [float(bar.get_height()) for bar in ax.patches], ax.texts[0].get_text()
        ([25.0], '1 of 4')
    """
    layers, outputs = _observed(model, X)
    ax = axes_or_new(ax)
    tidy(ax, "y")
    for k, values in enumerate(outputs, start=1):
        units = len(values[0])
        dead = sum(all(row[j] == 0 for row in values) for j in range(units))
        ax.bar(k, 100 * dead / units, width=0.6, color=VERMILLION)
        words = f"{dead} of {units}" if len(layers) <= NAMED else f"{dead}"
        ax.annotate(words, (k, 100 * dead / units), (0, 3), textcoords="offset points", ha="center", fontsize=9)
    _label_layers(ax, layers)
    ax.set(ylabel="units that are 0 for every sample, %", ylim=(0, 108), yticks=range(0, 101, 20))
    return ax


def _observed(model: Module, X: Any) -> tuple[list[Any], list[list[list[float]]]]:
    """The layers, and for each its outputs: a row per sample."""
    layers = layers_of(model)
    samples = _samples(X)
    outputs: list[list[list[float]]] = [[] for _ in layers]
    with no_grad(), evaluating(model):
        for x in samples:
            values, k = x, 0
            for part in parts_of(model):
                values = _list(part(values))
                if part in layers:
                    outputs[k].append([float(value) for value in values])
                    k += 1
            if len(outputs[0]) == 1 and [float(v) for v in _list(_call(model, x))] != [float(v) for v in values]:
                name = type(model).__name__
                raise ValueError(f"{name} does not compute its layers one after the other: pass one of them, not all")
    return layers, outputs


def _call(model: Any, x: Any) -> Any:
    return model(x)


def _list(output: Any) -> list[Any]:
    return list(output) if isinstance(output, (list, tuple)) else [output]


def _samples(X: Any) -> list[Any]:
    samples: list[Any] = X.tolist() if hasattr(X, "tolist") else list(X)
    if not samples:
        raise ShapeError("there are no samples to look at: X is empty")
    check_finite("X", samples, MEND_INPUT)
    return samples


def _gradients(model: Module, layers: Sequence[Module], X: Any, y: Any, loss: str | Loss) -> list[list[float]]:
    """The gradients of each layer's parameters; those that the parameters hold are put back."""
    samples, targets = _samples(X), y.tolist() if hasattr(y, "tolist") else list(y)
    if len(samples) != len(targets):
        raise ShapeError(f"each sample needs one target: {len(samples)} samples, {len(targets)} targets")
    loss = losses.resolve(loss)
    parameters = model.parameters()
    before = [parameter.grad for parameter in parameters]
    try:
        model.zero_grad()
        with evaluating(model):
            total = mean([loss(_call(model, x), target) for x, target in zip(samples, targets, strict=True)])
        if not isinstance(total, Value):
            raise TypeError(f"the loss must return one Value, computed from the model's outputs; it returned {total!r}")
        total.backward()
        return [[parameter.grad for parameter in layer.parameters()] for layer in layers]
    finally:
        for parameter, grad in zip(parameters, before, strict=True):
            parameter.grad = grad


def _check_finite(rows: Sequence[Sequence[float]], what: str) -> None:
    import numpy as np

    values = np.array(rows)
    if not np.isfinite(values).all():
        first = values[~np.isfinite(values)][0]
        raise ValueError(f"{what} is {first}: look for the layer where weights or inputs are too large")


def _paint_distribution(ax: Axes, place: int, numbers: Any, logarithmic: bool = False) -> None:
    """A histogram that stands up, mirrored, and its median."""
    import numpy as np

    values = np.asarray(numbers, float)
    if not len(values):
        return
    scaled = np.log10(values) if logarithmic else values
    if np.ptp(scaled) > 1e-9 * np.abs(scaled).max():
        counts, edges = np.histogram(scaled, bins=max(5, min(BINS, round(2 * len(values) ** 0.5))))
        edges = 10**edges if logarithmic else edges
        widths = np.repeat(HALF_WIDTH * counts / counts.max(), 2)
        heights = np.repeat(edges, 2)[1:-1]
        ax.fill_betweenx(heights, place - widths, place + widths, facecolor=SKY, edgecolor=BLUE, linewidth=0.8)
    else:  # all the same
        ax.plot([place - HALF_WIDTH, place + HALF_WIDTH], [values[0], values[0]], color=SKY, linewidth=3)
    ax.plot(place, float(np.median(values)), marker="_", markersize=16, markeredgewidth=2.2, color=BLACK)


def _write_zeros(ax: Axes, layers: Sequence[Sequence[float]]) -> None:
    """Below each layer, how many of its numbers are exactly 0."""
    shares = [sum(x == 0 for x in numbers) / len(numbers) for numbers in layers]
    if not any(shares):
        return
    many = len(layers) > NAMED
    for k, share in enumerate(shares, start=1):
        words = "all 0" if share == 1 else _percent(share) if many else f"{_percent(share)} are 0"
        if share:
            ax.annotate(words, (k, 0.015), xycoords=("data", "axes fraction"), ha="center", va="bottom", fontsize=8,
                        color=MUTED, rotation=90 if many else 0)  # fmt: skip
    if many:
        ax.set_xlabel(f"{ax.get_xlabel()} (above: share of exact zeros)")
    ax.set_ylim(*_with_room(ax, 0.16 if many else 0.09))


def _with_room(ax: Axes, share: float) -> tuple[float, float]:
    """The limits of the vertical axis with so much more room at the bottom."""
    forth, back = ax.yaxis.get_transform(), ax.yaxis.get_transform().inverted()
    bottom, top = forth.transform(ax.get_ylim())
    return float(back.transform([bottom - share * (top - bottom)])[0]), ax.get_ylim()[1]


def _label_layers(ax: Axes, layers: Sequence[Module]) -> None:
    """The numbers of the layers below, and their activations where there is room."""
    names = []
    for k, layer in enumerate(layers, start=1):
        function = getattr(layer, "activation", type(layer).__name__)
        names.append(f"{k}\n{shortened(function, 11 if len(layers) <= 6 else 8)}" if len(layers) <= NAMED else str(k))
    every = max(1, len(layers) // 16)
    ax.set_xticks(range(1, len(layers) + 1, every), labels=names[::every], **PLAIN)
    ax.set(xlabel="layer", xlim=(0.4, len(layers) + 0.6))
    ax.tick_params(axis="x", length=0)


def _percent(share: float) -> str:
    return "<1 %" if share < 0.01 else f"{number(float(f'{100 * share:.0f}'))} %"
