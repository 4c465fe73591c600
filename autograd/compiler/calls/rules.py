"""Rules: an optimizer's update of one number, read once and written as calls on arrays.

A rule is one formula for all settings: with momentum 0 it has `0 * velocity + 1 * gradient`, which costs floats nothing
to speak of, but arrays a pass over memory each. It is read on symbols, as the rules of the table are, with settings
that are 0 or 1 as numbers, and what these make superfluous is left out. `0 * x` is 0 for finite x only: operands of
which this was used are looked at in every step. This file owns this reading; it must not know any rule.
This is the last file; `state.py` runs what it makes.

    >>> import numpy as np
    >>> from nn.optimizers import SGD
    >>> settings = {"learning_rate": 0.5, "momentum": 0.0, "dampening": 0.0, "weight_decay": 0.0, "nesterov": 0.0}
    >>> p, g, v = np.array([1.0, 2.0]), np.array([0.1, 0.2]), np.zeros(2)
    >>> rule = Rule(SGD.update, settings, p, g, (v,))
    >>> [call.func.__name__ for call in rule.calls]
    ['multiply', 'subtract']
    >>> rule(1)
    [array([0.95, 1.9 ]), array([0.1, 0.2])]
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from math import isfinite
from operator import is_not
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...engine import Op, add, div, mul, neg, sub
from ...expressions import Apply, Expression, Number, Operand, in_order, parts, primitive
from ...expressions.primitives import POWER
from ...expressions.reading import Reading
from ..table.arrays import Writer, context, repeat

__all__ = ["Rule", "kind_of_settings"]

ROOT, SIZE = primitive(math.sqrt), primitive(math.fabs)


def kind_of_settings(settings: Mapping[str, float]) -> tuple[float | None, ...]:
    """What a reading is made for: which settings are 0 or 1."""
    return tuple([x if x in (0.0, 1.0) else None for x in settings.values()])


class Rule:
    """The rule of an optimizer for certain arrays, which are overwritten by the caller.

    Args:
        update: The rule: `update(parameter, gradient, state, step, settings)`.
        settings: The settings; those that are 0 or 1 now stay so.
        parameters, gradients, state: The arrays.

    Raises:
        Untraceable: If the rule is more than arithmetic and comparisons.
        TypeError: If it gives something else when it is read again.
    """

    def __init__(
        self, update: Callable[..., Any], settings: Mapping[str, float], parameters: NDArray[Any],
        gradients: NDArray[Any], state: tuple[NDArray[Any], ...],
    ) -> None:  # fmt: skip
        fixed = {name: x for name, x in settings.items() if x in (0.0, 1.0)}
        self.names = [name for name in settings if name not in fixed]
        self.numbers = np.zeros(1 + len(self.names))
        n = len(state)

        def rule(p: Any, g: Any, *rest: Any) -> tuple[Any, ...]:
            given = fixed | dict(zip(self.names, rest[n + 1 :], strict=True))
            new, after = update(p, g, rest[:n], rest[n], given)
            return (new, *after)

        reading = Reading(Op("update", "update", None, update, update), "rule", floats=True)
        found, again = (reading.of(rule, 3 + n + len(self.names), with_result=False) for _ in range(2))
        if any(map(is_not, found, again)):  # a reading has each expression once
            raise TypeError(
                "the optimizer's update gives something else each time, as with random numbers or a count of its own: "
                "make it a function of its arguments alone, or sync() and call the optimizer's step()"
            )
        arrays = [parameters, gradients, *state, *[self.numbers[i, ...] for i in range(len(self.numbers))]]
        simple, finite = simpler(reading, found)
        shown = shows(simple[0])
        kept = {2 + i for i, e in enumerate(simple[1:]) if isinstance(e, Operand) and e.position in shown}
        self.always = [arrays[place] for place in sorted(finite - shown - kept) if place < 2 + n]
        self.kept = [arrays[place] for place in sorted(finite & kept - shown)]  # finite if they were, and p is
        self.is_shown = bool(finite & (shown | kept))
        self.before = [*self.always, *self.kept]
        writer = Writer(np.float64)
        own = [np.empty_like(parameters) if isinstance(e, Operand) and e.position != 1 else None for e in simple]
        self.results = writer.write(simple, arrays, None, own)
        self.calls = writer.calls
        self.context = context(all="ignore")  # as floats in Python, which overflow without a word
        self.set(settings)

    def set(self, settings: Mapping[str, float]) -> None:
        """From now on with these settings, of which the same are 0 or 1."""
        self.numbers[1:] = [settings[name] for name in self.names]

    def __call__(self, step: int) -> list[NDArray[Any]] | None:
        """The parameters and the state after a step, arrays that the next one overwrites.

        Returns:
            None if a number that was taken to be finite is not, or so large that its square is not.
        """
        self.numbers[0] = step
        return self.context.run(self._run)

    def _run(self) -> list[NDArray[Any]] | None:
        if all(map(_is_finite, self.before)):
            repeat(self.calls)
            if not self.is_shown or _is_finite(self.results[0]):
                self.before = self.always
                return self.results
        self.before = [*self.always, *self.kept]
        return None


def _is_finite(x: NDArray[Any]) -> bool:
    return isfinite(x.dot(x))


def shows(expression: Expression) -> set[int]:
    """The operands that cannot but be finite where the expression is."""
    found: set[int] = set()
    waiting: list[Any] = [expression]
    while waiting:
        x = waiting.pop()
        if isinstance(x, Operand):
            found.add(x.position)
        elif isinstance(x, Apply) and x.op in (add, sub, mul, neg):
            waiting += x.operands
        elif isinstance(x, Apply) and x.op is div:
            waiting.append(x.operands[0])
    return found


def simpler(reading: Reading, expressions: tuple[Expression, ...]) -> tuple[list[Any], set[int]]:
    """Expressions without what changes nothing; and which operands must be finite for that."""
    new: dict[Any, Any] = {}
    finite: set[int] = set()
    for part in in_order(expressions):
        new[part] = found = rebuilt(reading, part, new)
        if isinstance(found, Number) and found.value == 0.0:
            finite |= {x.position for x in in_order([part]) if isinstance(x, Operand)}
    return [new[e] for e in expressions], finite


def rebuilt(reading: Reading, part: Any, new: Mapping[Any, Any]) -> Any:
    """A part of simpler parts: without `0 * x`, `1 * x`, `x + 0` and `x - 0`, of numbers alone a number."""
    xs = [new[x] for x in parts(part)]
    if not isinstance(part, Apply):
        return reading.rebuilt(part, xs)
    numbers = [x.value if isinstance(x, Number) else None for x in xs]
    if None not in numbers:
        return reading.make(Number, float(part.op.forward(*numbers)))
    if part.op in (add, sub) and numbers[1] == 0.0:
        return xs[0]
    if part.op is add and numbers[0] == 0.0:
        return xs[1]
    if part.op is mul and 0.0 in numbers:
        return reading.make(Number, 0.0)
    if part.op is mul and 1.0 in numbers:
        return xs[1 - numbers.index(1.0)]
    if part.op is POWER and numbers[1] == 0.5:
        return reading.make(Apply, ROOT, (xs[0],))
    return reading.make(Apply, SIZE if part.op.name == "abs" else part.op, tuple(xs))
