"""The pictures of a run: learning curves, outcomes, decision boundary, and the network.

It owns which pictures suit a run, and what they say to those who do not see them; it must not know where they go.
Read next: `results.py`, which puts them into the report.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..pipeline import Pipeline
from .measures import FIGURES, Judged
from .names import name
from .report import Picture
from .run import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_pipeline", "pictures"]

MOST_MARKED = 10
"""The decision boundary has a marker for each of so many classes."""

MOST_MISTAKES = 32
"""So many mistakes are shown as images."""

MOST_NAMED = 30
"""The confusion matrix names so many classes."""


def pictures(run: Run, judged: Judged) -> dict[str, Picture]:
    """The pictures that suit the run, by the name of the file.

    Args:
        run: The run.
        judged: The part whose predictions are shown: the test part, if there is one.

    Returns:
        PNG and SVG images. Without a whole epoch there are no learning curves.
    """
    target, columns = run.plan.pipeline.target, run.plan.pipeline.preprocessing.columns
    made: dict[str, Picture] = {}
    if run.history.rows:
        made["learning_curve.png"] = _learning_curves(run)
    if target.classes:
        made["confusion_matrix.png"] = _confusion_matrix(run, judged)
        if _are_pixels(run.plan.source.names):
            made["mistakes.png"] = _mistakes(run, judged)
    else:
        made["residuals.png"] = _residuals(run, judged)
    plane = [column.kind for column in columns] == ["numeric", "numeric"]
    if target.classes and len(target.classes) <= MOST_MARKED and plane and all(c.scale for c in columns):  # type: ignore[union-attr]
        made["decision_boundary.png"] = _decision_boundary(run)
    made["network.svg"] = _network(run.plan.pipeline)
    return made


def draw_pipeline(pipeline: Pipeline) -> Any:
    """The network drawn, with the names of its inputs and outputs: a picture with `.svg` and `.pipe(format)`."""
    network: Any = pipeline.network
    return network.graph(inputs=[name(n) for n in pipeline.preprocessing.feature_names], outputs=_outputs(pipeline))


def _outputs(pipeline: Pipeline) -> tuple[str, ...]:
    names = pipeline.target.class_names
    shown = names[1:] if len(names) == 2 else names or (str(pipeline.settings.get("target", "target")),)
    return tuple(map(name, shown))


def _network(pipeline: Pipeline) -> Picture:
    features, outputs = pipeline.preprocessing.feature_names, _outputs(pipeline)
    return Picture(
        draw_pipeline(pipeline).svg.encode(),
        f"The network: {len(features)} inputs on the left, a column of circles for each layer, lines for weights, "
        f"and the outputs {', '.join(outputs)} on the right.",
        "Lines are weights: the thicker, the larger; blue and solid are positive, orange and dashed negative. The "
        "numbers in the circles are biases. Of a long column the first and the last units are shown.",
    )  # fmt: skip


def _png(width: float, height: float, draw: Callable[[Figure], Any]) -> bytes:
    from ..plots import new_figure

    figure = new_figure(width, height)
    content = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)  # in users' names
        draw(figure)
        figure.savefig(content, format="png")
    return content.getvalue()


def _learning_curves(run: Run) -> Picture:
    from ..plots import learning_curve

    rows = run.history.rows
    known = [name for name in rows[0] if name in FIGURES or name == "loss"][:2]

    def draw(figure: Figure) -> None:
        panels = figure.subplots(1, len(known), squeeze=False)[0]
        for ax, quantity in zip(panels, known, strict=True):
            learning_curve(run.history, quantity, ax)
            if run.best_epoch:
                ax.axvline(run.best_epoch, color="#57606a", linewidth=1.2, linestyle=":")

    words = [f"{name.replace('_', ' ')} from {rows[0][name]:.3g} to {rows[-1][name]:.3g}" for name in rows[0]
             if name.removeprefix("validation_") in known]  # fmt: skip
    unit = " The target is standardised: always to answer its mean has a squared loss of about 1."
    unit = "" if run.plan.pipeline.target.classes else unit
    kept = f" The dotted line is epoch {run.best_epoch}, whose weights were kept." if run.best_epoch else ""
    return Picture(
        _png(4.5 * len(known), 3.6, draw),
        f"Learning curves over {len(rows)} epochs: {', '.join(words)}.",
        f"Means over the samples of an epoch; those of the training part are taken while weights change.{unit}{kept}",
    )


def _confusion_matrix(run: Run, judged: Judged) -> Picture:
    from ..plots import confusion_matrix
    from ..plots.text import PLAIN

    names = list(map(name, run.plan.pipeline.target.class_names))
    side = max(4.4, min(9.0, 2.4 + 0.6 * len(names)))

    def draw(figure: Figure) -> None:
        ax = confusion_matrix(judged.true, judged.predicted, class_names=names, ax=figure.subplots())
        if len(names) > MOST_NAMED:  # the names of all would be too small to read
            places = range(0, len(names), -(-len(names) // MOST_NAMED))
            shown = [name(names[i], 24) for i in places]
            ax.set_xticks(places, shown, fontsize=10, rotation=90, **PLAIN)
            ax.set_yticks(places, shown, fontsize=10, **PLAIN)

    left_out = ", in the order of the table below; not all are named" if len(names) > MOST_NAMED else ""
    wrong = sum(true != predicted for true, predicted in zip(judged.true, judged.predicted, strict=True))
    return Picture(
        _png(side + 1.2, side, draw),
        f"Confusion matrix of the {judged.name} part: {wrong} of {len(judged.true)} samples are predicted wrongly.",
        f"The {judged.name} part: rows are true classes, columns predicted ones{left_out}.",
        width=int(min(860, 96 * (side + 1.2))),
    )


def _are_pixels(names: Sequence[str]) -> bool:
    """Whether the columns are a square image, row by row, as those of the digits."""
    side = math.isqrt(len(names))
    return side > 1 and list(names) == [f"pixel_{i}_{j}" for i in range(side) for j in range(side)]


def _mistakes(run: Run, judged: Judged) -> Picture:
    from ..plots import mistakes

    part, names = run.plan.part(judged.name), list(map(name, run.plan.pipeline.target.class_names))
    rows: Any = part.rows if part else []
    wrong = [f"{names[y]} as {names[said]}" for y, said in zip(judged.true, judged.predicted, strict=True) if y != said]
    height = 0.4 + 0.95 * max(1, -(-min(len(wrong), MOST_MISTAKES) // 8))  # of the title and of each row

    def draw(figure: Figure) -> None:
        mistakes(rows, judged.true, judged.predicted, class_names=names, limit=MOST_MISTAKES, ax=figure.subplots())

    return Picture(
        _png(7.6, height, draw),
        f"The {judged.name} images that are predicted wrongly: {', '.join(wrong[:MOST_MISTAKES]) or 'none'}.",
        f"The mistakes in the {judged.name} part: what each is, and what the network said.",
    )


def _residuals(run: Run, judged: Judged) -> Picture:
    from ..plots import residuals

    target = name(run.plan.source.target)
    return Picture(
        _png(9.0, 3.8, lambda figure: residuals(
            judged.true, judged.predicted, name=target, ax=figure.subplots(1, 2)
        )),
        f"Predicted against true {target} of the {judged.name} part, and what is left.",
        f"The {judged.name} part. Points on the dashed lines are predicted exactly.",
    )  # fmt: skip


def _decision_boundary(run: Run) -> Picture:
    from ..plots import decision_boundary

    plan = run.plan
    pipeline, train, test = plan.pipeline, plan.parts[0], plan.part("test")
    encode, names = pipeline.target.encode, list(map(name, plan.source.names))
    network: Any = pipeline.network
    columns: Any = pipeline.preprocessing.columns

    def score(x: list[float]) -> Any:  # of one point, for which `transform` would be slow
        return network([(v - column.shift) / column.scale for v, column in zip(x, columns, strict=True)])

    def draw(figure: Figure) -> None:
        filled = [_filled(pipeline, part.rows) if part else None for part in (train, test)]
        decision_boundary(
            score, filled[0], encode(train.answers), X_test=filled[1],
            y_test=encode(test.answers) if test else None, score_name="logit", feature_names=names,
            class_names=list(map(name, pipeline.target.class_names)), ax=figure.subplots(),
        )  # fmt: skip

    marks = "Filled samples were trained on, hollow ones were not." if test else "The samples are the trained ones."
    return Picture(
        _png(7.2, 5.4, draw),
        f"The plane of {names[0]} and {names[1]}, divided by the class that the network "
        "predicts, with the samples.",
        f"What the network answers at every point of the plane. {marks}",
        width=700,
    )  # fmt: skip


def _filled(pipeline: Pipeline, rows: Any) -> list[list[float]]:
    """The rows with medians in place of what is missing, in their own units."""
    columns: Any = pipeline.preprocessing.columns
    return [[column.fill if x is None or x != x else x for column, x in zip(columns, row, strict=True)] for row in rows]
