"""Decision boundaries: which class a network gives to every point of the plane of its two inputs.

It owns that picture; it must not know which network is asked, only that it gives one score, or one for each class,
and that a pipeline takes raw numbers. Read next: `surface.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from autograd import ShapeError, no_grad

from ..pipeline import Pipeline
from ..prediction import outputs_of
from ..preprocessing.rows import as_rows, by_column
from ..tasks import RANGES, output_activation_of
from .classes import classes_of, numbered
from .style import COLOURS, MARKERS, MUTED, axes_or_new, dots, shades
from .text import PLAIN, legend, letters, name_axes, number, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["decision_boundary"]

LETTER = 4.7  # points for a letter of the legend, which may be a little wider than the axes


def decision_boundary(
    score: Callable[[Any], Any] | Pipeline,
    X: Any,
    y: Any,
    *,
    X_test: Any = None,
    y_test: Any = None,
    threshold: float | None = None,
    score_name: str = "score",
    feature_names: Sequence[str] = (),
    class_names: Sequence[str] = (),
    resolution: int = 60,
    ax: Axes | None = None,
) -> Axes:
    """Where a network changes from one class to another, on the plane of its two inputs, with the samples.

    One score shades the plane by its distance to the threshold; of several, the plane has the colour of the largest.
    The black line is the boundary. Classes differ by marker too, and beyond the fifth their areas by hatching.

    Args:
        score: A network, or a function: maps [x₁, x₂] to one score (two classes), or to one for each class. Or a
            `Pipeline` of two columns of numbers, whose plane is that of the raw numbers.
        X: The samples, one row (x₁, x₂) each; of a pipeline, its raw rows in any form.
        y: Their classes: 0, 1, ...; for two classes any two labels, the larger for scores above the threshold. Of a
            pipeline, the classes of its target.
        X_test: Samples that were not trained on, drawn hollow; None if there are none.
        y_test: Their classes.
        threshold: Where one score changes the class: 0 for logits and hinge scores, 0.5 for probabilities. None: 0.5
            for a network whose outputs are between 0 and 1, as those of a sigmoid, else 0; of a pipeline, as its task
            says.
        score_name: What the colour bar is called.
        feature_names: The names of the axes; none for x₁ and x₂, or those of the pipeline's columns.
        class_names: The names of the classes, in order; none for the classes themselves, or those of the pipeline.
        resolution: The network is asked at resolution x resolution points, at least 2 x 2.
        ax: Where to draw; new Axes if None.

    Returns:
        The Axes.

    Raises:
        ShapeError: If the samples do not have 2 features or not one label each, the scores do not fit the
            classes, or there are not 2 feature names; if a pipeline has another number of columns than 2.
        TypeError: If score is neither a function nor a pipeline.
        ValueError: If there are more than 10 classes, a label has no name, or a score or a sample is not finite; if a
            pipeline predicts no class, or a column of it holds texts.

    Example:
        >>> from nn.plots import decision_boundary, new_figure
        >>> X, y = [[0, 0], [1, 0], [0, 1], [1, 1]], [0, 1, 0, 1]
        >>> ax = decision_boundary(lambda x: x[0] - 0.25, X, y, ax=new_figure(6, 5).subplots())
        >>> line = ax.collections[1].get_paths()[0]
        >>> line.vertices[:, 0].round(9).min(), line.vertices[:, 0].round(9).max()
        (np.float64(0.25), np.float64(0.25))
    """
    import numpy as np

    if isinstance(score, Pipeline):
        _check_pipeline(score)
        feature_names = feature_names if len(feature_names) else score.preprocessing.names
        class_names = class_names if len(class_names) else score.target.class_names
    elif not callable(score) or isinstance(score, type):
        kind = type(score).__name__
        raise TypeError(
            f"score must be a network, a function of [x₁, x₂] or a Pipeline, got {kind}: {shortened(repr(score), 60)}"
        )
    feature_names = feature_names if len(feature_names) else ("x₁", "x₂")
    if len(feature_names) != 2:
        raise ShapeError(f"feature_names has {len(feature_names)} names, and the plane has 2 axes: name both")
    parts = [_samples("X", X, y, score)]
    if X_test is not None:
        parts.append(_samples("X_test", X_test, y_test, score))
    classes = classes_of(*[labels for _, labels in parts])
    numbers, names = numbered(classes, class_names)
    if len(names) > len(MARKERS):
        raise ValueError(
            f"{len(names)} classes are more than there are markers for, {len(MARKERS)}: merge or leave out"
        )
    ax = axes_or_new(ax, 7.0, 5.2)
    points = np.vstack([points for points, _ in parts])
    margin = 0.1 * np.where(np.ptp(points, axis=0) > 0, np.ptp(points, axis=0), 1.0)
    low, high = points.min(axis=0) - margin, points.max(axis=0) + margin
    x1, x2 = np.linspace(low[0], high[0], resolution), np.linspace(low[1], high[1], resolution)
    scores = _scores(score, x1, x2)
    if scores.shape[2] == 1:
        if len(names) > 2:
            raise ShapeError(
                f"one score tells 2 classes apart, not {len(names)}: give a function with a score for each"
            )
        _paint_score(ax, x1, x2, scores[:, :, 0], _threshold(score, threshold), score_name)
    else:
        if scores.shape[2] < len(names):
            raise ShapeError(f"there are {scores.shape[2]} scores for {len(names)} classes: one for each is needed")
        _paint_areas(ax, x1, x2, scores)
    _paint_samples(ax, parts, numbers, names)
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    name_axes(ax, *feature_names)
    return ax


def _check_pipeline(pipeline: Pipeline) -> None:
    """That it tells classes apart by two columns of numbers."""
    if not pipeline.target.classes:
        raise ValueError("a decision boundary lies between classes, and this pipeline predicts a number")
    columns = pipeline.preprocessing.columns
    if len(columns) != 2:
        raise ShapeError(
            f"a decision boundary is drawn over 2 columns, and the pipeline has {len(columns)}: fit it on 2"
        )
    for column in columns:
        if column.kind != "numeric":
            raise ValueError(
                f"a decision boundary is drawn over columns of numbers, and {column.name!r} holds texts: fit the "
                "pipeline on two others"
            )


def _samples(name: str, X: Any, y: Any, score: Any) -> tuple[Any, list[Any]]:
    """The points and their labels; those of a pipeline as its columns and class indices."""
    import numpy as np

    if isinstance(score, Pipeline):
        X = np.array(by_column(as_rows(X), score.preprocessing.names), float).T
    points = np.asarray(X, float)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ShapeError(
            f"a decision boundary is drawn for samples of 2 features, {name} has the shape {points.shape}: "
            "train a network on two columns, X[:, :2]"
        )
    if not np.isfinite(points).all():
        i = int(np.argmin(np.isfinite(points).all(axis=1)))
        raise ValueError(f"sample {i} of {name} is {points[i].tolist()}: leave out what is not finite")
    labels = y.tolist() if hasattr(y, "tolist") else list(() if y is None else y)
    if isinstance(score, Pipeline) and set(labels) <= set(score.target.classes):
        labels = score.target.encode(labels).tolist()
    if len(labels) != len(points):
        raise ShapeError(f"{name} has {len(points)} samples, and there are {len(labels)} labels: each needs one")
    return points, labels


def _threshold(score: Any, threshold: float | None) -> float:
    if threshold is not None:
        return threshold
    if isinstance(score, Pipeline):
        return 0.5 if score.task == "binary_probabilities" else 0.0
    return 0.5 if RANGES.get(output_activation_of(score) or "") == (0, 1) else 0.0


def _scores(score: Any, x1: Any, x2: Any) -> Any:
    """The scores on the grid: an array (x₂, x₁, scores)."""
    import numpy as np

    points = [[a, b] for b in x2.tolist() for a in x1.tolist()]
    if isinstance(score, Pipeline):  # all points at once: one by one it would take seconds
        rows: Any = outputs_of(score.network, score.preprocessing.transform(points))
    else:
        with no_grad():
            rows = [np.ravel(np.array(score(point), dtype=object)).tolist() for point in points]
    scores = np.array(rows, dtype=float).reshape(len(x2), len(x1), -1)
    if not np.isfinite(scores).all():
        j, i, k = np.argwhere(~np.isfinite(scores))[0]
        raise ValueError(
            f"the score at ({number(x1[i])}, {number(x2[j])}) is {scores[j, i, k]}: no class to draw there"
        )
    return scores


def _paint_score(ax: Axes, x1: Any, x2: Any, scores: Any, threshold: float, name: str) -> None:
    import numpy as np
    from matplotlib.ticker import MaxNLocator

    reach = float(np.abs(scores - threshold).max()) or 1.0
    levels = np.linspace(threshold - reach, threshold + reach, 21)
    areas = ax.contourf(x1, x2, scores, levels=levels, cmap=shades(), alpha=0.6)
    if scores.min() < threshold < scores.max():
        ax.contour(x1, x2, scores, levels=[threshold], colors="black", linewidths=1.8)
    bar = ax.figure.colorbar(areas, ax=ax, shrink=0.9, ticks=MaxNLocator(7))
    line = f" (black line: {number(threshold)})"
    bar.set_label(shortened(name, letters(ax)[1] - len(line)) + line, **PLAIN)


def _paint_areas(ax: Axes, x1: Any, x2: Any, scores: Any) -> None:
    """For each class the area where its score is the largest: where it exceeds the best of the others."""
    import numpy as np

    for k in range(scores.shape[2]):
        lead = scores[:, :, k] - np.delete(scores, k, axis=2).max(axis=2)
        if not lead.max() > 0:
            continue
        hatches = [None if k < len(COLOURS) else "///"]
        colour = COLOURS[k % len(COLOURS)]
        area = ax.contourf(
            x1, x2, lead, levels=[0.0, float(lead.max()) * 1.01], colors=[colour], alpha=0.22, hatches=hatches
        )
        area.set_edgecolor(colour)
        area.set_linewidth(0.0)
        if lead.min() < 0:
            ax.contour(x1, x2, lead, levels=[0.0], colors="black", linewidths=1.2)


def _paint_samples(ax: Axes, parts: Sequence[tuple[Any, Any]], numbers: dict[Any, int], names: list[str]) -> None:
    """The samples by class and part, and a legend: a line for each class, one for what is hollow."""
    import numpy as np
    from matplotlib.lines import Line2D
    from matplotlib.transforms import ScaledTranslation

    for (points, labels), hollow in zip(parts, (False, True), strict=False):
        size = dots(len(labels))  # few marks are large, so that they are seen among many
        classes = np.array([numbers[label] for label in labels])
        for k in range(len(names)):
            colour, chosen = COLOURS[k % len(COLOURS)], points[classes == k]
            face, edge = ("white", colour) if hollow else (colour, "white")
            ax.scatter(
                chosen[:, 0], chosen[:, 1], s=size, marker=MARKERS[k], facecolor=face, edgecolor=edge,
                linewidth=1.4 if hollow else min(0.8, size / 40),
            )  # fmt: skip
    handles = [
        Line2D([], [], linestyle="", marker=MARKERS[k], color=COLOURS[k % len(COLOURS)]) for k in range(len(names))
    ]
    if len(parts) > 1:
        handles.append(Line2D([], [], linestyle="", marker="o", color=MUTED, markerfacecolor="white"))
        names = [*names, "hollow: test"]
    names = [shortened(name) for name in names]
    row = ax.get_window_extent().width * 72 / ax.figure.dpi / LETTER
    one_row = sum(len(name) + 7 for name in names) <= row
    columns = len(names) if one_row else max(1, int(row / (7 + max(len(name) for name in names))))
    below = ax.transAxes + ScaledTranslation(0, -38 / 72, ax.figure.dpi_scale_trans)  # under the name of the axis
    legend(ax, handles, names, loc="upper center", bbox_to_anchor=(0.5, 0), bbox_transform=below, ncols=columns,
           columnspacing=1.2, handletextpad=0.3)  # fmt: skip
