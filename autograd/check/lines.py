"""The lines through a point along which a function is compared: one for each input, and random directions.

This file owns which inputs are moved and how far, beside each other; it must not know how a function is evaluated, nor
what a difference is. Read next: `comparison.py`, which goes along these lines.

A direction moves all inputs at once. Its derivative is gradient · direction, so that one comparison takes in every
entry of the gradient, of thousands of inputs. Each input is moved by its own size and a random number of magnitude 1/2
to 1 and random sign. Normal random numbers would leave some inputs nearly unmoved, and a mistake there unseen; signs
alone would let two mistakes of equal size cancel in half of the directions, as those of swapped operands may.
"""

from __future__ import annotations

import math
import statistics
import sys
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

__all__ = ["Line", "along", "chosen", "coordinates", "random_directions"]

EPSILON = sys.float_info.epsilon
ROUNDING = 64 * EPSILON
# Where on a direction the point lies. Around 2^14, floats are multiples of 2^-38: with steps of so few digits,
# x + step * direction is free of rounding, as the step along a coordinate is.
START = 2.0**14
FINENESS = 64  # directions are multiples of 1/64 of a power of two: of few digits as well


class Line(NamedTuple):
    """A line through the point, and what somebody claims of the outputs along it.

    Attributes:
        name, label: For the row.
        moves: The inputs that are not where they were, at a parameter of the line.
        start: The parameter of the point.
        claimed: The derivative of each output by the parameter.
        negligible: For each output, up to where a derivative is as good as zero.
        rounding: For each output, the rounding that the claimed derivative has from terms that cancel.
        size: The size of the inputs that do not move.
        unit: The first step, if it does not follow from the size of `start`.
    """

    name: str
    label: str
    moves: Callable[[float], dict[int, float]]
    start: float
    claimed: Sequence[float]
    negligible: Sequence[float]
    rounding: Sequence[float]
    size: float = 0.0
    unit: float | None = None


def chosen(count: int, subset: int | None, random: Random) -> list[int]:
    """The positions of the inputs to check one by one: all of them, or so many at random, in their order."""
    return [*range(count)] if subset is None or subset >= count else sorted(random.sample(range(count), subset))


def coordinates(
    names: Sequence[str], labels: Sequence[str], data: Sequence[float], positions: Sequence[int],
    gradients: Sequence[Sequence[float]], magnitudes: Sequence[Sequence[float]],
) -> list[Line]:  # fmt: skip
    """One line for each input at these positions.

    Args:
        names: Of all inputs.
        labels: Of all inputs.
        data: Of all inputs.
        positions: Of the inputs to move.
        gradients: The gradient of each output.
        magnitudes: What each gradient would be if nothing in it cancelled.
    """
    # A sum of gradients that cancel leaves the rounding of its terms: beside these it is zero.
    negligible = [EPSILON * largest(gradient) for gradient in gradients]
    sizes = sorted(map(abs, data))[-2:]

    def line(i: int) -> Line:
        others = sizes[:-1] if abs(data[i]) == sizes[-1] else sizes
        claimed = [gradient[i] for gradient in gradients]
        rounding = [rounding_of(magnitude[i]) for magnitude in magnitudes]
        size = max(others, default=0.0)
        zero = [*map(max, negligible, rounding)]
        return Line(names[i], labels[i], lambda t: {i: t}, data[i], claimed, zero, rounding, size)

    return [line(i) for i in positions]


def along(
    name: str, direction: Sequence[float], data: Sequence[float], gradients: Sequence[Sequence[float]],
    magnitudes: Sequence[Sequence[float]],
) -> Line:  # fmt: skip
    """The line in a direction over all inputs."""

    def moves(t: float) -> dict[int, float]:
        step = t - START
        return {i: x + step * v for i, (x, v) in enumerate(zip(data, direction, strict=True))}

    terms = [[d * v for d, v in zip(gradient, direction, strict=True)] for gradient in gradients]
    negligible = [EPSILON * sum(map(abs, products)) for products in terms]
    rounding = [
        rounding_of(total([m * abs(v) for m, v in zip(sizes, direction, strict=True)])) for sizes in magnitudes
    ]  # fmt: skip
    claimed = [total(products) for products in terms]
    zero = [*map(max, negligible, rounding)]
    return Line(name, "", moves, START, claimed, zero, rounding, unit=first_step(len(data)))


def random_directions(
    data: Sequence[float], gradients: Sequence[Sequence[float]], count: int, random: Random
) -> list[list[float]]:
    """Directions of length 1, within a factor of 2, when every input is measured in a size of its own.

    Args:
        data: The inputs.
        gradients: The gradient of each output, from which only sizes are taken.
        count: How many directions.
        random: The source of signs and magnitudes.
    """
    if not count:
        return []
    sizes = scales(data, [sum(abs(gradient[i]) for gradient in gradients) for i in range(len(data))])
    width = power_of_two(math.sqrt(len(data)))

    def entry(size: float) -> float:
        return random.choice((-1, 1)) * random.randint(FINENESS // 2, FINENESS) / FINENESS * size / width

    return [[entry(size) for size in sizes] for _ in range(count)]


def first_step(count: int) -> float:
    """The first step in a direction over so many inputs: each is moved by 1/32 of its size, as when it moves alone."""
    return power_of_two(math.sqrt(count)) / 32


def scales(data: Sequence[float], slopes: Sequence[float]) -> list[float]:
    """How far each input is moved beside the others: powers of two.

    At least by its own size. An input that happens to be close to zero, as one weight among others, is moved further:
    until the result changes by it as much as by the others on average, but no further than an input of median size is.
    """
    finite = [d if math.isfinite(d) else 0.0 for d in slopes]
    typical = statistics.median_low([abs(x) for x in data if x] or [1.0])
    effect = statistics.fmean(abs(x) * d for x, d in zip(data, finite, strict=True))

    def size(x: float, slope: float) -> float:
        balanced = effect / slope if slope and effect else typical
        return power_of_two(max(abs(x), min(balanced, typical)))

    return [size(x, d) for x, d in zip(data, finite, strict=True)]


def power_of_two(x: float) -> float:
    """The largest power of two that is no larger than x > 0."""
    return math.ldexp(1.0, math.frexp(x)[1] - 1)


def rounding_of(magnitude: float) -> float:
    """The rounding of a gradient whose terms are so large, some more than a unit in the last place of them."""
    return ROUNDING * magnitude if math.isfinite(magnitude) else 0.0


def largest(gradient: Sequence[float]) -> float:
    """The largest entry that is finite."""
    return max((abs(d) for d in gradient if math.isfinite(d)), default=0.0)


def total(terms: Sequence[float]) -> float:
    """The sum, inf or nan if one of the terms is."""
    return math.fsum(terms) if all(map(math.isfinite, terms)) else sum(terms)
