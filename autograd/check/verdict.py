"""The verdict on one partial derivative: correct, wrong, or cannot tell, with the reason.

This file owns the comparison of a claimed derivative with finite differences; it must know nothing of Values.
Read next: `control.py`, which makes sure that mistakes are rejected, and `result.py`, which shows verdicts.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from .control import controlled
from .judgement import CANNOT_TELL, CORRECT, WRONG, Judgement
from .numeric import FLAT, LAST, Differences
from .windows import Window, Windows

__all__ = ["CANNOT_TELL", "CORRECT", "WRONG", "Judgement", "judge", "total_error", "within"]

# The rounding of the claimed derivative itself: the table's rules are held to 1e-12 (see the tests of the table).
CLAIM_ROUNDING = 4e-12
# "correct" is said only if an error of a thousandth would have been seen; mostly one of 1e-10 would.
RESOLVED = 1e-3
# The part of its changes around that a function may show between neighbouring floats and still be called smooth.
ROUGH = 1e-3


def judge(
    f: Callable[[float], float | None], x: float, y: float, claimed: float, size: float = 0.0, negligible: float = 0.0,
    unit: float | None = None, rounding: float = 0.0, noise: float | None = None,
) -> Judgement:  # fmt: skip
    """Compare a claimed derivative of f at x with finite differences, and this comparison with itself.

    Args:
        f: The function; None where it is undefined.
        x: The point, a finite number.
        y: f(x).
        claimed: The derivative to be checked.
        size: The size of the other inputs, with which x may be compared.
        negligible: Up to this, a derivative is as good as zero beside the other ones.
        unit: The first step to try; None if it follows from the size of x.
        rounding: The rounding of the claimed derivative, beyond a part of its own size: that of terms which cancel.
        noise: How far f(x) may be off by what is rounded within f, besides its last digit; None if nobody knows.

    Example:
        >>> import math
        >>> from autograd.check.verdict import judge
        >>> judge(math.sin, 1.0, math.sin(1.0), math.cos(1.0)).verdict
        'correct'
        >>> judge(math.sin, 1.0, math.sin(1.0), math.cos(1.0) * (1 + 1e-6)).verdict
        'wrong'
        >>> judge(abs, 0.0, 0.0, 1.0).reason
        'kink: the slope is -1 from the left and 1 from the right; the gradient 1 is that from the right'
    """
    if not math.isfinite(x):
        return Judgement(math.nan, math.inf, CANNOT_TELL, f"the input is {x}: there is no point nearby to compare with")
    if not math.isfinite(y):
        return Judgement(math.nan, math.inf, CANNOT_TELL, f"the value of the function is {y} here")
    windows, note = Windows(f, x, y, noise), ""
    differences = Differences(windows, claimed, size, negligible, 0, unit)
    window = differences.best()
    if window is None or not resolved(window, as_zero(claimed, differences), differences):
        side = defined_side(differences)
        if side:
            differences = Differences(windows, claimed, size, negligible, side, unit)
            window = differences.best()
            note = f"one-sided: the function is undefined for {'smaller' if side > 0 else 'larger'} values"
    if window is None:
        return Judgement(math.nan, math.inf, CANNOT_TELL, evidence(differences, claimed) or nowhere(differences))
    judgement = compare(differences, window, claimed, rounding, note)
    if judgement.verdict == CANNOT_TELL:
        half = one_sided_slope(differences, unit)
        return judgement._replace(reason=half) if half else judgement
    if judgement.verdict == WRONG:
        return judgement
    limit = worth_rejecting(differences, window, judgement)
    return controlled(judgement, claimed, limit, lambda planted: compare(differences, window, planted, rounding))


def compare(
    differences: Differences, window: Window, claimed: float, rounding: float = 0.0, note: str = ""
) -> Judgement:
    """The verdict on a claimed derivative by the best window; `note` is a reason to give where there is no other."""
    if not math.isfinite(claimed) and not resolved(window, 0.0, differences):
        return Judgement(window.value, window.error, CANNOT_TELL, f"the gradient is {claimed}; the differences diverge")
    if not within(window, claimed, rounding):
        window = differences.confirmed(window, claimed)
    error = total_error(window, rounding)
    if not within(window, claimed, rounding):
        if doubt := doubts(differences, window, claimed):
            return Judgement(window.value, math.inf, CANNOT_TELL, doubt)
        if not math.isfinite(claimed):
            note = f"the gradient is {claimed} where the derivative exists"
        return Judgement(window.value, error, WRONG, note, error)
    if resolved(window, claimed, differences):
        return Judgement(window.value, error, CORRECT, note)
    if resolved(window, as_zero(claimed, differences), differences):
        return Judgement(window.value, error, CORRECT, "zero beside its rounding and the other gradients")
    reason = evidence(differences, claimed) or unresolved(window, claimed)
    return Judgement(window.value, error, CANNOT_TELL, reason)


def worth_rejecting(differences: Differences, window: Window, judgement: Judgement) -> float:
    """The mistake that a comparison must be able to reject if its "correct" is to mean something."""
    limit = max(RESOLVED * abs(judgement.numeric), FLAT * differences.slopes_around(window))
    if window.stairs and differences.windows.stair < math.inf:  # what a staircase hides, as that of floor, is known
        limit = max(limit, 8 * differences.windows.stair / window.step)
    return limit


def doubts(differences: Differences, window: Window, claimed: float) -> str:
    """Why a claimed derivative that differs from the numeric one is not called wrong; "" if there is no reason."""
    windows = differences.windows
    # Steps of less than a stair refute no slope; neither do the stairs around refute that each of them is flat.
    hidden = window.stairs and abs(claimed - window.value) * window.step <= 2 * windows.stair < math.inf
    if (windows.rounding is None and hidden) or (claimed == 0 and differences.stairs_below(window)):
        return f"stairs: the function does not move by less than {windows.stair:.1e}"
    if windows.rounding is None and abs(claimed - window.value) * window.step / LAST <= 8 * windows.grain():
        return f"stairs: the values of the function are multiples of {windows.grain():.1e}"
    # The points of a window that fits so well have shown themselves that f is smooth.
    smooth = window.error <= FLAT * differences.slopes_around(window) or differences.flat(window)
    if not smooth and windows.roughness() > ROUGH:
        return "the function varies between neighbouring floats"
    # An error that neither is small nor grows like rounding at smaller steps comes from a singularity.
    if not resolved(window, window.value, differences) and not differences.rounding_rules():
        return unresolved(window, claimed)
    return ""


def as_zero(claimed: float, differences: Differences) -> float:
    """The claimed derivative, or 0 if it is negligible beside the other ones."""
    return 0.0 if abs(claimed) <= differences.negligible else claimed


def total_error(window: Window, rounding: float = 0.0) -> float:
    """The error of the numeric derivative, and the rounding that the claimed one may have."""
    return window.error + CLAIM_ROUNDING * abs(window.value) + rounding


def within(window: Window, claimed: float, rounding: float = 0.0) -> bool:
    """Whether the claimed derivative is the numeric one up to errors; never for nan and inf."""
    return abs(window.value - claimed) <= total_error(window, rounding)


def resolved(window: Window, claimed: float, differences: Differences) -> bool:
    """Whether the error is small enough for a verdict "correct" to mean something."""
    size = max(abs(window.value), abs(claimed) if math.isfinite(claimed) else 0.0)
    return (
        window.error <= RESOLVED * size
        or window.error <= FLAT * differences.slopes_around(window)
        or (claimed == 0 and differences.flat(window))
    )  # fmt: skip


def defined_side(differences: Differences) -> int:
    """-1 or 1 if the function is defined on that side of x only, as far as was seen; else 0."""
    windows, step = differences.windows, differences.unit / differences.depth
    left, right = windows.at(windows.x - step), windows.at(windows.x + step)
    return 0 if (left is None) == (right is None) else -1 if right is None else 1


def one_sided_slope(around: Differences, unit: float | None) -> str:
    """That there is a derivative from one side, and none from the other, where the slopes grow without end; or ""."""
    windows, found = around.windows, {}
    for side in (-1, 1):
        differences = Differences(windows, around.guess, around.size, around.negligible, side, unit)
        window = differences.best()
        if window is not None and resolved(window, window.value, differences):
            found[side] = window.value
    if len(found) != 1:
        return ""
    ((side, value),) = found.items()
    steps = [windows.samples(around.unit / LAST**k, -side, 1) or [] for k in range(3)]
    grown = [abs(y - windows.y) / abs(h) for samples in steps for h, y in samples]
    if len(grown) < 3 or not 2 * grown[0] < grown[1] < grown[2] / 2:
        return ""
    names = {-1: "left", 1: "right"}
    return (
        f"the slope is {value:.6g} from the {names[side]}; from the {names[-side]} there is none: it grows without end"
    )


def evidence(differences: Differences, claimed: float) -> str:
    """The jump or the kink that was seen, by the finest window that shows it; "" if none was."""
    windows = [w for w in differences.found if w.step <= differences.unit and (w.kink or w.jumps)]
    if not windows:
        return ""
    finest = min(windows, key=lambda w: w.step)
    return f"the function jumps here, by {finest.gap:.6g}" if finest.jumps else f"kink: {slopes(finest, claimed)}"


def nowhere(differences: Differences) -> str:
    """Why there is no window at all to look through."""
    if differences.found:
        return "the function does not change, at steps that are tiny beside the other inputs"
    return "the function is undefined or not finite on both sides"


def slopes(window: Window, claimed: float) -> str:
    """The one-sided derivatives at a kink, and which of them the gradient is."""
    left, right = window.left, window.right
    near = max(abs(right - left) * 1e-3, window.jump_error)
    if abs(claimed - left) <= near:
        convention = "that from the left"
    elif abs(claimed - right) <= near:
        convention = "that from the right"
    elif abs(claimed - (left + right) / 2) <= near:
        convention = "their mean"
    else:
        convention = "between them" if min(left, right) < claimed < max(left, right) else "outside of them"
    sides = f"the slope is {left:.6g} from the left and {right:.6g} from the right"
    return f"{sides}; the gradient {claimed:.6g} is {convention}"


def unresolved(window: Window, claimed: float) -> str:
    """Why a derivative that agrees is not called correct."""
    if 0 < abs(claimed) <= window.error:
        return f"the gradient is smaller than the error of the differences, {window.error:.1e}"
    return f"differences see no better than {window.error:.1e} here: rounding, noise, or a singularity close by"
