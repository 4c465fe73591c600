"""Operands at which two readings of a rule must agree: all over the domain and outside it, at kinks, edges and ties.

No domain is asked: where an operation is undefined, that too must be the same.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator

from autograd.engine import Op
from autograd.functions import OPS

SPECIAL = [0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, -5e-324, 1e-300, 1e300, -1e300, 1.7e308]
EDGES = [1.0, -1.0, 3.0, -3.0, 2.0, 0.5, -0.5, 1.5, 2.5, -2.5, 1 + 1e-15, 1 - 1e-15, 0.46875, 4.0, 28.0, 30.0, -30.0]
TAILS = [1e-8, -1e-8, 1e-16, 26.5, -37.0, 40.0, 709.0, -709.0, 710.0, -746.0, 1e8, 1e16]
MEETING = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -3.0, math.inf, -math.inf, math.nan]  # each with each
VARIADIC = (1, 2, 3, 5)
CASES = [
    (op, count) for op in OPS for count in ([op.arity] if op.arity else (1, 3, 5) if op.name == "dot" else VARIADIC)
]


def case_name(case: object) -> str:
    """For the name of a test: "tanh", "max of 3"."""
    op, count = case  # type: ignore[misc]
    return op.name if op.arity else f"{op.name} of {count}"


def points(op: Op, count: int, tuples: int = 300) -> Iterator[tuple[float, ...]]:
    """Operands for one operation, the same ones every time."""
    rng = random.Random(f"{op.name} {count}")
    spread = [rng.uniform(-5, 5) for _ in range(120)] + [rng.uniform(-1, 1) for _ in range(40)]
    spread += [rng.uniform(-40, 40) for _ in range(40)]
    spread += [rng.choice((-1, 1)) * 10 ** rng.uniform(-300, 300) for _ in range(40)]
    if count == 1:
        yield from [(x,) for x in SPECIAL + EDGES + TAILS + spread]
        return
    for pool in (SPECIAL + EDGES, EDGES + TAILS, spread):
        for _ in range(tuples // 3):
            yield tuple([rng.choice(pool) for _ in range(count)])
    for x in SPECIAL + EDGES:  # all the same: ties
        yield (x,) * count
    if count == 2:
        yield from itertools.product(MEETING, repeat=2)
