"""The optimizers: how gradients change parameters.

This package owns the update rules, their state and the clipping of gradients; it must not know networks, losses or
data. Read next: `optimizer.py`, the base class.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..lookup import look_up
from .adam import Adam, Adamax, AdamW, NAdam
from .adaptive import Adadelta, Adagrad, RMSprop
from .clipping import clip_gradient_norm, clip_gradient_value, gradient_norm
from .gradient_descent import SGD, Rprop
from .lbfgs import LBFGS
from .optimizer import Optimizer, Parameters

__all__ = [
    "Adadelta", "Adagrad", "Adam", "AdamW", "Adamax", "LBFGS", "NAdam", "OPTIMIZERS", "Optimizer", "RMSprop", "Rprop",
    "SGD", "clip_gradient_norm", "clip_gradient_value", "gradient_norm", "resolve",
]  # fmt: skip

OPTIMIZERS: Mapping[str, type[Optimizer]] = {
    "sgd": SGD,
    "adagrad": Adagrad,
    "adadelta": Adadelta,
    "rmsprop": RMSprop,
    "adam": Adam,
    "adamw": AdamW,
    "nadam": NAdam,
    "adamax": Adamax,
    "rprop": Rprop,
    "lbfgs": LBFGS,
}
"""The optimizers by name."""


def resolve(optimizer: str | Optimizer, parameters: Parameters) -> Optimizer:
    """An optimizer as it is; a name as one with the default settings, for these parameters.

    Args:
        optimizer: An Optimizer, or a name in `OPTIMIZERS`.
        parameters: The Values to change, or groups of them; an Optimizer has its own.

    Raises:
        ValueError: If there is no such name; the nearest one is suggested.
        TypeError: If it is something else.

    Example:
        >>> from autograd import Value
        >>> resolve("sgd", [Value(1.0)]).learning_rate
        0.001
    """
    if isinstance(optimizer, Optimizer):
        return optimizer
    if not isinstance(optimizer, str):
        raise TypeError(f'optimizer must be a name, as "adam", or an Optimizer, as Adam(parameters); got {optimizer!r}')
    make: type = look_up("optimizer", optimizer, OPTIMIZERS)
    made: Optimizer = make(parameters)
    return made
