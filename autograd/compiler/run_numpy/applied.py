"""An operation of the table, applied to arrays: its value, and the gradients that it passes on.

This file owns the choice between an expression, one that is rolled up, and Python on one number after another for what
cannot be read; it must not know steps. Read next: `forwards.py`, then `backwards.py`, which apply operations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from ...engine import Op
from ...expressions import Apply, Expression, Part, Untraceable, in_order, parts
from ...functions import OPS
from ..table.arrays import Array, Known, Writer
from ..table.kernels import gradient_expressions, rolled_gradient, rolled_value, unreadable, value_expression

__all__ = ["passes", "write_gradients", "write_stack_gradient", "write_stack_value", "write_value"]


def write_value(writer: Writer, op: Op, xs: Sequence[Array], out: Array, known: Known | None = None) -> None:
    """Calls that compute an operation of arrays.

    Args:
        writer: What writes.
        op: The operation.
        xs: The operands.
        out: Where the value goes.
        known: If given, it gets what `write_gradients` can use again, which is kept then.
    """
    if op not in OPS:
        writer.call(writer.alarm.watch)
        _write_value(writer, op, xs, out, known)
        writer.call(writer.alarm.watched)
    else:
        _write_value(writer, op, xs, out, known)


def _write_value(writer: Writer, op: Op, xs: Sequence[Array], out: Array, known: Known | None) -> None:
    if unreadable(op, len(xs)) is None:
        try:
            value = value_expression(op, len(xs))
            keep = _common(value, gradient_expressions(op, len(xs))) if known is not None else ()
            writer.write([value], xs, None, [out], known, keep)
            return
        except Untraceable:  # numpy has not one of the functions
            pass
    one_by_one(writer, op.forward, xs, [out])


@lru_cache(1024)
def _common(value: Expression, gradients: tuple[Expression | None, ...]) -> list[Part]:
    """What is computed for the value, and needed for the gradients."""
    computed = {part for part in in_order([value]) if isinstance(part, Apply)} - {value}
    found: dict[Part, None] = {}
    seen: set[Part] = set()
    waiting: list[Part] = [part for part in gradients if part is not None]
    while waiting:
        part = waiting.pop()
        if part in computed:
            found[part] = None
        elif part not in seen:
            seen.add(part)
            waiting += parts(part)
    return list(found)


def passes(op: Op, count: int) -> list[bool]:
    """Through which operands a gradient goes."""
    return [True] * count if unreadable(op, count) else [e is not None for e in gradient_expressions(op, count)]


def write_gradients(
    writer: Writer,
    op: Op,
    xs: Sequence[Array],
    y: Array,
    gradient: Array,
    targets: dict[int, Array | None],
    known: Known | None = None,
) -> list[Array]:
    """Calls that compute the gradients by some of the operands.

    Args:
        writer: What writes.
        op: The operation.
        xs: The operands.
        y: The value.
        gradient: What arrives.
        targets: Where to put the gradients, by the positions of the operands: see `Writer.write`.
        known: What `write_value` kept.
    """
    count = len(xs)
    if unreadable(op, count) is None:
        try:
            wanted = [e for k in targets if (e := gradient_expressions(op, count)[k]) is not None]
            return writer.write(wanted, [*xs, gradient], y, list(targets.values()), known and dict(known))
        except Untraceable:
            pass
    outs = [writer.take(y.shape) for _ in xs]
    one_by_one(writer, lambda found, *numbers: op.partials(found, *numbers), [y, *xs], outs)
    for out in outs:
        writer.call(np.multiply, out, gradient, out=out)
    return [outs[k] for k in targets]


def _is_rolled(op: Op, count: int) -> bool:
    """Whether one expression stands for all operands; of a user's operation, not every function may be numpy's."""
    return op in OPS and count > 1 and rolled_value(op, count) is not None


def write_stack_value(writer: Writer, op: Op, stack: Array, out: Array, known: Known) -> None:
    """Calls that compute an operation of any number, of the elements along the first axis."""
    rolled = rolled_value(op, len(stack)) if _is_rolled(op, len(stack)) else None
    if rolled is None:
        write_value(writer, op, list(stack), out, known)
    else:
        keep = _common(rolled, rolled_gradient(op, len(stack)) or ())
        writer.write([rolled], [stack], None, [out], known, keep)


def write_stack_gradient(
    writer: Writer, op: Op, stack: Array, y: Array, gradient: Array, target: Array | None, known: Known
) -> Array:
    """Calls that compute the gradients by all elements along the first axis."""
    rolled = rolled_gradient(op, len(stack)) if _is_rolled(op, len(stack)) else None
    if rolled is not None and rolled[0] is not None:
        return writer.write([rolled[0]], [stack, gradient], y, [target], dict(known))[0]
    found = writer.take(stack.shape) if target is None else target
    through = [k for k, goes in enumerate(passes(op, len(stack))) if goes]
    results = write_gradients(writer, op, list(stack), y, gradient, {k: found[k] for k in through}, known)
    for k in range(len(stack)):
        if k not in through:
            writer.call(found[k].fill, 0.0)
        elif results[through.index(k)] is not found[k]:
            writer.call(np.copyto, found[k], results[through.index(k)])
    return found


def one_by_one(writer: Writer, function: Callable[..., Any], xs: Sequence[Array], outs: Sequence[Array]) -> None:
    """A call that applies a function of numbers at each place; several results if there are several outs."""
    shape = outs[0].shape
    spread = [np.broadcast_to(x, shape) for x in xs]

    def call() -> None:
        for place in np.ndindex(shape):
            try:
                found = function(*[float(x[place]) for x in spread])
            except (ValueError, ArithmeticError):
                found = (np.sqrt(np.float64(-1.0)),) * len(outs)  # a nan that raises numpy's flag
            for out, number in zip(outs, found if isinstance(found, tuple) else (found,), strict=True):
                out[place] = number

    writer.call(call)
