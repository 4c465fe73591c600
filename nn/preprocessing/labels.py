"""Targets as they are given: their labels, all of one sort, and whether they are classes or quantities.

It owns what a label may be and the rule that tells classes; it must not know how a target is encoded.
Read next: `targets.py`, which encodes labels, and `splits.py`, which divides samples by them.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any, TypeAlias

from autograd import ShapeError

from .values import check_one_each, is_finite, shown

__all__ = ["MAX_CLASSES", "Label", "as_label", "as_labels", "has_classes", "sort_of"]

Label: TypeAlias = str | bool | int | float

MAX_CLASSES = 10
"""The largest number of distinct whole numbers that are taken for classes."""


def has_classes(values: Sequence[Any]) -> bool:
    """Whether targets are classes, not quantities.

    Texts and bools are classes. Numbers are if they are whole and there are two different ones, or at most
    `MAX_CLASSES` of which each comes twice or more on average. Everything else is a quantity: regression.

    Args:
        values: The targets, all of them, before they are split.

    Raises:
        ShapeError: If there are none.
        TypeError: If they are no list, as one text.
        ValueError: If one is missing, infinite, or neither number nor text, or some are numbers and some texts.

    Example:
        >>> has_classes(["yes", "no"]), has_classes([0.0, 1.0, 1.0]), has_classes([1, 2, 3, 4]), has_classes([0.5, 1.0])
        (True, True, False, False)
    """
    labels = as_labels(values)
    distinct = set(labels)
    if isinstance(labels[0], str | bool):
        return True
    whole = all(float(label).is_integer() for label in distinct)
    return whole and (len(distinct) == 2 or (len(distinct) <= MAX_CLASSES and 2 * len(distinct) <= len(labels)))


def as_labels(values: Sequence[Any]) -> list[Label]:
    """Targets as Python's own str, bool, int or float, all of one sort."""
    check_one_each("the targets", values)
    labels = [as_label(i, value) for i, value in enumerate(values)]
    if not labels:
        raise ShapeError("there are no targets")
    for i, label in enumerate(labels):
        if sort_of(label) != sort_of(labels[0]):
            raise ValueError(
                f"the target of sample {i} is {shown(label)}, that of sample 0 {shown(labels[0])}: make all of them "
                "numbers, or all texts"
            )
    return labels


def as_label(i: int, value: Any) -> Label:
    """One target, checked; a whole float becomes the int, so that the class is called 1 and not 1.0."""
    with contextlib.suppress(ValueError, RuntimeError):  # of an array of several: neither number nor text
        value = value.item() if hasattr(value, "item") else value  # Python's own in place of numpy's
    if isinstance(value, str | bool):
        return value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        raise ValueError(f"the target of sample {i} is missing: leave the sample out")
    if not isinstance(value, Real):
        raise ValueError(
            f"the target of sample {i} is neither number nor text: {shown(value)}: give one for each sample"
        )
    if not is_finite(value):
        raise ValueError(f"the target of sample {i} is {shown(value)}, which is not finite: correct it")
    if isinstance(value, Integral):  # as a float, one beyond 2**53 may be another
        return int(value)
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def sort_of(label: Label) -> str:
    """What a label is: True and 1 are equal, but not the same label."""
    return "text" if isinstance(label, str) else "truth" if isinstance(label, bool) else "number"
