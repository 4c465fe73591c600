"""Causes of a wrong gradient in a graph whose local partials are all right.

This file owns looking for 0·inf and for rules that give numbers in the place of Values; it must not know what is said
about them. Read next: `failures.py`, the entries of the catalogue.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ...engine import Op, Value, floats, toposort
from ...partials import stored_partials
from .sampling import samples

__all__ = ["first_nan", "rule_of_floats"]


def first_nan(output: Value) -> tuple[Op, tuple[float, ...], int, float, float] | None:
    """The op, from the output to the inputs, at which a partial and an arrived gradient multiply to nan."""
    gradients: dict[Value, float] = {output: 1.0}
    for node in reversed(toposort(output)):
        arrived = gradients.get(node, 0.0)
        if node.op is None:
            continue
        for i, x, partial in stored_partials(node):
            product = partial * arrived
            if math.isnan(product) and not math.isnan(partial) and not math.isnan(arrived):
                return node.op, floats(node.operands), i, partial, arrived
            gradients[x] = gradients.get(x, 0.0) + product
    return None


def rule_of_floats(output: Value) -> tuple[Op, tuple[float, ...], int, float] | None:
    """The first op whose rule gives a plain number for Values, though its derivative is no constant.

    Returns:
        The op, its operands, the operand that the number belongs to, and the number.
    """
    examined: set[Op] = set()
    for node in toposort(output):
        if node.op is not None and node.op not in examined:
            examined.add(node.op)  # once is enough: it is the rule that is at fault, not the point
            xs = floats(node.operands)
            for i, partial in varying_numbers(node.op, xs):
                return node.op, xs, i, partial
    return None


def varying_numbers(op: Op, xs: tuple[float, ...]) -> Iterator[tuple[int, float]]:
    """The operands by which the partial of the op is a plain number and not the same nearby, with that number."""
    operands = [Value(x) for x in xs]
    around = samples(op.forward, lambda *ys: op.partials(op.forward(*ys), *ys), xs)
    try:
        partials = tuple(op.partials(op(*operands), *operands))
    except Exception:  # it is somebody else's, and need not be made for Values
        return
    for i, partial in enumerate(partials[: len(xs)]):
        # With a kink nearby a derivative is a few numbers, as 0 and 1 for relu: that is no rule of x.
        if isinstance(partial, int | float) and len({s.claimed[i] for s in around}) > max(1, len(around) // 2):
            yield i, partial
