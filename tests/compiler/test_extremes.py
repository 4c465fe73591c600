"""Every operation at nan, infinities, huge and tiny numbers, kinks and zeros: both executors give what the engine does.

Only the sign of a zero may be another one.
"""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import pytest

from autograd.compiler.group.program import SAMPLE, Map, Program, Reduce, Rows
from autograd.compiler.run_numpy.executor import NumpyExecutor
from autograd.functions import OPS

GRID = (
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 3.0, -3.0, 40.0, -40.0, 700.0, -700.0, 1e300, -1e300, 1e308, 1e-300, 5e-324,
    -5e-324, math.inf, -math.inf, math.nan,
)  # fmt: skip
TRIPLES = 500  # of the operands of operations of more than two, and of any number
LEAST = 1e-307  # what is smaller has lost digits of its own
CASES = [(op, count) for op in OPS for count in ((op.arity,) if op.arity else (1, 3, 9))]


def operands(op, count):
    if count <= 2:
        return list(itertools.product(GRID, repeat=count))
    rng = random.Random(f"{op.name} of {count}")
    return [tuple(rng.choices(GRID, k=count)) for _ in range(TRIPLES)]


def is_near(found, expected, scale=0.0):
    if found == expected or (found != found and expected != expected):
        return True
    return abs(found - expected) <= max(1e-12 * max(abs(expected), scale if scale < math.inf else 0.0), LEAST)


@pytest.fixture(params=["numpy", "numba"])
def executor(request):
    if request.param == "numpy":
        return NumpyExecutor
    pytest.importorskip("numba")
    from autograd.compiler.run_numba.executor import NumbaExecutor

    return NumbaExecutor


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("op", "count"), CASES, ids=[f"{op.name} of {count}" for op, count in CASES])
def test_values_and_partials_are_those_of_the_engine_and_what_is_undefined_is_suspicious(op, count, executor):
    xs, y = [Rows(SAMPLE, i, 1) for i in range(count)], Rows(SAMPLE, count, 1)
    step = Map(op, y, tuple(xs)) if op.arity else Reduce(op, y, Rows(SAMPLE, 0, count))
    made = executor(Program(count + 1, 0, 0, count, np.zeros(0), ((0, 0, count),), (), (step,), (y,)), wrt_inputs=True)
    batch = operands(op, count)
    found, suspicious = made.forward(np.array(batch))[0].copy(), made.suspicious().copy()
    made.backward(1.0)
    wrong = []
    for numbers, value, alarm, sides in zip(batch, found, suspicious, made.input_gradients(), strict=True):
        try:
            expected = op.forward(*numbers)
            partials = op.partials(expected, *numbers)
        except (ValueError, ArithmeticError):
            wrong += [] if alarm else [(numbers, "is not suspicious")]
            continue
        half = count // 2 if op.name == "dot" else 0  # its terms may cancel
        scale = sum([abs(a * b) for a, b in zip(numbers[:half], numbers[half:-1], strict=op.name == "dot")])
        if not is_near(value, expected, scale) or not all(map(is_near, sides, partials)):
            wrong.append((numbers, value, expected, sides, partials))
    assert not wrong
