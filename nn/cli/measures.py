"""How good a trained network is: figures of each part of the samples, and of an answer that needs no network.

It owns which figures are shown for classes and for quantities; it must not know how they are shown.
Read next: `results.py`, which reports them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .. import metrics
from ..pipeline import Pipeline
from ..readable import Cell, aligned, number
from .names import isolated
from .run import Part, Plan

__all__ = ["FIGURES", "Judged", "classes_table", "figures_table", "judge"]

FIGURES: Mapping[str, str] = {
    "accuracy": "accuracy", "balanced_accuracy": "balanced accuracy", "roc_auc": "ROC AUC", "log_loss": "log loss",
    "r2": "R²", "mae": "MAE", "rmse": "RMSE",
}  # fmt: skip
"""The figures, and what they are called."""


@dataclass(frozen=True)
class Judged:
    """The predictions for a part of the samples, and how good they are.

    Attributes:
        name: "train", "validation", "test", or what the baseline always answers.
        true: The targets as class indices, or as quantities in their own unit.
        predicted: The predictions, alike.
        figures: Names in `FIGURES` and their numbers; None where one is undefined.
    """

    name: str
    true: Any
    predicted: Any
    figures: dict[str, float | None]


def judge(plan: Plan) -> list[Judged]:
    """Every part, then the baseline on the last of them.

    The baseline always answers the most frequent class of the training part with the frequencies as probabilities,
    or its mean: what a network must beat to have learnt anything.
    """
    pipeline = plan.pipeline
    made = [_judged(part.name, pipeline, part, _answers(pipeline, part)) for part in plan.parts]
    return [*made, _baseline(plan)]


def figures_table(judged: list[Judged]) -> tuple[list[str], list[list[Cell]]]:
    """The header and the rows of a table of all figures, each column with its number of decimals."""
    names = list(judged[0].figures)
    columns = [_column([part.figures[name] for part in judged]) for name in names]
    rows: list[list[Cell]] = [
        [part.name, len(part.true), *cells] for part, cells in zip(judged, zip(*columns, strict=True), strict=True)
    ]
    return ["", "samples", *[FIGURES[name] for name in names]], rows


def _column(figures: list[float | None]) -> list[str]:
    """The figures with three decimals if they are shares or about as small, else with three digits."""
    digits = 4 if 1 < max(abs(x or 0.0) for x in figures) < 10 else 3
    return aligned(figures, digits)


def classes_table(plan: Plan, judged: Judged) -> tuple[list[str], list[list[Cell]]]:
    """The header and the rows of a table of precision, recall and F1 of each class."""
    rows: list[list[Cell]] = []
    for k, name in enumerate(plan.pipeline.target.class_names):
        true, predicted = [int(y == k) for y in judged.true], [int(y == k) for y in judged.predicted]
        figures = [f(true, predicted) for f in (metrics.precision, metrics.recall, metrics.f1)]
        rows.append([isolated(name), sum(true), *aligned(figures)])
    return ["class", "samples", "precision", "recall", "F1"], rows


def _answers(pipeline: Pipeline, part: Part) -> Any:
    """A row of probabilities for each sample, or a quantity."""
    ask = pipeline.predict_proba if pipeline.target.classes else pipeline.predict
    return ask(part.rows).tolist()


def _baseline(plan: Plan) -> Judged:
    import numpy as np

    target, last = plan.pipeline.target, plan.parts[-1]
    encoded = target.encode(plan.parts[0].answers)
    if not target.classes:
        return _judged(f"always {number(target.mean)}", plan.pipeline, last, [target.mean] * len(last.answers))
    shares = np.bincount(encoded, minlength=len(target.classes)) / len(encoded)
    name = f"always {isolated(target.class_names[int(shares.argmax())])}"
    return _judged(name, plan.pipeline, last, [shares.tolist()] * len(last.answers))


def _judged(name: str, pipeline: Pipeline, part: Part, answers: Any) -> Judged:
    true = pipeline.target.encode(part.answers).tolist()
    if not pipeline.target.classes:
        true = pipeline.target.decode(true)
        figures = {"r2": _defined(metrics.r2, true, answers), "mae": metrics.mae(true, answers)}
        return Judged(name, true, answers, {**figures, "rmse": metrics.rmse(true, answers)})
    predicted = [row.index(max(row)) for row in answers]
    return Judged(name, true, predicted, {
        "accuracy": metrics.accuracy(true, predicted),
        "balanced_accuracy": metrics.balanced_accuracy(true, predicted),
        "roc_auc": _defined(metrics.roc_auc, true, answers),
        "log_loss": metrics.log_loss(true, answers),
    })  # fmt: skip


def _defined(metric: Callable[[Any, Any], float], true: Any, answers: Any) -> float | None:
    """A metric, or None where it is undefined: R² of one sample, ROC AUC where a class does not occur."""
    try:
        return metric(true, answers)
    except ValueError:
        return None
