"""Cases of the mathematical functions that a class offers, as methods or as free functions.

This file owns where each function is looked at; it must not know how the cases are run.
Read next: `sharing.py`, values that are used several times.
"""

from __future__ import annotations

from ..case import Case, ProgramCase
from ..sketch import Sketch, of, written

__all__ = ["functions"]

AROUND_0 = (-2.0, -0.3, 0.4, 1.5)
POSITIVE = (0.25, 0.7, 1.6, 4.0)
INSIDE_1 = (-0.8, -0.3, 0.2, 0.7)

# Functions of one number, and where they are looked at; the kinks are cases of their own, among the edges.
POINTS: dict[str, tuple[float, ...]] = {
    "exp": AROUND_0, "log": POSITIVE, "tanh": AROUND_0, "relu": AROUND_0, "sigmoid": AROUND_0,
    "sin": AROUND_0, "cos": AROUND_0, "tan": (-1.2, -0.3, 0.4, 1.3), "sqrt": POSITIVE, "square": AROUND_0,
    "abs": AROUND_0, "reciprocal": (-2.0, -0.3, 0.4, 1.5), "cbrt": (-2.0, -0.3, 0.4, 1.5),
    "exp2": AROUND_0, "expm1": AROUND_0, "log1p": (-0.5, 0.4, 1.5), "log2": POSITIVE, "log10": POSITIVE,
    "asin": INSIDE_1, "acos": INSIDE_1, "atan": AROUND_0, "sinh": AROUND_0, "cosh": AROUND_0, "asinh": AROUND_0,
    "acosh": (1.2, 1.5, 4.0), "atanh": INSIDE_1, "softplus": AROUND_0, "silu": AROUND_0, "softsign": AROUND_0,
    "log_sigmoid": AROUND_0, "erf": AROUND_0,
}  # fmt: skip
PAIRS = {"maximum": ((1.0, 2.5), (3.0, -1.0)), "minimum": ((1.0, 2.5), (3.0, -1.0)), "hypot": ((3.0, -4.0),),
         "atan2": ((1.0, 2.0), (1.0, -2.0))}  # fmt: skip
SEQUENCES = ("sum", "mean", "prod", "max", "min", "logsumexp")
OF_THE_COURSE = ("exp", "log", "tanh", "relu")  # sigmoid is 1 / (1 + exp(-x)): a case of its own shows that it can be


def functions() -> tuple[Case, ...]:
    """The cases of the functions. Each result is multiplied once more, so that what arrives is not 1."""
    cases: list[Case] = []
    for name, points in POINTS.items():
        programs = tuple(written(name, lambda a, w, f=name: of(f, a) * w, x, -3.0) for x in points)
        title = f"{name} has the right value and the right derivative."
        needed = "complete" if name in OF_THE_COURSE else ""
        cases.append(ProgramCase(f"functions/{name}", "lesson", title, programs, needed=needed))
    for name, pairs in PAIRS.items():
        programs = tuple(written(name, lambda a, b, w, f=name: of(f, a, b) * w, *p, -3.0) for p in pairs)
        title = f"{name} of two values has the right value, and both get their gradients."
        cases.append(ProgramCase(f"functions/{name}", "lesson", title, programs))
    for name in SEQUENCES:
        programs = (written(name, lambda a, b, c, w, f=name: of(f, a, b, c) * w, 2.0, -1.0, 3.5, -3.0),)
        title = f"{name} of a list has the right value, and each of its values gets its gradient."
        cases.append(ProgramCase(f"functions/{name}", "lesson", title, programs))
    title = "The logistic function can be put together: 1 / (1 + exp(-x))."
    programs = tuple(written("logistic", logistic, x) for x in AROUND_0)
    return (*cases, ProgramCase("functions/sigmoid by hand", "complete", title, programs, needed="complete"))


def logistic(x: Sketch) -> Sketch:
    """1 / (1 + exp(-x)), written as a student would."""
    return 1.0 / (1.0 + of("exp", -x))
