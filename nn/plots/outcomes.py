"""Predictions against the truth: confusion matrix, ROC curve, and the residuals of a regression.

It owns these pictures; it must not know who predicted.
Read next: `layers.py`.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autograd import ShapeError

from .classes import classes_of, numbered
from .style import BLACK, BLUE, MUTED, VERMILLION, axes_or_new, dots, panels_or_new, tidy
from .text import PLAIN, legend, name_axes, shortened, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["confusion_matrix", "residuals", "roc_curve"]

SMALLEST = 5.0  # points: what would be written smaller is left out
DARK = 0.68  # from this share on, white is easier to read on its shade of blue than black is


def confusion_matrix(y_true: Any, y_pred: Any, *, class_names: Sequence[str] = (), ax: Axes | None = None) -> Axes:
    r"""How many samples of each true class (rows) were given which class (columns), and their share of the row.

    Args:
        y_true: The true classes, one per sample: whole numbers or names.
        y_pred: The predicted classes, in scikit-learn's order of arguments.
        class_names: The names of all classes, in order; none for the classes that occur.
        ax: Where to draw; new Axes if None.

    Returns:
        The Axes: the shades of its image are the shares of each row.

    Raises:
        ShapeError: If there are not as many predictions as true classes.
        ValueError: If there are no samples, a label is no class, or a class has no name.

    Example:
        >>> from nn.plots import confusion_matrix, new_figure
        >>> ax = confusion_matrix([0, 0, 1, 1, 1], [0, 1, 1, 1, 1], class_names=["cat", "dog"],
        ...                       ax=new_figure(5, 4).subplots())
        >>> [text.get_text() for text in ax.texts]
        ['1\n50 %', '1\n50 %', '0', '3\n100 %']
    """
    import numpy as np

    classes = classes_of(y_true, y_pred)
    numbers, names = numbered(classes, class_names)
    true, predicted = (np.array([numbers[label] for label in _plain(y)]) for y in (y_true, y_pred))
    if len(true) != len(predicted):
        raise ShapeError(f"each sample needs one prediction: {len(true)} true classes, {len(predicted)} predictions")
    counts = np.zeros((len(names), len(names)), int)
    np.add.at(counts, (true, predicted), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = max(4.4, min(12.0, 2.2 + 0.72 * len(names)))
    ax = axes_or_new(ax, side + 1.0, side)
    image = ax.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    _write_counts(ax, counts, shares)
    _name_cells(ax, names)
    bar = ax.figure.colorbar(image, ax=ax, shrink=0.8, ticks=[0, 0.25, 0.5, 0.75, 1])
    bar.ax.set_yticklabels(["0 %", "25 %", "50 %", "75 %", "100 %"])
    bar.set_label("share of the true class")
    return ax


def _cell(ax: Axes, classes: int) -> float:
    """About how wide a cell will be, in points: the axes lose a quarter to names and colour bar."""
    extent = ax.get_window_extent()
    return 0.75 * min(extent.width, extent.height) * 72 / ax.figure.dpi / classes


def _write_counts(ax: Axes, counts: Any, shares: Any) -> None:
    """The number of samples in each cell, and their percentage where there is room."""
    cell, digits = _cell(ax, len(counts)), len(str(counts.max()))
    size = min(11.0, 1.4 * cell / max(digits, 5), cell / 3)
    both = size >= SMALLEST
    if not both:
        size = min(11.0, 1.4 * cell / digits, cell / 2)
    if size < SMALLEST:
        return
    for i, j in itertools.product(range(len(counts)), repeat=2):
        words = f"{counts[i, j]}"
        if counts[i, j] and both:
            words += f"\n{_percent(shares[i, j])}"
        ink = "white" if shares[i, j] > DARK else BLACK if counts[i, j] else MUTED
        ax.text(j, i, words, ha="center", va="center", color=ink, fontsize=size, linespacing=1.1)


def _percent(share: float) -> str:
    """Whole percents; never 0 % or 100 % for what is not exactly that."""
    if 0 < share < 0.005:
        return "<1 %"
    return ">99 %" if 0.995 <= share < 1 else f"{100 * share:.0f} %"


def _name_cells(ax: Axes, names: Sequence[str]) -> None:
    """The names of the classes at both axes; upright below where they are wider than a cell."""
    cell = _cell(ax, len(names))
    size = max(5.0, min(10.0, cell / 2.6))
    width = int(cell / (0.6 * size))  # of a cell, in characters
    upright = any(len(word) > width for name in names for word in name.split()) or any(
        len(wrapped(name, width, 9).split("\n")) > 3 for name in names
    )
    beside = [wrapped(name, 16, 3 if cell > 5 * size else 2) for name in names]
    below = beside if upright else [wrapped(name, width, 3) for name in names]
    ax.set_xticks(range(len(names)), labels=below, fontsize=size, rotation=90 if upright else 0, **PLAIN)
    ax.set_yticks(range(len(names)), labels=beside, fontsize=size, **PLAIN)
    ax.set(xlabel="predicted class", ylabel="true class")
    ax.tick_params(length=0)


def _plain(y: Any) -> list[Any]:
    return y.tolist() if hasattr(y, "tolist") else list(y)


def residuals(y_true: Any, y_pred: Any, *, name: str = "target", ax: Sequence[Axes] | None = None) -> Any:
    """A regression's predictions against the truth, and what is left: the residual, true minus predicted.

    Args:
        y_true: The true numbers, one per sample.
        y_pred: The predicted numbers.
        name: What is predicted, with its unit.
        ax: Two Axes to draw on; new ones if None.

    Returns:
        An array of the two Axes: predicted against true, and residual against predicted.

    Raises:
        ShapeError: If they are not two sequences of numbers of the same length, at least 1.
        ValueError: If a number is not finite, or `ax` does not hold 2 Axes.

    Example:
        >>> from nn.plots import new_figure, residuals
        >>> left, right = residuals([1.0, 2.0], [1.5, 1.75], ax=new_figure(10, 4).subplots(1, 2))
        >>> right.collections[0].get_offsets().tolist()
        [[1.5, -0.5], [1.75, 0.25]]
    """
    import numpy as np

    true, predicted = (_numbers(what, y) for what, y in (("y_true", y_true), ("y_pred", y_pred)))
    if len(true) != len(predicted):
        raise ShapeError(f"each sample needs one prediction: {len(true)} true numbers, {len(predicted)} predictions")
    axes = panels_or_new(ax, 2)
    size, faint = dots(len(true)), 0.75 if len(true) <= 400 else 0.4
    for panel, x, y in ((axes[0], true, predicted), (axes[1], predicted, true - predicted)):
        tidy(panel)
        panel.scatter(x, y, s=size, color=BLUE, alpha=faint, linewidth=0)
    ends = np.array([min(true.min(), predicted.min()), max(true.max(), predicted.max())])
    margin = 0.04 * float(np.ptp(ends)) or 0.04 * abs(float(ends[0])) or 1.0
    limits = float(ends[0]) - margin, float(ends[1]) + margin
    line = axes[0].axline((limits[0], limits[0]), slope=1, color=VERMILLION, linestyle="--", linewidth=1.6, zorder=3)
    axes[0].set(xlim=limits, ylim=limits)
    legend(axes[0], [line], ["predicted = true"], loc="upper left", frameon=True, framealpha=0.8, edgecolor="none")
    axes[1].axhline(0, color=VERMILLION, linestyle="--", linewidth=1.6, zorder=3)
    name_axes(axes[0], f"true {name}", f"predicted {name}")
    name_axes(axes[1], f"predicted {name}", "true − predicted")
    return axes


def _array(what: str, y: Any) -> Any:
    import numpy as np

    try:
        return np.asarray(y, float)
    except (TypeError, ValueError):
        raise ValueError(f"{what} must be numbers, one per sample, got {shortened(repr(y), 60)}") from None


def _numbers(what: str, y: Any) -> Any:
    import numpy as np

    numbers = _array(what, y)
    if numbers.ndim == 2 and numbers.shape[1] == 1:
        numbers = numbers[:, 0]
    if numbers.ndim != 1 or not len(numbers):
        raise ShapeError(
            f"{what} has the shape {numbers.shape}: one number per sample is drawn, of several {what}[:, 0]"
        )
    if not np.isfinite(numbers).all():
        i = int(np.argmin(np.isfinite(numbers)))
        raise ValueError(f"{what}[{i}] is {numbers[i]}: leave out what is not finite")
    return numbers


def roc_curve(y_true: Any, scores: Any, *, ax: Axes | None = None) -> Axes:
    """The share of positives found over the share of false alarms, for every threshold, and the area below.

    `true positive rate = TP / (TP + FN)` over `false positive rate = FP / (FP + TN)`.

    Args:
        y_true: The true classes of two: the larger of the two labels is the positive one.
        scores: What ranks the samples: a probability or a score of the positive class for each; or rows of two
            probabilities, as `predict_proba` gives them, of which the second counts.
        ax: Where to draw; new Axes if None.

    Returns:
        The Axes: its first line is the curve.

    Raises:
        ShapeError: If there are not as many scores as classes, or not one number for each sample.
        ValueError: If there are not exactly two classes, or a score is not finite.

    Example:
        >>> from nn.plots import new_figure, roc_curve
        >>> ax = roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], ax=new_figure(5, 5).subplots())
        >>> ax.get_legend().get_texts()[0].get_text()
        'area under the curve: 0.75'

    References:
        T. Fawcett, An introduction to ROC analysis, 2006.
    """
    import numpy as np

    values = _numbers("scores", _of_positive(scores))
    classes = classes_of(y_true)
    if len(classes) != 2:
        raise ValueError(f"a ROC curve is drawn for two classes, and y_true has {len(classes)}: {classes!s:.60}")
    positive = np.array([label == classes[1] for label in _plain(y_true)])
    if len(positive) != len(values):
        raise ShapeError(f"each sample needs one score: {len(positive)} true classes, {len(values)} scores")
    order = np.argsort(-values, kind="stable")
    last = np.append(np.nonzero(np.diff(values[order]))[0], len(values) - 1)  # of each group of equal scores
    found = np.append(0, np.cumsum(positive[order])[last]) / positive.sum()
    alarms = np.append(0, np.cumsum(~positive[order])[last]) / (~positive).sum()
    ax = axes_or_new(ax, 5.0, 5.0)
    tidy(ax)
    (curve,) = ax.plot(alarms, found, color=BLUE, linewidth=2)
    (chance,) = ax.plot([0, 1], [0, 1], color=MUTED, linestyle="--", linewidth=1.4)
    area = float(np.trapezoid(found, alarms))
    words = f"area under the curve: {_area(area)}"
    legend(
        ax, [curve, chance], [words, "guessing: 0.5"], loc="lower right", frameon=True, framealpha=0.8, edgecolor="none"
    )
    ax.set(
        xlabel="false positive rate",
        ylabel="true positive rate",
        xlim=(-0.02, 1.02),
        ylim=(-0.02, 1.02),
        aspect="equal",
    )
    return ax


def _of_positive(scores: Any) -> Any:
    """The scores of the positive class, of rows that hold a probability for each of two."""
    import numpy as np

    array = _array("scores", scores)
    if array.ndim == 2 and array.shape[1] == 2 and np.allclose(array.sum(axis=1), 1.0):
        return array[:, 1]
    if array.ndim == 2 and array.shape[1] > 1:
        raise ShapeError(
            f"scores has the shape {array.shape}: a ROC curve takes those of the positive class, scores[:, 1], or rows "
            "of two probabilities"
        )
    return array


def _area(area: float) -> str:
    """Three digits; 1 only for what is exactly that."""
    return f"{min(area, 0.999):.3g}" if area < 1 else "1"
