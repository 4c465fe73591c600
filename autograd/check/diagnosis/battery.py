"""The programs that a diagnosis needs: each op by itself, sharing, order, several passes, depth.

This file owns these programs; it must not know which mistakes they tell apart.
Read next: `search.py`, which does.

Points are plain numbers at which different mistakes give different results: 2 + 2 = 2 * 2 would hide some.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..programs import Operand, Program, Step

__all__ = ["BATTERY", "DEEP", "GRAPHS", "OF_OP", "PASSES", "PATHS", "SHARED", "STALE", "Question"]

UNARY: Mapping[str, tuple[float, ...]] = {  # two points each, away from kinks and from 0 and 1
    "neg": (2.0, -3.0), "exp": (0.5, -1.5), "log": (2.0, 0.3), "tanh": (0.5, -1.2), "relu": (2.0, 3.0, -2.0),
    "sigmoid": (0.5, -1.2), "sin": (0.5, 2.5), "cos": (0.5, 2.5), "sqrt": (4.0, 0.7), "abs": (2.0, -3.0),
    "square": (3.0, -0.7), "reciprocal": (2.0, -0.7), "exp2": (1.5, -0.7), "expm1": (0.5, -1.5), "log1p": (2.0, 0.3),
    "log2": (3.0, 0.3), "log10": (2.0, 0.3), "tan": (0.5, -1.2), "sinh": (0.5, -1.5), "cosh": (0.5, -1.5),
    "asin": (0.5, -0.7), "acos": (0.5, -0.7), "atan": (0.5, -3.0), "asinh": (0.5, -3.0), "acosh": (1.5, 3.0),
    "atanh": (0.5, -0.7), "cbrt": (2.0, 0.3), "erf": (0.5, -0.7), "softplus": (0.5, -1.5), "silu": (0.5, -1.5),
}  # fmt: skip
BINARY: Mapping[str, tuple[tuple[float, float], ...]] = {
    "add": ((2.0, 3.0), (0.7, -1.5)), "mul": ((2.0, 3.0), (0.7, -1.5)), "sub": ((2.0, 5.0), (0.7, -1.5)),
    "div": ((2.0, 5.0), (0.7, -1.5)), "pow": ((2.0, 3.0), (0.7, -1.5)),
    "maximum": ((2.0, 3.0), (0.7, -1.5)), "minimum": ((2.0, 3.0), (0.7, -1.5)),
}  # fmt: skip
CONSTANTS = ("add", "sub", "mul", "div", "pow")  # the operators that take numbers on either side
VARIADIC: Mapping[str, tuple[float, ...]] = {"sum": (2.0, 3.0, -0.7), "max": (2.0, 3.0, -0.7), "min": (2.0, 3.0, -0.7)}
FACTORS = 4.0, -3.0, -2.5  # what results are multiplied by, so that another gradient than 1 arrives


@dataclass(frozen=True, slots=True)
class Question:
    """A program about one operation.

    Attributes:
        op: The operation.
        pattern: Which of its operands are numbers of the graph: "v", "vv", "vc", "cv", "n".
        kind: "alone", "times" (another gradient than 1 arrives), "shared", "twice" (both operands the same).
    """

    op: str
    pattern: str
    kind: str


def _of_op() -> Iterator[tuple[Question, Program]]:
    for op, points in UNARY.items():
        yield from _asked(op, "v", (0,), [(x,) for x in points])
    for op, pairs in BINARY.items():
        yield from _asked(op, "vv", (0, 1), pairs)
        if op in CONSTANTS:
            c = 3.0 if op == "pow" else 5.0
            yield from _asked(op, "vc", (0, c), [(2.0,), (0.7,)])
            if op == "pow":  # the constants by which other operations are composed
                yield from _asked(op, "vc", (0, -1.0), [(2.0,), (0.7,)], "inverse-")
            yield from _asked(op, "cv", (c, 0), [(2.0,), (0.7,)])
            x = 3.0 if op != "pow" else 2.5
            steps = (Step(op, (0, 0)), Step("mul", (2, 1)))
            yield Question(op, "vv", "twice"), Program(f"{op}-twice", (x,), (Step(op, (0, 0)),))
            yield Question(op, "vv", "twice"), Program(f"{op}-twice-times", (x, FACTORS[1]), steps)
    for op, points in VARIADIC.items():
        yield from _asked(op, "n", (0, 1, 2), [points])
    twice = Program("sum-twice", (2.0, 3.0), (Step("sum", (0, 0, 1)),))
    yield Question("sum", "n", "twice"), twice


def _asked(
    op: str, pattern: str, operands: tuple[Operand, ...], points: Sequence[tuple[float, ...]], prefix: str = "",
) -> Iterator[tuple[Question, Program]]:  # fmt: skip
    name = f"{op}-{prefix}{pattern}"
    n = len(points[0])
    yield Question(op, pattern, "alone"), Program(f"{name}-alone", points[0], (Step(op, operands),))
    for k, point in enumerate((*points, points[-1])):
        steps = (Step(op, operands), Step("mul", (n + 1, n)))
        yield (
            Question(op, pattern, "times"),
            Program(f"{name}-times{k + 1}", (*point, FACTORS[k % 3]), steps),
        )
    sums = [Step("add", (n, 0)), *[Step("add", (n + i, i)) for i in range(1, n)]]
    yield Question(op, pattern, "shared"), Program(f"{name}-shared", points[0], (Step(op, operands), *sums))


def _programs(prefix: str, *rows: tuple[tuple[float, ...], str]) -> tuple[Program, ...]:
    """Programs in short: `"*01 +20"` is number 2 = number 0 * number 1, number 3 = number 2 + number 0."""
    ops = {"+": "add", "*": "mul"}
    found = []
    for k, (inputs, text) in enumerate(rows, 1):
        steps = tuple(Step(ops[word[0]], (int(word[1]), int(word[2]))) for word in text.split())
        found.append(Program(f"{prefix}-{k}", inputs, steps))
    return tuple(found)


SHARED = (
    Program("leaf", (2.5,), (), (("backward", 0),)),
    *_programs(
        "chain",
        ((2.0, 3.0, 5.0), "*01 *32"),
        ((2.0, 3.0, -4.0), "*01 +32 *40"),
        ((2.0, 3.0, 5.0, -1.5), "*01 +42 *53"),
        ((2.0, 3.0, 5.0, -1.5), "+01 *23 *45"),
        ((2.0, 3.0), "*01 *21 *31 *41"),
    ),
    *_programs(
        "shared",
        ((2.0, 3.0), "*01 +20"),
        ((2.0, 3.0), "*01 +02"),
        ((2.0, 3.0), "*01 *22"),
        ((2.0, 3.0), "+01 *22 +33"),
        ((2.0, 3.0), "*01 +01 *23"),
        ((2.0, 3.0), "*01 *20 +23"),
        ((2.0, 3.0), "*01 *20 +32"),
        ((2.0, 3.0), "*01 +20 *32 *43"),
    ),
    *_programs(
        "order",  # a number that is needed early and late: `d = c * b` and `c + d`, either way round
        ((2.0, 3.0, 5.0), "*01 *32 +34"),
        ((2.0, 3.0, 5.0), "*01 *32 +43"),
        ((2.0, 3.0, 5.0), "*01 *32 *41 +35"),
        ((2.0, 3.0, 5.0), "*01 *32 *41 +53"),
        ((2.0, 3.0, 5.0), "+01 *32 *34 *53"),
        ((2.0, 3.0, 5.0), "+01 *32 *43 *35"),
        ((2.0, 3.0), "+01 *20 *21 *34 *52"),
        ((2.0, 3.0), "*01 +20 +31 *42 *53 +62"),
        ((2.0, -3.0, 0.5), "*01 *12 +34 *53 *46 +75"),
    ),
    *_programs(
        "equal",  # different numbers of the same size: d = a * b = 6 = c, and 2 = 2
        ((2.0, 2.0), "*01"),
        ((2.0, 2.0, 3.0), "*02 *13 "),
        ((2.0, 3.0, 6.0), "*01 *32"),
        ((2.0, 3.0, 5.0), "+01 *30 *42"),
        ((2.0, 3.0, 5.0), "+01 +32 *43"),
        ((2.0, 2.0, 3.0), "*02 *12 *34"),
        ((2.0, 2.0, 3.0), "*02 *12 +34"),
    ),
)

TWO_STEPS = (Step("mul", (0, 1)), Step("add", (2, 0)))
THREE_STEPS = (Step("mul", (0, 1)), Step("add", (2, 0)), Step("mul", (3, 2)))

PASSES = (
    Program("passes-1", (2.0, 3.0), TWO_STEPS[:1], (("backward", 2), ("backward", 2))),
    Program("passes-2", (2.0, 3.0), TWO_STEPS, (("backward", 3), ("backward", 3))),
    Program("passes-3", (2.0, 3.0), THREE_STEPS, (("backward", 4), ("backward", 4))),
    Program("passes-4", (2.0, 3.0), THREE_STEPS, (("backward", 4), ("zero",), ("backward", 4))),
    Program("passes-5", (2.0, 3.0), THREE_STEPS, (("backward", 4), ("backward", 4), ("backward", 4))),
    Program("passes-6", (2.0, 3.0), TWO_STEPS, (("backward", 2), ("backward", 3))),
    Program("passes-7", (2.0, 3.0), THREE_STEPS, (("backward", 3), ("zero",), ("backward", 4))),
)
GRAPHS = (  # two results of the same inputs, computed before either is differentiated
    Program("graphs-1", (2.0, 3.0), (Step("mul", (0, 1)), Step("add", (0, 1))), (("backward", 2),)),
    Program("graphs-2", (2.0, 3.0), (Step("add", (0, 1)), Step("mul", (0, 1))), (("backward", 2), ("backward", 3))),
    Program("graphs-3", (2.0, 3.0), (Step("mul", (0, 1)), Step("add", (0, 1))),
            (("backward", 2), ("zero",), ("backward", 3))),
    Program("graphs-4", (2.0, 3.0), (Step("mul", (0, 1)), Step("mul", (2, 0)), Step("mul", (2, 1))),
            (("backward", 3), ("zero",), ("backward", 4))),
)  # fmt: skip


def _stale() -> Iterator[tuple[str, Program]]:
    """The data of the operands is changed between the result and the backward pass."""
    for op, (points, *_) in [*[(op, ((x[0],), ())) for op, x in UNARY.items()], *BINARY.items()]:
        n = len(points)
        changes = [("set", i, 1.5 * x + 0.25) if op not in ("asin", "acos", "atanh") else ("set", i, 0.25)
                   for i, x in enumerate(points)]  # fmt: skip
        step = Step(op, tuple(range(n)))
        yield op, Program(f"stale-{op}", points, (step,), (*changes, ("backward", n)))
    yield "pow", Program("stale-pow-vc", (2.0,), (Step("pow", (0, 3.0)),), (("set", 0, 3.5), ("backward", 1)))


STALE: tuple[tuple[str, Program], ...] = tuple(_stale())


def _deep(length: int) -> Program:
    return Program(f"deep-{length}", (0.5, 1.0), tuple(Step("add", (i, 0)) for i in range(1, length + 1)))


DEEP = tuple(_deep(length) for length in (500, 1_000, 5_000))
PATHS = Program("paths-60", (1.0,), tuple(Step("add", (i, i)) for i in range(60)))

OF_OP: tuple[tuple[Question, Program], ...] = tuple(_of_op())
BATTERY: tuple[Program, ...] = (*SHARED, *[p for _, p in OF_OP], *PASSES, *GRAPHS, *[p for _, p in STALE], *DEEP, PATHS)
