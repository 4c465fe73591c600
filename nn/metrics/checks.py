"""What every metric asks of truths and predictions before it computes: their number, their kind, their range.

It owns these checks and their errors; it must not know any metric.
Read next: `classes.py`, which uses it.
"""

from __future__ import annotations

from numbers import Real
from typing import Any

from autograd import Value

__all__ = ["as_array", "as_classes", "as_numbers", "pair", "plain"]


_NUMBERS = {int, float}


def plain(x: Any) -> Any:
    """Outputs, labels and numbers as Python's own, whether alone, in lists or in arrays."""
    kind = type(x)
    if kind is float or kind is int or (kind is list and _NUMBERS.issuperset(map(type, x))):
        return x  # as nearly always, of all samples in every epoch
    x = x.tolist() if hasattr(x, "tolist") else x
    if isinstance(x, Value):
        return x.data
    return [plain(part) for part in x] if isinstance(x, (list, tuple)) else x


def pair(metric: str, y_true: Any, y_pred: Any, second: str = "y_pred") -> tuple[list[Any], list[Any]]:
    """Both as lists, neither empty, of one length."""
    true, predicted = (plain(y if hasattr(y, "tolist") else list(y)) for y in (y_true, y_pred))
    if len(true) != len(predicted):
        raise ValueError(
            f"{metric} needs as many true as predicted ones: {len(true)} in y_true, {len(predicted)} in {second}"
        )
    if not true:
        raise ValueError(f"{metric} of no predictions at all: y_true is empty")
    return true, predicted


def as_classes(metric: str, true: list[Any], predicted: list[Any]) -> tuple[list[Any], list[Any]]:
    """Labels that scikit-learn takes as classes: all whole numbers, as ints, or all text."""
    if {*map(type, true), *map(type, predicted)} == {int}:  # the usual case, at a glance
        return list(true), list(predicted)
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


def as_array(metric: str, name: str, values: list[Any]) -> Any:
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


def as_numbers(metric: str, y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    """Both as numpy arrays of one shape."""
    true, predicted = pair(metric, y_true, y_pred)
    arrays = as_array(metric, "y_true", true), as_array(metric, "y_pred", predicted)
    if arrays[0].shape != arrays[1].shape:
        raise ValueError(
            f"{metric} needs as many predictions as true numbers for each sample: y_true has the shape "
            f"{arrays[0].shape}, y_pred {arrays[1].shape}"
        )
    return arrays
