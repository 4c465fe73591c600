"""Cases of programs drawn at random over the operations that a class offers, with numbers that stay moderate.

This file owns how such programs are drawn; it must not know how they are run.
Read next: `size.py`, deep programs.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass

from ...programs import TABLE, Program, Step
from ..case import Case, ProgramCase

__all__ = ["mixed", "random_program"]

SEED = 2023
SIZES = ((5, 10), (15, 10), (50, 5), (150, 2))  # operations in a program, and programs in the case
DEEPEST = 120  # operations on one way: an engine may make three nodes of one, and recursion ends at 1,000
BINARY = ("add", "sub", "mul", "div")
UNARY = ("neg", "exp", "log", "tanh", "relu", "sigmoid", "sin", "cos", "sqrt", "square")
INPUTS = 3
LARGEST_VALUE = 4.0
SMALLEST_GRADIENT, LARGEST_GRADIENT = 0.05, 50.0  # of every number by its most important input
LARGEST_GROWTH = 1e4
NEAR_A_KINK = 1e-3
ATTEMPTS = 50  # per operation
FROM_ANYWHERE = 0.1  # the share of operands that are any number;
FURTHEST_BACK = 12  # the others are among the latest numbers, so that the programs are deep


def mixed(sound: Collection[str]) -> tuple[Case, ...]:
    """The cases of random programs.

    Args:
        sound: The operations to draw from, reflected operators as "radd": those that the class offers and that are
            right by themselves, so that one wrong function does not fail these cases as well.
    """
    title = "Programs of up to {} operations drawn at random have the right values and gradients."
    cases: list[Case] = []
    for size, count in SIZES:
        draw = random.Random(SEED + size)
        programs = tuple([random_program(f"random {i}", size, draw, sound) for i in range(count)])
        cases.append(ProgramCase(f"mixed/{size} operations", "lesson", title.format(size), programs))
    return tuple(cases)


@dataclass
class Number:
    """What is known of a number while a program is drawn.

    Attributes:
        value: Its value.
        gradients: Its derivatives by the inputs, in forward mode.
        depth: The operations on the longest way to it.
        growth: The sum of the magnitudes of the products of partials over all ways to it: what rounding can grow to.
    """

    value: float
    gradients: tuple[float, ...]
    depth: int = 0
    growth: float = 1.0


def random_program(name: str, size: int, draw: random.Random, sound: Collection[str]) -> Program:
    """A program of moderate numbers and gradients."""
    inputs = tuple([round(draw.uniform(0.5, 2.0) * draw.choice((-1, 1)), 2) for _ in range(INPUTS)])
    numbers = [Number(x, tuple([float(i == k) for k in range(INPUTS)])) for i, x in enumerate(inputs)]
    steps: list[Step] = []
    for _ in range(size * ATTEMPTS):  # with few operations all numbers may have become too large to go on
        op, operands = drawn(draw, len(numbers), sound)
        number = moderate(op, operands, numbers)
        if number is not None:
            steps.append(Step(op, operands))
            numbers.append(number)
        if len(steps) == size:
            break
    return Program(name, inputs, tuple(steps))


def moderate(op: str, operands: tuple[int | float, ...], numbers: list[Number]) -> Number | None:
    """The result of an operation; None if something about it is too large, too small or at a kink."""
    xs = [numbers[x] if isinstance(x, int) else Number(x, (0.0,) * INPUTS, growth=0.0) for x in operands]
    data = [x.value for x in xs]
    try:
        value = TABLE[op].forward(*data)
        partials = TABLE[op].partials(value, *data)
    except (ValueError, ArithmeticError):
        return None
    if abs(value) > LARGEST_VALUE or (op == "relu" and data[0] < NEAR_A_KINK):
        return None
    gradients = tuple([sum(d * x.gradients[k] for d, x in zip(partials, xs, strict=True)) for k in range(INPUTS)])
    growth = sum(abs(d) * x.growth for d, x in zip(partials, xs, strict=True) if x.growth)
    depth = 1 + max(x.depth for x in xs)
    steepness = max(map(abs, gradients))
    if not SMALLEST_GRADIENT < steepness < LARGEST_GRADIENT or growth > LARGEST_GROWTH or depth > DEEPEST:
        return None
    return Number(value, gradients, depth, growth)


def drawn(draw: random.Random, count: int, sound: Collection[str]) -> tuple[str, tuple[int | float, ...]]:
    """An operation and its operands; `+` and `*` if the class has nothing else."""

    def place() -> int:
        if draw.random() < FROM_ANYWHERE:
            return draw.randrange(count)
        return count - 1 - min(int(draw.expovariate(0.5)), count - 1, FURTHEST_BACK)

    constant = round(draw.uniform(0.3, 2.5), 2)
    kind = draw.random()
    if kind < 0.35:
        op = draw.choice(UNARY)
        return (op, (place(),)) if op in sound else ("mul", (place(), place()))
    if kind < 0.42 and "pow" in sound:
        return "pow", (place(), draw.choice((2.0, 3.0, -1.0)))
    op = draw.choice(BINARY)
    if op not in sound:
        op = "add"
    if kind < 0.52 and f"r{op}" in sound:
        return op, (constant, place())
    if kind < 0.62 and "constants" in sound:
        return op, (place(), constant)
    return op, (place(), place())
