"""Points inside the domain of an operation, as its row in the table gives it."""

from __future__ import annotations

import math
import random

from autograd.engine import Op

PLAIN = [0.0, 1.0, -1.0, 2.0, 0.5, -3.0, 40.0, -40.0]
# Much beyond this, no step of floats is small beside the stairs of floor, ceil and round: there they look like x.
WHOLE = 2.0**40


def intervals(domain: str) -> list[tuple[float, float, bool, bool]]:
    """Each part of a domain like "(-inf, 0) | (0, inf)" as lower end, upper end, and whether they belong to it."""
    parts = [part.strip() for part in domain.split("|")]
    ends = [part[1:-1].split(",") for part in parts]
    return [(float(a), float(b), p[0] == "[", p[-1] == "]") for p, (a, b) in zip(parts, ends, strict=True)]


def point(rng: random.Random, domain: str) -> float:
    """A point of the domain: ordinary, tiny, huge, on its edge or close to that."""
    low, high, with_low, with_high = rng.choice(intervals(domain))
    while True:
        kind = rng.random()
        if kind < 0.5:
            x = rng.gauss(0, 2)
        elif kind < 0.65:
            x = rng.choice([-1, 1]) * 10 ** rng.uniform(-8, 3)
        elif kind < 0.75:
            x = rng.choice([-1, 1]) * 10 ** rng.uniform(-150, 150)
        elif kind < 0.85 and math.isfinite(low):
            x = low + 10 ** rng.uniform(-12, 1)
        elif kind < 0.9 and math.isfinite(high):
            x = high - 10 ** rng.uniform(-12, 0)
        else:
            x = rng.choice(PLAIN)
        if low < x < high or (with_low and x == low) or (with_high and x == high):
            return x


def operands(rng: random.Random, op: Op) -> list[float]:
    """Operands at which the operation may be evaluated."""
    count = op.arity or (2 * rng.randint(1, 2) + 1 if op.name == "dot" else rng.randint(2, 4))
    xs = [point(rng, op.domain[min(i, len(op.domain) - 1)]) for i in range(count)]
    if op.name == "binary_cross_entropy_with_logits":
        xs[1] = rng.random()  # a probability: with t = 1e150 the terms of the loss cancel, and nothing is left of it
    return [math.remainder(x, WHOLE) for x in xs] if op.name in ("floor", "ceil", "round") else xs
