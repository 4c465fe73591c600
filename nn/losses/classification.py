"""Losses of classes: cross-entropies of probabilities and logits, and the losses of margins of scores.

It owns these formulas alone, made of table operations; it must not know networks or data.
Read next: `../tasks/`, which says what the outputs mean that a loss is computed from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import autograd
from autograd import cross_entropy_with_logits, log, log1p, relu, square

from .checks import (
    check_possible,
    check_probability,
    check_target,
    class_index,
    distribution,
    pairs,
    shortfalls,
    total,
)

__all__ = [
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "categorical_cross_entropy",
    "categorical_cross_entropy_with_logits", "hinge", "kl_divergence", "multiclass_hinge", "squared_hinge",
]  # fmt: skip


def binary_cross_entropy(prediction: Any, target: Any) -> Any:
    """`Σₖ -[yₖ ln pₖ + (1 - yₖ) ln(1 - pₖ)]` from probabilities, with 0 · ln 0 = 0.

    Args:
        prediction: The probabilities p of class 1, in [0, 1]: a number or Value, or a sequence of them.
        target: The classes y, 0 or 1, or probabilities between: as many.

    Returns:
        The loss of the sample.

    Raises:
        ShapeError: If there are not as many targets as probabilities.
        ValueError: If a target is not in [0, 1].
        DomainError: If a p is not in [0, 1], or the true class has the probability 0.

    Example:
        >>> [round(binary_cross_entropy(p, y), 4) for y in (0, 1) for p in (0.1, 0.9)]
        [0.1054, 2.3026, 2.3026, 0.1054]

    References:
        I. J. Good, Rational decisions, 1952.
    """
    terms = []
    for p, y in pairs(prediction, target):
        check_target(y)
        check_probability("binary_cross_entropy", p)
        if y > 0:
            check_possible("binary_cross_entropy", p <= 0)
            terms.append(-log(p) if y >= 1 else -y * log(p))
        if y < 1:
            check_possible("binary_cross_entropy", p >= 1)
            terms.append(-log1p(-p) if y <= 0 else (y - 1) * log1p(-p))
    return total(terms)


def binary_cross_entropy_with_logits(prediction: Any, target: Any) -> Any:
    """`Σₖ ln(1 + e^zₖ) - yₖ zₖ`: binary cross-entropy of sigmoid(z), from z, without losing digits or overflowing.

    Args:
        prediction: The logits z, the outputs of a linear layer: a number or Value, or a sequence of them.
        target: The classes y, 0 or 1, or probabilities between: as many.

    Returns:
        The loss of the sample.

    Raises:
        ShapeError: If there are not as many targets as logits.
        ValueError: If a target is not in [0, 1].

    Example:
        >>> round(binary_cross_entropy_with_logits(0.0, 1), 4), binary_cross_entropy_with_logits(-1000.0, 1)
        (0.6931, 1000.0)

    References:
        D. R. Cox, The regression analysis of binary sequences, 1958.
    """
    terms = []
    for z, y in pairs(prediction, target):
        check_target(y)
        terms.append(autograd.binary_cross_entropy_with_logits(z, y))
    return total(terms)


def categorical_cross_entropy(prediction: Sequence[Any], target: Any, label_smoothing: float = 0.0) -> Any:
    """`-Σₖ tₖ ln pₖ` from the probabilities of the classes, with 0 · ln 0 = 0.

    Args:
        prediction: The probabilities p, one per class, each in [0, 1]: what `softmax` gives.
        target: The index of the true class, or t: a probability for every class, as in a one-hot row.
        label_smoothing: The share ε in [0, 1] of the target that goes to all K classes alike: t becomes
            `(1 - ε) t + ε / K`.

    Returns:
        The loss of the sample.

    Raises:
        ShapeError: If there are fewer than 2 classes, or not as many targets as classes, or no class of that index.
        ValueError: If a target probability or label_smoothing is not in [0, 1].
        DomainError: If a p is not in [0, 1], or a class with tₖ > 0 has the probability 0.

    Example:
        >>> round(categorical_cross_entropy([0.9, 0.1], [1, 0]), 4), round(categorical_cross_entropy([0.9, 0.1], 1), 4)
        (0.1054, 2.3026)
        >>> round(categorical_cross_entropy([0.9, 0.1], 0, label_smoothing=0.1), 4)  # 0.95 ln 0.9 + 0.05 ln 0.1
        0.2152

    References:
        I. J. Good, Rational decisions, 1952. C. Szegedy et al., Rethinking the Inception architecture for computer
        vision, 2016 (label smoothing).
    """
    index = class_index("categorical_cross_entropy", prediction, target)
    terms = []
    for p, t in pairs(prediction, distribution(prediction, target, index, label_smoothing)):
        check_probability("categorical_cross_entropy", p)
        if t > 0:
            check_possible("categorical_cross_entropy", p <= 0)
            terms.append(-log(p) if t >= 1 else -t * log(p))
    return total(terms)


def categorical_cross_entropy_with_logits(prediction: Sequence[Any], target: Any, label_smoothing: float = 0.0) -> Any:
    """`-Σₖ tₖ ln softmax(z)ₖ`: categorical cross-entropy from logits, without losing digits or overflowing.

    Args:
        prediction: The logits z, one per class: the outputs of a linear layer.
        target: The index of the true class, or t: a probability for every class, as in a one-hot row.
        label_smoothing: The share ε in [0, 1] of the target that goes to all K classes alike: t becomes
            `(1 - ε) t + ε / K`.

    Returns:
        The loss of the sample.

    Raises:
        ShapeError: If there are fewer than 2 classes, or not as many targets as classes, or no class of that index.
        ValueError: If a target probability or label_smoothing is not in [0, 1].

    Example:
        >>> round(categorical_cross_entropy_with_logits([0.0, 0.0], 1), 4)
        0.6931
        >>> categorical_cross_entropy_with_logits([1000.0, 0.0], [0, 1])
        1000.0

    References:
        J. S. Bridle, Probabilistic interpretation of feedforward classification network outputs, 1990. C. Szegedy et
        al., Rethinking the Inception architecture for computer vision, 2016 (label smoothing).
    """
    index = class_index("categorical_cross_entropy_with_logits", prediction, target)
    row = distribution(prediction, target, index, label_smoothing)
    if row.count(0) == len(row) - 1 and 1 in row:  # by its index it is exact also where the class is all but certain
        return cross_entropy_with_logits(prediction, row.index(1))
    return cross_entropy_with_logits(prediction, row)


def kl_divergence(prediction: Sequence[Any], target: Any) -> Any:
    """`Σₖ tₖ ln(tₖ / pₖ)`: how far the probabilities p are from the distribution t, with 0 · ln 0 = 0.

    The cross-entropy less its smallest possible value, the entropy of t: the gradients are the same.

    Args:
        prediction: The probabilities p, one per class, each in [0, 1]: what `softmax` gives.
        target: The distribution t: a probability for every class; they sum to 1. Or the index of a certain class.

    Returns:
        The loss of the sample: >= 0, and 0 if p = t.

    Raises:
        ShapeError: If there are fewer than 2 classes, or not as many targets as classes, or no class of that index.
        ValueError: If a target probability is not in [0, 1], or they do not sum to 1 within 1e-6.
        DomainError: If a p is not in [0, 1], or a class with tₖ > 0 has the probability 0.

    Example:
        >>> kl_divergence([0.5, 0.5], [0.5, 0.5]), round(kl_divergence([0.5, 0.5], [0.9, 0.1]), 4)
        (0.0, 0.3681)

    References:
        S. Kullback, R. A. Leibler, On information and sufficiency, 1951.
    """
    index = class_index("kl_divergence", prediction, target)
    row = distribution(prediction, target, index)
    if abs(sum(row) - 1) > 1e-6:
        raise ValueError(f"the target of kl_divergence must sum to 1, got {row!r:.80} with the sum {sum(row)!r}")
    terms = []
    for p, t in pairs(prediction, row):
        check_probability("kl_divergence", p)
        if t > 0:
            check_possible("kl_divergence", p <= 0)
            terms.append(t * (log(t) - log(p)))  # not ln(p / t), which overflows; exactly 0 where they are equal
    return total(terms)


def hinge(prediction: Any, target: Any) -> Any:
    """`Σₖ max(0, 1 - yₖ sₖ)`: zero for scores on the right side with a margin of 1.

    Args:
        prediction: The scores s: a number or Value, or a sequence of them.
        target: The classes y, each -1 or +1: as many.

    Returns:
        The loss of the sample.

    Raises:
        ShapeError: If there are not as many targets as scores.
        ValueError: If a target is not -1 or +1.

    Example:
        >>> hinge(0.25, 1), hinge(0.25, -1), hinge(3.0, 1)
        (0.75, 1.25, 0.0)

    References:
        C. Cortes, V. Vapnik, Support-vector networks, 1995.
    """
    return total([relu(x) for x in shortfalls("hinge", prediction, target)])


def squared_hinge(prediction: Any, target: Any) -> Any:
    """`Σₖ max(0, 1 - yₖ sₖ)²`: the hinge with a gradient that shrinks to 0 at the margin.

    Args:
        prediction: The scores s: a number or Value, or a sequence of them.
        target: The classes y, each -1 or +1: as many.

    Returns:
        The loss of the sample.

    Raises:
        ShapeError: If there are not as many targets as scores.
        ValueError: If a target is not -1 or +1.

    Example:
        >>> squared_hinge(0.5, 1), squared_hinge(0.5, -1), squared_hinge(3.0, 1)
        (0.25, 2.25, 0.0)

    References:
        C. Cortes, V. Vapnik, Support-vector networks, 1995. Y. Tang, Deep learning using linear support vector
        machines, 2013.
    """
    return total([square(relu(x)) for x in shortfalls("squared_hinge", prediction, target)])


def multiclass_hinge(prediction: Sequence[Any], target: Any) -> Any:
    """`Σ_{k≠y} max(0, 1 - s_y + sₖ)`: zero where the score of the true class is ahead of all others by 1.

    Args:
        prediction: The scores s, one per class: the outputs of a linear layer.
        target: The index y of the true class, or its one-hot row.

    Returns:
        The loss of the sample.

    Raises:
        ShapeError: If there are fewer than 2 classes, or not as many targets as classes, or no class of that index.
        ValueError: If a row is not one-hot.

    Example:
        >>> multiclass_hinge([2.0, 1.5, 0.0], 0), multiclass_hinge([2.0, 1.5, 0.0], [0, 1, 0])
        (0.5, 1.5)

    References:
        J. Weston, C. Watkins, Support vector machines for multi-class pattern recognition, 1999.
    """
    index = class_index("multiclass_hinge", prediction, target)
    if index is None:
        row = [t for _, t in pairs(prediction, target)]
        if row.count(0) != len(row) - 1 or 1 not in row:
            raise ValueError(f"a target of multiclass_hinge is a class index or a one-hot row, got {row!r:.80}")
        index = row.index(1)
    true = prediction[index]
    return total([relu(1 - true + s) for k, s in enumerate(prediction) if k != index])
