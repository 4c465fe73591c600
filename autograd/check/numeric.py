"""The derivative by finite differences: the search for the scale at which it is known best.

This file owns the choice of steps and what is believed of windows that disagree; it must know nothing of Values,
graphs and verdicts. Read next: `windows.py` for the differences, `verdict.py` for what follows from them.

The larger the step, the smaller the rounding error; the smaller the step, the surer it is that nothing was overlooked.
So the first window is as large as the coordinate suggests. If that is not precise, smaller ones follow, down to where
rounding alone is worse than what was found; and larger ones only if rounding is what limits. Of windows that disagree
the finer one is believed, since the derivative is a limit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from .windows import CENTRAL, EPSILON, RATIO, SMALLEST, Window, Windows

__all__ = ["FLAT", "LAST", "Differences"]

LAST = RATIO ** len(CENTRAL)  # from the first step of a window to its last
INSIDE = 2.5e-4  # the largest part of a derivative that is put down to rounding within f
SHOWN = 8.0  # a slope of so many errors is no accident
# A derivative of zero has no size to compare with; then the error must be this small beside the slopes around.
FLAT = 1e-6
PRECISE = 1e-9  # with an error of this size, relative to the gradient, the search for a better step ends


def step_of(scale: float) -> float:
    """A power of two from 1/64 to 1/32 of the scale of a function."""
    return math.ldexp(1.0, math.frexp(scale)[1] - 6)


class Differences:
    """The derivative at x by finite differences, with the error of the estimate.

    Args:
        windows: The function and the point.
        guess: The derivative as somebody claims it, from which only steps to try are taken: a wrong guess costs
            time, never the result.
        size: The size of the other inputs; that f does not change when a far smaller x does means nothing.
        negligible: Up to this, a derivative is as good as zero.
        side: -1 or 1 for steps to one side of x only.
        unit: The first step, if it has nothing to do with the size of x.

    Attributes:
        unit: The first step of the first window.
        reach: The largest step that is not large beside all inputs.
        found: The windows of the search.

    Example:
        >>> import math
        >>> from autograd.check.numeric import Differences
        >>> from autograd.check.windows import Windows
        >>> window = Differences(Windows(math.exp, 1.0, math.e), guess=math.e).best()
        >>> abs(window.value - math.e) < window.error < 1e-8
        True
    """

    def __init__(
        self, windows: Windows, guess: float, size: float = 0.0, negligible: float = 0.0, side: int = 0,
        unit: float | None = None,
    ) -> None:  # fmt: skip
        self.windows, self.size, self.negligible, self.side = windows, size, negligible, side
        self.guess = guess if math.isfinite(guess) else 0.0
        self.found: list[Window] = []
        # at most |x| / 32, so that poles at 0 stay away
        self.unit = unit or (step_of(windows.x) if windows.x else step_of(1.0))
        # As deep as this, the last step of a window is some 4 units in the last place of x.
        levels = math.log(self.unit / (4 * LAST * math.ulp(windows.x)), RATIO) if unit else 18 if windows.x else 36
        self.depth = RATIO ** round(levels)
        self.reach = 16 * max(self.unit, step_of(size) if size and not unit else 0.0)

    def look(self, step: float) -> Window | None:
        """The window of this step; None where f is undefined in it."""
        return self.windows.look(step, self.side)

    def search(self, step: float) -> Window | None:
        """The window of this step; a kink or jump that a second look does not see was noise, and counts as such."""
        window = self.look(step)
        if window and (window.kink or window.jumps) and (again := self.look(step * 0.69)):
            error = max(window.error, again.error) + abs(window.value - again.value)
            if window.kink and not again.kink:
                window = window._replace(error=error, jump_error=abs(window.jump) + again.jump_error)
            if window.jumps and not again.jumps and step <= self.unit:
                window = window._replace(error=error, gap_error=window.gap + again.gap_error)
        if window:
            self.found.append(window)
        return window

    def precise(self, window: Window | None) -> bool:
        """Whether no better window need be sought."""
        if window is None or not self.acceptable(window) or self.contradicted(window):
            return False
        enough = max(PRECISE * abs(window.value), PRECISE / 100 * self.slopes_around(window))
        return window.error <= enough or (abs(self.guess) <= self.negligible and self.flat(window))

    def flat(self, window: Window) -> bool:
        """Whether f is constant here, and not just between two stairs of rounding."""
        return window.constant and not self.windows.low_stairs()

    def slopes_around(self, window: Window) -> float:
        """The largest slope at steps from this window's up to the first one's: the measure of a zero gradient."""
        top, largest = max(self.unit, window.step), window.slope
        for w in self.found:
            if window.step <= w.step <= top and w.slope > largest:
                largest = w.slope
        return largest

    def acceptable(self, window: Window) -> bool:
        """Whether f is smooth at this scale, and no kink or jump seen at another scale may hide in the errors.

        A jump that hides is noise; but not at large steps, where every staircase is a straight line.
        """
        if window.kink or window.jumps or self.blank(window) or (window.step > self.reach and not self.evident(window)):
            return False
        if any(w.kink and abs(w.jump) < 2 * window.jump_error for w in self.found):
            return False
        return window.step <= self.unit or not any(w.jumps and window.blind_to(w.gap) for w in self.found)

    def evident(self, window: Window) -> bool:
        """Whether a window of steps that are large beside all inputs shows something, and a finer one shows the same.

        A slope, or that there is none where f has slopes around. That f does not change says nothing: at 5, tanh(x²) is
        as good as 1 whatever the step, and yet it has a derivative.
        """
        shown = abs(window.value) > SHOWN * window.error or window.error <= FLAT * window.slope
        if window.constant or not shown:
            return False
        finer = self.look(window.step / LAST)
        return finer is not None and finer.agrees(window)

    def blank(self, window: Window) -> bool:
        """Whether it shows nothing: no change of f, at steps that are tiny beside the other inputs."""
        return window.constant and window.step < 1e-8 * self.size

    def contradicted(self, window: Window) -> bool:
        """Whether a finer window sees another derivative: which is the limit h -> 0, the finer one knows better."""
        finer = [w for w in self.found if w.step < window.step and not w.agrees(window)]
        return any(self.acceptable(w) for w in finer)

    def steps(self) -> Iterator[float]:
        """Steps to try: the likely ones first, then ever finer ones, then larger ones if rounding is what limits."""
        yield self.unit
        scale = self.windows.largest / abs(self.guess) if self.guess else math.inf
        # where f changes by its own size, if the guess is right
        likely = step_of(scale) if 0 < scale < math.inf else math.inf
        if likely < self.unit:
            yield likely
        yield from (step for step in self.finer(self.unit) if not self.hopeless(step, self.least()))
        if self.rounding_rules():
            if self.unit < likely < math.inf:
                yield from (step for step in (likely, likely / LAST, likely / LAST**2) if step > self.unit)
            k, top = 1, likely if likely < math.inf else self.unit * RATIO**30
            while self.unit * RATIO**k < top:
                yield self.unit * RATIO**k
                k += 1 if k < 3 else 3

    def rounding_rules(self) -> bool:
        """Whether a finer window is worse in proportion, as with rounding, and not less so, as at a singularity."""
        first, next_one = self.look(self.unit), self.unit / LAST
        if first is None or self.hopeless(next_one, first.error):
            return first is not None
        finer = self.look(next_one)
        return finer is not None and finer.error >= 24 * first.error

    def finer(self, step: float) -> Iterator[float]:
        """Steps below `step`, down to the last that rounding leaves."""
        last = max(min(step, self.unit) / self.depth, SMALLEST * LAST * RATIO)
        while (step := step / LAST) > 0.99 * last:
            yield step

    def hopeless(self, step: float, error: float) -> bool:
        """Whether rounding alone is worse than `error` in the window of this step."""
        return 2 * max(EPSILON * abs(self.windows.y), self.windows.rounding or 0.0) * LAST / step >= error

    def least(self) -> float:
        """The smallest error so far."""
        return min((w.error for w in self.found if self.acceptable(w)), default=math.inf)

    def best(self) -> Window | None:
        """The window of the smallest error; None if f is smooth in none of them."""
        growing, previous = 0, math.inf
        for step in self.steps():
            window = self.search(step)
            if self.precise(window):
                return window
            if window is None or not (window.constant or self.blank(window)):
                better = window is not None and not (window.kink or window.jumps) and window.error <= self.least()
                growing = growing + 1 if step > previous and not better else 0
            if growing == 2:  # on the way to larger steps: truncation rules there
                break
            previous = step
        return self.chosen()

    def stairs_below(self, window: Window) -> bool:
        """Whether f moves in stairs in a finer window, higher ones than the last digit of f explains."""
        high = self.windows.stair > 8 * EPSILON * abs(self.windows.y)
        return high and any(w.stairs and w.step < window.step and not self.blank(w) for w in self.found)

    def chosen(self) -> Window | None:
        """Among the windows seen so far the one of the smallest error that no finer one contradicts."""
        windows = [w for w in self.found if self.acceptable(w)]
        windows = [w for w in windows if not self.contradicted(w)]
        return min(windows, key=lambda w: w.error, default=None)

    def confirmed(self, window: Window, claimed: float) -> Window:
        """A second opinion: the window, or a finer one that sees another derivative.

        Args:
            window: What was found.
            claimed: The derivative that it contradicts. Finer windows are looked through as long as rounding leaves
                them a say in that.
        """
        if window.step > self.unit:
            # Far from x, f may round more than its values tell: what cancels there, as t a + (1 - t) b does, has been
            # rounded at the size of f(x).
            inside = min(4 * EPSILON * abs(self.windows.y / (self.windows.x or 1.0)), INSIDE * abs(window.value))
            window = window._replace(error=window.error + inside)
        for step in self.finer(window.step):
            if self.hopeless(step, abs(claimed - window.value)):
                break
            finer = self.search(step)
            if finer and self.acceptable(finer) and not finer.agrees(window):
                window = finer
            if abs(claimed - window.value) <= window.error:
                break
        return window
