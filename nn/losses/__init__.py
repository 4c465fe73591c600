"""The losses: how wrong one prediction is.

Each maps the prediction for one sample and its target to one Value, summed over the outputs; the loss of a batch is
the mean over its samples. It owns these formulas alone, made of table operations; it must not know networks or data.
Read next: `regression.py` and `classification.py`, which hold them, then `training/loop.py`, which makes a loss small.

A prediction is what a network gives: a Value, or a list of them. Plain numbers work too and give a float.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..lookup import look_up
from .checks import Loss
from .classification import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy,
    categorical_cross_entropy_with_logits,
    hinge,
    kl_divergence,
    multiclass_hinge,
    squared_hinge,
)
from .regression import half_squared_error, huber, log_cosh, mean_absolute_error, mean_squared_error, poisson

__all__ = [
    "LOSSES", "Loss", "SHORT_NAMES", "binary_cross_entropy", "binary_cross_entropy_with_logits",
    "categorical_cross_entropy", "categorical_cross_entropy_with_logits", "half_squared_error", "hinge", "huber",
    "kl_divergence", "log_cosh", "mean_absolute_error", "mean_squared_error", "multiclass_hinge", "poisson", "resolve",
    "squared_hinge",
]  # fmt: skip

LOSSES: Mapping[str, Loss] = {
    "mean_absolute_error": mean_absolute_error,
    "mean_squared_error": mean_squared_error,
    "half_squared_error": half_squared_error,
    "huber": huber,
    "log_cosh": log_cosh,
    "binary_cross_entropy": binary_cross_entropy,
    "binary_cross_entropy_with_logits": binary_cross_entropy_with_logits,
    "categorical_cross_entropy": categorical_cross_entropy,
    "categorical_cross_entropy_with_logits": categorical_cross_entropy_with_logits,
    "hinge": hinge,
    "squared_hinge": squared_hinge,
    "multiclass_hinge": multiclass_hinge,
    "kl_divergence": kl_divergence,
    "poisson": poisson,
}
"""The losses by name."""


SHORT_NAMES: Mapping[str, str] = {
    "mae": "mean_absolute_error", "l1": "mean_absolute_error",
    "mse": "mean_squared_error", "l2": "mean_squared_error", "squared_error": "mean_squared_error",
    "bce": "binary_cross_entropy_with_logits", "log_loss": "binary_cross_entropy_with_logits",
    "cross_entropy": "categorical_cross_entropy_with_logits",
    "sparse_categorical_crossentropy": "categorical_cross_entropy",
}  # fmt: skip
"""What other libraries call some of them, to tell the name that is meant."""


def resolve(loss: str | Loss) -> Loss:
    """The function that computes a loss.

    Args:
        loss: A name in `LOSSES`, or a function `(prediction, target) -> Value`.

    Returns:
        The function; settings are given with `functools.partial(huber, delta=2.0)`.

    Raises:
        ValueError: If there is no loss of that name.
        TypeError: If it is neither a name nor a function.

    Example:
        >>> resolve("hinge") is hinge
        True
    """
    if isinstance(loss, str):
        if loss in SHORT_NAMES:
            raise ValueError(f"unknown loss {loss!r}: here it is called {SHORT_NAMES[loss]!r}")
        return look_up("loss", loss, LOSSES)
    if not callable(loss):
        raise TypeError(f"a loss is a name or a function (prediction, target) -> Value, not {loss!r}")
    return loss
