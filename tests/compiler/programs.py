"""Random scalar functions of parameters and a sample, over every operation of the table: the same for a seed.

They are drawn along with parameters and samples at which they are well-conditioned: no domain is left, no kink or jump
lies nearby, nothing grows large, and a small change of the numbers changes value and gradient a little. No numbers are
compared, so there are no guards. This file must not know what is tested with them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd import OPS, Value

NUDGE = 1e-8  # what is well-conditioned changes by at most LARGE * NUDGE when its operands do by NUDGE
LARGE = 100.0
CONSTANTS = (0.0, 1.0, -1.0, 2.0, 0.5, -0.5, 3.0, 0.25, 1.7)


class Drawn(NamedTuple):
    """A function, `drawn(parameters, x)`, and numbers to run it on.

    Attributes:
        steps: Operation and operands; an int is a number computed before (parameters, then inputs, then steps), a float
            a constant.
        parameters: Their data.
        samples: Each a list of inputs.
    """

    steps: list[tuple[Any, tuple[int | float, ...]]]
    parameters: list[float]
    samples: list[list[float]]

    def __call__(self, parameters: Sequence[Any], x: Sequence[Any]) -> Any:
        numbers: list[Any] = [*parameters, *x]
        for op, operands in self.steps:
            numbers.append(op(*[numbers[i] if isinstance(i, int) else i for i in operands]))
        return numbers[-1]

    def gradient(self, parameters: Sequence[float], x: Sequence[float]) -> tuple[float, list[float]]:
        """The value, and the derivatives by parameters and inputs, of the eager engine."""
        leaves = [Value(v) for v in (*parameters, *x)]
        y = self(leaves[: len(parameters)], leaves[len(parameters) :])
        y.backward()
        return y.data, [v.grad for v in leaves]


def drawn(seed: int, size: int = 30, n_parameters: int = 4, n_inputs: int = 3, n_samples: int = 3) -> Drawn:
    """A program of about `size` operations. Most numbers are used once, some often; nothing is in vain."""
    rng = random.Random(seed)
    while True:
        found = _attempt(rng, size, n_parameters, n_inputs, n_samples)
        if all(_steady(found, x) for x in found.samples):
            return found


def _attempt(rng: random.Random, size: int, n_parameters: int, n_inputs: int, n_samples: int) -> Drawn:
    parameters = [_number(rng) for _ in range(n_parameters)]
    samples = [[_number(rng) for _ in range(n_inputs)] for _ in range(n_samples)]
    columns = [[p] * n_samples for p in parameters] + [list(c) for c in zip(*samples, strict=True)]
    steps: list[tuple[Any, tuple[int | float, ...]]] = []
    unused = list(range(len(columns)))
    plenty = [op for op in OPS if op.name in ("add", "sub", "mul", "neg", "dot", "sum", "mean", "div")]
    while len(steps) < size or len(unused) > 1:
        closing = len(steps) >= size
        op = rng.choice([o for o in plenty if o.arity != 1] if closing else plenty if rng.random() < 0.5 else OPS)
        n = op.arity or rng.choice((1, 2, 3, 4, 5))
        n = n - 1 + n % 2 if op.name == "dot" else n  # weights, inputs, bias
        operands: list[int | float] = []
        for _ in range(n):
            if rng.random() < (0.9 if closing else 0.5) and any(i not in operands for i in unused):
                operands.append(rng.choice([i for i in unused if i not in operands]))
            elif rng.random() < 0.15 and not closing:
                operands.append(rng.choice(CONSTANTS))
            else:
                operands.append(rng.randrange(len(columns)))
        if all(isinstance(i, float) for i in operands):
            continue
        results = [
            _result(op, [columns[i][k] if isinstance(i, int) else i for i in operands]) for k in range(n_samples)
        ]
        if None not in results:
            steps.append((op, tuple(operands)))
            columns.append([float(y) for y in results if y is not None])
            unused = [i for i in unused if i not in operands] + [len(columns) - 1]
    return Drawn(steps, parameters, samples)


def _number(rng: random.Random) -> float:
    return rng.choice((-1, 1)) * rng.uniform(0.2, 1.5)


def _result(op: Any, xs: list[float]) -> float | None:
    """The result of an operation; None where it is undefined, large, or no smooth function nearby."""
    try:
        y = op.forward(*xs)
        sides = op.partials(y, *xs)
        shifted = [op.forward(*[x * (1 + NUDGE * sign) + NUDGE * sign for x in xs]) for sign in (-1, 1)]
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    size = max(abs(y), *[abs(d) for d in sides], *[abs(z - y) / NUDGE / 10 for z in shifted])
    return float(y) if size < LARGE / 10 else None


def _steady(program: Drawn, x: list[float]) -> bool:
    """Whether value and gradient change a little with the numbers."""
    before, after = (
        program.gradient([p * (1 + nudge) for p in program.parameters], [z * (1 - nudge) for z in x])
        for nudge in (0.0, NUDGE)
    )
    pairs = zip([before[0], *before[1]], [after[0], *after[1]], strict=True)
    return all(math.isfinite(a) and abs(a) < LARGE and abs(a - b) <= LARGE * NUDGE * max(1, abs(a)) for a, b in pairs)
