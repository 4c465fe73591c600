"""What every loss asks of predictions and targets before it computes: their number, their kind, their range.

It owns these checks and their errors; it must not know any formula.
Read next: `regression.py` and `classification.py`, which use it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from numbers import Real
from typing import Any, TypeAlias

import autograd
from autograd import DomainError, ShapeError, Value

__all__ = [
    "Loss", "check_possible", "check_probability", "check_setting", "check_target", "class_index", "distribution",
    "pairs", "plain", "shortfalls", "total",
]  # fmt: skip

Loss: TypeAlias = Callable[[Any, Any], Any]


def pairs(prediction: Any, target: Any) -> list[tuple[Any, Any]]:
    """Each output with its target."""
    outputs, targets = plain(prediction), plain(target)
    outputs = [outputs] if isinstance(outputs, (Value, Real)) else outputs
    targets = [targets] if isinstance(targets, (Value, Real)) else targets
    if len(outputs) != len(targets):
        raise ShapeError(f"{len(targets)} targets for {len(outputs)} outputs: each output needs one target")
    return list(zip(outputs, targets, strict=True))


def plain(x: Any) -> Any:
    """What numpy holds as Python's own numbers: a `bool_` or an array without dimensions is no Real."""
    return x.tolist() if hasattr(x, "tolist") else x


def total(terms: list[Any]) -> Any:
    """The sum over the outputs; of one output its term alone, without a node of its own."""
    return terms[0] if len(terms) == 1 else autograd.sum(terms)


def class_index(loss: str, prediction: Any, target: Any) -> int | None:
    """The index of the true class, checked; None if the target is a row with a number for every class."""
    prediction, target = plain(prediction), plain(target)
    if isinstance(prediction, (Value, Real)) or len(prediction) < 2:
        raise ShapeError(f"{loss} needs one output per class, 2 at least; for one output use the binary loss")
    if not isinstance(target, Real):
        return None
    index = _whole(target)
    if not 0 <= index < len(prediction):
        last = len(prediction) - 1
        raise ShapeError(f"the class index is {index}, but there are {last + 1} outputs: 0 to {last}")
    return index


def _whole(target: Any) -> int:
    try:
        return operator.index(target)
    except TypeError:  # a float, perhaps inf or nan
        if float(target).is_integer():
            return int(target)
        raise ShapeError(f"the class index must be a whole number, got {target!r}") from None


def distribution(prediction: Any, target: Any, index: int | None, label_smoothing: float = 0.0) -> list[float]:
    """The target as a probability for every class, smoothed: `(1 - ε) t + ε / K`."""
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"label_smoothing is a share, in [0, 1], got {label_smoothing!r}")
    k = len(plain(prediction))
    row = plain(target) if index is None else [float(j == index) for j in range(k)]
    for _, t in pairs(prediction, row):
        check_target(t)
    return [(1 - label_smoothing) * t + label_smoothing / k for t in row] if label_smoothing else list(row)


def shortfalls(loss: str, prediction: Any, target: Any) -> list[Any]:
    """`1 - yₖ sₖ` for targets y of -1 and +1: what a score lacks of the margin of 1."""
    lacking = []
    for s, y in pairs(prediction, target):
        if y * y != 1:
            raise ValueError(f"the targets of {loss} are -1 and +1, got {y!r}; from 0 and 1 write 2 * y - 1")
        lacking.append(1 - s if y > 0 else 1 + s)
    return lacking


def check_target(y: Any) -> None:
    """That a target of cross-entropy is a class or a probability."""
    if not 0 <= y <= 1:
        raise ValueError(f"a target of cross-entropy is a class, 0 or 1, or a probability between, got {y!r}")


def check_probability(loss: str, p: Any) -> None:
    """That an output is a probability; nan passes, it is for the training loop to say where it came from."""
    if p < 0 or p > 1:
        raise DomainError(f"{loss} takes probabilities in [0, 1], got {p!r}: for logits there is {_from_logits(loss)}")


def check_possible(loss: str, impossible: bool) -> None:
    """That the true class has a probability above 0, where the loss takes its logarithm."""
    if impossible:
        raise DomainError(f"{loss} is ln 0: the true class has the probability 0; {_from_logits(loss)} avoids that")


def _from_logits(loss: str) -> str:
    return "categorical_cross_entropy_with_logits" if loss == "kl_divergence" else f"{loss}_with_logits"


def check_setting(loss: str, name: str, number: float) -> None:
    """That a setting is positive."""
    if not number > 0:
        raise ValueError(f"{name} of {loss} must be positive, got {number!r}")
