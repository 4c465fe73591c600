"""Metrics of classes: how many predictions are right, of all and of each class.

It owns what is asked of scikit-learn, which does the computing; it must not know networks.
Read next: `scores.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .checks import as_classes, pair, plain

__all__ = ["accuracy", "balanced_accuracy", "confusion_matrix", "f1", "precision", "recall"]


def accuracy(y_true: Sequence[Any], y_pred: Sequence[Any]) -> float:
    """`(TP + TN) / (TP + TN + FP + FN)`: the share of predictions that are right.

    A metric, not a loss: it has steps in place of slopes, and says little where one class is rare.

    Args:
        y_true: The true classes; with several labels per sample, rows of them, of which all must be right.
        y_pred: The predicted classes.

    Returns:
        A number in [0, 1].

    Raises:
        ValueError: If there are none, not as many of the one as of the other, or numbers and text mixed.

    Example:
        >>> accuracy([0, 1, 1, 0], [0, 1, 0, 0])
        0.75
    """
    from sklearn.metrics import accuracy_score

    true, predicted = pair("accuracy", y_true, y_pred)
    if isinstance(true[0], list) and isinstance(predicted[0], list):
        return float(accuracy_score([True] * len(true), [t == p for t, p in zip(true, predicted, strict=True)]))
    return float(accuracy_score(*as_classes("accuracy", true, predicted)))


def balanced_accuracy(y_true: Sequence[Any], y_pred: Sequence[Any]) -> float:
    """The recall of every class, averaged: accuracy as if all classes were equally frequent.

    Args:
        y_true: The true classes.
        y_pred: The predicted classes.

    Returns:
        A number in [0, 1]; 1 / K for guesses among K classes. Classes that y_true does not hold do not count.

    Raises:
        ValueError: If there are none, not as many of the one as of the other, or numbers and text mixed.

    Example:
        >>> balanced_accuracy([0, 0, 0, 1], [0, 0, 0, 0])
        0.5
    """
    from sklearn.metrics import recall_score

    true, predicted = as_classes("balanced_accuracy", *pair("balanced_accuracy", y_true, y_pred))
    return float(recall_score(true, predicted, labels=sorted(set(true)), average="macro", zero_division=0))


def confusion_matrix(y_true: Sequence[Any], y_pred: Sequence[Any], labels: Sequence[Any] | None = None) -> Any:
    """How often each true class (row) was predicted as each class (column).

    Args:
        y_true: The true classes.
        y_pred: The predicted classes.
        labels: The classes in the order of rows and columns; None for all that occur, sorted.

    Returns:
        A numpy array of counts; for classes 0 and 1 it is `[[TN, FP], [FN, TP]]`.

    Raises:
        ValueError: If there are none, not as many of the one as of the other, numbers and text mixed, or a class
            that is not among the labels.

    Example:
        >>> confusion_matrix([0, 1, 1, 1], [0, 1, 1, 0]).tolist()
        [[1, 0], [1, 2]]
    """
    import numpy as np
    from sklearn import metrics

    true, predicted = as_classes("confusion_matrix", *pair("confusion_matrix", y_true, y_pred))
    found = sorted({*true, *predicted})
    rows = found if labels is None else [plain(label) for label in labels]
    if missing := [label for label in found if label not in rows]:
        raise ValueError(f"confusion_matrix met the class {missing[0]!r}, which is not among the labels {rows}: add it")
    if len(rows) == 1:  # scikit-learn computes the same, but warns
        return np.array([[len(true)]])
    return metrics.confusion_matrix(true, predicted, labels=rows)


def precision(
    y_true: Sequence[Any], y_pred: Sequence[Any], *, positive: Any = None, average: str | None = None
) -> float:
    """`TP / (TP + FP)`: the share of those predicted as a class that belong to it; 0 for a class never predicted.

    Args:
        y_true: The true classes.
        y_pred: The predicted classes.
        positive: The class that it is of. None: class 1 where classes are 0 and 1, or -1 and +1; of other whole
            numbers the average. Of texts there must be more than two, or one of `positive` and `average`.
        average: How classes are averaged: `"macro"` all alike, `"weighted"` by their frequency in y_true, `"micro"`
            by counting over all. None: "macro", where no single class is meant.

    Returns:
        A number in [0, 1].

    Raises:
        ValueError: If there are none, not as many of the one as of the other, numbers and text mixed, two texts and
            neither `positive` nor `average`, both of them, a positive class that does not occur, or no such average.

    Example:
        >>> precision([0, 1, 1, 0, 0], [1, 1, 0, 0, 1])
        0.3333333333333333
    """
    from sklearn.metrics import precision_score

    return _of_classes("precision", precision_score, y_true, y_pred, positive, average)


def recall(y_true: Sequence[Any], y_pred: Sequence[Any], *, positive: Any = None, average: str | None = None) -> float:
    """`TP / (TP + FN)`: the share of those of a class that are found; 0 for a class that y_true does not hold.

    Args:
        y_true: The true classes.
        y_pred: The predicted classes.
        positive: The class that it is of. None: class 1 where classes are 0 and 1, or -1 and +1; of other whole
            numbers the average. Of texts there must be more than two, or one of `positive` and `average`.
        average: How classes are averaged: `"macro"` all alike, `"weighted"` by their frequency in y_true, `"micro"`
            by counting over all. None: "macro", where no single class is meant.

    Returns:
        A number in [0, 1].

    Raises:
        ValueError: If there are none, not as many of the one as of the other, numbers and text mixed, two texts and
            neither `positive` nor `average`, both of them, a positive class that does not occur, or no such average.

    Example:
        >>> recall([0, 1, 1, 0, 0], [1, 1, 0, 0, 1])
        0.5
    """
    from sklearn.metrics import recall_score

    return _of_classes("recall", recall_score, y_true, y_pred, positive, average)


def f1(y_true: Sequence[Any], y_pred: Sequence[Any], *, positive: Any = None, average: str | None = None) -> float:
    """`2 TP / (2 TP + FP + FN)`: the harmonic mean of precision and recall; 0 where both are.

    Args:
        y_true: The true classes.
        y_pred: The predicted classes.
        positive: The class that it is of. None: class 1 where classes are 0 and 1, or -1 and +1; of other whole
            numbers the average. Of texts there must be more than two, or one of `positive` and `average`.
        average: How classes are averaged: `"macro"` all alike, `"weighted"` by their frequency in y_true, `"micro"`
            by counting over all. None: "macro", where no single class is meant.

    Returns:
        A number in [0, 1].

    Raises:
        ValueError: If there are none, not as many of the one as of the other, numbers and text mixed, two texts and
            neither `positive` nor `average`, both of them, a positive class that does not occur, or no such average.

    Example:
        >>> f1([0, 1, 1, 0, 0], [1, 1, 0, 0, 1])
        0.4
    """
    from sklearn.metrics import f1_score

    return _of_classes("f1", f1_score, y_true, y_pred, positive, average)


def _of_classes(
    metric: str, compute: Callable[..., Any], y_true: Any, y_pred: Any, positive: Any, average: str | None
) -> float:
    """A metric that each class has: that of the positive class, or the average over all."""
    if average not in (None, "macro", "weighted", "micro"):
        raise ValueError(f"unknown average {average!r} of {metric}. There are: macro, weighted, micro")
    if positive is not None and average is not None:
        raise ValueError(f"{metric} is of the class {positive!r} or an average, {average!r}: give one of both")
    true, predicted = as_classes(metric, *pair(metric, y_true, y_pred))
    found = {*true, *predicted}
    if average is None and (one := _positive(metric, plain(positive), found)) is not None:
        return float(compute(true, predicted, labels=[one], average="macro", zero_division=0))
    return float(compute(true, predicted, average=average or "macro", zero_division=0))


def _positive(metric: str, positive: Any, found: set[Any]) -> Any:
    """The class that a metric is of; None if it is to be averaged over all, as whole numbers beside 0 and 1 tell."""
    pairs = [classes for classes in ({0, 1}, {-1, 1}) if found <= classes]
    known = sorted(set().union(found, *pairs))
    if positive is not None and positive not in known:
        raise ValueError(f"{metric}: the positive class is {positive!r}, but the classes are {known!s:.80}: name one")
    if positive is None and len(found) <= 2 and isinstance(known[0], str):
        raise ValueError(
            f"{metric} of the classes {known!s:.80} needs to know which of them counts: give positive={known[-1]!r}, "
            "or average='macro' for the mean of both"
        )
    return 1 if positive is None and pairs else positive
