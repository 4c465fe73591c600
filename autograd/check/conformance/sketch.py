"""Programs written down as functions: `written("a + a", lambda a: a + a, 3.0)`.

This file owns the objects that record a function's operations as steps; it must not know any engine.
Read next: `cases/sharing.py`, cases that are written this way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..programs import Program, Step

__all__ = ["Sketch", "of", "written"]


class Sketch:
    """A number of a program that is being written down: what is done with it becomes a step.

    Args:
        position: Its place among the program's numbers.
        steps: Where the steps are collected.
    """

    def __init__(self, position: int, steps: list[Step], inputs: int) -> None:
        self.position, self.steps, self.inputs = position, steps, inputs

    def step(self, op: str, *operands: Any) -> Sketch:
        """A new number: the operation of that name on Sketches and floats."""
        places = tuple([x.position if isinstance(x, Sketch) else float(x) for x in operands])
        self.steps.append(Step(op, places))
        return Sketch(self.inputs + len(self.steps) - 1, self.steps, self.inputs)

    def __add__(self, other: Any) -> Sketch:
        return self.step("add", self, other)

    def __radd__(self, other: Any) -> Sketch:
        return self.step("add", other, self)

    def __sub__(self, other: Any) -> Sketch:
        return self.step("sub", self, other)

    def __rsub__(self, other: Any) -> Sketch:
        return self.step("sub", other, self)

    def __mul__(self, other: Any) -> Sketch:
        return self.step("mul", self, other)

    def __rmul__(self, other: Any) -> Sketch:
        return self.step("mul", other, self)

    def __truediv__(self, other: Any) -> Sketch:
        return self.step("div", self, other)

    def __rtruediv__(self, other: Any) -> Sketch:
        return self.step("div", other, self)

    def __pow__(self, other: Any) -> Sketch:
        return self.step("pow", self, other)

    def __rpow__(self, other: Any) -> Sketch:
        return self.step("pow", other, self)

    def __neg__(self) -> Sketch:
        return self.step("neg", self)


def of(op: str, *operands: Any) -> Sketch:
    """The operation of that name on Sketches and floats, at least one of them a Sketch."""
    first = next(x for x in operands if isinstance(x, Sketch))
    return first.step(op, *operands)


def written(
    name: str, function: Callable[..., Any], *inputs: float, script: tuple[tuple[Any, ...], ...] | None = None
) -> Program:
    """The program that a function of its inputs stands for.

    Args:
        name: The program's name.
        function: Takes one Sketch per input; gives a Sketch, or a tuple of several results.
        inputs: The data of the leaves.
        script: What follows. In `("backward", k)` and `("set", k, x)`, k counts the results, from 0; a k below 0 is an
            input, -1 the first. Left out, one backward pass from each of the results.

    Example:
        >>> print(written("shared", lambda a, b: a * b + a, 2.0, 3.0).code())
        a = Value(2.0)
        b = Value(3.0)
        c = a * b
        d = c + a
        d.backward()
    """
    steps: list[Step] = []
    given = function(*[Sketch(i, steps, len(inputs)) for i in range(len(inputs))])
    results = given if isinstance(given, tuple) else (given,)
    if script is None:
        script = tuple([("backward", k) for k in range(len(results))])
    places = [action if len(action) == 1 else (action[0], _place(action[1], results), *action[2:]) for action in script]
    return Program(name, tuple([float(x) for x in inputs]), tuple(steps), tuple(places))


def _place(k: int, results: tuple[Any, ...]) -> int:
    position: int = results[k].position if k >= 0 else -k - 1
    return position
