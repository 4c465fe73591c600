"""Clipping: gradients that are too large are made smaller before a step.

It owns the norm of all gradients and the two ways to bound them; it must not know update rules or networks.
Read next: `optimizer.py`, which clips before it steps.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from autograd import DomainError, Value

__all__ = ["clip_gradient_norm", "clip_gradient_value", "gradient_norm"]


def gradient_norm(parameters: Iterable[Value]) -> float:
    """`√(Σᵢ gᵢ²)`: the length of the gradient, over all parameters together.

    Neither large nor small gradients are lost: the squares are not formed (`math.hypot`).

    Args:
        parameters: The Values whose `.grad` is read.

    Returns:
        The norm, 0.0 without parameters.

    Example:
        >>> a, b = Value(0.0), Value(0.0)
        >>> a.grad, b.grad = 3e300, -4e300
        >>> gradient_norm([a, b])
        5e+300
    """
    return math.hypot(*[p.grad for p in parameters])


def clip_gradient_norm(parameters: Iterable[Value], max_norm: float) -> float:
    """`g ← g · min(1, limit / (‖g‖ + 1e-6))`: shorten the gradient of all parameters, keeping its direction.

    Args:
        parameters: The Values whose `.grad` is changed.
        max_norm: The limit of the norm, a positive number. The 1e-6 is PyTorch's.

    Returns:
        The norm before.

    Raises:
        ValueError: If the limit is not a positive number.
        DomainError: If a gradient is inf or nan.

    Example:
        >>> a, b = Value(0.0), Value(0.0)
        >>> a.grad, b.grad = 3.0, -4.0
        >>> clip_gradient_norm([a, b], max_norm=1.0)
        5.0
        >>> round(a.grad, 6), round(b.grad, 6)
        (0.6, -0.8)

    References:
        R. Pascanu, T. Mikolov, Y. Bengio, On the difficulty of training recurrent neural networks, 2013.
    """
    parameters = list(parameters)
    check_limit("max_norm", max_norm)
    norm = gradient_norm(parameters)
    if not math.isfinite(norm):
        _check_finite(parameters)
        if max_norm < norm:  # too long for a float though its parts are not: made shorter, its direction is the same
            for p in parameters:
                p.grad *= 2.0**-100
            clip_gradient_norm(parameters, max_norm)
        return norm
    scale = max_norm / (norm + 1e-6)
    if scale < 1:
        for p in parameters:
            p.grad *= scale
    return norm


def clip_gradient_value(parameters: Iterable[Value], limit: float) -> None:
    """`g ← min(max(g, -limit), limit)`: bound each parameter's gradient by itself.

    Args:
        parameters: The Values whose `.grad` is changed.
        limit: The largest magnitude that is left as it is, a positive number.

    Raises:
        ValueError: If the limit is not a positive number.
        DomainError: If a gradient is nan.

    Example:
        >>> a, b = Value(0.0), Value(0.0)
        >>> a.grad, b.grad = 3.0, -0.5
        >>> clip_gradient_value([a, b], limit=1.0)
        >>> a.grad, b.grad
        (1.0, -0.5)

    References:
        T. Mikolov, Statistical language models based on neural networks, 2012.
    """
    parameters = list(parameters)
    check_limit("limit", limit)
    if any(math.isnan(p.grad) for p in parameters):
        _check_finite(parameters)
    for p in parameters:
        p.grad = min(max(p.grad, -limit), limit)


def check_limit(name: str, limit: float) -> None:
    """ValueError if the limit of a clipping is not a positive number; inf is one, and clips nothing."""
    try:
        usable = limit > 0
    except TypeError:
        usable = False
    if not usable:
        raise ValueError(f"{name} must be a positive number, as 1.0, got {limit!r}; without it nothing is clipped")


def _check_finite(parameters: Sequence[Value]) -> None:
    """DomainError that names the first parameter whose gradient is inf or nan, if there is one."""
    for i, p in enumerate(parameters):
        if not math.isfinite(p.grad):
            name = f"parameter {i}" + (f" ({p.label})" if p.label else "")
            raise DomainError(
                f"the gradient of {name} is {p.grad} and cannot be clipped: make the learning rate smaller, or look "
                "for the operation that overflows"
            )
