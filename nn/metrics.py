"""What is measured but not trained on: how many predictions are right.

It owns the step from a network's output to a class; scikit-learn does the computing. It must not know networks.
Read next: `training.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any

from autograd import Value

__all__ = ["accuracy", "class_from_logits", "class_from_probability", "class_from_score"]


def accuracy(y_true: Sequence[Any], y_pred: Sequence[Any]) -> float:
    """`(TP + TN) / (TP + TN + FP + FN)`: the share of predictions that are right.

    A metric, not a loss: it has steps in place of slopes, and says little where one class is rare.

    Args:
        y_true: The true classes.
        y_pred: The predicted classes, in scikit-learn's order of arguments.

    Returns:
        A number in [0, 1].

    Raises:
        ValueError: If there are none, or not as many of the one as of the other.

    Example:
        >>> accuracy([0, 1, 1, 0], [0, 1, 0, 0])
        0.75
    """
    from sklearn.metrics import accuracy_score

    if len(y_true) == 0:
        raise ValueError("accuracy of no predictions at all: y_true is empty")
    return float(accuracy_score(y_true, y_pred))


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
