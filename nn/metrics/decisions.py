"""The step from the output for one sample to a class, where it is not left to a task.

It owns the three rules; it must not know losses or networks.
Read next: `../tasks/table.py`, which knows the rule that suits a loss.
"""

from __future__ import annotations

from numbers import Real
from typing import Any

from autograd import Value

__all__ = ["class_from_logits", "class_from_probability", "class_from_score"]


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
