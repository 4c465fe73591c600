"""The losses: how wrong one prediction is.

Each maps the prediction for one sample and its target to one Value, summed over the outputs; the loss of a batch is
the mean over its samples. It owns these formulas alone, made of table operations; it must not know networks or data.
Read next: `training.py`, which makes a loss small.

A prediction is what a network gives: a Value, or a list of them. Plain numbers work too and give a float.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any, TypeAlias

import autograd
from autograd import DomainError, ShapeError, Value, cross_entropy_with_logits, log, log1p, relu

__all__ = [
    "Loss", "binary_cross_entropy", "binary_cross_entropy_with_logits", "categorical_cross_entropy",
    "categorical_cross_entropy_with_logits", "hinge", "mean_squared_error",
]  # fmt: skip

Loss: TypeAlias = Callable[[Any, Any], Any]


def mean_squared_error(prediction: Any, target: Any) -> Any:
    """`Σₖ (yₖ - ŷₖ)²`: the squared error of one sample; the mean over samples is taken by whoever has several.

    Args:
        prediction: The outputs ŷ: a number or Value, or a sequence of them.
        target: The true values y: as many.

    Returns:
        The loss of the sample.

    Raises:
        ShapeError: If there are not as many targets as outputs.

    Example:
        >>> round(mean_squared_error([0.9, 0.1], [1, 0]), 4)
        0.02
    """
    return _total([(p - y) ** 2 for p, y in _pairs(prediction, target)])


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
    terms = []
    for s, y in _pairs(prediction, target):
        if y * y != 1:
            raise ValueError(f"the targets of hinge are -1 and +1, got {y!r}; from 0 and 1 write 2 * y - 1")
        terms.append(relu(1 - s if y > 0 else 1 + s))
    return _total(terms)


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
    """
    terms = []
    for p, y in _pairs(prediction, target):
        _check_target(y)
        _check_probability("binary_cross_entropy", p)
        if y > 0:
            _check_possible("binary_cross_entropy", p <= 0)
            terms.append(-log(p) if y >= 1 else -y * log(p))
        if y < 1:
            _check_possible("binary_cross_entropy", p >= 1)
            terms.append(-log1p(-p) if y <= 0 else (y - 1) * log1p(-p))
    return _total(terms)


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
    """
    terms = []
    for z, y in _pairs(prediction, target):
        _check_target(y)
        terms.append(autograd.binary_cross_entropy_with_logits(z, y))
    return _total(terms)


def categorical_cross_entropy(prediction: Sequence[Any], target: Any) -> Any:
    """`-Σₖ tₖ ln pₖ` from the probabilities of the classes, with 0 · ln 0 = 0.

    Args:
        prediction: The probabilities p, one per class, each in [0, 1]: what `softmax` gives.
        target: The index of the true class, or t: a probability for every class, as in a one-hot row.

    Returns:
        The loss of the sample.

    Raises:
        ShapeError: If there are fewer than 2 classes, or not as many targets as classes, or no class of that index.
        ValueError: If a target probability is not in [0, 1].
        DomainError: If a p is not in [0, 1], or a class with tₖ > 0 has the probability 0.

    Example:
        >>> round(categorical_cross_entropy([0.9, 0.1], [1, 0]), 4), round(categorical_cross_entropy([0.9, 0.1], 1), 4)
        (0.1054, 2.3026)
    """
    index = _class(prediction, target)
    weights = target if index is None else [0] * len(prediction)
    if index is not None:
        weights[index] = 1
    terms = []
    for p, t in _pairs(prediction, weights):
        _check_target(t)
        _check_probability("categorical_cross_entropy", p)
        if t > 0:
            _check_possible("categorical_cross_entropy", p <= 0)
            terms.append(-log(p) if t >= 1 else -t * log(p))
    return _total(terms)


def categorical_cross_entropy_with_logits(prediction: Sequence[Any], target: Any) -> Any:
    """`-Σₖ tₖ ln softmax(z)ₖ`: categorical cross-entropy from logits, without losing digits or overflowing.

    Args:
        prediction: The logits z, one per class: the outputs of a linear layer.
        target: The index of the true class, or t: a probability for every class, as in a one-hot row.

    Returns:
        The loss of the sample.

    Raises:
        ShapeError: If there are fewer than 2 classes, or not as many targets as classes, or no class of that index.
        ValueError: If a target probability is not in [0, 1].

    Example:
        >>> round(categorical_cross_entropy_with_logits([0.0, 0.0], 1), 4)
        0.6931
        >>> categorical_cross_entropy_with_logits([1000.0, 0.0], [0, 1])
        1000.0
    """
    index = _class(prediction, target)
    if index is not None:
        return cross_entropy_with_logits(prediction, index)
    for _, t in _pairs(prediction, target):
        _check_target(t)
    return cross_entropy_with_logits(prediction, target)


def _pairs(prediction: Any, target: Any) -> list[tuple[Any, Any]]:
    """Each output with its target."""
    outputs, targets = _plain(prediction), _plain(target)
    outputs = [outputs] if isinstance(outputs, (Value, Real)) else outputs
    targets = [targets] if isinstance(targets, (Value, Real)) else targets
    if len(outputs) != len(targets):
        raise ShapeError(f"{len(targets)} targets for {len(outputs)} outputs: each output needs one target")
    return list(zip(outputs, targets, strict=True))


def _plain(x: Any) -> Any:
    """What numpy holds as Python's own numbers: a `bool_` or an array without dimensions is no Real."""
    return x.tolist() if hasattr(x, "tolist") else x


def _total(terms: list[Any]) -> Any:
    return terms[0] if len(terms) == 1 else autograd.sum(terms)


def _class(prediction: Any, target: Any) -> int | None:
    """The index of the true class, checked; None if the target is a probability for every class."""
    prediction, target = _plain(prediction), _plain(target)
    if isinstance(prediction, (Value, Real)) or len(prediction) < 2:
        raise ShapeError("categorical cross-entropy needs one output per class, 2 at least; for one use the binary one")
    if not isinstance(target, Real):
        return None
    index = int(float(target))
    if index != target:
        raise ShapeError(f"the class index must be a whole number, got {target!r}")
    if not 0 <= index < len(prediction):
        last = len(prediction) - 1
        raise ShapeError(f"the class index is {index}, but there are {last + 1} outputs: 0 to {last}")
    return index


def _check_target(y: Any) -> None:
    if not 0 <= y <= 1:
        raise ValueError(f"a target of cross-entropy is a class, 0 or 1, or a probability between, got {y!r}")


def _check_probability(loss: str, p: Any) -> None:
    if p < 0 or p > 1:  # nan passes: it is for the training loop to say where it came from
        raise DomainError(f"{loss} takes probabilities in [0, 1], got {p!r}: for logits there is {loss}_with_logits")


def _check_possible(loss: str, impossible: bool) -> None:
    if impossible:
        raise DomainError(f"{loss} is ln 0: the true class has the probability 0; {loss}_with_logits avoids that")
