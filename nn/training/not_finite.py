"""Finding out where inf or nan came from: the first operation that gave one, and the likely cause.

It owns the error that training ends with and the search through the graph; it must not know the training loop.
Read next: `loop.py`, which raises it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from autograd import DomainError, Value

if TYPE_CHECKING:
    from .history import History

__all__ = ["NotFiniteError", "first_not_finite", "likely_cause", "steep_operation"]

LARGE = 1e4
"""Weights and standardised inputs beyond this are taken for the cause."""


class NotFiniteError(DomainError):
    """Training met a loss, a gradient or a parameter that is inf or nan, or a value that is undefined.

    Attributes:
        history: The epochs before it, if training raised it; None otherwise.
    """

    history: History | None = None


def first_not_finite(loss: Value) -> str:
    """The first operation, from the inputs on, whose operands are finite and whose result is not.

    Args:
        loss: The result whose graph is searched.

    Returns:
        The operation with its numbers; "" if everything is finite.

    Example:
        >>> first_not_finite(1 / (Value(800.0).exp() + 1))
        'exp(800) = inf'
    """
    for node in _operands_first(loss):
        if not math.isfinite(node.data):
            return _with_numbers(node)
    return ""


def steep_operation(loss: Value) -> str:
    """The first operation, from the output back, that makes an infinite or undefined gradient of a finite one.

    Args:
        loss: The result, after its `backward()`.

    Returns:
        The operation with its numbers; "" if every gradient is finite.

    Example:
        >>> y = 3 * Value(0.0).sqrt()
        >>> y.backward()
        >>> steep_operation(y)
        'sqrt(0) = 0'
    """
    for node in reversed(_operands_first(loss)):
        if node.op is not None and math.isfinite(node.grad):
            slopes = node.op.partials(node.data, *[x.data for x in node._prev])
            if not all(math.isfinite(node.grad * slope) for slope in slopes):
                return _with_numbers(node)
    return ""


def likely_cause(parameters: Iterable[float], x: Any, target: Any = None) -> str:
    """What probably made a value overflow, and the remedy.

    Args:
        parameters: The numbers of the model.
        x: The sample at hand.
        target: Its target.

    Example:
        >>> likely_cause([3e200], [1.0])
        'the largest parameter has grown to 3e+200: a smaller learning rate, or clipped gradients, usually mend this'
        >>> likely_cause([0.5], [1.0, 2e9])
        'an input is as large as 2e+09: standardised inputs usually mend this'
        >>> likely_cause([0.5], [1.0, 2.0])
        'a smaller learning rate or standardised inputs usually mend this'
    """
    largest = max(map(abs, parameters), default=0.0)
    if not largest < LARGE:
        return (
            f"the largest parameter has grown to {largest:.3g}: a smaller learning rate, or clipped gradients, {_MEND}"
        )
    widest = max((abs(float(v)) for v in x if isinstance(v, (int, float, Value))), default=0.0) if _flat(x) else 0.0
    if not widest < LARGE:
        return f"an input is as large as {widest:.3g}: standardised inputs {_MEND}"
    if isinstance(target, (int, float)) and not abs(target) < LARGE:
        return f"the target is as large as {target:.3g}: standardised targets {_MEND}"
    return f"a smaller learning rate or standardised inputs {_MEND}"


_MEND = "usually mend this"


def _flat(x: Any) -> bool:
    return isinstance(x, Sequence) and not isinstance(x, str)


def _operands_first(root: Value) -> list[Value]:
    """The nodes of a graph, each after its operands."""
    order: list[Value] = []
    visited: set[Value] = set()  # which also keeps the leaves alive that `_prev` makes of number operands
    stack = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif node not in visited:
            visited.add(node)
            stack.append((node, True))
            stack += [(operand, False) for operand in reversed(node._prev)]
    return order


def _with_numbers(node: Value) -> str:
    if node.op is None:
        return f"{node.label or 'an input or a parameter'} = {node.data:.6g}"
    operands = [f"{x.data:.6g}" for x in node._prev]
    shown = operands if len(operands) <= 6 else [*operands[:5], "..."]
    return f"{node.op.name}({', '.join(shown)}) = {node.data:.6g}"
