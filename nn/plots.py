"""The pictures of training: learning curves and decision boundaries, drawn with matplotlib.

Each function draws on the Axes that it is given, or on new ones, and returns them. It owns colours and axes; it must
not know how a network is trained. Read next: `cli.py`, which saves them.

The colours are those of Okabe and Ito, which colour-blind readers tell apart; classes and curves also differ by
marker or dashes, never by colour alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from .training import History

__all__ = ["decision_boundary", "learning_curve", "new_figure"]

BLUE, ORANGE, GREEN, PURPLE, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9"
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY)
MARKERS = "o^sDv"


def _axes(ax: Axes | None) -> Axes:
    if ax is None:
        from matplotlib import pyplot

        _, ax = pyplot.subplots(layout="constrained")
    return ax


def new_figure(width: float, height: float) -> Figure:
    """A figure to save, of so many inches: not pyplot's, and so without display and with nothing to close."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=150, layout="constrained")
    figure.get_layout_engine().set(wspace=0.06)  # type: ignore[union-attr,call-arg]  # between panels side by side
    return figure


def learning_curve(history: History, quantity: str = "loss", ax: Axes | None = None) -> Axes:
    """A quantity of the history over the epochs, for training and, where it was measured, for test data.

    Args:
        history: What `fit` returned, with one row at least.
        quantity: `"loss"` or `"accuracy"`.
        ax: Where to draw; new Axes if None.

    Returns:
        The Axes.

    Raises:
        ValueError: If the history is empty or has no such quantity.
    """
    if not history.rows or quantity not in history.rows[0]:
        held = ", ".join(history.rows[0]) if history.rows else "no rows"
        raise ValueError(f"the history has no {quantity!r} to draw; it holds {held}")
    from matplotlib.ticker import MaxNLocator

    ax = _axes(ax)
    epochs = history.column("epoch")
    few = "o" if len(epochs) == 1 else None  # a line through one point is invisible
    ax.plot(epochs, history.column(quantity), color=BLUE, linewidth=2, marker=few, label="train")
    if f"test_{quantity}" in history.rows[0]:
        test = history.column(f"test_{quantity}")
        ax.plot(epochs, test, color=ORANGE, linewidth=2, linestyle="--", marker=few and "^", label="test")
    ax.set(xlabel="epoch", ylabel="mean loss" if quantity == "loss" else quantity, xlim=_around(epochs))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if quantity == "loss":
        ax.set_ylim(bottom=0)
    else:
        ax.set_ylim(top=1.005)
    ax.grid(alpha=0.3)
    ax.legend(frameon=False)
    return ax


def _around(epochs: Sequence[float]) -> tuple[float, float]:
    first, last = epochs[0], epochs[-1]
    return (first - 0.5, last + 0.5) if first == last else (first - (last - first) * 0.02, last + (last - first) * 0.02)


def decision_boundary(
    score: Callable[[Sequence[float]], float],
    X: Any,
    y: Any,
    *,
    X_test: Any = None,
    y_test: Any = None,
    threshold: float = 0.0,
    score_name: str = "score",
    feature_names: Sequence[str] = ("x₁", "x₂"),
    class_names: Sequence[str] = (),
    resolution: int = 60,
    ax: Axes | None = None,
) -> Axes:
    """Where a network changes from one class to the other, on the plane of its two inputs, with the samples.

    Args:
        score: Maps (x₁, x₂) to the network's score as a float.
        X: The samples, one row (x₁, x₂) each.
        y: Their classes.
        X_test: Samples that were not trained on, drawn hollow; None if there are none.
        y_test: Their classes.
        threshold: The score at which the class changes: 0 for logits and hinge scores, 0.5 for probabilities.
        score_name: What the colour bar is called.
        feature_names: The names of the axes.
        class_names: The names of the classes, in order; none for the classes themselves.
        resolution: The score is computed at resolution x resolution points.
        ax: Where to draw; new Axes if None.

    Returns:
        The Axes.

    Raises:
        ValueError: If the samples do not have 2 features, or there are more than 5 classes.
    """
    import numpy as np
    from matplotlib.ticker import MaxNLocator

    X, y = np.asarray(X, float), np.asarray(y)
    classes = np.unique(y)
    if X.ndim != 2 or X.shape[1] != 2:
        raise ValueError(f"a decision boundary is drawn for samples of 2 features, not for an array of {X.shape}")
    if len(classes) > len(COLOURS):
        raise ValueError(f"{len(classes)} classes are more than there are colours for, {len(COLOURS)}")
    ax = _axes(ax)
    everything = X if X_test is None else np.vstack([X, np.asarray(X_test, float)])
    margin = 0.1 * np.ptp(everything, axis=0)
    (left, bottom), (right, top) = everything.min(axis=0) - margin, everything.max(axis=0) + margin
    x1, x2 = np.linspace(left, right, resolution), np.linspace(bottom, top, resolution)
    scores = np.array([[score([a, b]) for a in x1.tolist()] for b in x2.tolist()])

    reach = max(float(np.abs(scores - threshold).max()), 1e-12)
    levels = np.linspace(threshold - reach, threshold + reach, 21)
    shades = ax.contourf(x1, x2, scores, levels=levels, cmap=_shades(), alpha=0.75)
    if scores.min() < threshold < scores.max():
        ax.contour(x1, x2, scores, levels=[threshold], colors="black", linewidths=1.8)
    label = f"{score_name}; black line: {threshold:g}"
    ax.figure.colorbar(shades, ax=ax, label=label, shrink=0.9, ticks=MaxNLocator(7))
    parts = [(X, y, "", True)]
    if X_test is not None:
        parts.append((np.asarray(X_test, float), np.asarray(y_test), ", test", False))
    for (points, labels, suffix, filled), (i, c) in itertools.product(parts, enumerate(classes)):
        chosen = points[labels == c]
        name = class_names[i] if class_names else f"class {c}"
        face = COLOURS[i] if filled else "white"
        edge = "white" if filled else COLOURS[i]
        ax.scatter(
            chosen[:, 0], chosen[:, 1], s=34, marker=MARKERS[i], facecolor=face, edgecolor=edge,
            linewidth=0.6 if filled else 1.5, label=name + suffix,
        )  # fmt: skip
    ax.set(xlabel=feature_names[0], ylabel=feature_names[1], xlim=(left, right), ylim=(bottom, top))
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=len(classes), frameon=False)
    return ax


def _shades() -> Any:
    """From the first class's colour over white to the second's."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("classes", [BLUE, "white", ORANGE])
