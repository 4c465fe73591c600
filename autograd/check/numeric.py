"""Finite differences that know their own error: the derivative of a float function of one coordinate.

This file owns steps, extrapolation and error estimates; it must know nothing of Values, graphs and verdicts.
Read next: `verdict.py`, which compares a gradient with what is found here.

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
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

__all__ = ["Differences", "Window", "extrapolate"]

EPSILON = 2.0**-52
SMALLEST = 5e-324
# The cube of the golden ratio. With whole numbers a function that moves in stairs, as (1000 + x) - 1000 does in floats,
# could be wrong by the same factor at every step, and look certain.
RATIO = 2 + 5**0.5
LAST = RATIO**3  # from the first step of a central window to its last
CENTRAL, ODD, ONE_SIDED = (2, 4, 6), (1, 3, 5), (1, 2, 3, 4)  # the powers of h in the error of each difference
SAFETY = 4.0
LOW = 1e-6  # stairs that are lower than this part of f are those of rounding
PRECISE = 1e-9  # with an error of this size, relative to the gradient, the search for a better step ends


def extrapolate(values: list[float], powers: tuple[int, ...]) -> tuple[float, float]:
    """The limit of `values` at steps h, h/r, h/r², ... for h -> 0, and its distance from the last but one limit.

    Args:
        values: One more than there are powers, the one of the largest step first.
        powers: The powers of h in the error, which are removed one after the other.

    Example:
        >>> from autograd.check.numeric import RATIO, extrapolate
        >>> limit, distance = extrapolate([1 + h**2 - h**4 for h in (0.5, 0.5 / RATIO, 0.5 / RATIO**2)], (2, 4))
        >>> round(limit, 14)
        1.0
    """
    last_but_one = row = values
    for power in powers:
        factor = RATIO**power - 1.0
        last_but_one, row = row, [fine + (fine - coarse) / factor for coarse, fine in pairwise(row)]
    return row[-1], abs(row[-1] - last_but_one[0])


def step_of(scale: float) -> float:
    """A power of two from 1/64 to 1/32 of the scale of a function."""
    return math.ldexp(1.0, math.frexp(scale)[1] - 6)


def _amplification(powers: tuple[int, ...]) -> float:
    """How much larger the error of the limit is than that of the last value, if rounding grows as 1/h."""
    size = len(powers) + 1
    unit = [[1.0 if i == j else 0.0 for i in range(size)] for j in range(size)]
    return sum(abs(extrapolate(row, powers)[0]) * RATIO ** (j - size + 1) for j, row in enumerate(unit))


GAIN = {powers: _amplification(powers) for powers in (CENTRAL, ODD, ONE_SIDED)}


@dataclass(frozen=True, slots=True)
class Window:
    """What one geometric series of steps says about the derivative.

    Attributes:
        step: The largest of the steps.
        value: The derivative.
        error: The estimate of its error, truncation and rounding.
        left, right: The one-sided derivatives (nan in a one-sided window).
        jump: The extrapolated difference `right - left`, 0 up to `jump_error` unless there is a kink.
        jump_error: The estimate of its error.
        gap: How far the one-sided limits of f are from f(x), 0 up to `gap_error` unless f jumps.
        gap_error: The estimate of its error.
        slope: The largest slope from x to one of the points of the first step.
        constant: Whether f had the very same value everywhere.
        stairs: Whether f had the same value at several points on one side.
    """

    step: float
    value: float
    error: float
    left: float = math.nan
    right: float = math.nan
    jump: float = 0.0
    jump_error: float = 0.0
    gap: float = 0.0
    gap_error: float = 0.0
    slope: float = 0.0
    constant: bool = False
    stairs: bool = False

    @property
    def kink(self) -> bool:
        """Whether the one-sided derivatives disagree by more than errors explain."""
        return abs(self.jump) > self.jump_error

    @property
    def jumps(self) -> bool:
        """Whether the limits of f differ from f(x) by more than errors explain, and by more than a kink close to x."""
        return self.gap > max(self.gap_error, 0.1 * abs(self.jump) * self.step / LAST)

    def blind_to(self, jump: float) -> bool:
        """Whether a jump of f at x may hide in the errors."""
        return jump < 2 * self.gap_error

    def agrees(self, other: Window) -> bool:
        """Whether the two values differ by no more than their errors."""
        return abs(self.value - other.value) <= self.error + other.error


class Differences:
    """The derivative of f at x by finite differences, with the error of the estimate.

    Args:
        f: The function; None where it is undefined.
        x: The point.
        y: f(x).
        guess: The derivative as somebody claims it, from which only steps to try are taken: wrong guesses cost
            time, never the result.
        size: The size of the other inputs; that f does not change when a far smaller x does means nothing.

    Example:
        >>> import math
        >>> from autograd.check.numeric import Differences
        >>> window = Differences(math.exp, 1.0, math.e, guess=math.e).best()
        >>> abs(window.value - math.e) < window.error < 1e-8
        True
    """

    def __init__(self, f: Callable[[float], float | None], x: float, y: float, guess: float, size: float = 0.0) -> None:
        self.f, self.x, self.y, self.size = f, x, y, size
        self.guess = guess if math.isfinite(guess) else 0.0
        self.seen: dict[float, float | None] = {x: y}
        self.windows: dict[tuple[float, int], Window | None] = {}  # every window looked through
        self.found: dict[int, list[Window]] = {-1: [], 0: [], 1: []}  # by side, those of the search
        self.largest = abs(y)
        self.stair = math.inf  # the smallest change of f seen
        # at most |x| / 32, so that poles at 0 stay away
        self.unit = step_of(x) if x else step_of(1.0)
        # The last step of the finest window is some 4 units in the last place of x.
        self.finest = 18 if x else 36

    # --- looking through one window ------------------------------------------------------------------------

    def at(self, x: float) -> float | None:
        """F(x), None where it is undefined or not finite."""
        if x not in self.seen:
            y = self.f(x)
            self.seen[x] = y if y is not None and math.isfinite(y) else None
            if self.seen[x] is not None and y is not None and y != self.y:
                self.stair = min(self.stair, abs(y - self.y))
        return self.seen[x]

    def sample(self, step: float, side: int) -> tuple[float, float] | None:
        """A step that is really taken, and the value there; None if there is none."""
        x = self.x + side * step
        y = self.at(x) if math.isfinite(x) and x != self.x else None
        return None if y is None else (x - self.x, y)

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
        pairs = []
        for i in range(len(CENTRAL) + 1):
            right, left = self.sample(step / RATIO**i, 1), self.sample(step / RATIO**i, -1)
            if right is None or left is None:
                return None
            pairs.append((*right, *left))
        y = self.y
        stairs = self.stairs([p[1] for p in pairs]) or self.stairs([p[3] for p in pairs])
        noise = self.noise([y, *[p[1] for p in pairs], *[p[3] for p in pairs]], stairs)
        rounding = noise / pairs[-1][0]
        value, spread = extrapolate([(f1 - f2) / (h1 - h2) for h1, f1, h2, f2 in pairs], CENTRAL)
        jump, jump_spread = extrapolate([(f1 - y) / h1 - (f2 - y) / h2 for h1, f1, h2, f2 in pairs], ODD)
        rights, lefts = [p[:2] for p in pairs], [p[2:] for p in pairs]
        return Window(
            step, value, SAFETY * max(spread, jump_spread) + GAIN[CENTRAL] * rounding,
            extrapolate([(f - y) / h for h, f in lefts], (1, 2, 3))[0],
            extrapolate([(f - y) / h for h, f in rights], (1, 2, 3))[0],
            jump, SAFETY * (jump_spread + GAIN[ODD] * rounding),
            *max(self.gap([f for _, f in lefts], noise), self.gap([f for _, f in rights], noise)),
            max(self.slope(*lefts[0], noise), self.slope(*rights[0], noise)),
            all(p[1] == y == p[3] for p in pairs),
            stairs,
        )  # fmt: skip

    def look_aside(self, step: float, side: int) -> Window | None:
        """The window of differences to one side, whose error has every power of h."""
        samples = []
        for i in range(len(ONE_SIDED) + 1):
            sample = self.sample(step / RATIO**i, side)
            if sample is None:
                return None
            samples.append(sample)
        stairs = self.stairs([f for _, f in samples])
        noise = self.noise([self.y, *[f for _, f in samples]], stairs)
        gap, gap_error = self.gap([f for _, f in samples][-4:], noise)
        value, spread = extrapolate([(f - self.y) / h for h, f in samples], ONE_SIDED)
        rounding = 2 * noise / abs(samples[-1][0])
        return Window(
            step, value, SAFETY * spread + GAIN[ONE_SIDED] * rounding,
            gap=gap, gap_error=gap_error, slope=self.slope(*samples[0], noise),
            constant=all(f == self.y for _, f in samples), stairs=stairs,
        )  # fmt: skip

    def noise(self, values: list[float], stairs: bool) -> float:
        """The rounding error of f: about one unit in the last place, or one stair if it moves in stairs so low."""
        size = max(map(abs, values))
        self.largest = max(self.largest, size)
        return 2 * EPSILON * size + SMALLEST + (self.stair if stairs and self.low_stairs() else 0.0)

    def low_stairs(self) -> bool:
        """Whether the stairs of f, if it has any, are so low that they must be those of rounding."""
        return self.stair < LOW * self.largest

    def stairs(self, values: list[float]) -> bool:
        """Whether values on one side repeat each other, or f(x)."""
        return len({self.y, *values}) <= len(values)

    def slope(self, h: float, y: float, noise: float) -> float:
        """The slope from x to x + h, as far as it is more than rounding."""
        return max(0.0, abs(y - self.y) - noise) / abs(h)

    def gap(self, values: list[float], noise: float) -> tuple[float, float]:
        """The distance of the limit of f from f(x), and its error."""
        limit, spread = extrapolate([f - self.y for f in values], (1, 2, 3))
        return abs(limit), SAFETY * (spread + noise)

    # --- choosing among windows ----------------------------------------------------------------------------

    def search(self, step: float, side: int) -> Window | None:
        """The window of this step; a kink or a jump that a second look does not see was noise, and is so counted."""
        window = self.look(step, side)
        if window and (window.kink or window.jumps) and (again := self.look(step * 0.69, side)):
            if window.kink and not again.kink:
                window = replace(window, jump_error=abs(window.jump) + again.jump_error)
            if window.jumps and not again.jumps:
                window = replace(window, gap_error=window.gap + again.gap_error)
            spread = abs(window.value - again.value)
            window = replace(window, error=max(window.error, again.error) + spread)
        if window:
            self.found[side].append(window)
        return window

    def precise(self, window: Window | None, side: int) -> bool:
        """Whether no better window need be sought."""
        if window is None or not self.acceptable(window, side) or self.contradicted(window, side):
            return False
        enough = max(PRECISE * abs(window.value), PRECISE / 100 * self.slopes_around(window, side))
        return window.error <= enough or (not self.guess and self.flat(window))

    def flat(self, window: Window) -> bool:
        """Whether f is constant here, and not just between two stairs of rounding."""
        return window.constant and not self.low_stairs()

    def slopes_around(self, window: Window, side: int) -> float:
        """The largest slope at steps from this window's up to the first one's: the measure of a zero gradient."""
        top = max(self.unit, window.step)
        return max(w.slope for w in self.found[side] if window.step <= w.step <= top)

    def acceptable(self, window: Window, side: int) -> bool:
        """Whether f is smooth at this scale, and no kink or jump seen at another scale may hide in the errors.

        At a kink every window sees the same two slopes, and their mean as its value; one that sees another value
        shows that the kink lies elsewhere. A jump that hides is noise; but not at large steps, where every staircase
        is a straight line.
        """
        if window.kink or window.jumps or self.blank(window):
            return False
        others = self.concerning(window, side)
        if any(w.kink and abs(w.jump) < 2 * window.jump_error and w.agrees(window) for w in others):
            return False
        return window.step <= self.unit or not any(w.jumps and window.blind_to(w.gap) for w in others)

    def blank(self, window: Window) -> bool:
        """Whether it shows nothing: no change of f, at steps that are tiny beside the other inputs."""
        return window.constant and window.step < 1e-8 * self.size

    def concerning(self, window: Window, side: int) -> list[Window]:
        """The windows whose kinks and jumps concern this one: not those of larger steps that reach far beyond x."""
        return [w for w in self.found[side] if w.step <= max(self.unit, window.step)]

    def contradicted(self, window: Window, side: int) -> bool:
        """Whether a finer window sees another derivative: which is the limit h -> 0, the finer one knows better."""
        finer = [w for w in self.found[side] if w.step < window.step and not w.agrees(window)]
        return any(self.acceptable(w, side) and not self.repeated(w, side).agrees(window) for w in finer)

    def steps(self, side: int) -> Iterator[float]:
        """Steps to try: the likely ones first, then ever finer ones, then larger ones if rounding is what limits."""
        yield self.unit
        scale = self.largest / abs(self.guess) if self.guess else math.inf
        # where f changes by its own size, if the guess is right
        likely = step_of(scale) if 0 < scale < math.inf else math.inf
        if likely < self.unit:
            yield likely
        yield from (step for step in self.finer(self.unit) if not self.hopeless(step, self.least(side)))
        if self.rounding_rules(side):
            if self.unit < likely < math.inf:
                yield from (step for step in (likely, likely / LAST, likely / LAST**2) if step > self.unit)
            k, top = 1, likely if likely < math.inf else self.unit * RATIO**30
            while self.unit * RATIO**k < top:
                yield self.unit * RATIO**k
                k += 1 if k < 3 else 3

    def rounding_rules(self, side: int) -> bool:
        """Whether a finer window is worse in proportion, as with rounding, and not less so, as at a singularity."""
        first, next_one = self.look(self.unit, side), self.unit / LAST
        if first is None or self.hopeless(next_one, first.error):
            return first is not None
        finer = self.look(next_one, side)
        return finer is not None and finer.error >= 24 * first.error

    def finer(self, step: float) -> Iterator[float]:
        """Steps below `step`, down to the last that rounding leaves."""
        last = max(min(step, self.unit) / RATIO**self.finest, SMALLEST * LAST * RATIO)
        while (step := step / LAST) > 0.99 * last:
            yield step

    def hopeless(self, step: float, error: float) -> bool:
        """Whether rounding alone is worse than `error` in the window of this step."""
        return 2 * EPSILON * abs(self.y) * LAST / step >= error

    def least(self, side: int) -> float:
        """The smallest error so far."""
        return min((w.error for w in self.found[side] if self.acceptable(w, side)), default=math.inf)

    def best(self, side: int = 0) -> Window | None:
        """The window of the smallest error; None if f is smooth in none of them."""
        growing, previous = 0, math.inf
        for step in self.steps(side):
            window = self.search(step, side)
            if self.precise(window, side):
                return window
            better = window is not None and self.acceptable(window, side) and window.error <= self.least(side)
            if window is None or not self.blank(window):
                growing = growing + 1 if step > previous and not better else 0
            if growing == 2:  # on the way to larger steps: truncation rules there
                break
            previous = step
        return self.chosen(side)

    def jumps_below(self, window: Window, side: int) -> bool:
        """Whether the finest window sees a jump at x that this one has taken for noise; noise jumps now and then."""
        finest = min(self.found[side], key=lambda w: w.step)
        return finest.step < window.step and finest.jumps and window.blind_to(finest.gap)

    def stairs_below(self, window: Window, side: int) -> bool:
        """Whether f moves in stairs in a finer window, higher ones than the last digit of f explains."""
        high = self.stair > 8 * EPSILON * abs(self.y)
        return high and any(w.stairs and w.step < window.step and not self.blank(w) for w in self.found[side])

    def wider_view(self, window: Window, side: int) -> Window | None:
        """If f moves in stairs in this window: a coarser one that is sure of another slope, that of the staircase."""
        if not window.stairs:
            return None
        coarser = (w for w in self.found[side] if window.step < w.step <= self.unit and self.acceptable(w, side))
        sure = (w for w in coarser if w.error <= 1e-3 * abs(w.value))
        return next((w for w in sure if abs(w.value - window.value) > 3 * (w.error + window.error)), None)

    def chosen(self, side: int) -> Window | None:
        """Among the windows seen so far the one of the smallest error that no finer one contradicts."""
        windows = [w for w in self.found[side] if self.acceptable(w, side)]
        windows = [w for w in windows if not self.contradicted(w, side)]
        return min(windows, key=lambda w: w.error, default=None)

    def roughness(self) -> float:
        """What steps of whole floats cannot see: the change of f between neighbours, in units of its changes around."""
        changes = sorted(abs(y - self.y) for y in self.seen.values() if y is not None)
        around = changes[len(changes) * 3 // 4]  # the upper quartile: the largest may lie at a pole
        near = [self.at(self.x + i * math.ulp(self.x)) for i in (-3, -2, -1, 1, 2, 3)]
        change = max((abs(y - self.y) for y in near if y is not None), default=0.0)
        return change / around if change > 1e-6 * self.largest and around else 0.0

    # --- a second opinion ----------------------------------------------------------------------------------

    def confirmed(self, window: Window, claimed: float, side: int = 0) -> Window:
        """The same derivative with an error fit for contradicting a claim: by other steps, and finer ones.

        Args:
            window: What was found.
            claimed: The derivative that it contradicts.
            side: The side of x, 0 for both.

        Returns:
            A window whose value survived: repetitions with steps of other rounding errors widen its error by their
            spread, and a finer window that sees another derivative takes its place.
        """
        for _ in range(8):
            window = self.repeated(window, side)
            if abs(claimed - window.value) <= window.error:
                break
            finer = self.contradiction(window, claimed, side)
            if finer is None:
                break
            window = finer
        return window

    def repeated(self, window: Window, side: int) -> Window:
        """The window with the error that repetitions with other steps, and so with other roundings, give it."""
        again = [self.look(window.step * factor, side) for factor in (0.83, 0.69, 0.57, 0.47)]
        found = [window, *[w for w in again if w]]
        values = [w.value for w in found]
        error = max(w.error for w in found) + max(values) - min(values)
        return replace(window, error=error)

    def contradiction(self, window: Window, claimed: float, side: int) -> Window | None:
        """A finer window that sees another derivative, looked for as long as rounding allows."""
        for step in self.finer(window.step):
            if self.hopeless(step, abs(claimed - window.value)):
                break
            finer = self.search(step, side)
            if finer and self.acceptable(finer, side) and not finer.agrees(window):
                finer = self.repeated(finer, side)
                if not finer.agrees(window):
                    return finer
        return None
