"""Windows: finite differences at one scale, which know their own error.

This file owns differences, extrapolation and error estimates for a float function of one coordinate; it must know
nothing of Values, and not which scale is the right one. Read next: `numeric.py`, which chooses among windows.

The numbers behind it. A central difference (f(x + h) - f(x - h)) / 2h has a truncation error in h², h⁴, h⁶, ... and a
rounding error of about ε|f|/h. From steps h, h/r, h/r², h/r³ with r = 4.236, called a window here, Richardson's
extrapolation removes the first three powers, so that a large step, with its small rounding error, is accurate too. The
last two extrapolated values measure the error of both kinds: where truncation rules, the last but one is thousands of
times worse than the last; where rounding rules, the last is r times worse than the last but one. Either way their
distance is close to the larger of the two errors. It is taken four times, and the rounding that no f escapes is added.

References:
    C. J. F. Ridders: Accurate computation of F'(x) and F'(x) F''(x). Advances in Engineering Software 4 (1982).
    L. F. Richardson: The approximate arithmetical solution by finite differences ... Phil. Trans. A 210 (1911).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from operator import mul
from typing import NamedTuple

__all__ = ["Window", "Windows", "extrapolate"]

EPSILON = 2.0**-52
SMALLEST = 5e-324
# The cube of the golden ratio. With whole numbers a function that moves in stairs, as (1000 + x) - 1000 does in floats,
# could be wrong by the same factor at every step, and look certain.
RATIO = 2 + 5**0.5
FRACTIONS = [RATIO**-i for i in range(5)]
CENTRAL, ODD, ONE_SIDED = (2, 4, 6), (1, 3, 5), (1, 2, 3, 4)  # the powers of h in the error of each difference
SAFETY = 4.0
LOW = 1e-6  # stairs that are lower than this part of f are those of rounding


def extrapolate(values: Sequence[float], powers: tuple[int, ...]) -> tuple[float, float]:
    """The limit of `values` at steps h, h/r, h/r², ... for h -> 0, and its distance from the last but one limit.

    Args:
        values: One more than there are powers, the one of the largest step first.
        powers: The powers of h in the error, which are removed one after the other.

    Example:
        >>> from autograd.check.windows import RATIO, extrapolate
        >>> limit, distance = extrapolate([1 + h**2 - h**4 for h in (0.5, 0.5 / RATIO, 0.5 / RATIO**2)], (2, 4))
        >>> round(limit, 14)
        1.0
    """
    limit, last_step = weights(powers)
    return sum(map(mul, limit, values)), abs(sum(map(mul, last_step, values)))


@cache
def weights(powers: tuple[int, ...]) -> tuple[list[float], list[float]]:
    """The limit, and its difference from the last but one limit, as sums of values with fixed weights.

    Both are linear in the values, so that their weights are what they are for the values 1, 0, 0, ..., for 0, 1, 0, ...
    """
    size = len(powers) + 1
    units = [[1.0 if i == j else 0.0 for i in range(size)] for j in range(size)]
    limits = [removed(unit, powers)[0] for unit in units]
    coarser = [removed(unit, powers[:-1])[0] for unit in units]
    return limits, [fine - coarse for fine, coarse in zip(limits, coarser, strict=True)]


def removed(values: list[float], powers: tuple[int, ...]) -> list[float]:
    """The values from which these powers of h are removed, by Richardson's extrapolation: one fewer for each power.

    Of A(h) = A + c hᵖ + ... and A(h/r) = A + c hᵖ / rᵖ + ... it is A(h/r) + (A(h/r) - A(h)) / (rᵖ - 1) = A + ...
    """
    for power in powers:
        factor = RATIO**power - 1.0
        values = [fine + (fine - coarse) / factor for coarse, fine in pairwise(values)]
    return values


def amplification(powers: tuple[int, ...]) -> float:
    """How much larger the error of the limit is than that of the last value, if rounding grows as 1/h."""
    limit, _ = weights(powers)
    return sum(abs(weight) * RATIO ** (j - len(powers)) for j, weight in enumerate(limit))


GAIN = {powers: amplification(powers) for powers in (CENTRAL, ODD, ONE_SIDED)}

Sample = tuple[float, float]
"""A step that was taken, and the value of the function there."""


def lowest_digit(y: float) -> float:
    """The lowest binary digit of y != 0 that is not 0: 0.25 of 2.75."""
    fraction, exponent = math.frexp(y)
    digits = int(math.ldexp(fraction, 53))
    return math.ldexp(digits & -digits, exponent - 53)


class Window(NamedTuple):
    """What one geometric series of steps says about the derivative.

    Attributes:
        step: The largest of the steps.
        value: The derivative.
        error: The estimate of its error, truncation and rounding.
        jump: The extrapolated difference of the one-sided derivatives, 0 up to `jump_error` unless there is a kink.
        jump_error: The estimate of its error.
        gap: How far the one-sided limits of f are from f(x), 0 up to `gap_error` unless f jumps.
        gap_error: The estimate of its error.
        slope: The largest slope from x to one of the points of the first step.
        constant: Whether f had the same value everywhere, up to rounding.
        stairs: Whether f had the same value at several points on one side.
        y: The value of f at the point.
        lefts, rights: What was seen on the two sides; nothing in a one-sided window.
    """

    step: float
    value: float
    error: float
    jump: float = 0.0
    jump_error: float = 0.0
    gap: float = 0.0
    gap_error: float = 0.0
    slope: float = 0.0
    constant: bool = False
    stairs: bool = False
    y: float = 0.0
    lefts: Sequence[Sample] = ()
    rights: Sequence[Sample] = ()

    @property
    def left(self) -> float:
        """The derivative from the left."""
        return self.derivative(self.lefts)

    @property
    def right(self) -> float:
        """The derivative from the right."""
        return self.derivative(self.rights)

    def derivative(self, samples: Sequence[Sample]) -> float:
        """The one-sided derivative that these samples see, nan if there are none."""
        return extrapolate([(f - self.y) / h for h, f in samples], (1, 2, 3))[0] if samples else math.nan

    @property
    def kink(self) -> bool:
        """Whether the one-sided derivatives disagree by more than errors explain."""
        return abs(self.jump) > self.jump_error

    @property
    def jumps(self) -> bool:
        """Whether the limits of f differ from f(x) by more than errors explain."""
        return self.gap > self.gap_error

    def blind_to(self, jump: float) -> bool:
        """Whether a jump of f at x may hide in the errors."""
        return jump < 2 * self.gap_error

    def agrees(self, other: Window) -> bool:
        """Whether the two values differ by no more than their errors."""
        return abs(self.value - other.value) <= self.error + other.error


class Windows:
    """A function of one coordinate, looked at around a point at any scale; each point is evaluated once.

    Args:
        f: The function; None where it is undefined.
        x: The point.
        y: f(x).
        rounding: How far f(x) may be off by what is rounded within f, besides its last digit; None if nobody knows.

    Attributes:
        largest: The largest |f| in the windows so far.
        stair: The smallest change of f seen, inf if there was none.

    Example:
        >>> import math
        >>> from autograd.check.windows import Windows
        >>> window = Windows(math.exp, 0.0, 1.0).look(0.02)
        >>> abs(window.value - 1.0) < window.error < 1e-10
        True
    """

    def __init__(self, f: Callable[[float], float | None], x: float, y: float, rounding: float | None = None) -> None:
        self.f, self.x, self.y, self.rounding = f, x, y, rounding
        self.seen: dict[float, float | None] = {x: y}
        self.windows: dict[tuple[float, int], Window | None] = {}
        self.largest = abs(y)
        self.stair = math.inf

    def at(self, x: float) -> float | None:
        """F(x), None where it is undefined or not finite."""
        if x in self.seen:
            return self.seen[x]
        y = self.f(x)
        if y is None or not math.isfinite(y):
            self.seen[x] = None
            return None
        self.seen[x] = y
        if y != self.y and abs(y - self.y) < self.stair:
            self.stair = abs(y - self.y)
        return y

    def samples(self, step: float, side: int, count: int) -> list[Sample] | None:
        """The steps that are really taken to one side, and the values there; None if f is undefined at one of them."""
        found = []
        for fraction in FRACTIONS[:count]:
            x = self.x + side * step * fraction
            y = self.at(x) if x != self.x and math.isfinite(x) else None
            if y is None:
                return None
            found.append((x - self.x, y))
        return found

    def look(self, step: float, side: int = 0) -> Window | None:
        """The window that begins with `step`; to one side of x for side -1 or 1; None where f is undefined in it."""
        key = step, side
        if key not in self.windows:
            window = self.look_aside(step, side) if side else self.look_around(step)
            finite = window and math.isfinite(window.value + window.error + window.jump + window.jump_error)
            self.windows[key] = window if finite else None
        return self.windows[key]

    def look_around(self, step: float) -> Window | None:
        """The window of central differences."""
        rights = self.samples(step, 1, len(CENTRAL) + 1)
        lefts = self.samples(step, -1, len(CENTRAL) + 1) if rights else None
        if not rights or not lefts:
            return None
        y, f1s, f2s = self.y, [f for _, f in rights], [f for _, f in lefts]
        stairs = self.stairs(f1s) or self.stairs(f2s)
        noise = self.noise((*f1s, *f2s), stairs)
        rounding = noise / rights[-1][0]
        differences = [(f1 - f2) / (h1 - h2) for (h1, f1), (h2, f2) in zip(rights, lefts, strict=True)]
        jumps = [(f1 - y) / h1 - (f2 - y) / h2 for (h1, f1), (h2, f2) in zip(rights, lefts, strict=True)]
        value, spread = extrapolate(differences, CENTRAL)
        jump, jump_spread = extrapolate(jumps, ODD)
        return Window(
            step, value, SAFETY * max(spread, jump_spread) + GAIN[CENTRAL] * rounding,
            jump, SAFETY * (jump_spread + GAIN[ODD] * rounding),
            *max(self.gap(f1s, noise), self.gap(f2s, noise)),
            max(self.slope(*rights[0], noise), self.slope(*lefts[0], noise)),
            self.constant((*f1s, *f2s), noise), stairs, y, lefts, rights,
        )  # fmt: skip

    def look_aside(self, step: float, side: int) -> Window | None:
        """The window of differences to one side, whose error has every power of h."""
        samples = self.samples(step, side, len(ONE_SIDED) + 1)
        if not samples:
            return None
        fs = [f for _, f in samples]
        stairs = self.stairs(fs)
        noise = self.noise(fs, stairs)
        gap, gap_error = self.gap(fs[-4:], noise)
        value, spread = extrapolate([(f - self.y) / h for h, f in samples], ONE_SIDED)
        rounding = 2 * noise / abs(samples[-1][0])
        return Window(
            step, value, SAFETY * spread + GAIN[ONE_SIDED] * rounding,
            gap=gap, gap_error=gap_error, slope=self.slope(*samples[0], noise),
            constant=self.constant(fs, noise), stairs=stairs, y=self.y,
        )  # fmt: skip

    def constant(self, values: Sequence[float], noise: float) -> bool:
        """Whether all these values are f(x) up to rounding."""
        return all(abs(f - self.y) <= 2 * noise for f in values)

    def noise(self, values: Sequence[float], stairs: bool) -> float:
        """The rounding error of f: about one unit in the last place, or one stair if it moves in stairs so low."""
        size = max(abs(self.y), max(values), -min(values))
        self.largest = max(self.largest, size)
        return (
            2 * max(EPSILON * size, self.rounding or 0.0)
            + SMALLEST
            + (self.stair if stairs and self.low_stairs() else 0.0)
        )

    def grain(self) -> float:
        """The power of two that divides every value of f seen, if it is more than the last digit but not by much.

        A result that was rounded at a larger size, as (1000 + x) - 1000, is a multiple of the last digit there; 0 if f
        is no such function, as far as can be seen.
        """
        values = [y for y in self.seen.values() if y]
        grain = min((lowest_digit(y) for y in values), default=0.0)
        return grain if 8 * EPSILON * abs(self.y) < grain < LOW * self.largest else 0.0

    def low_stairs(self) -> bool:
        """Whether f, if it moves in stairs, does so by rounding within: higher than its last digit, but not by much."""
        return 8 * EPSILON * abs(self.y) < self.stair < LOW * self.largest

    def stairs(self, values: Sequence[float]) -> bool:
        """Whether values on one side repeat each other, or f(x)."""
        return len({self.y, *values}) <= len(values)

    def slope(self, h: float, y: float, noise: float) -> float:
        """The slope from x to x + h, as far as it is more than rounding."""
        return max(0.0, abs(y - self.y) - noise) / abs(h)

    def gap(self, values: Sequence[float], noise: float) -> tuple[float, float]:
        """The distance of the limit of f from f(x), and its error."""
        limit, spread = extrapolate([f - self.y for f in values], (1, 2, 3))
        return abs(limit), SAFETY * (spread + noise)

    def roughness(self) -> float:
        """What steps of whole floats cannot see: the change of f between neighbours, in units of its changes around."""
        changes = sorted(abs(y - self.y) for y in self.seen.values() if y is not None)
        around = changes[len(changes) * 3 // 4]  # the upper quartile: the largest may lie at a pole
        near = [self.at(self.x + i * math.ulp(self.x)) for i in (-3, -2, -1, 1, 2, 3)]
        change = max((abs(y - self.y) for y in near if y is not None), default=0.0)
        return change / around if change > 1e-6 * self.largest and around else 0.0
