"""What a gradient check costs over the evaluations of the function that it cannot do without.

`python -m benchmarks.gradcheck_cost` prints, for scalar functions of ten inputs, the number of evaluations, the time of
one of them inside `no_grad()`, the time of the whole check with its negative control, and what that is over a
hundred evaluations: it should be at most a millisecond. Read next: `autograd/check/gradcheck.py`.
"""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable
from typing import Any, NamedTuple

from autograd import Value, functions, no_grad
from autograd.check import gradcheck

from .measure import REPEATS, seconds

CHECKS = 20  # in each repeat
EVALUATIONS = 100
WEIGHTS = [0.1 * i + 0.3 for i in range(10)]


def neuron(xs: list[Value]) -> Any:
    """One unit: two operations."""
    return functions.dot(xs, WEIGHTS, 0.2).tanh()


def expression(a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, h: Any, i: Any, j: Any) -> Any:
    """Fifteen operations on ten arguments."""
    return (a * b + c * d - e).tanh() + (f * g - h).sin() * (i * j + 0.5).exp() + (a - j) ** 2


class Cost(NamedTuple):
    """One function's figures, the times as medians in seconds."""

    evaluations: int
    evaluation: float
    check: float

    @property
    def overhead(self) -> float:
        """The time of a check over that of a hundred evaluations."""
        return self.check - EVALUATIONS * self.evaluation


def cost(f: Callable[..., Any], *arguments: Any) -> Cost:
    """Measure in turns, so that a machine which slows down for a while hits both."""
    calls = []

    def counted(*xs: Any) -> Any:
        calls.append(1)
        return f(*xs)

    assert gradcheck(counted, *arguments).ok

    def evaluations() -> None:
        with no_grad():
            for _ in range(CHECKS * EVALUATIONS):
                f(*arguments)

    def checks() -> None:
        for _ in range(CHECKS):
            gradcheck(f, *arguments)

    times = [(seconds(evaluations), seconds(checks)) for _ in range(REPEATS)]
    one, whole = (statistics.median(column) / CHECKS for column in zip(*times, strict=True))
    return Cost(len(calls), one / EVALUATIONS, whole)


def main() -> None:
    """Print a line for each function."""
    values = [Value(0.05 * i - 0.21) for i in range(10)]
    print(f"medians of {REPEATS}, CPU time, garbage collector {'on' if gc.isenabled() else 'off'}")
    print(f"{'function':<12}evaluations   one evaluation   one check   over {EVALUATIONS} evaluations")
    for name, f, arguments in (("neuron", neuron, (values,)), ("expression", expression, tuple(values))):
        found = cost(f, *arguments)
        print(f"{name:<12}{found.evaluations:>11}{1e6 * found.evaluation:>14.1f} µs{1e3 * found.check:>9.2f} ms"
              f"{1e3 * found.overhead:>17.2f} ms")  # fmt: skip


if __name__ == "__main__":
    main()
