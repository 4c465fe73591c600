"""The white box: every local partial that a graph has stored, against differences of the operation alone.

This file owns the walk over the nodes of a graph that exists; it must not know how a verdict is reached, nor functions
that could be called again. Read next: `verdict.py`, which judges each partial.

A gradient that is wrong says little about where. Here each operation is on trial by itself, at its own operands, so
that the first wrong one on the way from the inputs to the output is the place to look at; what is right in every row
and yet gives a wrong gradient is wrong in `backward`.
"""

from __future__ import annotations

import struct
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from ..engine import Op, Value, floats, toposort
from ..errors import AutogradError
from ..partials import stored_partials
from .result import GradcheckResult, Row
from .verdict import CANNOT_TELL, WRONG, Judgement, judge

__all__ = ["LocalPartial", "first_wrong", "gradcheck_nodes", "local_partials"]


class LocalPartial(NamedTuple):
    """One local partial ∂node/∂operand under examination.

    Attributes:
        node: The result of the operation.
        operand: The position of the operand.
        row: What was found, named as `tanh #3 / operand 0`: of the third tanh on the way from the inputs.
    """

    node: Value
    operand: int
    row: Row


def gradcheck_nodes(y: Value) -> GradcheckResult:
    """Compare every local partial in the graph of y with finite differences of its operation.

    Nothing is computed again but single operations, and no data and no gradient changes. Nodes of the same operation
    at the same data with the same partials are one row, named after the first of them.

    Args:
        y: The result of a computation with Values.

    Returns:
        The result, with one row per node and operand that is a Value; the label is that of the node. Among rows of one
        verdict that are equally bad, the one nearer to the inputs comes first.

    Raises:
        AutogradError: If a node was made by hand, from `_children`.
        TypeError: If y is not the result of an operation on Values.

    Cost: about ten evaluations of the operation for each operand; linear in the number of nodes, whatever the depth.

    Example:
        >>> from autograd import Op, Value
        >>> from autograd.check.nodes import gradcheck_nodes
        >>> cube = Op("cube", "³", 1, lambda x: x**3, lambda y, x: (3 * x,))
        >>> x = Value(2.0)
        >>> print(gradcheck_nodes(cube(x * 0.3).tanh()).summary)
        gradcheck: wrong (3 derivatives: 1 wrong, 2 correct)
    """
    return GradcheckResult(found.row for found in local_partials(y))


def first_wrong(y: Value) -> LocalPartial | None:
    """The first local partial, on the way from the inputs to y, that is wrong; None if none is.

    Args:
        y: The result of a computation with Values.

    Example:
        >>> from autograd import Op, Value
        >>> from autograd.check.nodes import first_wrong
        >>> cube = Op("cube", "³", 1, lambda x: x**3, lambda y, x: (3 * x,))
        >>> found = first_wrong(cube(cube(Value(2.0)) * 3).tanh())
        >>> found.row.name, found.row.analytic, round(found.row.numeric, 9)
        ('cube #1 / operand 0', 6.0, 12.0)
    """
    return next((found for found in local_partials(y) if found.row.verdict == WRONG), None)


def local_partials(y: Value) -> Iterator[LocalPartial]:
    """Every local partial in the graph of y, examined one by one from the inputs to y.

    Args:
        y: The result of a computation with Values.
    """
    if not isinstance(y, Value) or y.op is None:
        what = "a Value that nothing was computed for" if isinstance(y, Value) else type(y).__name__
        raise TypeError(f"there is nothing to check: it takes the result of an operation on Values, not {what}")
    counts: Counter[str] = Counter()
    examined: set[tuple[Op, bytes]] = set()
    for node in toposort(y):
        if node.op is None:
            continue
        counts[node.op.name] += 1
        xs = floats(node.operands)
        stored = {found.position: found.partial for found in stored_partials(node)}
        signature = node.op, struct.pack(f"{len(xs) + len(stored)}d", *xs, *stored.values())
        if signature not in examined:
            examined.add(signature)
            yield from examine(node, xs, stored, f"{node.op.name} #{counts[node.op.name]}")


def examine(node: Value, xs: tuple[float, ...], stored: dict[int, float], name: str) -> Iterator[LocalPartial]:
    """The rows of one node."""
    forward = node.op.forward  # type: ignore[union-attr]  # a leaf does not come here
    reason = stale(forward, xs, node.data)
    # A partial that is all rounding beside the other ones is as good as zero.
    negligible = sys.float_info.epsilon * max((abs(d) for d in stored.values() if abs(d) < float("inf")), default=0.0)
    for k, claimed in stored.items():
        size = max((abs(x) for i, x in enumerate(xs) if i != k), default=0.0)
        if reason:
            judgement = Judgement(float("nan"), float("inf"), CANNOT_TELL, reason)
        else:
            judgement = judge(partial(along, forward, xs, k), xs[k], node.data, claimed, size, negligible)
        row = Row(f"{name} / operand {k}", node.label, claimed, judgement.numeric, abs(claimed - judgement.numeric),
                  judgement.error, judgement.verdict, judgement.reason, judgement.resolution)  # fmt: skip
        yield LocalPartial(node, k, row)


def stale(forward: Callable[..., float], xs: tuple[float, ...], data: float) -> str:
    """Why the partials need not be those at the operands as they are now; "" if they are."""
    y = along(forward, xs, 0, xs[0])
    if y == data or (y is not None and y != y and data != data):
        return ""
    return f"the operation gives {y!r} at its operands now, the node has {data!r}: .data was changed, or it is random"


def along(forward: Callable[..., Any], xs: tuple[float, ...], k: int, t: float) -> float | None:
    """The operation with t as its k-th operand; None where it is undefined."""
    try:
        y: float = forward(*xs[:k], t, *xs[k + 1 :])
    except AutogradError as error:
        if isinstance(error, (ArithmeticError, ValueError)):
            return None
        raise  # the node was made by hand
    except Exception:  # an operation of somebody's own, which need not be made for other operands than it was given
        return None
    return y
