"""What is measured but not trained on: how many predictions are right, and how far off numbers are.

It owns the checks in front of scikit-learn, which does the computing, and the step from one output to a class; it
must not know networks. Read next: `classes.py`, `scores.py` and `regression.py`, which hold the metrics.

All take scikit-learn's order of arguments, `(y_true, y_pred)`. Classes are whole numbers or text. Where classes are
0 and 1, or -1 and +1, precision, recall and f1 are those of class 1, the positive one; of other whole numbers, and of
more than two texts, those of each class averaged. Of two texts nobody knows which is meant: say it by `positive`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from .classes import accuracy, balanced_accuracy, confusion_matrix, f1, precision, recall
from .decisions import class_from_logits, class_from_probability, class_from_score
from .regression import mae, r2, rmse
from .scores import log_loss, roc_auc

__all__ = [
    "METRICS", "SCORE_METRICS", "Metric", "accuracy", "balanced_accuracy", "class_from_logits",
    "class_from_probability", "class_from_score", "confusion_matrix", "f1", "log_loss", "mae", "precision", "r2",
    "recall", "rmse", "roc_auc",
]  # fmt: skip

Metric: TypeAlias = Callable[[Any, Any], float]

METRICS: Mapping[str, Metric] = {
    "accuracy": accuracy,
    "balanced_accuracy": balanced_accuracy,
    "precision": precision,
    "recall": recall,
    "f1": f1,
    "roc_auc": roc_auc,
    "log_loss": log_loss,
    "r2": r2,
    "mae": mae,
    "rmse": rmse,
}
"""The metrics by name: all that give one number."""

SCORE_METRICS = ("roc_auc", "log_loss")
"""Those that take scores or probabilities in place of predictions."""
