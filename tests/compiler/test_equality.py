"""Compiled code computes what eager code does: random programs over every operation, by both executors.

`python -m tests.compiler.test_equality` compares 5,000 (`benchmarks/COMPILE_SAFETY.md`); the tests take some of them.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import assume, given, settings

import autograd
from autograd import OPS, Value
from autograd.check.drawn import OF_A_LIST
from autograd.check.strategies import expressions

from .programs import Drawn, drawn

# The measure of the contract: rounding relative to the size of the terms. Programs are drawn so that no term exceeds
# 100 and no derivative changes a nudge of its operands by more than a factor of 100.
TOLERANCE = 1e-12
SIZES = (3, 8, 20, 60, 200)
NAMES = [op.name for op in OPS if op.arity is not None or op.name in OF_A_LIST]


def size_of(seed: int) -> int:
    return SIZES[seed % len(SIZES)]


def largest_difference(program: Drawn, executor: str) -> float:
    """Over losses, their gradients, the gradient of the mean and those of single samples; relative to 1 or more."""
    eager = [program.gradient(program.parameters, x) for x in program.samples]
    losses = np.array([value for value, _ in eager])
    gradients = np.array([sides[: len(program.parameters)] for _, sides in eager])
    step = autograd.compile(program, executor=executor)
    parameters = [Value(p) for p in program.parameters]
    loss = step(parameters, np.array(program.samples))
    found, single = step.per_sample(parameters, np.array(program.samples))
    scale = max(1.0, np.abs(gradients).max(), np.abs(losses).max())
    differences = [
        abs(loss - losses.mean()),
        np.abs(found - losses).max(),
        np.abs([p.grad for p in parameters] - gradients.mean(0)).max(),
        np.abs(single - gradients).max(),
    ]
    return float(np.max(differences) / scale)  # nan if one is


@pytest.mark.parametrize("executor", ["numpy", "numba"])
@pytest.mark.parametrize("first", [0, *[pytest.param(n, marks=pytest.mark.no_cover) for n in range(10, 60, 10)]])
def test_random_programs_give_what_eager_code_gives(first, executor):
    if executor == "numba":
        pytest.importorskip("numba")
    for seed in range(first, first + 10):
        assert largest_difference(drawn(seed, size_of(seed)), executor) <= TOLERANCE, f"seed {seed}"


@settings(max_examples=15, derandomize=True)
@given(expressions(NAMES), expressions(NAMES))
def test_drawn_expressions_and_a_guard_give_what_eager_code_gives(first, second):
    middle, point = len(first.point), [*first.point, *second.point]  # every other number is a parameter

    def f(parameters, x):
        numbers = [(parameters, x)[i % 2][i // 2] for i in range(len(point))]
        a, b = first(*numbers[:middle]), second(*numbers[middle:])
        return parameters[0] * (a - b) if a * x[-1] > b * x[-1] else a - (parameters[0] * b - x[-1])

    assume(abs(first(*point[:middle]) - second(*point[middle:])) > 1e-6)
    samples = np.array([[*point[1::2], sign] for sign in (1.0, -1.0)])  # one for either way
    numbers = [Value(p) for p in point[::2]]
    losses, gradients = np.empty(2), np.empty((2, len(numbers)))
    for k, x in enumerate(samples.tolist()):
        loss = f(numbers, x)
        loss.backward()
        losses[k], gradients[k] = loss.data, [p.grad for p in numbers]
        for p in numbers:
            p.grad = 0.0
    scale = max(1.0, np.abs(losses).max(), np.abs(gradients).max())
    for executor in ["numpy", *["numba"] * (find_spec("numba") is not None)]:
        found, single = autograd.compile(f, executor=executor).per_sample(numbers, samples)
        assert np.abs(found - losses).max() <= TOLERANCE * scale, executor
        assert np.abs(single - gradients).max() <= TOLERANCE * scale, executor


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    wrong = []
    for name in ("numpy", "numba"):
        found = [(largest_difference(drawn(seed, size_of(seed)), name), seed) for seed in range(count)]
        wrong += [seed for difference, seed in found if not difference <= TOLERANCE]
        print(name, count, "programs; the largest differences and their seeds:", sorted(found)[-5:])
    print("wrong by more than", TOLERANCE, "are the seeds:", wrong or "none")
    sys.exit(bool(wrong))
