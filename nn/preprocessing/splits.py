"""Samples in three parts: to train on, to stop by, and to judge by.

It owns the shares, the shuffling and that every class is in every part; it must not know what the inputs hold.
Read next: `inputs.py` and `targets.py`, which learn from the first part.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real
from typing import Any, TypeAlias

from autograd import ShapeError

from ..seeds import check_seed
from ..tables import Table
from .labels import Label, as_labels, has_classes
from .values import check_one_each, shown

__all__ = ["split"]

Part: TypeAlias = tuple[Any, Any]


def split(
    X: Sequence[Any] | Table,
    y: Sequence[Any] | None = None,
    validation: float = 0.2,
    test: float = 0.2,
    *,
    seed: int | None = 0,
    classes: bool | None = None,
) -> tuple[Part, Part, Part]:
    """Three parts at random: to train on, to stop by, and to judge by.

    Of n samples the test part gets `test · n`, the validation part `validation · n`, both rounded, halves up, and at
    least 1 unless the share is 0; the training part the rest. Of classes, this holds for each class by itself
    (stratified): every class is in every part. Each part keeps the order of the samples.

    Args:
        X: The inputs: an array, or a sequence of rows; or a `Table` with a target.
        y: The targets, one per sample; None for those of the table.
        validation: The share of the validation part, at least 0.
        test: The share of the test part, at least 0; both together less than 1.
        seed: What makes the split repeat: a whole number of at least 0; None for another split each time.
        classes: Whether targets are classes; None to let `has_classes` tell.

    Returns:
        (X, y) of training, validation and test part: arrays where arrays were given, else lists.

    Raises:
        ShapeError: If there are no samples, or not as many targets as samples.
        TypeError: If X or y is no list, or X is no table with a target and there is no y; if a share or the seed is
            no number.
        ValueError: If the shares do not leave a training part, or a class (its name is in the message) has fewer
            samples than there are parts.

    Example:
        >>> train, validation, test = split([[0], [1], [2], [3], [4]], [0.5, 1.5, 2.5, 3.5, 4.5])
        >>> [len(y) for _, y in (train, validation, test)]
        [3, 1, 1]
    """
    rows, targets = _inputs_and_targets(X, y)
    _check_shares(validation, test)
    check_seed(seed)
    groups = _groups(as_labels(targets), classes, parts=1 + (validation > 0) + (test > 0))
    return _divide(rows, targets, groups, validation, test, seed)


def _inputs_and_targets(X: Any, y: Any) -> tuple[Any, Any]:
    """Both as sequences of one length; those of a table if it is one."""
    if isinstance(X, Table) and y is None:
        if X.target is None:
            raise TypeError("the table has no target, which load_inputs leaves out: read it by load_csv, or give y")
        return X.rows, X.target.values
    if y is None and X is not None:
        raise TypeError(
            "split needs the targets, y, beside the inputs: split(data.X, data.y); only a Table brings its own"
        )
    rows = X.rows if isinstance(X, Table) else X
    check_one_each("X", rows)
    check_one_each("y", y)
    if len(rows) != len(y):
        raise ShapeError(f"{len(rows)} samples and {len(y)} targets: give one target for each sample")
    return rows, y


def _check_shares(validation: Any, test: Any) -> None:
    """That they are shares, and leave one for training."""
    for name, share in (("validation", validation), ("test", test)):
        if not isinstance(share, Real):
            raise TypeError(f"{name} must be a share of the samples, a number as 0.2, got {shown(share)}")
    if not (min(validation, test) >= 0 and validation + test < 1):
        raise ValueError(
            f"validation={validation!r} and test={test!r} are shares of the samples: give numbers of at least 0 that "
            "are less than 1 together"
        )


def _groups(labels: Sequence[Label], classes: bool | None, parts: int) -> list[list[int]]:
    """The samples of each class, or all together if there are none: each group with enough for all parts."""
    stratified = has_classes(labels) if classes is None else classes
    groups: dict[Label, list[int]] = {}
    for i, label in enumerate(labels):
        groups.setdefault(label if stratified else "all", []).append(i)
    for label, members in groups.items():
        if len(members) < parts:
            who = f"class {shown(label)} has" if stratified else "there are"
            raise ValueError(
                f"{who} {len(members)} of the {parts} samples that {parts} parts need at least: add samples, "
                "leave the class out, or set validation or test to 0"
            )
    return list(groups.values())


def _divide(
    X: Sequence[Any], y: Sequence[Any], groups: list[list[int]], validation: float, test: float, seed: int | None
) -> tuple[Part, Part, Part]:
    """Shuffle each group and cut it in three."""
    from numpy.random import default_rng

    rng = default_rng(seed)
    chosen: tuple[list[int], list[int], list[int]] = ([], [], [])
    for members in groups:
        order = [members[i] for i in rng.permutation(len(members))]
        most = len(members) - 1 - (validation > 0)  # the other parts keep one each
        n_test = min(_size(test, len(members)), most)
        n_validation = min(_size(validation, len(members)), len(members) - n_test - 1)
        chosen[2].extend(order[:n_test])
        chosen[1].extend(order[n_test : n_test + n_validation])
        chosen[0].extend(order[n_test + n_validation :])
    train, validated, tested = ((_take(X, sorted(part)), _take(y, sorted(part))) for part in chosen)
    return train, validated, tested


def _size(share: float, n: int) -> int:
    return max(1, math.floor(share * n + 0.5)) if share else 0


def _take(values: Any, indices: list[int]) -> Any:
    return values[indices] if hasattr(values, "dtype") else [values[i] for i in indices]
