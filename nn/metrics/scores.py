"""Metrics of scores and probabilities: how well they put classes apart, before any decision.

It owns what is asked of scikit-learn, which does the computing; it must not know networks.
Read next: `regression.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .checks import as_array, as_classes, pair

__all__ = ["log_loss", "roc_auc"]


def roc_auc(y_true: Sequence[Any], scores: Sequence[Any]) -> float:
    """The area under the ROC curve: the chance that a sample of a class scores higher than one that is not of it.

    Args:
        y_true: The true classes. Of two classes, the larger is the positive one.
        scores: Of two classes: a number per sample, larger for the positive class, as a logit or a probability; or
            rows of two probabilities. Of more: rows with a probability for every class; each class is then held
            against the rest, and the areas are averaged.

    Returns:
        A number in [0, 1]; 0.5 for guesses.

    Raises:
        ValueError: If there are none, not as many of the one as of the other, y_true holds one class only or not
            every class of the rows, or rows of probabilities do not sum to 1.

    Example:
        >>> roc_auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        0.75
    """
    from sklearn.metrics import roc_auc_score

    true, given = pair("roc_auc", y_true, scores, "scores")
    true, _ = as_classes("roc_auc", true, true)
    found = sorted(set(true))
    if len(found) == 1:
        raise ValueError(f"roc_auc is undefined: y_true holds one class only, {found[0]!r}; it compares two or more")
    array = as_array("roc_auc", "scores", given)
    if array.ndim == 1 and len(found) > 2:
        raise ValueError(f"roc_auc of {len(found)} classes takes rows with a probability for every class, not numbers")
    if array.ndim == 1:
        return float(roc_auc_score([label == found[1] for label in true], array))
    _check_rows("roc_auc", array)
    if array.shape[1] != len(found):
        raise ValueError(
            f"roc_auc is undefined: y_true holds {len(found)} classes, {found}, and a row of scores has "
            f"{array.shape[1]} probabilities; measure it where every class occurs"
        )
    if len(found) == 2:
        return float(roc_auc_score([label == found[1] for label in true], array[:, 1]))
    return float(roc_auc_score(true, array, multi_class="ovr", labels=found))


def log_loss(y_true: Sequence[Any], probabilities: Sequence[Any]) -> float:
    """`-1/n Σ ln p` of the true class: the cross-entropy of predicted probabilities.

    Args:
        y_true: The true classes: whole numbers from 0 (or -1 and +1), or text, whose classes are those that occur,
            sorted.
        probabilities: Rows with a probability for every class; of two classes also the one of the second as a number.

    Returns:
        A number >= 0. Probabilities are kept away from 0 and 1 by 2.2e-16, as scikit-learn does, so that it is finite.

    Raises:
        ValueError: If there are none, not as many of the one as of the other, probabilities are not in [0, 1], rows
            do not sum to 1, or y_true holds a class that has no column.

    Example:
        >>> round(log_loss([0, 1, 1], [0.1, 0.9, 0.4]), 4)
        0.3757
    """
    from sklearn import metrics

    true, given = pair("log_loss", y_true, probabilities, "probabilities")
    true, _ = as_classes("log_loss", true, true)
    array = as_array("log_loss", "probabilities", given)
    if array.ndim == 1:
        array = array.reshape(-1, 1).repeat(2, axis=1)
        array[:, 0] = 1 - array[:, 0]
    _check_rows("log_loss", array)
    return float(metrics.log_loss(true, array, labels=_columns(true, array.shape[1])))


def _check_rows(metric: str, rows: Any) -> None:
    """That rows hold probabilities."""
    import numpy as np

    if (rows < 0).any() or (rows > 1).any():
        place = int(np.argwhere((rows < 0) | (rows > 1))[0][0])
        raise ValueError(f"{metric} takes probabilities in [0, 1]: sample {place} has {rows[place].tolist()}")
    if not np.allclose(rows.sum(axis=1), 1):
        place = int(np.argmax(abs(rows.sum(axis=1) - 1)))
        raise ValueError(
            f"{metric} takes rows of probabilities that sum to 1: sample {place} has {rows[place].tolist()}; softmax "
            "makes them of logits"
        )


def _columns(true: list[Any], n: int) -> list[Any]:
    """The class that each of the n columns of probabilities stands for."""
    found = sorted(set(true))
    if isinstance(found[0], str):
        columns = found
    else:
        columns = [-1, 1] if n == 2 and set(found) <= {-1, 1} and -1 in found else list(range(n))
    if len(columns) != n or not set(found) <= set(columns):
        raise ValueError(f"log_loss got probabilities of {n} classes, {found} in y_true: each needs its own column")
    return columns
