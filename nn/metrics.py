"""What is measured but not trained on: how many predictions are right, and how far off numbers are.

It owns the checks in front of scikit-learn, which does the computing, and the step from one output to a class; it
must not know networks. Read next: `tasks.py`, which names the metrics that suit a loss, and `training.py`.

All take scikit-learn's order of arguments, `(y_true, y_pred)`. Classes are whole numbers or text. Where classes are
0 and 1, or -1 and +1, precision, recall and f1 are those of class 1, the positive one; of other classes, those of
each class averaged. Text has no positive class, so that of two texts they are averaged too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Any, TypeAlias

from autograd import Value

__all__ = [
    "METRICS", "SCORE_METRICS", "Metric", "accuracy", "balanced_accuracy", "class_from_logits",
    "class_from_probability", "class_from_score", "confusion_matrix", "f1", "log_loss", "mae", "precision", "r2",
    "recall", "rmse", "roc_auc",
]  # fmt: skip

Metric: TypeAlias = Callable[[Any, Any], float]


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

    true, predicted = _pair("accuracy", y_true, y_pred)
    if isinstance(true[0], list) and isinstance(predicted[0], list):
        return float(accuracy_score([True] * len(true), [t == p for t, p in zip(true, predicted, strict=True)]))
    return float(accuracy_score(*_classes("accuracy", true, predicted)))


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

    true, predicted = _classes("balanced_accuracy", *_pair("balanced_accuracy", y_true, y_pred))
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

    true, predicted = _classes("confusion_matrix", *_pair("confusion_matrix", y_true, y_pred))
    found = sorted({*true, *predicted})
    rows = found if labels is None else [_plain(label) for label in labels]
    if missing := [label for label in found if label not in rows]:
        raise ValueError(f"confusion_matrix met the class {missing[0]!r}, which is not among the labels {rows}: add it")
    if len(rows) == 1:  # scikit-learn computes the same, but warns
        return np.array([[len(true)]])
    return metrics.confusion_matrix(true, predicted, labels=rows)


def precision(y_true: Sequence[Any], y_pred: Sequence[Any], average: str = "macro") -> float:
    """`TP / (TP + FP)`: the share of those predicted as a class that belong to it; 0 for a class never predicted.

    Args:
        y_true: The true classes.
        y_pred: The predicted classes.
        average: How several classes are averaged: `"macro"` all alike, `"weighted"` by their frequency in y_true,
            `"micro"` by counting over all. For classes 0 and 1, or -1 and +1, it is that of class 1.

    Returns:
        A number in [0, 1].

    Raises:
        ValueError: If there are none, not as many of the one as of the other, numbers and text mixed, or there is
            no such average.

    Example:
        >>> precision([0, 1, 1, 0, 0], [1, 1, 0, 0, 1])
        0.3333333333333333
    """
    from sklearn.metrics import precision_score

    return _of_classes("precision", precision_score, y_true, y_pred, average)


def recall(y_true: Sequence[Any], y_pred: Sequence[Any], average: str = "macro") -> float:
    """`TP / (TP + FN)`: the share of those of a class that are found; 0 for a class that y_true does not hold.

    Args:
        y_true: The true classes.
        y_pred: The predicted classes.
        average: How several classes are averaged: `"macro"` all alike, `"weighted"` by their frequency in y_true,
            `"micro"` by counting over all. For classes 0 and 1, or -1 and +1, it is that of class 1.

    Returns:
        A number in [0, 1].

    Raises:
        ValueError: If there are none, not as many of the one as of the other, numbers and text mixed, or there is
            no such average.

    Example:
        >>> recall([0, 1, 1, 0, 0], [1, 1, 0, 0, 1])
        0.5
    """
    from sklearn.metrics import recall_score

    return _of_classes("recall", recall_score, y_true, y_pred, average)


def f1(y_true: Sequence[Any], y_pred: Sequence[Any], average: str = "macro") -> float:
    """`2 TP / (2 TP + FP + FN)`: the harmonic mean of precision and recall; 0 where both are.

    Args:
        y_true: The true classes.
        y_pred: The predicted classes.
        average: How several classes are averaged: `"macro"` all alike, `"weighted"` by their frequency in y_true,
            `"micro"` by counting over all. For classes 0 and 1, or -1 and +1, it is that of class 1.

    Returns:
        A number in [0, 1].

    Raises:
        ValueError: If there are none, not as many of the one as of the other, numbers and text mixed, or there is
            no such average.

    Example:
        >>> f1([0, 1, 1, 0, 0], [1, 1, 0, 0, 1])
        0.4
    """
    from sklearn.metrics import f1_score

    return _of_classes("f1", f1_score, y_true, y_pred, average)


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

    true, given = _pair("roc_auc", y_true, scores, "scores")
    true, _ = _classes("roc_auc", true, true)
    found = sorted(set(true))
    if len(found) == 1:
        raise ValueError(f"roc_auc is undefined: y_true holds one class only, {found[0]!r}; it compares two or more")
    array = _array("roc_auc", "scores", given)
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

    true, given = _pair("log_loss", y_true, probabilities, "probabilities")
    true, _ = _classes("log_loss", true, true)
    array = _array("log_loss", "probabilities", given)
    if array.ndim == 1:
        array = array.reshape(-1, 1).repeat(2, axis=1)
        array[:, 0] = 1 - array[:, 0]
    _check_rows("log_loss", array)
    return float(metrics.log_loss(true, array, labels=_columns(true, array.shape[1])))


def r2(y_true: Sequence[Any], y_pred: Sequence[Any]) -> float:
    """`1 - Σ (y - ŷ)² / Σ (y - mean of y)²`: the share of the variance that is explained; of several outputs, averaged.

    Args:
        y_true: The true numbers, or rows of them.
        y_pred: The predictions.

    Returns:
        A number <= 1: 1 for perfect predictions, 0 for the mean of y_true. Of a constant y_true it is 1 if all
        predictions are right, else 0.

    Raises:
        ValueError: If there are fewer than 2, not as many of the one as of the other, or what is no finite number.

    Example:
        >>> r2([1.0, 2.0, 3.0], [1.0, 2.0, 4.0])
        0.5
    """
    from sklearn.metrics import r2_score

    true, predicted = _numbers("r2", y_true, y_pred)
    if len(true) < 2:
        raise ValueError("r2 needs two samples at least: one has no variance to explain")
    return float(r2_score(true, predicted))


def mae(y_true: Sequence[Any], y_pred: Sequence[Any]) -> float:
    """`1/n Σ |y - ŷ|`: the mean absolute error, in units of y; of several outputs, averaged.

    Args:
        y_true: The true numbers, or rows of them.
        y_pred: The predictions.

    Returns:
        A number >= 0.

    Raises:
        ValueError: If there are none, not as many of the one as of the other, or what is no finite number.

    Example:
        >>> mae([1.0, 2.0, 3.0], [1.0, 2.0, 6.0])
        1.0
    """
    from sklearn.metrics import mean_absolute_error

    return float(mean_absolute_error(*_numbers("mae", y_true, y_pred)))


def rmse(y_true: Sequence[Any], y_pred: Sequence[Any]) -> float:
    """`√(1/n Σ (y - ŷ)²)`: the root of the mean squared error, in units of y; of several outputs, their roots averaged.

    Args:
        y_true: The true numbers, or rows of them.
        y_pred: The predictions.

    Returns:
        A number >= 0.

    Raises:
        ValueError: If there are none, not as many of the one as of the other, or what is no finite number.

    Example:
        >>> rmse([1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 3.0, 8.0])
        2.0
    """
    from sklearn.metrics import root_mean_squared_error

    return float(root_mean_squared_error(*_numbers("rmse", y_true, y_pred)))


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


def class_from_logits(output: Any) -> int:
    """The class that outputs stand for: of one logit, 1 if it is positive; of several, the index of the largest.

    Args:
        output: What a network with linear outputs gives: a Value or a number, or a sequence of them. For several
            outputs they may be probabilities as well.

    Example:
        >>> class_from_logits(0.3), class_from_logits(-0.3), class_from_logits([0.1, 2.0, 1.0])
        (1, 0, 1)
    """
    plain = output.tolist() if hasattr(output, "tolist") else output
    if isinstance(plain, (Value, Real)):
        return int(output > 0)
    values = [float(x) for x in plain]
    return values.index(max(values))


def class_from_probability(output: Any) -> int:
    """The class that one probability stands for: 1 if it is above a half.

    Example:
        >>> class_from_probability(0.7), class_from_probability(0.2)
        (1, 0)
    """
    return int(output > 0.5)


def class_from_score(output: Any) -> int:
    """The class that one score stands for when classes are -1 and +1, as for the hinge loss.

    Example:
        >>> class_from_score(0.7), class_from_score(-0.2)
        (1, -1)
    """
    return 1 if output > 0 else -1


def _plain(x: Any) -> Any:
    """Labels and numbers as Python's own."""
    x = x.tolist() if hasattr(x, "tolist") else x
    if isinstance(x, Value):
        return x.data
    return [_plain(part) for part in x] if isinstance(x, (list, tuple)) else x


def _pair(metric: str, y_true: Any, y_pred: Any, second: str = "y_pred") -> tuple[list[Any], list[Any]]:
    """Both as lists, neither empty, of one length."""
    true, predicted = (_plain(y if hasattr(y, "tolist") else list(y)) for y in (y_true, y_pred))
    if len(true) != len(predicted):
        raise ValueError(
            f"{metric} needs as many true as predicted ones: {len(true)} in y_true, {len(predicted)} in {second}"
        )
    if not true:
        raise ValueError(f"{metric} of no predictions at all: y_true is empty")
    return true, predicted


def _classes(metric: str, true: list[Any], predicted: list[Any]) -> tuple[list[Any], list[Any]]:
    """Labels that scikit-learn takes as classes: all whole numbers, as ints, or all text."""
    kinds: dict[type, Any] = {}
    for label in (*true, *predicted):
        if isinstance(label, (list, dict, set)):
            raise ValueError(f"{metric} takes one class per sample, got the row {label!r:.60}: give its index")
        if not isinstance(label, (str, Real)):
            raise ValueError(f"{metric} takes classes, whole numbers or text, got {label!r}: fill in what is missing")
        if isinstance(label, Real) and label % 1 != 0:  # not inf and nan either
            raise ValueError(f"{metric} takes classes, whole numbers or text, got {label!r}: decide on a class first")
        kinds.setdefault(str if isinstance(label, str) else int, label)
    if len(kinds) > 1:
        raise ValueError(
            f"{metric} takes classes that are all numbers or all text, got {kinds[int]!r} and {kinds[str]!r}: "
            "encode both in the same way"
        )
    kind = next(iter(kinds))
    return [kind(label) for label in true], [kind(label) for label in predicted]


def _of_classes(metric: str, compute: Callable[..., Any], y_true: Any, y_pred: Any, average: str) -> float:
    """A metric that each class has: that of class 1, or the average over all."""
    if average not in ("macro", "weighted", "micro"):
        raise ValueError(f"unknown average {average!r} of {metric}. There are: macro, weighted, micro")
    true, predicted = _classes(metric, *_pair(metric, y_true, y_pred))
    found = {*true, *predicted}
    if found <= {0, 1} or found <= {-1, 1}:
        return float(compute(true, predicted, labels=[1], average="macro", zero_division=0))
    return float(compute(true, predicted, average=average, zero_division=0))


def _array(metric: str, name: str, values: list[Any]) -> Any:
    """Finite numbers, or rows of them that are of one length, as a numpy array; rows of one as numbers."""
    import numpy as np

    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{metric} takes numbers, or rows of them of one length: {name} is {values!r:.80}") from None
    if array.ndim > 2 or (array.ndim == 2 and array.shape[1] == 0):
        raise ValueError(f"{metric} takes numbers, or rows of them: {name} has the shape {array.shape}")
    if not np.isfinite(array).all():
        place = np.argwhere(~np.isfinite(array))[0].tolist()
        raise ValueError(f"{metric} takes finite numbers: sample {place[0]} of {name} is {values[place[0]]!r}")
    return array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else array


def _numbers(metric: str, y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    true, predicted = _pair(metric, y_true, y_pred)
    arrays = _array(metric, "y_true", true), _array(metric, "y_pred", predicted)
    if arrays[0].shape != arrays[1].shape:
        raise ValueError(
            f"{metric} needs as many predictions as true numbers for each sample: y_true has the shape "
            f"{arrays[0].shape}, y_pred {arrays[1].shape}"
        )
    return arrays


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
