"""Class weights: how much more a sample of a rare class counts.

It owns the step from classes to one weight per sample; it must not know how a loss uses them.
Read next: `training/loop.py`, which multiplies the loss of each sample by its weight.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

__all__ = ["class_weights"]


def class_weights(y: Sequence[Any], weights: str | Mapping[Any, float]) -> list[float]:
    """One weight per sample, that of its class.

    Args:
        y: The classes of the samples: whole numbers, text or one-hot rows, whose class is the place of the 1.
        weights: `"balanced"` for `n / (K · count)` of n samples of K classes, so that all classes weigh alike; or a
            weight for every class. Where no other class is amiss, one that is not mentioned weighs 1.

    Returns:
        As many numbers as samples.

    Raises:
        ValueError: If weights is another text, or a weight is no finite number >= 0, or names a class that y does
            not hold while one that it holds is not named, or y is empty.

    Example:
        >>> class_weights([0, 0, 0, 1], "balanced")
        [0.6666666666666666, 0.6666666666666666, 0.6666666666666666, 2.0]
        >>> class_weights(["cat", "dog"], {"cat": 3.0})
        [3.0, 1.0]

    References:
        G. King, L. Zeng, Logistic regression in rare events data, 2001.
    """
    labels = [_label(target) for target in (y.tolist() if hasattr(y, "tolist") else y)]
    counts = Counter(labels)
    if not counts:
        raise ValueError("class_weights of no samples at all: y is empty")
    if weights == "balanced":
        return [len(labels) / (len(counts) * counts[label]) for label in labels]
    if not isinstance(weights, Mapping):
        raise ValueError(f"class weights are 'balanced' or a dict {{class: weight}}, got {weights!r}")
    _check(weights, list(counts))
    return [float(weights.get(label, 1.0)) for label in labels]


def _label(target: Any) -> Any:
    """The class of a target; that of a row is the place of its largest number."""
    plain = target.tolist() if hasattr(target, "tolist") else target
    if isinstance(plain, (list, tuple)):
        return plain[0] if len(plain) == 1 else plain.index(max(plain))
    return plain


def _check(weights: Mapping[Any, float], found: list[Any]) -> None:
    for label, weight in weights.items():
        try:
            usable = 0 <= weight < inf
        except TypeError:
            usable = False
        if not usable:
            raise ValueError(f"the weight of class {label!r} must be a finite number of at least 0, got {weight!r}")
    unnamed, unknown = [c for c in found if c not in weights], [c for c in weights if c not in found]
    if unnamed and unknown:
        raise ValueError(
            f"there is a weight for the class {unknown[0]!r}, which y does not hold, and none for {unnamed[0]!r}, "
            "which it holds: name the classes as y does"
        )
